"""A batch run: every clip accounted for, none lost, none done twice."""

from __future__ import annotations

import heapq
import itertools
import os
import shutil
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from hingecheck.batch.crew import Crew, Told
from hingecheck.batch.ledger import Ledger
from hingecheck.batch.records import Order, Outcome
from hingecheck.batch.settings import Settings
from hingecheck.batch.sources import Source
from hingecheck.errors import OutputError, reason_of

__all__ = [
    "ATTEMPTS_A_RUN",
    "ATTEMPTS_EVER",
    "Plan",
    "Watcher",
    "carry_out",
    "result_places",
    "spoiled_results",
    "tidy",
]

ATTEMPTS_A_RUN = 3
ATTEMPTS_EVER = 9
"""A clip that fails like this in three runs will in the fourth; `--again` tries it all the same."""

BACK_OFF_S = (2.0, 10.0)
"""Pause before the second and the third attempt: what made a clip fail may pass, as a crowded
memory or a network does."""

WAIT_S = 0.5


class Watcher(Protocol):
    """Is told what happens, to show it to a person."""

    def begun(self, source: Source) -> None:
        """An attempt was begun."""

    def told(self, told: Told) -> None:
        """A clip has come further."""

    def again(self, outcome: Outcome, pause_s: float) -> None:
        """An attempt failed; there will be another."""

    def ended(self, outcome: Outcome) -> None:
        """A clip has come to its end."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is to do.

    Attributes:
        sources: Clips that want work.
        settings: What to do with each.
        fingerprint: Of the settings.
        quiet_s: How long a clip may show no progress.
    """

    sources: Sequence[Source]
    settings: Settings
    fingerprint: str
    quiet_s: float


def carry_out(plan: Plan, ledger: Ledger, crew: Crew, out: Path, watcher: Watcher) -> None:
    """Have every clip of a plan checked, its result put in place and noted.

    The largest come first, so that no long one is left for the end. A clip whose equal is being
    checked waits for that one's result.

    Args:
        plan: What to do.
        ledger: Where it is noted.
        crew: Who does it.
        out: Where results go.
        watcher: Is told what happens.

    Raises:
        OutputError: A result could not be put in place, or the next clip would end as badly; what
            was done before is kept, and clips under way count as not tried.
    """
    run = _Run(plan, ledger, crew, out, watcher)
    try:
        run.go()
    except BaseException:
        ledger.withdraw(run.under_way.values())
        raise


class _Run:
    """The state of a run."""

    def __init__(self, plan: Plan, ledger: Ledger, crew: Crew, out: Path, watcher: Watcher) -> None:
        self._plan, self._ledger, self._crew = plan, ledger, crew
        self._out, self._watcher = out, watcher
        self._waiting = _Waiting(plan.sources)
        self._tries: Counter[str] = Counter()
        self._copies: dict[str, list[tuple[Source, Outcome]]] = {}
        self.under_way: dict[str, Source] = {}

    def go(self) -> None:
        """Until nothing waits and nothing is under way."""
        while self._waiting or self.under_way or self._copies:
            if not self.under_way:
                self._call_back_copies()
            while len(self.under_way) < self._crew.size and (source := self._waiting.next()):
                self._begin(source)
            for event in self._crew.wait(WAIT_S):
                if isinstance(event, Told):
                    self._watcher.told(event)
                else:
                    self._end(event)

    def _begin(self, source: Source) -> None:
        plan = self._plan
        known = self._ledger.results(source.size_bytes, plan.fingerprint)
        self._ledger.begin(source)
        self.under_way[source.address] = source
        self._tries[source.address] += 1
        self._crew.start(Order(source, plan.settings, plan.fingerprint, known, plan.quiet_s))
        self._watcher.begun(source)

    def _end(self, outcome: Outcome) -> None:
        if outcome.hopeless:
            raise OutputError(f"{outcome.message} What is done is kept; run it again then.")
        there = self._ledger.has_result(outcome.clip)
        if outcome.failure is None and outcome.folder is None and not there:
            # Its equal is under way; it steps aside until that one has ended.
            source = self._take_back(outcome.address)
            self._copies.setdefault(str(outcome.clip), []).append((source, outcome))
            return
        files: tuple[str, ...] = ()
        if outcome.folder is not None:
            if there:
                shutil.rmtree(outcome.folder.parent, ignore_errors=True)
                outcome = replace(outcome, folder=None)
            else:
                files = _place(outcome, self._out)
        source = self.under_way.pop(outcome.address)
        number = self._tries[source.address]
        copies = self._copies.pop(str(outcome.clip), [])
        if outcome.failure and not outcome.lasting and number < ATTEMPTS_A_RUN:
            pause_s = BACK_OFF_S[number - 1]
            self._waiting.later(source, pause_s)
            self._watcher.again(outcome, pause_s)
        else:
            self._ledger.end(outcome, files)
            self._watcher.ended(outcome)
        for source, copy in copies:
            if outcome.failure is None:
                self._ledger.end(copy)
                self._watcher.ended(copy)
            else:
                self._waiting.later(source, 0.0)

    def _call_back_copies(self) -> None:
        """Have copies wait again whose equal had failed before they stepped aside for it."""
        for source, _ in itertools.chain.from_iterable(self._copies.values()):
            self._waiting.later(source, 0.0)
        self._copies.clear()

    def _take_back(self, address: str) -> Source:
        """Have a clip count as not under way, and not tried."""
        source = self.under_way.pop(address)
        self._ledger.withdraw([source])
        self._tries[address] -= 1
        return source


def _place(outcome: Outcome, out: Path) -> tuple[str, ...]:
    """Move a finished result to where it stays: its frames to their partition, then its folder.

    Returns the names of the files in the folder.

    The folder comes last and in one step; only then the ledger notes it. A kill in between leaves
    a partition without a note, which the next attempt at the clip replaces.

    Raises:
        OutputError: It cannot be moved there.
    """
    assert outcome.folder is not None
    assert outcome.clip is not None
    folder, frames = result_places(out, outcome.clip)
    try:
        for old in (folder, frames):
            if old.exists():
                shutil.rmtree(old)
        for file in outcome.folder.iterdir():
            _settle(file)
        frames.mkdir(parents=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        (outcome.folder / "frames.parquet").replace(frames / "frames.parquet")
        files = tuple(file.name for file in outcome.folder.iterdir())
        outcome.folder.replace(folder)
        with suppress(OSError):
            shutil.rmtree(outcome.folder.parent)
    except OSError as error:
        what = reason_of(error)
        raise OutputError(
            f"{folder}: cannot be written ({what}). What is done is kept; free some space and"
            " run it again."
        ) from error
    return files


def _settle(file: Path) -> None:
    """Have a file's bytes on the disk before the ledger says that they are."""
    with file.open("rb+") as written:
        os.fsync(written.fileno())


def result_places(out: Path, clip: str) -> tuple[Path, Path]:
    """Where a clip's result and its frames lie."""
    return out / "clips" / clip, out / "frames" / f"clip={clip}"


def spoiled_results(ledger: Ledger, out: Path) -> list[str]:
    """Results that are noted and are not there, or not whole: somebody was at them by hand."""
    spoiled = []
    for clip, names in ledger.all_results().items():
        folder, frames = result_places(out, clip)
        files = [frames / "frames.parquet", *(folder / name for name in names)]
        if not all(map(_is_whole, files)):
            spoiled.append(clip)
    return spoiled


_LAST_BYTES = {".json": (b"}", 2), ".npz": (b"PK\x05\x06", 22), ".parquet": (b"PAR1", 4)}
"""What is among the last bytes of a whole file: the object's bracket (and a line's end), ZIP's end
of central directory (APPNOTE 4.3.16), Parquet's magic number."""


def _is_whole(file: Path) -> bool:
    """Whether a file is there and was not cut short."""
    mark, count = _LAST_BYTES.get(file.suffix, (b"", 1))
    try:
        with file.open("rb") as opened:
            opened.seek(-count, os.SEEK_END)
            return mark in opened.read(count)
    except OSError:
        return False


def tidy(ledger: Ledger, out: Path) -> None:
    """Remove results that no source leads to any more: of clips that changed, or other settings."""
    kept = ledger.sweep()
    for parent, prefix in ((out / "clips", ""), (out / "frames", "clip=")):
        if not parent.is_dir():
            continue
        for folder in list(parent.iterdir()):
            if folder.name.startswith(prefix) and folder.name.removeprefix(prefix) not in kept:
                shutil.rmtree(folder, ignore_errors=True)


class _Waiting:
    """Clips in the order they will be taken, some of them not before a moment."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._order = itertools.count()
        self._ready = sorted(sources, key=lambda each: (each.size_bytes or 0, each.address))
        self._later: list[tuple[float, int, Source]] = []

    def __bool__(self) -> bool:
        return bool(self._ready or self._later)

    def next(self) -> Source | None:
        """The next clip that is ready."""
        now_s = time.monotonic()
        while self._later and self._later[0][0] <= now_s:
            self._ready.append(heapq.heappop(self._later)[2])
        return self._ready.pop() if self._ready else None

    def later(self, source: Source, pause_s: float) -> None:
        """Have a clip wait before its next attempt."""
        heapq.heappush(self._later, (time.monotonic() + pause_s, next(self._order), source))
