"""A set graded rep by rep: refusals first, then the verdicts, then what to say."""

from __future__ import annotations

import numpy as np

from hingecheck.form import butt_wink, rounding
from hingecheck.form.records import (
    Band,
    ButtWink,
    Finding,
    Reason,
    RepCheck,
    Rounding,
    Verdict,
    ViewCheck,
)
from hingecheck.form.thresholds import LIMITS
from hingecheck.form.view import check_rep_view
from hingecheck.motion.records import Angles, Lift, Rep
from hingecheck.pose.records import FloatArray, Track
from hingecheck.spine.estimator import BackView

__all__ = ["grade_reps"]

TUCK_CUE = "Stop the descent when your hips stop moving back."
ROUNDING_CUE = "Before you start, lift your chest and push your hips to the wall behind you."


def grade_reps(
    track: Track,
    back: BackView,
    angles: Angles,
    view: ViewCheck,
    lift: Lift,
    reps: tuple[Rep, ...],
    shared_sd_deg: FloatArray | float,
) -> tuple[RepCheck, ...]:
    """Verdicts for every rep, in time order.

    Args:
        track: Landmarks as seen.
        back: Filtered landmarks and the dorsal profile.
        angles: Filtered angles.
        view: What the camera position allows.
        lift: Which thresholds apply.
        reps: The repetitions.
        shared_sd_deg: See `SpineSeries.shared_sd_deg`.
    """
    limits = LIMITS[lift]
    rhythms = butt_wink.fit_rhythms(track.time_s, angles, reps, limits)
    checks = []
    for rep in reps:
        reasons = check_rep_view(track, back, rep, view)
        wink, worst, rounded = butt_wink.NOT_GRADED, rep.bottom, rounding.NOT_GRADED
        gradeable = not reasons
        if gradeable:
            if rep.index in rhythms:
                wink, worst = butt_wink.measure_tuck(
                    track.time_s, angles, rep, rhythms[rep.index], shared_sd_deg
                )
            rounded = rounding.measure_rounding(angles, rep, limits, wink.tuck_deg)
            if wink.verdict is Verdict.NOT_GRADEABLE:
                reasons = (_why_untold(rep, angles),)
        checks.append(
            RepCheck(
                rep=rep,
                gradeable=gradeable,
                reasons=reasons,
                worst=worst,
                reference=_reference(angles, rep, track),
                butt_wink=wink,
                rounding=rounded,
                findings=_findings(track, rep, worst, wink, rounded),
            )
        )
    return tuple(checks)


def _why_untold(rep: Rep, angles: Angles) -> Reason:
    """What a tuck lacked in a rep whose view is good."""
    if rep.bottom <= rep.top:
        return Reason.NO_DESCENT
    lumbar = angles.lumbar_flexion.value_deg[rep.top : rep.bottom + 1]
    return Reason.FRAME_RATE_LOW if np.isfinite(lumbar).all() else Reason.BACK_HIDDEN


def _reference(angles: Angles, rep: Rep, track: Track) -> int:
    """Frame in the middle of the baseline's early descent, to show beside the worst one."""
    if rep.bottom <= rep.top:
        return rep.top
    depth = angles.trunk_thigh_flexion.value_deg[rep.top : rep.bottom + 1]
    early = depth[0] + np.mean(butt_wink.EARLY) * (depth[-1] - depth[0])
    off = np.where(track.detected[rep.top : rep.bottom + 1], np.abs(depth - early), np.inf)
    return rep.top + int(np.argmin(np.where(np.isfinite(off), off, np.inf)))


def _findings(
    track: Track, rep: Rep, worst: int, wink: ButtWink, rounded: Rounding
) -> tuple[Finding, ...]:
    found = []
    if wink.verdict is Verdict.YES and wink.band is not None:
        time_s = wink.onset_s if np.isfinite(wink.onset_s) else float(track.time_s[worst])
        found.append(
            Finding("butt_wink", wink.band, time_s, round(wink.tuck_deg, 1), "deg", TUCK_CUE)
        )
    if rounded.verdict is Verdict.YES:
        found.append(
            Finding(
                "rounding",
                rounded.band or Band.SLIGHT,
                float(track.time_s[rep.bottom]),
                round(rounded.lumbar_flexion_deg, 1),
                "deg",
                ROUNDING_CUE,
            )
        )
    return tuple(found)
