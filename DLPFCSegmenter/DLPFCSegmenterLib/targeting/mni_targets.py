"""Targets of the literature, in MNI mm on the left, and where they lie in a person's scan."""

from dataclasses import dataclass, replace

import numpy as np

from ..doubts import Doubt, doubt
from ..geometry.sides import between_left_and
from ..geometry.spaces import transform_points
from ..scan.head_frame import HeadFrame
from ..sentences import say
from .cortex import Cortex
from .point import Method, Place, Point, Role

UNCERTAINTY_MM = (5.0, 15.0)
"""An affine puts a group's coordinate into a person no better than this; gyri differ (9.4 mm mean
for registration of a TMS target, 10.1007/s11548-021-02386-1)."""


@dataclass(frozen=True)
class MniTarget:
    """A published target: stable key, label, left MNI coordinate in mm, source.

    All coordinates are quoted after others; the papers' full texts were not at hand.
    """

    key: str
    label: str
    left_mni_mm: tuple[float, float, float]
    source: str

    def mni_mm(self, hemisphere: str) -> np.ndarray:
        """Where it is in MNI mm, shape (3,), mirrored on the right."""
        return np.array(self.left_mni_mm, float) * between_left_and(hemisphere)


_FOX = "Fox 2012, 10.1016/j.biopsych.2012.04.028"

MNI_TARGETS = (
    MniTarget("mni_five_cm", "5-cm average (MNI)", (-41, 16, 54), _FOX),
    MniTarget("mni_f3", "F3/F4 (MNI)", (-37, 26, 49), _FOX),
    MniTarget("mni_ba9", "BA9 (MNI)", (-36, 39, 43), _FOX),
    MniTarget("mni_ba46", "BA46 (MNI)", (-44, 40, 29), _FOX),
    MniTarget("mni_anti_subgenual", "Anti-subgenual (MNI)", (-44, 38, 34), _FOX),
    MniTarget("mni_efficacy_seed", "Efficacy seed (MNI)", (-38, 44, 26), _FOX),
    MniTarget("mni_weigand_cash", "Weigand/Cash (MNI)", (-42, 44, 30), "Weigand 2018 and Cash 2021 consensus"),
    MniTarget("mni_fitzgerald", "Fitzgerald (MNI)", (-46, 45, 38), "Fitzgerald 2009"),
    MniTarget("mni_rusjan", "Rusjan (MNI)", (-50, 30, 36), "Rusjan 2010"),
    MniTarget("mni_herbsman", "Herbsman (MNI)", (-46, 23, 49), "Herbsman 2009, effective site"),
)


def literature_targets(registration: HeadFrame, hemisphere: str, cortex: Cortex | None = None) -> tuple[Point, ...]:
    """Every published target of a hemisphere ('left', or mirrored 'right') in the scan's RAS mm.

    They are cortical points and estimates. With the scan's brain tissue at hand, one that lies in CSF or bone is moved
    to the nearest tissue, `numbers['moved_mm']`; further than its uncertainty it is not moved but doubted. A
    registration that fits worse than usual is told in each one's warnings; one that cannot be right has been refused
    before (`require_plausible`).
    """
    points = (_point(target, registration, hemisphere) for target in MNI_TARGETS)
    return tuple(points if cortex is None else (_on_tissue(point, cortex) for point in points))


def _point(target: MniTarget, registration: HeadFrame, hemisphere: str) -> Point:
    place = transform_points(registration.ras_from_mni, target.mni_mm(hemisphere))
    return Point(
        target.key, hemisphere, Role.PUBLISHED, place, Method.AFFINE, Place.MNI,
        estimated=True, uncertainty_mm=UNCERTAINTY_MM, warnings=_warnings(registration, hemisphere),
    )  # fmt: skip


def _on_tissue(point: Point, cortex: Cortex) -> Point:
    place, away = cortex.nearest(point.position_ras_mm)
    if away > UNCERTAINTY_MM[1]:
        label = next(target.label for target in MNI_TARGETS if target.key == point.key)
        off = doubt("published_off_brain", point.hemisphere, name=label, away=away)
        return replace(point, warnings=(*point.warnings, off))
    return replace(point, position_ras_mm=place, numbers={"moved_mm": away}) if away else point


def doubt_of_all(registration: HeadFrame) -> str:
    """What holds of all published targets in a scan, one sentence, to be said once."""
    low, high = UNCERTAINTY_MM
    return say(
        "The affine that brought them in fits {fit}; the person's own gyri may lie {low:g} to {high:g} mm away.",
        fit=fit_in_words(registration),
        low=low,
        high=high,
    )


def fit_in_words(registration: HeadFrame) -> str:
    """How well an affine fits, to follow 'fits'."""
    if np.isnan(registration.spread_mm):
        return say("as well as its result of version 1 says")
    words = say("worse than on good scans") if registration.doubtful else say("as well as on good scans")
    looks = say("two looks at it by {moved_mm:.1f} mm", moved_mm=registration.moved_mm)
    return say(
        "{words} (the brain's parts disagree by {spread_mm:.1f} mm, {looks})",
        words=words,
        spread_mm=registration.spread_mm,
        looks=looks,
    )


def _warnings(registration: HeadFrame, hemisphere: str) -> tuple[Doubt, ...]:
    if not registration.doubtful:
        return ()
    return (doubt("published_doubtful", hemisphere),)
