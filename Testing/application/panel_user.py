"""A head to segment, and what a user of the panel does and sees."""

import numpy as np
import slicer
import slicer_rig

SPACING_MM = 3.0
SHAPE_KJI = (62, 76, 64)
ORIGIN_RAS_MM = (-94.5, -120.0, -90.0)
HEAD_RADII_MM = np.array([72.0, 92.0, 80.0])
BRIGHT_RAS_MM = np.array([-36.0, 42.0, 30.0])


def add_head(name):
    """An ellipsoid of tissue around RAS (0, 0, 0) with a dark skull; voxels over 200 at BRIGHT_RAS_MM."""
    k, j, i = np.indices(SHAPE_KJI)
    ras = np.stack([i, j, k], axis=-1) * SPACING_MM + ORIGIN_RAS_MM
    radius = np.linalg.norm(ras / HEAD_RADII_MM, axis=-1)
    noise = np.random.default_rng(7).integers(0, 6, SHAPE_KJI)
    array = np.select([radius < 0.86, radius < 0.92, radius < 1.0], [110, 25, 140], 0) + noise
    array[np.all(np.abs(ras - BRIGHT_RAS_MM) < 10, axis=-1)] = 250
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", name)
    slicer.util.updateVolumeFromArray(node, array.astype(np.int16))
    node.SetSpacing(SPACING_MM, SPACING_MM, SPACING_MM)
    node.SetOrigin(*ORIGIN_RAS_MM)
    return node


def run_to_end(panel, timeout_s=60):
    """Click Segment and wait until the button says Segment again."""
    panel.segmentButton.click()
    assert slicer_rig.drain_events(timeout_s, until=lambda: panel.segmentButton.text == "Segment"), panel.statusLabel.text


def nodes(class_name):
    """Nodes of a class in the scene, oldest first."""
    return slicer.util.getNodesByClass(class_name)


def points_of(node):
    """Label -> world RAS mm of each control point."""
    count = node.GetNumberOfControlPoints()
    return {node.GetNthControlPointLabel(i): np.array(node.GetNthControlPointPositionWorld(i)) for i in range(count)}
