"""The MRML scene with Slicer's own application and module logics around it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import slicer
import vtk

# module name -> its logic class in slicer-core
_LOGIC_CLASSES = {
    "Annotations": "vtkSlicerAnnotationModuleLogic",
    "Cameras": "vtkSlicerCamerasModuleLogic",
    "Colors": "vtkSlicerColorLogic",
    "Data": "vtkSlicerDataModuleLogic",
    "Terminologies": "vtkSlicerTerminologiesModuleLogic",
    "SubjectHierarchy": "vtkSlicerSubjectHierarchyModuleLogic",
    "Markups": "vtkSlicerMarkupsLogic",
    "Models": "vtkSlicerModelsLogic",
    "Plots": "vtkSlicerPlotsLogic",
    "Segmentations": "vtkSlicerSegmentationsModuleLogic",
    "Sequences": "vtkSlicerSequencesLogic",
    "SceneViews": "vtkSlicerSceneViewsModuleLogic",
    "Tables": "vtkSlicerTablesLogic",
    "Texts": "vtkSlicerTextsLogic",
    "Transforms": "vtkSlicerTransformLogic",
    "Units": "vtkSlicerUnitsLogic",
    "ViewControllers": "vtkSlicerViewControllersLogic",
    "VolumeRendering": "vtkSlicerVolumeRenderingLogic",
    "Volumes": "vtkSlicerVolumesLogic",
}


@dataclass(frozen=True)
class SceneAndLogics:
    """The scene, the application logic, and the logic of each module by the module's name."""

    scene: slicer.vtkMRMLScene
    application_logic: slicer.vtkSlicerApplicationLogic
    module_logics: dict[str, slicer.vtkMRMLAbstractLogic]
    data_io: tuple[slicer.vtkMRMLRemoteIOLogic, slicer.vtkDataIOManagerLogic]


def create(folder: Path) -> SceneAndLogics:
    """A new empty scene, able to read and write bundles; its caches lie in `folder`."""
    scene, application_logic = slicer.vtkMRMLScene(), slicer.vtkSlicerApplicationLogic()
    scene.SetRootDirectory(str(folder))
    application_logic.SetTemporaryPath(str(folder))
    remote_io, data_io = _data_io(application_logic, folder)
    application_logic.SetMRMLSceneDataIO(scene, remote_io, data_io)
    application_logic.SetMRMLScene(scene)
    with _missing_data_files_unmentioned():
        logics = {name: _module_logic(name, scene, application_logic) for name in _LOGIC_CLASSES}
        logics["Colors"].AddDefaultColorNodes()
    return SceneAndLogics(scene, application_logic, logics, (remote_io, data_io))


@contextmanager
def _missing_data_files_unmentioned() -> Iterator[None]:
    """slicer-core comes without the colour and terminology files that Slicer has in its share folder."""
    vtk.vtkObject.GlobalWarningDisplayOff()
    try:
        yield
    finally:
        vtk.vtkObject.GlobalWarningDisplayOn()


def _data_io(application_logic: slicer.vtkSlicerApplicationLogic, folder: Path) -> tuple:
    """What a scene needs to read a bundle."""
    cache = folder / "cache"
    cache.mkdir(exist_ok=True)
    remote_io, data_io = slicer.vtkMRMLRemoteIOLogic(), slicer.vtkDataIOManagerLogic()
    remote_io.GetCacheManager().SetRemoteCacheDirectory(str(cache))
    data_io.SetMRMLApplicationLogic(application_logic)
    data_io.SetAndObserveDataIOManager(remote_io.GetDataIOManager())
    return remote_io, data_io


def _module_logic(
    name: str, scene: slicer.vtkMRMLScene, application_logic: slicer.vtkSlicerApplicationLogic
) -> slicer.vtkMRMLAbstractLogic:
    if name == "Colors":
        logic = application_logic.GetColorLogic()
    else:
        logic = getattr(slicer, _LOGIC_CLASSES[name])()
        logic.SetMRMLApplicationLogic(application_logic)
    application_logic.SetModuleLogic(name, logic)
    logic.SetMRMLScene(scene)
    return logic
