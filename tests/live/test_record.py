"""A recording keeps every picture's own time, and stays playable whatever ends it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from clip.pattern import HEIGHT_PX, WIDTH_PX, pattern, quadrant_error, spelled_number

from hingecheck.clip import ClipReader, probe
from hingecheck.errors import OutputError
from hingecheck.live.record import FRAGMENT_S, PICTURES_WAITING, Recorder

LIVE = """
import sys, time
import numpy as np
from hingecheck.live.record import Recorder
noise = np.random.default_rng(0)
scene = noise.integers(0, 255, (360, 720, 3), np.uint8).repeat(2, 0)
recorder = Recorder(sys.argv[1], 640, 720, 30)
begin = time.monotonic()
for index in range(100_000):
    time.sleep(max(0.0, begin + index / 30 - time.monotonic()))
    recorder.add(scene[:, index % 80 : index % 80 + 640], index / 30)
    print(index / 30, recorder.dropped, flush=True)
"""
"""Records a drifting scene as a camera would give it, and prints each time it hands over."""

UNTIL_FULL = """
import resource, signal, sys, time
import numpy as np
from hingecheck.live.record import Recorder
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
noise = np.random.default_rng(0)
with Recorder(sys.argv[1], 320, 192, 30) as recorder:
    for index in range(90):
        recorder.add(noise.integers(0, 255, (192, 320, 3), np.uint8), index / 30)
        time.sleep(0.01)
print(recorder.problem)
"""
"""Records pictures that do not compress where 400 kB is all there is."""


def add_slowly(recorder: Recorder, numbers: range, fps: float = 30.0) -> None:
    """Hand over numbered pictures, never faster than the encoder takes them."""
    for number in numbers:
        waited = time.monotonic() + 10
        while recorder.problem is None and number - recorder.written >= PICTURES_WAITING:
            assert time.monotonic() < waited
            time.sleep(0.001)
        recorder.add(pattern(number), number / fps)


def wait_until_written(recorder: Recorder, pictures: int) -> None:
    deadline = time.monotonic() + 10
    while recorder.written < pictures and time.monotonic() < deadline:
        time.sleep(0.01)


def recorders_running() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name.startswith("record ")]


def boxes(path: Path) -> list[bytes]:
    data, at, kinds = path.read_bytes(), 0, []
    while at < len(data):
        kinds.append(data[at + 4 : at + 8])
        at += int.from_bytes(data[at : at + 4], "big")
    return kinds


def test_finished_recording_is_an_ordinary_mp4(tmp_path: Path) -> None:
    target = tmp_path / "set.mp4"
    with Recorder(target, WIDTH_PX, HEIGHT_PX, 30) as recorder:
        add_slowly(recorder, range(75))
    assert (recorder.problem, recorder.dropped, recorder.written) == (None, 0, 75)
    info = probe(target)
    assert (info.codec, info.pixel_format, info.frames) == ("h264", "yuv420p", 75)
    assert info.duration_s == pytest.approx(2.5)
    kinds = boxes(target)
    assert kinds.count(b"moov") == 1
    assert b"moof" not in kinds
    assert recorders_running() == []


def test_pictures_come_back_in_order_and_in_colour(tmp_path: Path) -> None:
    with Recorder(tmp_path / "set.mp4", WIDTH_PX, HEIGHT_PX, 30) as recorder:
        add_slowly(recorder, range(20))
    frames = list(ClipReader(tmp_path / "set.mp4"))
    assert [spelled_number(frame.rgb) for frame in frames] == list(range(20))
    assert max(quadrant_error(frame.rgb) for frame in frames) <= 6


def test_uneven_times_are_kept_from_the_first_picture_on(tmp_path: Path) -> None:
    steps_s = np.random.default_rng(2).uniform(0.02, 0.3, 40)
    times_s = 812.3 + np.cumsum(steps_s)
    with Recorder(tmp_path / "set.mp4", WIDTH_PX, HEIGHT_PX, 30) as recorder:
        for number, time_s in enumerate(times_s):
            recorder.add(pattern(number), time_s)
            time.sleep(0.01)
    assert recorder.dropped == 0
    assert recorder.start_s == times_s[0]
    read_s = [frame.time_s for frame in ClipReader(tmp_path / "set.mp4")]
    assert read_s == pytest.approx(times_s - times_s[0], abs=6e-6)


def test_killed_recording_plays_up_to_the_last_second(tmp_path: Path) -> None:
    target = tmp_path / "set.mp4"
    child = subprocess.Popen(
        [sys.executable, "-c", LIVE, str(target)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    handed_s = 0.0
    while handed_s < 3.2:
        handed_s = float(child.stdout.readline().split()[0])
    os.kill(child.pid, signal.SIGKILL)
    handed_s = float((child.stdout.readlines() or [f"{handed_s} 0"])[-1].split()[0])
    child.wait()
    child.stdout.close()
    read_s = [frame.time_s for frame in ClipReader(target)]
    behind_s = FRAGMENT_S + (PICTURES_WAITING + 2) / 30
    assert handed_s - behind_s <= read_s[-1] <= handed_s
    assert read_s[-1] > 2.2
    assert probe(target).duration_s == pytest.approx(read_s[-1] + 1 / 30, abs=0.01)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.77, 0.98])
def test_recording_cut_off_anywhere_still_plays(tmp_path: Path, share: float) -> None:
    target, cut = tmp_path / "set.mp4", tmp_path / "cut.mp4"
    with Recorder(target, WIDTH_PX, HEIGHT_PX, 30) as recorder:
        add_slowly(recorder, range(90))
        wait_until_written(recorder, 90)
        shutil.copy(target, cut)
    data = cut.read_bytes()
    cut.write_bytes(data[: round(share * len(data))])
    frames = list(ClipReader(cut))
    numbers = [spelled_number(frame.rgb) for frame in frames]
    assert numbers == list(range(len(numbers)))
    assert len(numbers) > 90 * share - 20


def test_adding_never_waits_for_the_encoder(tmp_path: Path) -> None:
    picture = np.random.default_rng(0).integers(0, 255, (720, 1280, 3), np.uint8)
    took_s = []
    with Recorder(tmp_path / "set.mp4", 1280, 720, 30) as recorder:
        for number in range(100):
            begin = time.perf_counter()
            recorder.add(picture, number / 30)
            took_s.append(time.perf_counter() - begin)
    assert recorder.dropped > 0
    assert recorder.written + recorder.dropped == 100
    assert probe(tmp_path / "set.mp4").frames == recorder.written
    assert np.median(took_s) < 0.001


def test_exception_keeps_the_film(tmp_path: Path) -> None:
    def film() -> None:
        with Recorder(tmp_path / "set.mp4", WIDTH_PX, HEIGHT_PX, 30) as recorder:
            add_slowly(recorder, range(12))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        film()
    assert probe(tmp_path / "set.mp4").frames == 12
    assert recorders_running() == []


def test_full_disk_ends_the_recording_with_a_sentence_and_keeps_it(tmp_path: Path) -> None:
    target = tmp_path / "set.mp4"
    done = subprocess.run(
        [sys.executable, "-c", UNTIL_FULL, str(target)], capture_output=True, text=True, check=True
    )
    said = done.stdout.strip()
    assert said.startswith("Recording stopped after ")
    assert said.endswith(f"{target}: no space left to write it. Free some space and try again.")
    assert len(list(ClipReader(target))) > 5


def test_deleted_folder_ends_the_recording_with_a_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    with Recorder(folder / "set.mp4", WIDTH_PX, HEIGHT_PX, 30) as recorder:
        add_slowly(recorder, range(40))
        shutil.rmtree(folder)
        add_slowly(recorder, range(40, 120))
        deadline = time.monotonic() + 10
        while recorder.problem is None and time.monotonic() < deadline:
            time.sleep(0.01)
        assert recorder.problem is not None
        recorder.add(pattern(120), 5.0)
    assert recorder.problem == (
        f"Recording stopped after {recorder.written / 30:.0f} s."
        f" {folder / 'set.mp4'}: was moved or deleted meanwhile."
    )
    assert recorder.written < 110


def test_folder_deleted_right_before_the_end_is_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    with Recorder(folder / "set.mp4", WIDTH_PX, HEIGHT_PX, 30) as recorder:
        add_slowly(recorder, range(3))
        wait_until_written(recorder, 3)
        shutil.rmtree(folder)
    assert "was moved or deleted meanwhile" in (recorder.problem or "")


def test_place_that_cannot_be_written_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="its folder does not exist"):
        Recorder(tmp_path / "none" / "set.mp4", WIDTH_PX, HEIGHT_PX, 30)
    with pytest.raises(OutputError, match="is a folder"):
        Recorder(tmp_path, WIDTH_PX, HEIGHT_PX, 30)
    assert recorders_running() == []


def test_recording_without_a_picture_leaves_nothing(tmp_path: Path) -> None:
    with Recorder(tmp_path / "set.mp4", WIDTH_PX, HEIGHT_PX, 30) as recorder:
        pass
    assert recorder.problem is None
    assert list(tmp_path.iterdir()) == []


def test_picture_that_is_not_later_is_dropped(tmp_path: Path) -> None:
    with Recorder(tmp_path / "set.mp4", WIDTH_PX, HEIGHT_PX, 30) as recorder:
        for number, time_s in enumerate([1.0, 1.1, 1.1, 0.9, 1.2]):
            recorder.add(pattern(number), time_s)
    assert (recorder.written, recorder.dropped) == (3, 2)
    numbers = [spelled_number(frame.rgb) for frame in ClipReader(tmp_path / "set.mp4")]
    assert numbers == [0, 1, 4]


def test_camera_that_comes_back_smaller_keeps_the_lifters_shape(tmp_path: Path) -> None:
    square = np.full((100, 100, 3), 255, np.uint8)
    with Recorder(tmp_path / "set.mp4", 320, 200, 30) as recorder:
        recorder.add(np.zeros((200, 320, 3), np.uint8), 0.0)
        recorder.add(square, 0.1)
    shown = list(ClipReader(tmp_path / "set.mp4"))[-1].rgb[..., 0] > 128
    assert np.flatnonzero(shown.any(axis=0))[[0, -1]] == pytest.approx([60, 259], abs=1)
    assert np.flatnonzero(shown.any(axis=1))[[0, -1]] == pytest.approx([0, 199], abs=1)


def test_odd_sizes_lose_a_column_and_three_rows(tmp_path: Path) -> None:
    with Recorder(tmp_path / "set.mp4", 319, 191, 30) as recorder:
        recorder.add(pattern(5)[:191, :319], 0.0)
    info = probe(tmp_path / "set.mp4")
    assert (info.width_px, info.height_px) == (318, 188)
    rgb = next(iter(ClipReader(tmp_path / "set.mp4"))).rgb
    assert np.abs(rgb.astype(int) - pattern(5)[:188, :318]).mean() < 4
