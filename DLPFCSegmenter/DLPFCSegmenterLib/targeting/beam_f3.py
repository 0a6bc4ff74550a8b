"""Beam F3 from three tape measures: head circumference, nasion-inion and tragus-tragus.

Gives two tape lengths: X from the midline along the circumference to the side, and Y from the vertex
towards that mark. Beam 2009 (10.1016/j.brs.2008.09.006) in the form of the author's web calculator;
the adjusted form adds the offset of Mir-Moghtadaei 2015 (Brain Stimulation 8:965), and the anterior
and posterior sites are the heuristics of Mir-Moghtadaei 2022 (Brain Stimulation, March 2022).
"""

from dataclasses import dataclass

import numpy as np

from ..errors import UserError

ADJUSTMENT_CM = 0.35

_RANGES_CM = {"head circumference": (45.0, 70.0), "nasion-inion": (25.0, 48.0), "tragus-tragus": (25.0, 48.0)}
_SITES_2022 = {
    ("left", "anterior"): (0.1359, 0.3167),
    ("left", "posterior"): (0.1847, 0.2480),
    ("right", "anterior"): (0.1352, 0.2884),
    ("right", "posterior"): (0.1968, 0.2316),
}


@dataclass(frozen=True)
class HeadMeasures:
    """Three tape measures in cm. Raises UserError for a length outside the human range."""

    circumference_cm: float
    nasion_inion_cm: float
    tragus_tragus_cm: float

    def __post_init__(self) -> None:
        values = (self.circumference_cm, self.nasion_inion_cm, self.tragus_tragus_cm)
        for (name, (low, high)), value in zip(_RANGES_CM.items(), values, strict=True):
            if not low <= value <= high:
                raise UserError(f"The {name} of {value:g} cm is not human; measure again ({low:g} to {high:g} cm).")

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
