"""Files lie in a folder whole or not at all, whenever whoever writes them is stopped."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import killed_writer
from DLPFCSegmenterLib import files
from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.files import recover, reserved, told_to_the_user, write_whole, write_whole_file
from full_disk import room_for

OLD = {"a.txt": "old a", "b.txt": "old b", "result.json": "old result"}
MINE = {"notes.txt": "mine"}
NEW = killed_writer.NEW


def fill(folder: Path, texts: dict[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text)


def held(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir() if path.is_file()}


def run_and_kill(call: int, folder: Path) -> bool:
    """Whether the writer came to its end before the call at which it is killed."""
    command = [sys.executable, killed_writer.__file__, str(call), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode in (0, 9), done.stderr
    return done.returncode == 0


@pytest.mark.slow
def test_a_writer_killed_at_any_call_leaves_the_whole_old_set_or_the_whole_new_one(tmp_path):
    seen = []
    for call in range(200):
        folder = tmp_path / str(call)
        fill(folder, OLD | MINE)
        ended = run_and_kill(call, folder)
        result = folder / "result.json"
        if result.exists():
            # A reader that knows nothing of recovery sees no result beside files of another set.
            whole = NEW if result.read_text() == "new result" else OLD
            assert whole.items() <= held(folder).items()
        recover(folder)
        seen.append(held(folder))
        assert seen[-1] in (OLD | MINE, NEW | MINE), call
        assert not list(folder.glob(".dlpfc-*")), call
        if ended:
            break
    assert ended and seen[0] == OLD | MINE and seen[-1] == NEW | MINE
    assert seen == sorted(seen, key=lambda each: each == NEW | MINE)


def test_a_killed_writer_is_followed_by_one_that_writes_its_own_set(tmp_path):
    for call in range(0, 200, 3):
        folder = tmp_path / str(call)
        fill(folder, OLD)
        ended = run_and_kill(call, folder)
        killed_writer.write_new(folder)
        assert held(folder) == NEW and len(list(folder.iterdir())) == len(NEW)
        if ended:
            return
    raise AssertionError("the writer never came to its end")


@pytest.mark.slow
def test_a_recovery_that_is_killed_itself_is_completed_by_the_next(tmp_path, monkeypatch):
    fill(tmp_path, OLD)
    call = next(call for call in range(200) if not run_and_kill(call, tmp_path) and not (tmp_path / "a.txt").exists())
    assert call
    replace, left = os.replace, [1]

    def stop(*arguments):
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        replace(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", stop)
        with pytest.raises(KeyboardInterrupt):
            recover(tmp_path)
    recover(tmp_path)
    assert held(tmp_path) == NEW


def test_an_error_while_files_are_exchanged_puts_the_old_ones_back(tmp_path, monkeypatch):
    replace, calls = os.replace, []

    def refuse(source, place):
        calls.append(place)
        if len(calls) == 6:
            raise PermissionError(13, "in use by another program")
        replace(source, place)

    fill(tmp_path, OLD)
    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(PermissionError):
        killed_writer.write_new(tmp_path)
    assert held(tmp_path) == OLD and len(calls) > 6 and len(list(tmp_path.iterdir())) == len(OLD)


def test_a_folder_is_not_replaced_by_a_file(tmp_path):
    fill(tmp_path, OLD)
    fill(tmp_path / "c.txt", {"kept": "mine"})
    with pytest.raises(IsADirectoryError):
        killed_writer.write_new(tmp_path)
    assert held(tmp_path) == OLD and held(tmp_path / "c.txt") == {"kept": "mine"}


def test_folders_in_the_set_come_with_all_that_is_in_them(tmp_path):
    with write_whole(tmp_path / "set") as fresh:
        fill(fresh / "train", {"one": "1"})
        (fresh / "dataset.json").write_text("{}")
    assert held(tmp_path / "set") == {"dataset.json": "{}"} and held(tmp_path / "set" / "train") == {"one": "1"}


def test_a_failure_or_a_full_disk_leaves_the_folder_as_it_was_and_no_new_one(tmp_path):
    fill(tmp_path / "old", OLD)
    for folder in (tmp_path / "old", tmp_path / "new" / "deeper"):
        with pytest.raises(OSError), room_for(100), write_whole(folder) as fresh:
            (fresh / "a.txt").write_text("x" * 1000)
        with pytest.raises(RuntimeError), write_whole(folder) as fresh:
            (fresh / "a.txt").write_text("half")
            raise RuntimeError
    assert held(tmp_path / "old") == OLD and len(list((tmp_path / "old").iterdir())) == len(OLD)
    assert not (tmp_path / "new").exists()


def test_a_single_file_is_replaced_at_once(tmp_path):
    (tmp_path / "table.csv").write_text("old")
    with write_whole_file(tmp_path / "table.csv") as part:
        part.write_text("new")
        assert (tmp_path / "table.csv").read_text() == "old"
    assert held(tmp_path) == {"table.csv": "new"} and len(list(tmp_path.iterdir())) == 1


def test_two_runs_into_one_folder_do_not_both_succeed(tmp_path):
    code = """
import sys
from pathlib import Path
from DLPFCSegmenterLib.files import reserved
with reserved(Path(sys.argv[1])):
    print("in", flush=True)
    input()
"""
    command = [sys.executable, "-c", code, str(tmp_path)]
    other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout.readline() == "in\n"
        with pytest.raises(UserError, match="another run is writing into it"), reserved(tmp_path, wait_s=0.2):
            pass
        recover(tmp_path)
    finally:
        other.kill()
        other.wait()
    with write_whole(tmp_path) as fresh:
        (fresh / "a.txt").write_text("mine")
    assert held(tmp_path) == {"a.txt": "mine"}


def test_what_is_written_inside_a_reserved_folder_needs_no_second_lock(tmp_path):
    with reserved(tmp_path / "out"), write_whole(tmp_path / "out") as fresh:
        (fresh / "a.txt").write_text("1")
    assert held(tmp_path / "out") == {"a.txt": "1"} and not files._held


def test_a_reserved_folder_is_known_by_its_other_names_too(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "out")
    with reserved(tmp_path / "out"), write_whole(tmp_path / "link") as fresh:
        (fresh / "a.txt").write_text("1")
    assert held(tmp_path / "out") == {"a.txt": "1"}


def test_a_journal_that_leads_out_of_the_folder_is_not_followed(tmp_path):
    fill(tmp_path, {"secret.txt": "mine"})
    scratch = tmp_path / "folder" / ".dlpfc-x"
    (scratch / "fresh").mkdir(parents=True)
    (scratch / "journal.json").write_text('{"names": [], "gone": ["../secret.txt"]}')
    recover(tmp_path / "folder")
    assert (tmp_path / "secret.txt").read_text() == "mine" and not scratch.exists()


def test_a_folder_that_cannot_be_written_is_told_with_its_reason(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match=r"file: cannot be written \(.+\); make room there or choose another folder\."):
        with told_to_the_user(tmp_path / "file"), write_whole(tmp_path / "file"):
            pass
