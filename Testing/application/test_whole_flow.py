"""Click Segment on a real scan: the worker as shipped, the weights as shipped, real nodes."""

from pathlib import Path

import numpy as np
import pytest
import slicer

import slicer_rig
from application.panel_user import cell, nodes, points_of, run_to_end
from DLPFCSegmenterLib.application.widgets.point_table import ALONG_SCALP, STRAIGHT

REPOSITORY = Path(__file__).parents[2]
WEIGHTS = sorted((REPOSITORY / "DLPFCSegmenter" / "DLPFCSegmenterLib" / "networks" / "shipped").glob("*.pt"))
SCANS = sorted((REPOSITORY.parent / "shared" / "data" / "ixi" / "val").glob("*_T1*.nii.gz"))
LEFT_MIDDLE_FRONTAL_GYRUS = 143


@pytest.mark.slow
@pytest.mark.skipif(not WEIGHTS, reason="no weights are shipped yet")
@pytest.mark.skipif(not SCANS, reason="the scans for development are not beside the repository")
def test_segment_finds_the_left_dlpfc_of_a_real_person(module):
    (labels,) = SCANS[0].parent.glob(SCANS[0].name.split("_T1")[0] + "*_dlmuse.nii.gz")
    scan = slicer.util.loadVolume(str(SCANS[0]))
    panel = module.widget.ui
    panel.inputSelector.setCurrentNode(scan)
    run_to_end(panel, timeout_s=600)
    (segmentation,) = nodes("vtkMRMLSegmentationNode")
    mask = slicer.util.arrayFromSegmentBinaryLabelmap(segmentation, "left", scan).astype(bool)
    gyrus = slicer.util.arrayFromVolume(slicer.util.loadVolume(str(labels))) == LEFT_MIDDLE_FRONTAL_GYRUS
    assert np.count_nonzero(mask & gyrus) > 0.5 * np.count_nonzero(mask)
    assert len(points_of(slicer.util.getNode("* DLPFC target (left)"))) == 1
    assert ", left: " in panel.resultLabel.text
    assert 0 < float(cell(panel, "5-cm landmark", STRAIGHT)) < 80
    assert 6 < float(cell(panel, "Coil (target's depth)", STRAIGHT)) < 35
    assert slicer_rig.drain_events(60, until=lambda: cell(panel, "F3/F4 (MNI)", ALONG_SCALP) != "…")
    assert float(cell(panel, "F3/F4 (MNI)", ALONG_SCALP)) < 60
    assert slicer.util.getNode("* coil (left)").GetDisplayNode().GetVisibility3D()
    assert panel.targetsLabel.text == ""
    assert not slicer_rig.slot_errors()
