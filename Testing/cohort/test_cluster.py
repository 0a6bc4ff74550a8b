"""A batch on a cluster: no scan lost, none done twice, and the same bytes as on one machine."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest

from cohort.test_workers import SMALL, SMALL_WORKER, files_in, save_scan
from DLPFCSegmenterLib.batch import DONE, FAILED, FINISHED_BEFORE, Wanted, batch_of_files, jobs_of, run_batch, scans_in
from DLPFCSegmenterLib.cli.main import main
from DLPFCSegmenterLib.cohort.cluster import _row_of, cluster_crew, described_cluster, local_cluster
from DLPFCSegmenterLib.cohort.workers import local_crew
from DLPFCSegmenterLib.errors import UserError
from DLPFCSegmenterLib.plan import PlanOptions

distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
if find_spec("dask_jobqueue") is None:
    pytest.skip("the extra 'cluster' is not installed", allow_module_level=True)

PEOPLE = 6

WAITS_IN_P0 = """
import os, sys, time
from pathlib import Path
sys.path.insert(0, {folder!r})
import small_worker
from DLPFCSegmenterLib import tasks, worker
def planner(volume, options, progress):
    name = Path(volume.source).name
    with open({begun!r}, "a") as told:
        told.write(f"{{name}} {{os.getppid()}}\\n")
    if name == "p0.nii.gz" and not Path({go_on!r}).exists():
        time.sleep(3600)
    return small_worker.plan_of_brightest_voxels(volume, options, progress)
tasks.plan_on_device = planner
worker.get_ready = lambda: iter(())
sys.exit(worker.main(sys.argv[1:]))
"""


@pytest.fixture
def folder(tmp_path):
    """Six small people."""
    for person in range(PEOPLE):
        save_scan(tmp_path / "scans" / f"p{person}.nii.gz", person)
    return tmp_path / "scans"


def run(folder, output, crew, told=lambda row: None):
    return run_batch(batch_of_files(scans_in(folder, output), folder, output), PlanOptions(), output, told, crew)


@pytest.mark.skipif(os.name == "nt", reason="this system sends no signals")
def test_a_machine_that_is_killed_in_a_scan_loses_none_and_one_that_comes_later_helps(folder, tmp_path):
    begun, go_on = tmp_path / "begun.txt", tmp_path / "go on"
    program = tmp_path / "waiting.py"
    program.write_text(WAITS_IN_P0.format(folder=str(SMALL_WORKER.parent), begun=str(begun), go_on=str(go_on)))
    rows = []

    def kill_the_one_that_waits(row):
        """After the first row: the machine that plans on p0 dies, and another one comes."""
        rows.append(row)
        if len(rows) == 1:
            (waiting,) = {line.split()[1] for line in lines_when(begun, "p0.nii.gz") if line.startswith("p0")}
            go_on.touch()
            os.kill(int(waiting), signal.SIGKILL)
            cluster.scale(4)

    output = tmp_path / "cluster"
    with local_cluster(3) as cluster, distributed.Client(cluster) as client:
        crew = cluster_crew(client, 1, output / "logs", (sys.executable, str(program)))
        rows_in_order = run(folder, output, crew, kill_the_one_that_waits)
    assert [row.state for row in rows_in_order] == [DONE] * PEOPLE
    assert sorted(row.name for row in rows) == [f"p{person}" for person in range(PEOPLE)]
    names = [line.split()[0] for line in begun.read_text().splitlines()]
    assert sorted(names) == sorted([f"p{person}.nii.gz" for person in range(PEOPLE)] + ["p0.nii.gz"])
    run(folder, tmp_path / "alone", local_crew(1, 1, tmp_path / "logs", SMALL))
    assert files_in(output) == files_in(tmp_path / "alone") != {}


def lines_when(path, beginning):
    """The lines of a file as soon as one begins so."""
    while not (path.exists() and any(line.startswith(beginning) for line in path.read_text().splitlines())):
        time.sleep(0.05)
    return path.read_text().splitlines()


def test_a_scheduler_of_its_own_listens_on_loopback_alone_and_goes_with_the_batch(folder, tmp_path, monkeypatch):
    import psutil

    with local_cluster(1) as cluster, distributed.Client(cluster):
        us = psutil.Process()
        listening = {
            each.laddr.ip
            for process in (us, *us.children(recursive=True))
            for each in process.net_connections("tcp")
            if each.status == psutil.CONN_LISTEN
        }
    assert listening == {"127.0.0.1"}


def test_the_command_goes_through_a_scheduler_and_goes_on_where_another_run_stopped(
    folder, tmp_path, monkeypatch, capsys
):
    from DLPFCSegmenterLib.cohort import cluster, workers

    monkeypatch.setattr(workers, "COMMAND", SMALL)  # of this process alone, not of the scheduler's
    monkeypatch.setattr(cluster, "cluster_crew", partial(cluster_crew, command=SMALL))
    output = tmp_path / "out"
    assert main(["batch", str(folder), "--output", str(output), "--pattern", "p[01].*"]) == 0
    assert main(["batch", str(folder), "--output", str(output), "--scheduler", "local", "--jobs", "2"]) == 0
    said = capsys.readouterr().out
    assert said.count(FINISHED_BEFORE) == 2 and f"{PEOPLE} scans" in said


def test_a_slurm_script_has_what_the_file_asks_for_and_runs_a_worker(folder, tmp_path, capsys):
    file = tmp_path / "cluster.toml"
    file.write_text(
        'system = "slurm"\nworkers = 20\ncores = 2\nmemory = "6GB"\nqueue = "short"\nwalltime = "02:00:00"\n'
        'job_extra_directives = ["--gres=gpu:1"]\n'
    )
    output = tmp_path / "out"
    assert main(["batch", str(folder), "--output", str(output), "--cluster", str(file), "--dry-run"]) == 0
    script = capsys.readouterr().out
    for line in (
        "#SBATCH -p short",
        "#SBATCH -n 1",
        "#SBATCH --cpus-per-task=2",
        "#SBATCH -t 02:00:00",
        "#SBATCH --gres=gpu:1",
        "--no-dashboard",
    ):
        assert line in script
    assert script.startswith("#!/usr/bin/env bash") and "distributed.cli.dask_worker tcp://" in script
    assert "p0: would run" in script and not output.exists()


@pytest.mark.parametrize("system", ("pbs", "sge", "lsf"))
def test_other_queues_have_scripts_of_their_own(system, tmp_path):
    file = tmp_path / "cluster.toml"
    file.write_text(f'system = "{system}"\nworkers = 3\ncores = 2\nmemory = "6GB"\n')
    cluster, workers = described_cluster(file)
    with cluster:
        assert workers == 3 and {"pbs": "#PBS", "sge": "#$", "lsf": "#BSUB"}[system] in cluster.job_script()


@pytest.mark.parametrize(
    "text, said",
    (
        ('system = "kubernetes"', "its system is 'kubernetes'"), ("", "its system is ''"), ("system = ", "is damaged"),
        ('system = "slurm"\nworkers = "many"', "is damaged"), ('system = "slurm"\ncolour = 1', "mend it"),
        ('system = ["slurm"]', "its system is"), ('system = "slurm"\nworkers = 0', "asks for 0 workers"),
        ('system = "slurm"\ncores = "two"\nmemory = "1GB"', "mend it"), ("name = '\xff'", "is damaged"),
        ('system = "local"\nn_workers = 2', "mend it"),
    ),
)  # fmt: skip
def test_a_file_that_describes_no_cluster_is_told(text, said, tmp_path):
    (tmp_path / "cluster.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(UserError, match=said) as error:
        described_cluster(tmp_path / "cluster.toml")
    assert "cluster.toml" in str(error.value)
    with pytest.raises(UserError, match="gone.toml: cannot be read"):
        described_cluster(tmp_path / "gone.toml")


@pytest.mark.skipif(os.name == "nt", reason="queues run on no such system")
@pytest.mark.parametrize("program, said", (("", "No such file or directory: 'sbatch'"), ("exit 1", "exit code")))
def test_a_queue_that_takes_no_worker_ends_the_batch_with_one_line(
    program, said, folder, tmp_path, monkeypatch, capsys
):
    """The queue's own library would wait for ever."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    if program:
        (bin_folder / "sbatch").write_text(f"#!/bin/sh\n{program}\n")
        (bin_folder / "sbatch").chmod(0o755)
    monkeypatch.setenv("PATH", str(bin_folder))
    file = tmp_path / "cluster.toml"
    file.write_text('system = "slurm"\ncores = 1\nmemory = "1GB"\nworkers = 2\ninterface = "lo"\n')
    assert main(["batch", str(folder), "--output", str(tmp_path / "out"), "--cluster", str(file)]) == 2
    error = capsys.readouterr().err
    assert "cluster.toml: the queue takes no worker" in error and said in error and error.count("\n") == 1


def test_a_scheduler_that_does_not_answer_and_two_at_once_are_told(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(distributed, "Client", lambda *given, **more: (_ for _ in ()).throw(OSError("timed out")))
    command = ["batch", str(folder), "--output", str(tmp_path / "out"), "--scheduler", "tcp://127.0.0.1:9"]
    assert main(command) == 2
    assert "no scheduler answers there (timed out)" in capsys.readouterr().err
    assert main([*command, "--cluster", str(Path("x.toml"))]) == 2
    assert "choose one" in capsys.readouterr().err


def test_a_scheduler_that_goes_is_told_and_is_no_fault_of_this_program(folder, tmp_path):
    class Lost:
        def result(self):
            raise distributed.client.FutureCancelledError("_plan-1", "scheduler-connection-lost")

    scans = batch_of_files([folder / "p0.nii.gz"], folder, tmp_path / "out")
    row = _row_of(Lost(), jobs_of(scans, PlanOptions(), Wanted())[0])
    assert row.state == FAILED
    assert row.message == f"{folder / 'p0.nii.gz'}: the scheduler has gone; the same command again goes on."


def test_a_program_that_asks_a_queue_is_stopped_by_hand_as_before():
    code = (  # Ctrl-C as a terminal has it, also where the suite runs in the background of a script
        "import os, signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "from DLPFCSegmenterLib.cohort.cluster import require_cluster;"
        "require_cluster('dask_jobqueue'); os.kill(os.getpid(), signal.SIGINT)"
    )
    library = str(Path(local_cluster.__globals__["__file__"]).parents[2])
    done = subprocess.run([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": library}, capture_output=True)
    assert done.returncode == -signal.SIGINT
