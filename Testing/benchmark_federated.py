"""What sites learn together that share no scan: merged in rounds, beside each site alone and all scans in one place.

    python Testing/benchmark_federated.py DATASET [STEPS]    a dataset of `dlpfc prepare`; steps of a site's round (200)

24 of its people make three sites, six of each to learn from and two to judge by, each site with a contrast of its own.
The rounds are those of `training.federated` without its sockets, which a test looks at. Scans in one place (pooled) are
looked at as often as the sites look at theirs together: that is three times the steps of one site.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from DLPFCSegmenterLib.evaluation.metrics import dice
from DLPFCSegmenterLib.networks.registry import Trained
from DLPFCSegmenterLib.networks.unet import UNetConfig, build_unet
from DLPFCSegmenterLib.networks.weights import load_model, save_weights
from DLPFCSegmenterLib.progress import SILENT
from DLPFCSegmenterLib.training.federated import Answer, merge_answers
from DLPFCSegmenterLib.training.order import Order
from DLPFCSegmenterLib.training.prepare import PreparedScan
from DLPFCSegmenterLib.training.run import Run
from DLPFCSegmenterLib.training.unet_training import train_from
from DLPFCSegmenterLib.training.window_data import plain_window, read_window_data

GAMMAS = {"A": 0.6, "B": 1.0, "C": 1.7}
"""Site -> the exponent that its scanner's grey values differ by."""

TRAIN, JUDGED, ROUNDS = 6, 2, 5
SETTINGS = ["channels=8,16,32", "lr=0.005", "label_loss=0", "augmentation.aged=0", "augmentation.any_look=0"]


def main(dataset: Path, steps: int = 200) -> None:
    """Print the Dice of each model on the judged people of each site."""
    with tempfile.TemporaryDirectory() as folder:
        sites = _sites(dataset, Path(folder))
        print("model | " + " | ".join(f"people of {name}" for name in sites) + " | mean")
        for name, path in _models(sites, Path(folder), steps):
            scores = [_dice_of(path, site) for site in sites.values()]
            print(f"{name} | " + " | ".join(f"{score:.3f}" for score in (*scores, float(np.mean(scores)))), flush=True)


def _models(sites: dict[str, Path], root: Path, steps: int) -> Iterator[tuple[str, Path]]:
    """What each model is called, and its weights."""
    start = _first(root / "first.pt", sites["A"])
    yield "merged", _in_rounds(sites, start, root / "rounds", steps)
    yield "pooled", _trained(_pooled(sites, root / "all"), start, root / "pooled", ROUNDS * steps * len(sites))
    for name, site in sites.items():
        yield f"{name} alone", _trained(site, start, root / f"alone-{name}", ROUNDS * steps)


def _sites(dataset: Path, root: Path) -> dict[str, Path]:
    paths = iter(sorted((dataset / "train" / "volumes").glob("*.npz")))
    for site, gamma in GAMMAS.items():
        for part, count in (("train", TRAIN), ("val", JUDGED)):
            volumes = root / site / part / "volumes"
            volumes.mkdir(parents=True)
            for _ in range(count):
                scan = PreparedScan.load(path := next(paths))
                replace(scan, t1=scan.t1.with_array(scan.t1.array_kji**gamma)).save(volumes / path.name)
        described = json.loads((dataset / "dataset.json").read_text(encoding="utf-8"))
        (root / site / "dataset.json").write_text(json.dumps({"region": described["region"]}), encoding="utf-8")
    return {site: root / site for site in GAMMAS}


def _pooled(sites: dict[str, Path], folder: Path) -> Path:
    for site in sites.values():
        for path in site.rglob("*.npz"):
            place = folder / path.relative_to(site)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(path)
    (folder / "dataset.json").symlink_to(sites["A"] / "dataset.json")
    return folder


def _first(path: Path, site: Path) -> Path:
    torch.manual_seed(0)
    config = UNetConfig().changed(SETTINGS)
    label = read_window_data(site, config).label_definition
    save_weights(path, {"id": "first", "label_definition": label}, {"unet": Trained(build_unet(config), config)})
    return path


def _trained(dataset: Path, start: Path, folder: Path, steps: int, seed: int = 1, rounds: int = 1) -> Path:
    """Train for so many steps; as round `seed` of `rounds`."""
    settings = [*SETTINGS, f"steps={steps}", f"check_every={steps}"]
    run = Run(folder, seed, workers=0, part=((seed - 1) / rounds, seed / rounds))
    return train_from(Order(dataset, "unet", settings, str(start)), run, SILENT)


def _in_rounds(sites: dict[str, Path], path: Path, folder: Path, steps: int) -> Path:
    for number in range(1, ROUNDS + 1):
        sent = [
            Answer(name, _trained(site, path, folder / f"{name}-{number}", steps, number, ROUNDS).read_bytes(), TRAIN)
            for name, site in sites.items()
        ]
        path, came = merge_answers(number, sent, path, folder)
        assert len(came.merged) == len(sites), came.left_out
    return path


@torch.inference_mode()
def _dice_of(path: Path, site: Path) -> float:
    trained = load_model(path).networks["unet"]
    scores = []
    for person in read_window_data(site, trained.config).watched:
        shown = plain_window(person, trained.config)
        probability = trained.network(shown.image[None]).sigmoid()[0].numpy()
        scores.append(dice(probability >= trained.config.mask_threshold, shown.region.numpy() >= 0.5))
    return float(np.mean(scores))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
