"""A plan into every format that a person asked for, at once, and what each format can do for a scan."""

import os
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..errors import UserError
from ..files import told_to_the_user, write_whole
from ..plan import Plan
from ..progress import SILENT, Progress
from ..scan.volume import Volume
from ..segmentation.region import Region
from ..words import all_warnings
from .format import POINT, Format, PointFormat
from .registry import FORMATS
from .targets import PlannedTarget, exported_point, planned_targets
from .writing import STEM, Exportable, Exported, export_as

REPORT = "report"
"""In an order, the page to print beside the formats of files."""


@dataclass(frozen=True)
class ExportOrder:
    """What a person wants of a plan.

    formats  names in `FORMATS`, and `REPORT`
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


def title_of(name: str) -> str:
    """What the user reads of a format of targets or masks, or of the report."""
    return "Report" if name == REPORT else FORMATS[name].title


def spaces_for(scan: Volume, has_scalp: bool) -> Spaces:
    """Space or reason of every format; without a scalp there are neither scalp entries nor coil poses."""
    words, reasons = {}, {}
    for name, chosen in FORMATS.items():
        try:
            words[name] = _space(chosen, scan, has_scalp)
        except UserError as error:
            reasons[name] = str(error)
    return Spaces(words, reasons)


def _space(chosen: Format, scan: Volume, has_scalp: bool) -> str:
    if isinstance(chosen, PointFormat) and chosen.requires != POINT and not has_scalp:
        raise UserError(f"{chosen.title} holds {chosen.alone}; without a scalp there are none.")
    return chosen.space_for(scan)


def export_plan(plan: Plan, order: ExportOrder, scratch: Path, progress: Progress) -> ExportOutcome:
    """Carry out an order on a plan whose volume is the scan; `scratch` is an empty folder of the caller's.

    A format that cannot hold the plan is told and passed over. Files appear in the folder only when all of
    them are whole, and none where one of them is there already and may not be replaced.
    Raises UserError where the folder cannot be written into.
    """
    _require_writable(order.folder)
    written, refused = _write_all(plan, order, scratch, progress)
    there = _in_the_way(written, order.folder)
    if there and not order.replace:
        return ExportOutcome(in_the_way=there)
    return ExportOutcome(_moved(written, order.folder), refused, warnings=tuple(all_warnings(plan)))


def _in_the_way(written: list[Exported], folder: Path) -> tuple[str, ...]:
    return tuple(file.name for done in written for file in done.files if (folder / file.name).exists())


def write_formats(plan: Plan, formats: tuple[str, ...], folder: Path, overwrite: bool) -> list[Path]:
    """All formats of a plan into a folder, or none of them; returns the files. Raises UserError as `export()`."""
    for name in formats:
        if name not in FORMATS:
            raise UserError(f"'{name}' is no export format; choose from {', '.join(FORMATS)}.")
    _require_writable(folder)
    with tempfile.TemporaryDirectory() as scratch:
        written, refused = _write_all(plan, ExportOrder(formats, folder, STEM), Path(scratch), SILENT)
        if refused:
            raise UserError(" ".join(f"{title}: {reason}" for title, reason in refused.items()))
        there = _in_the_way(written, folder)
        if there and not overwrite:
            raise UserError(f"{folder}: holds {', '.join(there)} already; choose another folder or overwrite them.")
        return [file for done in _moved(written, folder) for file in done.files]


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
        exported_point(mark, plan.warnings)
        for side in plan.sides.values()
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
    with told_to_the_user(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass


def _moved(written: list[Exported], folder: Path) -> tuple[Exported, ...]:
    """The files in their folder, on whatever disk that is."""
    with told_to_the_user(folder), write_whole(folder) as fresh:
        for file in (file for done in written for file in done.files):
            shutil.copyfile(file, fresh / file.name)
    return tuple(replace(done, files=tuple(folder / file.name for file in done.files)) for done in written)
