"""A scan of the MNI template's own brain, in any pose."""

import numpy as np
import SimpleITK as sitk

from DLPFCSegmenterLib.geometry import spaces
from DLPFCSegmenterLib.scan.head_frame import TEMPLATE
from DLPFCSegmenterLib.scan.origin import Origin
from DLPFCSegmenterLib.scan.volume import Volume


def template_scan(ras_from_mni: np.ndarray | None = None, spacing_mm: float = 3.0) -> Volume:
    """The template's brain seen by a scanner after an affine (4x4, MNI to RAS mm)."""
    affine = np.eye(4) if ras_from_mni is None else ras_from_mni
    lps = spaces.LPS_FROM_RAS @ np.linalg.inv(affine) @ spaces.LPS_FROM_RAS
    transform = sitk.AffineTransform(lps[:3, :3].ravel(), lps[:3, 3])
    matrix = np.diag([spacing_mm] * 3 + [1.0])
    matrix[:3, 3] = spaces.transform_points(affine, [0.0, -17.0, 10.0]) - 105.0
    grid = sitk.Image([int(210 / spacing_mm)] * 3, sitk.sitkFloat32)
    origin, spacing, direction = spaces.itk_geometry(matrix)
    grid.SetOrigin(origin)
    grid.SetSpacing(spacing)
    grid.SetDirection(direction)
    image = sitk.Resample(sitk.ReadImage(str(TEMPLATE), sitk.sitkFloat32), grid, transform, sitk.sitkLinear, 0.0)
    return Volume(sitk.GetArrayFromImage(image), matrix, Origin("template scan"))
