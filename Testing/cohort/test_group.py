"""The group's table and page: what stands in them, who stands apart, and how the page behaves in a real browser."""

import csv
import html
import importlib.util
import json
import re
from dataclasses import replace

import numpy as np
import pytest

from DLPFCSegmenterLib.batch import DONE, FAILED, NOT_FOUND, BatchRow, BatchScan, row_in
from DLPFCSegmenterLib.cohort.group_page import thumbnail, write_group_page
from DLPFCSegmenterLib.cohort.group_table import group_scan, robust_z, side_rows, write_group_table
from DLPFCSegmenterLib.doubts import doubt
from DLPFCSegmenterLib.export.plan_folder import write_plan
from hand_made_plans import make_plan, with_everything
from synthetic_group import BROWSER, browse, synthetic_group

needs_browser = pytest.mark.skipif(not BROWSER, reason="no Chromium is installed to look at the page with")


@pytest.fixture(scope="module")
def plan():
    """Both sides, a doubt of the scan and one of the left side."""
    made = with_everything(make_plan(hemispheres=("left", "right")))
    left = replace(made.sides["left"], warnings=(doubt("centroid_outside", "left"),))
    return replace(made, warnings=(doubt("few_greys", least=10),), sides=made.sides | {"left": left})


@pytest.fixture(scope="module")
def planned(plan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("plan") / "anna"
    write_plan(plan, folder, report=True)
    return folder


@pytest.fixture(scope="module")
def group(planned, tmp_path_factory):
    """(folder of the group, its rows): 60 people, with the page written."""
    output = tmp_path_factory.mktemp("group")
    scans = synthetic_group([planned], output, 60)
    rows = side_rows(scans)
    write_group_page(scans, rows, output)
    return output, rows


def rows_of(folder):
    row = replace(row_in(BatchScan(folder.name, "", folder), DONE), gib=0.75)
    return side_rows([group_scan(row, folder, folder.parent)])


def test_a_row_tells_of_its_own_side(planned, plan):
    left, right = rows_of(planned)
    assert (left["hemisphere"], right["hemisphere"]) == ("left", "right")
    for row in (left, right):
        side = plan.sides[row["hemisphere"]]
        place = [row[f"target_ras_{axis}_mm"] for axis in "xyz"]
        np.testing.assert_allclose(place, side.target.position_ras_mm, atol=1e-3)
        mni = np.linalg.inv(plan.registration.ras_from_mni) @ [*side.target.position_ras_mm, 1.0]
        np.testing.assert_allclose([row[f"target_mni_{axis}_mm"] for axis in "xyz"], mni[:3], atol=1e-3)
        entry = [row[f"entry_ras_{axis}_mm"] for axis in "xyz"]
        np.testing.assert_allclose(entry, side.entry.position_ras_mm, atol=1e-3)
        np.testing.assert_allclose(json.loads(row["coil_pose_ras_mm"]), side.coil_pose_ras_mm)
        assert row["fingerprint"] == plan.fingerprint and row["gib"] == 0.75
    assert left["target_mni_x_mm"] < 0 < right["target_mni_x_mm"]


def test_warnings_stand_as_keys_on_the_side_that_they_are_of(planned):
    left, right = (row["warnings"].split() for row in rows_of(planned))
    assert "centroid_outside" in left and "few_greys" in left
    assert "centroid_outside" not in right and "few_greys" in right


def test_a_scan_that_failed_has_a_row_and_no_numbers(tmp_path):
    (row,) = side_rows([group_scan(BatchRow("anna", FAILED, message="is empty"), tmp_path / "anna", tmp_path)])
    assert row["state"] == FAILED and row["message"] == "is empty"
    assert row["target_mni_x_mm"] is None and row["volume_ml"] is None and row["robust_z"] is None


def test_who_stands_apart_is_told_by_the_median_and_not_by_the_others_who_do():
    assert np.isnan(robust_z([1, 2, 3, 4, 5, 6, 100])).all()
    z = robust_z([1.0, 2.0, 3.0, 4.0, 5.0, None, 1000.0, 3.0, 2.0])
    assert np.isnan(z[5]) and z[6] > 100 and abs(z[3]) < 1
    assert np.isnan(robust_z([2.0] * 9)).all()
    assert robust_z([2.0] * 9 + [9.0])[9] > 3
    assert np.isnan(robust_z(["a", True and None, None, "", "b"])).all()


def test_a_target_far_from_the_others_of_its_side_stands_apart(group):
    apart = {(row["scan"], row["hemisphere"]) for row in group[1] if row["outlier_in"]}
    assert {("sub-0007", "left"), ("sub-0007", "right")} <= apart and len(apart) < 12


def test_the_table_reads_back_and_no_name_begins_a_formula(group, tmp_path):
    rows = [{**row, "message": "=1+1"} for row in group[1]]
    write_group_table(rows, tmp_path)
    with (tmp_path / "group.csv").open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert len(lines) == len(rows) and lines[0]["message"] == "'=1+1"
    assert float(lines[0]["volume_ml"]) == rows[0]["volume_ml"]


@pytest.mark.skipif(not importlib.util.find_spec("pyarrow"), reason="pyarrow is not installed")
def test_the_table_is_one_of_parquet_too(group, tmp_path):
    from pyarrow import parquet

    write_group_table(group[1], tmp_path)
    read = parquet.read_table(tmp_path / "group.parquet").to_pylist()
    assert [row["volume_ml"] for row in read] == [row["volume_ml"] for row in group[1]]


def test_a_scan_leads_to_the_persons_page_else_to_its_report_else_to_its_picture(planned, tmp_path):
    row, output = BatchRow("anna", DONE), planned.parent
    assert group_scan(row, planned, output).page == "anna/report.html"
    (output / "sub-01.html").write_text("")
    assert group_scan(row, planned, output, "sub-01").page == "sub-01.html"
    assert group_scan(row, planned, output, "sub-02").page == "anna/report.html"
    assert group_scan(row, tmp_path / "gone", tmp_path).page == ""


def test_a_thumbnail_is_small_whatever_the_picture_and_nothing_where_there_is_none(planned, tmp_path):
    assert 0 < len(thumbnail(planned / "overview.png")) < 9000
    (tmp_path / "broken.png").write_bytes(b"no picture")
    assert thumbnail(tmp_path / "broken.png") == thumbnail(tmp_path / "gone.png") == ""


def test_nothing_that_a_row_says_ends_the_pages_script(tmp_path):
    named = BatchRow("anna", FAILED, message="</script><script>alert(1)</script>")
    scans = [group_scan(named, tmp_path / "anna", tmp_path)]
    write_group_page(scans, side_rows(scans), tmp_path)
    assert (tmp_path / "group.html").read_text(encoding="utf-8").count("</script>") == 1


def told_by(page, script, profile):
    """What a script in the page puts into its title."""
    shown = browse(page, script, profile)
    return json.loads(html.unescape(re.search(r"<title>(.*?)</title>", shown).group(1)))


ROWS = """
const names = () => [...document.querySelectorAll("#rows tr")].map(
  row => [row.children[1].textContent, row.children[3].textContent, row.className.includes("marked")]);
const tell = value => { document.title = JSON.stringify(value); };
const set = (id, value) => { const field = document.getElementById(id);
  if (field.type === "checkbox") field.checked = value; else field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true })); };
"""


@needs_browser
def test_in_a_browser_outliers_come_first_and_every_target_is_drawn_in_three_projections(group, tmp_path):
    told = told_by(
        group[0] / "group.html",
        ROWS + "tell({ rows: names(), drawn: [...document.querySelectorAll('#planes svg')].map(svg =>"
        " svg.querySelectorAll('.target').length), bars: document.querySelectorAll('#histograms rect').length,"
        " count: document.getElementById('count').textContent })",
        tmp_path,
    )
    planned = [row for row in group[1] if row["state"] == DONE]
    marked = [row[2] for row in told["rows"]]
    assert told["drawn"] == [len(planned)] * 3 and told["bars"] > 0
    assert any(marked) and marked == sorted(marked, reverse=True)
    assert told["rows"][0][0] == "sub-0007" and told["rows"][-1][0] == "sub-0042"
    assert told["count"] == f"{len(group[1])} of {len(group[1])} rows"


@needs_browser
def test_in_a_browser_a_left_target_lies_on_the_pictures_right(group, tmp_path):
    script = """
    const across = {};
    for (const target of document.querySelectorAll("[data-plane=axial] .target:not(.outlier)"))
      (across[target.getAttribute("fill")] ??= []).push(Number(target.getAttribute("cx")));
    tell([Math.min(...across[DATA.colours.left]), Math.max(...across[DATA.colours.right])]);
    """
    least_left, most_right = told_by(group[0] / "group.html", ROWS + script, tmp_path)
    assert least_left > 150 > most_right


@needs_browser
def test_in_a_browser_rows_are_found_filtered_and_sorted(group, tmp_path):
    script = """
    const seen = {};
    set("find", "sub-0011"); seen.found = names();
    set("find", ""); set("state", "failed"); seen.failed = names();
    set("state", ""); set("side", "right"); set("apart", true); seen.apart = names();
    set("side", ""); set("apart", false); set("column", "volume_ml"); set("least", "12"); seen.large = names().length;
    set("least", "");
    document.querySelector("[data-column=scan] button").click(); seen.up = names().map(row => row[0]);
    document.querySelector("[data-column=scan] button").click(); seen.down = names().map(row => row[0]);
    document.querySelector("#planes .target").dispatchEvent(new MouseEvent("click", { bubbles: true }));
    seen.chosen = document.querySelectorAll("tr.chosen").length;
    seen.link = document.querySelector("#rows a").getAttribute("href");
    tell(seen);
    """
    seen = told_by(group[0] / "group.html", ROWS + script, tmp_path)
    assert [row[:2] for row in seen["found"]] == [["sub-0011", "left"], ["sub-0011", "right"]]
    assert [row[0] for row in seen["failed"]] == ["sub-0005", "sub-0042"]
    assert seen["apart"] and all(row[1] == "right" and row[2] for row in seen["apart"])
    assert seen["large"] == sum((row["volume_ml"] or 0) >= 12 for row in group[1])
    assert seen["up"] == sorted(row["scan"] for row in group[1]) and seen["down"] == seen["up"][::-1]
    assert seen["chosen"] == 1 and seen["link"].endswith("/overview.png")


@needs_browser
def test_in_a_browser_a_group_without_any_target_is_a_page_too_whatever_its_people_and_region_are_called(tmp_path):
    names = ["anna", "O'Neil \"<script>alert(1)</script>", "Zo\u00eb \u674e", "constructor"]
    rows = [BatchRow(name, FAILED, message="is empty") for name in names[:-1]]
    rows.append(BatchRow(names[-1], NOT_FOUND, region="insula"))
    scans = [group_scan(row, tmp_path / "nowhere", tmp_path) for row in rows]
    write_group_page(scans, side_rows(scans), tmp_path, "insula")
    script = "const seen = document.getElementById('summary').textContent;"
    shown, summary, title = told_by(
        tmp_path / "group.html", ROWS + script + "tell([names(), seen, document.title])", tmp_path / "profile"
    )
    assert shown == [[name, "", False] for name in names] and title == "insula targets of a group"
    assert "4 scans, 0 sides planned, 3 scans failed, 1 on which no insula was found" in summary
