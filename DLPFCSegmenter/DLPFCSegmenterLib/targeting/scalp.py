"""The scalp: a closed head surface in RAS mm from a T1 scan, and questions put to it.

Points where the head is cut off by the border of the scan, or where a part of it was erased, are on the
closed surface but not on the skin: no landmark is ever placed there.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy

from ..errors import NoScalpError
from ..geometry import spaces
from ..scan.canonical import above_background, box_ras_mm, is_brighter_on_left
from ..scan.head_frame import HeadFrame
from ..scan.head_scan import HeadScan
from ..scan.volume import Volume
from . import mesh
from . import vtk_geometry as vtk
from .head_mask import head_field, no_head, require_skull

NORMAL_RADIUS_MM = 12.5
"""Normals are means over a disc of this radius: pores, hair and voxels do not tilt the coil."""

_CUT_MM = 1.5
"""A surface point this near to the scan's border belongs to a cut face."""

_EMPTY_SLAB_CM2 = 30.0
"""Zero slabs around the data are trimmed where the first slice behind them shows this much head."""

_ERASED_DEPTHS_MM = (5.0, 7.0, 9.0)
"""So far outside the skin there is air, or nothing where something was erased; where that laid bone open, the
surface lies up to 5 mm below."""

_CUBE_MM = 10.0
_NOISE = 0.02
"""Share of exact zeros in cubes of noise; air whose noise was rounded off has more in every second cube."""

_ERASED = 0.5
"""Share of exact zeros in cubes beside an erased part."""

_MOSTLY_NOISE = 0.9
_LARGEST_ERASED = 0.2
"""More of the head's surface than this is no face, but air that the scanner left empty."""

_MOST_CUT = 0.8
"""A surface that follows the scan's border further than this is air as bright as tissue, or shows no skin to speak of;
of half a head 0.4 is cut."""

_SKIN_MM, _KNOWN_MNI_MM = 6.0, (65.0, -40.0)
"""So far the skin lies off the brain's place, in MNI mm, nearer to the midline and in front of these (x, y): on one of
39 whole heads from 6.1, on the others from 7.2, and where a hotspot, 5-cm landmark or entry lies from 8.1."""

_UNEVEN_MM, _EVEN_MNI_Z_MM = 5.0, 20.0
"""So much further out the skin lies on the other side above this z: on 39 whole heads at most 3.6; brows and temples
differ more."""

_AROUND = 8
"""Directions in which skin is looked at around a point."""

_UPPER_MM = 60.0
"""So far down from its top the head is round, without brow and ears."""

_LOOKED_AT = 300
_ALIKE = 0.975
"""Length of the mean of the normals around a point: of 24 heads, and of all that scanners do to them, 0.984 and more;
where the air holds 30 % of the head's brightness 0.975, at 40 % 0.85 and less, and hotspots were up to 12 mm off."""

CUT_ARRAY = "cut"
_AXES_ARRAY = "head_axes_ras"


@dataclass(frozen=True)
class ScalpPoint:
    """A point of the skin.

    position_ras_mm  shape (3,)
    distance_mm      from the point that was asked about
    """

    position_ras_mm: np.ndarray
    distance_mm: float


@dataclass(frozen=True)
class Scalp:
    """The head surface of one scan.

    surface  closed triangle mesh, RAS mm, with outward point normals, the point array 'cut' (1 on
             faces where the scan's border cuts the head or a part of it was erased, else 0) and, once
             they are known, the head's axes as field data, so that the mesh alone can be saved and
             walked on again
    source   the scan that it was made from, for messages
    """

    surface: vtk.vtkPolyData
    source: str = ""

    @property
    def head_axes_ras(self) -> np.ndarray:
        """Unit vectors to the head's right, front and top as rows, shape (3, 3); RAS if unknown."""
        stored = self.surface.GetFieldData().GetArray(_AXES_ARRAY)
        return np.eye(3) if stored is None else vtk_to_numpy(stored).reshape(3, 3)

    def with_head_axes(self, axes_ras: np.ndarray) -> "Scalp":
        """The same scalp that knows the head's axes (rows right, anterior, superior, shape (3, 3))."""
        surface = vtk.vtkPolyData()
        surface.ShallowCopy(self.surface)
        array = numpy_to_vtk(np.asarray(axes_ras, dtype=float).reshape(1, 9), deep=True)
        array.SetName(_AXES_ARRAY)
        surface.GetFieldData().AddArray(array)
        return Scalp(surface, self.source)

    def right_of_middle_mm(self, point_ras_mm: np.ndarray) -> float:
        """How far a point, shape (3,), lies to the right of the middle between the skin's two sides."""
        right = self.head_axes_ras[0]
        across_mm = vtk_to_numpy(self.surface.GetPoints().GetData()) @ right
        return float(point_ras_mm @ right - (across_mm.min() + across_mm.max()) / 2)

    @cached_property
    def skin(self) -> vtk.vtkPolyData:
        """The surface without its cut faces (open where the scan ends)."""
        keep = vtk.vtkThreshold()
        keep.SetInputData(self.surface)
        keep.SetInputArrayToProcess(0, 0, 0, vtk.vtkDataObject.FIELD_ASSOCIATION_POINTS, CUT_ARRAY)
        keep.SetThresholdFunction(vtk.vtkThreshold.THRESHOLD_LOWER)
        keep.SetLowerThreshold(0.5)
        to_polydata = vtk.vtkGeometryFilter()
        to_polydata.SetInputConnection(keep.GetOutputPort())
        to_polydata.Update()
        return to_polydata.GetOutput()

    @cached_property
    def _cells(self) -> vtk.vtkStaticCellLocator:
        locator = vtk.vtkStaticCellLocator()
        locator.SetDataSet(self.skin)
        locator.BuildLocator()
        return locator

    @cached_property
    def _points(self) -> vtk.vtkStaticPointLocator:
        locator = vtk.vtkStaticPointLocator()
        locator.SetDataSet(self.skin)
        locator.BuildLocator()
        return locator

    @cached_property
    def _cut_points(self) -> np.ndarray:
        is_cut = vtk_to_numpy(self.surface.GetPointData().GetArray(CUT_ARRAY)) > 0
        return mesh.points_of(self.surface)[is_cut]

    def distance_to_cut_mm(self, point_ras_mm: np.ndarray) -> float:
        """Distance from a point to the nearest face where the scan cuts the head; infinite without one."""
        away = np.linalg.norm(self._cut_points - np.asarray(point_ras_mm, float), axis=1)
        return float(away.min(initial=np.inf))

    def lost_mm(self, point_ras_mm: np.ndarray) -> float:
        """How far the nearest skin may be from where the head's own was, which a cut nearer to the point took off."""
        to_cut, to_skin = self.distance_to_cut_mm(point_ras_mm), self.nearest(point_ras_mm).distance_mm
        return float(np.sqrt(max(to_skin**2 - to_cut**2, 0.0)))

    def nearest(self, point_ras_mm: np.ndarray) -> ScalpPoint:
        """The point of the skin that is nearest to a point in RAS mm (exact on the triangles)."""
        closest = [0.0, 0.0, 0.0]
        squared = vtk.reference(0.0)
        cell_id, sub_id = vtk.reference(0), vtk.reference(0)
        self._cells.FindClosestPoint(np.asarray(point_ras_mm, float), closest, cell_id, sub_id, squared)
        return ScalpPoint(np.array(closest), float(squared) ** 0.5)

    def nearest_with_normals(self, points_ras_mm: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For points in RAS mm, shape (N, 3): the nearest of the skin, and the normal at its nearest corner, (N, 3)."""
        nearest = np.array([self.nearest(point).position_ras_mm for point in points_ras_mm])
        corners = [self._points.FindClosestPoint(point) for point in nearest]
        return nearest, mesh.normals_of(self.skin)[corners].astype(float)

    def outside_mm(self, point_ras_mm: np.ndarray) -> float:
        """How far a point lies outside the head, measured to the skin; 0 for one inside."""
        nearest = self.nearest(point_ras_mm)
        away = np.asarray(point_ras_mm, float) - nearest.position_ras_mm
        try:
            is_outside = away @ self.outward_normal(nearest.position_ras_mm) > 0
        except NoScalpError:
            return 0.0
        return nearest.distance_mm if is_outside else 0.0

    def outward_normal(self, point_ras_mm: np.ndarray) -> np.ndarray:
        """Unit normal out of the head, mean over the skin within `NORMAL_RADIUS_MM` of a scalp point, RAS."""
        mean = self._mean_normal(point_ras_mm)
        if not mean.any():
            raise NoScalpError(
                "{source}: there is no scalp within {normal_radius_mm:g} mm of the point.",
                source=self.source,
                normal_radius_mm=NORMAL_RADIUS_MM,
            )
        return mean / np.linalg.norm(mean)

    @cached_property
    def is_rough(self) -> bool:
        """Whether the surface of the upper head is so uneven that it is not skin alone: air's noise parts it badly."""
        points = mesh.points_of(self.skin)
        upper = np.flatnonzero(points[:, 2] > points[:, 2].max() - _UPPER_MM)
        looked_at = upper[:: max(len(upper) // _LOOKED_AT, 1)]
        alike = [np.linalg.norm(self._mean_normal(point)) for point in points[looked_at]]
        return bool(alike and np.median(alike) < _ALIKE)

    def _mean_normal(self, point_ras_mm: np.ndarray) -> np.ndarray:
        """Mean of the skin's unit normals around a scalp point; zeros where there is no skin."""
        ids = vtk.vtkIdList()
        self._points.FindPointsWithinRadius(NORMAL_RADIUS_MM, np.asarray(point_ras_mm, float), ids)
        indices = [ids.GetId(i) for i in range(ids.GetNumberOfIds())]
        return mesh.normals_of(self.skin)[indices].mean(axis=0, dtype=float) if indices else np.zeros(3)

    def exit_point(self, inside_ras_mm: np.ndarray, direction_ras: np.ndarray) -> ScalpPoint | None:
        """Where a ray from a point inside the head first leaves through the skin; None if it does not."""
        start = np.asarray(inside_ras_mm, float)
        end = start + 400.0 * np.asarray(direction_ras, float) / np.linalg.norm(direction_ras)
        at, hit, parametric = vtk.reference(0.0), [0.0] * 3, [0.0] * 3
        if not self._cells.IntersectWithLine(start, end, 1e-6, at, hit, parametric, vtk.reference(0)):
            return None
        return ScalpPoint(np.array(hit), float(np.linalg.norm(hit - start)))


def lacks_skin(scalp: Scalp, frame: HeadFrame, point_ras_mm: np.ndarray) -> bool:
    """Whether skin and bone are missing at a point of the surface, as where they were erased: it lies nearer to the
    brain's place than on any head, or the skin of the other side, where that is whole, lies further out.
    """
    x, y, z = spaces.transform_points(np.linalg.inv(frame.ras_from_mni), point_ras_mm)
    is_known = abs(x) < _KNOWN_MNI_MM[0] and y > _KNOWN_MNI_MM[1]
    if is_known and frame.off_brain_mm(point_ras_mm) < _SKIN_MM:
        return True
    across = frame.across(point_ras_mm)
    skin = scalp.nearest(across)
    is_uneven = z > _EVEN_MNI_Z_MM and skin.distance_mm > _UNEVEN_MM and not scalp.outside_mm(across)
    return is_uneven and scalp.distance_to_cut_mm(skin.position_ras_mm) > NORMAL_RADIUS_MM


def lacks_skin_around(scalp: Scalp, frame: HeadFrame, point_ras_mm: np.ndarray) -> bool:
    """As `lacks_skin`, of a point of the surface or any of the skin as far around it as its normal is a mean of."""
    normal = scalp.outward_normal(point_ras_mm)
    across = np.cross(normal, np.eye(3)[np.abs(normal).argmin()])
    across /= np.linalg.norm(across)
    turns = np.linspace(0.0, 2.0 * np.pi, _AROUND, endpoint=False)[:, None]
    ring = NORMAL_RADIUS_MM * (np.cos(turns) * across + np.sin(turns) * np.cross(normal, across))
    places = [point_ras_mm, *(scalp.nearest(point_ras_mm + step).position_ras_mm for step in ring)]
    return any(lacks_skin(scalp, frame, place) for place in places)


def extract_scalp(volume: Volume) -> Scalp:
    """`find_scalp` for a scan of which nothing else is asked."""
    return find_scalp(HeadScan(volume))


def find_scalp(head_scan: HeadScan) -> Scalp:
    """The head surface of a T1 scan; any axis order, with or without neck, cut or whole.

    A mirrored scan gives the mirrored surface, point by point: filters and meshes are never quite even-handed,
    so they are always shown the head with its brighter half on the right.
    Raises NoScalpError, with the reason, for a scan without a head or without a skull.
    """
    brighter_left = is_brighter_on_left(head_scan.canonical)
    world = head_scan.mirrored_on_ras_axes() if brighter_left else head_scan
    grid, filled = head_within_scan(world)
    field = head_field(grid)
    surface = _closed_surface(field, grid, filled)
    if vtk_to_numpy(surface.GetPointData().GetArray(CUT_ARRAY)).mean() > _MOST_CUT:
        raise no_head(grid)
    require_skull(grid, field, surface)
    return Scalp(mesh.mirrored(surface) if brighter_left else surface, head_scan.scan.source)


def head_within_scan(head_scan: HeadScan) -> tuple[Volume, Volume]:
    """(canonical volume, scan), both without outer slabs of zeros that hide where the head was cut off."""
    filled = _without_empty_slabs(above_background(head_scan.scan))
    return _part_within(head_scan.canonical, filled), filled


def _without_empty_slabs(volume: Volume) -> Volume:
    """The scan without outer slabs of exact zeros that hide where the head was cut off."""
    filled = volume.array_kji != 0
    bounds = []
    for axis in range(3):
        counts = filled.sum(axis=tuple(a for a in range(3) if a != axis))
        bounds.append(_trim(counts, _face_cm2(volume, axis)))
    return volume.cropped([slice(low, high) for low, high in bounds])


def _part_within(canonical: Volume, scan: Volume) -> Volume:
    """The box of a canonical volume whose voxels' centres lie in the box around a scan."""
    low, high = box_ras_mm(scan)
    # Rounding keeps float noise of an axis order from moving a border by a voxel.
    first = np.ceil(spaces.ras_to_ijk(canonical.ijk_to_ras, low).round(3)).astype(int)
    last = np.floor(spaces.ras_to_ijk(canonical.ijk_to_ras, high).round(3)).astype(int)
    return canonical.cropped([slice(max(a, 0), b + 1) for a, b in zip(first[::-1], last[::-1], strict=True)])


def _face_cm2(volume: Volume, array_axis: int) -> float:
    """Area in cm2 of a voxel's face that is normal to an array axis (0 = K, 1 = J, 2 = I)."""
    spacing = volume.spacing_mm
    return float(np.prod(np.delete(spacing, 2 - array_axis))) / 100.0


def _trim(counts: np.ndarray, face_cm2: float) -> tuple[int, int]:
    """First and last-plus-one slice to keep: an empty slab goes where a large face lies behind it."""
    used = np.flatnonzero(counts)
    if not used.size:
        return 0, len(counts)
    first, last = int(used[0]), int(used[-1])
    start = first if counts[first] * face_cm2 > _EMPTY_SLAB_CM2 else 0
    stop = last + 1 if counts[last] * face_cm2 > _EMPTY_SLAB_CM2 else len(counts)
    return start, stop


def _closed_surface(field: np.ndarray, grid: Volume, scan: Volume) -> vtk.vtkPolyData:
    """Iso-surface 0 of a head field, largest piece, smoothed, with normals and the cut faces marked.

    A margin of -1 around the field closes the surface where the head goes on beyond the grid.
    """
    margin_ijk = np.eye(4)
    margin_ijk[:3, 3] = -1.0
    surface = mesh.level_set(np.pad(field, 1, constant_values=-1.0).astype(np.float32), 0.0)
    marked = mesh.moved(mesh.largest_piece(surface), grid.ijk_to_ras @ margin_ijk)
    _mark_cuts(marked, scan)
    smooth = mesh.smoothed(marked)
    _mark_erased(smooth, scan)
    return smooth


def _mark_cuts(surface: vtk.vtkPolyData, scan: Volume) -> None:
    ijk = spaces.ras_to_ijk(scan.ijk_to_ras, mesh.points_of(surface))
    inside_mm = np.minimum(ijk + 0.5, np.array(scan.shape_ijk) - 0.5 - ijk) * scan.spacing_mm
    cut = numpy_to_vtk((inside_mm.min(axis=1) < _CUT_MM).astype(np.uint8), deep=True)
    cut.SetName(CUT_ARRAY)
    surface.GetPointData().AddArray(cut)


def _mark_erased(surface: vtk.vtkPolyData, scan: Volume) -> None:
    """Marks as cut what lies beside an erased part, such as a removed face.

    It is known by exact zeros where the air elsewhere holds noise; in a scan whose air is zero it cannot be.
    """
    empty = _has_zeros_outside(surface, scan)
    cubes = np.floor(mesh.points_of(surface) / _CUBE_MM).astype(int)
    cube_of = np.unique(cubes, axis=0, return_inverse=True)[1].ravel()
    share = (np.bincount(cube_of, empty) / np.bincount(cube_of))[cube_of]
    erased = empty & (share > _ERASED)
    noisy_air = np.median(share) < _NOISE and np.mean(share[share <= _ERASED] < _NOISE) > _MOSTLY_NOISE
    if noisy_air and erased.mean() < _LARGEST_ERASED:
        vtk_to_numpy(surface.GetPointData().GetArray(CUT_ARRAY))[erased] = 1


def _has_zeros_outside(surface: vtk.vtkPolyData, scan: Volume) -> np.ndarray:
    """For each point whether the scan goes on outside the skin there and is exactly zero, bool, shape (N,)."""
    depths = np.array(_ERASED_DEPTHS_MM)[:, None]
    outside = mesh.points_of(surface)[:, None] + depths * mesh.normals_of(surface)[:, None]
    return np.all(scan.values_at(outside, outside=1) == 0, axis=1)
