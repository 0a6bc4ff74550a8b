"""Slice views and a 3-D view without a screen, drawn by Slicer's own displayable managers.

    slicer_rig.views.render_slice("axial.png", "Red", center_ras_mm=(-38, 44, 26), field_of_view_mm=220)
    slicer_rig.views.render_3d("head.png", from_direction_ras=(-1, 1, 0.5))

What is in the scene is shown as Slicer would show it: the background volume of the view, segmentations,
markups, models, slice intersections. Needs a graphics driver for off-screen drawing (EGL or OSMesa, which
come with VTK or with Mesa).
"""

from __future__ import annotations

from pathlib import Path

import slicer
import vtk

_SLICE_MANAGERS = (
    "vtkMRMLModelSliceDisplayableManager",
    "vtkMRMLSegmentationsDisplayableManager2D",
    "vtkMRMLMarkupsDisplayableManager",
    "vtkMRMLOrientationMarkerDisplayableManager",
    "vtkMRMLRulerDisplayableManager",
)
_THREE_D_MANAGERS = (
    "vtkMRMLCameraDisplayableManager",
    "vtkMRMLViewDisplayableManager",
    "vtkMRMLModelDisplayableManager",
    "vtkMRMLSegmentationsDisplayableManager3D",
    "vtkMRMLMarkupsDisplayableManager",
    "vtkMRMLOrientationMarkerDisplayableManager",
)

Point = tuple[float, float, float]


class _View:
    """A renderer in an off-screen window, filled by displayable managers that follow a view node."""

    def __init__(
        self,
        factory_class: type,
        managers: tuple[str, ...],
        node: slicer.vtkMRMLAbstractViewNode,
        size_px: tuple[int, int],
    ) -> None:
        self.renderer = vtk.vtkRenderer()
        self.window = vtk.vtkRenderWindow()
        self.window.SetOffScreenRendering(True)
        self.window.SetMultiSamples(4)
        self.window.SetSize(*size_px)
        self.window.AddRenderer(self.renderer)
        self._interactor = vtk.vtkRenderWindowInteractor()
        self._interactor.SetRenderWindow(self.window)
        self._group = _manager_factory(factory_class, managers).InstantiateDisplayableManagers(self.renderer)
        self._group.SetMRMLDisplayableNode(node)

    def save(self, path: str | Path) -> Path:
        """Draws and writes a PNG; then takes the managers off the scene."""
        self.window.Render()
        grabber = vtk.vtkWindowToImageFilter()
        grabber.SetInput(self.window)
        grabber.ReadFrontBufferOff()
        writer = vtk.vtkPNGWriter()
        writer.SetInputConnection(grabber.GetOutputPort())
        writer.SetFileName(str(path))
        writer.Write()
        self._group.SetMRMLDisplayableNode(None)
        self.window.Finalize()
        return Path(path)


def _manager_factory(factory_class: type, managers: tuple[str, ...]) -> slicer.vtkMRMLDisplayableManagerFactory:
    factory = factory_class.GetInstance()
    factory.SetMRMLApplicationLogic(slicer.app.applicationLogic())
    for name in managers:
        if not factory.IsDisplayableManagerRegistered(name):
            factory.RegisterDisplayableManager(name)
    return factory


def render_slice(
    path: str | Path,
    view: str = "Red",
    size_px: tuple[int, int] = (480, 480),
    center_ras_mm: Point | None = None,
    field_of_view_mm: float | None = None,
    fit: bool = True,
) -> Path:
    """The slice view `view` ('Red', 'Yellow' or 'Green') as a PNG; gives the path.

    center_ras_mm     the middle of the picture, world RAS; without it the whole volume is shown
    field_of_view_mm  width of the picture; without it the whole volume fits
    fit               False leaves the view where its node stands, and the two above do nothing
    """
    widget = slicer.app.layoutManager().sliceWidget(view)
    logic, node = widget.sliceLogic(), widget.mrmlSliceNode()
    logic.ResizeSliceNode(*size_px)
    if fit:
        _aim(logic, node, size_px, center_ras_mm, field_of_view_mm)
    drawn = _View(slicer.vtkMRMLSliceViewDisplayableManagerFactory, _SLICE_MANAGERS, node, size_px)
    background = _background_actor(logic)
    drawn.renderer.AddViewProp(background)
    return drawn.save(path)


def _aim(
    logic: slicer.vtkMRMLSliceLogic,
    node: slicer.vtkMRMLSliceNode,
    size_px: tuple[int, int],
    center_ras_mm: Point | None,
    field_of_view_mm: float | None,
) -> None:
    logic.FitSliceToBackground(*size_px)
    if field_of_view_mm is not None:
        height_mm = field_of_view_mm * size_px[1] / size_px[0]
        node.SetFieldOfView(field_of_view_mm, height_mm, node.GetFieldOfView()[2])
    if center_ras_mm is not None:
        node.JumpSliceByCentering(*center_ras_mm)
    node.UpdateMatrices()


def _background_actor(logic: slicer.vtkMRMLSliceLogic) -> vtk.vtkActor2D:
    """The blended layers of the slice, behind all else."""
    mapper = vtk.vtkImageMapper()
    mapper.SetColorWindow(255)
    mapper.SetColorLevel(127.5)
    if logic.GetImageDataConnection() is not None:
        mapper.SetInputConnection(logic.GetImageDataConnection())
    actor = vtk.vtkActor2D()
    actor.SetMapper(mapper)
    actor.SetLayerNumber(0)
    actor.GetProperty().SetDisplayLocationToBackground()
    return actor


def render_3d(
    path: str | Path,
    size_px: tuple[int, int] = (640, 640),
    from_direction_ras: Point | None = (-1.0, 0.6, 0.4),
    zoom: float = 1.0,
) -> Path:
    """The 3-D view as a PNG, looked at from `from_direction_ras`, or with None from its camera node; gives the path."""
    node = slicer.app.layoutManager().threeDWidget(0).mrmlViewNode()
    drawn = _View(slicer.vtkMRMLThreeDViewDisplayableManagerFactory, _THREE_D_MANAGERS, node, size_px)
    if from_direction_ras is not None:
        _look_from(drawn, from_direction_ras, zoom)
    return drawn.save(path)


def _look_from(drawn: _View, from_direction_ras: Point, zoom: float) -> None:
    camera = drawn.renderer.GetActiveCamera()
    camera.SetFocalPoint(0, 0, 0)
    camera.SetPosition(*from_direction_ras)
    camera.SetViewUp(0, 0, 1)
    drawn.window.Render()
    drawn.renderer.ResetCamera()
    camera.Zoom(zoom)
