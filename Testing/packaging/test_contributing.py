"""CONTRIBUTING.md names every room and every file of the library's top, and none that is not there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "DLPFCSegmenter" / "DLPFCSegmenterLib"


def rows() -> list[str]:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.startswith("| ")]


def paths_in(text: str) -> set[str]:
    """Folders and Python files, such as `export/`, `plan.py` and `targeting/mni_targets.py`."""
    return set(re.findall(r"`((?:\w+/)+(?:\w+\.py)?|\w+\.py)`", text))


def test_every_room_and_every_file_at_the_top_stands_in_the_table_of_rooms():
    named = {path for row in rows() if row.startswith("| `") for path in paths_in(row.split("|")[1])}
    rooms = {f"{path.parent.name}/" for path in LIBRARY.glob("*/__init__.py")}
    assert named == rooms | {path.name for path in LIBRARY.glob("*.py")} - {"__init__.py"}


def test_every_file_that_the_tables_send_a_newcomer_to_is_there():
    paths = {path for row in rows() for path in paths_in(row)}
    assert len(paths) > 20
    assert [path for path in sorted(paths) if not any(LIBRARY.rglob(path.rstrip("/")))] == []
