"""An affine from MNI space to the scan: a brain template is laid on the brain in the scan.

The template is a brain without skull and the similarity is taken inside it and in a thin ring
around it, so that whole heads and skull-stripped scans are handled alike.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from ..errors import UserError
from ..geometry.spaces import LPS_FROM_RAS, MIRROR_X, lps_to_ras, ras_to_lps, transform_points
from .canonical import find_head, resample, to_canonical, to_itk
from .origin import Origin
from .volume import Volume

TEMPLATE = Path(__file__).parent / "Resources" / "mni_icbm152_t1_brain_4mm.nii.gz"
"""ICBM 152 symmetric 2009a, MNI mm; licence and source in the JSON file beside it."""

_GRID_MM = 4.0
_BRAIN_SIGNAL = 20.0
_RING_VOXELS = [1, 1, 1]
_CENTRE_MNI_MM = np.array([0.0, -17.0, 10.0])
"""Middle of the template's brain, RAS: what rotations turn about."""

_TOP_TO_CENTRE_MM = (66.0, 74.0, 82.0)
"""Distance from the top of a brain or of a head down to the middle of the brain, candidates."""

_START_SCALE = 0.93
"""The MNI template is larger than most brains."""

_AHEAD_MM = (-15.0, 0.0, 15.0)
"""The middle of the brain against the middle of the head in y: nose and neck shift the latter."""

_PITCH_DEG = (-30.0, -15.0, 0.0, 15.0, 30.0)
_ROLL_YAW_DEG = ((0.0, 0.0), (-15.0, 0.0), (15.0, 0.0), (0.0, -15.0), (0.0, 15.0))
_STARTS = 3
"""So many of the candidate starts are followed up."""

_SMALLER = (0.9, 0.85, 0.8)
"""Where no fit is good, it is begun again with a template this much smaller."""

_EVEN_MM = 26.0
"""Brightness that changes over more than this is the coil's, not the tissue's."""

DOUBTFUL_SIMILARITY = 0.58
"""Good scans of 21 people lie above this, those registered 3 mm or more off mostly below (BENCHMARKS.md)."""

_MIN_SIMILARITY = 0.42
_MAX_ROTATION_DEG = 60.0
_SCALE_RANGE = (0.70, 1.30)


@dataclass(frozen=True)
class Registration:
    """Where MNI points lie in the scan.

    ras_from_mni  4x4, MNI mm to the scan's RAS mm
    similarity    correlation of scan and template inside the brain, -1..1, both evened out
    """

    ras_from_mni: np.ndarray
    similarity: float

    def mirrored(self) -> "Registration":
        """That of the mirrored scan (`Volume.mirrored`): the template is its own mirror image."""
        return Registration(MIRROR_X @ self.ras_from_mni @ MIRROR_X, self.similarity)

    @property
    def doubtful(self) -> bool:
        """Whether the fit is worse than on good scans."""
        return self.similarity < DOUBTFUL_SIMILARITY

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


def require_plausible(registration: Registration, volume: Volume) -> None:
    """Raise UserError when a registration of `volume` is no plausible human head.

    That is: low similarity, a turn of over 60 degrees, or a brain far smaller or larger than an adult's.
    """
    reason = implausible(registration)
    if reason:
        raise UserError(
            f"{volume.source}: the registration with the MNI template failed ({reason}), so nothing can "
            "be estimated from anatomy; give the hotspot yourself or check that this is a T1 scan of a head."
        )


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
    """The affine of highest similarity from several starts, whatever its quality.

    Uneven brightness is divided out first: a coil three times as sensitive in front as behind moves the
    frontal lobe by 5 mm otherwise. Where that fits badly (it does where air is not dark) the scan is
    taken as it is too; and where a bright rim drew the template out to the scalp, it is laid inside
    once more, smaller. The best of all is given.
    """
    scan = _without_bright_fat(to_canonical(volume, _GRID_MM))
    evened = _evened(scan)
    found: list[Registration] = []
    for shown, shrinkage in ((evened, 1.0), (scan, 1.0), *((evened, s) for s in _SMALLER)):
        found.append(_registered(shown, scan, shrinkage))
        if not found[-1].doubtful:
            break
    return max(found, key=lambda each: each.similarity)


def _registered(shown: Volume, scan: Volume, shrinkage: float) -> Registration:
    """The affine found on one picture of a scan, judged on the scan; `shrinkage` of the rough placement's size."""
    image = to_itk(shown)
    rough = [_optimised(image, start, shrink=2, iterations=40) for start in _best_starts(shown)]
    best = max(rough, key=lambda pair: pair[1])[0]
    first, _ = _optimised(image, _as_affine(best, shrinkage), shrink=1, iterations=60)
    final, _ = _optimised(_brain_only(image, first), first, shrink=1, iterations=40)
    matrix = _ras_matrix(final)
    return Registration(matrix, _similarity_inside(scan, matrix))


def _similarity_inside(scan: Volume, ras_from_mni: np.ndarray) -> float:
    """Correlation over the part of the brain that was scanned, both brains evened out.

    The brain's outline, which any bright blob has, and a slowly changing brightness do not count.
    """
    brain = template_brain()
    template = _template()[0]
    grid = Volume(brain.array_kji, ras_from_mni @ brain.ijk_to_ras)
    everywhere = scan.with_array(np.ones_like(scan.array_kji))
    inside = brain.array_kji & (resample(everywhere, grid).array_kji > 0.5)
    if np.count_nonzero(inside) < 0.4 * np.count_nonzero(brain.array_kji):
        return 0.0
    placed = _even(resample(scan, grid).array_kji, inside)[inside]
    expected = _even(sitk.GetArrayViewFromImage(template), inside)[inside]
    return float(np.corrcoef(placed, expected)[0, 1]) if np.ptp(placed) else 0.0


def _even(values_kji: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Values against their weighted mean in the surroundings, counting `inside` alone."""
    surroundings = _blurred(values_kji * inside) / np.maximum(_blurred(inside), 1e-2)
    return values_kji / np.maximum(surroundings, 1e-6)


def _blurred(values_kji: np.ndarray) -> np.ndarray:
    image = sitk.GetImageFromArray(values_kji.astype(np.float32))
    return sitk.GetArrayFromImage(sitk.SmoothingRecursiveGaussian(image, _EVEN_MM / _GRID_MM))


def _evened(scan: Volume) -> Volume:
    """The scan with a slowly changing brightness divided out; air, which has none, stays dark."""
    values = scan.array_kji
    inside = values > 0.02 * values.max()
    surroundings = _blurred(values * inside) / np.maximum(_blurred(inside), 1e-2)
    inside &= values > 0.35 * surroundings
    return scan.with_array(np.where(inside, np.clip(_even(values, inside), 0.0, 2.0), 0.0).astype(np.float32))


def _without_bright_fat(scan: Volume) -> Volume:
    bright = np.percentile(scan.array_kji[scan.array_kji > 0], 99.0)
    return scan.with_array(np.clip(scan.array_kji, 0.0, bright))


def _brain_only(scan: sitk.Image, scan_from_template: sitk.AffineTransform) -> sitk.Image:
    """The scan without what a first registration puts outside the brain: skull, fat and face.

    With it the second registration sees whole heads nearly as it sees stripped ones: over three people
    seen both ways it moved frontal and motor points by 1.7 to 3.6 mm (without it, 2.5 to 5.8 mm).
    """
    inverse = scan_from_template.GetInverse()
    return sitk.Mask(scan, sitk.Resample(_template()[1], scan, inverse, sitk.sitkNearestNeighbor))


@lru_cache(maxsize=1)
def _template() -> tuple[sitk.Image, sitk.Image]:
    """The template and the mask in which it is compared: the brain and a ring around it."""
    image = sitk.ReadImage(str(TEMPLATE), sitk.sitkFloat32)
    return image, sitk.BinaryDilate(sitk.BinaryMorphologicalClosing(image > 0, [2, 2, 2]), _RING_VOXELS)


def template_brain() -> Volume:
    """The brain of the template, bool, in MNI mm."""
    image = _template()[0]
    matrix = np.eye(4)
    matrix[:3, :3] = _direction(image) * image.GetSpacing()
    matrix[:3, 3] = image.GetOrigin()
    return Volume(sitk.GetArrayFromImage(image) > _BRAIN_SIGNAL, LPS_FROM_RAS @ matrix, Origin(TEMPLATE.name))


def _method(shrink: int) -> sitk.ImageRegistrationMethod:
    method = sitk.ImageRegistrationMethod()
    method.SetMetricAsCorrelation()
    method.SetMetricFixedMask(_template()[1])
    method.SetInterpolator(sitk.sitkLinear)
    method.SetShrinkFactorsPerLevel([shrink])
    method.SetSmoothingSigmasPerLevel([2.0 * shrink])
    return method


def _best_starts(scan: Volume) -> list[sitk.Transform]:
    """The most similar of a coarse grid of rigid placements, best first."""
    points_lps_mm, values = _template_samples()
    scored = []
    for start in _candidates(find_head(scan).centre_ras_mm):
        placed = lps_to_ras(transform_points(_lps_matrix(start), points_lps_mm))
        scored.append((float(np.corrcoef(values, scan.values_at(placed))[0, 1]), start))
    scored.sort(key=lambda pair: -pair[0])
    return [start for _, start in scored[:_STARTS]]


def _template_samples() -> tuple[np.ndarray, np.ndarray]:
    """Every eighth voxel of the template's mask: points in LPS mm, shape (N, 3), and values."""
    image, mask = _template()
    ijk = np.argwhere(sitk.GetArrayViewFromImage(mask)[::2, ::2, ::2])[:, ::-1] * 2
    values = sitk.GetArrayViewFromImage(image)[tuple(ijk[:, ::-1].T)]
    return ijk * np.array(image.GetSpacing()) @ _direction(image).T + image.GetOrigin(), values


def _direction(image: sitk.Image) -> np.ndarray:
    return np.reshape(image.GetDirection(), (3, 3))


def _candidates(top_ras_mm: np.ndarray) -> Iterator[sitk.Similarity3DTransform]:
    """Placements of the template (LPS) with its middle below the top of the head, turned about it."""
    centre = ras_to_lps(_CENTRE_MNI_MM)
    for below, ahead, pitch, (roll, yaw) in itertools.product(_TOP_TO_CENTRE_MM, _AHEAD_MM, _PITCH_DEG, _ROLL_YAW_DEG):
        turn = sitk.Euler3DTransform()
        turn.SetRotation(*np.radians([pitch, roll, yaw]))
        start = sitk.Similarity3DTransform()
        start.SetCenter(centre)
        start.SetMatrix(turn.GetMatrix())
        start.SetScale(_START_SCALE)
        start.SetTranslation(ras_to_lps(top_ras_mm + np.array([0.0, ahead, -below])) - centre)
        yield start


def _as_affine(start: sitk.Similarity3DTransform, shrinkage: float) -> sitk.AffineTransform:
    affine = sitk.AffineTransform(3)
    affine.SetCenter(start.GetCenter())
    affine.SetMatrix((shrinkage * np.array(start.GetMatrix())).tolist())
    affine.SetTranslation(start.GetTranslation())
    return affine


def _optimised(scan: sitk.Image, start: sitk.Transform, shrink: int, iterations: int) -> tuple:
    """(transform, similarity) after gradient descent from `start`."""
    method = _method(shrink)
    rigid = isinstance(start, sitk.Similarity3DTransform)
    method.SetOptimizerAsRegularStepGradientDescent(
        learningRate=4.0 if rigid else 1.0, minStep=0.01, numberOfIterations=iterations, relaxationFactor=0.6
    )
    method.SetOptimizerScalesFromPhysicalShift()
    if rigid:
        method.SetOptimizerWeights([1, 1, 1, 1, 1, 1, 0])  # size is left to the affine
    result = type(start)(start)
    method.SetInitialTransform(result, inPlace=True)
    try:
        method.Execute(_template()[0], scan)
    except RuntimeError:  # the template left the scan: this start leads nowhere
        return type(start)(start), 0.0
    return result, float(np.sqrt(max(-method.GetMetricValue(), 0.0)))


def _ras_matrix(transform: sitk.Transform) -> np.ndarray:
    """A linear ITK transform (LPS to LPS) as a 4x4 in RAS."""
    return LPS_FROM_RAS @ _lps_matrix(transform) @ LPS_FROM_RAS


def _lps_matrix(transform: sitk.Transform) -> np.ndarray:
    matrix = np.eye(4)
    matrix[:3, 3] = transform.TransformPoint((0.0, 0.0, 0.0))
    for axis, unit in enumerate(np.eye(3)):
        matrix[:3, axis] = np.array(transform.TransformPoint(unit)) - matrix[:3, 3]
    return matrix
