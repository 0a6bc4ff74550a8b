"""The head in 3-D, drawn off-screen: scalp, mask, walk of the rule, coil; from the side and obliquely from the front.

Pictures are parallel projections in the head's own axes, so a point in RAS mm is found in them with
a product of matrices and lengths in them are true.
"""

from ctypes.util import find_library
from dataclasses import dataclass

import numpy as np
import vtk
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from vtk.util.numpy_support import vtk_to_numpy

from ..plan import HemispherePlan
from ..scan.volume import box_around
from ..segmentation.region import Region
from ..targeting import mesh
from ..targeting.coil import coil_surface
from ..targeting.scalp import Scalp
from ..terminology import segment_colour
from .slices import RULE_COLOUR, draw_letters, glyph, legend_entry, marks_of

_SKIN_RGB = (0.87, 0.77, 0.68)
_COIL_RGB = (0.25, 0.25, 0.28)
_RULE_RGB = (0.80, 0.47, 0.65)
_SKIN_OPACITY = 0.38
_PIXEL_MM = 0.35
_MASK_ITERATIONS = 15
_MARGIN_MM = 8.0
_TALLEST_MM = 235.0
"""A head from crown to chin; neck and shoulders below it are left out of the picture."""


class NoGraphicsError(Exception):
    """This machine offers no OpenGL, neither on a screen nor off it."""


@dataclass(frozen=True)
class View:
    """Where the head is looked at from, in the head's own axes (right, anterior, superior).

    from_head  direction from the head to the eye, shape (3,)
    """

    name: str
    from_head: tuple[float, float, float]


@dataclass(frozen=True)
class HeadImage:
    """One picture of the head.

    pixels      RGB 0..255, shape (rows, columns, 3), first row on top
    axes_ras    unit vectors of the picture's width, height and of the direction to the eye, rows, RAS
    extent_mm   (left, right, bottom, top): range of a point's product with the first two axes
    """

    pixels: np.ndarray
    axes_ras: np.ndarray
    extent_mm: tuple[float, float, float, float]

    def place_mm(self, points_ras_mm: np.ndarray) -> np.ndarray:
        """Where points, shape (..., 3), lie in the picture: (across, up) in mm, shape (..., 2)."""
        return np.asarray(points_ras_mm) @ self.axes_ras[:2].T


def render_head(scalp: Scalp, side: HemispherePlan, views: tuple[View, ...]) -> list[HeadImage]:
    """One picture of the head for each view.

    Raises NoGraphicsError where nothing can be drawn.
    """
    renderer = vtk.vtkRenderer()
    renderer.SetBackground(1.0, 1.0, 1.0)
    for actor in _actors(scalp, side):
        renderer.AddActor(actor)
    window = _off_screen_window()
    window.AddRenderer(renderer)
    try:
        return [_image(window, renderer, _axes_ras(scalp, view)) for view in views]
    finally:
        window.Finalize()


def _off_screen_window() -> vtk.vtkRenderWindow:
    loud = vtk.vtkObject.GetGlobalWarningDisplay()
    vtk.vtkObject.GlobalWarningDisplayOff()  # that there is no screen is no news to the user
    try:
        window = vtk.vtkRenderWindow()
    finally:
        vtk.vtkObject.SetGlobalWarningDisplay(loud)
    # VTK takes this class where neither a screen nor EGL is there, and crashes in it without its library.
    if window.IsA("vtkOSOpenGLRenderWindow") and not find_library("OSMesa"):
        raise NoGraphicsError
    window.SetOffScreenRendering(True)
    window.SetMultiSamples(4)
    return window


def _actors(scalp: Scalp, side: HemispherePlan) -> list[vtk.vtkActor]:
    skin = _actor(scalp.skin, _SKIN_RGB, _SKIN_OPACITY)
    skin.GetProperty().BackfaceCullingOn()
    masks = [mask_surface(side.region)] if side.region.mask_kji.any() else []
    actors = [*(_actor(mask, segment_colour(side.region.hemisphere)) for mask in masks), skin]
    if side.rule_path_ras_mm is not None:
        actors.append(_actor(mesh.tube(mesh.line_through(side.rule_path_ras_mm), 1.2), _RULE_RGB))
    if side.entry is not None:
        needle = np.array([side.target.position_ras_mm, side.entry.position_ras_mm])
        actors.append(_actor(mesh.tube(mesh.line_through(needle), 0.8), _COIL_RGB))
    if side.coil_pose_ras_mm is not None:
        actors.append(_actor(coil_surface(side.coil_pose_ras_mm), _COIL_RGB, 0.55))
    return actors


def _actor(surface: vtk.vtkPolyData, colour: tuple[float, float, float], opacity: float = 1.0) -> vtk.vtkActor:
    mapper = vtk.vtkPolyDataMapper()
    mapper.SetInputData(surface)
    mapper.ScalarVisibilityOff()
    actor = vtk.vtkActor()
    actor.SetMapper(mapper)
    actor.GetProperty().SetColor(*colour)
    actor.GetProperty().SetOpacity(opacity)
    actor.GetProperty().SetAmbient(0.25)
    actor.GetProperty().SetDiffuse(0.8)
    return actor


def mask_surface(region: Region) -> vtk.vtkPolyData:
    """The closed surface of a mask, lightly smoothed, RAS mm."""
    box = box_around(region.mask_kji)
    to_ijk = np.eye(4)
    to_ijk[:3, 3] = [side.start - 1 for side in reversed(box)]
    surface = mesh.level_set(np.pad(region.mask_kji[box], 1).astype(np.uint8), 0.5)
    return mesh.smoothed(mesh.moved(surface, region.volume.ijk_to_ras @ to_ijk), _MASK_ITERATIONS)


def _axes_ras(scalp: Scalp, view: View) -> np.ndarray:
    """Unit vectors of the picture's width and height and of the direction to the eye, rows, RAS."""
    eye = np.asarray(view.from_head, float) @ scalp.head_axes_ras
    eye /= np.linalg.norm(eye)
    across = np.cross(scalp.head_axes_ras[2], eye)
    across /= np.linalg.norm(across)
    return np.array([across, np.cross(eye, across), eye])


def _image(window: vtk.vtkRenderWindow, renderer: vtk.vtkRenderer, axes_ras: np.ndarray) -> HeadImage:
    extent = _extent_mm(renderer, axes_ras)
    left, right, bottom, top = extent
    window.SetSize(round((right - left) / _PIXEL_MM), round((top - bottom) / _PIXEL_MM))
    _aim(renderer, axes_ras, extent)
    window.Render()
    return HeadImage(_grab(window), axes_ras, extent)


def _extent_mm(renderer: vtk.vtkRenderer, axes_ras: np.ndarray) -> tuple[float, float, float, float]:
    actors = renderer.GetActors()
    surfaces = [actors.GetItemAsObject(index).GetMapper().GetInput() for index in range(actors.GetNumberOfItems())]
    points = np.vstack([mesh.points_of(surface) for surface in surfaces])
    places = points @ axes_ras[:2].T
    low, high = places.min(axis=0) - _MARGIN_MM, places.max(axis=0) + _MARGIN_MM
    return float(low[0]), float(high[0]), float(max(low[1], high[1] - _TALLEST_MM)), float(high[1])


def _aim(renderer: vtk.vtkRenderer, axes_ras: np.ndarray, extent_mm: tuple[float, float, float, float]) -> None:
    left, right, bottom, top = extent_mm
    middle = np.array([(left + right) / 2, (bottom + top) / 2, 0.0]) @ axes_ras
    camera = renderer.GetActiveCamera()
    camera.ParallelProjectionOn()
    camera.SetParallelScale((top - bottom) / 2)
    camera.SetFocalPoint(*middle)
    camera.SetPosition(*(middle + 1000.0 * axes_ras[2]))
    camera.SetViewUp(*axes_ras[1])
    renderer.ResetCameraClippingRange()


def _grab(window: vtk.vtkRenderWindow) -> np.ndarray:
    grabber = vtk.vtkWindowToImageFilter()
    grabber.SetInput(window)
    grabber.ReadFrontBufferOff()
    grabber.Update()
    image = grabber.GetOutput()
    width, height, _ = image.GetDimensions()
    if not width * height:
        raise NoGraphicsError
    return vtk_to_numpy(image.GetPointData().GetScalars()).reshape(height, width, 3)[::-1]


_WIDTH, _HEIGHT, _LEGEND = 10.0, 6.0, 0.75
"""Inches."""
_COIL_COLOUR = "#404047"


def draw_head(scalp: Scalp, side: HemispherePlan) -> Figure:
    """The head of `side` as a figure on white.

    Raises head_scene.NoGraphicsError where the machine offers no OpenGL.
    """
    images = render_head(scalp, side, _views(side.region.hemisphere))
    figure = Figure(figsize=(_WIDTH, _HEIGHT), facecolor="white")
    widths = [image.pixels.shape[1] / image.pixels.shape[0] for image in images]
    grid = figure.add_gridspec(1, 2, left=0.01, right=0.99, top=0.95, width_ratios=widths, wspace=0.03)
    grid.update(bottom=_LEGEND / _HEIGHT)
    for column, (image, view) in enumerate(zip(images, _views(side.region.hemisphere), strict=True)):
        axes = figure.add_subplot(grid[0, column])
        axes.set_title(view.name, color="black", fontsize=11)
        _draw_view(axes, image, scalp, side)
    figure.legend(handles=_legend(side), loc="lower center", ncols=4, frameon=False, fontsize=10)
    return figure


def _views(hemisphere: str) -> tuple[View, View]:
    sign = -1.0 if hemisphere == "left" else 1.0
    return (
        View(f"From the {hemisphere}", (sign, 0.0, 0.0)),
        View(f"From the front, {hemisphere} and above", (0.6 * sign, 1.0, 0.75)),
    )


def _draw_view(axes: Axes, image: HeadImage, scalp: Scalp, side: HemispherePlan) -> None:
    axes.imshow(image.pixels, extent=image.extent_mm)
    for mark in marks_of(side)[::-1]:
        axes.plot(*image.place_mm(mark.position_ras_mm), linestyle="", **glyph(mark, True))
    draw_letters(axes, _letters(image, scalp))
    axes.set_axis_off()
    axes.set_xlim(image.extent_mm[:2])
    axes.set_ylim(image.extent_mm[2:])


def _letters(image: HeadImage, scalp: Scalp) -> tuple[str, str, str, str]:
    """The head's directions at the left, right, bottom and top edge, each by its nearest axis."""
    across, up = (_nearest_letters(scalp.head_axes_ras @ axis) for axis in image.axes_ras[:2])
    return (across[1], across[0], up[1], up[0])


def _nearest_letters(direction: np.ndarray) -> tuple[str, str]:
    """Letters of a direction in the head's axes, shape (3,), and of its opposite."""
    axis = int(np.argmax(np.abs(direction)))
    one, other = ("RL", "AP", "SI")[axis]
    return (one, other) if direction[axis] > 0 else (other, one)


def _legend(side: HemispherePlan) -> list[Line2D]:
    entries = [legend_entry(mark, True, mark.label) for mark in marks_of(side)]
    entries.append(_line(segment_colour(side.region.hemisphere), 6.0, "DLPFC mask"))
    if side.rule_path_ras_mm is not None:
        entries.append(_line(RULE_COLOUR, 2.5, "Walk of the rule"))
    if side.coil_pose_ras_mm is not None:
        entries.append(_line(_COIL_COLOUR, 4.0, "Coil (a sign, not to scale)"))
    if side.entry is not None:
        entries.append(_line(_COIL_COLOUR, 1.5, "Target to scalp entry"))
    return entries


def _line(colour: str | tuple[float, float, float], width: float, label: str) -> Line2D:
    return Line2D([], [], color=colour, linewidth=width, label=label)
