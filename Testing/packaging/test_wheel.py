"""`pip install .` brings the whole library, its data and the command `dlpfc`."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
LIBRARY = REPOSITORY / "DLPFCSegmenter" / "DLPFCSegmenterLib"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> zipfile.ZipFile:
    """The wheel, built from a copy so that the tree stays clean; no network."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(REPOSITORY / name, source)
    shutil.copytree(LIBRARY, source / "DLPFCSegmenter" / LIBRARY.name, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", out, source]
    subprocess.run(command, check=True, capture_output=True, text=True)
    (file,) = out.glob("*.whl")
    with zipfile.ZipFile(file) as archive:
        yield archive


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_the_library(wheel):
    expected = {
        file.relative_to(LIBRARY.parent).as_posix()
        for file in LIBRARY.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert packed == expected


@pytest.mark.slow
def test_the_wheel_installs_the_command(wheel):
    (name,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert "dlpfc = DLPFCSegmenterLib.cli.main:main" in wheel.read(name).decode()


def test_the_command_says_how_it_is_used():
    code = "import sys; sys.argv = ['dlpfc', '--help']; from DLPFCSegmenterLib.cli.main import main; sys.exit(main())"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=LIBRARY.parent, check=True
    )
    assert "plan" in answer.stdout and "segment" in answer.stdout
