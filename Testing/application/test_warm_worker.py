"""One worker stays for all heads: panel, batch and scripts, through kill, cancel and a scene that is closed."""

import os
import signal

import pytest

import slicer_rig
from application.panel_user import SMALL_WORKER, add_head, run_to_end
from DLPFCSegmenterLib.application.jobs import process
from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.plan import PlanOptions


class SmallWarmWorker(process.WarmWorker):
    """The worker that stays as shipped, but for its planner; `pids` are those of all its processes."""

    def __init__(self):
        super().__init__()
        self.pids = []

    def command(self):
        return [process.python_program(), str(SMALL_WORKER)]

    def _start(self):
        super()._start()
        assert self._process.waitForStarted()
        self.pids.append(self._process.processId())


@pytest.fixture
def warm(module, monkeypatch):
    """The worker that stays."""
    monkeypatch.delenv("SMALL_WORKER", raising=False)
    worker = SmallWarmWorker()
    monkeypatch.setattr(type(module.logic), "_warmWorker", worker)
    yield worker
    worker.end()


def is_running(pid):
    """Whether a child of this process lives."""
    return os.path.exists(f"/proc/{pid}") and "Z" not in open(f"/proc/{pid}/stat").read().rsplit(")")[1].split()[0]


def test_a_scan_that_is_chosen_starts_the_worker_which_then_plans_again_and_again(module, warm, head, job_folders):
    ui = module.widget.ui
    ui.inputSelector.setCurrentNode(head)
    assert slicer_rig.drain_events(60, until=lambda: "seen" in ui.scalpLabel.text), ui.scalpLabel.text
    assert len(warm.pids) == 1
    for _ in range(2):
        run_to_end(ui)
        assert "Done" in ui.statusLabel.text
    assert len(warm.pids) == 1
    assert job_folders() == []


def test_a_script_uses_the_panels_worker(module, warm, head):
    module.widget.ui.inputSelector.setCurrentNode(head)
    plan, sides = module.logic.segment(head, PlanOptions())
    assert plan.sides and len(sides) == 1 and len(warm.pids) == 1


def test_a_worker_that_was_killed_while_it_waited_is_started_again(module, warm, head):
    module.logic.segment(head)
    os.kill(warm.pids[0], signal.SIGKILL)
    plan, _ = module.logic.segment(head)
    assert plan.sides and len(warm.pids) == 2


def test_a_worker_that_is_killed_in_the_midst_of_a_run_is_told_of_and_the_next_run_has_a_new_one(
    module, warm, head, monkeypatch
):
    monkeypatch.setenv("SMALL_WORKER", "slow")
    ui = module.widget.ui
    ui.inputSelector.setCurrentNode(head)
    ui.segmentButton.click()
    assert slicer_rig.drain_events(60, until=lambda: "1 of 12" in ui.statusLabel.text)
    monkeypatch.setenv("SMALL_WORKER", "")
    os.kill(warm.pids[0], signal.SIGKILL)
    with slicer_rig.dialogs():
        assert slicer_rig.drain_events(60, until=lambda: ui.segmentButton.text == "Segment")
    assert "died" in ui.statusLabel.text
    run_to_end(ui)
    assert "Done" in ui.statusLabel.text and len(warm.pids) == 2


def test_after_a_cancelled_run_the_worker_gets_ready_again(module, warm, head, monkeypatch):
    monkeypatch.setenv("SMALL_WORKER", "slow")
    ui = module.widget.ui
    ui.inputSelector.setCurrentNode(head)
    ui.segmentButton.click()
    assert slicer_rig.drain_events(60, until=lambda: "1 of 12" in ui.statusLabel.text)
    monkeypatch.setenv("SMALL_WORKER", "")
    ui.segmentButton.click()
    assert slicer_rig.drain_events(10, until=lambda: "Cancelled" in ui.statusLabel.text)
    assert slicer_rig.drain_events(10, until=lambda: len(warm.pids) == 2)
    assert not is_running(warm.pids[0])
    run_to_end(ui)
    assert "Done" in ui.statusLabel.text and len(warm.pids) == 2


def test_looking_at_another_scan_meanwhile_costs_no_process_and_both_answers_are_kept(module, warm, head):
    ui, other = module.widget.ui, add_head("other")
    ui.inputSelector.setCurrentNode(head)
    ui.inputSelector.setCurrentNode(other)
    assert slicer_rig.drain_events(60, until=lambda: "seen" in ui.scalpLabel.text)
    assert slicer_rig.drain_events(60, until=lambda: not warm._jobs)
    ui.inputSelector.setCurrentNode(head)
    assert "seen" in ui.scalpLabel.text and len(warm.pids) == 1


@pytest.mark.parametrize("end", ["scene", "module"])
def test_the_worker_ends_with_the_scene_and_with_the_module(module, warm, head, end, job_folders):
    module.widget.ui.inputSelector.setCurrentNode(head)
    assert slicer_rig.drain_events(60, until=lambda: warm.pids)
    slicer_rig.close_scene() if end == "scene" else module.widget.cleanup()
    assert slicer_rig.drain_events(10, until=lambda: not is_running(warm.pids[0]))
    slicer_rig.drain_events(0.5)
    assert len(warm.pids) == 1 and job_folders() == []


def test_a_python_that_cannot_be_started_is_told_of(module, warm, head, monkeypatch):
    monkeypatch.setattr(SmallWarmWorker, "command", lambda self: ["no such program"])
    monkeypatch.setattr(SmallWarmWorker, "_start", process.WarmWorker._start)
    with pytest.raises(UserError, match="Python could not be started: no such program"):
        module.logic.segment(head)
