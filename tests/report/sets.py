"""A simulated set as records: what the pipeline hands to the report, without any video."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import cv2
import numpy as np

from hingecheck.form.clean_depth import UNKNOWN, clean_depth
from hingecheck.form.cues import phrase
from hingecheck.form.findings.butt_wink import NOT_GRADED
from hingecheck.form.records import (
    Analysis,
    Band,
    ButtWink,
    CleanDepth,
    Code,
    Finding,
    Measure,
    Reason,
    RepCheck,
    Rounding,
    Tempo,
    Unit,
    Verdict,
    ViewCheck,
)
from hingecheck.motion.bar import BarPath
from hingecheck.motion.hamstrings import hamstring_lengths
from hingecheck.motion.records import Angles, Lift, LiftGuess, Rep
from hingecheck.pose.heads import Heads
from hingecheck.pose.records import FloatArray, Track
from hingecheck.report.html import RepStills
from hingecheck.report.result import build_result
from hingecheck.report.schema import Clip, PoseInfo, Result
from hingecheck.spine.records import BaselineSource, Estimate, Profile, SpineSeries

NAN = float("nan")
STATIONS = 36


@dataclass(frozen=True)
class SetOfReps:
    """A set to make records from.

    Attributes:
        tucks_deg: One rep each; NaN for a rep that cannot be graded.
        tuck_sd_deg: One standard error of every tuck.
        rounding_deg: Lumbar flexion held through all reps, on top of the usual.
        rounding: Verdict on it.
        fps: Frames per second.
        lead_s: Seconds of standing before the first rep and after the last.
        rep_s: Seconds per rep.
        detected: Whether anybody is seen at all.
        view_reasons: Reasons against the view.
        view_gradeable: Whether the spine may be judged.
        gap: Frames in which the lifter is lost.
        warnings: Plain sentences about the input.
    """

    tucks_deg: Sequence[float] = (3.0, 4.0, 18.0)
    tuck_sd_deg: float = 3.1
    rounding_deg: float = 0.0
    rounding: Verdict = Verdict.NO
    fps: float = 30.0
    lead_s: float = 1.5
    rep_s: float = 3.4
    detected: bool = True
    view_reasons: tuple[Reason, ...] = ()
    view_gradeable: bool = True
    gap: slice = field(default_factory=lambda: slice(0, 0))
    warnings: tuple[str, ...] = ()

    @property
    def frames(self) -> int:
        """Frames in the clip."""
        return round(self.fps * (2 * self.lead_s + len(self.tucks_deg) * self.rep_s))


def make_analysis(of: SetOfReps) -> Analysis:
    """Smooth hinges with the tucks asked for, every record filled in."""
    time_s = np.arange(of.frames) / of.fps
    reps = [_rep(of, i) for i in range(len(of.tucks_deg))]
    depth, late = np.zeros(of.frames), np.zeros(of.frames)
    for rep, tuck_deg in zip(reps, of.tucks_deg, strict=True):
        frames = np.arange(rep.start, rep.end + 1)
        phase = (frames - rep.start) / (rep.end - rep.start)
        depth[frames] = np.sin(np.pi * phase) ** 2
        deep = np.clip((depth[frames] - 0.7) / 0.3, 0.0, 1.0)
        late[frames] = (5.0 if np.isnan(tuck_deg) else tuck_deg) * deep**1.5
    angles = _angles(of, depth, late)
    checks = tuple(
        _check(of, rep, tuck_deg, angles, time_s)
        for rep, tuck_deg in zip(reps, of.tucks_deg, strict=True)
    )
    seen = np.isfinite(angles.trunk_inclination.value_deg)
    return Analysis(
        track=_track(time_s, seen),
        profile=Profile(
            station=np.linspace(-0.25, 0.95, STATIONS),
            edge_px=np.zeros((of.frames, STATIONS, 2)),
            depth=np.zeros((of.frames, STATIONS)),
            valid=np.ones((of.frames, STATIONS), dtype=bool),
            coverage=np.where(seen, 0.94, NAN),
        ),
        spine=SpineSeries(
            pelvic_tilt=angles.pelvic_tilt,
            lumbar_flexion=angles.lumbar_flexion,
            thoracic_flexion=angles.thoracic_flexion,
            shared_sd_deg=np.full(of.frames, 4.0),
            baseline_source=BaselineSource.STANDING,
            baseline_s=(0.1, 1.2) if of.detected else (NAN, NAN),
        ),
        angles=angles,
        quality=np.where(seen, 0.9, 0.0),
        view=ViewCheck(1, 6.2 if of.detected else NAN, of.view_gradeable, of.view_reasons),
        lift=LiftGuess(Lift.RDL, 0.87, "auto"),
        reps=checks,
        measures=(),
        findings=(),
        clean_depth=clean_depth([check.clean_depth for check in checks]),
        bar=BarPath(
            np.where(seen, 3.0, NAN), np.where(seen, 75 - 45 * depth, NAN), np.full(of.frames, 4.0)
        ),
        hamstrings=hamstring_lengths(angles),
        warnings=of.warnings,
        heads=Heads(np.full((of.frames, 0, 3), NAN), seen),
    )


def measure(code: Code, rep: int | None, verdict: Verdict, **told: Any) -> Measure:
    """An answer; the value 48 (38 to 58) with limit 30 at 6.0 s unless told otherwise."""
    seen: dict[str, Any] = {
        "value": 48.0,
        "ci95": (38.0, 58.0),
        "unit": Unit.DEG,
        "limit": 30.0,
        "time_s": 6.0,
        "band": Band.CLEAR,
    }
    if verdict is Verdict.NOT_GRADEABLE:
        seen |= {"value": NAN, "ci95": (NAN, NAN), "band": None}
    return Measure(code=code, rep=rep, verdict=verdict, **(seen | told))


def with_measures(analysis: Analysis, *measures: Measure) -> Analysis:
    """The same set with more answers, and a finding for each yes."""

    def found(one: Measure) -> Finding:
        band = one.band or Band.SLIGHT
        return Finding(one.code, band, one.time_s, one.value, one.unit, phrase(one.code).cue)

    def of(rep: int | None) -> tuple[tuple[Measure, ...], tuple[Finding, ...]]:
        own = tuple(one for one in measures if one.rep == rep)
        return own, tuple(found(one) for one in own if one.verdict is Verdict.YES)

    checks = []
    for check in analysis.reps:
        own, findings = of(check.rep.index)
        checks.append(
            replace(
                check,
                measures=(*check.measures, *own),
                findings=(*check.findings, *findings),
            )
        )
    of_set, set_findings = of(None)
    return replace(analysis, reps=tuple(checks), measures=of_set, findings=set_findings)


def without_tuck_verdict(analysis: Analysis) -> Analysis:
    """The same set with no tuck judged in any rep, as where there is no descent to judge."""
    return replace(
        analysis,
        reps=tuple(
            replace(
                check,
                reasons=(Reason.NO_DESCENT,),
                butt_wink=NOT_GRADED,
                findings=tuple(found for found in check.findings if found.code != "butt_wink"),
            )
            for check in analysis.reps
        ),
    )


def make_result(analysis: Analysis, name: str = "rdl_set.mp4", portrait: bool = False) -> Result:
    """The record of an analysis, as the pipeline builds it."""
    size = (1080, 1920) if portrait else (1920, 1080)
    return build_result(
        analysis,
        clip=Clip(
            name=name,
            sha256="9f2c" * 16,
            width_px=size[0],
            height_px=size[1],
            duration_s=round(analysis.frames / 30.0, 3),
            frames=analysis.frames,
            mean_fps=30.0,
            variable_frame_rate=False,
            rotation_deg=0,
        ),
        pose=PoseInfo(
            model="full",
            model_sha256="4eaa" * 16,
            detected_fraction=float(analysis.track.detected.mean()),
        ),
        timing={"pose": 9.31234, "spine": 0.8, "motion": 0.05, "overlay": 6.4},
        settings={"model": "full", "lift": None, "overlay": True},
    )


def make_stills(analysis: Analysis) -> dict[int, RepStills]:
    """A drawn lifter for every rep."""
    stills = {}
    for check in analysis.reps:
        pictures = []
        for frame in (check.worst, check.reference):
            trunk_deg = float(np.nan_to_num(analysis.angles.trunk_inclination.value_deg[frame]))
            pictures.append((_picture(trunk_deg), float(analysis.track.time_s[frame])))
        stills[check.rep.index] = RepStills(*pictures[0], *pictures[1])
    return stills


def _rep(of: SetOfReps, i: int) -> Rep:
    start = round(of.fps * (of.lead_s + i * of.rep_s + 0.1))
    end = round(of.fps * (of.lead_s + (i + 1) * of.rep_s - 0.4))
    return Rep(i + 1, start, start, (start + end) // 2, end, from_floor=False)


def _angles(of: SetOfReps, depth: FloatArray, late: FloatArray) -> Angles:
    rng = np.random.default_rng(7)
    missing = np.zeros(of.frames, dtype=bool)
    missing[of.gap] = True
    missing |= not of.detected

    def estimate(value_deg: FloatArray, sd_deg: float, grow: float = 0.0) -> Estimate:
        wobble = np.convolve(rng.normal(0, 1.2, of.frames), np.ones(7) / 7, mode="same")
        return Estimate(
            np.where(missing, NAN, value_deg + wobble),
            np.where(missing, NAN, sd_deg + grow * depth),
        )

    lumbar = 17.0 * depth + late + of.rounding_deg * np.minimum(1.0, 3 * depth)
    pelvis = 60.0 * depth - 0.7 * late
    thigh, shank = 22.0 * depth, -4.0 * depth
    return Angles(
        trunk_inclination=estimate(78.0 * depth + 3, 1.5),
        pelvic_tilt=estimate(pelvis, 3.5, 2.0),
        lumbar_flexion=estimate(lumbar, 4.0, 2.5),
        thoracic_flexion=estimate(6.0 * depth, 5.0),
        thigh_inclination=estimate(thigh, 2.0),
        shank_inclination=estimate(shank, 2.0),
        knee_flexion=estimate(thigh + shank + 4, 2.8),
        hip_flexion=estimate(pelvis + thigh, 4.0, 2.0),
        trunk_thigh_flexion=estimate(100.0 * depth + 3, 2.5),
        neck_extension=estimate(20.0 * depth, 6.0),
        view_yaw=estimate(np.full(of.frames, 6.2), 4.0),
    )


def _track(time_s: FloatArray, seen: FloatArray) -> Track:
    frames = len(time_s)
    landmarks = np.where(seen[:, None, None], np.full((frames, 33, 2), 400.0), NAN)
    world = np.where(seen[:, None, None], np.zeros((frames, 33, 3)), NAN)
    return Track(time_s, landmarks, world, np.full((frames, 33), 0.99), 1920, 1080)


def _check(
    of: SetOfReps, rep: Rep, tuck_deg: float, angles: Angles, time_s: FloatArray
) -> RepCheck:
    gradeable = of.view_gradeable and not np.isnan(tuck_deg)
    if not gradeable:
        none = (NAN, NAN)
        verdict = Verdict.NOT_GRADEABLE
        reasons = of.view_reasons or (Reason.LIFTER_LOST,)
        wink = ButtWink(verdict, NAN, none, NAN, NAN, NAN, NAN, None)
        return RepCheck(
            rep=rep,
            gradeable=False,
            reasons=reasons,
            worst=rep.bottom,
            reference=rep.start,
            butt_wink=wink,
            rounding=Rounding(verdict, NAN, none, None),
            measures=(),
            findings=(),
            tempo=Tempo(1.5, 0.1, 1.3),
            clean_depth=UNKNOWN,
        )

    low, high = tuck_deg - 1.96 * of.tuck_sd_deg, tuck_deg + 1.96 * of.tuck_sd_deg
    verdict = Verdict.YES if low > 8 else Verdict.NO if high < 14 else Verdict.UNSURE
    onset = rep.start + round(0.72 * (rep.bottom - rep.start))
    flexion = float(np.nanmax(angles.lumbar_flexion.value_deg[rep.start : rep.end]))
    findings = []
    if verdict is Verdict.YES:
        cue = "Stop the descent where your pelvis stops turning; go deeper once it follows."
        bottom_s = float(time_s[rep.bottom])
        findings.append(
            Finding(Code.BUTT_WINK, band_of(tuck_deg), bottom_s, tuck_deg, Unit.DEG, cue)
        )
    if of.rounding is Verdict.YES:
        cue = "Set the back before you move: chest long, ribs down, then push the hips back."
        start_s = float(time_s[rep.start])
        findings.append(Finding(Code.ROUNDING, Band.SLIGHT, start_s, flexion, Unit.DEG, cue))
    held = verdict is Verdict.NO
    return RepCheck(
        rep=rep,
        gradeable=True,
        reasons=(),
        worst=rep.bottom,
        reference=rep.start + 8,
        butt_wink=ButtWink(
            verdict=verdict,
            tuck_deg=tuck_deg,
            ci95_deg=(max(0.0, low), high),
            posterior_tilt_deg=0.7 * tuck_deg,
            onset_s=NAN if held else float(time_s[onset]),
            onset_descent_pct=NAN if held else 78.0,
            onset_hip_flexion_deg=NAN if held else 71.4,
            band=band_of(tuck_deg),
            sd_deg=of.tuck_sd_deg,
        ),
        rounding=Rounding(
            of.rounding,
            flexion,
            (flexion - 11, flexion + 11),
            Band.SLIGHT if of.rounding is Verdict.YES else Band.HELD,
            limit_deg=30.5,
        ),
        measures=(_knee(rep, angles, time_s),),
        findings=tuple(findings),
        tempo=Tempo(1.5, 0.1, 1.3),
        clean_depth=UNKNOWN
        if verdict is Verdict.UNSURE
        else CleanDepth(71.4, 5.0, 21.0, 34.0, not held, float(time_s[onset])),
    )


def _knee(rep: Rep, angles: Angles, time_s: FloatArray) -> Measure:
    knee_deg = float(np.nan_to_num(angles.knee_flexion.value_deg[rep.bottom]))
    return Measure(
        code=Code.SQUATTED_HINGE,
        rep=rep.index,
        verdict=Verdict.NO,
        value=knee_deg,
        ci95=(knee_deg - 12, knee_deg + 12),
        unit=Unit.DEG,
        limit=45.0,
        time_s=float(time_s[rep.bottom]),
        band=Band.HELD,
    )


def band_of(tuck_deg: float) -> Band:
    """Size in words."""
    for limit, band in ((8, Band.HELD), (15, Band.SLIGHT), (25, Band.CLEAR)):
        if tuck_deg < limit:
            return band
    return Band.LARGE


def _picture(trunk_deg: float) -> bytes:
    picture = np.full((640, 480, 3), (214, 210, 204), dtype=np.uint8)
    cv2.rectangle(picture, (0, 560), (480, 640), (150, 146, 140), -1)
    lean = np.radians(trunk_deg)
    hip = np.array([200 - 60 * np.sin(lean), 380 + 20 * np.sin(lean)])
    shoulder = hip + 170 * np.array([np.sin(lean), -np.cos(lean)])
    head = shoulder + 50 * np.array([np.sin(lean), -np.cos(lean)])
    knee, ankle = np.array([215.0, 470.0]), np.array([200.0, 560.0])
    for a, b in ((hip, shoulder), (hip, knee), (knee, ankle)):
        cv2.line(picture, _pixel(a), _pixel(b), (70, 66, 60), 44, cv2.LINE_AA)
    cv2.circle(picture, _pixel(head), 30, (70, 66, 60), -1, cv2.LINE_AA)
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes()


def _pixel(point: FloatArray) -> tuple[int, int]:
    return round(float(point[0])), round(float(point[1]))
