"""The main job with the weights that are shipped, on real heads and on what is none."""

from pathlib import Path

import numpy as np
import pytest

from DLPFCSegmenterLib.doubts import key_of
from DLPFCSegmenterLib.errors import NotFoundError
from DLPFCSegmenterLib.evaluation.metrics import dice
from DLPFCSegmenterLib.export.result_json import result_fields
from DLPFCSegmenterLib.networks.weights import load_model
from DLPFCSegmenterLib.plan import PlanOptions, make_plan
from DLPFCSegmenterLib.progress import SilentProgress
from DLPFCSegmenterLib.scan.canonical import canonical_grid, resample, to_canonical
from DLPFCSegmenterLib.scan.head_frame import TEMPLATE
from DLPFCSegmenterLib.scan.origin import Origin
from DLPFCSegmenterLib.scan.readers import read_volume
from DLPFCSegmenterLib.scan.volume import Volume, voxel_points_ras_mm
from DLPFCSegmenterLib.segmentation.head_finding import head_scan
from DLPFCSegmenterLib.segmentation.segmenter import Segmenter
from synthetic_head import every_axis_order, plain_grid, synthetic_head

pytestmark = pytest.mark.slow

COLIN27 = Path(__file__).resolve().parent.parent / "demo" / "colin27.nii.gz"
TRIAL_TARGET_MNI_MM = np.array([-38.0, 44.0, 26.0])
"""Left DLPFC target of the Blumberger and Fitzgerald trials."""

needs_colin27 = pytest.mark.skipif(
    not COLIN27.exists(), reason="demo/colin27.nii.gz is not there; `.ci/set-up colin27` fetches it"
)


@pytest.fixture(scope="module")
def segmenter():
    return Segmenter(load_model())


@pytest.fixture(scope="module")
def template_brain():
    """The average brain that the registration uses, skull-stripped and blurred, at 2 mm."""
    brain = read_volume(TEMPLATE)
    return resample(brain, canonical_grid(brain))


def target_of(scan, side="left"):
    plan = make_plan(scan, PlanOptions((side,), landmarks=False), SilentProgress())
    return plan.sides[side].target.position_ras_mm


def test_average_brain_has_its_left_target_where_the_trials_had_theirs(template_brain):
    assert np.linalg.norm(target_of(template_brain) - TRIAL_TARGET_MNI_MM) < 12


def test_an_inverted_brain_has_its_region_where_the_t1_has_it_and_the_result_says_so(template_brain, segmenter):
    grey = template_brain.array_kji
    inverted = template_brain.with_array(np.where(grey > 20, 1.2 * grey.max() - grey, 0).astype(np.float32))
    for side in ("left", "right"):
        plain, found = (
            segmenter.segment(head_scan(each), side, SilentProgress()) for each in (template_brain, inverted)
        )
        assert dice(plain.mask_kji, found.mask_kji) > 0.85
        assert [key_of(each) for each in found.warnings].count("contrast_turned") == 1
        assert "contrast_turned" not in map(key_of, plain.warnings)


def test_where_the_field_of_view_cuts_the_region_the_rest_of_it_keeps_its_outline(template_brain, segmenter):
    whole = segmenter.segment(head_scan(template_brain), "left", SilentProgress()).mask_kji
    height = np.argwhere(whole)[:, 0]
    first = int(np.percentile(height, 20))
    matrix = template_brain.ijk_to_ras.copy()
    matrix[2, 3] += 2.0 * first
    cut = Volume(template_brain.array_kji[first:].copy(), matrix, template_brain.origin)
    found = segmenter.segment(head_scan(cut), "left", SilentProgress())
    assert dice(found.mask_kji, whole[first:]) > 0.9


def test_right_target_of_the_symmetric_average_brain_is_the_mirror_image(template_brain):
    left, right = (target_of(template_brain, side) for side in ("left", "right"))
    assert np.linalg.norm(left * (-1, 1, 1) - right) < 3


@needs_colin27
def test_colin27_is_planned_whole():
    plan = make_plan(read_volume(COLIN27), PlanOptions(), SilentProgress())
    side = plan.sides["left"]
    assert np.linalg.norm(side.target.position_ras_mm - TRIAL_TARGET_MNI_MM) < 12
    assert 5 < side.region.volume_ml < 30
    places = {landmark.key: landmark.position_ras_mm for landmark in side.landmarks}
    assert places["hotspot"][0] < -15 and places["five_cm"][0] < -15
    assert 40 < places["five_cm"][1] - places["hotspot"][1] < 52
    assert side.distances_mm["five_cm_to_target"] > 10


@needs_colin27
def test_a_noisy_colin27_is_planned_with_a_remark_on_its_quality_and_the_scan_as_it_is_without():
    scan = read_volume(COLIN27)
    noise = np.random.default_rng(0).normal(0, 20, (2, *scan.array_kji.shape)).astype(np.float32)
    noisy = scan.with_array(np.hypot(scan.array_kji + noise[0], noise[1]))
    keys = {}
    for name, each in {"as it is": scan, "noisy": noisy}.items():
        plan = make_plan(each, PlanOptions(landmarks=False), SilentProgress())
        keys[name] = [doubt.key for doubt in plan.warnings]
        assert set(plan.warnings) <= set(result_fields(plan, None)["warnings"])
    assert keys == {"as it is": [], "noisy": ["scan_noisy"]}


@needs_colin27
def test_colin27_mirrored_has_the_mirrored_plan_on_the_other_side():
    scan, mirror = read_volume(COLIN27), np.array([-1, 1, 1])
    left = make_plan(scan, PlanOptions(("left",)), SilentProgress()).sides["left"]
    right = make_plan(scan.mirrored(), PlanOptions(("right",)), SilentProgress()).sides["right"]
    pairs = [(left.target, right.target), (left.entry, right.entry)]
    pairs += zip(left.landmarks, right.landmarks, strict=True)
    assert max(np.abs(a.position_ras_mm - b.position_ras_mm * mirror).max() for a, b in pairs) < 0.01
    assert np.abs(left.coil_pose_ras_mm[:3, 3] - right.coil_pose_ras_mm[:3, 3] * mirror).max() < 0.01
    assert np.abs(left.coil_pose_ras_mm[:3, 2] - right.coil_pose_ras_mm[:3, 2] * mirror).max() < 0.001


@needs_colin27
def test_colin27_stored_in_any_axis_order_gives_the_network_the_same_numbers():
    scan = read_volume(COLIN27)
    first = to_canonical(scan)
    for stored in every_axis_order(scan)[5::9]:
        canonical = to_canonical(stored)
        assert np.allclose(canonical.ijk_to_ras, first.ijk_to_ras)
        assert np.allclose(canonical.array_kji, first.array_kji, atol=0.01 * first.array_kji.max())


@needs_colin27
def test_colin27_in_other_axis_orders_keeps_its_target():
    scan = read_volume(COLIN27)
    expected = target_of(scan)
    for stored in every_axis_order(scan)[7::29]:
        assert np.linalg.norm(target_of(stored) - expected) < 0.5


def noise(seed: int) -> Volume:
    matrix, shape = plain_grid()
    values = np.random.default_rng(seed).uniform(0, 255, shape[::-1]).astype(np.float32)
    return Volume(values, matrix, Origin("noise"))


def phantom() -> Volume:
    head = synthetic_head(*plain_grid())
    return head.with_array(np.minimum(head.array_kji, 100.0))


@pytest.mark.parametrize("scan", [noise(0), phantom()], ids=["uniform noise", "phantom"])
def test_what_is_no_brain_is_not_found(scan, segmenter):
    for side in ("left", "right"):
        with pytest.raises(NotFoundError):
            segmenter.segment(head_scan(scan), side, SilentProgress())


def test_brain_cut_below_the_region_is_not_found(template_brain, segmenter):
    array = template_brain.array_kji.copy()
    heights = template_brain.ijk_to_ras[2, 3] + 2.0 * np.arange(len(array))
    array[heights > -10] = 0
    with pytest.raises(NotFoundError):
        segmenter.segment(head_scan(template_brain.with_array(array)), "left", SilentProgress())


def knee_like(ras_mm: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Bone, muscle and fat around an upright axis."""
    away = np.hypot(ras_mm[..., 0], ras_mm[..., 1])
    tissue = np.select([away < 30, away < 55, away < 65], [120.0, 60.0, 90.0], 0.0)
    return np.clip(tissue + np.random.default_rng(1).normal(0, 4, values.shape), 0, None)


@needs_colin27
@pytest.mark.parametrize(
    "changed",
    [
        lambda ras_mm, values: np.where(ras_mm[..., 1] < -10, values, 0),
        lambda ras_mm, values: np.where(ras_mm[..., 2] < -50, values, 0),
        knee_like,
    ],
    ids=["back half of a head", "neck", "knee-like"],
)
def test_scans_without_the_region_are_not_found(changed, segmenter):
    scan = read_volume(COLIN27)
    ras_mm = voxel_points_ras_mm(scan, np.ones_like(scan.array_kji, bool)).reshape(*scan.array_kji.shape, 3)
    without = scan.with_array(changed(ras_mm, scan.array_kji).astype(np.float32))
    with pytest.raises(NotFoundError):
        segmenter.segment(head_scan(without), "left", SilentProgress())


@pytest.mark.parametrize(
    ("turn", "words"),
    [
        ((-1, -1, 1), "supine and the head lies prone"),
        ((1, -1, 1), "its front and back are swapped"),
        ((-1, 1, -1), "feet first"),
    ],
)
def test_a_head_against_its_header_is_on_neither_side_and_told_why(template_brain, turn, words):
    wrong = Volume(template_brain.array_kji, np.diag([*turn, 1]) @ template_brain.ijk_to_ras, template_brain.origin)
    plan = make_plan(wrong, PlanOptions(("left", "right")), SilentProgress())
    assert not plan.sides and all(words in reason for reason in plan.not_found.values())


def test_the_networks_asked_twice_say_the_same(template_brain, segmenter):
    asked_anew = Segmenter.predict.__wrapped__
    said, again = (asked_anew(segmenter, head_scan(template_brain), "left", SilentProgress()) for _ in range(2))
    for name, view in said.views.items():
        assert np.array_equal(view.probability.array_kji, again.views[name].probability.array_kji)
