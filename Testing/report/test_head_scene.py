from dataclasses import replace

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from vtk.util.numpy_support import vtk_to_numpy

from DLPFCSegmenterLib.report.head_scene import axes_ras, draw_head, letters, mask_surface, views_of
from DLPFCSegmenterLib.scan.volume import voxel_points_ras_mm
from DLPFCSegmenterLib.targeting.coil import coil_surface
from DLPFCSegmenterLib.terminology import segment_colour
from hand_made_plans import make_plan, with_coil
from targeting.known_heads import CENTRE_RAS_MM, RADII_MM, ellipsoid_scalp

SCALP = ellipsoid_scalp(resolution=24)


VIEWS = {hemisphere: [axes_ras(SCALP, view) for view in views_of(hemisphere)] for hemisphere in ("left", "right")}


def _drawn(hemisphere: str):
    """The figure's axes, one for each view, and its pixels, shape (rows, columns, 3), 0 to 1."""
    figure = Figure(figsize=(8, 5), dpi=100)
    draw_head(figure, SCALP, make_plan("PSR", (hemisphere,)).sides[hemisphere], "black")
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return figure.axes, np.asarray(canvas.buffer_rgba())[:, :, :3] / 255.0


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
    from_front = VIEWS[hemisphere][1]
    assert letters(from_front, SCALP) == ("R", "L", "I", "S")
    right, left = (CENTRE_RAS_MM + np.array([[40.0, 0, 0], [-40.0, 0, 0]])) @ from_front[0]
    assert right < left


def test_the_face_is_on_the_left_when_seen_from_the_left_and_on_the_right_from_the_right():
    assert letters(VIEWS["left"][0], SCALP) == ("A", "P", "I", "S")
    assert letters(VIEWS["right"][0], SCALP) == ("P", "A", "I", "S")


@pytest.mark.parametrize("hemisphere", ("left", "right"))
def test_the_mask_is_drawn_where_it_lies_in_the_view(hemisphere):
    axes, pixels = _drawn(hemisphere)
    hue = pixels / pixels.sum(axis=-1, keepdims=True).clip(1e-6)
    colour = np.array(segment_colour(hemisphere))
    rows, columns = np.nonzero(np.linalg.norm(hue - colour / colour.sum(), axis=-1) < 0.03)
    centre = make_plan("PSR", (hemisphere,)).sides[hemisphere].target.position_ras_mm
    for each, view in zip(axes, VIEWS[hemisphere], strict=True):
        places = each.transData.inverted().transform(np.column_stack([columns, len(pixels) - rows]))
        low, high = np.array([each.get_xlim(), each.get_ylim()]).T
        found = places[np.all((places > low) & (places < high), axis=1)]
        np.testing.assert_allclose((found.min(axis=0) + found.max(axis=0)) / 2, view[:2] @ centre, atol=3.0)


def test_the_picture_holds_the_whole_head():
    left, right = _drawn("left")[0][0].get_xlim()
    bottom, top = _drawn("left")[0][0].get_ylim()
    assert right - left == pytest.approx(2 * RADII_MM[1] + 16, abs=4)
    assert top - bottom == pytest.approx(2 * RADII_MM[2] + 16, abs=4)


def test_the_coils_face_touches_its_pose_and_the_handle_points_away_from_y():
    pose = with_coil(make_plan()).sides["left"].coil_pose_ras_mm
    in_coil = (vtk_to_numpy(coil_surface(pose).GetPoints().GetData()) - pose[:3, 3]) @ pose[:3, :3]
    assert in_coil[:, 2].max() == pytest.approx(0.0, abs=0.1)
    assert in_coil[:, 1].min() < -100 and in_coil[:, 1].max() < 45
    assert in_coil[:, 0].max() == pytest.approx(-in_coil[:, 0].min(), abs=0.1)
