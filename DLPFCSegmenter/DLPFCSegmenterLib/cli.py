"""The command `dlpfc`: arguments to calls, errors to exit codes.

Exit codes: 0 done; 2 bad arguments or input, with one line that says what and what to do; 3 no
DLPFC was found.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from . import __version__
from .cli_export import add_convert, add_export
from .errors import NotFoundError, UserError

if TYPE_CHECKING:
    from .plan import PlanOptions

EXIT_USER_ERROR = 2
EXIT_NOT_FOUND = 3


class _OneLineParser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one line instead of the whole usage."""

    def error(self, message: str) -> None:
        """End with the message in one line (argparse calls this)."""
        self.exit(EXIT_USER_ERROR, f"{self.prog}: {message} (see {self.prog} --help)\n")


class TerminalProgress:
    """One line on the terminal that is written over; nothing where the output is not a terminal."""

    def report(self, done: int, total: int, text: str) -> None:
        """Show `done` of `total` (a `Progress`)."""
        if sys.stderr.isatty():
            print(f"\r{text} {done}/{total}  ", end="\n" if done == total else "", file=sys.stderr, flush=True)


class LogProgress:
    """One line every `every` reports, for long runs whose output goes to a file."""

    def __init__(self, every: int) -> None:
        self._every = every

    def report(self, done: int, total: int, text: str) -> None:
        """Print the first, the last and every so-manieth report (a `Progress`)."""
        if done == total or done % self._every == 1:
            print(f"{done}/{total} {text}", flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except NotFoundError as error:
        return _fail(error, EXIT_NOT_FOUND)
    except UserError as error:
        return _fail(error, EXIT_USER_ERROR)
    except OSError as error:
        return _fail(UserError(f"{error.filename or 'a file'}: {error.strerror or error}."), EXIT_USER_ERROR)
    except KeyboardInterrupt:
        print("dlpfc: stopped.", file=sys.stderr)
        return 130


def _fail(error: Exception, code: int) -> int:
    print(f"dlpfc: {error}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = _OneLineParser(
        prog="dlpfc",
        description="Find the DLPFC in a T1 scan and plan a TMS target. Research use only.",
    )
    parser.add_argument("--version", action="version", version=f"dlpfc {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_OneLineParser)
    _add_plan(commands)
    _add_segment(commands)
    add_export(commands)
    add_convert(commands)
    _add_prepare(commands)
    _add_train(commands)
    _add_evaluate(commands)
    return parser


def _add_plan(commands) -> None:
    plan = commands.add_parser("plan", help="mask, target, hotspot and 5-cm landmark of a T1 scan")
    _add_scan_arguments(plan)
    plan.add_argument(
        "--hotspot", nargs=3, type=float, metavar=("R", "A", "S"),
        help="the measured motor hotspot in RAS mm; estimated from anatomy where not given",
    )  # fmt: skip
    plan.add_argument(
        "--rule-mm", type=float, default=50.0, help="length of the 5-cm rule along the scalp (default 50)"
    )
    plan.add_argument(
        "--coil-angle", type=float, default=45.0, metavar="DEGREES",
        help="coil handle from the midline, backwards and to the side; mirrored on the right (default 45)",
    )  # fmt: skip
    plan.add_argument("--standoff-mm", type=float, default=4.0, help="coil face to scalp, for hair (default 4)")
    plan.add_argument("--report", action="store_true", help="also report.html, one page to print")
    plan.set_defaults(run=_run_plan, landmarks=True)


def _add_segment(commands) -> None:
    segment = commands.add_parser("segment", help="mask and target of a T1 scan alone")
    _add_scan_arguments(segment)
    segment.set_defaults(run=_run_plan, landmarks=False, report=False)


def _add_scan_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("t1", type=Path, help="NIfTI, MGZ, NRRD or MHA file, or a folder with a DICOM series")
    parser.add_argument("--output", type=Path, required=True, help="folder for the results")
    parser.add_argument("--hemisphere", choices=("left", "right", "both"), default="left")
    parser.add_argument("--threshold", type=float, default=0.8, help="least confidence of a slice, 0 to 1 (default 0.8)")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--weights", type=Path, help="weights file of your own")
    parser.add_argument("--frame", type=int, help="which frame of a 4-D file, counted from 0")
    parser.add_argument("--overwrite", action="store_true", help="replace earlier results in the folder")


def _run_plan(arguments: argparse.Namespace) -> int:
    from .export.plan_folder import check_output_folder, write_plan
    from .plan import make_plan
    from .volume.readers import read_volume

    check_output_folder(arguments.output, arguments.overwrite)
    volume = read_volume(arguments.t1, arguments.frame)
    plan = make_plan(volume, _plan_options(arguments), TerminalProgress())
    written = write_plan(plan, arguments.output, arguments.overwrite, arguments.landmarks, arguments.report)
    for sentence in (*(f"warning: {warning}" for warning in written.warnings), *_summary(plan, arguments.output)):
        print(sentence)
    if plan.not_found:
        raise NotFoundError(" ".join(plan.not_found.values()))
    return 0


def _plan_options(arguments: argparse.Namespace) -> "PlanOptions":
    from .plan import PlanOptions

    sides = ("left", "right") if arguments.hemisphere == "both" else (arguments.hemisphere,)
    options = PlanOptions(sides, arguments.threshold, arguments.device, weights=arguments.weights)
    if not arguments.landmarks:
        return replace(options, landmarks=False)
    return replace(
        options,
        hotspot_ras_mm=tuple(arguments.hotspot) if arguments.hotspot else None,
        rule_mm=arguments.rule_mm,
        coil_angle_deg=arguments.coil_angle,
        standoff_mm=arguments.standoff_mm,
    )


def _summary(plan, folder: Path) -> list[str]:
    """What a person wants to read at the end."""
    lines = []
    for hemisphere, side in plan.sides.items():
        r, a, s = side.target.position_ras_mm
        lines.append(
            f"{hemisphere} DLPFC: {side.region.volume_ml:.1f} ml, score {side.region.score:.2f},"
            f" target at RAS ({r:.1f}, {a:.1f}, {s:.1f}) mm"
        )
        lines += [f"  warning: {warning}" for warning in side.warnings]
    lines += [f"warning: {warning}" for warning in plan.warnings]
    return [*lines, f"Results in {folder} (research use only)"]


def _add_prepare(commands) -> None:
    prepare = commands.add_parser("prepare", help="labelled scans to slices, volumes and VIA annotations")
    prepare.add_argument("scans", type=Path, help="folder with *_T1w and parcellation files, or its train and val")
    prepare.add_argument("--output", type=Path, required=True, help="new folder for the dataset")
    prepare.add_argument("--val-fraction", type=float, default=0.15, help="where there is no val folder (default 0.15)")
    prepare.add_argument("--seed", type=int, default=0)
    prepare.add_argument("--name", default="dlpfc", help="name of the region")
    prepare.add_argument("--left", type=int, nargs="+", help="parcellation numbers of the left gyrus")
    prepare.add_argument("--right", type=int, nargs="+", help="parcellation numbers of the right gyrus")
    prepare.set_defaults(run=_run_prepare)


def _run_prepare(arguments: argparse.Namespace) -> int:
    from .labels.label import RegionLabel
    from .training.prepare import PrepareOptions, prepare
    from .labels.splits import find_split

    chosen = {side: tuple(ids) for side in ("left", "right") if (ids := getattr(arguments, side))}
    region = RegionLabel(name=arguments.name, **chosen)
    split = find_split(arguments.scans, arguments.val_fraction, arguments.seed)
    prepare(split, arguments.output, PrepareOptions(region), LogProgress(10))
    print(f"{len(split.train)} scans to train on and {len(split.val)} to validate on, in {arguments.output}")
    return 0


def _add_train(commands) -> None:
    train = commands.add_parser("train", help="train on a prepared dataset or a VIA annotation file")
    train.add_argument("dataset", type=Path, help="folder of `dlpfc prepare`, or a VIA .json beside its pictures")
    train.add_argument("--output", type=Path, required=True, help="folder of the run; the same one resumes it")
    train.add_argument("--preset", default="dlpfc", help="dlpfc (ours) or paper (ResNet-101-FPN as published)")
    train.add_argument("--start", default="none", help="none, imagenet, coco or a weights file (default none)")
    train.add_argument(
        "--set", nargs="+", default=[], metavar="NAME=VALUE", help="settings of DLPFCConfig, such as lr=0.01"
    )
    train.add_argument("--seed", type=int, default=0)
    train.add_argument("--workers", type=int, default=1, help="processes that prepare slices (default 1)")
    train.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    train.set_defaults(run=_run_train)


def _run_train(arguments: argparse.Namespace) -> int:
    from .model.config import named_config
    from .model.weights import choose_device
    from .training.pipeline import read_training_data, run_training
    from .training.run import Run

    config = named_config(arguments.preset, arguments.set)
    run = Run(arguments.output, arguments.seed, arguments.workers, choose_device(arguments.device))
    data = read_training_data(arguments.dataset, config, arguments.seed)
    print(f"weights: {run_training(data, config, run, arguments.start, LogProgress(20))}")
    return 0


def _add_evaluate(commands) -> None:
    evaluate = commands.add_parser("evaluate", help="measure a model on labelled scans")
    evaluate.add_argument("scans", type=Path, help="folder with *_T1w and parcellation files")
    evaluate.add_argument("--output", type=Path, help="folder for the report as JSON and Markdown")
    evaluate.add_argument("--hemisphere", choices=("left", "right"), default="left")
    evaluate.add_argument("--weights", type=Path, help="weights file; the shipped one where not given")
    evaluate.add_argument("--threshold", type=float, help="least confidence of a slice; the model's own where not given")
    evaluate.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    evaluate.set_defaults(run=_run_evaluate)


def _run_evaluate(arguments: argparse.Namespace) -> int:
    from .evaluation.evaluate import EvaluationOptions, answers_of, evaluate
    from .model.weights import choose_device, load_model
    from .segmentation.segmenter import Segmenter
    from .labels.splits import find_scans

    device = choose_device(arguments.device)
    segmenter = Segmenter(load_model(arguments.weights, device), device, arguments.threshold)
    options = EvaluationOptions(hemisphere=arguments.hemisphere)
    report = evaluate(find_scans(arguments.scans), answers_of(segmenter), options, TerminalProgress())
    if arguments.output:
        _write_new(arguments.output / "evaluation.md", report.to_markdown())
        _write_new(arguments.output / "evaluation.json", report.to_json())
    print(report.to_markdown())
    return 0


def _write_new(path: Path, text: str) -> None:
    if path.exists():
        raise UserError(f"{path}: is there already; name another folder.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
