"""Closed surfaces of masks and scalp as STL and PLY, for printing and for programs that show meshes.

Both are in LPS mm and say so in their headers, as Slicer writes them and reads files that say nothing.
"""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ... import __version__
from ...errors import UserError
from ...geometry.spaces import LPS_FROM_RAS
from ...scan.volume import Volume
from ...segmentation.region import Region
from ...sentences import say
from ..format import BY_SLICER, MaskFormat, NamedMask
from ..targets import PlannedTarget

if TYPE_CHECKING:
    from vtkmodules.vtkCommonDataModel import vtkPolyData

_SAID = f"DLPFCSegmenter {__version__}, mm, SPACE=LPS"
"""At most 80 characters: STL has no room for more."""


def write_surface(kind: str, surface: "vtkPolyData", scan: Volume, path: Path) -> None:
    """Write a closed surface of a scan, RAS mm, as 'stl' or 'ply', in LPS mm where Slicer shows that scan.

    Raises OSError where that cannot be done.
    """
    from vtkmodules.vtkIOGeometry import vtkSTLWriter
    from vtkmodules.vtkIOPLY import vtkPLYWriter

    from ...targeting import mesh

    writer: vtkSTLWriter | vtkPLYWriter
    if kind == "stl":
        writer = stl = vtkSTLWriter()
        stl.SetHeader(_SAID)
    else:
        writer = ply = vtkPLYWriter()
        ply.AddComment(_SAID)
    writer.SetFileTypeToBinary()
    writer.SetFileName(str(path))
    shown_from_scan = scan.as_slicer_shows_it.ijk_to_ras @ np.linalg.inv(scan.ijk_to_ras)
    writer.SetInputData(mesh.moved(surface, LPS_FROM_RAS @ shown_from_scan))
    if not writer.Write() or not path.exists():
        raise OSError(f"{path.name} could not be written")


def _write_mask(kind: str, region: Region, targets: list[PlannedTarget], path: Path) -> None:
    from ...report.head_scene import mask_surface

    write_surface(kind, mask_surface(region), region.volume, path)


def _refuse(path: Path, scan: Volume | None) -> tuple[list[NamedMask], list[PlannedTarget]]:
    raise UserError("{path}: a surface is no mask; name the file of the mask or its targets.", path=path)


def _format(kind: str, rank: int) -> MaskFormat:
    return MaskFormat(
        name=f"surface-{kind}", title=say("Surfaces as {kind}", kind=kind.upper()), suffix=f".{kind}", rank=rank,
        write=partial(_write_mask, kind), read=_refuse, write_scalp=partial(write_surface, kind),
        space=say("of the scan, LPS mm"), checked=BY_SLICER,
    )  # fmt: skip


FORMATS = (_format("stl", 170), _format("ply", 180))
