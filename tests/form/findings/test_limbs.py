"""Findings about limbs, hands and head: the flaw is found, the clean set is left alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from form.findings.simulated import asked, refusing, shaken, simulated, verdicts
from stick import Posture, landmarks_of, track_of

from hingecheck.form.lifts import LIFTS
from hingecheck.form.limbs import refused_parts
from hingecheck.form.records import Code, Part, Reason, Unit, Verdict
from hingecheck.motion.records import Lift as ContractLift
from hingecheck.motion.records import Rep
from hingecheck.pose.landmarks import Landmark
from hingecheck.simulate.flaws import Flaws
from hingecheck.simulate.plan import Lift

FLAWED = {
    Code.SQUATTED_HINGE: (Lift.RDL, Flaws(knee_flexion_deg=65, trunk_inclination_deg=50)),
    Code.HINGED_SQUAT: (Lift.SQUAT, Flaws(knee_flexion_deg=50, trunk_inclination_deg=80)),
    Code.HIPS_FIRST: (Lift.DEADLIFT, Flaws(hips_first_deg=20)),
    Code.NECK_EXTENSION: (Lift.HINGE, Flaws(neck_extension_deg=50)),
    Code.BAR_DRIFT: (Lift.RDL, Flaws(bar_drift_m=0.2)),
    Code.LOCKOUT_SHORT: (Lift.HINGE, Flaws(lockout_short_deg=30)),
    Code.FAST_DESCENT: (Lift.RDL, Flaws(fast_descent_s=0.35)),
}
NEEDS = {
    Code.SQUATTED_HINGE: Part.LEGS,
    Code.HINGED_SQUAT: Part.LEGS,
    Code.HIPS_FIRST: Part.HANDS,
    Code.NECK_EXTENSION: Part.HEAD,
    Code.BAR_DRIFT: Part.HANDS,
    Code.LOCKOUT_SHORT: Part.TRUNK,
    Code.FAST_DESCENT: Part.TRUNK,
}

LEAN_ON_ANGLES = (Code.SQUATTED_HINGE, Code.NECK_EXTENSION, Code.BAR_DRIFT)


@pytest.mark.parametrize("code", FLAWED)
def test_flaw_is_found_in_every_rep_and_in_none_of_the_clean_set(code: Code) -> None:
    lift, flaws = FLAWED[code]
    assert verdicts(code, simulated(lift, 0, flaws)) == {Verdict.YES}
    clean = verdicts(code, simulated(lift, 0))
    assert Verdict.NO in clean
    assert clean <= {Verdict.NO, Verdict.UNSURE}


@pytest.mark.parametrize("code", LEAN_ON_ANGLES)
def test_badly_known_angles_make_it_unsure(code: Code) -> None:
    lift, flaws = FLAWED[code]
    assert verdicts(code, shaken(simulated(lift, 0, flaws), 25.0)) == {Verdict.UNSURE}


@pytest.mark.parametrize("code", FLAWED)
def test_hidden_part_of_the_body_refuses_it_with_its_reason(code: Code) -> None:
    lift, flaws = FLAWED[code]
    for answer in asked(code, refusing(simulated(lift, 0, flaws), NEEDS[code])):
        assert answer.verdict is Verdict.NOT_GRADEABLE
        assert answer.reason is Reason.LIMB_HIDDEN
        assert np.isnan(answer.value)


@pytest.mark.parametrize(
    ("code", "size", "within"),
    [
        (Code.SQUATTED_HINGE, 65.0, 2.0),
        (Code.NECK_EXTENSION, 50.0, 6.0),
    ],
)
def test_its_size_is_that_of_the_flaw(code: Code, size: float, within: float) -> None:
    for answer in asked(code, simulated(FLAWED[code][0], 0, FLAWED[code][1])):
        assert answer.value == pytest.approx(size, abs=within)
        assert answer.ci95[0] < answer.value < answer.ci95[1]


def test_drifting_bar_is_told_in_centimetres_ahead_of_mid_foot() -> None:
    drifted = asked(Code.BAR_DRIFT, simulated(Lift.RDL, 0, Flaws(bar_drift_m=0.2)))
    for answer, clean in zip(drifted, asked(Code.BAR_DRIFT, simulated(Lift.RDL, 0)), strict=True):
        assert answer.unit is Unit.CM
        assert clean.value + 8 < answer.value < clean.value + 22


def test_stiff_legged_pull_from_the_floor_is_a_hinged_one() -> None:
    stiff = simulated(Lift.DEADLIFT, 0, Flaws(knee_flexion_deg=15))
    assert verdicts(Code.HINGED_SQUAT, stiff) == {Verdict.YES}
    assert verdicts(Code.HINGED_SQUAT, simulated(Lift.DEADLIFT, 0)) == {Verdict.NO}


def test_hips_that_rise_first_are_measured_in_degrees_of_trunk_lean() -> None:
    for answer in asked(Code.HIPS_FIRST, simulated(Lift.DEADLIFT, 0, Flaws(hips_first_deg=20))):
        assert answer.value == pytest.approx(20.0, abs=5.0)
        assert answer.unit is Unit.DEG


def test_rep_that_does_not_start_at_the_floor_has_no_set_up_to_judge() -> None:
    filmed = simulated(Lift.RDL, 0)
    for answer in asked(Code.HIPS_FIRST, filmed):
        assert answer.reason is Reason.NO_SET_UP


def test_shallower_rep_is_the_one_that_is_told() -> None:
    filmed = simulated(Lift.GOOD_MORNING, 0, Flaws(depth_varies_deg=22, shallow_rep=1))
    told = [answer.verdict for answer in asked(Code.DEPTH_VARIES, filmed)]
    assert told == [Verdict.NO, Verdict.YES, Verdict.NO]
    assert Verdict.YES not in verdicts(Code.DEPTH_VARIES, simulated(Lift.GOOD_MORNING, 0))


def test_of_two_reps_none_is_the_odd_one() -> None:
    filmed = simulated(Lift.GOOD_MORNING, 0, Flaws(depth_varies_deg=22, shallow_rep=1))
    two = replace(filmed, reps=filmed.reps[:2])
    assert {answer.reason for answer in asked(Code.DEPTH_VARIES, two)} == {Reason.TOO_FEW_REPS}


def test_same_knees_are_a_finding_in_one_lift_and_usual_in_another() -> None:
    filmed = simulated(Lift.RDL, 0, Flaws(knee_flexion_deg=58, trunk_inclination_deg=55))
    assert verdicts(Code.SQUATTED_HINGE, filmed) == {Verdict.YES}
    swung = replace(filmed, config=LIFTS[ContractLift.SWING])
    assert verdicts(Code.SQUATTED_HINGE, swung) == {Verdict.NO}


def test_straying_ankles_hide_legs_and_hands_and_nothing_else() -> None:
    frames = np.linspace(0, 80, 60)
    xy = landmarks_of(Posture(frames, 0.2 * frames))
    rep = Rep(1, 0, 0, 59, 59, from_floor=False)
    assert refused_parts(track_of(xy), rep, 0.0, ()) == {}
    astray = xy.copy()
    lower = [Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE]
    astray[30:, lower] -= 0.25 * np.ptp(xy[0, :, 1])
    hidden = refused_parts(track_of(astray), rep, 0.0, ())
    assert hidden == {
        (1, Part.LEGS): Reason.LIMB_HIDDEN,
        (1, Part.HANDS): Reason.LIMB_HIDDEN,
    }
