"""Lets every test import the library from the tree, and the rig from this folder."""

import sys
from pathlib import Path

TESTING = Path(__file__).resolve().parent

for folder in (TESTING, TESTING.parent / "DLPFCSegmenter"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
