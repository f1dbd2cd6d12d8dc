"""A folder of uploads becomes a dataset: nothing lost, nothing twice, whatever happens."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pyarrow.parquet as pq
import pytest
import variants
from batch.uploads import LITE, Listener, Uploads, make_uploads, told_apart
from interrupts import interruptible
from rights import nobody, open_to_all

import hingecheck.batch.batch
import hingecheck.batch.run
from hingecheck.batch.batch import Wish, check_all
from hingecheck.batch.crew import LocalCrew
from hingecheck.batch.find import find_sources
from hingecheck.pose.models import PoseModel

OK, USAGE, SOME_FAILED, INTERNAL, STOPPED = 0, 2, 3, 5, 130
WAIT_S = 120.0
QUICK = ("--model", "lite", "--no-overlay")

Batch = Callable[..., subprocess.CompletedProcess[str]]


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "hingecheck", "batch", *map(str, arguments)]


def batch(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), capture_output=True, text=True, timeout=300, check=False
    )


class Running:
    """A run in the background whose workers can be seen."""

    def __init__(self, *arguments: str | Path) -> None:
        self.process = subprocess.Popen(
            command(*arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=interruptible,
        )

    def workers(self) -> list[psutil.Process]:
        try:
            return psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def a_worker_at_work(self, after: psutil.Process | None = None) -> psutil.Process:
        """A worker that has a clip: it has used the processor for more than starting takes."""

        def found() -> psutil.Process | None:
            others = (worker for worker in self.workers() if worker != after)
            return next((worker for worker in others if is_at_work(worker)), None)

        return until(found, "no worker got to work")

    def kill(self) -> None:
        workers = self.workers()
        self.process.kill()
        self.process.communicate()
        _, alive = psutil.wait_procs(workers, timeout=10)
        assert not alive, "workers outlive the run"

    def finish(self) -> tuple[int, str, str]:
        out, err = self.process.communicate(timeout=WAIT_S)
        return self.process.returncode, out, err


def is_at_work(worker: psutil.Process) -> bool:
    try:
        return worker.cpu_times().user > 1.5
    except psutil.NoSuchProcess:
        return False


def until(happened: Callable[[], object], otherwise: str, timeout_s: float = WAIT_S):
    end_s = time.monotonic() + timeout_s
    while time.monotonic() < end_s:
        if found := happened():
            return found
        time.sleep(0.02)
    raise AssertionError(otherwise)


def rows(out: Path) -> dict[str, dict[str, object]]:
    """Rows of clips.parquet by the end of their address."""
    return {
        Path(row["address"]).name: row for row in pq.read_table(out / "clips.parquet").to_pylist()
    }


def done(out: Path) -> int:
    """Results in place."""
    return len(list((out / "clips").glob("*"))) if (out / "clips").is_dir() else 0


def tables(out: Path) -> dict[str, bytes]:
    """Everything of a dataset that must not depend on how it came about."""
    files = [*out.glob("*.parquet"), *out.glob("*.csv"), out / "index.html"]
    files += [*(out / "frames").rglob("*.parquet"), *(out / "clips").rglob("frames.csv")]
    return {
        str(file.relative_to(out)): file.read_bytes()
        for file in files
        if file.name != "timings.parquet"
    }


@pytest.fixture(scope="module")
def uploads(one_rep: Path, tmp_path_factory: pytest.TempPathFactory) -> Uploads:
    gym = tmp_path_factory.mktemp("gym")
    return make_uploads(variants.at_fps(one_rep, gym / "clip.mp4", 15), gym / "uploads")


@pytest.fixture(scope="module")
def whole(uploads: Uploads, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sixty uploads in one uninterrupted run."""
    out = tmp_path_factory.mktemp("gym") / "whole"
    finished = batch(uploads.folder, "--out", out, *QUICK)
    assert finished.returncode == SOME_FAILED, finished.stderr
    assert "60 clips; 1 other file passed over." in finished.stderr
    assert "[60/60] " in finished.stderr
    assert "24 of 60 clips were checked." in finished.stdout
    return out


@pytest.fixture
def few(one_rep: Path, tmp_path: Path) -> Path:
    """Three clips of a second, of different contents."""
    second = variants.store(
        tmp_path / "second.mp4", ((at, rgb) for at, rgb in variants.pictures(one_rep) if at < 1)
    )
    return three_of(second, tmp_path / "few")


@pytest.fixture
def longer(one_rep: Path, tmp_path: Path) -> Path:
    """Three clips that a worker can be caught at."""
    return three_of(one_rep, tmp_path / "longer")


def three_of(clip: Path, folder: Path) -> Path:
    folder.mkdir()
    for number in range(3):
        told_apart(clip, folder / f"clip{number}.mp4", number)
    return folder


def test_sixty_uploads_are_sixty_rows_with_the_right_ends(uploads: Uploads, whole: Path) -> None:
    table = pq.read_table(whole / "clips.parquet").to_pylist()
    ends = {str(Path(row["address"]).relative_to(uploads.folder)): row for row in table}
    assert len(table) == 60
    assert {name for name, row in ends.items() if row["status"] == "ok"} == uploads.good
    assert {name for name, row in ends.items() if row["status"] == "failed"} == uploads.broken
    assert all(row["failure"] == "unreadable" for row in table if row["status"] == "failed")
    assert done(whole) == uploads.contents
    assert not (whole / ".work").exists()


def test_batch_says_what_a_check_says(
    hingecheck_in, uploads: Uploads, whole: Path, tmp_path: Path
) -> None:
    name = "mirrored.mp4"
    clip = next(uploads.folder.rglob(name))
    assert hingecheck_in(tmp_path, "check", clip, "--out", "one", *QUICK).returncode == OK
    folder = whole / "clips" / str(rows(whole)[name]["clip"])
    assert (folder / "frames.csv").read_bytes() == (tmp_path / "one" / "frames.csv").read_bytes()


def test_run_killed_three_times_makes_the_same_bytes(
    uploads: Uploads, whole: Path, tmp_path: Path
) -> None:
    out = tmp_path / "killed"
    chance = random.Random(6)
    for goal in sorted(chance.sample(range(uploads.contents // 2), 3)):
        run = Running(uploads.folder, "--out", out, *QUICK)
        until(lambda goal=goal, run=run: done(out) >= goal and run.workers(), "no progress")
        time.sleep(chance.uniform(0.0, 0.5))
        assert run.process.poll() is None, run.finish()
        run.kill()
    assert batch(uploads.folder, "--out", out, *QUICK).returncode == SOME_FAILED
    assert tables(out) == tables(whole)


def test_second_run_checks_nothing_again(uploads: Uploads, whole: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in (whole / "clips").rglob("*")}
    again = batch(uploads.folder, "--out", whole, *QUICK)
    assert "24 of them done or given up before" in again.stderr
    assert {file: file.stat().st_mtime_ns for file in (whole / "clips").rglob("*")} == before


def test_changed_clip_is_done_again_and_a_moved_one_is_known(few: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert batch(few, "--out", out, *QUICK).returncode == OK
    first = rows(out)
    told_apart(few / "clip0.mp4", few / "clip0.mp4", 99)
    (few / "clip1.mp4").rename(few / "moved.mp4")
    again = batch(few, "--out", out, "--prune", *QUICK)
    assert again.returncode == OK
    assert "known   moved.mp4" in again.stderr
    assert again.stderr.count("] ok ") == 1
    second = rows(out)
    assert set(second) == {"clip0.mp4", "clip2.mp4", "moved.mp4"}
    assert second["clip0.mp4"]["clip"] != first["clip0.mp4"]["clip"]
    assert second["moved.mp4"]["clip"] == first["clip1.mp4"]["clip"]
    kept = {row["clip"] for row in second.values()}
    assert {folder.name for folder in (out / "clips").iterdir()} == kept
    assert {folder.name for folder in (out / "frames").iterdir()} == {f"clip={id}" for id in kept}


def test_other_settings_do_everything_again(few: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert batch(few, "--out", out, *QUICK).returncode == OK
    again = batch(few, "--out", out, *QUICK, "--lift", "rdl")
    assert again.stderr.count("] ok ") == 3
    assert done(out) == 3
    assert {row["lift_source"] for row in rows(out).values()} == {"user"}


def test_removed_result_is_made_again(few: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert batch(few, "--out", out, *QUICK).returncode == OK
    before = tables(out)
    (next((out / "clips").iterdir()) / "result.json").unlink()
    assert batch(few, "--out", out, *QUICK).stderr.count("] ok ") == 1
    assert tables(out) == before


@pytest.mark.skipif(sys.platform != "linux", reason="limits another process's memory")
def test_worker_killed_hung_or_out_of_memory_costs_its_clip_one_attempt(
    longer: Path, tmp_path: Path
) -> None:
    run = Running(longer, "--out", tmp_path / "out", "--workers", "1", "--timeout", "6", *QUICK)
    first = run.a_worker_at_work()
    first.kill()
    second = run.a_worker_at_work(after=first)
    second.send_signal(signal.SIGSTOP)
    third = run.a_worker_at_work(after=second)
    used = third.memory_info().vms
    third.rlimit(psutil.RLIMIT_AS, (used, used))
    code, _, err = run.finish()
    assert code == OK, err
    assert "was killed, perhaps because memory ran out" in err
    assert "no progress for" in err
    assert err.count("again in") == 3, err
    assert {row["status"] for row in rows(tmp_path / "out").values()} == {"ok"}


def test_clip_that_always_fails_is_tried_three_times_and_given_up_in_the_end(
    few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hingecheck.batch.run, "BACK_OFF_S", (0.05, 0.05))
    out, clip = tmp_path / "out", few / "clip0.mp4"

    def listen(quiet_s: float) -> Listener:
        listener, wish = Listener(), Wish(quiet_s)
        check_all([str(clip)], out, LITE, lambda work: LocalCrew(1, work), listener, wish)
        return listener

    for number in range(4):
        listener = listen(quiet_s=0.01)
        assert listener.waiting == (1 if number < 3 else 0)
        assert listener.retries == (2 if number < 3 else 0)
    assert rows(out)["clip0.mp4"]["failure"] == "timed_out"
    os.utime(clip)
    assert [end.failure for end in listen(quiet_s=60).ends] == [None], "touched, it is tried again"


def test_two_runs_in_one_folder_are_refused(longer: Path, tmp_path: Path) -> None:
    run = Running(longer, "--out", tmp_path / "out", *QUICK)
    run.a_worker_at_work()
    second = batch(longer, "--out", tmp_path / "out", *QUICK)
    assert second.returncode == USAGE
    assert f"another run (process {run.process.pid}) is at work there" in second.stderr
    assert run.finish()[0] == OK


def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(longer: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run = Running(longer, "--out", out, "--workers", "1", *QUICK)
    until(lambda: done(out) == 1, "no clip was done")
    workers = run.workers()
    run.process.send_signal(signal.SIGINT)
    code, _, err = run.finish()
    assert code == STOPPED
    assert "stopped; what is done is kept. Run the same again to go on." in err
    assert not psutil.wait_procs(workers, timeout=10)[1]
    ends = [row["status"] for row in rows(out).values()]
    assert 1 <= ends.count("ok") == 3 - ends.count("waiting") < 3
    assert batch(longer, "--out", out, *QUICK).returncode == OK
    assert [row["status"] for row in rows(out).values()] == ["ok"] * 3


def test_run_that_is_stopped_again_and_again_costs_no_clip_its_attempts(
    longer: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run = Running(longer / "clip0.mp4", "--out", out, *QUICK)
    run.a_worker_at_work()
    run.process.send_signal(signal.SIGINT)
    assert run.finish()[0] == STOPPED
    assert [row["status"] for row in rows(out).values()] == ["waiting"]
    assert "0 of 1 clips checked so far, 1 still to do." in (out / "index.html").read_text()
    with sqlite3.connect(out / "batch.sqlite") as ledger:
        assert ledger.execute("SELECT attempts FROM source").fetchall() == [(0,)]
        ledger.execute("UPDATE source SET attempts = 9")
    given_up = batch(longer / "clip0.mp4", "--out", out, *QUICK)
    assert given_up.returncode == SOME_FAILED, "killed nine times, and accounted for all the same"
    assert rows(out)["clip0.mp4"]["failure"] == "lost"
    assert batch(longer / "clip0.mp4", "--out", out, "--again", *QUICK).returncode == OK


def test_stopping_a_run_with_other_settings_keeps_the_results_there_are(
    few: Path, longer: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert batch(few, "--out", out, *QUICK).returncode == OK
    for clip in few.iterdir():
        told_apart(longer / "clip2.mp4", clip, int(clip.stem[-1]))
    run = Running(few, "--out", out, "--lift", "rdl", "--workers", "1", *QUICK)
    run.a_worker_at_work()
    run.process.send_signal(signal.SIGINT)
    assert run.finish()[0] == STOPPED
    assert [row["status"] for row in rows(out).values()] == ["ok"] * 3
    assert done(out) == 3
    before = tables(out)
    assert batch(few, "--out", out, "--cluster", "tcp://127.0.0.1:9", *QUICK).returncode == USAGE
    assert tables(out) == before


def test_attempt_that_fails_takes_no_result_away(
    few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hingecheck.batch.run, "BACK_OFF_S", (0.05, 0.05))
    out, clip = tmp_path / "out", few / "clip0.mp4"
    assert batch(clip, "--out", out, *QUICK).returncode == OK
    before = clip.read_bytes()
    clip.write_bytes(before[:100])
    assert batch(clip, "--out", out, "--prune", *QUICK).returncode == SOME_FAILED
    assert rows(out)["clip0.mp4"]["failure"] == "unreadable"
    clip.unlink()
    assert batch(clip, "--out", out, *QUICK).returncode == SOME_FAILED
    assert rows(out)["clip0.mp4"]["failure"] == "out_of_reach"
    clip.write_bytes(before)
    listener = Listener()
    heavy = replace(LITE, model=PoseModel.HEAVY)
    check_all([str(clip)], out, heavy, lambda work: LocalCrew(1, work), listener, Wish(0.01))
    assert [end.failure for end in listener.ends] == ["timed_out"]
    assert done(out) == 1
    again = batch(clip, "--out", out, *QUICK)
    assert "] known " in again.stderr
    assert rows(out)["clip0.mp4"]["status"] == "ok"


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="Windows closes terminals otherwise")
def test_closed_terminal_ends_a_run_as_ctrl_c_does(longer: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run = Running(longer, "--out", out, *QUICK)
    run.a_worker_at_work()
    for process in (run.process, *run.workers()):
        process.send_signal(signal.SIGHUP)
    assert run.finish()[0] == STOPPED
    assert len(rows(out)) == 3
    with sqlite3.connect(out / "batch.sqlite") as ledger:
        assert not ledger.execute("SELECT 1 FROM source WHERE NOT met AND attempts").fetchall()


def test_equal_files_that_come_together_are_checked_once(longer: Path, tmp_path: Path) -> None:
    for number in (1, 2):
        shutil.copy(longer / "clip0.mp4", longer / f"clip{number}.mp4")
    finished = batch(longer, "--out", tmp_path / "out", "--workers", "3", *QUICK)
    assert finished.returncode == OK
    assert finished.stderr.count("] ok ") == 1
    assert finished.stderr.count("] known ") == 2


def test_it_makes_no_difference_which_of_equal_files_is_checked(
    uploads: Uploads, tmp_path: Path
) -> None:
    warnings = []
    for name in ("first.mp4", "second.mp4"):
        out = tmp_path / f"{name}.out"
        shutil.copy(next(uploads.folder.rglob("truncated.mp4")), tmp_path / name)
        assert batch(tmp_path / name, "--out", out, *QUICK).returncode == OK
        warnings.append(rows(out)[name]["warnings"])
    assert warnings[0] == warnings[1] != []


def test_files_of_one_size_are_checked_side_by_side(longer: Path, tmp_path: Path) -> None:
    size = max(clip.stat().st_size for clip in longer.iterdir())
    for clip in longer.iterdir():
        content = clip.read_bytes()
        clip.write_bytes(content + bytes(size - len(content)))
    listener = Listener()
    check_all([str(longer)], tmp_path / "out", LITE, lambda work: LocalCrew(3, work), listener)
    assert listener.most_at_once == 3
    assert [end.failure for end in listener.ends] == [None] * 3


def test_clip_that_changes_while_it_is_checked_is_checked_again(
    longer: Path, tmp_path: Path
) -> None:
    clip = longer / "clip0.mp4"
    run = Running(clip, "--out", tmp_path / "out", *QUICK)
    run.a_worker_at_work()
    os.utime(clip)
    code, _, err = run.finish()
    assert code == OK
    assert "changed while it was checked" in err


def test_prune_drops_nothing_where_a_folder_cannot_be_listed(
    few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, shut = tmp_path / "out", few / "shut"
    shut.mkdir()
    (few / "clip1.mp4").rename(shut / "clip1.mp4")

    def checked() -> int:
        prune = Wish(60.0, prune=True)
        check_all([str(few)], out, LITE, lambda work: LocalCrew(2, work), Listener(), prune)
        assert done(out) == len(rows(out))
        return done(out)

    assert checked() == 3
    open_to_all(tmp_path)
    shut.chmod(0)
    with monkeypatch.context() as patch:
        patch.setattr(hingecheck.batch.batch, "find_sources", nobody()(find_sources))
        assert checked() == 3
    shut.chmod(0o755)
    (shut / "clip1.mp4").unlink()
    assert checked() == 2


@pytest.mark.parametrize(
    ("name", "left"), [("result.json", 100), ("landmarks.npz", 100), ("thumb.jpg", None)]
)
def test_file_that_was_cut_short_or_removed_is_made_again(
    few: Path, tmp_path: Path, name: str, left: int | None
) -> None:
    out = tmp_path / "out"
    assert batch(few / "clip0.mp4", "--out", out, *QUICK).returncode == OK
    before = tables(out)
    (file,) = (out / "clips").glob(f"*/{name}")
    content = file.read_bytes()
    file.unlink() if left is None else file.write_bytes(content[:left])
    assert batch(few / "clip0.mp4", "--out", out, *QUICK).stderr.count("] ok ") == 1
    assert file.stat().st_size > 100
    assert tables(out) == before


def test_result_that_was_spoiled_by_hand_is_made_again(few: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert batch(few / "clip0.mp4", "--out", out, *QUICK).returncode == OK
    assert batch(few / "clip1.mp4", "--out", out, *QUICK, "--lift", "rdl").returncode == OK
    shutil.rmtree(out / "clips" / str(rows(out)["clip0.mp4"]["clip"]))
    frames = next((out / "frames").glob(f"clip={rows(out)['clip1.mp4']['clip']}/*"))
    frames.write_bytes(b"")
    again = batch(few / "clip1.mp4", "--out", out, *QUICK, "--lift", "rdl")
    assert again.stderr.count("] ok ") == 1
    assert frames.stat().st_size > 0
    assert rows(out)["clip0.mp4"]["status"] == "waiting"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=700k", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("needs to mount a small disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_full_disk_ends_the_run_and_loses_nothing(
    longer: Path, small_disk: Path, tmp_path: Path
) -> None:
    out = small_disk / "out"
    finished = batch(longer, "--out", out, "--workers", "1", *QUICK)
    assert finished.returncode == INTERNAL
    assert "disk full" in finished.stderr or "no space left" in finished.stderr
    assert finished.stderr.count("Traceback") == 0
    kept = done(out)
    subprocess.run(["mount", "-o", "remount,size=50m", str(small_disk)], check=True)
    again = batch(longer, "--out", out, *QUICK)
    assert again.returncode == OK, again.stderr
    assert again.stderr.count("] ok ") == 3 - kept
    assert len(rows(out)) == 3


def test_anonymous_dataset_holds_no_name_and_no_path(one_rep: Path, tmp_path: Path) -> None:
    folder = tmp_path / "Persephone Quill"
    folder.mkdir()
    told_apart(one_rep, folder / "persephone_squat.mp4", 1)
    (folder / "persephone_text.mp4").write_text("hello")
    out = tmp_path / "out"
    finished = batch(folder, "--out", out, *QUICK, "--anonymise")
    assert finished.returncode == SOME_FAILED
    assert len(list(out.rglob("result.json"))) == 1
    for file in out.rglob("*"):
        assert "persephone" not in file.name.casefold()
        if file.is_file():
            content = file.read_bytes().lower()
            assert b"persephone" not in content, file
            assert str(tmp_path).encode().lower() not in content, file
    (folder / "persephone_text.mp4").unlink()
    shut = batch(folder / "persephone_text.mp4", "--out", out, *QUICK, "--anonymise", "--prune")
    assert shut.returncode == SOME_FAILED
    assert set(rows(out)) == {"input-1"}, "no bytes were read, and its path's hash would tell"
    named = batch(folder, "--out", out, *QUICK)
    assert named.returncode == USAGE
    assert "was begun with --anonymise" in named.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
def test_names_that_are_no_text_stay_apart(tmp_path: Path) -> None:
    folder = tmp_path / "gym"
    folder.mkdir()
    for name in ("a\udcff.mp4", "a\udcfe.mp4", "a?.mp4"):
        (folder / name).write_text("hello")
    assert batch(folder, "--out", tmp_path / "out", *QUICK).returncode == SOME_FAILED
    assert set(rows(tmp_path / "out")) == {r"a\udcff.mp4", r"a\udcfe.mp4", "a?.mp4"}


def test_no_video_keeps_numbers_only(few: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert batch(few / "clip0.mp4", "--out", out, "--model", "lite", "--no-video").returncode == OK
    (folder,) = (out / "clips").iterdir()
    assert {file.name for file in folder.iterdir()} == {
        *("result.json", "frames.csv", "landmarks.npz", "report.html")
    }
    assert b"data:image" not in (folder / "report.html").read_bytes()


def test_folder_that_is_no_batch_is_left_alone(few: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "diary.txt").write_text("dear diary")
    finished = batch(few, "--out", tmp_path / "out", *QUICK)
    assert finished.returncode == USAGE
    assert "is not empty and holds no batch, so it is left alone" in finished.stderr
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["diary.txt"]


def test_inputs_without_videos_are_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no video")
    finished = batch(tmp_path, "--out", tmp_path / "out", *QUICK)
    assert finished.returncode == USAGE
    assert "holds no videos (1 other file" in finished.stderr
    assert not (tmp_path / "out").exists()


def test_disk_that_is_full_from_the_start_is_one_line_and_can_be_used_later(
    few: Path, small_disk: Path
) -> None:
    filler = small_disk / "filler"
    with suppress(OSError), filler.open("wb") as file:
        while True:
            file.write(bytes(4096))
    out = small_disk / "out"
    finished = batch(few / "clip0.mp4", "--out", out, *QUICK)
    assert finished.returncode in (USAGE, INTERNAL)
    assert "Traceback" not in finished.stderr
    assert finished.stderr.count("hingecheck: ") == 1
    filler.unlink()
    subprocess.run(["mount", "-o", "remount,size=50m", str(small_disk)], check=True)
    assert batch(few / "clip0.mp4", "--out", out, *QUICK).returncode == OK
