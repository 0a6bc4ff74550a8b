"""Export as a person asks for it: targets into a file, and in words what is in it and what is not."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..errors import UserError
from ..scan.canonical import box_ras_mm
from ..scan.volume import Volume
from .registry import HOLDS_IN_WORDS, Format, format_by_name, write_targets
from .targets import PlannedTarget

_BEYOND_MM = 30.0
"""A coil's centre and the scalp may lie so far beyond a scan that shows little more than the brain."""


@dataclass(frozen=True)
class Exported:
    """What one export wrote.

    files     every file, the asked one first
    contents  how many targets, in which coordinate space
    remarks   sentences about what was left out and how far the format was checked
    """

    files: tuple[Path, ...]
    contents: str
    remarks: tuple[str, ...] = ()

    def sentences(self) -> list[str]:
        """What the user reads: one line for the files, one for each remark."""
        names = " and ".join(str(file) for file in self.files)
        return [f"wrote {names}: {self.contents}", *(f"  {remark}" for remark in self.remarks)]


def export_targets(
    format_name: str, targets: list[PlannedTarget], path: Path, scan: Volume | None = None, overwrite: bool = False
) -> Exported:
    """Write those of the targets that the format can hold; the others are told in the remarks.

    The scan's warnings go into the file with the targets', and one where a target lies far beyond the scan.
    Raises UserError as `write_targets`, and where the format can hold none of the targets.
    """
    chosen = format_by_name(format_name)
    held = [target for target in targets if chosen.can_hold(target)]
    if targets and not held:
        raise UserError(
            f"{path}: {chosen.title} holds {HOLDS_IN_WORDS[chosen.holds]}, and there are none among the targets; "
            "plan on a scan that shows the scalp, or choose another format."
        )
    written = [_with_scan_warnings(target, scan) for target in held]
    files = write_targets(format_name, written, path, scan, overwrite)
    contents = f"{len(held)} target{'s' if len(held) > 1 else ''} in {chosen.space(scan)}"
    left_out = [target.label for target in targets if not chosen.can_hold(target)]
    beyond = [f"warning: {text}" for target in held for text in _beyond(target, scan)]
    remarks = (*beyond, *_left_out(chosen, left_out), *_lost(chosen, held), f"checked against {chosen.checked}")
    return Exported(tuple(files), contents, remarks)


def _with_scan_warnings(target: PlannedTarget, scan: Volume | None) -> PlannedTarget:
    warnings = scan.warnings if scan is not None else ()
    return replace(target, warnings=tuple(dict.fromkeys(target.warnings + warnings + _beyond(target, scan))))


def _beyond(target: PlannedTarget, scan: Volume | None) -> tuple[str, ...]:
    if scan is None:
        return ()
    low, high = box_ras_mm(scan)
    away = np.maximum(np.maximum(low - target.position_ras_mm, target.position_ras_mm - high), 0.0)
    distance = float(np.linalg.norm(away))
    if distance <= _BEYOND_MM:
        return ()
    return (
        f"'{target.label}' lies {distance:.0f} mm outside {Path(scan.source).name}; check that it is the scan on "
        "which the target was planned.",
    )


def _left_out(chosen: Format, labels: list[str]) -> list[str]:
    if not labels:
        return []
    names = ", ".join(f"'{label}'" for label in labels)
    return [f"left out: {names}, because {chosen.title} holds {HOLDS_IN_WORDS[chosen.holds]}"]


def _lost(chosen: Format, held: list[PlannedTarget]) -> list[str]:
    lost = chosen.lost_of(held)
    return [f"left out: {' and '.join(lost)}, for which {chosen.title} has no room"] if lost else []
