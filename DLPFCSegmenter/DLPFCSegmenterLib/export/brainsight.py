"""Brainsight's text file of targets, versions 12 and 14.

One row a target: centre and axes of the coil in the NIfTI scan's own space (RAS mm), named after the
code of the scan's qform (`Q`) or sform (`S`). Checked against SimNIBS's description of the format only.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ..errors import UserError
from ..geometry.poses import BRAINSIGHT_AXES, change_axes, pose_from_axes
from ..volume.volume import Volume
from .nifti_header import nifti_header
from .points import described
from .targets import PlannedTarget

_CODE_NAMES = {1: "Scanner", 2: "Aligned", 3: "Talairach", 4: "MNI-152"}
_TEMPLATES = ("Talairach", "MNI-152")
_COLUMNS = ("Target Name", "Loc. X", "Loc. Y", "Loc. Z") + tuple(f"m{m}n{n}" for m in range(3) for n in range(3))
_NO_ORIENTATION = "_no_orientation"
"""Ends the name of a bare point, whose axes are those of the scan and mean nothing."""
_SAME_PLACE_MM = 0.01


def write_brainsight_12(targets: list[PlannedTarget], path: Path, scan: Volume | None = None) -> list[Path]:
    """Write version 12, for Brainsight before 2.5.3; needs a NIfTI scan whose qform was used."""
    return _write(targets, path, 12, _space_name_12(scan))


def write_brainsight_14(targets: list[PlannedTarget], path: Path, scan: Volume | None = None) -> list[Path]:
    """Write version 14, for Brainsight 2.5.3 and later; needs a NIfTI scan."""
    return _write(targets, path, 14, _space_name_14(scan))


def space_in_words_12(scan: Volume | None) -> str:
    """The space that version 12 names for `scan`."""
    return f"{_space_name_12(scan)}, RAS mm"


def space_in_words_14(scan: Volume | None) -> str:
    """The space that version 14 names for `scan`."""
    return f"{_space_name_14(scan)}, RAS mm"


def _space_name_12(scan: Volume | None) -> str:
    form, name = _form_and_name(scan)
    if form != "Q":
        raise UserError(
            f"{scan.source}: its sform was used, which a Brainsight file of version 12 cannot name; "
            "make qform and sform equal, or export version 14."
        )
    return f"NIfTI:{name}"


def _space_name_14(scan: Volume | None) -> str:
    return "NIfTI:{}:{}".format(*_form_and_name(scan))


def _form_and_name(scan: Volume | None) -> tuple[str, str]:
    """'Q' or 'S' and the name of its code, whichever places the scan as `scan.ijk_to_ras` does."""
    header = nifti_header(scan, "Brainsight")
    forms = {"Q": header.get_qform(coded=True), "S": header.get_sform(coded=True)}
    for form, (matrix, code) in forms.items():
        if matrix is not None and code in _CODE_NAMES and np.allclose(matrix, scan.ijk_to_ras, atol=_SAME_PLACE_MM):
            return form, _CODE_NAMES[int(code)]
    raise UserError(f"{scan.source}: neither qform nor sform has a code that Brainsight names; set qform_code to 1.")


def _write(targets: list[PlannedTarget], path: Path, version: int, space: str) -> list[Path]:
    remarks = " ".join(described(target) for target in targets if target.warnings)
    notes = "Each column is delimited by a tab. Each value within a column is delimited by a semicolon."
    header = (
        f"# Version: {version}",
        f"# Coordinate system: {space}",
        "# Created by: DLPFCSegmenter",
        "# Units: millimetres, degrees, milliseconds, and microvolts",
        "# Encoding: UTF-8",
        ascii_label(f"# Notes: {notes} {remarks}".rstrip()),
        "# " + "\t".join(_COLUMNS),
    )
    text = "\n".join((*header, *(_row(target) for target in targets))) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
    return [path]


def _row(target: PlannedTarget) -> str:
    name = ascii_label(target.label)
    if target.coil_pose_ras_mm is None:
        name += _NO_ORIENTATION
        centre, axes = target.position_ras_mm, np.eye(3)
    else:
        pose = change_axes(target.coil_pose_ras_mm, BRAINSIGHT_AXES)
        centre, axes = pose[:3, 3], pose[:3, :3]
    return "\t".join((name, *(f"{value + 0.0:.4f}" for value in np.round((*centre, *axes.T.ravel()), 4))))


def ascii_label(label: str) -> str:
    """The label with other characters than ASCII as '?'.

    Readers of these files open them with whatever encoding their computer prefers.
    """
    return label.encode("ascii", "replace").decode("ascii")


def read_brainsight(path: Path, scan: Volume | None = None) -> list[PlannedTarget]:
    """Targets of a version 12 to 14 file whose space is a NIfTI scan's.

    Raises UserError for another space; with `scan` also where the file names another one than its.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    space = _header_value(path, lines, "Coordinate system")
    _check_space(path, space, scan)
    return [_target(row) for row in _target_rows(lines) if row["Loc. X"] != "(null)"]


def _target_rows(lines: list[str]) -> Iterator[dict[str, str]]:
    """The rows of the block of targets; blocks of samples or landmarks may follow it."""
    columns: list[str] = []
    for line in lines:
        if line.startswith("#"):
            columns = line.removeprefix("# ").split("\t") if line.startswith("# Target Name") else []
        elif columns and line.strip():
            yield dict(zip(columns, line.split("\t"), strict=False))


def _header_value(path: Path, lines: list[str], name: str) -> str:
    for line in lines:
        if line.startswith(f"# {name}:"):
            return line.split(":", 1)[1].strip()
    raise UserError(f"{path}: it does not name its coordinate system; export it from Brainsight again.")


def _check_space(path: Path, space: str, scan: Volume | None) -> None:
    parts = space.split(":")
    if parts[0] != "NIfTI" or parts[-1] not in _CODE_NAMES.values():
        raise UserError(f"{path}: the coordinate system '{space}' is not known; export it in a NIfTI space.")
    if scan is None:
        if parts[-1] in _TEMPLATES:
            raise UserError(f"{path}: it is in the space '{space}' of a template; name the scan that it belongs to (--scan).")
        return
    header = nifti_header(scan, "Brainsight")
    code = int(header["sform_code" if parts[1] == "S" else "qform_code"])
    if _CODE_NAMES.get(code) != parts[-1]:
        raise UserError(f"{path}: {scan.source} has no space '{space}'; open the scan that it was planned on.")


def _target(row: dict[str, str]) -> PlannedTarget:
    centre = np.array([float(row[f"Loc. {axis}"]) for axis in "XYZ"])
    name = row["Target Name"]
    if name.endswith(_NO_ORIENTATION) or row.get("m0n0", "(null)") == "(null)":
        return PlannedTarget(name.removesuffix(_NO_ORIENTATION), centre)
    axes = [[float(row[f"m{m}n{n}"]) for n in range(3)] for m in range(3)]
    return PlannedTarget(name, centre, coil_pose_ras_mm=change_axes(pose_from_axes(*axes, centre), BRAINSIGHT_AXES))
