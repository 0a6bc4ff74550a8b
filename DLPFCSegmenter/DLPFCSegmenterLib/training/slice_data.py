"""What the Mask R-CNN learns from and is watched by: slices of prepared scans, or annotated pictures.

Pictures (a VIA dataset) are for those who have no parcellation.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..errors import UserError
from ..labels.label import RegionLabel
from ..labels.splits import split_by_fraction
from ..networks.configuration import MaskRCNNConfig
from ..networks.frame import SliceWindow, normalise, sample, slice_window
from ..scan.canonical import head_intensity
from .augment import SLICES, Raw, random_contrast, random_pose
from .loop import Source
from .prepare import PreparedScan, dataset_description, prepared_scans
from .subjects import PeopleSource, Person, TrainingSlice, people_of, plain_slice, training_slice
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
        raise UserError("{annotations}: no region is outlined in any of its pictures.", annotations=annotations)
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


_VALIDATION_STEP = 6


@dataclass(frozen=True)
class TrainingData:
    """What a network learns from and is watched on.

    people  the training people where volumes were prepared, else empty
    region  what was cut from the parcellations; None where the outlines alone say it
    """

    source: Source
    validation: Sequence[TrainingSlice]
    people: Sequence[Person]
    label_definition: str
    region: RegionLabel | None = None


def read_training_data(dataset: Path, config: MaskRCNNConfig, seed: int = 0) -> TrainingData:
    """A prepared folder, or a VIA annotation file, of which a sixth of the people is kept to watch.

    Raises UserError for anything else.
    """
    if dataset.suffix == ".json" and dataset.name != "dataset.json":
        return _picture_data(read_pictures(dataset, config), config, seed)
    folder = dataset.parent if dataset.name == "dataset.json" else dataset
    described = dataset_description(folder).get("region", {})
    learning, watching = (prepared_scans(folder, part) for part in ("train", "val"))
    data = prepared_data(learning, watching, config, RegionLabel.from_dict(described))
    return replace(data, label_definition=described.get("definition", data.label_definition))


def prepared_data(
    learning: Sequence[Path], watching: Sequence[Path], config: MaskRCNNConfig, region: RegionLabel
) -> TrainingData:
    """Data from `PreparedScan` files of a region: to learn from, and to watch the learning by.

    Raises UserError where the network's slices show the region in nobody who is watched.
    """
    pairs = [people_of(PreparedScan.load(path), config) for path in learning]
    people, twins = ([p for p in side if p.shows_region] for side in zip(*pairs, strict=True))
    watched = [
        shown for path in watching for shown in _every_few(_own_or_twin(PreparedScan.load(path), config), config)
    ]
    if not watched:
        raise UserError("The region lies outside the network's slices in all validation scans; widen the window.")
    return TrainingData(PeopleSource(people, twins, config), watched, people or twins, region.definition, region)


def _own_or_twin(scan: PreparedScan, config: MaskRCNNConfig) -> Person:
    """The person, or the mirrored twin where nothing is known of the left side."""
    person, twin = people_of(scan, config)
    return person if person.shows_region else twin


def _every_few(person: Person, config: MaskRCNNConfig) -> list[TrainingSlice]:
    """Every sixth of the slices of each plane that cross the region."""
    return [
        plain_slice(person, config, plane, float(place))
        for plane in config.planes
        for place in _places_with_region(person, slice_window(plane, config))[::_VALIDATION_STEP]
    ]


def _places_with_region(person: Person, window: SliceWindow) -> np.ndarray:
    """Where the slices of a window that cross the region lie on its normal, in the frame's mm."""
    places = window.first_mm + np.arange(window.count) * window.config.slice_mm
    low, high = np.percentile(person.region_mm[:, window.normal], [1, 99])
    return places[(places >= low) & (places <= high)]


def _picture_data(pictures: list[Picture], config: MaskRCNNConfig, seed: int) -> TrainingData:
    split = split_by_fraction(pictures, 1 / 6, seed)
    watched = plain_slices([p for p in split.val if p.region.any()], config)
    return TrainingData(PictureSource(split.train, config), watched, (), "as outlined in the VIA annotation file")
