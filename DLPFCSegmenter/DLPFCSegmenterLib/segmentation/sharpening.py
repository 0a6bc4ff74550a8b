"""Takes the blur off a network's answers that labels have on their way to it, and answers on their way to a scan.

A linear interpolation between voxels of h mm adds h^2 / 6 to the variance of what it shows, along each axis, wherever
between them it is asked. A network learns labels that came so from their voxels to its grid, and its answers go so from
its grid to a scan's: too much for a ribbon of cortex that is two voxels thick. Van Cittert's iteration takes it off
(Zum Einfluss der Spaltbreite auf die Intensitaetsverteilung in Spektrallinien II, Zeitschrift fuer Physik 69, 1931).
"""

import numpy as np
import SimpleITK as sitk

from ..scan.volume import Volume

_ROUNDS = 3
"""More wins nothing on `val` (BENCHMARKS.md)."""


def sharpened(probability: Volume, label_mm: float) -> Volume:
    """Probabilities (0..1, isotropic voxels) of a region that was learnt from labels of so large voxels, sharpened."""
    variance_mm2 = (label_mm**2 + probability.spacing_mm[0] ** 2) / 6.0
    told = probability.array_kji
    sharp = told
    for _ in range(_ROUNDS if label_mm else 0):
        sharp = sharp + told - _blurred(probability.with_array(sharp), variance_mm2)
    return probability.with_array(np.clip(sharp, 0.0, 1.0))


def _blurred(volume: Volume, variance_mm2: float) -> np.ndarray:
    image = sitk.GetImageFromArray(volume.array_kji)
    image.SetSpacing(volume.spacing_mm.tolist())
    return sitk.GetArrayFromImage(sitk.DiscreteGaussian(image, variance_mm2))
