"""What the spine model sees does not depend on where, how large or which way round a lifter is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stick import Posture, back_of, landmarks_of, mirrored, profile_of, track_of

from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.records import FloatArray, Track
from hingecheck.spine.estimator import BackView
from hingecheck.spine.features import spine_features

LEAN = np.array([0.0, 30.0, 70.0])


def hinge(facing: int = 1, height_px: float = 500.0, yaw_deg: float = 8.0) -> Track:
    xy = landmarks_of(Posture(LEAN, 0.3 * LEAN), facing=facing, height_px=height_px)
    return track_of(xy, yaw_deg=yaw_deg)


def features_of(back: BackView) -> FloatArray:
    return spine_features(back.track, back.segments, back.profile, back.belly, back.facing)


@given(x_px=st.floats(-300, 300), y_px=st.floats(-300, 300), size=st.floats(0.3, 4.0))
def test_place_and_size_in_the_picture_do_not_matter(x_px: float, y_px: float, size: float) -> None:
    track = hinge()
    moved = replace(track, landmarks_px=track.landmarks_px * size + [x_px, y_px])
    np.testing.assert_allclose(features_of(back_of(moved)), features_of(back_of(track)), atol=1e-9)


def test_mirrored_lifter_gives_the_same_features() -> None:
    track = hinge()
    found = features_of(back_of(mirrored(track), facing=-1))
    np.testing.assert_allclose(found, features_of(back_of(track)), atol=1e-9)


def test_back_that_opens_changes_the_features_and_limbs_that_stay_do_not() -> None:
    flat, round_ = (features_of(back_of(hinge(), profile_of(3, turn))) for turn in (-40.0, -10.0))
    limbs = slice(0, 20)
    np.testing.assert_array_equal(flat[:, limbs], round_[:, limbs])
    assert np.abs(flat - round_).max() > 0.2


def test_hidden_samples_are_drawn_straight_between_their_neighbours() -> None:
    whole = profile_of(3)
    line = np.broadcast_to(0.2 + 0.1 * whole.station, whole.depth.shape)
    holed = whole.valid.copy()
    holed[:, 20:26] = False
    straight = replace(whole, depth=line)
    torn = replace(whole, depth=np.where(holed, line, 9.0), valid=holed)
    seen, hidden = (features_of(back_of(hinge(), profile)) for profile in (straight, torn))
    changed = np.flatnonzero(np.abs(seen - hidden).max(axis=0) > 1e-9)
    assert len(changed) > 0
    # Only how much of the windows was seen.
    assert np.all(hidden[:, changed] < seen[:, changed])


@pytest.mark.parametrize("missing", ["lifter", "back"])
def test_frame_without_lifter_or_back_has_no_features(missing: str) -> None:
    track, profile = hinge(), profile_of(3)
    if missing == "lifter":
        xy = track.landmarks_px.copy()
        xy[1] = np.nan
        track = replace(track, landmarks_px=xy)
        assert np.isnan(track.middle_px(Landmark.LEFT_HIP)[1]).all()
    else:
        valid = profile.valid.copy()
        valid[1] = False
        profile = replace(profile, valid=valid)
    found = features_of(back_of(track, profile))
    assert np.isnan(found[1]).all()
    assert np.isfinite(found[[0, 2]]).all()
