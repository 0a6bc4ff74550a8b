"""One registry of formats: what the tables tell is what the files do."""

import ast
from pathlib import Path

from DLPFCSegmenterLib.export import formats, registry
from DLPFCSegmenterLib.export.registry import FORMATS, MASK_FORMATS, POINT_FORMATS
from readme import lines_of_table

WORDS = {"json", "csv", "markups"}
"""Names of formats that mean other things too."""


def test_the_readme_tells_of_every_format_as_the_registry_does():
    told = [
        f"| `{name}` | {each.title} | {each.contents} | {each.space} | {each.needs or 'nothing'} | {each.checked} |"
        for name, each in FORMATS.items()
    ]
    assert lines_of_table("| `--format` | for | holds | space | needs | its files were read by |") == told


def test_names_suffixes_titles_and_ranks_are_each_given_once():
    assert set(FORMATS) == {*POINT_FORMATS, *MASK_FORMATS}
    for what in ("suffix", "title", "rank"):
        values = [getattr(each, what) for each in FORMATS.values()]
        assert len(set(values)) == len(values) == len(FORMATS)


TOY = """
from DLPFCSegmenterLib.export.format import PointFormat

FORMATS = (
    PointFormat(
        name="toy", title="A toy's file", suffix=".toy", rank=95, signatures=("# toy",), space="RAS mm",
        checked="nothing", write=lambda targets, path, scan: [path], read=lambda path, scan: [],
    ),
)
"""


def test_a_format_is_known_once_its_own_file_lies_beside_the_others(tmp_path, monkeypatch):
    (tmp_path / "toy.py").write_text(TOY)
    monkeypatch.setattr(formats, "__path__", [*formats.__path__, str(tmp_path)])
    names = [each.name for each in registry._all_formats()]
    assert names.index("simnibs") + 1 == names.index("toy") == names.index("nibs-bids") - 1
    assert {*names} == {*FORMATS, "toy"}


def test_no_list_of_formats_is_kept_beside_their_own_files():
    """A new format touches its own file and the README: no other file of the library may name one."""
    folder = Path(registry.__file__).parents[1]
    own = set(Path(formats.__path__[0]).glob("*.py"))
    named = {
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*.py")
        if file not in own
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in set(FORMATS) - WORDS
    }
    assert not named
