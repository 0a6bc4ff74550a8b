"""A plan into every format that a person asked for, at once, and what each format can do for a scan."""

import os
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..errors import UserError
from ..files import told_to_the_user, write_whole
from ..plan import Plan
from ..progress import SILENT, Progress
from ..scan.volume import Volume
from ..sentences import Sentence, joined, say
from ..terminology import stem_of_region
from ..words import all_warnings
from .format import POINT, Format, PointFormat
from .own_targets import with_its_side
from .registry import FORMATS
from .sides import checked, frame_in, require_sides
from .targets import PlannedTarget, exported_point, planned_targets, regions_of, without_points
from .writing import Exportable, Exported, export_as

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
    left_out  which of `POINT_GROUPS` do not go out
    own      the person's own targets beside the plan's, RAS mm of the scan (`own_targets`)
    """

    formats: tuple[str, ...]
    folder: Path
    stem: str
    published: tuple[str, ...] = ()
    replace: bool = False
    left_out: tuple[str, ...] = ()
    own: tuple[PlannedTarget, ...] = ()


@dataclass(frozen=True)
class ExportOutcome:
    """What came of an order.

    written     what each format wrote
    refused     title of a format -> why it was not written
    in_the_way  names of files that are there already; then nothing was written
    warnings    every warning that stands in the files
    """

    written: tuple[Exported, ...] = ()
    refused: dict[str, Sentence] = field(default_factory=dict)
    in_the_way: tuple[str, ...] = ()
    warnings: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class Spaces:
    """What the formats can do for one scan.

    words    name of a format -> the coordinate space of its files
    reasons  name of a format that cannot hold this scan -> why
    """

    words: dict[str, Sentence]
    reasons: dict[str, Sentence]


def title_of(name: str) -> str:
    """What the user reads of a format of targets or masks, or of the report."""
    return say("Report") if name == REPORT else FORMATS[name].title


def spaces_for(scan: Volume, has_scalp: bool) -> Spaces:
    """Space or reason of every format; without a scalp there are neither scalp entries nor coil poses."""
    words: dict[str, Sentence] = {}
    reasons: dict[str, Sentence] = {}
    for name, chosen in FORMATS.items():
        try:
            words[name] = say(_space(chosen, scan, has_scalp))
        except UserError as error:
            reasons[name] = say(str(error))
    return Spaces(words, reasons)


def _space(chosen: Format, scan: Volume, has_scalp: bool) -> str:
    if isinstance(chosen, PointFormat) and chosen.requires != POINT and not has_scalp:
        raise UserError(
            "{title} holds {alone}; without a scalp there are none.", title=chosen.title, alone=chosen.alone
        )
    return chosen.space_for(scan)


def export_plan(plan: Plan, order: ExportOrder, progress: Progress) -> ExportOutcome:
    """Carry out an order on a plan whose volume is the scan.

    A format that cannot hold the plan is told and passed over. Files appear in the folder only when all of
    them are whole, and none where one of them is there already and may not be replaced.
    Raises UserError where the folder cannot be written into, and for a plan whose mask or points are not of their side.
    """
    try:
        written, refused = _carried_out(plan, order, progress)
    except _InTheWay as error:
        return ExportOutcome(in_the_way=error.args)
    told = {title: say(reason) for title, reason in refused.items()}
    of_own = (text for target in order.own for text in target.warnings)
    warnings = tuple(map(say, dict.fromkeys((*all_warnings(plan), *of_own))))
    return ExportOutcome(written, told, warnings=warnings)


def write_formats(plan: Plan, formats: tuple[str, ...], folder: Path, overwrite: bool) -> list[Path]:
    """All formats of a plan into a folder, or none of them; returns the files. Raises UserError as `export()`."""
    for name in formats:
        if name not in FORMATS:
            raise UserError(
                "'{name}' is no export format; choose from {formats}.", name=name, formats=", ".join(FORMATS)
            )
    try:
        order = ExportOrder(formats, folder, stem_of_region(plan.model.region), replace=overwrite)
        written, _ = _carried_out(plan, order, SILENT, all_or_none=True)
    except _InTheWay as error:
        names = ", ".join(error.args)
        raise UserError(
            "{folder}: holds {names} already; choose another folder or overwrite them.", folder=folder, names=names
        ) from error
    return [file for done in written for file in done.files]


class _InTheWay(Exception):
    """Names of files that are there already and may not be replaced."""


def _carried_out(
    plan: Plan, order: ExportOrder, progress: Progress, all_or_none: bool = False
) -> tuple[tuple[Exported, ...], dict[str, str]]:
    """What was written, and what was refused and why. Raises _InTheWay, and UserError as `export_plan`."""
    with told_to_the_user(order.folder), write_whole(order.folder) as fresh:
        written, refused = _write_all(plan, order, fresh, progress)
        if refused and all_or_none:
            raise UserError(joined(" ", (joined(": ", each) for each in refused.items())))
        names = [file.name for done in written for file in done.files]
        there = [name for name in names if (order.folder / name).exists()]
        if there and not order.replace:
            raise _InTheWay(*there)
        for left_over in {path.name for path in fresh.iterdir()}.difference(names):
            (fresh / left_over).unlink()
    return tuple(replace(d, files=tuple(order.folder / file.name for file in d.files)) for d in written), refused


def _write_all(
    plan: Plan, order: ExportOrder, folder: Path, progress: Progress
) -> tuple[list[Exported], dict[str, str]]:
    require_sides(plan)
    own = [with_its_side(target) for target in order.own]
    every = [*planned_targets(plan), *_published(plan, order.published), *own]
    targets = checked(plan.volume.source, without_points(every, order.left_out), frame_in(plan))
    content = Exportable(targets, regions_of(plan), plan.volume, lambda: plan.scalp)
    written, refused = [], {}
    for done, name in enumerate(order.formats):
        progress.report(done, len(order.formats), title_of(name))
        try:
            written.append(
                _report(plan, own, folder, order.stem)
                if name == REPORT
                else export_as(name, content, folder, order.stem)
            )
        except UserError as error:
            refused[title_of(name)] = str(error).replace(f"{folder}{os.sep}", "")
        except OSError as error:
            reason = error.strerror or str(error)
            refused[title_of(name)] = say(
                "it could not be written ({reason}); make room on the disk of {folder}.",
                reason=reason,
                folder=order.folder,
            )
    return written, refused


def _published(plan: Plan, keys: tuple[str, ...]) -> list[PlannedTarget]:
    return [
        exported_point(mark, plan.warnings)
        for side in plan.sides.values()
        for mark in side.literature
        if mark.key in keys
    ]


def _report(plan: Plan, own: list[PlannedTarget], folder: Path, stem: str) -> Exported:
    from ..report.page import write_report  # matplotlib takes long to load

    path = folder / f"{stem}_report.html"
    told = [(each.label, each.position_ras_mm, joined(" ", (each.description, *each.warnings))) for each in own]
    write_report(plan, path, own=told)
    return Exported((path,), say("one page to print"))
