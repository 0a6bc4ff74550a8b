"""Workers on the scans of a batch: each in a process of its own, whose end costs one scan."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import SimpleITK

from DLPFCSegmenterLib.batch import DONE, FAILED, NOT_BEGUN, Wanted, batch_of_files, jobs_of, run_batch, scans_in
from DLPFCSegmenterLib.cohort import workers
from DLPFCSegmenterLib.cohort.workers import ScanWorker, local_crew, threads_each
from DLPFCSegmenterLib.plan import PlanOptions

SMALL_WORKER = Path(__file__).parents[1] / "application" / "small_worker.py"
SMALL = (sys.executable, str(SMALL_WORKER))


@pytest.fixture
def scans(tmp_path):
    """Four small people."""
    for person in range(4):
        save_scan(tmp_path / "scans" / f"p{person}.nii.gz", person)
    return batch_of_files(scans_in(tmp_path / "scans", tmp_path), tmp_path / "scans", tmp_path / "out")


def save_scan(path, person):
    path.parent.mkdir(exist_ok=True)
    array = np.random.default_rng(person).integers(0, 180, (20, 22, 24)).astype(np.int16)
    array[8:12, 9:13, 3 + person : 7 + person] = 250
    image = SimpleITK.GetImageFromArray(array)
    image.SetSpacing((5.0, 5.0, 5.0))
    image.SetOrigin((60.0, 50.0, -40.0))
    image.SetDirection((-1, 0, 0, 0, -1, 0, 0, 0, 1))
    SimpleITK.WriteImage(image, str(path))


def batch(scans, output, jobs=1, command=SMALL, **more):
    told = []
    crew = local_crew(jobs, 1, output / "logs", command)
    rows = run_batch(scans, PlanOptions(), output, told.append, crew, **more)
    assert sorted(told, key=lambda row: row.name) == [row for row in rows if row.state != NOT_BEGUN]
    return rows


def files_in(folder):
    """Of every plan, those without times and paths."""
    kept = ("dlpfc_left.nii.gz", "dlpfc_left.seg.nrrd", "targets.mrk.json")
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.name in kept}


def test_two_jobs_write_what_one_writes_and_the_table_keeps_the_order(scans, tmp_path):
    alone = batch(scans, tmp_path / "out", jobs=1)
    others = batch_of_files(scans_in(tmp_path / "scans", tmp_path), tmp_path / "scans", tmp_path / "two")
    rows = batch(others, tmp_path / "two", jobs=2)
    assert [row.name for row in rows] == [row.name for row in alone] == ["p0", "p1", "p2", "p3"]
    assert [row.sides for row in rows] == [row.sides for row in alone]
    assert files_in(tmp_path / "two") == files_in(tmp_path / "out") != {}
    assert all(row.gib is None or row.gib > 0.05 for row in rows)


def test_a_batch_clears_the_jobs_of_programs_that_were_killed(scans, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    died = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    mask = tmp_path / f"DLPFCSegmenter-{died.stdout.strip()}-batch" / "result" / "mask"
    mask.parent.mkdir(parents=True)
    mask.touch()
    batch(scans[:1], tmp_path / "out")
    assert not list(tmp_path.glob("DLPFCSegmenter-*"))


def test_every_scan_has_a_log_of_its_steps_and_its_end(scans, tmp_path):
    Path(scans[1].source).write_bytes(b"damaged")
    batch(scans[:2], tmp_path / "out")
    log = (tmp_path / "out" / "logs" / "p0.log").read_text()
    assert scans[0].source in log and " s  Axial slices" in log and log.endswith("done\n")
    assert "failed" in (tmp_path / "out" / "logs" / "p1.log").read_text()


@pytest.mark.parametrize("most_gib, processes_needed", (("", 1), ("0", 4)))
def test_one_worker_does_many_scans_unless_it_holds_too_much(most_gib, processes_needed, scans, tmp_path, monkeypatch):
    monkeypatch.setenv("SMALL_WORKER", "count")
    if most_gib:
        monkeypatch.setenv("DLPFC_WORKER_GIB", most_gib)
    batch(scans, tmp_path / "out")
    processes = {
        line.rpartition(" ")[2]
        for path in (tmp_path / "out" / "logs").iterdir()
        for line in path.read_text().splitlines()
        if "plan of process" in line
    }
    assert len(processes) == processes_needed


KILLED_BY = """
import os, signal, sys
sys.path.insert(0, {folder!r})
import small_worker
from DLPFCSegmenterLib import tasks, worker
def planner(volume, options, progress):
    if "p1" in volume.source:
        os.kill(os.getpid(), signal.SIGKILL)
    return small_worker.plan_of_brightest_voxels(volume, options, progress)
tasks.plan_on_device = planner
worker.get_ready = lambda: iter(())
sys.exit(worker.main(sys.argv[1:]))
"""


@pytest.fixture
def deadly(tmp_path):
    """A worker that is killed by scan p1, as by the system where memory runs out."""
    program = tmp_path / "deadly.py"
    program.write_text(KILLED_BY.format(folder=str(SMALL_WORKER.parent)))
    return (sys.executable, str(program))


@pytest.mark.skipif(os.name == "nt", reason="this system sends no signals")
@pytest.mark.parametrize("jobs", (1, 3))
def test_a_worker_that_is_killed_costs_one_row(jobs, scans, tmp_path, deadly):
    rows = batch(scans, tmp_path / "out", jobs, deadly)
    assert [row.state for row in rows] == [DONE, FAILED, DONE, DONE]
    assert "p1.nii.gz: the process that planned on it died (Killed)" in rows[1].message
    assert not list((tmp_path / "out").glob("p1/*"))


def test_the_first_failure_ends_a_batch_that_asked_for_it(scans, tmp_path, deadly):
    rows = batch(scans, tmp_path / "out", 1, deadly, fail_fast=True)
    assert [row.state for row in rows] == [DONE, FAILED, NOT_BEGUN, NOT_BEGUN]
    assert not (tmp_path / "out" / "p2").exists() and not (tmp_path / "out" / "p3").exists()


def test_a_program_that_is_no_worker_fails_every_scan_and_says_how(scans, tmp_path):
    rows = batch(scans[:2], tmp_path / "out", command=(sys.executable, "-c", "import nothing_of_this_name"))
    assert [row.state for row in rows] == [FAILED, FAILED] and "(code 1)" in rows[0].message
    assert "nothing_of_this_name" in (tmp_path / "out" / "logs" / "p0.log").read_text()


def test_a_log_that_cannot_be_written_fails_its_scan_and_nobody_waits_for_ever(scans, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "logs").write_text("a file in its place")
    (row,) = batch(scans[:1], tmp_path / "out")
    assert row.state == FAILED


def test_threads_of_all_jobs_are_never_more_than_cores(monkeypatch):
    monkeypatch.setattr(workers, "cores", lambda: 8)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    assert [threads_each(jobs) for jobs in (1, 2, 3, 8, 20)] == [8, 4, 2, 1, 1]
    assert [threads_each(2, asked) for asked in (1, 3, 16)] == [1, 3, 4]
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    assert [threads_each(jobs) for jobs in (1, 2, 8)] == [2, 2, 1]


def test_relative_paths_lead_from_where_the_batch_began_whatever_folder_a_machine_works_in(scans, tmp_path):
    near = replace(scans[0], source="scans/p0.nii.gz", folder=Path("out/p0"))
    (job,) = jobs_of([near], PlanOptions(), Wanted())
    worker = ScanWorker(1, SMALL, tmp_path)
    try:
        assert worker.plan(job, tmp_path / "logs").state == DONE
    finally:
        worker.end()
    assert (tmp_path / "out" / "p0" / "result.json").is_file()
    assert ScanWorker(1, SMALL, tmp_path / "gone")._cwd is None


def test_a_job_knows_the_names_of_all_others(scans):
    jobs = jobs_of(scans, PlanOptions(), Wanted())
    assert [job.taken for job in jobs[:2]] == [("p1", "p2", "p3"), ("p0", "p2", "p3")]
