"""The command `dlpfc`: arguments to calls, errors to exit codes.

Exit codes: 0 done; 1 some scan of a batch failed, or of an evaluation was not judged; 2 bad arguments or input, with
one line that says what and what to do; 3 no DLPFC was found; 4 a fault of the program, with one line that names its
log; 130, 143 and 129 it was stopped by Ctrl+C, by SIGTERM, or as its terminal was closed.
"""

import argparse
import io
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

from .. import __version__
from ..errors import NotFoundError, UserError, fault, is_out_of_memory
from ..progress import TerminalProgress
from ..sentences import Texts, joined, language_of_system, place_in_words, say, speak, tell, tr
from .annotations import add_annotations
from .batch import add_batch
from .circuit import add_circuit
from .export import add_convert, add_export
from .guide import add_guide
from .options import Commands, add_run_options, plan_options, with_files
from .training import add_training

if TYPE_CHECKING:
    from ..plan import Plan

EXIT_USER_ERROR = 2
EXIT_NOT_FOUND = 3
EXIT_FAULT = 4
EXIT_BY_SIGNAL = 128
"""Beside the number of the signal."""


class _OneLineParser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one line instead of the whole usage."""

    def error(self, message: str) -> NoReturn:
        """End with the message in one line (argparse calls this)."""
        told = tr("{command}: {message} (see {command} --help)", command=self.prog, message=message)
        self.exit(EXIT_USER_ERROR, f"{told}\n")


_WORDS_OF_ARGPARSE: Texts = {
    "usage": "usage: ",
    "positional": "positional arguments",
    "options": "options",
    "help": "show this help message and exit",
    "version": "show program's version number and exit",
    "argument": "argument %(argument_name)s: %(message)s",
    "required": "the following arguments are required: %s",
    "unknown": "unrecognized arguments: %s",
    "one": "expected one argument",
    "at least one": "expected at least one argument",
    "number": "expected %s arguments",
    "choice": "invalid choice: %(value)r (choose from %(choices)s)",
    "value": "invalid %(type)s value: %(value)r",
    "together": "not allowed with argument %s",
    "one of": "one of the arguments %s is required",
    "too many": "ignored explicit argument %r",
    "short": "ambiguous option: %(option)s could match %(matches)s",
}
"""What argparse itself says, by its sources; what it says rarely stays English."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    with _streams_that_hold():
        words = _in_its_language(sys.argv[1:] if arguments is None else arguments)
        options = _parser().parse_args(words)
        try:
            with _terminated_like_an_interrupt():
                return options.run(options)
        except NotFoundError as error:
            return _fail(str(error), EXIT_NOT_FOUND)
        except UserError as error:
            return _fail(str(error), EXIT_USER_ERROR)
        except OSError as error:
            if error.strerror is None or is_out_of_memory(error):
                return _fail_unforeseen(options, error)
            return _fail(
                tr("{file}: {reason}.", file=error.filename or say("a file"), reason=error.strerror), EXIT_USER_ERROR
            )
        except KeyboardInterrupt as interrupt:
            print(tr("dlpfc: stopped."), file=sys.stderr)
            return EXIT_BY_SIGNAL + (interrupt.args[0] if isinstance(interrupt, _Terminated) else signal.SIGINT)
        except Exception as error:
            return _fail_unforeseen(options, error)


def _in_its_language(words: Sequence[str]) -> list[str]:
    """The arguments without --language, wherever that stands, and all that follows told in that language."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--language", nargs="?")
    found, others = parser.parse_known_args(words)
    speak(found.language or language_of_system())
    vars(argparse).update(_=tr, ngettext=lambda one, many, number: tr(one if number == 1 else many))
    return others


class _Terminated(KeyboardInterrupt):
    """The system or a scheduler asked the command to end, or its terminal was closed; holds the signal's number."""


@contextmanager
def _terminated_like_an_interrupt() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the command as Ctrl+C does, so that nothing half written stays.

    One that whoever started the command has it ignore, as `nohup` does, stays ignored.
    """

    def stop(number: int, frame: object) -> None:
        """Called by the system."""
        raise _Terminated(number)

    before = {}
    for asked in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        with suppress(ValueError):  # only a process's main thread may ask for signals
            if signal.getsignal(asked) not in (signal.SIG_IGN, stop):
                before[asked] = signal.signal(asked, stop)
    try:
        yield
    finally:
        for asked, handler in before.items():
            signal.signal(asked, handler)


def _fail(sentence: str, code: int) -> int:
    print(f"dlpfc: {tell(sentence)}", file=sys.stderr)
    return code


def _fail_unforeseen(options: argparse.Namespace, error: Exception) -> int:
    """What was being done to which file, and that it is no fault of whoever did it."""
    named = next((str(value) for value in vars(options).values() if isinstance(value, Path)), "")
    sentence = fault(" ".join(filter(None, (options.command, named))), error)
    return _fail(sentence, EXIT_USER_ERROR if is_out_of_memory(error) else EXIT_FAULT)


class _Held(io.TextIOBase):
    """A stream of text that takes any character, and goes quiet when nobody reads it any more: the work goes on."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The stream's own."""
        return self._stream.encoding or "utf-8"

    def write(self, text: str) -> int:
        """Write what the stream's encoding has, and codes for the rest."""
        with self._quiet_when_broken():
            self._stream.write(text.encode(self.encoding, "backslashreplace").decode(self.encoding))
        return len(text)

    def flush(self) -> None:
        """Flush the stream."""
        with self._quiet_when_broken():
            self._stream.flush()

    def isatty(self) -> bool:
        """Whether a person looks at it."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """The stream's own."""
        return self._stream.fileno()

    @contextmanager
    def _quiet_when_broken(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)


@contextmanager
def _streams_that_hold() -> Iterator[None]:
    """Let no letter of a name, and nobody who stops reading, end the work half-way."""
    out, err = _Held(sys.stdout), _Held(sys.stderr)
    with ExitStack() as stack:
        stack.enter_context(redirect_stdout(out))
        stack.enter_context(redirect_stderr(err))
        try:
            yield
        finally:
            out.flush()
            err.flush()


def _parser() -> argparse.ArgumentParser:
    parser = _OneLineParser(
        prog="dlpfc",
        description=tr("Find the DLPFC in a T1 scan and plan a TMS target. Research use only."),
    )
    parser.add_argument("--version", action="version", version=f"dlpfc {__version__}")
    parser.add_argument("--language", metavar="NAME", help=tr("such as de (default: the system's); files stay English"))
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_OneLineParser)
    _add_plan(commands)
    _add_segment(commands)
    add_batch(commands)
    add_circuit(commands)
    add_export(commands)
    add_convert(commands)
    add_guide(commands)
    add_annotations(commands)
    add_training(commands)
    return parser


def _add_plan(commands: Commands) -> None:
    plan = commands.add_parser("plan", help=tr("mask, target, hotspot and 5-cm landmark of a T1 scan"))
    _add_scan(plan)
    add_run_options(plan)
    plan.set_defaults(run=_run_plan)


def _add_segment(commands: Commands) -> None:
    segment = commands.add_parser("segment", help=tr("mask and target of a T1 scan alone"))
    _add_scan(segment)
    add_run_options(segment, of_mask_alone=True)
    segment.set_defaults(run=_run_plan, landmarks=False, report=False)


def _add_scan(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("t1", type=Path, help=tr("NIfTI, MGZ, NRRD or MHA file, or a folder with a DICOM series"))
    parser.add_argument("--output", type=Path, required=True, help=tr("folder for the results"))


def _run_plan(arguments: argparse.Namespace) -> int:
    from ..export.plan_folder import planned_folder, write_plan
    from ..networks.registry import region_in_card
    from ..plan import make_plan
    from ..scan.readers import read_volume
    from ..words import doubt_line

    options = plan_options(arguments)
    with planned_folder(arguments.output, arguments.overwrite, region_in_card(options.weights)):
        volume = read_volume(arguments.t1, arguments.frame)
        options, doubts = with_files(options, arguments, volume)
        plan = make_plan(volume, options, TerminalProgress())
        plan = replace(plan, warnings=(*plan.warnings, *doubts))
        written = write_plan(
            plan, arguments.output, arguments.overwrite, options.landmarks, arguments.report, arguments.anonymous
        )
    for sentence in (*(tell(doubt_line(each)) for each in written.warnings), *_summary(plan, arguments.output)):
        print(sentence)
    if plan.not_found:
        raise NotFoundError(joined(" ", plan.not_found.values()))
    return 0


def _summary(plan: "Plan", folder: Path) -> list[str]:
    """What a person wants to read at the end."""
    from ..words import circuit_in_words, doubt_line, fiducials_in_words, method_of, side_warnings, tape_sentences

    lines = []
    for hemisphere, side in plan.sides.items():
        lines.append(
            tr(
                "{side} {region}: {volume_ml:.1f} ml, target at {place} in the scan's own space, {method}",
                side=say(hemisphere.capitalize()),
                region=side.region.name,
                volume_ml=side.region.volume_ml,
                place=place_in_words(side.target.position_ras_mm),
                method=method_of(side.target.point),
            )
        )
        if side.region.agreement:
            lines.append("  " + tr("uncertainty of the centroid: {words}", words=side.region.agreement.in_words))
        lines += [f"  {tell(circuit_in_words(side.circuit))}"] if side.circuit else []
        for name, site in side.tape_sites.items():
            measured = say("X {x_cm:.1f} cm, Y {y_cm:.1f} cm", x_cm=site.x_cm, y_cm=site.y_cm)
            lines.append("  " + tr("Beam F3/F4 by tape ({name}): {measured}", name=say(name), measured=measured))
        if side.by_tape:
            told = tape_sentences(hemisphere, side.by_tape, plan.options.coil_angle_deg)
            lines += ["  " + tr("by tape: {text}", text=text) for text in told]
            lines.append(f"  {tell(fiducials_in_words(side.by_tape))}")
        lines += [f"  {tell(doubt_line(warning))}" for warning in side_warnings(side)]
    lines += [tell(doubt_line(warning)) for warning in plan.warnings]
    return [*lines, tr("Results in {folder} (research use only)", folder=folder)]
