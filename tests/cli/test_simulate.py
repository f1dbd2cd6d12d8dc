"""`hingecheck simulate`: clips with their truth, whole or not at all, and never over another's."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import av
import pytest
from interrupts import interruptible

from hingecheck.cli.simulate import CLOTHES, FAULTS, LIFTS
from hingecheck.simulate.clothing import Clothing
from hingecheck.simulate.plan import Fault, Lift
from hingecheck.simulate.truth import ANGLE_COLUMNS, PLACE_COLUMNS

START_TIMEOUT_S = 120
WINK = ("--lift", "rdl", "--fault", "butt-wink", "--tuck", "18", "--seed", "7", "--fps", "5")
FILES = ["clip.mp4", "clip_truth.csv", "clip_truth.json"]


@pytest.fixture(scope="module")
def filmed(hingecheck_in, tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A folder in which a butt wink was simulated, and how that went."""
    folder = tmp_path_factory.mktemp("simulated")
    return folder, hingecheck_in(folder, "simulate", *WINK, "-o", "clip.mp4")


def truth_of(folder: Path) -> tuple[bytes, bytes]:
    return (folder / FILES[1]).read_bytes(), (folder / FILES[2]).read_bytes()


def test_clip_and_truth_are_written_and_named(filmed) -> None:
    folder, done = filmed
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "Written to clip.mp4: rdl, 3 repetitions, butt wink by 18 degrees.",
        "The truth is in clip_truth.csv and clip_truth.json.",
    ]
    assert sorted(path.name for path in folder.iterdir()) == FILES


def test_truth_tells_what_was_asked_for_in_the_contracts_names(filmed) -> None:
    folder, _ = filmed
    about = json.loads((folder / FILES[2]).read_text())
    assert (about["lift"], about["fault"], about["tuck_deg"]) == ("rdl", "butt_wink", 18)
    assert (about["fps"], about["view_yaw_deg"]) == (5, 0)
    with (folder / FILES[1]).open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["frame", "time_s", *ANGLE_COLUMNS, *PLACE_COLUMNS]
    with av.open(str(folder / "clip.mp4")) as container:
        assert len(list(container.decode(video=0))) == len(rows)


def test_same_seed_and_options_give_the_same_truth_and_nothing_old_stays(
    filmed, hingecheck_in, tmp_path
) -> None:
    folder, _ = filmed
    for name in FILES:
        shutil.copy(folder / name, tmp_path)
    written_ns = (tmp_path / "clip.mp4").stat().st_mtime_ns
    leftover = tmp_path / ".clip.mp4.partial-1"
    leftover.mkdir()
    hours_ago = time.time() - 7200
    os.utime(leftover, (hours_ago, hours_ago))
    assert hingecheck_in(tmp_path, "simulate", *WINK, "-o", "clip.mp4").returncode == 0
    assert truth_of(tmp_path) == truth_of(folder)
    assert (tmp_path / "clip.mp4").stat().st_mtime_ns > written_ns
    assert sorted(path.name for path in tmp_path.iterdir()) == FILES


def test_another_seed_gives_another_set_under_the_default_name(filmed, hingecheck_in, tmp_path):
    options = ("--fault", "butt_wink", "--seed", "8", "--fps", "5", "--yaw", "-20")
    done = hingecheck_in(tmp_path, "simulate", *options, "--clothing", "loose")
    assert done.returncode == 0, done.stderr
    about = json.loads((tmp_path / "rdl_butt_wink_truth.json").read_text())
    assert about["view_yaw_deg"] == 20
    assert about["reps"] != json.loads((filmed[0] / FILES[2]).read_text())["reps"]


@pytest.mark.parametrize("name", FILES)
def test_file_that_was_not_simulated_is_left_alone(hingecheck, tmp_path, name) -> None:
    (tmp_path / name).write_text('{"mine": true}')
    done = hingecheck("simulate", *WINK, "-o", "clip.mp4")
    assert done.returncode == 2
    assert done.stderr == (
        f"hingecheck: {name}: exists and was not simulated, so it is left alone."
        " Choose another --out.\n"
    )
    assert [path.read_text() for path in tmp_path.iterdir()] == ['{"mine": true}']


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ("--tuck", "12"),
            "--tuck 12 is the size of a fault, but there is none. Add --fault butt_wink, rounded"
            " or overextended, or leave --tuck out.",
        ),
        (
            ("--fault", "overextended", "--tuck", "30"),
            "--tuck 30: expected 8 to 20 degrees for --fault overextended.",
        ),
        (
            ("--fault", "rounded", "--tuck", "0"),
            "--tuck 0: expected more than 0 to 45 degrees for --fault rounded.",
        ),
        (
            ("--fault", "rounded", "--tuck", "nan"),
            "--tuck nan: expected more than 0 to 45 degrees for --fault rounded.",
        ),
        (
            ("--fault", "wink"),
            "--fault: 'wink' is not one of 'none', 'butt_wink', 'rounded', 'overextended'.",
        ),
        (("--out", "clip.mov"), "clip.mov: expected a name that ends in .mp4, for --out."),
        (
            ("--lift", "toe-touch", "--fault", "rounded", "--tuck", "45"),
            "--tuck 45: this lifter's toe touch flexes the lumbar spine by",
        ),
        (("--yaw", "80"), "Invalid value for '--yaw':"),
        (("--fps", "nan"), "Invalid value for '--fps':"),
    ],
)
def test_what_cannot_be_filmed_is_one_line(hingecheck, tmp_path, options, message) -> None:
    done = hingecheck("simulate", *options)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"hingecheck: {message}")
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("package", ["anny", "torch", "pyvista"])
def test_missing_extra_is_one_line_that_installs_it(tmp_path, package) -> None:
    program = (
        f"import sys; sys.modules[{package!r}] = None;"
        " from hingecheck.cli.main import run; sys.exit(run(['simulate']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert done.stderr == (
        f"hingecheck: simulate needs {package}, which a check does not and so is not installed:"
        " pip install 'hingecheck[simulate]'\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("shown", "kind"), [(LIFTS, Lift), (FAULTS, Fault), (CLOTHES, Clothing)])
def test_help_lists_what_the_simulator_knows(shown, kind) -> None:
    assert shown == f"<{'|'.join(kind)}>"


def test_place_that_cannot_be_written_is_said(hingecheck, tmp_path) -> None:
    (tmp_path / "wall").write_text("a file")
    done = hingecheck("simulate", *WINK, "-o", "wall/clip.mp4")
    assert done.returncode == 5
    assert done.stderr.startswith("hingecheck: wall/clip.mp4: cannot be written (")
    assert done.stderr.count("\n") == 1


def filming(where: Path) -> subprocess.Popen[str]:
    """A simulation whose clip has begun to be written."""
    process = subprocess.Popen(
        [sys.executable, "-m", "hingecheck", "simulate", *WINK[:-2], "-o", "clip.mp4"],
        cwd=where,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=interruptible,
    )
    deadline = time.monotonic() + START_TIMEOUT_S
    while not list(where.glob(".clip.mp4.partial-*/clip.mp4")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return process


def test_ctrl_c_says_so_and_leaves_nothing(tmp_path) -> None:
    process = filming(tmp_path)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=START_TIMEOUT_S)
    assert process.returncode == 130
    assert (stdout, stderr) == ("", "hingecheck: clip.mp4: stopped, nothing was written.\n")
    assert list(tmp_path.iterdir()) == []


def test_killed_run_leaves_neither_clip_nor_truth(tmp_path) -> None:
    process = filming(tmp_path)
    process.kill()
    process.communicate(timeout=START_TIMEOUT_S)
    assert [path.name for path in tmp_path.iterdir()] == [f".clip.mp4.partial-{process.pid}"]


def test_terminal_shows_progress_with_time_left_and_no_chatter(terminal) -> None:
    done = terminal("simulate", *WINK, "-o", "clip.mp4")
    assert done.returncode == 0
    assert "clip.mp4: shaping the lifter" in done.stdout
    assert "clip.mp4: filming" in done.stdout
    assert "left" in done.stdout
    assert "WARN" not in done.stdout
