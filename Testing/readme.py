"""README.md, taken apart for the tests that hold it to the code."""

from itertools import takewhile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"


def lines_of_table(header: str) -> list[str]:
    """The rows of the table under its header line."""
    lines = README.read_text(encoding="utf-8").splitlines()
    return list(takewhile(lambda line: line.startswith("|"), lines[lines.index(header) + 2 :]))
