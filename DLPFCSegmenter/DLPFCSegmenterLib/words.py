"""Everything that is said of a plan and its points in words: for files, pictures, the page and the panel."""

from pathlib import PurePath
from typing import TYPE_CHECKING

import numpy as np

from .doubts import Doubt, is_note
from .sentences import Sentence, Texts, joined, place_in_words, say
from .targeting.beam_f3 import ADJUSTED_SOURCE, UPDATED_SOURCE, WEB_SOURCE
from .targeting.fiducials import ESTIMATED_MM
from .targeting.mni_targets import MNI_TARGETS
from .targeting.point import FIVE_CM, Method, Point, Role

if TYPE_CHECKING:
    from .circuit.circuit import Circuit, CircuitSide
    from .circuit.cleaning import RunQuality
    from .plan import HemispherePlan, Plan
    from .targeting.by_tape import ByTape

MANNERS: Texts = {
    "": "straight line",
    "_axial": "in the axial plane",
    "_along_scalp": "along the scalp",
    "_from_cortex": "from its cortical projection",
}
"""Ends of the names of distances to the target, in words."""

_LABELS: Texts = {
    "target": "Target",
    "hotspot": "Motor hotspot",
    "nasion": "Nasion",
    "inion": "Inion",
    "left_tragus": "Left tragus",
    "right_tragus": "Right tragus",
    "f3": "F3 (10-20)",
    "f4": "F4 (10-20)",
    "beam_f3": "Beam F3",
    "beam_f4": "Beam F4",
    "beam_f3_adjusted": "Beam F3, adjusted",
    "beam_f4_adjusted": "Beam F4, adjusted",
    "beam_2022_anterior": "Beam 2022, anterior",
    "beam_2022_posterior": "Beam 2022, posterior",
} | {target.key: target.label for target in MNI_TARGETS}
"""Key of a point -> what it is called; the 5-cm landmark is named after its length."""

_SOURCES = {
    "beam_f3": WEB_SOURCE,
    "beam_f4": WEB_SOURCE,
    "beam_f3_adjusted": ADJUSTED_SOURCE,
    "beam_f4_adjusted": ADJUSTED_SOURCE,
    "beam_2022_anterior": UPDATED_SOURCE,
    "beam_2022_posterior": UPDATED_SOURCE,
}

_STRAIGHT_DEG = 0.5

TARGETS: Texts = {
    Method.CENTROID: "centroid of the mask",
    Method.NEAREST_CENTROID: "mask voxel nearest to the centroid",
    Method.NEAREST_SCALP: "mask voxel nearest to the scalp",
    Method.CIRCUIT: "by connectivity: goes most against the subgenual cingulate in resting-state fMRI",
    Method.PICKED: "picked by the user",
    Method.MOVED: "Moved by hand",
}
"""How a target was chosen."""

_SENTENCES: Texts = {
    Method.ESTIMATED: (
        "Estimated: scalp point nearest to the hand area of the primary motor cortex, MNI (-37, -21, 58) or "
        "mirrored, brought in by an affine registration; a hotspot measured by stimulation is better."
    ),
    Method.GIVEN: "Given by the user.",
    Method.PLACED: "Placed by hand.",
    Method.MOVED: "Moved by hand.",
    Method.ON_SCALP: "Given by the user; moved {moved_mm:.1f} mm to the nearest point of the scalp.",
    Method.RULE: (
        "{length_cm:g} cm in front of the motor hotspot along the scalp in the parasagittal plane, "
        "hollows bridged as by a tape (5-cm rule; its limits: Herwig 2001, 10.1016/S0006-3223(01)01153-2).{doubt}"
    ),
    Method.TEN_TWENTY: (
        "10-20 system: {name} at a quarter of the arc F7-Fz-F8, measured along the scalp from nasion, inion and "
        "both tragi as by a tape (Klem 1999, PMID 10590970)."
    ),
    Method.BEAM: (
        "X {x_cm:.2f} cm along the circumference from Fpz to the {hemisphere}, Y {y_cm:.2f} cm from "
        "the vertex towards it, from tapes laid on the scalp in the scan (nasion-inion {nasion_inion_cm:.1f}, "
        "tragus-tragus {tragus_tragus_cm:.1f}, circumference {circumference_cm:.1f} cm; {source})."
    ),
    Method.AFFINE: "MNI ({x:g}, {y:g}, {z:g}){side} of {source}, brought in by an affine registration.{moved}",
}
"""How a point was found that is no target."""


def name_of(point: Point) -> str:
    """What a point is called, however it came to where it is."""
    if point.key == FIVE_CM:
        return say("{length_cm:g}-cm landmark", length_cm=point.numbers.get("length_mm", 50.0) / 10)
    return say(_LABELS[point.key])


def label_of(point: Point) -> str:
    """What the user reads beside a point."""
    if point.role is Role.TARGET or (point.role is Role.PUBLISHED and point.estimated):
        return name_of(point)
    if point.estimated:
        return say("{name} (estimated)", name=name_of(point))
    return say("{name} (moved by hand)", name=name_of(point)) if point.method is Method.MOVED else name_of(point)


def method_of(point: Point) -> str:
    """How a point was found, and by whose rule: a sentence, of a target a phrase."""
    if point.role is Role.TARGET:
        return say(TARGETS[point.method])
    return say(_SENTENCES[point.method], **_words_of(point))


def _words_of(point: Point) -> dict[str, float | str]:
    """What stands in the places of a point's sentence."""
    words: dict[str, float | str] = {"hemisphere": say(point.hemisphere), "name": point.key.upper(), **point.numbers}
    words["source"] = _SOURCES.get(point.key, "")
    words["length_cm"] = point.numbers.get("length_mm", 0.0) / 10
    words["doubt"] = say(" Measured from an estimated hotspot.") if point.estimated else ""
    moved_mm = point.numbers.get("moved_mm", 0.0)
    moved = say(" It fell outside brain tissue and was moved {moved_mm:.1f} mm to the nearest.", moved_mm=moved_mm)
    words["moved"] = moved if moved_mm else ""
    words["side"] = "" if point.hemisphere == "left" else say(", mirrored,")
    for target in MNI_TARGETS:
        if target.key == point.key:
            x, y, z = target.mni_mm(point.hemisphere)
            words |= {"x": x, "y": y, "z": z, "source": target.source}
    return words


def description_of(point: Point) -> str:
    """`method_of`, with the likely error where the point was only estimated."""
    if not point.estimated:
        return method_of(point)
    if point.uncertainty_mm is None:
        return say("ESTIMATED: {method}", method=method_of(point))
    low, high = point.uncertainty_mm
    return say("ESTIMATED, off by {low:g}-{high:g} mm: {method}", low=low, high=high, method=method_of(point))


def doubt_in_words(point: Point) -> str:
    """'±15-20 mm' where the likely error is known, else nothing."""
    return "±{:g}-{:g} mm".format(*point.uncertainty_mm) if point.uncertainty_mm else ""


def handle_in_words(angle_deg: float) -> str:
    """Where the coil's handle points, by its angle from the midline."""
    off = abs(angle_deg)
    if off < _STRAIGHT_DEG:
        return say("straight back along the midline")
    to = say("out to the side") if angle_deg > 0 else say("in across the midline")
    if off > 180.0 - _STRAIGHT_DEG:
        return say("straight forward along the midline")
    return (
        say("{off:g} degrees from the midline, back and {to}", off=off, to=to)
        if off <= 90
        else (say("{off:g} degrees from the midline, forward and {to}", off=180.0 - off, to=to))
    )


def tape_lines(hemisphere: str, taped: "ByTape", angle_deg: float) -> list[tuple[str, str]]:
    """How the scalp entry is found by tape: what to do, and how far off the coil lies with that tape 5 mm wrong."""
    level = (
        ""
        if taped.at_nasion_mm is None
        else say(" ({at_nasion_cm:.1f} cm at the nasion's height)", at_nasion_cm=taped.at_nasion_mm / 10)
    )
    lines = [
        (
            say(
                "X {length_cm:.1f} cm around the head from the midline to the {hemisphere}, at the height of Fpz,"
                " {height_cm:.1f} cm above the nasion{level}; mark it",
                length_cm=taped.around.length_mm / 10,
                hemisphere=say(hemisphere),
                height_cm=taped.nasion_inion_mm / 100,
                level=level,
            ),
            taped.around,
        ),
        (
            say("Y {length_cm:.1f} cm from the vertex towards that mark", length_cm=taped.from_vertex.length_mm / 10),
            taped.from_vertex,
        ),
        (
            say(
                "or: {length_cm:.1f} cm from the nasion along the midline, {share:.1%} of nasion to inion; mark it",
                length_cm=taped.from_nasion.length_mm / 10,
                share=taped.from_nasion.length_mm / taped.nasion_inion_mm,
            ),
            taped.from_nasion,
        ),
        (
            say(
                "then {length_cm:.1f} cm from the left tragus over that mark, {share:.1%} of the way to the"
                " right tragus",
                length_cm=taped.from_tragus.length_mm / 10,
                share=taped.from_tragus.length_mm / taped.tragus_tragus_mm,
            ),
            taped.from_tragus,
        ),
    ]
    told: list[tuple[str, str]] = [(text, f"{length.off_mm:.0f} mm") for text, length in lines]
    if taped.handle_deg is None:
        return told
    way = say("clockwise") if taped.handle_deg > 0 else say("anticlockwise")
    turn = say(
        "; from the tape back to the vertex turn it {handle_deg:.0f} degrees {way}, seen from outside",
        handle_deg=abs(taped.handle_deg),
        way=way,
    )
    return [*told, (say("Handle {way}{turn}", way=handle_in_words(angle_deg), turn=turn), "")]


def tape_sentences(hemisphere: str, taped: "ByTape", angle_deg: float) -> list[str]:
    """The lines of `tape_lines`, each with its doubt."""
    from .targeting.by_tape import WRONG_MM

    return [
        say(
            "{text} (with that tape {wrong_mm:g} mm wrong the coil is off by {off})",
            text=text,
            wrong_mm=WRONG_MM,
            off=off,
        )
        if off
        else text
        for text, off in tape_lines(hemisphere, taped, angle_deg)
    ]


def fiducials_in_words(taped: "ByTape") -> str:
    """Whose nasion, inion and tragi the tapes start from."""
    if not taped.estimated:
        return say("From nasion, inion and tragi as they were placed.")
    low, high = ESTIMATED_MM
    return say(
        "ESTIMATED nasion, inion and tragi, off by {low:g}-{high:g} mm: find them on the person by touch,"
        " or place them in the scan, for lengths of the person's own.",
        low=low,
        high=high,
    )


def all_warnings(plan: "Plan") -> list[str]:
    """Sides that were not found and then every warning of the plan, each once."""
    missing = [
        say("{side}: {reason}", side=say(name.capitalize()), reason=reason) for name, reason in plan.not_found.items()
    ]
    of_sides = (warning for side in plan.sides.values() for warning in side_warnings(side))
    of_head = (warning for point in plan.fiducials for warning in point.warnings)
    return list(dict.fromkeys((*missing, *plan.volume.warnings, *plan.warnings, *of_head, *of_sides)))


def of_side(warning: str, sides: int) -> str:
    """A warning of one of so many sides; of more than one it is named."""
    side = getattr(warning, "hemisphere", "") if sides > 1 else ""
    return say("{side}: {told}", side=say(side.capitalize()), told=warning) if side else warning


def doubt_line(warning: str) -> Sentence:
    """A doubt as the terminal shows it: whether it warns, or only tells how the plan came about."""
    return say("note: {text}", text=warning) if is_note(warning) else say("warning: {text}", text=warning)


def side_warnings(side: "HemispherePlan") -> tuple[Doubt, ...]:
    """Every warning of one side, of its mask and its landmarks too, each once."""
    of_landmarks = tuple(warning for landmark in side.landmarks for warning in landmark.warnings)
    return tuple(dict.fromkeys(side.region.warnings + side.warnings + of_landmarks))


def scan_name(plan: "Plan") -> str:
    """The last part of what the scan is known by: its file, folder or node name."""
    return PurePath(plan.volume.source).name or plan.volume.source


def circuit_in_words(circuit: "CircuitSide") -> str:
    """What resting-state fMRI says of a side, and how far that may be trusted."""
    if not circuit.targets or circuit.trust is None:
        return say("Connectivity: nothing in the mask goes against the subgenual cingulate.")
    trust, best = circuit.trust, circuit.targets[0]
    said = [f"z {best.z:.2f}", say("90 % of random blocks within {radius_mm:.1f} mm", radius_mm=trust.radius_mm)]
    said += [] if trust.halves_mm is None else [say("halves {halves_mm:.1f} mm apart", halves_mm=trust.halves_mm)]
    said += [] if trust.runs_mm is None else [say("runs up to {runs_mm:.1f} mm apart", runs_mm=trust.runs_mm)]
    sure = say("reliable") if circuit.reliable else say("NOT reliable")
    return say(
        "Connectivity puts the target at {place}, {sure}: {said}.",
        place=place_in_words(best.position_ras_mm),
        sure=sure,
        said=joined(", ", said),
    )


def circuit_places(side: "HemispherePlan") -> list[tuple[str, np.ndarray, float | None]]:
    """The targets that fMRI puts forward, the centroid and the published sites: name, RAS mm, z with the SGC."""
    if side.circuit is None:
        return []
    ranked = [
        (say("Circuit {rank}", rank=rank), each.position_ras_mm, each.z)
        for rank, each in enumerate(side.circuit.targets, 1)
    ]
    z = side.circuit.sites_z
    published = [(name_of(point), point.position_ras_mm, z.get(point.key)) for point in side.literature]
    return [*ranked, (say("Centroid"), side.target.centroid_ras_mm, z.get("centroid")), *published]


def circuit_settings(circuit: "Circuit") -> list[str]:
    """The runs and how they were looked at, a sentence each."""
    choices = circuit.choices
    group_map = choices.group_map or say("shipped")
    seed = (
        say("sphere at MNI (6, 16, -10)")
        if choices.seed == "sphere"
        else say("group map ({group_map})", group_map=group_map)
    )
    signal = say("with") if choices.global_signal else say("without")
    how = say(
        "Seed: {seed}, {seed_places} places. Choice: {rule}. Cleaned {signal} global signal.",
        seed=seed,
        seed_places=circuit.seed_places,
        rule=choices.rule,
        signal=signal,
    )
    return [how, *(_run_in_words(run) for run in circuit.runs)]


def _run_in_words(run: "RunQuality") -> str:
    whole = run.volumes * run.tr_s / 60
    return say(
        "{name}: {minutes:.1f} minutes clean of {whole:.1f} (TR {tr_s:g} s), mean FD {framewise_mm:.2f}"
        " mm, tSNR {tsnr_sgc:.0f} at the SGC and {tsnr_mask:.0f} in the mask, {lost_sgc:.0%} of the SGC"
        " lost.",
        name=PurePath(run.path).name,
        minutes=run.minutes,
        whole=whole,
        tr_s=run.tr_s,
        framewise_mm=run.framewise_mm,
        tsnr_sgc=run.tsnr_sgc,
        tsnr_mask=run.tsnr_mask,
        lost_sgc=run.lost_sgc,
    )
