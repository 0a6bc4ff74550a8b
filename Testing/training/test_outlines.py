"""A scan becomes pictures, and what is outlined in them comes to lie where it is in the scan."""

import csv
import json
from dataclasses import replace

import numpy as np
import pytest
import SimpleITK as sitk
from PIL import Image

from DLPFCSegmenterLib.cli.main import main
from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.evaluation.metrics import dice
from DLPFCSegmenterLib.labels.label import RegionLabel
from DLPFCSegmenterLib.labels.splits import find_scans, read_region
from DLPFCSegmenterLib.scan.canonical import to_itk
from DLPFCSegmenterLib.scan.head_frame import HeadFrame
from DLPFCSegmenterLib.scan.head_scan import HeadScan
from DLPFCSegmenterLib.scan.readers import read_volume
from DLPFCSegmenterLib.scan.volume import Volume, voxel_points_ras_mm
from DLPFCSegmenterLib.training.pictures import picture_slice, read_pictures
from DLPFCSegmenterLib.training.via import outline_polygons
from small_config import SMALL

BALLS_RAS_MM = {"left": np.array([-34.0, 22.0, 12.0]), "right": np.array([36.0, 18.0, 8.0])}
RADIUS_MM = 14.0


@pytest.fixture(autouse=True)
def head_in_mni_space(monkeypatch):
    """The heads of these tests lie in MNI space as they are."""
    known = HeadFrame(np.eye(4), 1.0)
    monkeypatch.setattr("DLPFCSegmenterLib.training.outlines.head_scan", lambda scan: HeadScan(scan, lambda _: known))


def grid(code: str) -> Volume:
    """An empty grid of 3 x 2.5 x 2 mm around the origin, in an order of axes or tilted."""
    directions = np.diag([1.0, 1.0, 1.0])
    if code == "LIA":
        directions = np.array([[-1.0, 0, 0], [0, 0, 1], [0, -1, 0]])
    if code == "oblique":
        a, b = np.radians([17.0, -9.0])
        turn = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
        directions = turn @ np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    shape_ijk = np.array([50, 60, 70])
    matrix = np.eye(4)
    matrix[:3, :3] = directions @ np.diag([3.0, 2.5, 2.0])
    matrix[:3, 3] = -matrix[:3, :3] @ (shape_ijk - 1) / 2
    return Volume(np.zeros(shape_ijk[::-1], np.float32), matrix)


def near(volume: Volume, middle, radius_mm) -> np.ndarray:
    points = voxel_points_ras_mm(volume, np.ones(volume.array_kji.shape, bool))
    return (np.linalg.norm(points - middle, axis=1) < radius_mm).reshape(volume.array_kji.shape)


def write_head(folder, code="RAS", name="sub-01_ses-1_T1w.nii.gz"):
    """A ball of a head, with a brighter ball on either side."""
    empty = grid(code)
    values = 100.0 * near(empty, (0, 0, 0), 66)
    for middle in BALLS_RAS_MM.values():
        values[near(empty, middle, RADIUS_MM)] = 200
    sitk.WriteImage(to_itk(empty.with_array(values.astype(np.float32))), str(folder / name))
    return folder / name


def rows_of(folder) -> list[dict]:
    with (folder / "slices.csv").open(newline="") as file:
        return list(csv.DictReader(file))


STEPS_RAS = {
    "axial": ((1, 0, 0), (0, -1, 0)),
    "coronal": ((1, 0, 0), (0, 0, -1)),
    "sagittal": ((0, -1, 0), (0, 0, -1)),
}
"""Where one column and one row further lie, mm: left on the left, or the front; front or crown at the top."""


def outline(folder, sides=("left", "right"), leave_out=(), attributes=None) -> None:
    """What an annotator draws who knows where the balls are, into the project."""
    project = json.loads((folder / "via.json").read_text())
    entries = {entry["filename"]: entry for entry in project["_via_img_metadata"].values()}
    for number, row in enumerate(rows_of(folder)):
        column, down = (np.array(step, float) for step in STEPS_RAS[row["plane"]])
        corner = np.array([float(row[f"corner_{axis}_mm"]) for axis in "ras"])
        r, c = np.indices((int(row["rows"]), int(row["columns"])))
        points = corner + c[..., None] * column + r[..., None] * down
        for side in sides if number not in leave_out else ():
            inside = np.linalg.norm(points - BALLS_RAS_MM[side], axis=-1) < RADIUS_MM
            for polygon in outline_polygons(inside):
                xs, ys = polygon.T.tolist()
                shape = {"name": "polygon", "all_points_x": xs, "all_points_y": ys}
                entries[row["file"]]["regions"].append(
                    {"shape_attributes": shape, "region_attributes": attributes or {}}
                )
    (folder / "via.json").write_text(json.dumps(project))


@pytest.mark.parametrize(
    "code, plane",
    [("RAS", "axial"), ("LIA", "axial"), ("oblique", "axial"), ("LIA", "coronal"), ("oblique", "sagittal")],
)
def test_outlines_come_to_lie_where_the_balls_are_each_on_its_side(tmp_path, code, plane):
    t1 = write_head(tmp_path, code)
    made = tmp_path / "pictures"
    assert main(["slices", str(t1), "--output", str(made), "--plane", plane]) == 0
    outline(made)
    assert main(["outlines", str(made / "via.json"), "--output", str(tmp_path / "drawn")]) == 0
    (scan,) = find_scans(tmp_path / "drawn")
    assert (scan.t1.name, scan.subject) == (t1.name, "sub-01")
    volume, drawn = read_volume(scan.t1), read_region(scan, RegionLabel()).sides
    assert set(drawn) == {"left", "right"}
    for side, middle in BALLS_RAS_MM.items():
        found = voxel_points_ras_mm(volume, drawn[side]).mean(axis=0)
        assert np.linalg.norm(found - middle) < 0.8
        assert dice(drawn[side], near(volume, middle, RADIUS_MM)) > 0.9


@pytest.mark.parametrize("named, ending", [("Insula", "_insula_mask"), ("DLPFC", "_dlpfc")])
def test_the_masks_are_called_after_what_was_outlined(tmp_path, named, ending):
    t1, made = write_head(tmp_path), tmp_path / "pictures"
    assert main(["slices", str(t1), "--output", str(made), "--class", named, "--step-mm", "6"]) == 0
    outline(made, ("left",), attributes={"region": named})
    assert main(["outlines", str(made / "via.json"), "--output", str(tmp_path / "drawn")]) == 0
    assert (tmp_path / "drawn" / f"sub-01_ses-1{ending}.nii.gz").exists()
    assert find_scans(tmp_path / "drawn", named)[0].is_drawn


def test_pictures_show_the_scan_at_their_scale_with_the_left_on_the_left(tmp_path):
    assert main(["slices", str(write_head(tmp_path, "LIA")), "--output", str(tmp_path / "made")]) == 0
    row = min(rows_of(tmp_path / "made"), key=lambda row: abs(float(row["position_mm"]) - BALLS_RAS_MM["left"][2]))
    grey = np.array(Image.open(tmp_path / "made" / row["file"]))[12:]  # without the letters
    rows, columns = np.nonzero(grey > 150)
    left = columns < grey.shape[1] / 2
    assert np.ptp(columns[left]) == pytest.approx(2 * RADIUS_MM, abs=3)
    middle = float(row["corner_r_mm"]) + columns[left].mean()
    assert middle == pytest.approx(BALLS_RAS_MM["left"][0], abs=1)
    assert (row["subject"], row["left_on"], row["pixel_mm"]) == ("sub-01", "left", "1")


def test_pictures_can_be_learnt_from_as_they_are(tmp_path):
    assert main(["slices", str(write_head(tmp_path)), "--output", str(tmp_path / "made")]) == 0
    outline(tmp_path / "made")
    pictures = read_pictures(tmp_path / "made" / "via.json", replace(SMALL, context=1))
    widest = max(picture_slice(p, SMALL).region.sum() for p in pictures)
    assert int(widest) == pytest.approx(np.pi * (RADIUS_MM / SMALL.pixel_mm) ** 2, rel=0.1)
    assert {p.subject for p in pictures} == {"sub-01"} and {p.flipped for p in pictures} == {True, False}


@pytest.fixture
def made(tmp_path):
    main(["slices", str(write_head(tmp_path)), "--output", str(tmp_path / "made")])
    return tmp_path / "made"


def refusal(made, capsys) -> str:
    assert main(["outlines", str(made / "via.json"), "--output", str(made.parent / "drawn")]) == 2
    assert not list((made.parent / "drawn").glob("*"))
    return capsys.readouterr().err


def test_a_scan_that_is_another_one_now_is_refused(made, capsys):
    outline(made)
    t1 = made.parent / "sub-01_ses-1_T1w.nii.gz"
    image = sitk.ReadImage(str(t1))
    mirrored = sitk.Flip(image, (True, False, False))
    mirrored.CopyInformation(image)
    sitk.WriteImage(mirrored, str(t1))
    assert "is not the scan of which the pictures were made" in refusal(made, capsys)


def test_a_scan_that_moved_is_found_beside_the_annotations(made, capsys):
    outline(made)
    t1 = made.parent / "sub-01_ses-1_T1w.nii.gz"
    t1.rename(made / t1.name)
    assert main(["outlines", str(made / "via.json"), "--output", str(made.parent / "drawn")]) == 0


def test_pictures_of_another_size_or_unknown_place_are_refused(made, capsys):
    outline(made)
    first = made / rows_of(made)[0]["file"]
    image = Image.open(first)
    image.resize((image.width * 2, image.height * 2)).save(first)
    assert "has another size than `dlpfc slices` gave it" in refusal(made, capsys)
    with pytest.raises(UserError, match=r"has another size than `dlpfc slices` gave it"):  # or its scale is wrong
        read_pictures(made / "via.json", SMALL)
    lines = (made / "slices.csv").read_text().splitlines()
    (made / "slices.csv").write_text("\n".join(lines[:1] + lines[2:]))
    assert "does not say where in a scan it lies" in refusal(made, capsys)


def test_nothing_outlined_is_told(made, capsys):
    assert "no region is outlined" in refusal(made, capsys)


def test_slices_that_were_passed_over_are_named(made, capsys):
    shown = [n for n, row in enumerate(rows_of(made)) if abs(float(row["position_mm"]) - BALLS_RAS_MM["left"][2]) < 2]
    outline(made, ("left",), leave_out=shown[:1])
    assert main(["outlines", str(made / "via.json"), "--output", str(made.parent / "drawn")]) == 0
    assert f"such as {rows_of(made)[shown[0]]['file']}" in capsys.readouterr().out


def test_pictures_are_not_written_into_a_filled_folder(made, capsys):
    t1 = made.parent / "sub-01_ses-1_T1w.nii.gz"
    assert main(["slices", str(t1), "--output", str(made)]) == 2
    assert "is not an empty folder" in capsys.readouterr().err


@pytest.mark.parametrize("step", ["0", "nan", "50"])
def test_a_step_that_is_none_is_refused(tmp_path, capsys, step):
    assert main(["slices", str(write_head(tmp_path)), "--output", str(tmp_path / "made"), "--step-mm", step]) == 2
    assert "give 0.5 to 20 mm" in capsys.readouterr().err
