"""The commands `dlpfc export` and `dlpfc convert`: targets to and between neuronavigation files."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UserError
from ..sentences import say, tell, tr
from .options import ANONYMOUS, OVERWRITE, Commands, add_option

if TYPE_CHECKING:
    from ..export.targets import PlannedTarget
    from ..export.writing import Exportable, Exported
    from ..scan.volume import Volume

_ALL = "all"


def add_export(commands: Commands) -> None:
    """Add `dlpfc export` to the commands."""
    export = commands.add_parser("export", help=tr("targets of a result folder to a neuronavigator's file"))
    export.add_argument("result", type=Path, help=tr("folder that `dlpfc plan` or `dlpfc segment` wrote"))
    export.add_argument(
        "--format", nargs="+", required=True, metavar="NAME",
        help=tr("one or more formats of targets or masks, or {all}; a wrong name lists them", all=_ALL),
    )  # fmt: skip
    export.add_argument("--output", type=Path, required=True, help=tr("folder for the files"))
    export.add_argument(
        "--literature", action="store_true",
        help=tr("also the published targets that were brought in from MNI space; estimates, for comparison"),
    )  # fmt: skip
    export.add_argument(
        "--points", nargs="+", metavar="KEY",
        help=tr("the points that go out, such as target coil entry hotspot five_cm fiducials (default: all)"),
    )  # fmt: skip
    _add_scan_arguments(
        export, tr("the scan, where it lies elsewhere now; its DICOM folder for dicom-seg and rt-struct")
    )
    export.set_defaults(run=run_export)


def add_convert(commands: Commands) -> None:
    """Add `dlpfc convert` to the commands."""
    convert = commands.add_parser("convert", help=tr("targets of one neuronavigator's file to another's"))
    convert.add_argument("input", type=Path, help=tr("file of targets or of a mask; its content tells the format"))
    convert.add_argument("output", type=Path, help=tr("file to write"))
    convert.add_argument("--format", required=True, metavar="NAME", help=tr("format to write; a wrong name lists them"))
    _add_scan_arguments(convert, tr("the scan that the targets were planned on, which some formats need"))
    convert.set_defaults(run=run_convert)


def _add_scan_arguments(parser: argparse.ArgumentParser, help_text: str) -> None:
    parser.add_argument("--scan", type=Path, metavar="T1", help=help_text)
    parser.add_argument("--frame", type=int, help=tr("which frame of a 4-D scan, counted from 0"))
    for told in (ANONYMOUS, replace(OVERWRITE, text=say("replace files that are there already"))):
        add_option(parser, told)


def run_export(arguments: argparse.Namespace) -> int:
    """Write a result folder's targets in every asked format; returns the exit code.

    With 'all' a format that cannot be written is told and passed over, else it ends the command.
    """
    from ..export.result_folder import read_findings, read_result, read_scan_of
    from ..export.targets import chosen_points, regions_of
    from ..export.writing import Exportable, export_as
    from ..terminology import stem_of_region

    _check_formats(arguments.format)
    plan = read_findings(arguments.result)
    scan = read_scan_of(arguments.result, plan, arguments.scan, arguments.frame)
    result = read_result(arguments.result, plan, scan, arguments.literature)
    if scan is None:
        print(
            tr(
                "note: the scan {source} is no longer there; formats that need it ask for --scan",
                source=plan.volume.source,
            )
        )
    print(tr("read {path}: {count} targets", path=arguments.result, count=len(result.targets)))
    _tell_warnings(result.targets)
    targets = chosen_points(result.targets, arguments.points) if arguments.points else result.targets
    content = Exportable(targets, regions_of(result.plan), result.scan_or_its_grid, lambda: result.scalp)
    content = content.anonymous() if arguments.anonymous else content
    arguments.output.mkdir(parents=True, exist_ok=True)
    stem = stem_of_region(plan.model.region)
    if _ALL in arguments.format:
        return _export_all(content, arguments, stem)
    for name in arguments.format:
        _tell(export_as(name, content, arguments.output, stem, arguments.overwrite))
    return 0


def _check_formats(names: list[str]) -> None:
    from ..export.registry import FORMATS

    known = (*FORMATS, _ALL)
    for name in names:
        if name not in known:
            raise UserError("'{name}' is no export format; choose from {known}.", name=name, known=", ".join(known))


def _export_all(content: "Exportable", arguments: argparse.Namespace, stem: str) -> int:
    from ..export.registry import FORMATS
    from ..export.writing import export_as

    written = 0
    for name in FORMATS:
        try:
            _tell(export_as(name, content, arguments.output, stem, arguments.overwrite))
            written += 1
        except UserError as error:
            print(tr("not written, {name}: {error}", name=name, error=error))
    if not written:
        raise UserError("{output}: no format could be written; the lines above say why.", output=arguments.output)
    return 0


def run_convert(arguments: argparse.Namespace) -> int:
    """Write the targets of one file as another format; returns the exit code."""
    from ..export.registry import point_format
    from ..export.writing import Exportable, export_targets
    from ..scan.readers import read_volume

    point_format(arguments.format)
    scan = read_volume(arguments.scan, arguments.frame) if arguments.scan else None
    for warning in scan.warnings if scan else ():
        print(tr("warning: {text}", text=warning))
    targets = _read(arguments.input, scan)
    if arguments.anonymous:
        content = Exportable(targets, {}, scan).anonymous()
        if any(target.description for target in targets):
            print(tr("note: descriptions of the points are left out (--anonymous); their names stay"))
        targets, scan = content.targets, content.scan
    _tell(export_targets(arguments.format, targets, arguments.output, scan, arguments.overwrite))
    return 0


def _read(path: Path, scan: "Volume | None") -> "list[PlannedTarget]":
    """The targets of a file, told with their warnings; of a file of masks their centroids."""
    from ..export.reading import format_of, is_mask_file, read_checked_targets, read_mask_targets

    of_mask = is_mask_file(path)
    targets = read_mask_targets(path, scan) if of_mask else read_checked_targets(path, scan)
    print(
        tr(
            "read {path}: {count} from {title}",
            path=path,
            count=len(targets),
            title=say("a file of masks") if of_mask else format_of(path).title,
        )
    )
    _tell_warnings(targets)
    return targets


def _tell_warnings(targets: "list[PlannedTarget]") -> None:
    from ..words import doubt_line

    for warning in dict.fromkeys(warning for target in targets for warning in target.warnings):
        print(f"  {tell(doubt_line(warning))}")


def _tell(exported: "Exported") -> None:
    for sentence in exported.sentences():
        print(tell(sentence))
