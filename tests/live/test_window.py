"""The window under a real X server: keys pressed, screen photographed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import cv2
import numpy as np
import pytest
from live.moments import call, moment, room
from numpy.typing import NDArray
from Xlib import XK, X, display
from Xlib.ext import xtest
from Xlib.protocol import event

from hingecheck.live.draw import Drawing, Marks
from hingecheck.live.window import HELD_DOWN_S, NAME
from hingecheck.overlay.colours import PLATE

Image = NDArray[np.uint8]

SCREEN_PX = (1600, 900)
SIZE_PX = (1280, 720)
PATIENCE_S = 60.0
PRESS_AGAIN_AFTER_S = 10.0

SHOW = """
import sys
import numpy as np
from hingecheck.live.window import Action, Window

picture = np.load(sys.argv[1])
with Window(picture.shape[1], picture.shape[0]) as window:
    shown, action = 0, None
    while action is not Action.QUIT:
        window.show(picture)
        action = window.action()
        shown += 1
        if shown == 30:
            print("ready", flush=True)
        if action is not None:
            print(action.value, flush=True)
print("left", flush=True)
"""

OPEN = """
from hingecheck.errors import UsageError
from hingecheck.live.window import Window

try:
    with Window(64, 36):
        print("open")
except UsageError as refusal:
    print(refusal)
"""


@dataclass
class Desktop:
    """An X server without a screen, and hands on its keyboard."""

    name: str

    def __post_init__(self) -> None:
        self._display = display.Display(self.name)
        self._root = self._display.screen().root

    def press(self, key: str, *, shift: bool = False, for_s: float = 0.05) -> None:
        """Hold a key, named as X names it, and let it go."""
        keys = ["Shift_L"] * shift + [key]
        codes = [self._display.keysym_to_keycode(XK.string_to_keysym(name)) for name in keys]
        for code in codes:
            xtest.fake_input(self._display, X.KeyPress, code)
        self._display.sync()
        time.sleep(for_s)
        for code in reversed(codes):
            xtest.fake_input(self._display, X.KeyRelease, code)
        self._display.sync()

    def point_at(self, x_px: int, y_px: int) -> None:
        """Move the pointer: without a window manager keys go to the window below it."""
        xtest.fake_input(self._display, X.MotionNotify, x=x_px, y=y_px)
        self._display.sync()

    def photograph(self, path: Path, right: Callable[[Image], bool]) -> Image:
        """The whole screen, (height, width, 3) RGB, once it looks right; also kept as a file."""
        patience_s = time.monotonic() + PATIENCE_S
        while True:
            raw = self._root.get_image(0, 0, *SCREEN_PX, X.ZPixmap, 0xFFFFFFFF).data
            bgr = np.frombuffer(raw, np.uint8).reshape(SCREEN_PX[1], SCREEN_PX[0], 4)[..., :3]
            if right(bgr[..., ::-1]) or time.monotonic() > patience_s:
                cv2.imwrite(str(path), bgr)
                return bgr[..., ::-1]
            time.sleep(0.1)

    @property
    def _window(self) -> Any:
        (found,) = [one for one in self._root.query_tree().children if one.get_wm_name() == NAME]
        return found

    def resize(self, width_px: int, height_px: int) -> None:
        self._window.configure(width=width_px, height=height_px)
        self._display.sync()

    def close(self) -> None:
        """Ask the window to close, as its title bar's button does."""
        target = self._window
        protocol = self._display.intern_atom("WM_PROTOCOLS")
        data = (32, [self._display.intern_atom("WM_DELETE_WINDOW"), X.CurrentTime, 0, 0, 0])
        target.send_event(event.ClientMessage(window=target, client_type=protocol, data=data))
        self._display.sync()


@pytest.fixture
def desktop() -> Iterator[Desktop]:
    if shutil.which("Xvfb") is None:
        pytest.skip("needs Xvfb, an X server without a screen")
    told, tell = os.pipe()
    screen = f"{SCREEN_PX[0]}x{SCREEN_PX[1]}x24"
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(tell), "-screen", "0", screen, "-nolisten", "tcp"],
        pass_fds=[tell],
        stderr=subprocess.DEVNULL,
    )
    os.close(tell)
    with os.fdopen(told) as answer:
        number = answer.readline().strip()
    try:
        yield Desktop(f":{number}")
    finally:
        server.terminate()
        server.wait()


@pytest.fixture
def window_manager(desktop: Desktop) -> Iterator[None]:
    if shutil.which("evilwm") is None:
        pytest.skip("needs evilwm, a small window manager")
    manager = subprocess.Popen(
        ["evilwm", "-fn", "fixed", "-display", desktop.name], stderr=subprocess.DEVNULL
    )
    yield
    manager.terminate()
    manager.wait()


class Shown:
    """The program that shows a picture."""

    def __init__(self, process: subprocess.Popen[str], picture: Image) -> None:
        self.picture = picture
        self._process = process
        self._words: Queue[str] = Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            self._words.put(line.strip())

    def says(self) -> str:
        """The next word it prints."""
        return self._words.get(timeout=PATIENCE_S)

    def answers(self, desktop: Desktop, key: str, *, shift: bool = False) -> str:
        """What it prints when a key is pressed.

        Qt loses one press in a thousand or two; people press again, and so does this.
        """
        for _ in range(5):
            desktop.press(key, shift=shift)
            with suppress(Empty):
                return self._words.get(timeout=PRESS_AGAIN_AFTER_S)
        raise AssertionError(f"{key}: no answer")

    def is_silent(self) -> bool:
        """Whether there is nothing that was printed and not read."""
        return self._words.empty()

    def rest(self) -> list[str]:
        """What else it prints until it ends, which it has to do well."""
        words = [self.says()]
        while words[-1] != "left":
            words.append(self.says())
        assert self._process.wait(PATIENCE_S) == 0
        return words


@contextmanager
def showing(desktop: Desktop, folder: Path) -> Iterator[Shown]:
    picture = Drawing(*SIZE_PX, mirrored=True).draw(
        room(*SIZE_PX), moment(hinge_deg=50.0, tuck_deg=12.0, last=call()), Marks(recording=True)
    )
    np.save(folder / "picture.npy", picture)
    process = subprocess.Popen(
        [sys.executable, "-c", SHOW, str(folder / "picture.npy")],
        env={**os.environ, "DISPLAY": desktop.name, "QT_QPA_PLATFORM": "wayland"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        shown = Shown(process, picture)
        assert shown.says() == "ready"
        desktop.photograph(folder / "ready.png", lambda photo: len(np.unique(photo)) > 100)
        yield shown
    finally:
        process.kill()
        process.wait()


def test_each_key_asks_for_its_action(desktop: Desktop, tmp_path: Path) -> None:
    keys = {
        "space": "set",
        "c": "calibrate",
        "r": "replay",
        "s": "save",
        "m": "mute",
        "f": "full_screen",
        "x": "other",
        "Left": "other",
        "Escape": "quit",
    }
    with showing(desktop, tmp_path) as shown:
        for key, action in keys.items():
            assert shown.answers(desktop, key) == action
        assert shown.rest() == ["left"]


def test_shifted_keys_ask_once_and_in_capitals_for_the_same(
    desktop: Desktop, tmp_path: Path
) -> None:
    with showing(desktop, tmp_path) as shown:
        assert shown.answers(desktop, "question", shift=True) == "help"
        assert shown.answers(desktop, "R", shift=True) == "replay"
        assert shown.answers(desktop, "q") == "quit"
        assert shown.rest() == ["left"]


def test_a_key_held_down_counts_once(desktop: Desktop, tmp_path: Path) -> None:
    with showing(desktop, tmp_path) as shown:
        desktop.press("space", for_s=2.0)
        assert shown.says() == "set"
        time.sleep(HELD_DOWN_S + 0.2)
        assert shown.is_silent()
        assert shown.answers(desktop, "space") == "set"
        assert shown.answers(desktop, "q") == "quit"


def test_the_picture_is_on_the_screen_as_it_was_drawn(desktop: Desktop, tmp_path: Path) -> None:
    with showing(desktop, tmp_path) as shown:

        def right(photo: Image) -> bool:
            return bool((photo[: SIZE_PX[1], : SIZE_PX[0]] == shown.picture).all())

        photo = desktop.photograph(tmp_path / "screen.png", right)
        assert right(photo)
        assert photo[SIZE_PX[1] :].std() == 0


def test_a_window_of_another_shape_keeps_that_of_the_picture(
    desktop: Desktop, tmp_path: Path
) -> None:
    with showing(desktop, tmp_path) as shown:
        small = cv2.resize(shown.picture, (640, 360), interpolation=cv2.INTER_AREA)

        def right(photo: Image) -> bool:
            bars = photo[:180, :640], photo[540:720, :640]
            return apart(photo[180:540, :640], small) < 2 and all((b == PLATE).all() for b in bars)

        desktop.resize(640, 720)
        assert right(desktop.photograph(tmp_path / "narrow.png", right))


@pytest.mark.usefixtures("window_manager")
def test_full_screen_fills_the_screen_and_comes_back(desktop: Desktop, tmp_path: Path) -> None:
    with showing(desktop, tmp_path) as shown:
        large = cv2.resize(shown.picture, SCREEN_PX, interpolation=cv2.INTER_LINEAR)

        def whole(photo: Image) -> bool:
            return apart(photo, large) < 1

        def part(photo: Image) -> bool:
            return apart(photo, large) > 10

        assert part(desktop.photograph(tmp_path / "part.png", part))
        assert shown.answers(desktop, "f") == "full_screen"
        assert whole(desktop.photograph(tmp_path / "whole.png", whole))
        time.sleep(HELD_DOWN_S)
        assert shown.answers(desktop, "f") == "full_screen"
        assert part(desktop.photograph(tmp_path / "back.png", part))


def apart(one: Image, other: Image) -> float:
    """Mean difference of two pictures."""
    return float(np.abs(one.astype(int) - other).mean())


def test_closing_the_window_quits(desktop: Desktop, tmp_path: Path) -> None:
    with showing(desktop, tmp_path) as shown:
        desktop.close()
        assert shown.rest() == ["quit", "left"]


@pytest.mark.parametrize("name", [None, "", ":987", "nowhere:0"])
def test_without_a_screen_one_sentence_names_headless(name: str | None) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "DISPLAY"}
    if name is not None:
        environment["DISPLAY"] = name
    done = subprocess.run(
        [sys.executable, "-c", OPEN],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    (sentence,) = done.stdout.splitlines()
    assert sentence.startswith("window: ")
    assert "--headless" in sentence


@pytest.mark.skipif(sys.platform != "linux", reason="the two wheels share a library on Linux")
def test_pyav_loaded_before_opencv_is_refused_instead_of_hanging(desktop: Desktop) -> None:
    first = "import av\n" + OPEN
    done = subprocess.run(
        [sys.executable, "-c", first],
        env={**os.environ, "DISPLAY": desktop.name},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "import cv2 first" in done.stdout
