"""The points that a report shows, each with a shape and a colour of its own."""

from dataclasses import dataclass

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from ..plan import HemispherePlan
from ..targeting.point import Point
from ..words import label_of

HALO = [withStroke(linewidth=2.5, foreground="black")]
"""Black around light glyphs and letters, on an image as on white paper."""

_TARGET_STYLE = ("P", "#F0E442")
_LANDMARK_STYLES = (
    ("^", "#56B4E9"), ("s", "#CC79A7"), ("D", "#D55E00"), ("v", "#0072B2"), ("o", "#FFFFFF"), ("h", "#999999"),
    ("<", "#B15928"),
)  # fmt: skip
"""The first four of Okabe and Ito's palette; shape or colour alone tells the marks apart."""

RULE_COLOUR = _LANDMARK_STYLES[1][1]


@dataclass(frozen=True)
class Mark:
    """A point in the picture with its matplotlib marker and colour."""

    point: Point
    marker: str
    colour: str

    @property
    def label(self) -> str:
        """What the legend calls it."""
        return label_of(self.point)

    @property
    def position_ras_mm(self) -> np.ndarray:
        """Where it lies, shape (3,)."""
        return self.point.position_ras_mm


def marks_of(side: HemispherePlan) -> list[Mark]:
    """The target and then the landmarks of one side."""
    styles = (_LANDMARK_STYLES[index % len(_LANDMARK_STYLES)] for index in range(len(side.landmarks)))
    landmarks = (Mark(landmark, *style) for landmark, style in zip(side.landmarks, styles, strict=True))
    return [Mark(side.target.point, *_TARGET_STYLE), *landmarks]


def glyph(mark: Mark, filled: bool) -> dict:
    """How matplotlib draws a mark: filled where the picture shows its place, else hollow."""
    return {
        "marker": mark.marker,
        "markersize": 10 if filled else 9,
        "markerfacecolor": mark.colour if filled else "none",
        "markeredgecolor": "black" if filled else mark.colour,
        "markeredgewidth": 1.0 if filled else 1.8,
        "path_effects": None if filled else HALO,
    }


def legend_entry(mark: Mark, filled: bool, text: str) -> Line2D:
    """A mark's line in a legend."""
    return Line2D([], [], linestyle="", label=text, **glyph(mark, filled))
