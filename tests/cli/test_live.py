"""`hingecheck live` as people start it: a replayed clip, a window or none, an end at any time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import av
import pytest

from hingecheck.report.result import read_result

WAIT_S = 120
QUIET = ("--headless", "--mute", "--model", "lite")
SAMPLE = Path(__file__).parents[2] / "sample_videos" / "rdl_butt_wink.mp4"
LIVE = [sys.executable, "-m", "hingecheck", "live"]


def live(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    return subprocess.run(
        [*LIVE, *map(str, arguments)],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        check=False,
    )


def events(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def seconds_in(film: Path) -> float:
    with av.open(str(film)) as container:
        times = [frame.time for frame in container.decode(video=0) if frame.time is not None]
    return times[-1] - times[0]


def wait_for(condition: Any, process: subprocess.Popen[str]) -> None:
    until_s = time.monotonic() + WAIT_S
    while not condition():
        assert process.poll() is None, "it ended too early"
        assert time.monotonic() < until_s
        time.sleep(0.05)


def test_replayed_clip_gives_events_and_a_whole_result(one_rep: Path, tmp_path: Path) -> None:
    done = live("--replay", one_rep, *QUIET, "--out", "sets", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    kinds = [event["event"] for event in events(done)]
    assert kinds.count("rep") == 1
    assert kinds.count("set") == 2
    (folder,) = (tmp_path / "sets").iterdir()
    assert folder.suffix == ".hingecheck"
    assert str(folder) in events(done)[-1]["text"]
    names = {path.name for path in folder.iterdir()} - {"frames.parquet", "thumb.jpg"}
    assert names == {
        *("result.json", "frames.csv", "landmarks.npz", "report.html", "overlay.mp4"),
        *("landmarks.npz", "clip.mp4", "live.mp4"),
    }
    result = read_result(folder / "result.json")
    assert len(result.reps) == 1
    assert seconds_in(folder / "clip.mp4") == pytest.approx(result.clip.duration_s, abs=0.2)


def test_nothing_is_kept_when_nobody_wants_it(one_rep: Path, tmp_path: Path) -> None:
    done = live("--replay", one_rep, *QUIET, "--no-record", cwd=tmp_path)
    assert done.returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_bench_prints_its_figures(one_rep: Path, tmp_path: Path) -> None:
    done = live("--replay", one_rep, "--bench", "--bench-s", "5", "--model", "lite", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    figures = json.loads(done.stdout)
    assert figures["seconds"] == pytest.approx(5, abs=1)
    assert 0 < figures["fps"] <= 31
    assert 0 < figures["latency_p50_ms"] <= figures["latency_p95_ms"]
    assert all(name.startswith("lite") for name in figures["looked_with"])
    assert sum(figures["looked_with"].values()) == pytest.approx(1, abs=0.01)
    assert figures["window"] is False
    assert 0 < figures["cores_used"] <= figures["cores"] + 0.5
    assert list(tmp_path.iterdir()) == []


def test_kill_leaves_playable_films(butt_wink_clip: Path, tmp_path: Path) -> None:
    command = [*LIVE, "--replay", str(butt_wink_clip), *QUIET]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if json.loads(line)["event"] == "rep":
                break
        os.kill(process.pid, signal.SIGKILL)
    (folder,) = tmp_path.iterdir()
    assert folder.suffix == ".recording"
    for name in ("clip.mp4", "live.mp4"):
        assert seconds_in(folder / name) > 1.5


def test_ctrl_c_keeps_what_was_seen(butt_wink_clip: Path, tmp_path: Path) -> None:
    command = [*LIVE, "--replay", str(butt_wink_clip), *QUIET]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if json.loads(line)["event"] == "rep":
                break
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        assert process.wait(WAIT_S) == 0
    (folder,) = tmp_path.iterdir()
    assert len(read_result(folder / "result.json").reps) == 1


def started(clip: Path, where: Path) -> subprocess.Popen[str]:
    command = [*LIVE, "--replay", str(clip), *QUIET]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=where, stdout=pipe, stderr=pipe, text=True)


def read_until(process: subprocess.Popen[str], wanted: str) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if wanted in line:
            return
    raise AssertionError(f"{wanted!r} was never said")


def test_ctrl_c_that_arrives_twice_keeps_what_was_seen(one_rep: Path, tmp_path: Path) -> None:
    with started(one_rep, tmp_path) as process:
        read_until(process, '"rep", "time_s"')
        for _ in range(3):
            process.send_signal(signal.SIGINT)
            time.sleep(0.015)
        process.communicate(timeout=WAIT_S)
    assert process.returncode == 0
    (folder,) = tmp_path.iterdir()
    assert len(read_result(folder / "result.json").reps) == 1


def test_ctrl_c_while_the_result_is_written_leaves_the_film_and_says_where(
    butt_wink_clip: Path, tmp_path: Path
) -> None:
    with started(butt_wink_clip, tmp_path) as process:
        read_until(process, '"rep", "time_s": 9')
        process.send_signal(signal.SIGINT)
        time.sleep(1.1)
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=WAIT_S)
    assert process.returncode == 130
    (folder,) = tmp_path.iterdir()
    assert folder.suffix == ".recording"
    assert seconds_in(folder / "clip.mp4") > 8.0
    assert f"Its film is kept: {folder.name}/clip.mp4" in complaint
    assert complaint.count("\n") == 1


def test_reader_who_leaves_ends_the_set_in_order(one_rep: Path, tmp_path: Path) -> None:
    with started(one_rep, tmp_path) as process:
        read_until(process, '"rep", "time_s"')
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        complaint = process.stderr.read()
        assert process.wait(WAIT_S) == 0
    assert complaint == ""
    (folder,) = tmp_path.iterdir()
    assert read_result(folder / "result.json").reps


def test_events_that_cannot_be_written_do_not_end_the_set(one_rep: Path, tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*LIVE, "--replay", str(one_rep), *QUIET],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=WAIT_S,
            check=False,
        )
    assert done.returncode == 5
    assert done.stderr == (
        "hingecheck: standard output cannot be written (no space left on device)."
        " The set goes on without events.\n"
    )
    (folder,) = tmp_path.iterdir()
    assert len(read_result(folder / "result.json").reps) == 1


@pytest.mark.parametrize("wanted", [True, False])
def test_set_of_which_nothing_could_be_kept_is_no_success(
    one_rep: Path, tmp_path: Path, wanted: bool
) -> None:
    keep = () if wanted else ("--no-record",)
    done = live("--replay", one_rep, *QUIET, "--out", "/proc", *keep, cwd=tmp_path)
    assert done.returncode == (5 if wanted else 0)
    assert ("Set 1 was not recorded, so it has no result. /proc: " in done.stderr) == wanted
    assert "Errno" not in done.stdout + done.stderr
    assert any(event["event"] == "rep" for event in events(done))


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--replay", "none.mp4", *QUIET), 3, "none.mp4: no such file"),
        (("--camera", "0", "--replay", "none.mp4"), 2, "not both"),
        (("--bench",), 2, "add --replay"),
        (("--camera", "0", "--size", "big", "--headless", "--mute"), 2, "such as 1280x720"),
        (("--camera", "0", "--size", "999999999999x2", *QUIET), 2, "such as 1280x720"),
        (("--camera", "0", "--size", "٣x٤", *QUIET), 2, "such as 1280x720"),
        (("--camera", "0", "--fps", "nan", *QUIET), 2, "--fps nan: expected"),
        (("--camera", "0", "--fps", "-5", *QUIET), 2, "--fps -5: expected"),
        (("--camera", "rtsp://", *QUIET), 2, "no machine in this address"),
        (("--camera", "0", "--mute", "--no-record"), 2, "--headless"),
        (("--replay", "none.mp4", "--bench", "--bench-s", "nan"), 2, "above 0"),
        (("--replay", "none.mp4", "--bench", "--bench-s", "-3"), 2, "above 0"),
        (("--replay", "none.mp4", "--bench-s", "3"), 2, "add --bench"),
        (("--camera", "abc", *QUIET), 2, "Give 0, 1"),
        (("--camera", "-1", *QUIET), 2, "Give 0, 1"),
        (("--camera", __file__, *QUIET), 2, "Play it with --replay"),
        (("--replay", SAMPLE, "--mute", "--out", "new/place"), 2, "--headless"),
        (("--replay", SAMPLE, "--headless", "--out", __file__), 2, "Choose another --out"),
    ],
    ids=[
        *("no such clip", "both", "bench of a camera", "no size"),
        *("vast size", "size in other figures", "no rate", "negative rate", "no machine"),
        "no screen",
        *("endless bench", "bench of no length", "length of no bench"),
        *("no camera's name", "less than no camera", "clip for a camera"),
        *("no screen for a clip", "out is a file"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(
    arguments: tuple[str, ...], code: int, said: str, tmp_path: Path
) -> None:
    done = live(*arguments, cwd=tmp_path)
    assert done.returncode == code
    assert done.stdout == ""
    assert done.stderr.startswith("hingecheck: ")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
