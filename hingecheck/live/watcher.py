"""MediaPipe in a thread of its own: it looks at the latest picture, and at the next when done."""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import ExitStack
from dataclasses import dataclass
from queue import Empty, Full, Queue
from typing import Self

import cv2
import numpy as np

from hingecheck.clip import Frame
from hingecheck.follow import Look, look_at
from hingecheck.live.feed import Feed
from hingecheck.live.quality import Quality
from hingecheck.live.records import FeedState, Picture
from hingecheck.motion.filters import MAX_GAP_S
from hingecheck.pose.glimpse import Glimpse, glimpse
from hingecheck.pose.landmarker import Landmarker
from hingecheck.pose.models import find_bundle
from hingecheck.pose.stream import MIRROR_FPS, MOST_PEOPLE

__all__ = ["Seen", "Turns", "Watcher"]

PATIENCE_S = 0.2
GLIMPSE_EVERY_S = 0.5
"""Between small pictures of the room, for the set-up check."""

RATE_S = 2.0
"""Time over which the rate is told that decides about mirrors."""

WAITING = 1
"""Pictures that may wait to be judged, one more than is being judged: a third would be late."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A picture with everybody in it.

    Attributes:
        frame: The picture, on the source's clock.
        arrived_s: `time.perf_counter()` when it came.
        looks: Every body.
        room: A small picture of the room; None in most.
        look_s: Seconds that looking took.
        mirrored: Whether it was looked at in the mirror.
        quality: What it was looked at with.
    """

    frame: Frame
    arrived_s: float
    looks: list[Look]
    room: Glimpse | None
    look_s: float
    mirrored: bool
    quality: Quality


class Watcher:
    """Looks at a feed's pictures; a context manager that is entered once the model is loaded.

    Args:
        feed: The feed; enter it afterwards, so that a clip does not run ahead of the model.
        quality: What to look with; may be changed at any time by `ask`.
    """

    def __init__(self, feed: Feed, quality: Quality) -> None:
        self._feed = feed
        self._asked = quality
        self._turns = Turns(feed.source.fps)
        self._out: Queue[Seen] = Queue(WAITING)
        self._stop = threading.Event()
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        while not self._ready.wait(PATIENCE_S) and self._thread.is_alive():
            pass
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def ask(self, quality: Quality) -> None:
        """Look with something else from the next picture on."""
        self._asked = quality

    @property
    def over(self) -> bool:
        """Whether there is nothing left to take, neither picture nor failure."""
        return self._drained and self._failure is None

    @property
    def _drained(self) -> bool:
        return not self._thread.is_alive() and self._out.empty()

    def take(self, timeout_s: float) -> Seen | None:
        """The next picture that was looked at; None if there is none in time.

        Raises:
            Exception: Whatever went wrong while looking.
        """
        try:
            return self._out.get(timeout=timeout_s)
        except Empty:
            if self._failure is None or not self._drained:
                return None
        failure, self._failure = self._failure, None
        raise failure

    def _run(self) -> None:
        try:
            while not self._done():
                self._look_with(self._asked)
        except BaseException as error:
            self._failure = error

    def _done(self) -> bool:
        return self._stop.is_set() or self._feed.state is FeedState.ENDED

    def _look_with(self, quality: Quality) -> None:
        """Look with one model until another is asked for."""
        glimpsed_s = -np.inf
        with ExitStack() as stack:
            bundle = find_bundle(quality.model)
            landmarker = stack.enter_context(Landmarker(bundle, people=MOST_PEOPLE, video=False))
            self._ready.set()
            while quality == self._asked and not self._done():
                arrived = self._feed.take(PATIENCE_S)
                if arrived is None:
                    continue
                begun_s = time.perf_counter()
                frame = arrived.frame
                small, scale = _shrunk(frame.rgb, quality.long_px)
                mirrored = self._turns.next(frame.time_s)
                poses = landmarker.detect(small, frame.time_s, scale, mirrored=mirrored)
                room = None
                if frame.time_s - glimpsed_s >= GLIMPSE_EVERY_S:
                    room, glimpsed_s = glimpse(small, frame.index, scale), frame.time_s
                looks = [look_at(pose) for pose in poses]
                look_s = time.perf_counter() - begun_s
                seen = Seen(frame, arrived.arrived_s, looks, room, look_s, mirrored, quality)
                self._hand_on(seen)

    def _hand_on(self, seen: Seen) -> None:
        while not self._stop.is_set():
            try:
                self._out.put(seen, timeout=PATIENCE_S)
            except Full:
                continue
            return


class Turns:
    """Which pictures are looked at in the mirror: every other one, as in a check of their film.

    A check decides by the film's own rate and numbers (`pose.stream.MIRROR_FPS`), and the film
    holds the pictures that were looked at. So it is they that take turns, at the rate at which
    they are looked at: numbers of the source would leave two running on the same side where one
    is skipped, and all of them where every other one is.

    Args:
        fps: Pictures a second that are promised; NaN where unknown.
    """

    def __init__(self, fps: float) -> None:
        self._slow = fps < MIRROR_FPS
        self._times_s: deque[float] = deque()
        self._mirrored = True

    def next(self, time_s: float) -> bool:
        """Whether the picture of this time is looked at in the mirror."""
        times_s = self._times_s
        if times_s and not 0 < time_s - times_s[-1] <= MAX_GAP_S:
            times_s.clear()
        times_s.append(time_s)
        while time_s - times_s[0] > RATE_S:
            times_s.popleft()
        if times_s[-1] - times_s[0] > RATE_S / 2:
            self._slow = (len(times_s) - 1) / (times_s[-1] - times_s[0]) < MIRROR_FPS
        self._mirrored = not (self._slow or self._mirrored)
        return self._mirrored


def _shrunk(rgb: Picture, long_px: int) -> tuple[Picture, float]:
    scale = min(1.0, long_px / max(rgb.shape[:2]))
    if scale == 1.0:
        return rgb, 1.0
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8), small.shape[1] / rgb.shape[1]
