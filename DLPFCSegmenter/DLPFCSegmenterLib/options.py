"""What a person may choose for a plan: each choice once, with its text, default, range and unit.

The command line's arguments are made from here; tests hold the panel's limits and the table in README.md to it.
Importing this file is cheap, so that `dlpfc --help` is.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np

from .errors import UserError
from .geometry.sides import SIDES
from .networks.registry import ALL, network_choices, network_help
from .sentences import either, say
from .targeting.beam_f3 import HeadMeasures
from .targeting.fiducials import Fiducials

TARGETS = ("centroid", "nearest-scalp", "circuit")
"""How the target may be chosen in a mask."""


@dataclass(frozen=True)
class Option:
    """One choice, as the command line, the panel and the tables of the documents tell of it.

    flag     its name on the command line; '' where it has none
    text     what it means, without a full stop
    default  what holds where it is not given, in words
    values   placeholders of its values on the command line
    choices  the only values that there are, or empty for any
    kind     makes the value of one word of the command line
    bounds   least and largest value that makes sense, in `unit`, or None
    name     what a refusal calls it
    of_mask  whether it says something of the mask, not only of points and coil
    """

    flag: str
    text: str
    default: str
    values: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    kind: Callable[[str], Any] = str
    bounds: tuple[float, float] | None = None
    unit: str = ""
    name: str = ""
    of_mask: bool = False


def _choice(default: Any, *told: Any, **more: Any) -> Any:
    """A field of `PlanOptions` and what is told of it."""
    return field(default=default, metadata={"option": Option(*told, **more)})


@dataclass(frozen=True)
class CircuitChoices:
    """What a person may choose of the target by connectivity (`circuit`), which needs resting-state fMRI.

    bold           the runs; none: those that fMRIPrep wrote for the T1, found by their names
    confounds      the table of each run; none: the ones beside the runs
    bold_space     't1', 'mni', 'raw', or '' as each run's name says
    seed           'map' or 'sphere' (`circuit.seeds`)
    rule           'cluster', 'searchlight' or 'minimum' (`circuit.choice`)
    group_map      weights of the SGC's network in MNI mm, or None for the shipped ones
    mni_transform  an ITK transform from MNI space to the T1, or None: the head's own affine
    global_signal  whether the mean of the grey matter is regressed out
    """

    bold: tuple[Path, ...] = _choice(
        (), "--bold",
        say("runs of resting-state fMRI, preprocessed by fMRIPrep or raw: measures the mask's connectivity"),
        say("with `--target circuit` those that fMRIPrep wrote beside the T1"), ("FILE", "..."), kind=Path,
    )  # fmt: skip
    confounds: tuple[Path, ...] = _choice(
        (), "--confounds", say("fMRIPrep's table of each run"), say("those beside the runs"), ("FILE", "..."), kind=Path
    )
    bold_space: str = _choice(
        "", "--bold-space", say("where the runs lie"), say("as their names say"), choices=("t1", "mni", "raw")
    )
    seed: str = _choice(
        "map", "--circuit-seed",
        say("series of the subgenual cingulate: the brain weighted by a group map, or a sphere"),
        "`map`", choices=("map", "sphere"),
    )  # fmt: skip
    rule: str = _choice(
        "cluster", "--circuit-rule", say("what is chosen in the mask"), "`cluster`",
        choices=("cluster", "searchlight", "minimum"),
    )  # fmt: skip
    group_map: Path | None = _choice(
        None, "--group-map", say("map in MNI mm that is positive where the brain goes with the subgenual cingulate"),
        say("shipped"), ("FILE",), kind=Path,
    )  # fmt: skip
    mni_transform: Path | None = _choice(
        None, "--mni-transform", say("fMRIPrep's `from-MNI*_to-T1w_mode-image_xfm.h5`, or another of ITK or ANTs"),
        say("the head's own affine"), ("FILE",), kind=Path,
    )  # fmt: skip
    global_signal: bool = _choice(True, "", say("the mean of the grey matter is regressed out"), say("on"))


@dataclass(frozen=True)
class PlanOptions:
    """What a person may choose. Points are in the scan's own world space, RAS mm.

    hemispheres      ('left',), ('right',) or both
    threshold        confidence below which a slice's finding is dropped, 0..1; None: the model's own
    hotspot_ras_mm   the motor hotspot if it was measured, else None: it is estimated
    rule_mm          length of the 5-cm rule along the scalp
    target           'centroid' of the mask, its point 'nearest-scalp', or by 'circuit'
    picked_ras_mm    a target of the user's own in their place, or None
    fiducials        nasion, inion and tragi where the user placed them, else None
    tapes            three tape measures where they were taken, else None
    by_tape          the scalp entry by tape measure too (`targeting.by_tape`)
    coil_angle_deg   the coil's handle from the midline, backwards and to the side (`targeting.coil`)
    standoff_mm      distance of the coil's face from the scalp
    weights          a weights file, or None for the shipped ones
    networks         which of its networks are asked (`networks.registry`)
    channels         name -> file of each map that they see beside the T1 (`scan.channels`)
    device           'auto', 'cpu' or 'cuda'
    landmarks        False: mask and target alone
    circuit          what is asked of the fMRI
    """

    hemispheres: tuple[str, ...] = _choice(
        ("left",), "--hemisphere", say("side to plan on"), "`left`", choices=(*SIDES, "both"), of_mask=True
    )
    threshold: float | None = _choice(
        None, "--threshold", say("confidence, 0 to 1, below which a slice's finding is dropped"),
        say("the model's own"), ("X",),
        kind=float, bounds=(0.0, 1.0), name=say("threshold"), of_mask=True,
    )  # fmt: skip
    hotspot_ras_mm: tuple[float, float, float] | None = _choice(
        None, "--hotspot",
        say("measured motor hotspot: `R A S` in mm, or a file of samples or points, of several with the name"),
        say("estimated from anatomy, with its uncertainty"), ("WHERE", "..."), unit="mm", name=say("hotspot"),
    )  # fmt: skip
    rule_mm: float = _choice(
        50.0, "--rule-mm", say("length of the rule along the scalp"), "`50`", ("X",),
        kind=float, bounds=(10.0, 120.0), unit="mm", name=say("rule length"),
    )  # fmt: skip
    target: str = _choice(
        "centroid", "--target",
        say("`centroid`, `nearest-scalp`, `circuit` (needs fMRI), or a point of your own: `R A S` in mm"), "`centroid`",
        ("WHICH",), name="target",
    )  # fmt: skip
    picked_ras_mm: tuple[float, float, float] | None = _choice(
        None,
        "",
        say("a target of your own, RAS in mm"),
        say("the target that the mask gives"),
        unit="mm",
        name=say("picked target"),
    )
    fiducials: Fiducials | None = _choice(
        None, "--fiducials",
        say(
            "nasion, inion, left and right tragus in any file that `dlpfc convert` reads:"
            " adds 10-20 F3/F4 and Beam F3/F4"
        ),
        say("none"), ("FILE",), kind=Path,
    )  # fmt: skip
    tapes: HeadMeasures | None = _choice(
        None, "--tapes-cm",
        say("circumference, nasion-inion, tragus-tragus by tape: Beam F3/F4 as lengths on the head"), say("none"),
        ("X", "X", "X"), kind=float, unit="cm",
    )  # fmt: skip
    by_tape: bool = _choice(
        False, "--by-tape", say("the scalp entry as lengths by tape, from `--fiducials` or estimated ones"), say("off")
    )
    coil_angle_deg: float = _choice(
        45.0, "--coil-angle", say("coil handle from the midline, backwards and to the side; mirrored on the right"),
        "`45`", ("DEGREES",), kind=float, bounds=(-180.0, 180.0), unit="degrees", name=say("coil angle"),
    )  # fmt: skip
    standoff_mm: float = _choice(
        4.0, "--standoff-mm", say("coil face to scalp, for hair"), "`4`", ("X",),
        kind=float, bounds=(0.0, 50.0), unit="mm", name="standoff",
    )  # fmt: skip
    weights: Path | None = _choice(
        None,
        "--weights",
        say("weights other than the shipped ones"),
        say("shipped"),
        ("FILE",),
        kind=Path,
        of_mask=True,
    )
    networks: str = _choice(
        ALL, "--network", network_help(), say("`all` that the weights hold"), choices=network_choices(), of_mask=True
    )
    channels: tuple[tuple[str, str], ...] = _choice(
        (), "--channel", say("maps that the weights see beside the T1, such as `z=sub-01_z.nii.gz`, or `z=*_z.nii.gz`"),
        say("none"), ("NAME=FILE", "..."), of_mask=True,
    )  # fmt: skip
    device: str = _choice(
        "auto", "--device", say("where the network runs"), "`auto`", choices=("auto", "cpu", "cuda"), of_mask=True
    )
    landmarks: bool = _choice(
        True, "", say("landmarks on the scalp and the coil, not mask and target alone"), say("on")
    )
    circuit: CircuitChoices = CircuitChoices()

    @property
    def wants_fmri(self) -> bool:
        """Whether the mask's connectivity is to be measured."""
        return self.target == "circuit" or bool(self.circuit.bold)


DEFAULT_OPTIONS = PlanOptions()

OPTIONS: dict[str, Option] = {
    each.name: each.metadata["option"]
    for each in (*fields(PlanOptions), *fields(CircuitChoices))
    if "option" in each.metadata
}
"""Name of a field of `PlanOptions` or `CircuitChoices` -> what is told of it."""


def option(name: str) -> Option:
    """What is told of the field `name` of `PlanOptions`."""
    return OPTIONS[name]


def check_options(options: PlanOptions) -> None:
    """Raise UserError for choices that make sense on no head, or not together."""
    if options.threshold is not None and not 0 <= options.threshold <= 1:
        raise UserError(
            "The threshold is {threshold:g}; give a confidence between 0 and 1.", threshold=options.threshold
        )
    if options.hotspot_ras_mm and len(options.hemispheres) > 1:
        raise UserError("A hotspot belongs to one side of the head; plan the left and the right one after another.")
    if options.target not in TARGETS:
        raise UserError("Unknown target '{target}': use {targets}.", target=options.target, targets=either(TARGETS))
    if options.picked_ras_mm and len(options.hemispheres) > 1:
        raise UserError("A picked target belongs to one side of the head; plan the sides one after another.")
    for name in ("hotspot_ras_mm", "picked_ras_mm"):
        _check_point(option(name), getattr(options, name))
    for name in ("rule_mm", "coil_angle_deg", "standoff_mm"):
        _check_bounds(option(name), getattr(options, name))


def _check_bounds(told: Option, value: float) -> None:
    low, high = told.bounds or (-np.inf, np.inf)
    if not low <= value <= high:
        raise UserError(
            "The {name} is {value:g} {unit}; give {low:g} to {high:g} {unit}.",
            name=told.name,
            value=value,
            unit=told.unit,
            low=low,
            high=high,
        )


def _check_point(told: Option, point_ras_mm: tuple[float, float, float] | None) -> None:
    if point_ras_mm is not None and not np.all(np.isfinite(point_ras_mm)):
        numbers = ", ".join(f"{mm:g}" for mm in point_ras_mm)
        raise UserError(
            "The {name} ({numbers}) is no point; give three numbers, RAS mm of the scan.",
            name=told.name,
            numbers=numbers,
        )
