"""A plain 3-D U-Net of MONAI for the same region, trained on the same people: what the network is compared with.

    .venv/bin/python Testing/peer_unet.py PREPARED OUTPUT [--steps 3000] [--seed 1]

PREPARED is a dataset that `dlpfc prepare` wrote. The weights go to OUTPUT/unet.pt every 50 steps, and
training goes on from them where they are. It sees one window in MNI axes, in which the right
hemisphere is the left one of the mirrored head, as the network does. `benchmark_peers.py unet` judges
it. MONAI comes with `pip install .[peers]`; the product does not need it.
"""

import argparse
import math
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from monai.losses import DiceCELoss
from monai.networks.nets import UNet

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "DLPFCSegmenter"))

from DLPFCSegmenterLib.geometry.spaces import ijk_to_ras_points, transform_points
from DLPFCSegmenterLib.networks.configuration import Augmentation, MaskRCNNConfig
from DLPFCSegmenterLib.networks.frame import normalise, sample, slice_frame
from DLPFCSegmenterLib.scan.head_scan import HeadScan
from DLPFCSegmenterLib.scan.volume import Volume
from DLPFCSegmenterLib.segmentation.predictions import clean_mask, on_grid
from DLPFCSegmenterLib.training.augment import random_pose
from DLPFCSegmenterLib.training.prepare import PreparedScan, prepared_scans
from DLPFCSegmenterLib.training.subjects import Person, people_of

WINDOW_SHAPE_KJI = (56, 48, 40)
WINDOW_CENTRE_MNI_MM = np.array([-40.0, 38.0, 27.0])
SPACING_MM = 1.75
"""There and back through this grid a label keeps a Dice of 0.98 with itself; 2 mm leave 0.96, 1.5 mm 0.99."""

POSES = Augmentation(rotation_deg=8.0, tilt_deg=8.0, scale=0.1, shift_mm=5.0)
BATCH = 2
"""With one alone on one thread PyTorch leaves its fast convolutions aside and a step takes longer."""

RATE = 0.002
WARM_UP = 100
"""Steps in which the learning rate rises."""

LAYOUT = {"memory_format": torch.channels_last_3d}


def window() -> Volume:
    """An empty grid in MNI mm that holds the left region of all 284 sides trained on, and 6 mm or more around it."""
    matrix = np.diag([SPACING_MM] * 3 + [1.0])
    matrix[:3, 3] = WINDOW_CENTRE_MNI_MM - (np.array(WINDOW_SHAPE_KJI[::-1]) - 1) * SPACING_MM / 2
    return Volume(np.zeros(WINDOW_SHAPE_KJI, np.uint8), matrix)


def points_mni_mm() -> np.ndarray:
    """The window's voxel centres, shape (K, J, I, 3)."""
    ijk = np.moveaxis(np.indices(WINDOW_SHAPE_KJI), 0, -1)[..., ::-1]
    return ijk_to_ras_points(window().ijk_to_ras, ijk.reshape(-1, 3)).reshape(ijk.shape)


def new_network() -> UNet:
    """A U-Net of residual units from the window's intensities to one logit a voxel."""
    return UNet(
        spatial_dims=3, in_channels=1, out_channels=1, channels=(16, 32, 64, 128), strides=(2, 2, 2), num_res_units=2
    )


@dataclass(frozen=True)
class Side:
    """What is left of a `Person` around the window, in half precision; arrays (K, J, I)."""

    t1_kji: np.ndarray
    region_kji: np.ndarray
    frame_to_ijk: np.ndarray
    mean: float
    sd: float

    @staticmethod
    def of(person: Person) -> "Side":
        """Crop a person to the window and the room that poses need."""
        to_ijk = np.linalg.inv(person.ijk_to_frame)
        ends = np.meshgrid(*[(0, n - 1) for n in WINDOW_SHAPE_KJI[::-1]])
        corners = transform_points(to_ijk @ window().ijk_to_ras, np.reshape(ends, (3, 8)).T)
        low = np.maximum(np.floor(corners.min(axis=0)).astype(int) - 8, 0)
        high = np.ceil(corners.max(axis=0)).astype(int) + 9
        box = tuple(slice(a, b) for a, b in zip(low[::-1], high[::-1], strict=True))
        shift = np.eye(4)
        shift[:3, 3] = -low
        t1, region = person.t1_kji[box].astype(np.float16), person.region_kji[box].astype(np.float16)
        return Side(t1, region, shift @ to_ijk, person.frame.mean, person.frame.sd)

    def shown(self, points: np.ndarray, rng: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor]:
        """(image, share of each voxel in the region) in a random pose and contrast, both (1, K, J, I)."""
        ijk = transform_points(self.frame_to_ijk @ random_pose(rng, POSES, WINDOW_CENTRE_MNI_MM), points)
        image = normalise(sample(self.t1_kji, ijk.astype(np.float32)), self.mean, self.sd)
        region = sample(self.region_kji, ijk.astype(np.float32))
        return torch.from_numpy(_shaken(rng, image))[None], torch.from_numpy(region)[None]


def _shaken(rng: np.random.Generator, image: np.ndarray) -> np.ndarray:
    """Gamma, bias field, noise, gain and offset."""
    low, high = image.min(), image.max() + 1e-6
    unit = ((image - low) / (high - low)) ** np.exp(rng.uniform(-0.4, 0.4))
    coarse = torch.from_numpy(rng.normal(0, rng.uniform(0, 0.25), (1, 1, 3, 3, 3)))
    field = torch.nn.functional.interpolate(coarse, image.shape, mode="trilinear", align_corners=True)
    unit = unit * np.exp(field[0, 0].numpy()) + rng.normal(0, rng.uniform(0, 0.03), image.shape)
    return ((unit * (high - low) + low) * rng.uniform(0.8, 1.25) + rng.uniform(-0.3, 0.3)).astype(np.float32)


def training_sides(prepared: Path, cache: Path) -> list[Side]:
    """Both sides of all training people, cropped once."""
    if not cache.is_file():
        people = (people_of(PreparedScan.load(path), MaskRCNNConfig()) for path in prepared_scans(prepared, "train"))
        torch.save([asdict(Side.of(side)) for person in people for side in person], cache)
    return [Side(**each) for each in torch.load(cache, weights_only=False)]


def learning_rate(step: int, steps: int) -> float:
    """A short rise, then half a cosine to nothing."""
    return RATE * min(1.0, (step + 1) / WARM_UP) * 0.5 * (1 + math.cos(math.pi * step / steps))


def train(prepared: Path, output: Path, steps: int, seed: int) -> None:
    """Train for `steps` in all, those of an earlier run included; every step draws from (seed, step)."""
    output.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(seed)
    network, points = new_network().to(**LAYOUT), points_mni_mm()
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=1e-3)
    loss_of = DiceCELoss(sigmoid=True, squared_pred=True)
    path, first = output / "unet.pt", 0
    if path.is_file():
        held = torch.load(path, weights_only=True)
        network.load_state_dict(held["network"])
        optimizer.load_state_dict(held["optimizer"])
        first = held["step"]
    sides = training_sides(prepared, output / "sides.pt")
    began, total = time.process_time(), 0.0
    for step in range(first, steps):
        rng = np.random.default_rng((seed, step))
        shown = [sides[n].shown(points, rng) for n in rng.integers(len(sides), size=BATCH)]
        images, regions = (torch.stack(each).to(**LAYOUT) for each in zip(*shown, strict=True))
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, steps)
        loss = loss_of(network(images), regions)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimizer.step()
        total += loss.item()
        if (step + 1) % 50 == 0 or step + 1 == steps:
            state = {"network": network.state_dict(), "optimizer": optimizer.state_dict(), "step": step + 1}
            torch.save(state, path.with_suffix(".part"))
            path.with_suffix(".part").replace(path)
            seconds = time.process_time() - began
            print(f"{step + 1} of {steps}: loss {total / (step % 50 + 1):.4f}, {seconds:.0f} processor s", flush=True)
            total = 0.0


class UNetPeer:
    """Finds the region with trained weights, as the other peers of `benchmark_peers.py` do."""

    def __init__(self, path: Path) -> None:
        self.network, self.points = new_network().eval(), points_mni_mm()
        self.network.load_state_dict(torch.load(path, weights_only=True)["network"])

    def __call__(self, head: HeadScan, hemisphere: str) -> np.ndarray:
        """Mask on the scan's own grid, bool (K, J, I)."""
        world = head if hemisphere == "left" else head.mirrored()
        frame = slice_frame("mni", world)
        ijk = transform_points(np.linalg.inv(world.canonical.ijk_to_ras) @ frame.ras_from_frame, self.points)
        image = normalise(sample(world.canonical.array_kji, ijk.astype(np.float32)), frame.mean, frame.sd)
        with torch.inference_mode():
            probability = torch.sigmoid(self.network(torch.from_numpy(image)[None, None]))[0, 0].numpy()
        placed = Volume(probability, frame.ras_from_frame @ window().ijk_to_ras)
        return clean_mask(on_grid(placed, world.scan), 0.5)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("prepared", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    train(**vars(parser.parse_args()))
