"""From a clip of relaxed standing, and one of a toe-touch, to a lifter's profile."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hingecheck.clip import ClipInfo, probe
from hingecheck.deliver import Progress
from hingecheck.errors import NothingSeen
from hingecheck.form.messages import message
from hingecheck.form.records import Analysis, Reason
from hingecheck.motion.records import Lift
from hingecheck.pipeline import analyse
from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.models import ModelBundle, PoseModel, find_bundle
from hingecheck.pose.records import Track
from hingecheck.spine.estimator import BackView
from hingecheck.spine.model import ModelEstimator, OwnShape
from hingecheck.spine.records import SpineSeries
from hingecheck.spine.standing import STANDING_TRUNK_DEG, relaxed_standing
from hingecheck.store.profiles import (
    ClipRef,
    MostFlexion,
    Profile,
    checked_profile_name,
    checked_stature_cm,
)

__all__ = ["calibrate"]

LEAST_MOST_DEG = 15.0
"""Less lumbar flexion than this is no full forward bend: those have 24 to 60 degrees across studies
(Esola 1996, Spine 21(1)), of which the spine model may miss some 7 (docs/accuracy.md)."""

AT_BOTTOM_S = 0.25
"""The deepest bend is a mean over this long before and after it: a toe-touch is held."""


def calibrate(
    name: str,
    clip: str | os.PathLike[str],
    *,
    toe_touch: str | os.PathLike[str] | None = None,
    height_cm: float | None = None,
    model: PoseModel = PoseModel.FULL,
    progress: Progress = lambda stage, share: None,
) -> Profile:
    """Measure a lifter's own standing; nothing is stored yet.

    Args:
        name: Of the lifter.
        clip: In which they stand relaxed, side-on, for a few seconds.
        toe_touch: In which they bend forward as far as they can; gives their own maximum.
        height_cm: Body height.
        model: Pose model.
        progress: Called as the work goes on.

    Raises:
        UsageError: The name cannot be kept, or the height is in another unit.
        ClipError: A clip cannot be read.
        NothingSeen: No relaxed standing, or no forward bend, that the picture shows well enough.
    """
    name, stature_cm = checked_profile_name(name), checked_stature_cm(height_cm)
    bundle = find_bundle(model)
    info = probe(clip)
    witness = _Witness()
    analysis = analyse(info, bundle, lift=Lift.HINGE, estimator=witness, progress=progress)
    own = witness.own
    _refuse(info, [reason for reason in analysis.view.reasons if reason is not Reason.NO_REPS])
    if own is None or not own.relaxed:
        raise NothingSeen(f"{info.name}: {_why_not_standing(witness.back)}")
    segments, still = witness.back.segments, relaxed_standing(witness.back)
    if not _arms_hang(witness.back.track, witness.back.facing, still):
        raise NothingSeen(
            f"{info.name}: expected relaxed standing, got raised hands. Put the bar down, stand"
            " with your arms hanging for three seconds, and film that."
        )
    neck_deg = segments.neck_deg[still]
    return Profile(
        name=name,
        date=dt.date.today(),
        clip=ClipRef(name=info.name, sha256=info.sha256),
        model=witness.name,
        standing_features=[round(float(value), 5) for value in own.features],
        neck_zero_deg=(
            round(float(np.nanmedian(neck_deg)), 1) if np.isfinite(neck_deg).any() else None
        ),
        trunk_thigh_deg=round(float(np.nanmedian(segments.trunk_thigh_deg[still])), 1),
        knee_deg=round(float(np.nanmedian(segments.knee_flexion_deg[still])), 1),
        most_flexion=(
            None if toe_touch is None else _most_flexion(probe(toe_touch), bundle, own, progress)
        ),
        stature_cm=stature_cm,
    )


class _Witness:
    """The spine model, remembering what it was shown."""

    back: BackView
    own: OwnShape | None

    def __init__(self) -> None:
        self._model = ModelEstimator()
        self.name = self._model.name

    def estimate(self, back: BackView) -> SpineSeries:
        self.back, self.own = back, self._model.own_shape(back)
        return self._model.estimate(back)


def _arms_hang(track: Track, facing: int, still: NDArray[np.bool_]) -> bool:
    """Whether the near hand is below the middle of the trunk in most frames that show it.

    Hands on a bar on the back are at the shoulders, hanging ones below the hips.
    """
    wrist = Landmark.RIGHT_WRIST if facing > 0 else Landmark.LEFT_WRIST
    middle = (track.middle_px(Landmark.LEFT_HIP) + track.middle_px(Landmark.LEFT_SHOULDER)) / 2
    below = (track.plumb(track.landmarks_px[:, wrist]) - track.plumb(middle))[still, 1]
    known = below[np.isfinite(below)]
    return len(known) == 0 or bool(np.median(known) > 0)


def _why_not_standing(back: BackView) -> str:
    """What a clip lacks that shows the lifter but no relaxed standing, and what to do."""
    trunk_deg = float(np.nanmedian(back.segments.trunk_deg))
    low, high = STANDING_TRUNK_DEG
    if not low < trunk_deg < high:
        way = "forward" if trunk_deg > 0 else "back"
        return (
            f"expected relaxed standing, but the trunk leans {way} by {abs(trunk_deg):.0f} degrees."
            " Stand tall, hold the camera level, and film that for three seconds."
        )
    return (
        "expected relaxed standing for at least half a second, found none."
        " Stand side-on, arms hanging, still for three seconds, and film that with a steady camera."
    )


def _most_flexion(
    info: ClipInfo, bundle: ModelBundle, own: OwnShape, progress: Progress
) -> MostFlexion:
    """The most lumbar flexion at the bottom of any bend in the clip."""
    estimator = ModelEstimator(remembered=own)
    analysis = analyse(info, bundle, lift=Lift.HINGE, estimator=estimator, progress=progress)
    bends = [_bottom(analysis, check.rep.bottom) for check in analysis.reps if check.gradeable]
    known = [bend for bend in bends if np.isfinite(bend[0])]
    if not known:
        reasons = [*analysis.view.reasons, *(r for check in analysis.reps for r in check.reasons)]
        _refuse(info, reasons or [Reason.NO_REPS])
    value, sd = max(known)
    if value < LEAST_MOST_DEG:
        raise NothingSeen(
            f"{info.name}: expected a full forward bend, got one with {value:.0f} degrees of lumbar"
            " flexion. Let the back go round and reach for the floor with straight knees."
        )
    return MostFlexion(
        lumbar_flexion_deg=round(value, 1),
        sd_deg=round(sd, 1),
        clip=ClipRef(name=info.name, sha256=info.sha256),
    )


def _bottom(analysis: Analysis, frame: int) -> tuple[float, float]:
    """Lumbar flexion about a frame with its standard deviation; NaN where it is unknown."""
    lumbar, time_s = analysis.angles.lumbar_flexion, analysis.track.time_s
    near = (np.abs(time_s - time_s[frame]) <= AT_BOTTOM_S) & np.isfinite(lumbar.value_deg)
    if not near.any():
        return np.nan, np.nan
    return float(lumbar.value_deg[near].mean()), float(lumbar.sd_deg[near].mean())


def _refuse(info: ClipInfo, reasons: Sequence[Reason]) -> None:
    if reasons:
        raise NothingSeen(f"{info.name}: {message(reasons[0])}")
