"""A repetition again: half speed, the worst moment held, and nobody waits for it."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest

from hingecheck.live.playback import HOLD_S, Playback, Shown
from hingecheck.live.records import Picture

FPS = 30.0
START_S = 10.0
LENGTH_S = 2.0


def rep(fetched: list[int] | None = None) -> Iterator[tuple[float, Picture]]:
    """Two seconds of pictures from 10 s on, each filled with its own number."""
    for number in range(round(LENGTH_S * FPS)):
        if fetched is not None:
            fetched.append(number)
        yield START_S + number / FPS, np.full((2, 2, 3), number, np.uint8)


def watch(worst_s: float, tick_s: float = 0.01) -> list[tuple[float, Shown]]:
    """Everything shown from 100 s on, one look each tick, until it is over."""
    playback = Playback(rep(), worst_s, 100.0)
    seen = []
    for tick in range(100_000):
        shown = playback.at(100.0 + tick * tick_s)
        if shown is None:
            return seen
        seen.append((tick * tick_s, shown))
    raise AssertionError("never over")


def number(shown: Shown) -> int:
    return int(shown.rgb[0, 0, 0])


def test_a_rep_takes_twice_its_time() -> None:
    seen = watch(math.nan)
    assert seen[-1][0] == pytest.approx(2 * (LENGTH_S - 1 / FPS), abs=0.03)
    assert not any(shown.worst for _, shown in seen)
    assert [number(shown) for _, shown in seen] == sorted(number(shown) for _, shown in seen)
    assert {number(shown) for _, shown in seen} == set(range(60))


def test_worst_moment_is_held_once_and_the_rest_follows() -> None:
    seen = watch(11.0)
    held = [(at_s, number(shown)) for at_s, shown in seen if shown.worst]
    assert {which for _, which in held} == {30}
    assert held[0][0] == pytest.approx(2.0, abs=0.03)
    assert held[-1][0] - held[0][0] == pytest.approx(HOLD_S, abs=0.03)
    assert seen[-1][0] == pytest.approx(2 * (LENGTH_S - 1 / FPS) + HOLD_S, abs=0.05)
    assert number(seen[-1][1]) == 59


@pytest.mark.parametrize("tick_s", [0.15, 0.5, 3.0])
def test_slow_looks_skip_pictures_but_never_the_worst(tick_s: float) -> None:
    seen = watch(11.0, tick_s)
    assert 30 in {number(shown) for _, shown in seen if shown.worst}
    assert len({number(shown) for _, shown in seen}) < 60


@pytest.mark.parametrize(("worst_s", "which"), [(9.0, 0), (13.0, 59)])
def test_worst_moment_outside_the_rep_holds_its_nearest_picture(worst_s: float, which: int) -> None:
    assert {number(shown) for _, shown in watch(worst_s) if shown.worst} == {which}


def test_pictures_are_fetched_when_they_are_due_and_not_before() -> None:
    fetched: list[int] = []
    playback = Playback(rep(fetched), math.nan, 0.0)
    playback.at(0.0)
    assert len(fetched) <= 2
    playback.at(1.0)
    assert 15 <= len(fetched) <= 17


def test_nothing_to_play_is_over_at_once() -> None:
    assert Playback(iter(()), 1.0, 0.0).at(0.0) is None
