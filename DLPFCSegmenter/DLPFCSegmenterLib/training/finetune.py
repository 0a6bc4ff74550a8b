"""Corrections to weights: prepare, train each network on from where it was, join, and judge beside the old ones.

Everything on the way lies in a folder beside the new weights, so that the same order goes on after an interruption.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from ..errors import UserError
from ..evaluation.evaluate import EvaluationOptions, answers_of, evaluate
from ..evaluation.results import Summary
from ..files import file_sha256
from ..labels.label import RegionLabel
from ..labels.splits import LabelledScan, OnePersonEach, Split, find_scans, find_split
from ..networks.registry import SHIPPED, Trained
from ..networks.weights import Model, join_weights, load_model
from ..progress import Progress
from ..scan.readers import read_volume
from ..segmentation.segmenter import Segmenter
from ..sentences import Sentence, say
from .mask_rcnn_training import run_training
from .prepare import PrepareOptions, prepare
from .run import Run
from .slice_data import read_training_data
from .unet_training import train_unet
from .window_data import read_window_data

_HEADS_RATE, _WINDOW_RATE = 0.0005, 0.0003
"""Learning rates by which what was learnt before is kept."""


@dataclass(frozen=True)
class FineTuning:
    """What is asked for.

    corrections  folder of pairs of a scan and its masks, or its train and val
    output       weights file to write, ending in .pt
    start        weights to go on from
    judge        folder of labelled scans of other people, on whom the new weights may not be worse; None: not judged
    epochs       of the Mask R-CNN
    steps        of the 3-D U-Net
    """

    corrections: Path
    output: Path
    start: Path = SHIPPED
    judge: Path | None = None
    hemisphere: str = "left"
    epochs: int = 4
    steps: int = 400

    @property
    def work(self) -> Path:
        """Where dataset and trainings lie."""
        return self.output.with_suffix(".training")


def finetune(order: FineTuning, run: Run, progress: Progress) -> list[Sentence]:
    """Write `order.output`; what to know of it.

    run  how is trained; its folder is not used
    Raises UserError where the file is there, no epoch or step is asked for, people to judge on are among the corrected
    ones, corrections changed since an interrupted run, or the new weights are worse; then they are not written.
    """
    if order.output.suffix != ".pt" or order.output.exists():
        raise UserError("{output}: is there already or does not end in .pt; name another file.", output=order.output)
    model = load_model(order.start)
    if any((order.steps if name == "unet" else order.epochs) < 1 for name in model.networks):
        raise UserError("With 0 epochs or steps nothing is learnt; give 1 of each at least.")
    split = find_split(order.corrections, seed=run.seed, region=model.region_name)
    judged_on = _others(order.judge, split, model.region_name)
    if any(each.config.extra_channels for each in model.networks.values()):
        raise UserError(
            "{start}: sees maps beside the T1, of which corrections have none; train anew.", start=order.start
        )
    dataset = _prepared(order, split, model, progress)
    paths = [_trained(name, each, dataset, order, run, progress) for name, each in model.networks.items()]
    told = [] if split.val else [say("One person alone was corrected: nobody watched the learning.")]
    told.append(_judged(order, judged_on, model, paths, run, progress))
    order.output.absolute().parent.mkdir(parents=True, exist_ok=True)
    join_weights(paths, order.output)
    return [*told, say("weights: {output} (in the panel: Advanced, Model; else --weights)", output=order.output)]


def _others(judge: Path | None, split: Split[LabelledScan], region: str) -> list[LabelledScan]:
    scans = find_scans(judge, region) if judge else []
    learnt = [scan for part in split.parts.values() for scan in part]
    both = {scan.subject for scan in scans} & {scan.subject for scan in learnt}
    if both:
        raise UserError(
            "{judge}: shows {both}, whose corrections are learnt from; judge on other people.",
            judge=judge,
            both=", ".join(sorted(both)),
        )
    everyone = OnePersonEach()
    for scan in (*learnt, *scans) if scans else ():
        everyone.add(scan, read_volume(scan.t1))
    return scans


def _prepared(order: FineTuning, split: Split[LabelledScan], model: Model, progress: Progress) -> Path:
    """The dataset of the corrections, called after what they hold; one of an interrupted run is taken as it is."""
    region = RegionLabel.from_dict(model.card.get("region", {}))
    dataset = order.work / f"dataset-{_fingerprint(split, region)}"
    if any(each != dataset for each in order.work.glob("dataset-*")):
        raise UserError(
            "{corrections}: changed since the training in {work} began; delete that folder to begin anew.",
            corrections=order.corrections,
            work=order.work,
        )
    if not (dataset / "dataset.json").exists():
        prepare(split, dataset, PrepareOptions(region), progress)
    return dataset


def _fingerprint(split: Split[LabelledScan], region: RegionLabel) -> str:
    """Of who is learnt from and who watches, by the bytes of their files, and of the region."""
    people = [(part, s.name, *map(file_sha256, s.files)) for part, scans in split.parts.items() for s in scans]
    return sha256(str((region.to_dict(), people)).encode()).hexdigest()[:12]


def _trained(name: str, trained: Trained, dataset: Path, order: FineTuning, run: Run, progress: Progress) -> Path:
    """Train a network on with its own settings; its weights file."""
    own = replace(run, folder=order.work / name)
    start = str(order.start)
    if name == "unet":
        config = replace(
            trained.config, label_loss=0.0, lr=_WINDOW_RATE, steps=order.steps,
            check_every=min(trained.config.check_every, order.steps),
        )  # fmt: skip
        return train_unet(read_window_data(dataset, config), config, own, start, progress)
    config = replace(
        trained.config, label_loss=0.0, pretrain_steps=0, heads_epochs=0, all_epochs=order.epochs,
        finetune_lr=_HEADS_RATE,
    )  # fmt: skip
    return run_training(read_training_data(dataset, config, run.seed), config, own, start, progress)


def _judged(
    order: FineTuning, scans: Sequence[LabelledScan], model: Model, paths: Sequence[Path], run: Run, progress: Progress
) -> Sentence:
    """How old and new weights compare on other people. Raises UserError where the new ones are worse."""
    if not scans:
        return say("Whether it is better on other people was not measured: name a folder of some with --judge.")
    joined = order.work / "joined.pt"
    joined.unlink(missing_ok=True)
    join_weights(paths, joined)
    before, after = (_summary(each, scans, order, run, progress) for each in (model, load_model(joined, run.device)))
    figures = {
        "people": before.people,
        "judge": order.judge,
        "before": before.volume_dice.mean,
        "after": after.volume_dice.mean,
        "before_mm": before.centroid_error_mm.mean,
        "after_mm": after.centroid_error_mm.mean,
    }
    if is_worse(before, after):
        raise UserError(
            "On {people} scans of {judge} it is worse: Dice {after:.3f}, before {before:.3f}, centroids {after_mm:.1f}"
            " mm off, before {before_mm:.1f} mm; {output} was not written, the networks lie in {work}.",
            output=order.output,
            work=order.work,
            **figures,
        )
    return say(
        "On {people} scans of {judge}: Dice {after:.3f}, before {before:.3f}; centroids {after_mm:.1f} mm off, before"
        " {before_mm:.1f} mm.",
        **figures,
    )


def is_worse(before: Summary, after: Summary) -> bool:
    """Whether fewer are found, more lie on the wrong side, or the mean Dice is lower."""
    lost = after.people_found < before.people_found or after.wrong_hemisphere > before.wrong_hemisphere
    return lost or after.volume_dice.mean < before.volume_dice.mean


def _summary(model: Model, scans: Sequence[LabelledScan], order: FineTuning, run: Run, progress: Progress) -> Summary:
    options = EvaluationOptions(RegionLabel.from_dict(model.card.get("region", {})), order.hemisphere)
    return evaluate(scans, answers_of(Segmenter(model, run.device)), options, progress).summary
