"""A target by connectivity travels as every other: into the rule, the record, the report and every export."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from DLPFCSegmenterLib.circuit.choice import CircuitTarget
from DLPFCSegmenterLib.circuit.circuit import Circuit, CircuitSide
from DLPFCSegmenterLib.circuit.cleaning import RunQuality
from DLPFCSegmenterLib.circuit.trust import Trust
from DLPFCSegmenterLib.cli.main import _parser
from DLPFCSegmenterLib.cli.options import plan_options
from DLPFCSegmenterLib.doubts import doubt
from DLPFCSegmenterLib.edited_plan import EditedHead, EditedSide, edited_plan
from DLPFCSegmenterLib.export.anonymous import anonymous_plan
from DLPFCSegmenterLib.export.plan_folder import write_plan
from DLPFCSegmenterLib.export.result_folder import read_plan
from DLPFCSegmenterLib.export.targets import planned_targets
from DLPFCSegmenterLib.options import CircuitChoices
from DLPFCSegmenterLib.plan import place_side
from DLPFCSegmenterLib.plan_record import plan_of, record_of
from DLPFCSegmenterLib.report.circuit import draw_circuit
from DLPFCSegmenterLib.report.page import write_report
from DLPFCSegmenterLib.scan.volume import Volume
from DLPFCSegmenterLib.targeting.placing import Edits
from DLPFCSegmenterLib.targeting.point import TARGET, Method
from DLPFCSegmenterLib.words import method_of
from hand_made_plans import make_plan

PLACES = (np.array([-36.0, 44.0, 28.0]), np.array([-32.0, 32.0, 30.0]))
CHOSEN = CircuitSide(
    tuple(CircuitTarget(at, z) for at, z in zip(PLACES, (-0.5, -0.3), strict=True)), Trust(2.0, None, 4.0, 0.01),
    {"centroid": -0.2}, (), True,
)  # fmt: skip
DOUBTED = replace(CHOSEN, reliable=False, warnings=(doubt("circuit_short", "left", minutes=3.0, least=9.0),))
RUN = RunQuality("/data/sub-01_bold.nii.gz", "0" * 64, 2.0, 600, 590, 0.1, 30.0, 60.0, 0.0, 0.0)


def planned(circuit, target="circuit", edits=None):
    plan = make_plan()
    options = replace(plan.options, target=target)
    edits = edits or Edits(circuit=circuit)
    side = place_side(None, plan.sides["left"].region, options, edits)
    z_map = Volume(np.full((30, 40, 36), -0.1, np.float32), np.diag([4.0, 4.0, 4.0, 1.0]) + np.eye(4, k=3) * -70)
    found = Circuit(options.circuit, (RUN,), 40000, z_map)
    return replace(plan, options=options, sides={"left": side}, circuit=found)


def test_a_reliable_choice_is_the_target_and_its_method_is_a_key():
    target = planned(CHOSEN).sides["left"].target
    np.testing.assert_array_equal(target.position_ras_mm, PLACES[0])
    assert target.method is Method.CIRCUIT and "connectivity" in method_of(target.point)


@pytest.mark.parametrize("circuit", [DOUBTED, None])
def test_an_unreliable_choice_leaves_the_centroid_and_says_why(circuit):
    side = planned(circuit).sides["left"]
    assert side.target.method is Method.CENTROID
    keys = {each.key for each in side.warnings}
    assert "circuit_not_chosen" in keys and ("circuit_short" in keys) == (circuit is not None)


def test_fmri_beside_another_target_is_told_and_changes_nothing():
    side = planned(CHOSEN, "centroid").sides["left"]
    assert side.target.method is Method.CENTROID and side.circuit is CHOSEN


def test_a_target_that_a_person_moved_stays_where_it_was_put():
    at = PLACES[1]
    target = planned(CHOSEN, edits=Edits({TARGET: at}, circuit=CHOSEN)).sides["left"].target
    assert target.method is Method.MOVED and np.array_equal(target.position_ras_mm, at)


def test_a_plan_that_is_edited_keeps_the_target_by_connectivity_in_the_scan_s_own_space():
    plan = planned(CHOSEN)
    side = EditedSide(plan, plan.sides["left"].region.mask_kji)
    shift = np.eye(4)
    shift[:3, 3] = (5, 0, -3)
    moved = replace(plan.volume, ijk_to_ras=shift @ plan.volume.ijk_to_ras)
    target = edited_plan(moved, EditedHead((side,), None, plan.options)).sides["left"].target
    assert target.method is Method.CIRCUIT
    np.testing.assert_allclose(target.position_ras_mm, PLACES[0] + (5, 0, -3))
    left = EditedHead((side,), None, replace(plan.options, target="centroid"))
    assert edited_plan(moved, left).sides["left"].target.method is Method.CENTROID


def test_the_record_keeps_target_trust_runs_and_choices_but_not_the_map():
    plan = planned(CHOSEN)
    read = plan_of(record_of(plan))
    side = read.sides["left"]
    assert side.target.method is Method.CIRCUIT and side.circuit.trust == CHOSEN.trust
    np.testing.assert_array_equal(side.circuit.targets[1].position_ras_mm, PLACES[1])
    assert read.circuit == replace(plan.circuit, z_map=None)


def test_exports_name_the_method_and_hold_the_other_places_with_their_doubts():
    chosen, other = planned_targets(planned(CHOSEN))[0], planned_targets(planned(CHOSEN))[-1]
    assert "connectivity" in chosen.description and other.label == "Circuit 2 (left)"
    doubted = [each for each in planned_targets(planned(DOUBTED)) if each.label.startswith("Circuit")]
    assert [each.label for each in doubted] == ["Circuit 1 (left)", "Circuit 2 (left)"]
    assert all("not reliable" in " ".join(each.warnings) for each in doubted)


@pytest.mark.slow
def test_a_folder_holds_map_table_and_pictures_and_reads_back(tmp_path):
    plan = planned(CHOSEN)
    write_plan(plan, tmp_path / "plan")
    folder = tmp_path / "plan"
    with (folder / "circuit.tsv").open() as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    assert [row["place"] for row in rows] == ["Circuit 1", "Circuit 2", "Centroid"]
    assert float(rows[0]["to_target_mm"]) == 0 and float(rows[2]["z"]) == -0.2
    assert (folder / "circuit_left.png").stat().st_size > 10_000 and (folder / "circuit_z.nii.gz").exists()
    read = read_plan(folder)
    assert read.sides["left"].target.method is Method.CIRCUIT
    np.testing.assert_array_equal(read.circuit.z_map.array_kji, plan.circuit.z_map.array_kji)
    np.testing.assert_allclose(read.circuit.z_map.ijk_to_ras, plan.circuit.z_map.ijk_to_ras, atol=1e-4)
    write_plan(make_plan(), folder, overwrite=True)
    assert not list(folder.glob("circuit*"))


@pytest.mark.parametrize("hemisphere", ["left", "right"])
def test_pictures_name_the_side_of_each_slice_and_show_the_cortex_as_from_beside_the_head(hemisphere):
    sign = -1.0 if hemisphere == "left" else 1.0
    plan = make_plan(hemispheres=(hemisphere,))
    chosen = replace(CHOSEN, targets=(CircuitTarget(np.array([sign * 36.0, 44.0, 28.0]), -0.5),))
    side = replace(plan.sides[hemisphere], circuit=chosen)
    *slices, cortex, _ = draw_circuit(replace(plan, circuit=planned(CHOSEN).circuit), side).axes
    assert [each.get_title() for each in slices] == [
        "Axial, S 28.0 mm", f"Sagittal, {hemisphere[0].upper()} 36.0 mm", "Coronal, A 44.0 mm"
    ]  # fmt: skip
    at_left, at_right = (cortex.transAxes + cortex.transData.inverted()).transform([(0, 0.5), (1, 0.5)])[:, 0]
    assert (at_left > at_right) == (hemisphere == "left"), "the face of who is seen from the left is at the left"
    assert [text.get_text() for text in cortex.texts] == (["A", "P", "I", "S"] if sign < 0 else ["P", "A", "I", "S"])


def test_an_anonymous_plan_names_no_file_of_the_fmri():
    plan = planned(CHOSEN)
    bold = (Path("/data/sub-01_bold.nii.gz"),)
    choices = CircuitChoices(bold, (Path("/data/sub-01_confounds.tsv"),), mni_transform=Path("/data/sub-01_xfm.h5"))
    warned = (doubt("bold_raw", name="sub-01_bold.nii.gz"),)
    plan = replace(
        plan, options=replace(plan.options, circuit=choices), warnings=warned,
        circuit=replace(plan.circuit, choices=choices, warnings=warned),
    )  # fmt: skip
    told = str(record_of(anonymous_plan(plan, "anonymous-1")))
    assert "sub-01" not in told and "/data" not in told and "fmri-1" in told


def test_the_report_tells_places_trust_and_settings(tmp_path):
    write_report(planned(DOUBTED), tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text()
    for words in ("Connectivity with the subgenual cingulate", "NOT reliable", "Circuit 2", "19.7 minutes clean"):
        assert words in page


def test_the_command_line_takes_runs_tables_and_rules():
    words = "--target circuit --bold a.nii b.nii --confounds a.tsv b.tsv --circuit-seed sphere"
    options = plan_options(_parser().parse_args(["plan", "T1.nii", "--output", "o", *words.split()]))
    assert [path.name for path in options.circuit.bold] == ["a.nii", "b.nii"] and options.circuit.seed == "sphere"
    assert options.target == "circuit" and options.wants_fmri
    assert not plan_options(_parser().parse_args("plan T1.nii --output o".split())).wants_fmri
