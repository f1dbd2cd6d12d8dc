"""The films of a set: what the camera saw and what was shown, and the result made of them."""

from __future__ import annotations

import itertools
import shutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from hingecheck.clip import Frame
from hingecheck.errors import (
    Cancelled,
    HingecheckError,
    OutputError,
    UsageError,
    explain,
    reason_of,
)
from hingecheck.live.record import Recorder
from hingecheck.live.records import Picture
from hingecheck.live.take import Take
from hingecheck.report.schema import Result
from hingecheck.spine.model import OwnShape

__all__ = ["CLIP", "SHOWN", "Films", "Reel", "name_by_clock"]

CLIP, SHOWN = "clip.mp4", "live.mp4"
"""What the camera saw, and what was shown."""

USUAL_FPS = 30.0
"""For a camera that does not say; every picture has its own time anyway."""

LOOK_AGAIN_S = 0.2


class Reel:
    """One stretch of time on film, in a folder of its own; `Films` makes them.

    Args:
        films: Where it belongs.
        folder: Where it lies.
        size_px: Width and height of the pictures.
        fps: Roughly how many come in a second.

    Attributes:
        folder: Where it lies.
        held: Whether it is part of a set, and so never thrown away.

    Raises:
        OutputError: A film cannot be created there.
    """

    def __init__(self, films: Films, folder: Path, size_px: tuple[int, int], fps: float) -> None:
        self.folder = folder
        self.held = False
        self._films = films
        with ExitStack() as stack:
            self._clip = stack.enter_context(Recorder(folder / CLIP, *size_px, fps))
            self._shown = stack.enter_context(Recorder(folder / SHOWN, *size_px, fps))
            stack.pop_all()
        self._told: set[str] = set()

    def keep(self, frame: Frame) -> bool:
        """Record a picture; False when the film leaves it out.

        One that ended early leaves out none: how much it holds is seen when it is closed.
        """
        before = self._clip.dropped
        self._clip.add(frame.rgb, frame.time_s)
        self._look_after(self._clip)
        return self._clip.dropped == before

    def keep_shown(self, drawn: Picture, time_s: float) -> None:
        """Record what was shown."""
        self._shown.add(drawn, time_s)
        self._look_after(self._shown)

    def hold(self) -> None:
        """It is part of a set from now on."""
        self.held = True

    def drop(self) -> None:
        """Throw it away."""
        self._films.stop(self)
        shutil.rmtree(self.folder, ignore_errors=True)

    def end(self, take: Take, own: OwnShape | None) -> None:
        """A set is over: have its result made beside the work."""
        self._films.stop(self)
        self._films.deliver(self.folder, take, own)

    def close(self) -> None:
        """Finish the films."""
        self._clip.close()
        self._shown.close()

    @property
    def running(self) -> bool:
        """Whether pictures are still being kept."""
        return self._clip.problem is None

    def _look_after(self, film: Recorder) -> None:
        if film.problem is not None and film.problem not in self._told:
            self._told.add(film.problem)
            self._films.told(film.problem)


class _NoReel:
    """In the place of a film that could not be made, for this reason."""

    def __init__(self, films: Films, why: str) -> None:
        self._films, self._why = films, why

    def keep(self, frame: Frame) -> bool:
        return True

    def hold(self) -> None:
        pass

    def drop(self) -> None:
        pass

    def end(self, take: Take, own: OwnShape | None) -> None:
        self._films.miss(self._why)


class _Writing(NamedTuple):
    number: int
    folder: Path
    result: Future[Result]


class Films:
    """Records sets and makes a check's result folder of each; a context manager.

    Films lie in `<name>.recording` while they run. Before a set they may be thrown away; those of
    a set never are, whatever ends it or the program. When it is over its result is written beside
    the work into `<name>.hingecheck`, and the films move there. Where that fails they stay, and it
    is said where.

    Args:
        out: Where the folders go.
        name: What they are called; a number is added to the second and later ones.
        told: Called with a sentence when something went wrong, and when a result is there.

    Attributes:
        results: What was written.
        missing: A few words for every set without a result: what is kept of it.
        told: As given.
    """

    def __init__(self, out: Path, name: str, told: Callable[[str], None]) -> None:
        self.results: list[Result] = []
        self.missing: list[str] = []
        self.told = told
        self._out, self._name = out, name
        self._made: list[Path] = []
        self._sets = 0
        self._reels: list[Reel] = []
        self._refused = ""
        self._writing: list[_Writing] = []
        self._unwritten: list[HingecheckError] = []
        self._given_up = threading.Event()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="result")

    def __enter__(self) -> Self:
        """Make the place.

        Raises:
            UsageError: It cannot be made.
        """
        self._made = [place for place in (self._out, *self._out.parents) if not place.exists()]
        try:
            self._out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self._tidy()
            raise UsageError(
                f"{self._out}: cannot be made ({reason_of(error)}). Choose another --out."
            ) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Finish what is being written; a place that was made for nothing goes again.

        Raises:
            OutputError: A set has no result.
            Cancelled: Somebody did not want to wait for it.
        """
        for reel in list(self._reels):
            if reel.held:
                self.stop(reel)
                self.told(f"The set was cut short. Its film is kept: {reel.folder / CLIP}.")
            else:
                reel.drop()
        if self.writing:
            self.told("Writing the result. Ctrl-C leaves it at the film.")
        while self._writing:
            wait([self._writing[0].result], LOOK_AGAIN_S)
            self.collect()
        self._pool.shutdown(wait=True)
        self._tidy()
        if kind is None and self._unwritten:
            raise self._unwritten[0]

    def begin(self, size_px: tuple[int, int], fps: float) -> Reel | _NoReel:
        """Start a film; several may run."""
        try:
            folder = self._make_folder()
            try:
                reel = Reel(self, folder, size_px, fps if fps > 0 else USUAL_FPS)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
        except (OSError, HingecheckError) as error:
            why = str(error)
            if isinstance(error, OSError):
                why = f"{self._out}: cannot be written ({reason_of(error)}). Choose another --out."
            if why != self._refused:
                self._refused = why
                self.told(f"Not recording. {why}")
            return _NoReel(self, why)
        self._reels.append(reel)
        return reel

    def keep_shown(self, drawn: Picture, time_s: float) -> None:
        """Record what was shown."""
        for reel in self._reels:
            reel.keep_shown(drawn, time_s)

    def stop(self, reel: Reel) -> None:
        """Keep no more pictures on a film."""
        self._reels.remove(reel)
        reel.close()

    def deliver(self, folder: Path, take: Take, own: OwnShape | None) -> None:
        """Have a set's result made of its film, one after another."""
        self._sets += 1
        final = folder.with_suffix(".hingecheck")
        result = self._pool.submit(take.deliver, folder / CLIP, final, own, self._progress)
        self._writing.append(_Writing(self._sets, folder, result))

    def miss(self, why: str) -> None:
        """A set was not recorded, for this reason: it has no result."""
        self._sets += 1
        said = f"Set {self._sets} was not recorded, so it has no result."
        self._unwritten.append(OutputError(f"{said} {why}"))
        self.missing.append("Nothing of this set was kept.")
        self.told(said)

    def give_up(self) -> None:
        """Make no more results; films stay."""
        self._given_up.set()

    def collect(self) -> None:
        """Tell of results that are done since."""
        while self._writing and self._writing[0].result.done():
            number, folder, done = self._writing.pop(0)
            try:
                result = done.result()
            except Exception as error:
                kind = Cancelled if isinstance(error, Cancelled) else OutputError
                kept = f"Set {number} has no result. Its film is kept: {folder / CLIP}."
                self._unwritten.append(kind(kept))
                self.missing.append(f"No result. The film is in {folder.name}")
                why = str(error) if isinstance(error, HingecheckError) else explain(error)
                self.told(f"{kept} {why}")
            else:
                self.results.append(result)
                self.told(f"Set {number} is written. Open report.html in {result.folder}.")

    @property
    def recording(self) -> bool:
        """Whether pictures are being kept."""
        return any(reel.running for reel in self._reels)

    @property
    def writing(self) -> bool:
        """Whether a set's result is being written."""
        return bool(self._writing)

    def _tidy(self) -> None:
        """Remove what was made and holds nothing."""
        for place in self._made:
            with suppress(OSError):
                place.rmdir()

    def _progress(self, stage: str, share: float) -> None:
        if self._given_up.is_set():
            raise Cancelled("Stopped before it was written.")

    def _make_folder(self) -> Path:
        """A new folder, under a name that no other run has either.

        A result is there before its recording's folder goes, so a folder that could be made beside
        no result is free.
        """
        for number in itertools.count(1):
            title = self._name if number == 1 else f"{self._name}-{number}"
            folder = self._out / f"{title}.recording"
            try:
                folder.mkdir()
            except FileExistsError:
                continue
            if not folder.with_suffix(".hingecheck").exists():
                return folder
            folder.rmdir()
        raise AssertionError("numbers never end")


def name_by_clock() -> str:
    """A name for a live set: "live-20261123-183005"."""
    return time.strftime("live-%Y%m%d-%H%M%S")
