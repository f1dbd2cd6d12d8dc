"""Which lift it is, from what hands, arms and legs do on the way down."""

from __future__ import annotations

import warnings

import numpy as np

from hingecheck.motion.bar import bar_path
from hingecheck.motion.lift_features import DEPTHS, lift_features
from hingecheck.motion.lift_model import LIFTS, LiftModel, load_lift_model
from hingecheck.motion.records import Lift, LiftGuess
from hingecheck.motion.reps import LEAST_BOTTOM_DEG, Turn
from hingecheck.pose.records import FloatArray, Track
from hingecheck.pose.segments import Segments

__all__ = ["guess_lift"]

SAME_DEPTH_DEG = 20.0
"""A bottom shallower than the set's deepest by more than this is no bottom: there the clip ended,
or the lifter was lost behind a plate. Repetitions of a set differ by a few degrees."""

FLOOR_HANDS_CM = 60.0
"""Hands on a bar that lies on full plates are 30 to 35 cm above the floor. They read 13 to 53 in 17
real deadlifts and 6 of 7 simulated ones, behind plates as they are; a set whose hands stay above
this is none from the floor. A scale for 170 cm is right within some 10 %."""

HALF_WINDOW_S = 0.08
"""What is looked at is averaged over this long before and after: five pictures at 30 a second,
plain and mirrored looks alike."""


def guess_lift(
    track: Track,
    segments: Segments,
    turns: list[Turn],
    facing: int,
    model: LiftModel | None = None,
) -> LiftGuess:
    """The lift that the clip's repetitions look like together.

    One clip shows one lift: the probabilities' mean over the descents decides, so that descents
    that disagree cost confidence. The confidence is the probability of the lift that is named,
    honest on simulated lifters (`models/lift.json`). Hands that stay high rule the deadlift out.
    Without a bottom that is seen it is
    `Lift.HINGE`, with none.

    Args:
        track: Filtered landmarks.
        segments: Its segment angles.
        turns: From `reps.turning_points`.
        facing: +1 when the lifter faces image right, -1 left.
        model: The networks; the ones hingecheck came with where none are given.
    """
    inputs = _descents(track, segments, turns, facing)
    if not len(inputs):
        return LiftGuess(Lift.HINGE, 0.0, "auto")
    model = load_lift_model() if model is None else model
    probability = model.probabilities(inputs).mean(axis=0)
    if _lowest_hands_cm(track, segments, turns, facing) > FLOOR_HANDS_CM:
        probability[LIFTS.index(Lift.DEADLIFT)] = 0.0
        probability /= probability.sum()
    best = int(probability.argmax())
    return LiftGuess(LIFTS[best], round(float(probability[best]), 2), "auto")


def _lowest_hands_cm(track: Track, segments: Segments, turns: list[Turn], facing: int) -> float:
    """Median height of the hands at the bottoms; NaN where they are not seen."""
    height_cm = bar_path(track, segments, facing).height_cm
    frames = [turn.frame for turn in turns if turn.bottom and turn.value_deg >= LEAST_BOTTOM_DEG]
    seen = height_cm[frames][np.isfinite(height_cm[frames])]
    return float(np.median(seen)) if len(seen) else float("nan")


def _descents(track: Track, segments: Segments, turns: list[Turn], facing: int) -> FloatArray:
    """(descents, inputs) what the networks are told of every way down.

    Only where the clip shows no way down, a way up is read backwards: the knees straighten
    first in it, so that a deadlift looks more like an RDL.
    """
    features = lift_features(track, facing)
    ways: dict[bool, list[tuple[float, FloatArray]]] = {True: [], False: []}
    for index, turn in enumerate(turns):
        tops = [top.frame for top in turns[max(index - 1, 0) : index + 2] if not top.bottom]
        if not turn.bottom or turn.value_deg < LEAST_BOTTOM_DEG or not tops:
            continue
        bottom = _near(track, features, turn.frame)
        if not np.isfinite(bottom).any():
            continue
        down = tops[0] < turn.frame
        way = np.arange(tops[0], turn.frame, 1 if down else -1)
        bent_deg = np.nan_to_num(segments.trunk_thigh_deg[way], nan=-np.inf)
        first_deg = segments.trunk_thigh_deg[tops[0]]
        share = (bent_deg - first_deg) / (segments.trunk_thigh_deg[turn.frame] - first_deg)
        passed = [way[np.argmax(share >= depth)] for depth in DEPTHS[:-1]]
        upright = _mean([_near(track, features, top) for top in tops])
        places = [*(_near(track, features, int(frame)) for frame in passed), bottom, upright]
        ways[down].append((turn.value_deg, np.concatenate(places)))
    chosen = ways[True] or ways[False]
    deepest_deg = max((depth_deg for depth_deg, _ in chosen), default=0.0)
    return np.array([told for deg, told in chosen if deg >= deepest_deg - SAME_DEPTH_DEG])


def _near(track: Track, features: FloatArray, frame: int) -> FloatArray:
    """(features,) around a frame."""
    return _mean(features[np.abs(track.time_s - track.time_s[frame]) <= HALF_WINDOW_S])


def _mean(rows: FloatArray | list[FloatArray]) -> FloatArray:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Mean of empty slice")
        return np.asarray(np.nanmean(rows, axis=0))
