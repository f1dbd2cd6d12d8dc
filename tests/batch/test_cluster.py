"""A batch on a real Dask scheduler with two workers on the loopback device."""

from __future__ import annotations

import gc
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pyarrow.parquet as pq
import pytest
from batch.test_batch import QUICK, Running, batch, is_at_work, tables, until
from batch.uploads import told_apart
from distributed import Client

from hingecheck import __version__
from hingecheck.batch.cluster import DaskCrew, start_cluster
from hingecheck.batch.records import Failure, Order, Outcome
from hingecheck.batch.settings import Settings
from hingecheck.batch.sources import Source
from hingecheck.errors import UsageError
from hingecheck.overlay.film import Pictures
from hingecheck.pose.models import PoseModel

USAGE, INTERNAL, STOPPED = 2, 5, 130


class Cluster:
    """A scheduler and its workers, each a process of its own.

    Attributes:
        address: The scheduler's.
        workers: Dask's worker processes.
        scratch: Their folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self.scratch = folder, folder / "dask"
        self.scheduler, line = self._spawn(
            "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"
        )
        self.address = line
        self.workers = [self.add_worker() for _ in range(2)]

    def add_worker(self) -> subprocess.Popen[str]:
        worker, _ = self._spawn(
            "worker",
            self.address,
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
            "--local-directory",
            str(self.scratch),
            "--death-timeout",
            "30",
        )
        return worker

    def _spawn(self, *arguments: str) -> tuple[subprocess.Popen[str], str]:
        log = self._folder / f"{arguments[0]}-{time.monotonic_ns()}.log"
        process = subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]],
            stderr=log.open("w"),
            stdout=subprocess.DEVNULL,
            text=True,
        )
        said = r"Scheduler at:\s+(tcp://\S+)" if arguments[0] == "scheduler" else r"(Registered to)"
        found = until(lambda: re.search(said, log.read_text()), f"no dask {arguments[0]}")
        return process, found.group(1)

    def stop(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    running = Cluster(tmp_path)
    yield running
    running.stop()


@pytest.fixture
def clips(one_rep: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "clips"
    folder.mkdir()
    for number in range(6):
        told_apart(one_rep, folder / f"clip{number}.mp4", number)
    (folder / "text.mp4").write_text("hello")
    return folder


def checking(worker: subprocess.Popen[str]) -> psutil.Process | None:
    """The child of a Dask worker that has a clip in hand."""
    children = psutil.Process(worker.pid).children()
    return next(filter(is_at_work, children), None)


def test_worker_lost_in_the_middle_loses_no_clip(
    cluster: Cluster, clips: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run = Running(clips, "--out", out, "--cluster", cluster.address, *QUICK)
    lost = cluster.workers[0]
    child = until(lambda: checking(lost), "the first worker got no clip")
    lost.kill()
    lost.wait()
    until(lambda: not child.is_running(), "a check outlives its worker", timeout_s=10)
    code, _, err = run.finish()
    assert code == 3, err
    table = pq.read_table(out / "clips.parquet").to_pylist()
    assert [row["status"] for row in table].count("ok") == 6
    assert len(table) == 7
    alone = tmp_path / "alone"
    assert batch(clips, "--out", alone, *QUICK).returncode == 3
    assert tables(alone) == tables(out)


def test_lost_scheduler_keeps_what_is_done(cluster: Cluster, clips: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run = Running(clips, "--out", out, "--cluster", cluster.address, *QUICK)
    until(lambda: list((out / "clips").glob("*")), "no clip was done")
    cluster.scheduler.kill()
    code, _, err = run.finish()
    assert code == INTERNAL, err
    assert "the Dask scheduler is gone. What is done is kept" in err
    assert len([line for line in err.splitlines() if "] ok " not in line]) <= 3, err
    done = len(list((out / "clips").glob("*")))
    again = batch(clips, "--out", out, *QUICK)
    assert again.stderr.count("] ok ") == 6 - done


def test_local_cluster_is_started_and_ended(clips: Path, tmp_path: Path) -> None:
    for number in range(2, 6):
        (clips / f"clip{number}.mp4").unlink()
    finished = batch(
        clips, "--out", tmp_path / "out", "--cluster", "local", "--workers", "1", *QUICK
    )
    assert finished.returncode == 3, finished.stderr
    assert finished.stderr.count("] ok ") == 2
    assert "Traceback" not in finished.stderr


def test_ctrl_c_ends_a_local_cluster_in_one_line(clips: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run = Running(clips, "--out", out, "--cluster", "local", "--workers", "2", *QUICK)
    run.a_worker_at_work()
    workers = run.workers()
    run.process.send_signal(signal.SIGINT)
    code, _, err = run.finish()
    assert code == STOPPED
    assert err.splitlines()[-1].endswith("Run the same again to go on.")
    assert "Traceback" not in err
    assert len(err) < 1500, err
    assert not psutil.wait_procs(workers, timeout=10)[1], "workers outlive the run"


def test_local_cluster_listens_to_this_machine_alone() -> None:
    with start_cluster("local", 2) as client, client.cluster:
        listening = {
            each.laddr.ip
            for each in psutil.Process().net_connections("inet")
            if each.status == psutil.CONN_LISTEN
        }
    assert listening <= {"127.0.0.1", "::1"}


@pytest.mark.parametrize("address", ["nonsense", "tls://127.0.0.1:9", "tcp://127.0.0.1:http"])
def test_address_that_is_none_is_one_line(address: str) -> None:
    with pytest.raises(UsageError, match="no Dask scheduler answers there") as caught:
        start_cluster(address, 1)
    assert "\n" not in str(caught.value)
    clients = [each for each in gc.get_objects() if isinstance(each, Client)]
    assert all(each.status == "closed" for each in clients), "one is left to be collected"


@pytest.fixture
def crew(cluster: Cluster, tmp_path: Path) -> Iterator[DaskCrew]:
    """The cluster's workers, ready to take orders one by one."""
    (tmp_path / "work").mkdir()
    with DaskCrew(start_cluster(cluster.address, 1), tmp_path / "work") as ready:
        yield ready


def order(clip: Path) -> Order:
    settings = Settings(None, PoseModel.LITE, Pictures(overlay=False, stills=False), False)
    return Order(Source(str(clip), None, ""), settings, settings.fingerprint(), frozenset(), 60.0)


def outcome(crew: DaskCrew) -> Outcome:
    def ended() -> Outcome | None:
        return next((one for one in crew.wait(0.1) if isinstance(one, Outcome)), None)

    return until(ended, "an order was lost", timeout_s=60)


def test_full_disk_of_a_worker_is_not_the_runs(cluster: Cluster, crew, clips: Path) -> None:
    assert crew.size == 4
    shutil.rmtree(cluster.scratch)
    cluster.scratch.write_text("no folder")
    crew.start(order(clips / "clip0.mp4"))
    end = outcome(crew)
    assert end.failure is Failure.INTERNAL
    assert end.message.startswith("clip0.mp4: a worker's disk cannot be written (")
    assert not end.hopeless


def test_trouble_of_a_workers_machine_is_not_the_runs(cluster: Cluster, crew, clips: Path) -> None:
    with Client(cluster.address) as beside:
        beside.run(setattr, tempfile, "tempdir", str(cluster.scratch / "nowhere"))
    crew.start(order(clips / "clip0.mp4"))
    end = outcome(crew)
    assert end.failure is Failure.INTERNAL
    assert end.message.startswith(f"on {socket.gethostname()}: no process can be started")
    assert not end.hopeless


def test_clip_that_takes_its_workers_with_it_is_given_up_for_this_run(
    clips: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "0")
    cluster = request.getfixturevalue("cluster")
    crew = request.getfixturevalue("crew")
    crew.start(order(clips / "clip0.mp4"))
    until(lambda: next(filter(checking, cluster.workers), None), "no worker got it").kill()
    end = outcome(crew)
    assert (end.failure, end.lasting) == (Failure.LOST, True)


def test_full_disk_of_the_run_ends_it(crew: DaskCrew, clips: Path, tmp_path: Path) -> None:
    (tmp_path / "work").rmdir()
    crew.start(order(clips / "clip0.mp4"))
    end = outcome(crew)
    assert end.hopeless
    assert end.message == f"{tmp_path}: cannot be written (no such file or directory)."


def test_worker_of_another_version_says_so(crew: DaskCrew, clips: Path, monkeypatch) -> None:
    monkeypatch.setattr("hingecheck.batch.cluster.__version__", "99.0")
    crew.start(order(clips / "clip0.mp4"))
    end = outcome(crew)
    assert end.failure is Failure.INTERNAL
    assert end.message == (
        f"clip0.mp4: its worker has hingecheck {__version__}, expected 99.0."
        " Install the same version everywhere."
    )


def test_order_that_no_worker_understands_comes_back(crew: DaskCrew, clips: Path) -> None:
    odd = replace(order(clips / "clip0.mp4"), source=Unreadable(str(clips / "clip0.mp4"), None, ""))
    crew.start(odd)
    end = outcome(crew)
    assert end.failure is Failure.INTERNAL
    assert end.message.startswith("clip0.mp4: its worker could not carry it out (")
    assert end.message.endswith(f"Every worker needs hingecheck {__version__}.")


class Unreadable(Source):
    """What a worker of another version may make of an order."""

    def __reduce__(self) -> tuple[object, ...]:
        return exec, ("raise ModuleNotFoundError('No module named hingecheck.new')",)


def test_no_scheduler_is_one_line(clips: Path, tmp_path: Path) -> None:
    finished = batch(clips, "--out", tmp_path / "out", "--cluster", "tcp://127.0.0.1:9", *QUICK)
    assert finished.returncode == USAGE
    assert "no Dask scheduler answers there" in finished.stderr
    assert finished.stderr.count("\n") <= 2


def test_addresses_are_reached_by_the_workers_alone(
    cluster: Cluster, clips: Path, tmp_path: Path
) -> None:
    for number in range(2, 6):
        (clips / f"clip{number}.mp4").unlink()
    finished = batch(
        f"file://{clips}/*.mp4", "--out", tmp_path / "out", "--cluster", cluster.address, *QUICK
    )
    assert finished.returncode == 3, finished.stderr
    table = pq.read_table(tmp_path / "out" / "clips.parquet").to_pylist()
    assert [row["address"] for row in table] == [
        f"file://{clips}/{name}.mp4" for name in ("clip0", "clip1", "text")
    ]
