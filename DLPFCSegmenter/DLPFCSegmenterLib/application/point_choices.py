"""Which of the many points for comparison are listed and shown: each choice stands for both sides."""

from dataclasses import dataclass

from slicer.i18n import tr as _

from ..targeting.mni_targets import MNI_TARGETS

DEFAULT_CHOICES = ("beam", "mni_f3", "mni_anti_subgenual", "mni_fitzgerald")
"""Beam's site, and three published targets far enough apart for their names to be read."""


@dataclass(frozen=True)
class PointChoice:
    """One line of the menu.

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


def keys_of(chosen: list[str]) -> set[str]:
    """The points that the chosen ids stand for."""
    return {key for choice in choices() if choice.id in chosen for key in choice.keys}
