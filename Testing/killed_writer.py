"""A process that writes a set of files and is killed at the k-th call that changes the disk.

python killed_writer.py K FOLDER
"""

import os
import sys
from pathlib import Path

from DLPFCSegmenterLib.files import write_whole

CALLS = ("replace", "rename", "fsync", "unlink", "rmdir", "mkdir", "open")
NEW = {"a.txt": "new a", "c.txt": "new c", "result.json": "new result"}
STALE = ("a.txt", "b.txt", "result.json")


def die_at(call: int) -> None:
    """From now on the process dies, as by `kill -9`, in the place of the call of this number (from 0)."""
    left = [call]

    def counted(function):
        def act(*arguments, **options):
            if left[0] == 0:
                os._exit(9)
            left[0] -= 1
            return function(*arguments, **options)

        return act

    for name in CALLS:
        setattr(os, name, counted(getattr(os, name)))


def write_new(folder: Path) -> None:
    """Replace the old set."""
    with write_whole(folder, stale=STALE, last="result.json") as fresh:
        for name, text in NEW.items():
            (fresh / name).write_text(text)


if __name__ == "__main__":
    die_at(int(sys.argv[1]))
    write_new(Path(sys.argv[2]))
