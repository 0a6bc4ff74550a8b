"""Surfaces of VTK: made from voxels, smoothed, moved, and their points as numbers."""

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy

from ..geometry.spaces import MIRROR_X
from . import vtk_geometry as vtk


def points_of(surface: vtk.vtkPolyData) -> np.ndarray:
    """The points of a surface, shape (N, 3); shares its memory."""
    return vtk_to_numpy(surface.GetPoints().GetData())


def normals_of(surface: vtk.vtkPolyData) -> np.ndarray:
    """The unit normals at the points of a surface, shape (N, 3); shares its memory."""
    return vtk_to_numpy(surface.GetPointData().GetNormals())


def level_set(array_kji: np.ndarray, level: float) -> vtk.vtkPolyData:
    """The surface where an array, shape (K, J, I), crosses a level, in voxel indices (i, j, k).

    It is closed where the array is below the level all around its border.
    """
    image = vtk.vtkImageData()
    image.SetDimensions(*reversed(array_kji.shape))
    image.GetPointData().SetScalars(numpy_to_vtk(array_kji.ravel(), deep=True))
    contour = vtk.vtkFlyingEdges3D()
    contour.SetInputData(image)
    contour.SetValue(0, level)
    contour.ComputeNormalsOff()
    contour.ComputeScalarsOff()
    contour.Update()
    return contour.GetOutput()


def moved(surface: vtk.vtkPolyData, matrix: np.ndarray) -> vtk.vtkPolyData:
    """The surface under an affine (4x4)."""
    transform = vtk.vtkTransform()
    transform.SetMatrix(np.asarray(matrix, float).ravel())
    mover = vtk.vtkTransformPolyDataFilter()
    mover.SetTransform(transform)
    mover.SetInputData(surface)
    mover.Update()
    return mover.GetOutput()


def mirrored(surface: vtk.vtkPolyData) -> vtk.vtkPolyData:
    """The surface in a world mirrored at x = 0 mm, its triangles turned so that they still face outward."""
    turned = vtk.vtkReverseSense()
    turned.SetInputData(moved(surface, MIRROR_X))
    turned.ReverseCellsOn()
    turned.Update()
    return turned.GetOutput()


def largest_piece(surface: vtk.vtkPolyData) -> vtk.vtkPolyData:
    """The connected piece with the most triangles."""
    largest = vtk.vtkPolyDataConnectivityFilter()
    largest.SetInputData(surface)
    largest.SetExtractionModeToLargestRegion()
    largest.Update()
    return largest.GetOutput()


def smoothed(surface: vtk.vtkPolyData, iterations: int = 20) -> vtk.vtkPolyData:
    """A closed surface without the steps of its voxels, with outward point normals; point arrays stay."""
    smooth = vtk.vtkWindowedSincPolyDataFilter()
    smooth.SetInputData(surface)
    smooth.SetNumberOfIterations(iterations)
    smooth.SetPassBand(0.1)
    smooth.NormalizeCoordinatesOn()
    smooth.BoundarySmoothingOff()
    normals = vtk.vtkPolyDataNormals()
    normals.SetInputConnection(smooth.GetOutputPort())
    normals.SplittingOff()
    normals.ConsistencyOn()
    normals.AutoOrientNormalsOn()
    normals.Update()
    return normals.GetOutput()


def tube(line: vtk.vtkPolyData, radius_mm: float) -> vtk.vtkPolyData:
    """A closed tube around a line."""
    around = vtk.vtkTubeFilter()
    around.SetInputData(line)
    around.SetRadius(radius_mm)
    around.SetNumberOfSides(16)
    around.CappingOn()
    around.Update()
    return around.GetOutput()


def line_through(points: np.ndarray) -> vtk.vtkPolyData:
    """The line through points in order, shape (N, 3)."""
    ordered = vtk.vtkPoints()
    ordered.SetData(numpy_to_vtk(np.asarray(points, float), deep=True))
    line = vtk.vtkLineSource()
    line.SetPoints(ordered)
    line.Update()
    return line.GetOutput()
