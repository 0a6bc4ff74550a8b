"""The rig's own tests."""

from slicer_rig.fixtures import clean_rig  # noqa: F401
