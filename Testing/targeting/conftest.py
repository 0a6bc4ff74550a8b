"""Lets the tests of this folder find `known_heads`, and builds what several of them share."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import known_heads


@pytest.fixture(scope="session")
def scalp():
    """A fine ellipsoid mesh."""
    return known_heads.ellipsoid_scalp()


@pytest.fixture(scope="session")
def scan():
    """A scan of the same ellipsoid with skin, skull and brain, cut off below."""
    return known_heads.ellipsoid_scan()


@pytest.fixture(scope="session")
def scanned_scalp(scan):
    """The scalp found in that scan."""
    from DLPFCSegmenterLib.targeting.scalp import extract_scalp

    return extract_scalp(scan)
