"""The sides of all scans of a batch as one table: what was planned, how sure it is, and who stands apart.

A column's name says its space and unit. Every table has the same columns, but for the distances, which depend on what
was asked for.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..batch import BatchRow
from ..export.file_names import OVERVIEW_FILE, REPORT_FILE, RESULT_FILE
from ..export.points import as_cell
from ..files import told_to_the_user, write_whole
from ..geometry.sides import SIDES
from ..geometry.spaces import transform_points

GROUP_TABLE = "group.csv"
GROUP_PARQUET = "group.parquet"

Value = str | float | bool | None

JUDGED = (
    "target_mni_x_mm", "target_mni_y_mm", "target_mni_z_mm", "volume_ml", "entry_depth_mm", "expected_error_mm",
    "registration_spread_mm", "five_cm_to_target_mm",
)  # fmt: skip
"""Columns in which a side may stand apart from the others of its hemisphere."""

OUTLIER_Z = 3.5
"""From this robust z on: Iglewicz and Hoaglin, How to detect and handle outliers, 1993."""

_LEAST_SIDES = 8
_SD_OF_MAD, _SD_OF_MEAN_DEVIATION = 1.4826, 1.2533
"""Standard deviation of a normal distribution over its median, and over its mean, absolute deviation."""

_AXES = "xyz"


@dataclass(frozen=True)
class GroupScan:
    """One scan of a batch as the group's table and page need it.

    row     what came of it
    folder  of its plan
    page    the person's page as seen from the group's, '' where there is none
    """

    row: BatchRow
    folder: Path
    page: str = ""

    @property
    def picture(self) -> Path:
        """The slices through its targets."""
        return self.folder / OVERVIEW_FILE


def group_scan(row: BatchRow, folder: Path, output: Path, person: str = "") -> GroupScan:
    """A scan with the page that tells of it: the person's, its report, or its picture."""
    pages = [output / f"{person}.html", folder / REPORT_FILE, folder / OVERVIEW_FILE]
    page = next((each for each in pages[0 if person else 1 :] if each.exists()), None)
    return GroupScan(row, folder, "" if page is None else page.relative_to(output).as_posix())


def side_rows(scans: Sequence[GroupScan]) -> list[dict[str, Value]]:
    """A row of the table for each side of each scan, and one for a scan without any, in their order."""
    rows = [_row(scan, side) for scan in scans for side in _sides(scan)]
    _judge(rows)
    names = dict.fromkeys(name for row in rows for name in row)
    return [{name: row.get(name) for name in names} for row in rows]


def _sides(scan: GroupScan) -> Iterator[tuple[dict, dict]]:
    """The result of a scan and of each of its sides; empty ones where there is none."""
    result: dict = {}
    with suppress(OSError, ValueError):
        result = json.loads((scan.folder / RESULT_FILE).read_text(encoding="utf-8")) if scan.row.sides else {}
    found = [result[name] for name in SIDES if name in result]
    yield from ((result, side) for side in found or [result])


def _row(scan: GroupScan, told: tuple[dict, dict]) -> dict[str, Value]:
    result, side = told
    row = scan.row
    target = side.get("target_ras_mm")
    registration = result.get("registration") or {}
    mni = _in_mni(target, registration.get("ras_from_mni"))
    entry, coil, landmarks = side.get("scalp_entry") or {}, side.get("coil") or {}, side.get("landmarks_ras_mm") or {}
    record, volume, depth = result.get("plan") or {}, result.get("volume") or {}, side.get("depth") or {}
    values: dict[str, Value] = {
        "scan": row.name, "state": row.state_in_words, "hemisphere": side.get("hemisphere", ""),
        **_point("target_ras", target), **_point("target_mni", mni),
        **_point("centroid_ras", side.get("centroid_ras_mm")), **_point("entry_ras", entry.get("position_ras_mm")),
        "entry_depth_mm": entry.get("depth_mm"), "cortex_depth_mm": depth.get("target_mm"),
        "motor_depth_mm": depth.get("motor_mm"),
        "coil_pose_ras_mm": json.dumps(coil["pose_ras_mm"]) if coil else None,
        "coil_angle_deg": coil.get("handle_angle_deg"),
        **_point("hotspot_ras", landmarks.get("hotspot")), **_point("five_cm_ras", landmarks.get("five_cm")),
        "volume_ml": (side.get("mask") or {}).get("volume_ml"), "score": side.get("score"),
        "expected_error_mm": (side.get("uncertainty") or {}).get("expected_mm"),
        "reliable": (side.get("uncertainty") or {}).get("reliable"),
        "registration_spread_mm": registration.get("spread_mm"), "registration_doubtful": registration.get("doubtful"),
        "warnings": " ".join(_warning_keys(record, side.get("hemisphere", ""))), "message": row.message,
        "scan_path": volume.get("path"), "fingerprint": volume.get("fingerprint"), "seconds": row.seconds,
        "gib": row.gib, "model": row.model, "model_sha256": (result.get("model") or {}).get("sha256"),
    }  # fmt: skip
    return values | {f"{name}_mm": length for name, length in (side.get("distances_mm") or {}).items()}


def _in_mni(target_ras_mm: list[float] | None, ras_from_mni: list | None) -> list[float] | None:
    """A point of the scan in MNI mm; None where MNI space was not found in it."""
    if target_ras_mm is None or ras_from_mni is None:
        return None
    return [float(mm) for mm in transform_points(np.linalg.inv(np.array(ras_from_mni, float)), target_ras_mm)]


def _point(name: str, position_mm: Sequence[float] | None) -> dict[str, Value]:
    return {f"{name}_{axis}_mm": position_mm[i] if position_mm else None for i, axis in enumerate(_AXES)}


def _warning_keys(record: Mapping[str, Any], hemisphere: str) -> list[str]:
    """Keys of all warnings that concern a side or the whole scan, each once."""
    sides = record.get("sides", {})
    of_all = {name: value for name, value in record.items() if name != "sides"}
    return list(dict.fromkeys(_keys_in([of_all, sides.get(hemisphere, {})])))


def _keys_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if {"key", "numbers", "text"} <= value.keys():
            yield value["key"] or "other"
        else:
            yield from (key for each in value.values() for key in _keys_in(each))
    elif isinstance(value, list):
        yield from (key for each in value for key in _keys_in(each))


def _judge(rows: list[dict[str, Value]]) -> None:
    """Give each row its largest robust z and the column of it."""
    for row in rows:
        row |= {"robust_z": None, "outlier_in": ""}
    for hemisphere in SIDES:
        sides = [row for row in rows if row["hemisphere"] == hemisphere]
        for name in JUDGED:
            for row, z in zip(sides, robust_z([row.get(name) for row in sides]), strict=True):
                before = row["robust_z"]
                if np.isfinite(z) and (before is None or abs(z) > abs(float(before))):
                    row |= {"robust_z": round(z, 2), "outlier_in": name if abs(z) >= OUTLIER_Z else ""}


def robust_z(values: Sequence[Value]) -> list[float]:
    """How far each value is from the median, in standard deviations told from the median absolute deviation.

    NaN for what is no number, and for all where fewer than eight are or all are alike.
    """
    numbers = np.array([value if isinstance(value, int | float) else np.nan for value in values], float)
    known = numbers[np.isfinite(numbers)]
    if len(known) < _LEAST_SIDES:
        return [float("nan")] * len(values)
    away = numbers - np.median(known)
    far = np.abs(away[np.isfinite(away)])
    deviation = _SD_OF_MAD * np.median(far) or _SD_OF_MEAN_DEVIATION * np.mean(far) or np.nan
    return [float(z) for z in away / deviation]


def write_group_table(rows: Sequence[Mapping[str, Value]], output: Path) -> None:
    """Write `group.csv`, and `group.parquet` where pyarrow is installed. Raises UserError where that fails."""
    with told_to_the_user(output), write_whole(output, stale=(GROUP_PARQUET,)) as fresh:
        with (fresh / GROUP_TABLE).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(rows[0] if rows else [])
            writer.writerows([as_cell(v) if isinstance(v, str) else v for v in row.values()] for row in rows)
        with suppress(ImportError):
            from pyarrow import Table, parquet

            parquet.write_table(Table.from_pylist([dict(row) for row in rows]), fresh / GROUP_PARQUET)
