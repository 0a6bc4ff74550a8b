"""Many scans, one after the other: which there are, which are finished already, and one table of them all.

Each scan has a folder of its own in the output folder, as `dlpfc plan` writes it; beside them lies
`results.csv`. What a folder holds is read from its `result.json`, whether it was just written or by an
earlier run.
"""

import csv
import json
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from .errors import UserError
from .export.file_names import RESULT_FILE, as_file_name
from .files import SCRATCH_PREFIX, recover, told_to_the_user, write_whole_file
from .labels.splits import MASK_ENDING, PARCELLATION_ENDING
from .plan import Plan, PlanOptions, make_plan
from .progress import Progress
from .scan.volume import Volume

Planner = Callable[[Volume, PlanOptions, Progress], Plan]
"""Makes a plan, as `make_plan`."""

TABLE_FILE = "results.csv"
SCAN_SUFFIXES = (".nii", ".nii.gz", ".nrrd", ".nhdr", ".mha", ".mhd", ".mgz", ".mgh")

DONE = "done"
FINISHED_BEFORE = "finished before"
FAILED = "failed"

_NO_SCANS = (MASK_ENDING, PARCELLATION_ENDING, ".seg.nrrd")
"""Ends of the names of masks and labels that lie beside scans."""


@dataclass(frozen=True)
class BatchScan:
    """One scan of a batch.

    name    of its folder
    source  file, folder or name of a volume
    folder  where its results go
    """

    name: str
    source: str
    folder: Path


@dataclass(frozen=True)
class Wanted:
    """What a scan's folder is to hold beside its plan, and how it comes there.

    scene      also Slicer's scene, as `write_plan` does
    report     also the page to print
    overwrite  scans that are finished are planned on again, and what other choices made is replaced
    frame      which frame of a 4-D file is read, from 0
    """

    scene: bool = False
    report: bool = False
    overwrite: bool = False
    frame: int | None = None


PLAN_ALONE = Wanted()


@dataclass(frozen=True)
class SideRow:
    """One side of a scan; all but the first are None where no DLPFC was found.

    expected_mm  error of the centroid that is exceeded in one of ten such scans, or None where it is not known
    """

    hemisphere: str
    volume_ml: float | None = None
    centroid_ras_mm: tuple[float, float, float] | None = None
    score: float | None = None
    expected_mm: float | None = None
    uncertainty: str = ""


@dataclass(frozen=True)
class BatchRow:
    """What came of one scan.

    state     DONE, FINISHED_BEFORE or FAILED
    message   why it failed, or why a side was not found
    seconds   of the run that made the result
    model     id of the network that made it
    """

    name: str
    state: str
    sides: tuple[SideRow, ...] = ()
    warnings: tuple[str, ...] = ()
    message: str = ""
    seconds: float | None = None
    model: str = ""


def scans_in(folder: Path, output: Path) -> list[Path]:
    """Scan files and folders of DICOM series under `folder`, sorted; masks, labels and results are none.

    Raises UserError where there are none.
    """
    found: list[Path] = []
    for place, folders, names in os.walk(folder):
        here = Path(place)
        if any(name.startswith(SCRATCH_PREFIX) for name in folders):
            recover(here)
            names = [path.name for path in here.iterdir() if path.is_file()]
        if RESULT_FILE in names or here.resolve() == output.resolve():
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += _scans_of(here, sorted(name for name in names if not name.startswith(".")))
    if not found:
        raise UserError(f"{folder}: holds no scan; give a folder with NIfTI, NRRD, MHA or MGZ files or DICOM series.")
    return sorted(found)


def _scans_of(folder: Path, names: list[str]) -> list[Path]:
    from .scan.dicom_reader import is_dicom

    scans = [name for name in names if name.lower().endswith(SCAN_SUFFIXES) and not name.endswith(_NO_SCANS)]
    others = [name for name in names if not name.lower().endswith(SCAN_SUFFIXES)]
    # The first file tells for all: a series may have thousands.
    return [folder] if others and not scans and is_dicom(folder / others[0]) else [folder / name for name in scans]


def batch_of_files(paths: Iterable[Path], root: Path, output: Path) -> list[BatchScan]:
    """The scans of a batch, each named after its place under `root`, so that a later run finds its results."""
    return named_batch([(_name(path, root), str(path)) for path in paths], output)


def _name(path: Path, root: Path) -> str:
    relative = path.relative_to(root) if path.is_relative_to(root) else Path(path.name)
    name = "_".join(relative.parts) or path.resolve().name
    ending = next((suffix for suffix in sorted(SCAN_SUFFIXES, key=len)[::-1] if name.lower().endswith(suffix)), "")
    return name[: len(name) - len(ending)]


def named_batch(named_sources: Iterable[tuple[str, str]], output: Path) -> list[BatchScan]:
    """Scans from (name, source), with names that every system takes and none of them twice."""
    scans: dict[str, BatchScan] = {}
    for wanted, source in named_sources:
        clean = as_file_name(wanted)
        name, number = clean, 1
        while name.lower() in scans:
            number += 1
            name = f"{clean}-{number}"
        scans[name.lower()] = BatchScan(name, source, output / name)
    return list(scans.values())


def finished_row(scan: BatchScan, options: PlanOptions, state: str = FINISHED_BEFORE) -> BatchRow | None:
    """The result in the scan's folder; None where there is none of this scan with these choices."""
    from .export.result_json import option_fields

    try:
        result = json.loads((scan.folder / RESULT_FILE).read_text(encoding="utf-8"))
        sides = _sides(result)
        same = result["volume"]["path"] == scan.source and result["options"] == _as_json(option_fields(options))
        if not same or tuple(side["hemisphere"] for side in sides) != options.hemispheres:
            return None
        return _row(scan.name, state, result, sides)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _as_json(value: dict) -> dict:
    return json.loads(json.dumps(value))


def _sides(result: dict) -> list[dict]:
    return [result[name] for name in ("left", "right") if name in result] or [result]


def _row(name: str, state: str, result: dict, sides: list[dict]) -> BatchRow:
    warnings = dict.fromkeys((*result["warnings"], *(text for side in sides for text in side["warnings"])))
    missing = [f"{side['hemisphere']}: {side['reason']}" for side in sides if not side["detected"]]
    seconds = sum(result["timing_s"].values())
    return BatchRow(
        name, state, tuple(map(_side_row, sides)), tuple(warnings), " ".join(missing), seconds, result["model"]["id"]
    )


def _side_row(side: dict) -> SideRow:
    if not side["detected"]:
        return SideRow(side["hemisphere"])
    doubt = side["uncertainty"] or {"expected_mm": None, "in_words": ""}
    return SideRow(
        side["hemisphere"], side["mask"]["volume_ml"], tuple(side["centroid_ras_mm"]), side["score"],
        doubt["expected_mm"], doubt["in_words"],
    )  # fmt: skip


def clear_leftovers(scan: BatchScan) -> None:
    """Complete or remove what a run left in the scan's folder that was killed while it wrote there."""
    recover(scan.folder)
    with suppress(OSError):
        scan.folder.rmdir()  # where nothing else is in it


_COLUMNS: dict[str, Callable[[BatchRow, SideRow], object]] = {
    "scan": lambda row, side: row.name,
    "state": lambda row, side: row.state,
    "hemisphere": lambda row, side: side.hemisphere,
    "volume_ml": lambda row, side: side.volume_ml,
    "centroid_ras_x_mm": lambda row, side: side.centroid_ras_mm and side.centroid_ras_mm[0],
    "centroid_ras_y_mm": lambda row, side: side.centroid_ras_mm and side.centroid_ras_mm[1],
    "centroid_ras_z_mm": lambda row, side: side.centroid_ras_mm and side.centroid_ras_mm[2],
    "score": lambda row, side: side.score,
    "expected_error_mm": lambda row, side: side.expected_mm,
    "uncertainty": lambda row, side: side.uncertainty,
    "seconds": lambda row, side: None if row.seconds is None else round(row.seconds, 1),
    "model": lambda row, side: row.model,
    "warnings": lambda row, side: " ".join(row.warnings),
    "message": lambda row, side: row.message,
}
"""Name of a column of `results.csv` -> its value in the line of a side of a scan."""


def write_table(rows: Iterable[BatchRow], output: Path) -> Path:
    """Write `results.csv`, a line for each side of each scan; returns its path.

    Raises UserError where the folder cannot be written into, or holds a file of this name that is not ours.
    """
    path = output / TABLE_FILE
    with told_to_the_user(output):
        _require_own_table(path)
        with write_whole_file(path) as part, part.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(_COLUMNS)
            writer.writerows(line for row in rows for line in _lines(row))
    return path


def _require_own_table(path: Path) -> None:
    if path.exists() and path.read_text(encoding="utf-8", errors="replace").splitlines()[:1] != [",".join(_COLUMNS)]:
        raise UserError(f"{path}: is another table than this one; move it away or choose another folder.")


def _lines(row: BatchRow) -> list[list[object]]:
    return [[value(row, side) for value in _COLUMNS.values()] for side in row.sides or (SideRow(""),)]


def run_batch(
    scans: list[BatchScan],
    options: PlanOptions,
    output: Path,
    progress: Progress,
    tell: Callable[[BatchRow], None],
    planner: Planner = make_plan,
    wanted: Wanted = PLAN_ALONE,
) -> list[BatchRow]:
    """Plan every scan that is not finished, and write its folder and the table; `tell` hears of each row.

    A scan that fails says why in its row, and the rest goes on. Raises UserError where the output folder
    cannot be written into.
    """
    rows: list[BatchRow] = []
    write_table(rows, output)
    for scan in scans:
        finished = None if wanted.overwrite else finished_row(scan, options)
        rows.append(finished or _run(scan, options, progress, planner, wanted))
        write_table(rows, output)
        tell(rows[-1])
    return rows


def _run(scan: BatchScan, options: PlanOptions, progress: Progress, planner: Planner, wanted: Wanted) -> BatchRow:
    try:
        plan_to_folder(scan.source, options, scan.folder, progress, planner, wanted)
    except UserError as error:
        return BatchRow(scan.name, FAILED, message=str(error))
    row = finished_row(scan, options, DONE)
    return row or BatchRow(scan.name, FAILED, message=f"The result is not in {scan.folder} any more.")


def plan_to_folder(
    source: Volume | str,
    options: PlanOptions,
    folder: Path,
    progress: Progress,
    planner: Planner = make_plan,
    wanted: Wanted = PLAN_ALONE,
) -> Plan:
    """Plan on a scan (or where to read it) and write its folder as `dlpfc plan` does; returns the plan.

    Raises UserError as `make_plan`, `read_volume` and `write_plan` do.
    """
    from .export.plan_folder import planned_folder, write_plan
    from .scan.readers import read_volume

    with planned_folder(folder, wanted.overwrite):
        volume = read_volume(Path(source), wanted.frame) if isinstance(source, str) else source
        plan = planner(volume, options, progress)
        write_plan(plan, folder, wanted.overwrite, wanted.scene, wanted.report)
    return plan
