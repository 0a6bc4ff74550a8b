"""A scan to pictures that are outlined with VIA, and the outlines back into the scan as masks to train on.

A folder of pictures holds `via.json`, which VIA opens, and `slices.csv`, which says of each picture where its pixels
lie in which scan (`pictures.COLUMNS` and `_PLACE`).
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import UserError
from ..export.correction import Correction, write_correction
from ..files import told_to_the_user, write_whole
from ..geometry import spaces
from ..geometry.sides import side_at
from ..labels.on_scan import mask_on_grid
from ..labels.splits import scan_name, subject_id
from ..networks.frame import PLANES
from ..progress import Progress
from ..scan.canonical import above_background, box_ras_mm, resample
from ..scan.checks import check_scan
from ..scan.head_frame import HeadFrame
from ..scan.readers import read_volume
from ..scan.volume import Volume
from ..segmentation.head_finding import head_scan
from ..sentences import Sentence, say
from .pictures import COLUMNS, TABLE, Table, chosen_class, read_table, region_outlined, require_told_size
from .prepare import refuse_filled
from .via import AnnotatedPicture, ViaImage, read_via, write_via

PROJECT = "via.json"

_CORNER = ("corner_r_mm", "corner_a_mm", "corner_s_mm")
_PLACE = (*_CORNER, "step_mm", "columns", "rows", "fingerprint")
"""More columns of our own tables: RAS mm of the first pixel's centre, from one slice to the next, the picture's size,
and the scan's fingerprint."""

_PIXEL_MM = 1.0
_BRIGHT = 200.0
"""Grey value of the scan's 99.9th percentile."""

_LEAST_BRIGHT = 30
"""A slice without a pixel brighter than this shows air."""

_MIDLINE_MM = 3.0


@dataclass(frozen=True)
class SlicesOptions:
    """Which slices are shown: all of a plane, `step_mm` apart; `label` is the class that VIA offers."""

    plane: str = "axial"
    step_mm: float = 3.0
    label: str = "dlpfc"


def write_scan_slices(t1s: Sequence[Path], folder: Path, options: SlicesOptions, progress: Progress) -> int:
    """Write a folder of pictures of scans (see the module's text); the result is how many pictures there are.

    Raises UserError for a folder that holds anything, two scans of one name, or a step that is none.
    """
    if not 0.5 <= options.step_mm <= 20:
        raise UserError("--step-mm {step:g}: give 0.5 to 20 mm.", step=options.step_mm)
    names = [scan_name(path) for path in t1s]
    if len(set(names)) < len(names):
        raise UserError("Two scans are called {name}; rename one of them.", name=max(names, key=names.count))
    folder = Path(folder).absolute()
    with told_to_the_user(folder):
        refuse_filled(folder)
        with write_whole(folder, last=PROJECT) as fresh:
            pictures: list[AnnotatedPicture] = []
            rows: list[dict[str, str]] = []
            for done, path in enumerate(t1s, start=1):
                for picture, row in _slices_of(path, fresh, options):
                    pictures.append(picture)
                    rows.append(row)
                progress.report(done, len(t1s), scan_name(path))
            _write_table(fresh / TABLE, rows)
            write_via(fresh / PROJECT, pictures, options.label, options.label)
    return len(pictures)


def _write_table(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    with path.open("x", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, (*COLUMNS, *_PLACE), restval="")
        writer.writeheader()
        writer.writerows(rows)


def _slices_of(t1: Path, folder: Path, options: SlicesOptions) -> Iterable[tuple[AnnotatedPicture, dict[str, str]]]:
    """Write the pictures of a scan; each with its row of the table."""
    scan = check_scan(read_volume(t1))
    stack = slice_stack(scan, options.plane, options.step_mm)
    frame = head_scan(scan).registration if options.plane == "sagittal" else None
    values = resample(above_background(scan), stack).array_kji
    grey = np.clip(np.rint(values * (_BRIGHT / max(np.percentile(values, 99.9), 1e-6))), 0, 255).astype(np.uint8)
    for index in np.flatnonzero(grey.max(axis=(1, 2)) > _LEAST_BRIGHT):
        about = _row(t1, scan, stack, int(index), options.plane, frame)
        path = folder / f"{scan_name(t1)}_{options.plane}_{index:03d}.png"
        _save_lettered(path, grey[index], options.plane)
        shown = {name: about[name] for name in COLUMNS if name in about and name != "scan"}
        nothing = np.zeros(grey[index].shape, bool)
        yield AnnotatedPicture(path, nothing, shown), about | {"file": path.name}


def slice_stack(scan: Volume, plane: str, step_mm: float) -> Volume:
    """The empty grid of a scan's slices: I along columns, J along rows, K from slice to slice; it covers the scan."""
    layout = PLANES[plane]
    low, high = box_ras_mm(scan)
    matrix, counts = np.zeros((4, 4)), []
    matrix[3, 3] = 1.0
    directions = (layout.column, layout.row, (layout.normal, 1))
    for number, ((axis, sign), step) in enumerate(zip(directions, (_PIXEL_MM, _PIXEL_MM, step_mm), strict=True)):
        count = max(int(np.ceil(np.round((high[axis] - low[axis]) / step, 3))), 1)
        counts.append(count)
        matrix[axis, number] = sign * step
        matrix[axis, 3] = (low[axis] + high[axis]) / 2 - sign * step * (count - 1) / 2
    return Volume(np.zeros(counts[::-1], np.uint8), matrix, scan.origin)


def _row(t1: Path, scan: Volume, stack: Volume, index: int, plane: str, frame: HeadFrame | None) -> dict[str, str]:
    """What the table says of a slice."""
    columns, rows, _ = stack.shape_ijk
    corner = spaces.ijk_to_ras_points(stack.ijk_to_ras, np.array([0, 0, index]))
    row = {
        "scan": str(t1.absolute()),
        "subject": subject_id(t1),
        "plane": plane,
        "position_mm": f"{corner[PLANES[plane].normal]:.4f}",
        "pixel_mm": f"{_PIXEL_MM:g}",
        "step_mm": f"{stack.spacing_mm[2]:g}",
        "columns": str(columns),
        "rows": str(rows),
        "fingerprint": scan.fingerprint,
        **dict(zip(_CORNER, (f"{value:.4f}" for value in corner), strict=True)),
    }
    if frame is None:
        return row | {"left_on": "left"}
    middle = spaces.ijk_to_ras_points(stack.ijk_to_ras, np.array([columns / 2, rows / 2, index]))
    return row | {"front_on": "left", "hemisphere": side_at(_mni_x_mm(frame, middle))}


def _mni_x_mm(frame: HeadFrame, point_ras_mm: np.ndarray) -> float:
    return float(spaces.transform_points(np.linalg.inv(frame.ras_from_mni), point_ras_mm)[0])


def _save_lettered(path: Path, grey: np.ndarray, plane: str) -> None:
    """Save with the directions' letters in the upper corners, where there is air."""
    from PIL import Image, ImageDraw

    image = Image.fromarray(grey)
    pen = ImageDraw.Draw(image)
    first, last = ("A", "P") if plane == "sagittal" else ("L", "R")
    pen.text((3, 2), first, fill=150)
    pen.text((image.width - 10, 2), last, fill=150)
    image.save(path)


def write_outlined_masks(annotations: Path, folder: Path, label: str, progress: Progress) -> list[Sentence]:
    """Put the outlines of pictures of `write_scan_slices` into their scans, as pairs that `dlpfc prepare` takes.

    label  class of the shapes, after which the masks are called; '' where there is one
    Returns what was written and what to look at. Raises UserError for pictures of other origin or size, a scan that
    is another one now, and shapes on neither side of the head.
    """
    entries = read_via(annotations, keep_empty=True)
    chosen, region = chosen_class(annotations, entries, label), region_outlined(entries, label)
    table = read_table(annotations.parent / TABLE)
    by_scan: dict[str, list[_Placed]] = {}
    for entry in entries:
        placed = _placed(entry, table, annotations)
        by_scan.setdefault(placed.about["scan"], []).append(placed)
    outlined = {scan: slices for scan, slices in by_scan.items() if any(each.entry.regions for each in slices)}
    if not outlined:
        raise UserError("{annotations}: no region is outlined in any of its pictures.", annotations=annotations)
    folder.mkdir(parents=True, exist_ok=True)
    told: list[Sentence] = []
    for done, (scan, slices) in enumerate(outlined.items(), start=1):
        told += _write_scan(scan, slices, folder, chosen, region)
        progress.report(done, len(outlined), Path(scan).name)
    return told


@dataclass(frozen=True)
class _Placed:
    """A picture with its row of the table."""

    entry: ViaImage
    about: Mapping[str, str]

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)."""
        return int(self.about["rows"]), int(self.about["columns"])

    @property
    def corner_ras_mm(self) -> np.ndarray:
        """Centre of the first pixel, shape (3,)."""
        return np.array([float(self.about[name]) for name in _CORNER])


def _placed(entry: ViaImage, table: Table, annotations: Path) -> _Placed:
    about = table.get(entry.path.name, {})
    if not all(about.get(name) for name in ("scan", "plane", *_PLACE)):
        raise UserError(
            "{name}: {table} beside {annotations} does not say where in a scan it lies; make pictures with"
            " `dlpfc slices`.",
            name=entry.path.name,
            table=TABLE,
            annotations=annotations,
        )
    require_told_size(entry, about)
    return _Placed(entry, about)


def _write_scan(
    scan_path: str, slices: Sequence[_Placed], folder: Path, label: str | None, region: str
) -> list[Sentence]:
    scan = _scan_of(Path(scan_path), slices[0])
    frame = head_scan(scan).registration
    stack = _stack_of(slices)
    sides: dict[str, np.ndarray] = {}
    for placed in slices:
        index = _index_in(stack, placed)
        for number, shape in enumerate(placed.entry.masks(placed.shape, label)):
            side = _side_of(stack, index, shape, frame, placed, number)
            sides.setdefault(side, np.zeros(stack.array_kji.shape, bool))[index] |= shape
    masks = {side: mask_on_grid(stack.with_array(mask), scan) for side, mask in sides.items()}
    empty = [side for side, mask in masks.items() if not mask.any()]
    if empty or not masks:
        raise UserError(
            "{scan}: its outlines are smaller than a voxel; outline the region in more slices.", scan=scan_path
        )
    regions = dict.fromkeys(masks, region)
    t1, mask = write_correction(scan, Correction(masks, folder, scan_name(Path(scan_path)), regions=regions))
    told = [
        say(
            "{scan}: {volumes}, in {mask}",
            scan=t1.name,
            volumes=", ".join(f"{side} {m.sum() * scan.voxel_ml:.1f} ml" for side, m in sorted(masks.items())),
            mask=mask,
        )
    ]
    return told + [
        say(
            "  look at it: {count} slices between outlined ones have no outline on the {side}, such as {name}",
            count=len(gaps),
            side=say(side),
            name=gaps[0],
        )
        for side, stacked in sides.items()
        if (gaps := _gaps(stack, stacked, slices))
    ]


def _scan_of(path: Path, placed: _Placed) -> Volume:
    """The scan that the pictures show. Raises UserError where it is gone or is another one now."""
    beside = placed.entry.source.parent / path.name
    scan = read_volume(path if path.exists() or not beside.exists() else beside)
    if not scan.has_fingerprint(placed.about["fingerprint"]):
        raise UserError("{path}: is not the scan of which the pictures were made; make them again.", path=scan.source)
    return scan


def _stack_of(slices: Sequence[_Placed]) -> Volume:
    """The grid of all pictures of a scan. Raises UserError where they are not of one stack."""
    first = slices[0]
    same = ("plane", "step_mm", "rows", "columns")
    if any(placed.about[name] != first.about[name] for placed in slices for name in same):
        raise UserError(
            "{source}: shows {scan} in stacks of different planes or steps; keep one a scan.",
            source=first.entry.source,
            scan=first.about["scan"],
        )
    layout, step_mm = PLANES[first.about["plane"]], float(first.about["step_mm"])
    corners = np.array([placed.corner_ras_mm for placed in slices])
    lowest = corners[corners[:, layout.normal].argmin()]
    count = round(float(np.ptp(corners[:, layout.normal])) / step_mm) + 1
    matrix = np.eye(4)
    matrix[:3, :3] = 0.0
    for number, (axis, sign) in enumerate((layout.column, layout.row)):
        matrix[axis, number] = sign * _PIXEL_MM
    matrix[layout.normal, 2] = step_mm
    matrix[:3, 3] = lowest
    return Volume(np.zeros((count, *first.shape), bool), matrix)


def _index_in(stack: Volume, placed: _Placed) -> int:
    """Number of a picture's slice. Raises UserError where the table has it beside its stack."""
    ijk = spaces.ras_to_ijk(stack.ijk_to_ras, placed.corner_ras_mm)
    index = int(np.rint(ijk[2]))
    if np.abs(ijk - (0, 0, index)).max() > 0.05:
        raise UserError(
            "{name}: does not lie in the stack of the other pictures; {table} was changed.",
            name=placed.entry.path.name,
            table=TABLE,
        )
    return index


def _side_of(stack: Volume, index: int, shape: np.ndarray, frame: HeadFrame, placed: _Placed, number: int) -> str:
    row, column = np.argwhere(shape).mean(axis=0)
    middle_ras_mm = spaces.ijk_to_ras_points(stack.ijk_to_ras, np.array([column, row, index]))
    x_mm = _mni_x_mm(frame, middle_ras_mm)
    if abs(x_mm) < _MIDLINE_MM:
        raise UserError(
            "{source}: entry '{name}', region {number} lies in the middle of the head; outline each side by itself.",
            source=placed.entry.source,
            name=placed.entry.path.name,
            number=number,
        )
    return side_at(x_mm)


def _gaps(stack: Volume, stacked: np.ndarray, slices: Sequence[_Placed]) -> list[str]:
    """Pictures without an outline between the lowest and the highest that have one."""
    outlined = np.flatnonzero(stacked.any(axis=(1, 2)))
    named = {_index_in(stack, placed): placed.entry.path.name for placed in slices}
    return [named[i] for i in range(outlined[0], outlined[-1]) if i not in outlined and i in named]
