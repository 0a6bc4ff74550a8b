"""Export in any format by its name, of targets or of masks: for the command line and for the panel."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from ..errors import UserError
from ..plan import Plan
from ..progress import Progress
from ..report.wording import all_warnings
from ..scan.volume import Volume
from ..segmentation.region import Region
from .dicom_series import source_slices
from .exchange import Exported, export_targets
from .mask_registry import MASK_FORMATS
from .registry import FORMATS, HOLDS_IN_WORDS, file_name, move_new
from .targets import PlannedTarget, landmark_point, of_side, planned_targets

REPORT = "report"
"""In an order, the page to print beside the formats of files."""


@dataclass(frozen=True)
class Exportable:
    """What there is to export of one scan.

    regions  hemisphere -> its mask
    scan     the volume that was planned on, or None where it has gone
    """

    targets: list[PlannedTarget]
    regions: Mapping[str, Region]
    scan: Volume | None


@dataclass(frozen=True)
class ExportOrder:
    """What a person wants of a plan.

    formats  names in `FORMATS` and `MASK_FORMATS`, and `REPORT`
    folder   where the files go; made where it is missing
    stem     beginning of the files' names
    published  keys of the targets of the literature that are to go out with the plan's own
    replace  whether files of these names may be replaced
    """

    formats: tuple[str, ...]
    folder: Path
    stem: str
    published: tuple[str, ...] = ()
    replace: bool = False


@dataclass(frozen=True)
class ExportOutcome:
    """What came of an order.

    written     what each format wrote
    refused     title of a format -> why it was not written
    in_the_way  names of files that are there already; then nothing was written
    warnings    every warning that stands in the files
    """

    written: tuple[Exported, ...] = ()
    refused: dict[str, str] = field(default_factory=dict)
    in_the_way: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Spaces:
    """What the formats can do for one scan.

    words    name of a format -> the coordinate space of its files
    reasons  name of a format that cannot hold this scan -> why
    """

    words: dict[str, str]
    reasons: dict[str, str]


def export_as(name: str, content: Exportable, folder: Path, stem: str, overwrite: bool = False) -> Exported:
    """Write one format of targets or masks into a folder; raises UserError as `export_targets`, `export_masks`."""
    if name in MASK_FORMATS:
        return export_masks(name, content, folder, stem, overwrite)
    path = folder / file_name(name, stem, datetime.now())
    return export_targets(name, content.targets, path, content.scan, overwrite)


def export_masks(name: str, content: Exportable, folder: Path, stem: str, overwrite: bool = False) -> Exported:
    """Write each mask in the format `name`, such as 'dlpfc_left.seg.dcm'.

    Raises UserError where the format needs a DICOM series and the scan is none, or a file is in the way.
    """
    chosen = MASK_FORMATS[name]
    with tempfile.TemporaryDirectory(dir=folder, prefix=".dlpfc-") as scratch:
        files = {side: Path(scratch) / f"{stem}_{side}{chosen.suffix}" for side in content.regions}
        for side, file in files.items():
            chosen.write(content.regions[side], _targets_on(content, side), file)
        paths = move_new(list(files.values()), folder, overwrite)
    count = f"{len(paths)} mask{'s' if len(paths) > 1 else ''}"
    return Exported(tuple(paths), f"{count} {chosen.space}", (f"checked against {chosen.checked}",))


def _targets_on(content: Exportable, hemisphere: str) -> list[PlannedTarget]:
    """The targets that name the side, and with the first side those that name none, as the head's fiducials.

    All of them where there is but one side.
    """
    others = [f"({name})" for name in content.regions if name != hemisphere]
    if hemisphere != next(iter(content.regions)):
        return [target for target in content.targets if target.label.endswith(f"({hemisphere})")]
    return [target for target in content.targets if not target.label.endswith(tuple(others))]


def title_of(name: str) -> str:
    """What the user reads of a format of targets or masks, or of the report."""
    return "Report" if name == REPORT else {**FORMATS, **MASK_FORMATS}[name].title


def spaces_for(scan: Volume, has_scalp: bool) -> Spaces:
    """Space or reason of every format; without a scalp there are neither scalp entries nor coil poses."""
    words, reasons = {}, {}
    for name in (*FORMATS, *MASK_FORMATS):
        try:
            words[name] = _space(name, scan, has_scalp)
        except UserError as error:
            reasons[name] = str(error)
    return Spaces(words, reasons)


def _space(name: str, scan: Volume, has_scalp: bool) -> str:
    if name in MASK_FORMATS:
        if MASK_FORMATS[name].of_series:
            source_slices(scan)
        return MASK_FORMATS[name].space
    chosen = FORMATS[name]
    if chosen.holds != "point" and not has_scalp:
        raise UserError(f"{chosen.title} holds {HOLDS_IN_WORDS[chosen.holds]}; without a scalp there are none.")
    return chosen.space(scan)


def export_plan(plan: Plan, order: ExportOrder, scratch: Path, progress: Progress) -> ExportOutcome:
    """Carry out an order on a plan whose volume is the scan; `scratch` is an empty folder of the caller's.

    A format that cannot hold the plan is told and passed over. Files appear in the folder only when all of
    them are whole, and none where one of them is there already and may not be replaced.
    Raises UserError where the folder cannot be written into.
    """
    _require_writable(order.folder)
    written, refused = _write_all(plan, order, scratch, progress)
    there = tuple(file.name for done in written for file in done.files if (order.folder / file.name).exists())
    if there and not order.replace:
        return ExportOutcome(in_the_way=there)
    return ExportOutcome(_moved(written, order.folder), refused, warnings=tuple(all_warnings(plan)))


def _write_all(
    plan: Plan, order: ExportOrder, scratch: Path, progress: Progress
) -> tuple[list[Exported], dict[str, str]]:
    regions = {name: _with_warnings(plan, name) for name in plan.sides}
    targets = [*planned_targets(plan), *_published(plan, order.published)]
    content = Exportable(targets, regions, plan.volume)
    written, refused = [], {}
    for done, name in enumerate(order.formats):
        progress.report(done, len(order.formats), title_of(name))
        try:
            written.append(
                _report(plan, scratch, order.stem) if name == REPORT else export_as(name, content, scratch, order.stem)
            )
        except UserError as error:
            refused[title_of(name)] = str(error).replace(f"{scratch}{os.sep}", "")
        except OSError as error:
            reason = error.strerror or str(error)
            refused[title_of(name)] = f"it could not be written ({reason}); make room on the disk of {scratch}."
    return written, refused


def _published(plan: Plan, keys: tuple[str, ...]) -> list[PlannedTarget]:
    return [
        landmark_point(of_side(mark.label, name), mark, plan.warnings)
        for name, side in plan.sides.items()
        for mark in side.literature
        if mark.key in keys
    ]


def _with_warnings(plan: Plan, hemisphere: str) -> Region:
    side = plan.sides[hemisphere]
    return replace(side.region, warnings=tuple(dict.fromkeys(plan.warnings + side.warnings)))


def _report(plan: Plan, folder: Path, stem: str) -> Exported:
    from ..report.page import write_report  # matplotlib takes long to load

    path = folder / f"{stem}_report.html"
    write_report(plan, path)
    return Exported((path,), "one page to print")


def _require_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise _not_writable(folder, error) from error


def _not_writable(folder: Path, error: OSError) -> UserError:
    reason = error.strerror or str(error)
    return UserError(f"{folder}: cannot be written ({reason}); make room there or choose another folder.")


def _moved(written: list[Exported], folder: Path) -> tuple[Exported, ...]:
    """The files in their folder, on whatever disk that is; none of them is ever seen half written."""
    files = [file for done in written for file in done.files]
    parts = [folder / f".{os.getpid()}-{file.name}" for file in files]
    try:
        for file, part in zip(files, parts, strict=True):
            shutil.copyfile(file, part)
        for file, part in zip(files, parts, strict=True):
            part.replace(folder / file.name)
    except OSError as error:
        raise _not_writable(folder, error) from error
    finally:
        for part in parts:
            part.unlink(missing_ok=True)
    return tuple(replace(done, files=tuple(folder / file.name for file in done.files)) for done in written)
