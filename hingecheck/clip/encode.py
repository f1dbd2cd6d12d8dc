"""How a film is coded wherever one is written: H.264 in an mp4, tagged and timed exactly."""

from __future__ import annotations

import contextlib
import errno
import os
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import av.error
from av.codec.context import Flags
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

from hingecheck.errors import OutputError

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.video.stream import VideoStream

__all__ = ["TIME_BASE", "create_file", "describe", "open_h264", "output_error"]

TIME_BASE = Fraction(1, 90_000)
"""Divides 24, 25, 30, 50, 60, 120 and 240 frames a second and the 1001-ths of phones exactly;
any other time stamp is kept to 6 microseconds."""


def create_file(path: Path) -> None:
    """Create an empty file, or empty the one that is there.

    Raises:
        OutputError: It cannot be created there.
    """
    try:
        with path.open("wb"):
            pass
    except OSError as error:
        raise output_error(path, error) from error


def open_h264(
    path: Path,
    size_px: tuple[int, int],
    mean_fps: float,
    coder: dict[str, str],
    muxer: dict[str, str],
    matrix: Colorspace = Colorspace.ITU709,
) -> tuple[OutputContainer, VideoStream]:
    """Open an mp4 with one yuv420p stream in it; nothing is written before `start_encoding`.

    Args:
        path: The file.
        size_px: Even width and height.
        mean_fps: Roughly how many frames a second; each frame's own stamp counts.
        coder: Options of x264.
        muxer: Options of the mp4.
        matrix: How the frames handed over were made from RGB.
    """
    container = av.open(
        f"file:{path}",
        mode="w",
        format="mp4",
        options={**muxer, "video_track_timescale": str(TIME_BASE.denominator)},
    )
    try:
        rate = Fraction(mean_fps).limit_denominator(1001)
        stream = container.add_stream("libx264", rate=rate or Fraction(1, 1001), options=coder)
        context = stream.codec_context
        stream.width, stream.height = size_px
        stream.pix_fmt = "yuv420p"
        stream.time_base = context.time_base = TIME_BASE
        context.flags |= Flags.frame_duration
        context.color_primaries = ColorPrimaries.BT709
        context.color_trc = ColorTrc.BT709
        context.colorspace = matrix
        context.color_range = ColorRange.MPEG
    except BaseException:
        with contextlib.suppress(av.error.FFmpegError, OSError):
            container.close()
        raise
    return container, stream


def output_error(path: str | os.PathLike[str], error: BaseException) -> OutputError:
    """What kept a file from being written, and what to do, in one line."""
    code = getattr(error, "errno", None)
    if code in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return OutputError(f"{path}: no space left to write it. Free some space and try again.")
    if code in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return OutputError(f"{path}: cannot be written ({describe(error)}). Choose another folder.")
    if code == errno.ENOENT:
        return OutputError(f"{path}: its folder does not exist. Create it first.")
    if code == errno.EISDIR:
        return OutputError(f"{path}: is a folder, expected a file name. Choose another name.")
    return OutputError(f"{path}: cannot be written ({describe(error)}).")


def describe(error: BaseException) -> str:
    """An error of the system or of FFmpeg in its own few words."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(text).strip().lower().replace("\n", " ")
