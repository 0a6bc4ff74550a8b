"""Outlines of pixel masks as polygons, the one way for RT-STRUCT files and for annotations."""

from typing import Any

import numpy as np


def mask_outlines(mask_ji: np.ndarray) -> list[np.ndarray]:
    """Polygons around a mask of one slice (bool, shape (J, I)): (i, j) in voxels, shape (N, 2), not closed.

    One for each component (voxels that share an edge), halfway between the centres of voxels inside and outside, so
    that filling it at the centres gives the mask again. A hole is joined to its outer border by a slit without width
    ('keyhole', DICOM PS3.3 C.8.8.6.3), as neither RT-STRUCT nor VIA has shapes with holes.
    """
    from contourpy import FillType, contour_generator

    padded = np.pad(mask_ji.astype(float), 1)
    generator = contour_generator(z=padded, name="serial", fill_type=FillType.OuterOffset)
    filled: Any = generator.filled(0.5, np.inf)  # its type depends on the kind of filling
    return [_join_holes(_rings(points - 1, ends)) for points, ends in zip(*filled, strict=True)]


def _rings(points: np.ndarray, offsets: np.ndarray) -> list[np.ndarray]:
    return [_without_straight_vertices(ring[:-1]) for ring in np.split(points, offsets[1:-1])]


def _without_straight_vertices(ring: np.ndarray) -> np.ndarray:
    before = ring - np.roll(ring, 1, axis=0)
    after = np.roll(ring, -1, axis=0) - ring
    return ring[np.abs(before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]) > 1e-9]


def _join_holes(rings: list[np.ndarray]) -> np.ndarray:
    outer = rings[0]
    for hole in rings[1:]:
        gaps = np.linalg.norm(outer[:, None] - hole[None], axis=2)
        at, start = np.unravel_index(np.argmin(gaps), gaps.shape)
        around = np.roll(hole, -start, axis=0)
        outer = np.concatenate([outer[: at + 1], around, around[:1], outer[at:]])
    return outer
