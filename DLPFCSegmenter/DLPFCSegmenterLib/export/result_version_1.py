"""`result.json` of version 1.0, which held no record of the plan: a `Plan` put together from its fields."""

import re
from typing import Any

import numpy as np

from ..doubts import Doubt
from ..geometry.sides import SIDES
from ..options import PlanOptions
from ..plan import HemispherePlan, ModelInfo, Plan
from ..scan.head_frame import HeadFrame
from ..scan.origin import Origin
from ..scan.volume import Volume
from ..segmentation.region import Agreement, Region, SliceScore
from ..targeting.beam_f3 import BeamSite, HeadMeasures
from ..targeting.coil import ScalpEntry
from ..targeting.point import FIVE_CM, HOTSPOT, TARGET, Method, Place, Point, Role
from ..targeting.target import Target
from ..words import TARGETS

_NUMBERS = {
    "moved_mm": r"moved (\S+) mm",
    "x_cm": r"X (\S+) cm",
    "y_cm": r"Y (\S+) cm",
    "nasion_inion_cm": r"nasion-inion (\S+),",
    "tragus_tragus_cm": r"tragus-tragus (\S+),",
    "circumference_cm": r"circumference (\S+) cm;",
}
"""Name of a number -> how it stands in the sentence of a point, the one place where version 1.0 had it."""

_LEAST_SIMILARITY = 0.42


def plan_of_version_1(fields: dict[str, Any]) -> Plan:
    """The plan, with empty masks and no voxels. Raises KeyError, TypeError or ValueError for a damaged file."""
    held = fields["volume"]
    nothing = np.broadcast_to(np.zeros((), bool), tuple(held["shape"])[::-1])
    volume = Volume(nothing, np.array(held["ijk_to_ras"], float), Origin(held["path"]))
    sides = [fields[name] for name in SIDES if name in fields] or [fields]
    return Plan(
        volume,
        ModelInfo(**fields["model"]),
        _options(fields["options"], sides),
        {side["hemisphere"]: _side(volume, side, fields["options"]) for side in sides if side["detected"]},
        {side["hemisphere"]: side["reason"] for side in sides if not side["detected"]},
        fields["timing_s"],
        tuple(map(Doubt, fields["warnings"])),
        registration=_registration(fields.get("registration")),
        fiducials=tuple(
            Point(key, "", Role.FIDUCIAL, np.array(mark["position_ras_mm"]), Method.ON_SCALP, numbers=_numbers(mark))
            for key, mark in fields.get("fiducials", {}).items()
        ),
    )


def _registration(held: dict[str, Any] | None) -> HeadFrame | None:
    """It told a similarity in place of a spread; below the least nothing was placed by it."""
    if not held or held["similarity"] < _LEAST_SIMILARITY:
        return None
    return HeadFrame(np.array(held["ras_from_mni"]), float("nan"))


def _options(held: dict[str, Any], sides: list[dict]) -> PlanOptions:
    hotspot, tapes, is_picked = held["hotspot_ras_mm"], held["tapes"], held["target"] == "picked"
    return PlanOptions(
        hemispheres=tuple(side["hemisphere"] for side in sides),
        threshold=held["threshold"],
        rule_mm=held["rule_mm"],
        hotspot_ras_mm=hotspot and tuple(hotspot),
        coil_angle_deg=held["coil_angle_deg"],
        standoff_mm=held["standoff_mm"],
        target="centroid" if is_picked else held["target"],
        picked_ras_mm=tuple(sides[0]["target_ras_mm"]) if is_picked and sides[0]["detected"] else None,
        tapes=tapes and HeadMeasures(**tapes),
        networks=held["networks"],
    )


def _side(volume: Volume, side: dict[str, Any], options: dict[str, Any]) -> HemispherePlan:
    hemisphere, entry, coil = side["hemisphere"], side["scalp_entry"], side["coil"]
    return HemispherePlan(
        _region(volume, side),
        _target(side),
        tuple(_landmark(side, key, words, options) for key, words in side["landmarks"].items()),
        side["distances_mm"],
        warnings=tuple(map(Doubt, side["warnings"])),
        entry=entry and _entry(entry),
        coil_pose_ras_mm=None if coil is None else np.array(coil["pose_ras_mm"]),
        literature=tuple(
            _point(key, hemisphere, Role.PUBLISHED, side["literature_ras_mm"][key], Method.AFFINE, words)
            for key, words in side["literature"].items()
        ),
        tape_sites={name: BeamSite(site["x"], site["y"]) for name, site in side["beam_f3_by_tape_cm"].items()},
    )


def _entry(held: dict[str, Any]) -> ScalpEntry:
    place, normal = np.array(held["position_ras_mm"]), np.array(held["normal_ras"])
    return ScalpEntry(place, normal, held["depth_mm"], held["along_normal_mm"])


def _region(volume: Volume, side: dict[str, Any]) -> Region:
    nothing, doubt = volume.array_kji, side["uncertainty"]
    names = ("spread_mm", "expected_mm", "reliable", "doubtful_share")
    return Region(
        volume, side["hemisphere"], nothing, nothing, side["score"],
        tuple(SliceScore(**each) for each in side["slices"]),
        agreement=doubt and Agreement(*(doubt[name] for name in names)),
    )  # fmt: skip


def _target(side: dict[str, Any]) -> Target:
    method = {words: method for method, words in TARGETS.items()}[side["target_method"]]
    point = Point(TARGET, side["hemisphere"], Role.TARGET, np.array(side["target_ras_mm"]), method)
    return Target(point, np.array(side["centroid_ras_mm"]), side["centroid_inside_mask"])


def _landmark(side: dict[str, Any], key: str, words: dict[str, Any], options: dict[str, Any]) -> Point:
    role, method = {
        HOTSPOT: (Role.HOTSPOT, Method.ESTIMATED if words["estimated"] else Method.GIVEN),
        FIVE_CM: (Role.RULE, Method.RULE),
        "f3": (Role.MEASURED, Method.TEN_TWENTY),
        "f4": (Role.MEASURED, Method.TEN_TWENTY),
    }.get(key, (Role.MEASURED, Method.BEAM))
    numbers = {"length_mm": float(options["rule_mm"])} if key == FIVE_CM else _numbers(words)
    place = side["landmarks_ras_mm"][key]
    return _point(key, side["hemisphere"], role, place, method, words, numbers)


def _point(
    key: str,
    hemisphere: str,
    role: Role,
    place: list[float],
    method: Method,
    words: dict[str, Any],
    numbers: dict[str, float] | None = None,
) -> Point:
    doubt, given_in = words["uncertainty_mm"], Place.MNI if method is Method.AFFINE else Place.SCAN
    return Point(
        key, hemisphere, role, np.array(place), method, given_in, words["estimated"], doubt and tuple(doubt),
        numbers or {}, tuple(map(Doubt, words["warnings"])),
    )  # fmt: skip


def _numbers(words: dict[str, Any]) -> dict[str, float]:
    found = {name: re.search(pattern, words["method"]) for name, pattern in _NUMBERS.items()}
    return {name: float(match[1]) for name, match in found.items() if match}
