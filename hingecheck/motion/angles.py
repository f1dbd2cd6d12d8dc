"""Every angle of the contract, filtered, each with its standard deviation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hingecheck.motion.filters import smooth
from hingecheck.motion.records import Angles
from hingecheck.pose.facing import signed_yaw
from hingecheck.pose.records import FloatArray, Track
from hingecheck.pose.segments import Segments
from hingecheck.spine.records import Estimate, SpineSeries

__all__ = ["compute_angles", "smooth_track"]

TRUNK_SD_DEG = 4.0
LIMB_SD_DEG = 5.0
NECK_SD_DEG = 17.0
"""One standard deviation of a landmark angle in a true side view: on simulated lifters the trunk
reads 4 degrees too upright, thighs and shanks scatter by 5 (docs/method.md). Real squats:
MediaPipe's knee, two segments together, -2.3 +- 6.4 (Cosoli 2026, handle 11389/91575).
The neck scatters by 17 between lifters: MediaPipe draws heads that look up as if they looked
ahead."""

YAW_SD_DEG = 6.0
"""Simulated side views read 1-9 degrees (docs/method.md)."""

THORAX_AHEAD = (0.32, 0.88)
"""Lean of the thorax beyond the hip-shoulder line, per degree of lumbar and thoracic flexion: the
line follows 0.68 and 0.12 of them (fitted to simulated lifters, `simulate.plan`). The neck is
extended on the thorax."""

YAW_HZ = 1.0
"""People do not turn faster while they lift; the rest is noise."""

STANDING_TRUNK_DEG = 15.0
"""Frames whose trunk leans less than this can give the neck its zero."""


def smooth_track(track: Track) -> Track:
    """The track with every landmark coordinate filtered, zero lag (see `filters.smooth`)."""
    t = track.time_s
    if not len(t):
        return track
    flat = track.landmarks_px.reshape(len(t), -1).astype(np.float64)
    smoothed = np.stack([smooth(t, column) for column in flat.T], axis=1)
    return replace(track, landmarks_px=smoothed.reshape(track.landmarks_px.shape))


def compute_angles(
    track: Track, segments: Segments, spine: SpineSeries, neck_zero_deg: float = np.nan
) -> Angles:
    """Every angle of the contract, filtered.

    Args:
        track: Filtered landmarks (`smooth_track`).
        segments: Their segment angles.
        spine: Pelvis and spine as estimated frame by frame; filtered here.
        neck_zero_deg: `Segments.neck_deg` of the lifter's standing, for clips that never show the
            trunk upright; NaN leaves the neck unknown there.
    """
    t = track.time_s
    yaw = np.abs(smooth(t, signed_yaw(track), cutoff_hz=YAW_HZ))
    # A turned plane shortens what lies across the picture and so widens every angle's error.
    stretch = 1 / np.cos(np.radians(np.clip(np.nan_to_num(yaw), 0, 60)))

    def filtered(raw: Estimate) -> Estimate:
        return _estimate(smooth(t, raw.value_deg), smooth(t, raw.sd_deg))

    pelvis = filtered(spine.pelvic_tilt)
    lumbar, thoracic = filtered(spine.lumbar_flexion), filtered(spine.thoracic_flexion)
    thigh = _estimate(segments.thigh_deg, LIMB_SD_DEG * stretch)
    upright = segments.neck_deg[np.abs(segments.trunk_deg) < STANDING_TRUNK_DEG]
    seen = np.isfinite(upright).any()
    neck_zero = float(np.nanmedian(upright)) if seen else neck_zero_deg
    return Angles(
        trunk_inclination=_estimate(segments.trunk_deg, TRUNK_SD_DEG * stretch),
        pelvic_tilt=pelvis,
        lumbar_flexion=lumbar,
        thoracic_flexion=thoracic,
        thigh_inclination=thigh,
        shank_inclination=_estimate(segments.shank_deg, LIMB_SD_DEG * stretch),
        knee_flexion=_estimate(segments.knee_flexion_deg, np.sqrt(2) * LIMB_SD_DEG * stretch),
        hip_flexion=_estimate(
            pelvis.value_deg + thigh.value_deg, np.hypot(pelvis.sd_deg, thigh.sd_deg)
        ),
        trunk_thigh_flexion=_estimate(
            segments.trunk_thigh_deg, np.hypot(TRUNK_SD_DEG, LIMB_SD_DEG) * stretch
        ),
        neck_extension=_estimate(
            segments.neck_deg - neck_zero + _ahead_of_trunk(lumbar.value_deg, thoracic.value_deg),
            NECK_SD_DEG * stretch,
        ),
        view_yaw=_estimate(yaw, np.full(len(t), YAW_SD_DEG)),
    )


def _ahead_of_trunk(lumbar_deg: FloatArray, thoracic_deg: FloatArray) -> FloatArray:
    """How much further than the hip-shoulder line the thorax leans, degrees."""
    per_lumbar, per_thoracic = THORAX_AHEAD
    return per_lumbar * lumbar_deg + per_thoracic * thoracic_deg


def _estimate(value_deg: FloatArray, sd_deg: FloatArray) -> Estimate:
    return Estimate(value_deg=value_deg, sd_deg=np.where(np.isfinite(value_deg), sd_deg, np.nan))
