"""What the draft's files tell beside the positions: fiducials, and the head's lengths by tape."""

import json
from dataclasses import replace

import numpy as np

from DLPFCSegmenterLib.export.targets import planned_targets
from DLPFCSegmenterLib.export.writing import write_targets
from DLPFCSegmenterLib.targeting.by_tape import ByTape, TapeLength
from hand_made_plans import make_plan, with_everything


def coordinate_system(plan, folder):
    _, _, system = write_targets("nibs-bids", planned_targets(plan), folder / "sub-01_markers.tsv", plan.volume)
    assert system.name == "sub-01_coordsystem.json"
    return json.loads(system.read_text())


def by_tape(estimated=False):
    length = TapeLength(65.0, 4.0)
    lines = {"circumference_mm": 561.0, "nasion_inion_mm": 352.0, "tragus_tragus_mm": 360.0}
    return ByTape(
        TapeLength(68.2, 4.0), None, TapeLength(97.9, 5.0), length, length, **lines, handle_deg=None,
        estimated=estimated, paths_ras_mm=(np.zeros((2, 3)),) * 2, beam=None, beam_ras_mm=np.zeros(3),
    )  # fmt: skip


def test_a_plan_with_neither_tells_of_neither(tmp_path):
    assert not [name for name in coordinate_system(make_plan(), tmp_path) if not name.startswith("NIBS")]


def test_fiducials_and_tape_measures_stand_in_the_coordinate_system(tmp_path):
    system = coordinate_system(with_everything(make_plan()), tmp_path)
    assert system["AnatomicalLandmarkCoordinates"] == {
        "NAS": [0.0, 80.0, -12.0], "INI": [0.0, -90.0, -20.0], "LPA": [-70.0, -8.0, -30.0], "RPA": [70.0, -8.0, -30.0],
    }  # fmt: skip
    assert system["AnatomicalLandmarkCoordinateSystem"] == system["NIBSCoordinateSystem"] == "ScanRAS"
    assert system["HeadMeasurements"] == {"HeadCircumference": [57.0], "NasionInion": [36.5], "LPARPA": [37.0]}
    assert system["HeadMeasurementsUnits"] == "cm"


def test_the_way_to_a_target_by_tape_stands_beside_the_head_s_own_lengths(tmp_path):
    plan = make_plan()
    plan = replace(plan, sides={"left": replace(plan.sides["left"], by_tape=by_tape())})
    assert coordinate_system(plan, tmp_path)["HeadMeasurements"] == {
        "HeadCircumference": [56.1], "NasionInion": [35.2], "DLPFC target (left)": [6.82, 9.79],
    }  # fmt: skip


def test_lengths_from_estimated_fiducials_are_not_exported_as_measured(tmp_path):
    plan = make_plan()
    plan = replace(plan, sides={"left": replace(plan.sides["left"], by_tape=by_tape(estimated=True))})
    assert "HeadMeasurements" not in coordinate_system(plan, tmp_path)
    plan = with_everything(plan)
    assert coordinate_system(plan, tmp_path / "with tapes")["HeadMeasurements"] == {
        "HeadCircumference": [57.0], "NasionInion": [36.5], "LPARPA": [37.0],
    }, "what a person measured stays"  # fmt: skip
