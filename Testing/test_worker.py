"""The worker as the panel sees it: a process, its lines, its folder, its end."""

import io
import json
import os
import queue
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from DLPFCSegmenterLib import tasks, worker
from DLPFCSegmenterLib.doubts import Doubt
from DLPFCSegmenterLib.export.correction import Correction
from DLPFCSegmenterLib.plan import PlanOptions
from DLPFCSegmenterLib.progress import Progress, SilentProgress
from DLPFCSegmenterLib.scan.origin import Origin
from DLPFCSegmenterLib.scan.readers import read_volume
from DLPFCSegmenterLib.scan.volume import Volume
from DLPFCSegmenterLib.targeting.fiducials import Fiducials
from DLPFCSegmenterLib.tasks import DOING, TASKS, plan_scan, save_correction, why_no_scalp
from DLPFCSegmenterLib.worker import Call, do_job, doing_in, hand_over, read_result, request_cancel
from hand_made_plans import make_plan, with_coil, with_everything

SMALL_WORKER = Path(__file__).parent / "application" / "small_worker.py"


@pytest.fixture
def volume():
    array = np.full((20, 22, 24), 90, dtype=np.int16)
    array[8:12, 9:13, 3:7] = 250
    ijk_to_ras = np.array([[5.0, 0, 0, -60], [0, 5, 0, -50], [0, 0, 5, -40], [0, 0, 0, 1]])
    return Volume(array, ijk_to_ras, Origin("scan"))


def write_job(folder, function, **arguments):
    """Returns the call, by which the result is read."""
    call = Call(function, **arguments)
    for _ in hand_over(folder, call):
        pass
    return call


def start(folder, behaviour=""):
    environment = os.environ | {"SMALL_WORKER": behaviour}
    command = [sys.executable, str(SMALL_WORKER), str(folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def start_to_stay(behaviour="", idle_s=600):
    """A worker that waits for jobs."""
    environment = os.environ | {"SMALL_WORKER": behaviour, "SMALL_WORKER_IDLE_S": str(idle_s)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    return subprocess.Popen([sys.executable, str(SMALL_WORKER)], text=True, env=environment, **pipes)


def lines_of_job(staying, folder, volume):
    """Hand over a plan to a worker that stays; all that it says of it once it has begun."""
    folder.mkdir()
    write_job(folder, plan_scan, volume=volume, path=None, options=PlanOptions())
    staying.stdin.write(f"{folder}\n")
    staying.stdin.flush()
    assert json.loads(staying.stdout.readline()) == {"begun": True}
    lines = []
    while not lines or not {"finished", "error"} & lines[-1].keys():
        lines.append(json.loads(staying.stdout.readline()))
    return lines


def lines_of(process):
    output, _ = process.communicate(timeout=60)
    return [json.loads(line) for line in output.splitlines()]


def test_a_job_ends_in_the_plan_for_its_volume(tmp_path, volume):
    call = write_job(
        tmp_path, plan_scan, volume=volume, path=None, options=PlanOptions(hemispheres=("left", "right"), rule_mm=55)
    )
    process = start(tmp_path)
    lines = lines_of(process)
    plan = read_result(tmp_path, call)
    assert process.returncode == 0
    assert lines[-1] == {"finished": True}
    assert plan.volume.array_kji is volume.array_kji
    assert plan.options.rule_mm == 55
    np.testing.assert_array_equal(plan.sides["left"].region.mask_kji, volume.array_kji > 200)
    np.testing.assert_allclose(plan.sides["left"].target.position_ras_mm, [-37.5, 2.5, 7.5])
    assert plan.not_found == {"right": "No DLPFC was found on the right."}


def test_entry_and_coil_of_a_plan_come_back_too(tmp_path, monkeypatch):
    plan = with_coil(make_plan())
    monkeypatch.setattr(tasks, "plan_on_device", lambda volume, options, progress: plan)
    call = write_job(tmp_path, plan_scan, volume=plan.volume, path=None, options=plan.options)
    do_job(tmp_path, SilentProgress())
    before, after = plan.sides["left"], read_result(tmp_path, call).sides["left"]
    np.testing.assert_array_equal(after.coil_pose_ras_mm, before.coil_pose_ras_mm)
    np.testing.assert_array_equal(after.entry.position_ras_mm, before.entry.position_ras_mm)
    assert after.entry.depth_mm == before.entry.depth_mm


def test_a_plan_with_every_field_comes_back_whole(tmp_path, monkeypatch):
    plan = with_everything(make_plan())
    points = [np.array([1.0, 80, -12]), np.array([0.0, -90, -20]), np.array([-70.0, 0, -30]), np.array([70.0, 0, -30])]
    fiducials = Fiducials(*points, (Doubt("of another scan"),))
    options = replace(plan.options, target="nearest-scalp", picked_ras_mm=(-36.0, 40.0, 28.0), fiducials=fiducials)
    planner = lambda volume, options, progress: replace(plan, volume=volume, options=options)  # noqa: E731
    monkeypatch.setattr(tasks, "plan_on_device", planner)
    call = write_job(tmp_path, plan_scan, volume=plan.volume, path=None, options=options)
    do_job(tmp_path, SilentProgress())
    after = read_result(tmp_path, call)
    expected = replace(plan, options=options)
    np.testing.assert_equal(values_of(after), values_of(expected))
    assert after.sides["left"].depth.in_words == plan.sides["left"].depth.in_words
    assert after.registration.doubtful is False and after.options.tapes.warnings == ()


def values_of(plan) -> dict:
    """Everything in a plan but the voxels, which the worker's caller has."""
    return asdict(replace(plan, volume=replace(plan.volume, array_kji=None), sides={})) | {
        name: asdict(replace(side, region=replace(side.region, volume=None))) for name, side in plan.sides.items()
    }


def test_every_piece_of_work_is_a_line(tmp_path, volume):
    write_job(tmp_path, plan_scan, volume=volume, path=None, options=PlanOptions())
    device, *progress, placing = lines_of(start(tmp_path))[:-1]
    assert device == {"device": "cpu"}
    assert [line["done"] for line in progress] == list(range(13))
    assert {(line["total"], line["text"]) for line in progress} == {(12, "Axial slices")}
    assert placing == {"done": 0, "total": 1, "text": "placing target and landmarks"}


def test_a_mistake_of_the_user_is_told_in_its_own_sentence(tmp_path, volume):
    write_job(tmp_path, plan_scan, volume=volume, path=None, options=PlanOptions())
    process = start(tmp_path, "user")
    assert lines_of(process)[-1] == {"error": "scan.nii: every voxel is 0; give a T1 scan.", "kind": "user"}
    assert process.returncode == 1


@pytest.mark.parametrize(
    ("behaviour", "sentence"), [("crash", "ZeroDivisionError: seventeen"), ("memory", "MemoryError: 64 GiB")]
)
def test_a_crash_names_its_kind_and_leaves_a_traceback_in_the_log(behaviour, sentence, tmp_path, volume):
    write_job(tmp_path, plan_scan, volume=volume, path=None, options=PlanOptions())
    output, log = start(tmp_path, behaviour).communicate(timeout=60)
    assert json.loads(output.splitlines()[-1]) == {"error": sentence, "kind": behaviour}
    assert "Traceback" in log
    assert not (tmp_path / "result").exists()


def test_what_libraries_print_goes_to_the_log_and_not_between_the_lines(tmp_path, volume):
    write_job(tmp_path, plan_scan, volume=volume, path=None, options=PlanOptions())
    process = start(tmp_path, "slow")
    assert json.loads(process.stdout.readline()) == {"device": "cpu"}
    assert json.loads(process.stdout.readline())["done"] == 1
    request_cancel(tmp_path)
    output, _ = process.communicate(timeout=60)
    assert output == ""


@pytest.mark.parametrize("how", ["asked", "folder gone"])
def test_a_cancelled_worker_is_gone_within_a_second(how, tmp_path, volume):
    assert worker._CANCEL_POLL_S < 0.5  # it looks so often, whatever the planner does, and ends at once
    folder = tmp_path / "job folder"
    folder.mkdir()
    write_job(folder, plan_scan, volume=volume, path=None, options=PlanOptions())
    process = start(folder, "slow")
    process.stdout.readline()
    request_cancel(folder) if how == "asked" else folder.rename(tmp_path / "elsewhere")
    process.communicate(timeout=600)
    assert process.returncode == 4


def test_a_worker_whose_program_has_died_clears_the_folder_and_is_gone(tmp_path, volume):
    owner = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    folder = tmp_path / f"DLPFCSegmenter-{owner.pid}-abc"
    folder.mkdir()
    write_job(folder, plan_scan, volume=volume, path=None, options=PlanOptions())
    process = start(folder, "slow")
    process.stdout.readline()
    assert folder.exists()
    owner.communicate()
    assert process.wait(timeout=10) == 4
    assert not folder.exists()


def test_a_scan_without_a_head_is_told_to_show_no_scalp(tmp_path, volume):
    finer = np.kron(volume.array_kji, np.ones((2, 2, 2), np.int16))
    scan = Volume(finer, np.diag([2.5, 2.5, 2.5, 1.0]), volume.origin)
    call = write_job(tmp_path, why_no_scalp, volume=scan, path=None)
    assert lines_of(start(tmp_path)) == [{"finished": True}]
    assert read_result(tmp_path, call).startswith("scan: ")


def test_a_correction_is_written_where_it_is_wanted(tmp_path, volume):
    (tmp_path / "out").mkdir()
    correction = Correction({"left": volume.array_kji > 200}, tmp_path / "out", "person")
    call = write_job(tmp_path, save_correction, volume=volume, correction=correction)
    assert lines_of(start(tmp_path)) == [{"finished": True}]
    t1, mask = read_result(tmp_path, call)
    np.testing.assert_array_equal(read_volume(t1).array_kji, volume.array_kji)
    np.testing.assert_array_equal(read_volume(mask).array_kji, volume.array_kji > 200)


def test_a_new_task_is_a_function_and_nothing_else(tmp_path, monkeypatch):
    def greet(name: str, times: int, progress: Progress) -> tuple[str, ...]:
        progress.report(1, 1, "greeting")
        return (f"hello {name}",) * times

    monkeypatch.setitem(TASKS, "greet", greet)
    call = write_job(tmp_path, greet, name="head", times=2)
    do_job(tmp_path, SilentProgress())
    assert read_result(tmp_path, call) == ("hello head", "hello head")


def test_every_task_has_a_name_for_who_is_told_that_it_failed(tmp_path, volume):
    assert TASKS.keys() == DOING.keys()
    correction = Correction({"left": volume.array_kji > 200}, tmp_path, "person")
    write_job(tmp_path, save_correction, volume=volume, correction=correction)
    assert doing_in(tmp_path) == "Saving the correction"
    assert doing_in(tmp_path / "cleared") == "The work"


def test_arguments_that_do_not_fit_a_task_are_refused_before_a_worker_starts(tmp_path, volume):
    with pytest.raises(TypeError, match="options"):
        write_job(tmp_path, plan_scan, volume=volume, path=None)


def test_a_worker_that_stays_does_job_after_job_in_one_process_until_its_input_ends(tmp_path, volume):
    staying = start_to_stay("count")
    told = [lines_of_job(staying, tmp_path / name, volume) for name in ("first", "second")]
    assert [lines[-1] for lines in told] == [{"finished": True}] * 2
    assert [lines[1]["done"] for lines in told] == [1, 2]
    assert told[0][1]["text"] == told[1][1]["text"] == f"plan of process {staying.pid}"
    assert {path.name for path in (tmp_path / "second").iterdir()} == {"job", "result", "log.txt"}
    staying.stdin.close()
    assert staying.wait(timeout=60) == 0


def test_a_worker_that_stays_goes_on_after_a_mistake_of_the_user_and_ends_after_a_crash(tmp_path, volume):
    staying = start_to_stay("user")
    for name in ("first", "second"):
        assert lines_of_job(staying, tmp_path / name, volume)[-1]["kind"] == "user"
    staying.stdin.close()
    staying = start_to_stay("crash")
    assert lines_of_job(staying, tmp_path / "third", volume)[-1]["kind"] == "crash"
    assert staying.wait(timeout=60) == 0
    assert "ZeroDivisionError" in (tmp_path / "third" / "log.txt").read_text()


def test_a_worker_that_stays_ends_when_nothing_was_asked_for_long(tmp_path, volume):
    staying = start_to_stay(idle_s=0.5)
    assert lines_of_job(staying, tmp_path / "job", volume)[-1] == {"finished": True}
    assert staying.wait(timeout=60) == 0


def test_a_worker_that_stays_outlives_the_folder_of_a_job_that_is_done(tmp_path, volume):
    staying = start_to_stay()
    for name in ("first", "second"):
        assert lines_of_job(staying, tmp_path / name, volume)[-1] == {"finished": True}
        shutil.rmtree(tmp_path / name)
        time.sleep(2 * worker._CANCEL_POLL_S)
    assert staying.poll() is None
    staying.kill()
    staying.wait()


def test_a_worker_that_stays_is_gone_when_its_job_is_cancelled(tmp_path, volume):
    staying = start_to_stay("slow")
    write_job(tmp_path, plan_scan, volume=volume, path=None, options=PlanOptions())
    staying.stdin.write(f"{tmp_path}\n")
    staying.stdin.flush()
    staying.stdout.readline()
    request_cancel(tmp_path)
    assert staying.wait(timeout=60) == 4


def test_a_worker_that_holds_too_much_memory_gives_it_back_by_ending(tmp_path, volume, monkeypatch):
    monkeypatch.setattr(worker, "_held_gib", lambda: 1.3)
    monkeypatch.setattr(worker, "_log_to", lambda file: None)
    monkeypatch.setattr(tasks, "plan_on_device", lambda volume, options, progress: make_plan())
    write_job(tmp_path, plan_scan, volume=make_plan().volume, path=None, options=PlanOptions())
    named = queue.Queue()
    for name in (str(tmp_path), "one more that is not begun"):
        named.put(name)
    monkeypatch.setattr(worker, "_named_on_stdin", lambda: named)
    assert worker.stay(worker.JsonLines(io.StringIO())) == 0
    assert named.get() == "one more that is not begun"


def test_the_memory_that_a_process_holds_is_measured():
    assert 0.01 < worker._held_gib() < 20
