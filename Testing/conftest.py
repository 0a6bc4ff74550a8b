"""Lets every test import the library from the tree, and the rig from this folder."""

import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

TESTING = Path(__file__).resolve().parent

for folder in (TESTING, TESTING / "Rig", TESTING.parent / "DLPFCSegmenter"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

# The same examples at every run, and no verdict that depends on how busy the machine is.
settings.register_profile(
    "suite", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
settings.load_profile("suite")
