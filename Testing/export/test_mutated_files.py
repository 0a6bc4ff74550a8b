"""Files of every kind that can be imported, damaged at random: read, or refused in one line."""

import json
import random
from pathlib import Path

import pytest

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.export.plan_folder import write_plan
from DLPFCSegmenterLib.export.reading import read_fiducials, read_mask_targets, read_targets
from DLPFCSegmenterLib.export.registry import POINT_FORMATS
from DLPFCSegmenterLib.export.result_folder import read_findings, read_result
from DLPFCSegmenterLib.export.writing import write_targets
from DLPFCSegmenterLib.training.via import read_via
from hand_made_plans import make_plan, with_everything

TIMES = 60
TOKENS = [
    b"1e999", b"1" + b"0" * 400, b"-1", b"NaN", b"null", b"[]", b"{}", b"[" * 5000, b'"', b"<", b">", b"&x;", b"\0",
    b"\xff\xfe", b"\t", b"\n", b",", b";", b"true", b"0", b"encoding='klingon'", b"'" * 200_000,
]  # fmt: skip


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The content with one to four changes: bits, cuts, tokens, and pieces that stand twice or are lost."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(content) + 1)
        upto = min(len(content), at + chance.choice((1, 2, 8, 40, 400)))
        content = content[:at] + chance.choice(
            (b"", chance.choice(TOKENS), bytes([chance.randrange(256)]), content[at:upto] * 2)
        ) + content[chance.choice((at, upto, len(content) if chance.random() < 0.1 else upto)) :]  # fmt: skip
    return content


def told_in_one_line(read, path: Path) -> None:
    try:
        read(path)
    except UserError as error:
        assert "\n" not in str(error) and "Traceback" not in str(error)


@pytest.mark.parametrize("name", POINT_FORMATS)
def test_a_damaged_file_of_targets_is_read_or_refused_in_one_line(name, tmp_path):
    plan = with_everything(make_plan())
    path = tmp_path / "file.txt"
    from DLPFCSegmenterLib.export.targets import planned_targets

    targets = [target for target in planned_targets(plan) if POINT_FORMATS[name].can_hold(target)]
    write_targets(name, targets, path, plan.volume)
    content, chance = path.read_bytes(), random.Random(name)
    for _ in range(TIMES):
        path.write_bytes(mutated(content, chance))
        told_in_one_line(lambda path: read_targets(path, plan.volume), path)
        told_in_one_line(read_fiducials, path)


@pytest.mark.slow
@pytest.mark.parametrize("file", ["result.json", "targets.mrk.json", "dlpfc_left.seg.nrrd", "dlpfc_left.nii.gz"])
def test_a_damaged_file_of_a_result_is_read_or_refused_in_one_line(file, tmp_path, monkeypatch):
    from DLPFCSegmenterLib.report import overview

    monkeypatch.setattr(overview, "draw_overview", lambda plan, path: path.write_bytes(b"a picture"))
    write_plan(with_everything(make_plan()), tmp_path)
    content, chance = (tmp_path / file).read_bytes(), random.Random(file)
    for _ in range(TIMES):
        (tmp_path / file).write_bytes(mutated(content, chance))
        if file.endswith(".json"):
            told_in_one_line(lambda folder: read_result(folder, read_findings(folder), None), tmp_path)
        else:
            told_in_one_line(lambda path: read_mask_targets(path, None), tmp_path / file)


def test_a_damaged_file_of_annotations_is_read_or_refused_in_one_line(tmp_path):
    (tmp_path / "a.png").write_bytes(b"")
    shape = {"name": "polygon", "all_points_x": [1, 9, 5], "all_points_y": [1, 1, 9]}
    regions = [{"shape_attributes": shape, "region_attributes": {"region": "DLPFC"}}]
    entry = {"filename": "a.png", "size": 0, "regions": regions, "file_attributes": {"subject": "1"}}
    content, chance = json.dumps({"a.png0": entry}).encode(), random.Random(0)

    def read(path: Path) -> None:
        for image in read_via(path):
            image.mask((10, 10))

    for _ in range(4 * TIMES):
        (tmp_path / "via.json").write_bytes(mutated(content, chance))
        told_in_one_line(read, tmp_path / "via.json")
