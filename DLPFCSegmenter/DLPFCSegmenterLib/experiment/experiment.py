"""The command `dlpfc experiment`: the paper's experiment on any labelled people, with any presets.

The folder of an experiment holds
    settings.json             what was asked for; the same command goes on where it stopped
    volumes/<scan>.npz        a `PreparedScan` of everybody who takes part
    <preset>/<fold>/          a training run, and evaluation.json and .md once its people were judged
    five_cm.json              the 5-cm rule in everybody
    report.md, report.json    the tables
"""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import UnlabelledError, UserError
from ..evaluation.evaluate import EvaluationOptions, EvaluationReport, answers_of, evaluate, rule_distances
from ..evaluation.results import plain
from ..files import file_sha256, write_whole_file
from ..labels.splits import LabelledScan, OnePersonEach, split_by_fraction
from ..networks.configuration import MaskRCNNConfig
from ..networks.weights import load_model
from ..progress import Progress
from ..segmentation.segmenter import Segmenter
from ..sentences import say
from ..training.mask_rcnn_training import run_training, weights_file
from ..training.order import start_of
from ..training.prepare import PreparedScan, common_numbers, prepare_scan, refuse_same_names, where_it_lies
from ..training.run import Run
from ..training.slice_data import prepared_data
from ..training.windows import Extent, fitted_to_dataset
from .folds import Fold, Preset, folds_of, labelled_people
from .report import report_of, to_markdown

_WATCHED = 1 / 6
"""Share of a fold's training people by whom the best epoch is chosen: the judged ones choose nothing."""


@dataclass(frozen=True)
class Experiment:
    """What is done. `people` are to train on and to judge by; 0 `folds` leave the cross-validation out."""

    scans: Path
    presets: tuple[Preset, ...]
    people: tuple[int, int] = (32, 20)
    folds: int = 5
    seed: int = 0
    options: EvaluationOptions = field(default_factory=EvaluationOptions)


@dataclass(frozen=True)
class Machine:
    """Where it is done, and how precisely."""

    workers: int = 1
    device: str = "cpu"
    mixed_precision: bool = False


def run_experiment(experiment: Experiment, folder: Path, machine: Machine, progress: Progress) -> str:
    """Do what `folder` does not hold yet, write the report, and return it as Markdown.

    Raises UserError where the folder holds another experiment.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) > 1:
        raise UserError("An experiment is one process; start it without torchrun.")
    everybody = labelled_people(experiment.scans, experiment.options.region.name)
    folds = folds_of(everybody, experiment.people, experiment.folds, experiment.seed)
    refuse_same_names(folds[0].everybody)
    settings = _settings(experiment, folds, machine)
    _claim(folder, settings)
    work = _Work(experiment, folder, machine, progress)
    work.prepare(folds)
    judged = {p.name: {fold.name: work.judged(p, fold) for fold in folds} for p in experiment.presets}
    chosen = folds[0].everybody
    distances = _once(folder / "five_cm.json", lambda: rule_distances(chosen, experiment.options, progress))
    report = report_of(settings, judged, distances)
    _write(folder / "report.json", json.dumps(plain(report), indent=1))
    text = to_markdown(report)
    _write(folder / "report.md", text)
    return text


def _settings(experiment: Experiment, folds: Sequence[Fold], machine: Machine) -> dict:
    """Everything that decides what comes out, as JSON gives it back; of files their SHA-256."""
    options = experiment.options
    described = {
        "presets": {p.name: {"config": p.config.to_dict(), "start": p.start} for p in experiment.presets},
        "people": experiment.people,
        "seed": experiment.seed,
        "hemisphere": options.hemisphere,
        "region": options.region.to_dict(),
        "mixed_precision": machine.mixed_precision,
        "starts": {preset.name: start_of(preset.start) for preset in experiment.presets},
        "scans": {scan.name: [file_sha256(path) for path in scan.files] for scan in folds[0].everybody},
        "folds": {f.name: {part: [s.name for s in scans] for part, scans in f.split.parts.items()} for f in folds},
    }
    return json.loads(json.dumps(plain(described)))


def _claim(folder: Path, settings: dict) -> None:
    """Make the folder this experiment's, or see that it is."""
    path = folder / "settings.json"
    if path.exists():
        held = json.loads(path.read_text(encoding="utf-8"))
        other = [name for name in settings if held.get(name, settings[name]) != settings[name]]
        if other:
            raise UserError(
                "{folder}: holds another experiment (its {other} differ); name another folder.",
                folder=folder,
                other=", ".join(other),
            )
        return
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError("{folder}: is not an empty folder; name a new one for the experiment.", folder=folder)
    folder.mkdir(parents=True, exist_ok=True)
    _write(path, json.dumps(settings, indent=1))


@dataclass(frozen=True)
class _Work:
    """The long steps of an experiment; each is skipped where its result is there."""

    experiment: Experiment
    folder: Path
    machine: Machine
    progress: Progress

    def prepare(self, folds: Sequence[Fold]) -> None:
        """Bring everybody to the canonical grid; who has no usable labels is told, and left out.

        Raises UserError where one scan is there under two people's names.
        """
        scans, everyone = folds[0].everybody, OnePersonEach()
        (self.folder / "volumes").mkdir(exist_ok=True)
        is_done = all(self._volume(scan).exists() for scan in scans)
        numbers = None if is_done else common_numbers(scans)
        for done, scan in enumerate(scans, start=1):
            try:
                everyone.add(scan, self._prepared(scan, numbers).t1)
            except UnlabelledError as error:
                self.progress.report(1, 1, say("left out: {reason}", reason=error))
            else:
                self.progress.report(done, len(scans), f"prepared {scan.name}")

    def _prepared(self, scan: LabelledScan, numbers: np.ndarray | None) -> PreparedScan:
        path = self._volume(scan)
        if not path.exists():
            prepared = prepare_scan(scan, self.experiment.options.region, numbers=numbers)
            with write_whole_file(path) as part:
                prepared.save(part)
        return PreparedScan.load(path)

    def _volume(self, scan: LabelledScan) -> Path:
        return self.folder / "volumes" / f"{scan.name}.npz"

    def judged(self, preset: Preset, fold: Fold) -> dict:
        """The evaluation of a fold, as its JSON file holds it."""
        folder = self.folder / preset.name / fold.name

        def judge() -> EvaluationReport:
            """Train where there are no weights yet, then evaluate."""
            weights = folder / weights_file(self.experiment.options.region)
            if not weights.with_suffix(".json").exists():
                self._train(preset, fold, folder)
            segmenter = Segmenter(load_model(weights, self.machine.device), self.machine.device)
            told = _Prefixed(self.progress, f"{preset.name}, {fold.name}")
            report = evaluate(fold.split.val, answers_of(segmenter), self.experiment.options, told)
            _write(folder / "evaluation.md", report.to_markdown())
            return report

        return _once(folder / "evaluation.json", judge)

    def _train(self, preset: Preset, fold: Fold, folder: Path) -> None:
        seed, machine = self.experiment.seed, self.machine
        split = split_by_fraction(fold.split.train, _WATCHED, seed)
        learning, watching = (self._labelled(scans) for scans in (split.train, split.val))
        config = _fitted(preset, learning)
        data = prepared_data(learning, watching, config, self.experiment.options.region)
        run = Run(folder, seed, machine.workers, machine.device, mixed_precision=machine.mixed_precision)
        run_training(data, config, run, preset.start, _Prefixed(self.progress, f"{preset.name}, {fold.name}"))

    def _labelled(self, scans: Sequence[LabelledScan]) -> list[Path]:
        """The volumes of those who have usable labels. Raises UserError where that is nobody."""
        volumes = [path for path in map(self._volume, scans) if path.exists()]
        if not volumes:
            raise UserError("None of {scans} has usable labels; choose others by --seed.", scans=_names(scans))
        return volumes


def _names(scans: Sequence[LabelledScan]) -> str:
    return ", ".join(scan.name for scan in scans)


def _fitted(preset: Preset, learning: Sequence[Path]) -> MaskRCNNConfig:
    """The configuration with the windows that a dataset of these people would give it."""
    sides_mni_mm, voxels_mm = [], []
    for person in map(PreparedScan.load, learning):
        sides_mni_mm += person.sides_mni_mm
        voxels_mm.append(person.voxel_mm)
    described = where_it_lies(Extent.of(sides_mni_mm), voxels_mm)
    return fitted_to_dataset(preset.config, described, preset.settings)


@dataclass(frozen=True)
class _Prefixed:
    """Says before every report which part of the experiment it is of."""

    progress: Progress
    prefix: str

    def report(self, done: int, total: int, text: str) -> None:
        """As `Progress.report`."""
        self.progress.report(done, total, f"{self.prefix}: {text}")


def _once(path: Path, make: Callable[[], object]) -> Any:
    """What a JSON file holds; made and written first where it is not there."""
    if not path.exists():
        _write(path, json.dumps(plain(make()), indent=1))
    return json.loads(path.read_text(encoding="utf-8"))


def _write(path: Path, text: str) -> None:
    with write_whole_file(path) as part:
        part.write_text(text, encoding="utf-8")
