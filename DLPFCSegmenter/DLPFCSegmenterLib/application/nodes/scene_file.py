"""Write `scene.mrb` with slicer-core alone: run as a process by `export.scene`.

python -m DLPFCSegmenterLib.application.nodes.scene_file SCENE SCAN PLANFOLDER
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import slicer
import slicer.util

if TYPE_CHECKING:
    from ...plan import Plan
    from ...scan.volume import Volume

_VIEWS = {"Red": "Axial", "Yellow": "Sagittal", "Green": "Coronal"}
"""Slicer's three slice views and how each cuts the head."""

_READABLE_FROM = "Slicer 5.0.0 0"
"""Version in the scene: Slicer warns of scenes by another application or by a newer Slicer."""


class SceneFileError(Exception):
    """Slicer could not read or write one of the scene's files."""


def write_scene_file(scene_path: Path, scan: Path, plan_folder: Path) -> None:
    """Write a plan in a record as one `.mrb`: its scan, through a file `scan`, and the nodes that the panel makes."""
    _write_scan(plan_folder, scan)
    scene = slicer.vtkMRMLScene()
    scene.SetVersion(_READABLE_FROM)
    slicer.mrmlScene = scene
    _logics = _attach_logics(scene)  # kept alive: they watch the scene
    volume = _load_scan(scene, scan)
    target_ras_mm = _show_plan(plan_folder, volume)
    for view, orientation in _VIEWS.items():
        _add_slice_view(scene, view, orientation, volume, target_ras_mm)
    _write(scene, scene_path)


def _write_scan(plan_folder: Path, scan: Path) -> None:
    from ...export.formats.masks import write_image
    from ...plan import Plan
    from ...scan.canonical import to_itk
    from ...serial import RecordReader

    write_image(to_itk(RecordReader(plan_folder).read(Plan).volume), scan)


def _show_plan(plan_folder: Path, volume) -> np.ndarray:
    """Make the panel's nodes; returns the target of the first side, RAS mm, shape (3,)."""
    from ...plan import Plan
    from ...serial import RecordReader
    from .plan_nodes import show_plan
    from .segmentation_node import show_surface
    from .volume_node import volume_from_node

    plan = _stored_as(RecordReader(plan_folder).read(Plan), volume_from_node(volume))
    for _step in show_plan(plan, volume):
        pass
    for node in slicer.util.getNodesByClass("vtkMRMLSegmentationNode"):
        show_surface(node)
    return next(iter(plan.sides.values())).target.position_ras_mm


def _stored_as(plan: "Plan", scan: "Volume") -> "Plan":
    """The plan on the same voxels in the order in which Slicer stores them: it turns left-handed grids over."""
    volume = replace(scan, origin=plan.volume.origin, warnings=plan.volume.warnings)
    sides = {}
    for name, side in plan.sides.items():
        region = side.region
        kji = np.argwhere(region.mask_kji | (region.probability_kji > 0))
        to_scan = np.linalg.inv(scan.ijk_to_ras) @ plan.volume.ijk_to_ras
        there = tuple(np.rint(kji[:, ::-1] @ to_scan[:3, :3].T + to_scan[:3, 3]).astype(int)[:, ::-1].T)
        mask, probability = np.zeros(scan.array_kji.shape, bool), np.zeros(scan.array_kji.shape, np.float32)
        mask[there], probability[there] = region.mask_kji[tuple(kji.T)], region.probability_kji[tuple(kji.T)]
        sides[name] = replace(side, region=replace(region, volume=volume, mask_kji=mask, probability_kji=probability))
    return replace(plan, volume=volume, sides=sides)


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


def main(arguments: list[str] | None = None) -> int:
    """Entry of the process; 0, or 1 after one line on the standard error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scene", type=Path)
    parser.add_argument("scan", type=Path)
    parser.add_argument("plan", type=Path)
    options = parser.parse_args(arguments)
    try:
        write_scene_file(options.scene, options.scan, options.plan)
    except SceneFileError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
