"""From what was found in a clip to the files that a check leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Literal, cast

from hingecheck.clip import ClipInfo
from hingecheck.form.records import Analysis, RepCheck
from hingecheck.form.screen import drills_for
from hingecheck.motion.records import Lift
from hingecheck.overlay.film import draw_film, draw_stills
from hingecheck.pose.models import ModelBundle
from hingecheck.report.html import RepStills, render_report
from hingecheck.report.result import build_result, write_result
from hingecheck.report.schema import Clip, PoseInfo, Result
from hingecheck.report.tables import write_tables
from hingecheck.spine.model import ModelEstimator
from hingecheck.spine.records import BaselineSource
from hingecheck.store.profiles import Profile

__all__ = ["Progress", "remembered", "timed", "write_check"]

Progress = Callable[[str, float], None]
"""Told the stage ("look", "judge", "draw", "write") and the share of it that is done, 0..1."""


def write_check(
    info: ClipInfo,
    analysis: Analysis,
    folder: Path,
    *,
    bundle: ModelBundle,
    settings: dict[str, str | bool | None],
    estimator: ModelEstimator,
    stored: Profile | None = None,
    overlay: bool = True,
    progress: Progress = lambda stage, share: None,
    timing: dict[str, float] | None = None,
) -> Result:
    """Write everything that a check leaves behind into an empty folder.

    Args:
        info: The clip; its frames are the analysis's.
        analysis: What was found in it.
        folder: Where the files go.
        bundle: The pose model that looked.
        settings: What was asked for, for the record.
        estimator: The spine model.
        stored: The lifter's profile.
        overlay: Whether to draw overlay.mp4.
        progress: Called as the work goes on.
        timing: Receives the seconds of each stage.

    Raises:
        OutputError: Something could not be written.
    """
    timing = {} if timing is None else timing
    warnings = [stored.stale_note] if stored and stored.is_stale(estimator.name) else []
    if overlay:
        with timed(timing, "draw"):
            warnings += draw_film(
                info, analysis, folder / "overlay.mp4", lambda share: progress("draw", share)
            )
    progress("write", 0.0)
    analysis = replace(analysis, warnings=(*analysis.warnings, *warnings))
    with timed(timing, "stills"):
        stills = _rep_stills(info, analysis)
    result = build_result(
        analysis,
        clip=_clip_record(info, analysis.frames),
        pose=PoseInfo(
            model=bundle.model.value,
            model_sha256=bundle.sha256,
            detected_fraction=float(analysis.track.detected.mean()),
        ),
        timing=timing,
        settings=settings,
        profile=stored.name if stored and remembered(analysis) else None,
        drills=_drills(analysis),
        most_lumbar_deg=stored.most_lumbar_deg(estimator.name) if stored else None,
    )
    write_result(result, folder / "result.json")
    write_tables(analysis, folder)
    page = render_report(analysis, result, stills, "overlay.mp4" if overlay else None)
    (folder / "report.html").write_text(page, encoding="utf-8")
    return result


def remembered(analysis: Analysis) -> bool:
    """Whether the zero came from a stored profile."""
    return analysis.spine.baseline_source is BaselineSource.PROFILE


def _drills(analysis: Analysis) -> list[str]:
    """Names of the drills for a lifter whose hips end a hinge early."""
    if analysis.lift.name not in (Lift.RDL, Lift.HINGE):
        return []
    return [drill.name for drill in drills_for(analysis.clean_depth)]


def _rep_stills(info: ClipInfo, analysis: Analysis) -> dict[int, RepStills]:
    def pictured(check: RepCheck) -> tuple[int, int]:
        return check.worst, check.reference

    wanted = {frame for check in analysis.reps for frame in pictured(check)}
    jpeg = draw_stills(info, analysis, wanted)
    time_s = analysis.track.time_s
    return {
        check.rep.index: RepStills(
            worst=jpeg[check.worst],
            worst_s=float(time_s[check.worst]),
            reference=jpeg[check.reference],
            reference_s=float(time_s[check.reference]),
        )
        for check in analysis.reps
        if set(pictured(check)) <= jpeg.keys()
    }


def _clip_record(info: ClipInfo, frames: int) -> Clip:
    return Clip(
        name=info.name.encode("utf-8", "replace").decode("utf-8"),
        sha256=info.sha256,
        width_px=info.width_px,
        height_px=info.height_px,
        duration_s=round(info.duration_s, 3),
        frames=frames,
        mean_fps=round(info.mean_fps, 3),
        variable_frame_rate=info.variable_frame_rate,
        rotation_deg=cast("Literal[0, 90, 180, 270]", info.rotation_deg),
    )


@contextmanager
def timed(timing: dict[str, float], stage: str) -> Iterator[None]:
    """Measure the seconds of a stage that ends well."""
    start = perf_counter()
    yield
    timing[stage] = perf_counter() - start
