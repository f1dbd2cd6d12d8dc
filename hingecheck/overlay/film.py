"""The overlay as pictures people keep: a film of the whole clip, stills of frames, a thumbnail."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from hingecheck.clip import ClipInfo, ClipReader, ClipWriter
from hingecheck.form.records import Analysis
from hingecheck.overlay.overlay import Overlay

__all__ = ["THUMB_PX", "Pictures", "draw_film", "draw_stills", "shrunk"]

LONGEST_PX = 3840
"""The film keeps the clip's size up to 4K: beyond, browsers decode H.264 badly or not at all."""

STILL_PX = 640
STILL_SOURCE_PX = 1280
STILL_MARGIN = 0.12
JPEG_QUALITY = 85

THUMB_PX = 320
"""Long side of a thumbnail at most."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """Which pictures of a clip are kept beside its numbers, and how.

    Attributes:
        overlay: The whole clip with its overlay, `overlay.mp4`.
        stills: Two frames of each rep in the report.
        thumbnail: One small picture of the clip, `thumb.jpg`.
        sound: Whether the film keeps the clip's sound.
        blur_faces: Whether heads are made unrecognisable in all of them.
    """

    overlay: bool = True
    stills: bool = True
    thumbnail: bool = False
    sound: bool = True
    blur_faces: bool = False


def draw_film(
    info: ClipInfo,
    analysis: Analysis,
    path: Path,
    pictures: Pictures,
    progress: Callable[[float], None],
) -> list[str]:
    """Write the whole clip with its overlay, its timing and, where wanted, its sound.

    Nothing else of the clip's file is carried over: phones note place, date and device in it.

    Args:
        info: The clip.
        analysis: What was found in it.
        path: The mp4 to write.
        pictures: Whether with sound, and whether heads are hidden.
        progress: Called with the share done, 0..1.

    Returns:
        Warnings about sound that could not be kept.

    Raises:
        OutputError: The file cannot be written.
    """
    with ClipReader(info.path, LONGEST_PX, info) as reader:
        width = round(info.width_px * reader.scale)
        height = round(info.height_px * reader.scale)
        overlay = Overlay(analysis, width, height, blur_faces=pictures.blur_faces)
        sound = info.path if pictures.sound else None
        with ClipWriter(path, width, height, info.mean_fps, sound_from=sound) as writer:
            for frame in reader:
                writer.write(overlay.draw(frame.rgb, frame.index), frame.time_s)
                progress((frame.index + 1) / analysis.frames)
    return writer.warnings


def draw_stills(
    info: ClipInfo, analysis: Analysis, frames: Collection[int], pictures: Pictures
) -> dict[int, bytes]:
    """Single frames with their overlay, cropped to the lifter, as JPEG by frame number."""
    stills: dict[int, bytes] = {}
    if not frames:
        return stills
    with ClipReader(info.path, STILL_SOURCE_PX, info, only=frames) as reader:
        overlay: Overlay | None = None
        x0, y0, x1, y1 = _lifter_box(analysis, reader.scale)
        for frame in reader:
            height, width = frame.rgb.shape[:2]
            overlay = overlay or Overlay(analysis, width, height, blur_faces=pictures.blur_faces)
            drawn = overlay.still(frame.rgb, frame.index)[y0:y1, x0:x1]
            stills[frame.index] = _jpeg(cv2.cvtColor(drawn, cv2.COLOR_RGB2BGR), STILL_PX)
    return stills


def shrunk(jpeg: bytes, longest_px: int) -> bytes:
    """A still as a smaller JPEG, its longer side at most `longest_px`."""
    still = cv2.imdecode(np.frombuffer(jpeg, dtype=np.uint8), cv2.IMREAD_COLOR)
    assert still is not None
    return _jpeg(still, longest_px)


def _jpeg(bgr: cv2.typing.MatLike, longest_px: int) -> bytes:
    height, width = bgr.shape[:2]
    shrink = min(1.0, longest_px / max(height, width))
    size = max(round(width * shrink), 1), max(round(height * shrink), 1)
    small = cv2.resize(bgr, size, interpolation=cv2.INTER_AREA)
    _, jpeg = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return jpeg.tobytes()


def _lifter_box(analysis: Analysis, scale: float) -> tuple[int, int, int, int]:
    """Part of the picture the lifter uses over the clip, with a margin: x0, y0, x1, y1."""
    seen = analysis.track.landmarks_px[analysis.track.detected] * scale
    size = np.array([analysis.track.width_px, analysis.track.height_px]) * scale
    if not len(seen):
        return 0, 0, int(size[0]), int(size[1])
    low = np.percentile(seen.min(axis=1), 2, axis=0)
    high = np.percentile(seen.max(axis=1), 98, axis=0)
    margin = STILL_MARGIN * float((high - low).max())
    x0, y0 = np.clip(low - margin, 0, size - 2).astype(int)
    x1, y1 = np.clip(high + margin, (x0 + 2, y0 + 2), size).astype(int)
    return int(x0), int(y0), int(x1), int(y1)
