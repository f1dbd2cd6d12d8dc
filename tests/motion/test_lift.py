"""Which lift it is, guessed from stick figures that stand, bend and hold something."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stick import Posture, landmarks_of, mirrored, sway, track_of

from hingecheck.motion.lift import guess_lift
from hingecheck.motion.records import Lift, LiftGuess
from hingecheck.motion.reps import turning_points
from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.records import Track
from hingecheck.pose.segments import measure_segments

WRISTS = [Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST]

RDL = Posture(trunk_deg=80.0, thigh_deg=22.0, shank_deg=3.0)
DEADLIFT = Posture(trunk_deg=70.0, thigh_deg=58.0, shank_deg=14.0)
STIFF_LEG = Posture(trunk_deg=95.0, thigh_deg=20.0, shank_deg=5.0)
GOOD_MORNING = Posture(trunk_deg=78.0, thigh_deg=25.0, shank_deg=5.0)
SQUAT = Posture(trunk_deg=40.0, thigh_deg=95.0, shank_deg=30.0)
HALF_SQUAT = Posture(trunk_deg=35.0, thigh_deg=64.0, shank_deg=24.0)

HANDS_AT_SHINS, HANDS_RACKED, HANDS_FREE = "shins", "racked", "free"


def filmed(bottoms: list[tuple[Posture, str]], facing: int = 1, height_px: float = 500.0) -> Track:
    """One rep to each bottom; 3.5 s each, hands where the lift has them throughout."""
    parts = []
    for bottom, hands in bottoms:
        _, share = sway([(0, 0), (1, 0), (2.2, 1), (3.3, 0), (3.5, 0)])
        posture = Posture(*(share * part for part in bottom[:3]))
        xy = landmarks_of(posture, facing=facing, height_px=height_px)
        if hands == HANDS_RACKED:
            xy[:, WRISTS] = xy[:, [Landmark.LEFT_SHOULDER]] + [facing * -10.0, 5.0]
        elif hands == HANDS_AT_SHINS:
            # The bar: straight down from the shoulders when standing, at mid shin at the bottom.
            floor_px = xy[:, Landmark.LEFT_ANKLE, 1] - 0.09 * height_px
            drop = np.minimum(xy[:, Landmark.LEFT_WRIST, 1], floor_px)
            low = drop + (floor_px - drop) * (share > 0.97)
            xy[:, WRISTS, 1] = low[:, None]
        parts.append(xy)
    return track_of(np.concatenate(parts))


def guess(track: Track, facing: int = 1) -> LiftGuess:
    segments = measure_segments(track, facing)
    return guess_lift(track, segments, turning_points(track.time_s, segments.trunk_thigh_deg))


@pytest.mark.parametrize(
    ("bottom", "hands", "lift"),
    [
        (RDL, HANDS_FREE, Lift.RDL),
        (STIFF_LEG, HANDS_AT_SHINS, Lift.RDL),
        (DEADLIFT, HANDS_AT_SHINS, Lift.DEADLIFT),
        (GOOD_MORNING, HANDS_RACKED, Lift.GOOD_MORNING),
        (SQUAT, HANDS_RACKED, Lift.SQUAT),
        (HALF_SQUAT, HANDS_RACKED, Lift.SQUAT),
    ],
)
@pytest.mark.parametrize("facing", [1, -1])
def test_lift_is_told_from_its_bottom(bottom: Posture, hands: str, lift: Lift, facing: int) -> None:
    found = guess(filmed([(bottom, hands)] * 3, facing), facing)
    assert found == LiftGuess(lift, 0.9, "auto")


@given(height_px=st.floats(120, 900))
def test_size_in_the_picture_does_not_matter(height_px: float) -> None:
    assert guess(filmed([(SQUAT, HANDS_RACKED)], height_px=height_px)).name is Lift.SQUAT
    assert guess(filmed([(DEADLIFT, HANDS_AT_SHINS)], height_px=height_px)).name is Lift.DEADLIFT


def test_mirrored_clip_is_the_same_lift() -> None:
    track = filmed([(DEADLIFT, HANDS_AT_SHINS)] * 2)
    assert guess(mirrored(track), -1) == guess(track)


def test_one_rep_gives_less_confidence_than_several() -> None:
    assert guess(filmed([(RDL, HANDS_FREE)])).confidence == 0.75
    assert guess(filmed([(RDL, HANDS_FREE)] * 2)).confidence == 0.9


def test_bottom_that_disagrees_costs_confidence_and_not_the_answer() -> None:
    found = guess(filmed([(RDL, HANDS_FREE)] * 3 + [(SQUAT, HANDS_RACKED)]))
    assert found.name is Lift.RDL
    assert found.confidence == pytest.approx(0.9 * 0.75, abs=0.01)


def test_clip_without_a_bottom_is_some_hinge_without_confidence() -> None:
    standing = track_of(landmarks_of(Posture(np.full(60, 2.0))))
    assert guess(standing) == LiftGuess(Lift.HINGE, 0.0, "auto")


def test_bow_of_35_degrees_decides_nothing() -> None:
    bow = Posture(trunk_deg=35.0)
    found = guess(filmed([(bow, HANDS_FREE), (SQUAT, HANDS_RACKED)]))
    assert found == LiftGuess(Lift.SQUAT, 0.75, "auto")
