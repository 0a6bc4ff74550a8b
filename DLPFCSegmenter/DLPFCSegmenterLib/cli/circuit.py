"""The command `dlpfc circuit`: connectivity of the mask alone, on a scan or on a folder that `dlpfc plan` wrote."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UserError
from ..progress import TerminalProgress
from ..sentences import say, tell, tr
from .options import FRAME, OVERWRITE, Commands, add_option, add_plan_options, plan_options

if TYPE_CHECKING:
    from ..plan import Plan


def add_circuit(commands: Commands) -> None:
    """Add `dlpfc circuit` to the commands."""
    circuit = commands.add_parser(
        "circuit", help=tr("connectivity of the DLPFC with the subgenual cingulate: map and table")
    )
    circuit.add_argument(
        "t1", type=Path, help=tr("a T1 scan, or a folder that `dlpfc plan` wrote, whose masks are taken")
    )
    circuit.add_argument("--output", type=Path, required=True, help=tr("folder for map, table and pictures"))
    add_plan_options(circuit)
    for told in (FRAME, OVERWRITE):
        add_option(circuit, told)
    circuit.set_defaults(run=_run_circuit)


def _run_circuit(arguments: argparse.Namespace) -> int:
    from ..export.circuit_files import CIRCUIT_FILES, write_circuit
    from ..files import told_to_the_user, write_whole
    from ..words import circuit_in_words, circuit_settings, side_warnings

    folder = arguments.output
    present = [name for name in CIRCUIT_FILES if (folder / name).exists()]
    if present and not arguments.overwrite:
        raise UserError(
            "{folder}: holds results already ({present}); choose another folder or overwrite.",
            folder=folder,
            present=", ".join(present),
        )
    plan = _planned(arguments)
    if plan.circuit is None:
        raise UserError(
            "{t1}: no {region} was found in it, so there is nothing to correlate.",
            t1=arguments.t1,
            region=plan.model.region,
        )
    with told_to_the_user(folder), write_whole(folder, stale=CIRCUIT_FILES) as fresh:
        write_circuit(plan, fresh)
    warnings = (say("warning: {text}", text=each) for each in plan.circuit.warnings)
    for sentence in (*circuit_settings(plan.circuit), *warnings):
        print(tell(sentence))
    for name, side in plan.sides.items():
        if side.circuit is not None:
            print(tr("{side}: {told}", side=say(name), told=circuit_in_words(side.circuit)))
            told = (tr("warning: {text}", text=each) for each in side_warnings(side) if each in side.circuit.warnings)
            print(*(f"  {each}" for each in told), sep="\n")
    print(tr("Results in {folder} (research use only)", folder=folder))
    return 0


def _planned(arguments: argparse.Namespace) -> "Plan":
    """A plan with its connectivity: of a folder with the masks that are in it, else made anew."""
    from ..export.result_folder import read_findings, read_plan, read_scan_of
    from ..plan import Kept, circuit_in, make_plan
    from ..scan.readers import read_volume

    options = plan_options(arguments)
    if not (arguments.t1 / "result.json").exists():
        options = replace(options, target="circuit")
        return make_plan(read_volume(arguments.t1, arguments.frame), options, TerminalProgress())
    scan = read_scan_of(arguments.t1, read_findings(arguments.t1))
    if scan is None:
        raise UserError(
            "{t1}: the scan that it was planned on is no longer there; plan again with --bold.", t1=arguments.t1
        )
    plan = read_plan(arguments.t1, scan)
    regions = {name: side.region for name, side in plan.sides.items()}
    kept = Kept()
    circuit, sides = circuit_in(kept.head_scan(scan), kept.head(scan), regions, options.circuit, TerminalProgress())
    found = {name: replace(side, circuit=sides[name]) for name, side in plan.sides.items()}
    return replace(plan, circuit=circuit, sides=found)
