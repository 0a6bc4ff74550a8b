import warnings
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread

from DLPFCSegmenterLib.report.head_scene import draw_head_legend
from DLPFCSegmenterLib.report.overview import draw_overview
from DLPFCSegmenterLib.report.slices import (
    AXIAL,
    CORONAL,
    PIXEL_MM,
    PLANES,
    SAGITTAL,
    cut,
    draw_landmarks,
    draw_target,
    drawable,
    head_box,
    marks_of,
)
from DLPFCSegmenterLib.scan.origin import Origin
from DLPFCSegmenterLib.scan.volume import Volume, voxel_points_ras_mm
from DLPFCSegmenterLib.terminology import segment_colour
from hand_made_plans import make_plan, with_everything, without_side

BOX = (np.array([-80.0, -90.0, -60.0]), np.array([80.0, 95.0, 75.0]))


def _bright_spot(code: str) -> Volume:
    """The scan made dark but for the left DLPFC, whose centre is near R -36, A 40, S 28."""
    region = make_plan(code).sides["left"].region
    return region.volume.with_array(region.mask_kji.astype(np.float32) * 100)


def _centre_mm(slice_cut) -> tuple[float, float]:
    """Where the bright pixels lie, (across, up) in RAS mm."""
    rows, columns = np.nonzero(slice_cut.values > 50)
    left, _, bottom, _ = slice_cut.extent_mm
    return left + (columns.mean() + 0.5) * PIXEL_MM, bottom + (rows.mean() + 0.5) * PIXEL_MM


@pytest.mark.parametrize("code", ("RAS", "LIA", "PSR", "oblique"))
@pytest.mark.parametrize("plane", PLANES, ids=lambda plane: plane.name)
def test_every_plane_shows_the_spot_at_its_own_ras_place(code, plane):
    volume = _bright_spot(code)
    spot = voxel_points_ras_mm(volume, volume.array_kji > 0).mean(axis=0)
    found = _centre_mm(cut(volume, plane, spot[plane.normal], BOX))
    assert found == pytest.approx((spot[plane.across], spot[plane.up]), abs=2.0)


def test_a_slice_beside_the_spot_is_dark():
    assert cut(_bright_spot("PSR"), AXIAL, -20.0, BOX).values.max() == 0


def test_the_letters_fit_the_radiological_convention():
    assert AXIAL.letters == ("R", "L", "P", "A")
    assert CORONAL.letters == ("R", "L", "I", "S")
    assert SAGITTAL.letters == ("A", "P", "I", "S")


@pytest.mark.parametrize("code", ("RAS", "LIA", "oblique"))
def test_the_head_box_holds_the_bright_part_and_little_more(code):
    volume = _bright_spot(code)
    points = voxel_points_ras_mm(volume, volume.array_kji > 0)
    low, high = head_box(volume)
    assert np.all(low < points.min(axis=0)) and np.all(high > points.max(axis=0))
    assert np.all(high - low < np.ptp(points, axis=0) + 25)


def _picture(plan, tmp_path) -> np.ndarray:
    """The drawn picture, shape (rows, columns, 3), 0..1."""
    path = tmp_path / "overview.png"
    draw_overview(plan, path)
    return imread(path)[:, :, :3]


def _share_right_of_axial_middle(picture, hemisphere: str) -> float:
    """Share of the outline's pixels in the right half of the axial panel (the picture's first third)."""
    rows, width, _ = picture.shape
    panel = picture[int(0.2 * rows) : int(0.75 * rows), int(0.02 * width) : int(0.33 * width)]
    near = np.linalg.norm(panel - segment_colour(hemisphere), axis=-1) < 0.1
    columns = np.nonzero(near)[1]
    assert columns.size > 30, "no outline was drawn"
    return float(np.mean(columns > panel.shape[1] / 2))


@pytest.mark.parametrize("code", ("RAS", "LIA", "PSR", "oblique"))
def test_the_left_dlpfc_is_on_the_pictures_right_in_every_axis_order(tmp_path, code):
    assert _share_right_of_axial_middle(_picture(make_plan(code), tmp_path), "left") > 0.95


def test_the_right_dlpfc_is_on_the_pictures_left(tmp_path):
    plan = make_plan("PSR", ("right",))
    assert _share_right_of_axial_middle(_picture(plan, tmp_path), "right") < 0.05


@pytest.mark.slow
def test_both_sides_take_a_row_each(tmp_path):
    one = _picture(make_plan(), tmp_path)
    both = _picture(make_plan(hemispheres=("left", "right")), tmp_path)
    assert both.shape[1] == one.shape[1]
    assert 1.8 < both.shape[0] / one.shape[0] < 2.0


@pytest.mark.slow
def test_a_side_that_was_not_found_is_told_below_the_picture(tmp_path):
    plan = make_plan(hemispheres=("left", "right"))
    assert _picture(without_side(plan, "right"), tmp_path).shape[0] > _picture(make_plan(), tmp_path).shape[0]


@pytest.mark.slow
def test_long_warnings_stay_inside_the_picture(tmp_path):
    plain = _picture(make_plan(), tmp_path)
    warned = _picture(replace(make_plan(), warnings=("a warning of many words " * 20,)), tmp_path)
    assert warned.shape[0] > plain.shape[0] and warned.shape[1] == plain.shape[1]
    assert warned[:, -8:].max() < 0.05, "something runs over the right edge"


def test_every_mark_has_a_glyph_of_its_own():
    marks = marks_of(with_everything(make_plan()).sides["left"])
    assert len(marks) == len({mark.marker for mark in marks}) == len({mark.colour for mark in marks}) == 8


def _marked(figure: Figure) -> list[list[str]]:
    """The markers that each slice shows."""
    return [[line.get_marker() for line in axes.lines if line.get_marker() != "None"] for axes in figure.axes]


@pytest.mark.parametrize("moved_mm", (0.0, 0.9, 1.2, 30.0, -73.0))
def test_a_point_is_drawn_on_the_slices_that_cut_it_alone(moved_mm):
    plan = make_plan()
    side = plan.sides["left"]
    hotspot, five_cm = side.landmarks
    at = side.target.position_ras_mm + (25.0, moved_mm, 30.0)
    side = replace(side, landmarks=(replace(hotspot, position_ras_mm=at), five_cm))
    figure = Figure()
    draw_target(figure, plan.volume, side, "black")
    cut_by_it = [] if abs(moved_mm) > 1 else ["^"]
    assert _marked(figure) == [["P"], ["P"], [*cut_by_it, "P"]]


@pytest.mark.slow
@pytest.mark.parametrize("everything", (False, True))
def test_every_landmark_has_a_slice_of_its_own_through_it(everything):
    plan = with_everything(make_plan()) if everything else make_plan()
    side = plan.sides["left"]
    figure = Figure(figsize=(6, 4))
    draw_landmarks(figure, plan.volume, side, "black")
    for mark, marks, axes in zip(marks_of(side)[1:], _marked(figure), figure.axes, strict=False):
        assert mark.marker == marks[-1] and axes.get_title().endswith(f"{abs(mark.position_ras_mm[1]):.1f} mm")


@pytest.mark.parametrize("width_inch", (6, 8, 12))
def test_a_legend_of_all_landmarks_is_no_wider_than_its_picture(width_inch):
    figure = Figure(figsize=(width_inch, 4))
    draw_head_legend(figure, with_everything(make_plan()).sides["left"], "black")
    (legend,) = figure.legends
    edges = legend.get_window_extent()
    assert 0 <= edges.x0 and edges.x1 <= figure.bbox.width and edges.width > 0.6 * min(figure.bbox.width, 800)


def test_a_scan_down_to_the_chest_is_shown_from_the_crown_to_the_chin():
    tall = np.zeros((90, 40, 40), np.float32)
    tall[2:88, 5:35, 5:35] = 100
    low, high = head_box(Volume(tall, np.diag([5.0, 5.0, 5.0, 1.0])))
    assert high[2] - low[2] < 260 and high[2] > 435


def test_a_plan_without_landmarks_is_drawn_too(tmp_path):
    plan = make_plan()
    bare = replace(plan.sides["left"], landmarks=(), distances_mm={})
    assert _picture(replace(plan, sides={"left": bare}), tmp_path).max() > 0.9


@pytest.mark.parametrize(
    "name", ("$T1$ of $x_2.nii.gz", "cost $5 $6", "{a}$^$", "r\\$alpha$.nii", "左脑.nii.gz", "ünïcode.nii", "a\nb.nii")
)
def test_any_path_is_drawn(name, tmp_path):
    plan = make_plan()
    plan = replace(plan, volume=replace(plan.volume, origin=Origin(f"/data/{name}")))
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # of a letter that is drawn as a box
        draw_overview(plan, tmp_path / "overview.png")
    assert imread(tmp_path / "overview.png").any()


def test_a_letter_that_no_font_has_is_drawn_as_its_code():
    assert drawable("T1 \U00013080 ü") == "T1 \\U00013080 ü"


@pytest.mark.slow
@pytest.mark.parametrize("change", (lambda v: v - 5000.0, lambda v: v / 1e6, lambda v: v + 5000.0))
def test_a_scan_of_other_units_gives_the_same_picture(change, tmp_path):
    plan = make_plan()
    side = plan.sides["left"]
    other = plan.volume.with_array(change(plan.volume.array_kji.astype(np.float64)).astype(np.float32))
    changed = replace(plan, volume=other, sides={"left": replace(side, region=replace(side.region, volume=other))})
    for name, each in (("a.png", plan), ("b.png", changed)):
        draw_overview(each, tmp_path / name)
    np.testing.assert_allclose(imread(tmp_path / "a.png"), imread(tmp_path / "b.png"), atol=0.02)
