"""The head in 3-D: scalp, mask, walk of the rule, coil and points; from the side and obliquely from the front.

Its triangles are drawn by matplotlib, farthest first, so that no screen or OpenGL is needed. Pictures
are parallel projections in the head's own axes, in which lengths are true.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import FigureBase
from matplotlib.lines import Line2D
from vtkmodules.util.numpy_support import vtk_to_numpy

from ..geometry.sides import outwards
from ..plan import HemispherePlan
from ..scan.volume import box_around
from ..segmentation.region import Region
from ..sentences import say, tr
from ..targeting import mesh
from ..targeting import vtk_geometry as vtk
from ..targeting.coil import coil_surface
from ..targeting.scalp import Scalp
from ..terminology import segment_colour
from .slices import RULE_COLOUR, TALLEST_MM, draw_legend, draw_letters, glyph, legend_entry, marks_of, outline_entry

Colour = tuple[float, float, float]

_SKIN_RGB, _COIL_RGB, _RULE_RGB = (0.87, 0.77, 0.68), (0.25, 0.25, 0.28), (0.80, 0.47, 0.65)
_AMBIENT = 0.35
_TRIANGLES_ACROSS = 70
_MASK_ITERATIONS = 15
_MARGIN_MM = 8.0


@dataclass(frozen=True)
class View:
    """Where the head is looked at from, in the head's own axes (right, anterior, superior).

    from_head  direction from the head to the eye, shape (3,)
    """

    name: str
    from_head: tuple[float, float, float]


def views_of(hemisphere: str) -> tuple[View, View]:
    """From the side of the hemisphere, and from before and above it."""
    sign = outwards(hemisphere)
    return (
        View(tr("From the {hemisphere}", hemisphere=say(hemisphere)), (sign, 0.0, 0.0)),
        View(tr("From the front, {hemisphere} and above", hemisphere=say(hemisphere)), (0.6 * sign, 1.0, 0.75)),
    )


def draw_head(part: FigureBase, scalp: Scalp, side: HemispherePlan, ink: str) -> None:
    """Both views of the head of `side`; what lies in it is drawn in front of it. `ink`: colour of the words."""
    views = views_of(side.region.hemisphere)
    surfaces = _surfaces(scalp, side)
    for axes, view in zip(part.subplots(1, len(views)), views, strict=True):
        _draw_view(axes, surfaces, axes_ras(scalp, view), side)
        draw_letters(axes, letters(axes_ras(scalp, view), scalp), 12)
        axes.set_title(view.name, color=ink, fontsize=9.5)
    part.subplots_adjust(left=0.01, right=0.99, top=0.9, bottom=0.01, wspace=0.02)


def draw_head_legend(part: FigureBase, side: HemispherePlan, ink: str) -> None:
    """What the signs on landmarks' slices and head mean."""
    entries = [*map(legend_entry, marks_of(side)), outline_entry(side, side.region.name)]
    if side.rule_path_ras_mm is not None:
        entries.append(Line2D([], [], color=RULE_COLOUR, linewidth=2.5, label=tr("Walk of the rule")))
    if side.coil_pose_ras_mm is not None:
        entries.append(Line2D([], [], color="#808088", linewidth=4.0, label=tr("Coil (not to scale)")))
    draw_legend(part, entries, ink)


Surface = tuple[np.ndarray, Colour]
"""Triangles, shape (N, 3, 3), RAS mm, and their colour."""


def _surfaces(scalp: Scalp, side: HemispherePlan) -> list[Surface]:
    """What is drawn, one over the other; all of it opaque, as transparent neighbours would show their edges."""
    found = [(_corners(_coarse(scalp.skin)), _SKIN_RGB)]
    if side.region.mask_kji.any():
        found.append((_corners(mask_surface(side.region)), segment_colour(side.region.hemisphere)))
    if side.entry is not None:
        needle = np.array([side.target.position_ras_mm, side.entry.position_ras_mm])
        found.append((_corners(mesh.tube(mesh.line_through(needle), 0.8)), _COIL_RGB))
    if side.rule_path_ras_mm is not None:
        found.append((_corners(mesh.tube(mesh.line_through(side.rule_path_ras_mm), 1.2)), _RULE_RGB))
    if side.coil_pose_ras_mm is not None:
        found.append((_corners(coil_surface(side.coil_pose_ras_mm)), _COIL_RGB))
    return found


def _corners(surface: "vtk.vtkPolyData") -> np.ndarray:
    """The triangles of a surface, shape (N, 3, 3), RAS mm."""
    plain = vtk.vtkTriangleFilter()
    plain.SetInputData(surface)
    plain.PassLinesOff()
    plain.PassVertsOff()
    plain.Update()
    numbers = vtk_to_numpy(plain.GetOutput().GetPolys().GetConnectivityArray()).reshape(-1, 3)
    return mesh.points_of(plain.GetOutput())[numbers]


def _coarse(surface: "vtk.vtkPolyData") -> "vtk.vtkPolyData":
    clustered = vtk.vtkQuadricClustering()
    clustered.SetInputData(surface)
    clustered.SetNumberOfDivisions(*[_TRIANGLES_ACROSS] * 3)
    clustered.Update()
    return clustered.GetOutput()


def _draw_view(axes: Axes, surfaces: list[Surface], axes_ras: np.ndarray, side: HemispherePlan) -> None:
    for corners_ras_mm, colour in surfaces:
        _draw_surface(axes, corners_ras_mm @ axes_ras.T, colour)
    for mark in marks_of(side)[::-1]:
        axes.plot(*(axes_ras[:2] @ mark.position_ras_mm), **glyph(mark))
    places = np.concatenate([corners_ras_mm.reshape(-1, 3) for corners_ras_mm, _ in surfaces]) @ axes_ras[:2].T
    low, high = places.min(axis=0) - _MARGIN_MM, places.max(axis=0) + _MARGIN_MM
    axes.set_xlim(low[0], high[0])
    axes.set_ylim(max(low[1], high[1] - TALLEST_MM), high[1])
    axes.set_aspect("equal")
    axes.set_axis_off()


def _draw_surface(axes: Axes, corners: np.ndarray, colour: Colour) -> None:
    """The triangles that face the eye, shape (N, 3, 3), across, up and towards it, farthest first, lit from there."""
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    facing = normals[:, 2] / np.maximum(np.linalg.norm(normals, axis=1), 1e-9)
    seen = np.flatnonzero(facing > 0)
    seen = seen[np.argsort(corners[seen, :, 2].mean(axis=1))]
    shades = (_AMBIENT + (1 - _AMBIENT) * facing[seen])[:, None] * colour
    flat: Any = corners[seen, :, :2]  # an array, whose triangles are checked as one; the types know sequences alone
    # without smoothed edges, which would show as lines between neighbours
    axes.add_collection(PolyCollection(flat, facecolors=shades, edgecolors="none", antialiased=False))


def mask_surface(region: Region) -> vtk.vtkPolyData:
    """The closed surface of a mask, lightly smoothed, RAS mm."""
    box = box_around(region.mask_kji)
    to_ijk = np.eye(4)
    to_ijk[:3, 3] = [side.start - 1 for side in reversed(box)]
    surface = mesh.level_set(np.pad(region.mask_kji[box], 1).astype(np.uint8), 0.5)
    return mesh.smoothed(mesh.moved(surface, region.volume.ijk_to_ras @ to_ijk), _MASK_ITERATIONS)


def axes_ras(scalp: Scalp, view: View) -> np.ndarray:
    """Unit vectors of the picture's width and height and of the direction to the eye, rows, RAS."""
    eye = np.asarray(view.from_head, float) @ scalp.head_axes_ras
    eye /= np.linalg.norm(eye)
    across = np.cross(scalp.head_axes_ras[2], eye)
    across /= np.linalg.norm(across)
    return np.array([across, np.cross(eye, across), eye])


def letters(axes_ras: np.ndarray, scalp: Scalp) -> tuple[str, str, str, str]:
    """The head's directions at the left, right, bottom and top edge of a view, each by its nearest axis."""
    across, up = (_nearest_letters(scalp.head_axes_ras @ axis) for axis in axes_ras[:2])
    return (across[1], across[0], up[1], up[0])


def _nearest_letters(direction: np.ndarray) -> tuple[str, str]:
    """Letters of a direction in the head's axes, shape (3,), and of its opposite."""
    axis = int(np.argmax(np.abs(direction)))
    one, other = ("RL", "AP", "SI")[axis]
    return (one, other) if direction[axis] > 0 else (other, one)
