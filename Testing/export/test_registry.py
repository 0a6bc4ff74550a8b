"""Every format: random poses there and back, and files that must be refused."""

import json
import re
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

import nibabel
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nibabel.quaternions import quat2mat

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.export.reading import read_targets
from DLPFCSegmenterLib.export.registry import POINT_FORMATS, file_name
from DLPFCSegmenterLib.export.targets import PlannedTarget, planned_targets
from DLPFCSegmenterLib.export.writing import write_targets
from DLPFCSegmenterLib.geometry.poses import BRAINSIGHT_AXES, LOCALITE_AXES, NIBS_BIDS_AXES
from DLPFCSegmenterLib.scan.origin import Origin, ScanKind
from DLPFCSegmenterLib.scan.readers import read_volume
from DLPFCSegmenterLib.scan.volume import Volume
from DLPFCSegmenterLib.targeting.point import Method
from hand_made_plans import make_plan, nifti_origin, with_everything

POSE_ALONE = {"brainsight", "brainsight12", "localite", "visor2"}
NEEDS_POSE = {"localite", "visor2", "simnibs"}
NIFTI_ALONE = {"brainsight", "brainsight12", "visor2", "invesalius"}
WITHOUT_POSE = {"localite-entry-target"}
WITHOUT_FIELD_FOR_WORDS = ("invesalius", "localite-entry-target")
WITHOUT_ENTRY = POSE_ALONE | {"nibs-bids"}
PRECISION_MM = {name: 1e-4 if name.startswith("brainsight") else 1e-5 for name in POINT_FORMATS}

coordinates = st.tuples(*[st.floats(-150, 150)] * 3).map(np.array)
labels = st.text("ABCdef_0123456789 -", min_size=1, max_size=20).map(lambda text: f"T{text}".strip())
quaternions = st.tuples(*[st.floats(-1, 1)] * 4).filter(lambda q: np.linalg.norm(q) > 0.1)
rotations = quaternions.map(quat2mat).filter(
    lambda turn: not np.allclose(np.abs(turn), np.rint(np.abs(turn)), atol=1e-3)
)
"""Axes along those of the space mean that there are none."""

axis_orders = st.sampled_from(("RAS", "LPS", "LIA", "PSR", "oblique"))


@st.composite
def poses(draw) -> np.ndarray:
    pose = np.eye(4)
    pose[:3, :3] = draw(rotations)
    pose[:3, 3] = draw(coordinates)
    return pose


@st.composite
def targets(draw) -> PlannedTarget:
    return PlannedTarget(draw(labels), draw(coordinates), draw(coordinates), draw(poses()), "by hand", ("estimated",))


@lru_cache
def _scan(code: str, nifti_code: int | None) -> Volume:
    """A grid whose qform is exact (nibabel's rounding of an oblique one is far below 0.01 mm)."""
    volume = make_plan(code).volume
    if nifti_code is None:
        return replace(volume, origin=Origin("series", ScanKind.DICOM))
    origin = nifti_origin("person.nii", volume.shape_ijk, volume.ijk_to_ras, nifti_code, nifti_code)
    return replace(volume, origin=origin)


@pytest.mark.slow
@pytest.mark.parametrize("name", POINT_FORMATS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written=st.lists(targets(), min_size=1, max_size=3, unique_by=lambda t: t.label), code=axis_orders)
def test_random_targets_come_back_from_every_format(name, tmp_path, written, code):
    scan = _scan(code, 1)
    path = tmp_path / f"file{POINT_FORMATS[name].suffix}"
    write_targets(name, written, path, scan, overwrite=True)
    read = read_targets(path, scan)
    assert [target.label for target in read] == [target.label for target in written]
    for before, after in zip(written, read, strict=True):
        _check_same(name, before, after)


def _check_same(name: str, before: PlannedTarget, after: PlannedTarget) -> None:
    precision = PRECISION_MM[name]
    position = before.coil_pose_ras_mm[:3, 3] if name in POSE_ALONE else before.position_ras_mm
    np.testing.assert_allclose(after.position_ras_mm, position, atol=precision)
    if name not in WITHOUT_POSE:
        np.testing.assert_allclose(after.coil_pose_ras_mm, before.coil_pose_ras_mm, atol=precision)
    if name not in WITHOUT_ENTRY:
        np.testing.assert_allclose(after.entry_ras_mm, before.entry_ras_mm, atol=precision)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(POINT_FORMATS) - NIFTI_ALONE))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(target=targets(), code=axis_orders)
def test_random_targets_on_a_dicom_scan_come_back_too(name, tmp_path, target, code):
    scan = _scan(code, None)
    path = tmp_path / f"file{POINT_FORMATS[name].suffix}"
    write_targets(name, [target], path, scan, overwrite=True)
    _check_same(name, target, read_targets(path, scan)[0])
    if name.startswith("localite"):
        assert 'coordinateSpace="LPS"' in path.read_text()


@pytest.mark.parametrize("name", sorted(NEEDS_POSE))
def test_a_format_of_coil_poses_refuses_a_bare_point(name, tmp_path):
    with pytest.raises(UserError, match="'bare' has no coil pose"):
        write_targets(name, [PlannedTarget("bare", np.zeros(3))], tmp_path / "file", _scan("RAS", 1))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", sorted(set(POINT_FORMATS) - NEEDS_POSE - {"localite-entry-target"}))
def test_a_bare_point_comes_back_without_a_pose_made_up(name, tmp_path):
    path = tmp_path / f"file{POINT_FORMATS[name].suffix}"
    write_targets(name, [PlannedTarget("bare", np.array([-40.0, 30, 20]))], path, _scan("PSR", 1))
    (target,) = read_targets(path, _scan("PSR", 1))
    assert target.label == "bare" and target.coil_pose_ras_mm is None
    np.testing.assert_allclose(target.position_ras_mm, (-40, 30, 20), atol=1e-4)


def test_points_of_one_name_are_all_kept(tmp_path):
    twins = [PlannedTarget("twin", np.array([float(x), 0, 0])) for x in (1, 2)]
    for name in ("markups", "fcsv", "csv", "json"):
        path = tmp_path / f"twins{POINT_FORMATS[name].suffix}"
        write_targets(name, twins, path)
        assert [target.position_ras_mm[0] for target in read_targets(path)] == [1, 2]


WARNINGS = ("the hotspot was estimated, off by 15-20 mm", 'a "quoted" one; 5° off')


@pytest.mark.parametrize("name", POINT_FORMATS)
def test_warnings_travel_through_every_format(name, tmp_path):
    target = PlannedTarget('T "1"', np.zeros(3), np.ones(3), _turned_pose(), "the centroid", WARNINGS)
    second = PlannedTarget("T2", np.zeros(3), np.ones(3), _turned_pose())
    path = tmp_path / f"file{POINT_FORMATS[name].suffix}"
    files = write_targets(name, [target, second], path, _scan("RAS", 1))
    assert any("WARNING: the hotspot was estimated" in file.read_text(encoding="utf-8") for file in files)
    read = read_targets(path, _scan("RAS", 1))
    assert [target.warnings for target in read] == [WARNINGS, ()]
    assert read[0].description == "the centroid"


@pytest.mark.parametrize("name", POINT_FORMATS)
def test_a_warning_that_names_an_odd_file_leaves_every_format_readable(name, tmp_path):
    target = PlannedTarget("T", np.zeros(3), np.ones(3), _turned_pose(), warnings=("a\x01\nb<&>\x7f.nii: \ud800",))
    path = tmp_path / f"file{POINT_FORMATS[name].suffix}"
    write_targets(name, [target], path, _scan("RAS", 1))
    assert read_targets(path, _scan("RAS", 1))[0].warnings == ("a? b<&>?.nii: ?",)


@pytest.mark.parametrize("name", WITHOUT_FIELD_FOR_WORDS)
def test_words_beside_a_file_follow_it_and_a_damaged_file_of_them_is_named(name, tmp_path):
    path = tmp_path / "file"
    target = PlannedTarget("T", np.zeros(3), np.ones(3), warnings=("old",))
    assert write_targets(name, [target], path, _scan("RAS", 1)) == [path, tmp_path / "file.remarks.json"]
    write_targets(name, [replace(target, warnings=())], path, _scan("RAS", 1), overwrite=True)
    assert read_targets(path, _scan("RAS", 1))[0].warnings == ()
    (tmp_path / "file.remarks.json").write_text("{}")
    with pytest.raises(UserError, match="file.remarks.json: this file of remarks is damaged"):
        read_targets(path, _scan("RAS", 1))
    (tmp_path / "file.remarks.json").unlink()
    assert read_targets(path, _scan("RAS", 1))[0].label == "T"


@pytest.mark.parametrize("name", sorted(set(POINT_FORMATS) - NEEDS_POSE - {"localite-entry-target"}))
def test_points_of_one_name_lose_no_warning(name, tmp_path):
    twins = [PlannedTarget("twin", np.array([x, 0.0, 0]), warnings=(f"{x:g}",)) for x in (1, 2)]
    path = tmp_path / f"file{POINT_FORMATS[name].suffix}"
    write_targets(name, twins, path, _scan("RAS", 1))
    for target, own in zip(read_targets(path, _scan("RAS", 1)), "12", strict=True):
        assert own in target.warnings


def test_a_plan_becomes_targets_that_name_their_side():
    plan = make_plan(hemispheres=("left", "right"))
    labels = [target.label for target in planned_targets(plan)]
    assert labels[0] == "DLPFC target (left)" and labels[3] == "DLPFC target (right)"
    assert all(label.endswith(("(left)", "(right)")) for label in labels)


def test_the_fiducials_of_a_plan_stand_there_once_with_its_warnings():
    plan = with_everything(make_plan(hemispheres=("left", "right")))
    points = {target.label: target for target in planned_targets(plan)[-4:]}
    assert list(points) == ["Nasion", "Inion", "Left tragus", "Right tragus"]
    assert points["Inion"].warnings == plan.warnings and "Given by the user" in points["Inion"].description
    assert len([target for target in planned_targets(plan) if "MNI" in target.label]) == 0


def test_the_description_of_a_target_says_how_it_was_chosen():
    plan = make_plan()
    target = plan.sides["left"].target
    target = replace(target, point=replace(target.point, method=Method.PICKED))
    chosen = replace(plan, sides={"left": replace(plan.sides["left"], target=target)})
    assert planned_targets(chosen)[0].description == "DLPFC: picked by the user"


REPLACED = {
    "markups": ('"coordinateSystem": "LPS"', '"coordinateSystem": "IJK"'),
    "fcsv": ("CoordinateSystem = 0", "CoordinateSystem = 2"),
    "brainsight": ("NIfTI:Q:Scanner", "World"),
    "brainsight12": ("NIfTI:Scanner", "Brainsight"),
    "localite": ('coordinateSpace="RAS"', 'coordinateSpace="MNI"'),
    "localite-entry-target": ('coordinateSpace="RAS"', 'coordinateSpace="IJK"'),
    "visor2": ("ASSOCIATED_IMAGE", "HEAD"),
    "simnibs": ('"RAS"', '"MNI"'),
    "csv": ("0.000000,0.000000,0.000000", "9.000000,0.000000,0.000000"),
}


@pytest.mark.parametrize("name", REPLACED)
def test_an_unknown_or_contradicting_space_is_refused_in_one_sentence(name, tmp_path):
    path = _altered(name, tmp_path, REPLACED[name])
    with pytest.raises(UserError, match="not known|only|do not agree|export it from a project") as caught:
        read_targets(path, _scan("RAS", 1))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", POINT_FORMATS)
def test_a_byte_order_mark_and_windows_line_ends_do_not_matter(name, tmp_path):
    target = PlannedTarget("T", np.array([-40.0, 30, 20]), np.ones(3), _turned_pose(), "centroid", ("old",))
    path = tmp_path / f"file{POINT_FORMATS[name].suffix}"
    for file in write_targets(name, [target], path, _scan("RAS", 1)):
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    (read,) = read_targets(path, _scan("RAS", 1))
    _check_same(name, target, read)
    assert read.warnings == ("old",)


@pytest.mark.parametrize("name", POINT_FORMATS)
def test_numbers_with_a_comma_are_refused(name, tmp_path):
    target = PlannedTarget("T", np.array([-40.5, 30.25, 20.5]), np.full(3, 1.5), _turned_pose())
    path = tmp_path / f"file{POINT_FORMATS[name].suffix}"
    write_targets(name, [target], path, _scan("RAS", 1))
    path.write_text(re.sub(r"(?<=\d)\.(?=\d{2})", ",", path.read_text()))
    with pytest.raises(UserError):
        read_targets(path, _scan("RAS", 1))


def test_a_point_whose_name_has_a_bare_comma_is_refused_and_slicers_own_cells_are_not(tmp_path):
    path = tmp_path / "points.fcsv"
    header = "# Markups fiducial file version = 5\n# CoordinateSystem = LPS\n"
    path.write_text(f"{header}1,40,-30,20,0,0,0,1,1,1,0,F3,,,2,0\n")
    np.testing.assert_allclose(read_targets(path)[0].position_ras_mm, (-40, 30, 20))
    path.write_text(f"{header}1,40,5,-30,20,0,0,0,1,1,1,0,F3,,\n")
    with pytest.raises(UserError, match="point 1 has 1 cells more than the header names columns"):
        read_targets(path)


def _turned_pose() -> np.ndarray:
    pose = np.eye(4)
    pose[:3, :3] = quat2mat((0.5, 0.1, 0.7, -0.3))
    pose[:3, 3] = (-50.25, 35.75, 60.125)
    return pose


@pytest.mark.parametrize("name", ("brainsight", "brainsight12"))
def test_a_name_that_brainsight_would_take_for_a_remark_is_written_as_another(name, tmp_path):
    write_targets(
        name, [PlannedTarget("#1 left", np.ones(3), None, _turned_pose())], tmp_path / "file", _scan("RAS", 1)
    )
    assert [target.label for target in read_targets(tmp_path / "file", _scan("RAS", 1))] == ["?1 left"]


NOT_NAMED = {
    "brainsight": ("# Coordinate system: NIfTI:Q:Scanner\n", ""),
    "brainsight12": ("# Coordinate system: NIfTI:Scanner\n", ""),
    "localite": (' coordinateSpace="RAS"', ""),
    "localite-entry-target": (' coordinateSpace="RAS"', ""),
    "visor2": ('"CoordinateSystem": "ASSOCIATED_IMAGE",', ""),
    "simnibs": ('"coordinate_space": "RAS",', ""),
    "json": ('"unit": "mm",', ""),
}


@pytest.mark.parametrize("name", NOT_NAMED)
def test_a_file_that_names_no_space_is_refused_in_one_sentence(name, tmp_path):
    path = _altered(name, tmp_path, NOT_NAMED[name])
    with pytest.raises(UserError, match="names no") as caught:
        read_targets(path, _scan("RAS", 1))
    assert "\n" not in str(caught.value) and str(path) in str(caught.value)


def _altered(name, folder, change):
    """A file of the format with one target, and one change to its text."""
    path = folder / f"file{POINT_FORMATS[name].suffix}"
    write_targets(name, [PlannedTarget("T", np.zeros(3), np.zeros(3), _turned_pose())], path, _scan("RAS", 1))
    text = path.read_text()
    assert change[0] in text
    path.write_text(text.replace(*change, 1))
    return path


@pytest.mark.parametrize("field", ("NIBSCoordinateSystem", "NIBSCoordinateUnits"))
def test_a_bids_table_whose_space_is_missing_or_another_is_refused(field, tmp_path):
    path = _altered("nibs-bids", tmp_path, ("nibs_position_id", "nibs_position_id"))
    beside = tmp_path / "file_coordsystem.json"
    text = beside.read_text()
    for other in ("not_there", field):
        beside.write_text(text.replace(f'"{field}": "', f'"{other}": "Individual', 1))
        with pytest.raises(UserError, match="only .* can be read"):
            read_targets(path)
    beside.unlink()
    with pytest.raises(UserError, match="its space is not known"):
        read_targets(path)


@pytest.mark.parametrize(
    ("name", "line", "assumed"),
    [("markups", '"coordinateSystem": "LPS",', "LPS"), ("fcsv", "# CoordinateSystem = 0\n", "RAS")],
)
def test_a_slicer_file_that_names_no_space_is_read_as_slicer_does_with_a_warning(name, line, assumed, tmp_path):
    path = tmp_path / f"file{POINT_FORMATS[name].suffix}"
    write_targets(name, [PlannedTarget("T", np.array([-40.0, 30, 20]))], path)
    path.write_text(path.read_text().replace(line, ""))
    (target,) = read_targets(path)
    np.testing.assert_allclose(target.position_ras_mm, (-40, 30, 20))
    assert target.warnings == (f"{path.name} names no coordinate system; {assumed} was taken, as Slicer does.",)


def test_a_brainsight_file_without_its_scan_is_read_with_a_warning_and_a_template_space_is_refused(tmp_path):
    path = tmp_path / "file.txt"
    write_targets("brainsight", [PlannedTarget("T", np.zeros(3))], path, _scan("RAS", 1))
    assert "without its scan" in read_targets(path)[0].warnings[0]
    path.write_text(path.read_text().replace("Q:Scanner", "Q:MNI-152"))
    with pytest.raises(UserError, match="of a template"):
        read_targets(path)


def test_brainsight_coordinates_of_another_space_than_the_scans_are_refused(tmp_path):
    path = tmp_path / "file.txt"
    write_targets("brainsight", [PlannedTarget("T", np.zeros(3))], path, _scan("RAS", 2))
    with pytest.raises(UserError, match="NIfTI:Q:Aligned"):
        read_targets(path, _scan("RAS", 1))


def test_brainsight_names_the_sform_where_the_qform_places_the_scan_elsewhere(tmp_path):
    scan = _nifti_file(tmp_path, qform_shift_mm=30.0)
    target = PlannedTarget("T", np.array([1.0, 2, 3]))
    for name, space in (("brainsight", "NIfTI:S:Aligned"), ("brainsight12", "NIfTI:Aligned")):
        write_targets(name, [target], tmp_path / name, scan)
        assert f"system: {space}\n" in (tmp_path / name).read_text()
        np.testing.assert_allclose(read_targets(tmp_path / name, scan)[0].position_ras_mm, (1, 2, 3))


def test_brainsight_before_2_5_3_cannot_name_an_sform_with_the_code_of_the_qform(tmp_path):
    scan = _nifti_file(tmp_path, qform_shift_mm=30.0, codes=(1, 1))
    with pytest.raises(UserError, match="means the qform by 'NIfTI:Scanner'"):
        write_targets("brainsight12", [PlannedTarget("T", np.zeros(3))], tmp_path / "old.txt", scan)


@pytest.mark.parametrize(("name", "space"), [("brainsight", "NIfTI:Q:Scanner"), ("brainsight12", "NIfTI:Scanner")])
def test_brainsight_coordinates_in_a_qform_apart_from_the_sform_are_refused(name, space, tmp_path):
    write_targets(name, [PlannedTarget("T", np.zeros(3))], tmp_path / "file", _nifti_file(tmp_path, 0.0))
    assert f"system: {space}\n" in (tmp_path / "file").read_text()
    with pytest.raises(UserError, match="up to 30.0 mm from the form by which"):
        read_targets(tmp_path / "file", _nifti_file(tmp_path, 30.0))


def _nifti_file(folder, qform_shift_mm: float, codes: tuple[int, int] = (1, 2)) -> Volume:
    """A scan on the disk whose sform is used and whose qform lies elsewhere; codes of qform and sform."""
    matrix = np.diag([2.0, 2, 2, 1])
    image = nibabel.Nifti1Image(np.zeros((8, 9, 10), np.uint8), matrix)
    image.set_sform(matrix, codes[1])
    shifted = matrix.copy()
    shifted[0, 3] += qform_shift_mm
    image.set_qform(shifted, codes[0])
    path = folder / "person.nii"
    nibabel.save(image, path)
    return read_volume(path)


@pytest.mark.parametrize(("kind", "is_pose"), [("1", False), ("2", False), ("3", True), ("4", True)])
def test_a_coil_that_was_placed_in_invesalius_keeps_its_axes_and_other_markers_have_none(kind, is_pose, tmp_path):
    pose = _turned_pose()
    path = tmp_path / "file.mkss"
    write_targets("invesalius", [PlannedTarget("T", np.zeros(3), None, pose)], path, _scan("LIA", 1))
    *header, _, coil = path.read_text().splitlines()
    cells = coil.replace("T coil", "new target").split("\t")
    assert cells[24] == "3"
    path.write_text("\n".join((*header, "\t".join((*cells[:24], kind, *cells[25:])))))
    (target,) = read_targets(path, _scan("LIA", 1))
    np.testing.assert_allclose(target.position_ras_mm, pose[:3, 3], atol=1e-5)
    assert (target.coil_pose_ras_mm is not None) == is_pose
    if is_pose:
        np.testing.assert_allclose(target.coil_pose_ras_mm, pose, atol=1e-6)


@pytest.mark.parametrize("version", range(6))
def test_every_version_of_invesalius_s_files_is_read(version, tmp_path):
    """As the program of its time wrote them: columns told by the header line, no type of marker before version 2."""
    path = tmp_path / "file.mkss"
    target = PlannedTarget("T", np.array([-40.0, 30, 20]), np.array([-50.0, 35, 30]), _turned_pose())
    write_targets("invesalius", [target], path, _scan("LIA", 1))
    first, header, *rows = path.read_text().splitlines()
    if version < 2:
        cells = [line.split("\t") for line in (header, *rows)]
        header, *rows = ("\t".join(line[:16] if version == 0 else line[:24]) for line in cells)
    path.write_text("\n".join((f"{first[:-1]}{version}", header, *rows)))
    (read,) = read_targets(path, _scan("LIA", 1))
    _check_same("invesalius", target, read)


def test_a_later_version_of_invesalius_s_files_is_refused(tmp_path):
    (tmp_path / "file.mkss").write_text("##INVESALIUS3_MARKER_FILE_6\n")
    with pytest.raises(UserError, match="is no marker file of version 0 to 5"):
        read_targets(tmp_path / "file.mkss", _scan("LIA", 1))


IDENTITY = np.diag([1.0, 1, 1, 1])
LPS_IDENTITY = np.diag([-1.0, -1, 1, 1])


@pytest.mark.parametrize("orientation", [None, np.eye(3), np.diag([-1.0, -1, 1])])
@pytest.mark.parametrize("space", ["LPS", "RAS"])
def test_two_points_set_by_hand_in_slicer_become_no_coil(orientation, space, tmp_path):
    points = [{"label": label, "position": [40.0, -30, 20]} for label in ("DLPFC", "DLPFC coil")]
    if orientation is not None:
        points = [point | {"orientation": orientation.ravel().tolist()} for point in points]
    markups = {"coordinateSystem": space, "controlPoints": points}
    (tmp_path / "file.mrk.json").write_text(json.dumps({"@schema": "markups-schema", "markups": [markups]}))
    read = read_targets(tmp_path / "file.mrk.json")
    assert [(each.label, each.coil_pose_ras_mm) for each in read] == [("DLPFC", None), ("DLPFC coil", None)]


def test_two_points_set_by_hand_in_an_older_slicer_become_no_coil(tmp_path):
    rows = "1,-40,30,20,0,0,0,1,1,1,0,DLPFC,,\n2,-41,31,40,0,0,0,1,1,1,0,DLPFC coil,,\n"
    rows += "3,-40,30,20,180,0,0,1,1,1,0,B,,\n4,-41,31,40,180,0,0,1,1,1,0,B coil,,\n"
    (tmp_path / "f.fcsv").write_text(f"# Markups fiducial file version = 4.11\n# CoordinateSystem = 0\n{rows}")
    read = read_targets(tmp_path / "f.fcsv")
    assert [each.label for each in read] == ["DLPFC", "DLPFC coil", "B", "B coil"]
    assert not any(each.coil_pose_ras_mm is not None for each in read)


AXES = {"brainsight": BRAINSIGHT_AXES, "brainsight12": BRAINSIGHT_AXES, "localite": LOCALITE_AXES, "visor2": IDENTITY,
        "simnibs": IDENTITY, "csv": IDENTITY, "json": IDENTITY, "nibs-bids": NIBS_BIDS_AXES}  # fmt: skip


@pytest.mark.parametrize("none", [IDENTITY, LPS_IDENTITY], ids=["RAS", "LPS"])
@pytest.mark.parametrize("name", AXES)
def test_a_coil_with_the_axes_of_its_space_is_a_point_and_said_to_be_one(name, none, tmp_path):
    """Programs write these axes where they know none; SimNIBS's reader drops such a marker."""
    pose = none @ AXES[name]
    pose[:3, 3] = (-50.0, 40, 60)
    path = tmp_path / "file"
    write_targets(name, [PlannedTarget("T", np.array([-40.0, 30, 20]), None, pose)], path, _scan("RAS", 1))
    (read,) = read_targets(path, _scan("RAS", 1))
    assert read.coil_pose_ras_mm is None and "which is no orientation" in read.warnings[0]


def test_visor2_repeats_the_qform_of_the_scans_own_file_and_knows_another_scan(tmp_path):
    scan = _nifti_file(tmp_path, qform_shift_mm=0.0625)
    path = tmp_path / "file.mrk"
    write_targets("visor2", [PlannedTarget("T", np.zeros(3), None, _turned_pose())], path, scan)
    assert "0.0625" in path.read_text()
    assert read_targets(path, scan)[0].label == "T"
    with pytest.raises(UserError, match="open the scan that it was planned on"):
        read_targets(path, _scan("RAS", 1))


@pytest.mark.parametrize("turn", [IDENTITY, np.diag([1.0, 1, 1.1, 1])])
def test_visor2_which_goes_by_the_qform_gets_the_same_voxels_of_a_scan_whose_sform_lies_elsewhere(turn, tmp_path):
    sform = np.array([[0, -1.0, 0, 40], [1, 0, 0, -80], [0, 0, 1, -60], [0, 0, 0, 1]])
    qform = IDENTITY @ turn
    image = nibabel.Nifti1Image(np.zeros((90, 80, 70), np.int16), sform)
    image.set_qform(qform, 1)
    image.set_sform(sform, 2)
    nibabel.save(image, tmp_path / "scan.nii")
    scan, voxel = read_volume(tmp_path / "scan.nii"), np.array([30.0, 40, 50, 1])
    pose = sform @ np.array([[1.0, 0, 0, 0], [0, 0.8, -0.6, 0], [0, 0.6, 0.8, 0], [0, 0, 0, 1]])
    pose[:3, 3] = (sform @ voxel)[:3]
    path = tmp_path / "file.mrk"
    write_targets("visor2", [PlannedTarget("T", pose[:3, 3], None, pose)], path, scan)
    marker = json.loads(path.read_text())["TargetMarkers"][0]["CoilTarget"]
    written = np.array(marker["CoilPose"]["RigidTransformMatrix4x4"])
    np.testing.assert_allclose(written[:3, 3], (qform @ voxel)[:3], atol=1e-5)
    np.testing.assert_allclose(written[:3, :3] @ written[:3, :3].T, np.eye(3), atol=1e-9)
    (read,) = read_targets(path, scan)
    np.testing.assert_allclose(read.coil_pose_ras_mm[:3, 3], pose[:3, 3], atol=1e-4)
    np.testing.assert_allclose(read.coil_pose_ras_mm[:3, 2], pose[:3, 2], atol=0.06)


def test_visor2_is_refused_a_scan_without_a_qform_whose_quaternion_lies_elsewhere(tmp_path):
    image = nibabel.Nifti1Image(np.zeros((90, 80, 70), np.int16), None)
    image.set_sform(np.array([[0, -1.0, 0, 40], [1, 0, 0, -80], [0, 0, 1, -60], [0, 0, 0, 1]]), 1)
    nibabel.save(image, tmp_path / "scan.nii")
    target = PlannedTarget("T", np.zeros(3), None, _turned_pose())
    with pytest.raises(UserError, match="goes by the qform, which this scan does not set"):
        write_targets("visor2", [target], tmp_path / "file.mrk", read_volume(tmp_path / "scan.nii"))


def test_visor2s_poses_without_their_scan_are_read_with_a_warning(tmp_path):
    path = tmp_path / "file.mrk"
    write_targets("visor2", [PlannedTarget("T", np.zeros(3), None, _turned_pose())], path, _scan("RAS", 1))
    assert read_targets(path)[0].warnings == ("file.mrk was read without its scan, with whose qform it goes.",)


@pytest.mark.parametrize("name", sorted(NIFTI_ALONE))
def test_a_navigator_of_nifti_scans_refuses_another_scan(name, tmp_path):
    with pytest.raises(UserError, match="convert the scan to NIfTI"):
        target = PlannedTarget("T", np.zeros(3), None, _turned_pose())
        write_targets(name, [target], tmp_path / "file", _scan("RAS", None))


def test_a_mirrored_pose_is_refused(tmp_path):
    mirrored = PlannedTarget("T", np.zeros(3), None, np.diag([-1.0, 1, 1, 1]))
    with pytest.raises(UserError, match="mirrored or skewed"):
        write_targets("json", [mirrored], tmp_path / "file.json")


def test_a_file_in_the_way_is_kept(tmp_path):
    path = tmp_path / "file.json"
    path.write_text("mine")
    with pytest.raises(UserError, match="exists already"):
        write_targets("json", [PlannedTarget("T", np.zeros(3))], path)
    assert path.read_text() == "mine"


def test_localite_files_bear_the_name_by_which_localite_knows_them():
    moment = datetime(2026, 11, 22, 10, 15, 30, 123456)
    assert file_name("localite", "person", moment) == "InstrumentMarker20261122101530123.xml"
    assert file_name("markups", "person", moment) == "person.mrk.json"


def test_an_unknown_format_names_those_that_are_known(tmp_path):
    with pytest.raises(UserError, match="markups, fcsv, brainsight"):
        write_targets("nexstim", [PlannedTarget("T", np.zeros(3))], tmp_path / "file")


@pytest.mark.parametrize("text", ("", "hello", "{}", "<xml/>"))
def test_a_file_of_no_known_format_is_refused(tmp_path, text):
    (tmp_path / "file").write_text(text)
    with pytest.raises(UserError, match="no known file of targets"):
        read_targets(tmp_path / "file")


@pytest.mark.parametrize("name", POINT_FORMATS)
def test_a_damaged_file_is_refused_in_one_sentence(name, tmp_path):
    path = tmp_path / f"file{POINT_FORMATS[name].suffix}"
    write_targets(name, [PlannedTarget("T", np.zeros(3), np.ones(3), np.eye(4))], path, _scan("RAS", 1))
    text = path.read_text()
    for number in ("1.0", '"1"', ",1,"):
        text = text.replace(number, number.replace("1", "one"))
    path.write_text(text)
    with pytest.raises(UserError):
        read_targets(path, _scan("RAS", 1))
