"""The latest picture, and how pictures come: whoever is slow skips, and never falls behind."""

from __future__ import annotations

import atexit
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from math import inf
from typing import Self

import numpy as np

from hingecheck.clip import Frame
from hingecheck.errors import HingecheckError
from hingecheck.live.records import FeedState, Picture
from hingecheck.live.source import Reconnecting, Source

__all__ = ["Arrived", "Feed"]

STALLED_AFTER_S = 1.0
"""Thirty pictures of an ordinary camera; five of the slowest that a set can be judged from."""

DARK_GREY, DARK_CONTRAST = 24.0, 3.5
"""Mean of a black picture, of 255 (black in studio range is 16), and standard deviation over its
tiles. 25 real and rendered clips have 33 or more, the darkest of them with a mean of 16, because
of black side bars. Five of them darkened step by step: MediaPipe last found the lifter at 4.2,
and never at 3.4 or less. Sensor noise of 8 a pixel, as behind a cover, leaves 1.5."""

DARK_AFTER_S = 0.5
"""Cameras begin with a black picture or two, and cuts between clips have some."""

SAMPLE_EVERY_PX = 8
TILES = 32, 18
"""So many of the samples are averaged in each tile that noise goes and a room stays."""

LEAVE_S, QUIT_S = 1.0, 6.0
"""Longest waits for a source on leaving the feed and the program. A running one ends with its next
picture; one that is stuck in a driver or a network is left behind in its thread. But the program
may not end at the moment that a library gives up (`stream.OPEN_TIMEOUT_S`): before Python 3.14
that can abort it (seen with OpenCV, in 2 of 12 trials aimed at that moment)."""

BLACK = "The picture is black. Open the camera's cover, or switch the light on."
STALLED = "No picture for a second. Check the camera's cable, its app or the network."


@dataclass(frozen=True, slots=True, eq=False)
class Arrived:
    """A picture and when it came.

    Attributes:
        frame: The picture, on the source's clock.
        arrived_s: `time.perf_counter()` when it was there, decoded.
    """

    frame: Frame
    arrived_s: float


class Feed:
    """A source in a thread of its own, and of its pictures the latest one only.

    ```python
    with Feed(Camera("0", Wanted())) as feed:
        while feed.state is not FeedState.ENDED:
            arrived = feed.take(0.1)
    ```

    A camera that is lost is asked for again (`Reconnecting`). `take`, `state` and `says` may be
    used from different threads.

    Attributes:
        source: What was given.
        dropped: Pictures that a later one replaced before they were taken.
    """

    def __init__(self, source: Source) -> None:
        """Enter with `with` to begin.

        Args:
            source: A `Camera` or a `Replay`, not entered.
        """
        self.source = source
        self.dropped = 0
        self._stop = threading.Event()
        self._connection = Reconnecting(source, self._stop)
        self._news = threading.Condition()
        self._latest: Arrived | None = None
        self._arrived_s = float("nan")
        self._dark_since_s = inf
        self._dark = False
        self._over = False
        self._refused = ""
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=f"feed {source.name}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(LEAVE_S)
        if self._thread.is_alive():
            atexit.register(self._thread.join, QUIT_S)

    @property
    def state(self) -> FeedState:
        """How pictures come. ENDED only when the last of them, or the failure, has been taken."""
        return self._now()[0]

    @property
    def says(self) -> str:
        """Why no good picture comes, and what to do; empty when all is well."""
        return self._now()[1]

    def take(self, timeout_s: float) -> Arrived | None:
        """The latest picture, each at most once; None if none comes in time or all is over.

        Raises:
            Exception: Whatever the source did not raise on purpose, with its own traceback.
        """
        with self._news:
            self._news.wait_for(lambda: self._latest is not None or self._over, timeout_s)
            latest, self._latest = self._latest, None
            if latest is None and self._failure is not None:
                failure, self._failure = self._failure, None
                raise failure
        return latest

    def _now(self) -> tuple[FeedState, str]:
        with self._news:
            state, says = self._connection.told
            if self._over and self._latest is None and self._failure is None:
                return FeedState.ENDED, self._refused
            if state not in (FeedState.RUNNING, FeedState.ENDED):
                return state, says
            silent_s = time.perf_counter() - self._arrived_s
            if self.source.endless and silent_s > STALLED_AFTER_S:
                return FeedState.LOST, STALLED
            return (FeedState.DARK, BLACK) if self._dark else (FeedState.RUNNING, "")

    def _run(self) -> None:
        try:
            with closing(iter(self._connection)) as frames:
                for frame in frames:
                    self._hold(Arrived(frame, time.perf_counter()))
        except HingecheckError as error:
            self._refused = str(error)
        except BaseException as error:
            self._failure = error
        with self._news:
            self._over = True
            self._news.notify_all()

    def _hold(self, arrived: Arrived) -> None:
        time_s = arrived.frame.time_s
        self._dark_since_s = min(self._dark_since_s, time_s) if _is_dark(arrived.frame.rgb) else inf
        with self._news:
            self.dropped += self._latest is not None
            self._latest = arrived
            self._arrived_s = arrived.arrived_s
            self._dark = time_s - self._dark_since_s >= DARK_AFTER_S
            self._news.notify_all()


def _is_dark(rgb: Picture) -> bool:
    """Whether a picture is black all over, noise aside."""
    import cv2

    sample = rgb[::SAMPLE_EVERY_PX, ::SAMPLE_EVERY_PX]
    tiles = np.asarray(cv2.resize(sample, TILES, interpolation=cv2.INTER_AREA))
    return bool(tiles.mean() < DARK_GREY and tiles.std() < DARK_CONTRAST)
