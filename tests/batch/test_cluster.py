"""A batch on a real Dask scheduler with two workers on the loopback device."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pyarrow.parquet as pq
import pytest
from batch.test_batch import QUICK, Running, batch, tables, until
from batch.uploads import told_apart

OK, USAGE, INTERNAL = 0, 2, 5


class Cluster:
    """A scheduler and its workers, each a process of its own.

    Attributes:
        address: The scheduler's.
        workers: Dask's worker processes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.scheduler, line = self._spawn(
            "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"
        )
        self.address = line
        self.workers = [self.add_worker() for _ in range(2)]

    def add_worker(self) -> subprocess.Popen[str]:
        place = self._folder / "dask"
        worker, _ = self._spawn(
            "worker",
            self.address,
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
            "--local-directory",
            str(place),
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
    return next((child for child in children if child.cpu_times().user > 1.5), None)


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
