"""Write `scene.mrb` with slicer-core alone: run as a process by `export.scene`.

python -m DLPFCSegmenterLib.application.nodes.scene_file --target-ras-mm=R,A,S SCENE SCAN MARKUPS SEGMENTATION...
"""

import argparse
import sys
from pathlib import Path

import slicer

_VIEWS = {"Red": "Axial", "Yellow": "Sagittal", "Green": "Coronal"}
"""Slicer's three slice views and how each cuts the head."""

_READABLE_FROM = "Slicer 5.0.0 0"
"""Version in the scene: Slicer warns of scenes by another application or by a newer Slicer."""


class SceneFileError(Exception):
    """Slicer could not read or write one of the scene's files."""


def write_scene_file(scene_path: Path, scan: Path, markups: Path, segmentations: list[Path], target_ras_mm) -> None:
    """Write scan, segmentations and markups as one `.mrb`, its slice views at `target_ras_mm`."""
    scene = slicer.vtkMRMLScene()
    scene.SetVersion(_READABLE_FROM)
    _logics = _attach_logics(scene)  # kept alive: they watch the scene
    volume = _load_scan(scene, scan)
    for path in segmentations:
        _load_segmentation(scene, path, volume)
    _load_node(scene, "vtkMRMLMarkupsFiducialNode", "vtkMRMLMarkupsJsonStorageNode", markups, "DLPFC targets")
    for view, orientation in _VIEWS.items():
        _add_slice_view(scene, view, orientation, volume, target_ras_mm)
    _write(scene, scene_path)


def _attach_logics(scene) -> list:
    """Logics that teach the scene the nodes of their modules; they must outlive its use."""
    application = slicer.vtkSlicerApplicationLogic()
    application.SetMRMLScene(scene)
    application.GetColorLogic().AddDefaultColorNodes()
    slicer.vtkMRMLSliceNode.AddDefaultSliceOrientationPresets(scene)
    modules = [slicer.vtkSlicerMarkupsLogic(), slicer.vtkSlicerSegmentationsModuleLogic()]
    modules.append(slicer.vtkSlicerVolumesLogic())
    for logic in modules:
        logic.SetMRMLApplicationLogic(application)
        logic.SetMRMLScene(scene)
    return [application, *modules]


def _load_node(scene, node_class: str, storage_class: str, path: Path, name: str):
    node = scene.AddNewNodeByClass(node_class, name)
    storage = scene.AddNewNodeByClass(storage_class)
    storage.SetFileName(str(path))
    if not storage.ReadData(node):
        raise SceneFileError(f"{path.name} cannot be read")
    node.SetAndObserveStorageNodeID(storage.GetID())
    return node


def _load_scan(scene, path: Path):
    storage_class = "vtkMRMLVolumeArchetypeStorageNode"
    volume = _load_node(scene, "vtkMRMLScalarVolumeNode", storage_class, path, path.stem)
    display = scene.AddNewNodeByClass("vtkMRMLScalarVolumeDisplayNode")
    display.SetAndObserveColorNodeID("vtkMRMLColorTableNodeGrey")
    display.SetAutoWindowLevel(True)
    volume.SetAndObserveDisplayNodeID(display.GetID())
    return volume


def _load_segmentation(scene, path: Path, volume) -> None:
    name = path.name.removesuffix(".seg.nrrd")
    storage_class = "vtkMRMLSegmentationStorageNode"
    segmentation = _load_node(scene, "vtkMRMLSegmentationNode", storage_class, path, name)
    segmentation.SetReferenceImageGeometryParameterFromVolumeNode(volume)
    segmentation.CreateDefaultDisplayNodes()
    segmentation.CreateClosedSurfaceRepresentation()
    display = segmentation.GetDisplayNode()
    display.SetOpacity2DFill(0.15)
    display.SetOpacity2DOutline(1.0)


def _add_slice_view(scene, view: str, orientation: str, volume, target_ras_mm) -> None:
    composite = _add_view_node(scene, "vtkMRMLSliceCompositeNode", view)
    composite.SetBackgroundVolumeID(volume.GetID())
    slice_node = _add_view_node(scene, "vtkMRMLSliceNode", view)
    slice_node.SetLayoutColor(getattr(slice_node, f"Get{view}Color")())
    slice_node.SetOrientation(orientation)
    slice_node.JumpSliceByCentering(*target_ras_mm)


def _add_view_node(scene, node_class: str, view: str):
    node = scene.CreateNodeByClass(node_class)
    node.UnRegister(None)  # the wrapper holds the reference that CreateNodeByClass gave away
    node.SetName(view)
    node.SetLayoutName(view)
    node.SetSingletonTag(view)
    return scene.AddNode(node)


def _write(scene, path: Path) -> None:
    messages = slicer.vtkMRMLMessageCollection()
    if not scene.WriteToMRB(str(path), None, messages):
        raise SceneFileError(messages.GetAllMessagesAsString() or f"{path.name} cannot be written")


def _point(text: str) -> list[float]:
    return [float(value) for value in text.split(",")]


def main(arguments: list[str] | None = None) -> int:
    """Entry of the process; 0, or 1 after one line on the standard error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target-ras-mm", type=_point, required=True)
    parser.add_argument("scene", type=Path)
    parser.add_argument("scan", type=Path)
    parser.add_argument("markups", type=Path)
    parser.add_argument("segmentations", type=Path, nargs="+")
    options = parser.parse_args(arguments)
    try:
        write_scene_file(options.scene, options.scan, options.markups, options.segmentations, options.target_ras_mm)
    except SceneFileError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
