"""A camera as a stream of upright pictures on its own clock."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np

from hingecheck.clip.read import Frame
from hingecheck.errors import ClipError

if TYPE_CHECKING:
    import cv2

__all__ = ["Camera", "is_camera"]

DEVICES = Path("/dev")


def is_camera(source: str) -> bool:
    """Whether a name means a camera, an index such as 0 or a device, rather than a file."""
    if source.isascii() and source.isdigit():
        return not Path(source).is_file()
    try:
        return stat.S_ISCHR(Path(source).stat().st_mode)
    except OSError:
        return Path(source).is_relative_to(DEVICES)


class Camera:
    """Pictures from a camera through OpenCV; a context manager.

    ```python
    with Camera("0") as camera:
        for frame in camera:
            look(frame.rgb, frame.time_s)
    ```

    A picture that waits too long in the driver is replaced by a later one, so whoever is slow sees
    fewer pictures, each with its own time. OpenCV opens files and numbered pictures in the same
    way; for those use `ClipReader`, which knows more of them.

    Attributes:
        name: What it was opened as.
        width_px: Width of its pictures.
        height_px: Height of its pictures.
        fps: Pictures a second it promises; NaN where it does not say.
    """

    def __init__(self, source: int | str) -> None:
        """Name a camera; `with` opens it.

        Args:
            source: Index, counted from 0, or the path of a device.
        """
        self.name = str(source)
        self.width_px = self.height_px = 0
        self.fps = float("nan")
        self._source = int(source) if self.name.isdigit() else self.name
        self._capture: cv2.VideoCapture | None = None

    def __enter__(self) -> Self:
        """Open it.

        Raises:
            ClipError: There is no such camera, or another program holds it.
        """
        import cv2

        capture = cv2.VideoCapture(self._source)
        if not capture.isOpened():
            capture.release()
            raise ClipError(f"camera {self.name}: {_why_closed(self._source)}")
        self._capture = capture
        self.width_px = round(capture.get(cv2.CAP_PROP_FRAME_WIDTH))
        self.height_px = round(capture.get(cv2.CAP_PROP_FRAME_HEIGHT))
        promised = capture.get(cv2.CAP_PROP_FPS)
        self.fps = promised if 0 < promised < 1000 else float("nan")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._capture is not None:
            self._capture.release()
            self._capture = None

    def __iter__(self) -> Iterator[Frame]:
        """Pictures as they come, until the camera is unplugged or the file ends.

        Times are the driver's own stamps where it gives any, and the moment a picture arrived
        where it does not; they start at 0 and strictly increase.

        Raises:
            ClipError: Not one picture came.
        """
        import cv2

        if self._capture is None:
            raise ValueError("open the camera with `with` before reading from it")
        started = time.monotonic()
        first_s, last_s, index = 0.0, -1.0, 0
        stamped = True
        while self._capture.grab():
            stamp_s = self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
            if index == 0:
                first_s = stamp_s
            # Drivers without stamps say 0, or the same time again.
            stamped = stamped and stamp_s - first_s > last_s
            time_s = stamp_s - first_s if stamped else time.monotonic() - started
            arrived, picture = self._capture.retrieve()
            if not arrived or time_s <= last_s:
                continue
            rgb = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
            yield Frame(index, time_s, np.require(rgb, np.uint8, ["C", "W"]))
            last_s, index = time_s, index + 1
        if index == 0:
            raise ClipError(
                f"camera {self.name}: opened, but no picture came from it. Unplug it, plug it in"
                " again, and close other programs that use it."
            )


def _why_closed(source: int | str) -> str:
    """What keeps a camera shut, and what to do, as far as the machine tells."""
    device = DEVICES / f"video{source}" if isinstance(source, int) else Path(source)
    present = sorted(str(found) for found in DEVICES.glob("video*"))
    if not present and device.is_relative_to(DEVICES):
        return "no camera is connected. Plug one in, or give a video file instead."
    if not device.exists():
        known = f" Cameras here: {', '.join(present)}." if present else ""
        return f"there is no such camera.{known} Give one that exists, or a video file."
    if not os.access(device, os.R_OK):
        return f"you may not read {device}. Add yourself to its group, often `video`."
    return "it cannot be opened. Close other programs that use it and try again."
