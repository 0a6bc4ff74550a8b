"""The commands `dlpfc prepare`, `train`, `finetune`, `join`, `merge`, `evaluate`, `experiment` and `features`."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UserError
from ..geometry.sides import SIDES
from ..networks.registry import ALL, network_choices, network_help, preset_help
from ..options import OPTIONS
from ..progress import LogProgress, SilentProgress, TerminalProgress
from ..sentences import tell, tr
from .annotations import add_pictures, told_of_pictures
from .batch import EXIT_SOME_FAILED
from .options import Commands, add_option

if TYPE_CHECKING:
    from ..labels.label import RegionLabel
    from ..scan.channels import Channels


def add_training(commands: Commands) -> None:
    """Add the commands that make, measure and explain a network."""
    _add_prepare(commands)
    _add_train(commands)
    _add_finetune(commands)
    _add_join(commands)
    _add_merge(commands)
    _add_evaluate(commands)
    _add_experiment(commands)
    _add_features(commands)


def _add_region(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--label", default="dlpfc", metavar="NAME", help=tr("name of the region (default dlpfc)"))
    parser.add_argument("--left", type=int, nargs="+", help=tr("parcellation numbers of the left region"))
    parser.add_argument("--right", type=int, nargs="+", help=tr("parcellation numbers of the right region"))
    parser.add_argument(
        "--posterior-cut", type=float, metavar="SHARE",
        help=tr(
            "share of the region's length that is left out, from behind (default 1/3, or 0 where numbers are given)"
        ),
    )  # fmt: skip


def _region(arguments: argparse.Namespace) -> "RegionLabel":
    """The region that the arguments name; numbers of another one come without the DLPFC's cut.

    Another name without numbers is one of drawn masks: the DLPFC's own would be another region's.
    """
    from ..labels.label import POSTERIOR_CUT, RegionLabel

    ids = {side: tuple(getattr(arguments, side) or ()) for side in SIDES}
    named = ids if any(ids.values()) or arguments.label.lower() != "dlpfc" else {}
    cut = arguments.posterior_cut
    if cut is None:
        cut = 0.0 if named else POSTERIOR_CUT
    return RegionLabel(name=arguments.label, posterior_cut=cut, **named)


def _add_run(parser: argparse.ArgumentParser) -> None:
    """How a network learns, whatever it learns from."""
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1, help=tr("processes that prepare slices (default 1)"))
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument(
        "--mixed-precision", action="store_true", help=tr("compute in bfloat16 where the device does that itself")
    )


def _add_prepare(commands: Commands) -> None:
    prepare = commands.add_parser("prepare", help=tr("labelled scans to slices, volumes and VIA annotations"))
    prepare.add_argument(
        "scans", type=Path,
        help=tr(
            "folder with *_T1w files and parcellations or drawn masks (*_dlpfc, of another region *_NAME_mask), or its"
            " train and val"
        ),
    )  # fmt: skip
    prepare.add_argument("--output", type=Path, required=True, help=tr("new folder for the dataset"))
    prepare.add_argument(
        "--val-fraction", type=float, default=0.15, help=tr("where there is no val folder (default 0.15)")
    )
    prepare.add_argument("--seed", type=int, default=0)
    _add_region(prepare)
    prepare.add_argument(
        "--channel", nargs="+", default=[], metavar="NAME=FILE",
        help=tr("maps that networks see beside the T1, such as z=*_z.nii.gz, * being the T1's name without _T1w"),
    )  # fmt: skip
    prepare.set_defaults(run=_run_prepare)


def _run_prepare(arguments: argparse.Namespace) -> int:
    from ..labels.splits import find_split
    from ..scan.channels import named_channels
    from ..training.prepare import PrepareOptions, dataset_description, prepare

    region, channels = _region(arguments), named_channels(arguments.channel)
    split = find_split(arguments.scans, arguments.val_fraction, arguments.seed, region.name)
    reached = prepare(split, arguments.output, PrepareOptions(region, channels=channels), LogProgress(10))
    prepared = dataset_description(arguments.output)
    shares = ", ".join(f"{view} {100 * share:.1f} %" for view, share in reached.items())
    print(
        tr(
            "{region}: at least so much of it lies in the networks' views in everybody: {shares}",
            region=region.name,
            shares=shares,
        )
    )
    print(
        tr(
            "{train} scans to train on and {val} to validate on, in {output}",
            train=len(prepared["train"]),
            val=len(prepared["val"]),
            output=arguments.output,
        )
    )
    return 0


def _add_train(commands: Commands) -> None:
    train = commands.add_parser("train", help=tr("train on a prepared dataset or a VIA annotation file"))
    train.add_argument("dataset", type=Path, help=tr("folder of `dlpfc prepare`, or a VIA .json beside its pictures"))
    train.add_argument("--output", type=Path, required=True, help=tr("folder of the run; the same one resumes it"))
    train.add_argument("--preset", default="dlpfc", help=tr("{preset_help}; default dlpfc", preset_help=preset_help()))
    train.add_argument("--start", default="none", help=tr("none, imagenet, coco or a weights file (default none)"))
    train.add_argument(
        "--set", nargs="+", default=[], metavar="NAME=VALUE",
        help=tr("settings of the preset's configuration, such as lr=0.01"),
    )  # fmt: skip
    train.add_argument(
        "--dry-run", action="store_true", help=tr("learn nothing; draw one batch as the network would be shown it")
    )
    train.add_argument(
        "--logger", choices=("csv", "tensorboard"), default="csv", help=tr("where losses and scores are shown")
    )
    _add_run(train)
    add_pictures(train)
    train.set_defaults(run=_run_train)


def _run_train(arguments: argparse.Namespace) -> int:
    from ..networks.registry import trainer_of
    from ..networks.weights import choose_device
    from ..training.curves import TensorBoard
    from ..training.order import Order
    from ..training.run import Run
    from ..training.team import join_team

    with join_team(choose_device(arguments.device)) as (team, device):
        mixed = _mixed_precision(arguments, device)
        board = TensorBoard(arguments.output) if arguments.logger == "tensorboard" and team.leads else None
        run = Run(arguments.output, arguments.seed, arguments.workers, device, team, mixed, board)
        progress = LogProgress(20) if team.leads else SilentProgress()
        told = told_of_pictures(arguments)
        order = Order(arguments.dataset, arguments.preset, arguments.set, arguments.start, told, dry=arguments.dry_run)
        path = trainer_of(arguments.preset)(order, run, progress)
    if team.leads and not arguments.dry_run:
        print(f"weights: {path}")
    return 0


def _add_finetune(commands: Commands) -> None:
    tune = commands.add_parser("finetune", help=tr("corrections to new weights, which must not be worse"))
    tune.add_argument("corrections", type=Path, help=tr("folder with *_T1w files and corrected masks"))
    tune.add_argument("--output", type=Path, required=True, help=tr("weights file to write, ending in .pt"))
    tune.add_argument("--start", type=Path, help=tr("weights to go on from (default: the shipped ones)"))
    tune.add_argument("--judge", type=Path, help=tr("labelled scans of other people: worse on them is not written"))
    tune.add_argument("--hemisphere", choices=SIDES, default="left", help=tr("side that is judged"))
    tune.add_argument("--epochs", type=int, default=4, help=tr("of the Mask R-CNN (default 4)"))
    tune.add_argument("--steps", type=int, default=400, help=tr("of the 3-D U-Net (default 400)"))
    _add_run(tune)
    tune.set_defaults(run=_run_finetune)


def _run_finetune(arguments: argparse.Namespace) -> int:
    from ..networks.registry import SHIPPED
    from ..networks.weights import choose_device
    from ..training.finetune import FineTuning, finetune
    from ..training.run import Run

    device = choose_device(arguments.device)
    mixed = _mixed_precision(arguments, device)
    names = ("corrections", "output", "judge", "hemisphere", "epochs", "steps")
    order = FineTuning(start=arguments.start or SHIPPED, **{name: getattr(arguments, name) for name in names})
    run = Run(order.work, arguments.seed, arguments.workers, device, mixed_precision=mixed)
    for sentence in finetune(order, run, LogProgress(20)):
        print(tell(sentence))
    return 0


def _add_join(commands: Commands) -> None:
    join = commands.add_parser("join", help=tr("networks of several weights files to one file that asks them all"))
    join.add_argument("weights", type=Path, nargs="+", help=tr("weights of `dlpfc train`, of a different network each"))
    join.add_argument("--output", type=Path, required=True, help=tr("weights file to write, ending in .pt"))
    join.set_defaults(run=_run_join)


def _run_join(arguments: argparse.Namespace) -> int:
    from ..networks.weights import join_weights

    join_weights(arguments.weights, arguments.output)
    print(f"weights: {arguments.output}")
    return 0


def _add_merge(commands: Commands) -> None:
    merge = commands.add_parser("merge", help=tr("weights of several sites to their mean: no scan leaves its site"))
    merge.add_argument("files", type=Path, nargs="+", help=tr("weights of one architecture, your own first"))
    merge.add_argument(
        "--weights", type=float, nargs="+", required=True, metavar="N", help=tr("people that each was trained on")
    )
    merge.add_argument("--output", type=Path, required=True, help=tr("weights file to write, ending in .pt"))
    merge.add_argument(
        "--keep-local-norm", action="store_true", help=tr("normalisation layers are those of the first file")
    )
    merge.set_defaults(run=_run_merge)


def _run_merge(arguments: argparse.Namespace) -> int:
    from ..networks.merge import merge_weights

    merge_weights(arguments.files, arguments.weights, arguments.output, arguments.keep_local_norm)
    print(f"weights: {arguments.output}")
    return 0


def _mixed_precision(arguments: argparse.Namespace, device: str) -> bool:
    from ..training.run import has_bfloat16

    if arguments.mixed_precision and not has_bfloat16(device):
        print(tr("--mixed-precision: this {device} has no bfloat16 of its own; float32 it stays.", device=device))
        return False
    return arguments.mixed_precision


def _add_evaluate(commands: Commands) -> None:
    evaluate = commands.add_parser("evaluate", help=tr("measure a model on labelled scans"))
    evaluate.add_argument("scans", type=Path, help=tr("folder with *_T1w files and parcellations or corrected masks"))
    evaluate.add_argument("--output", type=Path, help=tr("folder for the report as JSON and Markdown"))
    evaluate.add_argument("--hemisphere", choices=SIDES, default="left")
    evaluate.add_argument("--weights", type=Path, help=tr("weights file; the shipped one where not given"))
    evaluate.add_argument("--network", choices=network_choices(), default=ALL, help=network_help())
    evaluate.add_argument("--threshold", type=float, help=tr("least confidence of a slice (default: the model's own)"))
    evaluate.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    add_option(evaluate, OPTIONS["channels"], "channels")
    evaluate.set_defaults(run=_run_evaluate)


def _run_evaluate(arguments: argparse.Namespace) -> int:
    from ..evaluation.evaluate import EvaluationOptions, answers_of, evaluate
    from ..labels.label import RegionLabel
    from ..labels.splits import find_scans
    from ..networks.weights import choose_device, load_model
    from ..segmentation.segmenter import Segmenter

    device = choose_device(arguments.device)
    model = load_model(arguments.weights, device)
    segmenter = Segmenter(model, device, arguments.threshold, arguments.network)
    options = EvaluationOptions(RegionLabel.from_dict(model.card.get("region", {})), arguments.hemisphere)
    scans, segment = find_scans(arguments.scans, model.region_name), answers_of(segmenter, _channels(arguments))
    report = evaluate(scans, segment, options, TerminalProgress())
    if arguments.output:
        _write_new(arguments.output, {"evaluation.md": report.to_markdown(), "evaluation.json": report.to_json()})
    print(report.to_markdown())
    return EXIT_SOME_FAILED if report.unjudged else 0


def _channels(arguments: argparse.Namespace) -> "Channels":
    from ..scan.channels import named_channels

    return named_channels(arguments.channels or ())


def _write_new(folder: Path, texts: dict[str, str]) -> None:
    """Write files into a folder that holds none of their names yet; the last of them makes the set whole."""
    from ..files import told_to_the_user, write_whole

    there = [folder / name for name in texts if (folder / name).exists()]
    if there:
        raise UserError("{there}: is there already; name another folder.", there=there[0])
    with told_to_the_user(folder), write_whole(folder, last=list(texts)[-1]) as fresh:
        for name, text in texts.items():
            (fresh / name).write_text(text, encoding="utf-8")


def _add_experiment(commands: Commands) -> None:
    experiment = commands.add_parser(
        "experiment", help=tr("repeat the paper: one split, then cross-validation by person")
    )
    experiment.add_argument(
        "scans", type=Path, help=tr("folder with *_T1w and parcellation files, or its train and val")
    )
    experiment.add_argument(
        "--output", type=Path, required=True, help=tr("folder; the same one resumes the experiment")
    )
    experiment.add_argument(
        "--preset", action="append", metavar="NAME", help=tr("paper or dlpfc; may be repeated (default both)")
    )
    experiment.add_argument(
        "--people", type=int, nargs=2, default=(32, 20), metavar=("TRAIN", "VAL"), help="default 32 20"
    )
    experiment.add_argument(
        "--folds", type=int, default=5, help=tr("of the cross-validation; 0 leaves it out (default 5)")
    )
    experiment.add_argument(
        "--set", nargs="+", default=[], metavar="[PRESET:]NAME=VALUE",
        help=tr("settings of MaskRCNNConfig, for all presets or one, such as dlpfc:pretrain_steps=1500"),
    )  # fmt: skip
    experiment.add_argument(
        "--start", nargs="+", default=[], metavar="[PRESET:]START",
        help=tr("none, imagenet, coco or a weights file, for all presets or one (default none)"),
    )  # fmt: skip
    experiment.add_argument("--hemisphere", choices=SIDES, default="left")
    _add_region(experiment)
    _add_run(experiment)
    experiment.set_defaults(run=_run_experiment)


def _run_experiment(arguments: argparse.Namespace) -> int:
    from ..evaluation.evaluate import EvaluationOptions
    from ..experiment.experiment import Experiment, Machine, run_experiment
    from ..experiment.folds import chosen_presets
    from ..networks.weights import choose_device

    device = choose_device(arguments.device)
    machine = Machine(arguments.workers, device, _mixed_precision(arguments, device))
    experiment = Experiment(
        scans=arguments.scans,
        presets=chosen_presets(arguments.preset or ("paper", "dlpfc"), arguments.set, arguments.start),
        people=tuple(arguments.people),
        folds=arguments.folds,
        seed=arguments.seed,
        options=EvaluationOptions(_region(arguments), arguments.hemisphere),
    )
    print(run_experiment(experiment, arguments.output, machine, LogProgress(20)))
    return 0


def _add_features(commands: Commands) -> None:
    features = commands.add_parser("features", help=tr("picture of where in a scan the network looks"))
    features.add_argument("t1", type=Path, help=tr("NIfTI, MGZ, NRRD or MHA file, or a folder with a DICOM series"))
    features.add_argument("--output", type=Path, required=True, help=tr("PNG file to write"))
    features.add_argument("--hemisphere", choices=SIDES, default="left")
    features.add_argument("--weights", type=Path, help=tr("weights file of your own"))
    features.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    add_option(features, OPTIONS["channels"], "channels")
    features.set_defaults(run=_run_features)


def _run_features(arguments: argparse.Namespace) -> int:
    from ..evaluation.attention import look
    from ..files import told_to_the_user, write_whole_file
    from ..networks.weights import choose_device, load_model
    from ..report.feature_maps import draw_attention
    from ..scan.checks import check_scan
    from ..scan.readers import read_volume
    from ..segmentation.head_finding import head_scan
    from ..segmentation.segmenter import Segmenter

    if arguments.output.exists():
        raise UserError("{output}: is there already; name another file.", output=arguments.output)
    device = choose_device(arguments.device)
    segmenter = Segmenter(load_model(arguments.weights, device), device)
    head = segmenter.with_channels(head_scan(check_scan(read_volume(arguments.t1))), _channels(arguments))
    attention = look(segmenter, head, arguments.hemisphere, TerminalProgress())
    with told_to_the_user(arguments.output), write_whole_file(arguments.output) as part:
        draw_attention(attention, part)
    print(f"{attention.in_words} Picture: {arguments.output}")
    return 0
