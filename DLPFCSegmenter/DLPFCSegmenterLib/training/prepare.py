"""Labelled scans to a training dataset on the canonical grid: volumes, slices, annotations.

The dataset's folder holds, for each part 'train' and 'val' of the split,
    <part>/volumes/<scan>.npz              a `PreparedScan`
    <part>/slices/<scan>_axial_<n>.png     slices as the network sees them
    <part>/slices/via_region_data.json     their outlines, a VGG Image Annotator project
and `dataset.json`, which describes it and names the person of every scan.
"""

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import UnlabelledError, UserError
from ..files import recover, told_to_the_user, write_whole
from ..geometry.sides import SIDES, between_left_and
from ..geometry.spaces import transform_points
from ..labels.label import RegionLabel
from ..labels.midline import lies_over_midline, on_own_side
from ..labels.on_scan import region_on_scan
from ..labels.splits import MASK_VALUES, LabelledScan, OnePersonEach, Split, read_region
from ..networks.configuration import MaskRCNNConfig
from ..networks.frame import SliceFrame, SliceWindow, sample, slice_frame, slice_window
from ..networks.unet import UNetConfig
from ..progress import Progress
from ..scan.canonical import resample
from ..scan.channels import Channels, channel_file, with_channels
from ..scan.head_frame import HeadFrame
from ..scan.head_scan import HeadScan
from ..scan.origin import Origin
from ..scan.readers import read_volume
from ..scan.volume import Volume, voxel_points_ras_mm
from ..segmentation.head_finding import Searched, find_head_frame, shipped_head_networks
from ..segmentation.likeness import as_t1
from ..sentences import Sentence, say
from .via import AnnotatedPicture, write_via
from .windows import Extent, coverage, fitted

VIA_FILE = "via_region_data.json"

_MAP = "map_"

_LARGEST_LABEL = 254
"""255 is the region's own in training."""


@dataclass(frozen=True)
class PreparedScan:
    """A scan on its canonical 2 mm RAS grid; every array has shape (K, J, I).

    t1          float32, 1 is the 99.9th percentile
    labels_kji  whole-brain parcellation, uint8; 0 is outside the brain, and everywhere where the region
                alone was drawn
    left_kji, right_kji  bool, the region of either hemisphere; empty for a side of which nothing is known
    registration  MNI space laid on the scan
    maps        name -> what a network may see beside the T1, float32
    """

    subject: str
    t1: Volume
    labels_kji: np.ndarray
    left_kji: np.ndarray
    right_kji: np.ndarray
    registration: HeadFrame
    maps: Mapping[str, np.ndarray] = field(default_factory=dict)

    @property
    def sides_mni_mm(self) -> list[np.ndarray]:
        """Voxels of the sides of which something is known, MNI mm, each (N, 3), the right one mirrored."""
        to_mni = np.linalg.inv(self.registration.ras_from_mni)
        masks = dict(zip(SIDES, (self.left_kji, self.right_kji), strict=True))
        places = {side: transform_points(to_mni, voxel_points_ras_mm(self.t1, mask)) for side, mask in masks.items()}
        return [points * between_left_and(side) for side, points in places.items() if len(points)]

    @property
    def voxel_mm(self) -> float:
        """Edge of a cube as large as a voxel."""
        return float(np.prod(self.t1.spacing_mm)) ** (1 / 3)

    @property
    def head(self) -> HeadScan:
        """The scan as the segmenter takes it."""
        maps = {name: self.t1.with_array(values) for name, values in self.maps.items()}
        return HeadScan.of_canonical(self.t1, self.registration).with_maps(maps)

    def save(self, path: Path) -> None:
        """Write as a compressed NumPy archive; intensities in half precision."""
        maps: dict[str, Any] = {_MAP + name: values.astype(np.float32) for name, values in self.maps.items()}
        np.savez_compressed(
            path, **maps, subject=self.subject, source=Path(self.t1.source).name,
            t1=self.t1.array_kji.astype(np.float16), ijk_to_ras=self.t1.ijk_to_ras,
            labels=self.labels_kji, left=self.left_kji, right=self.right_kji,
            ras_from_mni=self.registration.ras_from_mni, spread_mm=self.registration.spread_mm,
        )  # fmt: skip

    @staticmethod
    def load(path: Path) -> "PreparedScan":
        """Read what `save` wrote. Raises UserError for any other file."""
        try:
            with np.load(path, allow_pickle=False) as held:
                t1 = Volume(held["t1"].astype(np.float32), held["ijk_to_ras"], Origin(str(held["source"])))
                masks = held["labels"], held["left"], held["right"]
                registration = HeadFrame(held["ras_from_mni"], float(held["spread_mm"]))
                maps = {name.removeprefix(_MAP): held[name] for name in held.files if name.startswith(_MAP)}
                return PreparedScan(str(held["subject"]), t1, *masks, registration, maps)
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise UserError(
                "{path}: is not a prepared scan ({error}); run prepare again.", path=path, error=error
            ) from error


def prepare_scan(
    scan: LabelledScan, region: RegionLabel, channels: Channels = (), numbers: np.ndarray | None = None
) -> PreparedScan:
    """A labelled scan, and its maps, on its canonical grid.

    numbers  `common_numbers` of all scans that are prepared together
    The region is cut on the labels' own grid, which need not be the T1's, and then resampled; what lies well over the
    midline is left out, or where that is much the side. Raises UserError where the region is missing, on the other side
    or outside the scan, or a map.
    """
    files = {name: channel_file(scan.t1, file) for name, file in channels}
    head = with_channels(HeadScan(read_volume(scan.t1)), files)
    t1, maps = head.canonical, {name: each.array_kji for name, each in head.maps.items()}
    labelled = read_region(scan, region)
    top = float(np.percentile(t1.array_kji, 99.9))
    if top <= 0:
        raise UserError("{t1}: holds no signal; remove it from the training scans.", t1=scan.t1)
    labels = _labels_on(t1, labelled.parcellation, numbers)
    scaled = t1.with_array(np.clip(t1.array_kji / top, 0, 8).astype(np.float32))
    frame = find_head_frame(shipped_head_networks(), Searched.whole(scaled))
    masks = {side: region_on_scan(labelled.grid.with_array(mask), t1) for side, mask in labelled.sides.items()}
    kept = {
        side: on_own_side(t1.with_array(mask), side, frame).array_kji
        for side, mask in masks.items()
        if not lies_over_midline(labelled.whole(region, side), side, frame)
    }
    if not kept:
        raise UnlabelledError(
            "{labels}: the {region} lies on the other side than its values or numbers say, or on both; exchange them,"
            " or remove the scan.",
            labels=scan.parcellation,
            region=region.name,
        )
    left, right = (kept.get(side, np.zeros(t1.array_kji.shape, bool)) for side in MASK_VALUES)
    shown = as_t1(HeadScan.of_canonical(scaled, frame)).canonical
    return PreparedScan(scan.subject, shown, labels, left, right, frame, maps)


def common_numbers(scans: Sequence[LabelledScan]) -> np.ndarray | None:
    """All numbers of the scans' parcellations in their order, 0 too; None where a byte holds them as they are.

    A structure needs one number in everybody, and not everybody has every structure.
    """
    parcellations = (read_volume(scan.parcellation).array_kji for scan in scans if not scan.is_drawn)
    numbers = np.unique(np.concatenate([np.zeros(1), *map(np.unique, parcellations)]))
    return numbers[numbers >= 0] if numbers.max() > _LARGEST_LABEL else None


def _labels_on(grid: Volume, parcellation: Volume | None, numbers: np.ndarray | None) -> np.ndarray:
    if parcellation is None:
        return np.zeros(grid.array_kji.shape, np.uint8)
    return _as_bytes(resample(parcellation, grid, nearest=True).array_kji, numbers)


def _as_bytes(labels_kji: np.ndarray, numbers: np.ndarray | None) -> np.ndarray:
    """Parcellation ids in one byte; by their place among `numbers`, or their own, where some are too large."""
    labels = np.maximum(labels_kji, 0)
    if numbers is None and labels.max() > _LARGEST_LABEL:
        numbers = np.unique(np.append(labels, 0))
    if numbers is not None:
        labels = np.searchsorted(numbers, labels)
    return np.minimum(labels, _LARGEST_LABEL).astype(np.uint8)


PICTURE_NOTE = (
    "8-bit axial slices; the top row is the most anterior, the left column the person's left. Outlines"
    " show the left region. head_mean and head_sd are the grey values that stand for 0 and 1."
)

_GREY = 200.0
"""Grey value of the scan's 99.9th percentile; what is brighter still fits below 255."""


@dataclass(frozen=True)
class PictureOptions:
    """Which slices become pictures.

    config  its slice window decides the pictures' size and position
    margin  slices below and above the region that are written too, as examples without it
    """

    config: MaskRCNNConfig = MaskRCNNConfig()
    margin: int = 6


def write_slices(stem: Path, head: HeadScan, region_kji: np.ndarray, options: PictureOptions) -> list[AnnotatedPicture]:
    """Write `<stem>_axial_<n>.png` for the slices that cross a region and some around it.

    `head` has a canonical scan, 1 being its 99.9th percentile; `region_kji` is bool on the same grid,
    on the left. n counts slices of the window from below. The result carries the masks, and as attributes
    the slice's number, its height in the frame and the grey values that are normalised to 0 and 1.
    """
    window = slice_window("axial", options.config)
    frame, t1 = slice_frame(options.config.frame, head), head.canonical
    masks = _sliced(window, frame, t1, region_kji) > 0.5
    pictures = _sliced(window, frame, t1, t1.array_kji)
    written = []
    for index in _wanted(masks, options.margin):
        path = stem.with_name(f"{stem.name}_axial_{index:03d}.png")
        _save_picture(path, pictures[index])
        written.append(AnnotatedPicture(path, masks[index], _attributes(window, frame, index)))
    return written


def _attributes(window: SliceWindow, frame: SliceFrame, index: int) -> dict[str, str]:
    return {
        "plane": "axial",
        "slice": str(index),
        "position_mm": f"{window.first_mm + index * window.config.slice_mm:.3f}",
        "pixel_mm": f"{window.config.pixel_mm:g}",
        "left_on": "left",
        "hemisphere": "left",
        "head_mean": f"{frame.mean * _GREY:.3f}",
        "head_sd": f"{frame.sd * _GREY:.3f}",
    }


def _sliced(window: SliceWindow, frame: SliceFrame, grid: Volume, array_kji: np.ndarray) -> np.ndarray:
    """Values of `array_kji` in all slices of a window, float32 (S, rows, columns)."""
    points = window.points_ijk(np.arange(window.count), np.linalg.inv(grid.ijk_to_ras) @ frame.ras_from_frame)
    return sample(array_kji, points)


def _wanted(masks: np.ndarray, margin: int) -> range:
    """Slices from the region's lowest to its highest, and `margin` more on either side."""
    crossing = np.flatnonzero(masks.any(axis=(1, 2)))
    if not crossing.size:
        return range(0)
    return range(max(0, crossing[0] - margin), min(len(masks), crossing[-1] + margin + 1))


def _save_picture(path: Path, picture: np.ndarray) -> None:
    from PIL import Image

    grey = np.clip(np.rint(picture * _GREY), 0, 255).astype(np.uint8)
    Image.fromarray(grey).save(path)


@dataclass(frozen=True)
class PrepareOptions:
    """What is prepared: the region, which slices become pictures, and which maps are seen beside the T1."""

    region: RegionLabel = RegionLabel()
    pictures: PictureOptions = PictureOptions()
    channels: Channels = ()


def prepare(split: Split[LabelledScan], folder: Path, options: PrepareOptions, progress: Progress) -> dict[str, float]:
    """Write the dataset of a split into `folder` (see the module's text).

    The result is the least share of anybody's region that each view of the networks reaches, as they would be trained.
    Nothing of it is in the folder before all of it is; one that holds anything is refused with UserError. Scans of
    one part need different names.
    """
    folder = Path(folder).absolute()
    with told_to_the_user(folder):
        recover(folder)
        refuse_filled(folder)
        with write_whole(folder, last="dataset.json") as fresh:
            return _fill(fresh, split, options, progress)


def prepared_scans(folder: Path, part: str) -> list[Path]:
    """The `PreparedScan` files of 'train' or 'val' of a dataset; UserError when there is none."""
    paths = sorted((Path(folder) / part / "volumes").glob("*.npz"))
    if not paths:
        raise UserError("{folder}: holds no prepared scans for '{part}'; run prepare first.", folder=folder, part=part)
    return paths


def people_prepared(folder: Path, part: str) -> int:
    """How many people the scans of a part show; UserError as `prepared_scans`."""
    subjects = set()
    for path in prepared_scans(folder, part):
        with np.load(path, allow_pickle=False) as held:
            subjects.add(str(held["subject"]))
    return len(subjects)


def watched_scans(folder: Path) -> list[Path]:
    """The `PreparedScan` files of 'val'; none where one person alone was prepared. UserError where some are missing."""
    return [] if dataset_description(folder).get("val") == [] else prepared_scans(folder, "val")


def dataset_folder(dataset: Path) -> Path:
    """The folder of a dataset that is named by it, or by its `dataset.json`."""
    return dataset.parent if dataset.name == "dataset.json" else dataset


def dataset_description(folder: Path) -> dict:
    """What `dataset.json` of a prepared folder says. Raises UserError for any other folder."""
    try:
        return json.loads((folder / "dataset.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(
            "{folder}: is neither a folder that `dlpfc prepare` wrote nor a VIA annotation file (.json).", folder=folder
        ) from error


def refuse_filled(folder: Path) -> None:
    """Raise UserError for a place that is no empty folder and could not become one."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError("{folder}: is not an empty folder; name a new one.", folder=folder)


def _fill(folder: Path, split: Split[LabelledScan], options: PrepareOptions, progress: Progress) -> dict[str, float]:
    total = len(split.train) + len(split.val)
    everyone, done = OnePersonEach(), 0
    numbers = common_numbers(split.train + split.val)
    writers = {part: _PartWriter(folder / part, options, everyone, numbers) for part in split.parts}
    for part, scans in split.parts.items():
        refuse_same_names(scans)
        for scan in scans:
            done += 1
            progress.report(done, total, f"prepared {scan.name}")
            for remark in writers[part].add(scan):
                progress.report(1, 1, remark)
        writers[part].require_any()
    extent = Extent.of(writers["train"].sides_mni_mm)
    everybody = [points for writer in writers.values() for points in writer.sides_mni_mm]
    configs = [fitted(config, extent) for config in (MaskRCNNConfig(), UNetConfig())]
    reached = {view: share for config in configs for view, share in coverage(config, everybody).items()}
    pictures = replace(options.pictures, config=fitted(options.pictures.config, extent))
    options = replace(options, pictures=pictures)
    parts = {part: writer.finish(pictures) for part, writer in writers.items()}
    drawn = [scan.is_drawn for writer in writers.values() for scan in writer.scans]
    described = _description(options, parts, _definition(options.region, sum(drawn), len(drawn)))
    described |= where_it_lies(extent, writers["train"].voxels_mm) | {"coverage": reached}
    described["drawn_by_hand"] = f"{sum(drawn)} of {len(drawn)} scans"
    (folder / "dataset.json").write_text(json.dumps(described, indent=1), encoding="utf-8")
    return reached


def where_it_lies(extent: Extent, voxels_mm: Sequence[float]) -> dict[str, Any]:
    """What is told of the people who are learnt from, as `fitted_to_dataset` takes it."""
    voxel_mm = round(float(np.median(voxels_mm)), 3)
    return {"extent_mni_mm": [extent.low_mm, extent.high_mm], "voxel_mm": voxel_mm}


def refuse_same_names(scans: Sequence[LabelledScan]) -> None:
    """Raise UserError where two scans would have one file."""
    names = [scan.name for scan in scans]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UserError("Two scans are called {twice}; rename one of them.", twice=twice[0])


class _PartWriter:
    """Writes the scans of one part of the split, one after the other, and then their pictures."""

    def __init__(
        self, folder: Path, options: PrepareOptions, everyone: OnePersonEach, numbers: np.ndarray | None
    ) -> None:
        self._everyone, self._numbers = everyone, numbers
        self._volumes, self._slices = folder / "volumes", folder / "slices"
        self._region, self._channels = options.region, options.channels
        self.scans: list[LabelledScan] = []
        self._left_out: list[UnlabelledError] = []
        self.sides_mni_mm: list[np.ndarray] = []
        self.voxels_mm: list[float] = []
        for each in (self._volumes, self._slices):
            each.mkdir(parents=True)

    def add(self, scan: LabelledScan) -> list[Sentence]:
        """Write a scan's volumes; what to know of sides, or of all of it, that its labels say nothing of."""
        try:
            prepared = prepare_scan(scan, self._region, self._channels, self._numbers)
        except UnlabelledError as error:  # an automatic parcellation may fail on a person
            self._left_out.append(error)
            return [say("left out: {reason}", reason=error)]
        self._everyone.add(scan, prepared.t1)
        prepared.save(self._volumes / f"{scan.name}.npz")
        self.scans.append(scan)
        self.sides_mni_mm += prepared.sides_mni_mm
        self.voxels_mm.append(prepared.voxel_mm)
        sides = {"left": prepared.left_kji, "right": prepared.right_kji}
        wanted = [side for side in sides if scan.is_drawn or self._region.ids(side)]
        return [
            say(
                "{scan}: the {side} {region} is left out: its labels lack it there, or have it over the midline too",
                scan=scan.name,
                side=say(side),
                region=self._region.name,
            )
            for side in wanted
            if not sides[side].any()
        ]

    def require_any(self) -> None:
        """Raise the first reason where every scan was left out."""
        if self._left_out and not self.scans:
            raise self._left_out[0]

    def finish(self, options: PictureOptions) -> list[dict]:
        """Write the pictures of all scans, in a window that everybody's region has decided; who was shown."""
        pictures: list[AnnotatedPicture] = []
        people: list[dict] = []
        for scan in self.scans:
            prepared = PreparedScan.load(self._volumes / f"{scan.name}.npz")
            written = write_slices(self._slices / scan.name, prepared.head, prepared.left_kji, options)
            whose = {"scan": scan.name, "subject": scan.subject}
            pictures += [replace(each, attributes=each.attributes | whose) for each in written]
            people.append({"scan": scan.name, "subject": scan.subject, "slices": len(written)})
        write_via(self._slices / VIA_FILE, pictures, self._region.name, f"left {self._region.name}")
        return people


def _definition(region: RegionLabel, drawn: int, total: int) -> str:
    """The label in one sentence, the same wherever it is learnt; `drawn` of `total` scans have masks drawn by hand."""
    return f"{region.name} as drawn or corrected by hand." if drawn == total else region.definition


def _description(options: PrepareOptions, parts: dict[str, list[dict]], definition: str) -> dict:
    config = options.pictures.config
    return {
        "region": options.region.to_dict() | {"definition": definition},
        "volumes": "canonical 2 mm RAS grid, arrays (K, J, I)",
        "slices": PICTURE_NOTE,
        "pixel_mm": config.pixel_mm,
        "slice_mm": config.slice_mm,
        "image_size": config.image_size,
        "margin": options.pictures.margin,
        **({"channels": [name for name, _ in options.channels]} if options.channels else {}),
        **parts,
    }
