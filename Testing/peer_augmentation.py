"""TorchIO's augmentation in the place of our own, in one and the same training of the 3-D U-Net: time and Dice.

Usage: peer_augmentation.py DATASET FOLDER [STEPS] [SEEDS]   (pip install torchio; DATASET is of `dlpfc prepare`)

Two thirds of its training people are learnt from, the others judged; FOLDER is for the runs.
"""

import sys
import time
from dataclasses import replace
from pathlib import Path

TESTING = Path(__file__).resolve().parent
sys.path[:0] = [str(TESTING.parent / "DLPFCSegmenter")]

import numpy as np  # noqa: E402
import torch  # noqa: E402
import torchio as tio  # noqa: E402

from DLPFCSegmenterLib.networks.frame import normalise  # noqa: E402
from DLPFCSegmenterLib.networks.unet import UNetConfig, unet_window  # noqa: E402
from DLPFCSegmenterLib.networks.weights import load_model  # noqa: E402
from DLPFCSegmenterLib.progress import SILENT  # noqa: E402
from DLPFCSegmenterLib.training.run import Run  # noqa: E402
from DLPFCSegmenterLib.training.unet_training import train_unet  # noqa: E402
from DLPFCSegmenterLib.training.window_data import (  # noqa: E402
    CroppedPerson,
    TrainingWindow,
    WindowSource,
    read_window_data,
)

CONFIG = replace(UNetConfig(), channels=(8, 16, 32, 64), lr=0.004, memory=0.99, label_loss=0.0)
"""A small network; no aged tissue and no drawn looks, which TorchIO has not."""


class TorchioSource:
    """Windows of people in TorchIO's random poses and contrasts, as near to `augment.WINDOWS` as its settings come."""

    def __init__(self, people: list[CroppedPerson], config: UNetConfig) -> None:
        self.subjects, self.people = [_subject(person) for person in people], people
        own, grid = config.augmentation, unet_window(config)
        shape_ijk = config.shape_kji[::-1]
        window = tio.ScalarImage(tensor=torch.zeros(1, *shape_ijk), affine=grid.ijk_to_ras)
        looks = [
            tio.RandomGamma(log_gamma=0.45),
            tio.RandomBiasField(coefficients=0.35, p=0.5),
            tio.RandomBlur(std=(0.5, 1.6), p=0.2),
            tio.RandomAnisotropy(downsampling=(1.5, 3.0), p=0.1),
            tio.RandomGhosting(num_ghosts=(1, 3), intensity=(0.02, 0.1), p=0.1),
            tio.RandomNoise(std=(0.005, 0.05), p=0.5),
        ]
        self.transform = tio.Compose(
            [
                tio.RandomAffine(
                    scales=own.scale, degrees=(own.tilt_deg, own.tilt_deg, own.rotation_deg), translation=own.shift_mm
                ),
                tio.Resample(window),
                tio.RandomLabelsToImage(label_key="labels", image_key="t1", p=own.synthetic_contrast),
                tio.Mask(masking_method="brain", p=own.skull_strip),
                tio.Compose(looks, p=own.intensity),
            ]
        )

    def draw(self, rng: np.random.Generator) -> TrainingWindow:
        """A window of one person; TorchIO draws from PyTorch's own generator."""
        number = int(rng.integers(len(self.subjects)))
        with torch.random.fork_rng():
            torch.manual_seed(int(rng.integers(2**62)))
            shown = self.transform(self.subjects[number])
        t1, region, labels = (shown[name].data.permute(0, 3, 2, 1) for name in ("t1", "region", "labels"))
        person = self.people[number]
        image = normalise(t1[0].numpy(), person.mean, person.sd)
        return TrainingWindow(torch.from_numpy(image)[None], region.float(), labels.long())


def _subject(person: CroppedPerson) -> tio.Subject:
    affine = np.linalg.inv(person.frame_to_ijk)

    def tensor(array_kji: np.ndarray) -> torch.Tensor:
        """TorchIO's order: channel, I, J, K."""
        return torch.from_numpy(array_kji.astype(np.float32).transpose()[None].copy())

    images = {"labels": person.labels_kji, "brain": person.labels_kji > 0}
    return tio.Subject(
        t1=tio.ScalarImage(tensor=tensor(person.t1_kji), affine=affine),
        region=tio.ScalarImage(tensor=tensor(person.region_kji), affine=affine),
        **{name: tio.LabelMap(tensor=tensor(array), affine=affine) for name, array in images.items()},
    )


def main(dataset: Path, folder: Path, steps: int = 300, seeds: int = 1) -> None:
    torch.set_num_threads(1)
    config = replace(CONFIG, steps=steps, check_every=steps)
    data = read_window_data(dataset, config)
    people = list(data.source.people)
    cut = 2 * (len(people) // 3)
    sources = {"ours": WindowSource(people[:cut], config), "TorchIO": TorchioSource(people[:cut], config)}
    for name, source in sources.items():
        began, rng = time.process_time(), np.random.default_rng(0)
        for _ in range(10):
            source.draw(rng)
        print(f"{name}: {100 * (time.process_time() - began):.0f} ms a window", flush=True)
    for seed in range(1, seeds + 1):
        for name, source in sources.items():
            run = Run(folder / f"{name}-{seed}", seed, workers=0)
            path = train_unet(
                replace(data, source=source, watched=people[cut:], table=None), config, run, "none", SILENT
            )
            print(f"{name}, seed {seed}: Dice {load_model(path).card['validation_dice']:.3f}", flush=True)


if __name__ == "__main__":
    dataset, folder, *numbers = sys.argv[1:]
    main(Path(dataset), Path(folder), *map(int, numbers))
