"""Flaws of form: performed in their planned size, where they belong, and nowhere else."""

from __future__ import annotations

from dataclasses import astuple, replace

import numpy as np
import pytest

from hingecheck.simulate.anatomy import Posture, pose
from hingecheck.simulate.evaluate.flawed import DEVELOPMENT_SEED, FlawedClip
from hingecheck.simulate.flaws import FATIGUED_REPS, Fatigue, Flaws, random_flaws
from hingecheck.simulate.lifter import Equipment, Grip, Lifter
from hingecheck.simulate.motion import Fault, Lift, Motion, Plan, from_the_floor, move, random_plan
from hingecheck.simulate.performance import with_flaws
from hingecheck.simulate.truth import places_of

PLATE_M = 0.225
SEED = 3
EVEN = {"rep_spread": 0.0}
RDL = Plan(lift=Lift.RDL, reps=3, descent_s=1.5, **EVEN)
SQUAT = Plan(lift=Lift.SQUAT, pelvic_tilt_deg=26, knee_flexion_deg=108, **EVEN)
PULL = Plan(lift=Lift.DEADLIFT, reps=2, pelvic_tilt_deg=50, lumbar_flexion_deg=18, **EVEN)

FINGERPRINTS = {
    (Lift.RDL, Fault.NONE): (286, 6.795713928),
    (Lift.RDL, Fault.BUTT_WINK): (286, -5.658316815),
    (Lift.STIFF_LEG, Fault.NONE): (393, -3.298720168),
    (Lift.STIFF_LEG, Fault.BUTT_WINK): (393, -3.655172),
    (Lift.DEADLIFT, Fault.NONE): (384, -38.755237575),
    (Lift.DEADLIFT, Fault.BUTT_WINK): (384, -10.391055871),
    (Lift.GOOD_MORNING, Fault.NONE): (334, -9.193296315),
    (Lift.GOOD_MORNING, Fault.BUTT_WINK): (334, -90.099969778),
    (Lift.SQUAT, Fault.NONE): (293, 29.889683668),
    (Lift.SQUAT, Fault.BUTT_WINK): (293, 55.891848517),
    (Lift.SWING, Fault.NONE): (240, -116.650717345),
    (Lift.SWING, Fault.BUTT_WINK): (240, -158.382472726),
    (Lift.HINGE, Fault.NONE): (315, -6.516013113),
    (Lift.HINGE, Fault.BUTT_WINK): (315, 27.48926037),
    (Lift.TOE_TOUCH, Fault.NONE): (337, -5.221720328),
    (Lift.TOE_TOUCH, Fault.BUTT_WINK): (337, -47.399637676),
}
"""Frames, and a sum of all driving angles with a sign and weight each, of sets as they were
before flaws could be simulated."""


@pytest.fixture(scope="module")
def racked(lifter: Lifter) -> Lifter:
    return replace(lifter, grip=Grip.RACKED, stance_half_width_m=0.2, toe_out_deg=20)


def fingerprint(motion: Motion) -> float:
    angles = np.array([astuple(frame) for frame in motion.frames])
    return float((angles * np.cos(np.arange(angles.size)).reshape(angles.shape)).sum())


def played(lifter: Lifter, plan: Plan, flaws: Flaws) -> Motion:
    flawed = with_flaws(plan, lifter, flaws, PLATE_M)
    return move(flawed, lifter, np.random.default_rng(SEED))


def posture_at(lifter: Lifter, motion: Motion, time_s: float) -> Posture:
    return pose(lifter, motion.frames[round(time_s * motion.plan.fps)])


def fold_deg(posture: Posture) -> float:
    return posture.trunk_inclination_deg + posture.thigh_inclination_deg


def bottoms(lifter: Lifter, motion: Motion) -> list[Posture]:
    return [posture_at(lifter, motion, rep.bottom_s) for rep in motion.reps]


@pytest.mark.parametrize(("lift", "fault"), list(FINGERPRINTS))
def test_plan_without_flaws_plays_as_it_always_did(lifter, lift, fault) -> None:
    rng = np.random.default_rng([7, list(Lift).index(lift)])
    motion = move(random_plan(rng, lift, fault), lifter, rng)
    frames, value = FINGERPRINTS[lift, fault]
    assert len(motion.frames) == frames
    assert fingerprint(motion) == pytest.approx(value, abs=1e-6)


def test_pull_from_the_floor_without_flaws_plays_as_it_always_did(lifter) -> None:
    plan = from_the_floor(Plan(lift=Lift.DEADLIFT, pelvic_tilt_deg=55), lifter, PLATE_M)
    motion = move(plan, lifter, np.random.default_rng(SEED))
    assert len(motion.frames) == 389
    # The knees that put the plates on the floor are searched for to 0.05 degrees.
    assert fingerprint(motion) == pytest.approx(79.6702415, abs=1e-3)


def test_squatted_hinge_bends_the_knees_and_leans_less_as_asked(lifter) -> None:
    motion = played(lifter, RDL, Flaws(knee_flexion_deg=60, trunk_inclination_deg=45))
    for posture in bottoms(lifter, motion):
        assert posture.angles.knee_flexion_deg == pytest.approx(60, abs=1.5)
        assert posture.trunk_inclination_deg == pytest.approx(45, abs=4)


def test_squatted_hinge_stays_so_upright_that_the_plates_clear_the_floor(lifter) -> None:
    motion = played(lifter, RDL, Flaws(knee_flexion_deg=85, trunk_inclination_deg=75))
    posture = bottoms(lifter, motion)[0]
    assert posture.bar_m[2] > PLATE_M
    assert posture.angles.knee_flexion_deg == pytest.approx(85, abs=1.5)
    noted_deg = motion.plan.flaws.trunk_inclination_deg
    assert noted_deg < 70
    assert noted_deg == pytest.approx(posture.trunk_inclination_deg, abs=1.5)


def test_hinged_squat_folds_over_knees_that_hardly_bend(racked) -> None:
    motion = played(racked, SQUAT, Flaws(knee_flexion_deg=60, trunk_inclination_deg=70))
    for posture in bottoms(racked, motion):
        assert posture.angles.knee_flexion_deg == pytest.approx(60, abs=1.5)
        assert posture.trunk_inclination_deg == pytest.approx(70, abs=4)


def test_stiff_set_up_stands_on_its_plates(lifter) -> None:
    motion = played(lifter, PULL, Flaws(knee_flexion_deg=22))
    posture = bottoms(lifter, motion)[0]
    assert posture.bar_m[2] == pytest.approx(PLATE_M, abs=0.015)
    assert motion.plan.flaws.knee_flexion_deg == pytest.approx(
        posture.angles.knee_flexion_deg, abs=1.5
    )
    assert posture.angles.knee_flexion_deg < 45


def lean_before_the_bar_rises_deg(lifter: Lifter, motion: Motion) -> float:
    rep, fps = motion.reps[0], motion.plan.fps
    pull = [pose(lifter, a) for a in motion.frames[round(rep.start_s * fps) :][: round(2 * fps)]]
    risen = np.array([p.bar_m[2] for p in pull]) - pull[0].bar_m[2]
    trunk = np.array([p.trunk_inclination_deg for p in pull])
    return float(trunk[: int(np.argmax(risen > 0.08))].max() - trunk[0])


def test_hips_that_rise_first_lean_the_trunk_while_the_plates_stay(lifter) -> None:
    motion = played(lifter, PULL, Flaws(hips_first_deg=18))
    assert motion.plan.flaws.hips_first_deg == pytest.approx(18, abs=0.1)
    assert lean_before_the_bar_rises_deg(lifter, motion) == pytest.approx(18, abs=3.5)
    assert lean_before_the_bar_rises_deg(lifter, played(lifter, PULL, Flaws())) < 3
    rep, pull_s = motion.reps[0], 1.3 * motion.plan.ascent_s
    start, up = (posture_at(lifter, motion, rep.start_s + s) for s in (0, 0.27 * pull_s))
    assert up.bar_m[2] == pytest.approx(start.bar_m[2], abs=0.012)
    assert up.angles.knee_flexion_deg < start.angles.knee_flexion_deg - 15


def test_hips_first_ends_in_the_same_lockout(lifter) -> None:
    first, clean = (played(lifter, PULL, f) for f in (Flaws(hips_first_deg=18), Flaws()))
    for motion in (first, clean):
        top = min(fold_deg(pose(lifter, frame)) for frame in motion.frames[::5])
        assert top == pytest.approx(2, abs=4)


def test_craned_neck_is_up_at_the_bottom_and_level_at_the_top(lifter) -> None:
    motion = played(lifter, RDL, Flaws(neck_extension_deg=48))
    assert motion.frames[0].neck_extension_deg == 0
    for posture in bottoms(lifter, motion):
        assert posture.angles.neck_extension_deg == pytest.approx(48, abs=1)


@pytest.mark.parametrize("grip", [Grip.HANGING, Grip.BESIDE])
def test_bar_drifts_as_far_as_noted_at_the_bottom_and_hangs_at_the_top(lifter, grip) -> None:
    light = replace(lifter, equipment=Equipment.DUMBBELLS, grip=grip, bar_mass_ratio=0.2)
    drifting, clean = (played(light, RDL, f) for f in (Flaws(bar_drift_m=0.16), Flaws()))
    ahead = [
        places_of(light, posture_at(light, m, m.reps[0].bottom_s))["bar_forward_m"]
        for m in (drifting, clean)
    ]
    assert ahead[0] - ahead[1] == pytest.approx(0.16, abs=0.03)
    assert drifting.plan.flaws.bar_drift_m == pytest.approx(0.16, abs=0.005)
    start_m = [
        places_of(light, pose(light, m.frames[0]))["bar_forward_m"] for m in (drifting, clean)
    ]
    assert start_m[0] == pytest.approx(start_m[1], abs=0.005)


@pytest.mark.parametrize(("bar_mass_ratio", "least_m", "most_m"), [(0.6, 0.08, 0.2), (3, 0, 0)])
def test_heavy_bar_drifts_only_as_far_as_balance_allows(
    lifter, bar_mass_ratio, least_m, most_m
) -> None:
    heavy = replace(lifter, bar_mass_ratio=bar_mass_ratio)
    plan = with_flaws(RDL, heavy, Flaws(bar_drift_m=0.25), PLATE_M)
    assert least_m <= plan.flaws.bar_drift_m <= most_m
    assert (plan.arm_bottom_deg > 0) == (least_m > 0)


def test_short_lockouts_keep_their_fold_and_earlier_ones_do_not(lifter) -> None:
    motion = played(lifter, RDL, Flaws(lockout_short_deg=25, short_from=1))
    standing = fold_deg(pose(lifter, motion.frames[0]))
    tops = [fold_deg(posture_at(lifter, motion, rep.end_s)) - standing for rep in motion.reps]
    assert tops[0] == pytest.approx(0, abs=2)
    assert tops[1:] == pytest.approx([25, 25], abs=2)


def test_one_rep_is_shallower_by_its_size(lifter) -> None:
    motion = played(lifter, RDL, Flaws(depth_varies_deg=22, shallow_rep=1))
    depths = [fold_deg(posture) for posture in bottoms(lifter, motion)]
    assert depths[0] == pytest.approx(depths[2], abs=1.5)
    assert depths[0] - depths[1] == pytest.approx(22, abs=1.5)


def test_shallow_rep_does_not_reach_its_butt_wink_and_the_truth_says_so(lifter) -> None:
    wink = replace(RDL, fault=Fault.BUTT_WINK, tuck_deg=20, tuck_depth=0.8)
    motion = played(lifter, wink, Flaws(depth_varies_deg=30, shallow_rep=2))
    assert [rep.tuck_deg for rep in motion.reps] == [20, 20, 0]
    assert np.isnan([rep.onset_s for rep in motion.reps]).tolist() == [False, False, True]


def test_flaws_that_would_leave_no_repetition_are_left_out(lifter) -> None:
    shallow = replace(RDL, pelvic_tilt_deg=38)
    assert with_flaws(shallow, lifter, Flaws(lockout_short_deg=35), PLATE_M).flaws == Flaws()


def test_dropped_descent_takes_its_time_and_the_ascent_its_own(lifter) -> None:
    for rep in played(lifter, RDL, Flaws(fast_descent_s=0.5)).reps:
        assert rep.bottom_s - rep.start_s == pytest.approx(0.5, abs=0.04)
        assert rep.end_s - rep.bottom_s > 1


@pytest.mark.parametrize(
    ("fatigue", "worn"),
    [
        (Fatigue(lumbar_deg=4), lambda p: p.angles.lumbar_flexion_deg),
        (Fatigue(tuck_deg=4), lambda p: p.angles.lumbar_flexion_deg),
        (Fatigue(depth_deg=4), lambda p: -fold_deg(p)),
    ],
)
def test_fatigue_adds_its_step_with_every_rep(lifter, fatigue, worn) -> None:
    motion = played(lifter, replace(RDL, reps=FATIGUED_REPS), Flaws(fatigue=fatigue))
    values = [worn(posture) for posture in bottoms(lifter, motion)]
    np.testing.assert_allclose(np.diff(values), 4, atol=1.6)
    assert values[-1] - values[0] == pytest.approx(16, abs=2)
    assert [rep.tuck_deg for rep in motion.reps] == [i * fatigue.tuck_deg for i in range(5)]
    assert [rep.tired_deg for rep in motion.reps] == [i * fatigue.lumbar_deg for i in range(5)]


def test_tired_deadlift_stays_on_its_plates(lifter) -> None:
    plan = replace(PULL, reps=FATIGUED_REPS, pelvis_share=0.9)
    motion = played(lifter, plan, Flaws(fatigue=Fatigue(lumbar_deg=4)))
    heights = np.array([posture.bar_m[2] for posture in bottoms(lifter, motion)])
    np.testing.assert_allclose(heights, PLATE_M, atol=0.015)
    assert abs(np.polyfit(range(FATIGUED_REPS), heights, 1)[0]) < 0.002
    flexion = [posture.angles.lumbar_flexion_deg for posture in bottoms(lifter, motion)]
    np.testing.assert_allclose(np.diff(flexion), 4, atol=1.6)


@pytest.mark.parametrize("lift", list(Lift))
def test_drawn_flaws_come_by_their_share_and_suit_the_lift(lift) -> None:
    drawn = [random_flaws(np.random.default_rng(seed), lift) for seed in range(300)]
    assert np.mean([f.neck_extension_deg > 0 for f in drawn]) == pytest.approx(0.35, abs=0.09)
    assert any(f.hips_first_deg > 0 for f in drawn) == (lift is Lift.DEADLIFT)
    assert any(f.depth_varies_deg > 0 for f in drawn) == (lift is not Lift.DEADLIFT)
    assert any(f.fast_descent_s > 0 for f in drawn) == (lift is not Lift.SWING)
    assert any(f.knee_flexion_deg > 0 for f in drawn) == (lift is not Lift.TOE_TOUCH)
    hangs = lift in (Lift.RDL, Lift.STIFF_LEG, Lift.DEADLIFT)
    assert any(f.bar_drift_m > 0 for f in drawn) == hangs
    assert not any(f.hips_first_deg > 0 and f.knee_flexion_deg > 0 for f in drawn)
    assert random_flaws(np.random.default_rng(0), lift, share=0.0) == Flaws()


def test_clips_take_lifts_by_turns_and_every_back() -> None:
    clips = [FlawedClip.number(index, DEVELOPMENT_SEED) for index in range(96)]
    assert [clip.lift for clip in clips[:8]] == list(Lift)
    assert sum(clip.fault is Fault.NONE for clip in clips) == 48
    assert len({(clip.lift, clip.fault) for clip in clips}) == len(Lift) * len(Fault)
    assert [clip.seed for clip in clips] == list(range(1_100_000, 1_100_096))
