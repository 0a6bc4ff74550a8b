"""Fiducials on an ellipsoid head, its sections computed without a mesh, and heads in other poses."""

import numpy as np
from hypothesis import strategies as st
from known_heads import CENTRE_RAS_MM, RADII_MM

from DLPFCSegmenterLib.geometry.spaces import transform_points
from DLPFCSegmenterLib.targeting.fiducials import Fiducials
from DLPFCSegmenterLib.targeting.mesh import moved
from DLPFCSegmenterLib.targeting.scalp import Scalp

DIRECTIONS = {
    "nasion": (0.0, 0.93, -0.38),
    "inion": (0.0, -0.95, -0.32),
    "left_tragus": (-0.86, -0.1, -0.5),
    "right_tragus": (0.86, -0.1, -0.5),
}
"""Where a straight head has them, as directions on the unit sphere before it is stretched."""

COLIN27_MM = {
    "nasion": (0.0, 86.8, -40.0),
    "inion": (0.0, -118.6, -23.1),
    "left_tragus": (-86.1, -20.0, -48.0),
    "right_tragus": (85.8, -20.0, -48.0),
}
"""Colin27's fiducials, RAS mm, in Oostenveld's 10-20 electrode file for this head (standard_1020, FieldTrip)."""


def on_ellipsoid(direction, radii_mm=RADII_MM) -> np.ndarray:
    """The ellipsoid's point, RAS mm, that a direction on the unit sphere is stretched to."""
    unit = np.asarray(direction, float)
    return CENTRE_RAS_MM + radii_mm * unit / np.linalg.norm(unit)


def points_on_ellipsoid(radii_mm=RADII_MM, **directions) -> dict[str, np.ndarray]:
    """The four fiducials by name; a direction may be given instead of the usual one."""
    return {name: on_ellipsoid(unit, radii_mm) for name, unit in (DIRECTIONS | directions).items()}


def given(points: dict[str, np.ndarray], ras_from_ras: np.ndarray | None = None) -> Fiducials:
    """The four as a person gives them, in another pose if a 4x4 is given."""
    if ras_from_ras is not None:
        points = {name: transform_points(ras_from_ras, point) for name, point in points.items()}
    return Fiducials(**{f"{name}_ras_mm": point for name, point in points.items()})


def section(start: np.ndarray, over: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The ellipsoid's own arc from one point over a second to a third, 20 001 points."""
    a, b, c = ((point - CENTRE_RAS_MM) / RADII_MM for point in (start, over, end))
    normal = np.cross(b - a, c - b)
    middle = (a @ normal) / (normal @ normal) * normal
    first = a - middle
    second = np.cross(normal / np.linalg.norm(normal), first)
    end_angle = np.arctan2((c - middle) @ second, (c - middle) @ first) % (2.0 * np.pi)
    angles = np.linspace(0.0, end_angle or 2.0 * np.pi, 20_001)[:, None]
    return CENTRE_RAS_MM + RADII_MM * (middle + np.cos(angles) * first + np.sin(angles) * second)


def length_mm(points: np.ndarray) -> float:
    """Length of a curve of points."""
    return float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum())


def at_share(points: np.ndarray, share: float) -> np.ndarray:
    """The point at a share of the length of a finely sampled curve."""
    arc = np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))
    return points[1 + np.searchsorted(arc, share * arc[-1])]


def exact_vertex(points: dict[str, np.ndarray]) -> np.ndarray:
    """Cz of the ellipsoid: halves the arcs of both pairs of fiducials."""
    vertex = on_ellipsoid((0, 0, 1))
    for _ in range(8):
        vertex = at_share(section(points["nasion"], vertex, points["inion"]), 0.5)
        vertex = at_share(section(points["left_tragus"], vertex, points["right_tragus"]), 0.5)
    return vertex


def posed(scalp: Scalp, ras_from_ras: np.ndarray) -> Scalp:
    """The same head, turned and moved by a rigid 4x4, with its axes."""
    return Scalp(moved(scalp.surface, ras_from_ras), scalp.source).with_head_axes(ras_from_ras[:3, :3].T)


def turn(around: str, degrees: float) -> np.ndarray:
    """Rotation by an angle about the axis 'x', 'y' or 'z', 3x3."""
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    one, other = [axis for axis in range(3) if axis != "xyz".index(around)]
    matrix = np.eye(3)
    matrix[[one, other], [one, other]] = cosine
    matrix[one, other], matrix[other, one] = -sine, sine
    return matrix


@st.composite
def poses(draw) -> np.ndarray:
    """Rigid 4x4 as heads lie in scanners: turned by up to 40 degrees about each axis, and moved."""
    matrix = np.eye(4)
    for axis in "xyz":
        matrix[:3, :3] = turn(axis, draw(st.floats(-40, 40))) @ matrix[:3, :3]
    matrix[:3, 3] = [draw(st.floats(-150, 150)) for _ in range(3)]
    return matrix


def near(direction, reach: float = 0.08) -> st.SearchStrategy:
    """Directions not far from one, as people's fiducials differ."""
    shift = st.floats(-reach, reach)
    return st.tuples(shift, shift, shift).map(lambda offset: tuple(np.add(direction, offset)))
