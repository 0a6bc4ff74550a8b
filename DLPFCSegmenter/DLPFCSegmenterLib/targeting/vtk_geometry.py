"""The part of VTK that computes: with windows, readers and web servers it takes four times as long to import."""

# ruff: noqa: F401 - taken from here by name
from vtkmodules.vtkCommonCore import reference, vtkIdList, vtkPoints
from vtkmodules.vtkCommonDataModel import (
    vtkDataObject,
    vtkImageData,
    vtkIncrementalOctreePointLocator,
    vtkPlane,
    vtkPolyData,
    vtkStaticCellLocator,
    vtkStaticPointLocator,
)
from vtkmodules.vtkCommonTransforms import vtkTransform
from vtkmodules.vtkFiltersCore import (
    vtkAppendPolyData,
    vtkCleanPolyData,
    vtkCutter,
    vtkFlyingEdges3D,
    vtkPolyDataConnectivityFilter,
    vtkPolyDataNormals,
    vtkQuadricClustering,
    vtkReverseSense,
    vtkStripper,
    vtkThreshold,
    vtkTriangleFilter,
    vtkTubeFilter,
    vtkWindowedSincPolyDataFilter,
)
from vtkmodules.vtkFiltersGeneral import vtkTransformPolyDataFilter
from vtkmodules.vtkFiltersGeometry import vtkGeometryFilter
from vtkmodules.vtkFiltersSources import vtkLineSource, vtkRegularPolygonSource
