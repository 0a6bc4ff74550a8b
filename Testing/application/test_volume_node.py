"""Volume nodes into the core: any grid, any rigid transform, and what is refused."""

import numpy as np
import pytest
import SimpleITK
import slicer
import vtk

from DLPFCSegmenterLib.application.nodes.volume_node import volume_from_node
from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.scan.readers import read_volume


def put_under(node, matrix):
    transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
    transform.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(matrix))
    node.SetAndObserveTransformNodeID(transform.GetID())
    return transform


def turned(degrees, shift=(5, -7, 11)):
    """A rigid 4x4: rotations about R, A and S in degrees, then a shift in mm."""
    transform = vtk.vtkTransform()
    transform.Translate(shift)
    for axis, angle in enumerate(degrees):
        transform.RotateWXYZ(angle, *np.eye(3)[axis])
    return slicer.util.arrayFromVTKMatrix(transform.GetMatrix())


def test_array_matrix_and_name_come_over(head):
    volume = volume_from_node(head)
    assert volume.source == "head"
    assert volume.orientation == "RAS"
    np.testing.assert_array_equal(volume.array_kji, slicer.util.arrayFromVolume(head))
    np.testing.assert_allclose(volume.spacing_mm, 3)


@pytest.mark.parametrize(("slope", "intercept"), [(1e-9, 1.0), (-1e-7, 5.0), (1e36, 0.0), (1.0, 1e9)])
def test_a_range_that_four_bytes_cannot_hold_comes_over_as_the_same_file_does(head, slope, intercept, tmp_path):
    values = slicer.util.arrayFromVolume(head).astype(float) * slope + intercept
    slicer.util.updateVolumeFromArray(head, values)
    SimpleITK.WriteImage(SimpleITK.GetImageFromArray(values), str(tmp_path / "head.nrrd"))
    found, read = (
        each.array_kji.astype(np.float32) for each in (volume_from_node(head), read_volume(tmp_path / "head.nrrd"))
    )
    np.testing.assert_array_equal(found, read)
    assert len(np.unique(found)) == len(np.unique(values)) > 2


def test_doubles_that_four_bytes_hold_stay_the_node_s_own_memory(head):
    slicer.util.updateVolumeFromArray(head, slicer.util.arrayFromVolume(head) / 3.0)
    assert np.may_share_memory(volume_from_node(head).array_kji, slicer.util.arrayFromVolume(head))


def test_a_linear_transform_is_in_the_matrix(head):
    before = volume_from_node(head).ijk_to_ras
    put_under(head, turned((10, 20, 30)))
    np.testing.assert_allclose(volume_from_node(head).ijk_to_ras, turned((10, 20, 30)) @ before)


def test_a_chain_of_transforms_is_in_the_matrix(head):
    before = volume_from_node(head).ijk_to_ras
    inner = put_under(head, turned((10, 0, 0)))
    put_under(inner, turned((0, 0, 40)))
    np.testing.assert_allclose(volume_from_node(head).ijk_to_ras, turned((0, 0, 40)) @ turned((10, 0, 0)) @ before)


def test_a_rigid_transform_gives_no_warning_and_a_scaling_one_does(head):
    put_under(head, turned((10, 20, 30)))
    assert volume_from_node(head).warnings == ()
    put_under(head, np.diag([1.1, 1.0, 1.0, 1.0]))
    assert "changes the size" in volume_from_node(head).warnings[0]


def test_a_mirroring_transform_is_refused(head):
    put_under(head, np.diag([-1.0, 1, 1, 1]))
    with pytest.raises(UserError, match="'head' is under a transform that mirrors it: left would become right"):
        volume_from_node(head)


def test_a_bending_transform_is_refused(head):
    bend = vtk.vtkThinPlateSplineTransform()
    bend.SetBasisToR()
    source, target = vtk.vtkPoints(), vtk.vtkPoints()
    for point in np.array([[0, 0, 0], [50, 0, 0], [0, 50, 0], [0, 0, 50], [40, 40, 40.0]]):
        source.InsertNextPoint(point)
        target.InsertNextPoint(point + (point > 45) * 4)
    bend.SetSourceLandmarks(source)
    bend.SetTargetLandmarks(target)
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLTransformNode")
    node.SetAndObserveTransformToParent(bend)
    head.SetAndObserveTransformNodeID(node.GetID())
    with pytest.raises(UserError, match="bends it; harden the transform"):
        volume_from_node(head)


@pytest.mark.parametrize("kind", [f"vtkMRML{kind}VolumeNode" for kind in ("LabelMap", "Vector", "DiffusionWeighted")])
def test_other_kinds_of_volume_are_refused_by_name(kind):
    node = slicer.mrmlScene.AddNewNodeByClass(kind, "thing")
    with pytest.raises(UserError, match="'thing' is not a T1 scan .*select a scalar volume"):
        volume_from_node(node)


def image_node(dimensions, components=1):
    image = vtk.vtkImageData()
    image.SetDimensions(dimensions)
    image.AllocateScalars(vtk.VTK_SHORT, components)
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "odd")
    node.SetAndObserveImageData(image)
    return node


def test_several_values_a_voxel_are_refused():
    with pytest.raises(UserError, match="'odd' has several values a voxel.*extract one frame"):
        volume_from_node(image_node((5, 5, 5), 3))


def test_a_single_slice_is_refused():
    with pytest.raises(UserError, match="'odd' is a single slice"):
        volume_from_node(image_node((64, 64, 1)))


def test_an_empty_node_is_refused():
    with pytest.raises(UserError, match="'empty' holds no image"):
        volume_from_node(slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "empty"))


def test_no_node_and_a_deleted_node_are_refused(head):
    slicer.mrmlScene.RemoveNode(head)
    for node in (None, head):
        with pytest.raises(UserError, match="Select a T1 volume first"):
            volume_from_node(node)
