"""Our files against files written by hand from the formats' descriptions, for one known pose."""

import json
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from DLPFCSegmenterLib.export.reading import read_targets
from DLPFCSegmenterLib.export.registry import POINT_FORMATS
from DLPFCSegmenterLib.export.targets import PlannedTarget
from DLPFCSegmenterLib.export.writing import write_targets
from DLPFCSegmenterLib.scan.origin import Origin, ScanKind
from DLPFCSegmenterLib.scan.volume import Volume
from hand_made_plans import nifti_origin

GOLDEN = Path(__file__).parent / "golden"
POSE = np.array(
    [
        [-0.345534, 0.722852, 0.598407, -49],
        [0.345534, 0.690887, -0.635044, 52],
        [-0.872475, -0.012659, -0.488496, 40],
        [0, 0, 0, 1],
    ]
)
TARGET = PlannedTarget("DLPFC_L", np.array([-44.0, 40, 60]), np.array([-47.0, 44.5, 63]), POSE)
POSE_ALONE = {"brainsight", "brainsight12", "localite", "visor2"}
BY_TEXT = ("brainsight", "brainsight12", "invesalius", "nibs-bids", "csv")
BY_JSON = ("visor2", "simnibs", "json")
BY_XML = ("localite", "localite-entry-target")


def _scan(code: int | None = 1) -> Volume:
    """A scan of 182 x 218 x 182 voxels of 1 mm that takes no memory; no code: a DICOM series."""
    matrix = np.eye(4)
    matrix[:3, 3] = (-90, -126, -72)
    voxels = np.broadcast_to(np.uint8(0), (182, 218, 182))
    if code is None:
        return Volume(voxels, matrix, Origin("series", ScanKind.DICOM))
    return Volume(voxels, matrix, nifti_origin("person.nii", voxels.shape[::-1], matrix, code, code))


def _written(name: str, tmp_path: Path, scan: Volume | None = None) -> Path:
    path = tmp_path / f"{name}{POINT_FORMATS[name].suffix}"
    write_targets(name, [TARGET], path, scan or _scan())
    return path


def _golden(name: str) -> Path:
    return GOLDEN / f"{name}{POINT_FORMATS[name].suffix}"


@pytest.mark.parametrize("name", BY_TEXT)
def test_text_formats_equal_the_golden_file(name, tmp_path):
    assert _written(name, tmp_path).read_bytes() == _golden(name).read_bytes()


@pytest.mark.parametrize(
    "file", ("nibs-bids_coordsystem.json", "nibs-bids_markers.json", "invesalius.mkss.remarks.json")
)
def test_files_beside_say_what_the_golden_files_say(file, tmp_path):
    path = _written(file.split("_")[0].split(".")[0], tmp_path).with_name(file)
    assert json.loads(path.read_text()) == json.loads((GOLDEN / file).read_text())


def test_words_stand_in_brainsights_notes_and_beside_an_entry_target(tmp_path):
    target = replace(TARGET, description="centroid", warnings=("low contrast",))
    for name in ("brainsight", "localite-entry-target"):
        write_targets(name, [target], tmp_path / name, _scan())
    notes = (tmp_path / "brainsight").read_text().splitlines()[5]
    assert notes.endswith('by a semicolon. Remarks: {"DLPFC_L": "centroid WARNING: low contrast"}')
    beside = json.loads((tmp_path / "localite-entry-target.remarks.json").read_text())
    assert beside["targets"] == {"DLPFC_L": "centroid WARNING: low contrast"}


@pytest.mark.parametrize("name", BY_JSON)
def test_json_formats_say_what_the_golden_file_says(name, tmp_path):
    assert json.loads(_written(name, tmp_path).read_text()) == json.loads(_golden(name).read_text())


@pytest.mark.parametrize("name", BY_XML)
def test_xml_formats_say_what_the_golden_file_says(name, tmp_path):
    assert _canonical_xml(_written(name, tmp_path)) == _canonical_xml(_golden(name))


def test_a_scan_from_dicom_gives_localite_lps(tmp_path):
    path = _written("localite", tmp_path, _scan(code=None))
    assert _canonical_xml(path) == _canonical_xml(GOLDEN / "localite_dicom.instrumentmarker.xml")


def _canonical_xml(path: Path) -> str:
    return ElementTree.canonicalize(path.read_text(encoding="utf-8"), strip_text=True)


def test_slicer_markups_say_what_the_golden_file_says(tmp_path):
    written = json.loads(_written("markups", tmp_path).read_text())
    del written["markups"][0]["display"]
    assert written == json.loads(_golden("markups").read_text())


def test_fcsv_begins_as_the_golden_file_and_adds_the_coil(tmp_path):
    lines = _written("fcsv", tmp_path).read_text().splitlines()
    assert lines[:5] == _golden("fcsv").read_text().splitlines()
    assert lines[5].startswith("3,-49,52,40,") and "DLPFC_L coil" in lines[5]


@pytest.mark.parametrize("name", POINT_FORMATS)
def test_every_golden_file_is_read_as_the_known_target(name):
    (target,) = read_targets(_golden(name), _scan())
    assert target.label == "DLPFC_L"
    position = POSE[:3, 3] if name in POSE_ALONE else TARGET.position_ras_mm
    np.testing.assert_allclose(target.position_ras_mm, position, atol=1e-6)
    if target.coil_pose_ras_mm is not None:
        tolerance = 1e-4 if name.startswith("brainsight") else 1e-6
        np.testing.assert_allclose(target.coil_pose_ras_mm, POSE, atol=tolerance)
    assert (target.coil_pose_ras_mm is None) == (name in ("localite-entry-target", "fcsv"))
    if target.entry_ras_mm is not None:
        np.testing.assert_allclose(target.entry_ras_mm, TARGET.entry_ras_mm, atol=1e-6)


@pytest.mark.parametrize(
    ("code", "space"), [(1, "Scanner"), (2, "Aligned"), (3, "Talairach"), (4, "MNI-152"), (5, "Other-Template")]
)
def test_brainsights_space_is_named_after_the_qform_code(tmp_path, code, space):
    assert f"NIfTI:Q:{space}" in _written("brainsight", tmp_path, _scan(code)).read_text()
    assert f"NIfTI:{space}" in _written("brainsight12", tmp_path, _scan(code)).read_text()
