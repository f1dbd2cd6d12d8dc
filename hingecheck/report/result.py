"""An analysis turned into the record that `result.json` holds."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from hingecheck import __version__
from hingecheck.form.cues import phrase, with_unit
from hingecheck.form.judge import interval_of
from hingecheck.form.messages import message
from hingecheck.form.records import (
    Analysis,
    Band,
    CleanDepth,
    Code,
    Finding,
    Measure,
    Reason,
    RepCheck,
    Unit,
    Verdict,
)
from hingecheck.pose.records import FloatArray
from hingecheck.report.schema import (
    Baseline,
    ButtWinkResult,
    CleanDepthResult,
    Clip,
    FindingResult,
    HamstringResult,
    LiftInfo,
    MeasureResult,
    PoseInfo,
    Provenance,
    RepResult,
    Result,
    RoundingResult,
    Summary,
    TempoResult,
    Trend,
    View,
)

__all__ = ["build_result", "read_result", "write_result"]

MAX_CUES = 2
"""More than two things to think about is none (science.md, "What people ask for")."""

MIN_REPS_FOR_TREND = 3
"""Two points always lie on a line; a third one can disagree with it."""

MIN_SD_DEG = 0.5
"""No tuck is known better than this: keeps one rep from deciding the trend alone."""

PEAK_S = 0.1
"""Angles at the bottom are means over this long before and after it: bodies hardly move there,
and one filtered frame alone scatters by 1-2 degrees (docs/method.md)."""

_SEVERITY = {band: rank for rank, band in enumerate(Band)}


def build_result(
    analysis: Analysis,
    *,
    clip: Clip,
    pose: PoseInfo,
    timing: Mapping[str, float],
    settings: Mapping[str, str | float | bool | None],
    profile: str | None = None,
    most_lumbar_deg: float | None = None,
    drills: Sequence[str] = (),
) -> Result:
    """State an analysis in the terms of the file contract.

    Missing values (NaN) become None. Angles are rounded to 0.1 degrees and times to
    milliseconds, well below what either is worth.

    Args:
        analysis: What the check found.
        clip: The file it was found in.
        pose: The pose model that looked at it.
        timing: Seconds per stage, in the order they ran.
        settings: What the person asked for.
        profile: Name of the stored lifter profile that gave the baseline, if one did.
        most_lumbar_deg: The lifter's own maximum lumbar flexion, if a profile knows it.
        drills: Suggestions for between the sessions, most useful first.
    """
    view, spine, lift = analysis.view, analysis.spine, analysis.lift
    start_s, end_s = spine.baseline_s
    return Result(
        clip=clip,
        pose=pose,
        view=View(
            facing=1 if view.facing > 0 else -1,
            yaw_deg=_rounded(view.yaw_deg, 1),
            gradeable=view.gradeable,
            reasons=list(view.reasons),
            messages={reason: message(reason) for reason in _all_reasons(analysis)},
        ),
        baseline=Baseline(
            source=spine.baseline_source if profile is None else f"profile:{profile}",
            start_s=_rounded(start_s, 3),
            end_s=_rounded(end_s, 3),
        ),
        lift=LiftInfo(
            name=lift.name,
            confidence=round(lift.confidence, 2),
            source="user" if lift.source == "user" else "auto",
        ),
        reps=[_rep_result(analysis, check, most_lumbar_deg) for check in analysis.reps],
        summary=Summary(
            reps=len(analysis.reps),
            butt_wink=_count(check.butt_wink.verdict for check in analysis.reps),
            rounding=_count(check.rounding.verdict for check in analysis.reps),
            worst_rep=worst_rep(analysis.reps),
            trend=tuck_trend(analysis.reps),
            cues=useful_cues(analysis.reps, analysis.findings),
            drills=list(drills),
            clean_depth=_clean_depth(analysis.clean_depth),
            findings=[_finding(found) for found in analysis.findings],
            measures=[_measure(measure) for measure in analysis.measures],
        ),
        timing={stage: round(seconds, 3) for stage, seconds in timing.items()},
        provenance=Provenance(
            version=__version__, settings=dict(settings), warnings=list(analysis.warnings)
        ),
    )


def write_result(result: Result, path: Path) -> None:
    """Write `result.json`: UTF-8, two spaces of indentation, null where nothing was measured."""
    path.write_text(result.model_dump_json(by_alias=True, indent=2) + "\n", encoding="utf-8")


def read_result(path: Path) -> Result:
    """Read a `result.json` back; raises `pydantic.ValidationError` where it breaks the contract."""
    return Result.model_validate_json(path.read_bytes())


def worst_rep(reps: Sequence[RepCheck]) -> int | None:
    """Index of the gradeable rep with the largest tuck; the first of equals; None without any."""
    tucks = _graded_tucks(reps)
    return max(tucks, key=lambda check: check.butt_wink.tuck_deg).rep.index if tucks else None


def tuck_trend(reps: Sequence[RepCheck]) -> Trend | None:
    """Slope of the tuck over the rep's index by weighted least squares.

    Weights are one over each tuck's variance. Where the reps scatter more than their own
    intervals say, the slope's standard deviation grows by that excess (Birge ratio). None with
    fewer than three gradeable reps.
    """
    checks = [check for check in _graded_tucks(reps) if math.isfinite(check.butt_wink.sd_deg)]
    if len(checks) < MIN_REPS_FOR_TREND:
        return None
    index = np.array([check.rep.index for check in checks], dtype=np.float64)
    tuck_deg = np.array([check.butt_wink.tuck_deg for check in checks])
    sd_deg = np.array([check.butt_wink.sd_deg for check in checks])
    weight = 1.0 / np.maximum(sd_deg, MIN_SD_DEG) ** 2

    centred = index - np.average(index, weights=weight)
    spread = float(np.sum(weight * centred**2))
    slope = float(np.sum(weight * centred * tuck_deg)) / spread
    residual = tuck_deg - np.average(tuck_deg, weights=weight) - slope * centred
    excess = float(np.sum(weight * residual**2)) / (len(checks) - 2)
    sd = math.sqrt(max(excess, 1.0) / spread)
    return Trend(tuck_deg_per_rep=round(slope, 2), sd_deg_per_rep=round(sd, 2))


def useful_cues(reps: Sequence[RepCheck], of_set: Sequence[Finding] = ()) -> list[str]:
    """At most two cues: the most severe kind of finding first, then the most frequent.

    Equals keep the order in which findings are told. Each kind speaks once, in the words of its
    largest occurrence, with its number and the moment to look at.
    """
    by_code: dict[Code, list[tuple[int | None, Finding]]] = {}
    for check in reps:
        for finding in check.findings:
            by_code.setdefault(finding.code, []).append((check.rep.index, finding))
    for finding in of_set:
        by_code.setdefault(finding.code, []).append((None, finding))
    loudest = [
        (*max(kind, key=lambda entry: _size(entry[1])), len(kind)) for kind in by_code.values()
    ]
    order = list(Code)
    loudest.sort(
        key=lambda entry: (-_SEVERITY[entry[1].severity], -entry[2], order.index(entry[1].code))
    )
    said = {finding.cue: cue_sentence(rep, finding) for rep, finding, _ in reversed(loudest)}
    cues = dict.fromkeys(finding.cue for _, finding, _ in loudest)
    return [said[cue] for cue in cues][:MAX_CUES]


def _size(finding: Finding) -> tuple[int, float]:
    """How large a finding is; of a quick descent the shortest is."""
    small = finding.code is Code.FAST_DESCENT
    return _SEVERITY[finding.severity], -finding.value if small else finding.value


def cue_sentence(rep: int | None, finding: Finding) -> str:
    """A cue with its number and the frame: "... (tuck of 18° in rep 2, at 10.5 s)"."""
    name = phrase(finding.code).name
    where = f"rep {rep}, at {finding.time_s:.1f} s" if rep is not None else "over the set"
    return f"{finding.cue} ({name}: {with_unit(finding.value, finding.unit)}, {where}.)"


def _rep_result(analysis: Analysis, check: RepCheck, most_lumbar_deg: float | None) -> RepResult:
    time_s, rep, wink, rounding = analysis.track.time_s, check.rep, check.butt_wink, check.rounding
    peak = _angles_at(analysis, _lowest(check))
    return RepResult(
        index=rep.index,
        start_s=round(float(time_s[rep.start]), 3),
        bottom_s=round(float(time_s[rep.bottom]), 3),
        end_s=round(float(time_s[rep.end]), 3),
        gradeable=check.gradeable,
        reasons=list(check.reasons),
        peak=peak,
        butt_wink=ButtWinkResult(
            verdict=wink.verdict,
            tuck_deg=_rounded(wink.tuck_deg, 1),
            ci95_deg=(_rounded(wink.ci95_deg[0], 1), _rounded(wink.ci95_deg[1], 1)),
            posterior_tilt_deg=_rounded(wink.posterior_tilt_deg, 1),
            onset_s=_rounded(wink.onset_s, 3),
            onset_descent_pct=_rounded(wink.onset_descent_pct, 1),
            onset_hip_flexion_deg=_rounded(wink.onset_hip_flexion_deg, 1),
            band=wink.band,
        ),
        rounding=RoundingResult(
            verdict=rounding.verdict,
            lumbar_flexion_deg=_rounded(rounding.lumbar_flexion_deg, 1),
            ci95_deg=(_rounded(rounding.ci95_deg[0], 1), _rounded(rounding.ci95_deg[1], 1)),
            limit_deg=_rounded(rounding.limit_deg, 1),
            band=rounding.band,
        ),
        findings=[_finding(found) for found in check.findings],
        measures=[_measure(measure) for measure in check.measures],
        tempo=TempoResult(
            descent_s=_rounded(check.tempo.descent_s, 2),
            bottom_s=_rounded(check.tempo.bottom_s, 2),
            ascent_s=_rounded(check.tempo.ascent_s, 2),
        ),
        clean_depth=_clean_depth(check.clean_depth),
        hamstrings=_hamstrings(analysis, check),
        bar_height_bottom_cm=_mean_around(analysis, analysis.bar.height_cm, _lowest(check), 0),
        lumbar_flexion_of_max_pct=(
            _share_pct(peak["lumbar_flexion_deg"], most_lumbar_deg) if check.gradeable else None
        ),
    )


def _share_pct(lumbar_deg: float | None, most_deg: float | None) -> float | None:
    """Flexion in percent of the lifter's own maximum; 0 for a back that is extended."""
    if lumbar_deg is None or most_deg is None:
        return None
    return round(max(0.0, 100 * lumbar_deg / most_deg))


def _lowest(check: RepCheck) -> int:
    """Frame of the posture under load: the bottom, or the set-up where the pull is judged."""
    return check.worst if check.rep.from_floor else check.rep.bottom


def _finding(finding: Finding) -> FindingResult:
    return FindingResult(
        code=finding.code,
        severity=finding.severity,
        time_s=round(finding.time_s, 3),
        value=round(finding.value, 1),
        unit=finding.unit,
        cue=finding.cue,
    )


def _measure(measure: Measure) -> MeasureResult:
    digits = 2 if measure.unit is Unit.S else 1
    return MeasureResult(
        code=measure.code,
        verdict=measure.verdict,
        value=_rounded(measure.value, digits),
        ci95=(_rounded(measure.ci95[0], digits), _rounded(measure.ci95[1], digits)),
        unit=measure.unit,
        limit=_rounded(measure.limit, digits),
        band=measure.band,
        time_s=_rounded(measure.time_s, 3),
        reason=measure.reason,
    )


def _clean_depth(depth: CleanDepth) -> CleanDepthResult:
    low, high = interval_of(depth.hip_flexion_deg, depth.sd_deg)
    return CleanDepthResult(
        hip_flexion_deg=_rounded(depth.hip_flexion_deg, 1),
        ci95_deg=(_rounded(low, 1), _rounded(high, 1)),
        knee_flexion_deg=_rounded(depth.knee_flexion_deg, 1),
        bar_height_cm=_rounded(depth.bar_height_cm, 0),
        reached=depth.reached,
        time_s=_rounded(depth.time_s, 3),
    )


def _hamstrings(analysis: Analysis, check: RepCheck) -> list[HamstringResult]:
    """Lengths where they can be told: the pelvis is known as far as the back may be judged."""
    if not check.gradeable:
        return []
    bottom, onset_s = _lowest(check), check.butt_wink.onset_s
    tucked = check.butt_wink.verdict is Verdict.YES and math.isfinite(onset_s)
    onset = int(np.argmin(np.abs(analysis.track.time_s - onset_s))) if tucked else None
    return [
        HamstringResult(
            belly=belly,
            bottom=_mean_around(analysis, length.ratio, bottom, 4),
            bottom_sd=_mean_around(analysis, length.sd, bottom, 4),
            onset=None if onset is None else _mean_around(analysis, length.ratio, onset, 4),
        )
        for belly, length in analysis.hamstrings.items()
    ]


def _mean_around(analysis: Analysis, signal: FloatArray, frame: int, digits: int) -> float | None:
    """Mean of a signal about a frame; None where that frame is not seen."""
    time_s = analysis.track.time_s
    around = np.abs(time_s - time_s[frame]) <= PEAK_S
    seen = signal[around & np.isfinite(signal)]
    return _rounded(seen.mean() if np.isfinite(signal[frame]) else np.nan, digits)


def _angles_at(analysis: Analysis, frame: int) -> dict[str, float | None]:
    peak: dict[str, float | None] = {}
    for name, estimate in analysis.angles.items():
        peak[f"{name}_deg"] = _mean_around(analysis, estimate.value_deg, frame, 1)
        peak[f"{name}_sd_deg"] = _rounded(estimate.sd_deg[frame], 1)
    return peak


def _graded_tucks(reps: Iterable[RepCheck]) -> list[RepCheck]:
    return [
        check
        for check in reps
        if check.gradeable
        and check.butt_wink.verdict is not Verdict.NOT_GRADEABLE
        and math.isfinite(check.butt_wink.tuck_deg)
    ]


def _all_reasons(analysis: Analysis) -> dict[Reason, None]:
    """Every reason the result names, the view's first; a dict for its order."""
    ordered = list(analysis.view.reasons)
    for check in analysis.reps:
        ordered.extend(check.reasons)
    return dict.fromkeys(ordered)


def _count(verdicts: Iterable[Verdict]) -> dict[Verdict, int]:
    counts = Counter(verdicts)
    return {verdict: counts[verdict] for verdict in Verdict}


def _rounded(value: float, digits: int) -> float | None:
    """A rounded plain float without negative zero, or None where nothing was measured."""
    return round(float(value), digits) + 0.0 if math.isfinite(value) else None
