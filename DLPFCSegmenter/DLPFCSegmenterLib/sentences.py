"""Sentences that a person reads: written in English, and said in the reader's language where they are shown.

A `Sentence` is an English text that remembers its source, with a place for each value, and the values. So files and
programs get English whatever the language is, and only what shows a sentence to a person says it in another (`tell`).
Names of persons, files and nodes are values and never looked up; numbers keep their decimal point in every language,
as a comma in a coordinate can be misread.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import reduce
from numbers import Integral, Real
from pathlib import Path
from string import Formatter
from typing import Any, Self, TypeAlias
from xml.etree import ElementTree

CONTEXT = "DLPFCSegmenter"
"""What Qt calls where a sentence stands: one for all of them, that of the panel's `.ui` file."""

TRANSLATIONS = Path(__file__).with_name("translations")
"""`DLPFCSegmenter_<language>.ts`, which `make translations` writes and Qt Linguist opens."""

Texts: TypeAlias = dict[Any, str]
"""A table of sources, which `say` is given later: `make translations` finds them by this type."""

_translation: Callable[[str], str] | None = None
"""Source -> its translation, or the source where there is none; None for English."""
_language = "en"


class Sentence(str):
    """A sentence in English, which is the text itself, and what it was made of."""

    source: str
    values: Mapping[str, "float | str"]

    def __new__(cls, text: str, source: str = "", values: "Mapping[str, float | str] | None" = None) -> Self:
        """The sentence `text`, made of `source` and `values`; without a source it is its own."""
        made = super().__new__(cls, text)
        made.source, made.values = source or text, dict(values or {})
        return made

    def __str__(self) -> str:
        """Itself: who asks an error for its text gets what can be translated."""
        return self


class _Places(Formatter):
    """As `str.format`, but a share has a space before its sign, as in all our prose: '90 %'."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """One value, in the manner of its place."""
        text = super().format_field(value, format_spec)
        return f"{text[:-1]} %" if format_spec.endswith("%") else text


_PLACES = _Places()


def say(source: str, /, **values: object) -> Sentence:
    """The sentence with its values in the places of `source`, such as '{name}' and '{away:.1f}'.

    Raises KeyError where a place has no value.
    """
    if not values:
        return source if isinstance(source, Sentence) else Sentence(source)
    kept = {name: _kept(value) for name, value in values.items()}
    return Sentence(_PLACES.vformat(source, (), kept), source, kept)


def tell(text: str) -> str:
    """A sentence in the reader's language, and any other text as it is."""
    if _translation is not None and isinstance(text, Sentence):
        values = {name: tell(value) if isinstance(value, str) else value for name, value in text.values.items()}
        if values != text.values or _translation(text.source) != text.source:
            for source in (_translation(text.source), text.source):
                with suppress(KeyError, IndexError, ValueError):  # a translation with other places
                    return _PLACES.vformat(source, (), values) if values else source
    return str.__str__(text)


def tr(source: str, /, **values: object) -> str:
    """`say` and `tell` at once, for what is only shown."""
    return tell(say(source, **values))


def both(names: Iterable[str]) -> str:
    """'one and another'."""
    return reduce(lambda one, other: say("{one} and {other}", one=one, other=other), names)


def either(names: Iterable[str]) -> str:
    """'one or another'."""
    return reduce(lambda one, other: say("{one} or {other}", one=one, other=other), names)


def joined(separator: str, parts: Iterable[str]) -> Sentence:
    """Parts in a row, as `separator.join`; each is told in the reader's language."""
    values = {f"part{index}": part for index, part in enumerate(parts)}
    return say(separator.join(f"{{{name}}}" for name in values), **values)


def place_in_words(point_ras_mm: Iterable[float]) -> str:
    """A point, RAS mm, shape (3,), each coordinate with the letter of its direction: 'L 38.0  A 42.0  S 25.0 mm'."""
    return "  ".join(along_axis(axis, value) for axis, value in enumerate(point_ras_mm)) + " mm"


def along_axis(axis: int, value_mm: float) -> str:
    """One coordinate, of axis 0 (R), 1 (A) or 2 (S), with the letter of its direction: 'L 38.0'."""
    rounded = round(float(value_mm), 1)
    return f"{('LR', 'PA', 'IS')[axis][rounded > 0]} {abs(rounded):.1f}"


def speak(language: str, elsewhere: Callable[[str], str] = str) -> None:
    """Tell sentences in a language from now on: 'de', 'de-AT', 'de_DE.UTF-8'; '' and what is unknown is English.

    elsewhere  asked for what our own file of that language lacks, or where there is none
    """
    global _translation, _language
    ours: dict[str, str] = {}
    whole = language.partition(".")[0].replace("-", "_")
    for name in (whole.partition("_")[0], whole):
        ours |= read_translations(TRANSLATIONS / f"{CONTEXT}_{name}.ts")
    _translation = (lambda source: ours.get(source) or elsewhere(source)) if ours or elsewhere is not str else None
    _language = (whole.partition("_")[0] if _translation else "") or "en"


def language() -> str:
    """The language that sentences are told in, as a page names it."""
    return _language


def language_of_system() -> str:
    """The language that the environment asks for, as other programs read it."""
    names = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    return next(filter(None, (os.environ.get(name, "").partition(":")[0] for name in names)), "")


def read_translations(file: Path) -> dict[str, str]:
    """Source -> its translation, of a Qt `.ts` file; none where there is no file."""
    if not file.is_file():
        return {}
    messages = ElementTree.parse(file).iter("message")
    pairs = ((each.findtext("source", ""), each.findtext("translation", "")) for each in messages)
    return {source: translation for source, translation in pairs if translation}


def to_data(text: str) -> "str | dict[str, Any]":
    """A text as JSON is made of it, for another process to tell."""
    if not isinstance(text, Sentence):
        return text
    values = {name: to_data(value) if isinstance(value, str) else value for name, value in text.values.items()}
    return {"source": text.source, "values": values}


def from_data(data: Any) -> str:
    """What `to_data` made. Raises KeyError, TypeError or AttributeError for anything else."""
    if isinstance(data, str):
        return data
    values = {name: from_data(value) if isinstance(value, dict) else value for name, value in data["values"].items()}
    return say(data["source"], **values)


def printable(text: str) -> str:
    """A name or another program's words in one line; what cannot be printed, as its code."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def _kept(value: object) -> "float | str":
    """A value as it is formatted: sentences, numbers, and the text of all else."""
    if isinstance(value, (BaseException, bool)):
        value = str(value)
    if isinstance(value, Sentence):
        return value
    if isinstance(value, Real):
        return int(value) if isinstance(value, Integral) else float(value)
    return printable(str(value))
