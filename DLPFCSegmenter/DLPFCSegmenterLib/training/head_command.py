"""The head networks from labelled scans, in five commands.

    python -m DLPFCSegmenterLib.training.head_command prepare SCANS --output FOLDER [--label-maps MAPS] [--val SCANS]
    python -m DLPFCSegmenterLib.training.head_command train FOLDER --look wide --output RUN [--set steps=6000]
    python -m DLPFCSegmenterLib.training.head_command train FOLDER --look close --start RUN/head.pt --output RUN2
    python -m DLPFCSegmenterLib.training.head_command train FOLDER --look turn --output RUN3 --set steps=6000 batch=4
    python -m DLPFCSegmenterLib.training.head_command join RUN/head.pt RUN2/head.pt RUN3/head.pt --output head.pt

SCANS holds labelled scans (`*_T1w.nii.gz`, `*_dlmuse.nii.gz`), MAPS label maps of whole heads with FreeSurfer's
numbers. The same RUN goes on where it was.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from ..errors import UserError
from ..networks.configuration import with_settings
from ..networks.head_network import CLOSE, TURN, WIDE, HeadConfig, read_head_networks, save_head_networks
from ..networks.weights import choose_device
from ..progress import LogProgress
from .head_people import load_heads, prepare_heads
from .head_source import HeadSource
from .head_training import HeadTraining, train_head_network
from .run import Run, has_bfloat16
from .turn_source import TurnSource

_NETWORKS = {network.look: network for network in (WIDE, CLOSE, TURN)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the commands; the result is the process's exit code."""
    chosen = _parser().parse_args(arguments)
    try:
        {"prepare": _prepare, "train": _train, "join": _join}[chosen.command](chosen)
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    prepare = commands.add_parser("prepare", help="labelled scans and label maps to prepared heads")
    prepare.add_argument("scans", type=Path)
    prepare.add_argument("--label-maps", type=Path)
    prepare.add_argument("--val", type=Path, help="labelled scans of people who are not learnt from")
    prepare.add_argument("--output", type=Path, required=True)
    train = commands.add_parser("train", help="prepared heads to weights")
    train.add_argument("prepared", type=Path)
    train.add_argument("--output", type=Path, required=True, help="folder of the run; the same one resumes it")
    train.add_argument("--look", choices=tuple(_NETWORKS), required=True, help="which of the networks")
    train.add_argument("--start", type=Path, help="weights of a network of the same widths to begin with")
    train.add_argument("--seed", type=int, default=0)
    train.add_argument("--workers", type=int, default=1)
    train.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    train.add_argument("--mixed-precision", action="store_true", help="bfloat16 where the device has it")
    train.add_argument("--set", nargs="+", default=[], metavar="NAME=VALUE", help="settings of HeadTraining")
    join = commands.add_parser("join", help="the networks of several files to one file")
    join.add_argument(
        "parts", type=Path, nargs="+", metavar="FILE", help="of two that hold the same one the later counts"
    )
    join.add_argument("--output", type=Path, required=True)
    return parser


def _prepare(chosen: argparse.Namespace) -> None:
    written = prepare_heads(chosen.scans, chosen.label_maps, chosen.val, chosen.output, LogProgress(20))
    print(f"prepared heads: {len(written)}")


def _train(chosen: argparse.Namespace) -> None:
    paths = sorted((chosen.prepared / "train").glob("*.npz"))
    if not paths:
        raise UserError(
            "{prepared}: holds no prepared heads; give the folder that `prepare` wrote.", prepared=chosen.prepared
        )
    network = _NETWORKS[chosen.look]
    values = with_settings({**asdict(network), **asdict(HeadTraining(network))}, chosen.set)
    network = HeadConfig(**{name: values.pop(name) for name in asdict(network)})
    config = HeadTraining(**{**values, "network": network})
    device = choose_device(chosen.device)
    mixed = chosen.mixed_precision and has_bfloat16(device)
    heads = load_heads(paths)
    source = TurnSource.of(heads) if network.look == TURN.look else HeadSource.of(heads, network)
    start = next(iter(read_head_networks(chosen.start)[0].values())) if chosen.start else None
    run = Run(chosen.output, chosen.seed, chosen.workers, device, mixed_precision=mixed)
    print(f"weights: {train_head_network(source, config, run, LogProgress(20), start)}")


def _join(chosen: argparse.Namespace) -> None:
    networks: dict = {}
    about: dict = {}
    for path in chosen.parts:
        held, made = read_head_networks(path)
        networks, about = {**networks, **held}, {**about, **made}
    save_head_networks(chosen.output, networks, about)
    print(f"weights: {chosen.output}")


if __name__ == "__main__":
    sys.exit(main())
