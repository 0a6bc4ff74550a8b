"""The commands `dlpfc slices` and `dlpfc outlines`: a scan to pictures for VIA, and what was outlined back into it."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ..geometry.sides import SIDES
from ..progress import TerminalProgress
from ..sentences import tell, tr
from .options import Commands

if TYPE_CHECKING:
    from ..training.pictures import Told

_PLANES = ("axial", "coronal", "sagittal")


def add_annotations(commands: Commands) -> None:
    """Add both commands."""
    slices = commands.add_parser("slices", help=tr("pictures of a scan to outline with VIA, and where they lie"))
    slices.add_argument("t1", type=Path, nargs="+", help=tr("T1 scans; one a person and session"))
    slices.add_argument("--output", type=Path, required=True, help=tr("new folder for pictures, table and VIA project"))
    slices.add_argument("--plane", choices=_PLANES, default="axial")
    slices.add_argument("--step-mm", type=float, default=3.0, help=tr("from one slice to the next (default 3)"))
    slices.add_argument("--class", dest="label", default="dlpfc", metavar="NAME", help=tr("what will be outlined"))
    slices.set_defaults(run=_run_slices)

    outlines = commands.add_parser("outlines", help=tr("outlines of pictures of `dlpfc slices` to masks to train on"))
    outlines.add_argument("annotations", type=Path, help=tr("VIA .json or .csv in the folder of `dlpfc slices`"))
    outlines.add_argument("--output", type=Path, required=True, help=tr("folder for pairs of scan and mask"))
    outlines.add_argument(
        "--class",
        dest="label",
        default="",
        metavar="NAME",
        help=tr("class of the shapes; needed where there are several"),
    )
    outlines.set_defaults(run=_run_outlines)


def add_pictures(train: argparse.ArgumentParser) -> None:
    """Add what `dlpfc train` is told of annotated pictures, where neither table nor attributes say it."""
    group = train.add_argument_group(
        tr("of annotated pictures about which slices.csv and VIA's attributes say nothing")
    )
    group.add_argument(
        "--pixel-mm", nargs="+", default=[], metavar="MM", help=tr("size of a pixel, or width and height")
    )
    group.add_argument("--left-on", choices=SIDES, default="", help=tr("side of the picture on which the left lies"))
    group.add_argument("--front-on", choices=SIDES, default="", help=tr("the same of the front, in sagittal slices"))
    group.add_argument("--hemisphere", choices=SIDES, default="", help=tr("whose region is outlined"))
    group.add_argument("--plane", choices=_PLANES, default="axial")
    group.add_argument("--person", default="", metavar="PATTERN", help=tr("finds the person in a picture's name"))
    group.add_argument(
        "--class",
        dest="label",
        default="",
        metavar="NAME",
        help=tr("class of the shapes; needed where there are several"),
    )
    group.add_argument("--table", type=Path, help=tr("table of the pictures (default: slices.csv beside them)"))


def told_of_pictures(arguments: argparse.Namespace) -> "Told":
    """What was said of the pictures."""
    from ..training.pictures import Told

    names = ("table", "left_on", "front_on", "hemisphere", "plane", "person", "label")
    return Told(pixel_mm=" ".join(arguments.pixel_mm), **{name: getattr(arguments, name) for name in names})


def _run_slices(arguments: argparse.Namespace) -> int:
    from ..training.outlines import SlicesOptions, write_scan_slices

    options = SlicesOptions(arguments.plane, arguments.step_mm, arguments.label)
    count = write_scan_slices(arguments.t1, arguments.output, options, TerminalProgress())
    print(tr("{count} pictures in {folder}; open via.json there with VIA", count=count, folder=arguments.output))
    return 0


def _run_outlines(arguments: argparse.Namespace) -> int:
    from ..training.outlines import write_outlined_masks

    for sentence in write_outlined_masks(arguments.annotations, arguments.output, arguments.label, TerminalProgress()):
        print(tell(sentence))
    return 0
