"""A segmenter of known mistakes gets the figures that these mistakes deserve."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from DLPFCSegmenterLib.errors import UnlabelledError, UserError
from DLPFCSegmenterLib.evaluation.evaluate import (
    Answer,
    EvaluationOptions,
    answers_of,
    evaluate,
    slice_grid,
    slices_of,
)
from DLPFCSegmenterLib.evaluation.metrics import SliceDetection
from DLPFCSegmenterLib.geometry import spaces
from DLPFCSegmenterLib.labels.label import region_mask
from DLPFCSegmenterLib.labels.splits import find_scans
from DLPFCSegmenterLib.networks.configuration import MaskRCNNConfig
from DLPFCSegmenterLib.networks.frame import SliceFrame
from DLPFCSegmenterLib.networks.unet import UNetConfig
from DLPFCSegmenterLib.progress import SilentProgress
from DLPFCSegmenterLib.scan.canonical import resample, to_canonical, to_itk
from DLPFCSegmenterLib.scan.head_frame import HeadFrame
from DLPFCSegmenterLib.scan.readers import read_volume
from DLPFCSegmenterLib.scan.volume import Volume, voxel_points_ras_mm
from DLPFCSegmenterLib.segmentation.region import Region
from DLPFCSegmenterLib.segmentation.segmenter import Segmenter
from small_config import SMALL
from synthetic_head import BALL_RADIUS_MM, ball_ras_mm, bright_ball_model, plain_grid, synthetic_head

VAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "ixi" / "val"
LABELS = {"left": 143, "right": 142}


@pytest.fixture(scope="module")
def scans(tmp_path_factory):
    """Two people, stored with axes LIP at 2 mm, each with a bar of 14 x 58 x 18 mm on either side."""
    folder = tmp_path_factory.mktemp("scans")
    k, j, i = np.indices((70, 80, 80))
    x, y, z = 80 - 2.0 * i, 2.0 * k - 70, 80 - 2.0 * j
    inside = np.sqrt(x**2 + y**2 + z**2) < 75
    matrix = np.array([[-2.0, 0, 0, 80], [0, 0, 2, -70], [0, -2, 0, 80], [0, 0, 0, 1]])
    for name, height in (("p1", 30), ("p2", 20)):
        labels = np.where(inside, 9, 0).astype(np.uint8)
        for label, side in ((143, -1), (142, 1)):
            bar = (abs(x - side * 30) < 8) & (abs(z - height) < 10) & (abs(y - 10) < 30)
            labels[bar] = label
        t1 = np.where(inside, 100.0, 0.0).astype(np.float32)
        for array, ending in ((t1, "T1w"), (labels, "dlmuse")):
            sitk.WriteImage(to_itk(Volume(array, matrix)), str(folder / f"{name}_{ending}.nii.gz"))
    return find_scans(folder)


class Shifted:
    """Answers with the reference itself, moved by `shift_mm` (RAS), or from the other hemisphere."""

    def __init__(self, scans, shift_mm=(0, 0, 0), swap=False) -> None:
        self._labels = {str(s.t1): read_volume(s.parcellation) for s in scans}
        self._shift_mm, self._swap = np.array(shift_mm, float), swap
        self.frame: HeadFrame | None = None

    def __call__(self, scan: Volume, hemisphere: str) -> Answer:
        parcellation = self._labels[scan.source]
        side = {"left": "right", "right": "left"}[hemisphere] if self._swap else hemisphere
        mask = region_mask(parcellation, LABELS[side]).astype(np.float32)
        matrix = parcellation.ijk_to_ras.copy()
        matrix[:3, 3] += self._shift_mm
        moved = Volume(mask, matrix)
        grid = to_canonical(scan)
        on_scan, on_slices = (resample(moved, g).array_kji >= 0.5 for g in (scan, grid))
        region = Region(scan, hemisphere, on_scan, on_scan.astype(np.float32), 0.9, ())
        found = tuple((SliceDetection(0.9, m),) if m.any() else () for m in on_slices)
        return Answer(region, grid, found, self.frame)


def judged(scans, segment, hemisphere="left"):
    return evaluate(scans, segment, EvaluationOptions(hemisphere=hemisphere), SilentProgress())


@pytest.mark.parametrize("hemisphere", ["left", "right"])
def test_the_reference_itself_is_perfect(scans, hemisphere):
    summary = judged(scans, Shifted(scans), hemisphere).summary
    assert summary.people == summary.people_found == 2 and summary.wrong_hemisphere == 0
    assert summary.volume_dice.least == summary.closed_dice.least == 1.0
    assert summary.centroid_error_mm.most == pytest.approx(0, abs=1e-9)
    assert summary.slice_map == 1.0 and summary.coco.segm == pytest.approx(1.0)
    assert summary.slice_detection == 1.0 and summary.false_positives == 0


@pytest.mark.parametrize("hemisphere", ["left", "right"])
def test_a_shift_by_4_mm_along_the_gyrus_is_measured(scans, hemisphere):
    report = judged(scans, Shifted(scans, (0, 4, 0)), hemisphere)
    for subject in report.subjects:
        length_mm = subject.reference_ml * 1000 / (14 * 18)
        assert subject.centroid_error_mm == pytest.approx(4, abs=0.01)
        assert subject.volume_dice == pytest.approx(1 - 4 / length_mm)
        assert subject.hd95_mm == pytest.approx(4, abs=0.01)
        assert subject.volume_ml == pytest.approx(subject.reference_ml)


def test_a_shift_upwards_makes_false_and_missed_slices(scans):
    report = judged(scans, Shifted(scans, (0, 0, 4)))
    assert report.summary.false_positives == 4
    holding = sum(s.holds_region for subject in report.subjects for s in subject.slices)
    assert report.summary.slice_detection == pytest.approx(1 - 4 / holding)
    assert report.summary.slice_map == pytest.approx(1 - 4 / holding)
    assert report.summary.wrong_side_slices == 0


@pytest.mark.parametrize("hemisphere", ["left", "right"])
def test_the_other_hemisphere_is_never_taken_for_success(scans, hemisphere):
    report = judged(scans, Shifted(scans, swap=True), hemisphere)
    assert report.summary.wrong_hemisphere == 2 and report.summary.people_found == 0
    assert report.summary.volume_dice.most == 0
    assert report.summary.centroid_error_mm.median == pytest.approx(60, abs=1)
    assert report.summary.wrong_side_slices > 10
    assert "WRONG SIDE" in report.to_markdown()


def test_what_was_falsely_marked_is_told_by_its_structure(scans):
    report = judged(scans, Shifted(scans, (0, 0, 4)))
    assert set(report.summary.false_labels) == {9} and report.summary.false_labels[9] == 4
    for subject in report.subjects:
        false_ml = subject.volume_ml * (1 - subject.volume_dice)
        assert sum(subject.false_ml.values()) == pytest.approx(false_ml, rel=0.01)
    swapped = judged(scans, Shifted(scans, swap=True))
    mean_ml = np.mean([subject.volume_ml for subject in swapped.subjects])
    assert swapped.summary.false_ml == {142: pytest.approx(mean_ml)}
    assert "right middle frontal gyrus (142)" in swapped.to_markdown()


def test_masks_that_a_person_drew_are_a_reference_too(scans, tmp_path):
    (scan,) = [s for s in scans if s.name == "p1"]
    labels = read_volume(scan.parcellation)
    drawn = np.where(region_mask(labels, 143), 1, 0).astype(np.uint8)
    sitk.WriteImage(to_itk(read_volume(scan.t1)), str(tmp_path / "p1_T1w.nii.gz"))
    sitk.WriteImage(to_itk(labels.with_array(drawn)), str(tmp_path / "p1_dlpfc.nii.gz"))
    segment = Shifted(scans)
    segment._labels[str(tmp_path / "p1_T1w.nii.gz")] = labels
    summary = judged(find_scans(tmp_path), segment).summary
    assert summary.volume_dice.mean == 1.0 and summary.wrong_hemisphere == 0
    assert summary.false_ml == {}
    segment._swap = True
    assert judged(find_scans(tmp_path), segment).summary.wrong_hemisphere == 1
    with pytest.raises(UnlabelledError, match=r"p1_dlpfc\.nii\.gz: says nothing of the right region"):
        judged(find_scans(tmp_path), segment, "right")


@pytest.fixture(scope="module")
def some_unlabelled(scans, tmp_path_factory):
    """Beside both people one whose left gyrus has no number, one whose right one is called left, and a mask of none."""
    folder = tmp_path_factory.mktemp("some")
    labels = read_volume(scans[0].parcellation)
    lacking, called = (np.where(labels.array_kji == a, b, labels.array_kji) for a, b in ((143, 9), (142, 143)))
    files = {"p3_dlmuse": lacking, "p4_dlmuse": called, "p5_dlpfc": np.zeros_like(lacking)}
    for scan in scans:
        for path in scan.files:
            shutil.copy(path, folder)
    for name, values in files.items():
        shutil.copy(scans[0].t1, folder / f"{name[:2]}_T1w.nii.gz")
        sitk.WriteImage(to_itk(labels.with_array(values)), str(folder / f"{name}.nii.gz"))
    return find_scans(folder)


@pytest.mark.parametrize("hemisphere, unjudged", [("left", ["p3", "p4", "p5"]), ("right", ["p4", "p5"])])
def test_who_is_not_labelled_is_left_out_and_told_and_the_others_are_judged(some_unlabelled, hemisphere, unjudged):
    answers = Shifted([scan for scan in some_unlabelled if not scan.is_drawn])
    answers.frame = HeadFrame(np.eye(4), 1.7)
    report = judged(some_unlabelled, answers, hemisphere)
    assert [each.scan for each in report.unjudged] == unjudged
    assert report.summary.people == report.summary.people_found == 5 - len(unjudged)
    assert report.summary.volume_dice.least == 1.0
    text = report.to_markdown()
    assert f"Not judged, and in no figure: {len(unjudged)}" in text and "- p5: " in text
    assert [each["scan"] for each in json.loads(report.to_json())["unjudged"]] == unjudged


def test_the_labels_of_one_who_is_not_judged_say_why(some_unlabelled):
    answers = Shifted([scan for scan in some_unlabelled if not scan.is_drawn])
    answers.frame = HeadFrame(np.eye(4), 1.7)
    first, second, third = (each.reason for each in judged(some_unlabelled, answers).unjudged)
    assert "p3_dlmuse.nii.gz: says nothing of the left region" in first
    assert "p4_dlmuse.nii.gz: has the left region in the other hemisphere too" in second
    assert "p5_dlpfc.nii.gz: no voxel is 1 (left) or 2 (right)" in third
    with pytest.raises(UnlabelledError, match=r"p3_dlmuse\.nii\.gz: says nothing of the left region"):
        judged(some_unlabelled[2:], answers)


def test_where_no_head_is_found_sides_are_judged_as_they_are_labelled(some_unlabelled):
    nowhere = Shifted([scan for scan in some_unlabelled if not scan.is_drawn])
    assert [each.scan for each in judged(some_unlabelled, nowhere).unjudged] == ["p3", "p5"]
    assert "Not judged" not in judged(some_unlabelled[:2], nowhere).to_markdown()


def test_labels_that_lie_beyond_their_scan_are_left_out_and_told(scans, tmp_path):
    for scan in scans:
        for path in scan.files:
            shutil.copy(path, tmp_path)
    labels = read_volume(scans[0].parcellation)
    matrix = labels.ijk_to_ras.copy()
    matrix[:3, 3] += (0.0, 0.0, 300.0)
    sitk.WriteImage(to_itk(Volume(labels.array_kji, matrix)), str(tmp_path / "p1_dlmuse.nii.gz"))
    copied = find_scans(tmp_path)
    report = judged(copied, Shifted(copied))
    assert [each.scan for each in report.unjudged] == ["p1"] and report.summary.people == 1
    assert "lie outside the scan" in report.unjudged[0].reason


def test_what_lies_well_over_the_midline_is_no_part_of_the_reference_as_it_is_none_of_what_is_learnt(scans, tmp_path):
    shutil.copy(scans[0].t1, tmp_path)
    labels = read_volume(scans[0].parcellation)
    drawn = region_mask(labels, LABELS["left"])
    places = voxel_points_ras_mm(labels, np.ones_like(drawn)).reshape(*drawn.shape, 3)
    drawn[(np.abs(places - (60.0, 10.0, 10.0)) < 5).all(axis=-1)] = True
    sitk.WriteImage(to_itk(labels.with_array(drawn.astype(np.uint8))), str(tmp_path / "p1_dlpfc.nii.gz"))
    answers = Shifted(scans[:1])
    answers._labels = {str(tmp_path / "p1_T1w.nii.gz"): labels}
    answers.frame = HeadFrame(np.eye(4), 1.7)
    subject = judged(find_scans(tmp_path), answers).subjects[0]
    assert subject.volume_dice == 1.0 and subject.centroid_error_mm == pytest.approx(0.0, abs=1e-6)


def test_another_side_that_lies_wholly_over_the_midline_tells_no_side(scans, tmp_path):
    shutil.copy(scans[0].t1, tmp_path)
    labels = read_volume(scans[0].parcellation)
    left = labels.array_kji == LABELS["left"]
    behind = left & (np.arange(left.shape[0])[:, None, None] % 2 == 0)
    values = np.where(left, LABELS["left"], 0)
    values[behind] = LABELS["right"]
    sitk.WriteImage(to_itk(labels.with_array(values.astype(np.uint8))), str(tmp_path / "p1_dlmuse.nii.gz"))
    copied = find_scans(tmp_path)
    answers = Shifted(copied)
    answers.frame = HeadFrame(np.eye(4), 1.7)
    assert judged(copied, answers).summary.wrong_hemisphere == 0
    answers._swap = True
    answers._labels = {str(copied[0].t1): labels}
    assert judged(copied, answers).summary.wrong_hemisphere == 1


def test_slices_of_someone_on_whom_no_frame_was_laid_count_as_missed(tmp_path, monkeypatch):
    head = synthetic_head(*plain_grid())
    sitk.WriteImage(to_itk(head), str(tmp_path / "ball_T1w.nii.gz"))
    sitk.WriteImage(to_itk(ball_parcellation(head)), str(tmp_path / "ball_dlmuse.nii.gz"))
    segmenter = Segmenter(bright_ball_model())
    elsewhere = SliceFrame(np.eye(4) + 900.0 * np.eye(4, k=3), 0.0, 1.0)
    predict = Segmenter.predict

    def misplaced(*given):
        return replace(predict(*given), misplaced="no brain was found", frame=elsewhere)

    monkeypatch.setattr(Segmenter, "predict", misplaced)
    summary = judged(find_scans(tmp_path), answers_of(segmenter)).summary
    assert summary.people_found == 0 and summary.slice_map == 0 and summary.slice_detection == 0


def test_nothing_found_counts_against_the_segmenter(scans):
    def blind(scan, hemisphere):
        grid = to_canonical(scan)
        return Answer(None, grid, ((),) * grid.array_kji.shape[0])

    report = judged(scans, blind)
    assert report.summary.people_found == 0 and report.summary.volume_dice.mean == 0
    assert report.summary.slice_map == 0 and report.summary.coco.segm == 0
    assert report.summary.centroid_error_mm.count == 0
    assert json.loads(report.to_json())["subjects"][0]["centroid_error_mm"] is None


def test_the_report_names_every_scan(scans):
    report = judged(scans, Shifted(scans))
    assert "| people found | 2 of 2 |" in report.to_markdown()
    values = json.loads(report.to_json())
    assert [s["scan"] for s in values["subjects"]] == ["p1", "p2"]
    assert values["options"]["hemisphere"] == "left"


def ball_parcellation(head: Volume) -> Volume:
    """Gyri whose anterior two thirds are the balls: a thin tail behind each makes the rest."""
    labels = np.where(head.array_kji > 0, 9, 0).astype(np.uint8)
    points = voxel_points_ras_mm(head, np.ones_like(labels, bool)).reshape(*labels.shape, 3)
    for label, side in ((143, -1.0), (142, 1.0)):
        offset = points - ball_ras_mm(side)
        tail = (np.hypot(offset[..., 0], offset[..., 2]) < 4) & (abs(offset[..., 1] + 24) < 12)
        labels[(np.linalg.norm(offset, axis=-1) < BALL_RADIUS_MM) | tail] = label
    return head.with_array(labels)


@pytest.mark.parametrize("hemisphere, side", [("left", -1.0), ("right", 1.0)])
def test_our_own_segmenter_is_judged_on_its_slices_and_its_volume(tmp_path, hemisphere, side):
    head = synthetic_head(*plain_grid(), side=side)
    sitk.WriteImage(to_itk(head), str(tmp_path / "ball_T1w.nii.gz"))
    sitk.WriteImage(to_itk(ball_parcellation(head)), str(tmp_path / "ball_dlmuse.nii.gz"))
    segment = answers_of(Segmenter(bright_ball_model()))
    summary = judged(find_scans(tmp_path), segment, hemisphere).summary
    assert summary.people_found == 1 and summary.wrong_hemisphere == 0
    assert summary.volume_dice.mean > 0.93 and summary.centroid_error_mm.mean < 0.7
    assert summary.slice_map > 0.9 and summary.coco.segm > 0.9
    assert summary.wrong_side_slices == 0 and summary.false_positives <= 2


def test_detections_below_the_confidence_count_as_not_found(tmp_path):
    head = synthetic_head(*plain_grid())
    sitk.WriteImage(to_itk(head), str(tmp_path / "ball_T1w.nii.gz"))
    sitk.WriteImage(to_itk(ball_parcellation(head)), str(tmp_path / "ball_dlmuse.nii.gz"))
    strict = Segmenter(bright_ball_model(), confidence=0.95)
    summary = judged(find_scans(tmp_path), answers_of(strict)).summary
    assert summary.people_found == 0 and summary.slice_detection == 0 and summary.false_positives == 0


def test_an_empty_list_is_refused():
    with pytest.raises(UserError, match="no scans"):
        judged([], Shifted([]))


@pytest.mark.skipif(not VAL.is_dir(), reason="the IXI scans are not on this machine")
def test_a_real_reference_moved_by_3_mm_is_measured_as_3_mm():
    scans = find_scans(VAL)[:1]
    (subject,) = judged(scans, Shifted(scans, (3, 0, 0))).subjects
    assert subject.found and not subject.wrong_hemisphere
    assert subject.centroid_error_mm == pytest.approx(3, abs=0.3)
    assert 0.2 < subject.volume_dice < 0.8 < subject.closed_dice + 0.1


@pytest.mark.parametrize(
    "centre_mm, shape_kji", [((-45.0, -48.0, 39.0), (64, 72, 56)), ((-40.0, 38.0, 27.0), (80, 48, 40))]
)
def test_slices_are_judged_where_a_network_of_another_region_looks(centre_mm, shape_kji):
    """They were the DLPFC's, which show nothing of an inferior parietal region: its slice mAP was 0."""
    window = replace(UNetConfig(), window_centre_mm=centre_mm, shape_kji=shape_kji)
    grid = slice_grid(SliceFrame(np.eye(4), 0.0, 1.0), "left", slices_of({"unet": window}))
    corners = np.array([(0, 0, 0), np.array(grid.shape_ijk) - 1])
    ends = spaces.ijk_to_ras_points(grid.ijk_to_ras, corners)
    half_mm = np.array(shape_kji[::-1]) * window.spacing_mm / 2
    assert np.allclose(ends.mean(axis=0), centre_mm, atol=0.01)
    assert np.allclose(np.abs(ends - centre_mm).max(axis=0), half_mm, atol=1.5)


def test_slices_of_the_dlpfc_are_judged_as_the_mask_rcnn_sees_them():
    assert slices_of({"unet": UNetConfig()}) == slices_of({}) == MaskRCNNConfig()
    assert slices_of({"unet": UNetConfig(), "mask-rcnn": SMALL}) == SMALL
