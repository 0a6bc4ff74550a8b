"""Beam F3 from three tape measures: head circumference, nasion-inion and tragus-tragus.

Gives two tape lengths: X from the midline along the circumference to the side, and Y from the vertex
towards that mark. Beam 2009 (10.1016/j.brs.2008.09.006) in the form of the author's web calculator;
the adjusted form adds the offset of Mir-Moghtadaei 2015 (Brain Stimulation 8:965), and the anterior
and posterior sites are the heuristics of Mir-Moghtadaei 2022 (Brain Stimulation, March 2022).
"""

from dataclasses import dataclass

import numpy as np

from ..doubts import Doubt, doubt
from ..errors import UserError
from ..sentences import Texts

POSITIONS = {"left": "F3", "right": "F4"}
"""The 10-20 position of each side that the rules seek."""

ADJUSTMENT_CM = 0.35

WEB_SOURCE = "Beam 2009, 10.1016/j.brs.2008.09.006, as in its web calculator"
ADJUSTED_SOURCE = (
    "Beam F3 in its linear form, 0.35 cm further from the vertex: Mir-Moghtadaei 2015, Brain Stimulation 8:965"
)
UPDATED_SOURCE = "Mir-Moghtadaei 2022, Brain Stimulation, derived on the MNI template alone"

_HUMAN_CM = {"head circumference": (45.0, 70.0), "nasion-inion": (25.0, 48.0), "tragus-tragus": (25.0, 48.0)}
"""From a small three-year-old (circumference 47.6 cm at the 5th percentile, CDC growth charts) to beyond
every adult of ANSUR II (2012; 1986 women up to 63.5 cm, men 57.4 with a standard deviation of 1.6 cm). The
arcs are 0.55 to 0.69 of it."""

_USUAL_CM = {"head circumference": (50.0, 63.5), "nasion-inion": (30.0, 44.0), "tragus-tragus": (30.0, 44.0)}
"""Adults: smallest and largest of ANSUR II's women, which holds its men too but for one in thousands; for
the arcs the 0.60 to 0.69 of the circumference that published examples of Beam F3 have."""

_SITES_2022 = {
    ("left", "anterior"): (0.1359, 0.3167),
    ("left", "posterior"): (0.1847, 0.2480),
    ("right", "anterior"): (0.1352, 0.2884),
    ("right", "posterior"): (0.1968, 0.2316),
}


@dataclass(frozen=True)
class HeadMeasures:
    """Three tape measures in cm. Raises UserError for a length outside the human range.

    A length that is only unusual for an adult is told in `warnings`.
    """

    circumference_cm: float
    nasion_inion_cm: float
    tragus_tragus_cm: float

    def __post_init__(self) -> None:
        for name, value, low, high in self._outside(_HUMAN_CM):
            raise UserError(
                "The {name} of {value:.4g} cm is not human ({low:g} to {high:g} cm); check the measure, or the"
                " points between which it was taken.",
                name=name,
                value=value,
                low=low,
                high=high,
            )

    @property
    def warnings(self) -> tuple[Doubt, ...]:
        """The lengths that are unusual for an adult, one sentence each."""
        return tuple(
            doubt("tape_unusual", name=name, value=value, low=low, high=high)
            for name, value, low, high in self._outside(_USUAL_CM)
        )

    def _outside(self, ranges_cm: dict[str, tuple[float, float]]) -> list[tuple[str, float, float, float]]:
        values = (self.circumference_cm, self.nasion_inion_cm, self.tragus_tragus_cm)
        pairs = zip(ranges_cm.items(), values, strict=True)
        return [(name, value, low, high) for (name, (low, high)), value in pairs if not low <= value <= high]

    @property
    def mean_arc_cm(self) -> float:
        """Mean of the two arcs over the vertex."""
        return (self.nasion_inion_cm + self.tragus_tragus_cm) / 2.0


@dataclass(frozen=True)
class BeamSite:
    """X in cm along the circumference from the midline; Y in cm from the vertex towards that mark."""

    x_cm: float
    y_cm: float


def beam_f3(measures: HeadMeasures) -> BeamSite:
    """The F3 (or, mirrored, F4) site as the web calculator gives it.

    Two chords of the 10-20 system are drawn in a flat head and cut: the constants, also the odd ones,
    are those of the calculator, which clinics rely on.
    """
    lateral, sagittal = 0.4 * measures.tragus_tragus_cm, 0.4 * measures.nasion_inion_cm
    slope_a = (lateral * np.sin(np.radians(324.0)) + sagittal / 2.0) / lateral
    slope_b = sagittal * np.sin(np.radians(298.0)) / (sagittal * np.cos(np.radians(298.0)) - lateral / 2.0)
    x = 0.5 * (sagittal - lateral * slope_b) / (slope_a - slope_b)
    y = slope_a * x - sagittal / 2.0
    degrees = float(np.degrees(np.arctan(y / x)))
    return BeamSite(measures.circumference_cm / 4.0 * (90.0 + degrees) / 90.0, 0.91 * float(np.hypot(x, y)))


def beam_f3_linear(measures: HeadMeasures) -> BeamSite:
    """A linear form of the same within 1 mm over usual heads."""
    return BeamSite(0.1154 * measures.circumference_cm, 0.2637 * measures.mean_arc_cm)


def beam_f3_adjusted(measures: HeadMeasures) -> BeamSite:
    """The linear form moved 0.35 cm further from the vertex, nearer to the MRI target (n = 100)."""
    site = beam_f3_linear(measures)
    return BeamSite(site.x_cm, site.y_cm + ADJUSTMENT_CM)


def beam_2022(measures: HeadMeasures, hemisphere: str, site: str) -> BeamSite:
    """The 2022 heuristic for the 'anterior' or 'posterior' site of a hemisphere, derived on one head."""
    x_share, y_share = _SITES_2022[hemisphere, site]
    return BeamSite(x_share * measures.circumference_cm, y_share * measures.mean_arc_cm)


SITE_SOURCES: Texts = {
    "web calculator": WEB_SOURCE,
    "linear": "A linear form of the web calculator, within 1 mm of it over usual heads",
    "adjusted": ADJUSTED_SOURCE,
    "2022 anterior": UPDATED_SOURCE,
    "2022 posterior": UPDATED_SOURCE,
}
"""Every variant's name -> where it comes from."""


def beam_sites(measures: HeadMeasures, hemisphere: str) -> dict[str, BeamSite]:
    """Every variant of a hemisphere ('left': F3, 'right': F4) by its name."""
    return {
        "web calculator": beam_f3(measures),
        "linear": beam_f3_linear(measures),
        "adjusted": beam_f3_adjusted(measures),
        "2022 anterior": beam_2022(measures, hemisphere, "anterior"),
        "2022 posterior": beam_2022(measures, hemisphere, "posterior"),
    }
