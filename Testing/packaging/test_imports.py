"""The library runs without Slicer and Qt, and importing it is cheap."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

MODULE = Path(__file__).resolve().parents[2] / "DLPFCSegmenter"
CORE = sorted(
    file for file in (MODULE / "DLPFCSegmenterLib").rglob("*.py") if "application" not in file.relative_to(MODULE).parts
)
OF_SLICER = {"slicer", "qt", "ctk", "PySide6", "PythonQt"}
HEAVY = {"torch", "torchvision", "vtk", "vtkmodules", "matplotlib", "nibabel", "SimpleITK", "pycocotools"}


def imported(statements) -> set[str]:
    """Top-level names of the packages that import statements name."""
    names = set()
    for statement in statements:
        if isinstance(statement, ast.Import):
            names |= {alias.name.split(".")[0] for alias in statement.names}
        elif isinstance(statement, ast.ImportFrom) and not statement.level:
            names.add(statement.module.split(".")[0])
    return names


@pytest.mark.parametrize("file", CORE, ids=lambda file: file.relative_to(MODULE).as_posix())
def test_the_core_imports_nothing_of_slicer(file):
    assert not imported(ast.walk(ast.parse(file.read_text(encoding="utf-8")))) & OF_SLICER


def test_nothing_heavy_is_imported_at_the_file_scope_of_the_module():
    assert not imported(ast.parse((MODULE / "DLPFCSegmenter.py").read_text(encoding="utf-8")).body) & HEAVY


def test_importing_the_library_loads_nothing_heavy():
    code = "import sys, DLPFCSegmenterLib; print(*{name.split('.')[0] for name in sys.modules})"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=MODULE, check=True)
    assert not set(answer.stdout.split()) & HEAVY
