"""What a worker does for the panel: plain functions, each with its input and output in its signature.

A function under `@task` can be started in a process of its own by naming it (`worker.Call`); the hints of its
signature are all that the codec (`serial`) needs to carry what goes in and comes out. Two parameters are given by
the worker and not by the caller: `progress`, and `scratch`, an empty folder that goes with the job.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from .batch import plan_to_folder, scans_in
from .edited_plan import EditedHead, edited_plan
from .errors import NoScalpError
from .export.correction import Correction, write_correction
from .export.exporting import ExportOrder, ExportOutcome, Spaces, export_plan, spaces_for
from .plan import Plan, PlanOptions, make_plan
from .progress import Progress
from .scan.readers import as_in_file
from .scan.volume import Volume
from .targeting.fiducials import Fiducials
from .targeting.placing import Head, place_marks, with_fiducials
from .targeting.point import Point
from .targeting.scalp import Scalp, extract_scalp
from .torch_check import check_torchvision

Function = TypeVar("Function", bound=Callable)

TASKS: dict[str, Callable] = {}
"""Name of a task -> its function."""


def task(function: Function) -> Function:
    """Let a worker do this, known by the function's name."""
    TASKS[function.__name__] = function
    return function


class WorkerProgress(Progress, Protocol):
    """A `Progress` that also hears where the network runs."""

    def tell_device(self, device: str) -> None:
        """The network runs on 'cpu' or 'cuda'."""


def plan_on_device(volume: Volume, options: PlanOptions, progress: WorkerProgress) -> Plan:
    """`make_plan`, once it is sure that torchvision works and on which device."""
    check_torchvision()
    from .networks.weights import choose_device

    progress.tell_device(choose_device(options.device))
    return make_plan(volume, options, progress)


@task
def plan_scan(volume: Volume, options: PlanOptions, progress: WorkerProgress) -> Plan:
    """Plan on a scan. Raises UserError as `make_plan`."""
    return plan_on_device(volume, options, progress)


@task
def plan_scan_to_folder(volume: Volume, options: PlanOptions, folder: Path, progress: WorkerProgress) -> Plan:
    """Plan on a scan and write its folder as `dlpfc plan` does."""
    return plan_to_folder(volume, options, folder, progress, plan_on_device)


@task
def plan_file_to_folder(source: str, options: PlanOptions, folder: Path, progress: WorkerProgress) -> None:
    """Read a scan from a file or a folder, plan on it and write its folder."""
    plan_to_folder(source, options, folder, progress, plan_on_device)


@task
def find_scans(folder: Path, output: Path) -> tuple[Path, ...]:
    """The scans in a folder whose results will go to `output`. Raises UserError where there are none."""
    return tuple(scans_in(folder, output))


@task
def why_no_scalp(volume: Volume) -> str:
    """'' where the scan shows a scalp over a skull, else the sentence that says why it does not."""
    try:
        extract_scalp(volume)
    except NoScalpError as error:
        return str(error)
    return ""


@dataclass(frozen=True)
class MeasuredMarks:
    """Hemisphere -> its landmarks, and what is doubtful or could not be measured."""

    marks: dict[str, tuple[Point, ...]]
    warnings: tuple[str, ...]


@task
def measure_marks(scalp: Scalp, fiducials: Fiducials, hemispheres: tuple[str, ...]) -> MeasuredMarks:
    """F3/F4 and Beam F3/F4 on a scalp, measured from fiducials."""
    head = with_fiducials(Head(scalp, None), fiducials)
    placed = {name: place_marks(head, name) for name in hemispheres}
    doubts = (doubt for _, found in placed.values() for doubt in found)
    of_marks = (text for marks, _ in placed.values() for mark in marks for text in mark.warnings)
    warnings = tuple(dict.fromkeys((*head.warnings, *doubts, *of_marks)))
    return MeasuredMarks({name: marks for name, (marks, _) in placed.items()}, warnings)


@task
def save_correction(volume: Volume, correction: Correction) -> tuple[Path, ...]:
    """Write a scan and its corrected masks for training; the files written."""
    return write_correction(volume, correction)


@task
def find_spaces(volume: Volume, path: Path | None, has_scalp: bool) -> Spaces:
    """Which formats can hold the scan, and in which space; `path` is the file that it was loaded from."""
    return spaces_for(as_in_file(volume, path), has_scalp)


@task
def export_head(
    volume: Volume, head: EditedHead, order: ExportOrder, path: Path | None, scratch: Path, progress: Progress
) -> ExportOutcome:
    """Write the plan as a person has left it; `path` as in `find_spaces`."""
    return export_plan(edited_plan(as_in_file(volume, path), head), order, scratch, progress)
