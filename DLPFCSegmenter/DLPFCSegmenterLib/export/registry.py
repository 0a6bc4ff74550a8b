"""Every exchange format by name: what writes it, what reads it, and how a file of it is known."""

import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np

from ..errors import UserError
from ..geometry.poses import is_rigid, nearest_rigid
from ..scan.volume import Volume
from .formats import (
    brainsight,
    fcsv,
    invesalius,
    localite,
    markups_json,
    nibs_bids,
    plain,
    simnibs_pose,
    visor2,
)  # fmt: skip
from .points import with_warnings_apart
from .targets import PlannedTarget

_HEAD_MM = 2000.0
"""No scanner's coordinates reach as far: a larger number is no position in mm."""


@dataclass(frozen=True)
class Format:
    """One exchange format.

    name        what the command line calls it
    title       what the user reads
    suffix      end of its files' names
    signature   text that stands in every file of it, and in no file of the others
    write, read  functions of (targets, path, scan) and (path, scan)
    checked     which reader or description its files were checked against
    space       function of a scan: the coordinate space of a file written for it, in words
    holds       "point", or "pose" or "entry" where a target without that cannot be written
    loses       "pose" or "entry" where it has no room for those, "point" where a coil pose takes its place
    """

    name: str
    title: str
    suffix: str
    signature: str
    write: Callable[[list[PlannedTarget], Path, Volume | None], list[Path]]
    read: Callable[[Path, Volume | None], list[PlannedTarget]]
    checked: str
    space: Callable[[Volume | None], str]
    holds: str = "point"
    loses: tuple[str, ...] = ()

    def can_hold(self, target: PlannedTarget) -> bool:
        """Whether the target has what a file of this format is made of."""
        places = {"point": target.position_ras_mm, "pose": target.coil_pose_ras_mm, "entry": target.entry_ras_mm}
        return places[self.holds] is not None

    def lost_of(self, targets: list[PlannedTarget]) -> list[str]:
        """In words, what the targets have that the format has no room for."""
        entry = any(target.entry_ras_mm is not None for target in targets)
        pose = any(target.coil_pose_ras_mm is not None for target in targets)
        present = {"point": pose, "pose": pose, "entry": entry}
        return [_LOST_IN_WORDS[kind] for kind in self.loses if present[kind]]


HOLDS_IN_WORDS = {"point": "points", "pose": "coil poses alone", "entry": "scalp entries with their targets alone"}
_LOST_IN_WORDS = {"point": "points under the coil", "pose": "coil poses", "entry": "scalp entries"}


def _always(space: str) -> Callable[[Volume | None], str]:
    return lambda scan: space


_SIMNIBS = "SimNIBS's reader, not the vendor's product"
_BY_SLICER = "Slicer's own reader"
_OURS = "our own reader alone"

FORMATS = {
    entry.name: entry
    for entry in (
        Format(
            "markups", "Slicer markups", ".mrk.json", "markups-schema",
            markups_json.write_markups_json, markups_json.read_markups_json, _BY_SLICER, _always("LPS mm"),
        ),
        Format(
            "fcsv", "Slicer fiducials (older)", ".fcsv", "# Markups fiducial file",
            fcsv.write_fcsv, fcsv.read_fcsv, _BY_SLICER, _always("RAS mm"),
        ),
        Format(
            "brainsight", "Brainsight 2.5.3 and later", ".brainsight.txt", "# Version: 14",
            brainsight.write_brainsight_14, brainsight.read_brainsight, _SIMNIBS,
            brainsight.space_in_words_14, loses=("point", "entry"),
        ),
        Format(
            "brainsight12", "Brainsight before 2.5.3", ".brainsight12.txt", "# Version: ",
            brainsight.write_brainsight_12, brainsight.read_brainsight, _SIMNIBS,
            brainsight.space_in_words_12, loses=("point", "entry"),
        ),
        Format(
            "localite", "Localite InstrumentMarker", ".instrumentmarker.xml", "<InstrumentMarkerList",
            localite.write_instrument_markers, localite.read_instrument_markers, _SIMNIBS,
            localite.space_in_words, "pose", ("point", "entry"),
        ),
        Format(
            "localite-entry-target", "Localite EntryTarget", ".entrytarget.xml", "<EntryTargetList",
            localite.write_entry_target, localite.read_entry_target, "sample files alone",
            localite.space_in_words, "entry", ("pose",),
        ),
        Format(
            "visor2", "ANT Neuro visor2", ".mrk", '"TargetMarkers"',
            visor2.write_visor2, visor2.read_visor2, _SIMNIBS,
            visor2.space_in_words, "pose", ("point", "entry"),
        ),
        Format(
            "invesalius", "InVesalius markers", ".mkss", "##INVESALIUS3_MARKER_FILE",
            invesalius.write_invesalius, invesalius.read_invesalius, "InVesalius's own functions, not its window",
            _always("InVesalius's own image space, mm"),
        ),
        Format(
            "simnibs", "SimNIBS coil poses", ".simnibs.json", '"matsimnib"',
            simnibs_pose.write_simnibs, simnibs_pose.read_simnibs, _OURS, _always("RAS mm"), "pose",
        ),
        Format(
            "nibs-bids", "NIBS-BIDS (draft)", "_markers.tsv", "nibs_position_id",
            nibs_bids.write_nibs_bids, nibs_bids.read_nibs_bids, "the draft's description alone",
            _always("ScanRAS, RAS mm"), loses=("entry",),
        ),
        Format(
            "csv", "Table (CSV), RAS and LPS", ".csv", "target_ras_x_mm",
            plain.write_csv, plain.read_csv, _OURS, _always("RAS mm and LPS mm, each named"),
        ),
        Format(
            "json", "JSON, RAS and LPS", ".json", plain.SIGNATURE,
            plain.write_json, plain.read_json, _OURS, _always("RAS mm and LPS mm, each named"),
        ),
    )
}  # fmt: skip
"""In the order in which a file's signature is looked for."""


_NAMED_BY_TIME = {"localite": "InstrumentMarker", "localite-entry-target": "EntryTarget"}
"""Localite knows its files by this name followed by the time to the millisecond."""


def file_name(format_name: str, stem: str, moment: datetime) -> str:
    """The name that a file of the format should bear: `stem` and its suffix, or what its reader asks for."""
    chosen = format_by_name(format_name)
    if format_name not in _NAMED_BY_TIME:
        return stem + chosen.suffix
    return f"{_NAMED_BY_TIME[format_name]}{moment:%Y%m%d%H%M%S}{moment.microsecond // 1000:03d}.xml"


def write_targets(
    format_name: str, targets: list[PlannedTarget], path: Path, scan: Volume | None = None, overwrite: bool = False
) -> list[Path]:
    """Write `targets` to `path` and return every file that was written.

    scan: the volume they were planned on, which most navigators' formats need.
    Raises UserError for an unknown format, targets that it cannot hold, or a file in the way; then
    nothing is left behind.
    """
    chosen = format_by_name(format_name)
    if not targets:
        raise UserError(f"{path}: there are no targets to export; plan one first.")
    if path.exists() and not overwrite:
        raise UserError(f"{path}: exists already; choose another name or overwrite it.")
    _check(path, targets)
    _check_labels(path, targets)
    _check_held(path, targets, chosen)
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".dlpfc-") as scratch:
            return move_new(chosen.write(targets, Path(scratch) / path.name, scan), path.parent, overwrite)
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror}); choose another folder.") from error


def move_new(files: list[Path], folder: Path, overwrite: bool) -> list[Path]:
    """Move finished files to their folder; raises UserError where one would take another's place unasked."""
    places = [folder / file.name for file in files]
    for place in places:
        if place.exists() and not overwrite:
            raise UserError(f"{place}: exists already; choose another name or overwrite it.")
    return [file.replace(place) for file, place in zip(files, places, strict=True)]


def read_targets(path: Path, scan: Volume | None = None) -> list[PlannedTarget]:
    """Targets of a file in any known format, which its content tells, not its name.

    Axes that a file rounds are put at right angles again; a byte order mark or Windows's line ends do not matter.

    Raises UserError for a file of no known format, in an unknown space, or damaged.
    """
    chosen = format_of(path)
    try:
        targets = chosen.read(path, scan)
    except (KeyError, ValueError, IndexError, TypeError, AttributeError, ElementTree.ParseError) as error:
        raise UserError(f"{path}: this {chosen.title} file is damaged ({error}); export it again.") from error
    _check(path, targets)
    return [with_warnings_apart(_without_rounding(target)) for target in targets]


def _without_rounding(target: PlannedTarget) -> PlannedTarget:
    pose = target.coil_pose_ras_mm
    return target if pose is None else replace(target, coil_pose_ras_mm=nearest_rigid(pose))


def format_by_name(name: str) -> Format:
    """The format called `name`; raises UserError naming all of them."""
    if name not in FORMATS:
        raise UserError(f"'{name}' is no export format; choose one of {', '.join(FORMATS)}.")
    return FORMATS[name]


def format_of(path: Path) -> Format:
    """The format whose signature stands in the file."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}); check the file's name.") from error
    for entry in FORMATS.values():
        if entry.signature in text:
            return entry
    raise UserError(f"{path}: no known file of targets; known are {', '.join(FORMATS)}.")


def _check(path: Path, targets: list[PlannedTarget]) -> None:
    for target in targets:
        places = [target.position_ras_mm, target.entry_ras_mm]
        if any(place is not None and not _is_place(place) for place in places):
            raise UserError(f"{path}: the position of '{target.label}' is no point in mm; check the file.")
        if target.coil_pose_ras_mm is not None and not is_rigid(target.coil_pose_ras_mm):
            raise UserError(f"{path}: the coil pose of '{target.label}' is mirrored or skewed; check its axes.")


def _check_held(path: Path, targets: list[PlannedTarget], chosen: Format) -> None:
    missing = {"pose": "coil pose", "entry": "scalp entry"}
    for target in targets:
        if not chosen.can_hold(target):
            lack = f"'{target.label}' has no {missing[chosen.holds]}"
            raise UserError(f"{path}: {lack}, and {chosen.title} holds {HOLDS_IN_WORDS[chosen.holds]}; plan one.")


def _check_labels(path: Path, targets: list[PlannedTarget]) -> None:
    for target in targets:
        if not target.label.strip() or not target.label.isprintable():
            raise UserError(f"{path}: {target.label!r} cannot be the name of a target; use letters, digits and spaces.")


def _is_place(point_ras_mm: np.ndarray) -> bool:
    return np.shape(point_ras_mm) == (3,) and bool(np.all(np.abs(point_ras_mm) < _HEAD_MM))
