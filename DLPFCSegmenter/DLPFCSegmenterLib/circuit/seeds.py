"""The time series of the subgenual cingulate (SGC), with which every place is correlated."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import UserError
from ..scan.readers import read_volume
from ..scan.volume import Volume
from .places import Places, values_at

SGC_MNI_MM = (6.0, 16.0, -10.0)
SGC_RADIUS_MM = 10.0
"""Fox 2012, 10.1016/j.biopsych.2012.04.028."""

GROUP_MAP = Path(__file__).parent / "Resources" / "tms_site_connectivity_mni2mm.nii.gz"
"""Normative connectivity of an effective DLPFC site, MNI mm; licence and source in the JSON file beside it. It finds
its own seed, so it says nothing of where to stimulate: its sign turned, it weights the network of the SGC."""

_SITES_LEFT_MNI_MM = ((-36, 39, 43), (-44, 40, 29), (-41, 16, 54), (-37, 26, 49))
_SITE_RADIUS_MM = 20.0
"""The search region of the depression studies (BA9, BA46, 5-cm site, F3), in which no weight may lie."""

_FEWEST_PLACES = 10


@dataclass(frozen=True)
class SeedSignal:
    """What every place is correlated with.

    series  z-scored over all clean volumes, shape (T,)
    places  how many places it is made of
    """

    series: np.ndarray
    places: int


def sgc_places(places: Places) -> np.ndarray:
    """Which grey places lie in the sphere of the SGC, indices."""
    away = np.linalg.norm(places.mni_mm[places.grey] - SGC_MNI_MM, axis=1)
    return np.flatnonzero(away <= SGC_RADIUS_MM)


def sphere_seed(series: np.ndarray, seen: np.ndarray, sgc: np.ndarray) -> SeedSignal:
    """Mean of the SGC's places that have a signal; series of shape (T, P). Raises UserError where too few have."""
    used = sgc[seen[sgc]]
    if len(used) < _FEWEST_PLACES:
        raise UserError(
            "The subgenual cingulate is lost to dropout: {used} of its {places} places have a signal; use the"
            " seed map (--circuit-seed map).",
            used=len(used),
            places=len(sgc),
        )
    return _seed(series[:, used].mean(axis=1), len(used))


def map_seed(series: np.ndarray, seen: np.ndarray, weights: np.ndarray) -> SeedSignal:
    """Mean of the whole brain's grey matter weighted by a map, weights of shape (G,)."""
    weighted = np.where(seen[: len(weights)], weights, 0).astype(np.float32)
    used = int(np.count_nonzero(weighted))
    if used < _FEWEST_PLACES:
        raise UserError("The group map gives no place of the brain a weight; give one in MNI mm (--group-map).")
    return _seed(series[:, : len(weights)] @ weighted, used)


def map_weights(places: Places, path: Path | None = None) -> np.ndarray:
    """Weights of the SGC's network at the grey places, shape (G,), 0 in the search region and the masks.

    path  a map in MNI mm that is positive where the brain goes with the SGC; None: the shipped one
    """
    mni_mm = places.mni_mm[places.grey]
    weights = values_at(_map(path), mni_mm) * (-1.0 if path is None else 1.0)
    both = np.abs(mni_mm) * (-1, 0, 0) + mni_mm * (0, 1, 1)
    away = np.min([np.linalg.norm(both - site, axis=1) for site in _SITES_LEFT_MNI_MM], axis=0)
    return np.where((away <= _SITE_RADIUS_MM) | places.in_masks, 0.0, weights)


def _map(path: Path | None) -> Volume:
    volume = read_volume(path or GROUP_MAP)
    values = np.nan_to_num(volume.array_kji.astype(np.float32))
    return volume.with_array(values)


def _seed(mean: np.ndarray, used: int) -> SeedSignal:
    spread = mean.std()
    if not spread > 0:
        raise UserError("The seed has no signal; check the fMRI.")
    return SeedSignal(((mean - mean.mean()) / spread).astype(np.float32), used)
