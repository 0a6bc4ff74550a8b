"""`scene.mrb`: a plan as one Slicer scene, with the nodes that the panel makes, so that the panel goes on with it.

Slicer's own code writes it, in a process of its own, so that this library never imports `slicer`. The scan's file is
written there too: its copies would be the most memory of a whole plan.
"""

import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..files import as_file_name
from ..plan import Plan
from ..scan.volume import Volume
from ..sentences import say
from ..serial import RecordWriter

_WRITER = "DLPFCSegmenterLib.application.nodes.scene_file"
_LIBRARY_PARENT = Path(__file__).resolve().parents[2]
_TIMEOUT_S = 300


@contextmanager
def writing_scene(plan: Plan, path: Path) -> Iterator[Callable[[], tuple[str, ...]]]:
    """Write the scene to `path` while the caller does other things; what is yielded waits until it is written.

    It returns a warning instead where slicer-core is absent or fails. The slice views show the target of the first
    side. A caller that fails ends the writer too.
    """
    if importlib.util.find_spec("slicer") is None:
        yield lambda: (say("{name} was not written: the package slicer-core is not installed.", name=path.name),)
        return
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        scan, record = Path(scratch) / f"{as_file_name(_node_name(plan.volume))}.nrrd", Path(scratch) / "plan"
        record.mkdir()
        RecordWriter(record).write(plan)
        # Slicer's bundle writer changes folder on its way and then loses a relative path.
        with _started([sys.executable, "-m", _WRITER, *(str(each.absolute()) for each in (path, scan, record))]) as it:
            yield lambda: _warnings(path, _failure(it))


def _warnings(path: Path, failure: str) -> tuple[str, ...]:
    return (say("{name} was not written: {failure}.", name=path.name, failure=failure),) if failure else ()


@contextmanager
def _started(command: list[str]) -> Iterator["subprocess.Popen[str]"]:
    """A process that ends with the block, at the latest."""
    places = [str(_LIBRARY_PARENT), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, places))}
    pipes: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment, **pipes) as process:
        try:
            yield process
        finally:
            process.kill()


def _failure(writer: "subprocess.Popen[str]") -> str:
    """Wait for the writer; why it failed, or '' where it did not."""
    try:
        _, told = writer.communicate(timeout=_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return say("Slicer's scene writer took more than {timeout_s} s", timeout_s=_TIMEOUT_S)
    if writer.returncode == 0:
        return ""
    last_line = (told.strip().splitlines() or [say("no reason given")])[-1]
    return say("Slicer's scene writer failed ({last_line})", last_line=last_line)


def _node_name(volume: Volume) -> str:
    name = Path(volume.source).name.removesuffix(".gz")
    return Path(name).stem or "T1"
