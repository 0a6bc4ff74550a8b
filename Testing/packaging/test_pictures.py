"""The tutorial's pictures are those that `make pictures` draws, small and where they are looked for."""

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER = REPOSITORY / "Resources" / "Screenshots"
PICTURES = sorted(path.name for path in FOLDER.glob("*"))
MOST_BYTES = 300_000


def named_in(file: str) -> list[str]:
    """The pictures that a file of the repository names, in its order."""
    return re.findall(r"Resources/Screenshots/([\w.-]+)", (REPOSITORY / file).read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", ["README.md", "CMakeLists.txt", "DLPFCSegmenter.s4ext"])
def test_every_picture_is_shown_once_and_in_order_and_no_other(file):
    assert PICTURES and named_in(file) == PICTURES


@pytest.mark.slow
def test_each_picture_is_made_by_one_step_of_the_tutorial():
    pytest.importorskip("slicer", reason="slicer-core is not installed")
    pytest.importorskip("PySide6", reason="PySide6 is not installed")
    from make_pictures import STEPS

    assert list(STEPS) == PICTURES


def test_the_pictures_are_small():
    sizes = {name: (FOLDER / name).stat().st_size for name in PICTURES}
    assert max(sizes.values()) <= MOST_BYTES, sizes
