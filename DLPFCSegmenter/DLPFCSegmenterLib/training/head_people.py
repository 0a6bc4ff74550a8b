"""Heads to learn a head's place from: each with its tissues, its distance from the brain and where MNI lies in it.

`prepare_heads` reads labelled scans (DLMUSE) and label maps of whole heads (FreeSurfer's numbers) and writes a file
for each; `PreparedHead.load` reads one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from ..errors import UserError
from ..geometry.spaces import ijk_to_ras_points, transform_points
from ..labels.splits import LabelledScan, find_scans
from ..progress import Progress
from ..scan.canonical import canonical_grid, resample, to_canonical, to_itk
from ..scan.head_frame import implausible_frame
from ..scan.readers import read_volume
from ..scan.volume import Volume, box_around, voxel_points_ras_mm
from ..segmentation.head_finding import Searched, find_head_frame, shipped_head_networks
from . import head_labels as kinds
from .head_truth import (
    GroupSpace,
    Landmarks,
    WholeBrain,
    agree,
    correction_mm,
    landmarks,
    to_group,
    to_whole_brain,
)

FARTHEST_MM = 30
"""Distances from the brain are stored up to this."""

COARSE = 4
"""Corrections are stored at every so many voxels."""

_HEAD_SHARE = 0.08
"""Share of the bright level above which a voxel of an ordinary T1 scan is head and not air."""

_OUTSIDE_SHARES = (0.15, 0.3, 0.45, 0.6, 0.8, 1.0)
"""Bounds between the kinds of tissue outside the brain in a scan, as shares of the bright level."""

_GAP_VOXELS = 3

_T1_LIKE = {
    kinds.WHITE: 110, kinds.CORTEX: 75, kinds.DEEP: 88, kinds.VENTRICLE: 20, kinds.FLUID: 15,
    kinds.CEREBELLUM: 75, kinds.CEREBELLAR_WHITE: 110, kinds.STEM: 102,
}  # fmt: skip
"""Grey values by which the shipped networks find the brain of a label map."""


@dataclass(frozen=True)
class PreparedHead:
    """A head on RAS axes, in a box that holds no more than it; arrays of shape (K, J, I).

    t1            grey values 0..255, or None where there is only a label map
    tissues       uint8, `head_labels`: 0 is air
    brain_mm      int8, distance from the brain's surface, negative inside, up to `FARTHEST_MM`
    mni_from_ras  4x4, the head's affine
    correction_mm float16, (K / 4, J / 4, I / 4, 3): what to add to the affine's MNI mm
    """

    t1: np.ndarray | None
    tissues: np.ndarray
    brain_mm: np.ndarray
    ijk_to_ras: np.ndarray
    mni_from_ras: np.ndarray
    correction_mm: np.ndarray

    @staticmethod
    def load(path: Path) -> "PreparedHead":
        """Read what `save` wrote. Raises UserError for a file that is none."""
        try:
            with np.load(path, allow_pickle=False) as held:
                values = {name: held[name] for name in held.files}
        except (OSError, ValueError) as error:
            raise UserError("{path}: cannot be read as a prepared head; prepare the heads again.", path=path) from error
        return PreparedHead(values.pop("t1", None), **values)

    @property
    def coarse_voxels(self) -> float:
        """Voxels between two corrections."""
        return COARSE * 2.0 / float(self.ijk_to_ras[0, 0])

    def halved(self) -> "PreparedHead":
        """The same in voxels twice as large: grey values averaged, of the tissues one of eight."""
        box = tuple(slice(n // 2 * 2) for n in self.tissues.shape)
        matrix = self.ijk_to_ras @ np.diag([2.0, 2.0, 2.0, 1.0])
        matrix[:3, 3] = ijk_to_ras_points(self.ijk_to_ras, [0.5, 0.5, 0.5])
        t1 = None if self.t1 is None else np.rint(_mean_of_eight(self.t1[box])).astype(np.uint8)
        brain_mm = np.rint(_mean_of_eight(self.brain_mm[box])).astype(np.int8)
        tissues = np.ascontiguousarray(self.tissues[box][1::2, ::2, 1::2])
        return PreparedHead(t1, tissues, brain_mm, matrix, self.mni_from_ras, self.correction_mm)

    def save(self, path: Path) -> None:
        """Write a compressed file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        held = {name: value for name, value in self.__dict__.items() if value is not None}
        np.savez_compressed(path, **held)


def _mean_of_eight(values: np.ndarray) -> np.ndarray:
    k, j, i = (n // 2 for n in values.shape)
    return values.reshape(k, 2, j, 2, i, 2).mean(axis=(1, 3, 5), dtype=np.float32)


def prepare_heads(
    scans: Path, label_maps: Path | None, others: Path | None, output: Path, progress: Progress
) -> list[Path]:
    """Write the labelled scans of a folder and the label maps of another as prepared heads, learnt from in common.

    others  a folder of labelled scans to watch by, which go to `output`/val by the space of the first
    Raises UserError where a folder holds none.
    """
    everybody = find_scans(scans)
    known = []
    for number, scan in enumerate(everybody):
        progress.report(number, len(everybody), scan.name)
        known.append(_placed(scan))
    pairs = [(scan, own) for scan, own in zip(everybody, known, strict=True) if own is not None]
    affines, space = agree([own.marks for _, own in pairs], [own.mni_from_ras for _, own in pairs])
    written = []
    cerebra = []
    for (scan, own), affine in zip(pairs, affines, strict=True):
        head, cerebrum = _scan_head(scan, own.marks, affine, space)
        cerebra.append(transform_points(affine, cerebrum))
        written.append(_written(head, output / "train" / f"{scan.name}.npz"))
    whole = WholeBrain.of(cerebra)
    np.savez(
        output / "space.npz", numbers=space.numbers, points_mni_mm=space.points_mni_mm, spread_mm=space.spread_mm,
        caps_mni_mm=whole.caps_mni_mm, caps_spread_mm=whole.spread_mm,
    )  # fmt: skip
    for path in sorted(label_maps.glob("*.nii.gz")) if label_maps else ():
        written.append(_written(_map_head(path, space, whole), output / "train" / f"{path.name.split('.')[0]}.npz"))
    for scan in find_scans(others) if others else ():
        marks = landmarks(read_volume(scan.parcellation))
        head, _ = _scan_head(scan, marks, to_group(marks, space), space)
        written.append(_written(head, output / "val" / f"{scan.name}.npz"))
    return written


@dataclass(frozen=True)
class _Known:
    marks: Landmarks
    mni_from_ras: np.ndarray


def _placed(scan: LabelledScan) -> _Known | None:
    frame = find_head_frame(shipped_head_networks(), Searched.whole(to_canonical(read_volume(scan.t1))))
    if implausible_frame(frame) or frame.doubtful:
        return None
    return _Known(landmarks(read_volume(scan.parcellation)), np.linalg.inv(frame.ras_from_mni))


def _written(head: PreparedHead, path: Path) -> Path:
    head.save(path)
    return path


def _scan_head(
    scan: LabelledScan, marks: Landmarks, affine: np.ndarray, space: GroupSpace
) -> tuple[PreparedHead, np.ndarray]:
    """A labelled scan as a prepared head, and the points of its cerebrum (N, 3), RAS mm."""
    canonical = to_canonical(read_volume(scan.t1))
    labels = resample(read_volume(scan.parcellation), canonical, nearest=True).array_kji
    t1, tissues, brain = scanned_tissues(canonical.array_kji, labels)
    return _head(t1, canonical.with_array(tissues), canonical.with_array(brain), marks, affine, space)


def scanned_tissues(t1_kji: np.ndarray, labels_kji: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of a scan and its DLMUSE labels: grey values 0..255, tissues (both uint8) and the brain (bool), all (K, J, I)."""
    shares = t1_kji / float(np.percentile(t1_kji[t1_kji > 0], 99.0))
    brain = _closed(labels_kji > 0)
    inside = np.where(labels_kji > 0, kinds.dlmuse_tissues()[labels_kji], kinds.FLUID)
    tissues = np.where(brain, inside, _outside_tissues(shares)).astype(np.uint8)
    return np.clip(np.rint(shares * 170), 0, 255).astype(np.uint8), tissues, brain


def _outside_tissues(shares: np.ndarray) -> np.ndarray:
    """Kinds of tissue by brightness in the filled head; 0 in the air around it."""
    image = sitk.GetImageFromArray((shares > _HEAD_SHARE).astype(np.uint8))
    closed = sitk.BinaryMorphologicalClosing(sitk.BinaryMorphologicalOpening(image, [1, 1, 1]), [5, 5, 5])
    filled = sitk.GetArrayFromImage(sitk.BinaryFillhole(closed)) > 0
    kind = kinds.OUTSIDE + np.digitize(shares, _OUTSIDE_SHARES)
    return np.where(filled, np.minimum(kind, kinds.TISSUES - 1), kinds.AIR)


def _map_head(path: Path, space: GroupSpace, whole: WholeBrain) -> PreparedHead:
    """A label map with FreeSurfer's numbers as a prepared head."""
    stored = read_volume(path)
    grid = canonical_grid(stored)
    labels = resample(stored, grid, nearest=True).array_kji.astype(np.int64)
    tissues = kinds.freesurfer_tissues()[labels]
    brain = grid.with_array(_brain_of_map(labels))
    painted = np.zeros(kinds.TISSUES, np.float32)
    painted[list(_T1_LIKE)] = list(_T1_LIKE.values())
    frame = find_head_frame(shipped_head_networks(), Searched.whole(grid.with_array(painted[tissues])))
    start = np.linalg.inv(frame.ras_from_mni)
    marks = _shared_marks(grid, labels)
    cerebrum = voxel_points_ras_mm(grid, kinds.is_cerebrum(tissues))
    affine = to_whole_brain(marks, cerebrum, space, whole, start)
    return _head(None, grid.with_array(tissues), brain, marks, affine, space)[0]


def _brain_of_map(labels: np.ndarray) -> np.ndarray:
    """The brain with the fluid in its sulci, without that farther out."""
    brain = (labels > 0) & (labels < kinds.OUTSIDE_BRAIN)
    return brain & _closed(brain & (labels != kinds.FREESURFER_FLUID))


def _closed(mask: np.ndarray) -> np.ndarray:
    """With its narrow gaps (6 mm) and its holes."""
    image = sitk.GetImageFromArray(np.pad(mask, _GAP_VOXELS).astype(np.uint8))
    closed = sitk.BinaryFillhole(sitk.BinaryMorphologicalClosing(image, [_GAP_VOXELS] * 3))
    return sitk.GetArrayFromImage(closed)[(slice(_GAP_VOXELS, -_GAP_VOXELS),) * 3] > 0


def _shared_marks(grid: Volume, labels: np.ndarray) -> Landmarks:
    marks = {twin: labels == number for number, twin in kinds.TWINS.items()}
    marks = {twin: mask for twin, mask in sorted(marks.items()) if np.count_nonzero(mask) >= 30}
    points = [voxel_points_ras_mm(grid, mask).mean(axis=0) for mask in marks.values()]
    return Landmarks(np.array(list(marks)), np.array(points))


def _head(
    t1: np.ndarray | None, tissues: Volume, brain: Volume, marks: Landmarks, affine: np.ndarray, space: GroupSpace
) -> tuple[PreparedHead, np.ndarray]:
    away = np.rint(distance_mm(brain)).astype(np.int8)
    box = tuple(slice(side.start // COARSE * COARSE, side.stop) for side in box_around(tissues.array_kji))
    kept = tissues.cropped(box)
    kept = kept.with_array(np.ascontiguousarray(kept.array_kji))
    t1 = None if t1 is None else np.ascontiguousarray(t1[box])
    corrections = _corrections(kept, marks, affine, space)
    head = PreparedHead(t1, kept.array_kji, np.ascontiguousarray(away[box]), kept.ijk_to_ras, affine, corrections)
    return head, voxel_points_ras_mm(tissues, kinds.is_cerebrum(tissues.array_kji) & brain.array_kji)


def distance_mm(mask: Volume) -> np.ndarray:
    """Distance from the surface of what is set, negative inside, up to `FARTHEST_MM`; float32 (K, J, I)."""
    distance = sitk.SignedMaurerDistanceMap(
        to_itk(mask), insideIsPositive=False, squaredDistance=False, useImageSpacing=True
    )
    return np.clip(sitk.GetArrayFromImage(distance), -FARTHEST_MM, FARTHEST_MM)


def _corrections(grid: Volume, marks: Landmarks, affine: np.ndarray, space: GroupSpace) -> np.ndarray:
    """Corrections at the middles of blocks of `COARSE` voxels, (K / 4, J / 4, I / 4, 3)."""
    axes = [np.arange(-(-n // COARSE)) * COARSE + (COARSE - 1) / 2 for n in grid.shape_ijk]
    ijk = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).transpose(2, 1, 0, 3)
    placed = transform_points(affine, ijk_to_ras_points(grid.ijk_to_ras, ijk)).reshape(-1, 3)
    return correction_mm(marks, space, affine, placed).reshape(ijk.shape).astype(np.float16)


def load_heads(paths: Sequence[Path]) -> list[PreparedHead]:
    """All prepared heads of these files."""
    return [PreparedHead.load(path) for path in paths]
