"""Repetitions counted as they happen: those that a check would count, and when they end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stick import FPS, sway

from hingecheck.motion.rep_machine import CountedRep, RepMachine
from hingecheck.pose.records import FloatArray

STAND, DEEP = 4.0, 95.0
Knots = Sequence[tuple[float, float]]


def counted(time_s: FloatArray, depth_deg: FloatArray) -> list[CountedRep]:
    machine = RepMachine()
    told = (machine.step(float(t), float(d)) for t, d in zip(time_s, depth_deg, strict=True))
    return [rep for rep in told if rep is not None]


def set_of(count: int, top_deg: float = STAND, rest_s: float = 0.6) -> list[tuple[float, float]]:
    knots = [(0.0, STAND), (1.0, STAND)]
    for _ in range(count):
        at_s = knots[-1][0]
        knots += [(at_s + 1.5, DEEP), (at_s + 2.7, top_deg), (at_s + 2.7 + rest_s, top_deg)]
    return [*knots, (knots[-1][0] + 1.0, STAND)]


@pytest.mark.parametrize("count", [0, 1, 3, 8])
@pytest.mark.parametrize("top_deg", [STAND, 20.0, 30.0])
def test_every_repetition_counts_once(count: int, top_deg: float) -> None:
    assert len(counted(*sway(set_of(count, top_deg)))) == count


def test_repetition_is_counted_when_three_quarters_of_the_way_up_are_done() -> None:
    (rep,) = counted(*sway(set_of(1)))
    assert rep.bottom_s == pytest.approx(2.5, abs=1.5 / FPS)
    assert rep.depth_deg == pytest.approx(DEEP, abs=0.5)
    assert 1.0 - 0.1 < rep.start_s < 1.4
    time_s, depth_deg = sway(set_of(1))
    left = np.interp(rep.end_s, time_s, depth_deg) - STAND
    assert 0.15 * (DEEP - STAND) < left <= 0.25 * (DEEP - STAND)


@given(noise_deg=st.floats(0, 1.5), seed=st.integers(0, 99))
def test_noise_adds_and_takes_none(noise_deg: float, seed: int) -> None:
    time_s, depth_deg = sway(set_of(3))
    noise = np.random.default_rng(seed).normal(0, noise_deg, len(time_s))
    assert len(counted(time_s, depth_deg + noise)) == 3


@pytest.mark.parametrize(
    "knots",
    [
        [(0, STAND), (1, 35), (2, STAND), (3, 35), (4, STAND)],
        [(0, STAND), (1, DEEP), (2, 75), (3, DEEP), (4, 80)],
        [(0, 70), (1, STAND), (3, STAND)],
    ],
    ids=["bowing to a rack", "bouncing below", "cut in the middle of a rise"],
)
def test_what_is_no_repetition_does_not_count(knots: Knots) -> None:
    assert counted(*sway(knots)) == []


def test_pull_out_of_a_held_set_up_counts() -> None:
    knots = [(0, 100), (1, 100), (2, STAND), (3, STAND), (4, 100), (5, 100), (6, STAND), (7, STAND)]
    assert len(counted(*sway(knots))) == 2


def test_turning_short_of_the_top_ends_a_repetition() -> None:
    knots = [(0, STAND), (1, STAND), (2.5, DEEP), (3.7, 45), (5, DEEP), (6.2, STAND), (7, STAND)]
    assert len(counted(*sway(knots))) == 2


def test_lifter_lost_at_the_bottom_for_long_makes_no_repetition() -> None:
    time_s, depth_deg = sway(
        [(0, STAND), (1, STAND), (2.5, DEEP), (5, DEEP), (6.2, STAND), (8, STAND)]
    )
    depth_deg[(time_s > 2.0) & (time_s < 6.3)] = np.nan
    assert counted(time_s, depth_deg) == []


def test_short_hole_costs_nothing() -> None:
    time_s, depth_deg = sway(set_of(2))
    depth_deg[(time_s > 2.2) & (time_s < 2.6)] = np.nan
    assert len(counted(time_s, depth_deg)) == 2
