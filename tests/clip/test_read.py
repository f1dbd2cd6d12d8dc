"""Frames as delivered: upright, on time, whatever the file."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import psutil  # type: ignore[import-untyped]
import pytest
import variants
from clip.pattern import PATTERN_FRAMES, pattern, quadrant_error, spelled_number

from hingecheck.clip import ClipReader, Frame, probe
from hingecheck.errors import ClipError


def read_all(path: Path, long_side_px: int | None = None) -> tuple[list[Frame], list[str]]:
    with ClipReader(path, long_side_px) as reader:
        return list(reader), reader.warnings


def decoder_threads() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name.startswith("decode ")]


def test_every_frame_comes_once_in_order_and_on_time(pattern_clip: Path) -> None:
    frames, warnings = read_all(pattern_clip)
    assert warnings == []
    assert [frame.index for frame in frames] == list(range(PATTERN_FRAMES))
    assert [spelled_number(frame.rgb) for frame in frames] == list(range(PATTERN_FRAMES))
    assert [frame.time_s for frame in frames] == pytest.approx(np.arange(PATTERN_FRAMES) / 30)


def test_frame_is_contiguous_rgb_one_may_draw_on(pattern_clip: Path) -> None:
    for long_side_px in (None, 162):
        rgb = read_all(pattern_clip, long_side_px)[0][0].rgb
        assert rgb.dtype == np.uint8
        assert rgb.shape[2:] == (3,)
        assert rgb.flags.c_contiguous
        assert rgb.flags.writeable


@pytest.mark.parametrize("deg", [0, 90, 180, 270])
def test_rotated_clip_is_delivered_upright(pattern_clip: Path, tmp_path: Path, deg: int) -> None:
    frames, _ = read_all(variants.rotated(pattern_clip, tmp_path / "turned.mp4", deg))
    assert frames[5].rgb.shape == (192, 320, 3)
    assert np.abs(frames[5].rgb.astype(int) - pattern(5)).mean() < 4
    assert spelled_number(frames[5].rgb) == 5


@pytest.mark.parametrize("deg", [90, 180, 270])
def test_rotation_agrees_with_opencv(pattern_clip: Path, tmp_path: Path, deg: int) -> None:
    cv2 = pytest.importorskip("cv2")
    turned = variants.rotated(pattern_clip, tmp_path / "turned.mp4", deg)
    capture = cv2.VideoCapture(str(turned))
    ok, bgr = capture.read()
    capture.release()
    ours = read_all(turned)[0][0].rgb
    assert ok
    assert bgr.shape == ours.shape
    assert np.abs(bgr[..., ::-1].astype(int) - ours).mean() < 4


@pytest.mark.parametrize("deg", [0, 90])
def test_long_side_is_never_exceeded_and_never_enlarged(
    pattern_clip: Path, tmp_path: Path, deg: int
) -> None:
    clip = variants.rotated(pattern_clip, tmp_path / "clip.mp4", deg)
    with ClipReader(clip, long_side_px=160) as reader:
        assert reader.scale == 0.5
        frame = next(iter(reader))
        assert frame.rgb.shape == (96, 160, 3)
        assert spelled_number(frame.rgb) == 0
        assert quadrant_error(frame.rgb) <= 6
    with ClipReader(clip, long_side_px=4000) as reader:
        assert reader.scale == 1.0
        assert next(iter(reader)).rgb.shape == (192, 320, 3)


def test_variable_rate_keeps_real_timestamps(pattern_clip: Path, tmp_path: Path) -> None:
    clip = variants.variable_rate(pattern_clip, tmp_path / "phone.mp4")
    frames, warnings = read_all(clip)
    assert warnings == []
    assert len(frames) == probe(clip).frames < PATTERN_FRAMES
    assert all(np.diff([frame.time_s for frame in frames]) > 0)
    for frame in frames:
        assert frame.time_s == pytest.approx(spelled_number(frame.rgb) / 30, abs=0.0045)


def test_clock_starts_at_the_first_frame_shown(pattern_clip: Path, tmp_path: Path) -> None:
    clip = variants.with_sound(pattern_clip, tmp_path / "late.mp4", start_s=1.25)
    frames, _ = read_all(clip)
    assert probe(clip).start_s == pytest.approx(1.25)
    assert (frames[0].time_s, spelled_number(frames[0].rgb)) == (0.0, 0)
    assert frames[-1].time_s == pytest.approx(59 / 30)


@pytest.mark.parametrize("suffix", [".mkv", ".mov", ".ts", ".avi"])
def test_other_containers_deliver_the_same_frames(
    pattern_clip: Path, tmp_path: Path, suffix: str
) -> None:
    tick = Fraction(1, 30) if suffix == ".avi" else variants.TICK
    how = variants.Storage(container={}, tick=tick)
    clip = variants.store(tmp_path / f"clip{suffix}", variants.pictures(pattern_clip), how)
    frames, _ = read_all(clip)
    assert [spelled_number(frame.rgb) for frame in frames] == list(range(PATTERN_FRAMES))
    times_s = [frame.time_s for frame in frames]
    assert times_s == pytest.approx(np.arange(PATTERN_FRAMES) / 30, abs=0.0006)


@pytest.mark.parametrize(
    ("make", "tolerance"),
    [(variants.ten_bit_hevc, 6), (variants.hdr_hlg, 40), (variants.hdr_pq, 40)],
)
def test_ten_bit_and_hdr_look_like_the_scene(
    pattern_clip: Path,
    tmp_path: Path,
    make: Callable[[Path, Path], Path],
    tolerance: float,
) -> None:
    """Saturated primaries may move by `tolerance` levels, overall brightness hardly."""
    frames, warnings = read_all(make(pattern_clip, tmp_path / "ten.mp4"))
    assert (warnings, len(frames)) == ([], PATTERN_FRAMES)
    rgb = frames[9].rgb
    assert rgb.dtype == np.uint8
    assert spelled_number(rgb) == 9
    assert quadrant_error(rgb) <= tolerance
    assert rgb.mean() == pytest.approx(pattern(9).mean(), abs=10)


def test_wide_pixels_are_delivered_square(pattern_clip: Path, tmp_path: Path) -> None:
    frames, _ = read_all(variants.anamorphic(pattern_clip, tmp_path / "dv.mp4"))
    assert frames[7].rgb.shape == (192, 320, 3)
    assert spelled_number(frames[7].rgb) == 7


def test_8k_is_delivered_small(pattern_clip: Path, tmp_path: Path) -> None:
    clip = variants.eight_k(pattern_clip, tmp_path / "8k.mp4", frames=2)
    with ClipReader(clip, long_side_px=960) as reader:
        frames = list(reader)
    assert reader.info.width_px == 7680
    assert reader.scale == 0.125
    assert [spelled_number(frame.rgb) for frame in frames] == [0, 1]
    assert frames[0].rgb.shape == (576, 960, 3)


@pytest.mark.parametrize("fps", [1, 240])
def test_extreme_rates_keep_their_times(pattern_clip: Path, tmp_path: Path, fps: int) -> None:
    frames, warnings = read_all(variants.at_fps(pattern_clip, tmp_path / "rate.mp4", fps))
    assert warnings == []
    assert [frame.time_s for frame in frames] == pytest.approx(np.arange(len(frames)) / fps)


def test_one_frame_clip_delivers_one_frame(pattern_clip: Path, tmp_path: Path) -> None:
    frames, warnings = read_all(variants.one_frame(pattern_clip, tmp_path / "one.mp4"))
    assert (len(frames), frames[0].time_s, warnings) == (1, 0.0, [])


def test_corrupt_middle_is_left_out_and_the_rest_is_on_time(
    pattern_clip: Path, tmp_path: Path
) -> None:
    frames, warnings = read_all(variants.corrupt_middle(pattern_clip, tmp_path / "bad.mp4"))
    assert PATTERN_FRAMES - 12 <= len(frames) < PATTERN_FRAMES
    assert [round(frame.time_s * 30) for frame in frames] == [spelled_number(f.rgb) for f in frames]
    assert warnings == ["bad.mp4: left out 6 damaged pieces of video"]


@pytest.mark.parametrize("make", [variants.truncated, variants.truncated_fragmented])
def test_truncated_clip_delivers_what_decodes_and_warns(
    pattern_clip: Path, tmp_path: Path, make: Callable[[Path, Path], Path]
) -> None:
    clip = make(pattern_clip, tmp_path / "cut.mp4")
    frames, warnings = read_all(clip)
    numbers = [spelled_number(frame.rgb) for frame in frames]
    assert numbers == list(range(len(frames)))
    assert 5 < len(frames) == probe(clip).frames < PATTERN_FRAMES
    assert any(f"decoded {len(frames) / 30:.1f} s" in line for line in warnings)


def test_truncated_clip_says_how_much_is_missing(pattern_clip: Path, tmp_path: Path) -> None:
    _, warnings = read_all(variants.truncated(pattern_clip, tmp_path / "cut.mp4"))
    assert "of 2.0 s; the rest is cut off or damaged" in warnings[-1]


def test_repeated_stamps_are_left_out_with_a_warning(pattern_clip: Path, tmp_path: Path) -> None:
    """An mkv whose clock stands still for ten frames, as some screen recorders write."""
    stalled = (
        (min(n, 20) / 30 if n < 30 else n / 30, rgb)
        for n, (_, rgb) in enumerate(variants.pictures(pattern_clip))
    )
    how = variants.Storage(options={"preset": "veryfast", "bf": "0"}, container={})
    clip = variants.store(tmp_path / "stalled.mkv", stalled, how)
    frames, warnings = read_all(clip)
    times_s = [frame.time_s for frame in frames]
    assert all(np.diff(times_s) > 0)
    assert len(frames) == PATTERN_FRAMES - 9
    assert warnings == [
        "stalled.mkv: left out 9 frames whose time stamp repeats or precedes an earlier one"
    ]


def test_no_frame_is_an_error_even_with_info_at_hand(pattern_clip: Path, tmp_path: Path) -> None:
    info = probe(pattern_clip)
    broken = variants.no_frame_decodes(pattern_clip, tmp_path / "noise.mp4")
    with pytest.raises(ClipError, match="no frame decodes"), ClipReader(broken, info=info) as clip:
        list(clip)


def test_each_loop_starts_at_the_beginning(pattern_clip: Path) -> None:
    with ClipReader(pattern_clip) as reader:
        first = [frame.time_s for _, frame in zip(range(3), reader, strict=False)]
        assert [frame.time_s for _, frame in zip(range(3), reader, strict=False)] == first
        assert len(list(reader)) == PATTERN_FRAMES


@pytest.mark.parametrize("trouble", [RuntimeError, KeyboardInterrupt])
def test_thread_is_gone_after_an_exception(
    pattern_clip: Path, trouble: type[BaseException]
) -> None:
    begin = time.perf_counter()

    def look_at(reader: ClipReader) -> None:
        for frame in reader:
            if frame.index == 4:
                raise trouble

    with pytest.raises(trouble), ClipReader(pattern_clip) as reader:
        look_at(reader)
    assert decoder_threads() == []
    assert time.perf_counter() - begin < 2


def test_thread_is_gone_after_break_without_with(pattern_clip: Path) -> None:
    for _ in ClipReader(pattern_clip):
        break
    assert decoder_threads() == []


def test_decoding_waits_for_a_slow_reader(pattern_clip: Path) -> None:
    """At most the queue and one frame in hand are ever decoded ahead."""
    with ClipReader(pattern_clip) as reader:
        running = iter(reader)
        next(running)
        time.sleep(0.2)
        assert reader._running is not None
        assert reader._running._ready.qsize() <= 3


def test_memory_does_not_grow_with_the_clip(tmp_path: Path) -> None:
    """600 frames of 1080p are 3.7 GB as RGB; reading them may keep 60 MB more than the first 60."""
    still = np.zeros((1080, 1920, 3), np.uint8)
    how = variants.Storage(options={"preset": "ultrafast", "crf": "40"})
    clip = variants.store(tmp_path / "long.mp4", ((n / 60, still) for n in range(600)), how)
    process = psutil.Process()
    settled = 0
    with ClipReader(clip, long_side_px=960) as reader:
        for frame in reader:
            if frame.index == 60:
                settled = process.memory_info().rss
    assert frame.index == 599
    assert process.memory_info().rss - settled < 60_000_000
