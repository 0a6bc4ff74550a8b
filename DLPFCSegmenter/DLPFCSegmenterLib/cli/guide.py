"""The command `dlpfc guide`: the patient under a tracker is laid on the scan, and the coil led to the plan."""

import argparse
import queue
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UserError
from ..geometry.sides import SIDES
from ..sentences import say, tell, tr
from .options import FRAME, Commands, add_option

if TYPE_CHECKING:
    import numpy as np

    from ..export.result_folder import Result
    from ..guidance.aim import Aim, Limits
    from ..guidance.igtl import Tracker
    from ..guidance.registration import Registration, Touched
    from ..guidance.tracking import Guide, ToolNames
    from ..scan.volume import Volume

_LIVE_S = 0.5
"""How often a line is printed."""
_REST_S = 0.5
"""How long the pointer is looked at where it touches."""
_READ_S = 0.02
_REST_MM = 2.0
_APART_MM = 2.0
"""Swept points nearer to the last one than this are passed over."""
_SWEPT = ("scalp", "sweep", "swept", "skin")
"""How the labels of swept points begin in a file of touched points."""


def add_guide(commands: Commands) -> None:
    """Add `dlpfc guide` to the commands."""
    guide = commands.add_parser("guide", help=tr("lead a tracked coil to the plan, by OpenIGTLink"))
    guide.add_argument("plan", type=Path, help=tr("folder that `dlpfc plan` wrote"))
    guide.add_argument("--igtl", default="localhost", metavar="HOST:PORT", help=tr("tracker (default localhost:18944)"))
    how = guide.add_mutually_exclusive_group()
    how.add_argument("--touched", type=Path, metavar="FILE", help=tr("touched fiducials, and points called 'scalp'"))
    how.add_argument("--registration", type=Path, metavar="FILE", help=tr("what --keep wrote of this patient"))
    guide.add_argument("--fiducials", type=Path, metavar="FILE", help=tr("their places in the scan (the plan's own)"))
    guide.add_argument("--keep", type=Path, metavar="FILE", help=tr("file for the registration"))
    guide.add_argument("--hemisphere", choices=SIDES, default="", help=tr("side, where the plan has both"))
    guide.add_argument("--scan", type=Path, metavar="T1", help=tr("the scan, where it lies elsewhere now"))
    guide.add_argument("--limits", type=float, nargs=2, metavar=("MM", "DEGREES"), default=(2.0, 5.0))
    guide.add_argument(
        "--tools", nargs=3, metavar=("COIL", "STYLUS", "REFERENCE"), help=tr("names of the transforms, see README.md"),
        default=("CoilToReference", "StylusToReference", "ReferenceToTracker"),
    )  # fmt: skip
    guide.add_argument("--calibration", type=Path, metavar="FILE", help=tr("4x4, the coil's axes to its marker's"))
    guide.add_argument("--tip", type=float, nargs=3, metavar="MM", default=(0.0, 0.0, 0.0), help=tr("of the pointer"))
    guide.add_argument("--seconds", type=float, help=tr("how long (until 'q' and Enter)"))
    add_option(guide, FRAME)
    guide.set_defaults(run=_run_guide)


def _run_guide(arguments: argparse.Namespace) -> int:
    from ..export.result_folder import read_findings, read_result, read_scan_of
    from ..guidance.aim import Limits
    from ..guidance.igtl import Tracker
    from ..guidance.tracking import Guide, ToolNames

    names, limits = ToolNames(*arguments.tools), Limits(*arguments.limits)
    calibration = _calibration(arguments.calibration)
    plan = read_findings(arguments.plan)
    scan = read_scan_of(arguments.plan, plan, arguments.scan, arguments.frame)
    result = read_result(arguments.plan, plan, scan)
    aim = _aim(result, arguments)
    with Tracker(arguments.igtl, names.all) as tracker, _typed_lines() as typed:
        pointer = _Pointer(tracker, names, tuple(arguments.tip), typed)
        registration = _registered(arguments, result, scan, pointer)
        registration.require_scan(aim.fingerprint)
        _tell_registration(registration, aim)
        guide = Guide(registration.mri_from_reference, names, calibration)
        _lead(_Led(guide, aim, limits, tracker, typed), arguments)
    return 0


def _aim(result: "Result", arguments: argparse.Namespace) -> "Aim":
    """The coil as it would be exported: of the plan, or where a person moved it since."""
    from ..guidance.aim import Aim
    from ..targeting.point import TARGET

    found = [each for each in result.targets if each.key == TARGET and arguments.hemisphere in ("", each.hemisphere)]
    if len(found) > 1:
        raise UserError("{plan}: has two sides; say which one is aimed at (--hemisphere).", plan=arguments.plan)
    for each in found:
        for warning in each.warnings:
            print(tr("warning: {warning}", warning=warning))
        if each.coil_pose_ras_mm is not None and each.entry_ras_mm is not None:
            return Aim(each.hemisphere, each.coil_pose_ras_mm, each.entry_ras_mm, result.plan.fingerprint)
    raise UserError("{plan}: has no coil there; plan on a scan that shows the scalp.", plan=arguments.plan)


def _calibration(path: Path | None) -> "np.ndarray":
    import numpy as np

    from ..files import told_as_damaged
    from ..geometry.poses import is_rigid

    if path is None:
        return np.eye(4)
    with told_as_damaged(path, advice=tr("give four rows of four numbers")):
        matrix = np.array(path.read_text(encoding="utf-8").split(), float).reshape(4, 4)
    if not is_rigid(matrix):
        raise UserError("{path}: is no rotation and shift in mm; calibrate the coil again.", path=path)
    return matrix


# the registration


def _registered(
    arguments: argparse.Namespace, result: "Result", scan: "Volume | None", pointer: "_Pointer"
) -> "Registration":
    from ..files import told_as_damaged, told_to_the_user, write_whole_file
    from ..guidance.registration import Registration, register
    from ..serial import from_text, to_text

    if arguments.registration is not None:
        with told_as_damaged(arguments.registration, advice=tr("register again")):
            return from_text(arguments.registration.read_text(encoding="utf-8"), Registration)
    places = _places(arguments, result, scan)
    touched = _touched_in(arguments.touched) if arguments.touched else pointer.touch(list(places))
    scalp = result.scalp if len(touched.swept_mm) else None
    if len(touched.swept_mm) and scalp is None:
        raise UserError("{plan}: a sweep needs the scan and its scalp; name the scan (--scan).", plan=arguments.plan)
    registration = register(touched, places, result.plan.fingerprint, scalp)
    if arguments.keep is not None:
        with told_to_the_user(arguments.keep), write_whole_file(arguments.keep) as fresh:
            fresh.write_text(to_text(registration) + "\n", encoding="utf-8")
    return registration


def _places(arguments: argparse.Namespace, result: "Result", scan: "Volume | None") -> "dict[str, np.ndarray]":
    """Name of a fiducial -> its place in the scan, RAS mm: the plan's own, and those of a file in their place."""
    from ..export.reading import fiducial_key, read_targets

    places = {point.key: point.position_ras_mm for point in result.plan.fiducials}
    if arguments.fiducials is not None:
        listed = read_targets(arguments.fiducials, scan or result.plan.volume)
        places |= {fiducial_key(each.label): each.position_ras_mm for each in listed}
    if not places:
        raise UserError(
            "{plan}: has no fiducials; place nasion, tragi and others in the scan and name them (--fiducials).",
            plan=arguments.plan,
        )
    return places


def _touched_in(path: Path) -> "Touched":
    """What was touched, from any file of points, in mm of the reference tool."""
    import numpy as np

    from ..export.reading import fiducial_key, read_targets
    from ..guidance.registration import Touched

    points = [(fiducial_key(each.label), each.position_ras_mm) for each in read_targets(path)]
    swept = [at for name, at in points if name.startswith(_SWEPT)]
    fiducials = {name: at for name, at in points if not name.startswith(_SWEPT)}
    twice = [name for name in fiducials if sum(name == other for other, _ in points) > 1]
    if twice:
        raise UserError("{path}: has {names} twice; keep the better one.", path=path, names=", ".join(twice))
    return Touched(fiducials, np.array(swept).reshape(-1, 3))


@dataclass(frozen=True)
class _Pointer:
    """The pointer that touches, and the person who presses Enter."""

    tracker: "Tracker"
    names: "ToolNames"
    tip_mm: tuple[float, ...]
    typed: "queue.SimpleQueue[str | None]"

    def touch(self, names: list[str]) -> "Touched":
        """Ask for one fiducial after the other, and for a sweep."""
        import numpy as np

        from ..guidance.registration import Touched, in_words

        fiducials = {}
        for name in names:
            while name not in fiducials:
                self._ask(say("Touch the {name} and press Enter ('s' and Enter: leave it out).", name=in_words(name)))
                if self._answer() == "s":
                    break
                try:
                    fiducials[name] = self._resting_mm()
                except UserError as error:
                    print(tell(str(error)))
        self._ask(say("Press Enter and sweep the pointer all over the scalp; Enter ends it ('s': no sweep)."))
        swept = [] if self._answer() == "s" else self._swept_mm()
        return Touched(fiducials, np.array(swept).reshape(-1, 3))

    def _ask(self, sentence: str) -> None:
        print(tell(sentence), flush=True)

    def _answer(self) -> str:
        line = self.typed.get()
        if line is None:
            raise UserError("Nobody is there to touch the fiducials; give them in a file (--touched).")
        return line.strip().lower()

    def _now_mm(self) -> "np.ndarray":
        """The tip in the frame of the reference tool. Raises UserError where the pointer is lost."""
        from ..geometry.spaces import transform_points
        from ..guidance.tracking import in_reference

        found = in_reference(self.names.stylus, self.names, self.tracker.seen(), time.monotonic())
        if found.matrix is None:
            raise UserError(
                "The pointer is lost: {lost} (tracker: {state}).", lost=found.lost, state=self.tracker.state
            )
        return transform_points(found.matrix, self.tip_mm)

    def _resting_mm(self) -> "np.ndarray":
        """The mean place of a tip that is held still. Raises UserError where it is lost or moves."""
        import numpy as np

        places = []
        for _ in range(round(_REST_S / _READ_S)):
            places.append(self._now_mm())
            time.sleep(_READ_S)
        moved_mm = float(np.ptp(places, axis=0).max())
        if moved_mm > _REST_MM:
            raise UserError("The pointer moved by {moved:.1f} mm; hold it still.", moved=moved_mm)
        return np.mean(places, axis=0)

    def _swept_mm(self) -> "list[np.ndarray]":
        """Places of the tip until Enter is pressed; while the pointer is lost there are none."""
        import numpy as np

        places: list[np.ndarray] = []
        while self.typed.empty():
            time.sleep(_READ_S)
            try:
                place = self._now_mm()
            except UserError:
                continue
            if not places or np.linalg.norm(place - places[-1]) > _APART_MM:
                places.append(place)
        self.typed.get()
        return places


def _tell_registration(registration: "Registration", aim: "Aim") -> None:
    from ..guidance.registration import in_words

    for name, away in registration.residual_mm.items():
        left_out = registration.left_out_mm.get(name)
        more = say(", left out {away:.1f} mm", away=left_out) if left_out is not None else say("")
        print(tr("{name}: residual {away:.1f} mm{more}", name=in_words(name), away=away, more=more))
    if registration.swept_rms_mm is not None:
        count, rms = len(registration.swept_mm), registration.swept_rms_mm
        print(tr("sweep: {count} points, {rms:.1f} mm from the scalp", count=count, rms=rms))
    told = tr(
        "registered: fiducials {fre:.1f} mm; expect the entry to be off by {expected:.1f} mm at least",
        fre=registration.fre_mm, expected=registration.error_at_mm(aim.entry_ras_mm),
    )  # fmt: skip
    print(told, flush=True)


# live


@dataclass(frozen=True)
class _Led:
    """A coil that is led to an aim."""

    guide: "Guide"
    aim: "Aim"
    limits: "Limits"
    tracker: "Tracker"
    typed: "queue.SimpleQueue[str | None]"

    def coil_ras_mm(self) -> "np.ndarray":
        """The coil's pose now. Raises UserError where it is lost."""
        found = self.guide.coil_in_mri(self.tracker.seen(), time.monotonic())
        if found.matrix is None:
            raise UserError("LOST: {lost} (tracker: {state})", lost=found.lost, state=self.tracker.state)
        return found.matrix

    def line(self) -> str:
        """What a person reads now."""
        from ..guidance.aim import aim_errors, aim_in_words

        try:
            return aim_in_words(aim_errors(self.aim, self.coil_ras_mm()), self.limits)
        except UserError as error:
            return str(error)


def _lead(led: _Led, arguments: argparse.Namespace) -> None:
    """Print how the coil lies until time is over or 'q' is typed; Enter keeps its pose with the plan."""
    print(tr("Guided to the {side} target", side=say(led.aim.hemisphere)))
    print(tr("Enter keeps the coil's pose as 'stimulated here'; 'q' and Enter ends."), flush=True)
    end = float("inf") if arguments.seconds is None else time.monotonic() + arguments.seconds
    while time.monotonic() < end:
        print(tell(led.line()), flush=True)
        try:
            typed = led.typed.get(timeout=max(min(_LIVE_S, end - time.monotonic()), 0.0))
        except queue.Empty:
            continue
        if typed is None:
            time.sleep(max(min(_LIVE_S, end - time.monotonic()), 0.0))
            led.typed.put(None)
        elif typed.strip().lower() == "q":
            return
        else:
            _keep(led, arguments.plan)


def _keep(led: _Led, folder: Path) -> None:
    from ..export.stimulations import keep_stimulation
    from ..targeting.stimulation import Stimulation

    try:
        pose = led.coil_ras_mm()
        time_now = datetime.now().astimezone().isoformat(timespec="seconds")
        kept = keep_stimulation(folder, Stimulation(led.aim.hemisphere, pose, time_now), led.aim.fingerprint)
    except UserError as error:
        print(tr("not kept: {reason}", reason=error), flush=True)
        return
    print(tr("kept: {label}", label=kept.label), flush=True)


@contextmanager
def _typed_lines() -> "Iterator[queue.SimpleQueue[str | None]]":
    """Lines as they are typed, and None when no more can come."""
    typed: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def read() -> None:
        """Until standard input ends."""
        for line in sys.stdin:
            typed.put(line)
        typed.put(None)

    threading.Thread(target=read, name="typed", daemon=True).start()
    yield typed
