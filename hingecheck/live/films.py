"""The films of a set: what the camera saw and what was shown, and the result made of them."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from hingecheck.clip import Frame
from hingecheck.errors import HingecheckError, UsageError
from hingecheck.live.record import Recorder
from hingecheck.live.records import Picture
from hingecheck.live.take import Take
from hingecheck.pose.models import PoseModel
from hingecheck.report.schema import Result
from hingecheck.spine.model import OwnShape

__all__ = ["CLIP", "SHOWN", "Films", "name_by_clock"]

CLIP, SHOWN = "clip.mp4", "live.mp4"
"""What the camera saw, and what was shown."""


class Films:
    """Records sets and makes a check's result folder of each; a context manager.

    A set's films lie in `<name>.recording` while it runs. When it is over its result is written
    beside the work into `<name>.hingecheck`, and the films move there. After a crash the films
    stay where they are, playable.

    Args:
        out: Where the folders go.
        name: What they are called; a number is added to the second and later ones.
        told: Called with a sentence when something went wrong, and when a result is there.

    Attributes:
        results: What was written.
    """

    def __init__(self, out: Path, name: str, told: Callable[[str], None]) -> None:
        self.results: list[Result] = []
        self._out, self._name, self._told = out, name, told
        self._sets = 0
        self._films: tuple[Recorder, Recorder] | None = None
        self._writing: list[Future[Result]] = []
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="result")

    def __enter__(self) -> Self:
        """Make the place.

        Raises:
            UsageError: It cannot be made.
        """
        try:
            self._out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(
                f"{self._out}: cannot be made ({error.strerror}). Choose another --out."
            ) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Finish what is being written."""
        self._drop()
        self._pool.shutdown(wait=True)
        self.collect()

    def begin(self, size_px: tuple[int, int], fps: float) -> None:
        """Start two films; those before, of which nobody has said `end`, are thrown away."""
        self._drop()
        folder = self._out / f"{self._title}.recording"
        rate = fps if fps > 0 else 30.0
        try:
            folder.mkdir(exist_ok=True)
            with ExitStack() as stack:
                clip = stack.enter_context(Recorder(folder / CLIP, *size_px, rate))
                shown = stack.enter_context(Recorder(folder / SHOWN, *size_px, rate))
                stack.pop_all()
            self._films = clip, shown
        except (OSError, HingecheckError) as error:
            self._told(f"Not recording: {error}")

    def keep(self, frame: Frame) -> bool:
        """Record a picture; False when a film runs and leaves it out."""
        if self._films is None:
            return True
        clip = self._films[0]
        before = clip.dropped
        clip.add(frame.rgb, frame.time_s)
        if clip.problem is not None:
            self._told(clip.problem)
            self._stop()
            return True
        return clip.dropped == before

    def keep_shown(self, drawn: Picture, time_s: float) -> None:
        """Record what was shown."""
        if self._films is not None:
            self._films[1].add(drawn, time_s)

    def end(self, take: Take, model: PoseModel, own: OwnShape | None) -> None:
        """A set is over: make its result beside the work."""
        if self._films is None:
            return
        clip = self._films[0].path
        folder = self._out / f"{self._title}.hingecheck"
        self._stop()
        self._sets += 1
        self._writing.append(self._pool.submit(take.deliver, clip, folder, model, own))

    def collect(self) -> None:
        """Tell of results that are done since."""
        while self._writing and self._writing[0].done():
            done = self._writing.pop(0)
            try:
                result = done.result()
            except HingecheckError as error:
                self._told(str(error))
            else:
                self.results.append(result)
                self._told(f"Written to {result.folder}: open report.html.")

    @property
    def recording(self) -> bool:
        """Whether pictures are being kept."""
        return self._films is not None

    @property
    def _title(self) -> str:
        return self._name if not self._sets else f"{self._name}-{self._sets + 1}"

    def _stop(self) -> None:
        films, self._films = self._films, None
        for film in films or ():
            film.close()

    def _drop(self) -> None:
        if self._films is None:
            return
        folder = self._films[0].path.parent
        self._stop()
        shutil.rmtree(folder, ignore_errors=True)


def name_by_clock() -> str:
    """A name for a live set: "live-20261123-183005"."""
    return time.strftime("live-%Y%m%d-%H%M%S")
