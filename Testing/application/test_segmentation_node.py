"""A mask in the scene as voxels of a scan."""

import numpy as np
import pytest
import slicer

from application.panel_user import nodes
from DLPFCSegmenterLib.application.nodes.segmentation_node import mask_on_scan


@pytest.mark.parametrize("moved_mm", [(0, 0, 0), (3, -6, 9), (1.4, 0, 0), (-70, 0, 0), (200, 0, 0)])
def test_a_mask_comes_on_the_voxels_of_a_scan_wherever_that_was_moved(segmented, head, moved_mm):
    (mask,) = nodes("vtkMRMLSegmentationNode")
    head.SetOrigin(*np.add(head.GetOrigin(), moved_mm))
    by_slicer = slicer.util.arrayFromSegmentBinaryLabelmap(mask, "left", head)
    np.testing.assert_array_equal(mask_on_scan(mask, head), by_slicer.astype(bool))


def test_the_mask_of_a_scan_with_turned_axes_comes_on_its_voxels(segmented, head):
    (mask,) = nodes("vtkMRMLSegmentationNode")
    before = mask_on_scan(mask, head)
    array = slicer.util.arrayFromVolume(head)[:, ::-1].copy()
    head.SetOrigin(*np.add(head.GetOrigin(), (0, 3 * (array.shape[1] - 1), 0)))
    head.SetIJKToRASDirections(1, 0, 0, 0, -1, 0, 0, 0, 1)
    slicer.util.updateVolumeFromArray(head, array)
    np.testing.assert_array_equal(mask_on_scan(mask, head), before[:, ::-1])


def test_a_mask_without_voxels_is_empty_on_the_scan(segmented, head):
    (mask,) = nodes("vtkMRMLSegmentationNode")
    mask.GetSegmentation().RemoveAllSegments()
    assert not mask_on_scan(mask, head).any()
