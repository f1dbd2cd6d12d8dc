"""One body held on to while others come and go."""

from __future__ import annotations

import numpy as np
from pose.test_lifter import filmed, hidden, hinging, standing, walking

from hingecheck.pose.lock import LifterLock
from hingecheck.pose.records import FloatArray

WIDTH_PX = 1280


def chosen(lock: LifterLock, *bodies: FloatArray) -> list[int | None]:
    """Which body was taken frame by frame, by its place among `bodies`."""
    taken: list[int | None] = []
    for i, poses in enumerate(filmed(*bodies)):
        present = [n for n, body in enumerate(bodies) if np.isfinite(body[i, 0, 0])]
        which = lock.choose(i / 30, poses)
        taken.append(None if which is None else present[which])
    return taken


def test_large_body_in_the_middle_is_taken_and_kept() -> None:
    assert set(chosen(LifterLock(WIDTH_PX), standing(x_px=150, height_px=420), hinging())) == {1}


def test_whoever_bends_is_taken_from_somebody_who_only_stands() -> None:
    lock = LifterLock(WIDTH_PX)
    taken = chosen(lock, standing(x_px=640, height_px=520), hinging(x_px=950))
    assert taken[0] == 0
    assert set(taken[45:]) == {1}
    proven = LifterLock(WIDTH_PX)
    proven.choose(0.0, filmed(standing(x_px=640, height_px=520))[0])
    proven.proven = True
    assert set(chosen(proven, standing(x_px=640, height_px=520), hinging(x_px=950))) == {0}


def test_passer_by_does_not_take_a_working_lifters_place() -> None:
    lock = LifterLock(WIDTH_PX)
    lock.working = True
    lifter = hidden(hinging(), slice(40, 80))
    taken = chosen(lock, lifter, walking(0, 1280, 520))
    assert set(taken[:40]) == {0}
    assert set(taken[40:50] + taken[70:80]) == {None}
    assert set(taken[80:]) == {0}


def test_lifter_who_left_is_forgotten_between_sets() -> None:
    lock = LifterLock(WIDTH_PX)
    gone = hidden(standing(x_px=640), slice(20, 120))
    newcomer = hidden(standing(x_px=1000, height_px=480), slice(0, 70))
    taken = chosen(lock, gone, newcomer)
    assert set(taken[:20]) == {0}
    assert set(taken[20:70]) == {None}
    assert set(taken[70:]) == {1}


def test_nobody_is_nobody() -> None:
    assert LifterLock(WIDTH_PX).choose(0.0, []) is None


def switches(lock: LifterLock, *bodies: FloatArray) -> list[int]:
    """Frames at which somebody took somebody else's place."""
    taken = []
    for i, poses in enumerate(filmed(*bodies)):
        lock.choose(i / 30, poses)
        if lock.switched:
            taken.append(i)
    return taken


def test_first_one_seen_takes_nobodys_place() -> None:
    assert switches(LifterLock(WIDTH_PX), standing(x_px=640)) == []


def test_lifter_who_was_out_of_sight_for_seconds_is_the_same_one() -> None:
    lifter = hidden(standing(x_px=640), slice(20, 100))
    assert switches(LifterLock(WIDTH_PX), lifter) == []


def test_somebody_else_or_elsewhere_is_a_new_one() -> None:
    gone = hidden(standing(x_px=640), slice(20, 120))
    for other in (standing(x_px=1000), standing(x_px=640, height_px=300)):
        newcomer = hidden(other, slice(0, 70))
        assert switches(LifterLock(WIDTH_PX), gone, newcomer) == [70]
