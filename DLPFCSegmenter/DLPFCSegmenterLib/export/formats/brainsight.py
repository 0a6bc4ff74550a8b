"""Brainsight's text file of targets, versions 12 and 14.

One row a target: centre and axes of the coil in the NIfTI scan's own space (RAS mm). Version 14 names
that after the scan's qform (`Q`) or sform (`S`) and its code, version 12 after the code alone, which
means the qform where both have the same. What is said of the targets stands in the header's notes.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from ...errors import UserError
from ...geometry.poses import BRAINSIGHT_AXES, change_axes, pose_from_axes
from ...scan.volume import Volume
from ...sentences import Texts, say
from ..format import BY_SIMNIBS, ENTRY, NIFTI, POINT, SAME_PLACE_MM, PointFormat, nifti_scan, shift_from_scan_mm
from ..points import posed_target, remarks_of, renamed, warned, with_remarks
from ..targets import RESPONSE_UV, PlannedTarget

_SYSTEM = "Brainsight"
_CODE_NAMES = {1: "Scanner", 2: "Aligned", 3: "Talairach", 4: "MNI-152", 5: "Other-Template"}
_TEMPLATES = ("Talairach", "MNI-152", "Other-Template")
_NOTES = "Each column is delimited by a tab. Each value within a column is delimited by a semicolon."
_REMARKS = "Remarks: "
_COLUMNS = ("Target Name", "Loc. X", "Loc. Y", "Loc. Z") + tuple(f"m{m}n{n}" for m in range(3) for n in range(3))
_KINDS, _SAMPLE = ("Target Name", "Planned Landmark Name"), "Sample Name"
_NULL = "(null)"
_MM = ("millimetre", "millimeter", "mm")
_RESPONSE = "EMG Peak-to-peak 1"
_UNKNOWN: Texts = {
    "": "it names no coordinate system",
    "World": (
        "the coordinate system 'World' is that of a DICOM project, whose axes and origin Brainsight's documentation"
        " does not give"
    ),
    "Brainsight": "the coordinate system 'Brainsight' counts from a corner of the image, which this file does not tell",
}
"""What is said of spaces that cannot be read, by their names."""
_NO_ORIENTATION = "_no_orientation"
"""Ends the name of a bare point, whose axes are those of the scan and mean nothing."""


def write_brainsight_12(targets: list[PlannedTarget], path: Path, scan: Volume | None = None) -> list[Path]:
    """Write version 12, for Brainsight before 2.5.3; needs a NIfTI scan whose code means the form that was used."""
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
    form, code = _form_of_scan(scan)
    planned_on, header = nifti_scan(scan, _SYSTEM)
    if form == "S" and header.qform_code == code:
        raise UserError(
            "{source}: its sform was used, but a Brainsight file of version 12 means the qform by"
            " 'NIfTI:{code}'; make qform and sform equal, or export version 14.",
            source=planned_on.source,
            code=_CODE_NAMES[code],
        )
    return f"NIfTI:{_CODE_NAMES[code]}"


def _space_name_14(scan: Volume | None) -> str:
    form, code = _form_of_scan(scan)
    return f"NIfTI:{form}:{_CODE_NAMES[code]}"


def _form_of_scan(scan: Volume | None) -> tuple[str, int]:
    """'Q' or 'S' and its code, whichever places the scan where it was planned on."""
    planned_on, _ = nifti_scan(scan, _SYSTEM)
    for form, (matrix, code) in _forms(scan).items():
        if code in _CODE_NAMES and shift_from_scan_mm(matrix, planned_on) <= SAME_PLACE_MM:
            return form, code
    raise UserError(
        "{source}: neither qform nor sform has a code that Brainsight names; set qform_code to 1.",
        source=planned_on.source,
    )


def _forms(scan: Volume | None) -> dict[str, tuple[np.ndarray, int]]:
    """'Q' and 'S' with their matrices, IJK to RAS mm, and codes; what the header does not set is missing."""
    _, header = nifti_scan(scan, _SYSTEM)
    forms = {"Q": (header.qform, header.qform_code), "S": (header.sform, header.sform_code)}
    return {form: (matrix, code) for form, (matrix, code) in forms.items() if matrix is not None}


def _write(targets: list[PlannedTarget], path: Path, version: int, space: str) -> list[Path]:
    targets = renamed(targets, ascii_label)
    remarks = remarks_of(targets)
    header = (
        f"# Version: {version}",
        f"# Coordinate system: {space}",
        "# Created by: DLPFCSegmenter",
        "# Units: millimetres, degrees, milliseconds, and microvolts",
        "# Encoding: UTF-8",
        f"# Notes: {_NOTES}" + (f" {_REMARKS}{json.dumps(remarks)}" if remarks else ""),
        "# " + "\t".join(_COLUMNS),
    )
    text = "\n".join((*header, *(_row(target) for target in targets))) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
    return [path]


def _row(target: PlannedTarget) -> str:
    name = target.label
    if target.coil_pose_ras_mm is None:
        name += _NO_ORIENTATION
        centre, axes = target.position_ras_mm, np.eye(3)
    else:
        pose = change_axes(target.coil_pose_ras_mm, BRAINSIGHT_AXES)
        centre, axes = pose[:3, 3], pose[:3, :3]
    return "\t".join((name, *(f"{value + 0.0:.4f}" for value in np.round((*centre, *axes.T.ravel()), 4))))


def ascii_label(label: str) -> str:
    """The label with other characters than ASCII as '?', and so a '#' at its beginning, which marks no target.

    Readers of these files open them with whatever encoding their computer prefers.
    """
    plain = label.encode("ascii", "replace").decode("ascii")
    return f"?{plain[1:]}" if plain.startswith("#") else plain


def read_brainsight(path: Path, scan: Volume | None = None) -> list[PlannedTarget]:
    """Targets of a file up to version 14 whose space is a NIfTI scan's.

    Raises UserError for another space; with `scan` also where the file names another one than its.
    """
    return _read(path, scan, lambda lines: with_remarks(_placed(lines), _remarks(lines)))


def read_samples(path: Path, scan: Volume | None = None) -> list[PlannedTarget]:
    """Where a coil was when it stimulated, with the first muscle's response where that was recorded."""
    return _read(path, scan, lambda lines: [_sample(row) for row in _rows(lines, _SAMPLE)])


def _read(path: Path, scan: Volume | None, found_in: Callable[[list[str]], list[PlannedTarget]]) -> list[PlannedTarget]:
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    space = _header_value(lines, "Coordinate system")
    _check_space(path, space, scan)
    units = _header_value(lines, "Units")
    if units and not units.lower().startswith(_MM):
        raise UserError("{path}: its units are '{units}'; export it in millimetres.", path=path, units=units)
    targets = found_in(lines)
    if scan is None:
        return warned(
            targets,
            say("{name} was read in '{space}' without its scan, whose forms may differ.", name=path.name, space=space),
        )
    return targets


def _remarks(lines: list[str]) -> dict[str, str]:
    _, _, remarks = _header_value(lines, "Notes").partition(f"{_NOTES} {_REMARKS}")
    return json.loads(remarks) if remarks else {}


def _placed(lines: list[str]) -> list[PlannedTarget]:
    """Targets and planned landmarks; of a file without targets the samples, where a coil was when it stimulated."""
    found = [_target(row) for kind in _KINDS for row in _rows(lines, kind)]
    return found or [_target(row) for row in _rows(lines, _SAMPLE)]


def _rows(lines: list[str], kind: str) -> Iterator[dict[str, str]]:
    """The rows with a position of the block whose first column is called `kind`; it goes as the 'name'."""
    columns: list[str] = []
    for line in lines:
        if line.startswith("#"):
            columns = ["name", *line.split("\t")[1:]] if line.startswith(f"# {kind}\t") else []
        elif columns and line.strip():
            row = dict(zip(columns, line.split("\t"), strict=False))
            if row["Loc. X"] != _NULL:
                yield row


def _header_value(lines: list[str], name: str) -> str:
    """What the header says after the name, '' where it does not name it."""
    values = (line.split(":", 1)[1].strip() for line in lines if line.startswith(f"# {name}:"))
    return next(values, "")


def _check_space(path: Path, space: str, scan: Volume | None) -> None:
    """Refuse a space that is not named, not known, or not the one that the scan's voxels lie in here."""
    parts = space.split(":")
    if parts[0] != "NIfTI" or parts[-1] not in _CODE_NAMES.values() or parts[1:-1] not in ([], ["Q"], ["S"]):
        raise UserError(
            "{path}: {named}; export it from a project of the NIfTI scan, in a NIfTI space.",
            path=path,
            named=_named(space),
        )
    if scan is not None:
        _check_form(path, space, scan)
    elif parts[-1] in _TEMPLATES:
        raise UserError(
            "{path}: it is in the space '{space}' of a template; name the scan that it belongs to (--scan).",
            path=path,
            space=space,
        )


def _named(space: str) -> str:
    known = _UNKNOWN.get(space)
    return say(known) if known else say("the coordinate system '{space}' is not known", space=space)


def _check_form(path: Path, space: str, scan: Volume) -> None:
    *named, code_name = space.split(":")[1:]
    forms = _forms(scan)
    meant = [
        forms[form] for form in named or ("Q", "S") if form in forms and _CODE_NAMES.get(forms[form][1]) == code_name
    ]
    if not meant:
        raise UserError(
            "{path}: {source} has no space '{space}'; open the scan that it was planned on.",
            path=path,
            source=scan.source,
            space=space,
        )
    shift = shift_from_scan_mm(meant[0][0], scan)
    if shift > SAME_PLACE_MM:
        raise UserError(
            "{path}: its space '{space}' lies up to {shift:.1f} mm from the form by which {source} is read;"
            " make the scan's qform and sform equal and plan again.",
            path=path,
            space=space,
            shift=shift,
            source=scan.source,
        )


def _sample(row: dict[str, str]) -> PlannedTarget:
    response = row.get(_RESPONSE, _NULL)
    numbers = {} if response == _NULL else {RESPONSE_UV: float(response.split(";")[0])}
    return replace(_target(row), numbers=numbers)


def _target(row: dict[str, str]) -> PlannedTarget:
    centre = np.array([float(row[f"Loc. {axis}"]) for axis in "XYZ"])
    name = row["name"]
    if name.endswith(_NO_ORIENTATION) or row.get("m0n0", _NULL) == _NULL:
        return PlannedTarget(name.removesuffix(_NO_ORIENTATION), centre)
    x_axis, y_axis, z_axis = ([float(row[f"m{m}n{n}"]) for n in range(3)] for m in range(3))
    return posed_target(name, pose_from_axes(x_axis, y_axis, z_axis, centre), BRAINSIGHT_AXES)


FORMATS = (
    PointFormat(
        name="brainsight", title=say("Brainsight 2.5.3 and later"), suffix=".brainsight.txt", rank=30,
        signatures=("# Version: 14",), write=write_brainsight_14, read=read_brainsight, read_samples=read_samples,
        space=say("named after the NIfTI scan's qform or sform and its code, RAS mm"), space_of=space_in_words_14,
        needs=NIFTI, loses=(POINT, ENTRY), checked=BY_SIMNIBS,
    ),
    PointFormat(
        name="brainsight12", title=say("Brainsight before 2.5.3"), suffix=".brainsight12.txt", rank=40,
        signatures=("# Version: ",), write=write_brainsight_12, read=read_brainsight, read_samples=read_samples,
        space=say("named after the code of the NIfTI scan's qform, RAS mm"), space_of=space_in_words_12,
        needs=NIFTI, loses=(POINT, ENTRY), checked=BY_SIMNIBS,
    ),
)  # fmt: skip
