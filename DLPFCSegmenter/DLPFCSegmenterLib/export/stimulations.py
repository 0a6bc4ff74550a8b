"""Where the coil was held, added to a result folder: to its record and to its list of points."""

import json
from dataclasses import replace
from pathlib import Path

from ..errors import UserError
from ..files import told_as_damaged, told_to_the_user, write_whole
from ..sentences import say
from ..serial import to_plain
from ..targeting.stimulation import Stimulation
from .file_names import RESULT_FILE, TARGETS_FILE
from .formats.markups_json import with_more_markups
from .result_folder import read_findings
from .targets import PlannedTarget, planned_targets


def keep_stimulation(folder: Path, held: Stimulation, fingerprint: str) -> PlannedTarget:
    """Add a pose to the plan in a folder, which `dlpfc export` then writes as any other; what else is in it stays.

    fingerprint  that of the scan in whose space the pose is
    Raises UserError where the folder holds no plan, that of another scan, or one of version 1, or cannot be written.
    """
    plan = read_findings(folder)
    if plan.fingerprint != fingerprint:
        raise UserError("{folder}: holds the plan of another scan by now; guide to it anew.", folder=folder)
    now = replace(plan, stimulated=(*plan.stimulated, held))
    target = planned_targets(now)[-1]
    result, points = folder / RESULT_FILE, folder / TARGETS_FILE
    with told_as_damaged(points, advice=say("plan again")):
        document = json.loads(result.read_text(encoding="utf-8"))
        listed = with_more_markups(points, [target], plan.volume)
    if "plan" not in document:
        raise UserError("{result}: is of an older version, which keeps no coil poses; plan again.", result=result)
    document["plan"]["stimulated"] = [to_plain(each) for each in now.stimulated]
    with told_to_the_user(folder), write_whole(folder, last=RESULT_FILE) as fresh:
        (fresh / TARGETS_FILE).write_text(listed, encoding="utf-8", newline="\n")
        text = json.dumps(document, indent=2, allow_nan=False, ensure_ascii=False)
        (fresh / RESULT_FILE).write_text(text + "\n", encoding="utf-8")
    return target
