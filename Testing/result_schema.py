"""The JSON Schema of `result.json`, made of the classes of a plan by whose hints the codec writes it.

    PYTHONPATH=DLPFCSegmenter python Testing/result_schema.py

writes it anew where the library has it.
"""

import dataclasses
import json
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import numpy as np

from DLPFCSegmenterLib.doubts import Doubt
from DLPFCSegmenterLib.export import result_json
from DLPFCSegmenterLib.plan import Plan
from DLPFCSegmenterLib.serial import UNTOLD

SCHEMA_FILE = Path(result_json.__file__).with_name("result_schema.json")

_PLAIN = {bool: "boolean", int: "integer", float: "number", str: "string", Path: "string", type(None): "null"}
_TEXT, _NUMBER, _FLAG = {"type": "string"}, {"type": "number"}, {"type": "boolean"}
_TEXTS = {"type": "array", "items": _TEXT}
_NUMBERS = {"type": "object", "additionalProperties": {"type": ["number", "null"]}}
_POINT = {"type": "array", "items": _NUMBER, "minItems": 3, "maxItems": 3}
_POINTS = {"type": "object", "additionalProperties": _POINT}
_MATRIX = {"type": "array", "items": {"type": "array", "items": _NUMBER, "minItems": 4, "maxItems": 4}}
_SHARED = {"type": "object", "properties": {"shared": _TEXT}, "required": ["shared"]}
_ARRAY = {
    "description": "nested lists, an object with dtype, shape and values, or the name of what lies elsewhere",
    "anyOf": [
        {"type": "array", "items": {"anyOf": [_NUMBER, {"type": "array"}]}},
        {"type": "object", "required": ["dtype", "shape", "values"]},
        _SHARED,
    ],
}
_LENT = ("Volume", "Scalp")
"""Classes of which the record may hold the name alone."""

_SIDE = {
    "hemisphere": {"enum": ["left", "right", "both"]},
    "detected": _FLAG,
    "reason": _TEXT,
    "mask": {"type": ["object", "null"], "required": ["path", "file", "volume_ml"]},
    "score": {"type": ["number", "null"]},
    "uncertainty": {"type": ["object", "null"]},
    "slices": {"type": "array", "items": {"type": "object", "required": ["plane", "index", "score"]}},
    "target_ras_mm": {"anyOf": [_POINT, {"type": "null"}]},
    "target_inside_mask": {"type": ["boolean", "null"]},
    "target_method": {"type": ["string", "null"]},
    "centroid_ras_mm": {"anyOf": [_POINT, {"type": "null"}]},
    "centroid_inside_mask": {"type": ["boolean", "null"]},
    "landmarks_ras_mm": _POINTS,
    "landmarks": {"type": "object"},
    "literature_ras_mm": _POINTS,
    "literature": {"type": "object"},
    "distances_mm": _NUMBERS,
    "depth": {"type": ["object", "null"]},
    "beam_f3_by_tape_cm": {"type": "object", "additionalProperties": {"type": "object", "required": ["x", "y"]}},
    "scalp_entry": {"type": ["object", "null"]},
    "coil": {"type": ["object", "null"], "required": ["pose_ras_mm", "axes", "handle_angle_deg", "standoff_mm"]},
    "warnings": _TEXTS,
}
"""What is told of one side, at the top level or in an object of its own."""

_SHARED_FIELDS = {
    "created": _TEXT,
    "schema_version": {"const": result_json.SCHEMA_VERSION},
    "notice": _TEXT,
    "software": {"type": "object", "required": ["name", "version"]},
    "coordinate_space": _TEXT,
    "volume": {
        "type": "object",
        "properties": {"path": _TEXT, "spacing_mm": _POINT, "orientation": _TEXT, "ijk_to_ras": _MATRIX},
        "required": ["path", "shape", "spacing_mm", "orientation", "ijk_to_ras", "fingerprint"],
    },
    "model": {"type": "object", "required": ["id", "sha256", "label_definition"]},
    "options": {"type": "object"},
    "registration": {"type": ["object", "null"]},
    "fiducials": {"type": "object"},
    "timing_s": _NUMBERS,
    "warnings": _TEXTS,
}
"""What is told of the whole plan."""


def result_schema() -> dict[str, Any]:
    """The schema, of draft 2020-12."""
    definitions: dict[str, Any] = {}
    plan = _schema(Plan, definitions)
    side_fields = [name for name in _SIDE if name != "reason"]
    definitions["side"] = {"type": "object", "properties": _SIDE, "required": side_fields}
    side, both = {"$ref": "#/$defs/side"}, {"properties": {"hemisphere": {"const": "both"}}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "result.json of DLPFCSegmenter",
        "description": "Every coordinate is RAS in mm. 'plan' is the plan's own record; the rest is made of it.",
        "type": "object",
        "properties": {**_SHARED_FIELDS, "left": side, "right": side, "plan": plan},
        "required": [*_SHARED_FIELDS, "hemisphere", "plan"],
        "if": both,
        "then": {"required": ["left", "right"]},
        "else": side,
        "$defs": dict(sorted(definitions.items())),
    }


def _schema(expected: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """The schema of what the codec writes for a hint; classes go to the definitions."""
    kind, inside = get_origin(expected) or expected, get_args(expected)
    if expected in _PLAIN:
        no_numbers = {"enum": ["nan", "inf", "-inf"]}
        return {"anyOf": [_NUMBER, no_numbers]} if expected is float else {"type": _PLAIN[expected]}
    if kind is np.ndarray:
        return _ARRAY
    if kind is Doubt:
        return {"$ref": "#/$defs/Doubt"} if definitions.setdefault("Doubt", _DOUBT) else {}
    if dataclasses.is_dataclass(kind):
        return _class(kind, definitions)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"enum": [each.value for each in kind]}
    if kind is tuple and inside[-1] is ...:
        return {"type": "array", "items": _schema(inside[0], definitions)}
    if kind is tuple:
        items = [_schema(each, definitions) for each in inside]
        return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}
    if kind is dict:
        return {"type": "object", "additionalProperties": _schema(inside[1], definitions)}
    if getattr(kind, "__name__", "") == "vtkPolyData":
        return _SHARED
    return {"anyOf": [_schema(each, definitions) for each in inside]}


def _class(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    name = kind.__name__
    if name not in definitions:
        definitions[name] = {}  # so that a class that holds itself ends
        hints = get_type_hints(kind)
        fields = {field.name: _schema(hints[field.name], definitions) for field in dataclasses.fields(kind)}
        told = [field.name for field in dataclasses.fields(kind) if UNTOLD not in field.metadata]
        definitions[name] = {
            "type": "object", "properties": fields, "required": told, "additionalProperties": False,
        }  # fmt: skip
    reference = {"$ref": f"#/$defs/{name}"}
    return {"anyOf": [_SHARED, reference]} if name in _LENT else reference


_DOUBT = {
    "description": "one sentence of warning, which of the table it is, and what stands in its places",
    "type": "object",
    "properties": {
        "key": _TEXT,
        "numbers": {"type": "object", "additionalProperties": {"type": ["number", "string"]}},
        "hemisphere": {"enum": ["", "left", "right"]},
        "text": _TEXT,
    },
    "required": ["key", "numbers", "hemisphere", "text"],
    "additionalProperties": False,
}


def main() -> None:
    """Write the schema beside `result_json.py`."""
    SCHEMA_FILE.write_text(json.dumps(result_schema(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
