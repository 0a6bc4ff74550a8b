"""Lets every test import the library from the tree, the helpers beside it, and the rig."""

import sys
from pathlib import Path

TESTING = Path(__file__).resolve().parent

for folder in (TESTING, TESTING / "Rig", TESTING.parent / "DLPFCSegmenter"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
