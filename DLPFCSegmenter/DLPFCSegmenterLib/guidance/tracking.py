"""From what a tracker sends to the coil in the MRI, and when a tool counts as lost.

Names say what a transform does, as with PLUS, SlicerIGT and NaviNIBS: 'CoilToReference' takes the coil's mm to those of
the reference tool, which sits on the head; 'ReferenceToTracker' takes these to the tracker's. So with matrices named
goal_from_source

    coil_in_mri = mri_from_reference . inv(tracker_from_reference) . tracker_from_coil . calibration

and a 'CoilToReference' stands for the two in the middle, which its sender has multiplied.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ..errors import UserError
from ..geometry.poses import is_rigid, nearest_rigid
from ..sentences import say

SILENT_S = 0.5
"""A tool that was not heard of for so long is lost."""

_FARTHEST_MM = 10_000.0
_SEEN = ("", "OK")
_NAME = re.compile(r"(?P<tool>.+?)To(?P<frame>[A-Z].*)")


@dataclass(frozen=True)
class ToolNames:
    """What the transforms are called. `coil` and `stylus` lead to the reference tool's frame, or to the tracker's."""

    coil: str = "CoilToReference"
    stylus: str = "StylusToReference"
    reference: str = "ReferenceToTracker"

    def __post_init__(self) -> None:
        tool, frame = _parts(self.reference)
        for name in (self.coil, self.stylus):
            if _parts(name)[1] not in (tool, frame) or _parts(name)[0] == tool:
                raise UserError(
                    "The transform '{name}' leads neither to '{tool}' nor to '{frame}', which '{reference}' joins.",
                    name=name, tool=tool, frame=frame, reference=self.reference,
                )  # fmt: skip

    @property
    def all(self) -> tuple[str, ...]:
        """All three."""
        return self.coil, self.stylus, self.reference

    def needs_reference(self, name: str) -> bool:
        """Whether a tool's transform leads to the tracker's frame."""
        return _parts(name)[1] == _parts(self.reference)[1]


def _parts(name: str) -> tuple[str, str]:
    found = _NAME.fullmatch(name)
    if found is None:
        raise UserError(
            "'{name}' is no name of a transform; name it as 'CoilToReference', from a tool to a frame.", name=name
        )
    return found["tool"], found["frame"]


@dataclass(frozen=True)
class Sighting:
    """What was heard of a tool last.

    matrix   4x4, mm
    heard_s  when, in seconds of the clock that it is judged by
    status   what the sender says of it: '' or 'OK' where it is seen
    """

    matrix: np.ndarray
    heard_s: float
    status: str = ""


@dataclass(frozen=True)
class Tracked:
    """Where a tool is (4x4, mm), or None and why it is lost, in words."""

    matrix: np.ndarray | None
    lost: str = ""


def judged(sighting: Sighting | None, now_s: float) -> Tracked:
    """What a sighting is worth now. The identity is what PLUS sends of a tool that is not seen."""
    if sighting is None:
        return Tracked(None, say("never heard of"))
    matrix = np.asarray(sighting.matrix, float)
    if not is_rigid(matrix) or np.abs(matrix[:3, 3]).max() > _FARTHEST_MM:
        return Tracked(None, say("what is sent of it is no position"))
    if sighting.status.upper() not in _SEEN or np.allclose(matrix, np.eye(4), atol=1e-6):
        return Tracked(None, say("not seen"))
    if abs(now_s - sighting.heard_s) > SILENT_S:
        return Tracked(None, say("not heard of any more"))
    return Tracked(nearest_rigid(matrix))


def in_reference(name: str, names: ToolNames, seen: Mapping[str, Sighting], now_s: float) -> Tracked:
    """A tool (`names.coil` or `names.stylus`) in the frame of the reference tool.

    A reference tool that is heard of must be seen: what its sender multiplies by it is else no position either.
    """
    tool = judged(seen.get(name), now_s)
    if tool.matrix is None:
        return tool
    if not names.needs_reference(name) and names.reference not in seen:
        return tool
    reference = judged(seen.get(names.reference), now_s)
    if reference.matrix is None:
        return Tracked(None, say("the tool on the head: {lost}", lost=reference.lost))
    return Tracked(np.linalg.inv(reference.matrix) @ tool.matrix) if names.needs_reference(name) else tool


@dataclass(frozen=True)
class Guide:
    """All that turns what a tracker sends into a coil in the MRI.

    mri_from_reference   4x4 (`Registration`)
    coil_from_own        4x4, the coil's own axes (`geometry.poses`) to those of the tracked marker on it
    """

    mri_from_reference: np.ndarray
    names: ToolNames = ToolNames()
    coil_from_own: np.ndarray = field(default_factory=lambda: np.eye(4))

    def coil_in_mri(self, seen: Mapping[str, Sighting], now_s: float) -> Tracked:
        """The coil's pose, 4x4, coil to RAS mm of the scan, or why there is none."""
        coil = in_reference(self.names.coil, self.names, seen, now_s)
        if coil.matrix is None:
            return coil
        return Tracked(nearest_rigid(self.mri_from_reference @ coil.matrix @ self.coil_from_own))
