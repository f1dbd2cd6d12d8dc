"""Where live pictures come from: a clip played at its own pace, or a camera asked for again."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Generator, Iterator
from types import TracebackType
from typing import Protocol, Self

from hingecheck.clip import ClipReader, Frame
from hingecheck.errors import ClipError
from hingecheck.live.records import FeedState

__all__ = ["Reconnecting", "Replay", "Source"]

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 5.0
"""Before a lost camera is asked for again; doubled each time. A plug is back within seconds, a
router within a minute, and asking an absent camera costs a few milliseconds."""

LEAST_STEP_S = 0.001
"""Between the last picture before a gap and the first after it: pose estimation counts in whole
milliseconds."""

GONE = "The camera's pictures stopped. Check its cable, its app or the network."


class Source(Protocol):
    """Pictures in the order they are taken; a context manager that may be entered again.

    `for` gives `Frame`s whose times strictly increase, until there are no more; what it cannot
    give is a `ClipError`, on entering or while it runs.
    """

    @property
    def name(self) -> str:
        """Fit for a screen: no password in it."""

    @property
    def width_px(self) -> int:
        """Width of its pictures, once entered."""

    @property
    def height_px(self) -> int:
        """Height of its pictures, once entered."""

    @property
    def fps(self) -> float:
        """Pictures a second it promises; NaN where it does not say."""

    @property
    def got(self) -> str:
        """Size and rate in words."""

    @property
    def endless(self) -> bool:
        """Whether its end means that it was lost: so with a camera, not with a clip."""

    def __enter__(self) -> Self:
        """Open it."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        """Close it."""

    def __iter__(self) -> Iterator[Frame]:
        """Pictures as they come."""


class Replay:
    """A clip in the place of a camera: each picture comes at its own time, never earlier.

    Who is slow gets pictures late, but all of them. Decoding runs ahead in a thread of its own.

    Attributes:
        name: The file's name.
        width_px: Width of its pictures.
        height_px: Height of its pictures.
        fps: Mean rate of the clip.
        endless: False: when its pictures end, it is over.
    """

    endless = False

    def __init__(
        self,
        path: str | os.PathLike[str],
        long_side_px: int | None = None,
        loop_s: float = 0.0,
    ) -> None:
        """Prepare to play `path`.

        Args:
            path: The video file.
            long_side_px: Give pictures no longer than this; None keeps the clip's size.
            loop_s: Begin again at the end until so many seconds have been played, with times
                going on; 0 plays the clip once.

        Raises:
            ClipError: The file cannot be read; see `probe`.
        """
        self._reader = ClipReader(path, long_side_px)
        info, scale = self._reader.info, self._reader.scale
        self.name = info.name
        self.width_px = max(1, round(info.width_px * scale))
        self.height_px = max(1, round(info.height_px * scale))
        self.fps = info.mean_fps
        self._loop_s = loop_s

    @property
    def got(self) -> str:
        """Size and rate in words."""
        return f"{self.name}: {self.width_px}x{self.height_px}, {self.fps:.3g} pictures a second"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.close()

    def __iter__(self) -> Iterator[Frame]:
        """Pictures at their real times, counted from the moment the first is there.

        Raises:
            ClipError: No picture decodes.
        """
        zero_s = float("nan")
        for frame in self._frames():
            if frame.index == 0:
                zero_s = time.monotonic() - frame.time_s
            early_s = zero_s + frame.time_s - time.monotonic()
            if early_s > 0:
                time.sleep(early_s)
            yield frame

    def _frames(self) -> Iterator[Frame]:
        """The clip's frames on one clock, once or until `loop_s`."""
        from_s, last_s, index = 0.0, 0.0, 0
        while True:
            for frame in self._reader:
                last_s = from_s + frame.time_s
                if 0 < self._loop_s <= last_s:
                    return
                yield Frame(index, last_s, frame.rgb)
                index += 1
            # A clip that is cut off decodes less than its header says.
            from_s = max(from_s + self._reader.info.duration_s, last_s + 1 / self.fps)
            if from_s >= self._loop_s:
                return


class Reconnecting:
    """A source that is asked for until it is there, and asked for again when it was lost.

    Times go on over a gap as long as the gap really was, and strictly increase; indices go on
    too. Pictures may come back in another size. A clip is never asked for twice: what is amiss
    with it is raised.
    """

    def __init__(self, source: Source, stop: threading.Event) -> None:
        """Iterate to begin.

        Args:
            source: Entered once for each connection.
            stop: When set, it ends with the next picture, or at once while it waits to ask again.
        """
        self.source = source
        self._stop = stop
        # One name, so that other threads read both of one moment.
        self._told = (FeedState.WAITING, "Waiting for the first picture.")

    @property
    def told(self) -> tuple[FeedState, str]:
        """How pictures come, and why they do not or what to do; empty when they do.

        WAITING, RUNNING, LOST or ENDED.
        """
        return self._told

    def __iter__(self) -> Generator[Frame, None, None]:
        """Pictures on one clock, until a clip is over or `stop` is set.

        Raises:
            ClipError: The source is a clip and cannot be played.
        """
        pause_s = FIRST_PAUSE_S
        zero_s, last_s, index = 0.0, -LEAST_STEP_S, 0
        try:
            while not self._stop.is_set():
                why, gap_s = GONE, None
                try:
                    with self.source as source:
                        for frame in source:
                            if gap_s is None:
                                now_s = time.monotonic()
                                if index == 0:
                                    zero_s = now_s - frame.time_s
                                begins_s = max(now_s - zero_s, last_s + LEAST_STEP_S)
                                gap_s = begins_s - frame.time_s if index else 0.0
                                pause_s = FIRST_PAUSE_S
                                self._told = FeedState.RUNNING, ""
                            last_s = frame.time_s + gap_s
                            yield Frame(index, last_s, frame.rgb)
                            index += 1
                            if self._stop.is_set():
                                return
                    if not self.source.endless:
                        return
                except ClipError as error:
                    if not self.source.endless:
                        raise
                    why = str(error)
                state = FeedState.LOST if index else FeedState.WAITING
                self._told = state, f"{why} Still trying."
                self._stop.wait(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        finally:
            self._told = FeedState.ENDED, ""
