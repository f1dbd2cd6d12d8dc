"""A window on the live picture, and the keys pressed in it."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from enum import StrEnum
from pathlib import Path
from typing import Self

import cv2
import numpy as np

from hingecheck.errors import UsageError
from hingecheck.live.records import Picture
from hingecheck.overlay.colours import PLATE

__all__ = ["NAME", "Action", "Window", "has_screen"]

NAME = "hingecheck"

OPENS_WITHIN_PX = (1280, 720)
"""Largest window to begin with: it fits on a laptop's screen, and people resize it."""

HELD_DOWN_S = 0.7
"""A key that comes again within this time is still held down: desktops repeat keys after up to
0.66 s (the X server's own delay; GNOME's is 0.5), then every 0.03."""

KEY_DELAY_MS = 1


class Action(StrEnum):
    """What a key asks for. FULL_SCREEN is done by the window itself; OTHER is any other key."""

    SET = "set"
    CALIBRATE = "calibrate"
    REPLAY = "replay"
    SAVE = "save"
    MUTE = "mute"
    FULL_SCREEN = "full_screen"
    HELP = "help"
    QUIT = "quit"
    OTHER = "other"


_ACTIONS = {
    " ": Action.SET,
    "c": Action.CALIBRATE,
    "r": Action.REPLAY,
    "s": Action.SAVE,
    "m": Action.MUTE,
    "f": Action.FULL_SCREEN,
    "?": Action.HELP,
    "q": Action.QUIT,
    "\x1b": Action.QUIT,
}

_SHIFT_TO_HYPER = range(0xFFE1, 0xFFEF)
"""X's codes of Shift, Control, Caps Lock, Alt ...: no keys of their own."""


class Window:
    """A resizable window; a context manager, to be used from the thread that opens it.

    ```python
    with Window(1280, 720) as window:
        while window.action() is not Action.QUIT:
            window.show(picture)
    ```

    Args:
        width_px: Width of the pictures it will show.
        height_px: Height of the pictures it will show.
    """

    def __init__(self, width_px: int, height_px: int) -> None:
        self._size_px = _within(width_px, height_px)
        self._open = False
        self._whole_screen = False
        self._key = -1
        self._key_s = -HELD_DOWN_S
        self._canvas = np.empty((0, 0, 3), dtype=np.uint8)
        self._filled = (0, 0)

    def __enter__(self) -> Self:
        """Open it.

        Raises:
            UsageError: There is no screen to open it on.
        """
        _require_screen()
        try:
            cv2.namedWindow(NAME, cv2.WINDOW_NORMAL | cv2.WINDOW_FREERATIO | cv2.WINDOW_GUI_NORMAL)
            cv2.resizeWindow(NAME, *self._size_px)
        except cv2.error as error:
            raise _no_window(" ".join(str(error).split())) from error
        self._open = True
        return self

    def __exit__(self, *_: object) -> None:
        if self._open:
            self._open = False
            cv2.destroyWindow(NAME)

    def shape(self, width_px: int, height_px: int) -> None:
        """Take the shape of other pictures, unless somebody has given it one by hand."""
        size = _within(width_px, height_px)
        if not self._open or size == self._size_px:
            return
        _, _, width, height = cv2.getWindowImageRect(NAME)
        if (width, height) == self._size_px:
            cv2.resizeWindow(NAME, *size)
        self._size_px = size

    def show(self, picture: Picture) -> None:
        """Show a picture as large as the window allows; a closed window stays closed.

        Args:
            picture: (height, width, 3) RGB.
        """
        if not self._open:
            return
        _, _, width, height = cv2.getWindowImageRect(NAME)
        cv2.imshow(NAME, self._fitted(picture, max(width, 1), max(height, 1)))

    def action(self) -> Action | None:
        """What the person asked for since the last call; None for nothing.

        Takes two milliseconds, most of which the thread sleeps. Closing the window is QUIT, and a
        key that is held down counts once.
        """
        if not self._open:
            return Action.QUIT
        key = cv2.waitKeyEx(KEY_DELAY_MS)
        self._open = _is_open()
        if not self._open:
            return Action.QUIT
        if key < 0 or key in _SHIFT_TO_HYPER or self._still_down(key):
            return None
        action = _ACTIONS.get(chr(key).lower(), Action.OTHER) if key < 128 else Action.OTHER
        if action is Action.FULL_SCREEN:
            self._whole_screen = not self._whole_screen
            size = cv2.WINDOW_FULLSCREEN if self._whole_screen else cv2.WINDOW_NORMAL
            cv2.setWindowProperty(NAME, cv2.WND_PROP_FULLSCREEN, size)
        return action

    def _still_down(self, key: int) -> bool:
        now_s = time.monotonic()
        same = key == self._key and now_s - self._key_s < HELD_DOWN_S
        self._key, self._key_s = key, now_s
        return same

    def _fitted(self, picture: Picture, width: int, height: int) -> Picture:
        """The picture in the middle of the window, its shape kept, as OpenCV shows it (BGR).

        OpenCV's own windows enlarge without smoothing, which frays text.
        """
        high, wide = picture.shape[:2]
        scale = min(width / wide, height / high)
        size = max(round(scale * wide), 1), max(round(scale * high), 1)
        if self._canvas.shape[:2] != (height, width) or self._filled != size:
            self._canvas = np.full((height, width, 3), PLATE[::-1], dtype=np.uint8)
            self._filled = size
        x, y = (width - size[0]) // 2, (height - size[1]) // 2
        part = self._canvas[y : y + size[1], x : x + size[0]]
        if size != (wide, high):
            picture = np.asarray(
                cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR), np.uint8
            )
        cv2.cvtColor(picture, cv2.COLOR_RGB2BGR, dst=part)
        return self._canvas


def _within(width_px: int, height_px: int) -> tuple[int, int]:
    """As large as a picture, within `OPENS_WITHIN_PX`."""
    shrink = min(1.0, OPENS_WITHIN_PX[0] / width_px, OPENS_WITHIN_PX[1] / height_px)
    return round(shrink * width_px), round(shrink * height_px)


def has_screen() -> bool:
    """Whether a window can be opened here."""
    try:
        _require_screen()
    except UsageError:
        return False
    return True


def _is_open() -> bool:
    try:
        return bool(cv2.getWindowProperty(NAME, cv2.WND_PROP_VISIBLE) >= 1)
    except cv2.error:
        # Of a window that was closed, Qt keeps nothing that could be asked.
        return False


def _require_screen() -> None:
    """Refuse where OpenCV's Qt would end the whole process (opencv issue 13682).

    On Linux the wheel draws through Qt's xcb plugin, the only one it carries. Whether that loads,
    and whether the X server answers, is tried here first; elsewhere OpenCV reports by itself.
    PyAV's wheel brings a libxcb-shm of the same name, built on a libxcb of its own: whichever of
    the two packages is loaded first gives it to both, and on PyAV's the window waits for ever.

    Raises:
        UsageError: Why no window can be opened.
    """
    plugin = Path(cv2.__file__).parent / "qt/plugins/platforms/libqxcb.so"
    if not sys.platform.startswith("linux") or not plugin.exists():
        return
    if not os.environ.get("DISPLAY"):
        raise _no_window("there is no screen (DISPLAY is not set)")
    if "av.libs/libxcb-shm" in Path("/proc/self/maps").read_text(encoding="utf-8"):
        raise _no_window("PyAV was loaded before OpenCV, whose window would hang; import cv2 first")
    # A desktop's own choice of plugin, such as wayland, would not be found.
    os.environ["QT_QPA_PLATFORM"] = "xcb"
    try:
        ctypes.CDLL(str(plugin))
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError as error:
        raise _no_window(f"a library of the desktop is missing ({error})") from error
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    server = xcb.xcb_connect(None, None)
    failed = xcb.xcb_connection_has_error(server)
    xcb.xcb_disconnect(server)
    if failed:
        raise _no_window(f"the screen {os.environ['DISPLAY']} does not answer")


def _no_window(why: str) -> UsageError:
    return UsageError(f"window: {why}. Start it on a desktop, or add --headless to do without.")
