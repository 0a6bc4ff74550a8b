"""The main job on a head whose answer is known."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from DLPFCSegmenterLib import plan as plan_module
from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.evaluation.evaluate import answers_of
from DLPFCSegmenterLib.geometry import spaces
from DLPFCSegmenterLib.geometry.poses import is_rigid
from DLPFCSegmenterLib.geometry.spaces import transform_points
from DLPFCSegmenterLib.networks import weights
from DLPFCSegmenterLib.networks.registry import Trained
from DLPFCSegmenterLib.networks.weights import Model
from DLPFCSegmenterLib.plan import Kept, PlanOptions, make_plan, plan_by_hand
from DLPFCSegmenterLib.progress import SilentProgress
from DLPFCSegmenterLib.scan.checks import check_scan
from DLPFCSegmenterLib.scan.head_frame import HeadFrame
from DLPFCSegmenterLib.scan.head_scan import HeadScan
from DLPFCSegmenterLib.segmentation.segmenter import Segmenter
from DLPFCSegmenterLib.targeting.beam_f3 import HeadMeasures, beam_sites
from DLPFCSegmenterLib.targeting.fiducials import Fiducials
from DLPFCSegmenterLib.targeting.mni_targets import MNI_TARGETS
from DLPFCSegmenterLib.words import method_of
from synthetic_head import (
    HEAD_CONFIG,
    BrightBallNetwork,
    ball_ras_mm,
    bright_ball_model,
    plain_grid,
    synthetic_head,
)
from targeting.known_heads import CENTRE_RAS_MM, RADII_MM, ellipsoid_scan

REAL_SEGMENTER = plan_module._segmenter


@pytest.fixture(autouse=True)
def bright_ball(monkeypatch):
    """A network whose answer is known; everything else is real."""
    monkeypatch.setattr(plan_module, "_segmenter", lambda options, kept: Segmenter(bright_ball_model()))


@pytest.fixture(scope="module")
def head():
    return synthetic_head(*plain_grid())


@pytest.mark.slow
def test_plan_holds_the_region_the_target_the_model_and_the_times(head):
    plan = make_plan(head, PlanOptions(landmarks=False), SilentProgress())
    assert np.linalg.norm(plan.sides["left"].target.position_ras_mm - ball_ras_mm()) < 0.7
    assert plan.model.id == "bright-ball" and plan.model.label_definition == "a bright ball"
    assert plan.timing_s["segment left"] > 0 and not plan.not_found


@pytest.mark.slow
def test_who_waits_for_a_plan_is_told_how_far_it_is_from_its_first_step_on(head):
    told = []
    progress = SimpleNamespace(report=lambda *step: told.append(step))
    make_plan(head, PlanOptions(landmarks=False), progress)
    assert told[:4] == [(done, 4, "getting ready") for done in range(4)]


@pytest.mark.slow
def test_a_plan_asks_the_model_at_its_own_threshold_as_an_evaluation_does(head, monkeypatch):
    strict = Trained(BrightBallNetwork(), replace(HEAD_CONFIG, confidence=0.95))
    model = Model({"mask-rcnn": strict}, "strict", "0" * 64, {})
    monkeypatch.setattr(weights, "load_model", lambda path, device: model)
    monkeypatch.setattr(plan_module, "_segmenter", REAL_SEGMENTER)
    own, chosen = (make_plan(head, PlanOptions(threshold=t, landmarks=False), SilentProgress()) for t in (None, 0.5))
    assert "left" in own.not_found and "left" in chosen.sides
    assert PlanOptions().threshold is None
    assert answers_of(Segmenter(model))(head, "left").region is None


@pytest.mark.slow
def test_side_that_is_not_there_is_named_and_the_other_planned(head):
    plan = make_plan(head, PlanOptions(("left", "right"), landmarks=False), SilentProgress())
    assert list(plan.sides) == ["left"] and "right" in plan.not_found["right"]


@pytest.mark.slow
def test_scan_whose_head_cannot_be_read_keeps_mask_and_target_and_says_why(head):
    plan = make_plan(head, PlanOptions(), SilentProgress())
    side = plan.sides["left"]
    assert not side.landmarks and side.region.mask_kji.any()
    assert any("template" in warning or "scalp" in warning for warning in plan.warnings)


TARGET_RAS_MM = CENTRE_RAS_MM + (-32.0, 42.0, 48.0)


@pytest.fixture(scope="module")
def whole_head():
    """Skin, skull and brain, with a bright striped ball on the left of the brain."""
    scan = ellipsoid_scan(spacing_mm=2.0)
    k, j, i = np.indices(scan.array_kji.shape)
    points = spaces.ijk_to_ras_points(scan.ijk_to_ras, np.stack([i, j, k], axis=-1))
    ball = np.linalg.norm(points - TARGET_RAS_MM, axis=-1) < 10.0
    stripes = 700 + 100 * np.sin(points[..., 2] / 2)
    return scan.with_array(np.where(ball, stripes, scan.array_kji).astype(np.float32))


@pytest.mark.slow
def test_target_gets_its_scalp_entry_and_the_coil_over_it_with_the_asked_angle_and_standoff(whole_head, known_place):
    hotspot = tuple(CENTRE_RAS_MM + (-36.0, -4.0, 80.0))
    options = PlanOptions(hotspot_ras_mm=hotspot, coil_angle_deg=30.0, standoff_mm=6.0)
    side = make_plan(whole_head, options, SilentProgress()).sides["left"]
    entry, pose = side.entry, side.coil_pose_ras_mm
    assert entry.depth_mm == pytest.approx(np.linalg.norm(entry.position_ras_mm - side.target.position_ras_mm))
    assert entry.depth_mm == pytest.approx(side.distances_mm["target_to_scalp"])
    assert is_rigid(pose)
    np.testing.assert_allclose(pose[:3, 3] - entry.position_ras_mm, 6.0 * entry.normal_ras, atol=1e-6)
    np.testing.assert_allclose(pose[:3, 2], -entry.normal_ras, atol=1e-6)
    at_crown, up = np.array([0.5, np.sqrt(0.75), 0.0]), np.array([0.0, 0.0, 1.0])
    axis = np.cross(up, entry.normal_ras) / np.linalg.norm(entry.normal_ras[:2])  # of the shortest turn from the crown
    assert pose[:3, 1] @ axis == pytest.approx(at_crown @ axis, abs=1e-3)
    assert pose[:3, 1] @ np.cross(axis, entry.normal_ras) == pytest.approx(at_crown @ np.cross(axis, up), abs=1e-3)


RAS_FROM_MNI = np.eye(4)
RAS_FROM_MNI[:3, 3] = CENTRE_RAS_MM - (0.0, -17.0, 10.0)
FIDUCIALS = Fiducials(*(CENTRE_RAS_MM + RADII_MM * axis for axis in ((0, 1, 0), (0, -1, 0), (-1, 0, 0), (1, 0, 0))))


@pytest.fixture
def place_mni(monkeypatch):
    """Tells where MNI space lies, as the ellipsoid holds no brain that the template fits."""

    def place(offset_mm):
        matrix = RAS_FROM_MNI.copy()
        matrix[:3, 3] += offset_mm
        monkeypatch.setattr(HeadScan, "registration", HeadFrame(matrix, 1.7))

    return place


@pytest.fixture
def known_place(place_mni):
    place_mni((0.0, 0.0, 0.0))


@pytest.mark.slow
def test_fiducials_tapes_and_a_registration_fill_the_plan(whole_head, known_place):
    options = PlanOptions(fiducials=FIDUCIALS, tapes=HeadMeasures(66.0, 36.0, 37.0), by_tape=True)
    plan = make_plan(whole_head, options, SilentProgress())
    side = plan.sides["left"]
    assert [mark.key for mark in plan.fiducials] == ["nasion", "inion", "left_tragus", "right_tragus"]
    assert np.linalg.norm(plan.fiducials[0].position_ras_mm - FIDUCIALS.nasion_ras_mm) < 1.0
    assert plan.registration.spread_mm == 1.7
    keys = ["hotspot", "five_cm", "f3", "beam_f3", "beam_f3_adjusted", "beam_2022_anterior", "beam_2022_posterior"]
    assert [mark.key for mark in side.landmarks] == keys
    assert [mark.key for mark in side.literature] == [target.key for target in MNI_TARGETS]
    assert {f"{key}_to_target_along_scalp" for key in keys} <= side.distances_mm.keys()
    ba46 = transform_points(RAS_FROM_MNI, (-44.0, 40.0, 29.0))
    away = np.linalg.norm(ba46 - side.target.position_ras_mm)
    assert side.distances_mm["mni_ba46_to_target"] == pytest.approx(away)
    assert not side.by_tape.estimated and side.by_tape.handle_deg is not None
    np.testing.assert_allclose(side.by_tape.paths_ras_mm[1][-1], side.entry.position_ras_mm, atol=1.0)
    assert side.tape_sites == beam_sites(options.tapes, "left")
    assert any("circumference of 66.0 cm is unusual" in warning for warning in plan.warnings)


@pytest.mark.slow
def test_a_plan_by_hand_tells_of_unusual_tape_measures_too(whole_head, known_place):
    plan = plan_by_hand(whole_head, PlanOptions(tapes=HeadMeasures(66.0, 36.0, 37.0)))
    assert any("circumference of 66.0 cm is unusual" in warning for warning in plan.warnings)
    assert plan.sides["left"].tape_sites and plan.scalp is not None


@pytest.mark.slow
def test_the_target_nearest_to_the_scalp_is_shallower_and_gets_the_coil(whole_head, known_place):
    plan = make_plan(whole_head, PlanOptions(target="nearest-scalp"), SilentProgress())
    side = plan.sides["left"]
    away = np.linalg.norm(side.target.position_ras_mm - side.target.centroid_ras_mm)
    assert method_of(side.target.point) == "mask voxel nearest to the scalp" and 6.0 < away < 12.0
    assert side.entry.depth_mm < plan.scalp.nearest(side.target.centroid_ras_mm).distance_mm - 5.0
    assert side.entry.depth_mm == pytest.approx(plan.scalp.nearest(side.target.position_ras_mm).distance_mm)


@pytest.mark.slow
def test_a_picked_target_takes_the_mask_s_place_and_its_warning_travels(whole_head, known_place):
    picked = tuple(TARGET_RAS_MM + (0.0, 16.0, 0.0))
    side = make_plan(whole_head, PlanOptions(picked_ras_mm=picked), SilentProgress()).sides["left"]
    np.testing.assert_array_equal(side.target.position_ras_mm, picked)
    assert side.entry.depth_mm == pytest.approx(side.distances_mm["target_to_scalp"])
    assert any("target lies outside the mask" in warning for warning in side.warnings)


@pytest.mark.slow
def test_a_picked_target_on_another_part_of_the_head_is_refused(head):
    options = PlanOptions(landmarks=False, picked_ras_mm=(40.0, 40.0, 40.0))
    with pytest.raises(UserError, match="mm from the mask"):
        make_plan(head, options, SilentProgress())


@pytest.mark.slow
def test_nothing_is_nearest_to_a_scalp_that_is_not_there(head, known_place):
    for options, words in (
        (PlanOptions(target="nearest-scalp", landmarks=False), "Landmarks were switched off"),
        (PlanOptions(target="nearest-scalp"), "skull was removed"),
    ):
        with pytest.raises(UserError, match=f"no point is nearest to the scalp, since there is none. .*{words}"):
            make_plan(head, options, SilentProgress())


@pytest.mark.slow
def test_what_the_head_shows_to_be_impossible_is_refused_before_the_network_looks(whole_head, head, monkeypatch):
    monkeypatch.setattr(Segmenter, "segment", None)
    no_cross = Fiducials(*[CENTRE_RAS_MM + RADII_MM * (0, 1, 0)] * 4)
    for scan, options, words in (
        (head, PlanOptions(target="nearest-scalp"), "no point is nearest"),
        (whole_head, PlanOptions(hotspot_ras_mm=tuple(CENTRE_RAS_MM)), "from the scalp"),
        (whole_head, PlanOptions(fiducials=no_cross), "form a cross"),
    ):
        with pytest.raises(UserError, match=words):
            make_plan(scan, options, SilentProgress())


@pytest.mark.slow
def test_a_mask_in_the_other_hemisphere_is_refused(whole_head, place_mni):
    place_mni((-60.0, 0.0, 0.0))
    with pytest.raises(UserError, match="the mask lies in the right hemisphere, but the left one is planned"):
        make_plan(whole_head, PlanOptions(), SilentProgress())


@pytest.mark.slow
def test_mask_and_target_alone_have_no_coil(head):
    side = make_plan(head, PlanOptions(landmarks=False), SilentProgress()).sides["left"]
    assert side.entry is None and side.coil_pose_ras_mm is None


@pytest.mark.slow
def test_curved_mask_gets_the_nearest_point_of_itself_as_target(head, monkeypatch):
    def shell(self, scan, hemisphere, predictions):
        region = original(self, scan, hemisphere, predictions)
        points = np.argwhere(region.mask_kji)
        distance = np.linalg.norm(points - points.mean(axis=0), axis=1)
        region.mask_kji[tuple(points[distance < 4].T)] = False
        return region

    original = Segmenter.region
    monkeypatch.setattr(Segmenter, "region", shell)
    side = make_plan(head, PlanOptions(landmarks=False), SilentProgress()).sides["left"]
    assert not side.target.centroid_inside
    assert any("nearest point of the mask" in warning for warning in side.warnings)


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (PlanOptions(threshold=-0.1), "threshold"),
        (PlanOptions(threshold=float("nan")), "threshold"),
        (PlanOptions(rule_mm=500), "rule length"),
        (PlanOptions(coil_angle_deg=270), "coil angle"),
        (PlanOptions(coil_angle_deg=float("nan")), "coil angle"),
        (PlanOptions(standoff_mm=-1), "standoff"),
        (PlanOptions(("left", "right"), hotspot_ras_mm=(1.0, 2.0, 3.0)), "hotspot"),
        (PlanOptions(("left", "right"), picked_ras_mm=(1.0, 2.0, 3.0)), "picked target"),
        (PlanOptions(hotspot_ras_mm=(float("nan"), 2.0, 3.0)), "hotspot \\(nan, 2, 3\\) is no point"),
        (PlanOptions(picked_ras_mm=(1.0, float("inf"), 3.0)), "picked target \\(1, inf, 3\\) is no point"),
        (PlanOptions(target="top"), "'top': use centroid or nearest-scalp"),
    ],
)
def test_options_that_make_no_sense_are_refused(head, options, word):
    with pytest.raises(UserError, match=word):
        make_plan(head, options, SilentProgress())


@pytest.mark.slow
def test_what_an_earlier_plan_left_changes_nothing_in_the_next_one(head):
    kept, options = Kept(), PlanOptions()
    first, again = (make_plan(head, options, kept=kept) for _ in range(2))
    alone = make_plan(head, options)
    for plan in (first, again):
        np.testing.assert_array_equal(plan.sides["left"].region.mask_kji, alone.sides["left"].region.mask_kji)
        np.testing.assert_array_equal(plan.registration.ras_from_mni, alone.registration.ras_from_mni)
        assert plan.warnings == alone.warnings and plan.sides["left"].warnings == alone.sides["left"].warnings


def test_a_head_is_known_again_by_a_copy_of_all_its_voxels_where_it_lay(head):
    kept = Kept()
    assert kept.head_scan(head) is kept.head_scan(replace(head, array_kji=head.array_kji.copy()))


@pytest.mark.parametrize(
    "change",
    [
        lambda scan: replace(scan, array_kji=_with_one_voxel_changed(scan.array_kji)),
        lambda scan: replace(scan, array_kji=scan.array_kji.astype(np.float64)),
        lambda scan: replace(scan, array_kji=scan.array_kji[:, :, :-1]),
        lambda scan: replace(scan, ijk_to_ras=scan.ijk_to_ras + np.eye(4, k=3) * 1e-9),
        lambda scan: scan.mirrored(),
        lambda scan: replace(scan, world_from_own=np.eye(4)),
        lambda scan: replace(scan, origin=replace(scan.origin, path="another file")),
        lambda scan: replace(scan, warnings=("another warning",)),
    ],
)
def test_nothing_is_taken_from_a_scan_that_differs_in_anything(head, change):
    kept = Kept()
    before = kept.head_scan(head)
    other = change(head)
    assert kept.head_scan(other) is not before and kept.head_scan(other).scan is other
    assert kept.head_scan(head) is not before


def _with_one_voxel_changed(array_kji):
    changed = array_kji.copy()
    changed[3, 4, 5] += 1
    return changed


def test_the_model_is_read_again_where_its_file_was_written_anew(tmp_path, monkeypatch):
    read = []
    monkeypatch.setattr(weights, "load_model", lambda path, device: read.append((path, device)) or len(read))
    file, kept = tmp_path / "own.pt", Kept()
    file.write_bytes(b"weights")
    assert [kept.model(file, "cpu"), kept.model(file, "cpu")] == [1, 1]
    file.write_bytes(b"other weights")
    assert [kept.model(file, "cpu"), kept.model(None, "cpu"), kept.model(file, "cpu")] == [2, 3, 4]


@pytest.mark.slow
def test_what_was_got_ready_is_not_computed_again(head, tmp_path, monkeypatch):
    kept = Kept()
    assert list(kept.get_ready()) == []
    scan = replace(check_scan(head))
    kept.head_scan(scan)
    kept.file = tmp_path / "gone.nii"
    for _ in kept.get_ready():
        pass
    ready = kept.head(scan)
    monkeypatch.setattr(plan_module, "read_head", None)
    monkeypatch.setattr(type(scan), "_values_digest", property(lambda self: 1 / 0))
    plan = make_plan(replace(head, array_kji=head.array_kji.copy()), kept=kept)
    assert plan.registration is ready.registration or ready.registration is None
    assert plan.fingerprint == kept.head_scan(scan).scan.__dict__["fingerprint"]
