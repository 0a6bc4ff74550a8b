"""The DLPFC's code is the same in the library and in the file that Slicer reads."""

import json
from pathlib import Path

import pytest

from DLPFCSegmenterLib import terminology

FILE = Path(__file__).parents[1] / "DLPFCSegmenter" / "Resources" / "Terminology" / "DLPFC.term.json"


@pytest.fixture
def category():
    document = json.loads(FILE.read_text())
    assert document["SegmentationCategoryTypeContextName"] == terminology.CONTEXT_NAME
    return document["SegmentationCodes"]["Category"][0]


def code_of(entry):
    return terminology.Code(entry["CodingSchemeDesignator"], entry["CodeValue"], entry["CodeMeaning"])


def test_the_file_offers_the_library_s_codes(category):
    (kind,) = category["Type"]
    assert code_of(category) == terminology.CATEGORY
    assert code_of(kind) == terminology.TYPES[terminology.DLPFC]
    assert {code_of(side) for side in kind["Modifier"]} == set(terminology.LATERALITY.values())


def test_the_file_recommends_the_library_s_colours(category):
    sides = category["Type"][0]["Modifier"]
    colours = {side["CodeMeaning"].lower(): tuple(side["recommendedDisplayRGBValue"]) for side in sides}
    assert colours == terminology.COLOURS_RGB


def test_left_and_right_are_never_mistaken():
    assert "SCT^7771000^Left" in terminology.segment_terminology("left")
    assert "SCT^24028007^Right" in terminology.segment_terminology("right")
    assert terminology.segment_name("left") == "Left DLPFC"
    assert terminology.segment_name("right") == "Right DLPFC"
    assert terminology.segment_colour("left") != terminology.segment_colour("right")


def test_slicer_reads_the_entry_back_as_it_is_written():
    slicer = pytest.importorskip("slicer", reason="slicer-core is not installed")
    logic = slicer.vtkSlicerTerminologiesModuleLogic()
    for hemisphere in ("left", "right"):
        entry = slicer.vtkSlicerTerminologyEntry()
        text = terminology.segment_terminology(hemisphere)
        assert logic.DeserializeTerminologyEntry(text, entry)
        assert logic.SerializeTerminologyEntry(entry) == text


def test_slicer_finds_the_type_in_the_file():
    slicer = pytest.importorskip("slicer", reason="slicer-core is not installed")
    logic = slicer.vtkSlicerTerminologiesModuleLogic()
    assert logic.LoadTerminologyFromFile(str(FILE)) == terminology.CONTEXT_NAME
    found = slicer.vtkSlicerTerminologyEntry()
    assert logic.FindTypeInTerminologyBy3dSlicerLabel(terminology.CONTEXT_NAME, "DLPFC", found)
    assert found.GetTypeObject().GetCodeValue() == terminology.TYPES["DLPFC"].value
    assert (
        logic.GetNumberOfTypeModifiersInTerminologyType(
            terminology.CONTEXT_NAME, found.GetCategoryObject(), found.GetTypeObject()
        )
        == 2
    )
