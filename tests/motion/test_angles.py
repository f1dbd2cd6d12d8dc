"""Every angle of the contract from a lifter whose angles are known, each with its deviation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from stick import Posture, clock, landmarks_of, mirrored, sway, track_of, true_set

from hingecheck.motion.angles import compute_angles, smooth_track
from hingecheck.motion.records import Angles
from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.records import FloatArray, Track
from hingecheck.pose.segments import measure_segments
from hingecheck.spine.records import BaselineSource, Estimate, SpineSeries

TIME_S, TRUTH = true_set("rdl_butt_wink")
SPINE_NAMES = ("pelvic_tilt", "lumbar_flexion", "thoracic_flexion")


def known_spine(track: Track, columns: dict[str, FloatArray], sd_deg: float = 3.0) -> SpineSeries:
    sd = np.full(len(track.time_s), sd_deg)
    pelvis, lumbar, thoracic = (Estimate(columns[name], sd) for name in SPINE_NAMES)
    return SpineSeries(pelvis, lumbar, thoracic, 1.0, BaselineSource.STANDING, (0.0, 1.0))


def true_track(facing: int = 1, yaw_deg: float = 0.0) -> Track:
    posture = Posture(*(TRUTH[f"{part}_inclination"] for part in ("trunk", "thigh", "shank")))
    return track_of(landmarks_of(posture, facing=facing), TIME_S, yaw_deg=yaw_deg)


def angles(track: Track, facing: int = 1) -> Angles:
    track = smooth_track(track)
    return compute_angles(track, measure_segments(track, facing), known_spine(track, TRUTH))


@pytest.mark.parametrize("facing", [1, -1])
def test_angles_are_the_true_ones_for_both_facings(facing: int) -> None:
    found = dict(angles(true_track(facing), facing).items())
    for name in sorted(set(TRUTH) - {"neck_extension"}):
        assert np.abs(found[name].value_deg - TRUTH[name]).max() < 1.0, name


def test_mirrored_clip_gives_the_same_angles() -> None:
    here, there = angles(true_track()), angles(mirrored(true_track()), -1)
    for (name, one), (_, other) in zip(here.items(), there.items(), strict=True):
        np.testing.assert_allclose(other.value_deg, one.value_deg, atol=1e-6, err_msg=name)
        np.testing.assert_allclose(other.sd_deg, one.sd_deg, atol=1e-6, err_msg=name)


def test_hip_flexion_is_femur_on_pelvis_and_joins_both_uncertainties() -> None:
    found = angles(true_track())
    np.testing.assert_allclose(
        found.hip_flexion.value_deg,
        found.pelvic_tilt.value_deg + found.thigh_inclination.value_deg,
    )
    np.testing.assert_allclose(
        found.hip_flexion.sd_deg,
        np.hypot(found.pelvic_tilt.sd_deg, found.thigh_inclination.sd_deg),
    )


def test_neck_counts_from_the_lifters_own_standing() -> None:
    _, lean = sway([(0, 0), (1, 0), (2.5, 70), (4, 0)])
    xy = landmarks_of(Posture(lean))
    xy[:, [Landmark.LEFT_EAR, Landmark.RIGHT_EAR], 0] += 15
    track = track_of(xy)
    spine = known_spine(track, dict.fromkeys(SPINE_NAMES, np.zeros(len(lean))))
    found = compute_angles(track, measure_segments(track, 1), spine).neck_extension
    assert np.median(found.value_deg[:30]) == pytest.approx(0.0, abs=1e-9)
    never_upright = landmarks_of(Posture(np.full(len(lean), 50.0)))
    bent = track_of(never_upright)
    found = compute_angles(bent, measure_segments(bent, 1), spine).neck_extension
    assert np.isnan(found.value_deg).all()
    told = compute_angles(bent, measure_segments(bent, 1), spine, 20.0).neck_extension
    np.testing.assert_allclose(told.value_deg, measure_segments(bent, 1).neck_deg - 20.0)


def test_yaw_is_unsigned_and_widens_every_limbs_deviation() -> None:
    side, turned = angles(true_track()), angles(true_track(yaw_deg=-30.0))
    np.testing.assert_allclose(turned.view_yaw.value_deg, 30.0, atol=1e-6)
    np.testing.assert_allclose(
        turned.trunk_inclination.sd_deg,
        side.trunk_inclination.sd_deg / np.cos(np.radians(30)),
    )


def test_lost_frames_are_nan_in_every_angle_and_its_deviation() -> None:
    track = true_track()
    xy, world = track.landmarks_px.copy(), track.world_m.copy()
    xy[60:75], world[60:75] = np.nan, np.nan
    columns = {name: TRUTH[name].copy() for name in SPINE_NAMES}
    for values in columns.values():
        values[60:75] = np.nan
    lost = smooth_track(replace(track, landmarks_px=xy, world_m=world))
    found = compute_angles(lost, measure_segments(lost, 1), known_spine(lost, columns))
    for name, estimate in found.items():
        gone = np.flatnonzero(np.isnan(estimate.value_deg)).tolist()
        assert gone == list(range(60, 75)), name
        assert np.flatnonzero(np.isnan(estimate.sd_deg)).tolist() == gone, name


def test_smooth_track_takes_jitter_off_and_leaves_the_rest_of_the_record() -> None:
    track = true_track()
    noise = np.random.default_rng(5).normal(0, 2.0, track.landmarks_px.shape)
    noisy = replace(track, landmarks_px=track.landmarks_px + noise)
    smoothed = smooth_track(noisy)
    left = smoothed.landmarks_px - track.landmarks_px
    assert left.std() < 0.8 * noise.std()
    assert smoothed.world_m is noisy.world_m
    assert (smoothed.width_px, smoothed.height_px) == (track.width_px, track.height_px)
    np.testing.assert_array_equal(smoothed.time_s, track.time_s)


def test_empty_clip_stays_empty() -> None:
    nobody = track_of(np.empty((0, 33, 2)), clock(0))
    assert smooth_track(nobody).landmarks_px.shape == (0, 33, 2)
