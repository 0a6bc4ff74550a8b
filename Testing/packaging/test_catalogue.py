"""The catalogue's entry, the .s4ext file and the CMake project say the same."""

import json
import re
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
JSON_OF_S4EXT = {
    "scm": "scm_type",
    "scmurl": "scm_url",
    "scmrevision": "scm_revision",
    "depends": "build_dependencies",
    "build_subdirectory": "build_subdirectory",
    "category": "category",
    "enabled": "enabled",
    "tier": "tier",
}
"""The same fact under the names of the two formats."""

SCHEMA_KEYS = {*JSON_OF_S4EXT.values(), "$schema", "dicom_support_rule"}
"""All that version 1.0.2 of the catalogue's schema allows."""


def entry() -> dict:
    return json.loads((REPOSITORY / "DLPFCSegmenter.json").read_text(encoding="utf-8"))


def s4ext() -> dict[str, str]:
    lines = (REPOSITORY / "DLPFCSegmenter.s4ext").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition(" ") for line in lines if line and not line.startswith("#"))
    return {key: value for key, _, value in pairs}


def cmake() -> dict[str, str]:
    text = (REPOSITORY / "CMakeLists.txt").read_text(encoding="utf-8")
    return dict(re.findall(r'set\(EXTENSION_(\w+) "(.*?)"\)', text))


def as_s4ext(value) -> str:
    if isinstance(value, list):
        return " ".join(value)
    return str(int(value)) if isinstance(value, bool) else str(value)


def test_json_and_s4ext_agree_on_all_that_they_share():
    assert {key: as_s4ext(entry()[name]) for key, name in JSON_OF_S4EXT.items()} == {
        key: s4ext()[key] for key in JSON_OF_S4EXT
    }


def test_s4ext_and_cmake_agree_on_what_the_user_reads():
    shared = ("homepage", "contributors", "description", "iconurl", "screenshoturls", "depends")
    assert {key: s4ext()[key] for key in shared} == {key: cmake()[key.upper()] for key in shared}


def test_the_entry_holds_only_what_the_schema_allows():
    assert set(entry()) <= SCHEMA_KEYS
    assert {"$schema", "category", "scm_url"} <= set(entry())
    assert 1 <= entry()["tier"] <= 5


def test_the_entry_is_named_after_the_cmake_project():
    (project,) = re.findall(r"^project\((\w+)\)", (REPOSITORY / "CMakeLists.txt").read_text(encoding="utf-8"), re.M)
    assert (REPOSITORY / f"{project}.json").exists()


def test_the_repository_is_named_as_the_catalogue_asks():
    assert entry()["scm_url"].rsplit("/", 1)[1].startswith("Slicer")
    assert cmake()["HOMEPAGE"] == entry()["scm_url"]


def test_every_address_of_a_picture_is_a_file_of_the_repository():
    url = entry()["scm_url"].replace("github.com", "raw.githubusercontent.com") + "/main/"
    for address in [cmake()["ICONURL"], *cmake()["SCREENSHOTURLS"].split()]:
        assert address.startswith(url)
        assert (REPOSITORY / address.removeprefix(url)).is_file(), address


def test_the_catalogue_files_have_unix_line_ends():
    for name in ("DLPFCSegmenter.json", "DLPFCSegmenter.s4ext", "CMakeLists.txt"):
        assert b"\r" not in (REPOSITORY / name).read_bytes()
