"""Make the clips people really send out of one good clip: turned, cut off, dark, silent, odd.

    python tests/variants.py sample_videos/hinge.mp4 --out variants/

Every function takes the source and the file to write. Pictures are decoded and encoded with PyAV
directly, not with the package under test. The source's own sound is left out.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.audio.stream import AudioStream
from av.codec.context import Flags
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Timed = tuple[float, Picture]

TICK = Fraction(1, 90_000)
BEEP_EVERY_S = 0.5
BEEP_S = 0.05
"""Test sound: a click of 1 kHz at every half second of the picture's clock, silence between."""


@dataclass(frozen=True)
class Storage:
    """How a clip is stored.

    Attributes:
        rotation_deg: Counter-clockwise turn in the display matrix.
        pixel_aspect: Width of a stored pixel over its height.
        tick: Unit of the time stamps, in seconds.
        transfer: Colour tags: None for BT.709, or HLG or PQ with BT.2020 colours.
    """

    codec: str = "libx264"
    pixel_format: str = "yuv420p"
    options: dict[str, str] = field(default_factory=lambda: {"preset": "veryfast", "crf": "16"})
    container: dict[str, str] = field(default_factory=lambda: {"movflags": "+faststart"})
    rotation_deg: int = 0
    pixel_aspect: Fraction = Fraction(1)
    tick: Fraction = TICK
    transfer: ColorTrc | None = None


@dataclass(frozen=True)
class Track:
    """A beeping sound track; the first beep comes `start_s` on the file's own clock."""

    codec: str
    length_s: float
    start_s: float


HEVC_10_BIT = Storage(
    codec="libx265",
    pixel_format="yuv420p10le",
    options={"preset": "ultrafast", "crf": "16", "x265-params": "log-level=error"},
)


def pictures(src: Path) -> Iterator[Timed]:
    """Upright RGB pictures of a clip with seconds since its first frame."""
    with av.open(str(src)) as container:
        first: float | None = None
        for frame in container.decode(video=0):
            first = frame.time if first is None else first
            rgb = np.rot90(frame.to_ndarray(format="rgb24"), round(frame.rotation / 90) % 4)
            yield frame.time - first, np.ascontiguousarray(rgb)


def store(
    dst: Path,
    timed: Iterable[Timed],
    how: Storage | None = None,
    sound: Track | None = None,
    start_s: float = 0.0,
) -> Path:
    """Encode upright pictures; (height, width, 3) uint8, or uint16 for HDR signal values.

    Args:
        sound: The beeping track to add, or None for a silent clip.
        start_s: The file's own clock at the first picture.
    """
    how = how or Storage()
    hdr = how.transfer is not None
    with av.open(str(dst), "w", options=how.container) as container:
        stream: VideoStream | None = None
        matrix = Colorspace.BT2020 if hdr else Colorspace.ITU709
        reformatter = VideoReformatter()
        track: AudioStream | None = None
        last_tick, step = -1, max(1, round(Fraction(1, 30) / how.tick))
        for time_s, upright in timed:
            rgb = np.ascontiguousarray(np.rot90(upright, -(how.rotation_deg // 90) % 4))
            if stream is None:
                added = container.add_stream(how.codec, rate=30, options=how.options)
                stream = cast(VideoStream, added)
                stream.height, stream.width = rgb.shape[:2]
                stream.pix_fmt = how.pixel_format
                context = stream.codec_context
                context.time_base = stream.time_base = how.tick
                context.thread_count = 1
                context.flags |= Flags.frame_duration
                context.sample_aspect_ratio = how.pixel_aspect
                context.color_range = ColorRange.MPEG
                context.colorspace = matrix
                context.color_trc = how.transfer if how.transfer is not None else ColorTrc.BT709
                context.color_primaries = ColorPrimaries.BT2020 if hdr else ColorPrimaries.BT709
                if how.rotation_deg:
                    stream.set_display_rotation(how.rotation_deg)
                if sound is not None:
                    track = cast(AudioStream, container.add_stream(sound.codec, rate=48_000))
                    track.codec_context.layout = "mono"
                container.start_encoding()
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb48le" if hdr else "rgb24")
            frame = reformatter.reformat(
                frame,
                format=how.pixel_format,
                dst_colorspace=matrix,
                dst_color_range=ColorRange.MPEG,
                threads=1,
            )
            tick = round((time_s + start_s) / how.tick)
            if last_tick >= 0:
                step = tick - last_tick
            last_tick = tick
            frame.pts, frame.time_base, frame.duration = tick, how.tick, step
            container.mux(stream.encode(frame))
        if stream is not None:
            container.mux(stream.encode(None))
        if track is not None and sound is not None:
            for block in beeps(sound.length_s, sound.start_s, track.codec_context.format.name):
                container.mux(track.encode(block))
            container.mux(track.encode(None))
    return dst


def beeps(length_s: float, start_s: float, sample_format: str) -> Iterator[av.AudioFrame]:
    """The test sound in blocks of 20 ms, its clock starting at `start_s`."""
    rate, block = 48_000, 960
    time_s = np.arange(round(length_s * rate) // block * block) / rate
    wave = np.sin(2 * np.pi * 1000 * time_s) * ((time_s % BEEP_EVERY_S) < BEEP_S) * 0.5
    to_format = av.AudioResampler(format=sample_format, layout="mono", rate=rate)
    for at in range(0, wave.size, block):
        samples = wave[None, at : at + block].astype(np.float32)
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
        frame.sample_rate = rate
        frame.pts = at + round(start_s * rate)
        frame.time_base = Fraction(1, rate)
        yield from to_format.resample(frame)


def reencoded(src: Path, dst: Path) -> Path:
    """As after a messenger: hard compression."""
    return store(dst, pictures(src), Storage(options={"preset": "veryfast", "crf": "34"}))


def recompressed(src: Path, dst: Path) -> Path:
    """As after an editor: x264's own default quality."""
    return store(dst, pictures(src), Storage(options={"preset": "medium", "crf": "23"}))


def mirrored(src: Path, dst: Path) -> Path:
    """The lifter faces the other way."""
    return store(dst, ((t, rgb[:, ::-1]) for t, rgb in pictures(src)))


def rotated(src: Path, dst: Path, deg: int) -> Path:
    """Stored turned, with the display matrix that turns it back: looks like the source."""
    return store(dst, pictures(src), Storage(rotation_deg=deg))


def half_size(src: Path, dst: Path) -> Path:
    """Averaged over 2 x 2 pixels."""
    return store(dst, ((t, _halved(rgb)) for t, rgb in pictures(src)))


def anamorphic(src: Path, dst: Path) -> Path:
    """Stored with every other column and pixels twice as wide as high."""
    narrow = ((t, rgb[:, ::2]) for t, rgb in pictures(src))
    return store(dst, narrow, Storage(pixel_aspect=Fraction(2)))


def with_black_bars(src: Path, dst: Path) -> Path:
    """Between black bars left and right, as exported for another screen."""

    def barred(rgb: Picture) -> Picture:
        bar = rgb.shape[1] // 4 * 2
        return np.pad(rgb, ((0, 0), (bar, bar), (0, 0)))

    return store(dst, ((t, barred(rgb)) for t, rgb in pictures(src)))


def variable_rate(src: Path, dst: Path) -> Path:
    """Phone timing: frames dropped at random and stamps that jitter; motion stays true to time."""
    random = np.random.default_rng(7)

    def kept() -> Iterator[Timed]:
        for number, (time_s, rgb) in enumerate(pictures(src)):
            drop, jitter_s = random.random() < 0.35, random.uniform(-0.004, 0.004)
            if number == 0:
                yield time_s, rgb
            elif not drop:
                yield time_s + jitter_s, rgb

    return store(dst, kept())


def at_fps(src: Path, dst: Path, fps: float) -> Path:
    """Shown at another rate by repeating or leaving out frames; motion stays true to time."""

    def resampled() -> Iterator[Timed]:
        number = 0
        for time_s, rgb in pictures(src):
            while number / fps <= time_s + 1e-6:
                yield number / fps, rgb
                number += 1

    return store(dst, resampled())


def one_frame(src: Path, dst: Path) -> Path:
    """Only the first frame."""
    return store(dst, [next(pictures(src))])


def silent(src: Path, dst: Path) -> Path:
    """Without any sound track."""
    return store(dst, pictures(src))


def with_sound(
    src: Path, dst: Path, codec: str = "aac", start_s: float = 0.0, late_s: float = 0.0
) -> Path:
    """With a click every half second, the first `late_s` after the first picture."""
    sound = Track(codec, _length_s(src), start_s + late_s)
    return store(dst, pictures(src), sound=sound, start_s=start_s)


def ten_bit_hevc(src: Path, dst: Path) -> Path:
    """HEVC Main 10, standard range."""
    return store(dst, pictures(src), HEVC_10_BIT)


def hdr_hlg(src: Path, dst: Path) -> Path:
    """HEVC Main 10 with HLG brightness and BT.2020 colours, as phones record by default."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073

    def signal(nits: NDArray[np.float64]) -> NDArray[np.float64]:
        scene = (nits / 1000) ** (1 / 1.2)
        bright = a * np.log(np.maximum(12 * scene - b, 1e-9)) + c
        return np.where(scene <= 1 / 12, np.sqrt(3 * scene), bright)

    return _hdr(src, dst, ColorTrc.ARIB_STD_B67, signal)


def hdr_pq(src: Path, dst: Path) -> Path:
    """HEVC Main 10 with PQ brightness (HDR10) and BT.2020 colours."""
    m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875

    def signal(nits: NDArray[np.float64]) -> NDArray[np.float64]:
        root = (nits / 10_000) ** m1
        return ((c1 + c2 * root) / (1 + c3 * root)) ** m2

    return _hdr(src, dst, ColorTrc.SMPTE2084, signal)


def eight_k(src: Path, dst: Path, frames: int = 3) -> Path:
    """The first few frames enlarged to 8K, 7680 pixels along the longer side."""

    def enlarged() -> Iterator[Timed]:
        for _, (time_s, rgb) in zip(range(frames), pictures(src), strict=False):
            height, width = rgb.shape[:2]
            rows = np.arange(7680 * height // max(height, width) // 2 * 2)
            columns = np.arange(7680 * width // max(height, width) // 2 * 2)
            rows, columns = rows * height // rows.size, columns * width // columns.size
            yield time_s, rgb[rows][:, columns]

    return store(dst, enlarged(), Storage(options={"preset": "ultrafast", "crf": "24"}))


def truncated(src: Path, dst: Path, keep: float = 0.5) -> Path:
    """Index in front, the data cut off."""
    return _head_of(store(dst, pictures(src)), keep)


def truncated_fragmented(src: Path, dst: Path, keep: float = 0.5) -> Path:
    """Fragmented mp4, as written by apps that fear crashes, cut off."""
    how = Storage(
        options={"preset": "veryfast", "crf": "16", "g": "10"},
        container={"movflags": "frag_keyframe+empty_moov"},
    )
    return _head_of(store(dst, pictures(src), how), keep)


def index_missing(src: Path, dst: Path) -> Path:
    """Cut off before the index, which cameras write last."""
    return _head_of(store(dst, pictures(src), Storage(container={})), 0.6)


def corrupt_middle(src: Path, dst: Path) -> Path:
    """Noise over the packets from 40 to 50 % of the clip; key frames every ten frames."""
    options = {"preset": "veryfast", "crf": "16", "g": "10"}
    store(dst, pictures(src), Storage(options=options))
    with av.open(str(dst)) as container:
        spans = [(p.pos, p.size) for p in container.demux(video=0) if p.size and p.pos is not None]
    noise = np.random.default_rng(3)
    with dst.open("r+b") as file:
        for at, size in spans[len(spans) * 4 // 10 : len(spans) // 2]:
            file.seek(at)
            file.write(noise.bytes(size))
    return dst


def no_frame_decodes(src: Path, dst: Path) -> Path:
    """A whole index, but noise for pictures."""
    store(dst, pictures(src))
    with av.open(str(dst)) as container:
        spans = [(p.pos, p.size) for p in container.demux(video=0) if p.size and p.pos is not None]
    noise = np.random.default_rng(3)
    with dst.open("r+b") as file:
        for at, size in spans:
            file.seek(at)
            file.write(noise.bytes(size))
    return dst


def audio_only(src: Path, dst: Path) -> Path:
    """The sound without the picture."""
    with av.open(str(dst), "w", format="mp4") as container:
        track = container.add_stream("aac", rate=48_000)
        track.codec_context.layout = "mono"
        for block in beeps(_length_s(src), 0.0, "fltp"):
            container.mux(track.encode(block))
        container.mux(track.encode(None))
    return dst


def zero_duration(src: Path, dst: Path) -> Path:
    """Declares a picture of the source's size and holds no frame."""
    height, width = next(pictures(src))[1].shape[:2]
    with av.open(str(dst), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        container.start_encoding()
    return dst


def text_as_mp4(src: Path, dst: Path) -> Path:
    """A note with the name of a video."""
    dst.write_text(f"Set 3 of {src.name}: felt good.\n" * 40)
    return dst


def empty_file(src: Path, dst: Path) -> Path:
    """Nothing at all."""
    dst.write_bytes(b"")
    return dst


def copy(src: Path, dst: Path) -> Path:
    """The source itself."""
    return Path(shutil.copyfile(src, dst))


VARIANTS: dict[str, Callable[[Path, Path], Path]] = {
    "source": copy,
    "reencoded": reencoded,
    "recompressed": recompressed,
    "mirrored": mirrored,
    "rotated_90": lambda src, dst: rotated(src, dst, 90),
    "rotated_180": lambda src, dst: rotated(src, dst, 180),
    "rotated_270": lambda src, dst: rotated(src, dst, 270),
    "half_size": half_size,
    "anamorphic": anamorphic,
    "with_black_bars": with_black_bars,
    "variable_rate": variable_rate,
    "at_240_fps": lambda src, dst: at_fps(src, dst, 240),
    "at_1_fps": lambda src, dst: at_fps(src, dst, 1),
    "one_frame": one_frame,
    "silent": silent,
    "with_sound": with_sound,
    "ten_bit_hevc": ten_bit_hevc,
    "hdr_hlg": hdr_hlg,
    "hdr_pq": hdr_pq,
    "eight_k": eight_k,
    "truncated": truncated,
    "truncated_fragmented": truncated_fragmented,
    "index_missing": index_missing,
    "corrupt_middle": corrupt_middle,
    "no_frame_decodes": no_frame_decodes,
    "audio_only": audio_only,
    "zero_duration": zero_duration,
    "text_as_mp4": text_as_mp4,
    "empty_file": empty_file,
}


def _length_s(src: Path) -> float:
    with av.open(str(src)) as container:
        return (container.duration or 0) / 1_000_000


def _halved(rgb: Picture) -> Picture:
    height, width = rgb.shape[0] // 4 * 4, rgb.shape[1] // 4 * 4
    blocks = rgb[:height, :width].reshape(height // 2, 2, width // 2, 2, 3)
    halved: Picture = np.round(blocks.mean(axis=(1, 3))).astype(np.uint8)
    return halved


def _head_of(path: Path, keep: float) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: round(len(data) * keep)])
    return path


def _hdr(
    src: Path,
    dst: Path,
    transfer: ColorTrc,
    signal: Callable[[NDArray[np.float64]], NDArray[np.float64]],
) -> Path:
    """Paper white at 203 nit (ITU-R BT.2408) on a display of gamma 2.4."""
    wide = np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]])

    def graded() -> Iterator[Timed]:
        for time_s, rgb in pictures(src):
            nits = 203 * (rgb / 255.0) ** 2.4 @ wide.T
            yield time_s, np.round(65535 * np.clip(signal(nits), 0, 1)).astype(np.uint16)

    return store(dst, graded(), replace(HEVC_10_BIT, transfer=transfer))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clip", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", nargs="*", choices=sorted(VARIANTS), default=list(VARIANTS))
    wanted = parser.parse_args()
    wanted.out.mkdir(parents=True, exist_ok=True)
    for name in wanted.only:
        dst = VARIANTS[name](wanted.clip, wanted.out / f"{wanted.clip.stem}_{name}.mp4")
        print(f"{dst}  {dst.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
