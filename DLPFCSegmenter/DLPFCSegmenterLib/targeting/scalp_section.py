"""Curves in which a plane cuts the skin, and walks along them as a tape measure lies on the head."""

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy

from ..errors import NoScalpError
from . import vtk_geometry as vtk
from .scalp import Scalp

_SAME_MM = 0.02
"""Points nearer than this are one: a plane near the mesh's own vertices cuts many edges in one place."""

_LOOK_AHEAD_MM = 20.0
"""A tape is pulled tight over the skin up to this far beyond its end."""

_BREAK_MM = 2.0
"""A walk that passes its end by more than this was cut off by the border of the scan."""


def curve_through(scalp: Scalp, point_ras_mm: np.ndarray, normal_ras: np.ndarray) -> np.ndarray:
    """The cut of the skin with a plane, the curve that passes through (or nearest to) a point.

    Returns points in order, RAS mm, shape (N, 3), the first equal to the last if the curve is closed.
    Raises NoScalpError if the plane does not meet the skin.
    """
    return _curve(scalp, scalp.skin, point_ras_mm, normal_ras)


def _closed_curve_through(scalp: Scalp, point_ras_mm: np.ndarray, normal_ras: np.ndarray) -> np.ndarray:
    """The same on the closed surface, which runs over cut faces too."""
    return _curve(scalp, scalp.surface, point_ras_mm, normal_ras)


def _curve(scalp: Scalp, surface: vtk.vtkPolyData, point_ras_mm: np.ndarray, normal_ras: np.ndarray) -> np.ndarray:
    curves = _cut(surface, point_ras_mm, normal_ras)
    if not curves:
        raise NoScalpError(
            "{source}: no scalp lies in the plane through the point; check where it is.", source=scalp.source
        )
    return min(curves, key=lambda curve: np.linalg.norm(curve - point_ras_mm, axis=1).min())


def _cut(surface: vtk.vtkPolyData, point_ras_mm: np.ndarray, normal_ras: np.ndarray) -> list[np.ndarray]:
    plane = vtk.vtkPlane()
    plane.SetOrigin(*map(float, point_ras_mm))
    plane.SetNormal(*map(float, normal_ras))
    cutter = vtk.vtkCutter()
    cutter.SetCutFunction(plane)
    cutter.SetInputData(surface)
    merged = vtk.vtkCleanPolyData()
    # The cleaner's own locator takes seconds where the plane lies along an axis and all points in a thin slab.
    merged.SetLocator(vtk.vtkIncrementalOctreePointLocator())
    merged.SetInputConnection(cutter.GetOutputPort())
    merged.ToleranceIsAbsoluteOn()
    merged.SetAbsoluteTolerance(_SAME_MM)
    stripper = vtk.vtkStripper()
    stripper.SetInputConnection(merged.GetOutputPort())
    stripper.JoinContiguousSegmentsOn()
    stripper.SetMaximumLength(1_000_000)
    stripper.Update()
    return _polylines(stripper.GetOutput())


def _polylines(lines: vtk.vtkPolyData) -> list[np.ndarray]:
    if not lines.GetNumberOfLines():
        return []
    points = vtk_to_numpy(lines.GetPoints().GetData()).astype(float)
    offsets = vtk_to_numpy(lines.GetLines().GetOffsetsArray())
    ids = vtk_to_numpy(lines.GetLines().GetConnectivityArray())
    curves = [_without_repeats(points[ids[a:b]]) for a, b in zip(offsets[:-1], offsets[1:], strict=True)]
    return [curve for curve in curves if len(curve) > 1]


def from_point(curve: np.ndarray, start_ras_mm: np.ndarray, towards_ras: np.ndarray) -> np.ndarray:
    """The part of a curve that leaves `start_ras_mm` in the direction `towards_ras`, start first."""
    segment, foot = nearest_on(curve, start_ras_mm)
    if np.linalg.norm(curve[0] - curve[-1]) < _SAME_MM:
        ring = np.concatenate([curve[segment + 1 : -1], curve[: segment + 1]])
        ahead, back = ring, ring[::-1]
    else:
        ahead, back = curve[segment + 1 :], curve[segment::-1]
    along = (curve[segment + 1] - curve[segment]) @ np.asarray(towards_ras, float)
    chosen = ahead if along > 0 else back
    return _without_repeats(np.concatenate([foot[None], chosen]))


def nearest_on(curve: np.ndarray, point: np.ndarray) -> tuple[int, np.ndarray]:
    """(index of the nearest segment, nearest point on it)."""
    steps = np.diff(curve, axis=0)
    squared = np.maximum((steps**2).sum(axis=1), 1e-12)
    share = np.clip(((point - curve[:-1]) * steps).sum(axis=1) / squared, 0.0, 1.0)
    feet = curve[:-1] + share[:, None] * steps
    best = int(np.argmin(np.linalg.norm(feet - point, axis=1)))
    return best, feet[best]


def _without_repeats(points: np.ndarray) -> np.ndarray:
    moved = np.linalg.norm(np.diff(points, axis=0), axis=1) > _SAME_MM
    return points[np.concatenate([[True], moved])]


def arc_mm(points: np.ndarray) -> np.ndarray:
    """Arc length from the first point to each point, mm, shape (N,)."""
    return np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])


def taut(points: np.ndarray, forward_ras: np.ndarray, outward_ras: np.ndarray) -> np.ndarray:
    """A curve in a plane pulled tight from outside: its hollows are bridged by straight lines.

    This is how a tape lies on the head. `forward_ras` and `outward_ras` are unit vectors in the plane.
    """
    flat = np.column_stack([points @ forward_ras, points @ outward_ras])
    kept: list[int] = []
    for index in range(len(flat)):
        while len(kept) >= 2 and _is_hollow(flat[kept[-2]], flat[kept[-1]], flat[index]):
            kept.pop()
        kept.append(index)
    return points[kept]


def _is_hollow(before: np.ndarray, middle: np.ndarray, after: np.ndarray) -> bool:
    (ax, ay), (bx, by) = middle - before, after - middle
    return ax * by - ay * bx > 0.0


def arc_at(points: np.ndarray, point: np.ndarray) -> float:
    """Length of a curve up to where it passes nearest to a point, mm."""
    segment, foot = nearest_on(points, point)
    return float(arc_mm(points)[segment] + np.linalg.norm(foot - points[segment]))


def cut_at(points: np.ndarray, length_mm: float) -> np.ndarray:
    """The first `length_mm` of a curve, its end interpolated; the curve must be at least that long."""
    arc = arc_mm(points)
    last = int(np.searchsorted(arc, length_mm))
    share = (length_mm - arc[last - 1]) / (arc[last] - arc[last - 1])
    end = points[last - 1] + share * (points[last] - points[last - 1])
    return np.concatenate([points[:last], end[None]])


def tape_from(
    scalp: Scalp, start_ras_mm: np.ndarray, forward_ras: np.ndarray, outward_ras: np.ndarray, length_mm: float
) -> np.ndarray:
    """A tape from a scalp point in the plane of two orthogonal unit vectors, RAS mm, shape (N, 3).

    It reaches a little further than `length_mm`, and less far where the scan ends before: the caller
    cuts it, or says what is missing.
    """
    curve = curve_through(scalp, start_ras_mm, np.cross(forward_ras, outward_ras))
    skin = from_point(curve, start_ras_mm, forward_ras)
    enough = length_mm + _LOOK_AHEAD_MM
    return taut(cut_at(skin, enough) if arc_mm(skin)[-1] > enough else skin, forward_ras, outward_ras)


def tape_over(scalp: Scalp, start_ras_mm: np.ndarray, over_ras_mm: np.ndarray, end_ras_mm: np.ndarray) -> np.ndarray:
    """A tape from one scalp point over a second to a third, in their plane, RAS mm, shape (N, 3).

    It runs over cut faces too. Raises NoScalpError if no way over the head leads there.
    """
    span = np.asarray(end_ras_mm, float) - start_ras_mm
    across = np.cross(span, np.asarray(over_ras_mm, float) - start_ras_mm)
    forward, across = span / np.linalg.norm(span), across / np.linalg.norm(across)
    curve = _closed_curve_through(scalp, over_ras_mm, across)
    back = _up_to(scalp, from_point(curve, over_ras_mm, -forward), start_ras_mm)
    ahead = _up_to(scalp, from_point(curve, over_ras_mm, forward), end_ras_mm)
    return taut(np.concatenate([back[::-1], ahead[1:]]), forward, np.cross(across, forward))


def tape_around(scalp: Scalp, start_ras_mm: np.ndarray, forward_ras: np.ndarray, outward_ras: np.ndarray) -> np.ndarray:
    """A tape once around the head, shape (N, 3), RAS mm; it leaves `start_ras_mm` along `forward_ras`.

    It lies in the plane of the two orthogonal unit vectors, `outward_ras` pointing out of the head at
    the start, where it ends too, and runs over cut faces.
    """
    curve = _closed_curve_through(scalp, start_ras_mm, np.cross(forward_ras, outward_ras))
    ring = from_point(curve, start_ras_mm, forward_ras)
    return taut(np.concatenate([ring, ring[:1]]), forward_ras, outward_ras)


def _up_to(scalp: Scalp, curve: np.ndarray, end_ras_mm: np.ndarray) -> np.ndarray:
    """A curve up to where it passes `end_ras_mm`."""
    segment, foot = nearest_on(curve, end_ras_mm) if len(curve) > 1 else (0, curve[0])
    if np.linalg.norm(foot - end_ras_mm) > _BREAK_MM:
        raise NoScalpError(
            "{source}: the scan cuts the scalp between two points, so no tape can be laid.", source=scalp.source
        )
    return np.concatenate([curve[: segment + 1], foot[None]])


def scalp_distance_mm(scalp: Scalp, start_ras_mm: np.ndarray, end_ras_mm: np.ndarray) -> float:
    """Tape length over the skin between two scalp points.

    Measured in the plane through both points that holds the mean of their outward normals, bridging
    hollows; on a sphere this is the great circle. Raises NoScalpError where the skin is cut between.
    """
    span = np.asarray(end_ras_mm, float) - start_ras_mm
    straight = float(np.linalg.norm(span))
    if straight < 1.0:
        return straight
    forward = span / straight
    outward = scalp.outward_normal(start_ras_mm) + scalp.outward_normal(end_ras_mm)
    outward -= (outward @ forward) * forward
    outward /= np.linalg.norm(outward)
    curve = curve_through(scalp, start_ras_mm, np.cross(forward, outward))
    ahead = _up_to(scalp, from_point(curve, start_ras_mm, forward), end_ras_mm)
    return float(arc_mm(taut(ahead, forward, outward))[-1])
