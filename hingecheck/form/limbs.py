"""Refusals for limbs: what is out of plane, out of the picture, or hidden."""

from __future__ import annotations

import numpy as np

from hingecheck.form.records import Part, Reason
from hingecheck.motion.records import Rep
from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.records import FloatArray, Track

__all__ = ["refused_parts"]

LIMB_YAW_DEG = 30.0
"""Trunk inclination errs by 1 degree at a yaw of 15, 4 at 30 (planar model, docs/method.md);
MediaPipe's knee by 2 in a side view and 14 +- 15 beyond 45 (Cosoli 2026, handle 11389/91575)."""

LENGTHS = (0.6, 1.5)
"""Length of a limb in the picture over its usual length in the clip. Bones do not shrink: outside
of this the limb points at the camera, or a joint is not where it is said to be."""

STRAYING_FEET = 0.08
"""How far ankles may stray in a rep, in body heights (its 90th percentile from the median). Feet
that are seen stay within 0.03, in swings within 0.07; where plates or a caption hide them 0.09 to
0.35 is read, and with it knees of 60 to 150 degrees that were straight (21 real clips, 58 simulated
development clips)."""

LEAST_SEEN = 0.6
"""Share of a rep's frames in which a limb must have its length."""

_LIMBS = {
    Part.TRUNK: ((Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP),),
    Part.LEGS: (
        (Landmark.LEFT_HIP, Landmark.LEFT_KNEE),
        (Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE),
    ),
    Part.HEAD: ((Landmark.LEFT_SHOULDER, Landmark.LEFT_EAR),),
    Part.HANDS: (),
}

_ON_FEET = (Part.LEGS, Part.HANDS)
"""What is measured from the feet: shanks, and hands before and above them."""


def refused_parts(
    track: Track,
    rep: Rep,
    yaw_deg: float,
    back: tuple[Reason, ...],
) -> dict[tuple[int, Part], Reason]:
    """Why parts of the body cannot be judged in a rep; parts that can be are left out.

    Args:
        track: Filtered landmarks.
        rep: The rep.
        yaw_deg: The clip's, unsigned.
        back: Why the back cannot be judged in it (`view.check_rep_view`).
    """
    refused = {(rep.index, Part.BACK): back[0]} if back else {}
    lost = next((reason for reason in back if reason in _WHOLE_BODY), None)
    if yaw_deg > LIMB_YAW_DEG:
        lost = Reason.VIEW_OBLIQUE
    for part, limbs in _LIMBS.items():
        reason = lost
        if part in _ON_FEET and Reason.FEET_CUT in back:
            reason = Reason.FEET_CUT
        if part is Part.HEAD and Reason.HEAD_CUT in back:
            reason = Reason.HEAD_CUT
        hidden = not all(_seen(track, rep, *limb) for limb in limbs)
        if reason is None and (hidden or (part in _ON_FEET and _straying(track, rep))):
            reason = Reason.LIMB_HIDDEN
        if reason is not None:
            refused[rep.index, part] = reason
    return refused


_WHOLE_BODY = (
    Reason.NO_PERSON,
    Reason.VIEW_FRONTAL,
    Reason.PICTURE_TURNED,
    Reason.TOO_SMALL,
    Reason.LIFTER_LOST,
    Reason.SEVERAL_PEOPLE,
    Reason.FRAME_RATE_LOW,
)
"""What hides more than the back."""


def _seen(track: Track, rep: Rep, one: Landmark, other: Landmark) -> bool:
    """Whether a limb keeps its length through a rep."""
    along: FloatArray = track.middle_px(one) - track.middle_px(other)
    length = np.hypot(along[:, 0], along[:, 1])
    during = length[rep.start : rep.end + 1]
    low, high = LENGTHS
    with np.errstate(invalid="ignore"):
        share = during / np.nanmedian(length)
        return bool(np.mean((share > low) & (share < high)) >= LEAST_SEEN)


def _straying(track: Track, rep: Rep) -> bool:
    """Whether the ankles of a rep wander about, as they do where they are guessed."""
    height_px = np.nanpercentile(np.ptp(track.landmarks_px[..., 1], axis=1), 95)
    ankle = track.middle_px(Landmark.LEFT_ANKLE)[rep.start : rep.end + 1]
    if not np.isfinite(ankle).any():
        return True
    away = ankle - np.nanmedian(ankle, axis=0)
    return bool(np.nanpercentile(np.hypot(*away.T), 90) > STRAYING_FEET * height_px)
