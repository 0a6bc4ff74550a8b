"""The sheet that is cut out: what it says of the person's tapes, and what it draws."""

from dataclasses import replace

import numpy as np
import pytest

from DLPFCSegmenterLib.doubts import doubt
from DLPFCSegmenterLib.plan import Plan
from DLPFCSegmenterLib.report.page import write_report
from DLPFCSegmenterLib.report.tape_sheet import draw_tapes
from DLPFCSegmenterLib.targeting.beam_f3 import BeamSite
from DLPFCSegmenterLib.targeting.by_tape import ByTape, TapeLength
from hand_made_plans import make_plan, with_coil
from targeting.known_heads import ellipsoid_scalp

PATHS = (
    np.array([[0.0, 80.0, 10.0], [-30.0, 70.0, 10.0], [-50.0, 50.0, 12.0]]),
    np.array([[0.0, 0.0, 95.0], [-30.0, 30.0, 70.0], [-36.0, 40.0, 48.0]]),
)


def taped(estimated: bool) -> ByTape:
    lengths = [TapeLength(mm, off) for mm, off in ((74.2, 4.6), (118.8, 5.1), (98.0, 4.2), (110.4, 5.3))]
    return ByTape(
        lengths[0], 71.6, *lengths[1:], 570.0, 398.0, 355.0, 97.0, estimated, PATHS, BeamSite(7.0, 10.4),
        np.array([-40.0, 45.0, 52.0]),
    )  # fmt: skip


def taped_plan(estimated: bool = True, hemispheres=("left",)) -> Plan:
    plan = with_coil(make_plan(hemispheres=hemispheres))
    sides = {name: replace(side, by_tape=taped(estimated)) for name, side in plan.sides.items()}
    return replace(plan, sides=sides)


@pytest.mark.slow
@pytest.mark.parametrize("estimated", [True, False])
def test_the_sheet_has_the_numbers_large_their_doubt_and_whose_fiducials_they_start_from(tmp_path, estimated):
    plan = taped_plan(estimated)
    cut = replace(plan.sides["left"], warnings=(doubt("tape_cut"),)) if estimated else plan.sides["left"]
    write_report(replace(plan, sides={"left": cut}), tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    sheet = text[text.index('class="cut-out"') :]
    sheet = sheet[: sheet.index("</section>")]
    assert 'class="large">X 7.4 cm   Y 11.9 cm<' in sheet and "person.nii.gz" in sheet
    assert "24.6 % of nasion to inion" in sheet and "31.1 % of the way to the right tragus" in sheet
    assert "45 degrees from the midline, back and out to the side" in sheet and "97 degrees clockwise" in sheet
    assert ("ESTIMATED nasion, inion and tragi" in sheet) == ("cuts into the head under a tape" in sheet) == estimated
    assert "Beam F3, X 7.0 cm, Y 10.4 cm" in sheet and "5-cm landmark (estimated)" in sheet


def test_a_plan_that_was_not_asked_for_tapes_has_no_sheet(tmp_path):
    write_report(with_coil(make_plan()), tmp_path / "report.html")
    assert "cut-out" not in (tmp_path / "report.html").read_text(encoding="utf-8").split("</style>")[1]


@pytest.mark.parametrize(("hemisphere", "across"), [("left", -1.0), ("right", 1.0)])
def test_the_drawing_shows_both_tapes_from_above_and_from_the_planned_side(hemisphere, across):
    figure = draw_tapes(ellipsoid_scalp(resolution=60), taped_plan(hemispheres=(hemisphere,)).sides[hemisphere])
    above, beside = figure.axes
    assert (above.get_title(), beside.get_title()) == ("From above", f"From the {hemisphere}")
    for axes, directions in ((above, ((1, 0, 0), (0, 1, 0))), (beside, ((0, across, 0), (0, 0, 1)))):
        drawn = {line.get_label(): np.column_stack(line.get_data()) for line in axes.lines}
        for path, name in zip(PATHS, ("X 7.4 cm", "Y 11.9 cm"), strict=True):
            np.testing.assert_allclose(drawn[name], path @ np.array(directions).T)
