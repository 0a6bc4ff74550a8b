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

from .. import __version__
from ..errors import NotFoundError, UserError
from ..networks.mask_rcnn_config import NETWORK_HELP, NETWORKS
from .batch import add_batch
from .export import add_convert, add_export
from .progress import TerminalProgress
from .training import add_training

if TYPE_CHECKING:
    from ..plan import PlanOptions
    from ..scan.volume import Volume

EXIT_USER_ERROR = 2
EXIT_NOT_FOUND = 3


class _OneLineParser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one line instead of the whole usage."""

    def error(self, message: str) -> None:
        """End with the message in one line (argparse calls this)."""
        self.exit(EXIT_USER_ERROR, f"{self.prog}: {message} (see {self.prog} --help)\n")


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
    add_batch(commands)
    add_export(commands)
    add_convert(commands)
    add_training(commands)
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
    plan.add_argument(
        "--target", nargs="+", default=["centroid"], metavar="WHICH",
        help="'centroid' (default), 'nearest-scalp', or a point of your own: three numbers R A S in mm",
    )  # fmt: skip
    plan.add_argument(
        "--fiducials", type=Path, metavar="FILE",
        help="targets file (any format `dlpfc convert` reads) with nasion, inion, left tragus and right tragus:"
        " places 10-20 F3/F4 and Beam F3/F4 on the scalp",
    )  # fmt: skip
    plan.add_argument(
        "--tapes-cm", nargs=3, type=float, metavar=("CIRCUMFERENCE", "NASION_INION", "TRAGUS_TRAGUS"),
        help="three tape measures: Beam F3/F4 as lengths on the head",
    )  # fmt: skip
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
    parser.add_argument(
        "--threshold", type=float, default=0.5, help="least confidence of a slice, 0 to 1 (default 0.5)"
    )
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--weights", type=Path, help="weights file of your own")
    parser.add_argument("--network", choices=NETWORKS, default="all", help=NETWORK_HELP)
    parser.add_argument("--frame", type=int, help="which frame of a 4-D file, counted from 0")
    parser.add_argument("--overwrite", action="store_true", help="replace earlier results in the folder")


def _run_plan(arguments: argparse.Namespace) -> int:
    from ..export.plan_folder import check_output_folder, write_plan
    from ..plan import make_plan
    from ..scan.readers import read_volume

    check_output_folder(arguments.output, arguments.overwrite)
    volume = read_volume(arguments.t1, arguments.frame)
    plan = make_plan(volume, _plan_options(arguments, volume), TerminalProgress())
    written = write_plan(plan, arguments.output, arguments.overwrite, arguments.landmarks, arguments.report)
    for sentence in (*(f"warning: {warning}" for warning in written.warnings), *_summary(plan, arguments.output)):
        print(sentence)
    if plan.not_found:
        raise NotFoundError(" ".join(plan.not_found.values()))
    return 0


def _plan_options(arguments: argparse.Namespace, scan: "Volume") -> "PlanOptions":
    from ..export.fiducial_file import read_fiducials
    from ..plan import PlanOptions
    from ..targeting.beam_f3 import HeadMeasures

    sides = ("left", "right") if arguments.hemisphere == "both" else (arguments.hemisphere,)
    options = PlanOptions(
        sides, arguments.threshold, arguments.device, weights=arguments.weights, networks=arguments.network
    )
    if not arguments.landmarks:
        return replace(options, landmarks=False)
    return replace(
        options,
        hotspot_ras_mm=tuple(arguments.hotspot) if arguments.hotspot else None,
        rule_mm=arguments.rule_mm,
        coil_angle_deg=arguments.coil_angle,
        standoff_mm=arguments.standoff_mm,
        fiducials=read_fiducials(arguments.fiducials, scan) if arguments.fiducials else None,
        tapes=HeadMeasures(*arguments.tapes_cm) if arguments.tapes_cm else None,
        **_target_choice(arguments.target),
    )


def _target_choice(words: list[str]) -> dict:
    """The options that `--target` stands for."""
    if len(words) == 1:
        return {"target": words[0]}
    try:
        right, anterior, superior = (float(word) for word in words)
    except ValueError as error:
        raise UserError(
            f"--target {' '.join(words)}: give 'centroid', 'nearest-scalp' or three numbers R A S in mm."
        ) from error
    return {"picked_ras_mm": (right, anterior, superior)}


def _summary(plan, folder: Path) -> list[str]:
    """What a person wants to read at the end."""
    from ..report.wording import side_warnings

    lines = []
    for hemisphere, side in plan.sides.items():
        r, a, s = side.target.position_ras_mm
        lines.append(
            f"{hemisphere} DLPFC: {side.region.volume_ml:.1f} ml, score {side.region.score:.2f},"
            f" target at RAS ({r:.1f}, {a:.1f}, {s:.1f}) mm, {side.target.method}"
        )
        if side.region.agreement:
            lines.append(f"  uncertainty of the centroid: {side.region.agreement.in_words}")
        for name, site in side.tape_sites.items():
            lines.append(f"  Beam F3/F4 by tape ({name}): X {site.x_cm:.1f} cm, Y {site.y_cm:.1f} cm")
        lines += [f"  warning: {warning}" for warning in side_warnings(side)]
    lines += [f"warning: {warning}" for warning in plan.warnings]
    return [*lines, f"Results in {folder} (research use only)"]
