"""What an experiment is made of: the configurations that are compared, and who learns and who is judged."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import UserError
from ..labels.splits import LabelledScan, Split, find_scans, split_by_subjects
from ..networks.configuration import PRESETS, MaskRCNNConfig, named_config
from ..terminology import DLPFC

HOLDOUT = "holdout"


@dataclass(frozen=True)
class Preset:
    """A configuration that takes part, which settings were made, and where its network starts from."""

    name: str
    config: MaskRCNNConfig
    start: str
    settings: tuple[str, ...] = ()


def chosen_presets(names: Sequence[str], settings: Sequence[str], starts: Sequence[str]) -> tuple[Preset, ...]:
    """The presets called `names`, each once.

    A setting 'name=value' and a start hold for all of them, 'preset:...' for that one alone, whatever
    their order. Raises UserError for what no preset knows.
    """
    presets = []
    for name in dict.fromkeys(names):
        start = ["none", *_meant_for(name, starts)][-1]
        own = _meant_for(name, settings)
        presets.append(Preset(name, named_config(name, own), start, tuple(own)))
    return tuple(presets)


def _meant_for(preset: str, texts: Sequence[str]) -> list[str]:
    """Those for all presets and then those for this one, without its name."""
    split = [(text.partition(":")[0], text) for text in texts]
    common = [text for first, text in split if first not in PRESETS]
    return common + [text.partition(":")[2] for first, text in split if first == preset]


@dataclass(frozen=True)
class Fold:
    """One training: its name and folder, who is trained on and who is judged."""

    name: str
    split: Split[LabelledScan]

    @property
    def everybody(self) -> tuple[LabelledScan, ...]:
        """Who is trained on or judged."""
        return self.split.train + self.split.val


def labelled_people(folder: Path, region: str = DLPFC) -> list[LabelledScan]:
    """All scans of a folder that a region is labelled in, or of its subfolders train and val together."""
    parts = [folder / part for part in ("train", "val")]
    folders = parts if all(part.is_dir() for part in parts) else [folder]
    return [scan for each in folders for scan in find_scans(each, region)]


def folds_of(scans: Sequence[LabelledScan], people: tuple[int, int], folds: int, seed: int) -> tuple[Fold, ...]:
    """One split of so many people to train on and to judge by, then `folds` of a cross-validation of all of them.

    The people are drawn by the seed, and the draw depends on it and on their ids alone. Each is judged
    in exactly one fold of the cross-validation. Raises UserError where there are too few people.
    """
    ids = sorted({scan.subject for scan in scans})
    train, val = people
    _check(len(ids), train, val, folds)
    drawn = np.random.default_rng(seed).permutation(ids)[: train + val].tolist()
    of_drawn = [scan for scan in scans if scan.subject in set(drawn)]
    held_out = Fold(HOLDOUT, split_by_subjects(of_drawn, drawn[train:]))
    parts = [Fold(f"fold-{n + 1}", split_by_subjects(of_drawn, drawn[n::folds])) for n in range(folds)]
    return (held_out, *parts)


def _check(there: int, train: int, val: int, folds: int) -> None:
    if train < 2 or val < 1:
        raise UserError(
            "{train} and {val} people are too few: two learn and one is judged at least.", train=train, val=val
        )
    if there < train + val:
        raise UserError(
            "There are {there} people, and {train} are wanted; give --people TRAIN VAL.", there=there, train=train + val
        )
    if folds and not 2 <= folds <= train + val - 2:
        raise UserError(
            "{folds} folds of {train} people make no cross-validation; give --folds.", folds=folds, train=train + val
        )
