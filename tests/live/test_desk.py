"""The whole of `hingecheck live` on a real screen: a clip replayed, keys pressed, a photograph."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from live.test_window import Desktop, Image, desktop
from network_cameras import HEIGHT_PX, WIDTH_PX, NetworkCamera, switched_on

from hingecheck.errors import OutputError
from hingecheck.live.desk import Desk
from hingecheck.live.films import Films
from hingecheck.live.panel import RECORDING
from hingecheck.live.record import Recorder
from hingecheck.live.records import Picture
from hingecheck.live.session import Wish
from hingecheck.live.source import Replay
from hingecheck.pose.models import PoseModel

__all__ = ["desktop"]

WAIT_S = 120.0
AGAIN_S = 8.0


class Running:
    """The program, and what it says."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said = ""

    def until(self, words: str) -> None:
        """Read until it says something."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said += line
            if words in line:
                return
        raise AssertionError(f"never said {words!r}, but {self.said}")

    def leave(self, desktop: Desktop) -> None:
        """Press q, and again: Qt loses one press in a thousand or two."""
        assert self.process.stderr is not None
        for _ in range(5):
            desktop.press("q")
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(AGAIN_S)
                break
        self.said += self.process.stderr.read()
        assert self.process.wait(WAIT_S) == 0, self.said


@contextmanager
def live(desktop: Desktop, where: Path, *arguments: str | Path) -> Iterator[Running]:
    command = [sys.executable, "-m", "hingecheck", "live", "--mute", "--model", "lite"]
    with subprocess.Popen(
        [*command, *map(str, arguments)],
        cwd=where,
        env={**os.environ, "DISPLAY": desktop.name},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Running(process)
        finally:
            process.kill()


def has_words(photo: Image) -> bool:
    return bool((photo > 230).all(axis=2).sum() > 2000)


def test_set_is_watched_replayed_ended_and_left_by_keys(
    desktop: Desktop, butt_wink_clip: Path, tmp_path: Path, artefacts: Path
) -> None:
    with live(desktop, tmp_path, "--replay", butt_wink_clip, "--out", "kept") as program:
        program.until(" s  1")
        desktop.point_at(200, 200)
        counted = desktop.photograph(artefacts / "set.png", has_words)
        desktop.press("r")
        time.sleep(0.7)
        replayed = desktop.photograph(artefacts / "replay.png", has_words)
        desktop.press("s")
        program.until("Rep 1 saved to")
        # The replay still runs: no key is lost on it.
        desktop.press("space")
        program.until("Set ends: ")
        time.sleep(0.5)
        reviewed = desktop.photograph(artefacts / "review.png", has_words)
        desktop.press("question", shift=True)
        time.sleep(0.5)
        helped = desktop.photograph(artefacts / "help.png", has_words)
        program.leave(desktop)
    seen = [counted, replayed, reviewed, helped]
    for one, other in pairwise(seen):
        assert np.abs(one.astype(int) - other).mean() > 1.0
    assert "Open report.html" in program.said
    (result,) = (tmp_path / "kept").glob("*.hingecheck")
    assert (result / "clip.mp4").stat().st_size > 10_000
    (saved,) = (tmp_path / "kept").glob("*-rep1.mp4")
    assert saved.stat().st_size > 10_000


def test_review_stays_when_the_clip_is_over_until_a_key_is_pressed(
    desktop: Desktop, one_rep: Path, tmp_path: Path, artefacts: Path
) -> None:
    with live(desktop, tmp_path, "--replay", one_rep) as program:
        program.until("Set ends: 1 reps.")
        desktop.point_at(200, 200)
        program.until("is written")
        time.sleep(0.5)
        written = desktop.photograph(artefacts / "written.png", has_words)
        assert has_words(written)
        assert program.process.poll() is None
        program.leave(desktop)


def test_clip_in_which_nobody_lifts_says_so_before_the_window_closes(
    desktop: Desktop, tmp_path: Path, artefacts: Path
) -> None:
    with Recorder(tmp_path / "empty.mp4", 640, 360, 30) as clip:
        for index in range(45):
            clip.add(np.full((360, 640, 3), 40, np.uint8), index / 30)
            time.sleep(0.01)
    with live(desktop, tmp_path, "--replay", "empty.mp4") as program:
        program.until("Set ends: 0 reps.")
        desktop.point_at(200, 200)
        program.until("is written")
        time.sleep(1.0)
        assert program.process.poll() is None
        photo = desktop.photograph(artefacts / "nobody.png", has_words)
        assert has_words(photo)
        program.leave(desktop)


class Shown(Films):
    """Films that keep their pictures for a look."""

    pictures: ClassVar[list[Picture]] = []

    def keep_shown(self, drawn: Picture, time_s: float) -> None:
        super().keep_shown(drawn, time_s)
        self.pictures.append(drawn)


@pytest.mark.parametrize("writable", [True, False])
def test_recording_shines_only_while_something_is_recorded(
    one_rep: Path, tmp_path: Path, writable: bool
) -> None:
    Shown.pictures.clear()
    desk = Desk(
        Replay(one_rep),
        Wish(model=PoseModel.LITE, one_set=True),
        print,
        window=False,
        out=tmp_path if writable else Path("/proc"),
        films=Shown,
    )
    with nullcontext() if writable else pytest.raises(OutputError, match="not recorded"):
        desk.run()
    corner = Shown.pictures[len(Shown.pictures) // 2][-60:, -160:]
    red = (np.abs(corner.astype(int) - RECORDING) < 6).all(axis=2)
    assert bool(red.sum() > 30) == writable


def test_absent_camera_is_told_on_the_screen(
    desktop: Desktop, tmp_path: Path, artefacts: Path
) -> None:
    with live(desktop, tmp_path, "--camera", "87", "--no-record") as program:
        program.until("no ")
        photo = desktop.photograph(artefacts / "no_camera.png", has_words)
        assert has_words(photo)
        desktop.point_at(200, 200)
        program.leave(desktop)


def test_window_takes_the_shape_of_a_camera_whose_size_is_not_known_before(
    desktop: Desktop, tmp_path: Path
) -> None:
    with switched_on(NetworkCamera()) as camera:  # noqa: SIM117
        with live(desktop, tmp_path, "--camera", camera.address, "--no-record") as program:
            program.until(f"{WIDTH_PX}x{HEIGHT_PX}")

            def right(photo: Image) -> bool:
                inside = photo[: HEIGHT_PX // 2, :WIDTH_PX]
                return bool(photo[:, WIDTH_PX:].max() == 0 and inside.max() > 100)

            photo = desktop.photograph(tmp_path / "small.png", right)
            assert right(photo)
            desktop.point_at(100, 100)
            program.leave(desktop)


SHAPES = """
import cv2
import numpy as np
from hingecheck.live.window import NAME, Window

with Window(1280, 720) as window:
    for by_hand in (None, (500, 400)):
        for width, height in ((720, 1280), (1280, 720)):
            if by_hand:
                cv2.resizeWindow(NAME, *by_hand)
            for _ in range(15):
                window.show(np.zeros((height, width, 3), np.uint8))
                window.action()
            window.shape(width, height)
            for _ in range(15):
                window.show(np.zeros((height, width, 3), np.uint8))
                window.action()
            print(*cv2.getWindowImageRect(NAME)[2:], flush=True)
"""


def test_window_takes_the_shape_of_what_comes_unless_it_was_given_one_by_hand(
    desktop: Desktop,
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SHAPES],
        env={**os.environ, "DISPLAY": desktop.name},
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        check=True,
    )
    assert done.stdout.splitlines() == ["405 720", "1280 720", "500 400", "500 400"]
