"""A Slicer volume node as the core's `Volume`, without a file."""

from pathlib import Path

import numpy as np
import slicer
import vtk

from ...errors import UserError
from ...export.result_folder import read_findings
from ...scan.origin import Origin
from ...scan.pixels import held_by_float32
from ...scan.volume import Volume
from ...sentences import say
from . import node_roles

_SIZE_TOLERANCE = 0.01
_SCAN_CLASS = "vtkMRMLScalarVolumeNode"


def volume_from_node(node: slicer.vtkMRMLScalarVolumeNode | None) -> Volume:
    """The scan in world RAS mm: the effect of a linear parent transform is in the matrix.

    The array is the node's own memory, not a copy, as long as 4 bytes hold its image (`held_by_float32`).
    Raises UserError for no node, for anything but a 3-D scan of one number a voxel, and for a transform that
    bends or mirrors the head.
    """
    if not in_scene(node):
        raise UserError("Select a T1 volume first.")
    _require_scan(node)
    moved = None if node.GetParentTransformNode() is None else parent_to_world(node)
    array_kji, origin = held_by_float32(slicer.util.arrayFromVolume(node)), Origin(node.GetName())
    return Volume(array_kji, ijk_to_world(node), origin, _transform_warnings(node), moved)


def source_path(node: slicer.vtkMRMLScalarVolumeNode) -> Path | None:
    """The file that the scan was loaded from, of a DICOM series one of them; None where there is none."""
    uids = (node.GetAttribute("DICOM.instanceUIDs") or "").split()
    database = getattr(slicer, "dicomDatabase", None)
    if uids and database is not None:
        file = database.fileForInstance(uids[0])
    else:
        storage = node.GetStorageNode()
        file = storage.GetFileName() if storage is not None else ""
    return Path(file) if file and Path(file).is_file() else None


def content_key(node: slicer.vtkMRMLScalarVolumeNode, volume: Volume) -> tuple:
    """What changes as soon as the scan in `node` is another, or lies elsewhere."""
    return node.GetID(), node.GetImageData().GetMTime(), volume.ijk_to_ras.tobytes()


def scans_in_scene() -> list[slicer.vtkMRMLScalarVolumeNode]:
    """Every volume that may be a scan, oldest first: no label maps and vector volumes, and no map of this module."""
    nodes = slicer.util.getNodesByClass(_SCAN_CLASS)
    return [node for node in nodes if node.GetClassName() == _SCAN_CLASS and not node_roles.is_own(node)]


def scan_of_results(folder: Path, chosen: slicer.vtkMRMLScalarVolumeNode | None) -> slicer.vtkMRMLScalarVolumeNode:
    """The volume that a result folder was planned on: one of the scene, else loaded from its file.

    Where the file has gone, or is a DICOM series, it is the `chosen` one; the worker looks whether that is so.
    Raises UserError where the folder holds no results, or there is no such volume.
    """
    file = Path(read_findings(folder).volume.source)
    for node in filter(None, (chosen, *scans_in_scene())):
        source = source_path(node)
        if source is not None and (source == file or source.parent == file):  # of a DICOM series one file is known
            return node
    if file.is_file():
        return slicer.util.loadVolume(str(file))
    if chosen is None:
        raise UserError(
            "{folder}: its scan {file} is not there; load it, choose it above and open the results again.",
            folder=folder,
            file=file,
        )
    return chosen


def in_scene(node: slicer.vtkMRMLNode | None) -> bool:
    """False for no node and for one that was deleted while somebody held it."""
    return node is not None and node.GetScene() is not None


def ijk_to_world(node: slicer.vtkMRMLScalarVolumeNode) -> np.ndarray:
    """4x4, voxel indices to world RAS mm, with the parent transform. Raises UserError if it bends."""
    matrix = vtk.vtkMatrix4x4()
    node.GetIJKToRASMatrix(matrix)
    return parent_to_world(node) @ slicer.util.arrayFromVTKMatrix(matrix)


def parent_to_world(node: slicer.vtkMRMLTransformableNode) -> np.ndarray:
    """4x4, the node's own RAS mm to world RAS mm. Raises UserError for a transform that bends or mirrors."""
    transform = node.GetParentTransformNode()
    if transform is None:
        return np.eye(4)
    if not transform.IsTransformToWorldLinear():
        raise _refused(node, say("is under a transform that bends it; harden the transform or remove it."))
    matrix = vtk.vtkMatrix4x4()
    transform.GetMatrixTransformToWorld(matrix)
    to_world = slicer.util.arrayFromVTKMatrix(matrix)
    if np.linalg.det(to_world[:3, :3]) <= 0:
        raise _refused(node, say("is under a transform that mirrors it: left would become right; remove it."))
    return to_world


def _transform_warnings(node: slicer.vtkMRMLScalarVolumeNode) -> tuple[str, ...]:
    sizes = np.linalg.svd(parent_to_world(node)[:3, :3], compute_uv=False)
    if np.abs(sizes - 1).max() < _SIZE_TOLERANCE:
        return ()
    return (say("A transform changes the size of this scan: lengths in mm are those of the transformed head."),)


def _require_scan(node: slicer.vtkMRMLScalarVolumeNode) -> None:
    if node.GetClassName() != _SCAN_CLASS:
        raise _refused(node, say("is not a T1 scan (it is a {kind}); select a scalar volume.", kind=_kind(node)))
    if node_roles.is_own(node):
        raise _refused(node, say("is a map by connectivity, no T1 scan; select the scan."))
    image = node.GetImageData()
    if image is None or image.GetNumberOfPoints() == 0:
        raise _refused(node, say("holds no image; load it again."))
    if image.GetNumberOfScalarComponents() != 1:
        raise _refused(node, say("has several values a voxel (colour, vector or time); extract one frame first."))
    if min(image.GetDimensions()) < 2:
        raise _refused(node, say("is a single slice; a 3-D scan is needed."))


def _kind(node: slicer.vtkMRMLNode) -> str:
    return node.GetNodeTagName()


def _refused(node: slicer.vtkMRMLNode, reason: str) -> UserError:
    return UserError("'{node}' {reason}", node=node.GetName(), reason=reason)
