"""Masks that a person corrected, with their scan, as files to train on.

    NAME_T1w.nii.gz          the scan
    NAME_dlpfc.nii.gz        on the same grid 1 in the left region, 2 in the right one, else 0
    NAME_insula_mask.nii.gz  the same of another region

A side without a mask was not corrected: nothing is known of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..errors import UserError
from ..files import write_whole
from ..labels.splits import MASK_VALUES, T1_ENDING, mask_ending, scan_name
from ..scan.canonical import to_itk
from ..scan.pixels import compact
from ..scan.volume import Volume
from ..sentences import both
from ..terminology import DLPFC
from .formats.masks import write_image
from .sides import require_each_on_its_side


@dataclass(frozen=True)
class Correction:
    """What is saved, and where.

    masks_kji  hemisphere -> mask on the scan's grid, bool (K, J, I)
    name       of the scan in the folder, without its ending
    replace    whether files of this name may be replaced
    regions    hemisphere -> what its region is called, of one that is not the DLPFC
    """

    masks_kji: dict[str, np.ndarray]
    folder: Path
    name: str
    replace: bool = False
    regions: Mapping[str, str] = field(default_factory=dict)

    @property
    def files(self) -> tuple[Path, ...]:
        """Scan, and a mask of each region; of a name that says already that it is a T1, this is not said twice."""
        stem = scan_name(Path(self.name))
        return tuple(self.folder / f"{stem}{ending}" for ending in (T1_ENDING, *map(mask_ending, self.masks_by_region)))

    @property
    def masks_by_region(self) -> dict[str, dict[str, np.ndarray]]:
        """Region -> hemisphere -> mask."""
        found: dict[str, dict[str, np.ndarray]] = {}
        for side, mask in self.masks_kji.items():
            found.setdefault(self.regions.get(side, DLPFC), {})[side] = mask
        return found


def write_correction(scan: Volume, correction: Correction) -> tuple[Path, ...]:
    """Write all files, which appear only once they are whole; returns their paths.

    Raises UserError for a folder that cannot be written into, and for files that are there already
    where they may not be replaced, and for masks that lie on each other's side.
    """
    require_each_on_its_side(scan, correction.masks_kji)
    paths = correction.files
    there = [path.name for path in paths if path.exists()]
    if there and not correction.replace:
        raise UserError(
            "{folder}: holds {there} already; nothing was written.", folder=correction.folder, there=both(there)
        )
    masks = map(_labels, correction.masks_by_region.values())
    volumes = [scan.with_array(array) for array in (compact(scan.array_kji), *masks)]
    try:
        # A folder that is not there is no place to save in: strict.
        with write_whole(correction.folder.resolve(strict=True)) as fresh:
            for path, volume in zip(paths, volumes, strict=True):
                write_image(to_itk(volume), fresh / path.name)
    except OSError as error:
        raise UserError(
            "{folder}: cannot be written; make room there or choose another folder.", folder=correction.folder
        ) from error
    return paths


def _labels(masks_kji: dict[str, np.ndarray]) -> np.ndarray:
    labels = [np.where(mask, MASK_VALUES[side], 0).astype(np.uint8) for side, mask in masks_kji.items()]
    return np.maximum.reduce(labels)
