"""Training slices from annotated pictures (a VIA dataset), for those who have no parcellation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..errors import UserError
from ..networks.frame import normalise, sample
from ..networks.mask_rcnn_config import MaskRCNNConfig
from ..scan.canonical import head_intensity
from .augment import SLICES, Raw, random_contrast, random_pose
from .subjects import TrainingSlice, training_slice
from .via import ViaImage, read_via


@dataclass(frozen=True)
class Picture:
    """One annotated slice.

    grey     float32 (S, rows, columns): the slice between its neighbours, or alone
    region   float32 (rows, columns), 1 in the region
    subject  the person it shows
    """

    grey: np.ndarray
    region: np.ndarray
    mean: float
    sd: float
    subject: str


@dataclass(frozen=True)
class PictureSource:
    """Random slices out of pictures; `with_region` is the share of slices that show the region."""

    pictures: Sequence[Picture]
    config: MaskRCNNConfig
    with_region: float = 0.75

    def draw(self, rng: np.random.Generator) -> TrainingSlice:
        """A picture in a random pose within its plane and with a random contrast."""
        shown = [p for p in self.pictures if p.region.any()]
        group = shown if shown and rng.random() < self.with_region else self.pictures
        return picture_slice(group[int(rng.integers(len(group)))], self.config, rng)


def picture_slice(picture: Picture, config: MaskRCNNConfig, rng: np.random.Generator | None = None) -> TrainingSlice:
    """A picture on the network's pixels; as it is without `rng`, else in a random pose and contrast."""
    settings = replace(config.augmentation, tilt_deg=0.0, skull_strip=0.0, synthetic_contrast=0.0)
    pose = np.eye(4)
    if rng is not None:
        pose = random_pose(rng, replace(settings, shift_mm=settings.shift_mm / config.pixel_mm), np.zeros(3))
    points = _pixel_places(picture.grey.shape, config, pose)
    region = sample(picture.region[None], points[0]) > 0.5
    values = sample(picture.grey, points)
    raw = Raw(values, np.zeros(values.shape, np.uint8), picture.mean, picture.sd)
    image = normalise(values, picture.mean, picture.sd) if rng is None else random_contrast(rng, settings, raw, SLICES)
    return training_slice(image, np.zeros(region.shape, np.uint8), region)


def _pixel_places(shape: tuple, config: MaskRCNNConfig, pose: np.ndarray) -> np.ndarray:
    """Where the network's pixels lie in pictures of `shape` (S, rows, columns), shrunk to fit it.

    The result is float32 (S, rows, columns, 3): column, row and number of the picture.
    """
    rows, columns = config.image_size
    zoom = max(shape[1] / rows, shape[2] / columns)
    x, y = np.meshgrid(np.arange(columns) - (columns - 1) / 2, np.arange(rows) - (rows - 1) / 2)
    flat = np.stack([x, y], axis=-1) * zoom @ pose[:2, :2].T + pose[:2, 3] * zoom
    flat = flat + ((shape[2] - 1) / 2, (shape[1] - 1) / 2)
    numbers = [np.full((rows, columns, 1), number) for number in range(shape[0])]
    return np.stack([np.concatenate([flat, n], axis=-1) for n in numbers]).astype(np.float32)


def read_pictures(annotations: Path, config: MaskRCNNConfig) -> list[Picture]:
    """All pictures of a VIA file; neighbouring slices of one person are shown together.

    Raises UserError where nothing is outlined.
    """
    entries = read_via(annotations, keep_empty=True)
    greys = [entry.picture().astype(np.float32) for entry in entries]
    places = {_place(entry): grey for entry, grey in zip(entries, greys, strict=True)}
    pictures = [
        _picture(entry, _with_neighbours(entry, grey, places, config.context))
        for entry, grey in zip(entries, greys, strict=True)
    ]
    if not any(picture.region.any() for picture in pictures):
        raise UserError(f"{annotations}: no region is outlined in any of its pictures.")
    return pictures


def _place(entry: ViaImage) -> tuple[str, str]:
    return _subject(entry), entry.attributes.get("slice", entry.path.name)


def _subject(entry: ViaImage) -> str:
    return entry.attributes.get("subject", entry.path.stem)


def _with_neighbours(entry: ViaImage, grey: np.ndarray, places: dict, context: int) -> np.ndarray:
    number = entry.attributes.get("slice", "")
    if context == 1 or not number.lstrip("-").isdigit():
        return np.repeat(grey[None], context, axis=0)
    steps = range(-(context // 2), context // 2 + 1)
    beside = [places.get((_subject(entry), str(int(number) + step)), grey) for step in steps]
    return np.stack([each if each.shape == grey.shape else grey for each in beside])


def _picture(entry: ViaImage, grey: np.ndarray) -> Picture:
    mean, sd = head_intensity(grey)
    mean = float(entry.attributes.get("head_mean", mean))
    sd = float(entry.attributes.get("head_sd", sd))
    return Picture(grey, entry.mask(grey.shape[1:]).astype(np.float32), mean, sd, _subject(entry))


def plain_slices(pictures: Sequence[Picture], config: MaskRCNNConfig) -> list[TrainingSlice]:
    """Every picture as it is, for validation."""
    return [picture_slice(picture, config) for picture in pictures]
