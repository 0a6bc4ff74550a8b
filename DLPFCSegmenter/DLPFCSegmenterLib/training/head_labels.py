"""What the two kinds of label maps of heads call their structures: DLMUSE's numbers and FreeSurfer's.

Sources: MUSE's list of regions; FreeSurferColorLUT.txt; SynthSeg's training label maps (numbers above 500 are tissues
outside the brain).
"""

import numpy as np

AIR, WHITE, CORTEX, DEEP, VENTRICLE, FLUID, CEREBELLUM, CEREBELLAR_WHITE, STEM = range(9)
"""Tissues that are painted alike, by number; those outside the brain follow from `OUTSIDE` on."""

OUTSIDE = 9
TISSUES = 16

OUTSIDE_BRAIN = 500
"""FreeSurfer numbers from here on lie outside the brain."""

FREESURFER_FLUID = 24

_DLMUSE = {
    FLUID: (1,),
    VENTRICLE: (4, 11, 49, 50, 51, 52),
    CEREBELLUM: (38, 39, 71, 72, 73),
    CEREBELLAR_WHITE: (40, 41),
    STEM: (35, 61, 62),
    WHITE: (*range(81, 96), 69),
    DEEP: (23, 30, 31, 32, 36, 37, 47, 48, 55, 56, 57, 58, 59, 60, 75, 76),
}

_FREESURFER = {
    WHITE: (2, 41, 25, 57, 77, 85, 251, 252, 253, 254, 255),
    CORTEX: (3, 42),
    VENTRICLE: (4, 5, 14, 15, 43, 44, 72),
    FLUID: (24,),
    CEREBELLUM: (8, 47),
    CEREBELLAR_WHITE: (7, 46),
    STEM: (16, 28, 60),
    DEEP: (10, 11, 12, 13, 17, 18, 26, 49, 50, 51, 52, 53, 54, 58, 136, 137, 163, 164, 30, 62),
}

TWINS = {
    10: 60, 49: 59, 11: 37, 50: 36, 12: 58, 51: 57, 13: 56, 52: 55, 17: 48, 53: 47, 18: 32, 54: 31, 16: 35,
    28: 62, 60: 61, 8: 39, 47: 38, 7: 41, 46: 40,
}  # fmt: skip
"""The structures that both number: FreeSurfer's number to DLMUSE's."""


def dlmuse_tissues() -> np.ndarray:
    """Tissue of each DLMUSE number 0..255."""
    table = _table(_DLMUSE, 256)
    table[100:256] = CORTEX
    return table


def freesurfer_tissues() -> np.ndarray:
    """Tissue of each number 0..599 of a head's label map; outside the brain each kind has one of a few."""
    table = _table(_FREESURFER, 600)
    kinds = np.arange(OUTSIDE_BRAIN, 600)
    table[kinds] = OUTSIDE + kinds % (TISSUES - OUTSIDE)
    return table


def _table(numbers: dict[int, tuple[int, ...]], size: int) -> np.ndarray:
    table = np.full(size, DEEP, np.uint8)
    table[0] = AIR
    for tissue, members in numbers.items():
        table[list(members)] = tissue
    return table


def is_cerebrum(tissues: np.ndarray) -> np.ndarray:
    """Where a map of tissues shows cortex, white matter or deep grey matter."""
    return np.isin(tissues, (WHITE, CORTEX, DEEP))
