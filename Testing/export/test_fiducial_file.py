"""The four fiducials out of a file of named points."""

import numpy as np
import pytest

from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.export.reading import read_fiducials
from DLPFCSegmenterLib.export.registry import POINT_FORMATS
from DLPFCSegmenterLib.export.targets import PlannedTarget
from DLPFCSegmenterLib.export.writing import write_targets
from hand_made_plans import make_plan

SCAN = make_plan().volume
POINTS = {
    "nasion": np.array([1.0, 84.0, -20.5]),
    "inion": np.array([-2.0, -105.0, -25.0]),
    "left tragus": np.array([-74.25, -12.0, -40.0]),
    "right tragus": np.array([75.0, -11.0, -41.0]),
}


def save(folder, points, suffix=".csv", format_name="csv", warnings=()):
    path = folder / f"points{suffix}"
    targets = [PlannedTarget(name, point, warnings=warnings) for name, point in points]
    write_targets(format_name, targets, path, SCAN)
    return path


@pytest.mark.parametrize("name", ["markups", "fcsv", "brainsight", "invesalius", "nibs-bids", "csv", "json"])
def test_every_format_of_points_gives_the_four_in_ras(name, tmp_path):
    found = read_fiducials(save(tmp_path, POINTS.items(), POINT_FORMATS[name].suffix, name), SCAN)
    given = (found.nasion_ras_mm, found.inion_ras_mm, found.left_tragus_ras_mm, found.right_tragus_ras_mm)
    np.testing.assert_allclose(given, list(POINTS.values()), atol=1e-3)
    assert found.warnings == ()


@pytest.mark.parametrize("names", [("Nz", "Iz", "LPA", "RPA"), ("NASION", "Inion", "left_tragus", "tragus-right")])
def test_the_names_that_people_use_are_known_in_any_order_and_beside_other_points(names, tmp_path):
    points = [*zip(names, POINTS.values(), strict=True), ("DLPFC target (left)", np.array([-40.0, 40, 30]))]
    found = read_fiducials(save(tmp_path, points[::-1]), SCAN)
    np.testing.assert_allclose(found.left_tragus_ras_mm, POINTS["left tragus"])
    np.testing.assert_allclose(found.inion_ras_mm, POINTS["inion"])


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ([("nasion", POINTS["nasion"])], "has no point called inion, left tragus, right tragus"),
        ([*POINTS.items(), ("Nz", POINTS["nasion"])], "has nasion twice"),
    ],
)
def test_a_point_that_is_missing_or_there_twice_is_named(points, words, tmp_path):
    with pytest.raises(UserError, match=f"points.csv: {words}; name the four points"):
        read_fiducials(save(tmp_path, points), SCAN)


def test_the_files_warnings_travel_each_once(tmp_path):
    found = read_fiducials(save(tmp_path, POINTS.items(), warnings=("placed on another scan",)), SCAN)
    assert found.warnings == ("points.csv: placed on another scan",)


def test_a_warning_that_names_the_file_names_it_once(tmp_path):
    lines = [f"{name},{x},{y},{z}" for name, (x, y, z) in POINTS.items()]
    (tmp_path / "fid.csv").write_text("\n".join(["name,x,y,z", *lines]))
    (told,) = read_fiducials(tmp_path / "fid.csv", SCAN).warnings
    assert told.startswith("fid.csv names no coordinate system") and told.count("fid.csv") == 1
