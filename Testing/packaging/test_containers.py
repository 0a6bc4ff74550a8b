"""The recipes of containers: both install from the repository alone, by one script."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
INSTALL = ROOT / "containers" / "install"


@pytest.mark.parametrize("recipe", ("Dockerfile", "dlpfc.def"))
def test_a_recipe_takes_the_repository_and_runs_the_script_that_is_there(recipe):
    text = (ROOT / "containers" / recipe).read_text(encoding="utf-8")
    assert "/src/containers/install /src" in text and ". /src" in text
    assert "/opt/dlpfc/bin/dlpfc" in text and "debian:bookworm-slim" in text


def test_the_script_can_be_run_and_reads_as_one():
    assert INSTALL.stat().st_mode & 0o111
    subprocess.run(["bash", "-n", INSTALL], check=True)
    assert '"$1[cluster]"' in INSTALL.read_text(encoding="utf-8")
