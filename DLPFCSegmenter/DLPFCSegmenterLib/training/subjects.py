"""Prepared people and the training slices that are cut from them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from ..geometry import spaces
from ..networks.configuration import Augmentation, MaskRCNNConfig
from ..networks.frame import (
    Channel,
    SliceFrame,
    SliceWindow,
    channels_of,
    extra_at,
    normalise,
    sample,
    slice_channels,
    slice_frame,
    slice_window,
)
from ..networks.unet import UNetConfig
from ..scan.head_scan import HeadScan
from ..scan.volume import Volume, box_of_points, voxel_points_ras_mm
from .augment import SLICES, Raw, random_contrast, random_pose
from .prepare import PreparedScan
from .window_variety import Tissues, any_look, rescanned


@dataclass(frozen=True)
class Person:
    """A canonical scan with labels; every array has shape (K, J, I) on one RAS grid.

    t1_kji        float32 intensities
    labels_kji    parcellation, uint8; 0 is outside the brain, and everywhere where there is none
    region_kji    float32, 1 in the region on the left of this world, else 0
    region_mm     its voxel centres in the frame's mm, shape (N, 3)
    ijk_to_frame  4x4, voxel indices to the frame's mm
    frame         where its slices lie, and what its intensities are
    maps          what is seen beside the T1
    tissues       of someone whose slices may look otherwise
    """

    subject: str
    t1_kji: np.ndarray
    labels_kji: np.ndarray
    region_kji: np.ndarray
    region_mm: np.ndarray
    ijk_to_frame: np.ndarray
    frame: SliceFrame
    maps: tuple[Channel, ...] = ()
    tissues: Tissues | None = None

    @property
    def has_parcellation(self) -> bool:
        """Whether the structures around the region are named too."""
        return bool(self.labels_kji.any())

    @property
    def shows_region(self) -> bool:
        """Whether anything is known of the region on this side."""
        return bool(len(self.region_mm))

    def around(self, points_ijk: np.ndarray) -> "Person":
        """The part around fractional indices (..., 3), a voxel of it at least."""
        box = box_of_points(points_ijk, self.t1_kji.shape[::-1], margin=1)
        part = Volume(self.t1_kji, self.ijk_to_frame).cropped(box)
        return replace(
            self, t1_kji=part.array_kji, labels_kji=self.labels_kji[box], region_kji=self.region_kji[box],
            ijk_to_frame=part.ijk_to_ras, maps=tuple(each.cropped(box) for each in self.maps),
            tissues=self.tissues.cropped(box) if self.tissues else None,
        )  # fmt: skip


def people_of(
    scan: PreparedScan, config: MaskRCNNConfig | UNetConfig, otherwise: bool = False
) -> tuple[Person, Person]:
    """The person of a prepared scan, and its mirrored twin whose right region lies on the left.

    otherwise  they may look otherwise, where a parcellation tells how
    """
    head = scan.head
    # A mirrored person has the same arrays, so that both sides share them.
    tissues = Tissues.of(scan.t1, scan.labels_kji) if otherwise and scan.labels_kji.any() else None
    sides = ((head, scan.left_kji), (head.mirrored(), scan.right_kji))
    own, twin = (replace(_person(scan, *side, config), tissues=tissues) for side in sides)
    return own, twin


def _person(scan: PreparedScan, head: HeadScan, region_kji: np.ndarray, config: MaskRCNNConfig | UNetConfig) -> Person:
    frame, t1 = slice_frame(config.frame, head), head.canonical
    frame_from_ras = np.linalg.inv(frame.ras_from_frame)
    points_mm = spaces.transform_points(frame_from_ras, voxel_points_ras_mm(t1, region_kji))
    return Person(
        scan.subject, t1.array_kji, scan.labels_kji, region_kji.astype(np.float32),
        points_mm, frame_from_ras @ t1.ijk_to_ras, frame, channels_of(head, config.extra_channels),
    )  # fmt: skip


@dataclass(frozen=True)
class TrainingSlice:
    """What the network is shown, and what it should answer.

    image   float32 (channels, rows, columns), normalised
    labels  int64 (rows, columns), the parcellation in the middle slice; 255 is the region itself
    region  bool (rows, columns)
    maps    how many of the channels, the last ones, are maps
    """

    image: torch.Tensor
    labels: torch.Tensor
    region: torch.Tensor
    maps: int = 0

    def detection_target(self) -> dict[str, torch.Tensor]:
        """Box, class and mask as torchvision's detection models take them; none for an empty slice."""
        rows, columns = torch.where(self.region)
        if len(rows) < 12:
            shape = self.region.shape
            return {
                "boxes": torch.zeros(0, 4),
                "labels": torch.zeros(0, dtype=torch.int64),
                "masks": torch.zeros(0, *shape, dtype=torch.uint8),
            }
        box = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
        return {
            "boxes": torch.tensor([[float(v) for v in box]]),
            "labels": torch.ones(1, dtype=torch.int64),
            "masks": self.region[None].to(torch.uint8),
        }


REGION_LABEL = 255
"""Number of the region in `TrainingSlice.labels`; no parcellation uses it."""


def random_slice(person: Person, config: MaskRCNNConfig, rng: np.random.Generator, with_region: float) -> TrainingSlice:
    """A slice in a random plane, pose and contrast; it crosses the region with probability `with_region`."""
    window = slice_window(config.planes[rng.integers(len(config.planes))], config)
    pose = random_pose(rng, config.augmentation, np.array(config.window_centre_mm))
    around = _around(window, _random_place(person, window, pose, rng, with_region))
    settings = config.augmentation
    has_another_look = bool(person.tissues and settings.any_look) and rng.random() < settings.any_look
    if has_another_look:
        person = _in_another_look(rng, person.around(_points_ijk(person, around, pose)))
    elif settings.rescanned and rng.random() < settings.rescanned:
        person = _rescanned(rng, person.around(_points_ijk(person, around, pose)))
    raw, region, extra = _cut(person, around, pose)
    if has_another_look:
        image = normalise(raw.values, raw.mean, raw.sd)
    else:
        image = random_contrast(rng, _possible(settings, person), raw, SLICES)
    return training_slice(image, raw.labels[len(image) // 2], region, extra)


def _in_another_look(rng: np.random.Generator, person: Person) -> Person:
    """As another scanner shows someone whose tissues are known."""
    assert person.tissues is not None, "only such people look otherwise"
    ijk = np.moveaxis(np.indices(person.t1_kji.shape, np.float32), 0, -1)[..., ::-1]
    points_mm = spaces.transform_points(person.ijk_to_frame, ijk).astype(np.float32)
    values = any_look(rng, person.tissues, points_mm, ijk, person.labels_kji)
    darkest = float(values.min())  # what lies beyond the scan is sampled as 0
    return replace(person, t1_kji=values - darkest, frame=replace(person.frame, mean=-darkest, sd=1.0))


def _rescanned(rng: np.random.Generator, person: Person) -> Person:
    """As a worse scan shows someone."""
    worse = rescanned(rng, Raw(person.t1_kji, person.labels_kji, person.frame.mean, person.frame.sd))
    return replace(person, t1_kji=worse.values, frame=replace(person.frame, mean=worse.mean, sd=worse.sd))


def _possible(settings: Augmentation, person: Person) -> Augmentation:
    """Without a parcellation no skull can be taken off and no structure painted."""
    return settings if person.has_parcellation else replace(settings, skull_strip=0.0, synthetic_contrast=0.0)


def plain_slice(person: Person, config: MaskRCNNConfig, plane: str, place_mm: float) -> TrainingSlice:
    """The slice of a plane at a place on its normal as inference sees it: no augmentation."""
    raw, region, extra = _cut(person, _around(slice_window(plane, config), place_mm), np.eye(4))
    image = normalise(raw.values, raw.mean, raw.sd)
    return training_slice(image, raw.labels[len(image) // 2], region, extra)


def _around(window: SliceWindow, place_mm: float) -> SliceWindow:
    """The slices that are shown together, the middle one at a place."""
    config = window.config
    return replace(window, first_mm=place_mm - config.slice_mm * (config.context // 2), count=config.context)


def _random_place(
    person: Person, window: SliceWindow, pose: np.ndarray, rng: np.random.Generator, with_region: float
) -> float:
    """Where a slice lies on its plane's normal, in the frame's mm."""
    if rng.random() < with_region:
        point = person.region_mm[rng.integers(len(person.region_mm))]
        return float(spaces.transform_points(np.linalg.inv(pose), point)[window.normal])
    return float(window.first_mm + rng.uniform(0, window.depth_mm))


def _cut(person: Person, window: SliceWindow, pose: np.ndarray) -> tuple[Raw, np.ndarray, np.ndarray]:
    """The slices of a window in a pose, and of the middle one the region and the maps (C, rows, columns)."""
    context = window.count
    ijk = _points_ijk(person, window, pose)
    labels = sample(person.labels_kji, ijk, nearest=True).astype(np.uint8)
    raw = Raw(sample(person.t1_kji, ijk), labels, person.frame.mean, person.frame.sd)
    middle = ijk[context // 2]
    return raw, sample(person.region_kji, middle) > 0.5, extra_at(person.maps, middle)


def _points_ijk(person: Person, window: SliceWindow, pose: np.ndarray) -> np.ndarray:
    """Where the pixels of a window in a pose lie in the person, (slices, rows, columns, 3)."""
    return window.points_ijk(np.arange(window.count), np.linalg.inv(person.ijk_to_frame) @ pose)


def training_slice(
    image: np.ndarray, labels: np.ndarray, region: np.ndarray, extra: np.ndarray | None = None
) -> TrainingSlice:
    """A slice from its neighbours (S, rows, columns), labels and region, both (rows, columns), and maps beside it."""
    maps = np.empty((0, *image.shape[1:]), np.float32) if extra is None else extra
    image = slice_channels(image, maps)
    named = np.where(region, REGION_LABEL, labels).astype(np.int64)
    return TrainingSlice(torch.from_numpy(image), torch.from_numpy(named), torch.from_numpy(region), len(maps))


@dataclass(frozen=True)
class PeopleSource:
    """Slices cut from prepared scans in random poses; `twins` are the mirrored other hemispheres.

    with_region is the share of slices that cross the region. Either list may be empty: of a person
    whose one side was drawn nothing is known of the other.
    """

    people: Sequence[Person]
    twins: Sequence[Person]
    config: MaskRCNNConfig
    with_region: float = 0.75

    def draw(self, rng: np.random.Generator) -> TrainingSlice:
        """A slice of a random person (see the class)."""
        mirrored = bool(self.twins) and (not self.people or rng.random() < self.config.augmentation.mirror_twin)
        group = self.twins if mirrored else self.people
        return random_slice(group[int(rng.integers(len(group)))], self.config, rng, self.with_region)
