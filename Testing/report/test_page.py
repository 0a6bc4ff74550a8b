from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from DLPFCSegmenterLib import __version__
from DLPFCSegmenterLib.doubts import Doubt, doubt
from DLPFCSegmenterLib.geometry.spaces import ras_to_lps
from DLPFCSegmenterLib.report.page import write_report
from DLPFCSegmenterLib.scan.head_frame import HeadFrame
from DLPFCSegmenterLib.scan.origin import Origin
from DLPFCSegmenterLib.targeting.beam_f3 import SITE_SOURCES
from DLPFCSegmenterLib.targeting.point import Method
from DLPFCSegmenterLib.words import label_of, method_of
from hand_made_plans import make_plan, with_coil, with_everything, without_side
from targeting.known_heads import ellipsoid_scalp

CREATED = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
VOID = {"meta", "img"}


class _Page(HTMLParser):
    """Reads a page and fails on tags that are not closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, name: str, attributes: list) -> None:
        self.found.append((name, dict(attributes)))
        if name not in VOID:
            self.open.append(name)

    def handle_endtag(self, name: str) -> None:
        assert self.open.pop() == name

    def handle_data(self, words: str) -> None:
        self.words.append(words)

    @property
    def text(self) -> str:
        return " ".join(self.words)


def _page(plan, tmp_path: Path) -> _Page:
    path = tmp_path / "report.html"
    write_report(plan, path, CREATED)
    return _Page(path.read_text(encoding="utf-8"))


def _pictures(read: _Page) -> list[str]:
    return [attributes["src"] for name, attributes in read.found if name == "img"]


@pytest.fixture(scope="module")
def both_sides():
    """Both sides with coils on a scan with a scalp."""
    scalp = ellipsoid_scalp(resolution=24)
    return replace(with_coil(make_plan(hemispheres=("left", "right"))), scalp=scalp)


@pytest.fixture(scope="module")
def full_page(both_sides, tmp_path_factory):
    return _page(both_sides, tmp_path_factory.mktemp("page"))


def test_the_page_is_well_formed_and_every_tag_is_closed(full_page):
    assert full_page.open == []
    assert {"html", "head", "body", "table", "figure"} <= {name for name, _ in full_page.found}


def test_the_page_needs_nothing_from_outside(full_page):
    assert all(source.startswith("data:image/png;base64,") for source in _pictures(full_page))
    names = {name for name, _ in full_page.found}
    assert not names & {"script", "link", "iframe", "object"}
    assert "url(" not in full_page.text and "@import" not in full_page.text
    assert not [attributes for name, attributes in full_page.found if name != "img" and "src" in attributes]


def test_the_first_sheet_ends_where_the_annex_begins_and_holds_what_a_treatment_starts_from(full_page):
    text = " ".join(full_page.text.split())
    first, annex = text.split("Annex: Left DLPFC")
    assert all(words in first for words in ("Warnings", "Target", "Scalp entry", "Uncertainty", "RAS, mm", "LPS, mm"))
    assert all(words not in first for words in ("Methods", "SHA-256")) and "Pose, coil to RAS mm" in annex


def test_a_score_stands_nowhere_as_noise_can_raise_it(full_page):
    assert "score" not in full_page.text.replace("no slice scored", "").lower()


def test_each_side_has_slices_and_a_head(full_page):
    assert len(_pictures(full_page)) == 4
    assert "Left DLPFC: target" in full_page.text and "Right DLPFC: target" in full_page.text


def test_every_point_stands_there_in_ras_and_in_lps(both_sides, full_page):
    words = " ".join(full_page.text.split())
    for side in both_sides.sides.values():
        points = [side.target.position_ras_mm, side.entry.position_ras_mm, side.coil_pose_ras_mm[:3, 3]]
        for r, a, s in [*points, *(mark.position_ras_mm for mark in side.landmarks)]:
            assert f"{r:.1f} {a:.1f} {s:.1f} {-r:.1f} {-a:.1f} {s:.1f}" in words
    assert "RAS, mm" in words and "LPS, mm" in words and "not in MNI space" in words


def test_scan_model_software_and_methods_are_named(both_sides, full_page):
    volume, model = both_sides.volume, both_sides.model
    expected = [volume.source, volume.orientation, model.id, model.sha256, model.label_definition, __version__]
    expected += [
        "40 x 48 x 36 voxels",
        "4 x 4 x 4 mm",
        "threshold the model's own",
        "2026-01-02 03:04",
    ]
    expected += [method_of(mark) for side in both_sides.sides.values() for mark in side.landmarks]
    assert [words for words in expected if words not in full_page.text] == []


@pytest.fixture(scope="module")
def plan_with_everything():
    return with_everything(make_plan())


@pytest.fixture(scope="module")
def fullest_page(plan_with_everything, tmp_path_factory):
    return _page(plan_with_everything, tmp_path_factory.mktemp("fullest"))


def test_literature_and_fiducials_stand_there_with_coordinates_and_methods(plan_with_everything, fullest_page):
    words = " ".join(fullest_page.text.split())
    side = plan_with_everything.sides["left"]
    for mark in (*side.literature, *plan_with_everything.fiducials):
        numbers = [f"{round(mm, 1) + 0.0:.1f}" for mm in (*mark.position_ras_mm, *ras_to_lps(mark.position_ras_mm))]
        assert f"{label_of(mark)} {' '.join(numbers)}" in words and method_of(mark) in words
    assert "-0.0 " not in words


def test_what_holds_of_all_published_targets_is_said_once_a_side(fullest_page):
    words = " ".join(fullest_page.text.split())
    assert words.count("the person's own gyri may lie 5 to 15 mm away") == 1


def test_every_landmark_has_a_row_of_its_distances_in_four_manners(plan_with_everything, fullest_page):
    words = " ".join(fullest_page.text.split())
    side = plan_with_everything.sides["left"]
    assert len(side.landmarks) == 7 and len(side.literature) == 10
    for mark in (*side.landmarks, *side.literature):
        straight = side.distances_mm[f"{mark.key}_to_target"]
        axial = side.distances_mm[f"{mark.key}_to_target_axial"]
        assert f"{label_of(mark)} {straight:.1f} {axial:.1f} 30.0 12.0" in words
    assert "straight line in the axial plane along the scalp from its cortical projection" in words


def test_a_distance_that_is_not_known_leaves_its_cell_empty(tmp_path):
    words = " ".join(_page(make_plan(), tmp_path).text.split())
    assert (
        "along the scalp from its cortical projection Motor hotspot (estimated) 5-cm landmark (estimated) 36.0 Methods"
        in words
    )


def test_depth_tapes_and_registration_are_told(plan_with_everything, fullest_page):
    words = " ".join(fullest_page.text.split())
    side = plan_with_everything.sides["left"]
    assert side.depth.in_words in words
    for name, site in side.tape_sites.items():
        assert f"{name} {site.x_cm:.1f} {site.y_cm:.1f}" in words
        assert f"Beam F3 by tape, {name} {SITE_SOURCES[name]}" in words
    assert "Beam F3 by tape Variant X along the circumference" in words
    assert "fits as well as on good scans (the brain's parts disagree by 1.7 mm, two looks at it by 0.0 mm)" in words
    assert "target centroid, circumference 57, nasion-inion 36.5 and tragus-tragus 37 cm by tape" in words


@pytest.mark.slow
def test_a_doubtful_registration_and_one_that_was_not_made_are_called_so(tmp_path):
    plan = replace(make_plan(), registration=HeadFrame(np.eye(4), 3.0))
    assert "Registration with MNI affine, fits worse than" in " ".join(_page(plan, tmp_path).text.split())
    assert "Registration with MNI none" in " ".join(_page(make_plan(), tmp_path).text.split())


def test_a_picked_target_is_called_so(tmp_path):
    plan = make_plan()
    target = plan.sides["left"].target
    target = replace(target, point=replace(target.point, method=Method.PICKED))
    sides = {"left": replace(plan.sides["left"], target=target)}
    picked = replace(plan, sides=sides, options=replace(plan.options, picked_ras_mm=(-36.0, 40.0, 28.0)))
    words = _page(picked, tmp_path).text
    assert "S 28.0 mm (RAS " in words and "28.0), picked by the user" in words and "target picked" in words


def test_estimated_points_are_marked_with_their_uncertainty(full_page):
    assert full_page.text.count("ESTIMATED ±15-20 mm") == 4


def test_warnings_come_before_everything_else(full_page):
    for warning in ("low contrast", "thin mask", "hotspot estimated"):
        assert 0 < full_page.text.index(warning) < full_page.text.index("Left DLPFC: target")


def test_the_notice_is_in_the_head_that_browsers_print_on_every_sheet(full_page):
    head = [name for name, _ in full_page.found].index("thead")
    assert full_page.found[head - 1] == ("table", {"class": "sheet", "role": "presentation"})
    assert full_page.text.index("Research use only") < full_page.text.index("DLPFC target plan")


def test_what_a_user_wrote_is_text_and_never_markup(tmp_path):
    evil = '<script>alert("1")</script>&amp;'
    plan = make_plan()
    side = plan.sides["left"]
    landmarks = tuple(replace(mark, warnings=(Doubt(f"{evil} {mark.key}"),)) for mark in side.landmarks)
    named = replace(plan, volume=replace(plan.volume, origin=Origin(f"/scans/{evil}.nii")), warnings=(evil,))
    read = _page(replace(named, sides={"left": replace(side, landmarks=landmarks)}), tmp_path)
    assert "script" not in {name for name, _ in read.found} and read.open == []
    assert read.text.count(evil) >= 4


def test_a_file_name_that_is_no_unicode_is_written_too(tmp_path):
    plan = make_plan()
    assert (
        "caf\\udce9.nii"
        in _page(replace(plan, volume=replace(plan.volume, origin=Origin("caf\udce9.nii"))), tmp_path).text
    )


@pytest.mark.slow
def test_the_same_plan_gives_the_same_page(both_sides, full_page, tmp_path):
    one = replace(both_sides, sides={"left": both_sides.sides["left"]})
    assert _page(one, tmp_path).found == _page(one, tmp_path).found
    assert _pictures(_page(one, tmp_path))[1] in _pictures(full_page)


def test_a_scan_without_a_scalp_has_slices_and_says_why_there_is_no_head(tmp_path):
    read = _page(make_plan(), tmp_path)
    assert len(_pictures(read)) == 2
    assert "the scan shows no scalp" in read.text and "Handle" not in read.text


def test_a_side_that_was_not_found_is_the_first_warning(tmp_path):
    read = _page(without_side(make_plan(hemispheres=("left", "right")), "right"), tmp_path)
    assert "Warnings: read first Right: no slice scored above 0.8" in " ".join(read.text.split())
    assert "Right DLPFC: target" not in read.text


def test_of_two_sides_a_warning_names_its_own_and_a_note_is_no_warning(tmp_path):
    plan = make_plan(hemispheres=("left", "right"))
    sides = {
        "left": replace(plan.sides["left"], warnings=(doubt("centroid_outside", "left"),)),
        "right": replace(plan.sides["right"], warnings=(doubt("entry_near_cut", "right", away=6.0),)),
    }
    told = " ".join(_page(replace(plan, sides=sides), tmp_path).text.split())
    assert told.index("read first") < told.index("Right: The scalp entry lies 6 mm") < told.index("Left: The centroid")
    left = replace(sides["left"], region=replace(sides["left"].region, warnings=()), landmarks=())
    quiet = replace(plan, volume=replace(plan.volume, warnings=()), warnings=(), sides={"left": left})
    told = " ".join(_page(quiet, tmp_path).text.split())
    assert "read first" not in told and "before use. The centroid lies outside the curved mask" in told


def test_a_plan_with_nothing_found_is_a_page_too(tmp_path):
    read = _page(without_side(make_plan(), "left"), tmp_path)
    assert _pictures(read) == [] and "Left: no slice scored" in read.text and read.open == []
