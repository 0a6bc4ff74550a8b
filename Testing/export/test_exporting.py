"""An order of a plan's files: what belongs to a side, and what to the head."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from DLPFCSegmenterLib.export.exporting import ExportOrder, export_plan
from DLPFCSegmenterLib.export.formats.rt_struct import read_rt_struct
from DLPFCSegmenterLib.export.targets import PlannedTarget
from DLPFCSegmenterLib.plan import Plan
from DLPFCSegmenterLib.progress import SilentProgress
from DLPFCSegmenterLib.report import page as page_module
from DLPFCSegmenterLib.scan.readers import read_volume
from full_disk import room_for
from hand_made_plans import make_plan, with_everything
from small_series import save_series

FIDUCIALS = ["Nasion", "Inion", "Left tragus", "Right tragus"]


def plan_on_series(folder: Path, hemispheres: tuple[str, ...]) -> Plan:
    """A plan with fiducials on a small DICOM series."""
    save_series(folder)
    scan, plan = read_volume(folder), with_everything(make_plan(hemispheres=hemispheres))
    mask = np.zeros(scan.array_kji.shape, bool)
    mask[2:5, 20:40, 50:60] = True
    sides = {
        name: replace(side, region=replace(side.region, volume=scan, mask_kji=mask))
        for name, side in plan.sides.items()
    }
    return replace(plan, volume=scan, sides=sides)


def labels_in(folder: Path, hemisphere: str, scan: Path) -> list[str]:
    path = folder / f"head_{hemisphere}.rtstruct.dcm"
    return [point.label for point in read_rt_struct(path, read_volume(scan))[1]]


@pytest.mark.parametrize("hemispheres", [("left", "right"), ("right", "left"), ("left",), ("right",)])
def test_rt_struct_holds_the_fiducials_once_whichever_sides_there_are(hemispheres, tmp_path):
    pytest.importorskip("pydicom", reason="pydicom is not installed")
    plan = plan_on_series(tmp_path / "series", hemispheres)
    order = ExportOrder(("rt-struct",), tmp_path / "out", "head", ("fitzgerald",))
    assert not export_plan(plan, order, SilentProgress()).refused
    written = {name: labels_in(tmp_path / "out", name, tmp_path / "series") for name in hemispheres}
    of_sides = {name: [label for label in labels if label not in FIDUCIALS] for name, labels in written.items()}
    assert sorted(label for labels in written.values() for label in labels if label in FIDUCIALS) == sorted(FIDUCIALS)
    for name, labels in of_sides.items():
        assert f"DLPFC target ({name})" in labels and all(label.endswith(f"({name})") for label in labels)


def test_the_report_lists_the_person_s_own_targets_with_what_is_doubtful_of_them(tmp_path, monkeypatch):
    for name in ("draw_target", "draw_places"):
        monkeypatch.setattr(page_module, name, lambda *_: None)
    own = PlannedTarget("second", np.array([-40.0, 30.0, 40.0]), None, None, "clicked", ("Look.",), "left")
    assert export_plan(make_plan(), ExportOrder(("report",), tmp_path, "head", own=(own,)), SilentProgress()).written
    page = (tmp_path / "head_report.html").read_text(encoding="utf-8")
    (line,) = [row for row in page.split("<tr>") if "second (left)" in row]
    assert "<td>-40.0</td><td>30.0</td><td>40.0</td><td>40.0</td>" in line and "clicked Look." in line


def test_what_found_no_room_on_the_disk_is_told_format_by_format_and_not_left_half_written(tmp_path):
    order = ExportOrder(("csv", "mask-nifti", "mask-nrrd", "report"), tmp_path / "out", "head")
    with room_for(300):
        outcome = export_plan(make_plan(), order, SilentProgress())
    assert len(outcome.refused) == 4 and not outcome.written
    assert all("written (" in reason for reason in outcome.refused.values()), outcome.refused
    assert not (tmp_path / "out").exists()
