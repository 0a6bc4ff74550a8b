"""Electrode positions, such as those of the 10-20 system: ASA's `.elc` files, and `.fif` montages by MNE.

They are read and never written. An `.elc` file and most montages name no space: they are taken as RAS mm of the scan,
which is said, once their own names show that x grows to the right and y to the front. A montage in the frame of the
head has to be brought to the scan first; one in FreeSurfer's surface coordinates is read with the person's T1.mgz.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ...errors import UserError
from ...geometry.spaces import transform_points
from ...scan.origin import ScanKind
from ...scan.volume import Volume
from ...sentences import Sentence, say
from ..format import TargetReader
from ..points import warned
from ..targets import PlannedTarget

_MM = {"mm": 1.0, "cm": 10.0, "m": 1000.0}
_KEYWORD = re.compile(r"[A-Za-z]\w*(?:=|\s|$)")
"""Begins the next part of an `.elc` file after its positions, none of which begins so but with a colon."""

_ROWS = "FP|AFP?|AFF|F|FFC|FFT|FC|FT|FCC|FTT|C|T|CCP|TTP|CP|TP|CPP|TPP|P|PPO|PO|POO|O|OI|I"
_LEFT, _RIGHT = re.compile(rf"LPA|({_ROWS})[13579]H?"), re.compile(rf"RPA|({_ROWS})(10|[2468])H?")
_FRONT, _BACK = re.compile(r"NZ|NASION|(FP|AF)(Z|\d+)"), re.compile(r"IZ|INION|P?O(Z|\d+)")
"""Names of the 10-20 system and its refinements, in capitals, by where on the head they lie."""

_AHEAD = 0.7
"""Cosine between the head's own direction and that of an axis, from which the axis may be called so."""


def read_elc(path: Path, scan: Volume | None = None) -> list[PlannedTarget]:
    """Positions of an ASA electrode file. Raises UserError where its unit or its axes are not known."""
    lines = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines()]
    unit = next((line.split()[-1] for line in lines if line.startswith("UnitPosition")), "")
    if unit not in _MM:
        raise UserError(
            "{path}: names no unit of length that is known ('{unit}'); give its positions in mm, cm or m.",
            path=path,
            unit=unit,
        )
    rows = list(_part(lines, "Positions"))
    places = _MM[unit] * np.array([row.rpartition(":")[2].split() for row in rows], dtype=float)
    names = [row.rpartition(":")[0].strip() for row in rows]
    if not all(names):
        labels = list(_part(lines, "Labels"))
        names = labels[: len(rows)] if len(labels) >= len(rows) else " ".join(labels).split()
    told = next((line.rpartition("=")[2] for line in lines if line.startswith("NumberPositions")), len(rows))
    if not len(names) == len(places) == int(told):
        raise ValueError(f"{len(places)} positions, {len(names)} names, {told} announced")
    return _in_space_of_scan(path, names, places)


def _part(lines: list[str], keyword: str) -> Iterator[str]:
    """The lines after a keyword that stands alone, up to the next one; labels may look like keywords."""
    for line in lines[lines.index(keyword) + 1 :]:
        if keyword != "Labels" and ":" not in line and _KEYWORD.match(line):
            return
        if line and not line.startswith("#"):
            yield line


def read_fif(path: Path, scan: Volume | None = None) -> list[PlannedTarget]:
    """Electrodes and fiducials of a FIF file. Raises UserError without MNE, and for a frame that is not the scan's."""
    try:
        import mne
    except ImportError as error:
        raise UserError(
            "{path}: a FIF file is read by the package mne; install it, or save an .elc file.", path=path
        ) from error
    found = mne.channels.read_dig_fif(path, verbose="ERROR").get_positions()
    named = {"Nz": found["nasion"], "LPA": found["lpa"], "RPA": found["rpa"], **found["ch_pos"]}
    names = [name for name, place in named.items() if place is not None]
    places = 1000.0 * np.array([named[name] for name in names], dtype=float)
    frame = found["coord_frame"]
    if frame == "ras":
        return _targets(names, places)
    if frame == "mri" and scan is not None and _is_of_freesurfer(scan):
        return _targets(names, transform_points(scan.ijk_to_ras @ np.linalg.inv(_surface_ras(scan)), places))
    if frame == "mri":
        raise UserError(
            "{path}: is in FreeSurfer's surface coordinates, which the person's T1.mgz alone brings to the scan; name"
            " that as the scan, or {advice}.",
            path=path,
            advice=_advice(),
        )
    if frame not in ("unknown", None):
        raise UserError(
            "{path}: is in the frame '{frame}' and not in the space of a scan; {advice}.",
            path=path,
            frame=frame,
            advice=_advice(),
        )
    return _in_space_of_scan(path, names, places)


def _advice() -> Sentence:
    return say("bring the positions to the scan first (in MNE: apply_trans) or place the points on it")


def _is_of_freesurfer(scan: Volume) -> bool:
    """Whether a scan is one of those that FreeSurfer made its surfaces in."""
    is_conformed = scan.orientation == "LIA" and len(set(scan.shape_ijk)) == 1
    return scan.origin.kind == ScanKind.MGH and is_conformed


def _surface_ras(scan: Volume) -> np.ndarray:
    """4x4, IJK to FreeSurfer's surface RAS mm: the origin is the middle of the conformed volume."""
    matrix = np.diag([*scan.spacing_mm, 1.0])[[0, 2, 1, 3]] * np.array([[-1.0], [1.0], [-1.0], [1.0]])
    matrix[:3, 3] = -matrix[:3, :3] @ (np.array(scan.shape_ijk) / 2)
    return matrix


def _in_space_of_scan(path: Path, names: list[str], places_ras_mm: np.ndarray) -> list[PlannedTarget]:
    """The positions taken as RAS mm, which is said; raises UserError where the names show other axes."""
    capitals = [name.upper() for name in names]
    for (low, high), axis, side in (((_LEFT, _RIGHT), 0, "right"), ((_BACK, _FRONT), 1, "front")):
        ends = [[bool(pattern.fullmatch(name)) for name in capitals] for pattern in (low, high)]
        if not all(map(any, ends)):
            continue
        way = places_ras_mm[ends[1]].mean(axis=0) - places_ras_mm[ends[0]].mean(axis=0)
        if way[axis] < _AHEAD * np.linalg.norm(way):
            raise UserError(
                "{path}: its axes are not those of a scan ({axis} does not grow to the {side} of the head), but of a"
                " digitiser or a cap; {advice}.",
                path=path,
                axis="xyz"[axis],
                side=say(side),
                advice=_advice(),
            )
    told = say(
        "{name} names no coordinate system; RAS mm of the scan was taken, which positions of a template"
        " head or of a digitiser are not.",
        name=path.name,
    )
    return warned(_targets(names, places_ras_mm), told)


def _targets(names: list[str], places_ras_mm: np.ndarray) -> list[PlannedTarget]:
    return [PlannedTarget(name, place) for name, place in zip(names, places_ras_mm, strict=True)]


FORMATS = ()
READERS = (
    TargetReader(title=say("ASA electrodes"), signatures=("UnitPosition",), read=read_elc),
    TargetReader(title=say("FIF montage"), signatures=("\0\0\0d\0\0\0\x1f\0\0\0\x14",), read=read_fif),
)
