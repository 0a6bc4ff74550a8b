"""The commands that the README names do what it says; `make -n` shows them without running them."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def steps(*arguments: str, folder: Path = REPOSITORY) -> str:
    """What `make` would run; it must not know that it is itself run by `make test`."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "-n", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True).stdout


def test_demo_gets_colin27_and_plans_on_it():
    assert ".ci/set-up colin27 demo/colin27.nii.gz" in steps("demo")
    assert '.venv/bin/dlpfc plan demo/colin27.nii.gz --output "demo/colin27" --overwrite' in steps("demo")


def test_demo_on_a_scan_of_ones_own_downloads_nothing_and_replaces_no_results():
    own = steps("demo", "T1=my scan.nii.gz")
    assert '.venv/bin/dlpfc plan "my scan.nii.gz" --output "demo/plan"' in own
    assert "colin27" not in own and "--overwrite" not in own


def test_pictures_are_drawn_of_colin27_where_the_readme_has_them():
    assert ".ci/set-up colin27 demo/colin27.nii.gz" in steps("pictures")
    assert "Testing/make_pictures.py demo/colin27.nii.gz Resources/Screenshots" in steps("pictures")


def test_every_set_up_starts_from_nothing(tmp_path):
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, tmp_path)
    shutil.copytree(REPOSITORY / ".ci", tmp_path / ".ci")
    extras = {"demo": ".", "benchmark": ".", "test": '".[train,test,check]"', "quick": '".[train,test,check]"'}
    for target, extra in extras.items():
        fresh = steps(target, folder=tmp_path).splitlines()
        assert fresh[0] == ".ci/set-up python"
        assert "GB on the disk" in fresh[1]
        assert fresh[2] == f".ci/set-up packages {extra}"


def test_continuous_integration_runs_make_test():
    run = REPOSITORY / ".ci" / "run"
    assert run.read_text(encoding="utf-8").splitlines()[-1] == "make test"
    assert run.stat().st_mode & 0o100


def test_the_whole_suite_and_the_quick_one_begin_with_style_types_and_layers():
    for target in ("test", "quick"):
        tested = steps(target).splitlines()
        assert tested.index(".ci/check") < next(i for i, line in enumerate(tested) if "-m pytest" in line)
    checks = (REPOSITORY / ".ci" / "check").read_text(encoding="utf-8")
    for command in ("ruff check -q", "ruff format -q --check", "lint-imports --no-logo", "mypy"):
        assert re.search(rf"^say .*bin/{command}$", checks, re.M), command


def test_every_folder_that_the_quick_suite_names_is_there():
    (line,) = (line for line in steps("quick").splitlines() if "-m pytest" in line)
    named = [word for word in line.split() if word.startswith("Testing/")]
    assert len(named) > 10 and all((REPOSITORY / name).exists() for name in named)


def test_a_set_up_step_with_nothing_to_do_leaves_the_scan_alone(tmp_path):
    scan = tmp_path / "colin27.nii.gz"
    scan.write_bytes(b"here already")
    subprocess.run([REPOSITORY / ".ci" / "set-up", "colin27", scan], check=True)
    assert scan.read_bytes() == b"here already"
