"""The part of VTK that computes: with windows, readers and web servers it takes four times as long to import."""

from vtkmodules.util.numpy_support import *  # noqa: F403
from vtkmodules.vtkCommonCore import *  # noqa: F403
from vtkmodules.vtkCommonDataModel import *  # noqa: F403
from vtkmodules.vtkCommonTransforms import *  # noqa: F403
from vtkmodules.vtkFiltersCore import *  # noqa: F403
from vtkmodules.vtkFiltersGeneral import *  # noqa: F403
from vtkmodules.vtkFiltersGeometry import *  # noqa: F403
from vtkmodules.vtkFiltersSources import *  # noqa: F403
