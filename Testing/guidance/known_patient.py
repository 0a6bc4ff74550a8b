"""A patient whose place under the tracker is known: an ellipsoid head, its fiducials, what a pointer finds of it."""

from pathlib import Path

import nibabel
import numpy as np

from DLPFCSegmenterLib.export.formats.markups_json import write_markups_json
from DLPFCSegmenterLib.export.formats.masks import write_mask_nifti
from DLPFCSegmenterLib.export.result_json import write_result_json
from DLPFCSegmenterLib.export.targets import planned_targets
from DLPFCSegmenterLib.geometry.poses import pose_from_axes, rotation_from_euler
from DLPFCSegmenterLib.geometry.spaces import transform_points
from DLPFCSegmenterLib.guidance.registration import Touched
from DLPFCSegmenterLib.plan import HemispherePlan, ModelInfo, Plan, PlanOptions
from DLPFCSegmenterLib.scan.readers import read_volume
from DLPFCSegmenterLib.segmentation.region import Region
from DLPFCSegmenterLib.targeting.coil import coil_pose, scalp_entry
from DLPFCSegmenterLib.targeting.mesh import points_of
from DLPFCSegmenterLib.targeting.point import Method, Point, Role
from DLPFCSegmenterLib.targeting.scalp import extract_scalp
from DLPFCSegmenterLib.targeting.target import find_target
from targeting.known_heads import CENTRE_RAS_MM, RADII_MM, ellipsoid_scan

MRI_FROM_REFERENCE = pose_from_axes(*rotation_from_euler((40.0, -70.0, 160.0)).T, (100.0, -300.0, 900.0))
REFERENCE_FROM_MRI = np.linalg.inv(MRI_FROM_REFERENCE)
"""4x4, mm: where the head lies in its MRI, seen from the tool on it, and back."""

TARGET_RAS_MM = CENTRE_RAS_MM + (-40.0, 45.0, 45.0)


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


def swept_on(scalp, count: int = 150, seed: int = 1) -> np.ndarray:
    """Points all over the upper part of a scalp as the scan shows it, RAS mm."""
    points = points_of(scalp.skin)
    upper = points[points[:, 2] > CENTRE_RAS_MM[2] + 10.0]
    return upper[np.random.default_rng(seed).integers(0, len(upper), count)]


def touched(places, swept=None, noise_mm: float = 0.0, seed: int = 0) -> Touched:
    """What the pointer finds at places of the scan, `noise_mm` off in each direction, half of that when it sweeps."""
    noise = np.random.default_rng(seed)
    found = {name: transform_points(REFERENCE_FROM_MRI, place) for name, place in places.items()}
    found = {name: place + noise.normal(0.0, noise_mm, 3) for name, place in found.items()}
    points = np.zeros((0, 3)) if swept is None else transform_points(REFERENCE_FROM_MRI, swept)
    return Touched(found, points + noise.normal(0.0, noise_mm / 2.0, points.shape))


def save_plan(folder: Path) -> Plan:
    """A result folder, without its pictures, of the ellipsoid head, whose scan lies beside it; the plan in it."""
    made = ellipsoid_scan(spacing_mm=3.0)
    image = nibabel.Nifti1Image(made.array_kji.transpose(), made.ijk_to_ras)
    image.set_qform(made.ijk_to_ras, 1)
    image.set_sform(made.ijk_to_ras, 1)
    nibabel.save(image, folder.with_suffix(".nii.gz"))
    scan = read_volume(folder.with_suffix(".nii.gz"))
    target, scalp = TARGET_RAS_MM, extract_scalp(scan)
    indices = np.indices(scan.array_kji.shape)[::-1].transpose(1, 2, 3, 0)
    mask = np.linalg.norm(transform_points(scan.ijk_to_ras, indices) - target, axis=-1) < 9.0
    region = Region(scan, "left", mask, mask.astype(np.float32), 0.9, ())
    entry = scalp_entry(scalp, target)
    side = HemispherePlan(
        region, find_target(scan, mask, "left"), entry=entry, coil_pose_ras_mm=coil_pose(scalp, entry, "left", 45, 4)
    )
    fiducials = tuple(
        Point(key, "", Role.FIDUCIAL, at, Method.ON_SCALP, numbers={"moved_mm": 0.0}) for key, at in FOUR.items()
    )
    plan = Plan(
        scan, ModelInfo("hand-made", "0" * 64, "a ball"), PlanOptions(), {"left": side}, {}, {},
        scalp=scalp, fiducials=fiducials, fingerprint=scan.fingerprint,
    )  # fmt: skip
    folder.mkdir()
    write_mask_nifti(region, folder / "dlpfc_left.nii.gz")
    write_markups_json(planned_targets(plan), folder / "targets.mrk.json", scan)
    write_result_json(plan, folder, folder / "result.json")
    return plan
