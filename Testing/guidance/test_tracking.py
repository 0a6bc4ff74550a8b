"""From what a tracker sends to the coil in the MRI: the chain's order, its names, and tools that are lost."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.geometry.poses import is_rigid, pose_from_axes, rotation_from_euler
from DLPFCSegmenterLib.guidance.tracking import SILENT_S, Guide, Sighting, ToolNames, in_reference, judged

NAMES = ToolNames()
NOW_S = 1000.0
SILENT = "not heard of any more"


def pose(numbers):
    return pose_from_axes(*rotation_from_euler(numbers[:3]).T, numbers[3:])


poses = st.tuples(*[st.floats(-180.0, 180.0)] * 3, *[st.floats(5.0, 900.0)] * 3).map(pose)
A_POSE = pose((20.0, -40.0, 60.0, 100.0, 200.0, 300.0))


def heard(matrix, name="CoilToReference", **others):
    seen = {name: Sighting(matrix, NOW_S)}
    return seen | {key: Sighting(each, NOW_S) for key, each in others.items()}


@given(poses, poses, poses, poses)
def test_the_coil_in_the_tracker_is_found_in_the_mri_whereever_the_head_is(mri_from_reference, reference, coil, own):
    guide = Guide(mri_from_reference, ToolNames(coil="CoilToTracker"), own)
    seen = heard(coil, "CoilToTracker", ReferenceToTracker=reference)
    expected = mri_from_reference @ np.linalg.inv(reference) @ coil @ own
    assert np.allclose(guide.coil_in_mri(seen, NOW_S).matrix, expected, atol=1e-6)


@given(poses, poses, poses)
def test_what_the_sender_has_multiplied_gives_the_same_coil(mri_from_reference, reference, coil):
    assume(not np.allclose(reference, coil, atol=1e-3))  # the identity is sent of a tool that is not seen
    from_tracker = Guide(mri_from_reference, ToolNames(coil="CoilToTracker"))
    from_reference = Guide(mri_from_reference)
    seen = heard(coil, "CoilToTracker", ReferenceToTracker=reference)
    seen |= heard(np.linalg.inv(reference) @ coil)
    one, other = (guide.coil_in_mri(seen, NOW_S).matrix for guide in (from_tracker, from_reference))
    assert np.allclose(one, other, atol=1e-6)


@given(poses, poses, poses)
def test_a_head_that_moves_with_its_tool_and_coil_changes_nothing(mri_from_reference, coil, move):
    guide = Guide(mri_from_reference, ToolNames(coil="CoilToTracker"))
    before = guide.coil_in_mri(heard(coil, "CoilToTracker", ReferenceToTracker=A_POSE), NOW_S).matrix
    after = guide.coil_in_mri(heard(move @ coil, "CoilToTracker", ReferenceToTracker=move @ A_POSE), NOW_S).matrix
    assert np.allclose(before, after, atol=1e-6)


def test_a_point_of_the_coil_lands_where_each_frame_says():
    """By hand: the coil's centre lies 10 mm beside its marker, that 5 mm in front of the reference's, and so on."""
    own, coil, head = np.eye(4), np.eye(4), np.eye(4)
    own[0, 3], coil[1, 3], head[2, 3] = 10.0, 5.0, 7.0
    quarter = pose_from_axes((0, 1, 0), (-1, 0, 0), (0, 0, 1), (0.0, 0.0, 0.0))
    found = Guide(quarter @ head, NAMES, own).coil_in_mri(heard(coil), NOW_S)
    assert np.allclose(found.matrix[:3, 3], (-5.0, 10.0, 7.0))


def test_a_pose_in_single_precision_comes_out_at_right_angles():
    found = judged(Sighting(A_POSE.astype(np.float32), NOW_S), NOW_S).matrix
    assert np.allclose(found[:3, :3].T @ found[:3, :3], np.eye(3), atol=1e-12) and is_rigid(found)


ROTTEN = {
    "nan": A_POSE * np.nan,
    "infinite": np.where(np.arange(4) == 3, np.inf, A_POSE),
    "zeros": np.zeros((4, 4)),
    "mirrored": A_POSE @ np.diag([-1.0, 1.0, 1.0, 1.0]),
    "scaled": A_POSE @ np.diag([1.1, 1.1, 1.1, 1.0]),
    "sheared": A_POSE + np.outer((1, 0, 0, 0), (0, 0.2, 0, 0)),
    "in another county": A_POSE + np.outer((1, 0, 0, 0), (0, 0, 0, 1e30)),
    "last row": A_POSE + np.outer((0, 0, 0, 1), (0, 0, 0, 1)),
    "no matrix": np.eye(3),
}


@pytest.mark.parametrize("matrix", ROTTEN.values(), ids=ROTTEN.keys())
def test_what_is_no_rotation_is_never_a_position(matrix):
    assert Guide(np.eye(4)).coil_in_mri(heard(matrix), NOW_S) == judged(Sighting(matrix, NOW_S), NOW_S)
    assert judged(Sighting(matrix, NOW_S), NOW_S).lost == "what is sent of it is no position"


def test_the_identity_is_what_is_sent_of_a_tool_that_is_not_seen():
    assert judged(Sighting(np.eye(4), NOW_S), NOW_S).lost == "not seen"
    moved = np.eye(4)
    moved[0, 3] = 0.5
    assert judged(Sighting(moved, NOW_S), NOW_S).matrix is not None


@pytest.mark.parametrize("status, is_seen", [("", True), ("OK", True), ("ok", True), ("MISSING", False), ("X", False)])
def test_a_sender_may_say_that_a_tool_is_not_seen(status, is_seen):
    assert (judged(Sighting(A_POSE, NOW_S, status), NOW_S).matrix is not None) == is_seen


@pytest.mark.parametrize(
    "age_s, lost",
    [(0.0, ""), (SILENT_S, ""), (SILENT_S + 0.01, SILENT), (-1.0, SILENT)],
)
def test_a_tool_that_was_not_heard_of_for_half_a_second_is_lost(age_s, lost):
    assert judged(Sighting(A_POSE, NOW_S - age_s), NOW_S).lost == lost


def test_a_tool_that_was_never_heard_of_is_lost():
    assert Guide(A_POSE).coil_in_mri({}, NOW_S).lost == "never heard of"


@pytest.mark.parametrize("coil", ["CoilToTracker", "CoilToReference"])
@pytest.mark.parametrize("reference", [np.eye(4), ROTTEN["nan"]])
def test_a_coil_without_its_head_is_lost(coil, reference):
    guide = Guide(A_POSE, ToolNames(coil=coil))
    found = guide.coil_in_mri(heard(A_POSE, coil, ReferenceToTracker=reference), NOW_S)
    assert found.matrix is None and found.lost.startswith("the tool on the head: ")


def test_a_coil_in_the_trackers_frame_needs_the_head():
    found = Guide(A_POSE, ToolNames(coil="CoilToTracker")).coil_in_mri(heard(A_POSE, "CoilToTracker"), NOW_S)
    assert found.lost == "the tool on the head: never heard of"


def test_the_stylus_is_found_as_the_coil_is():
    names = ToolNames(stylus="StylusTipToTracker", reference="HeadToTracker", coil="CoilToHead")
    seen = heard(A_POSE, names.stylus, HeadToTracker=A_POSE)
    assert np.allclose(in_reference(names.stylus, names, seen, NOW_S).matrix, np.eye(4), atol=1e-9)


@pytest.mark.parametrize(
    "wrong",
    [
        {"coil": "Coil"}, {"coil": "CoilTo"}, {"coil": "coiltoreference"}, {"coil": "CoilToProbe"},
        {"stylus": "ReferenceToTracker"}, {"coil": "ReferenceToCoil"}, {"reference": "Tracker"}, {"stylus": ""},
    ],
)  # fmt: skip
def test_a_name_that_leads_to_no_known_frame_is_refused(wrong):
    with pytest.raises(UserError):
        ToolNames(**wrong)


def test_a_tool_may_be_called_tool():
    names = ToolNames("ToolToTool2", "StylusToTool2", "Tool2ToTracker")
    assert not names.needs_reference(names.coil)
