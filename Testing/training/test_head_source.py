"""What the head network learns from: random scans whose answers are where the head truly lies."""

import numpy as np
import pytest
import torch

from DLPFCSegmenterLib.networks.head_network import BRAIN, CLOSE, CLOSE_SHAPE_KJI, WIDE, HeadConfig
from DLPFCSegmenterLib.scan.head_frame import robust_affine
from DLPFCSegmenterLib.training import head_contrast, head_labels, head_scene, head_source
from DLPFCSegmenterLib.training.head_people import PreparedHead
from DLPFCSegmenterLib.training.head_source import HeadSource

MIDDLE_RAS_MM = (3.0, -15.0, 8.0)
"""Of the fixture's brain."""


def draws(head: PreparedHead, count: int = 12, config: HeadConfig = WIDE):
    source = HeadSource.of([head], config)
    return [source.draw(np.random.default_rng((7, number))) for number in range(count)]


def test_the_same_generator_gives_the_same_scan(small_head):
    first, second = (draws(small_head, 3) for _ in range(2))
    for one, other in zip(first, second, strict=True):
        assert torch.equal(one.channels, other.channels) and torch.equal(one.classes, other.classes)


def test_every_scan_is_finite_and_its_classes_are_shares(small_head):
    for sample in draws(small_head):
        assert torch.isfinite(sample.channels).all() and torch.isfinite(sample.coordinates_mm).all()
        assert sample.classes.min() > -1e-5
        torch.testing.assert_close(sample.classes.sum(dim=1), torch.ones_like(sample.classes[:, 0]))
        assert all(n % 8 == 0 for n in sample.channels.shape[2:])


def test_the_coordinates_in_the_brain_are_nearly_an_affine_of_the_grid(small_head):
    for sample in draws(small_head):
        brain = sample.classes[0, BRAIN].numpy() > 0.5
        if brain.sum() < 80:
            continue
        places = np.argwhere(brain)[:, ::-1] * WIDE.answer_mm
        told = sample.coordinates_mm[0].numpy()[:, brain].T
        fit = robust_affine(places, told.astype(float), np.ones(len(places)))
        assert fit.spread_mm < 10.0
        assert 0.4 < abs(np.linalg.det(fit.mni_from_ras[:3, :3])) < 3.5


def test_the_close_network_sees_mni_axes_with_small_errors(small_head, monkeypatch):
    monkeypatch.setattr(head_source, "_NO_HEAD_SHARE", 0.0)
    for sample in draws(small_head, 4, CLOSE):
        assert sample.channels.shape[2:] == CLOSE_SHAPE_KJI
        brain = sample.classes[0, BRAIN].numpy() > 0.5
        k, j, i = np.nonzero(brain)
        middle = (np.array(CLOSE_SHAPE_KJI) / 2 - 1) / 2
        straight = (np.stack([i - middle[2], j - middle[1], k - middle[0]]) * CLOSE.answer_mm).T + (0.0, -17.0, 4.0)
        off = np.linalg.norm(sample.coordinates_mm[0].numpy()[:, brain].T - straight, axis=1)
        assert off.mean() < 80.0


def test_a_head_in_larger_voxels_lies_where_it_did(small_head):
    halved = small_head.halved()
    point = head_scene.transform_points(np.linalg.inv(small_head.mni_from_ras), [[10.0, 20.0, 30.0]]).astype(np.float32)
    told = [head_scene.mni_of_points(head, point[None, None]) for head in (small_head, halved)]
    np.testing.assert_allclose(told[0], told[1], atol=0.01)
    for head in (small_head, halved):
        k, j, i = np.nonzero(head.brain_mm <= 0)
        middle = head_scene.moved(head.ijk_to_ras, np.array([i.mean(), j.mean(), k.mean()], np.float32))
        np.testing.assert_allclose(middle, MIDDLE_RAS_MM, atol=1.0)


def test_left_stays_left_in_a_mirrored_scan(small_head, monkeypatch):
    handedness = {}
    for share in (0.0, 1.0):
        monkeypatch.setattr(head_source, "_MIRRORED_SHARE", share)
        monkeypatch.setattr(head_source, "_NO_HEAD_SHARE", 0.0)
        sample = draws(small_head, 1)[0]
        brain = sample.classes[0, BRAIN].numpy() > 0.5
        told = sample.coordinates_mm[0].numpy()[:, brain].T.astype(float)
        fit = robust_affine(np.argwhere(brain)[:, ::-1] * WIDE.answer_mm, told, np.ones(len(told)))
        handedness[share] = np.linalg.det(fit.mni_from_ras[:3, :3])
    assert handedness[0.0] > 0 and handedness[0.0] == pytest.approx(handedness[1.0], rel=1e-3)


def test_what_is_no_head_has_no_brain():
    for seed in range(5):
        sample = head_source._no_head(np.random.default_rng(seed), WIDE)
        assert torch.isfinite(sample.channels).all() and not sample.classes[0, BRAIN].any()


def test_a_scan_without_changes_shows_the_person(small_head):
    ijk = np.stack(np.meshgrid(*[np.arange(10)] * 3, indexing="ij"), axis=-1).transpose(2, 1, 0, 3).astype(np.float32)
    values = small_head.t1.astype(np.float32)
    np.testing.assert_allclose(head_scene.sampled([values], ijk)[0], values[:10, :10, :10], atol=1e-3)


def test_the_correction_is_added_to_the_affine(small_head):
    shift = np.zeros_like(small_head.correction_mm)
    shift[..., 1] = 5.0
    moved = PreparedHead(**{**small_head.__dict__, "correction_mm": shift})
    middle = head_scene.transform_points(np.linalg.inv(small_head.mni_from_ras), [[0.0, -17.0, 4.0]])
    told = head_scene.mni_of_points(moved, middle[None, None].astype(np.float32)).ravel()
    np.testing.assert_allclose(told, [0.0, -12.0, 4.0], atol=0.01)


def seen_ball() -> head_contrast.SeenHead:
    offsets = head_scene.cell_offsets_mm((32, 32, 32), 4.0)
    brain_mm = np.linalg.norm(offsets, axis=-1) - 40.0
    return head_contrast.SeenHead(np.ones((32, 32, 32), np.float32), brain_mm, np.ones_like(brain_mm), offsets)


def test_a_stripped_head_keeps_its_brain_and_loses_what_lies_far_from_it():
    for seed in range(5):
        ball = seen_ball()
        kept = head_contrast._stripped(np.random.default_rng(seed), ball)
        assert kept.values[ball.brain_mm < -12].min() > 0.5 and kept.values[ball.brain_mm > 16].max() == 0.0
        assert not kept.head[ball.brain_mm > 16].any()


def test_a_defaced_head_keeps_its_brain():
    for seed in range(5):
        ball = seen_ball()
        assert head_contrast._defaced(np.random.default_rng(seed), ball).values[ball.brain_mm < -4].min() == 1.0


def test_both_kinds_of_label_maps_know_their_tissues():
    dlmuse, freesurfer = head_labels.dlmuse_tissues(), head_labels.freesurfer_tissues()
    assert dlmuse[143] == freesurfer[3] == head_labels.CORTEX and dlmuse[82] == freesurfer[2] == head_labels.WHITE
    assert dlmuse[0] == freesurfer[0] == head_labels.AIR
    assert (freesurfer[501:] >= head_labels.OUTSIDE).all() and freesurfer.max() < head_labels.TISSUES
    for number, twin in head_labels.TWINS.items():
        assert freesurfer[number] == dlmuse[twin]
