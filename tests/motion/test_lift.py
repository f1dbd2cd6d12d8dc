"""Which lift it is, told from what MediaPipe sees of the sample clips."""

from __future__ import annotations

import itertools
import json
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stick import SAMPLES, Posture, landmarks_of, mirrored, sway, track_of

from hingecheck.clip import ClipReader, probe
from hingecheck.errors import ModelError
from hingecheck.motion.angles import smooth_track
from hingecheck.motion.lift import guess_lift
from hingecheck.motion.lift_features import lift_features
from hingecheck.motion.lift_model import CARD_NAME, LIFTS, MODEL_NAME, load_lift_model
from hingecheck.motion.records import Lift, LiftGuess
from hingecheck.motion.reps import turning_points
from hingecheck.pose.facing import facing
from hingecheck.pose.landmarker import Landmarker
from hingecheck.pose.landmarks import LANDMARKS, Landmark
from hingecheck.pose.models import PoseModel, find_bundle
from hingecheck.pose.records import Track
from hingecheck.pose.segments import measure_segments

MODELS = Path(__file__).resolve().parents[2] / "models"

LIFT_OF = {
    "rdl_neutral": Lift.RDL,
    "good_morning": Lift.GOOD_MORNING,
    "squat_butt_wink": Lift.SQUAT,
    "deadlift_rounded": Lift.DEADLIFT,
}
EVERY = 3
"""Pictures of a clip of 30 a second that are looked at: one in so many, 10 a second."""


@cache
def filmed(name: str) -> Track:
    """The lifter of a sample clip."""
    info = probe(SAMPLES / f"{name}.mp4")
    with (
        ClipReader(info.path, 640, info) as reader,
        Landmarker(find_bundle(PoseModel.FULL), people=1, video=False) as landmarker,
    ):
        frames = itertools.islice(reader, 0, None, EVERY)
        found = [
            (frame.time_s, landmarker.detect(frame.rgb, frame.time_s, reader.scale))
            for frame in frames
        ]
    track = Track(
        time_s=np.array([time_s for time_s, _ in found]),
        landmarks_px=np.full((len(found), LANDMARKS, 2), np.nan),
        world_m=np.full((len(found), LANDMARKS, 3), np.nan),
        visibility=np.full((len(found), LANDMARKS), np.nan),
        width_px=info.width_px,
        height_px=info.height_px,
    )
    for index, (_, poses) in enumerate(found):
        if poses:
            track.landmarks_px[index] = poses[0].landmarks_px
            track.world_m[index] = poses[0].world_m
    return smooth_track(track)


def guess(track: Track) -> LiftGuess:
    front = facing(track)
    segments = measure_segments(track, front)
    turns = turning_points(track.time_s, segments.trunk_thigh_deg)
    return guess_lift(track, segments, turns, front)


def joined(one: Track, other: Track) -> Track:
    """One clip after the other; both lifters face the same way."""
    later = one.time_s[-1] + 0.1 + other.time_s
    return Track(
        np.concatenate([one.time_s, later]),
        np.concatenate([one.landmarks_px, other.landmarks_px]),
        np.concatenate([one.world_m, other.world_m]),
        np.concatenate([one.visibility, other.visibility]),
        one.width_px,
        one.height_px,
    )


@pytest.mark.parametrize("name", LIFT_OF)
def test_lifts_of_the_sample_clips_are_recognised(name: str) -> None:
    found = guess(filmed(name))
    assert found.name is LIFT_OF[name]
    assert found.confidence > 0.7


@pytest.mark.parametrize("name", LIFT_OF)
def test_mirrored_clip_is_the_same_lift_with_the_same_confidence(name: str) -> None:
    assert guess(mirrored(filmed(name))) == guess(filmed(name))


@settings(max_examples=20, deadline=None)
@given(scale=st.floats(0.3, 3), right_px=st.floats(-300, 300), down_px=st.floats(-300, 300))
def test_size_and_place_in_the_picture_do_not_matter(
    scale: float, right_px: float, down_px: float
) -> None:
    track = filmed("rdl_neutral")
    moved = replace(track, landmarks_px=scale * track.landmarks_px + [right_px, down_px])
    assert guess(moved).name is Lift.RDL
    assert guess(moved).confidence == pytest.approx(guess(track).confidence, abs=0.011)


def test_camera_held_askew_changes_nothing_that_is_measured() -> None:
    track = filmed("deadlift_rounded")
    turned_px = replace(track, roll_deg=-8.0).plumb(track.landmarks_px)
    askew = replace(track, landmarks_px=turned_px, roll_deg=8.0)
    front = facing(track)
    np.testing.assert_allclose(
        lift_features(askew, front), lift_features(track, front), rtol=1e-6, atol=1e-6
    )


def test_missing_wrists_cost_confidence_and_not_the_check() -> None:
    track = filmed("rdl_neutral")
    landmarks = track.landmarks_px.copy()
    world = track.world_m.copy()
    hands = slice(Landmark.LEFT_WRIST, Landmark.RIGHT_THUMB + 1)
    landmarks[:, hands] = np.nan
    world[:, hands] = np.nan
    found = guess(replace(track, landmarks_px=landmarks, world_m=world))
    assert found.confidence < guess(track).confidence


def test_descents_that_disagree_cost_confidence() -> None:
    squat, rdl = filmed("squat_butt_wink"), filmed("rdl_neutral")
    if facing(squat) != facing(rdl):
        rdl = mirrored(rdl)
    both = guess(joined(squat, rdl))
    assert both.confidence < min(guess(squat).confidence, guess(rdl).confidence)


def test_clip_that_opens_at_the_bottom_is_told_from_its_way_up() -> None:
    track = filmed("squat_butt_wink")
    front = facing(track)
    segments = measure_segments(track, front)
    turns = turning_points(track.time_s, segments.trunk_thigh_deg)
    first = next(index for index, turn in enumerate(turns) if turn.bottom)
    found = guess_lift(track, segments, turns[first : first + 2], front)
    assert found.name is Lift.SQUAT
    assert found.confidence > 0


def test_clip_without_a_bottom_is_some_hinge_without_confidence() -> None:
    standing = track_of(landmarks_of(Posture(np.full(60, 2.0))))
    assert guess(standing) == LiftGuess(Lift.HINGE, 0.0, "auto")


def test_bow_of_35_degrees_decides_nothing() -> None:
    _, lean_deg = sway([(0, 0), (1, 0), (2, 35), (3, 0)])
    assert guess(track_of(landmarks_of(Posture(lean_deg)))) == LiftGuess(Lift.HINGE, 0.0, "auto")


def test_card_says_how_the_model_was_made_and_how_good_it_is() -> None:
    card = json.loads((MODELS / CARD_NAME).read_text())
    assert card["lifts"] == [lift.value for lift in LIFTS]
    assert card["training"]["lifters"] >= 1000
    assert card["training"]["lifter_seeds"][1] < 1_000_000
    assert card["training"]["command"].startswith("python -m hingecheck.simulate.train_lift")
    scores = card["cross_validation"]
    assert scores["right"] > 0.9
    assert scores["mean_confidence"] == pytest.approx(scores["right"], abs=0.02)


def test_damaged_model_is_refused(tmp_path: Path) -> None:
    for name in (MODEL_NAME, CARD_NAME):
        shutil.copy(MODELS / name, tmp_path)
    with (tmp_path / MODEL_NAME).open("ab") as file:
        file.write(b"more")
    with pytest.raises(ModelError, match="the lift model is corrupted: expected sha256"):
        load_lift_model(tmp_path)


def test_missing_model_says_where_it_was_expected(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="expected the lift model") as told:
        load_lift_model(tmp_path)
    assert str(tmp_path) in str(told.value)
