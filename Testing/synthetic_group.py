"""Groups of people whose plans differ by chance from a few real or hand-made ones, and a browser to look at pages."""

import copy
import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np

from DLPFCSegmenterLib.batch import DONE, FAILED, BatchRow, BatchScan, row_in
from DLPFCSegmenterLib.cohort.group_table import GroupScan, group_scan

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""


def synthetic_group(plans: list[Path], output: Path, count: int) -> list[GroupScan]:
    """Folders in `output` of `count` people with the results in `plans` in turn, moved a little.

    The eighth of every hundred lies far off, and one of 37 failed.
    """
    results = [json.loads((plan / "result.json").read_text(encoding="utf-8")) for plan in plans]
    rng = np.random.default_rng(0)
    return [
        _failed(f"sub-{person:04}", output)
        if person % 37 == 5
        else _planned(f"sub-{person:04}", plans[person % len(plans)], results[person % len(plans)], output, rng, person)
        for person in range(count)
    ]


def _failed(name: str, output: Path) -> GroupScan:
    message = f"/study/{name}_T1w.nii.gz: the file is empty; copy it again."
    return group_scan(BatchRow(name, FAILED, message=message), output / name, output)


def _planned(name, plan, result, output, rng, person) -> GroupScan:
    moved = copy.deepcopy(result)
    off_mm = rng.normal(0, 4, 3) + (30.0 if person % 100 == 7 else 0.0)
    for side in [moved[each] for each in ("left", "right") if each in moved] or [moved]:
        side["target_ras_mm"] = [float(mm) for mm in np.array(side["target_ras_mm"]) + off_mm]
        side["mask"]["volume_ml"] *= rng.lognormal(0, 0.2)
    folder = output / name
    folder.mkdir(parents=True)
    (folder / "result.json").write_text(json.dumps(moved), encoding="utf-8")
    shutil.copyfile(plan / "overview.png", folder / "overview.png")
    row = row_in(BatchScan(name, "", folder), DONE)
    return group_scan(replace(row, gib=float(rng.normal(1, 0.05))), folder, output)


def browse(page: Path, script: str, profile: Path) -> str:
    """The document that a browser shows of a page after a script ran in it, as text."""
    played = page.with_name(f"played-{page.name}")
    text = page.read_text(encoding="utf-8").replace("</body>", f"<script>{script}</script></body>")
    played.write_text(text, encoding="utf-8")
    return _browser(profile, "--virtual-time-budget=5000", "--dump-dom", played.as_uri())


def _browser(profile: Path, *arguments: str) -> str:
    own = ("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}")
    return subprocess.run(
        [BROWSER, *own, *arguments], capture_output=True, encoding="utf-8", timeout=120, check=True
    ).stdout
