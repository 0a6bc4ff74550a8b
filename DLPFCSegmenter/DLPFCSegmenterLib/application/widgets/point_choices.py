"""Which of the many points for comparison are listed and shown: the choices, and the menu of them."""

from collections.abc import Callable
from dataclasses import dataclass

import qt

from ...sentences import tr as _
from ...targeting.mni_targets import MNI_TARGETS

DEFAULT_CHOICES = ("beam", "mni_f3", "mni_anti_subgenual")
"""Beam's site, and two published targets far enough apart for their names to be read."""


@dataclass(frozen=True)
class PointChoice:
    """One line of the menu, which stands for both sides.

    id    what is kept in the parameter node
    keys  the points of either side that it stands for
    """

    id: str
    label: str
    keys: tuple[str, ...]


def choices() -> list[PointChoice]:
    """Every choice, in the order of the menu."""
    measured = [
        PointChoice("beam", _("Beam F3/F4"), ("beam_f3", "beam_f4")),
        PointChoice("beam_adjusted", _("Beam F3/F4, adjusted"), ("beam_f3_adjusted", "beam_f4_adjusted")),
        PointChoice("beam_2022_anterior", _("Beam 2022, anterior"), ("beam_2022_anterior",)),
        PointChoice("beam_2022_posterior", _("Beam 2022, posterior"), ("beam_2022_posterior",)),
        PointChoice("ten_twenty", _("F3/F4 (10-20)"), ("f3", "f4")),
    ]
    return measured + [PointChoice(target.key, target.label, (target.key,)) for target in MNI_TARGETS]


def export_choices() -> list[PointChoice]:
    """What of the points may go out by itself: the groups of an export (`POINT_GROUPS`)."""
    labels = {
        "target": _("Target"), "entry": _("Scalp entry"), "coil": _("Coil"), "hotspot": _("Motor hotspot"),
        "five_cm": _("5-cm landmark"), "measured": _("Beam F3/F4 and 10-20"), "published": _("Published points"),
        "circuit": _("Places by connectivity"), "fiducials": _("Fiducials"),
    }  # fmt: skip
    return [PointChoice(group, label, ()) for group, label in labels.items()]


def keys_of(chosen: list[str]) -> set[str]:
    """The points that the chosen ids stand for."""
    return {key for choice in choices() if choice.id in chosen for key in choice.keys}


class PointsMenu:
    """The menu of a button, in which any number of points can be ticked.

    offered    its lines
    on_chosen  told the ids of all that are ticked when the user has changed one
    """

    def __init__(
        self, button: qt.QPushButton, offered: list[PointChoice], on_chosen: Callable[[list[str]], None]
    ) -> None:
        self._on_chosen = on_chosen
        self._actions: dict[str, qt.QAction] = {}
        menu = qt.QMenu(button)
        for choice in offered:
            action = menu.addAction(choice.label)
            action.checkable = True
            action.connect("triggered(bool)", self._tell)
            self._actions[choice.id] = action
        button.setMenu(menu)

    def show(self, chosen: list[str]) -> None:
        """Tick these and no others."""
        for name, action in self._actions.items():
            action.checked = name in chosen

    def _tell(self) -> None:
        self._on_chosen([name for name, action in self._actions.items() if action.checked])
