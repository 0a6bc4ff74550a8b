"""Lets every test import the library from the tree, the helpers beside it, and the rig."""

import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

TESTING = Path(__file__).resolve().parent

for folder in (TESTING, TESTING / "Rig", TESTING.parent / "DLPFCSegmenter"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

# The same examples at every run, and no verdict that depends on how busy the machine is.
settings.register_profile(
    "suite",
    derandomize=True,
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
)
settings.load_profile("suite")
