"""Translations: every sentence of the code is in each of them, with the same places and the same sides."""

import ast
import importlib.util
import re
import shutil
import string
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

_ROOT = Path(__file__).resolve().parents[1]
_LIBRARY = _ROOT / "DLPFCSegmenter" / "DLPFCSegmenterLib"
_FILES = sorted((_ROOT / "DLPFCSegmenter").rglob("*.py"))
_SEAM = _LIBRARY / "sentences.py"
_TRANSLATIONS = sorted((_LIBRARY / "translations").glob("*.ts"))


def load_command():
    """The script of `make translations`."""
    spec = importlib.util.spec_from_file_location("translations", _ROOT / ".ci" / "translations.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


command = load_command()


def calls() -> list[tuple[str, ast.Call]]:
    """Where a sentence is said, as 'file:line', and the call."""
    found = []
    for file in _FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and command.called(node) in command.SAYING and node.args and file != _SEAM:
                found.append((f"{file.relative_to(_ROOT)}:{node.lineno}", node))
    return found


def places(text: str) -> list[tuple[str, str, str]]:
    """The places of a source: name, format and conversion of each, sorted."""
    parts = string.Formatter().parse(text)
    return sorted((name, form or "", how or "") for _, name, form, how in parts if name is not None)


def test_there_is_a_translation():
    assert [file.name for file in _TRANSLATIONS] == ["DLPFCSegmenter_de.ts"]


@pytest.mark.slow
@pytest.mark.parametrize("file", _TRANSLATIONS, ids=lambda file: file.stem)
def test_a_translation_is_what_the_command_writes_and_whole(file):
    language = file.stem.partition("_")[2]
    written = file.read_text(encoding="utf-8")
    assert written == command.template(language, command.translated(file)), "run `make translations`"
    assert 'type="unfinished"' not in written


@pytest.mark.parametrize("file", _TRANSLATIONS, ids=lambda file: file.stem)
def test_a_translation_has_the_places_of_its_source(file):
    wrong = [
        source
        for source, translation in command.translated(file).items()
        if places(source) != places(translation)
        or (source != source.strip()) != (translation != translation.strip())
        or source.count("\n") != translation.count("\n")
    ]
    assert wrong == []


_NO_SIDES = re.compile(
    r"\{[^}]*\}|\bleft (?:out|as)\b|\bare (?:left|right)\b|min left\b|\bright (?:angle|file|number)\b|rechten Winkel",
    re.IGNORECASE,
)
_SIDES = {"left": "left", "right": "right", "link": "left", "recht": "right"}


def sides(text: str, words: str) -> list[str]:
    """The sides in the order in which a sentence names them."""
    return [_SIDES[word.lower()] for word in re.findall(words, _NO_SIDES.sub("", text), re.IGNORECASE)]


def test_left_is_links_and_right_is_rechts_in_the_order_of_the_source():
    german = command.translated(_LIBRARY / "translations" / "DLPFCSegmenter_de.ts")
    told = {source: sides(source, r"\b(left|right)\b") for source in german}
    wrong = [(source, german[source]) for source in german if told[source] != sides(german[source], r"\b(link|recht)")]
    assert wrong == []
    assert sum(map(bool, told.values())) > 30


def test_qt_reads_the_translations(tmp_path):
    release = shutil.which("pyside6-lrelease")
    if release is None:
        pytest.skip("PySide6's lrelease is not installed")
    for file in _TRANSLATIONS:
        done = subprocess.run([release, file, "-qm", tmp_path / "told.qm"], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0 and " 0 unfinished" in done.stdout, done.stdout + done.stderr


def test_a_sentence_is_a_literal_with_named_places_and_never_put_together_where_it_is_said():
    wrong = [
        place
        for place, call in calls()
        if isinstance(call.args[0], (ast.JoinedStr, ast.BinOp))
        or (isinstance(call.args[0], ast.Call) and command.called(call.args[0]) in ("format", "join"))
        or len(call.args) > 1
    ]
    assert wrong == []


@pytest.mark.slow
def test_the_values_of_a_sentence_are_those_of_its_places():
    wrong = []
    for place, call in calls():
        given = {each.arg for each in call.keywords}
        if isinstance(call.args[0], ast.Constant) and given and None not in given:
            named = {name for name, _, _ in places(call.args[0].value)}
            wrong += [] if named == given else [(place, named ^ given)]
    assert wrong == []


def test_a_widget_gets_no_names_of_parameters_translated():
    ui = _ROOT / "DLPFCSegmenter" / "Resources" / "UI" / "DLPFCSegmenter.ui"
    names = [each for each in ElementTree.parse(ui).iter("property") if each.get("name") == "SlicerParameterName"]
    assert names and all(each.find("string").get("notr") == "true" for each in names)


def test_files_name_what_a_program_reads_in_english(tmp_path):
    from DLPFCSegmenterLib.batch import DONE, FAILED, FINISHED_BEFORE, NOT_FOUND, BatchRow
    from DLPFCSegmenterLib.sentences import speak

    speak("de")
    try:
        assert (f"{DONE}", f"{FAILED}", BatchRow("a", NOT_FOUND).state_in_words) == ("done", "failed", "no DLPFC found")
        assert f"{FINISHED_BEFORE}" == "finished before"
    finally:
        speak("")


_NOT_TOLD = {
    "training/": "logs, curves and datasets of who trains a network",
    "evaluation/": "figures of who trains a network, as JSON and Markdown",
    "experiment/": "figures of who trains a network, as JSON and Markdown",
    "labels/label.py": "names of anatomy in datasets and model cards",
    "networks/weights.py": "model cards",
    "export/formats/": "words of the formats themselves",
    "export/bids_derivatives.py": "BIDS's own files",
    "export/result_json.py": "result.json",
    "export/reading.py": "what others call the fiducials",
    "export/targets.py": "names of targets in files",
    "export/dicom_series.py": "a mark in a field of DICOM",
    "targeting/beam_f3.py": "publications, and keys of measures",
    "targeting/cortex.py": "publications",
    "targeting/mni_targets.py": "publications, and names of points",
    "targeting/placing.py": "the key of a point as a name",
    "terminology.py": "terms with codes",
    "scan/text_headers.py": "types in the headers of files",
    "geometry/poses.py": "axes, in files",
    "errors.py": "words of libraries",
    "serial.py": "names in records",
    "plan.py": "the record of a plan, and steps in its timing",
    "plan_record.py": "names in records",
    "batch.py": "what stands for a folder in an anonymous table",
    "application/nodes/live_coil.py": "names of nodes",
    "application/nodes/node_roles.py": "keys of roles",
    "application/nodes/own_targets.py": "names of nodes",
    "application/nodes/plan_points.py": "names of nodes and points",
    "application/nodes/stimulation_node.py": "names of nodes and points",
    "application/nodes/scene_file.py": "the log of a process",
    "application/widgets/labels.py": "a style",
    "report/feature_maps.py": "layers of a network",
}
"""Where texts stand that are no sentences to be told, and what they are."""
_NOT_READ = (
    *("table", "legend", "loads", "split", "Code", "exception", "warning", "RecordError", "TypeError", "ValueError"),
    *("OSError", "EOFError", "KeyError", "AttributeError", "AssertionError", "RuntimeError"),
)
"""Functions whose texts are for a program, or for who mends it."""
_TABLES = ("CSS", "_FONT", "_WIDE_FONTS")
_TWO_WORDS = re.compile(r"^[^<]*[A-Za-z)\d,]{2,}[,:;.]? \(?[A-Za-z]{2,}")


def untold(file: Path) -> list[str]:
    """Texts of two words or more in a file that are given to nothing that says them."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    inside = (*command.SAYING, *_NOT_READ, "joined")
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        is_said = isinstance(node, ast.Call) and command.called(node) in inside
        is_table = isinstance(node, ast.AnnAssign) and getattr(node.annotation, "id", "") == "Texts"
        is_named = isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in _TABLES
        is_hint = isinstance(node, ast.arg)
        if (
            is_said
            or is_table
            or is_named
            or is_hint
            or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        ):
            skipped |= set(ast.walk(node))
        if isinstance(node, ast.FunctionDef) and node.returns:
            skipped |= set(ast.walk(node.returns))
        if isinstance(node, ast.AnnAssign):
            skipped |= set(ast.walk(node.annotation))
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and node not in skipped)
    return [node.value for node in constants if isinstance(node.value, str) and _TWO_WORDS.search(node.value)]


def test_every_text_is_said_where_it_is_not_listed_as_read_by_no_one():
    names = {file: file.relative_to(_LIBRARY).as_posix() for file in _FILES if _LIBRARY in file.parents}
    wrong = {name: untold(file) for file, name in names.items() if not name.startswith(tuple(_NOT_TOLD))}
    assert {name: texts for name, texts in wrong.items() if texts} == {}
