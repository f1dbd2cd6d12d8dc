"""The overlay as pictures people keep: a film of the whole clip, and stills of single frames."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

import cv2
import numpy as np

from hingecheck.clip import ClipInfo, ClipReader, ClipWriter
from hingecheck.form.records import Analysis
from hingecheck.overlay.overlay import Overlay

__all__ = ["draw_film", "draw_stills"]

LONGEST_PX = 3840
"""The film keeps the clip's size up to 4K: beyond, browsers decode H.264 badly or not at all."""

STILL_PX = 640
STILL_SOURCE_PX = 1280
STILL_MARGIN = 0.12
STILL_QUALITY = 85


def draw_film(
    info: ClipInfo, analysis: Analysis, path: Path, progress: Callable[[float], None]
) -> list[str]:
    """Write the whole clip with its overlay, original timing and sound.

    Args:
        info: The clip.
        analysis: What was found in it.
        path: The mp4 to write.
        progress: Called with the share done, 0..1.

    Returns:
        Warnings about sound that could not be kept.

    Raises:
        OutputError: The file cannot be written.
    """
    with ClipReader(info.path, LONGEST_PX, info) as reader:
        width = round(info.width_px * reader.scale)
        height = round(info.height_px * reader.scale)
        overlay = Overlay(analysis, width, height)
        with ClipWriter(path, width, height, info.mean_fps, sound_from=info.path) as writer:
            for frame in reader:
                writer.write(overlay.draw(frame.rgb, frame.index), frame.time_s)
                progress((frame.index + 1) / analysis.frames)
    return writer.warnings


def draw_stills(info: ClipInfo, analysis: Analysis, frames: Collection[int]) -> dict[int, bytes]:
    """Single frames with their overlay, cropped to the lifter, as JPEG by frame number."""
    stills: dict[int, bytes] = {}
    if not frames:
        return stills
    with ClipReader(info.path, STILL_SOURCE_PX, info, only=frames) as reader:
        overlay: Overlay | None = None
        x0, y0, x1, y1 = _lifter_box(analysis, reader.scale)
        for frame in reader:
            height, width = frame.rgb.shape[:2]
            overlay = overlay or Overlay(analysis, width, height)
            drawn = overlay.still(frame.rgb, frame.index)[y0:y1, x0:x1]
            shrink = min(1.0, STILL_PX / max(drawn.shape[:2]))
            size = (round(drawn.shape[1] * shrink), round(drawn.shape[0] * shrink))
            small = cv2.resize(drawn, size, interpolation=cv2.INTER_AREA)
            _, jpeg = cv2.imencode(
                ".jpg",
                cv2.cvtColor(small, cv2.COLOR_RGB2BGR),
                [cv2.IMWRITE_JPEG_QUALITY, STILL_QUALITY],
            )
            stills[frame.index] = jpeg.tobytes()
    return stills


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
