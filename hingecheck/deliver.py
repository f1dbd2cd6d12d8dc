"""From what was found in a clip to the files that a check leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from time import perf_counter
from typing import Literal, cast

import numpy as np

from hingecheck.clip import ClipInfo
from hingecheck.form.records import Analysis
from hingecheck.form.screen import drills_for
from hingecheck.motion.records import Lift
from hingecheck.overlay.film import THUMB_PX, Pictures, draw_film, draw_stills, shrunk
from hingecheck.pose.models import ModelBundle
from hingecheck.report.html import RepStills, render_report
from hingecheck.report.landmarks import write_landmarks
from hingecheck.report.result import build_result, worst_rep, write_result
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
    pictures: Pictures,
    stored: Profile | None = None,
    progress: Progress = lambda stage, share: None,
    timing: dict[str, float] | None = None,
) -> Result:
    """Write everything that a check leaves behind into an empty folder.

    Args:
        info: The clip; its frames are the analysis's.
        analysis: What was found in it.
        folder: Where the files go.
        bundle: The pose model that looked.
        settings: What else was asked for, for the record.
        estimator: The spine model.
        pictures: Which pictures are kept.
        stored: The lifter's profile.
        progress: Called as the work goes on.
        timing: Receives the seconds of each stage.

    Raises:
        OutputError: Something could not be written.
    """
    timing = {} if timing is None else timing
    warnings = [stored.stale_note] if stored and stored.is_stale(estimator.name) else []
    film = folder / "overlay.mp4"
    if pictures.overlay:
        with timed(timing, "draw"):
            warnings += draw_film(
                info, analysis, film, pictures, lambda share: progress("draw", share)
            )
    progress("write", 0.0)
    analysis = replace(analysis, warnings=(*analysis.warnings, *warnings))
    with timed(timing, "stills"):
        jpeg = draw_stills(info, analysis, _pictured(analysis, pictures), pictures)
    result = build_result(
        analysis,
        clip=_clip_record(info, analysis.frames),
        pose=PoseInfo(
            model=bundle.model.value,
            model_sha256=bundle.sha256,
            detected_fraction=float(analysis.track.detected.mean()),
        ),
        timing=timing,
        settings={**settings, **asdict(pictures)},
        profile=stored.name if stored and remembered(analysis) else None,
        drills=_drills(analysis),
        most_lumbar_deg=stored.most_lumbar_deg(estimator.name) if stored else None,
    )
    write_result(result, folder / "result.json")
    write_tables(analysis, folder)
    write_landmarks(analysis, folder / "landmarks.npz")
    if pictures.thumbnail and _telling(analysis) in jpeg:
        (folder / "thumb.jpg").write_bytes(shrunk(jpeg[_telling(analysis)], THUMB_PX))
    stills = _rep_stills(analysis, jpeg) if pictures.stills else {}
    page = render_report(analysis, result, stills, film.name if pictures.overlay else None)
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


def _pictured(analysis: Analysis, pictures: Pictures) -> set[int]:
    """Frames that are wanted as stills."""
    frames = {_telling(analysis)} if pictures.thumbnail else set()
    if pictures.stills:
        frames |= {frame for check in analysis.reps for frame in (check.worst, check.reference)}
    return frames


def _telling(analysis: Analysis) -> int:
    """The frame that stands for a clip: the worst rep's worst, else one in the middle."""
    worst = worst_rep(analysis.reps)
    for check in analysis.reps:
        if worst in (None, check.rep.index):
            return check.worst
    middle = analysis.frames // 2
    seen = np.flatnonzero(analysis.track.detected)
    return int(seen[np.abs(seen - middle).argmin()]) if len(seen) else middle


def _rep_stills(analysis: Analysis, jpeg: dict[int, bytes]) -> dict[int, RepStills]:
    time_s = analysis.track.time_s
    return {
        check.rep.index: RepStills(
            worst=jpeg[check.worst],
            worst_s=float(time_s[check.worst]),
            reference=jpeg[check.reference],
            reference_s=float(time_s[check.reference]),
        )
        for check in analysis.reps
        if {check.worst, check.reference} <= jpeg.keys()
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
