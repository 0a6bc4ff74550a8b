"""The tests of modules, parameters and the panel once more, with Slicer's own unmodified Python files.

Set DLPFC_SLICER_SOURCE to the folder `Base/Python` of Slicer's sources (branch 5.12) to run them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import slicer_rig

HERE = Path(__file__).parent
PRINT_FILES = """
import slicer_rig
slicer_rig.boot()
import slicer.parameterNodeWrapper, slicer.ScriptedLoadableModule
print(slicer.parameterNodeWrapper.__file__, slicer.ScriptedLoadableModule.__file__)
"""
SAME_BEHAVIOUR = (
    *(HERE / name for name in ("test_module_loader.py", "test_parameter_node_wrapper.py", "test_scene.py")),
    HERE.parent / "application",
)
WITH_THE_NETWORK = HERE.parent / "application" / "test_whole_flow.py"

source = os.environ.get(slicer_rig.SLICER_SOURCE_VARIABLE)


@pytest.mark.skipif(not source, reason=f"{slicer_rig.SLICER_SOURCE_VARIABLE} does not name Slicer's Base/Python")
def test_stand_ins_replaced_by_slicers_own_files_behave_the_same():
    printed = subprocess.run([sys.executable, "-c", PRINT_FILES], cwd=HERE, capture_output=True, text=True)
    files = [Path(line) for line in printed.stdout.split()]
    assert len(files) == 2 and all(file.is_relative_to(Path(source).resolve()) for file in files)
    command = [sys.executable, "-m", "pytest", "-q", *map(str, SAME_BEHAVIOUR), "--ignore", str(WITH_THE_NETWORK)]
    run = subprocess.run(command, cwd=HERE.parents[1], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout
