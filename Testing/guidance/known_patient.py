"""A patient whose place under the tracker is known: an ellipsoid head, its fiducials, what a pointer finds of it."""

import numpy as np

from DLPFCSegmenterLib.geometry.poses import pose_from_axes, rotation_from_euler
from DLPFCSegmenterLib.geometry.spaces import transform_points
from DLPFCSegmenterLib.guidance.registration import Touched
from targeting.known_heads import CENTRE_RAS_MM, RADII_MM

MRI_FROM_REFERENCE = pose_from_axes(*rotation_from_euler((40.0, -70.0, 160.0)).T, (100.0, -300.0, 900.0))
REFERENCE_FROM_MRI = np.linalg.inv(MRI_FROM_REFERENCE)
"""4x4, mm: where the head lies in its MRI, seen from the tool on it, and back."""


def on_skin(direction) -> np.ndarray:
    """The point of the skin, RAS mm, that a direction on the unit sphere is stretched to."""
    return CENTRE_RAS_MM + RADII_MM * np.array(direction) / np.linalg.norm(direction)


FOUR = {
    "nasion": on_skin((0.0, 0.93, -0.38)),
    "inion": on_skin((0.0, -0.95, -0.32)),
    "left_tragus": on_skin((-0.86, -0.1, -0.5)),
    "right_tragus": on_skin((0.86, -0.1, -0.5)),
}
FLAT = {
    "nasion": on_skin((0.0, 0.93, -0.38)),
    "inion": on_skin((0.0, -0.93, -0.38)),
    "left_tragus": on_skin((-0.92, -0.15, -0.38)),
    "right_tragus": on_skin((0.92, -0.15, -0.38)),
}
"""Four in one plane, which fit upside down as well."""
WITH_VERTEX = FOUR | {"vertex": on_skin((0.0, 0.0, 1.0))}


def swept_over(radii_mm=RADII_MM, count: int = 150, seed: int = 1) -> np.ndarray:
    """Points all over the upper head, RAS mm."""
    unit = np.random.default_rng(seed).normal(size=(6 * count, 3))
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    return CENTRE_RAS_MM + radii_mm * unit[unit[:, 2] > 0.1][:count]


def touched(places, swept=None, noise_mm: float = 0.0, seed: int = 0) -> Touched:
    """What the pointer finds at places of the scan, `noise_mm` off in each direction, half of that when it sweeps."""
    noise = np.random.default_rng(seed)
    found = {name: transform_points(REFERENCE_FROM_MRI, place) for name, place in places.items()}
    found = {name: place + noise.normal(0.0, noise_mm, 3) for name, place in found.items()}
    points = np.zeros((0, 3)) if swept is None else transform_points(REFERENCE_FROM_MRI, swept)
    return Touched(found, points + noise.normal(0.0, noise_mm / 2.0, points.shape))
