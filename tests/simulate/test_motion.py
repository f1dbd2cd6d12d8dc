"""Sets as true angles over time: faults of the planned size, at the planned moment."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hingecheck.simulate.lifter import Grip
from hingecheck.simulate.motion import (
    Fault,
    Lift,
    Motion,
    Plan,
    bar_height_m,
    from_the_floor,
    move,
)

SETS = Plan(lift=Lift.RDL, reps=2, descent_s=1.5)
WINK = replace(SETS, fault=Fault.BUTT_WINK, tuck_deg=20, tuck_depth=0.7)
ROUNDED = replace(SETS, fault=Fault.ROUNDED, tuck_deg=30, tuck_depth=0.3)
ARCHED = replace(SETS, fault=Fault.OVEREXTENDED, tuck_deg=-15, tuck_depth=0.3)
SEED = 3


def lumbar_deg(motion: Motion) -> np.ndarray:
    return np.array([frame.lumbar_flexion_deg for frame in motion.frames])


def added_deg(lifter, plan: Plan) -> tuple[Motion, np.ndarray]:
    """A faulty set, and its lumbar flexion above the same set without the fault."""
    clean = replace(plan, fault=Fault.NONE, tuck_deg=0.0)
    motion = move(plan, lifter, np.random.default_rng(SEED))
    return motion, lumbar_deg(motion) - lumbar_deg(move(clean, lifter, np.random.default_rng(SEED)))


def at(motion: Motion, values: np.ndarray, time_s: float) -> float:
    return float(np.interp(time_s, motion.time_s, values))


def test_same_seed_same_motion_and_another_seed_another(lifter) -> None:
    first, again, other = (move(WINK, lifter, np.random.default_rng(s)) for s in (5, 5, 6))
    assert first.frames == again.frames
    assert first.reps == again.reps
    assert first.frames != other.frames


@pytest.mark.parametrize("fps", [24.0, 30.0, 60.0])
def test_reps_follow_each_other_at_any_frame_rate(lifter, fps) -> None:
    motion = move(replace(WINK, fps=fps), lifter, np.random.default_rng(SEED))
    assert len(motion.reps) == 2
    moments = [t for r in motion.reps for t in (r.start_s, r.onset_s, r.bottom_s, r.end_s)]
    assert moments == sorted(moments)
    assert moments[-1] < motion.time_s[-1]
    np.testing.assert_allclose(np.diff(motion.time_s), 1 / fps)


def test_butt_wink_adds_its_size_by_the_bottom_and_nothing_before_its_onset(lifter) -> None:
    motion, added = added_deg(lifter, WINK)
    for rep in motion.reps:
        assert rep.tuck_deg == pytest.approx(20, rel=0.25)
        assert at(motion, added, rep.bottom_s) == pytest.approx(rep.tuck_deg, abs=0.3)
        descent = (motion.time_s >= rep.start_s) & (motion.time_s <= rep.bottom_s)
        begun_s = motion.time_s[descent & (added > 0.01)].min()
        assert begun_s == pytest.approx(rep.onset_s, abs=0.1)
        assert (rep.onset_s - rep.start_s) / (rep.bottom_s - rep.start_s) > 0.5


def test_butt_wink_turns_the_pelvis_back_by_its_share(lifter) -> None:
    clean = move(SETS, lifter, np.random.default_rng(SEED))
    faulty = move(WINK, lifter, np.random.default_rng(SEED))
    rep = faulty.reps[0]
    tilts = [
        at(motion, np.array([f.pelvic_tilt_deg for f in motion.frames]), rep.bottom_s)
        for motion in (clean, faulty)
    ]
    assert tilts[0] - tilts[1] == pytest.approx(WINK.pelvis_share * rep.tuck_deg, abs=0.3)


def test_rounded_back_has_its_shape_when_the_hinge_has_only_begun(lifter) -> None:
    motion, added = added_deg(lifter, ROUNDED)
    for rep in motion.reps:
        half_way_s = (rep.start_s + rep.bottom_s) / 2
        for moment_s in (half_way_s, rep.bottom_s):
            assert at(motion, added, moment_s) == pytest.approx(rep.tuck_deg, abs=0.3)
        assert rep.onset_s == pytest.approx(rep.start_s, abs=0.05)


def test_over_extended_back_arches(lifter) -> None:
    motion, added = added_deg(lifter, ARCHED)
    for rep in motion.reps:
        assert rep.tuck_deg < -10
        assert at(motion, added, rep.bottom_s) == pytest.approx(rep.tuck_deg, abs=0.3)


def test_clean_reps_have_no_tuck_and_no_onset(lifter) -> None:
    for rep in move(SETS, lifter, np.random.default_rng(SEED)).reps:
        assert rep.tuck_deg == 0
        assert np.isnan(rep.onset_s)


def test_relaxed_standing_is_near_zero_until_it_ends(lifter) -> None:
    plan = replace(SETS, relaxed_s=1.0, top_lumbar_flexion_deg=-8, top_pelvic_tilt_deg=6)
    motion = move(plan, lifter, np.random.default_rng(SEED))
    assert motion.relaxed_until_s == pytest.approx(1.0, abs=0.05)
    relaxed = motion.time_s < motion.relaxed_until_s
    assert np.abs(lumbar_deg(motion)[relaxed]).max() < 2
    assert at(motion, lumbar_deg(motion), motion.reps[0].start_s - 0.2) == pytest.approx(-8, abs=2)


def test_deadlift_starts_with_the_plates_on_the_floor(lifter) -> None:
    plan = from_the_floor(Plan(lift=Lift.DEADLIFT, pelvic_tilt_deg=55), lifter, 0.225)
    assert bar_height_m(plan, lifter) == pytest.approx(0.225, abs=0.002)
    motion = move(plan, lifter, np.random.default_rng(SEED))
    rep = motion.reps[0]
    assert rep.start_s == rep.bottom_s
    tilt = np.array([frame.pelvic_tilt_deg for frame in motion.frames])
    assert at(motion, tilt, rep.start_s) == pytest.approx(55, abs=2)
    assert tilt[motion.time_s < rep.end_s].min() < 5


def test_bar_on_the_back_cannot_start_from_the_floor(lifter) -> None:
    with pytest.raises(ValueError, match="needs a bar in hanging arms, got one racked"):
        from_the_floor(SETS, replace(lifter, grip=Grip.RACKED), 0.225)
