"""The ring holds the last seconds and nothing more, and gives them back as they were."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import psutil
import pytest
from clip.pattern import HEIGHT_PX, WIDTH_PX, pattern, quadrant_error, spelled_number

from hingecheck.clip import ClipReader, probe
from hingecheck.errors import OutputError
from hingecheck.live.ring import MOST_BYTES, Ring

TIMES_S = 40.0 + np.cumsum(np.random.default_rng(4).uniform(0.02, 0.08, 120))


@pytest.fixture
def filled() -> Ring:
    """Three seconds of numbered pictures that came at uneven times."""
    ring = Ring(3.0)
    for number, time_s in enumerate(TIMES_S):
        ring.add(pattern(number), time_s)
    return ring


def test_ring_gives_back_times_and_pictures(filled: Ring) -> None:
    start_s, end_s = TIMES_S[80], TIMES_S[100]
    found = list(filled.cut(start_s, end_s))
    assert [time_s for time_s, _ in found] == list(TIMES_S[80:101])
    assert [spelled_number(rgb) for _, rgb in found] == list(range(80, 101))
    assert max(quadrant_error(rgb) for _, rgb in found) <= 6


def test_ring_reaches_back_so_many_seconds(filled: Ring) -> None:
    kept_s = [time_s for time_s, _ in filled.cut(0, 100)]
    assert kept_s == list(TIMES_S[TIMES_S[-1] - 3.0 <= TIMES_S])


def test_pictures_shrink_by_a_whole_number_and_keep_their_shape() -> None:
    ring = Ring(5.0)
    for height, width, kept in (
        (720, 1280, (360, 640, 3)),
        (1080, 1920, (540, 960, 3)),
        (1080, 608, (540, 304, 3)),
        (480, 640, (480, 640, 3)),
        (1079, 1919, (539, 959, 3)),
    ):
        ring.add(np.zeros((height, width, 3), np.uint8), 0.0)
        assert [rgb.shape for _, rgb in ring.cut(0, 1)] == [kept]


def test_pictures_that_do_not_compress_stay_within_the_bound() -> None:
    ring = Ring(60.0)
    noise = np.random.default_rng(0).integers(0, 255, (540, 960, 3), np.uint8)
    sizes = []
    for number in range(400):
        ring.add(noise, number / 30)
        sizes.append(ring.kept_bytes)
    one = sizes[0]
    assert MOST_BYTES - one < max(sizes) <= MOST_BYTES
    times_s = [time_s for time_s, _ in ring.cut(0, 100)]
    assert times_s[-1] == 399 / 30
    assert len(times_s) == MOST_BYTES // one


def test_memory_stays_flat() -> None:
    ring = Ring(1.0)
    scenes = [np.random.default_rng(n).integers(0, 255, (360, 640, 3), np.uint8) for n in range(4)]
    used: list[int] = []
    for number in range(900):
        ring.add(scenes[number % 4], number / 30)
        if number in (100, 899):
            used.append(psutil.Process().memory_info().rss)
    assert used[1] - used[0] < 15e6


def test_adding_goes_on_while_a_replay_is_shown(filled: Ring) -> None:
    numbers = []
    for number, (_, rgb) in enumerate(filled.cut(TIMES_S[90], TIMES_S[110])):
        numbers.append(spelled_number(rgb))
        filled.add(pattern(0), TIMES_S[-1] + 1.0 + number)
    assert numbers == list(range(90, 111))


def test_what_was_cut_out_stays_when_the_ring_has_gone_on(filled: Ring) -> None:
    strip = filled.cut(TIMES_S[90], TIMES_S[94])
    filled.add(pattern(0), TIMES_S[-1] + 60)
    for _ in range(2):
        assert [spelled_number(rgb) for _, rgb in strip] == list(range(90, 95))


def test_clock_that_starts_again_empties_the_ring(filled: Ring) -> None:
    filled.add(pattern(7), 0.5)
    assert [(t, spelled_number(rgb)) for t, rgb in filled.cut(0, 100)] == [(0.5, 7)]
    assert filled.kept_bytes < 20_000


def test_camera_that_comes_back_with_another_size_empties_the_ring(filled: Ring) -> None:
    filled.add(pattern(7)[:96], TIMES_S[-1] + 0.03)
    assert [rgb.shape for _, rgb in filled.cut(0, 100)] == [(96, WIDTH_PX, 3)]


def test_saved_part_plays_with_its_own_timing(filled: Ring, tmp_path: Path) -> None:
    target = tmp_path / "rep.mp4"
    filled.cut(TIMES_S[70], TIMES_S[99]).save(target)
    frames = list(ClipReader(target))
    assert [spelled_number(frame.rgb) for frame in frames] == list(range(70, 100))
    expected_s = TIMES_S[70:100] - TIMES_S[70]
    assert [frame.time_s for frame in frames] == pytest.approx(expected_s, abs=6e-6)
    info = probe(target)
    assert (info.codec, info.width_px, info.height_px) == ("h264", WIDTH_PX, HEIGHT_PX)


def test_single_picture_can_be_saved(filled: Ring, tmp_path: Path) -> None:
    filled.cut(TIMES_S[90], TIMES_S[90]).save(tmp_path / "rep.mp4")
    assert probe(tmp_path / "rep.mp4").frames == 1


def test_nothing_kept_of_that_time_is_said_and_leaves_no_file(filled: Ring, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="not saved, no picture of that time is kept"):
        filled.cut(1.0, 2.0).save(tmp_path / "rep.mp4")
    with pytest.raises(OutputError, match="its folder does not exist"):
        filled.cut(TIMES_S[90], TIMES_S[99]).save(tmp_path / "none" / "rep.mp4")
    assert list(tmp_path.iterdir()) == []
