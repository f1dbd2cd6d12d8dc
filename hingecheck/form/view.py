"""Refusals: what the camera, the frame, the clothes and the surroundings take away."""

from __future__ import annotations

import numpy as np

from hingecheck.form.records import Reason, ViewCheck
from hingecheck.motion.records import Rep
from hingecheck.pose.company import ALONE, Company
from hingecheck.pose.facing import signed_yaw
from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.records import FloatArray, Track
from hingecheck.pose.segments import segment_inclination
from hingecheck.spine.contour import contour_turn_deg
from hingecheck.spine.estimator import BackView
from hingecheck.spine.standing import relaxed_standing

__all__ = [
    "CUT_SHARE",
    "LEAST_SEEN",
    "check_rep_view",
    "check_view",
    "frame_quality",
    "height_share",
    "hollow_turn_deg",
    "outside",
]

OBLIQUE_DEG = 22.0
FRONTAL_DEG = 55.0
"""Yaw beyond which the back's edge is no longer the spine's line. Bands from the planar model:
beyond 20 degrees the picture carries limb angles only; the yaw itself is known to some 5 degrees
(docs/method.md)."""

LEAST_HEIGHT = 0.40
"""Share of the picture's height that a standing lifter fills: at less, one mask pixel is more
than the 1.4 that 20 degrees of flexion move the edge."""

CUT_SHARE = 0.3
"""Share of a repetition's frames with head or feet outside the picture that refuses it."""

LEAST_COVERAGE = 0.70
"""Share of the lumbar window that must be seen (science: hidden for more than 25-30 % refuses)."""

TURNED_DEG = 60.0
"""Median lean of the line from ankles to hips beyond which the picture is not upright; in the
deepest squat it leans back by 40 for a moment."""

LEAST_HEIGHT_PX = 120.0
"""A lifter lower than this, in source pixels, has a trunk of some 40: the tangent windows would
hold eight of them."""

LONGEST_GAP_S = 0.6
"""A hole in the clip's own clock longer than this hides what happened in a repetition."""

LEAST_SEEN = 0.75
"""Share of a repetition's frames in which the lifter must be found."""

LEAST_FPS = 8.0
"""A descent of one second needs this many pictures to show when a tuck begins."""

BRIDGED_TURN_DEG = -8.0
"""Contour turn at standing above which no lumbar hollow shows: bare and closely dressed backs
read -23 to -60, shirts that still follow the hollow -9 to -21 (docs/method.md)."""

MIXED_SHARE = 0.25
"""Share of the lifter's frames in which another body overlaps theirs that refuses a clip: on 18
real clips in which the right person is followed, others overlap in at most 0.03; on a simulated
one in which a bystander is taken for the lifter, in 0.55."""

LEAST_TRUNK = 0.6
"""Length of the hip-shoulder line at depth over its length in the upper quarter of the clip.
Bodies flex, so 0.78-1.0 is true; with plates before feet or shoulder MediaPipe reads less, and the
spine model has met that in training: nine simulated reps with 0.69-0.79 and half or more of the
back in view err by 3 degrees in lumbar flexion (median; largest 24), all within their intervals.
Below this the shoulder is not where it is said to be."""

FRAME_MARGIN = 0.005


def check_view(
    track: Track,
    back: BackView,
    facing: int,
    reps: tuple[Rep, ...],
    company: Company = ALONE,
    fps: float | None = None,
) -> ViewCheck:
    """Whether this clip's picture can carry a verdict on the spine.

    Args:
        track: Landmarks as seen.
        back: Filtered landmarks and the dorsal profile.
        facing: +1 or -1.
        reps: The repetitions; the view matters while they run.
        company: Who else is in view.
        fps: Pictures a second of the camera, where the track holds only some of them.
    """
    if not track.detected.any():
        return ViewCheck(facing, float("nan"), False, (Reason.NO_PERSON,))
    lifting = np.zeros(len(track.time_s), dtype=bool)
    for rep in reps:
        lifting[rep.start : rep.end + 1] = True
    if not lifting.any():
        lifting[:] = True
    yaw = abs(float(np.nanmedian(signed_yaw(track)[lifting & track.detected])))
    reasons: list[Reason] = []
    if yaw > FRONTAL_DEG:
        reasons.append(Reason.VIEW_FRONTAL)
    elif yaw > OBLIQUE_DEG:
        reasons.append(Reason.VIEW_OBLIQUE)
    ankle = track.plumb(track.middle_px(Landmark.LEFT_ANKLE))
    hip = track.plumb(track.middle_px(Landmark.LEFT_HIP))
    if np.nanmedian(np.abs(segment_inclination(ankle, hip, facing))) > TURNED_DEG:
        reasons.append(Reason.PICTURE_TURNED)
    share = height_share(track)
    if share < LEAST_HEIGHT or share * track.height_px < LEAST_HEIGHT_PX:
        reasons.append(Reason.TOO_SMALL)
    if hollow_turn_deg(back) > BRIDGED_TURN_DEG:
        reasons.append(Reason.CLOTHING_LOOSE)
    if company.overlapping > MIXED_SHARE:
        reasons.append(Reason.SEVERAL_PEOPLE)
    if fps is None and len(track.time_s) > 1:
        fps = 1 / float(np.median(np.diff(track.time_s)))
    if fps is not None and fps < LEAST_FPS:
        reasons.append(Reason.FRAME_RATE_LOW)
    refused = bool(reasons)
    if not reps:
        lost = track.detected.mean() < LEAST_SEEN
        reasons.append(Reason.LIFTER_LOST if lost else Reason.NO_REPS)
    return ViewCheck(facing, yaw, not refused, tuple(reasons))


def check_rep_view(track: Track, back: BackView, rep: Rep, view: ViewCheck) -> tuple[Reason, ...]:
    """Why the spine cannot be judged in one repetition; empty when it can."""
    during = slice(rep.start, rep.end + 1)
    seen = track.detected[during]
    if not view.gradeable:
        return tuple(reason for reason in view.reasons if reason is not Reason.NO_REPS)
    reasons: list[Reason] = []
    gap_s = np.diff(track.time_s[during]).max(initial=0.0)
    if seen.mean() < LEAST_SEEN or gap_s > LONGEST_GAP_S:
        reasons.append(Reason.LIFTER_LOST)
    head, feet = outside(track)
    if head[during].mean() > CUT_SHARE:
        reasons.append(Reason.HEAD_CUT)
    if feet[during].mean() > CUT_SHARE:
        reasons.append(Reason.FEET_CUT)
    coverage = back.profile.coverage[_deep(back, rep)]
    hidden = not len(coverage) or np.median(coverage) < LEAST_COVERAGE
    if hidden or _trunk_share(track, _deep(back, rep)) < LEAST_TRUNK:
        reasons.append(Reason.BACK_HIDDEN)
    return tuple(reasons)


def frame_quality(track: Track, back: BackView, view: ViewCheck) -> FloatArray:
    """(frames,) 0..1: how far a frame can be relied on; 0 where the lifter was not found.

    The product of the lumbar window's coverage, of the body lying inside the picture, and of
    the view (1 in a side view, 0 where it is refused).
    """
    inside = ~np.logical_or(*outside(track))
    turned = 0.0 if np.isnan(view.yaw_deg) else max(0.0, 1 - (view.yaw_deg / OBLIQUE_DEG) ** 2)
    return np.where(track.detected, back.profile.coverage * (0.5 + 0.5 * inside) * turned, 0.0)


def _deep(back: BackView, rep: Rep) -> slice:
    """Last third of the descent and the bottom; the set-up where there is no descent."""
    if rep.bottom > rep.top:
        return slice(rep.bottom - max(1, (rep.bottom - rep.top) // 3), rep.bottom + 1)
    return slice(rep.start, rep.start + max(1, (rep.end - rep.start) // 3))


def _trunk_share(track: Track, during: slice) -> float:
    """Lower quartile of the hip-shoulder line over some frames, as a share of its full length."""
    line = track.middle_px(Landmark.LEFT_SHOULDER) - track.middle_px(Landmark.LEFT_HIP)
    length = np.hypot(line[:, 0], line[:, 1])
    return float(np.nanpercentile(length[during], 25) / np.nanpercentile(length, 75))


def height_share(track: Track) -> float:
    """Height that the lifter fills when most upright, as a share of the picture's."""
    y = track.landmarks_px[track.detected][..., 1]
    return float(np.percentile(y.max(axis=1) - y.min(axis=1), 95)) / track.height_px


def outside(track: Track) -> tuple[np.ndarray, np.ndarray]:
    """(frames,) head and feet outside the picture."""
    margin = np.array([track.width_px, track.height_px]) * FRAME_MARGIN
    low, high = margin, np.array([track.width_px, track.height_px]) - margin

    def beyond(points: list[Landmark]) -> np.ndarray:
        xy = track.landmarks_px[:, points].mean(axis=1)
        with np.errstate(invalid="ignore"):
            return np.asarray(((xy < low) | (xy > high)).any(axis=1))

    return (
        beyond([Landmark.LEFT_EAR, Landmark.RIGHT_EAR, Landmark.NOSE]),
        beyond([Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE]),
    )


def hollow_turn_deg(back: BackView) -> float:
    """Contour turn over the lumbar hollow while the lifter stands relaxed; NaN if they never do.

    Clothing that spans the hollow flattens it even then.
    """
    turn = contour_turn_deg(back.profile)[relaxed_standing(back)]
    seen = turn[np.isfinite(turn)]
    return float(np.median(seen)) if len(seen) else float("nan")
