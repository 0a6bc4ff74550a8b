"""The scans of a batch on many machines: Dask gives the jobs out, and each of its workers keeps one of ours.

A scan runs in a process of its own on the machine that got it (`workers`), so that its crash costs its row alone. A
machine that goes away loses no scan: its jobs are given to others, and what it finished is known by its result. All
machines must see scans and results at the same paths. Nothing listens but on loopback, unless a cluster is asked for.
"""

import logging
import signal
import threading
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..batch import FAILED, BatchRow, Crew, ScanJob, Told
from ..errors import UserError, fault, in_one_line
from ..files import told_as_damaged
from ..sentences import say
from .workers import ScanWorker, threads_each

if TYPE_CHECKING:
    from distributed import Client

LOCAL = "local"
"""As a scheduler: one on this machine."""

_QUEUES = {"slurm": "SLURMCluster", "pbs": "PBSCluster", "sge": "SGECluster", "lsf": "LSFCluster"}
_LOOPBACK = "127.0.0.1"
_UNSEEN = f"{_LOOPBACK}:0"
"""Where Dask's own page may be, which nobody asked for."""

_own = threading.local()
"""Of each thread of a Dask worker: the worker of ours that it keeps."""


def require_cluster(name: str = "distributed") -> Any:
    """The library of that name. Raises UserError where it is not installed."""
    from importlib import import_module

    before = signal.getsignal(signal.SIGINT)
    try:
        return import_module(name)
    except ImportError as error:
        raise UserError(
            "{name} is not installed, which gives scans to many machines; pip install 'dlpfcsegmenter[cluster]'.",
            name=name,
        ) from error
    finally:
        # dask-jobqueue brings its own, by which a program that is stopped by hand ends as if all were done.
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, before)


@contextmanager
def scheduler(address: str, jobs: int) -> "Iterator[Client]":
    """A client of the scheduler at an address such as tcp://HOST:8786, or of one of its own with `jobs` workers."""
    distributed = require_cluster()
    if address != LOCAL:
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # rows tell what went wrong
        try:
            client = distributed.Client(address, timeout=30)
        except (OSError, ValueError) as error:
            raise UserError(
                "--scheduler {address}: no scheduler answers there ({reason}); start one with 'dask scheduler'.",
                address=address,
                reason=in_one_line(error),
            ) from error
        with client:
            yield client
        return
    with local_cluster(jobs) as cluster, distributed.Client(cluster) as client:
        yield client


def local_cluster(jobs: int, **more: Any) -> Any:
    """A cluster of processes on this machine, which listens on loopback alone."""
    distributed = require_cluster()
    quiet = {"dashboard_address": _UNSEEN, "worker_dashboard_address": None, "silence_logs": 50}
    return distributed.LocalCluster(n_workers=jobs, threads_per_worker=1, host=_LOOPBACK, **quiet | more)


@contextmanager
def cluster_of(path: Path) -> "Iterator[Client]":
    """A client of the cluster that a file describes (`described_cluster`), which ends with it."""
    distributed = require_cluster()
    cluster, workers = described_cluster(path)
    with cluster, distributed.Client(cluster) as client:
        _ask_for(workers, cluster, path)
        yield client


def _ask_for(workers: int, cluster: Any, path: Path) -> None:
    """Order workers from a queue. Its own `scale` only logs that the queue takes none, and all would wait for ever."""

    async def order() -> None:
        """Let the cluster submit what is ordered, and raise what the queue says."""
        await cluster

    for _ in range(workers):
        cluster.worker_spec.update(cluster.new_worker_spec())
    try:
        cluster.sync(order)
    except Exception as error:  # whatever the queue's programs say
        status = require_cluster().Status
        for worker in cluster.workers.values():
            if worker.status == status.created:  # at its end the cluster trusts that each was begun
                worker.status = status.failed
        raise UserError(
            "{path}: the queue takes no worker ({reason}); mend the file, or start this where jobs can be submitted.",
            path=path,
            reason=in_one_line(error),
        ) from error


def described_cluster(path: Path) -> tuple[Any, int]:
    """The cluster that a TOML file describes and how many workers it is to have; nothing is asked of it yet.

    `system` is slurm, pbs, sge, lsf or local, `workers` their number; all else goes to dask-jobqueue as it is, such as
    cores, memory, queue and walltime. Raises UserError for a file that cannot be used.
    """
    with told_as_damaged(path, say("what it says of the cluster")):
        try:
            told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise UserError("{path}: cannot be read ({reason}).", path=path, reason=error.strerror) from error
        system, workers = str(told.pop("system", "")), int(told.pop("workers", 1))
    if system != LOCAL and system not in _QUEUES:
        known = ", ".join((*_QUEUES, LOCAL))
        raise UserError("{path}: its system is {system!r}; give one of {known}.", path=path, system=system, known=known)
    if workers < 1:
        raise UserError("{path}: asks for {workers} workers; give 1 or more.", path=path, workers=workers)
    kind = partial(local_cluster, 0) if system == LOCAL else partial(_queue, _QUEUES[system])
    try:
        return kind(**told), workers
    except UserError:
        raise
    except Exception as error:  # each queue has its own ways to refuse a value
        raise UserError("{path}: {reason}; mend it.", path=path, reason=in_one_line(error)) from error


def _queue(kind: str, **told: Any) -> Any:
    """A cluster of dask-jobqueue; its scheduler and workers show no pages to the network unless that is asked for."""
    silent = {"dashboard_address": _UNSEEN} | told.pop("scheduler_options", {})
    arguments = ["--no-dashboard", *told.pop("worker_extra_args", ())]
    made = getattr(require_cluster("dask_jobqueue"), kind)
    return made(processes=1, scheduler_options=silent, worker_extra_args=arguments, **told)


def cluster_crew(client: "Client", threads: int | None, logs: Path, command: Sequence[str] = ()) -> Crew:
    """The workers of a cluster, those that come later too, with a log of each scan in the folder `logs`."""
    from distributed import as_completed

    def crew(todo: Sequence[ScanJob]) -> Told:
        """Each scan by whichever worker is free."""
        futures = {
            client.submit(_plan, job, threads, logs, tuple(command), Path.cwd(), pure=False): number
            for number, job in enumerate(todo)
        }
        try:
            for future in as_completed(list(futures)):
                number = futures[future]
                yield number, _row_of(future, todo[number])
        finally:
            client.cancel(list(futures), force=True)

    return crew


def _row_of(future: Any, job: ScanJob) -> BatchRow:
    try:
        return future.result()
    except CancelledError:
        told = say("{source}: the scheduler has gone; the same command again goes on.", source=job.scan.source)
        return BatchRow(job.scan.name, FAILED, message=told)
    except Exception as error:  # it killed one machine after the other
        return BatchRow(
            job.scan.name, FAILED, message=fault(say("planning on {source}", source=job.scan.source), error)
        )


def _plan(job: ScanJob, threads: int | None, logs: Path, command: tuple[str, ...], here: Path) -> BatchRow:
    """Do one job in this thread's own worker, which is started with the first, in the folder where the batch began."""
    from distributed import get_worker

    worker = getattr(_own, "worker", None)
    if worker is None or _own.here != here:  # the machines of a scheduler stay for the next batch
        if worker is not None:
            worker.end()
        side_by_side, _own.here = get_worker().state.nthreads, here
        worker = _own.worker = ScanWorker(threads_each(side_by_side, threads), command, here)
    return worker.plan(job, logs)
