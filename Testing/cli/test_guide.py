"""The command `dlpfc guide` against a simulated tracker: the whole way, and everything that it refuses."""

import io
import json
import queue
import re
import shutil
import sys
import threading
import time

import numpy as np
import pytest

from DLPFCSegmenterLib.cli.main import main
from DLPFCSegmenterLib.export.reading import read_targets
from DLPFCSegmenterLib.export.result_folder import read_findings
from DLPFCSegmenterLib.geometry.spaces import transform_points
from DLPFCSegmenterLib.guidance.aim import Aim, aim_errors
from DLPFCSegmenterLib.guidance.registration import register
from DLPFCSegmenterLib.guidance.tracking import ToolNames
from DLPFCSegmenterLib.serial import to_text
from guidance.known_patient import (
    FLAT,
    FOUR,
    MRI_FROM_REFERENCE,
    REFERENCE_FROM_MRI,
    WITH_VERTEX,
    save_plan,
    swept_on,
    touched,
)
from readme import ROOT, lines_of_table
from simulated_tracker import Room, SimulatedTracker, turned

NUMBER = r"([+-]?\d+\.\d)"
LINE = re.compile(
    rf"in plane {NUMBER} mm \(right {NUMBER}, up {NUMBER}\), !?height {NUMBER} mm \(planned {NUMBER}\),"
    rf" !?handle {NUMBER} deg, !?tilt {NUMBER} deg"
)
MARKER = turned((10.0, 20.0, 30.0), (5.0, -60.0, 25.0))
NAMES = ToolNames("CoilToTracker", "StylusToTracker")
TOOLS = ("--tools", *NAMES.all)


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """(folder, plan) of the ellipsoid head."""
    folder = tmp_path_factory.mktemp("guide") / "plan"
    return folder, save_plan(folder)


@pytest.fixture
def folder(planned, tmp_path):
    """A copy of that folder."""
    shutil.copytree(planned[0], tmp_path / "plan")
    return tmp_path / "plan"


@pytest.fixture
def vertex(tmp_path):
    """The vertex's place in the scan, which the plan does not know."""
    return points_file(tmp_path / "vertex.csv", {"vertex": WITH_VERTEX["vertex"]})


@pytest.fixture
def registration(planned, tmp_path):
    """A file of an exact registration."""
    made = register(touched(WITH_VERTEX), WITH_VERTEX, planned[1].fingerprint)
    (tmp_path / "registration.json").write_text(to_text(made))
    return tmp_path / "registration.json"


def points_file(path, places, swept=()):
    lines = [f"{name},{x},{y},{z}" for name, (x, y, z) in [*places.items(), *(("scalp", at) for at in swept)]]
    path.write_text("\n".join(["name,x,y,z", *lines]) + "\n")
    return path


def guide(*words, typed=""):
    sys.stdin = io.StringIO(typed)
    try:
        return main(["guide", *map(str, words)])
    finally:
        sys.stdin = sys.__stdin__


def aim_in(plan):
    side = plan.sides["left"]
    return Aim("left", side.coil_pose_ras_mm, side.entry.position_ras_mm, plan.fingerprint)


def last_numbers(said):
    return np.array([float(each) for each in LINE.findall(said)[-1]])


def truth(aim, coil_ras_mm):
    errors = aim_errors(aim, coil_ras_mm)
    return np.array(
        [
            errors.in_plane_mm, errors.right_mm, errors.up_mm, errors.height_mm, errors.planned_mm, errors.handle_deg,
            errors.tilt_deg,
        ]
    )  # fmt: skip


OFF = turned((4.0, -7.0, 12.0), (6.0, -3.0, -5.0))


@pytest.mark.parametrize("off, is_in_place", [(np.eye(4), True), (OFF, False)])
def test_the_numbers_are_the_true_ones_whatever_the_head_does(
    planned, folder, tmp_path, vertex, capsys, off, is_in_place
):
    """Touched points and marker with the errors of a hand, the tracker with noise, latency and a moving head."""
    plan = planned[1]
    found = touched(WITH_VERTEX, swept_on(plan.scalp))
    file = points_file(tmp_path / "touched.csv", found.fiducials_mm, found.swept_mm)
    coil = plan.sides["left"].coil_pose_ras_mm @ off
    room = Room(MRI_FROM_REFERENCE, coil, None, MARKER, NAMES, noise_mm=0.02, noise_deg=0.001)
    np.savetxt(tmp_path / "coil.txt", MARKER)
    with SimulatedTracker(room, latency_s=0.03) as tracker:
        code = guide(
            folder, "--igtl", tracker.address, "--touched", file, "--fiducials", vertex, "--seconds", 1.5, *TOOLS,
            "--calibration", tmp_path / "coil.txt",
        )  # fmt: skip
    said = capsys.readouterr().out
    assert code == 0 and "sweep: 150 points, 0." in said and "Guided to the left target" in said
    assert np.allclose(last_numbers(said), truth(aim_in(plan), coil), atol=0.2)
    assert said.rstrip().endswith(": in place") == is_in_place and ("!" in said) != is_in_place


def test_what_was_registered_once_is_used_again(planned, folder, tmp_path, vertex, capsys):
    found = touched(WITH_VERTEX, noise_mm=0.5)
    file, kept = points_file(tmp_path / "touched.csv", found.fiducials_mm), tmp_path / "kept.json"
    assert guide(folder, "--touched", file, "--fiducials", vertex, "--keep", kept, "--seconds", 0) == 0
    first = capsys.readouterr().out
    assert guide(folder, "--registration", kept, "--seconds", 0) == 0
    assert capsys.readouterr().out == first and "left out" in first


class Person:
    """Reads what is printed and does it: touches, sweeps, presses Enter. Stands for both streams of the terminal."""

    encoding = "utf-8"

    def __init__(self, room, swept=(), then=()):
        self.room, self.swept, self.then = room, swept, list(then)
        self.said, self._lines = "", queue.SimpleQueue()
        self.before_enter = lambda: None

    def guides(self, *words):
        """What `dlpfc guide` ends with."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "stdin", self)
            patch.setattr(sys, "stdout", self)
            return main(["guide", *map(str, words)])

    def __iter__(self):
        return iter(self._lines.get, None)

    def write(self, text):
        self.said += text
        for name, place in WITH_VERTEX.items():
            if text.startswith(f"Touch the {name.replace('_', ' ')} "):
                self.room.stylus_ras_mm = turned((0.0, 0.0, 30.0), place)
                self._lines.put("\n")
        if text.startswith("Press Enter and sweep"):
            threading.Thread(target=self._sweep, daemon=True).start()
        elif LINE.search(text) and self.then:
            self.before_enter()
            self._lines.put(self.then.pop(0))

    def flush(self):
        pass

    def isatty(self):
        return False

    def _sweep(self):
        self._lines.put("\n")
        for place in self.swept:
            self.room.stylus_ras_mm = turned((0.0, 0.0, 30.0), place)
            time.sleep(0.03)
        self._lines.put("\n")


def test_a_person_touches_sweeps_and_keeps_where_they_stimulated(planned, folder, tmp_path):
    plan = planned[1]
    coil = plan.sides["left"].coil_pose_ras_mm @ OFF
    room = Room(MRI_FROM_REFERENCE, coil, turned((0.0, 0.0, 30.0), FOUR["nasion"]), names=NAMES)
    person = Person(room, swept_on(plan.scalp, 100), ["\n", "q\n"])
    with SimulatedTracker(room, rate_hz=200.0) as tracker:
        assert person.guides(folder, "--igtl", tracker.address, *TOOLS) == 0, person.said
    assert "kept: Stimulated here 1 (left)" in person.said
    assert np.allclose(last_numbers(person.said), truth(aim_in(plan), coil), atol=0.5)
    kept = read_findings(folder).stimulated
    assert len(kept) == 1 and kept[0].hemisphere == "left" and np.allclose(kept[0].pose_ras_mm, coil, atol=0.5)
    assert main(["export", str(folder), "--format", "localite", "csv", "--output", str(tmp_path / "out")]) == 0
    for file in (tmp_path / "out").glob("*.csv"), (tmp_path / "out").glob("*.xml"):
        (found,) = [each for each in read_targets(next(file)) if each.label.startswith("Stimulated here")]
        assert np.allclose(found.coil_pose_ras_mm, kept[0].pose_ras_mm, atol=1e-4)


def test_a_pose_that_is_kept_leaves_what_a_person_changed_in_the_folder(planned, folder, registration):
    listed = json.loads((folder / "targets.mrk.json").read_text())
    listed["markups"][0]["controlPoints"][0]["description"] = "my own words"
    listed["markups"][0]["controlPoints"].append(
        {"id": "77", "label": "Mine", "position": [1.0, 2.0, 3.0], "positionStatus": "defined"}
    )
    (folder / "targets.mrk.json").write_text(json.dumps(listed))
    room = Room(MRI_FROM_REFERENCE, planned[1].sides["left"].coil_pose_ras_mm, names=NAMES)
    with SimulatedTracker(room) as tracker:
        person = Person(room, then=["\n", "\n", "q\n"])
        assert person.guides(folder, "--igtl", tracker.address, *TOOLS, "--registration", registration) == 0
    points = json.loads((folder / "targets.mrk.json").read_text())["markups"][0]["controlPoints"]
    assert points[0]["description"] == "my own words" and "Mine" in [each["label"] for each in points]
    assert len({each["id"] for each in points}) == len(points)
    assert [each.time for each in read_findings(folder).stimulated] == sorted(
        each.time for each in read_findings(folder).stimulated
    )
    assert sum(each["label"].startswith("Stimulated here") for each in points) == 4, "two, each with its coil"


def test_a_coil_that_a_person_moved_since_is_what_is_aimed_at(planned, folder, registration, capsys):
    listed = json.loads((folder / "targets.mrk.json").read_text())
    coil = next(each for each in listed["markups"][0]["controlPoints"] if each["label"].endswith(" coil"))
    coil["position"][1] -= 10.0  # LPS: to the front
    (folder / "targets.mrk.json").write_text(json.dumps(listed))
    room = Room(MRI_FROM_REFERENCE, planned[1].sides["left"].coil_pose_ras_mm, names=NAMES)
    with SimulatedTracker(room) as tracker:
        guide(folder, "--igtl", tracker.address, *TOOLS, "--registration", registration, "--seconds", 1)
    said = capsys.readouterr().out
    numbers = last_numbers(said)
    assert np.hypot(numbers[0], numbers[3] - numbers[4]) == pytest.approx(10.0, abs=0.3)
    assert "was changed by hand after the plan" in said


def test_a_coil_that_is_not_seen_is_told_as_lost(folder, registration, capsys):
    room = Room(MRI_FROM_REFERENCE, np.eye(4), names=NAMES, lost={"CoilToTracker"})
    with SimulatedTracker(room) as tracker:
        assert guide(folder, "--igtl", tracker.address, *TOOLS, "--registration", registration, "--seconds", 1) == 0
    said = capsys.readouterr().out
    assert said.rstrip().endswith("LOST: not seen (tracker: connected)") and not LINE.search(said)


def test_nothing_is_kept_of_a_coil_that_is_lost(folder, registration, capsys):
    assert guide(folder, "--registration", registration, "--seconds", 0.2, typed="\n\nq\n") == 0
    said = capsys.readouterr().out
    assert "not kept: LOST: never heard of" in said and not read_findings(folder).stimulated


def test_nothing_is_kept_in_a_folder_that_holds_the_plan_of_another_scan_by_now(planned, folder, registration):
    coil = planned[1].sides["left"].coil_pose_ras_mm
    room = Room(MRI_FROM_REFERENCE, coil, names=NAMES)
    with SimulatedTracker(room) as tracker:
        person = Person(room, then=["\n", "q\n"])
        person.before_enter = lambda: replace_fingerprint(folder)
        person.guides(folder, "--igtl", tracker.address, *TOOLS, "--registration", registration)
    assert "not kept: " in person.said and "holds the plan of another scan by now" in person.said
    assert not read_findings(folder).stimulated


def replace_fingerprint(folder):
    result = folder / "result.json"
    result.write_text(result.read_text().replace(read_findings(folder).fingerprint, "0" * 64))


def test_a_registration_to_another_scan_is_refused(planned, folder, registration, capsys):
    made = register(touched(WITH_VERTEX), WITH_VERTEX, "0" * 64)
    registration.write_text(to_text(made))
    assert guide(folder, "--registration", registration, "--seconds", 0) == 2
    assert "another scan than the one that the patient was registered to" in capsys.readouterr().err


def test_fiducials_in_one_plane_are_refused_in_one_line(folder, tmp_path, capsys):
    flat = {name: transform_points(REFERENCE_FROM_MRI, place) for name, place in FLAT.items()}
    places = points_file(tmp_path / "flat.csv", FLAT)
    file = points_file(tmp_path / "touched.csv", flat)
    assert guide(folder, "--touched", file, "--fiducials", places, "--seconds", 0) == 2
    said = capsys.readouterr().err
    assert "sweep the scalp too" in said and said.count("\n") == 1


def test_a_damaged_or_missing_file_is_told(folder, tmp_path, capsys):
    (tmp_path / "damaged").write_text("{")
    sheared = tmp_path / "sheared.txt"
    np.savetxt(sheared, np.diag([1.0, 1.0, 2.0, 1.0]))
    twice = points_file(tmp_path / "twice.csv", {"nasion": np.zeros(3)})
    twice.write_text(twice.read_text() + "Nz,1,2,3\n")
    for words, said in (
        (("--registration", tmp_path / "damaged"), "damaged"),
        (("--registration", tmp_path / "none"), "No such file"),
        (("--calibration", tmp_path / "damaged"), "give four rows of four numbers"),
        (("--calibration", sheared), "no rotation and shift"),
        (("--touched", twice), "has nasion twice"),
        (("--touched", tmp_path / "damaged"), "no known file of targets"),
        (("--igtl", "here:there"), "HOST:PORT"),
        (("--limits", "0", "5"), "limit"),
        (("--tools", "a", "b", "c"), "no name of a transform"),
        (("--hemisphere", "right"), "has no coil there"),
        ((), "Nobody is there to touch"),
    ):
        assert guide(folder, *words, "--seconds", 0) == 2, words
        assert said in capsys.readouterr().err, words


def test_what_the_readme_explains_is_what_is_said():
    said = (ROOT / "DLPFCSegmenter/DLPFCSegmenterLib/translations/DLPFCSegmenter_de.ts").read_text(encoding="utf-8")
    rows = lines_of_table("| it says | look at |")
    assert len(rows) > 10
    for row in rows:
        assert row.split("|")[1].strip() in said, row
