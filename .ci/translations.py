"""Write the sentences of the code and of the panel's `.ui` file into the translations, as Qt's `lupdate` does.

    python .ci/translations.py [LANGUAGE...]

Every language that is there already is brought up to date, and those that are named are begun: what is new is marked
unfinished, what is not said any more goes. Translate with Qt Linguist, or any editor.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

MODULE = Path(__file__).resolve().parents[1] / "DLPFCSegmenter"
TRANSLATIONS = MODULE / "DLPFCSegmenterLib" / "translations"
CONTEXT = "DLPFCSegmenter"
SAYING = ("say", "tr", "_", "UserError", "NotFoundError", "NoScalpError", "UnlabelledError")
"""Functions and classes whose first argument is a source."""


def sources() -> list[str]:
    """Every source, once, in the order of the files."""
    files = sorted(MODULE.rglob("*.py"))
    found = [text for file in files for text in sources_in(ast.parse(file.read_text(encoding="utf-8")))]
    return list(dict.fromkeys([*found, *texts_of(MODULE / "Resources" / "UI" / "DLPFCSegmenter.ui")]))


def sources_in(tree: ast.AST) -> Iterator[str]:
    """The sources of one file: what is said, and what stands in a table of `Texts`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in SAYING and node.args:
            yield from text_of(node.args[0])
        if isinstance(node, ast.AnnAssign) and isinstance(node.annotation, ast.Name) and node.annotation.id == "Texts":
            tables = (each for each in ast.walk(node) if isinstance(each, ast.Dict))
            yield from (text for table in tables for value in table.values for text in text_of(value))


def called(call: ast.Call) -> str:
    """The name of what is called, without what it belongs to."""
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def text_of(node: ast.AST) -> list[str]:
    """A literal text with letters in it."""
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str) and any(map(str.isalpha, node.value))
    return [node.value] if is_text else []


def texts_of(ui: Path) -> list[str]:
    """What is read on the widgets of a `.ui` file."""
    values = (value for each in ElementTree.parse(ui).iter("property") for value in each if value.get("notr") != "true")
    texts = (text.text for value in values for text in value.iter("string"))
    return [text for text in texts if text and any(map(str.isalpha, text))]


def translated(file: Path) -> dict[str, str]:
    """Source -> translation of a file, those that are unfinished too."""
    messages = ElementTree.parse(file).iter("message") if file.exists() else ()
    return {each.findtext("source", ""): each.findtext("translation", "") for each in messages}


def template(language: str, known: dict[str, str]) -> str:
    """The `.ts` file of a language with what is translated already."""
    root = Element("TS", version="2.1", language=language, sourcelanguage="en")
    context = SubElement(root, "context")
    SubElement(context, "name").text = CONTEXT
    for source in sources():
        message = SubElement(context, "message")
        SubElement(message, "source").text = source
        translation = SubElement(message, "translation", {} if known.get(source) else {"type": "unfinished"})
        translation.text = known.get(source, "")
    ElementTree.indent(root, "    ")
    head = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n'
    return head + ElementTree.tostring(root, encoding="unicode", short_empty_elements=False) + "\n"


def main() -> None:
    """Write every language that is there or named."""
    TRANSLATIONS.mkdir(exist_ok=True)
    there = {file.stem.partition("_")[2] for file in TRANSLATIONS.glob(f"{CONTEXT}_*.ts")}
    for language in sorted(there | set(sys.argv[1:])):
        file = TRANSLATIONS / f"{CONTEXT}_{language}.ts"
        file.write_text(template(language, translated(file)), encoding="utf-8")
        print(f"{file.name}: {template(language, translated(file)).count('unfinished')} of {len(sources())} unfinished")


if __name__ == "__main__":
    main()
