"""`hingecheck check` on a real clip, through the real MediaPipe, as a person runs it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import av
import numpy as np
import pytest
from interrupts import interruptible

from hingecheck.errors import explain
from hingecheck.report.result import read_result
from hingecheck.report.schema import Result

START_TIMEOUT_S = 60
QUICK = ("--model", "lite", "--no-overlay")


@pytest.fixture
def not_a_video(tmp_path: Path) -> Path:
    path = tmp_path / "notes.mp4"
    path.write_text("three sets of five\n")
    return path


@pytest.fixture
def empty_room(tmp_path: Path) -> Path:
    """One second of a grey wall."""
    path = tmp_path / "room.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        wall = np.full((240, 320, 3), 120, dtype=np.uint8)
        for _ in range(30):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(wall, "rgb24")))
        container.mux(stream.encode(None))
    return path


def only_folder(where: Path) -> Path:
    """The one result folder that was left, hidden leftovers included."""
    (folder,) = [path for path in where.iterdir() if path.is_dir()]
    return folder


def test_table_names_every_rep_and_the_folder(hingecheck, butt_wink_clip, tmp_path) -> None:
    done = hingecheck("check", butt_wink_clip)
    assert done.returncode == 0
    assert done.stderr == ""
    folder = tmp_path / "rdl_butt_wink.hingecheck"
    assert only_folder(tmp_path) == folder
    assert done.stdout.splitlines()[-1] == f"Written to {folder}: open report.html."
    assert "rdl_butt_wink.mp4: Romanian deadlift, 3 reps" in done.stdout
    rows = [line.split() for line in done.stdout.splitlines()]
    assert [row[0] for row in rows if row[2:3] == ["s"]] == ["1", "2", "3"]
    assert {"result.json", "frames.csv", "report.html", "overlay.mp4"} <= {
        path.name for path in folder.iterdir()
    }


def test_blurred_faces_change_the_pictures_and_no_number(hingecheck, one_rep, tmp_path) -> None:
    for out, flags in (("plain", ()), ("blurred", ("--blur-faces",))):
        assert hingecheck("check", one_rep, "--model", "lite", "--out", out, *flags).returncode == 0
    frames, films, results = (
        [(tmp_path / out / name).read_bytes() for out in ("plain", "blurred")]
        for name in ("frames.csv", "overlay.mp4", "result.json")
    )
    assert frames[0] == frames[1]
    assert films[0] != films[1]
    asked = [json.loads(result)["provenance"]["settings"]["blur_faces"] for result in results]
    assert asked == [False, True]


def test_json_is_one_line_of_the_result_and_nothing_else(
    hingecheck, butt_wink_clip, tmp_path
) -> None:
    done = hingecheck("check", butt_wink_clip, *QUICK, "--json", "--out", "set", "--lift", "rdl")
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1
    assert json.loads(done.stdout) == json.loads((tmp_path / "set" / "result.json").read_text())
    result = Result.model_validate_json(done.stdout)
    assert (result.lift.name, result.lift.source) == ("rdl", "user")
    assert result.pose.model == "lite"
    assert not (tmp_path / "set" / "overlay.mp4").exists()


def test_several_clips_go_on_past_a_bad_one(
    hingecheck, butt_wink_clip, not_a_video, empty_room, tmp_path
) -> None:
    done = hingecheck("check", "*.mp4", butt_wink_clip, "gone.mov", *QUICK, "--out", "all")
    assert done.returncode == 3
    errors = done.stderr.splitlines()
    assert len(errors) == 2
    assert errors[0].startswith("hingecheck: notes.mp4: ")
    assert errors[1].startswith("hingecheck: gone.mov: ")
    assert {path.name for path in (tmp_path / "all").iterdir()} == {
        "room.hingecheck",
        "rdl_butt_wink.hingecheck",
    }
    summary = done.stdout.split("\n2 of 4 clips checked:\n")[1].splitlines()
    assert [line.split(":")[0].strip() for line in summary] == [
        "notes.mp4",
        "room.mp4",
        "rdl_butt_wink.mp4",
        "gone.mov",
    ]


def test_several_clips_as_json_give_a_line_for_each_that_could_be_read(
    hingecheck, not_a_video, empty_room
) -> None:
    done = hingecheck("check", not_a_video, empty_room, *QUICK, "--json")
    assert done.returncode == 3
    (line,) = done.stdout.splitlines()
    assert json.loads(line)["clip"]["name"] == "room.mp4"


def test_missing_file_is_one_line_and_exit_code_3(hingecheck, tmp_path) -> None:
    done = hingecheck("check", "gone.mp4")
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.startswith("hingecheck: gone.mp4: ")
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_debug_adds_the_traceback(hingecheck) -> None:
    done = hingecheck("check", "gone.mp4", "--debug")
    assert done.returncode == 3
    assert "Traceback (most recent call last)" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("hingecheck: gone.mp4: ")


def test_clip_with_nobody_in_it_ends_with_4_and_a_result(hingecheck, empty_room, tmp_path) -> None:
    done = hingecheck("check", empty_room, *QUICK)
    assert done.returncode == 4
    assert done.stderr == ""
    assert "Nobody was found" in done.stdout
    assert read_result(tmp_path / "room.hingecheck" / "result.json").reps == []


def test_result_place_that_is_a_file_is_a_usage_error(hingecheck, empty_room, tmp_path) -> None:
    (tmp_path / "taken").write_text("mine")
    done = hingecheck("check", empty_room, *QUICK, "--out", "taken")
    assert done.returncode == 2
    assert "expected a folder for the result, got a file" in done.stderr
    assert (tmp_path / "taken").read_text() == "mine"


def started(clip: Path, where: Path) -> subprocess.Popen[str]:
    """A check that has got as far as loading MediaPipe."""
    process = subprocess.Popen(
        [sys.executable, "-m", "hingecheck", "check", str(clip)],
        cwd=where,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=interruptible,
    )
    deadline = time.monotonic() + START_TIMEOUT_S
    while "libmediapipe" not in Path(f"/proc/{process.pid}/maps").read_text():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return process


needs_proc = pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="needs /proc")


@needs_proc
def test_ctrl_c_says_so_and_leaves_nothing(butt_wink_clip, tmp_path) -> None:
    process = started(butt_wink_clip, tmp_path)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=START_TIMEOUT_S)
    assert process.returncode == 130
    assert stdout == ""
    assert stderr == "hingecheck: rdl_butt_wink.mp4: stopped, nothing was written.\n"
    assert list(tmp_path.iterdir()) == []


@needs_proc
def test_killed_run_leaves_no_result_and_the_next_one_cleans_up(
    hingecheck, butt_wink_clip, tmp_path
) -> None:
    process = started(butt_wink_clip, tmp_path)
    time.sleep(0.5)
    process.kill()
    process.communicate(timeout=START_TIMEOUT_S)
    assert not (tmp_path / "rdl_butt_wink.hingecheck").exists()
    assert hingecheck("check", butt_wink_clip, *QUICK).returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["rdl_butt_wink.hingecheck"]


def test_terminal_shows_progress_with_time_left_and_no_chatter(terminal, butt_wink_clip) -> None:
    done = terminal("check", butt_wink_clip, *QUICK)
    assert done.returncode == 0
    assert "rdl_butt_wink.mp4: watching" in done.stdout
    assert "left" in done.stdout
    assert "W0000" not in done.stdout
    assert "TensorFlow" not in done.stdout


def test_missing_system_library_is_named_with_its_remedy() -> None:
    error = ImportError("libGL.so.1: cannot open shared object file: No such file or directory")
    assert explain(error) == (
        "a system library is missing (ImportError: libGL.so.1: cannot open shared object file: No"
        " such file or directory). On Debian or Ubuntu: apt-get install libgl1 libegl1 libgles2"
        " libglib2.0-0."
    )
