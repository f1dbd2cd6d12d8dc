"""Poses for a stream of pictures, several pictures at a time, in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from queue import SimpleQueue
from typing import TypeVar

from hingecheck.clip import Frame
from hingecheck.pose.landmarker import Landmarker
from hingecheck.pose.models import ModelBundle
from hingecheck.pose.records import Pose

__all__ = ["MOST_PEOPLE", "detect_stream"]

MOST_PEOPLE = 3
"""Bodies looked for in a picture: each one found costs a landmark inference, and a lifter who is
neither the first, second nor third body of a picture is not what was filmed."""

MIRROR_FPS = 20.0
"""From this rate on every other picture is looked at in the mirror. MediaPipe's left is not its
right: a lifter and their mirror image differ by 5-10 degrees at the knee and 5-6 at the lumbar
spine. Alternating at half the frame rate, the difference lies far above the 6 Hz of the filter
and leaves its mean: below 2 degrees, and nearer to the truth than either (docs/method.md).
Slower clips pass the filter unfiltered and are not alternated."""

AHEAD = 2
"""Pictures waiting per worker, so that no worker ever idles between two of them."""

Seen = TypeVar("Seen")


def detect_stream(
    frames: Iterable[Frame],
    bundle: ModelBundle,
    scale: float,
    measure: Callable[[Pose], Seen],
    *,
    workers: int,
    fps: float,
) -> Iterator[tuple[Frame, list[Seen]]]:
    """Find the bodies in every frame and measure each, in the frames' order.

    Every picture is searched afresh (MediaPipe's IMAGE mode): on simulated lifters that
    tracked the truth better than its VIDEO mode, which lags by a frame and drifts off a body in
    a deep squat, and pictures that do not depend on each other can be shared between threads
    (docs/method.md).

    Args:
        frames: Pictures with their times.
        bundle: Which pose model.
        scale: Picture pixels per source pixel.
        measure: What to keep of a pose; runs in the worker, so that masks are gone when it
            returns.
        workers: How many landmarkers run side by side, one thread each; a single one runs in
            the caller's.
        fps: Pictures per second.
    """

    def seen(landmarker: Landmarker, frame: Frame) -> list[Seen]:
        mirrored = fps >= MIRROR_FPS and frame.index % 2 == 1
        poses = landmarker.detect(frame.rgb, frame.time_s, scale, mirrored=mirrored)
        return [measure(pose) for pose in poses]

    if workers == 1:
        with Landmarker(bundle, people=MOST_PEOPLE, video=False) as only:
            for frame in frames:
                yield frame, seen(only, frame)
        return
    with ExitStack() as stack:
        idle: SimpleQueue[Landmarker] = SimpleQueue()
        for _ in range(workers):
            idle.put(stack.enter_context(Landmarker(bundle, people=MOST_PEOPLE, video=False)))
        pool = stack.enter_context(ThreadPoolExecutor(workers, thread_name_prefix="pose"))
        waiting: deque[tuple[Frame, Future[list[Seen]]]] = deque()

        def look(frame: Frame) -> list[Seen]:
            landmarker = idle.get()
            try:
                return seen(landmarker, frame)
            finally:
                idle.put(landmarker)

        try:
            for frame in frames:
                waiting.append((frame, pool.submit(look, frame)))
                if len(waiting) > AHEAD * workers:
                    first, found = waiting.popleft()
                    yield first, found.result()
            while waiting:
                first, found = waiting.popleft()
                yield first, found.result()
        finally:
            for _, future in waiting:
                future.cancel()
