"""The layers of the library hold, it runs without Slicer and Qt, and importing it is cheap."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nibabel
import pytest

from template_scan import template_scan

REPOSITORY = Path(__file__).resolve().parents[2]
MODULE = REPOSITORY / "DLPFCSegmenter"
LIBRARY = MODULE / "DLPFCSegmenterLib"
HEAVY = {"torch", "torchvision", "vtk", "vtkmodules", "matplotlib", "nibabel", "SimpleITK", "pycocotools"}
BROKEN = {
    "geometry/spaces.py": ("from DLPFCSegmenterLib.scan.volume import Volume", "Data flows one way"),
    "targeting/coil.py": ("from ..plan import Plan", "Data flows one way"),
    "labels/splits.py": ("from .. import networks", "Data flows one way"),
    "report/page.py": ("from ..export import result_json", "Data flows one way"),
    "plan.py": ("from .application import parameters", "Data flows one way"),
    "cli/main.py": ("from slicer.util import loadVolume", "Only application/ knows Slicer and Qt"),
    "scan/volume.py": ("import qt", "Only application/ knows Slicer and Qt"),
    "export/scene.py": ("import ctk", "Only application/ knows Slicer and Qt"),
    "application/panel.py": ("from PySide6 import QtCore", "Nothing knows another Qt than Slicer's"),
}
"""File -> (an import that does not belong there, the contract that it breaks)."""


def imported(statements) -> set[str]:
    """Top-level names of the packages that import statements name."""
    names = set()
    for statement in statements:
        if isinstance(statement, ast.Import):
            names |= {alias.name.split(".")[0] for alias in statement.names}
        elif isinstance(statement, ast.ImportFrom) and not statement.level:
            names.add(statement.module.split(".")[0])
    return names


def lint_imports(package_parent: Path) -> subprocess.CompletedProcess[str]:
    """What import-linter says of the library in a folder, by the contracts of the repository."""
    pytest.importorskip("importlinter", reason="import-linter is not installed")
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", code, "--no-logo", "--no-cache", str(REPOSITORY / "pyproject.toml")]
    environment = os.environ | {"PYTHONPATH": str(package_parent)}
    return subprocess.run(command, cwd=package_parent, env=environment, capture_output=True, text=True)


@pytest.fixture
def copy(tmp_path) -> Path:
    """A copy of the library that a test may break."""
    return shutil.copytree(LIBRARY, tmp_path / LIBRARY.name, ignore=shutil.ignore_patterns("__pycache__", "*.pt"))


def test_the_layers_of_the_library_hold():
    answer = lint_imports(MODULE)
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.slow
@pytest.mark.parametrize("file", BROKEN)
def test_an_import_that_does_not_belong_there_breaks_its_contract(copy, file):
    line, contract = BROKEN[file]
    with (copy / file).open("a", encoding="utf-8") as source:
        source.write(f"\n\ndef _broken() -> None:\n    {line}  # noqa\n")
    answer = lint_imports(copy.parent)
    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert f"{contract} BROKEN" in answer.stdout
    assert "1 broken" in answer.stdout


def test_a_new_room_without_a_place_among_the_layers_is_found(copy):
    (copy / "attic").mkdir()
    (copy / "attic" / "__init__.py").touch()
    answer = lint_imports(copy.parent)
    assert answer.returncode == 1 and "attic" in answer.stdout + answer.stderr


def test_nothing_heavy_is_imported_at_the_file_scope_of_the_module():
    assert not imported(ast.parse((MODULE / "DLPFCSegmenter.py").read_text(encoding="utf-8")).body) & HEAVY


def test_importing_the_library_loads_nothing_heavy():
    code = "import sys, DLPFCSegmenterLib; print(*{name.split('.')[0] for name in sys.modules})"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=MODULE, check=True)
    assert not set(answer.stdout.split()) & HEAVY


@pytest.mark.slow
def test_a_plan_imports_no_compiler_and_plots_only_when_masks_and_targets_are_written(tmp_path):
    brain = template_scan()
    scan, out = tmp_path / "T1.nii.gz", tmp_path / "out"
    nibabel.save(nibabel.Nifti1Image(brain.array_kji.transpose(), brain.ijk_to_ras), scan)
    code = f"""
import sys
from DLPFCSegmenterLib.cli.main import main
from DLPFCSegmenterLib.export import plan_folder
write = plan_folder.write_markups_json
plan_folder.write_markups_json = lambda *told: (write(*told), print(*sys.modules))
main(["plan", {str(scan)!r}, "--output", {str(out)!r}])
print(*sys.modules)
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=MODULE, check=True)
    before, *_, after = (set(line.split()) for line in answer.stdout.splitlines())
    assert "matplotlib" in after and not after & {"torch._dynamo", "torch._inductor", "sympy"}
    assert not before & {"matplotlib", "DLPFCSegmenterLib.report.head_scene"}
