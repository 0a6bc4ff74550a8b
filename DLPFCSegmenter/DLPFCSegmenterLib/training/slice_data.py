"""What the Mask R-CNN learns from and is watched by: slices of prepared scans, or annotated pictures.

Pictures (a VIA dataset) are for those who have no parcellation.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..errors import UserError
from ..labels.label import RegionLabel
from ..labels.splits import split_or_all
from ..networks.configuration import MaskRCNNConfig
from ..networks.frame import SliceWindow, slice_window
from ..terminology import DLPFC
from .loop import Source
from .pictures import Picture, PictureSource, Told, picture_slice, read_pictures, region_outlined
from .prepare import PreparedScan, dataset_description, dataset_folder, prepared_scans, watched_scans
from .subjects import PeopleSource, Person, TrainingSlice, people_of, plain_slice
from .via import is_via_file, read_via


def plain_slices(pictures: Sequence[Picture], config: MaskRCNNConfig) -> list[TrainingSlice]:
    """Every picture as it is, for validation."""
    return [picture_slice(picture, config) for picture in pictures]


_VALIDATION_STEP = 6


@dataclass(frozen=True)
class TrainingData:
    """What a network learns from and is watched on.

    people    the training people where volumes were prepared, else empty
    region    what is learnt; None where nobody said another than the DLPFC of outlines
    is_named  whether a parcellation names the structures of everybody who is learnt from
    """

    source: Source
    validation: Sequence[TrainingSlice]
    people: Sequence[Person]
    label_definition: str
    region: RegionLabel | None = None
    is_named: bool = False


def read_training_data(dataset: Path, config: MaskRCNNConfig, seed: int = 0, told: Told | None = None) -> TrainingData:
    """A prepared folder, or a VIA annotation file, of which a sixth of the people is kept to watch.

    told  what is said of all pictures of an annotation file
    Raises UserError for anything else.
    """
    if is_via_file(dataset):
        data = _picture_data(read_pictures(dataset, config, told), config, seed)
        called = region_outlined(read_via(dataset, keep_empty=True), told.label if told else "")
        region = None if called == DLPFC else RegionLabel(called, (), ())
        named = f"{called}, " if region or (told and told.label) else ""
        return replace(data, label_definition=named + data.label_definition, region=region)
    folder = dataset_folder(dataset)
    described = dataset_description(folder).get("region", {})
    learning = prepared_scans(folder, "train")
    data = prepared_data(learning, watched_scans(folder), config, RegionLabel.from_dict(described))
    return replace(data, label_definition=described.get("definition", data.label_definition))


def prepared_data(
    learning: Sequence[Path], watching: Sequence[Path], config: MaskRCNNConfig, region: RegionLabel
) -> TrainingData:
    """Data from `PreparedScan` files of a region: to learn from, and to watch the learning by.

    Raises UserError where the network's slices show the region in nobody who is watched.
    """
    otherwise = config.augmentation.shows_tissues
    pairs = [people_of(PreparedScan.load(path), config, otherwise) for path in learning]
    people, twins = ([p for p in side if p.shows_region] for side in zip(*pairs, strict=True))
    watched = [
        shown for path in watching for shown in _every_few(_own_or_twin(PreparedScan.load(path), config), config)
    ]
    if watching and not watched:
        raise UserError("The region lies outside the network's slices in all validation scans; widen the window.")
    is_named = bool(people or twins) and all(person.has_parcellation for person in (*people, *twins))
    source = PeopleSource(people, twins, config)
    return TrainingData(source, watched, people or twins, region.definition, region, is_named)


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
    split = split_or_all(pictures, 1 / 6, seed)
    watched = plain_slices([p for p in split.val if p.region.any()], config)
    return TrainingData(PictureSource(split.train, config), watched, (), "as outlined in the VIA annotation file")
