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

from hingecheck.clip.network import is_address, is_stream, shown_address
from hingecheck.clip.read import Frame
from hingecheck.clip.stream import NetworkStream
from hingecheck.errors import ClipError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Camera", "Wanted", "is_camera"]

DEVICES = Path("/dev")

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
    """Pictures from a camera; a context manager.

    ```python
    with Camera("0") as camera:
        for frame in camera:
            look(frame.rgb, frame.time_s)
    ```

    A picture that waits too long in the driver is replaced by a later one, so whoever is slow sees
    fewer pictures, each with its own time. A network camera may change their size at any moment.
    OpenCV opens files and numbered pictures as it does devices; for those use `ClipReader`, which
    knows more of them.

    Attributes:
        name: What it was opened as, without the user and password of an address.
        width_px: Width of its last picture.
        height_px: Height of its last picture.
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
        self._link: _Driver | NetworkStream | None = None

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
                its address within `OPEN_TIMEOUT_S`.
        """
        try:
            self._link = (
                _Driver(self._device, self._wanted)
                if self._address is None
                else NetworkStream(self._address)
            )
        except ClipError as error:
            raise ClipError(f"camera {self.name}: {error}") from None
        self.width_px, self.height_px = self._link.size_px
        self.fps = self._link.fps
        return self

    def __exit__(self, *_: object) -> None:
        if self._link is not None:
            self._link.close()
            self._link = None

    def __iter__(self) -> Iterator[Frame]:
        """Pictures as they come, until the camera is unplugged or the file ends.

        Times are the driver's own stamps where it gives any, and the moment a picture arrived
        where it does not; they start at 0 and strictly increase. A network's stamps may be made
        up, so there the moment of arrival counts, and what was held up while the stream was
        probed is left out.

        Raises:
            ClipError: Not one picture came.
        """
        link = self._link
        if link is None:
            raise ValueError("open the camera with `with` before reading from it")
        first_s, last_s, index = 0.0, -1.0, 0
        stamped = self._address is None
        held_up = not stamped
        started_s = asked_s = time.monotonic()
        while link.grab():
            now_s = time.monotonic()
            held_up = (
                held_up and now_s - asked_s < FRESH_AFTER_S and now_s - started_s < LONGEST_SKIP_S
            )
            asked_s = now_s
            if held_up:
                continue
            stamp_s = link.stamp_s()
            if index == 0:
                first_s, started_s = stamp_s, now_s
            # Drivers without stamps say 0, or the same time again.
            stamped = stamped and stamp_s - first_s > last_s
            time_s = stamp_s - first_s if stamped else now_s - started_s
            rgb = link.picture()
            if rgb is not None and time_s > last_s:
                self.width_px, self.height_px = link.size_px
                yield Frame(index, time_s, rgb)
                last_s, index = time_s, index + 1
        if index == 0:
            again = (
                "Start its app again."
                if self._address
                else "Unplug it, plug it in again, and close other programs that use it."
            )
            raise ClipError(f"camera {self.name}: opened, but no picture came from it. {again}")


class _Driver:
    """A device through OpenCV.

    Attributes:
        size_px: Width and height of its pictures.
        fps: Pictures a second it promises; NaN where it does not say.
    """

    def __init__(self, device: int | str, wanted: Wanted | None) -> None:
        import cv2

        self._capture = cv2.VideoCapture(device)
        if not self._capture.isOpened():
            self.close()
            raise ClipError(_why_closed(device))
        if wanted is not None:
            self._ask(wanted)
        self.size_px = (
            round(self._capture.get(cv2.CAP_PROP_FRAME_WIDTH)),
            round(self._capture.get(cv2.CAP_PROP_FRAME_HEIGHT)),
        )
        promised = self._capture.get(cv2.CAP_PROP_FPS)
        self.fps = promised if 0 < promised < 1000 else float("nan")

    def close(self) -> None:
        """Let other programs have it."""
        self._capture.release()

    def grab(self) -> bool:
        """Wait for the next picture; False when there are no more."""
        return self._capture.grab()

    def stamp_s(self) -> float:
        """The driver's own time of the picture grabbed last; 0 from one that gives none."""
        import cv2

        return self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000

    def picture(self) -> NDArray[np.uint8] | None:
        """(height, width, 3) RGB of the picture grabbed last; None where it is damaged."""
        import cv2

        arrived, bgr = self._capture.retrieve()
        if not arrived:
            return None
        return np.require(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8, ["C", "W"])

    def _ask(self, wanted: Wanted) -> None:
        """Ask for a size and a rate; a driver may decline, or give what is nearest."""
        import cv2

        # As JPEGs, and before the size: uncompressed, 720p at 30 (55 MB/s) does not fit through
        # USB 2.0, and drivers then offer 10 a second.
        self._capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, wanted.width_px)
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, wanted.height_px)
        self._capture.set(cv2.CAP_PROP_FPS, wanted.fps)


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
