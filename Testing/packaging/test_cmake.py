"""Slicer packages exactly the files that the CMake lists name."""

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
MODULE = REPOSITORY / "DLPFCSegmenter"


def files_in_tree() -> set[str]:
    """Every file of the module but caches and build files, relative to its folder."""
    files = (path.relative_to(MODULE) for path in MODULE.rglob("*") if path.is_file())
    return {
        file.as_posix()
        for file in files
        if file.name != "CMakeLists.txt" and not re.search(r"__pycache__|\.egg-info", file.as_posix())
    }


def listed(variable: str) -> list[str]:
    cmake = (MODULE / "CMakeLists.txt").read_text(encoding="utf-8")
    (body,) = re.findall(rf"set\({variable}\b(.*?)\)", cmake.replace("${MODULE_NAME}", MODULE.name), re.S)
    return body.split()


@pytest.mark.parametrize("variable", ["MODULE_PYTHON_SCRIPTS", "MODULE_PYTHON_RESOURCES"])
def test_no_file_is_listed_twice(variable):
    assert len(listed(variable)) == len(set(listed(variable)))


def test_every_python_file_of_the_module_is_listed():
    scripts = {file for file in files_in_tree() if file.endswith(".py")}
    assert set(listed("MODULE_PYTHON_SCRIPTS")) == scripts, "run: make lists"


def test_every_resource_of_the_module_is_listed():
    resources = {file for file in files_in_tree() if not file.endswith(".py")}
    assert set(listed("MODULE_PYTHON_RESOURCES")) == resources, "run: make lists"


def test_the_module_has_its_main_script_and_icon():
    assert {"DLPFCSegmenter.py", "Resources/Icons/DLPFCSegmenter.png"} <= files_in_tree()
