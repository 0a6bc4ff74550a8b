"""`scene.mrb`: a plan as one Slicer scene, with the nodes that the panel makes, so that the panel goes on with it.

Slicer's own code writes it, in a process of its own, so that this library never imports `slicer`. The scan's file is
written there too: its copies would be the most memory of a whole plan.
"""

import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from ..plan import Plan
from ..scan.volume import Volume
from ..sentences import say
from ..serial import RecordWriter
from .file_names import as_file_name

_WRITER = "DLPFCSegmenterLib.application.nodes.scene_file"
_LIBRARY_PARENT = Path(__file__).resolve().parents[2]
_TIMEOUT_S = 300


def write_scene(plan: Plan, path: Path) -> tuple[str, ...]:
    """Write the scene to `path`; return a warning instead where slicer-core is absent or fails.

    The slice views show the target of the first side.
    """
    if importlib.util.find_spec("slicer") is None:
        return (say("{name} was not written: the package slicer-core is not installed.", name=path.name),)
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        scan, record = Path(scratch) / f"{as_file_name(_node_name(plan.volume))}.nrrd", Path(scratch) / "plan"
        record.mkdir()
        RecordWriter(record).write(plan)
        # Slicer's bundle writer changes folder on its way and then loses a relative path.
        failure = _run([sys.executable, "-m", _WRITER, *(str(value.absolute()) for value in (path, scan, record))])
    return (say("{name} was not written: {failure}.", name=path.name, failure=failure),) if failure else ()


def _run(command: list[str]) -> str:
    """Run the writer; why it failed, or '' where it did not."""
    places = [str(_LIBRARY_PARENT), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, places))}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return say("Slicer's scene writer took more than {timeout_s} s", timeout_s=_TIMEOUT_S)
    if done.returncode == 0:
        return ""
    last_line = (done.stderr.strip().splitlines() or [say("no reason given")])[-1]
    return say("Slicer's scene writer failed ({last_line})", last_line=last_line)


def _node_name(volume: Volume) -> str:
    name = Path(volume.source).name.removesuffix(".gz")
    return Path(name).stem or "T1"
