"""From a contour that turns by known angles to pelvis and spine against the lifter's standing."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stick import Posture, back_of, landmarks_of, profile_of, standing_back, sway, track_of

from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.records import FloatArray
from hingecheck.spine.contour import (
    SACRAL,
    THORACOLUMBAR,
    ContourEstimator,
    contour_tangent_deg,
    contour_turn_deg,
)
from hingecheck.spine.estimator import BackView
from hingecheck.spine.profile import STATIONS
from hingecheck.spine.records import BaselineSource

GAIN = ContourEstimator.GAIN
STILL = 30


def hinge(turn_deg: FloatArray | float = -40.0, yaw_deg: float = 0.0) -> BackView:
    """A second of standing, then down to 70 degrees and back; 121 frames."""
    time_s, lean = sway([(0, 0), (1, 0), (2.5, 70), (4, 0)])
    track = track_of(landmarks_of(Posture(lean, 0.2 * lean)), time_s, yaw_deg=yaw_deg)
    return back_of(track, profile_of(len(time_s), turn_deg))


@given(angle_deg=st.floats(-60, 60), depth=st.floats(-0.5, 0.5))
def test_tangent_of_a_straight_contour_is_its_slope(angle_deg: float, depth: float) -> None:
    profile = profile_of(2)
    line = depth + np.tan(np.radians(angle_deg)) * np.broadcast_to(STATIONS, (2, len(STATIONS)))
    for window in (SACRAL, THORACOLUMBAR):
        found = contour_tangent_deg(replace(profile, depth=line), window)
        assert found == pytest.approx(angle_deg, abs=1e-6)


@pytest.mark.parametrize("turn_deg", [-50.0, -20.0, 0.0, 15.0])
def test_turn_is_the_angle_between_sacrum_and_thoracolumbar_junction(turn_deg: float) -> None:
    assert contour_turn_deg(profile_of(3, turn_deg)) == pytest.approx(turn_deg, abs=1e-6)


def test_tangent_needs_five_valid_samples_of_nine() -> None:
    profile = profile_of(2, -40.0)
    low, high = SACRAL
    inside = np.flatnonzero(np.abs(STATIONS - (low + high) / 2) < (high - low) / 2 + 1e-9)
    assert len(inside) == 9
    valid = profile.valid.copy()
    valid[0, inside[:4]] = False
    valid[1, inside[:5]] = False
    found = contour_tangent_deg(replace(profile, valid=valid), SACRAL)
    assert found[0] == pytest.approx(-20.0, abs=1e-6)
    assert np.isnan(found[1])


def test_invalid_samples_do_not_bend_the_tangent() -> None:
    profile = profile_of(1, -40.0)
    valid, depth = profile.valid.copy(), profile.depth.copy()
    valid[0, 16:18], depth[0, 16:18] = False, [9.0, np.nan]
    found = contour_tangent_deg(replace(profile, valid=valid, depth=depth), SACRAL)
    assert found[0] == pytest.approx(-20.0, abs=1e-6)


def test_contour_that_opens_reads_as_that_much_lumbar_flexion() -> None:
    held, opened = hinge(), hinge(-40.0 + np.repeat([0.0, 19.0], [STILL + 40, 51]))
    estimator = ContourEstimator()
    more = (
        estimator.estimate(opened).lumbar_flexion.value_deg
        - estimator.estimate(held).lumbar_flexion.value_deg
    )
    np.testing.assert_allclose(more, np.repeat([0.0, 19.0 / GAIN], [70, 51]), atol=1e-6)


def test_buttock_that_unrolls_is_no_lumbar_flexion() -> None:
    depth = hinge().segments.trunk_thigh_deg - ContourEstimator.UNROLL_FROM_DEG
    unrolled = hinge(-40.0 + ContourEstimator.UNROLL * np.clip(depth, 0, None))
    lumbar = ContourEstimator().estimate(unrolled).lumbar_flexion.value_deg
    assert np.ptp(lumbar) == pytest.approx(0.0, abs=1e-6)


def test_flexion_at_a_fixed_trunk_turns_the_pelvis_back() -> None:
    held, opened = (ContourEstimator().estimate(hinge(turn)) for turn in (-40.0, -21.0))
    # The lifter's own standing shifts the zero, so compare with what lumbar flexion itself did.
    flexed = opened.lumbar_flexion.value_deg - held.lumbar_flexion.value_deg
    turned = opened.pelvic_tilt.value_deg - held.pelvic_tilt.value_deg
    np.testing.assert_allclose(turned, -ContourEstimator.PELVIC_SHARE * flexed, atol=1e-6)


def test_standing_gives_the_zero_and_is_named_as_its_source() -> None:
    spine = ContourEstimator().estimate(hinge())
    assert spine.baseline_source is BaselineSource.STANDING
    assert spine.baseline_s[0] == 0.0
    assert spine.baseline_s[1] == pytest.approx(1.0, abs=0.2)
    assert spine.pelvic_tilt.value_deg[0] == pytest.approx(
        -ContourEstimator.PELVIC_SHARE * spine.lumbar_flexion.value_deg[0], abs=1e-6
    )


def test_own_standing_is_trusted_in_part_and_lowers_the_uncertainty() -> None:
    own = ContourEstimator().estimate(hinge(-20.0))
    nobody = ContourEstimator().estimate(standing_back(60.0))
    assert nobody.baseline_source is BaselineSource.EARLY_DESCENT
    assert np.isnan(nobody.baseline_s).all()
    assert own.shared_sd_deg[0] < nobody.shared_sd_deg[0]
    assert 0 < own.lumbar_flexion.value_deg[0] < (-20.0 + 37.5) / GAIN


def bent_above(view: BackView, upper_deg: FloatArray | float) -> BackView:
    """The same back, turning by `upper_deg` between thoracolumbar junction and upper thorax."""
    middle = contour_tangent_deg(view.profile, THORACOLUMBAR)[:, None]
    depth, above = view.profile.depth, STATIONS > 0.65
    upper = middle - np.broadcast_to(upper_deg, len(depth))[:, None]
    bent = depth + (np.tan(np.radians(upper)) - np.tan(np.radians(middle))) * (STATIONS - 0.65)
    return replace(view, profile=replace(view.profile, depth=np.where(above, bent, depth)))


@pytest.mark.parametrize("own_deg", [-5.0, 8.0, 30.0])
def test_own_standing_is_the_zero_of_thoracic_flexion(own_deg: float) -> None:
    more = np.repeat([0.0, 10.0], [STILL + 40, 51])
    found = ContourEstimator().estimate(bent_above(hinge(), own_deg + more))
    expected = more / ContourEstimator.THORACIC_GAIN
    np.testing.assert_allclose(found.thoracic_flexion.value_deg, expected, atol=1e-6)


def test_thoracic_flexion_counts_from_others_standing_without_ones_own() -> None:
    usual = ContourEstimator.THORACIC_ZERO_DEG
    for own_deg in (usual, 30.0):
        found = ContourEstimator().estimate(bent_above(standing_back(60.0), own_deg))
        assert found.baseline_source is BaselineSource.EARLY_DESCENT
        expected = (own_deg - usual) / ContourEstimator.THORACIC_GAIN
        assert found.thoracic_flexion.value_deg == pytest.approx(expected, abs=1e-6)


def test_shared_uncertainty_is_part_of_every_frames() -> None:
    spine = ContourEstimator().estimate(hinge())
    own = np.sqrt(spine.lumbar_flexion.sd_deg**2 - spine.shared_sd_deg**2)
    assert own[0] == pytest.approx(ContourEstimator.FRAME_SD_DEG / GAIN)
    assert own[75] > own[0]


def test_turned_view_widens_the_interval() -> None:
    def sd(yaw_deg: float) -> float:
        return float(ContourEstimator().estimate(hinge(yaw_deg=yaw_deg)).lumbar_flexion.sd_deg[0])

    assert sd(10.0) == pytest.approx(sd(0.0))
    assert sd(20.0) > sd(12.0) + 0.5
    assert sd(-20.0) == pytest.approx(sd(20.0))


def test_bar_on_the_back_widens_the_interval() -> None:
    xy = landmarks_of(Posture(np.full(60, 50.0)))
    hanging = back_of(track_of(xy), profile_of(60))
    racked_xy = xy.copy()
    hands = [Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST]
    racked_xy[:, hands] = xy[:, [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]] + [10.0, 5.0]
    racked = back_of(track_of(racked_xy), profile_of(60))
    narrow, wide = (
        ContourEstimator().estimate(view).lumbar_flexion.sd_deg[0] for view in (hanging, racked)
    )
    assert wide**2 - narrow**2 == pytest.approx((ContourEstimator.RACKED_SD_DEG / GAIN) ** 2)


def test_frame_without_a_back_has_no_estimate_and_no_sd() -> None:
    view = hinge()
    valid = view.profile.valid.copy()
    valid[60:66] = False
    spine = ContourEstimator().estimate(replace(view, profile=replace(view.profile, valid=valid)))
    for angle in (spine.pelvic_tilt, spine.lumbar_flexion, spine.thoracic_flexion):
        assert np.flatnonzero(np.isnan(angle.value_deg)).tolist() == [*range(60, 66)]
        assert np.flatnonzero(np.isnan(angle.sd_deg)).tolist() == [*range(60, 66)]


@pytest.mark.parametrize("frames", [0, 1, 50])
def test_nobody_has_no_spine_and_raises_no_alarm(frames: int) -> None:
    nobody = track_of(np.full((frames, 33, 2), np.nan))
    unseen = replace(profile_of(frames, seen=0.0), depth=np.full((frames, len(STATIONS)), np.nan))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        spine = ContourEstimator().estimate(back_of(nobody, unseen))
    assert np.isnan(spine.lumbar_flexion.value_deg).all()
    assert spine.lumbar_flexion.value_deg.shape == (frames,)
    assert spine.baseline_source is BaselineSource.EARLY_DESCENT
