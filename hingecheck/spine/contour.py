"""The back's contour alone: its tangents, and an estimator by geometry.

The contour turns by a certain angle between the sacrum and the thoracolumbar junction; flexing
the lumbar spine opens that angle. Bending the hips opens it too, as the buttock unrolls from
under the pelvis, and every body has its own angle when standing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hingecheck.pose.facing import signed_yaw
from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.records import FloatArray, Track
from hingecheck.spine.estimator import BackView
from hingecheck.spine.records import BaselineSource, Estimate, Profile, SpineSeries
from hingecheck.spine.standing import relaxed_standing

__all__ = ["ContourEstimator", "contour_tangent_deg", "contour_turn_deg"]

SACRAL = (0.10, 0.30)
THORACOLUMBAR = (0.40, 0.60)
UPPER_THORACIC = (0.75, 0.95)
"""Windows on the chord, 0 hip and 1 shoulder: L5-S1, T12-L1 and T4 of a mean body."""

WINDOW_SAMPLES = 5
"""A tangent needs more than half of its window's nine samples."""


def contour_tangent_deg(profile: Profile, window: tuple[float, float]) -> FloatArray:
    """(frames,) slope of the profile against the chord within a window of stations.

    Positive where the back recedes from the chord towards the shoulder. Least squares over the
    valid samples; NaN with fewer than `WINDOW_SAMPLES`.
    """
    inside = (profile.station >= window[0] - 1e-9) & (profile.station <= window[1] + 1e-9)
    x = np.broadcast_to(profile.station[inside], (len(profile.depth), inside.sum()))
    good = profile.valid[:, inside]
    weight = good.astype(np.float64)
    count = weight.sum(axis=1)
    y = np.where(good, profile.depth[:, inside], 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        dx = x - ((weight * x).sum(axis=1) / count)[:, None]
        slope = (weight * dx * y).sum(axis=1) / (weight * dx * dx).sum(axis=1)
    return np.where(count >= WINDOW_SAMPLES, np.degrees(np.arctan(slope)), np.nan)


def contour_turn_deg(profile: Profile) -> FloatArray:
    """(frames,) angle by which the contour turns from the sacrum to the thoracolumbar junction.

    About -38 degrees over a bare hollow back that stands, 0 over a flat one; flexion adds.
    """
    return contour_tangent_deg(profile, SACRAL) - contour_tangent_deg(profile, THORACOLUMBAR)


class ContourEstimator:
    """Tangent differences of the back's contour against the lifter's own standing.

    The gains come from simulated lifters with exact anatomy (docs/method.md): per degree of
    lumbar flexion the angle between sacral and thoracolumbar contour opens by `GAIN`; from
    `UNROLL_FROM_DEG` of trunk-thigh flexion on, the buttock adds `UNROLL` per degree.
    Lockout is not standing (lifters lean back, plates and shirts hide the hollow), so the own
    standing angle only shifts the population's, weighted by how far each can be trusted.
    """

    name = "contour"

    GAIN = 0.95
    UNROLL = 0.24
    UNROLL_FROM_DEG = 40.0
    ZERO_DEG = -37.5
    ZERO_SD_DEG = 6.5
    STANDING_SD_DEG = 10.0
    PELVIC_SHARE = 0.66
    """Of a degree of lumbar flexion at a fixed trunk, this much is the pelvis turning back:
    13 of 20 degrees (planar model, docs/method.md)."""

    TRUNK_ZERO_DEG = -2.0
    TRUNK_ZERO_SD_DEG = 3.0
    """Hip-shoulder line of people standing, as landmarks see it."""

    THORACIC_GAIN = 0.42
    THORACIC_ZERO_DEG = 8.0
    THORACIC_SD_DEG = 20.0
    """Shoulder blades, arms and a bar shape the upper back's contour as much as the spine."""

    FRAME_SD_DEG = 3.5
    """Edge noise of 3 mm costs 3.2 degrees a frame on the tangent difference (docs/method.md)."""

    DEPTH_SD = 0.06
    """Bodies differ in how the buttock unrolls: degrees of error per degree of hip bend."""

    YAW_SD = 0.8
    """Degrees of error per degree of yaw beyond `YAW_FREE_DEG`."""

    YAW_FREE_DEG = 12.0

    RACKED_SD_DEG = 10.0
    RACKED_TRUNKS = 0.55
    """With the hands this near the shoulders a bar lies there, and its plates hide the upper end
    of the chord: simulated squats and good mornings then err by 7-16 degrees."""

    def estimate(self, back: BackView) -> SpineSeries:
        """See `SpineEstimator.estimate`."""
        seg = back.segments
        depth_deg = np.clip(seg.trunk_thigh_deg - self.UNROLL_FROM_DEG, 0.0, None)
        middle = contour_tangent_deg(back.profile, THORACOLUMBAR)
        upper = contour_tangent_deg(back.profile, UPPER_THORACIC)
        turn = contour_turn_deg(back.profile) - self.UNROLL * depth_deg
        still = relaxed_standing(back)
        zero, zero_sd = self._zero(turn[still])
        lumbar = (turn - zero) / self.GAIN
        shared = zero_sd / self.GAIN
        turned = signed_yaw(back.track)[back.track.detected]
        yaw = abs(float(np.nanmedian(turned))) if len(turned) else 0.0
        yaw_sd = self.YAW_SD * max(0.0, yaw - self.YAW_FREE_DEG)
        bar_sd = np.where(self._racked(back.track), self.RACKED_SD_DEG, 0.0)
        parts = (self.FRAME_SD_DEG, self.DEPTH_SD * depth_deg, yaw_sd, bar_sd)
        own = np.sqrt(sum((np.square(part) for part in parts), np.zeros(len(turn)))) / self.GAIN
        lumbar_sd = np.hypot(shared, own)
        trunk_still = seg.trunk_deg[still]
        trunk_zero, trunk_sd = (
            (float(np.nanmedian(trunk_still)), 1.0)
            if len(trunk_still)
            else (self.TRUNK_ZERO_DEG, self.TRUNK_ZERO_SD_DEG)
        )
        pelvis = seg.trunk_deg - trunk_zero - self.PELVIC_SHARE * lumbar
        pelvis_sd = np.hypot(np.hypot(trunk_sd, self.FRAME_SD_DEG), self.PELVIC_SHARE * lumbar_sd)
        upper_turn = middle - upper
        upper_still = upper_turn[still & np.isfinite(upper_turn)]
        upper_zero = float(np.median(upper_still)) if len(upper_still) else self.THORACIC_ZERO_DEG
        thoracic = (upper_turn - upper_zero) / self.THORACIC_GAIN
        times = back.track.time_s[still]
        return SpineSeries(
            pelvic_tilt=_estimate(pelvis, pelvis_sd),
            lumbar_flexion=_estimate(lumbar, lumbar_sd),
            thoracic_flexion=_estimate(thoracic, np.full(len(thoracic), self.THORACIC_SD_DEG)),
            shared_sd_deg=np.full(len(turn), shared),
            baseline_source=(
                BaselineSource.STANDING if len(times) else BaselineSource.EARLY_DESCENT
            ),
            baseline_s=(float(times[0]), float(times[-1])) if len(times) else (np.nan, np.nan),
        )

    def _racked(self, track: Track) -> NDArray[np.bool_]:
        """(frames,) whether the hands are up at the shoulders."""
        shoulder = track.middle_px(Landmark.LEFT_SHOULDER)
        arm = track.middle_px(Landmark.LEFT_WRIST) - shoulder
        trunk = track.middle_px(Landmark.LEFT_HIP) - shoulder
        reach = np.hypot(arm[:, 0], arm[:, 1])
        return np.asarray(reach < self.RACKED_TRUNKS * np.hypot(trunk[:, 0], trunk[:, 1]))

    def _zero(self, standing: FloatArray) -> tuple[float, float]:
        """The contour's turn at standing and its standard deviation, own and others' joined."""
        seen = standing[np.isfinite(standing)]
        if not len(seen):
            return self.ZERO_DEG, self.ZERO_SD_DEG
        trust = np.array([self.ZERO_SD_DEG, self.STANDING_SD_DEG]) ** -2.0
        values = np.array([self.ZERO_DEG, np.median(seen)])
        return float(trust @ values / trust.sum()), float(trust.sum() ** -0.5)


def _estimate(value_deg: FloatArray, sd_deg: FloatArray) -> Estimate:
    return Estimate(value_deg=value_deg, sd_deg=np.where(np.isfinite(value_deg), sd_deg, np.nan))
