"""What the panel says in its labels: sentences, and warnings that look like warnings."""

from collections.abc import Iterable

import qt

from ...sentences import say
from ...sentences import tell as in_words
from ...sentences import tr as _

_WARNING = "QLabel { border-left: 3px solid rgb(213, 94, 0); background: rgba(213, 94, 0, 45); padding: 3px 6px; }"
"""A bar and a tint that are seen on light and dark grounds; the letters keep the theme's own colour."""


def tell(label, sentence: str) -> None:
    """Let a label say this in the reader's language; one that says nothing takes no room."""
    label.text = in_words(sentence)
    label.visible = bool(sentence)


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


def let_ticks_be_seen(table) -> None:
    """Draw the boxes of ticks in grey: on a dark ground a theme's own outline is not seen."""
    palette = table.palette
    palette.setColor(qt.QPalette.Window, qt.QColor(160, 160, 160))
    table.palette = palette


def of_side(warning: str, sides: int) -> str:
    """A warning of one of so many sides; of more than one it is named."""
    side = getattr(warning, "hemisphere", "") if sides > 1 else ""
    return say("{side}: {told}", side=say(side.capitalize()), told=warning) if side else warning


def warn(label, sentences: Iterable[object]) -> None:
    """Let a label warn of these, each once and each on a line of its own."""
    label.styleSheet = _WARNING
    tell(label, "\n".join(_("⚠ {warning}", warning=text) for text in dict.fromkeys(map(str, sentences))))
