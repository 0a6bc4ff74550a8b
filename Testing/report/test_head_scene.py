from dataclasses import replace

import numpy as np
import pytest
from vtk.util.numpy_support import vtk_to_numpy

from DLPFCSegmenterLib.report.head_scene import _letters, _views, mask_surface, render_head
from DLPFCSegmenterLib.scan.volume import voxel_points_ras_mm
from DLPFCSegmenterLib.targeting.coil import coil_surface
from DLPFCSegmenterLib.terminology import segment_colour
from hand_made_plans import make_plan, with_coil
from targeting.known_heads import CENTRE_RAS_MM, RADII_MM, ellipsoid_scalp

SCALP = ellipsoid_scalp(resolution=24)


def _heads(hemisphere: str):
    return render_head(SCALP, make_plan("PSR", (hemisphere,)).sides[hemisphere], _views(hemisphere))


@pytest.mark.parametrize("code", ("RAS", "PSR", "LIA", "oblique"))
def test_the_mask_surface_lies_around_the_mask_in_every_axis_order(code):
    region = make_plan(code).sides["left"].region
    surface = vtk_to_numpy(mask_surface(region).GetPoints().GetData())
    voxels = voxel_points_ras_mm(region.volume, region.mask_kji)
    np.testing.assert_allclose(surface.mean(axis=0), voxels.mean(axis=0), atol=1.0)
    assert np.all(np.ptp(surface, axis=0) < np.ptp(voxels, axis=0) + 6.0)


def test_a_mask_at_the_border_of_the_scan_still_has_a_closed_surface():
    region = make_plan().sides["left"].region
    surface = mask_surface(replace(region, mask_kji=np.ones_like(region.mask_kji)))
    assert surface.GetNumberOfPoints() > 100


@pytest.mark.parametrize("hemisphere", ("left", "right"))
def test_the_patients_right_is_on_the_left_of_the_picture_from_the_front(hemisphere):
    view = _heads(hemisphere)[1]
    assert _letters(view, SCALP) == ("R", "L", "I", "S")
    right, left = view.place_mm(CENTRE_RAS_MM + np.array([[40.0, 0, 0], [-40.0, 0, 0]]))
    assert right[0] < left[0]


def test_the_face_is_on_the_left_when_seen_from_the_left_and_on_the_right_from_the_right():
    assert _letters(_heads("left")[0], SCALP) == ("A", "P", "I", "S")
    assert _letters(_heads("right")[0], SCALP) == ("P", "A", "I", "S")


@pytest.mark.parametrize("hemisphere", ("left", "right"))
def test_the_mask_is_drawn_where_the_picture_says_that_it_lies(hemisphere):
    plan = make_plan("PSR", (hemisphere,))
    for image in render_head(SCALP, plan.sides[hemisphere], _views(hemisphere)):
        hue = image.pixels / image.pixels.sum(axis=-1, keepdims=True).clip(1)
        colour = np.array(segment_colour(hemisphere))
        coloured = (hue - np.median(hue, axis=(0, 1))) @ (colour / colour.sum() - 1 / 3) > 0.02
        rows, columns = np.nonzero(coloured)
        left, right, bottom, top = image.extent_mm
        height, width = coloured.shape
        found = (left + columns.mean() / width * (right - left), top - rows.mean() / height * (top - bottom))
        centre = plan.sides[hemisphere].target.position_ras_mm
        np.testing.assert_allclose(found, image.place_mm(centre), atol=3.0)


def test_the_picture_holds_the_whole_head():
    left, right, bottom, top = _heads("left")[0].extent_mm
    assert right - left == pytest.approx(2 * RADII_MM[1] + 16, abs=2)
    assert top - bottom == pytest.approx(2 * RADII_MM[2] + 16, abs=2)


def test_the_coils_face_touches_its_pose_and_the_handle_points_away_from_y():
    pose = with_coil(make_plan()).sides["left"].coil_pose_ras_mm
    in_coil = (vtk_to_numpy(coil_surface(pose).GetPoints().GetData()) - pose[:3, 3]) @ pose[:3, :3]
    assert in_coil[:, 2].max() == pytest.approx(0.0, abs=0.1)
    assert in_coil[:, 1].min() < -100 and in_coil[:, 1].max() < 45
    assert in_coil[:, 0].max() == pytest.approx(-in_coil[:, 0].min(), abs=0.1)
