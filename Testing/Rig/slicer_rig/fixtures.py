"""For a `conftest.py`: boots the rig, or skips where it cannot; each test starts and ends clean.

from slicer_rig.fixtures import clean_rig  # noqa: F401
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.importorskip("slicer", reason="slicer-core is not installed")
pytest.importorskip("PySide6", reason="PySide6 is not installed")

import slicer_rig  # noqa: E402

slicer_rig.boot()

import slicer  # noqa: E402


@pytest.fixture(autouse=True)
def clean_rig() -> Iterator[None]:
    """Every test starts with an empty scene and a new user's settings, and leaves no exception in a slot."""
    slicer_rig.close_scene()
    slicer.app.userSettings().clear()
    slicer_rig.slot_errors()
    yield
    errors = slicer_rig.slot_errors()
    slicer_rig.close_scene()
    assert not errors, "\n".join(map(str, errors))
