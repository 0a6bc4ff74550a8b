"""Files that lie in a folder whole or not at all, whenever whoever writes them is stopped.

    with write_whole(folder, last="result.json") as fresh:
        (fresh / "mask.nii.gz").write_bytes(...)
        (fresh / "result.json").write_text(...)

What is written lies in a hidden folder of its own until all of it is flushed to the disk. A journal then says what is
to be exchanged, and from that moment the new set counts: the file that makes a set of files a result (`last`) is taken
away first and put in its place last, and whoever comes next (`recover`, and every `write_whole` and `reserved`)
completes what the journal says. Without a whole journal the old set was never touched, and the hidden folder is
cleared. A lock keeps two runs out of one folder; the system frees it when a run dies.
"""

import csv
import hashlib
import json
import os
import re
import shutil
import struct
import sys
import tempfile
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from .errors import UserError
from .sentences import say

SCRATCH_PREFIX = ".dlpfc-"
"""Of what this module makes in a folder for itself, and of nothing else."""

_LOCK = f"{SCRATCH_PREFIX}lock"
_FRESH, _OLD, _JOURNAL = "fresh", "old", "journal.json"
_POLL_S = 0.05

_held: set[Path] = set()
"""Folders that this process keeps other runs out of."""


@contextmanager
def write_whole(folder: Path, stale: Iterable[str] = (), last: str = "") -> Iterator[Path]:
    """Give an empty folder to write in; at the end its contents lie in `folder`, all of them or none.

    stale  names of files in `folder` that go when the new ones come, such as an earlier set's
    last   name of the file whose presence says that the set is whole

    Files of these names are replaced, a folder is not. Raises UserError as `reserved` does, and OSError where the
    folder cannot be written; then it is as it was.
    """
    with reserved(folder):
        scratch = Path(tempfile.mkdtemp(prefix=SCRATCH_PREFIX, dir=folder))
        try:
            (scratch / _FRESH).mkdir()
            yield scratch / _FRESH
            _exchange(scratch, folder, stale, last)
        finally:
            if not (scratch / _JOURNAL).exists():
                shutil.rmtree(scratch, ignore_errors=True)


@contextmanager
def write_whole_file(path: Path) -> Iterator[Path]:
    """As `write_whole`, for one file: give the place to write it to."""
    with write_whole(path.parent) as fresh:
        yield fresh / path.name


@contextmanager
def reserved(folder: Path, wait_s: float = 2.0) -> Iterator[None]:
    """Keep every other run out of `folder`; what a run that died has left in it is completed or cleared first.

    The folder is made, and goes again where nothing was written into it. Raises UserError where another run writes
    into it for longer than `wait_s`, and OSError where it cannot be written.
    """
    place = folder.resolve()
    if place in _held:
        yield
        return
    missing = [each for each in (place, *place.parents) if not each.exists()]
    try:
        place.mkdir(parents=True, exist_ok=True)
        with _locked(place, wait_s):
            _held.add(place)
            try:
                _settle(place)
                yield
            finally:
                _held.discard(place)
    finally:
        for made in missing:
            with suppress(OSError):
                made.rmdir()


def recover(folder: Path) -> None:
    """Complete or clear what a run that died has left in `folder`; to be called before what lies in it is read.

    A folder that is being written, or cannot be, is left as it is.
    """
    if folder.is_dir() and any(folder.glob(f"{SCRATCH_PREFIX}*")):
        with suppress(OSError, UserError), reserved(folder, wait_s=0.0):
            pass


def as_file_name(name: str) -> str:
    """Any name as the beginning of a file name that every system takes."""
    clean = re.sub(r"[^\w.-]+", "-", name).strip("-.") or "scan"
    return f"scan-{clean}" if _OF_WINDOWS.fullmatch(clean) else clean


_OF_WINDOWS = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices, whatever comes after a dot."""


def is_there(path: Path) -> bool:
    """Whether a file or folder lies at a path that a file names: one that no system can hold is nowhere."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


_UNWRITTEN, _MAKE_ROOM = say("cannot be written"), say("make room there")
_WRITE_AGAIN = say("write it again")


@contextmanager
def told_to_the_user(place: Path, told: str = _UNWRITTEN, advice: str = _MAKE_ROOM) -> Iterator[None]:
    """Turn an OSError into the sentence that says what of `place` failed, why, and what to do."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError(
            "{place}: {told} ({reason}); {advice} or choose another folder.",
            place=place,
            told=told,
            reason=reason,
            advice=advice,
        ) from error


_DAMAGE = (ArithmeticError, AttributeError, EOFError, LookupError, RuntimeError, SyntaxError, TypeError, ValueError)
"""What parsing a damaged file raises, whoever parses it: XML's own error is a SyntaxError, a number too large for a
float an ArithmeticError, an unknown encoding a LookupError, nesting without end a RuntimeError."""

_MOST_WORDS, _MOST_OF_A_LINE = 200, 600
"""Characters of what a file holds, which stands in what is said of it."""


@contextmanager
def told_as_damaged(path: Path, what: str = "", advice: str = _WRITE_AGAIN) -> Iterator[None]:
    """Turn whatever reading the content of a file raises into one sentence: which file, what of it, what to do."""
    try:
        yield
    except UserError as error:
        said = " ".join(str(error).split())
        if said == str(error) and len(said) <= _MOST_OF_A_LINE:
            raise
        raise type(error)(said[:_MOST_OF_A_LINE]) from error
    except (*_DAMAGE, csv.Error, struct.error, zlib.error) as error:
        reason = " ".join(str(error).split())[:_MOST_WORDS] or type(error).__name__
        raise UserError(f"{path}: {what} is damaged ({reason}); {advice}.".replace(":  ", ": ")) from error


class _NoJournal(ValueError):
    """There is no journal, or one that this module did not write."""


def file_sha256(path: Path) -> str:
    """SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True)
class _Journal:
    """What is exchanged: names to put in place, in this order, and names to take away."""

    names: tuple[str, ...]
    gone: tuple[str, ...]

    def write(self, path: Path) -> None:
        """Write it whole, and flush it to the disk."""
        part = path.with_suffix(".part")
        part.write_text(json.dumps({"names": self.names, "gone": self.gone}), encoding="utf-8")
        _flush_file(part)
        os.replace(part, path)
        _flush_folder(path.parent)

    @staticmethod
    def read(path: Path) -> "_Journal":
        """Read it. Raises _NoJournal also for names that lead out of the folder."""
        try:
            held = json.loads(path.read_text(encoding="utf-8"))
            journal = _Journal(tuple(held["names"]), tuple(held["gone"]))
        except (FileNotFoundError, ValueError, KeyError, TypeError) as error:
            raise _NoJournal(path) from error
        if any(Path(name).name != name for name in (*journal.names, *journal.gone)):
            raise _NoJournal(path)
        return journal


def _exchange(scratch: Path, folder: Path, stale: Iterable[str], last: str) -> None:
    """Put the fresh files in the place of the old ones; on an error put the old ones back."""
    names = sorted((path.name for path in (scratch / _FRESH).iterdir()), key=lambda name: (name == last, name))
    gone = tuple(name for name in stale if name not in names and (folder / name).exists())
    for name in (*names, *gone):
        if (folder / name).is_dir():
            raise IsADirectoryError(f"{name} is a folder")
    _flush(scratch / _FRESH)
    (scratch / _OLD).mkdir()
    _Journal(tuple(names), gone).write(scratch / _JOURNAL)
    try:
        _carry_out(scratch, folder)
    except BaseException:
        _take_back(scratch, folder)
        raise


def _carry_out(scratch: Path, folder: Path) -> None:
    """Do what the journal says; where that was begun before, do the rest."""
    journal = _Journal.read(scratch / _JOURNAL)
    fresh, old = scratch / _FRESH, scratch / _OLD
    waiting = [name for name in journal.names[::-1] if (fresh / name).exists()]
    for name in (*waiting[:1], *journal.gone, *waiting[1:]):
        if (folder / name).exists():
            os.replace(folder / name, old / name)
    for name in reversed(waiting):
        os.replace(fresh / name, folder / name)
    _flush_folder(folder)
    (scratch / _JOURNAL).unlink()


def _take_back(scratch: Path, folder: Path) -> None:
    """Undo what was done of the journal. Killed in it, or failing, the journal stays and is carried out later."""
    fresh = scratch / _FRESH
    for name in _Journal.read(scratch / _JOURNAL).names:
        if not (fresh / name).exists():
            os.replace(folder / name, fresh / name)
    for path in (scratch / _OLD).iterdir():
        os.replace(path, folder / path.name)
    (scratch / _JOURNAL).unlink()


def _settle(folder: Path) -> None:
    """Complete what dead runs left with a whole journal, clear what they left without; the lock is held."""
    for scratch in sorted(folder.glob(f"{SCRATCH_PREFIX}*")):
        if scratch.is_dir() and not scratch.is_symlink():
            with suppress(_NoJournal):
                _carry_out(scratch, folder)
            shutil.rmtree(scratch, ignore_errors=True)


def _flush(folder: Path) -> None:
    """Bring everything in a folder to the disk, and that it is there."""
    for place, _, names in os.walk(folder):
        for name in names:
            _flush_file(Path(place, name))
        _flush_folder(Path(place))


def _flush_file(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """Windows keeps no folder open, and writes its names down by itself."""
    if sys.platform != "win32":
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


@contextmanager
def _locked(folder: Path, wait_s: float) -> Iterator[None]:
    """Hold the folder's lock file, which goes at the end."""
    path = folder / _LOCK
    handle = _lock_file(folder, path, time.monotonic() + wait_s)
    try:
        yield
    finally:
        if sys.platform == "win32":
            handle.close()
        with suppress(OSError):
            path.unlink()
        handle.close()


def _lock_file(folder: Path, path: Path, until: float) -> IO[bytes]:
    """The open lock file. The one that was locked may have gone meanwhile, with the run that held it: then anew."""
    while True:
        handle = path.open("ab")
        if _try_lock(handle) and path.exists() and os.path.samestat(os.fstat(handle.fileno()), path.stat()):
            return handle
        handle.close()
        if time.monotonic() > until:
            raise UserError(
                "{folder}: another run is writing into it; wait for its end or choose another folder.", folder=folder
            )
        time.sleep(_POLL_S)


def _try_lock(handle: IO[bytes]) -> bool:
    """Lock a file unless another process has it; True also on a disk that knows no locks."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
