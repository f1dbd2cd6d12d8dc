"""What a clip is: its size, length, timing, turn and colour, before anything is analysed."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av.container
import av.error
import numpy as np

from hingecheck.clip.open import codec_name, has_decoder, open_clip, video_stream
from hingecheck.errors import ClipError

if TYPE_CHECKING:
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

__all__ = ["ClipInfo", "file_sha256", "first_shown_s", "probe"]

TRANSFER_NAMES = {16: "pq", 18: "hlg"}
"""ITU-T H.273 table 3: 16 is SMPTE ST 2084 (PQ), 18 is ARIB STD-B67 (HLG)."""

VARIABLE_ABOVE_FRAMES = 0.5
"""A clip counts as variable when frame number over mean rate misses a frame's real time by more
than this many frame intervals: from there on it names the wrong frame."""

FALLBACK_FPS = 30.0
"""Used only for one-frame clips and raw streams that state no rate at all."""

MOST_ANAMORPHIC = 4.0
"""Wider or narrower pixels than 4:1 are a broken header, not a picture format in use."""


@dataclass(frozen=True, slots=True)
class ClipInfo:
    """A video file as a player shows it.

    Attributes:
        path: Where the file is.
        name: File name without folders.
        sha256: Hash of the file's bytes, lower-case hexadecimal.
        width_px: Upright width, after rotation and with square pixels.
        height_px: Upright height.
        duration_s: From the first frame shown to the end of the last, by real time stamps.
        frames: Frames a player would show; those cut away by an edit list do not count.
        mean_fps: Frames per second over the whole clip.
        variable_frame_rate: Whether frame number / `mean_fps` is off by more than half a frame
            somewhere.
        rotation_deg: Counter-clockwise turn that makes the stored picture upright: 0, 90, 180
            or 270.
        codec: Name of the video codec, such as `h264` or `hevc`.
        pixel_format: As stored, such as `yuv420p10le`.
        bit_depth: Bits per colour sample as stored.
        transfer: Brightness curve: "sdr", "pq" or "hlg".
        has_audio: Whether a sound track is present.
        start_s: The file's own clock at the first frame shown; that frame is time 0 for us.
        declared_s: Length the file claims for its picture; NaN if it claims none. Longer than
            `duration_s` in a file that was cut off.
    """

    path: Path
    name: str
    sha256: str
    width_px: int
    height_px: int
    duration_s: float
    frames: int
    mean_fps: float
    variable_frame_rate: bool
    rotation_deg: int
    codec: str
    pixel_format: str
    bit_depth: int
    transfer: str
    has_audio: bool
    start_s: float = 0.0
    declared_s: float = float("nan")


def probe(path: str | os.PathLike[str]) -> ClipInfo:
    """Read a clip's facts: every packet's time stamp, but only the first picture.

    Raises:
        ClipError: The file is missing, unreadable, no video, or no frame of it decodes.
    """
    path = Path(path)
    with open_clip(path) as container:
        stream = video_stream(container, path.name)
        codec = codec_name(stream)
        first, times_s, last_frame_s = _walk(container, stream)
        if times_s.size == 0:
            raise ClipError(
                f"{path.name}: holds no video frames (duration 0 s). Record or export it again."
            )
        if first is None:
            raise ClipError(
                f"{path.name}: no frame decodes ({codec}, {times_s.size} packets). "
                "Copy or export the clip again."
            )
        start_s = _frame_s(first)
        times_s = np.unique(times_s[times_s >= start_s - 1e-6] - start_s)
        if first.pts is None:
            times_s -= times_s[0]
        frames = max(1, int(times_s.size))
        last_s = float(times_s[-1]) if times_s.size else 0.0
        stated_fps = float(stream.average_rate or stream.guessed_rate or 0) or FALLBACK_FPS
        if frames == 1:
            duration_s = last_frame_s or 1.0 / stated_fps
            mean_fps = 1.0 / duration_s
        else:
            mean_fps = round((frames - 1) / last_s, 6)
            duration_s = last_s + (last_frame_s or 1.0 / mean_fps)
        rotation_deg = upright_rotation_deg(first)
        width_px, height_px = shown_size_px(first, stream)
        if rotation_deg in (90, 270):
            width_px, height_px = height_px, width_px
        return ClipInfo(
            path=path,
            name=path.name,
            sha256=file_sha256(path),
            width_px=width_px,
            height_px=height_px,
            duration_s=duration_s,
            frames=frames,
            mean_fps=mean_fps,
            variable_frame_rate=_is_variable(times_s),
            rotation_deg=rotation_deg,
            codec=codec,
            pixel_format=first.format.name,
            bit_depth=max(part.bits for part in first.format.components),
            transfer=TRANSFER_NAMES.get(int(first.color_trc), "sdr"),
            has_audio=any(has_decoder(track) for track in container.streams.audio),
            start_s=start_s,
            declared_s=_declared_s(stream),
        )


def first_shown_s(path: Path) -> float:
    """The file's own clock at its first frame shown, in seconds.

    Raises:
        ClipError: The file cannot be opened or no frame of it decodes.
    """
    with open_clip(path) as container:
        stream = video_stream(container, path.name)
        for packet in container.demux(stream):
            frame = _try_decode(stream, packet)
            if frame is not None:
                return _frame_s(frame)
    raise ClipError(f"{path.name}: no frame decodes. Copy or export the clip again.")


def file_sha256(path: Path) -> str:
    """Hash a file of any size in constant memory; lower-case hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def upright_rotation_deg(frame: VideoFrame) -> int:
    """Counter-clockwise turn that shows a decoded frame upright: 0, 90, 180 or 270."""
    return round(frame.rotation / 90) % 4 * 90


def shown_size_px(frame: VideoFrame, stream: VideoStream) -> tuple[int, int]:
    """Width and height of a stored frame once its pixels are square, before rotation."""
    aspect = float(stream.sample_aspect_ratio or 1)
    if not 1 / MOST_ANAMORPHIC <= aspect <= MOST_ANAMORPHIC:
        aspect = 1.0
    return max(1, round(frame.width * aspect)), frame.height


def _walk(
    container: av.container.InputContainer, stream: VideoStream
) -> tuple[VideoFrame | None, NDArray[np.float64], float]:
    """First decoded frame, every packet's time in seconds, and the last packet's duration."""
    first: VideoFrame | None = None
    times_s: list[float] = []
    last_s, last_frame_s = -np.inf, 0.0
    unit_s = float(stream.time_base or Fraction(1, 90_000))
    step_s = 1.0 / (float(stream.guessed_rate or 0) or FALLBACK_FPS)
    try:
        for packet in container.demux(stream):
            if packet.is_corrupt:
                continue
            if first is None:
                first = _try_decode(stream, packet)
            if not packet.size or packet.is_discard:
                continue
            stamp = packet.pts if packet.pts is not None else packet.dts
            time_s = stamp * unit_s if stamp is not None else len(times_s) * step_s
            times_s.append(time_s)
            if time_s > last_s:
                last_s, last_frame_s = time_s, (packet.duration or 0) * unit_s
    except av.error.FFmpegError:
        pass  # a file cut off mid-packet still has everything before the cut
    return first, np.sort(np.asarray(times_s, dtype=np.float64)), last_frame_s


def _try_decode(stream: VideoStream, packet: Packet[VideoStream]) -> VideoFrame | None:
    try:
        return next((frame for frame in stream.decode(packet) if not frame.is_corrupt), None)
    except av.error.FFmpegError:
        return None


def _frame_s(frame: VideoFrame) -> float:
    if frame.pts is None or frame.time_base is None:
        return 0.0
    return float(frame.pts * frame.time_base)


def _declared_s(stream: VideoStream) -> float:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    hours, _, rest = stream.metadata.get("DURATION", "").partition(":")
    minutes, _, seconds = rest.partition(":")
    try:
        return float(hours) * 3600 + float(minutes) * 60 + float(seconds)
    except ValueError:
        return float("nan")


def _is_variable(times_s: NDArray[np.float64]) -> bool:
    if times_s.size < 3:
        return False
    even_s = np.linspace(times_s[0], times_s[-1], times_s.size)
    step_s = (times_s[-1] - times_s[0]) / (times_s.size - 1)
    return bool(np.abs(times_s - even_s).max() > VARIABLE_ABOVE_FRAMES * step_s)
