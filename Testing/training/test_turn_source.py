"""What the turn network learns from: heads in several turns, and which of these is how heads lie."""

import numpy as np
import pytest

from DLPFCSegmenterLib.geometry.spaces import RIGHT_TURNS, turned_array
from DLPFCSegmenterLib.networks.head_network import BRAIN
from DLPFCSegmenterLib.training import head_scene, head_source, turn_source
from DLPFCSegmenterLib.training.head_source import HeadSample
from DLPFCSegmenterLib.training.turn_source import TurnSource


@pytest.fixture
def upright(monkeypatch):
    """Heads that lie nearly as their headers have them."""
    monkeypatch.setattr(head_scene, "random_linear", lambda rng, most_deg, scales: np.eye(3))


def test_the_same_generator_gives_the_same_turns(small_head):
    first, second = (TurnSource.of([small_head]).draw(np.random.default_rng(3)) for _ in range(2))
    assert first.turned.equal(second.turned) and first.shares.equal(second.shares)


def test_a_head_is_shown_in_several_turns_of_which_one_is_right(small_head, upright):
    for seed in range(4):
        sample = TurnSource.of([small_head]).draw(np.random.default_rng(seed))
        assert sample.turned.shape[:2] == (8, 3) and len(set(sample.turned.shape[2:])) == 1
        assert float(sample.shares.sum()) == pytest.approx(1.0) and float(sample.shares[0]) > 0.99


def test_of_a_head_against_its_header_the_turn_back_is_right(small_head, upright, monkeypatch):
    monkeypatch.setattr(head_source, "_NO_HEAD_SHARE", 0.0)
    plain = TurnSource.of([small_head]).scans.draw(np.random.default_rng(1))
    for turn in RIGHT_TURNS:
        arrays = (plain.channels, plain.coordinates_mm, plain.classes)
        turned = HeadSample(*(x.new_tensor(turned_array(x.numpy(), turn).copy()) for x in arrays))
        assert turned.classes[0, BRAIN].sum() == pytest.approx(float(plain.classes[0, BRAIN].sum()), rel=1e-4)
        best = int(turn_source._turns_deg(turned).argmin())
        np.testing.assert_allclose(RIGHT_TURNS[best] @ turn, np.eye(4), atol=1e-6)


def test_between_two_turns_both_are_right(small_head, monkeypatch):
    half = np.sqrt(0.5)
    oblique = np.array([[half, -half, 0.0], [half, half, 0.0], [0.0, 0.0, 1.0]])
    monkeypatch.setattr(head_scene, "random_linear", lambda rng, most_deg, scales: oblique)
    turns_deg = np.sort(turn_source._turns_deg(TurnSource.of([small_head]).scans.draw(np.random.default_rng(2))))
    assert turns_deg[1] - turns_deg[0] < 10.0 and turns_deg[0] > 30.0
