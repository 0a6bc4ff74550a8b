"""The way from a scan through slices back to its own grid, on a head whose answer is known."""

from dataclasses import replace

import numpy as np
import pytest

from DLPFCSegmenterLib.doubts import key_of
from DLPFCSegmenterLib.errors import Cancelled, NotFoundError, UserError
from DLPFCSegmenterLib.geometry import spaces
from DLPFCSegmenterLib.progress import SilentProgress
from DLPFCSegmenterLib.scan.head_frame import HeadFrame
from DLPFCSegmenterLib.scan.head_scan import HeadScan
from DLPFCSegmenterLib.scan.volume import Volume
from DLPFCSegmenterLib.segmentation.region import Agreement, Region
from DLPFCSegmenterLib.segmentation.segmenter import Segmenter, judged_by_tissue, near
from DLPFCSegmenterLib.targeting.target import find_target
from synthetic_head import (
    BALL_RADIUS_MM,
    ball_ras_mm,
    bright_ball_model,
    every_axis_order,
    plain_grid,
    synthetic_head,
)
from template_scan import template_scan

SEGMENTER = Segmenter(bright_ball_model())


def target_of(scan: Volume, hemisphere: str = "left") -> np.ndarray:
    region = SEGMENTER.segment(HeadScan(scan), hemisphere, SilentProgress())
    return find_target(scan, region.mask_kji).position_ras_mm


def test_target_lies_at_the_centre_of_the_ball_and_the_mask_has_its_size():
    scan = synthetic_head(*plain_grid())
    region = SEGMENTER.segment(HeadScan(scan), "left", SilentProgress())
    assert np.linalg.norm(target_of(scan) - ball_ras_mm()) < 0.7
    assert region.volume_ml == pytest.approx(4 / 3 * np.pi * BALL_RADIUS_MM**3 / 1000, rel=0.15)
    assert region.mask_kji.shape == scan.array_kji.shape
    assert region.score == pytest.approx(0.9)


def test_answers_that_were_learnt_from_labels_are_sharpened_and_others_are_taken_as_they_are():
    scan = synthetic_head(*plain_grid())
    seen = SEGMENTER.predict(HeadScan(scan), "left", SilentProgress())
    assert seen.label_mm == 0.0
    plain, sharp = (SEGMENTER.region(scan, "left", replace(seen, label_mm=mm)) for mm in (0.0, 2.0))
    assert not np.allclose(plain.probability_kji, sharp.probability_kji, atol=0.05)
    both = np.count_nonzero(plain.mask_kji & sharp.mask_kji)
    assert both > 0.9 * max(np.count_nonzero(each.mask_kji) for each in (plain, sharp))


@pytest.mark.slow
def test_all_48_axis_orders_give_the_same_target():
    stored = every_axis_order(synthetic_head(*plain_grid()))
    first = HeadScan(stored[0])
    target, seen = target_of(stored[0]), SEGMENTER.predict(first, "left", SilentProgress())
    for scan in stored:
        # The networks see the canonical grid alone, so that they need not be asked again.
        assert np.allclose(HeadScan(scan).canonical.ijk_to_ras, first.canonical.ijk_to_ras)
        np.testing.assert_allclose(HeadScan(scan).canonical.array_kji, first.canonical.array_kji, atol=1e-3)
        mask = SEGMENTER.region(scan, "left", seen).mask_kji
        np.testing.assert_allclose(find_target(scan, mask).position_ras_mm, target, atol=0.01)


def test_oblique_and_anisotropic_scans_give_the_target_where_the_ball_is():
    angle = np.deg2rad(17)
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    matrix, shape = plain_grid()
    oblique = np.eye(4)
    oblique[:3, :3] = turn @ np.diag([1.2, 1.7, 2.8])
    size = np.ceil(np.array(shape) * 2.0 * 1.2 / (1.2, 1.7, 2.8)).astype(int)
    middle = spaces.ijk_to_ras_points(matrix, (np.array(shape) - 1) / 2)
    oblique[:3, 3] = middle - oblique[:3, :3] @ ((size - 1) / 2)
    assert np.linalg.norm(target_of(synthetic_head(oblique, tuple(size))) - ball_ras_mm()) < 1.5


def test_right_side_of_a_mirrored_head_is_the_mirror_image_of_the_left():
    right = target_of(synthetic_head(*plain_grid(), side=1.0), "right")
    assert np.linalg.norm(right - ball_ras_mm(1.0)) < 0.7


def test_right_ball_is_never_reported_as_left():
    with pytest.raises(NotFoundError, match="other side"):
        SEGMENTER.segment(HeadScan(synthetic_head(*plain_grid(), side=1.0)), "left", SilentProgress())


def test_scan_without_the_region_is_not_found_and_says_so():
    scan = synthetic_head(*plain_grid())
    empty = scan.with_array(np.minimum(scan.array_kji, 100.0))
    with pytest.raises(NotFoundError, match="synthetic head: no left DLPFC"):
        SEGMENTER.segment(HeadScan(empty), "left", SilentProgress())


def test_another_region_is_missed_by_its_own_name():
    model = replace(bright_ball_model(), card={"label_definition": "a ball", "region": {"name": "insula"}})
    scan = synthetic_head(*plain_grid())
    with pytest.raises(NotFoundError, match="no left insula was found"):
        Segmenter(model).segment(HeadScan(scan.with_array(np.minimum(scan.array_kji, 100.0))), "left", SilentProgress())


def test_unknown_hemisphere_is_refused():
    with pytest.raises(UserError, match="left or right"):
        SEGMENTER.segment(HeadScan(synthetic_head(*plain_grid())), "both", SilentProgress())


def test_confidence_above_the_scores_finds_nothing():
    strict = Segmenter(bright_ball_model(), confidence=0.95)
    with pytest.raises(NotFoundError):
        strict.segment(HeadScan(synthetic_head(*plain_grid())), "left", SilentProgress())


class StopAfter:
    """Cancels at the third report."""

    def __init__(self) -> None:
        self.reports: list[int] = []

    def report(self, done: int, total: int, text: str) -> None:
        self.reports.append(done)
        if len(self.reports) == 3:
            raise Cancelled


def test_segmenting_can_be_cancelled_between_slices():
    progress = StopAfter()
    with pytest.raises(Cancelled):
        SEGMENTER.segment(HeadScan(synthetic_head(*plain_grid())), "left", progress)
    assert progress.reports[0] == 0 and len(progress.reports) == 3


SEGMENTERS = {
    "mask-rcnn": Segmenter(bright_ball_model(window=True), networks="mask-rcnn"),
    "unet": Segmenter(bright_ball_model(window=True), networks="unet"),
    "all": Segmenter(bright_ball_model(window=True)),
    "a file with a 3-D network alone": Segmenter(bright_ball_model(slices=False, window=True)),
}


@pytest.mark.parametrize("networks", SEGMENTERS)
@pytest.mark.parametrize("hemisphere", ["left", "right"])
def test_every_choice_of_networks_finds_the_ball_on_its_side_in_any_axis_order(networks, hemisphere):
    side = -1.0 if hemisphere == "left" else 1.0
    scan = synthetic_head(*plain_grid(), side=side)
    for stored in every_axis_order(scan)[::11]:
        region = SEGMENTERS[networks].segment(HeadScan(stored), hemisphere, SilentProgress())
        assert np.linalg.norm(find_target(stored, region.mask_kji).position_ras_mm - ball_ras_mm(side)) < 0.7
        assert region.volume_ml == pytest.approx(4 / 3 * np.pi * BALL_RADIUS_MM**3 / 1000, rel=0.3)
        heights = [each.position_ras_mm for each in region.slices if each.plane == "axial"]
        assert np.mean(heights) == pytest.approx(ball_ras_mm(side)[2], abs=1.0)
        assert np.ptp(heights) == pytest.approx(2 * BALL_RADIUS_MM, abs=4.0)


@pytest.mark.parametrize("networks", SEGMENTERS)
def test_no_choice_of_networks_makes_up_a_region_or_takes_the_other_side(networks):
    scan = synthetic_head(*plain_grid())
    empty = scan.with_array(np.minimum(scan.array_kji, 100.0))
    for other in (empty, synthetic_head(*plain_grid(), side=1.0)):
        with pytest.raises(NotFoundError):
            SEGMENTERS[networks].segment(HeadScan(other), "left", SilentProgress())


def test_a_result_names_the_network_that_was_asked_alone():
    names = [SEGMENTERS[networks].name for networks in ("all", "mask-rcnn", "unet")]
    assert names == ["bright-ball", "bright-ball (mask-rcnn alone)", "bright-ball (unet alone)"]
    assert Segmenter(bright_ball_model()).name == "bright-ball"


def test_a_network_that_the_weights_do_not_hold_or_nobody_knows_is_refused():
    with pytest.raises(UserError, match="hold no unet"):
        Segmenter(bright_ball_model(), networks="unet")
    with pytest.raises(UserError, match="all, mask-rcnn, unet"):
        Segmenter(bright_ball_model(), networks="yolo")


class StopAtWindow:
    """Cancels where the window is told of."""

    def report(self, done: int, total: int, text: str) -> None:
        if text == "3-D window":
            raise Cancelled


def test_the_window_alone_can_be_cancelled():
    for networks in ("unet", "all"):
        with pytest.raises(Cancelled):
            SEGMENTERS[networks].segment(HeadScan(synthetic_head(*plain_grid())), "left", StopAtWindow())


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("end", [0, -1])
def test_a_piece_on_a_face_of_the_window_lets_nothing_in_on_the_opposite_face(axis, end):
    kept = np.zeros((6, 7, 8), bool)
    face = np.moveaxis(kept, axis, 0)[end]
    face[2:4, 3:5] = True
    grown = np.moveaxis(near(kept), axis, 0)
    assert grown[end].sum() == 12 and grown[1 if end == 0 else -2].sum() == 4
    assert not grown[-1 if end == 0 else 0].any()


def test_a_region_that_the_scan_cuts_off_is_told():
    scan = synthetic_head(*plain_grid())
    whole = SEGMENTER.segment(HeadScan(scan), "left", SilentProgress())
    assert not any("border of the scan" in warning for warning in whole.warnings)
    slices = int(spaces.ras_to_ijk(scan.ijk_to_ras, ball_ras_mm())[1]) + 2
    part = Volume(scan.array_kji[:, :slices].copy(), scan.ijk_to_ras)
    cut = SEGMENTER.segment(HeadScan(part), "left", SilentProgress())
    assert any("border of the scan" in warning for warning in cut.warnings)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_region_that_was_not_scanned_is_refused_by_that_reason(axis):
    scan = synthetic_head(*plain_grid())
    seen = SEGMENTER.predict(HeadScan(scan), "left", SilentProgress())
    middle = spaces.ras_to_ijk(scan.ijk_to_ras, ball_ras_mm())[2 - axis]
    beside = int(middle + 9) if middle < scan.array_kji.shape[axis] / 2 else 0
    matrix = scan.ijk_to_ras.copy()
    matrix[2 - axis, 3] += beside * 2.0
    stop = None if beside else int(middle - 9)
    part = np.moveaxis(np.moveaxis(scan.array_kji, axis, 0)[beside:stop], 0, axis)
    with pytest.raises(NotFoundError, match="no left DLPFC was found, since its place lies beyond the border"):
        SEGMENTER.region(Volume(part.copy(), matrix, scan.origin), "left", seen)


@pytest.mark.parametrize("hemisphere", ("left", "right"))
def test_a_region_beside_missing_brain_is_told_and_unreliable_and_the_other_side_is_not(hemisphere):
    scan = template_scan(spacing_mm=2.0)
    ijk = np.indices(scan.array_kji.shape).transpose(1, 2, 3, 0)[..., ::-1]
    middle = [-38.0 if hemisphere == "left" else 38.0, 42.0, 26.0]
    mask = np.linalg.norm(spaces.ijk_to_ras_points(scan.ijk_to_ras, ijk) - middle, axis=-1) < 12
    region = Region(
        scan, hemisphere, mask, np.ones(scan.array_kji.shape), 0.9, (),
        agreement=Agreement(1.0, 3.5, True, 0.1),
    )  # fmt: skip
    i = round(spaces.ras_to_ijk(scan.ijk_to_ras, [-20.0, 0, 0])[0])
    erased = scan.array_kji.copy()
    j, k = (round(value) for value in spaces.ras_to_ijk(scan.ijk_to_ras, [0.0, 45.0, 10.0])[1:])
    erased[k:, j:, :i] = 0
    head = HeadScan.of_canonical(scan.with_array(erased), HeadFrame(np.eye(4), 1.0))
    judged = judged_by_tissue(region, head)
    if hemisphere == "right":
        assert judged is region
    else:
        assert [key_of(each) for each in judged.warnings] == ["tissue_missing"]
        assert not judged.agreement.reliable and judged.agreement.expected_mm is None


def test_another_region_of_one_tissue_is_told_by_what_it_borders_on():
    scan = synthetic_head(*plain_grid())
    plain = scan.with_array(np.where(scan.array_kji > 200, np.float32(400), scan.array_kji))
    model = bright_ball_model()
    with pytest.raises(NotFoundError, match="no left DLPFC was found, since the tissue in its place is uniform"):
        Segmenter(model).segment(HeadScan(plain), "left", SilentProgress())
    insula = Segmenter(replace(model, card={**model.card, "region": {"name": "insula"}}))
    assert insula.segment(HeadScan(plain), "left", SilentProgress()).name == "insula"
