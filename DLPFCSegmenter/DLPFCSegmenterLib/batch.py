"""Many scans, one after the other: which there are, which are finished already, and one table of them all.

Each scan has a folder of its own in the output folder, as `dlpfc plan` writes it; beside them lies
`results.csv`. What a folder holds is read from its `result.json`, whether it was just written or by an
earlier run.
"""

import csv
import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import TypeVar

from .errors import UserError, fault
from .export.file_names import REPORT_FILE, RESULT_FILE, as_file_name
from .export.points import as_cell
from .files import SCRATCH_PREFIX, file_sha256, recover, reserved, told_to_the_user, write_whole_file
from .labels.splits import MASK_ENDING, PARCELLATION_ENDING
from .networks.registry import SHIPPED, SHIPPED_HEAD
from .plan import Plan, PlanOptions, make_plan
from .progress import Progress
from .scan.volume import Volume
from .serial import to_plain

Planner = Callable[[Volume, PlanOptions, Progress], Plan]
"""Makes a plan, as `make_plan`."""

Listener = TypeVar("Listener", bound=Progress)
"""What the planner that is given reports to."""

TABLE_FILE = "results.csv"
SCAN_SUFFIXES = (".nii", ".nii.gz", ".nrrd", ".nhdr", ".mha", ".mhd", ".mgz", ".mgh")

DONE = "done"
FINISHED_BEFORE = "finished before"
NOT_FOUND = "no DLPFC found"
FAILED = "failed"

_NO_CHOICES = ("device", "weights")
"""Options that change nothing in a result, or that its record tells better: of the weights, their SHA-256."""

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
    anonymous  as `write_plan` takes it; the folder still bears the scan's name
    """

    scene: bool = False
    report: bool = False
    overwrite: bool = False
    frame: int | None = None
    anonymous: bool = False


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

    state     DONE, FINISHED_BEFORE, NOT_FOUND (on no side) or FAILED
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
    scans = [name for name in names if name.lower().endswith(SCAN_SUFFIXES) and not name.endswith(_NO_SCANS)]
    if scans:
        return [folder / name for name in scans]
    others = (folder / name for name in names if not name.lower().endswith(SCAN_SUFFIXES))
    # The first slice tells for all: a series may have thousands.
    return [folder] if any(_is_slice(file) for file in others) else []


def _is_slice(file: Path) -> bool:
    """Whether a file is of a DICOM series; what cannot be opened, such as a link to nothing or a pipe, is not."""
    from .scan.dicom_reader import is_dicom, is_table_of_contents

    try:
        return file.is_file() and is_dicom(file) and not is_table_of_contents(file)
    except OSError:
        return False


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


@dataclass(frozen=True)
class FoundScan:
    """A scan whose folder is its own, and the row of the result in it where that is what is wanted."""

    scan: BatchScan
    finished: BatchRow | None = None


def look_up(
    scan: BatchScan, options: PlanOptions, volume: Volume | None = None, taken: Collection[str] = ()
) -> FoundScan:
    """Where a scan's results are to go, and whether they are there already.

    volume  the scan itself; read from its source where it is not given and a result has to be compared with it
    taken   names of the batch's other scans

    A scan is known by its fingerprint, not by its name: where the folder holds another person's result, one of another
    name is taken, 'T1-2'. A result counts where the scan, the weights and all choices are the same.
    Raises UserError for a scan or weights file that cannot be read.
    """
    from .scan.readers import read_volume

    for place in _places(scan, taken):
        record = _record_in(place.folder)
        if record is None:
            return FoundScan(place)
        volume = volume or read_volume(Path(scan.source))
        if volume.has_fingerprint(record["fingerprint"]):
            same = _choices(record) == _wanted(options)
            return FoundScan(place, row_in(place, FINISHED_BEFORE) if same else None)
    raise AssertionError("names never end")


def holds_result(scan: BatchScan) -> bool:
    """Whether anybody's result lies in the scan's folder; a scan has to be looked up only there."""
    recover(scan.folder)
    return (scan.folder / RESULT_FILE).exists()


def _places(scan: BatchScan, taken: Collection[str]) -> Iterator[BatchScan]:
    """The scan's folder, then others beside it that no other scan of the batch has."""
    yield scan
    for number in count(2):
        name = f"{scan.name}-{number}"
        if name.lower() not in {each.lower() for each in taken}:
            yield replace(scan, name=name, folder=scan.folder.with_name(name))


def _record_in(folder: Path) -> dict | None:
    """The record of the plan in a folder, of nobody's scan where it is damaged or of an older version; else None."""
    recover(folder)
    nobody = {"fingerprint": "", "model": {"sha256": "", "head_sha256": ""}, "options": {}}
    if not (folder / RESULT_FILE).exists():
        return None
    try:
        record = json.loads((folder / RESULT_FILE).read_text(encoding="utf-8"))["plan"]
        return nobody | {key: record[key] for key in nobody}
    except (OSError, ValueError, KeyError, TypeError):
        return nobody


def _choices(record: dict) -> dict:
    """Of a plan's record, all that decides what comes out on a scan."""
    weights = {name: record["model"][name] for name in ("sha256", "head_sha256")}
    return {**record["options"], **dict.fromkeys(_NO_CHOICES), **weights}


def _wanted(options: PlanOptions) -> dict:
    """As `_choices`, of what is asked for now. Raises UserError where the weights file cannot be read."""
    path = options.weights or SHIPPED
    try:
        model = {"sha256": file_sha256(path), "head_sha256": file_sha256(SHIPPED_HEAD)}
        record = {"options": to_plain(options), "model": model}
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}); name a weights file.") from error
    return json.loads(json.dumps(_choices(record)))


def row_in(scan: BatchScan, state: str) -> BatchRow | None:
    """The row of the result in the scan's folder, whatever it was made with; None where there is none."""
    try:
        result = json.loads((scan.folder / RESULT_FILE).read_text(encoding="utf-8"))
        return _row(scan.name, state, result, _sides(result))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _sides(result: dict) -> list[dict]:
    return [result[name] for name in ("left", "right") if name in result] or [result]


def _row(name: str, state: str, result: dict, sides: list[dict]) -> BatchRow:
    warnings = dict.fromkeys((*result["warnings"], *(text for side in sides for text in side["warnings"])))
    state = state if state == FAILED or any(side["detected"] for side in sides) else NOT_FOUND
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
    values = [[value(row, side) for value in _COLUMNS.values()] for side in row.sides or (SideRow(""),)]
    return [[as_cell(each) if isinstance(each, str) else each for each in line] for line in values]


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

    A scan that fails, by whatever error, says why in its row, and the rest goes on. Results of other people are
    never replaced. Raises UserError where the output
    folder cannot be written into, or another run is writing into it.
    """
    rows: list[BatchRow] = []
    with ExitStack() as stack:
        with told_to_the_user(output):
            stack.enter_context(reserved(output))
        write_table(rows, output)
        for scan in scans:
            taken = [other.name for other in scans if other is not scan]
            rows.append(_run(scan, taken, options, progress, planner, wanted))
            write_table(rows, output)
            tell(rows[-1])
    return rows


def _run(
    scan: BatchScan, taken: list[str], options: PlanOptions, progress: Progress, planner: Planner, wanted: Wanted
) -> BatchRow:
    from .scan.readers import read_volume, require_survived

    doing = f"planning on {scan.source}"
    try:
        require_survived(Path(scan.source), wanted.frame)
        volume = read_volume(Path(scan.source), wanted.frame)
        found = look_up(scan, options, volume, taken)
        if found.finished is not None and not wanted.overwrite:
            return _finished(found.finished, found.scan.folder, wanted)
        scan = found.scan
        try:
            plan_to_folder(volume, options, scan.folder, progress, planner, wanted)
        except UserError as error:
            return failed_row(scan, str(error))
    except UserError as error:
        return BatchRow(scan.name, FAILED, message=str(error))
    except Exception as error:  # a night's batch does not end at the third of a hundred scans
        return BatchRow(scan.name, FAILED, message=fault(doing, error))
    return row_in(scan, DONE) or BatchRow(scan.name, FAILED, message=f"{scan.folder}: the result has gone again.")


def failed_row(scan: BatchScan, reason: str) -> BatchRow:
    """The row of a scan that could not be planned on; what an earlier run found on it, and left there, stays in it."""
    earlier = row_in(scan, FAILED)
    return BatchRow(scan.name, FAILED, message=reason) if earlier is None else replace(earlier, message=reason)


def _finished(row: BatchRow, folder: Path, wanted: Wanted) -> BatchRow:
    """The row of a scan that is left as it is, which says so where a report is wanted and there is none."""
    if not wanted.report or (folder / REPORT_FILE).exists():
        return row
    lacking = f"{folder}: was planned without a report; plan again with --overwrite for one."
    return replace(row, message=f"{row.message} {lacking}".strip())


def find_batch(folder: Path, output: Path, options: PlanOptions) -> list[FoundScan]:
    """The scans of a folder, each with where its results go or what it has already. Raises UserError for none.

    One that cannot be read is told of when its turn comes.
    """
    scans = batch_of_files(scans_in(folder, output), folder, output)
    names = [scan.name for scan in scans]
    return [_found(scan, options, [name for name in names if name != scan.name]) for scan in scans]


def _found(scan: BatchScan, options: PlanOptions, taken: list[str]) -> FoundScan:
    try:
        return look_up(scan, options, taken=taken)
    except UserError:
        return FoundScan(scan)


def plan_to_folder(
    source: Volume | str,
    options: PlanOptions,
    folder: Path,
    progress: Listener,
    planner: Callable[[Volume, PlanOptions, Listener], Plan] = make_plan,
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
        write_plan(plan, folder, wanted.overwrite, wanted.scene, wanted.report, wanted.anonymous)
    return plan
