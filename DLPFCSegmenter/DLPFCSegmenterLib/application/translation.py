"""The panel in Slicer's language: our own `.ts` files, and what Slicer's translators know of the module beside them."""

from pathlib import Path
from xml.etree import ElementTree

import slicer
from slicer.i18n import translate

from ..sentences import CONTEXT, language, speak, tr


def speak_as_slicer() -> None:
    """Tell every sentence in the language that is chosen in Slicer's settings."""
    chosen = str(slicer.app.userSettings().value("language", "") or "")
    if chosen.startswith("en"):
        speak("")
    else:
        speak(chosen, lambda source: translate(CONTEXT, source))


def ui_file(path: str) -> str:
    """The `.ui` file with its texts in the reader's language: where that is not English, a copy."""
    if language() == "en":
        return path
    tree = ElementTree.parse(path)
    for value in (value for each in tree.iter("property") for value in each if value.get("notr") != "true"):
        for text in value.iter("string"):
            text.text = tr(text.text or "")
    copy = Path(slicer.app.temporaryPath) / f"{CONTEXT}_{language()}.ui"
    tree.write(copy, encoding="utf-8", xml_declaration=True)
    return str(copy)
