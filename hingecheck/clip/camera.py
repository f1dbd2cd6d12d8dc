"""A camera as a stream of upright pictures on its own clock."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from hingecheck.clip.network import (
    is_address,
    is_stream,
    reached_directly,
    shown_address,
    why_silent,
)
from hingecheck.clip.read import Frame
from hingecheck.errors import ClipError

if TYPE_CHECKING:
    import cv2

__all__ = ["Camera", "Wanted", "is_camera"]

DEVICES = Path("/dev")

OPEN_TIMEOUT_MS = 5000
READ_TIMEOUT_MS = 3000
"""A network camera that is silent for so long is given up. Probing an RTSP stream takes about a
second (measured); between two pictures even a poor wireless network needs less than a second."""

FRESH_AFTER_S = 0.005
"""A network picture that is there sooner than this after asking for it had been waiting: decoding
one takes 1 to 3 ms at 720p (measured), and the next of a fresh stream is 16 ms or more away."""

LONGEST_SKIP_S = 0.25
"""Waiting pictures are left out no longer than this; probing RTSP holds about 30 up."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to ask a camera for; it gives the nearest that it has.

    Attributes:
        width_px: Width of its pictures.
        height_px: Height of its pictures.
        fps: Pictures a second.
    """

    width_px: int = 1280
    height_px: int = 720
    fps: float = 30.0


def is_camera(source: str) -> bool:
    """Whether a name means a camera rather than a file.

    Cameras are indices such as 0, devices, and network addresses that do not end like a clip's.
    """
    if is_address(source):
        return is_stream(source)
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
        name: What it was opened as, without the user and password of an address.
        width_px: Width of its pictures.
        height_px: Height of its pictures.
        fps: Pictures a second it promises; NaN where it does not say.
        endless: True: when its pictures end, it was lost.
    """

    endless = True

    def __init__(self, source: int | str, wanted: Wanted | None = None) -> None:
        """Name a camera; `with` opens it, as often as you like.

        Args:
            source: Index, counted from 0, the path of a device, or an RTSP or HTTP(S) address.
            wanted: Size and rate to ask a device for; None leaves it at its own. What a network
                camera sends is chosen on the camera.
        """
        name = str(source)
        self.name = shown_address(name)
        self.width_px = self.height_px = 0
        self.fps = float("nan")
        self._device = int(name) if name.isdigit() else name
        self._address = name if is_address(name) else None
        self._wanted = None if self._address else wanted
        self._capture: cv2.VideoCapture | None = None

    @property
    def got(self) -> str:
        """What it gives, in words, beside what was asked for where that differs."""
        size = f"{self.width_px}x{self.height_px}"
        rate = "" if isnan(self.fps) else f", {self.fps:.3g} pictures a second"
        asked = ""
        if (want := self._wanted) is not None:
            same_size = (want.width_px, want.height_px) == (self.width_px, self.height_px)
            if not same_size or abs(self.fps - want.fps) >= 1:
                asked = f" (asked for {want.width_px}x{want.height_px} at {want.fps:.3g})"
        return f"camera {self.name}: {size}{rate}{asked}"

    def __enter__(self) -> Self:
        """Open it.

        Raises:
            ClipError: There is no such camera, another program holds it, or nothing answers at
                its address within `OPEN_TIMEOUT_MS`.
        """
        import cv2

        if self._address is None:
            capture = cv2.VideoCapture(self._device)
        else:
            capture = _open_address(self._address)
        if not capture.isOpened():
            capture.release()
            why = why_silent(self._address) if self._address else _why_closed(self._device)
            raise ClipError(f"camera {self.name}: {why}")
        if self._wanted is not None:
            _ask(capture, self._wanted)
        self._capture = capture
        self.width_px = round(capture.get(cv2.CAP_PROP_FRAME_WIDTH))
        self.height_px = round(capture.get(cv2.CAP_PROP_FRAME_HEIGHT))
        promised = capture.get(cv2.CAP_PROP_FPS)
        # FFmpeg makes up 25 a second for a stream of JPEGs, whatever comes.
        believed = 0 < promised < 1000 and self._address is None
        self.fps = promised if believed else float("nan")
        return self

    def __exit__(self, *_: object) -> None:
        if self._capture is not None:
            self._capture.release()
            self._capture = None

    def __iter__(self) -> Iterator[Frame]:
        """Pictures as they come, until the camera is unplugged or the file ends.

        Times are the driver's own stamps where it gives any, and the moment a picture arrived
        where it does not; they start at 0 and strictly increase. A network's stamps may be made
        up, so there the moment of arrival counts, and what was held up while the stream was
        probed is left out.

        Raises:
            ClipError: Not one picture came.
        """
        import cv2

        if self._capture is None:
            raise ValueError("open the camera with `with` before reading from it")
        first_s, last_s, index = 0.0, -1.0, 0
        stamped = self._address is None
        held_up = not stamped
        started_s = asked_s = time.monotonic()
        while self._capture.grab():
            now_s = time.monotonic()
            held_up = (
                held_up and now_s - asked_s < FRESH_AFTER_S and now_s - started_s < LONGEST_SKIP_S
            )
            asked_s = now_s
            if held_up:
                continue
            stamp_s = self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
            if index == 0:
                first_s, started_s = stamp_s, now_s
            # Drivers without stamps say 0, or the same time again.
            stamped = stamped and stamp_s - first_s > last_s
            time_s = stamp_s - first_s if stamped else now_s - started_s
            arrived, picture = self._capture.retrieve()
            if arrived and time_s > last_s:
                rgb = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
                yield Frame(index, time_s, np.require(rgb, np.uint8, ["C", "W"]))
                last_s, index = time_s, index + 1
        if index == 0:
            again = (
                "Start its app again."
                if self._address
                else "Unplug it, plug it in again, and close other programs that use it."
            )
            raise ClipError(f"camera {self.name}: opened, but no picture came from it. {again}")


def _open_address(address: str) -> cv2.VideoCapture:
    """Open a network camera within `OPEN_TIMEOUT_MS`, besides looking up its name."""
    import cv2

    limits = {
        cv2.CAP_PROP_OPEN_TIMEOUT_MSEC: OPEN_TIMEOUT_MS,
        cv2.CAP_PROP_READ_TIMEOUT_MSEC: READ_TIMEOUT_MS,
        # Each further decoder thread would hold one more picture back: 33 ms (measured, H.264).
        cv2.CAP_PROP_N_THREADS: 1,
    }
    options = [number for limit in limits.items() for number in limit]
    with reached_directly(address):
        return cv2.VideoCapture(address, cv2.CAP_FFMPEG, options)


def _ask(capture: cv2.VideoCapture, wanted: Wanted) -> None:
    """Ask a driver for a size and a rate; it may decline, or give what is nearest."""
    import cv2

    # As JPEGs, and before the size: uncompressed, 720p at 30 (55 MB/s) does not fit through
    # USB 2.0, and drivers then offer 10 a second.
    capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, wanted.width_px)
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, wanted.height_px)
    capture.set(cv2.CAP_PROP_FPS, wanted.fps)


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
