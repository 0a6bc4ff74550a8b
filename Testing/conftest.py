"""Lets every test import the library from the tree, the helpers beside it, and the rig."""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

TESTING = Path(__file__).resolve().parent

# Beside other processes of the suite, one thread for each of them is fastest; before any library is loaded.
if "PYTEST_XDIST_WORKER" in os.environ:
    for variable in ("OMP_NUM_THREADS", "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS"):
        os.environ.setdefault(variable, "1")

os.environ["LANGUAGE"] = "en"  # whatever whoever runs the tests speaks

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


def pytest_collection_finish() -> None:
    """What is loaded by then stays: to look through it for garbage again and again takes half a minute in all."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def scalps_and_tapes() -> Iterator[None]:
    """They are kept for the session."""
    from computed_once import CALLED_AS

    with pytest.MonkeyPatch.context() as patch:
        for name, kept in CALLED_AS.items():
            patch.setattr(name, kept)
        yield
