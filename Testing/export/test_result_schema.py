"""The published schema is that of the classes, and every result.json keeps to it."""

import json
from dataclasses import replace

import jsonschema
import pytest

from DLPFCSegmenterLib.export.result_json import write_result_json
from hand_made_plans import make_plan, with_coil, with_everything, without_side
from result_schema import SCHEMA_FILE, result_schema
from targeting.known_heads import ellipsoid_scalp


@pytest.fixture(scope="module")
def published():
    return json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))


def test_the_published_schema_is_that_of_the_classes(published):
    assert published == json.loads(json.dumps(result_schema())), (
        "PYTHONPATH=DLPFCSegmenter python Testing/result_schema.py writes it anew"
    )


BOTH = ("left", "right")
PLANS = {
    "bare": lambda: make_plan(),
    "with a coil": lambda: with_coil(make_plan("LIA")),
    "with everything": lambda: with_everything(make_plan("RAS", BOTH)),
    "with one of two sides": lambda: without_side(with_everything(make_plan("RAS", BOTH)), "right"),
    "without a finding": lambda: without_side(make_plan(), "left"),
    "with a scalp": lambda: replace(with_coil(make_plan()), scalp=ellipsoid_scalp()),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PLANS)
def test_every_result_keeps_to_the_schema(name, published, tmp_path):
    path = tmp_path / "result.json"
    write_result_json(PLANS[name](), tmp_path, path)
    jsonschema.Draft202012Validator.check_schema(published)
    jsonschema.validate(json.loads(path.read_text(encoding="utf-8")), published)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda fields: fields.pop("plan"),
        lambda fields: fields["plan"].pop("options"),
        lambda fields: fields["plan"]["options"].update(colour="red"),
        lambda fields: fields["plan"]["sides"]["left"]["target"]["point"].update(method="guessed"),
        lambda fields: fields["plan"]["sides"]["left"]["warnings"].append("a plain sentence"),
        lambda fields: fields.update(schema_version="1.0"),
        lambda fields: fields.update(target_ras_mm=[1, 2]),
        lambda fields: fields.pop("landmarks_ras_mm"),
    ],
)
def test_the_schema_refuses_what_is_no_result(spoil, published, tmp_path):
    path = tmp_path / "result.json"
    write_result_json(make_plan(), tmp_path, path)
    fields = json.loads(path.read_text(encoding="utf-8"))
    spoil(fields)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(fields, published)
