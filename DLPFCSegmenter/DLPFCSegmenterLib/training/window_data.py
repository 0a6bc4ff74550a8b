"""What the 3-D network learns from: training windows, cut from the people of a prepared dataset."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from ..errors import UserError
from ..geometry.spaces import transform_points
from ..labels.label import RegionLabel
from ..networks.frame import Channel, extra_at, normalise, sample
from ..networks.unet import UNetConfig, unet_window, window_points_mm
from ..scan.volume import box_of_points
from .augment import WINDOWS, Raw, random_contrast, random_pose
from .prepare import PreparedScan, dataset_description, dataset_folder, prepared_scans, watched_scans
from .structures import label_table
from .subjects import REGION_LABEL, Person, people_of
from .via import is_via_file
from .window_variety import Tissues, aged, any_look, rescanned

_MARGIN_VOXELS = 8
"""Room around the window that poses need."""


@dataclass(frozen=True)
class TrainingWindow:
    """What the network is shown, and what it should answer; all (1, K, J, I), the image with its maps (1 + maps, ...).

    image   float32, normalised
    region  float32, share of each voxel that lies in the region
    labels  int64, the parcellation; 255 is the region itself
    """

    image: torch.Tensor
    region: torch.Tensor
    labels: torch.Tensor


@dataclass(frozen=True)
class CroppedPerson:
    """What is left of a `Person` around the window; arrays (K, J, I), intensities in half precision.

    tissues  of someone whose windows may look otherwise
    """

    t1_kji: np.ndarray
    labels_kji: np.ndarray
    region_kji: np.ndarray
    frame_to_ijk: np.ndarray
    mean: float
    sd: float
    tissues: Tissues | None = None
    maps: tuple[Channel, ...] = ()

    @staticmethod
    def of(person: Person, config: UNetConfig) -> "CroppedPerson":
        """Crop a person to the window and the room that poses need."""
        to_ijk = np.linalg.inv(person.ijk_to_frame)
        ends = np.meshgrid(*[(0, n - 1) for n in config.shape_kji[::-1]])
        corners = transform_points(to_ijk @ unet_window(config).ijk_to_ras, np.reshape(ends, (3, 8)).T)
        box = box_of_points(corners, person.t1_kji.shape[::-1], _MARGIN_VOXELS)
        shift = np.eye(4)
        shift[:3, 3] = [-side.start for side in reversed(box)]
        t1, region = person.t1_kji[box].astype(np.float16), person.region_kji[box] > 0.5
        labels = np.ascontiguousarray(person.labels_kji[box])
        kept = person.tissues.cropped(box) if person.tissues else None
        maps = tuple(each.cropped(box) for each in person.maps)
        return CroppedPerson(t1, labels, region, shift @ to_ijk, person.frame.mean, person.frame.sd, kept, maps)

    def rescanned(self, rng: np.random.Generator) -> "CroppedPerson":
        """This person by a worse scan."""
        worse = rescanned(rng, Raw(self.t1_kji, self.labels_kji, self.mean, self.sd))
        return replace(self, t1_kji=worse.values, mean=worse.mean, sd=worse.sd)


@dataclass(frozen=True)
class WindowSource:
    """Random windows out of people, each in a random pose and contrast."""

    people: Sequence[CroppedPerson]
    config: UNetConfig

    def draw(self, rng: np.random.Generator) -> TrainingWindow:
        """The window of one person."""
        person = self.people[int(rng.integers(len(self.people)))]
        settings, centre_mm = self.config.augmentation, np.array(self.config.window_centre_mm)
        points_mm = transform_points(random_pose(rng, settings, centre_mm), window_points_mm(self.config))
        if person.tissues and rng.random() < settings.aged:
            points_mm = aged(rng, person.tissues, points_mm, person.frame_to_ijk)
        other_look = person.tissues if person.tissues and rng.random() < settings.any_look else None
        if settings.rescanned and not other_look and rng.random() < settings.rescanned:
            person = person.rescanned(rng)
        ijk, (raw, region, labels) = _cut(person, points_mm)
        extra = extra_at(person.maps, ijk)
        if other_look:
            shown = any_look(rng, other_look, points_mm, ijk, raw.labels)
            return _training_window(normalise(shown, 0.0, 1.0), extra, region, labels)
        return _training_window(random_contrast(rng, settings, raw, WINDOWS), extra, region, labels)


def plain_window(person: CroppedPerson, config: UNetConfig) -> TrainingWindow:
    """The window as inference sees it: no augmentation."""
    ijk, (raw, region, labels) = _cut(person, window_points_mm(config))
    return _training_window(normalise(raw.values, raw.mean, raw.sd), extra_at(person.maps, ijk), region, labels)


def _cut(person: CroppedPerson, points_mm: np.ndarray) -> tuple[np.ndarray, tuple[Raw, np.ndarray, np.ndarray]]:
    """Of a window's points in the frame's mm (K, J, I, 3): the person's voxels there, and what they show."""
    ijk = transform_points(person.frame_to_ijk, points_mm).astype(np.float32)
    labels = sample(person.labels_kji, ijk, nearest=True).astype(np.uint8)
    region = sample(person.region_kji, ijk)
    raw = Raw(sample(person.t1_kji, ijk), labels, person.mean, person.sd)
    return ijk, (raw, region, np.where(region > 0.5, REGION_LABEL, labels))


def _training_window(image: np.ndarray, extra: np.ndarray, region: np.ndarray, labels: np.ndarray) -> TrainingWindow:
    named = torch.from_numpy(labels.astype(np.int64))
    return TrainingWindow(
        torch.from_numpy(np.concatenate([image[None], extra])), torch.from_numpy(region)[None], named[None]
    )


_SEEN_FOR_LABELS = 20
"""So many sides of people show which structures there are; one that is in none of them counts as background."""


@dataclass(frozen=True)
class WindowData:
    """What is learnt from and watched.

    source   random windows of the training people, both sides
    watched  sides of people by which the learning is watched
    table    class of each label value 0..255, or None where not everybody has a parcellation
    """

    source: WindowSource
    watched: Sequence[CroppedPerson]
    table: np.ndarray | None
    label_definition: str
    region: RegionLabel


def read_window_data(dataset: Path, config: UNetConfig) -> WindowData:
    """A folder that `dlpfc prepare` wrote.

    Raises UserError for anything else, a VIA file included: its pictures are no volumes.
    """
    if is_via_file(dataset):
        raise UserError(
            "{dataset}: the 3-D network learns from volumes; give a folder that `dlpfc prepare` wrote.", dataset=dataset
        )
    folder = dataset_folder(dataset)
    described = dataset_description(folder).get("region", {})
    region = RegionLabel.from_dict(described)
    learning, first = _cropped(prepared_scans(folder, "train"), config, config.augmentation.shows_tissues)
    watching = watched_scans(folder)
    watched, _ = _cropped(watching, config, False)
    if watching and not watched:
        raise UserError("{folder}: the region is known in none of its validation scans; prepare others.", folder=folder)
    named = all(person.labels_kji.any() for person in learning)
    table = label_table(first) if named else None
    definition = described.get("definition", region.definition)
    return WindowData(WindowSource(learning, config), watched, table, definition, region)


def _cropped(paths: Sequence[Path], config: UNetConfig, otherwise: bool) -> tuple[list[CroppedPerson], list[Person]]:
    """All sides of the scans of which something is known, cropped, and the first of them as they are.

    otherwise  as `people_of` takes it
    """
    cropped: list[CroppedPerson] = []
    first: list[Person] = []
    for path in paths:
        people = people_of(PreparedScan.load(path), config, otherwise)
        sides = [side for side in people if side.shows_region]
        cropped += [CroppedPerson.of(side, config) for side in sides]
        first += sides[: _SEEN_FOR_LABELS - len(first)]
    return cropped, first
