"""Stand-in for Slicer's `slicer.packaging`: it checks what is installed and never installs anything."""

from __future__ import annotations

import logging
from importlib import metadata
from pathlib import Path
from typing import Any

import slicer
from packaging.requirements import Requirement


def load_requirements(path: str | Path) -> list[Requirement]:
    """The requirements in a file, one a line, comments left out."""
    lines = (line.split("#")[0].strip() for line in Path(path).read_text(encoding="utf-8").splitlines())
    return [Requirement(line) for line in lines if line]


def pip_check(requirements: Any) -> bool:
    """Whether every requirement is met by what is installed."""
    return all(_is_met(requirement) for requirement in _as_requirements(requirements))


def pip_ensure(requirements: Any, requester: str | None = None, **kwargs: Any) -> list[str] | None:
    """Returns if all is installed or the application is testing; else asks, and raises on a no."""
    missing = [str(requirement) for requirement in _as_requirements(requirements) if not _is_met(requirement)]
    if not missing:
        return []
    if slicer.app.testingEnabled():
        logging.info("Testing mode: packages not installed: %s", missing)
        return None
    if not slicer.util.confirmOkCancelDisplay(f"{len(missing)} Python packages need to be installed.", requester or ""):
        raise RuntimeError("User declined package installation")
    return pip_install(missing)


def pip_install(requirements: Any, **kwargs: Any) -> None:
    """The rig installs nothing."""
    raise RuntimeError(f"The rig does not install packages: {requirements}")


def _as_requirements(requirements: Any) -> list[Requirement]:
    listed = requirements if isinstance(requirements, (list, tuple)) else [requirements]
    return [item if isinstance(item, Requirement) else Requirement(item) for item in listed]


def _is_met(requirement: Requirement) -> bool:
    if requirement.marker is not None and not requirement.marker.evaluate():
        return True
    try:
        version = metadata.version(requirement.name)
    except metadata.PackageNotFoundError:
        return False
    return requirement.specifier.contains(version, prereleases=True)
