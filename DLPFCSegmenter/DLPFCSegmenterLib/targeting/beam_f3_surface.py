"""Beam F3 and F4 on the scalp: the tape measures taken and the site marked as in the clinic.

X is measured along the circumference from Fpz to the side; Y from the vertex towards that mark, in the
plane through vertex, mark and the head's vertical by its fiducials.
"""

from collections.abc import Callable
from dataclasses import asdict

import numpy as np

from ..errors import NoScalpError
from .beam_f3 import (
    BeamSite,
    HeadMeasures,
    beam_2022,
    beam_f3,
    beam_f3_adjusted,
)
from .head_tapes import HeadTapes
from .point import Method, Point, Role
from .scalp import Scalp
from .scalp_section import arc_mm, cut_at, tape_from


def beam_landmarks(scalp: Scalp, tapes: HeadTapes, hemisphere: str) -> tuple[Point, ...]:
    """Beam F3 ('left') or F4 ('right'), adjusted, and the anterior and posterior sites of 2022.

    Keys 'beam_f3', 'beam_f3_adjusted', 'beam_2022_anterior', 'beam_2022_posterior' ('beam_f4' and
    'beam_f4_adjusted' on the right). Raises NoScalpError where the scan ends before a site.
    """
    rules = _rules(hemisphere)
    return tuple(_landmark(scalp, tapes, hemisphere, key, rule(tapes.measures)) for key, rule in rules.items())


def _rules(hemisphere: str) -> dict[str, Callable[[HeadMeasures], BeamSite]]:
    """Key of every variant -> its rule."""
    name = "beam_f3" if hemisphere == "left" else "beam_f4"
    return {
        name: beam_f3,
        f"{name}_adjusted": beam_f3_adjusted,
        "beam_2022_anterior": lambda measures: beam_2022(measures, hemisphere, "anterior"),
        "beam_2022_posterior": lambda measures: beam_2022(measures, hemisphere, "posterior"),
    }


def _landmark(scalp: Scalp, tapes: HeadTapes, hemisphere: str, key: str, site: BeamSite) -> Point:
    place = site_on_scalp(scalp, tapes, site, hemisphere)
    numbers = asdict(site) | asdict(tapes.measures)
    return Point(key, hemisphere, Role.MEASURED, place, Method.BEAM, numbers=numbers, warnings=tapes.warnings)


def site_on_scalp(scalp: Scalp, tapes: HeadTapes, site: BeamSite, hemisphere: str) -> np.ndarray:
    """The scalp point of a site on the 'left' or 'right' side, RAS mm, shape (3,)."""
    vertex, upward = tapes.vertex_ras_mm, tapes.axes_ras[2]
    ahead = _mark(tapes, 10.0 * site.x_cm, hemisphere) - vertex
    ahead -= (ahead @ upward) * upward
    tape = tape_from(scalp, vertex, ahead / np.linalg.norm(ahead), upward, 10.0 * site.y_cm)
    if arc_mm(tape)[-1] < 10.0 * site.y_cm:
        raise NoScalpError(
            f"{scalp.source}: the scan ends {arc_mm(tape)[-1] / 10:.1f} cm from the vertex, before Beam's site at "
            f"{site.y_cm:.1f} cm; use a scan that shows the whole forehead."
        )
    return scalp.nearest(cut_at(tape, 10.0 * site.y_cm)[-1]).position_ras_mm


def _mark(tapes: HeadTapes, x_mm: float, hemisphere: str) -> np.ndarray:
    around = tapes.around_ras_mm
    return cut_at(around, x_mm if hemisphere == "left" else arc_mm(around)[-1] - x_mm)[-1]
