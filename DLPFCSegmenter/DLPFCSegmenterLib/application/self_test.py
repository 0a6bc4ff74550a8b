"""Cases of `DLPFCSegmenterTest`: they run inside Slicer, where no pytest is."""

import numpy as np
import slicer

from ..geometry.spaces import ijk_to_ras_points
from ..scan.volume import Volume
from ..segmentation.region import Region
from .nodes import points_node
from .nodes.segmentation_node import add_segmentation, mask_volume_ml
from .nodes.volume_node import ijk_to_world, volume_from_node

_OBLIQUE_IJK_TO_RAS = np.array(
    [[0.0, 0.0, 1.2, -60.0], [-0.8, 0.6, 0.0, 70.0], [-0.6, -0.8, 0.0, 50.0], [0.0, 0.0, 0.0, 1.0]]
)


def oblique_volume_node() -> slicer.vtkMRMLScalarVolumeNode:
    """A volume with different sizes along its oblique, left-handed axes."""
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "oblique")
    array = np.arange(10 * 12 * 14, dtype=np.int16).reshape(10, 12, 14)
    slicer.util.updateVolumeFromArray(node, array)
    node.SetIJKToRASMatrix(slicer.util.vtkMatrixFromArray(_OBLIQUE_IJK_TO_RAS))
    return node


def check_volume() -> None:
    """A volume node comes into the core with its voxels and its place."""
    volume = volume_from_node(oblique_volume_node())
    np.testing.assert_array_equal(volume.array_kji.ravel(), np.arange(10 * 12 * 14))
    np.testing.assert_allclose(volume.ijk_to_ras, _OBLIQUE_IJK_TO_RAS)


def check_mask() -> None:
    """A mask lies in Slicer on the voxels on which it lay in the core, under a transform too."""
    node = oblique_volume_node()
    transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
    transform.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(_quarter_turn()))
    node.SetAndObserveTransformNodeID(transform.GetID())
    mask = np.zeros((10, 12, 14), dtype=bool)
    mask[2:5, 3:7, 8:9] = True
    segmentation = add_segmentation(_region(node, mask), node)
    back = slicer.util.arrayFromSegmentBinaryLabelmap(segmentation, "left", node)
    np.testing.assert_array_equal(back.astype(bool), mask)
    np.testing.assert_allclose(mask_volume_ml(segmentation), 12 * 1.2 / 1000)


def check_points() -> None:
    """A point lies in Slicer's world where the core put it, under a transform too."""
    node = oblique_volume_node()
    place = ijk_to_ras_points(ijk_to_world(node), np.array([8.0, 4.0, 3.0]))
    points = points_node.add_points_node("points", (1.0, 0.0, 0.0))
    transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
    transform.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(_quarter_turn()))
    points.SetAndObserveTransformNodeID(transform.GetID())
    points_node.move_point(points, "target", place)
    np.testing.assert_allclose(points_node.position_ras_mm(points, "target"), place, atol=1e-9)


CASES = (check_volume, check_mask, check_points)


def _quarter_turn() -> np.ndarray:
    """A rotation by 90 degrees about S with a shift, 4x4."""
    return np.array([[0.0, -1.0, 0.0, 5.0], [1.0, 0.0, 0.0, -7.0], [0.0, 0.0, 1.0, 11.0], [0.0, 0.0, 0.0, 1.0]])


def _region(node: slicer.vtkMRMLScalarVolumeNode, mask: np.ndarray) -> Region:
    volume: Volume = volume_from_node(node)
    return Region(volume, "left", mask, mask.astype(np.float32), 0.9, ())
