"""Drawn plans: the fault is as asked, and no body is asked for what bodies cannot do."""

from __future__ import annotations

import numpy as np
import pytest

from hingecheck.simulate.plan import OVEREXTENSION_DEG, Fault, Lift, random_plan

SEEDS = range(40)
every_lift = pytest.mark.parametrize("lift", list(Lift))


def drawn(lift: Lift, fault: Fault, tuck_deg: float | None = None) -> list:
    return [random_plan(np.random.default_rng(s), lift, fault, tuck_deg) for s in SEEDS]


@every_lift
def test_plan_without_a_fault_adds_nothing(lift) -> None:
    assert {plan.tuck_deg for plan in drawn(lift, Fault.NONE)} == {0.0}


@every_lift
def test_size_that_was_asked_for_is_planned(lift) -> None:
    room = [p for p in drawn(lift, Fault.BUTT_WINK, 12.0) if p.lumbar_flexion_deg < 48]
    assert room
    assert {plan.tuck_deg for plan in room} == {12.0}


@every_lift
def test_lumbar_spine_never_flexes_beyond_sixty(lift) -> None:
    for plan in drawn(lift, Fault.ROUNDED, 90.0):
        assert plan.lumbar_flexion_deg + plan.tuck_deg == pytest.approx(60)


@every_lift
@pytest.mark.parametrize("asked_deg", [None, 2.0, 40.0])
def test_over_extension_stays_within_what_backs_do(lift, asked_deg) -> None:
    low_deg, high_deg = OVEREXTENSION_DEG
    for plan in drawn(lift, Fault.OVEREXTENDED, asked_deg):
        arch_deg = -plan.tuck_deg or plan.lockout_extension_deg
        assert low_deg <= arch_deg <= high_deg


def test_wink_is_late_and_rounding_early() -> None:
    winks, rounds = (drawn(Lift.RDL, fault) for fault in (Fault.BUTT_WINK, Fault.ROUNDED))
    assert min(p.tuck_depth for p in winks) > max(p.tuck_depth for p in rounds)
