"""What a worker does for the panel: plain functions, each with its input and output in its signature.

A function under `@task` can be started in a process of its own by naming it (`worker.Call`); the hints of its
signature are all that the codec (`serial`) needs to carry what goes in and comes out. Two parameters are given by
the worker and not by the caller: `progress`, and `scratch`, an empty folder that goes with the job.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np

from .batch import BatchRow, BatchScan, FoundScan, ScanJob, do_job, find_batch, look_up, plan_to_folder
from .circuit.circuit import Asked, Circuit, CircuitSide, find_circuit
from .edited_plan import EditedHead, edited_plan, plan_on, scalp_of
from .errors import NoScalpError, UserError
from .export.correction import Correction, write_correction
from .export.exporting import ExportOrder, ExportOutcome, Spaces, export_plan, spaces_for
from .export.own_targets import read_own_targets
from .export.result_folder import read_findings, read_plan
from .export.targets import PlannedTarget
from .geometry.poses import is_rigid
from .geometry.spaces import largest_shift_mm
from .options import CircuitChoices
from .plan import GETTING_READY, Kept, Plan, PlanOptions, make_plan, plan_by_hand
from .progress import Progress
from .scan.checks import check_scan
from .scan.head_frame import HeadFrame
from .scan.origin import ScanKind
from .scan.readers import as_in_file, with_origin
from .scan.volume import Volume, is_same_grid
from .sentences import Sentence, Texts, say
from .targeting.by_tape import tape_plan
from .targeting.fiducials import Fiducials
from .targeting.placing import Head, place_marks, with_fiducials
from .targeting.point import Point
from .targeting.scalp import Scalp
from .torch_check import check_torchvision
from .words import fiducials_in_words, tape_sentences

_SAME_PLACE_MM = 0.001

_KEPT = Kept()
"""What this process knows already of the last scan and of the networks."""

DOING: Texts = {
    "plan_scan": "The segmentation",
    "plan_scan_to_folder": "The segmentation",
    "plan_file_to_folder": "The segmentation",
    "plan_job": "The segmentation",
    "start_by_hand": "Planning by hand",
    "open_results": "Opening the results",
    "find_scans": "The search for scans",
    "look_up_scan": "The search for earlier results",
    "why_no_scalp": "The search for the scalp",
    "measure_marks": "Measuring the head",
    "find_by_tape": "Measuring by tape",
    "measure_circuit": "Looking at the fMRI",
    "save_correction": "Saving the correction",
    "find_spaces": "The search for coordinate spaces",
    "read_own": "Reading the targets",
    "export_head": "The export",
}
"""Name of a task -> what a person calls it who is told that it failed."""

Function = TypeVar("Function", bound=Callable)

TASKS: dict[str, Callable] = {}
"""Name of a task -> its function."""

ON_HEADS: set[Callable] = set()
"""The tasks that look at whole heads: they are done by one worker that stays, which knows networks and head already."""


def task(function: Function) -> Function:
    """Let a worker do this, known by the function's name."""
    TASKS[function.__name__] = function
    return function


def head_task(function: Function) -> Function:
    """Let the worker that stays do this, known by the function's name."""
    ON_HEADS.add(function)
    return task(function)


class WorkerProgress(Progress, Protocol):
    """A `Progress` that also hears where the network runs."""

    def tell_device(self, device: str) -> None:
        """The network runs on 'cpu' or 'cuda'."""


def plan_on_device(volume: Volume, options: PlanOptions, progress: WorkerProgress) -> Plan:
    """`make_plan`, once it is sure that torchvision works and on which device."""
    progress.report(0, 1, GETTING_READY)
    check_torchvision()
    from .networks.weights import choose_device

    progress.tell_device(choose_device(options.device))
    return make_plan(volume, options, progress, _KEPT)


def get_ready() -> Iterator[None]:
    """What the next plan wants and takes seconds, in steps: shipped networks, and what no choice changes of the head.

    Nothing where PyTorch is missing. What is ready already takes no time.
    """
    with suppress(UserError):  # told when a plan is asked for
        check_torchvision()
        yield
        from .networks.weights import choose_device
        from .segmentation import segmenter  # noqa: F401
        from .segmentation.head_finding import shipped_head_networks

        _KEPT.model(None, choose_device("auto"))
        shipped_head_networks()
        yield
        yield from _KEPT.get_ready()


@head_task
def plan_scan(volume: Volume, path: Path | None, options: PlanOptions, progress: WorkerProgress) -> Plan:
    """Plan on a scan, which a program loaded from `path`. Raises UserError as `make_plan`."""
    return _from_file(plan_on_device(volume, options, progress), path)


@head_task
def start_by_hand(volume: Volume, path: Path | None, options: PlanOptions) -> Plan:
    """A plan to be drawn and placed by hand. Raises UserError as `plan_by_hand`."""
    return _from_file(plan_by_hand(volume, options, _KEPT), path)


@head_task
def plan_scan_to_folder(
    volume: Volume, path: Path | None, options: PlanOptions, folder: Path, progress: WorkerProgress
) -> Plan:
    """Plan on a scan as `plan_scan`, and write its folder as `dlpfc plan` does."""
    return _from_file(plan_to_folder(volume, options, folder, progress, plan_on_device), path)


@head_task
def open_results(volume: Volume, path: Path | None, folder: Path) -> Plan:
    """The plan in a result folder, on its scan, which a program loaded from `path`: as if it had just been made.

    Raises UserError where the folder holds no plan, or the volume is another scan or lies elsewhere.
    """
    found = read_findings(folder)
    shown = found.volume.as_slicer_shows_it
    if shown is not found.volume and is_same_grid(shown.shape_ijk, shown.ijk_to_ras, volume):
        return _opened_where_shown(volume, folder, found)
    _require_planned_on(volume, folder, found)
    plan = read_plan(folder, volume)
    with_scalp = replace(plan, scalp=scalp_of(plan) if plan.options.landmarks else None)
    if found.volume.origin.kind == ScanKind.UNKNOWN:
        return _from_file(with_scalp, path)
    return replace(with_scalp, volume=replace(volume, origin=found.volume.origin))


def _opened_where_shown(volume: Volume, folder: Path, found: Plan) -> Plan:
    """The plan in a folder, of a scan that Slicer shows elsewhere than it was planned on, brought to there."""
    shown = found.volume.as_slicer_shows_it
    to_read = found.volume.ijk_to_ras @ np.linalg.inv(shown.ijk_to_ras)
    if not is_rigid(to_read):
        raise UserError(
            "{folder} was planned on the sform of {planned}, and Slicer shows that up to {away:.1f} mm elsewhere, as"
            " its voxels have other sizes there; plan on '{source}' here, or make its forms and sizes agree.",
            folder=folder,
            planned=found.volume.source,
            away=largest_shift_mm(shown.ijk_to_ras, found.volume.ijk_to_ras, shown.shape_ijk),
            source=volume.source,
        )
    planned = replace(volume, ijk_to_ras=to_read @ volume.ijk_to_ras, origin=found.volume.origin)
    _require_planned_on(planned, folder, found)
    return plan_on(replace(volume, origin=found.volume.origin), read_plan(folder, planned))


def _require_planned_on(volume: Volume, folder: Path, found: Plan) -> None:
    if not found.is_of(volume):
        raise UserError(
            "'{source}' is not the scan that {folder} was planned on, or it lies elsewhere; load"
            " {planned}, choose it and open the results again.",
            source=volume.source,
            folder=folder,
            planned=found.volume.source,
        )


def _from_file(plan: Plan, path: Path | None) -> Plan:
    """The plan with the origin of the scan's file, where the scan lies as it does there but for a scene's transform."""
    scan = plan.volume
    own = scan if scan.world_from_own is None else replace(scan, ijk_to_ras=_own_ijk_to_ras(scan), world_from_own=None)
    try:
        return replace(plan, volume=replace(scan, origin=as_in_file(own, path).origin))
    except (UserError, ImportError):  # it lies elsewhere, or its reader is not installed before the first export
        return plan


def _own_ijk_to_ras(scan: Volume) -> np.ndarray:
    return scan.ijk_to_ras if scan.world_from_own is None else np.linalg.inv(scan.world_from_own) @ scan.ijk_to_ras


def _as_planned_on(volume: Volume, path: Path | None, planned: Volume) -> Volume:
    """A scan in its own space with the origin that it had when it was planned on, else with that of its file.

    Raises UserError where it has been moved since.
    """
    if planned.origin.kind == ScanKind.UNKNOWN:
        return as_in_file(volume, path)
    if not np.allclose(volume.ijk_to_ras, _own_ijk_to_ras(planned), rtol=0.0, atol=_SAME_PLACE_MM):
        raise UserError(
            "'{volume_source}' no longer lies where its file {planned_source} says (cropped, or a transform"
            " was hardened); save the volume to a file of its own and export again.",
            volume_source=volume.source,
            planned_source=planned.source,
        )
    return with_origin(volume, planned.origin)


@head_task
def plan_file_to_folder(source: str, options: PlanOptions, folder: Path, progress: WorkerProgress) -> None:
    """Read a scan from a file or a folder, plan on it and write its folder."""
    plan_to_folder(source, options, folder, progress, plan_on_device)


@task
def plan_job(job: ScanJob, progress: WorkerProgress) -> BatchRow:
    """Do one job of a batch; its row, with the most memory that this process held meanwhile."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")  # the highest mark begins anew
    row = do_job(job, progress, plan_on_device)
    return replace(row, gib=_most_gib())


def _most_gib() -> float | None:
    """The highest mark of this process's memory, GiB; None where the system does not tell."""
    with suppress(OSError, StopIteration):
        lines = Path("/proc/self/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 2**20
    return None


@task
def find_scans(folder: Path, output: Path, options: PlanOptions) -> tuple[FoundScan, ...]:
    """The scans in a folder and what `output` holds of them already. Raises UserError where there are none."""
    return tuple(find_batch(folder, output, options))


@task
def look_up_scan(volume: Volume, scan: BatchScan, options: PlanOptions, taken: tuple[str, ...]) -> FoundScan:
    """Where the results of a scene's scan are to go, and whether they are there already (`batch.look_up`)."""
    return look_up(scan, options, volume, taken)


@head_task
def why_no_scalp(volume: Volume, path: Path | None) -> Sentence:
    """'' where a scan, loaded from `path`, shows a scalp over a skull, else the sentence that says why it does not."""
    _KEPT.file = path
    try:
        _KEPT.scalp(check_scan(volume))
    except NoScalpError as error:
        return say(str(error))
    return say("")


@dataclass(frozen=True)
class MeasuredMarks:
    """Hemisphere -> its landmarks, and what is doubtful or could not be measured."""

    marks: dict[str, tuple[Point, ...]]
    warnings: tuple[Sentence, ...]


@task
def measure_marks(scalp: Scalp, fiducials: Fiducials, hemispheres: tuple[str, ...]) -> MeasuredMarks:
    """F3/F4 and Beam F3/F4 on a scalp, measured from fiducials."""
    head = with_fiducials(Head(scalp, None), fiducials)
    placed = {name: place_marks(head, name) for name in hemispheres}
    doubts = (doubt for _, found in placed.values() for doubt in found)
    of_marks = (text for marks, _ in placed.values() for mark in marks for text in mark.warnings)
    warnings = tuple(say(each) for each in dict.fromkeys((*head.warnings, *doubts, *of_marks)))
    return MeasuredMarks({name: marks for name, (marks, _) in placed.items()}, warnings)


@dataclass(frozen=True)
class Aim:
    """Where the coil of a side lies: scalp entry, RAS mm, shape (3,), and pose, 4x4, coil to RAS mm."""

    hemisphere: str
    entry_ras_mm: np.ndarray
    coil_pose_ras_mm: np.ndarray


@dataclass(frozen=True)
class TapedAims:
    """How scalp entries are found with a tape measure, in words, and what is doubtful of that."""

    lines: tuple[Sentence, ...]
    warnings: tuple[Sentence, ...]


@task
def find_by_tape(
    scalp: Scalp, registration: HeadFrame | None, fiducials: Fiducials | None, aims: tuple[Aim, ...], angle_deg: float
) -> TapedAims:
    """How each scalp entry is found with a tape measure, in words, or why it is not."""
    head, told, whose = with_fiducials(Head(scalp, registration), fiducials), list[Sentence](), list[Sentence]()
    warnings = list[Sentence]()
    for aim in aims:
        taped, doubts = tape_plan(head, aim.hemisphere, aim.entry_ras_mm, aim.coil_pose_ras_mm)
        lines = tape_sentences(aim.hemisphere, taped, angle_deg) if taped else []
        told += [say("By tape, {side}:", side=say(aim.hemisphere)), *(say("• {line}", line=line) for line in lines)]
        warnings += [say(each) for each in doubts]
        whose += [say(fiducials_in_words(taped))] if taped else []
    return TapedAims((*told, *dict.fromkeys(whose)), tuple(dict.fromkeys(warnings)))


@dataclass(frozen=True)
class MeasuredCircuit:
    """What resting-state fMRI says of a scan, and hemisphere -> of its mask; RAS mm of the scan that was asked of."""

    circuit: Circuit
    sides: dict[str, CircuitSide]


@task
def measure_circuit(asked: Asked, choices: CircuitChoices, progress: Progress) -> MeasuredCircuit:
    """Connectivity of masks as a person has left them. Raises UserError as `find_circuit`."""
    return MeasuredCircuit(*find_circuit(asked, choices, progress))


@task
def save_correction(volume: Volume, correction: Correction) -> tuple[Path, ...]:
    """Write a scan and its corrected masks for training; the files written."""
    return write_correction(volume, correction)


@task
def find_spaces(volume: Volume, path: Path | None, planned: Volume, has_scalp: bool) -> Spaces:
    """Which formats can hold the scan, and in which space.

    path     the file that it was loaded from, or None
    planned  the scan as it was planned on, without its voxels
    """
    return spaces_for(_as_planned_on(volume, path, planned), has_scalp)


@task
def read_own(volume: Volume, path: Path | None, planned: Volume | None, file: Path) -> tuple[PlannedTarget, ...]:
    """Targets out of a file, RAS mm of the scan in its own space; `planned`, where there is a plan: see `find_spaces`.

    Raises UserError as `read_own_targets`.
    """
    scan = as_in_file(volume, path) if planned is None else _as_planned_on(volume, path, planned)
    return tuple(read_own_targets(file, scan))


@task
def export_head(
    volume: Volume, head: EditedHead, order: ExportOrder, path: Path | None, progress: Progress
) -> ExportOutcome:
    """Write the plan as a person has left it; `path` as in `find_spaces`."""
    scan = _as_planned_on(volume, path, head.sides[0].findings.volume)
    return export_plan(edited_plan(scan, head), order, progress)
