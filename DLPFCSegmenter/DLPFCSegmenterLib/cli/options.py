"""The options of a plan as arguments of the command line, and the way back."""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from ..doubts import Doubt
from ..errors import UserError
from ..geometry.sides import SIDES
from ..options import OPTIONS, CircuitChoices, Option, PlanOptions, check_options
from ..sentences import place_in_words, say, tr
from ..targeting.beam_f3 import HeadMeasures

if TYPE_CHECKING:
    from ..scan.volume import Volume

Commands: TypeAlias = "argparse._SubParsersAction[Any]"
"""Where a command adds itself."""

REPORT = Option("--report", say("also `report.html`, to print"), say("off"))
FRAME = Option("--frame", say("frame of a 4-D file, from 0"), say("needed where there are several"), ("N",), kind=int)
ANONYMOUS = Option(
    "--anonymous",
    say("leave out of every file whose scan it is: names, paths, dates of the person; when it was made stays"),
    say("off"),
)
OVERWRITE = Option("--overwrite", say("replace the results in `DIR`"), say("refuse"))


def add_plan_options(parser: argparse.ArgumentParser, of_mask_alone: bool = False) -> None:
    """Add an argument for every choice of `PlanOptions`, or for those alone that a mask depends on."""
    for name, told in OPTIONS.items():
        if told.flag and (told.of_mask or not of_mask_alone):
            add_option(parser, told, name)


def add_run_options(
    parser: argparse.ArgumentParser, overwrite: Option = OVERWRITE, of_mask_alone: bool = False
) -> None:
    """Add all that `dlpfc plan` and `dlpfc batch` take: the choices of a plan, and what is written of it."""
    add_plan_options(parser, of_mask_alone)
    for told in (*(() if of_mask_alone else (REPORT,)), ANONYMOUS, FRAME, overwrite):
        add_option(parser, told)


def add_option(parser: argparse.ArgumentParser, told: Option, name: str | None = None) -> None:
    """Add one option as an argument called `name`; where it is not given its value is None, or False for a switch."""
    words = tr("{text} (default: {default})", text=told.text, default=told.default).replace("`", "").replace("%", "%%")
    form = {"dest": name, **_form(told)} if name else _form(told)
    parser.add_argument(told.flag, help=words, **form)


def _form(told: Option) -> dict[str, Any]:
    """What argparse is told of the option's values."""
    if told.choices:
        return {"choices": told.choices}
    if told.values == ("WHICH",) or told.values[1:] == ("...",):
        return {"nargs": "+", "metavar": told.values[0], "type": told.kind}
    if len(told.values) > 1:
        return {"nargs": len(told.values), "type": told.kind, "metavar": told.values}
    return {"type": told.kind, "metavar": told.values[0]} if told.values else {"action": "store_true"}


def plan_options(arguments: argparse.Namespace) -> PlanOptions:
    """What was chosen on the command line, but for points in files, which are read with their scan (`with_files`).

    Raises UserError for choices that make sense on no head.
    """
    given = {name: value for name, value in vars(arguments).items() if name in OPTIONS and value is not None}
    given.pop("fiducials", None)
    fields: dict[str, Any] = {}
    for name, value in given.items():
        fields |= _READ[name](value) if name in _READ else {name: value}
    of_circuit = {name: fields.pop(name) for name in fields.keys() & CircuitChoices.__annotations__.keys()}
    options = PlanOptions(**fields, circuit=CircuitChoices(**of_circuit))
    check_options(options)
    return options


def with_files(
    options: PlanOptions, arguments: argparse.Namespace, scan: "Volume | None"
) -> tuple[PlanOptions, tuple[Doubt, ...]]:
    """The options with the points of the files that were named, if any were, and what those files warn of beyond them.

    Raises UserError as the readers do.
    """
    doubts: tuple[Doubt, ...] = ()
    hotspot = getattr(arguments, "hotspot_ras_mm", None)
    if hotspot and _numbers("--hotspot", hotspot) is None:
        place, doubts = _read_hotspot(Path(hotspot[0]), " ".join(hotspot[1:]), scan)
        options = replace(options, hotspot_ras_mm=place)
    if not getattr(arguments, "fiducials", None):
        return options, doubts
    from ..export.reading import read_fiducials

    return replace(options, fiducials=read_fiducials(arguments.fiducials, scan)), doubts


def _read_hotspot(path: Path, name: str, scan: "Volume | None") -> tuple[tuple[float, float, float], tuple[Doubt, ...]]:
    """Where a file has the hotspot, RAS mm, which is said, and what is doubtful of it."""
    from ..export.reading import read_hotspot, said_of
    from ..export.targets import RESPONSE_UV

    if scan is None:
        raise UserError("{path}: holds the hotspot of one person; plan on that scan alone.", path=path)
    found = read_hotspot(path, name, scan)
    right, anterior, superior = map(float, found.position_ras_mm)
    response = found.numbers.get(RESPONSE_UV)
    told = "" if response is None else tr(", response {response:g} microvolts", response=response)
    place = place_in_words(found.position_ras_mm)
    print(tr("hotspot: '{label}' of {path}, at {place} of the scan", label=found.label, path=path, place=place) + told)
    doubts = tuple(Doubt(said_of(path, text), "hotspot_file") for text in found.warnings)
    return (right, anterior, superior), doubts


def _numbers(flag: str, words: list[str]) -> tuple[float, float, float] | None:
    """Three numbers, or None for words that are none. Raises UserError for another count of numbers."""
    try:
        numbers = [float(word) for word in words]
    except ValueError:
        return None
    if len(numbers) != 3:
        raise UserError("{flag} {words}: give three numbers R A S in mm.", flag=flag, words=" ".join(words))
    return numbers[0], numbers[1], numbers[2]


def _target_choice(words: list[str]) -> dict[str, Any]:
    if len(words) == 1:
        return {"target": words[0]}
    numbers = _numbers("--target", words) if len(words) == 3 else None
    if numbers is None:
        raise UserError(
            "--target {words}: give 'centroid', 'nearest-scalp', 'circuit' or three numbers R A S in mm.",
            words=" ".join(words),
        )
    return {"picked_ras_mm": numbers}


def _channels(words: list[str]) -> tuple[tuple[str, str], ...]:
    from ..scan.channels import named_channels

    return named_channels(words)


_READ: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "hemispheres": lambda side: {"hemispheres": SIDES if side == "both" else (side,)},
    "hotspot_ras_mm": lambda words: {"hotspot_ras_mm": _numbers("--hotspot", words)},
    "target": _target_choice,
    "tapes": lambda lengths_cm: {"tapes": HeadMeasures(*lengths_cm)},
    "channels": lambda words: {"channels": _channels(words)},
    "bold": lambda files: {"bold": tuple(files)},
    "confounds": lambda files: {"confounds": tuple(files)},
}
"""Name of an option -> the fields of `PlanOptions` that its words stand for, where they are no field as they are."""
