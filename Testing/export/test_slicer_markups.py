"""Slicer's own storage nodes against our two markups formats, in both directions."""

import numpy as np
import pytest
from vtkmodules.vtkCommonMath import vtkMatrix3x3

from DLPFCSegmenterLib.export.reading import read_targets
from DLPFCSegmenterLib.export.targets import PlannedTarget
from DLPFCSegmenterLib.export.writing import write_targets

POSE = np.array(
    [
        [-0.345534, 0.722852, 0.598407, -49],
        [0.345534, 0.690887, -0.635044, 52],
        [-0.872475, -0.012659, -0.488496, 40],
        [0, 0, 0, 1],
    ]
)
LABEL = 'DLPFC, "left"'
PLACE, ENTRY = np.array([-44.5, 40.25, 29.125]), np.array([-52.0, 60.5, 41.0])
TARGET = PlannedTarget(LABEL, PLACE, ENTRY, POSE, "centroid, of the mask")
FORMATS = {
    "markups": ("vtkMRMLMarkupsJsonStorageNode", ".mrk.json"),
    "fcsv": ("vtkMRMLMarkupsFiducialStorageNode", ".fcsv"),
}


@pytest.fixture
def slicer():
    return pytest.importorskip("slicer", reason="slicer-core is not installed")


@pytest.fixture
def scene(slicer):
    scene = slicer.vtkMRMLScene()
    logic = slicer.vtkSlicerMarkupsLogic()
    logic.SetMRMLScene(scene)
    yield scene
    scene.Clear(True)


def _storage(scene, name: str, path):
    node = scene.AddNewNodeByClass("vtkMRMLMarkupsFiducialNode")
    storage = scene.AddNewNodeByClass(FORMATS[name][0])
    storage.SetFileName(str(path))
    return node, storage


def _axes_ras(node, index: int) -> np.ndarray:
    matrix = vtkMatrix3x3()
    node.GetNthControlPointOrientationMatrixWorld(index, matrix)
    return np.array([[matrix.GetElement(row, column) for column in range(3)] for row in range(3)])


@pytest.mark.parametrize("name", FORMATS)
def test_slicer_reads_labels_places_and_axes(scene, tmp_path, name):
    path = tmp_path / f"targets{FORMATS[name][1]}"
    write_targets(name, [TARGET], path)
    node, storage = _storage(scene, name, path)
    assert storage.ReadData(node)
    labels = [node.GetNthControlPointLabel(index) for index in range(node.GetNumberOfControlPoints())]
    assert labels == [LABEL, f"{LABEL} entry", f"{LABEL} coil"]
    assert node.GetNthControlPointDescription(0) == "centroid, of the mask"
    places = (TARGET.position_ras_mm, TARGET.entry_ras_mm, POSE[:3, 3])
    for index, place in enumerate(places):
        np.testing.assert_allclose(node.GetNthControlPointPositionWorld(index), place, atol=1e-5)
    np.testing.assert_allclose(_axes_ras(node, 2), POSE[:3, :3], atol=1e-5)


@pytest.mark.parametrize("name", FORMATS)
def test_what_slicer_writes_is_read_at_the_same_place(scene, tmp_path, name):
    path = tmp_path / f"targets{FORMATS[name][1]}"
    node, storage = _storage(scene, name, path)
    for label, place in (("F3, left", PLACE), ("F3, left entry", ENTRY), ("F3, left coil", POSE[:3, 3])):
        node.AddControlPointWorld(*place, label)
    node.SetNthControlPointOrientationMatrixWorld(2, _matrix(POSE[:3, :3]))
    assert storage.WriteData(node)
    (target,) = read_targets(path)
    assert target.label == "F3, left"
    np.testing.assert_allclose(target.position_ras_mm, PLACE, atol=1e-3)
    np.testing.assert_allclose(target.entry_ras_mm, ENTRY, atol=1e-3)
    np.testing.assert_allclose(target.coil_pose_ras_mm, POSE, atol=1e-3)


def _matrix(axes_ras: np.ndarray) -> vtkMatrix3x3:
    matrix = vtkMatrix3x3()
    for (row, column), value in np.ndenumerate(axes_ras):
        matrix.SetElement(row, column, value)
    return matrix
