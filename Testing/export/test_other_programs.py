"""Files as other programs write them: sessions of Localite and Brainsight, tables of points, names that are odd."""

import csv
import json
from dataclasses import replace

import numpy as np
import pytest

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.export.formats.localite import LOCALITE_AXES
from DLPFCSegmenterLib.export.reading import read_fiducials, read_hotspot, read_targets
from DLPFCSegmenterLib.export.registry import POINT_FORMATS
from DLPFCSegmenterLib.export.targets import PlannedTarget
from DLPFCSegmenterLib.export.writing import write_targets
from DLPFCSegmenterLib.geometry.poses import change_axes, pose_ras_to_lps
from hand_made_plans import make_plan

POSE = np.array([[-0.8, 0.6, 0, -50], [0.6, 0.8, 0, 35], [0, 0, -1, 60], [0, 0, 0, 1]])
TARGET = PlannedTarget("T", np.array([-40.0, 30, 20]), np.array([-50.0, 35, 56]), POSE)


def matrix4d(pose_ras, space="RAS"):
    """The element of a pose in the library's axes, as Localite writes it."""
    written = change_axes(pose_ras, LOCALITE_AXES)
    written = pose_ras_to_lps(written) if space == "LPS" else written
    cells = " ".join(f'data{row}{column}="{written[row, column]}"' for row in range(4) for column in range(4))
    return f"<Matrix4D {cells}/>"


@pytest.mark.parametrize("space", ["RAS", "LPS"])
def test_poses_of_a_localite_session_since_2025_are_read(space, tmp_path):
    elements = "".join(
        f'<Element index="{index}"><InstrumentMarker description="{name}"/>{matrix4d(POSE, space)}</Element>'
        for index, name in enumerate(("first", "second"))
    )
    path = tmp_path / "GUMMarkers.xml"
    path.write_text(f'<GUMMarkerList coordinateSpace="{space}">{elements}</GUMMarkerList>')
    read = read_targets(path)
    assert [each.label for each in read] == ["first", "second"]
    for each in read:
        np.testing.assert_allclose(each.coil_pose_ras_mm, POSE, atol=1e-9)


def test_pulses_of_localite_are_read_but_for_those_at_which_the_coil_was_not_seen(tmp_path):
    identity = change_axes(np.eye(4), LOCALITE_AXES)
    values = '<ResponseValues><Value key="valueA" response="40"/></ResponseValues>'
    pulses = "".join(
        f'<TriggerMarker description="pulse {index}" recordingTime="{index}">{values}{matrix4d(pose)}</TriggerMarker>'
        for index, pose in enumerate((POSE, identity, POSE))
    )
    path = tmp_path / "TriggerMarkers_Coil0.xml"
    path.write_text(f'<TriggerMarkerList coordinateSpace="RAS">{pulses}</TriggerMarkerList>')
    assert [each.label for each in read_targets(path)] == ["pulse 0", "pulse 2"]
    path.write_text(path.read_text().replace("RAS", "MNI"))
    with pytest.raises(UserError, match="coordinate space 'MNI' is not known"):
        read_targets(path)


AXES = "\t".join(f"m{m}n{n}" for m in range(3) for n in range(3))
HEADER = "# Version: 12\n# Coordinate system: NIfTI:Scanner\n# Encoding: UTF-8\n"
SAMPLES = (
    f"# Sample Name\tSession Name\tIndex\tAssoc. Target\tLoc. X\tLoc. Y\tLoc. Z\t{AXES}\tComment\n"
    "Sample 1\tS\t1\tT\t-40.0\t-20.0\t70.0\t-0.8\t0.6\t0.0\t0.6\t0.8\t0.0\t0.0\t0.0\t-1.0\t(null)\n"
    "Sample 2\tS\t2\tT\t(null)\t(null)\t(null)" + "\t(null)" * 10 + "\n"
)
LANDMARKS = (
    "# Planned Landmark Name\tLoc. X\tLoc. Y\tLoc. Z\nNasion\t0.0\t85.0\t-10.0\nLeft Ear\t-72.0\t0.0\t-30.0\n"
    "R tragus\t73.0\t0.0\t-30.0\nInion\t0.0\t-95.0\t-20.0\n# Session Landmark Name\tSession Name\tLoc. X\tLoc. Y\t"
    "Loc. Z\nNasion\tS\t5.0\t80.0\t-10.0\n"
)


def test_planned_landmarks_of_brainsight_are_read_as_fiducials(tmp_path):
    targets = f"# Target Name\tLoc. X\tLoc. Y\tLoc. Z\t{AXES}\nT\t-44\t40\t60" + "\t(null)" * 9 + "\n"
    path = tmp_path / "session.txt"
    path.write_text(HEADER + targets + SAMPLES + LANDMARKS)
    assert [each.label for each in read_targets(path)] == ["T", "Nasion", "Left Ear", "R tragus", "Inion"]
    found = read_fiducials(path)
    np.testing.assert_allclose(found.left_tragus_ras_mm, (-72, 0, -30))
    np.testing.assert_allclose(found.nasion_ras_mm, (0, 85, -10))


def test_samples_of_a_brainsight_file_without_targets_are_where_the_coil_was(tmp_path):
    (tmp_path / "session.txt").write_text(HEADER + SAMPLES)
    (sample,) = read_targets(tmp_path / "session.txt")
    assert sample.label == "Sample 1" and sample.coil_pose_ras_mm is not None
    np.testing.assert_allclose(sample.position_ras_mm, (-40, -20, 70))


def session(path, *responses, names=("Sample 1", "Sample 2", "Sample 3")):
    """A session with a target and samples at x = -40, -41, ..., whose EMG answered so ('' for none)."""
    columns = f"Session Name\tLoc. X\tLoc. Y\tLoc. Z\t{AXES}\tEMG Peak-to-peak 1"
    pose = "\t".join(("-0.8", "0.6", "0", "0.6", "0.8", "0", "0", "0", "-1"))
    rows = [
        f"{name}\tS\t{-40 - number}\t-20\t70\t{pose}\t{response or '(null)'}"
        for number, (name, response) in enumerate(zip(names, responses, strict=False))
    ]
    target = f"# Target Name\tLoc. X\tLoc. Y\tLoc. Z\t{AXES}\nDLPFC\t-44\t40\t60" + "\t(null)" * 9
    path.write_text("\n".join((HEADER.strip(), target, f"# Sample Name\t{columns}", *rows, "")))
    return path


@pytest.mark.parametrize(
    ("responses", "name", "label", "x_mm"),
    [
        (("50", "812.5", "99"), "", "Sample 2", -41), (("50",), "", "Sample 1", -40),
        (("", "7", ""), "", "Sample 2", -41),
        (("50", "812.5", "99"), "sample 3", "Sample 3", -42), (("", "", ""), "Sample 1", "Sample 1", -40),
        (("50", "60"), "DLPFC", "DLPFC", -44), (("812.5;3", "99"), "", "Sample 1", -40),
    ],
)  # fmt: skip
def test_a_measured_hotspot_is_the_sample_that_is_named_or_answered_most(responses, name, label, x_mm, tmp_path):
    found = read_hotspot(session(tmp_path / "session.txt", *responses), name)
    assert found.label == label and found.position_ras_mm[0] == x_mm


@pytest.mark.parametrize(
    ("responses", "name"), [(("", "", ""), ""), (("50", "50"), ""), (("50", "60"), "Sample 9"), (("0", "0"), "")]
)
def test_a_hotspot_that_is_not_clear_is_asked_for_and_no_target_is_taken_for_it(responses, name, tmp_path):
    with pytest.raises(UserError, match="which of its points is the hotspot is not clear; add its name"):
        read_hotspot(session(tmp_path / "session.txt", *responses), name)


def test_two_samples_of_one_name_are_no_clear_hotspot(tmp_path):
    path = session(tmp_path / "session.txt", "50", "60", names=("Sample 1", "Sample 1"))
    with pytest.raises(UserError, match="is not clear"):
        read_hotspot(path, "Sample 1")


@pytest.mark.parametrize("name", sorted(POINT_FORMATS))
def test_the_hotspot_is_found_among_the_points_of_every_format(name, tmp_path):
    points = [replace(TARGET, label=label, coil_pose_ras_mm=POSE) for label in ("Other", "Motor hotspot (left)")]
    scan = make_plan().volume
    path, *_ = write_targets(name, points, tmp_path / f"f{POINT_FORMATS[name].suffix}", scan)
    assert "hotspot" in read_hotspot(path, "", scan).label.lower()


@pytest.mark.parametrize(
    ("space", "why"),
    [
        ("World", "is that of a DICOM project, whose axes"),
        ("Brainsight", "counts from a corner"),
        ("Mars", "not known"),
    ],
)
def test_a_brainsight_file_in_a_space_that_is_not_known_says_why_and_what_to_do(space, why, tmp_path):
    path = session(tmp_path / "session.txt", "50")
    path.write_text(path.read_text().replace("NIfTI:Scanner", space))
    with pytest.raises(UserError, match=f"'{space}' .*{why}.*; export it from a project of the NIfTI scan"):
        read_targets(path)


@pytest.mark.parametrize(
    "words", [("LEI", "REI", "NAI"), ("L tragus", "R tragus", "Nz"), ("left_ear", "right-ear", "NAS")]
)
def test_fiducials_are_known_by_the_names_that_navigators_give_them(words, tmp_path):
    places = ((-72.0, 0, -30), (72.0, 0, -30), (0.0, 85, -10), (0.0, -95, -20))
    points = [PlannedTarget(name, np.array(at)) for name, at in zip((*words, "Iz"), places, strict=True)]
    write_targets("csv", points, tmp_path / "f.csv")
    np.testing.assert_allclose(read_fiducials(tmp_path / "f.csv").right_tragus_ras_mm, (72, 0, -30))


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("label,r,a,s,defined,selected,visible,locked,description\nT,-40,30,20,1,1,1,0,\nU,0,0,0,0,1,1,0,\n", False),
        ('"label","l","p","s","defined"\n"T",40,-30,20,1\n', False),
        ("name,x,y,z\nT,-40,30,20\n", True),
        ("Name;X;Y;Z\r\nT;-40;30;20\r\n", True),
        ("label\tx\ty\tz\nT\t-40\t30\t20\n", True),
        ("name, x, y, z\nT, -40, 30, 20\n", True),
        ("label,r,a,s,l,p\nT,-40,30,20,40,-30\n", False),
    ],
)  # fmt: skip
def test_tables_of_points_of_other_programs_are_read(text, is_told, tmp_path):
    (tmp_path / "points.csv").write_text(text)
    (target,) = read_targets(tmp_path / "points.csv")
    assert target.label == "T" and target.coil_pose_ras_mm is None
    np.testing.assert_allclose(target.position_ras_mm, (-40, 30, 20))
    assert any("RAS mm of the scan was taken" in text for text in target.warnings) == is_told


@pytest.mark.parametrize("columns", ["r,a,s,l,p", "r,a,s,x,y,z"])
def test_a_table_whose_columns_contradict_each_other_is_refused(columns, tmp_path):
    numbers = "-40,30,20,-41,-30" if columns.endswith("p") else "-40,30,20,-40,30,21"
    (tmp_path / "points.csv").write_text(f"label,{columns}\nT,{numbers}\n")
    with pytest.raises(UserError, match="do not agree; keep the true ones"):
        read_targets(tmp_path / "points.csv")


@pytest.mark.parametrize(("units", "is_read"), [("millimeters, degrees", True), ("centimetres", False), ("m", False)])
def test_a_brainsight_file_in_another_unit_is_refused(units, is_read, tmp_path):
    path = session(tmp_path / "session.txt", "50")
    path.write_text(path.read_text().replace("# Encoding", f"# Units: {units}\n# Encoding"))
    if is_read:
        assert read_targets(path)
        return
    with pytest.raises(UserError, match=f"its units are '{units}'; export it in millimetres"):
        read_targets(path)


@pytest.mark.parametrize("text", ["name,x,y,z\nT,-40,30\n", "name;x;y;z\nT;-40,5;30;20\n", "name,x,y,z\nT,a,b,c\n"])
def test_a_cut_or_odd_table_is_refused_in_one_line(text, tmp_path):
    (tmp_path / "points.csv").write_text(text)
    with pytest.raises(UserError, match=r"points\.csv: this .* is damaged") as caught:
        read_targets(tmp_path / "points.csv")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["visor2", "json", "markups", "csv"])
@pytest.mark.parametrize("label", ["", "  ", "a\tb", "tab\x07"])
def test_a_target_without_a_proper_name_is_named_by_number_and_refuses_no_file(name, label, tmp_path):
    path = tmp_path / "file"
    scan = make_plan().volume
    write_targets(name, [replace(TARGET, label="first"), replace(TARGET, label="SECOND")], path, scan)
    written = json.dumps(label)[1:-1] if name != "csv" else label
    path.write_text(path.read_text().replace("SECOND", written))
    read = [each for each in read_targets(path, scan) if each.coil_pose_ras_mm is not None]
    assert read[0].label == "first" and read[-1].label.isprintable() and read[-1].label.strip()
    assert any("of the file is called" in text for text in read[-1].warnings)
    write_targets("csv", read_targets(path, scan), tmp_path / "again.csv")


def test_a_name_with_two_spaces_stays_as_it_is(tmp_path):
    write_targets("csv", [replace(TARGET, label="T  A")], tmp_path / "f.csv")
    assert [(each.label, each.warnings) for each in read_targets(tmp_path / "f.csv")] == [("T  A", ())]


def test_an_unnamed_target_of_visor2_gets_its_number(tmp_path):
    write_targets("visor2", [TARGET, replace(TARGET, label="X")], tmp_path / "f.mrk", make_plan().volume)
    (tmp_path / "f.mrk").write_text((tmp_path / "f.mrk").read_text().replace('"Name": "X"', '"Name": ""'))
    assert [each.label for each in read_targets(tmp_path / "f.mrk", make_plan().volume)] == ["T", "Target 2"]


@pytest.mark.parametrize(("status", "count"), [("defined", 1), ("preview", 1), ("missing", 0), ("undefined", 0)])
def test_a_point_of_slicer_counts_where_it_has_a_position(status, count, tmp_path):
    write_targets("markups", [replace(TARGET, entry_ras_mm=None, coil_pose_ras_mm=None)], tmp_path / "f.mrk.json")
    text = (tmp_path / "f.mrk.json").read_text()
    (tmp_path / "f.mrk.json").write_text(text.replace('"positionStatus": "defined"', f'"positionStatus": "{status}"'))
    assert len(read_targets(tmp_path / "f.mrk.json")) == count


@pytest.mark.parametrize(("status", "count"), [("2", 1), ("1", 1), ("0", 0), ("3", 0)])
def test_a_point_of_an_older_file_of_slicer_counts_where_it_has_a_position(status, count, tmp_path):
    header = "# Markups fiducial file version = 5\n# CoordinateSystem = LPS\n"
    (tmp_path / "f.fcsv").write_text(f"{header}1,40,-30,20,0,0,0,1,1,1,0,F3,,,{status},0\n")
    assert len(read_targets(tmp_path / "f.fcsv")) == count


@pytest.mark.parametrize("name", ["brainsight", "brainsight12", "invesalius"])
@pytest.mark.parametrize(
    "labels", [("DLPFC 左", "DLPFC 右"), ("a№", "aß"), ('q"', "q'"), ("x", "x"), ("?", "é", "2 ?")]
)
def test_names_that_a_file_cannot_hold_stay_apart_where_they_were(name, labels, tmp_path):
    targets = [
        replace(TARGET, label=label, position_ras_mm=TARGET.position_ras_mm + number, entry_ras_mm=None)
        for number, label in enumerate(labels)
    ]
    write_targets(name, targets, tmp_path / "file", make_plan().volume)
    read = read_targets(tmp_path / "file", make_plan().volume)
    assert len({each.label for each in read}) == len(set(labels)) and len(read) == len(labels)
    numbered = [each for each in read if any("be that of another target" in text for text in each.warnings)]
    if name == "brainsight" and labels[0] == "DLPFC 左":
        assert [each.label for each in read] == ["DLPFC ?", "2 DLPFC ?"] and len(numbered) == 1
        assert "'DLPFC 右' is called '2 DLPFC ?'" in numbered[0].warnings[-1]


BROKEN = {
    "a number too large": lambda text: text.replace("-40.0", "1" + "0" * 400),
    "nesting without end": lambda text: text.replace("-40.0", "[" * 200_000),
    "a number for a name": lambda text: text.replace('"T"', "17"),
    "nothing for a name": lambda text: text.replace('"T"', "null"),
    "an object for a place": lambda text: text.replace("-40.0", "{}"),
    "half a file": lambda text: text[: len(text) // 2],
    "an unknown encoding": lambda text: text.replace('encoding="UTF-8"', 'encoding="klingon"'),
    "a number that is none": lambda text: text.replace("-40.0", "NaN"),
    "a long cell": lambda text: text.replace("T,", "T" * (csv.field_size_limit() + 1) + ","),
}


@pytest.mark.parametrize("fault", BROKEN)
@pytest.mark.parametrize("name", POINT_FORMATS)
def test_a_broken_file_is_told_in_one_line_or_read(name, fault, tmp_path):
    path = tmp_path / f"file{POINT_FORMATS[name].suffix}"
    for file in write_targets(name, [TARGET], path, make_plan().volume):
        file.write_text(BROKEN[fault](file.read_text(encoding="utf-8")), encoding="utf-8")
    try:
        for target in read_targets(path, make_plan().volume):
            assert isinstance(target.label, str) and np.all(np.isfinite(target.position_ras_mm))
    except UserError as error:
        assert "\n" not in str(error) and len(str(error)) < 1000


def test_a_folder_or_a_pipe_is_no_file_of_targets(tmp_path):
    import os

    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(UserError, match="is no file"):
            read_targets(path)
