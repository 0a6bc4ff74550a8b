"""What the panel says in its labels: sentences, and warnings that look like warnings."""

import re
from collections.abc import Iterable

import qt

from ...doubts import notes_apart
from ...sentences import joined
from ...sentences import tell as in_words
from ...sentences import tr as _
from ...words import of_side

WARNING_RGBA = (213, 94, 0, 45)
"""The tint behind a warning, of 255."""

_WARNING = (
    f"QLabel {{ border-left: 3px solid rgb{WARNING_RGBA[:3]}; background: rgba{WARNING_RGBA}; padding: 3px 6px; }}"
)
"""A bar and a tint that are seen on light and dark grounds; the letters keep the theme's own colour."""

_PLACE = re.compile(r"\b([LRPAIS]) (?=\d+\.\d)")
"""A letter with its number, as `place_in_words` writes them."""


def tell(label, sentence: str) -> None:
    """Let a label say this in the reader's language; one that says nothing takes no room."""
    _show(label, in_words(sentence), "")


def unbroken(text: str) -> str:
    """The text, no line of which ends between the letter of a coordinate and its number."""
    return _PLACE.sub("\\1\N{NO-BREAK SPACE}", text)


def _show(label, text: str, style: str) -> None:
    if label.styleSheet != style:
        label.styleSheet = style
    label.text = text
    label.visible = bool(text)


def name_button(button, text: str) -> None:
    """Give a button another text; Qt forgets its shortcut with it."""
    if button.text != text:
        shortcut = button.shortcut
        button.text = text
        button.setShortcut(shortcut)


def let_shrink(section) -> None:
    """Let a section be as narrow as what is in it can be; CTK's are as wide as it would like to be."""
    policy = section.sizePolicy
    policy.setHorizontalPolicy(qt.QSizePolicy.Preferred)
    section.sizePolicy = policy


def let_ticks_be_seen(widget) -> None:
    """Draw the boxes of ticks in grey: on a dark ground a theme's own outline is not seen."""
    palette = widget.palette
    palette.setColor(qt.QPalette.Window, qt.QColor(160, 160, 160))
    widget.palette = palette


def warn(label, *sentences: object) -> None:
    """Let a label warn of these, or say why nothing was done; each once and on a line of its own."""
    _show(label, "\n".join(_("⚠ {warning}", warning=text) for text in dict.fromkeys(map(str, sentences))), _WARNING)


def warn_or_note(warning_label, note_label, doubts: Iterable[str], sides: int = 1) -> None:
    """Let one label warn of what is doubtful, and the other say what only tells how a plan came about.

    sides  of how many sides the plan is: of more than one a doubt names its own
    """
    warnings, notes = notes_apart(doubts)
    warn(warning_label, *(of_side(text, sides) for text in warnings))
    tell(note_label, joined("\n", dict.fromkeys(of_side(text, sides) for text in notes)))
