"""The patient laid on the scan: ellipsoid heads with known places, and everything that a person gets wrong."""

import numpy as np
import pytest

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.geometry.spaces import MIRROR_X, transform_points
from DLPFCSegmenterLib.guidance.registration import Touched, register, rigid_fit
from DLPFCSegmenterLib.serial import from_text, to_text
from guidance.known_patient import (
    FLAT,
    FOUR,
    MRI_FROM_REFERENCE,
    REFERENCE_FROM_MRI,
    TARGET_RAS_MM,
    WITH_VERTEX,
    swept_over,
    touched,
)
from targeting.known_heads import CENTRE_RAS_MM, RADII_MM, ellipsoid_scalp

TARGET = TARGET_RAS_MM


def swapped(places, *names):
    one, other = names
    return places | {one: places[other], other: places[one]}


def true_error_mm(registration, at=TARGET):
    return np.linalg.norm(transform_points(registration.mri_from_reference @ REFERENCE_FROM_MRI, at) - at)


@pytest.fixture(scope="module")
def head():
    return ellipsoid_scalp(resolution=200)


def test_exact_touches_give_the_exact_place():
    found = register(touched(WITH_VERTEX), WITH_VERTEX, "scan")
    assert np.allclose(found.mri_from_reference, MRI_FROM_REFERENCE, atol=1e-9)
    assert found.fre_mm < 1e-9 and found.error_at_mm(TARGET) < 1e-6


def test_points_that_only_one_of_both_has_are_left_out():
    found = register(touched(WITH_VERTEX | {"chin": np.zeros(3)}), WITH_VERTEX | {"ear": np.ones(3)}, "scan")
    assert set(found.residual_mm) == set(WITH_VERTEX) and found.fre_mm < 1e-9


def test_a_weight_draws_the_fit_to_a_point():
    off = touched(WITH_VERTEX)
    off.fiducials_mm["inion"] += (0.0, 0.0, 4.0)
    even = register(off, WITH_VERTEX, "scan").residual_mm["inion"]
    light = register(off, WITH_VERTEX, "scan", weights={"inion": 0.01}).residual_mm["inion"]
    assert 1.0 < even < light < 4.0 + 1e-6


def test_leaving_a_wrong_point_out_shows_how_wrong_it_is():
    off = touched(WITH_VERTEX)
    off.fiducials_mm["left_tragus"] += (0.0, 6.0, 0.0)
    found = register(off, WITH_VERTEX, "scan")
    assert found.left_out_mm["left_tragus"] == pytest.approx(6.0, abs=1e-6)
    assert found.left_out_mm["left_tragus"] > found.residual_mm["left_tragus"]


def test_the_expected_error_is_fitzpatricks_formula():
    found = register(touched(WITH_VERTEX, noise_mm=1.0), WITH_VERTEX, "scan")
    places = np.array(list(WITH_VERTEX.values()))
    off, at = places - places.mean(axis=0), TARGET - places.mean(axis=0)
    axes = np.linalg.svd(off)[2]
    farther = sum((at @ at - (at @ axis) ** 2) / np.mean((off**2).sum(axis=1) - (off @ axis) ** 2) for axis in axes)
    count = len(places)
    fle_squared = found.fre_mm**2 / (1.0 - 2.0 / count)
    assert found.error_at_mm(TARGET) == pytest.approx(np.sqrt(fle_squared / count * (1.0 + farther / 3.0)), rel=0.02)


def test_over_many_patients_the_expected_error_is_the_true_one():
    found = [register(touched(WITH_VERTEX, noise_mm=1.0, seed=seed), WITH_VERTEX, "scan") for seed in range(200)]
    expected = np.sqrt(np.mean([each.error_at_mm(TARGET) ** 2 for each in found]))
    true = np.sqrt(np.mean([true_error_mm(each) ** 2 for each in found]))
    assert expected == pytest.approx(true, rel=0.15)


def test_with_a_sweep_the_expected_error_is_about_the_true_one(head):
    runs = [register(touched(FOUR, swept_over(seed=seed), 2.0, seed), FOUR, "scan", head) for seed in range(20)]
    expected = np.sqrt(np.mean([each.error_at_mm(TARGET) ** 2 for each in runs]))
    true = np.sqrt(np.mean([true_error_mm(each) ** 2 for each in runs]))
    assert expected == pytest.approx(true, rel=0.25)


def test_a_sweep_mends_fiducials_that_were_touched_badly(head):
    off = touched(FOUR, swept_over(), noise_mm=1.0)
    off.fiducials_mm["nasion"] += (3.0, -3.0, 4.0)
    found = register(off, FOUR, "scan", head)
    matrix = rigid_fit(np.array([off.fiducials_mm[name] for name in FOUR]), np.array(list(FOUR.values())), np.ones(4))
    before = np.linalg.norm(transform_points(matrix @ REFERENCE_FROM_MRI, TARGET) - TARGET)
    assert true_error_mm(found) < 0.6 * before
    assert found.swept_rms_mm < 1.0 and len(found.swept_mm) == 150


def test_swept_points_in_the_air_do_not_move_the_head(head):
    swept = swept_over()
    lifted = swept.copy()
    lifted[:15] += 30.0 * (lifted[:15] - CENTRE_RAS_MM) / RADII_MM
    clean = register(touched(FOUR, swept), FOUR, "scan", head)
    found = register(touched(FOUR, lifted), FOUR, "scan", head)
    assert true_error_mm(found) < true_error_mm(clean) + 0.05
    assert found.swept_mm[:15].min() > 10.0


def test_what_cannot_be_read_of_a_sweep_is_left_out(head):
    swept = np.concatenate([swept_over(), np.full((5, 3), np.nan)])
    assert len(register(touched(FOUR, swept), FOUR, "scan", head).swept_mm) == 150


@pytest.mark.parametrize(
    "places, said",
    [
        ({name: FOUR[name] for name in ("nasion", "inion")}, "2 fiducials were touched, and 3 are the least"),
        ({}, "0 fiducials were touched"),
        ({"a": np.zeros(3), "b": np.ones(3) * 50.0, "c": np.ones(3) * 90.0, "d": np.ones(3) * 20.0}, "on one line"),
        (dict.fromkeys("abcd", np.ones(3)), "on one line"),
        (WITH_VERTEX | {"nasion": np.array([np.nan, 0.0, 0.0])}, "nasion is no point"),
    ],
)
def test_points_that_fix_no_head_are_refused(places, said):
    with pytest.raises(UserError, match=said):
        register(Touched(dict(places)), places, "scan")


@pytest.mark.parametrize("names", [("left_tragus", "right_tragus"), ("nasion", "vertex"), ("inion", "left_tragus")])
def test_swapped_fiducials_are_named(names):
    with pytest.raises(UserError, match="swapped") as refused:
        register(touched(swapped(WITH_VERTEX, *names), noise_mm=1.0), WITH_VERTEX, "scan")
    assert all(name.replace("_", " ") in str(refused.value) for name in names)


@pytest.mark.parametrize("places", [FLAT, {name: FOUR[name] for name in ("nasion", "left_tragus", "right_tragus")}])
def test_points_of_one_plane_alone_do_not_tell_which_way_up_the_head_is(places):
    for order in (places, swapped(places, "left_tragus", "right_tragus")):
        with pytest.raises(UserError, match="left tragus and right tragus.*sweep the scalp too, or add a point"):
            register(touched(order), places, "scan")


def test_a_sweep_tells_that_left_and_right_were_swapped(head):
    with pytest.raises(UserError, match="left tragus and right tragus are swapped"):
        register(touched(swapped(FLAT, "left_tragus", "right_tragus"), swept_over()), FLAT, "scan", head)


def test_a_sweep_along_the_plane_of_the_fiducials_tells_nothing(head):
    swept = np.array([place for place in FLAT.values() for _ in range(10)])
    with pytest.raises(UserError, match="the sweep too small"):
        register(touched(FLAT, swept, noise_mm=0.5), FLAT, "scan", head)


def test_a_mirrored_head_is_refused_by_its_points():
    lopsided = WITH_VERTEX | {"mark": CENTRE_RAS_MM + (-60.0, 55.0, 20.0)}
    mirrored = {name: transform_points(MIRROR_X, place) for name, place in lopsided.items()}
    with pytest.raises(UserError, match="mirrored they would fit; check that scan and tracker"):
        register(touched(mirrored), lopsided, "scan")


def test_a_mirrored_tracker_is_refused_by_the_sweep(head):
    found = touched(FLAT, swept_over())
    fiducials = {name: transform_points(MIRROR_X, place) for name, place in found.fiducials_mm.items()}
    with pytest.raises(UserError, match="swapped|mirrored"):
        register(Touched(fiducials, transform_points(MIRROR_X, found.swept_mm)), FLAT, "scan", head)


@pytest.mark.parametrize("factor", [0.85, 1.2])
def test_fiducials_of_another_head_are_refused(factor):
    other = {name: CENTRE_RAS_MM + factor * (place - CENTRE_RAS_MM) for name, place in WITH_VERTEX.items()}
    with pytest.raises(UserError, match="of another head, or a point was touched wrongly"):
        register(touched(other), WITH_VERTEX, "scan")


@pytest.mark.parametrize("unit", [0.001, 0.1, 1 / 25.4, 1000.0])
def test_points_in_another_unit_than_mm_are_told_to_be(unit):
    found = touched(WITH_VERTEX, noise_mm=1.0).fiducials_mm
    with pytest.raises(UserError, match="times as far apart as those in the scan: both must be in mm"):
        register(Touched({name: unit * place for name, place in found.items()}), WITH_VERTEX, "scan")


def test_a_sweep_of_another_head_is_refused(head):
    with pytest.raises(UserError, match="of\\s+another head"):
        register(touched(WITH_VERTEX, swept_over(RADII_MM * (0.85, 1.05, 1.1))), WITH_VERTEX, "scan", head)


def test_a_reference_that_slipped_between_touching_and_sweeping_is_told(head):
    slipped = touched(WITH_VERTEX, swept_over() + (0.0, 25.0, 0.0))
    with pytest.raises(UserError, match="contradict each other|has slipped"):
        register(slipped, WITH_VERTEX, "scan", head)


def test_too_short_a_sweep_is_refused(head):
    with pytest.raises(UserError, match="Only 12 points were swept"):
        register(touched(FOUR, swept_over(count=12)), FOUR, "scan", head)


def test_a_plan_of_another_scan_is_refused():
    found = register(touched(WITH_VERTEX), WITH_VERTEX, "scan")
    found.require_scan("scan")
    for other in ("another", ""):
        with pytest.raises(UserError, match="another scan than the one that the patient was registered to"):
            found.require_scan(other)


def test_a_registration_of_no_known_scan_is_of_no_plan():
    with pytest.raises(UserError, match="another scan"):
        register(touched(WITH_VERTEX), WITH_VERTEX, "").require_scan("")


def test_a_registration_is_kept_as_text():
    found = register(touched(WITH_VERTEX, noise_mm=1.0), WITH_VERTEX, "scan")
    again = from_text(to_text(found), type(found))
    assert np.array_equal(again.mri_from_reference, found.mri_from_reference)
    assert again.error_at_mm(TARGET) == found.error_at_mm(TARGET)
