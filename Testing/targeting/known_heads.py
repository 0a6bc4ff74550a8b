"""Heads whose scalp is known exactly: ellipsoids as meshes, and as scans with skin, skull and brain."""

import numpy as np
import vtk
from vtk.util.numpy_support import numpy_to_vtk

from DLPFCSegmenterLib.geometry import spaces
from DLPFCSegmenterLib.scan.origin import Origin
from DLPFCSegmenterLib.scan.volume import Volume
from DLPFCSegmenterLib.targeting.scalp import CUT_ARRAY, Scalp

RADII_MM = np.array([78.0, 98.0, 92.0])
CENTRE_RAS_MM = np.array([3.0, -18.0, 5.0])


def ellipsoid_scalp(radii_mm=RADII_MM, centre_ras_mm=CENTRE_RAS_MM, resolution: int = 200) -> Scalp:
    """A mesh of an ellipsoid, as fine as a real head's, with outward normals and no cut faces."""
    sphere = vtk.vtkSphereSource()
    sphere.SetRadius(1.0)
    sphere.SetThetaResolution(resolution)
    sphere.SetPhiResolution(resolution)
    stretch = vtk.vtkTransform()
    stretch.Translate(*map(float, centre_ras_mm))
    stretch.Scale(*map(float, radii_mm))
    mesh = vtk.vtkTransformPolyDataFilter()
    mesh.SetTransform(stretch)
    mesh.SetInputConnection(sphere.GetOutputPort())
    mesh.Update()
    surface = mesh.GetOutput()
    cut = numpy_to_vtk(np.zeros(surface.GetNumberOfPoints(), np.uint8), deep=True)
    cut.SetName(CUT_ARRAY)
    surface.GetPointData().AddArray(cut)
    return Scalp(surface, "ellipsoid")


def ellipsoid_scan(skull: bool = True, spacing_mm: float = 1.5, floor_mm: float = -75.0) -> Volume:
    """A scan of the ellipsoid head with 6 mm of skin and fat, 7 mm of skull and a brain; cut at `floor_mm`.

    Without a skull the brain alone is left, on exact zeros.
    """
    reach = RADII_MM + 14.0
    low = np.array([-reach[0], -reach[1], floor_mm]) + CENTRE_RAS_MM
    shape = np.ceil((CENTRE_RAS_MM + reach - low) / spacing_mm).astype(int)
    matrix = np.diag([spacing_mm] * 3 + [1.0])
    matrix[:3, 3] = low
    k, j, i = np.meshgrid(*[np.arange(n) for n in shape[::-1]], indexing="ij")
    depth = _depth_mm(spaces.ijk_to_ras_points(matrix, np.stack([i, j, k], axis=-1)))
    skin = 180.0 * (_ramp(depth, spacing_mm) - _ramp(depth - 6.0, spacing_mm)) if skull else 0.0
    bone = 15.0 * (_ramp(depth - 6.0, spacing_mm) - _ramp(depth - 13.0, spacing_mm)) if skull else 0.0
    brain = 130.0 * _ramp(depth - 13.0, spacing_mm)
    return Volume((skin + bone + brain).astype(np.float32), matrix, Origin("ellipsoid scan"))


def _depth_mm(points: np.ndarray) -> np.ndarray:
    """Depth below the ellipsoid, to first order: exact on it and near enough 15 mm below it."""
    unit = (points - CENTRE_RAS_MM) / RADII_MM
    level = np.linalg.norm(unit, axis=-1)
    slope = np.linalg.norm(unit / RADII_MM, axis=-1) / np.maximum(level, 1e-6)
    return (1.0 - level) / np.maximum(slope, 1e-6)


def _ramp(depth_mm: np.ndarray, voxel_mm: float) -> np.ndarray:
    """Share of a voxel that lies deeper than 0, for a voxel centre at `depth_mm`."""
    return np.clip(depth_mm / voxel_mm + 0.5, 0.0, 1.0)


def turned_deg(one: np.ndarray, other: np.ndarray) -> float:
    """Angle by which one pose is turned against another."""
    cosine = (np.trace(one[:3, :3].T @ other[:3, :3]) - 1.0) / 2.0
    return float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))
