"""From the volumes of a run to clean series at the places that count: smoothed, filtered, confounds taken out.

nilearn does the cleaning. Source of the steps: Fox 2013, Cash 2019 and 2021; of scrubbing Power 2012,
10.1016/j.neuroimage.2011.10.018; of aCompCor Behzadi 2007, 10.1016/j.neuroimage.2007.04.042.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import UserError
from ..progress import Progress
from ..sentences import say
from .bold import BoldRun, BoldSpace, Confounds
from .places import Places, sampler

SMOOTHING_MM = 4.0
BAND_HZ = (0.01, 0.1)
SCRUB_MM = 0.5
"""A volume that moved further than this against the one before is left out."""

_DUMMY_S = 8.0
"""Where no table tells of them, so much of the start is dropped until the signal is steady."""

_LOST = 0.25
"""A place whose signal is below this share of the grey matter's median is lost to dropout, or outside the field."""

_EMPTY = 0.5
"""A volume that is darker than this share of the median one is none of a head's."""

_SOME = 50
"""Each so manieth place tells whether data repeat themselves."""

_ALIKE, _FEWEST_ALIKE = 0.4, 30
"""Mean correlation from which data are the same (cleaned by a wrong table: 0.52; other runs: 0.13 at most), and of how
many volumes at least."""


@dataclass(frozen=True)
class RunQuality:
    """What a run is like.

    minutes        of clean data
    framewise_mm   mean framewise displacement
    tsnr_sgc       median over the SGC of mean by SD over time, unsmoothed; 0 where it is lost
    tsnr_mask      the same over the masks
    lost_sgc       share of the SGC without signal, 0..1
    lost_mask      share of the masks without signal or outside the field of view
    """

    path: str
    sha256: str
    tr_s: float
    volumes: int
    kept: int
    framewise_mm: float
    tsnr_sgc: float
    tsnr_mask: float
    lost_sgc: float
    lost_mask: float

    @property
    def minutes(self) -> float:
        """Length of the clean data."""
        return self.kept * self.tr_s / 60


@dataclass(frozen=True)
class CleanRun:
    """The clean series of one run.

    series  z-scored over time, shape (T, P), float32; 0 where there is no signal
    seen    which places have a signal, bool, shape (P,)
    """

    series: np.ndarray
    seen: np.ndarray
    quality: RunQuality


def clean_run(run: BoldRun, places: Places, sgc: np.ndarray, global_signal: bool, progress: Progress) -> CleanRun:
    """Read a run and clean it.

    sgc            indices of the places of the subgenual cingulate
    global_signal  whether the mean of the grey matter is regressed out too
    Raises UserError where most of the masks lie outside its field of view, or too little of it is still.
    """
    smooth, rough = _series(run, places, progress)
    require_alive(run.path, rough[:, places.grey])
    seen = _seen(smooth, places)
    masks = np.concatenate([np.arange(part.start, part.stop) for part in places.masks.values()])
    lost_mask = 1 - float(seen[masks].mean())
    if lost_mask > 0.5:
        raise UserError(
            "{path}: {lost_mask:.0%} of the mask lies outside what it shows; give a run of this person that"
            " covers it, and check --bold-space.",
            path=run.path,
            lost_mask=lost_mask,
        )
    confounds = run.confounds or Confounds(np.zeros((run.count, 6)), np.empty((run.count, 0)), 0)
    keep = _still(run, confounds)
    regressed = [confounds.series]
    if run.space is BoldSpace.RAW:
        regressed.append(_components(smooth[:, places.white][:, seen[places.white]]))
    if global_signal:
        regressed.append(smooth[:, places.grey][:, seen[places.grey]].mean(axis=1, keepdims=True))
    tsnr = np.where(seen, rough.mean(axis=0) / np.maximum(_detrended_sd(rough), 1e-6), 0.0)
    quality = RunQuality(
        str(run.path), run.sha256, run.tr_s, run.count, len(keep), float(confounds.framewise_mm.mean()),
        _median(tsnr[sgc][seen[sgc]]), _median(tsnr[masks][seen[masks]]), 1 - float(seen[sgc].mean()), lost_mask,
    )  # fmt: skip
    return CleanRun(_cleaned(smooth, seen, np.hstack(regressed), keep, run.tr_s), seen, quality)


def require_alive(path: Path, grey: np.ndarray) -> None:
    """Raise UserError for a run, shape (T, G), some of whose volumes are empty, or repeat the one before them."""
    level, few = grey.mean(axis=1), grey[:, ::_SOME]
    repeated = np.append(False, (few[1:] == few[:-1]).all(axis=1))
    wrong = np.flatnonzero(repeated | (level < _EMPTY * np.median(level)))
    if len(wrong):
        raise UserError(
            "{path}: {wrong} of its {volumes} volumes are empty or repeat the one before, first volume {index};"
            " convert and preprocess the run again.",
            path=path,
            wrong=len(wrong),
            volumes=len(grey),
            index=int(wrong[0]),
        )


def repeats(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two clean series, shapes (T, P) and (U, P), hold the same data, half the shorter one or more of it.

    Volumes may have been cut off, and the data smoothed or brought to another space: what counts is when the places
    rise and fall.
    """
    few = np.flatnonzero(one.any(axis=0) & other.any(axis=0))[::_SOME]
    least = max(min(len(one), len(other)) // 2, _FEWEST_ALIKE)
    whole = len(one) + len(other)
    spectra = (np.fft.rfft(each[:, few], whole, axis=0) for each in (one, other))
    together = np.fft.irfft((next(spectra) * next(spectra).conj()).sum(axis=1), whole)
    lags = np.arange(whole)
    lags[lags >= len(one)] -= whole
    overlap = np.minimum(len(one) - lags, len(other)) - np.maximum(-lags, 0)
    enough = overlap >= least
    return bool(np.any(together[enough] > _ALIKE * len(few) * overlap[enough]))


def _seen(series: np.ndarray, places: Places) -> np.ndarray:
    """Which places have a signal that changes, shape (P,)."""
    mean = series.mean(axis=0)
    usual = _median(mean[places.grey][mean[places.grey] > 0])
    return (mean > _LOST * usual) & (mean > 0) & (series.std(axis=0) > 0)


def _series(run: BoldRun, places: Places, progress: Progress) -> tuple[np.ndarray, np.ndarray]:
    """What the volumes hold at the places, smoothed and as it is, each of shape (T, P), float32."""
    import nibabel as nib
    from nilearn.image import smooth_img

    where = sampler(run.first, places.mni_mm if run.space is BoldSpace.MNI else places.ras_mm)
    smooth, rough = (np.empty((run.count, len(places.ras_mm)), np.float32) for _ in range(2))
    for index, volume in enumerate(run.volumes()):
        progress.report(index, run.count, say("reading {name}", name=run.path.name))
        image = smooth_img(nib.Nifti1Image(volume.T, run.first.ijk_to_ras), SMOOTHING_MM)
        smooth[index] = where @ np.asarray(image.dataobj, np.float32).T.reshape(-1)
        rough[index] = where @ volume.reshape(-1)
    return smooth, rough


def _still(run: BoldRun, confounds: Confounds) -> np.ndarray:
    """Numbers of the volumes that count: steady, and not moved."""
    keep = np.flatnonzero(confounds.framewise_mm <= SCRUB_MM)
    keep = keep[keep >= _dummies(run, confounds)]
    if len(keep) < max(20, 2 * confounds.series.shape[1] // 3):
        raise UserError(
            "{path}: {steady} of its {volumes} volumes are steady and without motion, which is too little;"
            " give a longer run.",
            path=run.path,
            steady=len(keep),
            volumes=run.count,
        )
    return keep


def _dummies(run: BoldRun, confounds: Confounds) -> int:
    return confounds.dummies if run.confounds and run.space is not BoldSpace.RAW else int(np.ceil(_DUMMY_S / run.tr_s))


def _components(series: np.ndarray) -> np.ndarray:
    """The five strongest components of white matter (aCompCor), shape (T, 5)."""
    from nilearn.signal import high_variance_confounds

    return high_variance_confounds(series.astype(float), n_confounds=5, percentile=100)


def _cleaned(series: np.ndarray, seen: np.ndarray, regressed: np.ndarray, keep: np.ndarray, tr_s: float) -> np.ndarray:
    """The series cleaned and z-scored, shape (len(keep), P); 0 where nothing was seen."""
    taken = np.where(seen, series - series.mean(axis=0), np.float32(0))
    cleaned = cleaning_matrix(regressed, keep, tr_s) @ taken
    cleaned -= cleaned.mean(axis=0)
    return cleaned / np.where(seen, np.maximum(cleaned.std(axis=0, ddof=1), 1e-9), np.float32(1))


def cleaning_matrix(regressed: np.ndarray, keep: np.ndarray, tr_s: float) -> np.ndarray:
    """What cleaning does to any series, float32, shape (len(keep), T).

    nilearn's steps are linear, so it does them once on a pulse at each volume; on every series of a head they take
    minutes.
    regressed  confounds, shape (T, C)
    """
    from nilearn.signal import clean

    low_hz, high_hz = BAND_HZ
    pulses = clean(
        np.eye(len(regressed)), detrend=True, standardize=None, sample_mask=keep, confounds=regressed,
        filter="butterworth", low_pass=high_hz, high_pass=low_hz, t_r=tr_s,
    )  # fmt: skip
    return pulses.astype(np.float32)


def _detrended_sd(series: np.ndarray) -> np.ndarray:
    time = np.linspace(-1, 1, len(series), dtype=np.float32)
    slope = time @ series / (time @ time)
    return np.sqrt(np.maximum(series.var(axis=0) - slope**2 * time.var(), 0))


def _median(values: np.ndarray) -> float:
    return float(np.median(values)) if len(values) else 0.0
