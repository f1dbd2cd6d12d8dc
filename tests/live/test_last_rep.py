"""The last repetition is kept for good, with what was known at each of its pictures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from live.moments import call, moment

from hingecheck.form.records import Verdict
from hingecheck.live.last_rep import AROUND_S, KEPT_S, Cut, LastRep
from hingecheck.live.records import RepCall

FPS = 10.0
CALL = call()
"""From 10 to 12 s, at its lowest at 11.0 and at its worst at another time."""


def seen(until_s: float, counted: RepCall = CALL, reps: LastRep | None = None) -> LastRep:
    """After pictures from 0 s on, each filled with its own tenth of a second."""
    reps = reps or LastRep()
    for number in range(round(until_s * FPS)):
        time_s = number / FPS
        last = counted if time_s >= counted.end_s else None
        state = moment(96, 64, time_s=time_s, last=last, tuck_deg=time_s)
        reps.see(np.full((64, 96, 3), number % 250, np.uint8), state)
    return reps


def cut(reps: LastRep) -> Cut:
    found = reps.cut()
    assert found is not None
    return found


@pytest.mark.parametrize("until_s", [12.1, 14.0, 12.0 + KEPT_S, 70.0])
def test_last_rep_is_there_at_once_and_for_good(until_s: float) -> None:
    found = cut(seen(until_s))
    times_s = [time_s for time_s, _ in found.pictures]
    assert times_s[0] == pytest.approx(CALL.start_s - AROUND_S)
    assert times_s[-1] == pytest.approx(min(CALL.end_s + AROUND_S, until_s - 1 / FPS))
    assert list(found.known) == times_s
    assert all(found.known[time_s].tuck_deg == time_s for time_s in times_s)


def test_nothing_is_there_before_the_first() -> None:
    assert seen(9.0).cut() is None


def test_a_later_verdict_is_shown_with_the_pictures_kept() -> None:
    reps = seen(20.0)
    reps.see(
        np.zeros((64, 96, 3), np.uint8),
        moment(96, 64, time_s=20.0, last=replace(CALL, verdict=Verdict.NO)),
    )
    assert cut(reps).call.verdict is Verdict.NO
    assert len(cut(reps).pictures) == len(cut(seen(20.0)).pictures)


def test_the_next_rep_takes_its_place_and_a_new_set_does_not() -> None:
    reps = seen(20.0)
    again = replace(CALL, index=1, start_s=22.0, bottom_s=23.0, end_s=24.0, worst_s=23.2)
    for number in range(200, 240):
        state = moment(96, 64, time_s=number / FPS, last=None)
        reps.see(np.zeros((64, 96, 3), np.uint8), state)
    assert cut(reps).call == CALL
    state = moment(96, 64, time_s=24.1, last=again)
    reps.see(np.zeros((64, 96, 3), np.uint8), state)
    assert cut(reps).call == again
    assert min(cut(reps).known) == pytest.approx(21.0)


def test_replay_holds_the_largest_tuck_and_not_the_deepest_moment() -> None:
    assert CALL.worst_s != CALL.bottom_s
    playback = cut(seen(20.0)).play(100.0)
    held = set()
    for tick in range(900):
        shown = playback.at(100.0 + tick / 100)
        if shown is not None and shown.worst:
            held.add(shown.time_s)
    assert held == {CALL.worst_s}
