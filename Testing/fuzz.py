"""Damages files of every kind that is read, at random, and looks what comes of it: a value, or one line for the user.

    .venv/bin/python Testing/fuzz.py images MINUTES [FIRST_SEED]
    .venv/bin/python Testing/fuzz.py importers MINUTES [FIRST_SEED]

`make fuzz` runs both for ten minutes each. A seed is the number of a round of `ROUND` examples, which Hypothesis draws
of it; a file that ends a round otherwise is kept in `runs/fuzz` under the round's number. A child process does the
work, so that a crash, 3 GB of memory or ten seconds without an end are seen too.
"""

import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nibabel
import numpy as np
import SimpleITK
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.export.reading import read_fiducials, read_hotspot, read_mask_targets, read_targets
from DLPFCSegmenterLib.export.registry import POINT_FORMATS
from DLPFCSegmenterLib.export.result_folder import read_findings
from DLPFCSegmenterLib.export.targets import planned_targets
from DLPFCSegmenterLib.export.writing import write_targets
from DLPFCSegmenterLib.scan.checks import check_scan
from DLPFCSegmenterLib.scan.readers import read_volume
from hand_made_plans import make_plan, with_everything
from small_series import save_series

ROUND = 200
MOST_S = 10
MOST_BYTES = 3 << 30
KEPT = Path("runs") / "fuzz"

_TOKENS = (
    b"0", b"-1", b"1", b"4", b"99", b"2147483648", b"-2147483649", b"1e400", b"-1e400", b"nan", b"1" + b"0" * 400,
    b"", b"\0", b"\n", b",", b"=", b":", b'"', b"[" * 3000, b"{", b"]", b"null", b"true", b"[]", b"{}", b"\xff\xfe",
    b"\xc3", b"<", b"&x;", b"encoding='klingon'", b"LIST", b"%03d.raw", b"../../x", b"LPS", b"RAS", b"right",
)  # fmt: skip
"""Numbers at the ends of their types, signs of every format here, and words that mean something to one."""


@dataclass(frozen=True)
class Seed:
    """A whole file to damage: its name, its bytes, files that lie beside it, and what reads it."""

    name: str
    content: bytes
    beside: tuple[tuple[str, bytes], ...]
    read: Callable[[Path], object]


@st.composite
def damages(draw: st.DrawFn, size: int) -> list[tuple[int, int, bytes]]:
    """Up to five changes of `size` bytes: where, how many bytes go, what comes; the beginning is hit more often."""
    places = st.one_of(st.integers(0, min(size, 400)), st.integers(0, size))
    removed = st.one_of(st.just(0), st.integers(0, 8), st.sampled_from((40, 400, size)))
    added = st.one_of(st.sampled_from(_TOKENS), st.binary(max_size=8))
    same_length = st.tuples(places, st.binary(min_size=1, max_size=8)).map(lambda it: (it[0], len(it[1]), it[1]))
    return draw(st.lists(st.one_of(same_length, st.tuples(places, removed, added)), min_size=1, max_size=5))


def damaged(content: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    """The content after the changes, one after the other."""
    for place, removed, added in changes:
        content = content[:place] + added + content[place + removed :]
    return content


def image_seeds(folder: Path) -> list[Seed]:
    """A small scan in every kind of image file that is read, on which more than reading is tried too."""
    values = np.random.default_rng(0).integers(0, 200, (36, 40, 34)).astype(np.int16)
    affine = np.diag([-3.0, 2.9, 3.2, 1.0])
    nifti = nibabel.Nifti1Image(values, affine)
    nifti.set_qform(affine, 1)
    nifti.set_sform(affine, 2)
    nibabel.save(nifti, folder / "a.nii")
    nibabel.save(nifti, folder / "b.nii.gz")
    nibabel.save(nibabel.Nifti1Pair(values, affine, nifti.header), folder / "c.img")
    nibabel.save(nibabel.MGHImage(values, affine), folder / "d.mgh")
    nibabel.save(nibabel.MGHImage(values, affine), folder / "e.mgz")
    image = SimpleITK.GetImageFromArray(values)
    image.SetSpacing((3.0, 2.9, 3.2))
    for name, packed in (
        ("f.nrrd", False),
        ("g.nrrd", True),
        ("h.mha", False),
        ("i.mha", True),
        ("j.nhdr", False),
        ("k.mhd", False),
    ):
        SimpleITK.WriteImage(image, str(folder / name), packed)
    save_series(folder / "series")
    slices = sorted((folder / "series").iterdir())
    beside = tuple((f"l/{path.name}", path.read_bytes()) for path in slices[1:])
    pairs = {"c.hdr": "c.img", "c.img": "c.hdr", "j.nhdr": "j.raw", "k.mhd": "k.raw"}
    names = sorted(path.name for path in folder.iterdir() if path.is_file() and path.suffix != ".raw")
    seeds = [_image_seed(folder, name, pairs.get(name)) for name in names]
    return [*seeds, Seed(f"l/{slices[0].name}", slices[0].read_bytes(), beside, lambda path: _scan(path.parent))]


def _image_seed(folder: Path, name: str, other: str | None) -> Seed:
    beside = ((other, (folder / other).read_bytes()),) if other else ()
    return Seed(name, (folder / name).read_bytes(), beside, _scan)


def _scan(path: Path) -> object:
    scan = check_scan(read_volume(path))
    return scan.fingerprint, scan.as_slicer_shows_it.ijk_to_ras


def importer_seeds(folder: Path) -> list[Seed]:
    """A file of every format of targets, masks and a result."""
    plan = with_everything(make_plan())
    seeds = []
    for name, chosen in POINT_FORMATS.items():
        targets = [target for target in planned_targets(plan) if chosen.can_hold(target)]
        path, *others = write_targets(name, targets, folder / f"{name}{chosen.suffix}", plan.volume)
        beside = tuple((each.name, each.read_bytes()) for each in others)
        seeds.append(Seed(path.name, path.read_bytes(), beside, lambda path: _targets(path, plan.volume)))
    caps = (b"LPA -80 0 -40\nRPA 80 0 -40\nNz 0 85 -40\nIz 0 -110 -30\n", b"LPA: -8 0 -4\nRPA: 8 0 -4\nF3: -5 5 4\n")
    for number, cap in enumerate(caps):
        names, places = zip(*(re.split(b" |: ", line, maxsplit=1) for line in cap.splitlines()), strict=True)
        rows = cap if b":" in cap else b"\n".join(places) + b"\n"
        head = b"# ASA electrode file\nUnitPosition\tmm\nNumberPositions=\t%d\nPositions\n" % len(names)
        content = head + rows + b"Labels\n" + b"\n".join(names)
        seeds.append(Seed(f"cap{number}.elc", content, (), lambda path: _targets(path, plan.volume)))
    return [*seeds, *_result_seeds(folder, plan)]


def _targets(path: Path, scan: object) -> object:
    with _one_line():
        read_fiducials(path)
    with _one_line():
        read_hotspot(path, "", scan)
    return read_targets(path, scan)


def _result_seeds(folder: Path, plan: object) -> Iterator[Seed]:
    from DLPFCSegmenterLib.export.formats.masks import write_mask_nifti, write_mask_segmentation
    from DLPFCSegmenterLib.export.result_json import write_result_json

    region = plan.sides["left"].region
    write_mask_nifti(region, folder / "mask.nii.gz")
    write_mask_segmentation(region, folder / "mask.seg.nrrd")
    write_result_json(plan, folder, folder / "result.json")
    for name in ("mask.nii.gz", "mask.seg.nrrd"):
        yield Seed(name, (folder / name).read_bytes(), (), lambda path: read_mask_targets(path, None))
    yield Seed("result.json", (folder / "result.json").read_bytes(), (), lambda path: read_findings(path.parent))


@contextmanager
def _one_line() -> Iterator[None]:
    """Let a sentence for the user pass, if it is one."""
    try:
        yield
    except UserError as error:
        assert str(error) and len(str(error).splitlines()) == 1, f"no sentence in one line: {str(error)!r}"


KINDS = {"images": image_seeds, "importers": importer_seeds}


def run_round(kind: str, number: int, folder: Path, examples: int = ROUND) -> int:
    """Read `examples` damaged files, which `number` decides, from `folder`; returns how many were read after all.

    Raises whatever reading raised that is no sentence for the user; the file lies in `folder` then.
    """
    (folder / "whole").mkdir(exist_ok=True)
    seeds = KINDS[kind](folder / "whole")
    read: list[object] = []

    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def read_damaged(data: st.DataObject) -> None:
        chosen = seeds[data.draw(st.integers(0, len(seeds) - 1))]
        path = _laid(chosen, damaged(chosen.content, data.draw(damages(len(chosen.content)))), folder / "current")
        with _no_longer_than(MOST_S), _one_line():
            read.append(chosen.read(path))

    read_damaged()
    return len(read)


def _laid(chosen: Seed, content: bytes, folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    for name, each in ((chosen.name, content), *chosen.beside):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(each)
    return folder / chosen.name


@contextmanager
def _no_longer_than(seconds: int) -> Iterator[None]:
    def late(number: int, frame: object) -> None:
        raise TimeoutError(f"took more than {seconds} s")

    signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


def main(kind: str, minutes: float, first: int) -> int:
    """Rounds until the time is over; prints the counts as JSON, and the number and file of each round that failed."""
    began, number, read, failed = time.monotonic(), first, 0, []
    while time.monotonic() < began + 60 * minutes:
        with tempfile.TemporaryDirectory() as scratch:
            command = [sys.executable, __file__, "--round", kind, str(number), scratch]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                failed.append(number)
                _keep(Path(scratch) / "current", KEPT / f"{kind}-{number}", done)
            else:
                read += int(done.stdout)
        number += 1
    counts = {
        "kind": kind,
        "files": (number - first) * ROUND,
        "read": read,
        "seeds": [first, number - 1],
        "failed": failed,
    }
    print(json.dumps(counts))
    return 1 if failed else 0


def _keep(current: Path, kept: Path, done: subprocess.CompletedProcess) -> None:
    shutil.copytree(current, kept, dirs_exist_ok=True)
    (kept / "log.txt").write_text(f"exit code {done.returncode}\n{done.stderr}", encoding="utf-8")
    print(f"{kept}: {(done.stderr.strip().splitlines() or ['no words'])[-1]}", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "--round":
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
        print(run_round(sys.argv[2], int(sys.argv[3]), Path(sys.argv[4])))
        sys.stdout.flush()
        os._exit(0)  # some libraries end badly in little memory
    sys.exit(main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 0))
