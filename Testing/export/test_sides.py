"""Points, coils and masks on the other side than they are said to be of: refused or told at every door."""

from dataclasses import replace

import numpy as np
import pytest

from DLPFCSegmenterLib.doubts import doubt
from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.export.exporting import write_formats
from DLPFCSegmenterLib.export.sides import Frame, checked, mask_place_doubts, require_mask_of, side_in, told_region
from DLPFCSegmenterLib.export.targets import PlannedTarget
from DLPFCSegmenterLib.scan.head_frame import HeadFrame
from DLPFCSegmenterLib.scan.origin import Origin
from DLPFCSegmenterLib.scan.volume import Volume
from hand_made_plans import make_plan

SPREAD_MM = 1.7


def frame(shift_x_mm: float = 0.0, spread_mm: float = SPREAD_MM) -> Frame:
    """A head whose midline lies at `shift_x_mm`."""
    matrix = np.eye(4)
    matrix[0, 3] = shift_x_mm
    return Frame(lambda: HeadFrame(matrix, spread_mm))


def target(label, x_mm, hemisphere="", **more):
    return PlannedTarget(label, np.array([x_mm, 40.0, 30.0]), hemisphere=hemisphere, **more)


def pose(centre, z_axis):
    z_axis = np.array(z_axis, float) / np.linalg.norm(z_axis)
    y_axis = np.cross(z_axis, (1.0, 0.2, 0.0))
    y_axis /= np.linalg.norm(y_axis)
    matrix = np.eye(4)
    matrix[:3] = np.column_stack((np.cross(y_axis, z_axis), y_axis, z_axis, centre))
    return matrix


@pytest.mark.parametrize(
    ("name", "side"),
    [
        ("My target (left)", "left"), ("DLPFC_L", "left"), ("L tragus", "left"), ("Right Ear", "right"),
        ("rh.dlpfc", "right"), ("lDLPFC", "left"), ("R-M1 2", "right"), ("DLPFC 左", "left"), ("右DLPFC", "right"),
        ("dlpfc_right.nii.gz", "right"), ("right of the coil (left)", "left"), ("LEFT", "left"),
        ("DLPFC", ""), ("left or right", ""), ("Larger", ""), ("R2L", ""), ("Brightest", ""), ("L4_R4", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_side_is_a_word_of_its_own_in_a_name(name, side):
    assert side_in(name) == side


@pytest.mark.parametrize(("x_mm", "shift_mm"), [(36.0, 0.0), (-10.0, -40.0), (12.0, 0.0)])
def test_a_point_named_left_that_lies_on_the_right_is_refused_wherever_the_midline_runs(x_mm, shift_mm):
    with pytest.raises(UserError, match="^file.csv: 'My target .left.' is of the left side and lies .* the right"):
        checked("file.csv", [target("My target (left)", x_mm)], frame(shift_mm))


@pytest.mark.parametrize(("x_mm", "shift_mm"), [(-36.0, 0.0), (10.0, 40.0), (1.0, 0.0)])
def test_a_point_of_its_side_is_told_nothing_wherever_the_midline_runs(x_mm, shift_mm):
    (same,) = checked("file.csv", [target("My target (left)", x_mm)], frame(shift_mm))
    assert same.warnings == ()


def test_a_point_a_little_over_the_midline_is_told():
    (told,) = checked("file.csv", [target("T", -5.0, "right")], frame())
    assert told.warnings == ("'T' lies 5 mm over the midline, on the left; check its side.",)


@pytest.mark.parametrize("part", ["entry_ras_mm", "coil_pose_ras_mm"])
def test_an_entry_or_a_coil_on_the_other_side_than_its_target_is_refused(part):
    place = np.array([60.0, 45.0, 40.0])
    more = {part: place if part == "entry_ras_mm" else pose(place, -place)}
    with pytest.raises(UserError, match="over the midline"):
        checked("file.csv", [target("T", -36.0, "left", **more)], frame())


def test_points_that_name_no_side_are_told_nothing():
    (same,) = checked("file.csv", [target("Cz", 3.0)], frame())
    assert same.warnings == ()


def test_a_scan_that_fits_no_template_says_so_of_points_that_name_a_side_and_of_those_alone():
    told = checked("file.csv", [target("T (left)", -36.0), target("Cz", 3.0)], frame(spread_mm=9.0))
    assert [len(each.warnings) for each in told] == [1, 0] and told[0].warnings[0].endswith(
        "was not checked, as no human head was found in the scan (its parts disagree by 9.0 mm, at most 4.5 expected)."
    )


def test_without_a_scan_a_whole_file_the_wrong_way_round_is_refused():
    """As by a file in LPS that says RAS."""
    with pytest.raises(UserError, match="all that is named left lies to the right of all that is named right"):
        checked("file.csv", [target("Left tragus", 75.0), target("R tragus", -74.0)], None)


def test_without_a_scan_a_point_far_on_the_other_side_of_x_0_is_told():
    left, near = checked("file.csv", [target("T (left)", 36.0), target("U (left)", 15.0)], None)
    assert "lies at x = 36 mm, which in most scans is the right side" in left.warnings[0] and near.warnings == ()


@pytest.mark.parametrize("z_axis", [(1.0, -0.9, -0.7), (0.9, -1.0, -0.5), (1.0, -0.6, -0.9)])
def test_a_coil_that_points_into_the_head_is_told_nothing(z_axis):
    inward = pose((-60.0, 55.0, 60.0), z_axis)
    (same,) = checked("f", [PlannedTarget("T", inward[:3, 3] + 30.0 * inward[:3, 2], coil_pose_ras_mm=inward)], frame())
    assert same.warnings == ()


@pytest.mark.parametrize(
    ("z_axis", "manner"),
    [((-1.0, 0.9, 0.7), "out of the head"), ((0.0, 0, 1), "out of the head"), ((0.0, 0.6, -1.0), "past")],
)
def test_a_coil_that_points_out_of_the_head_or_past_the_brain_is_told(z_axis, manner):
    centre = np.array([-60.0, 55.0, 60.0])
    of_coil_alone = PlannedTarget("T", centre, coil_pose_ras_mm=pose(centre, z_axis))
    (told,) = checked("f", [of_coil_alone], frame())
    assert f"The coil of 'T' points {manner}" in told.warnings[0]


@pytest.mark.parametrize(
    ("moved_mm", "past_mm"),
    [
        ((0.0, 0.0, 0.0), 0),
        ((0.0, 0.0, 8.0), 0),
        ((0.0, 25.0, 0.0), 25),
        ((0.0, -20.0, -15.0), 25),
        ((0.0, 0.0, 12), 12),
    ],
)
@pytest.mark.parametrize("known", [frame(), None])
def test_a_target_that_was_moved_without_its_coil_is_told(moved_mm, past_mm, known):
    moved = replace(target("T", -36.0), position_ras_mm=np.array([-36.0, 40.0, 30.0]) + moved_mm)
    towards = pose((-60.0, 40.0, 30.0), (1.0, 0.0, 0.0))
    (told,) = checked("f", [replace(moved, coil_pose_ras_mm=towards)], known)
    past = [text for text in told.warnings if f"points {past_mm} mm past its target" in text]
    assert len(past) == bool(past_mm) and ("past its target" in " ".join(told.warnings)) == bool(past_mm)


@pytest.mark.parametrize(("moved_mm", "is_told"), [((0.0, 5.0, 0.0), False), ((4.0, 20.0, 0.0), True)])
def test_an_entry_that_was_moved_without_its_coil_is_told(moved_mm, is_told):
    entry = np.array([-56.0, 40.0, 30.0]) + moved_mm
    towards = pose((-60.0, 40.0, 30.0), (1.0, 0.0, 0.0))
    (told,) = checked("f", [target("T", -36.0, coil_pose_ras_mm=towards, entry_ras_mm=entry)], frame())
    assert ("20 mm past its scalp entry" in " ".join(told.warnings)) == is_told


def test_a_coil_that_points_away_from_its_own_target_is_told_without_a_scan():
    away = pose((-60.0, 55.0, 60.0), (-1.0, 0.9, 0.7))
    (told,) = checked("f", [target("T", -36.0, coil_pose_ras_mm=away)], None)
    assert "points away from its target" in told.warnings[0]


def test_a_mask_of_the_other_side_is_refused_by_the_frame_and_without_one_by_the_plan():
    region = make_plan(hemispheres=("right",)).sides["right"].region
    planned = make_plan().sides["left"].target.centroid_ras_mm
    wrong = replace(region, hemisphere="left")
    with pytest.raises(UserError, match="dlpfc_left.nii.gz: the mask lies in the right hemisphere"):
        require_mask_of("dlpfc_left.nii.gz", wrong, planned, frame())
    with pytest.raises(UserError, match="dlpfc_left.nii.gz: lies 72 mm from where the left DLPFC was planned"):
        require_mask_of("dlpfc_left.nii.gz", wrong, planned, frame(spread_mm=9.0))
    require_mask_of("dlpfc_right.nii.gz", region, planned * (-1, 1, 1), frame())


def test_a_mask_whose_segment_is_named_after_the_other_side_is_refused():
    region = make_plan().sides["left"].region
    mask = region.volume.with_array(region.mask_kji)
    with pytest.raises(UserError, match="lies in the left hemisphere, but the right one"):
        mask_place_doubts(mask, "Right DLPFC", frame())
    assert mask_place_doubts(mask, "Segment_1", frame()) == mask_place_doubts(mask, "Left DLPFC", frame())


def far_mask(name):
    """A ball in the left inferior parietal lobule, MNI (-45, -60, 40) mm."""
    matrix = np.diag([2.0, 2.0, 2.0, 1.0])
    matrix[:3, 3] = -55.0, -70.0, 30.0
    ijk = np.indices((11, 11, 11)).reshape(3, -1).T
    ball = np.linalg.norm(ijk - 5, axis=1).reshape(11, 11, 11) < 4
    return Volume(ball, matrix, Origin(name))


@pytest.mark.parametrize(
    ("label", "name", "remarks", "is_told"),
    [
        ("Left insula", "Segmentation.seg.nrrd", "", False),
        ("left inferior parietal", "mine.seg.dcm", "", False),
        ("insula_left", "insula_left.nii.gz", told_region("insula") + " Research use only.", False),
        ("m", "sub-01_space-T1w_hemi-L_label-insula_mask.nii.gz", "", False),
        ("insula_left", "insula_left.nii.gz", "", True),
        ("Left mask", "left_mask.seg.nrrd", "", True),
        ("Segment_1", "Segmentation.seg.nrrd", "Research use only.", True),
        ("lesion", "sub-01_label-mask_desc-x.nii.gz", "", True),
    ],
)
def test_where_the_dlpfc_lies_is_said_of_masks_alone_that_may_be_of_it(label, name, remarks, is_told):
    mask = far_mask(name)
    told = mask_place_doubts(mask, label, frame(), remarks)
    assert [each for each in told if "DLPFC" in each] == list(told)[: int(is_told)]
    with pytest.raises(UserError, match="from where the DLPFC lies in most heads; it is flipped, moved"):
        mask_place_doubts(mask, f"{label} DLPFC", frame(), remarks)


@pytest.mark.parametrize("key", ["mask_other_side", "hotspot_other_side"])
def test_a_plan_with_a_mask_or_hotspot_of_the_other_side_leaves_by_no_door(key, tmp_path):
    plan = make_plan()
    at = {"r": 0.0, "a": 0.0, "s": 0.0}
    told = doubt(key, "left", source="scan", other="right", planned="left", **at)
    edited = replace(plan, sides={"left": replace(plan.sides["left"], warnings=(told,))})
    with pytest.raises(UserError, match="right"):
        write_formats(edited, ("csv", "mask-nifti"), tmp_path, False)
    assert not list(tmp_path.iterdir())


def test_a_point_of_a_plan_that_lies_on_the_other_side_leaves_by_no_door(tmp_path):
    plan = replace(make_plan(), registration=HeadFrame(np.eye(4), SPREAD_MM))
    side = plan.sides["left"]
    marks = tuple(replace(mark, position_ras_mm=mark.position_ras_mm * (-1, 1, 1)) for mark in side.landmarks)
    with pytest.raises(UserError, match="over the midline"):
        write_formats(replace(plan, sides={"left": replace(side, landmarks=marks)}), ("csv",), tmp_path, False)


@pytest.mark.parametrize(("scale", "manner"), [(3.0, "from the brain, off the head"), (0.3, "inside the brain")])
def test_a_coil_far_off_the_head_or_in_the_brain_is_told(scale, manner):
    centre = scale * np.array([-60.0, 55.0, 60.0])
    (told,) = checked("f", [target("T", -36.0, coil_pose_ras_mm=pose(centre, (1.0, -0.9, -0.7)))], frame())
    assert [text for text in told.warnings if "The coil of 'T' lies " in text and manner in text]


@pytest.mark.parametrize("where", [None, frame(), frame(-80.0)])
def test_a_coil_and_a_point_in_metres_are_told_with_a_scan_and_without(where):
    place = np.array([-0.06, 0.055, 0.06])
    coil = PlannedTarget("T", place, coil_pose_ras_mm=pose(place, (1.0, -0.9, -0.7)))
    for told in checked("f", [coil, PlannedTarget("P", place)], where):
        assert "lies at the origin of its space" in told.warnings[0] and "metres" in told.warnings[0]
