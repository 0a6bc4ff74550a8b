"""InVesalius's marker file, `.mkss`: landmarks and coil targets in InVesalius's own image space.

Of a project made from NIfTI that space is the canonical (RAS-ordered) image in mm from its first voxel, with y
counted from the far end. From DICOM InVesalius makes another one, plane by plane as they were acquired
(`dcm2memmap`), in which an axial series has left where this one has right: such a scan is refused. A coil's axes are
turned as if y were not (InVesalius turns its markers in a view where it is not), and given as three angles. What is
said of them lies beside the file (`remarks`), which has no field for it.
"""

import csv
from pathlib import Path

import numpy as np

from ...errors import UserError
from ...geometry.poses import INVESALIUS_AXES, euler_angles_deg, nearest_rigid, rotation_from_euler
from ...geometry.spaces import ijk_to_ras_points, ras_to_ijk, spacing_mm
from ...scan.volume import Volume
from ...sentences import say
from ..format import NIFTI, PointFormat, nifti_scan
from ..points import point_with_axes, points_of, read_remarks, renamed, targets_of, with_remarks, write_remarks
from ..targets import PlannedTarget

_SIGNATURE = "##INVESALIUS3_MARKER_FILE_"
_VERSIONS = ("0", "1", "2", "3", "4", "5")
_COLUMNS = (
    "x y z alpha beta gamma r g b size label x_seed y_seed z_seed is_target session_id is_brain_target "
    "is_efield_target x_cortex y_cortex z_cortex alpha_cortex beta_cortex gamma_cortex "
    "marker_type marker_id is_point_of_interest z_rotation z_offset mep_value brain_target_list timestamp"
).split()
"""Version 0: InVesalius before 2024 takes the first 16 to 24 by their place, today's all of them by their names."""
_BEFORE_TYPE = "0 0 0 False 1 False False None None None None None None".split()
_AFTER_ID = "False 0.0 0.0 None []".split()
"""From x_seed to gamma_cortex, and from is_point_of_interest to brain_target_list."""
_LANDMARK, _COIL_TARGET, _COIL_POSE = "1", "3", "4"
"""Values of marker_type; the last is where a coil was when a pulse was given."""
_FIDUCIALS = ("LEI", "REI", "NAI")
_TIMESTAMP = '"1970-01-01T00:00:00"'
"""When a landmark was made is not ours to tell, and equal targets shall give equal files."""


def write_invesalius(targets: list[PlannedTarget], path: Path, scan: Volume | None = None) -> list[Path]:
    """Write targets and entries as landmarks, coil poses as coil targets. Needs the scan for its grid."""
    grid, targets = _grid(scan), renamed(targets, _label)
    quoted = (f'"{name}"' for name in _COLUMNS)
    rows = (_row(index, point, grid) for index, point in enumerate(points_of(targets)))
    path.write_text("\n".join((_SIGNATURE + "0", "\t".join(quoted), *rows)) + "\n", encoding="utf-8", newline="\n")
    return [path, write_remarks(targets, path)]


def _row(index: int, point: PlannedTarget, grid: tuple[np.ndarray, float]) -> str:
    place = _from_ras(point.position_ras_mm, *grid)
    kind, angles = _LANDMARK, ["None"] * 3
    if point.coil_pose_ras_mm is not None:
        kind, angles = _COIL_TARGET, _texts(_angles_deg(point.coil_pose_ras_mm[:3, :3], grid[0]))
    cells = (
        *_texts(place), *angles, "0.0", "1.0", "0.0", "2", f'"{point.label}"', *_BEFORE_TYPE, kind, str(index),
        *_AFTER_ID, _TIMESTAMP,
    )  # fmt: skip
    return "\t".join(cells)


def _texts(numbers: np.ndarray) -> list[str]:
    return [repr(round(float(number), 6)) for number in numbers]


def _label(label: str) -> str:
    plain = label.replace('"', "'")
    return f"{plain}_" if plain in _FIDUCIALS else plain


def _grid(scan: Volume | None) -> tuple[np.ndarray, float]:
    """The canonical image's matrix from mm to RAS mm, and the length of its y axis in mm."""
    from nibabel.orientations import inv_ornt_aff, io_orientation

    scan, _ = nifti_scan(scan, "InVesalius")
    turn = io_orientation(scan.ijk_to_ras)
    canonical = scan.ijk_to_ras @ inv_ornt_aff(turn, scan.shape_ijk)
    spacing = spacing_mm(canonical)
    count = scan.shape_ijk[int(np.flatnonzero(turn[:, 0] == 1)[0])]
    return canonical @ np.diag([*(1.0 / spacing), 1.0]), float(spacing[1] * (count - 1))


def _from_ras(point_ras_mm: np.ndarray, mm_to_ras: np.ndarray, length_y_mm: float) -> np.ndarray:
    across, along, up = ras_to_ijk(mm_to_ras, point_ras_mm)
    return np.array([across, length_y_mm - along, up])


def _to_ras(place: np.ndarray, mm_to_ras: np.ndarray, length_y_mm: float) -> np.ndarray:
    across, along, up = place
    return ijk_to_ras_points(mm_to_ras, np.array([across, length_y_mm - along, up]))


def _angles_deg(axes_ras: np.ndarray, mm_to_ras: np.ndarray) -> np.ndarray:
    """A coil's axes, the library's, RAS, 3x3, as InVesalius's angles."""
    return euler_angles_deg(_turn(mm_to_ras).T @ axes_ras @ INVESALIUS_AXES[:3, :3])


def _axes_ras(angles_deg: list[float], mm_to_ras: np.ndarray) -> np.ndarray:
    return _turn(mm_to_ras) @ rotation_from_euler(angles_deg) @ INVESALIUS_AXES[:3, :3]


def _turn(mm_to_ras: np.ndarray) -> np.ndarray:
    """How the canonical image's axes are turned in RAS, 3x3."""
    return nearest_rigid(mm_to_ras)[:3, :3]


def read_invesalius(path: Path, scan: Volume | None = None) -> list[PlannedTarget]:
    """Points and coil poses of a file of version 0 to 5; needs the scan on which they were placed."""
    first, *table = path.read_text(encoding="utf-8-sig").splitlines()
    if first.removeprefix(_SIGNATURE).strip() not in _VERSIONS:
        raise UserError(
            "{path}: '{first}' is no marker file of version 0 to 5; save it from InVesalius 3.1.",
            path=path,
            first=first[:40],
        )
    grid = _grid(scan)
    points = [_point(row, grid) for row in csv.DictReader(table, delimiter="\t")]
    return with_remarks(targets_of(points, lone_coils=True), read_remarks(path))


def _point(row: dict[str, str], grid: tuple[np.ndarray, float]) -> PlannedTarget:
    place = _to_ras(np.array([float(row[name]) for name in "xyz"]), *grid)
    angles = [row[name] for name in ("alpha", "beta", "gamma")]
    if not _is_coil(row) or "None" in angles or not any(map(float, angles)):
        return PlannedTarget(row["label"], place)
    return point_with_axes(row["label"], place, _axes_ras(list(map(float, angles)), grid[0]))


def _is_coil(row: dict[str, str]) -> bool:
    """Before version 2 no type is told: whatever has angles and is no fiducial or target in the brain is a coil's."""
    if "marker_type" in row:
        return row["marker_type"] in (_COIL_TARGET, _COIL_POSE)
    return row["label"] not in _FIDUCIALS and row.get("is_brain_target") != "True"


FORMATS = (
    PointFormat(
        name="invesalius", title=say("InVesalius markers"), suffix=".mkss", rank=80, signatures=(_SIGNATURE,),
        write=write_invesalius, read=read_invesalius, needs=NIFTI, space=say("InVesalius's own image space, mm"),
        checked=say("InVesalius's own functions, not its window"),
    ),
)  # fmt: skip
