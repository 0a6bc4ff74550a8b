"""Slicer's older markups file, `.fcsv`.

Written with `CoordinateSystem = 0` (RAS): the number is read rightly by old and new Slicers, while
an old one takes the word LPS for 0, which mirrors left and right. An orientation (ow, ox, oy, oz) is, as
Slicer reads and writes it, an angle in degrees about an axis (no quaternion), in RAS whatever the space.
"""

import csv
import io
from pathlib import Path

import numpy as np

from ...errors import UserError
from ...geometry.spaces import lps_to_ras
from ...scan.volume import Volume
from ...sentences import say
from ..format import BY_SLICER, PointFormat
from ..points import point_with_axes, points_of, targets_of, warned
from ..targets import PlannedTarget, brought

_COLUMNS = "id,x,y,z,ow,ox,oy,oz,vis,sel,lock,label,desc,associatedNodeID"
_HEADER = f"# Markups fiducial file version = 4.11\n# CoordinateSystem = 0\n# columns = {_COLUMNS}\n"
_SPACES = {"0": "RAS", "RAS": "RAS", "1": "LPS", "LPS": "LPS"}


def write_fcsv(targets: list[PlannedTarget], path: Path, scan: Volume | None = None) -> list[Path]:
    """Write points in RAS mm, where Slicer shows the scan; a coil's axes as an angle about an axis."""
    text = io.StringIO(_HEADER)
    text.seek(0, io.SEEK_END)
    rows = csv.writer(text, lineterminator="\n")
    for index, point in enumerate(points_of(brought(targets, scan, scan and scan.as_slicer_shows_it)), start=1):
        rows.writerow(_row(index, point))
    path.write_text(text.getvalue(), encoding="utf-8", newline="\n")
    return [path]


def _row(index: int, point: PlannedTarget) -> list:
    pose = point.coil_pose_ras_mm
    turn = (0.0, 0.0, 0.0, 1.0) if pose is None else _angle_and_axis(pose[:3, :3])
    numbers = [f"{value:.9g}" for value in (*point.position_ras_mm, *turn)]
    return [index, *numbers, 1, 1, 0, point.label, point.description, ""]


def _angle_and_axis(axes_ras: np.ndarray) -> tuple[float, ...]:
    from nibabel.quaternions import mat2quat, quat2angle_axis

    angle, axis = quat2angle_axis(mat2quat(axes_ras))
    return np.degrees(angle), *axis


def read_fcsv(path: Path, scan: Volume | None = None) -> list[PlannedTarget]:
    """Points of a file in RAS (0) or LPS (1), which lie where Slicer shows the scan.

    One that names no space is read as RAS, as Slicer reads it, with a warning. Raises UserError for a
    file that names another space.
    """
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    header = dict(_header_field(line) for line in lines if line.startswith("#") and "=" in line)
    written = header.get("CoordinateSystem", "0")
    if written not in _SPACES:
        raise UserError(
            "{path}: the coordinate system '{written}' is not known; save the markups as LPS or RAS.",
            path=path,
            written=written,
        )
    columns = header.get("columns", _COLUMNS).split(",")
    rows = list(csv.DictReader((line for line in lines if line and not line.startswith("#")), columns))
    _require_as_many_cells(path, rows)
    shown = targets_of([_point(row, _SPACES[written]) for row in rows if _is_placed(row)])
    targets = brought(shown, scan and scan.as_slicer_shows_it, scan)
    if "CoordinateSystem" in header:
        return targets
    return warned(targets, say("{name} names no coordinate system; RAS was taken, as Slicer does.", name=path.name))


def _require_as_many_cells(path: Path, rows: list[dict]) -> None:
    """A comma in a number or in a bare name moves all that follows into wrong columns, unnoticed.

    Two whole numbers behind the last column are Slicer's own, which its header does not name.
    """
    for row in rows:
        more = row.get(None, [])
        if more and not (len(more) == 2 and all(cell.isdigit() for cell in more)):
            raise UserError(
                "{path}: point {id} has {more} cells more than the header names columns, so a number or a name in"
                " it has a comma; save it from Slicer as .mrk.json.",
                path=path,
                id=row["id"],
                more=len(more),
            )


def _is_placed(row: dict) -> bool:
    """Slicer 5 puts the state of the position behind the columns: 0 undefined, 1 preview, 2 defined, 3 missing."""
    more = row.get(None, ["2"])
    return more[0] in ("1", "2")


def _header_field(line: str) -> tuple[str, str]:
    name, value = line.lstrip("# ").split("=", 1)
    return name.strip(), value.strip()


def _point(row: dict, space: str) -> PlannedTarget:
    from nibabel.quaternions import angle_axis2mat

    position = np.array([float(row[name]) for name in "xyz"])
    degrees, *axis = (float(row[name]) for name in ("ow", "ox", "oy", "oz"))
    axes = angle_axis2mat(np.radians(degrees), axis) if np.any(axis) else np.eye(3)
    position = lps_to_ras(position) if space == "LPS" else position
    return point_with_axes(row["label"], position, axes, row.get("desc") or "")


FORMATS = (
    PointFormat(
        name="fcsv", title=say("Slicer fiducials (older)"), suffix=".fcsv", rank=20,
        signatures=("# Markups fiducial file",),
        write=write_fcsv, read=read_fcsv, space=say("RAS mm"), checked=BY_SLICER,
    ),
)  # fmt: skip
