"""Pictures without a screen: what is in the scene is seen where it is."""

from __future__ import annotations

import matplotlib.image
import numpy as np
import pytest
import slicer

from slicer_rig import views

LEFT_ANTERIOR_RAS_MM = (-20.0, 15.0, 10.0)


@pytest.fixture
def head():
    """A bright ball of 60 mm around the origin, 2 mm voxels."""
    kji = np.indices((50, 50, 50)) * 2.0 - 49.0
    voxels = np.where(np.linalg.norm(kji, axis=0) < 45, 100, 0).astype(np.int16)
    matrix = np.diag([2.0, 2.0, 2.0, 1.0])
    matrix[:3, 3] = -49.0
    volume = slicer.util.addVolumeFromArray(voxels, ijkToRAS=matrix, name="head")
    slicer.util.setSliceViewerLayers(background=volume)
    return volume


@pytest.fixture
def target():
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLMarkupsFiducialNode", "Target")
    node.CreateDefaultDisplayNodes()
    node.GetDisplayNode().SetSelectedColor(1, 0, 0)
    node.GetDisplayNode().SetPointLabelsVisibility(False)
    node.AddControlPoint(*LEFT_ANTERIOR_RAS_MM)
    return node


def _red_center_px(path) -> tuple[float, float]:
    """Column from the left and row from the top of the middle of what is red."""
    rgb = matplotlib.image.imread(path)[:, :, :3]
    rows, columns = np.nonzero((rgb[:, :, 0] > 0.6) & (rgb[:, :, 1] < 0.3))
    return float(columns.mean()), float(rows.mean())


def test_an_axial_slice_shows_the_left_side_on_the_right(head, target, tmp_path):
    path = views.render_slice(tmp_path / "axial.png", "Red", (200, 200), (0, 0, 10), field_of_view_mm=100)
    assert _red_center_px(path) == pytest.approx((140, 70), abs=2)


def test_a_sagittal_slice_shows_anterior_on_the_left(head, target, tmp_path):
    path = views.render_slice(tmp_path / "sagittal.png", "Yellow", (200, 200), (-20, 0, 0), field_of_view_mm=100)
    assert _red_center_px(path) == pytest.approx((70, 80), abs=2)


def test_a_slice_elsewhere_shows_the_volume_without_the_point(head, target, tmp_path):
    path = views.render_slice(tmp_path / "axial.png", "Red", (200, 200), (0, 0, -20), field_of_view_mm=100)
    rgb = matplotlib.image.imread(path)[:, :, :3]
    assert rgb[100, 100].min() > 0.9
    assert rgb[5, 5].max() < 0.1
    with pytest.warns(RuntimeWarning), np.errstate(all="warn"):
        assert np.isnan(_red_center_px(path)).all()


def test_the_3d_view_shows_the_point_in_the_middle_of_what_is_there(target, tmp_path):
    view = slicer.app.layoutManager().threeDWidget(0).mrmlViewNode()
    view.SetBoxVisible(False)
    view.SetAxisLabelsVisible(False)
    path = views.render_3d(tmp_path / "view.png", (200, 200), from_direction_ras=(-1, 0, 0))
    assert _red_center_px(path) == pytest.approx((100, 100), abs=3)
