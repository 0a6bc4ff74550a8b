"""Plain CSV and JSON with every coordinate in RAS and in LPS, each named, in mm.

For navigators without a known import, and for one's own scripts. A reader of ours takes the RAS
columns and refuses a file in which the LPS ones contradict them. Read are also tables of other programs: Slicer's of
points (label, r, a, s or l, p, s), and name, x, y, z, which names no space.
"""

import csv
import io
import json
from pathlib import Path

import numpy as np

from ...errors import UserError
from ...geometry.poses import OWN_AXES, pose_ras_to_lps
from ...geometry.spaces import ras_to_lps
from ...scan.volume import Volume
from ...sentences import say
from ..format import BY_OURS, PointFormat, require_declared
from ..points import as_cell, described, from_cell, warned
from ..targets import PlannedTarget

SIGNATURE = "DLPFCSegmenter targets 1.0"
_DECLARED = {"format": SIGNATURE, "unit": "mm", "coil_axes": OWN_AXES}
_AGREE_MM = 1e-3
_AXES = {
    ("r", "a", "s"): np.ones(3),
    ("l", "p", "s"): np.array([-1.0, -1.0, 1.0]),
    ("x", "y", "z"): np.ones(3),
}
"""Columns of another program's table of points -> what makes RAS of them."""
_OTHER_TABLES = tuple(
    separator.join((name, *axes)) for name in ("label", "name") for axes in _AXES for separator in ",;\t"
)
_VECTORS = ("target_ras", "target_lps", "entry_ras", "entry_lps")
_POSES = ("coil_ras", "coil_lps")
_POSE_CELLS = [f"m{row}{column}" for row in range(3) for column in range(4)]


def _columns_of(name: str) -> list[str]:
    return [f"{name}_{cell}" for cell in _POSE_CELLS] if name in _POSES else [f"{name}_{axis}_mm" for axis in "xyz"]


_COLUMNS = [
    "label",
    *(column for name in (*_VECTORS, *_POSES) for column in _columns_of(name)),
    "description",
]


def write_csv(targets: list[PlannedTarget], path: Path, scan: Volume | None = None) -> list[Path]:
    """Write one row a target; what is not known stays empty. Coil matrices have SimNIBS's axes."""
    text = io.StringIO()
    table = csv.DictWriter(text, _COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(_csv_row(target) for target in targets)
    path.write_text(text.getvalue(), encoding="utf-8", newline="\n")
    return [path]


def _csv_row(target: PlannedTarget) -> dict[str, str]:
    row = {"label": as_cell(target.label), "description": as_cell(described(target))}
    for name, value in _coordinates(target).items():
        if value is None:
            continue
        row |= {key: f"{number:.6f}" for key, number in zip(_columns_of(name), value[:3].ravel(), strict=True)}
    return row


def _coordinates(target: PlannedTarget) -> dict[str, np.ndarray | None]:
    entry, pose = target.entry_ras_mm, target.coil_pose_ras_mm
    return {
        "target_ras": np.asarray(target.position_ras_mm, dtype=float),
        "target_lps": ras_to_lps(target.position_ras_mm),
        "entry_ras": None if entry is None else np.asarray(entry, dtype=float),
        "entry_lps": None if entry is None else ras_to_lps(entry),
        "coil_ras": None if pose is None else np.asarray(pose, dtype=float),
        "coil_lps": None if pose is None else pose_ras_to_lps(pose),
    }


def read_csv(path: Path, scan: Volume | None = None) -> list[PlannedTarget]:
    """Targets of a file of `write_csv`, where RAS and LPS must agree, or of another program's table of points.

    Raises UserError for one that names another space.
    """
    text = path.read_text(encoding="utf-8-sig")
    separator = max(",;\t", key=text.partition("\n")[0].count)
    table = csv.DictReader(io.StringIO(text), delimiter=separator)
    columns = {name.strip().lower(): name for name in table.fieldnames or ()}
    if _COLUMNS[1] in columns:
        return [_csv_target(path, row) for row in table]
    found_axes = [axes for axes in _AXES if set(axes) <= columns.keys()]
    axes = next(iter(found_axes), None)
    label = next((columns[name] for name in ("label", "name") if name in columns), None)
    if axes is None or label is None:
        raise UserError(
            "{path}: has no columns of names and of r, a, s (or l, p, s or x, y, z); name them so.", path=path
        )
    rows = [row for row in table if row.get(columns.get("defined", "")) != "0"]
    places = {each: [_AXES[each] * [float(row[columns[axis]]) for axis in each] for row in rows] for each in found_axes}
    if not all(np.allclose(each, places[axes], rtol=0.0, atol=_AGREE_MM) for each in places.values()):
        raise UserError(
            "{path}: its columns of r, a, s, of l, p, s and of x, y, z do not agree; keep the true ones.",
            path=path,
        )
    found = [PlannedTarget(row[label], place) for row, place in zip(rows, places[axes], strict=True)]
    told = say("{name} names no coordinate system; RAS mm of the scan was taken.", name=path.name)
    return warned(found, told) if axes == ("x", "y", "z") else found


def _csv_target(path: Path, row: dict[str, str]) -> PlannedTarget:
    values: dict[str, np.ndarray | None] = {}
    for name in _VECTORS:
        values[name] = _numbers(row, _columns_of(name))
    for name in _POSES:
        cells = _numbers(row, _columns_of(name))
        values[name] = None if cells is None else np.vstack((cells.reshape(3, 4), (0, 0, 0, 1)))
    return _target(path, from_cell(row["label"]), values, from_cell(row["description"]))


def _numbers(row: dict[str, str], names: list[str]) -> np.ndarray | None:
    texts = [row[name] for name in names]
    return np.array([float(text) for text in texts]) if any(texts) else None


def _target(path: Path, label: str, values: dict[str, np.ndarray | None], description: str) -> PlannedTarget:
    position = values["target_ras"]
    if position is None:
        raise ValueError(f"'{label}' has no position")
    target = PlannedTarget(label, position, values["entry_ras"], values["coil_ras"], description)
    for name, expected in _coordinates(target).items():
        if not _is_same(values[name], expected):
            raise UserError(
                "{path}: RAS and LPS of '{label}' do not agree ({name}); write the file again.",
                path=path,
                label=label,
                name=name,
            )
    return target


def _is_same(written: np.ndarray | None, expected: np.ndarray | None) -> bool:
    if written is None or expected is None:
        return written is expected
    return np.allclose(written, expected, atol=_AGREE_MM)


def write_json(targets: list[PlannedTarget], path: Path, scan: Volume | None = None) -> list[Path]:
    """Write one object a target; what is not known is null. Coil matrices have SimNIBS's axes."""
    items = [_json_target(target) for target in targets]
    document = {**_DECLARED, "targets": items}
    path.write_text(json.dumps(document, indent=2, allow_nan=False) + "\n", encoding="utf-8", newline="\n")
    return [path]


def _json_target(target: PlannedTarget) -> dict:
    places = _coordinates(target).items()
    values = {_json_name(name): None if value is None else value.tolist() for name, value in places}
    return {"label": target.label, **values, "description": described(target)}


def _json_name(name: str) -> str:
    return f"{name}_4x4_mm" if name in _POSES else f"{name}_mm"


def read_json(path: Path, scan: Volume | None = None) -> list[PlannedTarget]:
    """Targets of a file of `write_json`; raises UserError where RAS and LPS do not agree."""
    document = json.loads(path.read_text(encoding="utf-8-sig"))
    require_declared(path, document, _DECLARED)
    return [_read_json_target(path, item) for item in document["targets"]]


def _read_json_target(path: Path, item: dict) -> PlannedTarget:
    written = {name: item[_json_name(name)] for name in (*_VECTORS, *_POSES)}
    values = {name: None if value is None else np.array(value, dtype=float) for name, value in written.items()}
    return _target(path, item["label"], values, item["description"])


FORMATS = (
    PointFormat(
        name="csv", title=say("Table (CSV), RAS and LPS"), suffix=".csv", rank=110,
        signatures=("target_ras_x_mm", *_OTHER_TABLES),
        write=write_csv, read=read_csv, space=say("RAS mm and LPS mm, each named"), checked=BY_OURS,
    ),
    PointFormat(
        name="json", title=say("JSON, RAS and LPS"), suffix=".json", rank=120, signatures=(SIGNATURE,),
        write=write_json, read=read_json, space=say("RAS mm and LPS mm, each named"), checked=BY_OURS,
    ),
)  # fmt: skip
