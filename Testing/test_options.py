"""Every choice is told once: the documents, the command line and the panel say what `PlanOptions` says."""

import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest

from DLPFCSegmenterLib.cli.main import _parser
from DLPFCSegmenterLib.cli.options import ANONYMOUS, FRAME, OVERWRITE, REPORT
from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.options import OPTIONS, PlanOptions, check_options, option
from readme import ROOT, lines_of_table

PANEL = ROOT / "DLPFCSegmenter" / "Resources" / "UI" / "DLPFCSegmenter.ui"
IN_PANEL = {
    "hemisphere": "hemispheres",
    "threshold": "threshold",
    "device": "device",
    "ruleMm": "rule_mm",
    "targetChoice": "target",
    "coilAngleDeg": "coil_angle_deg",
}
"""Name of a parameter of the panel -> the option that it is."""


def line_of(told) -> str:
    """The option as a line of README.md's table."""
    values = "\\|".join(told.choices) or " ".join(told.values)
    return f"| `{' '.join(filter(None, (told.flag, values)))}` | {told.text} | {told.default} |"


def arguments_of(command: str) -> set[str]:
    parser = next(action for action in _parser()._actions if action.dest == "command").choices[command]
    return {flag for action in parser._actions for flag in action.option_strings}


def test_the_readme_tells_of_every_option_as_the_command_line_does():
    told_of = (*(told for told in OPTIONS.values() if told.flag), REPORT, ANONYMOUS, FRAME, OVERWRITE)
    assert lines_of_table("| option | meaning | default |") == [line_of(told) for told in told_of]


@pytest.mark.parametrize("name", ["rule_mm", "coil_angle_deg", "standoff_mm", "target", "device"])
def test_a_default_in_words_is_the_default(name):
    default = getattr(PlanOptions, name)
    assert option(name).default == f"`{default if isinstance(default, str) else format(default, 'g')}`"


def test_a_batch_has_every_option_of_a_plan():
    assert {told.flag for told in OPTIONS.values() if told.flag} < arguments_of("plan") < arguments_of("batch")


@pytest.mark.parametrize("name", [name for name, told in OPTIONS.items() if told.bounds])
def test_a_value_beyond_its_bounds_is_refused_and_one_at_them_is_not(name):
    told = option(name)
    for at_edge in told.bounds:
        check_options(replace(PlanOptions(), **{name: at_edge}))
    with pytest.raises(UserError, match=told.name):
        check_options(replace(PlanOptions(), **{name: told.bounds[1] + 1}))


def widget_of(parameter: str) -> dict[str, str]:
    """Properties of the panel's widget that sets a parameter."""
    for widget in ElementTree.parse(PANEL).iter("widget"):
        texts = {each.get("name"): "".join(each.itertext()).strip() for each in widget.findall("property")}
        if texts.get("SlicerParameterName") == parameter:
            return texts
    raise AssertionError(f"the panel has no widget for {parameter}")


@pytest.mark.parametrize(("parameter", "name"), IN_PANEL.items())
def test_the_panel_tells_the_options_default_and_keeps_its_bounds(parameter, name):
    widget, told = widget_of(parameter), option(name)
    tip = widget["toolTip"].lower()
    assert f"default: {told.default.strip('`')}" in tip or "(default)" in tip
    if told.bounds:
        assert (float(widget["minimum"]), float(widget["maximum"])) == told.bounds
        assert getattr(PlanOptions, name) in (None, float(widget["value"]))
