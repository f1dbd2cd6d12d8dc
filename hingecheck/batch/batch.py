"""A batch from inputs to dataset, as one sentence."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from hingecheck.batch.addresses import without_secrets
from hingecheck.batch.crew import Crew, workplace
from hingecheck.batch.dataset import write_dataset
from hingecheck.batch.find import find_sources
from hingecheck.batch.ledger import Ledger
from hingecheck.batch.lock import only_run
from hingecheck.batch.run import ATTEMPTS_EVER, Plan, Watcher, carry_out, spoiled_results, tidy
from hingecheck.batch.settings import Settings
from hingecheck.batch.sources import Found
from hingecheck.batch.totals import Totals
from hingecheck.errors import (
    Cancelled,
    HingecheckError,
    OutputError,
    UsageError,
    reason_of,
)

__all__ = ["QUIET_S", "Audience", "Wish", "check_all"]

QUIET_S = 300.0
"""Silence after which a clip is given up: a thousand times longer than a picture takes, and
longer than the longest pause of a network file system that comes back."""

LEDGER = "batch.sqlite"

_LEFT_BEHIND = frozenset({".lock", ".work"})
"""What a run leaves that could not even begin its ledger."""


class Audience(Watcher, Protocol):
    """Shows a run to a person; also told how it begins."""

    def planned(self, found: Found, waiting: int) -> None:
        """This was found, and so many of the clips want work."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How to go about it.

    Attributes:
        quiet_s: How long a clip may show no progress.
        again: Whether to try clips again that were given up.
        prune: Whether to drop clips that the inputs no longer hold.
    """

    quiet_s: float = QUIET_S
    again: bool = False
    prune: bool = False


def check_all(
    inputs: Sequence[str],
    out: Path,
    settings: Settings,
    crew: Callable[[Path], Crew],
    audience: Audience,
    wish: Wish = Wish(),
) -> Totals:
    """Check every clip of the inputs that has no result yet, and write the dataset.

    Args:
        inputs: Files, folders, patterns and addresses.
        out: The dataset's folder; an earlier run's is gone on with.
        settings: What to do with each clip.
        crew: Makes the crew, given its folder for unfinished results.
        audience: Is told what happens.
        wish: How to go about it.

    Returns:
        What the dataset holds.

    Raises:
        UsageError: An input or the output cannot be used as named.
        OutputError: The disk is full, or the crew is gone; what is done is kept.
        Cancelled: Stopped with Ctrl-C; what is done is kept.
    """
    fingerprint = settings.fingerprint()
    with _in_our_words(out):
        _require_ours(out)
        found = find_sources(inputs, out)
        if not found.sources:
            named = ", ".join(map(without_secrets, inputs))
            raise UsageError(
                f"{named}: holds no videos ({found.passed_over} other files)."
                " Name the clips themselves if they end unusually."
            )
        _make(out)
        with only_run(out), Ledger(out / LEDGER, anonymous=settings.anonymous) as ledger:
            for clip in spoiled_results(ledger, out):
                ledger.forget_result(clip)
            if wish.prune and not found.unreadable:
                # Where a folder could not be listed, nobody knows which of its clips are gone.
                ledger.forget_others(found.sources)
            waiting = ledger.open_sources(
                found.sources, fingerprint, sys.maxsize if wish.again else ATTEMPTS_EVER
            )
            audience.planned(found, len(waiting))
            plan = Plan(waiting, settings, fingerprint, wish.quiet_s)
            try:
                if waiting:
                    with workplace(out) as work, crew(work) as hands:
                        carry_out(plan, ledger, hands, out, audience)
            except (KeyboardInterrupt, HingecheckError, OSError) as end:
                # What is done makes a dataset too; trouble with that is not what to tell.
                with suppress(HingecheckError, OSError):
                    _finish(ledger, out, settings)
                if not isinstance(end, KeyboardInterrupt):
                    raise
                raise Cancelled(
                    f"{out}: stopped; what is done is kept. Run the same again to go on."
                ) from None
            return _finish(ledger, out, settings)


@contextmanager
def _in_our_words(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        what = reason_of(error)
        raise OutputError(
            f"{out}: cannot be read or written ({what}). What is done is kept; run it again then."
        ) from error


def _finish(ledger: Ledger, out: Path, settings: Settings) -> Totals:
    tidy(ledger, out)
    return write_dataset(out, ledger.entries(), anonymous=settings.anonymous)


def _require_ours(out: Path) -> None:
    """Raise unless the folder is free, empty, or an earlier run's."""
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out}: expected a folder for the dataset, got a file. Choose another.")
    if out.is_dir() and not (out / LEDGER).exists() and _names(out) - _LEFT_BEHIND:
        raise UsageError(
            f"{out}: is not empty and holds no batch, so it is left alone. Choose another --out."
        )


def _names(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()}


def _make(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = reason_of(error)
        raise UsageError(f"{out}: cannot be made ({what}). Choose another --out.") from error
