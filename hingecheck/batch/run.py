"""A batch run: every clip accounted for, none lost, none done twice."""

from __future__ import annotations

import heapq
import itertools
import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from hingecheck.batch.crew import Crew, Told
from hingecheck.batch.ledger import Ledger
from hingecheck.batch.records import Failure, Order, Outcome
from hingecheck.batch.settings import Settings
from hingecheck.batch.sources import Source
from hingecheck.errors import OutputError

__all__ = [
    "ATTEMPTS_A_RUN",
    "ATTEMPTS_EVER",
    "Plan",
    "Watcher",
    "carry_out",
    "missing_results",
    "result_places",
    "tidy",
]

ATTEMPTS_A_RUN = 3
ATTEMPTS_EVER = 9
"""A clip that fails like this in three runs will in the fourth; `--again` tries it all the same."""

BACK_OFF_S = (2.0, 10.0)
"""Pause before the second and the third attempt: what made a clip fail may pass, as a crowded
memory or a network does."""

WAIT_S = 0.5

_LASTING = frozenset({Failure.UNREADABLE})
"""The same bytes fail the same way: not tried again in the same run."""


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

    The largest come first, so that no long one is left for the end. Clips of one size may be
    copies of each other, and go one after the other: the second finds the first's result.

    Args:
        plan: What to do.
        ledger: Where it is noted.
        crew: Who does it.
        out: Where results go.
        watcher: Is told what happens.

    Raises:
        OutputError: A result could not be put in place, or the next clip would end as badly; what
            was done before is kept, and the clip counts as not tried.
    """
    waiting = _Waiting(plan.sources)
    under_way: dict[str, Source] = {}
    tries: dict[str, int] = {}
    while waiting or under_way:
        while len(under_way) < crew.size and (source := waiting.next(_sizes(under_way))):
            known = ledger.results(source.size_bytes, plan.fingerprint)
            ledger.begin(source)
            under_way[source.address] = source
            tries[source.address] = tries.get(source.address, 0) + 1
            crew.start(Order(source, plan.settings, plan.fingerprint, known, plan.quiet_s))
            watcher.begun(source)
        for event in crew.wait(WAIT_S):
            if isinstance(event, Told):
                watcher.told(event)
                continue
            source = under_way.pop(event.address)
            if event.hopeless:
                ledger.withdraw(source)
                raise OutputError(f"{event.message} What is done is kept; run it again then.")
            number = tries[source.address]
            if event.failure and event.failure not in _LASTING and number < ATTEMPTS_A_RUN:
                pause_s = BACK_OFF_S[number - 1]
                waiting.later(source, pause_s)
                watcher.again(event, pause_s)
                continue
            if event.folder is not None:
                _place(event, out)
            ledger.end(event)
            watcher.ended(event)


def _place(outcome: Outcome, out: Path) -> None:
    """Move a finished result to where it stays: its frames to their partition, then its folder.

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
        frames.mkdir(parents=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        (outcome.folder / "frames.parquet").replace(frames / "frames.parquet")
        outcome.folder.replace(folder)
        with suppress(OSError):
            shutil.rmtree(outcome.folder.parent)
    except OSError as error:
        what = (error.strerror or str(error)).lower()
        raise OutputError(
            f"{folder}: cannot be written ({what}). What is done is kept; free some space and"
            " run it again."
        ) from error


def result_places(out: Path, clip: str) -> tuple[Path, Path]:
    """Where a clip's result and its frames lie."""
    return out / "clips" / clip, out / "frames" / f"clip={clip}"


def missing_results(ledger: Ledger, out: Path, fingerprint: str) -> list[str]:
    """Results that are noted and are not there: somebody removed them by hand."""
    return [
        clip
        for clip in ledger.results(None, fingerprint)
        if not all(
            (place / file).is_file()
            for place, file in zip(
                result_places(out, clip), ("result.json", "frames.parquet"), strict=True
            )
        )
    ]


def tidy(ledger: Ledger, out: Path) -> None:
    """Remove results that no source leads to any more: of clips that changed, or other settings."""
    kept = ledger.sweep()
    for parent, prefix in ((out / "clips", ""), (out / "frames", "clip=")):
        if not parent.is_dir():
            continue
        for folder in list(parent.iterdir()):
            if folder.name.startswith(prefix) and folder.name.removeprefix(prefix) not in kept:
                shutil.rmtree(folder, ignore_errors=True)


def _sizes(under_way: dict[str, Source]) -> frozenset[int | None]:
    return frozenset(source.size_bytes for source in under_way.values())


class _Waiting:
    """Clips in the order they will be taken, some of them not before a moment."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._order = itertools.count()
        largest = sorted(sources, key=lambda source: (-(source.size_bytes or 0), source.address))
        self._ready = list(largest)
        self._later: list[tuple[float, int, Source]] = []

    def __bool__(self) -> bool:
        return bool(self._ready or self._later)

    def next(self, sizes: frozenset[int | None]) -> Source | None:
        """The next clip that is ready and of none of these sizes."""
        now_s = time.monotonic()
        while self._later and self._later[0][0] <= now_s:
            self._ready.insert(0, heapq.heappop(self._later)[2])
        for number, source in enumerate(self._ready):
            if source.size_bytes is None or source.size_bytes not in sizes:
                return self._ready.pop(number)
        return None

    def later(self, source: Source, pause_s: float) -> None:
        """Have a clip wait before its next attempt."""
        heapq.heappush(self._later, (time.monotonic() + pause_s, next(self._order), source))
