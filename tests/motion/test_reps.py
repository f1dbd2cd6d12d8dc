"""Repetitions in trunk-thigh flexion drawn from known turning points."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stick import clock, sway, true_set

from hingecheck.motion.records import Lift, Phase, Rep, rep_of_frame
from hingecheck.motion.reps import find_reps, turning_points
from hingecheck.pose.records import FloatArray

Knots = list[tuple[float, float]]

STAND, DEEP = 4.0, 95.0


def reps_in(time_s: FloatArray, depth_deg: FloatArray, lift: Lift = Lift.RDL) -> tuple[Rep, ...]:
    return find_reps(time_s, depth_deg, turning_points(time_s, depth_deg), lift)


def hinges(
    count: int,
    *,
    lead_s: float = 1.0,
    down_s: float = 1.5,
    low_s: float = 0.0,
    up_s: float = 1.2,
    rest_s: float = 0.6,
) -> Knots:
    """Knots of reps from standing: lead, then down, held, up and rested each time."""
    knots: Knots = [(0.0, STAND), (lead_s, STAND)]
    for _ in range(count):
        for lasts_s, deg in ((down_s, DEEP), (low_s, DEEP), (up_s, STAND), (rest_s, STAND)):
            if lasts_s:
                knots.append((knots[-1][0] + lasts_s, deg))
    return knots


def pulls(*steps: tuple[float, float]) -> Knots:
    """Knots from (seconds, degrees) steps, starting held at the first step's angle."""
    knots: Knots = [(0.0, steps[0][1])]
    for lasts_s, deg in steps:
        knots.append((knots[-1][0] + lasts_s, deg))
    return knots


def bottoms_s(time_s: FloatArray, reps: Sequence[Rep]) -> list[float]:
    return [float(time_s[rep.bottom]) for rep in reps]


FLOOR = 110.0
BEND_DOWN = ((1.0, STAND), (1.5, FLOOR), (1.2, FLOOR))
PULL, LOCKOUT, LOWER = (1.2, STAND), (0.8, STAND), (1.2, FLOOR)


def test_standing_is_no_rep() -> None:
    time_s = clock(300)
    sway_deg = 4 + 3 * np.sin(time_s) + np.random.default_rng(0).normal(0, 1.5, 300)
    assert turning_points(time_s, sway_deg) == []
    assert reps_in(time_s, sway_deg) == ()


@pytest.mark.parametrize("lift", [Lift.RDL, Lift.SQUAT, Lift.GOOD_MORNING, Lift.HINGE])
@pytest.mark.parametrize("count", [1, 3, 8])
@pytest.mark.parametrize(("low_s", "rest_s"), [(0.0, 0.3), (0.0, 2.0), (1.5, 0.6), (2.0, 3.0)])
def test_every_rep_is_counted_whatever_the_pauses(
    lift: Lift, count: int, low_s: float, rest_s: float
) -> None:
    time_s, depth = sway(hinges(count, low_s=low_s, rest_s=rest_s))
    reps = reps_in(time_s, depth, lift)
    assert [rep.index for rep in reps] == list(range(1, count + 1))
    assert not any(rep.from_floor for rep in reps)


@pytest.mark.parametrize("fps", [12.0, 30.0, 60.0])
def test_times_are_the_known_turning_points(fps: float) -> None:
    time_s, depth = sway(hinges(3, rest_s=0.6), fps)
    frame = max(2 / fps, 0.07)
    for i, rep in enumerate(reps_in(time_s, depth)):
        start_s = 1.0 + i * 3.3
        assert time_s[rep.bottom] == pytest.approx(start_s + 1.5, abs=frame)
        # A cosine leaves and reaches its ends too slowly to be seen at once.
        assert start_s - frame <= time_s[rep.start] <= start_s + 0.15
        assert start_s + 2.7 - 0.15 <= time_s[rep.end] <= start_s + 2.7 + frame
        assert rep.top == rep.start


def test_pause_at_the_bottom_has_its_bottom_in_the_middle() -> None:
    time_s, depth = sway(hinges(2, low_s=1.5, rest_s=0.8))
    for i, rep in enumerate(reps_in(time_s, depth)):
        assert time_s[rep.bottom] == pytest.approx(1.0 + i * 5.0 + 1.5 + 0.75, abs=0.1)


def test_reps_of_the_sample_are_where_its_truth_says() -> None:
    time_s, truth = true_set("rdl_butt_wink")
    reps = reps_in(time_s, truth["trunk_thigh_flexion"])
    known = [(1.0, 2.567, 3.767), (4.267, 5.767, 6.933), (7.433, 9.0, 10.2)]
    for rep, (start_s, bottom_s, end_s) in zip(reps, known, strict=True):
        assert time_s[rep.start] == pytest.approx(start_s, abs=0.2)
        assert time_s[rep.bottom] == pytest.approx(bottom_s, abs=0.07)
        assert time_s[rep.end] == pytest.approx(end_s, abs=0.2)


@pytest.mark.parametrize("dip_deg", [10.0, 20.0, 28.0])
def test_unracking_and_walking_out_is_no_rep(dip_deg: float) -> None:
    dips = pulls((0.5, 5), (0.5, 5 + dip_deg), (0.5, 4), (0.3, 14), (0.3, 4), (0.3, 13), (0.4, 4))
    lead_s = dips[-1][0]
    set_of_reps = [(lead_s + at, deg) for at, deg in hinges(3)[1:]]
    time_s, depth = sway(dips + set_of_reps)
    reps = reps_in(time_s, depth, Lift.SQUAT)
    assert len(reps) == 3
    assert time_s[reps[0].start] >= lead_s


def test_bow_to_the_rack_of_37_degrees_is_no_rep() -> None:
    time_s, depth = sway(pulls((1, 0), (1, 37), (1, 0), (1, 0)))
    assert reps_in(time_s, depth) == ()


def test_half_good_morning_of_45_degrees_is_a_rep() -> None:
    time_s, depth = sway(pulls((1, 0), (1, 45), (1, 0), (1, 0)))
    assert len(reps_in(time_s, depth)) == 1


def test_rep_cut_off_at_the_clips_start_is_not_counted() -> None:
    time_s, depth = sway(hinges(3))
    cut = time_s >= 2.2
    assert bottoms_s(time_s[cut], reps_in(time_s[cut], depth[cut])) == pytest.approx(
        [5.8, 9.1], abs=0.07
    )


def test_rep_cut_off_at_the_clips_end_is_not_counted() -> None:
    time_s, depth = sway(hinges(3))
    for end_s in (8.6, 9.1):
        cut = time_s <= end_s
        assert bottoms_s(time_s[cut], reps_in(time_s[cut], depth[cut])) == pytest.approx(
            [2.5, 5.8], abs=0.07
        )


def test_deadlifts_from_the_floor_count_pulls_not_bends() -> None:
    """Bend down, set up, two pulls with the bar set down, stand up without it."""
    time_s, depth = sway(
        pulls(
            *BEND_DOWN,
            *(PULL, LOCKOUT, LOWER, (0.8, FLOOR)),
            *(PULL, LOCKOUT, LOWER, (0.8, FLOOR)),
            *((1.2, STAND), (1.1, STAND)),
        )
    )
    reps = reps_in(time_s, depth, Lift.DEADLIFT)
    assert [rep.from_floor for rep in reps] == [True, True]
    for rep, start_s in zip(reps, (3.7, 7.7), strict=True):
        assert time_s[rep.start] == pytest.approx(start_s, abs=0.2)
        assert start_s + 1.1 <= time_s[rep.top] <= start_s + 2.1
        assert time_s[rep.bottom] == pytest.approx(start_s + 3.2, abs=0.2)
        assert rep.start < rep.top < rep.bottom <= rep.end


def test_touch_and_go_deadlifts_are_counted_once_each() -> None:
    touch = (PULL, (0.4, STAND), LOWER)
    time_s, depth = sway(pulls(*BEND_DOWN, *touch, *touch, *touch, *touch, (1.0, FLOOR)))
    reps = reps_in(time_s, depth, Lift.DEADLIFT)
    assert len(reps) == 4
    assert [rep.index for rep in reps] == [1, 2, 3, 4]
    for before, after in pairwise(reps):
        assert before.end <= after.start + 1


@pytest.mark.parametrize("lift", [Lift.DEADLIFT, Lift.HINGE])
def test_clip_that_opens_in_the_set_up_counts_its_first_pull(lift: Lift) -> None:
    time_s, depth = sway(pulls((1.0, FLOOR), PULL, LOCKOUT, LOWER, (0.5, FLOOR)))
    (rep,) = reps_in(time_s, depth, lift)
    assert rep.from_floor
    assert time_s[rep.start] == pytest.approx(1.0, abs=0.2)


def test_bar_dropped_from_the_top_ends_at_the_lockout() -> None:
    time_s, depth = sway(pulls((1.0, FLOOR), PULL, (1.5, STAND)))
    (rep,) = reps_in(time_s, depth, Lift.DEADLIFT)
    assert rep.from_floor
    assert rep.bottom <= rep.top
    assert time_s[rep.start] == pytest.approx(1.0, abs=0.2)
    assert time_s[rep.end] == pytest.approx(2.2, abs=0.2)


def test_bar_dropped_after_bending_down_to_it_is_one_pull() -> None:
    time_s, depth = sway(pulls(*BEND_DOWN, PULL, (1.5, STAND)))
    (rep,) = reps_in(time_s, depth, Lift.DEADLIFT)
    assert time_s[rep.end] == pytest.approx(4.9, abs=0.2)


def test_swings_of_1_3_seconds_are_all_counted() -> None:
    knots: Knots = [(0.0, 0.0), (1.0, 0.0)]
    for _ in range(10):
        at = knots[-1][0]
        knots += [(at + 0.65, 85.0), (at + 1.3, 0.0)]
    knots.append((knots[-1][0] + 1.0, 0.0))
    time_s, depth = sway(knots)
    reps = reps_in(time_s, depth, Lift.SWING)
    expected = [1.65 + 1.3 * i for i in range(10)]
    assert bottoms_s(time_s, reps) == pytest.approx(expected, abs=0.07)


def test_rising_by_27_degrees_and_sinking_again_is_one_rep() -> None:
    time_s, depth = sway(
        pulls((1, STAND), (1.5, DEEP), (1, DEEP - 27), (1, DEEP), (1.5, STAND), (1, STAND))
    )
    assert len(reps_in(time_s, depth)) == 1


def test_bounce_within_eight_tenths_of_a_second_is_one_rep() -> None:
    time_s, depth = sway(
        pulls((1, STAND), (1.2, DEEP), (0.35, 55), (0.35, DEEP + 3), (1.2, STAND), (1, STAND))
    )
    assert len(reps_in(time_s, depth, Lift.SQUAT)) == 1


@pytest.mark.parametrize("missing_s", [0.1, 0.2, 0.5])
@pytest.mark.parametrize("at_s", [1.4, 2.3, 3.0, 3.9])
def test_lifter_lost_for_half_a_second_is_in_the_same_rep(missing_s: float, at_s: float) -> None:
    time_s, depth = sway(hinges(3))
    depth[(time_s > at_s) & (time_s < at_s + missing_s)] = np.nan
    reps = reps_in(time_s, depth)
    assert len(reps) == 3
    assert bottoms_s(time_s, reps[1:]) == pytest.approx([5.8, 9.1], abs=0.07)


def test_lifter_lost_for_a_whole_rep_hides_that_rep_alone() -> None:
    time_s, depth = sway(hinges(3))
    depth[(time_s > 4.2) & (time_s < 7.2)] = np.nan
    assert bottoms_s(time_s, reps_in(time_s, depth)) == pytest.approx([2.5, 9.1], abs=0.07)


@pytest.mark.parametrize("fps", [3.0, 5.0, 8.0])
def test_very_low_frame_rate_still_counts(fps: float) -> None:
    time_s, depth = sway(hinges(4), fps)
    reps = reps_in(time_s, depth)
    expected = [2.5 + 3.3 * i for i in range(4)]
    assert bottoms_s(time_s, reps) == pytest.approx(expected, abs=1.01 / fps)


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000), sd_deg=st.floats(0, 6), fps=st.sampled_from([24.0, 30.0, 60.0]))
def test_noise_changes_neither_count_nor_times(seed: int, sd_deg: float, fps: float) -> None:
    time_s, depth = sway(hinges(3), fps)
    noisy = depth + np.random.default_rng(seed).normal(0, sd_deg, len(depth))
    reps = reps_in(time_s, noisy)
    assert bottoms_s(time_s, reps) == pytest.approx([2.5, 5.8, 9.1], abs=0.2)


def test_single_wild_frames_make_no_reps() -> None:
    time_s, depth = sway(hinges(2))
    depth[[10, 70, 71, 110, 150]] += [120, -80, -80, 90, -90]
    assert len(reps_in(time_s, depth)) == 2


def test_uneven_clock_moves_no_rep() -> None:
    rng = np.random.default_rng(2)
    even_s, depth = sway(hinges(3), 240.0)
    kept = np.sort(rng.choice(len(even_s), len(even_s) // 9, replace=False))
    time_s = even_s[kept]
    found = bottoms_s(time_s, reps_in(time_s, depth[kept]))
    assert found == pytest.approx([2.5, 5.8, 9.1], abs=0.1)


@given(start_s=st.floats(0, 500))
@settings(deadline=None, max_examples=20)
def test_clock_may_start_anywhere(start_s: float) -> None:
    time_s, depth = sway(hinges(3))
    early, late = reps_in(time_s, depth), reps_in(time_s + start_s, depth)
    for one, other in zip(early, late, strict=True):
        # Half-way between two frames, rounding chooses.
        assert (other.start, other.end) == (one.start, one.end)
        assert abs(other.bottom - one.bottom) <= 1


@pytest.mark.parametrize("frames", [0, 1, 2, 5])
def test_hardly_any_frames_hold_no_rep(frames: int) -> None:
    assert reps_in(clock(frames), np.linspace(0, 100, frames)) == ()
    assert reps_in(clock(frames), np.full(frames, np.nan)) == ()


def test_every_frame_of_a_rep_has_its_phase() -> None:
    time_s, depth = sway(hinges(2))
    reps = reps_in(time_s, depth)
    index, phase = rep_of_frame(reps, len(time_s))
    assert phase[10] is Phase.NONE
    assert index[10] == 0
    for rep in reps:
        assert set(index[rep.start : rep.end + 1]) == {rep.index}
        assert phase[rep.bottom] is Phase.BOTTOM
        assert set(phase[rep.top : rep.bottom]) == {Phase.DESCENT}
        assert set(phase[rep.bottom + 1 : rep.end + 1]) == {Phase.ASCENT}


def test_pull_from_the_floor_ascends_first() -> None:
    time_s, depth = sway(pulls((1.0, FLOOR), PULL, LOCKOUT, LOWER, (0.5, FLOOR)))
    (rep,) = reps_in(time_s, depth, Lift.DEADLIFT)
    _, phase = rep_of_frame((rep,), len(time_s))
    assert set(phase[rep.start : rep.top]) == {Phase.ASCENT}
    assert set(phase[rep.top : rep.bottom]) == {Phase.DESCENT}


def test_dropped_bar_has_no_descent() -> None:
    time_s, depth = sway(pulls((1.0, FLOOR), PULL, (1.5, STAND)))
    (rep,) = reps_in(time_s, depth, Lift.DEADLIFT)
    _, phase = rep_of_frame((rep,), len(time_s))
    assert Phase.DESCENT not in phase
    assert set(phase[rep.start : rep.top]) >= {Phase.ASCENT}
