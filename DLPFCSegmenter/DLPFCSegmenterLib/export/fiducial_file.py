"""Nasion, inion and both tragi out of a file of named points."""

from pathlib import Path

from ..errors import UserError
from ..scan.volume import Volume
from ..targeting.fiducials import Fiducials
from .registry import read_targets
from .targets import PlannedTarget

_NAMES = {
    "nasion": ("nasion", "nz", "nas"),
    "inion": ("inion", "iz"),
    "left_tragus": ("left tragus", "tragus left", "left preauricular", "lpa"),
    "right_tragus": ("right tragus", "tragus right", "right preauricular", "rpa"),
}
"""How the four points are called, in small letters; '_' and '-' count as a space."""


def read_fiducials(path: Path, scan: Volume | None) -> Fiducials:
    """The four points of a file in any format that can be read, RAS mm of `scan`, with the file's warnings.

    Raises UserError where one is missing or named twice, or for a file that cannot be read.
    """
    found: dict[str, list[PlannedTarget]] = {name: [] for name in _NAMES}
    for target in read_targets(path, scan):
        label = " ".join(target.label.lower().replace("_", " ").replace("-", " ").split())
        for name, words in _NAMES.items():
            if label in words:
                found[name].append(target)
    missing = [name.replace("_", " ") for name, points in found.items() if not points]
    twice = [name.replace("_", " ") for name, points in found.items() if len(points) > 1]
    if missing or twice:
        wrong = f"has no point called {', '.join(missing)}" if missing else f"has {', '.join(twice)} twice"
        raise UserError(f"{path}: {wrong}; name the four points nasion, inion, left tragus and right tragus.")
    points = [found[name][0] for name in _NAMES]
    warnings = tuple(dict.fromkeys(f"{path.name}: {warning}" for point in points for warning in point.warnings))
    return Fiducials(*(point.position_ras_mm for point in points), warnings)
