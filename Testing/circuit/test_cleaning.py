import numpy as np
from nilearn.signal import clean

from DLPFCSegmenterLib.circuit.cleaning import BAND_HZ, cleaning_matrix


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
