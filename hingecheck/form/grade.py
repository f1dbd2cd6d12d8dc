"""From angles and the view to answers: every rep judged, or refused with a reason."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hingecheck.form.clean_depth import clean_depth, rep_clean_depth
from hingecheck.form.cues import phrase
from hingecheck.form.filmed import FilmedSet, way
from hingecheck.form.findings import FINDINGS, butt_wink, measure_all, rounding
from hingecheck.form.findings.tempo import tempo_of
from hingecheck.form.lifts import LIFTS
from hingecheck.form.limbs import refused_parts
from hingecheck.form.records import (
    Band,
    ButtWink,
    CleanDepth,
    Finding,
    Measure,
    Part,
    Reason,
    RepCheck,
    Rounding,
    Verdict,
    ViewCheck,
)
from hingecheck.form.view import check_rep_view
from hingecheck.motion.bar import BarPath
from hingecheck.motion.records import Angles, Lift, Rep
from hingecheck.pose.records import FloatArray, Track
from hingecheck.spine.estimator import BackView
from hingecheck.spine.standing import relaxed_standing

__all__ = ["GradedSet", "grade_set", "with_spine_verdicts"]

NEAR_BOTTOM_S = 0.25
"""A picture this long before the deepest still shows the bottom."""


@dataclass(frozen=True, slots=True)
class GradedSet:
    """A set with all its answers.

    Attributes:
        reps: The repetitions with theirs, in time order.
        measures: What was asked of the set as a whole.
        findings: What to say of it.
        clean_depth: How deep the lifter hinges before the pelvis tucks.
    """

    reps: tuple[RepCheck, ...]
    measures: tuple[Measure, ...]
    findings: tuple[Finding, ...]
    clean_depth: CleanDepth


def grade_set(
    track: Track,
    back: BackView,
    angles: Angles,
    bar: BarPath,
    view: ViewCheck,
    lift: Lift,
    reps: tuple[Rep, ...],
    shared_sd_deg: FloatArray | float,
) -> GradedSet:
    """Verdicts for every rep and the set.

    Args:
        track: Landmarks as seen.
        back: Filtered landmarks and the dorsal profile.
        angles: Filtered angles.
        bar: Where the hands were.
        view: What the camera position allows.
        lift: Which thresholds apply.
        reps: The repetitions.
        shared_sd_deg: See `SpineSeries.shared_sd_deg`.
    """
    refusals = {rep.index: check_rep_view(track, back, rep, view) for rep in reps}
    refused: dict[tuple[int, Part], Reason] = {}
    for rep in reps:
        refused |= refused_parts(back.track, rep, view.yaw_deg, refusals[rep.index])
    filmed = FilmedSet(
        time_s=track.time_s,
        angles=angles,
        bar=bar,
        reps=reps,
        config=LIFTS[lift],
        shared_sd_deg=shared_sd_deg,
        standing=relaxed_standing(back),
        refused=refused,
    )
    filmed = with_spine_verdicts(filmed)
    measures = measure_all(filmed)
    checks = tuple(_rep_check(filmed, track, rep, refusals[rep.index], measures) for rep in reps)
    of_set = tuple(measure for measure in measures if measure.rep is None)
    return GradedSet(
        reps=checks,
        measures=of_set,
        findings=_findings(of_set),
        clean_depth=clean_depth([check.clean_depth for check in checks]),
    )


def with_spine_verdicts(filmed: FilmedSet) -> FilmedSet:
    """The set with its reps' verdicts on tuck and rounding."""
    rhythms = butt_wink.fit_rhythms(filmed.time_s, filmed.angles, filmed.reps, filmed.config)
    winks: dict[int, ButtWink] = {}
    rounded: dict[int, Rounding] = {}
    for rep in filmed.reps:
        reason = filmed.refused.get((rep.index, Part.BACK))
        if reason is not None:
            winks[rep.index] = replace(butt_wink.NOT_GRADED, reason=reason)
            rounded[rep.index] = replace(rounding.NOT_GRADED, reason=reason)
            continue
        rhythm = rhythms.get(rep.index)
        wink, late_deg = butt_wink.NOT_GRADED, float("nan")
        if rhythm is not None:
            wink = butt_wink.measure_tuck(
                filmed.time_s, filmed.angles, rhythm, filmed.shared_sd_deg
            )
            late_deg = butt_wink.late_excess(filmed.angles, rhythm, filmed.deep(rep))
        if wink.verdict is Verdict.NOT_GRADEABLE:
            wink = replace(wink, reason=_why_untold(filmed, rep))
        round_back = rounding.measure_rounding(filmed.angles, rep, filmed.config, late_deg)
        if round_back.verdict is Verdict.NOT_GRADEABLE:
            round_back = replace(round_back, reason=Reason.BACK_HIDDEN)
        winks[rep.index], rounded[rep.index] = wink, round_back
    return replace(filmed, winks=winks, roundings=rounded)


def _rep_check(
    filmed: FilmedSet,
    track: Track,
    rep: Rep,
    refusal: tuple[Reason, ...],
    measures: tuple[Measure, ...],
) -> RepCheck:
    wink, rounded = filmed.winks[rep.index], filmed.roundings[rep.index]
    own = tuple(measure for measure in measures if measure.rep == rep.index)
    untold = (wink.reason,) if wink.reason is not None else ()
    return RepCheck(
        rep=rep,
        gradeable=not refusal,
        reasons=refusal or untold,
        worst=_lowest_seen(filmed, rep),
        reference=_reference(filmed, rep, track),
        butt_wink=wink,
        rounding=rounded,
        measures=own,
        findings=_findings(own),
        tempo=tempo_of(filmed, rep),
        clean_depth=rep_clean_depth(filmed, rep, wink),
    )


def _findings(measures: tuple[Measure, ...]) -> tuple[Finding, ...]:
    """The answers that are yes, in words; the order is that of `FINDINGS`."""
    order = list(FINDINGS)
    told = [measure for measure in measures if measure.verdict is Verdict.YES]
    told.sort(key=lambda measure: order.index(measure.code))
    return tuple(
        Finding(
            code=measure.code,
            severity=measure.band or Band.SLIGHT,
            time_s=measure.time_s,
            value=round(measure.value, 1),
            unit=measure.unit,
            cue=phrase(measure.code).cue,
        )
        for measure in told
    )


def _why_untold(filmed: FilmedSet, rep: Rep) -> Reason:
    """What a tuck lacked in a rep whose view is good."""
    frames = way(rep, filmed.config.baseline)
    if len(frames) < 2:
        return Reason.NO_DESCENT
    lumbar = filmed.angles.lumbar_flexion.value_deg[frames]
    return Reason.FRAME_RATE_LOW if np.isfinite(lumbar).all() else Reason.BACK_HIDDEN


def _lowest_seen(filmed: FilmedSet, rep: Rep) -> int:
    """The last frame at the bottom whose back was seen, to show; the bottom where none was."""
    frames = way(rep, filmed.config.baseline)
    seen = frames[np.isfinite(filmed.angles.lumbar_flexion.value_deg[frames])]
    near = np.abs(filmed.time_s[seen] - filmed.time_s[frames[-1]]) <= NEAR_BOTTOM_S
    return int(seen[near][-1]) if near.any() else int(frames[-1])


def _reference(filmed: FilmedSet, rep: Rep, track: Track) -> int:
    """Frame in the middle of the baseline's early descent, to show beside the worst one."""
    frames = way(rep, filmed.config.baseline)
    depth = filmed.angles.trunk_thigh_flexion.value_deg[frames]
    if len(frames) < 2:
        return rep.top
    early = depth[0] + np.mean(butt_wink.EARLY) * (depth[-1] - depth[0])
    off = np.where(track.detected[frames], np.abs(depth - early), np.inf)
    return int(frames[np.argmin(np.where(np.isfinite(off), off, np.inf))])
