import itertools
from dataclasses import replace

import numpy as np
import pytest
import torch

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.geometry.spaces import MIRROR_X, RIGHT_TURNS, ijk_to_ras_points, transform_points, turned_array
from DLPFCSegmenterLib.networks.head_network import (
    CLOSE,
    TURN,
    WIDE,
    HeadConfig,
    HeadNetworks,
    build_head_network,
    build_turn_network,
)
from DLPFCSegmenterLib.scan.canonical import to_canonical, turned_on_ras_axes, without_empty_border
from DLPFCSegmenterLib.scan.head_frame import implausible_frame, require_plausible
from DLPFCSegmenterLib.scan.volume import Volume
from DLPFCSegmenterLib.segmentation import head_finding
from DLPFCSegmenterLib.segmentation.head_finding import (
    Cells,
    Look,
    Searched,
    UsualTurns,
    ask,
    close_cells,
    find_head_frame,
    head_scan,
    scan_cells,
    shipped_head_networks,
)
from DLPFCSegmenterLib.segmentation.likeness import places_from_ras
from harder_scans import under_another_header
from template_scan import template_scan

SMALL = {"channels": (4, 6, 8), "depth": 1}
SOME_POINTS = np.array([[-38.0, 44, 26], [38, 44, 26], [0, -95, 0], [0, -40, -25]])


def ramp(shape=(61, 70, 53)) -> Volume:
    """x + 2 y + 3 z of each voxel's place in mm, RAS axes of 2 mm."""
    matrix = np.diag([2.0, 2.0, 2.0, 1.0])
    matrix[:3, 3] = (-50.0, 20.0, 7.0)
    k, j, i = np.indices(shape)
    places = ijk_to_ras_points(matrix, np.stack([i, j, k], axis=-1))
    return Volume((places @ (1.0, 2.0, 3.0)).astype(np.float32), matrix)


def expected(cells: Cells) -> np.ndarray:
    k, j, i = np.indices(cells.values.array_kji.shape)
    return ijk_to_ras_points(cells.values.ijk_to_ras, np.stack([i, j, k], axis=-1)) @ (1.0, 2.0, 3.0)


def test_cells_hold_the_mean_of_what_lies_in_them_at_the_right_place():
    cells = scan_cells(ramp(), 4.0)
    inside = cells.seen.array_kji > 0.999
    assert inside.sum() * 64 == pytest.approx(61 * 70 * 53 * 8, rel=0.1)
    np.testing.assert_allclose(cells.values.array_kji[inside], expected(cells)[inside], atol=0.02)
    assert all(n % 8 == 0 for n in cells.values.array_kji.shape)


def test_cells_in_mni_axes_hold_the_values_of_their_places():
    scan = ramp((90, 100, 90))
    matrix = np.diag([0.9, 0.95, 0.9, 1.0])
    matrix[:3, 3] = (40.0, 120.0, 90.0)
    cells = close_cells(Searched.whole(scan), matrix, 4.0)
    inside = cells.seen.array_kji > 0.5
    assert inside.sum() > 10_000
    np.testing.assert_allclose(cells.values.array_kji[inside], expected(cells)[inside], atol=0.05)


def test_air_that_is_left_out_was_scanned_all_the_same():
    scan = to_canonical(template_scan(spacing_mm=2.0))
    matrix = scan.ijk_to_ras.copy()
    matrix[:3, 3] -= 60.0
    wide = Volume(np.pad(scan.array_kji, 30), matrix)
    part = Searched.without_air(wide)
    assert part.canonical.array_kji.size < 0.7 * wide.array_kji.size
    turn = np.diag([-1.0, -1.0, 1.0, 1.0])
    for whole, searched, placed_so in [
        (wide, part, np.eye(4)),
        (turned_on_ras_axes(wide, turn), part.turned(turn), turn),
    ]:
        cells = [close_cells(each, placed_so, 6.4) for each in (Searched.whole(whole), searched)]
        np.testing.assert_array_equal(cells[0].seen.array_kji, cells[1].seen.array_kji)
        np.testing.assert_allclose(cells[0].values.array_kji, cells[1].values.array_kji, atol=1e-3)


def test_a_mirrored_scan_is_answered_with_the_mirrored_coordinates():
    torch.manual_seed(0)
    network = build_head_network(HeadConfig(**SMALL)).eval()
    scan = to_canonical(template_scan())
    plain, mirrored = (ask(network, scan_cells(each, 8.0)) for each in (scan, to_canonical(scan.mirrored())))
    there = mirrored.mni_mm[:, :, ::-1] * (-1.0, 1.0, 1.0)
    np.testing.assert_allclose(there, plain.mni_mm, atol=1e-2)
    np.testing.assert_allclose(mirrored.brain.array_kji[:, :, ::-1], plain.brain.array_kji, atol=1e-4)


def knowing(truth: np.ndarray, error_mm: float, half: bool = False):
    """An `ask` that knows where each cell lies (4x4, MNI from RAS), but for an error."""

    def answer(network, cells: Cells, rough: bool = False) -> Look:
        matrix = cells.values.ijk_to_ras.copy()
        matrix[:3, 3] = ijk_to_ras_points(matrix, [0.5, 0.5, 0.5])
        matrix[:3, :3] *= 2.0
        k, j, i = np.indices([n // 2 for n in cells.values.array_kji.shape])
        mni = transform_points(truth @ matrix, np.stack([i, j, k], axis=-1))
        brain = (np.linalg.norm((mni - (0.0, -17.0, 10.0)) / (68.0, 85.0, 65.0), axis=-1) < 1).astype(np.float32)
        if half:
            brain[mni[..., 0] > -15.0] = 0.0
        seen = torch.nn.functional.avg_pool3d(torch.from_numpy(cells.seen.array_kji)[None], 2)[0].numpy()
        wrong = np.random.default_rng(0).normal(0.0, error_mm, mni.shape)
        grids = (Volume(values, matrix) for values in (brain, seen))
        return Look(*grids, (mni + wrong).astype(np.float32))

    return answer


UNTRAINED = HeadNetworks(build_head_network(WIDE), build_head_network(CLOSE), build_turn_network(TURN))
TRUTH = np.array([[1.02, 0.1, 0, 3], [-0.1, 1.05, 0.2, -12], [0, -0.2, 1.1, 5], [0, 0, 0, 1]])


def test_the_frame_is_the_affine_that_the_cells_agree_on(monkeypatch):
    monkeypatch.setattr(head_finding, "ask", knowing(TRUTH, 2.0))
    frame = find_head_frame(UNTRAINED, Searched.whole(to_canonical(template_scan(np.linalg.inv(TRUTH)))))
    off = transform_points(TRUTH @ frame.ras_from_mni, SOME_POINTS) - SOME_POINTS
    assert np.linalg.norm(off, axis=1).max() < 0.7
    assert implausible_frame(frame) == "" and frame.seen > 0.95 and frame.covered > 0.6
    assert frame.spread_mm == pytest.approx(3.1, abs=0.4)


def test_looks_go_on_as_long_as_they_move_the_frame_far(monkeypatch):
    away_mm, rough_ones = iter([40.0, 0.0, 40.0, 0.0, 40.0, 0.0, 0.0, 0.0]), []

    def to_and_fro(network, shown: Cells, rough: bool) -> Look:
        rough_ones.append(rough)
        shift = np.eye(4)
        shift[2, 3] = next(away_mm) if network is UNTRAINED.close else 0.0
        return knowing(shift @ TRUTH, 1.0)(network, shown)

    monkeypatch.setattr(head_finding, "ask", to_and_fro)
    frame = find_head_frame(UNTRAINED, Searched.whole(to_canonical(template_scan(np.linalg.inv(TRUTH)))))
    off = transform_points(TRUTH @ frame.ras_from_mni, SOME_POINTS) - SOME_POINTS
    assert np.linalg.norm(off, axis=1).max() < 0.7 and frame.moved_mm < 1.0
    assert rough_ones == [True] * 8 + [False]


def test_half_a_brain_is_refused(monkeypatch):
    monkeypatch.setattr(head_finding, "ask", knowing(TRUTH, 1.0, half=True))
    frame = find_head_frame(UNTRAINED, Searched.whole(to_canonical(template_scan(np.linalg.inv(TRUTH)))))
    assert "looks like brain" in implausible_frame(frame)


def test_where_no_brain_is_seen_there_is_no_frame():
    network = build_head_network(HeadConfig(**SMALL)).eval()
    with torch.no_grad():
        network.answer.bias[5] = -100.0
    frame = find_head_frame(replace(UNTRAINED, wide=network), Searched.whole(to_canonical(template_scan())))
    assert implausible_frame(frame) == "no brain was found"


def test_a_mirrored_frame_is_that_of_the_mirrored_scan(monkeypatch):
    scan = to_canonical(template_scan(np.linalg.inv(TRUTH)))
    monkeypatch.setattr(head_finding, "ask", knowing(TRUTH, 0.0))
    plain = find_head_frame(UNTRAINED, Searched.whole(scan)).mirrored()
    monkeypatch.setattr(head_finding, "ask", knowing(MIRROR_X @ TRUTH @ MIRROR_X, 0.0))
    mirrored = find_head_frame(UNTRAINED, Searched.whole(to_canonical(scan.mirrored())))
    np.testing.assert_allclose(plain.ras_from_mni, mirrored.ras_from_mni, atol=1e-3)


def placed(pitch_deg: float, yaw_deg: float, scales: tuple[float, float, float], shift_mm) -> np.ndarray:
    """4x4, MNI to RAS mm: scaled, nodded, shaken, moved."""
    (cp, sp), (cy, sy) = ((np.cos(a), np.sin(a)) for a in np.radians([pitch_deg, yaw_deg]))
    pitch, yaw = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]]), np.array([[cy, -sy, 0], [sy, cy, 0], [0, 0, 1]])
    matrix = np.eye(4)
    matrix[:3, :3] = yaw @ pitch @ np.diag(scales)
    matrix[:3, 3] = shift_mm
    return matrix


def off_mm(scan: Volume, truth: np.ndarray) -> float:
    """How far the shipped networks put points of the brain from where they are, at most."""
    registration = head_scan(scan).registration
    assert implausible_frame(registration) == ""
    there = transform_points(registration.ras_from_mni, SOME_POINTS) - transform_points(truth, SOME_POINTS)
    return float(np.linalg.norm(there, axis=1).max())


STRAIGHT = np.diag([0.95, 0.95, 0.95, 1.0])
OWN_MM = 8.0
"""The template is a blurred mean of people and its mean frame that of people: their gyri lie so far from its own."""


@pytest.mark.parametrize(
    "truth",
    [
        placed(0, 0, (0.9, 0.9, 0.9), (0, 0, 0)),
        placed(25, -15, (0.85, 0.95, 0.9), (20, -30, 60)),
        placed(-35, 20, (1.0, 1.05, 1.0), (-100, 250, 40)),
    ],
    ids=["small", "tilted back and away", "nodding, large, far from the origin"],
)
def test_a_brain_is_found_in_any_pose(truth):
    assert off_mm(template_scan(truth), truth) < OWN_MM


@pytest.mark.parametrize("pitch_deg, yaw_deg", [(50, 0), (-40, 0), (0, 55), (0, -55), (-30, 40)])
def test_a_brain_that_lies_oblique_is_found(pitch_deg, yaw_deg):
    truth = placed(pitch_deg, yaw_deg, (0.95, 0.95, 0.95), (0, 0, 0))
    assert off_mm(template_scan(truth), truth) < OWN_MM


@pytest.mark.parametrize("brighter_side", [1.0, -1.0])
def test_the_shipped_networks_give_a_mirrored_head_the_mirrored_frame_to_the_last_digit(brighter_side):
    scan = template_scan(placed(10, 8, (0.9, 0.95, 0.92), (12, -20, 30)))
    across = 1.0 + 0.2 * brighter_side * np.linspace(-1.0, 1.0, scan.array_kji.shape[2], dtype=np.float32)
    uneven = to_canonical(scan.with_array(scan.array_kji * across))
    plain = head_scan(uneven).registration.mirrored()
    mirrored = head_scan(uneven.mirrored()).registration
    np.testing.assert_allclose(mirrored.ras_from_mni, plain.ras_from_mni, rtol=0.0, atol=1e-9)


def test_a_part_that_was_erased_moves_the_frame_no_more_than_one_that_was_not_scanned():
    scan = to_canonical(template_scan(spacing_mm=2.0))
    erased = scan.array_kji.copy()
    erased[:, :25] = 0.0
    plain, worse = (head_scan(each).registration for each in (scan, scan.with_array(erased)))
    assert worse.cut and not plain.cut
    there, here = (transform_points(each.ras_from_mni, SOME_POINTS[:2]) for each in (worse, plain))
    assert np.linalg.norm(there - here, axis=1).max() < 1.5


def test_air_beside_a_part_that_was_erased_was_scanned(monkeypatch):
    scan = to_canonical(template_scan(spacing_mm=2.0))
    scan.array_kji[:, :25] = 0.0
    matrix = scan.ijk_to_ras.copy()
    matrix[:3, 3] -= 60.0
    wide, looked_at, settled = Volume(np.pad(scan.array_kji, 30), matrix), [], head_finding._settled
    monkeypatch.setattr(head_finding, "_settled", lambda *given: looked_at.append(given[1]) or settled(*given))
    head_finding._find_and_fit(shipped_head_networks(), wide)
    assert len(looked_at) == 2, "once as it is, and once as if the erased part had not been scanned"
    np.testing.assert_allclose(looked_at[-1].box_from_ras, places_from_ras(without_empty_border(wide)))
    assert looked_at[-1].canonical.array_kji.size < without_empty_border(wide).array_kji.size


def test_half_a_head_whose_other_half_was_erased_is_no_head_that_was_cut():
    scan = to_canonical(template_scan(spacing_mm=2.0))
    erased = scan.array_kji.copy()
    erased[:, :, erased.shape[2] // 2 :] = 0.0
    assert without_empty_border(scan.with_array(erased)).shape_ijk != scan.shape_ijk
    assert implausible_frame(head_scan(scan.with_array(erased)).registration)


def test_a_surface_coils_uneven_brightness_moves_the_frame_little():
    scan = template_scan(STRAIGHT)
    ahead = np.linspace(-1, 1, scan.array_kji.shape[1])[None, :, None]
    plain = head_scan(scan).registration.ras_from_mni
    assert off_mm(scan.with_array((scan.array_kji * np.exp(0.7 * ahead)).astype(np.float32)), plain) < 4.0


def test_gain_and_offset_of_a_scan_change_nothing():
    scan = template_scan(STRAIGHT)
    plain = head_scan(scan).registration.ras_from_mni
    for gain, offset in ((1e-6, 0.0), (3000.0, 0.0), (0.01, -1.0)):
        assert off_mm(scan.with_array((gain * scan.array_kji + offset).astype(np.float32)), plain) < 1.0


def test_what_is_no_head_is_refused_with_the_scans_name():
    scan = template_scan()
    noise = np.random.default_rng(3).uniform(0, 100, scan.array_kji.shape).astype(np.float32)
    with pytest.raises(UserError, match="^template scan: MNI space cannot be laid on it"):
        require_plausible(head_scan(scan.with_array(noise)).registration, scan.source)


def about_the_top(degrees: float) -> np.ndarray:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


WRONG_HEADERS = {
    "prone for supine": (np.diag([-1.0, -1.0, 1.0]), "supine and the head lies prone"),
    "feet first for head first": (np.diag([-1.0, 1.0, -1.0]), "head first and the head lies feet first"),
    "both": (np.diag([1.0, -1.0, -1.0]), "prone, feet first"),
    "front for back": (np.diag([1.0, -1.0, 1.0]), "front and back are swapped"),
    "top for bottom": (np.diag([1.0, 1.0, -1.0]), "top and bottom are swapped"),
    "all axes": (-np.eye(3), "all its axes are swapped"),
    "on the side": (about_the_top(90.0), "turned by"),
    "on the other side": (about_the_top(-90.0), "turned by"),
    "axes in another order": (np.eye(3)[[1, 2, 0]], "the axes are named wrongly"),
    "prone and tilted": (about_the_top(165.0), "supine and the head lies prone"),
}


@pytest.mark.parametrize("name", WRONG_HEADERS)
def test_a_head_that_lies_against_its_header_is_refused_by_name(name):
    linear, words = WRONG_HEADERS[name]
    frame = head_scan(under_another_header(template_scan(STRAIGHT), linear)[0]).registration
    assert "against its header" in implausible_frame(frame) and words in implausible_frame(frame)
    assert frame.turn_deg > 60.0


def test_where_no_head_is_found_upright_it_is_looked_at_in_the_turn_in_which_it_looks_best(monkeypatch):
    turn = RIGHT_TURNS[7]
    scan = to_canonical(template_scan(np.linalg.inv(TRUTH @ turn)))
    after_the_turn = turned_array(scan_cells(scan, WIDE.cell_mm).values.array_kji, turn)

    def knowing_after_the_turn(network, shown: Cells, rough: bool) -> Look:
        """Of wide looks that at the turned scan alone sees a brain."""
        look = knowing(TRUTH, 1.0)(network, shown)
        if network is UNTRAINED.close or np.allclose(shown.values.array_kji, after_the_turn):
            return look
        return replace(look, brain=look.brain.with_array(0 * look.brain.array_kji))

    monkeypatch.setattr(head_finding, "ask", knowing_after_the_turn)
    monkeypatch.setattr(head_finding, "usual_turns", lambda network, cells: UsualTurns([turn, *RIGHT_TURNS], True))
    assert implausible_frame(find_head_frame(UNTRAINED, Searched.whole(scan))) == "no brain was found"
    frame = head_finding.find_head_in_any_turn(UNTRAINED, Searched.whole(scan))
    off = transform_points(TRUTH @ turn @ frame.ras_from_mni, SOME_POINTS) - SOME_POINTS
    assert "against its header" in implausible_frame(frame) and np.linalg.norm(off, axis=1).max() < 0.7


def test_a_head_that_lies_oblique_is_found_by_a_look_at_the_turned_scan(monkeypatch):
    scan = to_canonical(template_scan(np.linalg.inv(TRUTH)))
    upright, turns = scan_cells(scan, WIDE.cell_mm).values, iter(head_finding._HALF_TURNS)
    fifth = head_finding._HALF_TURNS[4].copy()
    fifth[:3, 3] = -fifth[:3, :3] @ ijk_to_ras_points(scan.ijk_to_ras, (np.array(scan.shape_ijk) - 1) / 2)

    def knowing_in_the_fifth_turn(network, shown: Cells, rough: bool) -> Look:
        """Of wide looks that at the fifth of the turns by half a right angle sees a brain alone."""
        if network is UNTRAINED.close:
            return knowing(TRUTH, 1.0)(network, shown)
        is_oblique = shown.values.array_kji.shape != upright.array_kji.shape
        look = knowing(TRUTH @ np.linalg.inv(fifth), 1.0)(network, shown)
        if is_oblique and next(turns) is head_finding._HALF_TURNS[4]:
            return look
        return replace(look, brain=look.brain.with_array(0 * look.brain.array_kji))

    monkeypatch.setattr(head_finding, "ask", knowing_in_the_fifth_turn)
    monkeypatch.setattr(head_finding, "usual_turns", lambda network, cells: UsualTurns(RIGHT_TURNS, False))
    assert implausible_frame(find_head_frame(UNTRAINED, Searched.whole(scan))) == "no brain was found"
    frame = head_finding.find_head_in_any_turn(UNTRAINED, Searched.whole(scan))
    off = transform_points(TRUTH @ frame.ras_from_mni, SOME_POINTS) - SOME_POINTS
    assert implausible_frame(frame) == "" and np.linalg.norm(off, axis=1).max() < 0.7


@pytest.mark.parametrize("sure, rests, asked_turned", [(True, False, 0), (False, True, 0), (False, False, 6)])
def test_half_a_head_is_looked_at_turned_where_it_may_be_a_head_that_lies_oblique(
    monkeypatch, sure, rests, asked_turned
):
    scan, asked, away_mm = to_canonical(template_scan(np.linalg.inv(TRUTH))), [], itertools.cycle([0.0, 10.0])

    def half(network, cells: Cells, rough: bool) -> Look:
        asked.append(network)
        shift = np.eye(4)
        shift[2, 3] = 0.0 if rests else next(away_mm)
        return knowing(shift @ TRUTH, 1.0, half=True)(network, cells)

    monkeypatch.setattr(head_finding, "ask", half)
    monkeypatch.setattr(head_finding, "usual_turns", lambda network, cells: UsualTurns(RIGHT_TURNS, sure))
    assert implausible_frame(head_finding.find_head_in_any_turn(UNTRAINED, Searched.whole(scan)))
    assert asked.count(UNTRAINED.wide) == 1 + asked_turned
