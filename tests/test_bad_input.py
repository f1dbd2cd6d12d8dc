"""Every bad input comes to its stated end: one line or a whole result, never something half."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import scenes
import variants
from interrupts import interruptible

import hingecheck as library
from hingecheck.deliver import Progress
from hingecheck.errors import OutputError, UsageError
from hingecheck.report.result import read_result
from hingecheck.report.schema import Result

QUICK = ("--model", "lite", "--no-overlay")
OBLIQUE, FRONTAL = (
    Path(__file__).parent / "data" / f"{view}.mp4" for view in ("oblique", "frontal")
)
WAIT_S = 120
BOTTOM_TOLERANCE_S = 0.2
"""The lite model on a small picture; the full model is held to 0.1 s elsewhere."""

FEW_PICTURES = (
    "19 pictures per second are few. Film at 30 or more, fast lifts such as swings at 60."
)

DONE, USAGE, UNREADABLE, NOTHING_GRADEABLE, INTERNAL, STOPPED = 0, 2, 3, 4, 5, 130


def names(folder: Path) -> set[str]:
    """Everything in a folder, hidden leftovers included."""
    return {entry.name for entry in folder.iterdir()}


def whole_result(folder: Path, overlay: bool = False) -> Result:
    """The result in a folder, once every file of it has been seen to be there."""
    files = {"result.json", "frames.csv", "landmarks.npz", "report.html"}
    assert names(folder) - {"frames.parquet"} == files | ({"overlay.mp4"} if overlay else set())
    assert not [name for name in names(folder.parent) if ".partial-" in name]
    result = read_result(folder / "result.json")
    with (folder / "frames.csv").open(newline="", encoding="utf-8") as table:
        assert len(list(csv.DictReader(table))) == result.clip.frames
    return result


def check(clip: Path, out: Path, overlay: bool = False) -> Result:
    result = library.check(clip, out=out, model="lite", overlay=overlay)
    assert result.folder == out
    assert whole_result(out, overlay).model_dump() == result.model_dump()
    return result


def assert_one_rep_found(result: Result, pace: float = 1.0) -> None:
    (rep,) = result.reps
    truth_s = scenes.ONE_REP_BOTTOM_S / pace
    assert rep.bottom_s == pytest.approx(truth_s, abs=BOTTOM_TOLERANCE_S)


# What cannot be read.

UNREADABLE_FILES: dict[str, tuple[Callable[[Path, Path], Path], str]] = {
    "directory": (lambda src, dst: dst.mkdir() or dst, "is a folder, expected one video file"),
    "empty": (variants.empty_file, "the file is empty (0 bytes)"),
    "text": (variants.text_as_mp4, "not a video that can be read"),
    "no_index": (variants.index_missing, "the file is cut off before its index (no moov box)"),
    "audio_only": (variants.audio_only, "no video stream (found: aac audio)"),
    "zero_duration": (variants.zero_duration, "(duration 0 s)"),
    "all_corrupt": (variants.no_frame_decodes, "no frame decodes (h264, 111 packets)"),
}


@pytest.mark.parametrize("name", UNREADABLE_FILES)
def test_unreadable_clip_ends_with_one_line_and_exit_code_3(
    hingecheck, one_rep, tmp_path, name: str
) -> None:
    make, says = UNREADABLE_FILES[name]
    make(one_rep, tmp_path / "bad.mp4")
    done = hingecheck("check", "bad.mp4")
    assert done.returncode == UNREADABLE
    assert done.stdout == ""
    assert done.stderr.startswith("hingecheck: bad.mp4: ")
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
    assert names(tmp_path) == {"bad.mp4"}


def test_missing_file_ends_with_one_line_and_exit_code_3(hingecheck, tmp_path) -> None:
    done = hingecheck("check", "gone.mp4")
    assert done.returncode == UNREADABLE
    assert done.stderr == ("hingecheck: gone.mp4: no such file. Check the path and try again.\n")
    assert names(tmp_path) == set()


# What can be read, and holds nothing to judge.


def one_frame(one_rep: Path, sample: Path, clip: Path) -> Path:
    return variants.one_frame(one_rep, clip)


def one_picture_a_second(one_rep: Path, sample: Path, clip: Path) -> Path:
    return variants.at_fps(one_rep, clip, 1)


def standing_only(one_rep: Path, sample: Path, clip: Path) -> Path:
    return variants.store(clip, scenes.standing_only(sample, 3.0))


def leaves_half_way_down(one_rep: Path, sample: Path, clip: Path) -> Path:
    return variants.store(clip, scenes.leaves(one_rep, at_s=1.4, length_s=3.5))


def at_forty_degrees(one_rep: Path, sample: Path, clip: Path) -> Path:
    return variants.copy(OBLIQUE, clip)


def from_the_front(one_rep: Path, sample: Path, clip: Path) -> Path:
    return variants.copy(FRONTAL, clip)


def nobody(one_rep: Path, sample: Path, clip: Path) -> Path:
    empty = scenes.leaves(one_rep, at_s=-1.0, length_s=1.0)
    return variants.store(clip, empty)


@pytest.mark.parametrize(
    ("film", "reason", "says", "reps"),
    [
        (one_frame, "no_reps", "No whole hinge was found", 0),
        (one_picture_a_second, "frame_rate_low", "too few pictures per second", None),
        (standing_only, "no_reps", "No whole hinge was found", 0),
        (leaves_half_way_down, "lifter_lost", "No whole hinge was found", 0),
        (at_forty_degrees, "view_oblique", "The camera sees you at an angle", 1),
        (from_the_front, "view_frontal", "The camera sees you from the front", None),
        (nobody, "no_person", "Nobody was found in this clip.", 0),
    ],
)
def test_nothing_to_judge_is_said_and_ends_with_exit_code_4(
    hingecheck, one_rep, butt_wink_clip, tmp_path, film, reason: str, says: str, reps: int | None
) -> None:
    film(one_rep, butt_wink_clip, tmp_path / "clip.mp4")
    done = hingecheck("check", "clip.mp4", *QUICK)
    assert done.returncode == NOTHING_GRADEABLE
    assert done.stderr == ""
    assert says in " ".join(done.stdout.split())
    assert names(tmp_path) == {"clip.mp4", "clip.hingecheck"}
    result = whole_result(tmp_path / "clip.hingecheck")
    assert reason in result.view.reasons
    assert result.view.messages[reason]
    assert reps is None or len(result.reps) == reps
    for rep in result.reps:
        assert reason in rep.reasons
        assert rep.butt_wink.verdict == rep.rounding.verdict == "not_gradeable"


def test_oblique_lifter_keeps_angles_while_the_spine_is_refused(tmp_path) -> None:
    result = check(OBLIQUE, tmp_path / "out")
    (rep,) = result.reps
    assert result.view.yaw_deg == pytest.approx(40, abs=8)
    assert rep.peak["trunk_inclination_deg"] is not None
    assert rep.peak["thigh_inclination_deg"] is not None


# What is odd, and can be judged.


@pytest.mark.parametrize(
    ("make", "warning"),
    [
        (variants.VARIANTS["rotated_90"], None),
        (variants.VARIANTS["rotated_180"], None),
        (variants.VARIANTS["rotated_270"], None),
        (variants.variable_rate, FEW_PICTURES),
        (variants.ten_bit_hevc, None),
        (variants.hdr_hlg, None),
        (variants.hdr_pq, None),
        (variants.corrupt_middle, "odd.mp4: left out 11 damaged pieces of video"),
    ],
    ids=[
        *("rotated_90", "rotated_180", "rotated_270", "variable_rate"),
        *("ten_bit_hevc", "hdr_hlg", "hdr_pq", "corrupt_middle"),
    ],
)
def test_odd_clip_gives_its_rep(one_rep, tmp_path, make, warning: str | None) -> None:
    result = check(make(one_rep, tmp_path / "odd.mp4"), tmp_path / "out")
    assert (result.clip.width_px, result.clip.height_px) == (360, 480)
    assert_one_rep_found(result)
    assert result.view.gradeable
    assert result.provenance.warnings == ([warning] if warning else [])


def test_clip_at_240_frames_a_second_gives_its_rep(one_rep, tmp_path) -> None:
    quick = variants.store(tmp_path / "quick.mp4", scenes.twice_as_fast(one_rep))
    result = check(variants.at_fps(quick, tmp_path / "fast.mp4", 240), tmp_path / "out")
    assert result.clip.mean_fps == pytest.approx(240)
    assert_one_rep_found(result, pace=2.0)


def test_8k_clip_is_checked_and_drawn_no_larger_than_4k(one_rep, tmp_path) -> None:
    clip = variants.eight_k(one_rep, tmp_path / "8k.mp4", frames=2)
    result = check(clip, tmp_path / "out", overlay=True)
    assert (result.clip.width_px, result.clip.height_px) == (5760, 7680)
    assert result.pose.detected_fraction == 1.0
    drawn = next(variants.pictures(tmp_path / "out" / "overlay.mp4"))[1]
    assert drawn.shape == (3840, 2880, 3)


def test_truncated_clip_is_checked_as_far_as_it_goes(one_rep, tmp_path) -> None:
    clip = variants.truncated(one_rep, tmp_path / "cut.mp4", keep=0.93)
    result = check(clip, tmp_path / "out", overlay=True)
    assert result.clip.frames < 111
    assert_one_rep_found(result)
    damaged, shorter = result.provenance.warnings
    assert damaged == "cut.mp4: left out 1 damaged piece of video"
    assert shorter.startswith("cut.mp4: decoded 3.")
    assert shorter.endswith("s of 3.7 s; the rest is cut off or damaged")
    assert len(list(variants.pictures(tmp_path / "out" / "overlay.mp4"))) == result.clip.frames


def test_rep_before_the_lifter_leaves_is_kept_and_none_is_invented(one_rep, tmp_path) -> None:
    film = scenes.leaves(one_rep, at_s=scenes.ONE_REP_END_S + 0.2, length_s=5.5)
    result = check(variants.store(tmp_path / "left.mp4", film), tmp_path / "out")
    assert_one_rep_found(result)
    assert result.reps[0].gradeable
    assert 0.5 < result.pose.detected_fraction < 0.8


SEVERAL = (
    "Several people are in view; the one who lifts was followed. Film when nobody stands near you,"
    " or turn the camera so that only you are in frame."
)


@pytest.mark.parametrize("speed_px_s", [250, 300, 400])
def test_lifter_is_followed_when_somebody_walks_through(
    one_rep, butt_wink_clip, tmp_path, speed_px_s: float
) -> None:
    walker = scenes.standing_person(butt_wink_clip.with_name("rdl_neutral.mp4"), scale=0.9)
    film = scenes.walks_through(one_rep, walker, speed_px_s)
    result = check(variants.store(tmp_path / "two.mp4", film), tmp_path / "out")
    assert_one_rep_found(result)
    assert result.pose.detected_fraction > 0.8
    assert result.provenance.warnings == [SEVERAL]


def test_somebody_who_stands_beside_the_lifter_is_mentioned(
    one_rep, butt_wink_clip, tmp_path
) -> None:
    film = scenes.stands_beside(one_rep, butt_wink_clip.with_name("rdl_neutral.mp4"))
    result = check(variants.store(tmp_path / "two.mp4", film), tmp_path / "out")
    assert_one_rep_found(result)
    assert result.pose.detected_fraction > 0.95
    assert result.provenance.warnings == [SEVERAL]


# What stands in the way of writing.


@pytest.mark.parametrize("place", ["notes.txt/out", "/proc/out"])
def test_place_that_cannot_hold_a_folder_is_a_usage_error(
    hingecheck, one_rep, tmp_path, place: str
) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    done = hingecheck("check", one_rep, *QUICK, "--out", place)
    assert done.returncode == USAGE
    assert done.stdout == ""
    assert "cannot write the result there" in done.stderr
    assert done.stderr.count("\n") == 1
    assert names(tmp_path) == {"notes.txt"}
    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("place", ["set", "set/../set"])
def test_clip_in_the_folder_that_its_result_would_replace_is_left_alone(
    one_rep, tmp_path, place: str
) -> None:
    earlier = tmp_path / "set"
    earlier.mkdir()
    (earlier / "result.json").write_text('{"schema": "hingecheck.result/1"}')
    clip = variants.one_frame(one_rep, earlier / "overlay.mp4")
    before = clip.read_bytes()
    with pytest.raises(UsageError, match=r"^overlay\.mp4: lies in the folder .* Choose another"):
        library.check(clip, out=tmp_path / place, model="lite", overlay=False)
    assert names(tmp_path) == {"set"}
    assert names(earlier) == {"result.json", "overlay.mp4"}
    assert clip.read_bytes() == before


AS_ANYBODY = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
"""Takes from root what lets it write anywhere."""


@pytest.mark.skipif(os.name != "posix", reason="permissions as on Linux and macOS")
def test_folder_without_permission_is_a_usage_error(hingecheck, one_rep, tmp_path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    through = AS_ANYBODY if os.geteuid() == 0 else []
    done = hingecheck("check", one_rep, *QUICK, "--out", "locked/out", through=through)
    assert done.returncode == USAGE
    assert "cannot write the result there (permission denied)" in done.stderr
    assert names(tmp_path / "locked") == set()


def full_disk_under(out: Path, name: str) -> Progress:
    """Before anything is written, puts a device that is always full where one file will go."""

    def tell(stage: str, share: float) -> None:
        if stage == "judge":
            (partial,) = out.parent.glob(f".{out.name}.partial-*")
            (partial / name).symlink_to("/dev/full")

    return tell


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize(
    "name",
    [
        *("overlay.mp4", "result.json", "frames.csv", "frames.parquet", "landmarks.npz"),
        "report.html",
    ],
)
def test_disk_full_at_any_file_leaves_nothing(one_rep, tmp_path, name: str) -> None:
    if name == "frames.parquet":
        pytest.importorskip("pyarrow")
    clip = variants.one_frame(one_rep, tmp_path / "clip.mp4")
    out = tmp_path / "out"
    with pytest.raises(OutputError, match=r"disk full|no space left") as caught:
        library.check(clip, out=out, model="lite", progress=full_disk_under(out, name))
    assert "\n" not in str(caught.value)
    assert names(tmp_path) == {"clip.mp4"}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 100 kB, where mounting one is allowed."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", str(disk)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs the right to mount a small disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_disk_that_fills_up_is_one_line_and_leaves_nothing(hingecheck, one_rep, small_disk) -> None:
    done = hingecheck("check", one_rep, "--model", "lite", "--out", small_disk / "out")
    assert done.returncode == INTERNAL
    assert done.stdout == ""
    assert "Free some space" in done.stderr
    assert done.stderr.count("\n") == 1
    assert names(small_disk) == set()


# What stops it half way.


def started(clip: Path, where: Path, until: str) -> subprocess.Popen[str]:
    """A check in a process group of its own that has come to `until`: "look" or "draw"."""
    process = subprocess.Popen(
        [sys.executable, "-m", "hingecheck", "check", clip, "--model", "lite", "--out", "set"],
        cwd=where,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=interruptible,
    )
    sign = ".set.partial-*/overlay.mp4" if until == "draw" else ".set.partial-*"
    deadline = time.monotonic() + WAIT_S
    while not list(where.glob(sign)):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    time.sleep(0.3)
    return process


posix = pytest.mark.skipif(os.name != "posix", reason="signals as on Linux and macOS")


@posix
@pytest.mark.parametrize("until", ["look", "draw"])
def test_ctrl_c_writes_nothing_and_ends_with_130(butt_wink_clip, tmp_path, until: str) -> None:
    process = started(butt_wink_clip, tmp_path, until)
    os.killpg(process.pid, signal.SIGINT)
    stdout, stderr = process.communicate(timeout=WAIT_S)
    assert process.returncode == STOPPED
    assert stdout == ""
    assert stderr == "hingecheck: rdl_butt_wink.mp4: stopped, nothing was written.\n"
    assert names(tmp_path) == set()


@posix
def test_asked_to_end_it_writes_nothing_as_after_ctrl_c(butt_wink_clip, tmp_path) -> None:
    process = started(butt_wink_clip, tmp_path, "look")
    process.terminate()
    stdout, stderr = process.communicate(timeout=WAIT_S)
    assert process.returncode == STOPPED
    assert stdout == ""
    assert stderr == "hingecheck: rdl_butt_wink.mp4: stopped, nothing was written.\n"
    assert names(tmp_path) == set()


@posix
def test_kill_9_leaves_no_result_and_the_next_run_cleans_up(
    hingecheck, butt_wink_clip, one_rep, tmp_path
) -> None:
    process = started(butt_wink_clip, tmp_path, "draw")
    process.kill()
    process.communicate(timeout=WAIT_S)
    (leftover,) = names(tmp_path)
    assert leftover.startswith(".set.partial-")
    done = hingecheck("check", one_rep, *QUICK, "--out", "set")
    assert done.returncode == DONE
    assert names(tmp_path) == {"set"}
    assert_one_rep_found(whole_result(tmp_path / "set"))
