from pathlib import Path

import numpy as np
import pytest
from nilearn.signal import clean

from DLPFCSegmenterLib.circuit.cleaning import BAND_HZ, cleaning_matrix, repeats, require_alive
from DLPFCSegmenterLib.errors import UserError


def test_one_matrix_does_to_every_series_what_nilearn_does_to_each():
    random = np.random.default_rng(0)
    series = 1000 + np.cumsum(random.standard_normal((240, 30)), axis=0)
    confounds = random.standard_normal((240, 12))
    keep = np.setdiff1d(np.arange(4, 240), [50, 51, 120, 239])
    low_hz, high_hz = BAND_HZ
    one_by_one = clean(
        series, detrend=True, standardize=None, sample_mask=keep, confounds=confounds,
        filter="butterworth", low_pass=high_hz, high_pass=low_hz, t_r=2.0,
    )  # fmt: skip
    at_once = cleaning_matrix(confounds, keep, 2.0) @ (series - series.mean(axis=0))
    np.testing.assert_allclose(at_once, one_by_one, atol=1e-4 * one_by_one.std())


def scanned(count=300, seed=0):
    """Clean series of 40 smooth places, z-scored, shape (T, 2000), many of them alike."""
    random = np.random.default_rng(seed)
    smooth = np.apply_along_axis(np.convolve, 0, random.standard_normal((count + 4, 40)), np.ones(5), "valid")
    series = np.repeat(smooth, 50, axis=1) + random.standard_normal((count, 2000))
    return (series - series.mean(axis=0)) / series.std(axis=0)


@pytest.mark.parametrize(
    "change",
    [
        lambda run: run,
        lambda run: run[40:],
        lambda run: run[:-120],
        lambda run: np.concatenate([scanned(80, 5), run]),
        lambda run: run + 0.5 * scanned(seed=1),
        lambda run: np.where(np.arange(2000) % 3, run, 0),
    ],
)
def test_the_same_data_are_known_again_cut_longer_noisier_or_seen_in_part(change):
    run = scanned()
    assert repeats(run, change(run)) and repeats(change(run), run)


@pytest.mark.parametrize("seed", range(1, 6))
def test_other_data_of_the_same_places_repeat_nothing(seed):
    assert not repeats(scanned(), scanned(seed=seed)) and not repeats(scanned(20), scanned(20))
    assert not repeats(*np.array_split(scanned(seed=seed), 2))


def test_a_run_that_holds_its_first_half_twice_repeats_itself():
    assert repeats(*np.array_split(np.tile(scanned(150), (2, 1)), 2))
    assert repeats(*np.array_split(np.tile(scanned(100), (3, 1)), 2))


@pytest.mark.parametrize(
    ("part", "as_what", "words"),
    [
        (slice(200, None), "empty", "100 of its 300 volumes .* first volume 200"),
        (slice(17, 18), "empty", "1 of its 300 volumes .* first volume 17"),
        (slice(200, None), "repeated", "99 of its 300 volumes .* first volume 201"),
        (slice(0, None), "repeated", "299 of its 300 volumes .* first volume 1"),
    ],
)
def test_a_run_with_empty_or_repeated_volumes_is_refused(part, as_what, words):
    grey = 1000 + scanned()
    require_alive(Path("bold.nii"), grey)
    grey[part] = 0 if as_what == "empty" else grey[part][0]
    with pytest.raises(UserError, match=words):
        require_alive(Path("bold.nii"), grey)
