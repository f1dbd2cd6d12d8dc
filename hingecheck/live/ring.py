"""Keep the last seconds of a camera, so that a repetition nobody recorded can be seen again."""

from __future__ import annotations

import math
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import cv2
import numpy as np

from hingecheck.clip import ClipWriter
from hingecheck.errors import OutputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hingecheck.live.records import Picture

__all__ = ["MOST_BYTES", "Ring", "Strip"]

LONGEST_PX = 960
"""Pictures are made smaller by a whole number until their long side fits: 640x360 from 720p,
960x540 from 1080p. Whole numbers because OpenCV averages over blocks of pixels in 0.3
core-milliseconds at 720p, and over broken ones (to 960x540) in 3."""

QUALITY = 80
"""JPEG quality. Two 720p gym clips: 17-22 kB a picture, 0.7 core-milliseconds to add one, half of
it for the scaling, 0.5 to get it back. 67 kB and 1.6 without the scaling."""

NOMINAL_FPS = 30
"""How long a saved film's last picture stands; each other one stands until the next."""

MOST_BYTES = 64 << 20
"""The pictures together never take more, whatever they show; 20 s of a gym at 30 a second take
13."""


class Ring:
    """The last seconds of pictures as JPEG, in a bounded piece of memory.

    Pictures may be added in one thread while another looks at them. A clock that starts again, or
    a camera that comes back with pictures of another size, empties the ring.

    Attributes:
        seconds: How far it reaches back, as far as `MOST_BYTES` go.
        kept_bytes: What the pictures in it take.
    """

    def __init__(self, seconds: float) -> None:
        if not seconds > 0:
            raise ValueError(f"expected seconds above 0, got {seconds}")
        self.seconds = seconds
        self.kept_bytes = 0
        self._kept: deque[tuple[float, NDArray[np.uint8]]] = deque()
        self._shape: tuple[int, ...] = ()
        self._lock = threading.Lock()

    def add(self, rgb: Picture, time_s: float) -> None:
        """Keep a picture and let go of those that are too old.

        Args:
            rgb: (height, width, 3) uint8.
            time_s: When it was taken, in seconds on the source's clock.
        """
        small = _shrink(rgb)
        _, jpeg = cv2.imencode(
            ".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
        )
        with self._lock:
            if self._kept and (time_s <= self._kept[-1][0] or small.shape != self._shape):
                self._kept.clear()
                self.kept_bytes = 0
            self._shape = small.shape
            self._kept.append((time_s, jpeg))
            self.kept_bytes += jpeg.nbytes
            while self._kept[0][0] < time_s - self.seconds or self.kept_bytes > MOST_BYTES:
                self.kept_bytes -= self._kept.popleft()[1].nbytes

    def cut(self, start_s: float, end_s: float) -> Strip:
        """What is kept from `start_s` to `end_s`, both included, for good."""
        with self._lock:
            return Strip(item for item in self._kept if start_s <= item[0] <= end_s)


class Strip:
    """Pictures cut out of a ring; iterating gives times on the source's clock and pictures.

    They are decoded one by one as they are asked for, as often as one likes.
    """

    def __init__(self, kept: Iterable[tuple[float, NDArray[np.uint8]]]) -> None:
        self._kept = tuple(kept)

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[tuple[float, Picture]]:
        for time_s, jpeg in self._kept:
            yield time_s, np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR_RGB), np.uint8)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it as an mp4 with its real timing, starting at 0.

        Args:
            path: The file to create or replace.

        Raises:
            OutputError: There is no picture in it, or the file cannot be written.
        """
        if not self._kept:
            raise OutputError(f"{path}: not saved, no picture of that time is kept.")
        first_s, rgb = next(iter(self))
        height_px, width_px = rgb.shape[:2]
        with ClipWriter(path, width_px, height_px, NOMINAL_FPS) as writer:
            for time_s, rgb in self:
                writer.write(rgb, time_s - first_s)


def _shrink(rgb: Picture) -> Picture:
    """A picture of at most `LONGEST_PX`, smaller by a whole number."""
    height, width = rgb.shape[:2]
    part = math.ceil(max(height, width) / LONGEST_PX)
    if part == 1:
        return rgb
    size = width // part, height // part
    whole = rgb[: size[1] * part, : size[0] * part]
    return np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_AREA), np.uint8)
