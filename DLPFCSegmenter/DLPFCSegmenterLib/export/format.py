"""What an export format is: what every list and table tells of it, how its files are written and read, and what it
may ask of the scan.

Each file in `formats/` names its own in `FORMATS`, and what it only reads in `READERS`; `registry` finds them there.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..errors import UserError
from ..geometry.spaces import largest_shift_mm
from ..scan.origin import NiftiForms
from ..scan.volume import Volume
from ..sentences import joined, say
from .targets import PlannedTarget

if TYPE_CHECKING:
    from vtkmodules.vtkCommonDataModel import vtkPolyData

    from ..segmentation.region import Region

NIFTI, SERIES, SCAN = say("the NIfTI scan"), say("the DICOM series"), say("the scan")
"""What a format may need beside the targets."""

BY_SIMNIBS = say("SimNIBS's reader, not the vendor's product")
BY_SLICER = say("Slicer's own reader")
BY_OURS = say("our own reader alone")

SAME_PLACE_MM = 0.1
"""A qform keeps rounded quaternions, so that it differs by some hundredths of a mm from an equal sform."""

POINT, POSE, ENTRY = "point", "pose", "entry"
"""What a target may consist of; the first it always has."""
_MISSING = {POSE: say("coil pose"), ENTRY: say("scalp entry")}
_ALONE = {POINT: say("points"), POSE: say("coil poses alone"), ENTRY: say("scalp entries with their targets alone")}
_LOST = {POINT: say("points under the coil"), POSE: say("coil poses"), ENTRY: say("scalp entries")}
_PARTS = {POINT: say("points"), ENTRY: say("scalp entries"), POSE: say("coil poses")}


@dataclass(frozen=True, kw_only=True)
class TargetReader:
    """Files of targets that are read and never written: `title`, `signatures` and `read` as of a `PointFormat`."""

    title: str
    signatures: tuple[str, ...]
    read: Callable[[Path, Volume | None], list[PlannedTarget]]


@dataclass(frozen=True, kw_only=True)
class Format:
    """One export format.

    name      what the command line calls it
    title     what the user reads
    suffix    end of its files' names
    space     where the numbers in its files lie, in words
    checked   which reader or description its files were checked against
    rank      its place in every list of formats
    needs     NIFTI, SERIES or SCAN where it cannot be written without that, else ''
    packages  of Python that it takes beside those of every export
    """

    name: str
    title: str
    suffix: str
    space: str
    checked: str
    rank: int
    needs: str = ""
    packages: tuple[str, ...] = ()

    @property
    def contents(self) -> str:
        """What its files hold, in words."""
        raise NotImplementedError

    def space_for(self, scan: Volume | None) -> str:
        """The space of a file that is written for `scan`; raises UserError for a scan that it cannot be written for."""
        return self.space


@dataclass(frozen=True, kw_only=True)
class PointFormat(Format):
    """A format of targets.

    signatures   texts of which one stands in every file of it, and none in files of a lower rank
    write, read  functions of (targets, path, scan) and (path, scan); `write` gives every file that it wrote
    space_of     function of a scan: the space of a file written for it, in words; None: always `space`
    requires     POSE or ENTRY where a target without that cannot be written
    loses        POSE or ENTRY where it has no room for those, POINT where a coil pose takes its place
    named_by_time  beginning of a name that goes on with the time, where its reader knows files by that
    read_samples  as `read`, of the places where a coil stimulated, where its files hold those beside targets
    """

    signatures: tuple[str, ...]
    write: Callable[[list[PlannedTarget], Path, Volume | None], list[Path]]
    read: Callable[[Path, Volume | None], list[PlannedTarget]]
    space_of: Callable[[Volume | None], str] | None = None
    requires: str = POINT
    loses: tuple[str, ...] = ()
    named_by_time: str = ""
    read_samples: Callable[[Path, Volume | None], list[PlannedTarget]] | None = None

    @property
    def contents(self) -> str:
        """What a file of it holds, in words."""
        kept = [words for part, words in _PARTS.items() if part not in self.loses]
        told = joined(", ", kept)
        return say("{told}, else points", told=told) if POINT in self.loses and self.requires == POINT else told

    @property
    def alone(self) -> str:
        """What it holds and nothing else, in words for a refusal."""
        return _ALONE[self.requires]

    def space_for(self, scan: Volume | None) -> str:
        """The space of its coordinates for a scan. Raises UserError where there is none."""
        return self.space_of(scan) if self.space_of else self.space

    def can_hold(self, target: PlannedTarget) -> bool:
        """Whether the target has what a file of this format is made of."""
        return _part(target, self.requires) is not None

    def require_held(self, path: Path, targets: Iterable[PlannedTarget]) -> None:
        """Raise UserError for a target that lacks what a file of this format is made of."""
        for target in targets:
            if not self.can_hold(target):
                lack = say("'{label}' has no {missing}", label=target.label, missing=_MISSING[self.requires])
                raise UserError(
                    "{path}: {lack}, and {title} holds {alone}; plan one.",
                    path=path,
                    lack=lack,
                    title=self.title,
                    alone=self.alone,
                )

    def lost_of(self, targets: list[PlannedTarget]) -> list[str]:
        """In words, what the targets have that the format has no room for."""
        parts = {POINT: POSE, POSE: POSE, ENTRY: ENTRY}  # a point is lost where a pose takes its place
        present = {lost for lost, part in parts.items() if any(_part(target, part) is not None for target in targets)}
        return [_LOST[part] for part in self.loses if part in present]


def _part(target: PlannedTarget, part: str) -> np.ndarray | None:
    return {POINT: target.position_ras_mm, POSE: target.coil_pose_ras_mm, ENTRY: target.entry_ras_mm}[part]


@dataclass(frozen=True)
class NamedMask:
    """A mask read from a file.

    label        what the file calls it
    volume       its grid, with the mask (bool) as values
    description  what the file says of it, warnings included
    """

    label: str
    volume: Volume
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class MaskFormat(Format):
    """A format of a mask.

    write      function of (region, targets on its side, path)
    read       function of (path, scan): the masks in a file, and the single points beside them
    holds_points  whether the targets go in too
    sop_class  UID of the class of its DICOM objects, '' where its files are images, known by `endings`
    endings    of the names of files that `read` takes
    write_scalp  function of (surface in RAS mm, scan, path), or None where it has no room for the head's
    """

    write: Callable[["Region", list[PlannedTarget], Path], None]
    read: Callable[[Path, Volume | None], tuple[list[NamedMask], list[PlannedTarget]]]
    holds_points: bool = False
    sop_class: str = ""
    endings: tuple[str, ...] = ()
    write_scalp: Callable[["vtkPolyData", Volume, Path], None] | None = None

    @property
    def contents(self) -> str:
        """What a file of it holds, in words."""
        return say("mask, points") if self.holds_points else say("mask, scalp") if self.write_scalp else say("mask")

    def space_for(self, scan: Volume | None) -> str:
        """The space of its coordinates for a scan. Raises UserError where there is none."""
        if self.needs == SERIES:
            from .dicom_series import source_slices

            source_slices(require_scan(scan, self.title))
        return self.space


def require_scan(scan: Volume | None, system: str) -> Volume:
    """The scan; raises UserError where none is known."""
    if scan is None:
        raise UserError("{system} needs the scan that the targets were planned on; name it (--scan).", system=system)
    return scan


def nifti_scan(scan: Volume | None, system: str) -> tuple[Volume, NiftiForms]:
    """The scan and the forms of its header. Raises UserError where it is no NIfTI file, which `system` needs."""
    if scan is None:
        raise UserError(
            "{system} needs the NIfTI scan that the targets were planned on; name it (--scan).", system=system
        )
    if scan.origin.nifti is None:
        raise UserError(
            "{source}: {system} needs a NIfTI scan; convert the scan to NIfTI and plan on that.",
            source=scan.source,
            system=system,
        )
    return scan, scan.origin.nifti


def shift_from_scan_mm(matrix: np.ndarray, scan: Volume) -> float:
    """How far a form of the header, IJK to RAS, places a voxel from where the scan was planned on."""
    return largest_shift_mm(matrix, scan.ijk_to_ras, scan.shape_ijk)


def require_declared(path: Path, declared: dict, expected: dict[str, str]) -> None:
    """Raise UserError unless `declared`, read from `path`, names the expected space, unit and axes: none is guessed."""
    for name, value in expected.items():
        if declared.get(name) != value:
            named = (
                say("{name} '{declared}' is not known", name=name, declared=declared[name])
                if name in declared
                else say("it names no {name}", name=name)
            )
            raise UserError("{path}: {named}; only '{value}' can be read.", path=path, named=named, value=value)
