"""Written files: they play anywhere, in time and in sync, and failures leave nothing behind."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
import variants
from clip.pattern import PATTERN_FRAMES, pattern, quadrant_error, spelled_number

from hingecheck.clip import ClipReader, ClipWriter, probe
from hingecheck.errors import OutputError


def rewrite(source: Path, target: Path, sound_from: Path | None = None) -> ClipWriter:
    with ClipReader(source) as reader:
        info = reader.info
        writer = ClipWriter(target, info.width_px, info.height_px, info.mean_fps, sound_from)
        with writer:
            for frame in reader:
                writer.write(frame.rgb, frame.time_s)
    return writer


def times_s(path: Path) -> list[float]:
    return [frame.time_s for frame in ClipReader(path)]


def beep_onsets_s(path: Path) -> list[float]:
    """When each click of the test sound begins, on the file's own clock."""
    loud_s: list[float] = []
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            samples = frame.to_ndarray().astype(float).reshape(-1)
            full_scale = 32768 if frame.format.name.startswith("s16") else 1
            loud = np.flatnonzero(np.abs(samples) > 0.1 * full_scale)
            loud_s += list((frame.time or 0.0) + loud / frame.sample_rate)
    return [loud_s[0]] + [b for a, b in itertools.pairwise(loud_s) if b - a > 0.1]


def boxes(path: Path) -> Iterator[bytes]:
    data = path.read_bytes()
    at = 0
    while at < len(data):
        yield data[at + 4 : at + 8]
        at += int.from_bytes(data[at : at + 4], "big")


def encoder_threads() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name.startswith("encode ")]


def test_written_file_is_h264_yuv420p_faststart(pattern_clip: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    writer = rewrite(pattern_clip, target)
    assert writer.warnings == []
    info = probe(target)
    assert (info.codec, info.pixel_format, info.frames) == ("h264", "yuv420p", PATTERN_FRAMES)
    order = list(boxes(target))
    assert order.index(b"moov") < order.index(b"mdat")
    with av.open(str(target)) as container:
        stream = container.streams.video[0]
        tags = stream.color_primaries, stream.color_trc, stream.colorspace, stream.color_range
        assert tags == (1, 1, 1, 1)
        assert stream.start_time == 0


def test_colours_survive_the_round_trip(tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    with ClipWriter(target, 320, 192, 30) as writer:
        for number in range(3):
            writer.write(pattern(number), number / 30)
    frames = list(ClipReader(target))
    assert [spelled_number(frame.rgb) for frame in frames] == [0, 1, 2]
    assert quadrant_error(frames[0].rgb) <= 4


@pytest.mark.parametrize("fps", [1, 240])
def test_writer_keeps_extreme_rates(pattern_clip: Path, tmp_path: Path, fps: int) -> None:
    source = variants.at_fps(pattern_clip, tmp_path / "in.mp4", fps)
    rewrite(source, tmp_path / "out.mp4")
    assert times_s(tmp_path / "out.mp4") == pytest.approx(times_s(source), abs=1e-9)
    assert probe(tmp_path / "out.mp4").duration_s == pytest.approx(probe(source).duration_s)


def test_writer_keeps_variable_timing(pattern_clip: Path, tmp_path: Path) -> None:
    source = variants.variable_rate(pattern_clip, tmp_path / "in.mp4")
    rewrite(source, tmp_path / "out.mp4")
    assert times_s(tmp_path / "out.mp4") == pytest.approx(times_s(source), abs=6e-6)


@pytest.mark.parametrize(
    ("suffix", "codec", "kept"),
    [
        (".mp4", "aac", "aac"),
        (".mp4", "libmp3lame", "mp3"),
        (".mp4", "libopus", "opus"),
        (".ts", "aac", "aac"),
        (".mov", "pcm_s16le", "aac"),
        (".mkv", "flac", "aac"),
    ],
)
@pytest.mark.parametrize("start_s", [0.0, 1.3])
def test_writer_keeps_timing_and_sound(
    pattern_clip: Path, tmp_path: Path, suffix: str, codec: str, kept: str, start_s: float
) -> None:
    how = variants.Storage(container={})
    sound = variants.Track(codec, 2.0, start_s)
    source = variants.store(
        tmp_path / f"in{suffix}", variants.pictures(pattern_clip), how, sound, start_s
    )
    target = tmp_path / "out.mp4"
    writer = rewrite(source, target, sound_from=source)
    assert writer.warnings == []
    assert times_s(target) == pytest.approx(times_s(source), abs=6e-6)
    with av.open(str(target)) as container:
        assert container.streams.audio[0].codec_context.codec.canonical_name == kept
    assert beep_onsets_s(target) == pytest.approx([0.0, 0.5, 1.0, 1.5], abs=0.002)


@pytest.mark.parametrize("codec", ["aac", "pcm_s16le"])
@pytest.mark.parametrize("late_s", [-0.4, 0.3])
def test_sound_that_starts_early_or_late_stays_in_sync(
    pattern_clip: Path, tmp_path: Path, codec: str, late_s: float
) -> None:
    source = variants.with_sound(pattern_clip, tmp_path / "in.mov", codec, 1.0, late_s)
    target = tmp_path / "out.mp4"
    rewrite(source, target, sound_from=source)
    expected = [late_s + 0.5 * beep for beep in range(4) if late_s + 0.5 * beep >= 0]
    assert beep_onsets_s(target) == pytest.approx(expected, abs=0.002)
    assert times_s(target)[0] == 0.0
    assert probe(target).start_s == 0.0


def test_sound_ends_with_the_picture(pattern_clip: Path, tmp_path: Path) -> None:
    source = variants.with_sound(pattern_clip, tmp_path / "in.mp4")
    target = tmp_path / "out.mp4"
    with ClipWriter(target, 320, 192, 30, sound_from=source) as writer:
        for number in range(18):
            writer.write(pattern(number), number / 30)
    assert beep_onsets_s(target) == pytest.approx([0.0, 0.5], abs=0.002)
    with av.open(str(target)) as container:
        assert (container.duration or 0) / 1e6 == pytest.approx(0.6, abs=0.03)


def test_silent_source_stays_silent(pattern_clip: Path, tmp_path: Path) -> None:
    writer = rewrite(pattern_clip, tmp_path / "out.mp4", sound_from=pattern_clip)
    assert writer.warnings == []
    assert not probe(tmp_path / "out.mp4").has_audio


@pytest.mark.parametrize("codec", ["aac", "flac"])
def test_broken_sound_does_not_cost_the_picture(
    pattern_clip: Path, tmp_path: Path, codec: str
) -> None:
    source = tmp_path / "in.mkv"
    track = variants.Track(codec, 2.0, 0.0)
    how = variants.Storage(container={})
    variants.store(source, variants.pictures(pattern_clip), how, track)
    with av.open(str(source)) as container:
        spans = [(p.pos, p.size) for p in container.demux(audio=0) if p.size and p.pos is not None]
    noise = np.random.default_rng(3)
    with source.open("r+b") as file:
        for at, size in spans[len(spans) // 4 :]:
            file.seek(at)
            file.write(noise.bytes(size))
    target = tmp_path / "out.mp4"
    rewrite(source, target, sound_from=source)
    assert len(times_s(target)) == len(times_s(source)) > 0


def test_missing_sound_source_is_a_warning(tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    with ClipWriter(target, 320, 192, 30, sound_from=tmp_path / "gone.mp4") as writer:
        writer.write(pattern(0), 0.0)
    assert len(writer.warnings) == 1
    assert "gone.mp4: no such file" in writer.warnings[0]
    assert probe(target).frames == 1


def test_odd_size_is_extended_by_a_pixel(tmp_path: Path) -> None:
    target = tmp_path / "odd.mp4"
    odd = pattern(5)[:191, :319]
    with ClipWriter(target, 319, 191, 30) as writer:
        writer.write(odd, 0.0)
    info = probe(target)
    assert (info.width_px, info.height_px) == (320, 192)
    rgb = next(iter(ClipReader(target))).rgb
    assert np.abs(rgb[:191, :319].astype(int) - odd).mean() < 4


def test_frame_may_be_reused_right_after_write(tmp_path: Path) -> None:
    canvas = np.empty((192, 320, 3), np.uint8)
    with ClipWriter(tmp_path / "out.mp4", 320, 192, 30) as writer:
        for number in range(20):
            canvas[:] = pattern(number)
            writer.write(canvas, number / 30)
            canvas[:] = 0
    numbers = [spelled_number(frame.rgb) for frame in ClipReader(tmp_path / "out.mp4")]
    assert numbers == list(range(20))


@pytest.mark.parametrize("trouble", [RuntimeError, KeyboardInterrupt])
def test_exception_removes_the_unfinished_file(
    tmp_path: Path, trouble: type[BaseException]
) -> None:
    def draw(writer: ClipWriter) -> None:
        for number in range(10):
            writer.write(pattern(number), number / 30)
        raise trouble

    with pytest.raises(trouble), ClipWriter(tmp_path / "out.mp4", 320, 192, 30) as writer:
        draw(writer)
    assert list(tmp_path.iterdir()) == []
    assert encoder_threads() == []


def test_full_disk_is_named_and_never_blocks(tmp_path: Path) -> None:
    full = tmp_path / "out.mp4"
    full.symlink_to("/dev/full")
    noise = np.random.default_rng(0)

    def draw(writer: ClipWriter) -> None:
        for number in range(120):
            writer.write(noise.integers(0, 255, (192, 320, 3), np.uint8), number / 30)

    begin = time.perf_counter()
    with (
        pytest.raises(OutputError, match="no space left to write it"),
        ClipWriter(full, 320, 192, 30) as writer,
    ):
        draw(writer)
    assert time.perf_counter() - begin < 20
    assert not full.is_symlink()
    assert Path("/dev/full").exists()
    assert encoder_threads() == []


def test_unwritable_target_is_named(pattern_clip: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="its folder does not exist"):
        ClipWriter(tmp_path / "none" / "out.mp4", 320, 192, 30)
    with pytest.raises(OutputError, match="is a folder"):
        ClipWriter(tmp_path, 320, 192, 30)
    clip = variants.copy(pattern_clip, tmp_path / "clip.mp4")
    with pytest.raises(OutputError, match="is the clip itself"):
        ClipWriter(clip, 320, 192, 30, sound_from=clip)
    assert probe(clip).frames == PATTERN_FRAMES


def test_no_frame_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no frame was drawn"):
        ClipWriter(tmp_path / "out.mp4", 320, 192, 30).close()
    assert list(tmp_path.iterdir()) == []


def test_wrong_shape_and_backward_time_are_refused(tmp_path: Path) -> None:
    with ClipWriter(tmp_path / "out.mp4", 320, 192, 30) as writer:
        writer.write(pattern(0), 0.0)
        with pytest.raises(ValueError, match=r"expected uint8 \(192, 320, 3\)"):
            writer.write(pattern(0)[:100], 0.1)
        with pytest.raises(ValueError, match="does not come after"):
            writer.write(pattern(1), 0.0)
