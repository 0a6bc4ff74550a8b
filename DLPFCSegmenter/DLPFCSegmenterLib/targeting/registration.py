"""An affine from MNI space to the scan: a brain template is laid on the brain in the scan.

The template is a brain without skull and the similarity is taken inside it and in a thin ring
around it, so that whole heads and skull-stripped scans are handled alike.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from ..errors import UserError
from ..geometry.spaces import LPS_FROM_RAS
from ..volume.canonical import find_head, to_canonical, to_itk
from ..volume.volume import Volume

TEMPLATE = Path(__file__).parent / "Resources" / "mni_icbm152_t1_brain_4mm.nii.gz"
"""ICBM 152 symmetric 2009a, MNI mm; licence and source in the JSON file beside it."""

_GRID_MM = 4.0
_RING_VOXELS = [1, 1, 1]
_CENTRE_MNI_MM = np.array([0.0, -17.0, 10.0])
"""Middle of the template's brain, RAS: what rotations turn about."""

_TOP_TO_CENTRE_MM = (66.0, 74.0, 82.0)
"""Distance from the top of a brain or of a head down to the middle of the brain, candidates."""

_PITCH_DEG = (-30.0, -15.0, 0.0, 15.0, 30.0)
_ROLL_YAW_DEG = ((0.0, 0.0), (-15.0, 0.0), (15.0, 0.0), (0.0, -15.0), (0.0, 15.0))
_STARTS = 3
"""So many of the candidate starts are followed up."""

_MIN_SIMILARITY = 0.5
_MAX_ROTATION_DEG = 45.0
_SCALE_RANGE = (0.75, 1.30)


@dataclass(frozen=True)
class Registration:
    """Where MNI points lie in the scan.

    ras_from_mni  4x4, MNI mm to the scan's RAS mm
    similarity    correlation of scan and template over the brain, 0..1
    """

    ras_from_mni: np.ndarray
    similarity: float

    @property
    def rotation(self) -> np.ndarray:
        """The rotation (3x3) that is nearest to the affine: its columns are the head's axes in RAS."""
        u, _, vt = np.linalg.svd(self.ras_from_mni[:3, :3])
        return u @ vt

    @property
    def rotation_deg(self) -> float:
        """Angle by which the head is turned against the scan's axes."""
        return float(np.degrees(np.arccos(np.clip((np.trace(self.rotation) - 1.0) / 2.0, -1.0, 1.0))))

    @property
    def scales(self) -> np.ndarray:
        """Stretch along the three principal directions, shape (3,), largest first."""
        return np.linalg.svd(self.ras_from_mni[:3, :3], compute_uv=False)


def register_to_mni(volume: Volume) -> Registration:
    """Affine registration of a T1 scan, with or without skull, with the MNI template.

    Raises UserError when the result is no plausible human head: low similarity, a turn of over 45
    degrees, or a brain far smaller or larger than an adult's.
    """
    registration = best_affine(volume)
    reason = implausible(registration)
    if reason:
        raise UserError(
            f"{volume.source}: the registration with the MNI template failed ({reason}), so nothing can "
            "be estimated from anatomy; give the hotspot yourself or check that this is a T1 scan of a head."
        )
    return registration


def implausible(registration: Registration) -> str:
    """Why a registration cannot be right, in words, or '' if it may be."""
    if np.linalg.det(registration.ras_from_mni[:3, :3]) <= 0:
        return "left and right are swapped"
    if registration.similarity < _MIN_SIMILARITY:
        return f"similarity {registration.similarity:.2f}, at least {_MIN_SIMILARITY:g} expected"
    if registration.rotation_deg > _MAX_ROTATION_DEG:
        return f"head turned by {registration.rotation_deg:.0f} degrees"
    low, high = _SCALE_RANGE
    if registration.scales.min() < low or registration.scales.max() > high:
        return f"brain scaled by {registration.scales.min():.2f} to {registration.scales.max():.2f}"
    return ""


def best_affine(volume: Volume) -> Registration:
    """The affine of highest similarity from several starts, whatever its quality."""
    scan = _scan_image(volume)
    starts = _best_starts(scan, find_head(to_canonical(volume, _GRID_MM)).centre_ras_mm)
    similar = [_optimised(scan, start, shrink=2, iterations=60) for start in starts]
    best = max(similar, key=lambda pair: pair[1])[0]
    final, similarity = _optimised(scan, _as_affine(best), shrink=1, iterations=80)
    return Registration(_ras_matrix(final), similarity)


def _scan_image(volume: Volume) -> sitk.Image:
    """The scan at 4 mm, fat no brighter than white matter may be."""
    canonical = to_canonical(volume, _GRID_MM)
    bright = np.percentile(canonical.array_kji[canonical.array_kji > 0], 99.0)
    return to_itk(canonical.with_array(np.clip(canonical.array_kji, 0.0, bright)))


@lru_cache(maxsize=1)
def _template() -> tuple[sitk.Image, sitk.Image]:
    """The template and the mask in which it is compared: the brain and a ring around it."""
    image = sitk.ReadImage(str(TEMPLATE), sitk.sitkFloat32)
    return image, sitk.BinaryDilate(sitk.BinaryMorphologicalClosing(image > 0, [2, 2, 2]), _RING_VOXELS)


def _method(shrink: int) -> sitk.ImageRegistrationMethod:
    method = sitk.ImageRegistrationMethod()
    method.SetMetricAsCorrelation()
    method.SetMetricFixedMask(_template()[1])
    method.SetInterpolator(sitk.sitkLinear)
    method.SetShrinkFactorsPerLevel([shrink])
    method.SetSmoothingSigmasPerLevel([2.0 * shrink])
    return method


def _best_starts(scan: sitk.Image, top_ras_mm: np.ndarray) -> list[sitk.Transform]:
    """The most similar of a coarse grid of rigid placements, best first."""
    method = _method(shrink=2)
    scored = []
    for start in _candidates(top_ras_mm):
        method.SetInitialTransform(start, inPlace=False)
        scored.append((method.MetricEvaluate(_template()[0], scan), start))
    scored.sort(key=lambda pair: pair[0])
    return [start for _, start in scored[:_STARTS]]


def _candidates(top_ras_mm: np.ndarray) -> list[sitk.Transform]:
    centre = _CENTRE_MNI_MM * (-1, -1, 1)
    top = np.asarray(top_ras_mm) * (-1, -1, 1)
    starts = []
    for below in _TOP_TO_CENTRE_MM:
        for pitch in _PITCH_DEG:
            for roll, yaw in _ROLL_YAW_DEG:
                start = sitk.Similarity3DTransform()
                turn = sitk.Euler3DTransform()
                turn.SetRotation(*np.radians([pitch, roll, yaw]))
                start.SetCenter(centre)
                start.SetMatrix(turn.GetMatrix())
                start.SetTranslation(top - (0.0, 0.0, below) - centre)
                starts.append(start)
    return starts


def _as_affine(start: sitk.Transform) -> sitk.AffineTransform:
    affine = sitk.AffineTransform(3)
    affine.SetCenter(start.GetCenter())
    affine.SetMatrix(start.GetMatrix())
    affine.SetTranslation(start.GetTranslation())
    return affine


def _optimised(scan: sitk.Image, start: sitk.Transform, shrink: int, iterations: int) -> tuple:
    """(transform, similarity) after gradient descent from `start`."""
    method = _method(shrink)
    method.SetOptimizerAsRegularStepGradientDescent(
        learningRate=4.0, minStep=0.01, numberOfIterations=iterations, relaxationFactor=0.6
    )
    method.SetOptimizerScalesFromPhysicalShift()
    kind = type(start)
    method.SetInitialTransform(kind(start), inPlace=True)
    result = method.Execute(_template()[0], scan)
    similarity = float(np.sqrt(max(-method.GetMetricValue(), 0.0)))
    return kind(result.GetNthTransform(0) if hasattr(result, "GetNthTransform") else result), similarity


def _ras_matrix(transform: sitk.Transform) -> np.ndarray:
    """A linear ITK transform (LPS to LPS) as a 4x4 in RAS."""
    lps = np.eye(4)
    lps[:3, 3] = transform.TransformPoint((0.0, 0.0, 0.0))
    for axis in range(3):
        unit = [0.0, 0.0, 0.0]
        unit[axis] = 1.0
        lps[:3, axis] = np.array(transform.TransformPoint(unit)) - lps[:3, 3]
    return LPS_FROM_RAS @ lps @ LPS_FROM_RAS
