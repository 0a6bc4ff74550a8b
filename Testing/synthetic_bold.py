"""Resting-state fMRI made by a recipe on a real or template head, with a place in the mask that is known to answer.

Everything that moves the signal is drawn: the series of the subgenual cingulate (SGC) and its network (the group map,
bent by each person), the place in the mask that goes against it, 12 networks that have nothing to do with it, breath
and pulse, drifts, motion and its traces at edges, pink and white noise. At the SGC half the signal is lost and the
noise doubled. Percentages are of the mean signal.
"""

from dataclasses import dataclass
from pathlib import Path

import nibabel as nib
import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

from DLPFCSegmenterLib.circuit.places import linear_to_mni, tissue_shares, values_at, volume_of
from DLPFCSegmenterLib.circuit.seeds import GROUP_MAP, SGC_MNI_MM
from DLPFCSegmenterLib.geometry.spaces import transform_points
from DLPFCSegmenterLib.scan.readers import read_volume
from DLPFCSegmenterLib.scan.volume import Volume, voxel_points_ras_mm

NUISANCES, PULSES = 12, 5
NETWORK, NUISANCE, PULSE, DRIFT = 1.0, 0.25, 0.8, 1.0
MARGIN_MM = 8.0
"""In the mask, and so far around it, nothing goes with the network but the spot."""
SPOT_MM, SPOT = 5.0, 1.0
"""SD of the spot's Gaussian, and its strength against the SGC's network."""


@dataclass(frozen=True)
class Person:
    """A head with a mask. ras_from_mni 4x4; the mask bool, shape (K, J, I)."""

    scan: Volume
    mask_kji: np.ndarray
    ras_from_mni: np.ndarray


@dataclass(frozen=True)
class Recipe:
    """What is made; tsnr of a voxel of cortex, by white noise alone."""

    minutes: float = 20.0
    tsnr: float = 60.0
    effect: bool = True
    tr_s: float = 2.0
    voxel_mm: float = 3.0
    seed: int = 0


@dataclass(frozen=True)
class Made:
    """The files, and where the spot is, RAS mm of the T1, shape (3,)."""

    bold: Path
    confounds: Path
    spot_ras_mm: np.ndarray


def template_person() -> Person:
    """The template's own head in MNI space at 3 mm, with a ball of its left DLPFC as the mask.

    Its brightness is uneven, as the template is its own mirror image.
    """
    from nilearn.datasets import load_mni152_template

    scan = volume_of(load_mni152_template(resolution=3))
    uneven = gaussian_filter(np.random.default_rng(0).standard_normal(scan.array_kji.shape), 2.0)
    scan = scan.with_array((1000 * scan.array_kji / scan.array_kji.max() * (1 + 0.3 * uneven / uneven.std())).clip(0))
    points = voxel_points_ras_mm(scan, np.ones(scan.array_kji.shape, bool))
    inside = (np.linalg.norm(points - (-38, 40, 28), axis=1) < 20) & (tissue_shares(points)[0] > 0.3)
    return Person(scan, inside.reshape(scan.array_kji.shape), np.eye(4))


def make_bold(person: Person, recipe: Recipe, folder: Path, name: str = "sub-01_task-rest") -> Made:
    """Write a run as fMRIPrep does, in the T1's world. The spot and the network's bends depend on the seed alone."""
    random = np.random.default_rng(recipe.seed)
    grid = brain_grid(person, recipe.voxel_mm)
    points = voxel_points_ras_mm(grid, grid.array_kji)
    mni_mm = linear_to_mni(person.ras_from_mni)(points)
    grey = np.maximum(tissue_shares(mni_mm)[0], person.scan.with_array(person.mask_kji).values_at(points))
    spot = pick_spot(person, random)
    count = round(recipe.minutes * 60 / recipe.tr_s)
    motion = _motion(random, count)
    maps, series, pulses = _parts(person, recipe, random, grid, points, mni_mm, grey, spot, count)
    percent = series.T @ maps
    mean = _mean_image(person, points, mni_mm)
    lost = np.exp(-0.5 * (np.linalg.norm(mni_mm - SGC_MNI_MM, axis=1) / 10) ** 2)
    noise = 100 / recipe.tsnr * (1 + lost)
    percent += noise * random.standard_normal(percent.shape, dtype=np.float32)
    values = mean * (1 - 0.5 * lost) * (1 + percent / 100) + _edges(grid, mean, motion)
    table = folder / f"{name}_desc-confounds_timeseries.tsv"
    _write_table(table, motion, pulses + 0.3 * random.standard_normal(pulses.shape))
    bold = folder / f"{name}_space-T1w_desc-preproc_bold.nii"
    _write(bold, grid, values, recipe.tr_s)
    return Made(bold, table, spot)


def brain_grid(person: Person, voxel_mm: float) -> Volume:
    """A grid around the brain with axes LAS, as scanners have it; values are whether a voxel is brain."""
    corners = np.array([(-76, -110, -60), (76, 78, 88)], float)
    box = transform_points(person.ras_from_mni, np.array([corners[i, range(3)] for i in np.ndindex(2, 2, 2)]))
    low, high = box.min(axis=0), box.max(axis=0)
    shape = np.ceil((high - low) / voxel_mm).astype(int)
    matrix = np.diag([-voxel_mm, voxel_mm, voxel_mm, 1.0])
    matrix[:3, 3] = (high[0], low[1], low[2])
    empty = Volume(np.ones(shape[::-1], bool), matrix)
    share = sum(tissue_shares(linear_to_mni(person.ras_from_mni)(voxel_points_ras_mm(empty, empty.array_kji))))
    return empty.with_array((share > 0.2).reshape(shape[::-1]))


def pick_spot(person: Person, random: np.random.Generator) -> np.ndarray:
    """A voxel of the mask at random, 4 mm or more from its edge."""
    step = person.scan.spacing_mm[::-1]
    deep = gaussian_filter(person.mask_kji.astype(np.float32), 4.0 / step)
    points = voxel_points_ras_mm(person.scan, person.mask_kji & (deep > np.quantile(deep[person.mask_kji], 0.4)))
    return points[random.integers(len(points))]


def _parts(person, recipe, random, grid, points, mni_mm, grey, spot, count):
    """Maps in percent, shape (N, V), their series of SD 1, shape (N, T), and those of pulse and breath alone."""
    group = read_volume(GROUP_MAP)
    network = -values_at(group.with_array(np.nan_to_num(group.array_kji.astype(np.float32))), mni_mm)
    to_mask = cKDTree(voxel_points_ras_mm(person.scan, person.mask_kji)).query(points)[0]
    network /= np.std(network[grey > 0.3])
    network = np.where(to_mask < MARGIN_MM, 0, network + _field(random, grid, 12.0))
    sgc = np.exp(-0.5 * (np.linalg.norm(mni_mm - SGC_MNI_MM, axis=1) / 8) ** 2)
    against = np.exp(-0.5 * (np.linalg.norm(points - spot, axis=1) / SPOT_MM) ** 2)
    own = NETWORK * (0.5 * network + 1.0 * sgc) - (SPOT * against if recipe.effect else 0)
    nuisances = [NUISANCE * _field(random, grid, 15.0) for _ in range(NUISANCES)]
    pulses = [PULSE * (0.5 + _field(random, grid, 25.0)) for _ in range(PULSES)]
    drift = [DRIFT * _field(random, grid, 25.0)]
    cortex = [own * grey, *(each * grey for each in nuisances)]
    series = [_band(random, count, recipe.tr_s) for _ in cortex]
    beats = [_pink(random, count) for _ in pulses]
    slow = [np.linspace(-1, 1, count) + np.sin(np.linspace(0, random.uniform(2, 6), count))]
    return (
        np.array([*cortex, *pulses, *drift], np.float32), np.array([*series, *beats, *slow], np.float32),
        np.array(beats).T,
    )  # fmt: skip


def _field(random, grid, fwhm_mm):
    """A smooth field of SD 1 in the brain's voxels, shape (V,)."""
    field = gaussian_filter(random.standard_normal(grid.array_kji.shape), fwhm_mm / 2.355 / grid.spacing_mm[0])
    inside = field[grid.array_kji]
    return (inside - inside.mean()) / inside.std()


def _band(random, count, tr_s):
    """Noise of 0.01 to 0.1 Hz, the more of a frequency the lower it is, SD 1, shape (T,)."""
    hz = np.fft.rfftfreq(count, tr_s)
    size = np.where((hz > 0.008) & (hz < 0.12), 1 / np.sqrt(np.maximum(hz, 0.008)), 0)
    return _of_spectrum(random, size, count)


def _pink(random, count):
    hz = np.fft.rfftfreq(count)
    return _of_spectrum(random, 1 / np.sqrt(np.maximum(hz, hz[1])), count)


def _of_spectrum(random, size, count):
    turned = size * (random.standard_normal(len(size)) + 1j * random.standard_normal(len(size)))
    series = np.fft.irfft(turned, count)
    return (series - series.mean()) / series.std()


def _motion(random, count):
    """mm and radians, shape (T, 6): slow drift, breath, and a few jerks."""
    steps = random.standard_normal((count, 6)) * 0.02
    jerks = random.random(count) < 0.01
    steps[jerks] += random.standard_normal((jerks.sum(), 6)) * 0.3
    walk = np.cumsum(steps, axis=0)
    walk -= np.linspace(0, 1, count)[:, None] * walk[-1]
    return walk * ([1.0] * 3 + [0.02] * 3)


def _mean_image(person, points, mni_mm):
    """A T2*-like picture of the T1: the brighter the darker, and no less than a third."""
    t1 = values_at(person.scan.with_array(person.scan.array_kji.astype(np.float32)), points)
    return (1200 - 600 * np.clip(t1 / np.percentile(t1, 98), 0, 1.2)).astype(np.float32)


def _edges(grid, mean, motion):
    """What motion changes at edges that alignment cannot undo: a tenth of the shift along the gradient, (T, V)."""
    image = np.zeros(grid.array_kji.shape, np.float32)
    image[grid.array_kji] = mean
    slopes = np.array([slope[grid.array_kji] for slope in np.gradient(image, grid.spacing_mm[0])[::-1]])
    return 0.1 * motion[:, :3].astype(np.float32) @ slopes.astype(np.float32)


def _write_table(path, motion, pulses):
    names = ["trans_x", "trans_y", "trans_z", "rot_x", "rot_y", "rot_z"]
    names += [f"a_comp_cor_{index:02d}" for index in range(pulses.shape[1])]
    lines = ["\t".join(f"{value:.8g}" for value in row) for row in np.hstack([motion, pulses])]
    path.write_text("\n".join(["\t".join(names), *lines]) + "\n", encoding="utf-8")


def _write(path, grid, values, tr_s):
    image = np.zeros((*grid.shape_ijk, len(values)), np.int16)
    image.transpose(2, 1, 0, 3)[grid.array_kji] = np.rint(values).T
    made = nib.Nifti1Image(image, grid.ijk_to_ras)
    made.header.set_xyzt_units("mm", "sec")
    made.header["pixdim"][4] = tr_s
    made.set_sform(grid.ijk_to_ras, 1)
    made.set_qform(grid.ijk_to_ras, 1)
    nib.save(made, path)
