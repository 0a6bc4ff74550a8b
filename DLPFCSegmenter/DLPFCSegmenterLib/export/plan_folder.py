"""The output folder of a plan: written whole or not at all."""

import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from ..errors import UserError
from ..files import recover, reserved, told_to_the_user, write_whole
from ..geometry.sides import SIDES
from ..plan import Plan
from ..sentences import say
from ..terminology import DLPFC, region_called
from .anonymous import anonymous_plan, pseudonym_of
from .circuit_files import CIRCUIT_FILES, write_circuit
from .file_names import (
    OVERVIEW_FILE,
    REPORT_FILE,
    RESULT_FILE,
    SCENE_FILE,
    TARGETS_FILE,
    mask_file_name,
    segmentation_file_name,
)
from .formats.markups_json import write_markups_json
from .formats.masks import write_mask_nifti, write_mask_segmentation
from .result_folder import read_findings
from .result_json import write_result_json
from .scene import writing_scene
from .targets import planned_targets, regions_of


def own_files(*regions: str) -> list[str]:
    """Names of all that this module ever writes, replaces or removes in an output folder for plans of these regions."""
    masks = [name(side, region) for region in regions for name in _MASKS for side in SIDES]
    return [*dict.fromkeys(masks), TARGETS_FILE, OVERVIEW_FILE, SCENE_FILE, REPORT_FILE, *CIRCUIT_FILES, RESULT_FILE]


_MASKS = (mask_file_name, segmentation_file_name)


def _region_before(folder: Path) -> str:
    """The region of the plan that lies in a folder."""
    try:
        return region_called(read_findings(folder).model.region)
    except UserError:
        return DLPFC


def check_output_folder(folder: Path, overwrite: bool, region: str = DLPFC) -> None:
    """Raise UserError unless a plan of a region can be written to `folder`; to be asked before the long work.

    Nothing is left on the disk: a folder that does not exist yet is not made here.
    """
    with _told(folder):
        recover(folder)
        if folder.exists() and not folder.is_dir():
            raise UserError("{folder}: this is a file, not a folder; choose another output folder.", folder=folder)
        present = [folder / name for name in own_files(_region_before(folder), region) if (folder / name).exists()]
        taken = next((path for path in present if path.is_dir()), None)
        if taken:
            raise UserError("{taken}: is a folder where a file belongs; choose another output folder.", taken=taken)
        if present and not overwrite:
            names = ", ".join(path.name for path in present)
            raise UserError(
                "{folder}: holds results already ({names}); choose another folder or overwrite them.",
                folder=folder,
                names=names,
            )
        _try_to_write(folder)


@contextmanager
def planned_folder(folder: Path, overwrite: bool, region: str = DLPFC) -> Iterator[None]:
    """Check `folder` as `check_output_folder` does and keep every other run out of it, from before the long work on."""
    check_output_folder(folder, overwrite, region)
    with reserved(folder):
        check_output_folder(folder, overwrite, region)
        yield


def _told(folder: Path) -> AbstractContextManager[None]:
    return told_to_the_user(folder, say("nothing was written"), say("free space"))


def _try_to_write(folder: Path) -> None:
    nearest = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    with tempfile.TemporaryFile(dir=nearest):
        pass


@dataclass(frozen=True)
class WrittenPlan:
    """The files of a plan, and sentences about those that could not be written."""

    files: list[Path]
    warnings: tuple[str, ...]


def write_plan(
    plan: Plan,
    folder: Path | str,
    overwrite: bool = False,
    scene: bool = False,
    report: bool = False,
    anonymous: bool = False,
) -> WrittenPlan:
    """Write masks, segmentations, targets, picture and `result.json`.

    scene: also a Slicer scene, where slicer-core is installed (else the warnings and result.json say why not).
    report: also the page to print, whatever was found.
    anonymous: without name and path of the scan and what its DICOM files tell; the scan must be named to export.
    A side that was not found gives no mask; where none was found, only `result.json` is written.
    Files of the user are left alone; results of an earlier plan go only with `overwrite`.
    Raises UserError where the folder holds results or cannot be written; then it is as it was.
    """
    folder = Path(folder)
    plan = anonymous_plan(plan, pseudonym_of(plan.volume)) if anonymous else plan
    region = plan.model.region
    with planned_folder(folder, overwrite, region), _told(folder):
        stale = own_files(_region_before(folder), region)
        with write_whole(folder, stale=stale, last=RESULT_FILE) as fresh:
            warnings = _write_files(plan, fresh, None if anonymous else folder, scene)
            if report:
                from ..report.page import write_report  # plotting and 3-D come when masks and targets are written

                write_report(plan, fresh / REPORT_FILE)
            names = sorted(path.name for path in fresh.iterdir())
        return WrittenPlan([folder / name for name in names], warnings)


def _write_files(plan: Plan, fresh: Path, folder: Path | None, scene: bool) -> tuple[str, ...]:
    warnings: tuple[str, ...] = ()
    if plan.sides:
        _write_masks(plan, fresh)
        write_markups_json(planned_targets(plan), fresh / TARGETS_FILE, plan.volume)
        with writing_scene(plan, fresh / SCENE_FILE) if scene else nullcontext(tuple) as scene_warnings:
            from ..report.overview import draw_overview

            draw_overview(plan, fresh / OVERVIEW_FILE)
            write_circuit(plan, fresh)
            warnings = scene_warnings()
    write_result_json(plan, folder, fresh / RESULT_FILE, warnings)
    return warnings


def _write_masks(plan: Plan, fresh: Path) -> None:
    for hemisphere, region in regions_of(plan).items():
        write_mask_nifti(region, fresh / mask_file_name(hemisphere, region.name))
        write_mask_segmentation(region, fresh / segmentation_file_name(hemisphere, region.name))
