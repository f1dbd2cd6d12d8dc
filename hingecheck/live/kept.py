"""What is kept: the last half minute while no set runs, and then all of a set."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from hingecheck.clip import Frame
from hingecheck.live.take import Take
from hingecheck.live.watcher import Seen
from hingecheck.spine.model import OwnShape

__all__ = ["Film", "Keeper", "Kept"]

IDLE_S = 30.0
"""What is kept while no set begins is thrown away after this."""

OVERLAP_S = 5.0
"""So long before that, what follows it has begun: whenever a set begins, the standing and the top
before it are there."""


class Film(Protocol):
    """The pictures of a stretch of time."""

    def keep(self, frame: Frame) -> bool:
        """Keep a picture; False when it was left out, so that its looks are too."""

    def hold(self) -> None:
        """From now on it matters: it is never thrown away, whatever happens."""

    def drop(self) -> None:
        """Throw it away."""

    def end(self, take: Take, own: OwnShape | None) -> None:
        """The set is over: every picture kept has its looks in `take`."""


class Keeper(Protocol):
    """Keeps films, and makes results of them."""

    @property
    def writing(self) -> bool:
        """Whether a set's result is being written."""

    def begin(self, size_px: tuple[int, int], fps: float) -> Film:
        """Start a film; several may run."""


class _Roll(NamedTuple):
    take: Take
    film: Film | None

    def add(self, seen: Seen) -> None:
        if self.take.fits(seen) and (self.film is None or self.film.keep(seen.frame)):
            self.take.add(seen)

    def drop(self) -> None:
        if self.film is not None:
            self.film.drop()


class Kept:
    """Looks, and films of them, on which a set can be begun at any moment.

    Args:
        begin: Gives an empty take.
        keeper: Keeps the films; None keeps none.
    """

    def __init__(self, begin: Callable[[], Take], keeper: Keeper | None) -> None:
        self._begin, self._keeper = begin, keeper
        self._rolls: list[_Roll] = []

    @property
    def take(self) -> Take | None:
        """The looks of the set, or of the time before it; None before the first picture."""
        return self._rolls[0].take if self._rolls else None

    def add(self, seen: Seen) -> None:
        """Keep a picture."""
        if not self._rolls:
            self._start()
        for roll in self._rolls:
            roll.add(seen)

    def let_go(self, working: bool) -> None:
        """Throw away what is too old while no set runs.

        Args:
            working: Whether a repetition is under way, which may be what begins a set.
        """
        lasts_s = self._rolls[0].take.lasts_s if self._rolls else 0.0
        if lasts_s > IDLE_S - OVERLAP_S and len(self._rolls) == 1:
            self._start()
        if lasts_s > IDLE_S and not working:
            self._rolls.pop(0).drop()

    def hold(self) -> None:
        """A set begins: keep everything from here on."""
        if not self._rolls:
            self._start()
        for younger in self._rolls[1:]:
            younger.drop()
        del self._rolls[1:]
        if (film := self._rolls[0].film) is not None:
            film.hold()

    def end(self, own: OwnShape | None) -> None:
        """The set that was held is over."""
        for roll in self._rolls:
            if not roll.take.time_s:
                roll.drop()
            elif roll.film is not None:
                roll.film.end(roll.take, own)
        self._rolls.clear()

    def forget(self) -> None:
        """Throw everything away and begin with the next picture."""
        for roll in self._rolls:
            roll.drop()
        self._rolls.clear()

    def _start(self) -> None:
        take = self._begin()
        film = None if self._keeper is None else self._keeper.begin(take.size_px, take.fps)
        self._rolls.append(_Roll(take, film))
