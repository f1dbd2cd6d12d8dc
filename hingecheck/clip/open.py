"""Open a video file so that every way it can fail ends in one clear sentence."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import av
import av.container
import av.error

from hingecheck.clip.network import shown_address
from hingecheck.errors import ClipError

if TYPE_CHECKING:
    from av.stream import Stream
    from av.video.stream import VideoStream

__all__ = ["codec_name", "has_decoder", "is_cut_off", "open_clip", "video_stream"]

_WEB_ADDRESS = re.compile(r"(?!file:)([a-z][a-z0-9+.-]+):/+(.*)", re.IGNORECASE | re.DOTALL)
"""Scheme and rest of an address that has become a path, where two slashes are one. A scheme has
two letters or more; a drive has one."""

LARGEST_BOX_HEADER = 16
"""Bytes before the content of an ISO box: size, type and the optional 64-bit size
(ISO/IEC 14496-12, section 4.2)."""


def open_clip(path: Path) -> av.container.InputContainer:
    """Open a local video file for reading; the caller closes it.

    Only the file itself is ever read: playlists that point to other files or to the network
    are refused.

    Raises:
        ClipError: The file is missing, a folder, unreadable, empty, cut off before its index,
            or no video.
    """
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise ClipError(
                f"{path}: is a folder, expected one video file. Name the clips in it, for instance"
                f" '{path / '*.mp4'}'."
            )
        if not stat.S_ISREG(status.st_mode):
            raise ClipError(f"{path.name}: is no regular file. Save the clip to disk first.")
        if status.st_size == 0:
            raise ClipError(f"{path.name}: the file is empty (0 bytes). Copy the clip again.")
        with path.open("rb"):
            pass
    except FileNotFoundError:
        raise ClipError(_missing(path)) from None
    except PermissionError:
        raise ClipError(
            f"{path.name}: permission denied. Make the file readable and try again."
        ) from None
    except OSError as error:
        raise ClipError(f"{path}: cannot be opened ({error.strerror}). Check the path.") from None

    try:
        container = av.open(
            f"file:{path}",
            mode="r",
            metadata_errors="replace",
            container_options={"protocol_whitelist": "file"},
        )
    except (av.error.FFmpegError, ValueError) as error:
        if _lacks_index(path):
            raise ClipError(
                f"{path.name}: the file is cut off before its index (no moov box), so nothing "
                "in it can be played. Copy it from the camera again."
            ) from None
        raise ClipError(
            f"{path.name}: not a video that can be read ({_reason(error)}). "
            "Expected mp4, mov, mkv, webm or avi."
        ) from None
    kind = container.format.name
    if kind.endswith("_pipe") or kind in {"image2", "tty"}:
        container.close()
        raise ClipError(f"{path.name}: not a video (found: {kind}). Expected a film of the lift.")
    return container


def video_stream(container: av.container.InputContainer, name: str) -> VideoStream:
    """Choose the film in a container: its largest video stream that is no cover picture.

    Raises:
        ClipError: There is none, or this build cannot decode it.
    """
    if not container.streams:
        raise ClipError(f"{name}: holds nothing to play (duration 0 s). Record or export it again.")
    films = [
        stream
        for stream in container.streams.video
        if not stream.disposition & type(stream.disposition).attached_pic
    ]
    if not films:
        found = ", ".join(
            f"{codec_name(stream) if has_decoder(stream) else 'unknown'} {stream.type}"
            for stream in container.streams
        )
        raise ClipError(
            f"{name}: no video stream (found: {found}). "
            "Export the clip with its picture and try again."
        )
    readable = [stream for stream in films if has_decoder(stream)]
    if not readable:
        raise ClipError(
            f"{name}: its video codec is not supported. Export the clip as H.264 and try again."
        )
    return max(readable, key=lambda stream: stream.width * stream.height)


def has_decoder(stream: Stream) -> bool:
    """Whether this build can decode a stream; PyAV leaves the context out where it cannot."""
    return getattr(stream, "codec_context", None) is not None


def codec_name(stream: Stream) -> str:
    """Name of the format a stream is stored in, such as `h264`, whichever decoder reads it."""
    return stream.codec_context.codec.canonical_name


def is_cut_off(path: Path) -> bool:
    """Whether an mp4 or mov file ends in the middle of a box; False for other formats."""
    boxes = _boxes(path)
    if not boxes or boxes[0][0] not in {b"ftyp", b"moov", b"mdat", b"wide", b"free"}:
        return False
    _, start, size = boxes[-1]
    return start + size > path.stat().st_size


def _missing(path: Path) -> str:
    """What stands where a file was expected, and what to do about it."""
    address = _WEB_ADDRESS.match(path.as_posix())
    if address:
        shown = shown_address("://".join(address.groups()))
        return (
            f"{shown}: is a web address, expected a file on this machine."
            " Download the clip and name the file."
        )
    if path.is_symlink():
        return (
            f"{path}: is a link to {path.readlink()}, and no such file is there."
            " Bring that file back, or name the clip itself."
        )
    return f"{path}: no such file. Check the path and try again."


def _lacks_index(path: Path) -> bool:
    names = [name for name, _, _ in _boxes(path)]
    return bool(names) and names[0] == b"ftyp" and b"moov" not in names


def _boxes(path: Path) -> list[tuple[bytes, int, int]]:
    """Top-level ISO boxes as (type, offset, claimed size)."""
    total = path.stat().st_size
    boxes: list[tuple[bytes, int, int]] = []
    at = 0
    with path.open("rb") as file:
        while at + 8 <= total:
            file.seek(at)
            header = file.read(LARGEST_BOX_HEADER)
            size = int.from_bytes(header[:4], "big")
            if size == 1 and len(header) == LARGEST_BOX_HEADER:
                size = int.from_bytes(header[8:], "big")
            elif size == 0:
                size = total - at
            if size < 8:
                break
            boxes.append((header[4:8], at, size))
            at += size
    return boxes


def _reason(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error)
    return str(text).strip().rstrip(".").lower().replace("\n", " ")
