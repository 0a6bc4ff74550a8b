"""Where a person's head lies in a scan to learn from: pose, field of view, deformed tissue.

Lengths are mm. A scene's axes are RAS. The wide network learns from any scan as it may come, the close one from scans
that were brought into MNI axes with errors.
"""

from dataclasses import dataclass

import numpy as np
import torch

from ..geometry.spaces import ijk_to_ras_points, transform_points
from ..networks.head_network import BRAIN_MIDDLE_MNI_MM, CLOSE_SHAPE_KJI, MULTIPLE, HeadConfig
from .head_people import PreparedHead

_CLOSE_TURN_DEG, _CLOSE_SCALES, _CLOSE_SHIFT_MM = 18.0, (0.88, 1.14), 16.0
"""How far off the MNI axes may be that the close network sees: far more than they will be. One that learns that they
are nearly right leaves them as they are."""

_LARGEST_MM = 320.0
"""A field of view is no larger."""

_CUTS_MM = {"brow": (2, -1, 16, 60), "crown": (2, 1, 56, 74), "side": (0, 0, 38, 70), "front": (1, 1, 50, 85),
            "back": (1, -1, 50, 85)}  # fmt: skip
"""Of a field of view that cuts the head: RAS axis, side (0: either), and how far from the brain's middle."""

_VENTRICLES_MNI_MM = np.array([[14.0, -18.0, 16.0], [-14.0, -18.0, 16.0]])
_VENTRICLES_SIZE_MM = np.array([12.0, 26.0, 14.0])

_NECK_MM = 50.0
"""Below the scanned neck it goes on and is twice as wide after so much: shoulders."""


@dataclass(frozen=True)
class Scene:
    """What each cell of a grid shows; arrays of shape (K, J, I) with RAS axes.

    points_ras_mm  (K, J, I, 3), the place in the person
    seen           share of the cell that lies in the field of view, 0..1
    """

    points_ras_mm: np.ndarray
    seen: np.ndarray


def random_scene(rng: np.random.Generator, head: PreparedHead, config: HeadConfig) -> Scene:
    """A head as the network of this configuration may be shown it (see the module)."""
    draw = {"wide": _wide, "close": _close}[config.look]
    places, seen, person_from_scene = draw(rng, head, config.cell_mm)
    points = moved(person_from_scene, places)
    if rng.random() < 0.6:
        points += smooth_shift(rng, seen.shape, rng.uniform(0.5, 4.0))
    if rng.random() < 0.5:
        shift = ventricles_shift(rng, moved(head.mni_from_ras, points))
        points += shift @ np.linalg.inv(head.mni_from_ras)[:3, :3].T.astype(np.float32)
    if rng.random() < 0.6:
        points = _with_shoulders(head, points)
    return Scene(points, seen)


def _wide(rng: np.random.Generator, head: PreparedHead, cell_mm: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(places, seen, 4x4 to the person) of a scan in the scanner's axes; the brain's middle lies at 0."""
    linear = random_linear(rng, 52.0 if rng.random() < 0.5 else 22.0, (0.75, 1.3))
    low, high = _field_of_view(rng, float(np.cbrt(np.linalg.det(linear))))
    half = (high - low) / 2
    block_mm = MULTIPLE * cell_mm
    blocks = np.clip(np.ceil(2 * half / block_mm - 1e-6), 2, _LARGEST_MM // block_mm).astype(int)
    offsets = cell_offsets_mm(tuple((blocks * MULTIPLE)[::-1]), cell_mm)
    seen = _inside(half, tuple((blocks * MULTIPLE)[::-1]), cell_mm)
    inverse = np.linalg.inv(linear)
    middle = transform_points(np.linalg.inv(head.mni_from_ras), BRAIN_MIDDLE_MNI_MM)
    person_from_scene = np.eye(4)
    person_from_scene[:3, :3] = inverse
    person_from_scene[:3, 3] = middle
    return offsets + ((low + high) / 2).astype(np.float32), seen, person_from_scene


def _inside(half_mm: np.ndarray, shape_kji: tuple[int, int, int], cell_mm: float) -> np.ndarray:
    """Share of each cell that lies in a box around the grid's middle, (K, J, I)."""
    shares = []
    for half, count in zip(half_mm[::-1], shape_kji, strict=True):
        away = np.abs(np.arange(count) - (count - 1) / 2) * cell_mm
        shares.append(np.clip((half - away) / cell_mm + 0.5, 0.0, 1.0).astype(np.float32))
    return shares[0][:, None, None] * shares[1][:, None] * shares[2]


def _close(rng: np.random.Generator, head: PreparedHead, cell_mm: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same of a scan in MNI axes that were found with small errors, perhaps cut by planes."""
    offsets = cell_offsets_mm(CLOSE_SHAPE_KJI, cell_mm)
    jitter = np.eye(4)
    jitter[:3, :3] = random_linear(rng, _CLOSE_TURN_DEG, _CLOSE_SCALES)
    jitter[:3, 3] = BRAIN_MIDDLE_MNI_MM + rng.uniform(-_CLOSE_SHIFT_MM, _CLOSE_SHIFT_MM, 3)
    seen = np.ones(CLOSE_SHAPE_KJI, np.float32)
    for _ in range(rng.integers(4) if rng.random() < 0.6 else 0):
        axis, side, near, far = _any_cut(rng)
        normal = side * np.eye(3)[axis] + rng.normal(0.0, 0.2, 3)
        limit = rng.uniform(near, far if rng.random() < 0.5 else 120.0) * 1.05
        along = offsets @ (normal / np.linalg.norm(normal)).astype(np.float32)
        seen = seen * np.clip((limit - along) / cell_mm + 0.5, 0.0, 1.0)
    return offsets, seen.astype(np.float32), np.linalg.inv(head.mni_from_ras) @ jitter


def moved(matrix: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Points (..., 3) by a 4x4, in single precision: a hundredth of a cell is exact enough to learn from."""
    matrix = matrix.astype(np.float32)
    return points @ matrix[:3, :3].T + matrix[:3, 3]


def cell_offsets_mm(shape_kji: tuple[int, ...], cell_mm: float) -> np.ndarray:
    """Middles of the cells of a grid from the grid's own middle, x, y, z: (K, J, I, 3)."""
    offsets = np.empty((*shape_kji, 3), np.float32)
    z, y, x = np.ix_(*[((np.arange(n) - (n - 1) / 2) * cell_mm).astype(np.float32) for n in shape_kji])
    offsets[..., 0], offsets[..., 1], offsets[..., 2] = x, y, z
    return offsets


def random_linear(rng: np.random.Generator, most_deg: float, scales: tuple[float, float]) -> np.ndarray:
    """Turned about some axis by up to so much and scaled, a little differently in each direction; 3x3."""
    axis = rng.normal(0.0, 1.0, 3)
    linear = _turn(axis / np.linalg.norm(axis), np.deg2rad(rng.uniform(0.0, most_deg)))
    scale = np.exp(rng.uniform(*np.log(scales)) + rng.normal(0.0, 0.03, 3))
    return linear @ np.diag(scale) @ (np.eye(3) + rng.normal(0.0, 0.015, (3, 3)))


def _turn(axis: np.ndarray, angle: float) -> np.ndarray:
    """Rotation about a unit vector (Rodrigues' formula), 3x3."""
    x, y, z = axis
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.eye(3) + np.sin(angle) * cross + (1.0 - np.cos(angle)) * cross @ cross


def _field_of_view(rng: np.random.Generator, scale: float) -> tuple[np.ndarray, np.ndarray]:
    """Its ends from the brain's middle, RAS, each (3,)."""
    neck = 190 if rng.random() < 0.3 else 130
    low = -rng.uniform((88, 105, 85), (120, 145, neck)) * min(scale, 1.15)
    high = rng.uniform((88, 105, 85), (120, 140, 120)) * min(scale, 1.15)
    if rng.random() < 0.1:
        axis = int(rng.integers(3))
        low[axis], high[axis] = rng.permutation([-rng.uniform(70, 100), -rng.uniform(180, 230)])[0], 100.0
    for _ in range(rng.integers(1, 4) if rng.random() < 0.4 else 0):
        axis, side, near, far = _any_cut(rng)
        (high if side > 0 else low)[axis] = side * scale * rng.uniform(near, far)
    return low, high


def _any_cut(rng: np.random.Generator) -> tuple[int, int, float, float]:
    axis, side, near, far = list(_CUTS_MM.values())[rng.integers(len(_CUTS_MM))]
    return axis, side or int(rng.choice([-1, 1])), near, far


def smooth_shift(rng: np.random.Generator, shape: tuple[int, ...], size_mm: float) -> np.ndarray:
    """Shifts (K, J, I, 3) that vary smoothly over the grid."""
    coarse = torch.from_numpy(rng.normal(0.0, size_mm, (1, 3, 6, 6, 6)).astype(np.float32))
    fine = torch.nn.functional.interpolate(coarse, shape, mode="trilinear", align_corners=True)
    return fine[0].permute(1, 2, 3, 0).numpy()


def ventricles_shift(rng: np.random.Generator, points_mni_mm: np.ndarray) -> np.ndarray:
    """Shifts of points (..., 3) to the middles of the lateral ventricles (which widens them) or away, MNI mm."""
    strength = rng.uniform(-0.15, 0.55)
    shift = np.zeros_like(points_mni_mm)
    for centre in _VENTRICLES_MNI_MM.astype(np.float32):
        away = points_mni_mm - centre
        near = np.exp(-0.5 * ((away / _VENTRICLES_SIZE_MM.astype(np.float32)) ** 2).sum(axis=-1, keepdims=True))
        shift -= strength * near * away
    return shift


def _with_shoulders(head: PreparedHead, points: np.ndarray) -> np.ndarray:
    """Points below the scan show its lowest part again, wider and wider."""
    lowest = head.ijk_to_ras[2, 3] + 4.0
    below = np.clip(lowest - points[..., 2], 0.0, None)
    if not below.any():
        return points
    j, i = np.nonzero(head.tissues[1])
    if not len(i):
        return points
    centre = ijk_to_ras_points(head.ijk_to_ras, [i.mean(), j.mean(), 1.0])[:2].astype(np.float32)
    narrow = (1.0 / (1.0 + below / _NECK_MM))[..., None]
    across = np.where(below[..., None] > 0, centre + (points[..., :2] - centre) * narrow, points[..., :2])
    height = np.where(below > 0, lowest + 0.2 * np.minimum(below, 40.0), points[..., 2])
    return np.concatenate([across, height[..., None]], axis=-1).astype(np.float32)


def sampled(arrays: list[np.ndarray], ijk: np.ndarray) -> np.ndarray:
    """Values of arrays of one shape at fractional indices (K, J, I, 3), linear, 0 outside: (len(arrays), K, J, I)."""
    stack = torch.from_numpy(np.stack(arrays))[None]
    sizes = np.array(arrays[0].shape[::-1], np.float32)
    places = torch.from_numpy((2 * ijk + 1).astype(np.float32) / sizes - 1.0)[None]
    return torch.nn.functional.grid_sample(stack, places, align_corners=False)[0].numpy()


def mni_of_points(head: PreparedHead, points_ras_mm: np.ndarray) -> np.ndarray:
    """Where a person's points lie in MNI, mm, by the affine and its correction; same shape."""
    to_ijk = np.linalg.inv(head.ijk_to_ras)
    step = head.coarse_voxels
    coarse = (moved(to_ijk, points_ras_mm) - np.float32((step - 1) / 2)) / np.float32(step)
    corrections = list(np.moveaxis(head.correction_mm.astype(np.float32), -1, 0))
    shift = np.moveaxis(sampled(corrections, coarse), 0, -1)
    return moved(head.mni_from_ras, points_ras_mm) + shift
