"""What is said of the targets, for formats that have no field for it.

It lies in a file of its own beside the targets', `<their file>.remarks.json`, where a person finds it
and our reader does. Brainsight's header has one field for all targets, which takes the same object.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from ..errors import UserError
from ..terminology import NOTICE
from .points import described
from .targets import PlannedTarget

_SUFFIX = ".remarks.json"


def remarks_of(targets: Iterable[PlannedTarget], name: Callable[[str], str] = str) -> dict[str, str]:
    """Label -> description and warnings of the targets that have any; `name` makes a label as it is written.

    Targets of one name share what is said of them, so that no warning is lost.
    """
    remarks: dict[str, str] = {}
    for target in targets:
        written = name(target.label)
        remarks[written] = f"{remarks.get(written, '')} {described(target)}".strip()
    return {label: text for label, text in remarks.items() if text}


def with_remarks(targets: Iterable[PlannedTarget], remarks: dict[str, str]) -> list[PlannedTarget]:
    """The targets as they were read, with what `remarks_of` kept of them as their descriptions."""
    return [replace(target, description=str(remarks.get(target.label, ""))) for target in targets]


def remarks_path(path: Path) -> Path:
    """Where the remarks on the targets of `path` lie."""
    return path.with_name(path.name + _SUFFIX)


def write_remarks(targets: Iterable[PlannedTarget], path: Path, name: Callable[[str], str] = str) -> Path:
    """Write the remarks beside `path`; also where there are none, so that old ones are replaced."""
    document = {"remarks_on": path.name, "notice": NOTICE, "targets": remarks_of(targets, name)}
    text = json.dumps(document, indent=2, ensure_ascii=False)
    beside = remarks_path(path)
    beside.write_text(text + "\n", encoding="utf-8", newline="\n")
    return beside


def read_remarks(path: Path) -> dict[str, str]:
    """The remarks beside `path`, none where no such file lies there; raises UserError for a damaged one."""
    beside = remarks_path(path)
    if not beside.exists():
        return {}
    try:
        return dict(json.loads(beside.read_text(encoding="utf-8-sig"))["targets"])
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"{beside}: is damaged ({error}); export again, or move it away.") from error
