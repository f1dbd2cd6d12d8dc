"""From a filmed hinge or toe-touch to a mobility screen: the pipeline, as one sentence."""

from __future__ import annotations

import datetime as dt
import math
import os
from pathlib import Path
from typing import Literal, NamedTuple

from hingecheck import __version__
from hingecheck.clip import ClipInfo, probe
from hingecheck.clip.memory import return_big_blocks
from hingecheck.deliver import Progress, remembered
from hingecheck.errors import OutputError, UsageError
from hingecheck.form.messages import message
from hingecheck.form.records import Analysis, CleanDepth, Reason, Verdict
from hingecheck.form.screen import (
    LIMITED_HIP_DEG,
    compare_sides,
    drills_for,
    judge_depth,
    screen_depth,
    screen_tuck,
)
from hingecheck.motion.bar import STATURE_CM
from hingecheck.motion.records import Lift
from hingecheck.pipeline import analyse, estimator_for
from hingecheck.pose.models import PoseModel, find_bundle
from hingecheck.report.folder import SCREEN, ResultFolder
from hingecheck.report.screen_page import render_screen
from hingecheck.report.screen_schema import DrillResult, ScreenResult, SideResult, SidesResult
from hingecheck.spine.model import load_spine_model
from hingecheck.store.history import ME, Entry, history_path, merged, read_history, save_history
from hingecheck.store.place import require_writable
from hingecheck.store.profiles import Profile, checked_stature_cm, read_profile

__all__ = ["screen"]

RETEST_DAYS = 14
"""A custom of coaches; ranges of motion were seen to change over weeks, most after more than four
(Konrad 2022, doi 10.1007/s40279-022-01699-8)."""


class Filmed(NamedTuple):
    """One side's clip, what was seen in it, the clean depth it shows, and how sure a tuck is."""

    info: ClipInfo
    analysis: Analysis
    depth: CleanDepth
    tuck: Verdict


def screen(
    clip: str | os.PathLike[str],
    *,
    other_side: str | os.PathLike[str] | None = None,
    out: str | os.PathLike[str] | None = None,
    profile: str | None = None,
    height_cm: float | None = None,
    model: PoseModel = PoseModel.FULL,
    progress: Progress = lambda stage, share: None,
) -> ScreenResult:
    """Screen an unloaded stiff-leg hinge or toe-touch, side-on, and write its folder.

    Args:
        clip: A video file.
        other_side: The same movement filmed from the other side.
        out: The folder; default `<clip stem>.screen` in the current directory.
        profile: Whose history it joins, and whose stored standing is used; None for "me".
        height_cm: Body height; default the profile's.
        model: Pose model.
        progress: Called as the work goes on.

    Returns:
        What `screen.json` holds; `.folder` says where everything was written, and
        `.not_kept` why the history could not be, should that have happened at the end.

    Raises:
        ClipError: A clip cannot be read.
        StoreError: The profile or the history is damaged.
        UsageError: There is no such profile, or `out` cannot be written.
        OutputError: The result could not be written, or the history cannot be.
    """
    return_big_blocks()
    stored = read_profile(profile) if profile is not None else None
    told_cm = checked_stature_cm(height_cm)
    stature_cm = told_cm if told_cm is not None else stored.stature_cm if stored else None
    lifter = stored.name if stored else ME
    history = read_history(lifter)
    require_writable(history_path(lifter))
    infos = [probe(path) for path in (clip, other_side) if path is not None]
    folder = Path(out) if out is not None else Path.cwd() / f"{infos[0].path.stem}.screen"
    if any(info.path.resolve().parent == folder.resolve() for info in infos):
        raise UsageError(
            f"{infos[0].name}: lies in the folder {folder} that the result would replace."
            " Choose another --out."
        )
    with ResultFolder(folder, SCREEN) as partial:
        films = [_film(info, stored, model, progress) for info in infos]
        films.sort(key=_order)
        today = dt.date.today()
        entries = [entry for film in films if (entry := _entry(film, today, stature_cm))]
        history = merged(history, entries)
        drills = drills_for(films[0].depth)
        result = ScreenResult(
            date=today,
            retest=today + dt.timedelta(days=RETEST_DAYS),
            lifter=lifter,
            limit_deg=LIMITED_HIP_DEG,
            sides=[_side(film, stored, stature_cm) for film in films],
            difference=_difference(films),
            drills=[DrillResult(code=d.code, name=d.name, dose=d.dose) for d in drills],
            history=list(history),
            warnings=_notes(films, stored),
            version=__version__,
            pose_model=model.value,
        )
        text = result.model_dump_json(by_alias=True, indent=2)
        (partial / "screen.json").write_text(text + "\n", encoding="utf-8")
        (partial / "screen.html").write_text(render_screen(result, drills), encoding="utf-8")
    return result.written_to(folder.resolve(), _keep(history, lifter) if entries else None)


def _keep(history: tuple[Entry, ...], lifter: str) -> str | None:
    """Write the history; returns why that could not be done, which leaves the result its worth."""
    try:
        save_history(history, lifter)
    except (OutputError, UsageError) as error:
        return str(error)
    return None


def _order(film: Filmed) -> tuple[bool, bool, float]:
    """The film whose clean hinge ends first speaks for both; one that tells nothing comes last."""
    unknown = math.isnan(film.depth.hip_flexion_deg)
    return unknown, not film.depth.reached, 0.0 if unknown else film.depth.hip_flexion_deg


def _film(info: ClipInfo, stored: Profile | None, model: PoseModel, progress: Progress) -> Filmed:
    analysis = analyse(
        info,
        find_bundle(model),
        lift=Lift.HINGE,
        estimator=estimator_for(stored),
        progress=progress,
    )
    depth = screen_depth(analysis)
    return Filmed(info, analysis, depth, screen_tuck(analysis, depth))


def _side(film: Filmed, stored: Profile | None, stature_cm: float | None) -> SideResult:
    depth = film.depth
    verdict, reasons = judge_depth(depth, film.tuck), _reasons(film)
    low, high = verdict.ci95_deg
    return SideResult(
        clip=film.info.name,
        sha256=film.info.sha256,
        near_side="right" if film.analysis.view.facing > 0 else "left",
        reasons=reasons,
        messages={reason: message(reason) for reason in reasons},
        hip_flexion_deg=_known(depth.hip_flexion_deg),
        sd_deg=_known(depth.sd_deg),
        ci95_deg=(_known(low), _known(high)),
        reached=depth.reached,
        tuck=film.tuck,
        limited=verdict.limited,
        doubt=verdict.doubt,
        knee_flexion_deg=_known(depth.knee_flexion_deg),
        bar_height_cm=_hands_cm(film, stature_cm),
        time_s=_known(depth.time_s, 3),
        baseline=_baseline(film, stored),
    )


def _entry(film: Filmed, today: dt.date, stature_cm: float | None) -> Entry | None:
    """The clip as a line of the history; None where its clean depth is unknown."""
    depth = film.depth
    if not math.isfinite(depth.hip_flexion_deg + depth.sd_deg):
        return None
    return Entry(
        date=today,
        clip=film.info.name,
        sha256=film.info.sha256,
        facing=_facing(film),
        hip_flexion_deg=round(depth.hip_flexion_deg, 1),
        sd_deg=round(depth.sd_deg, 1),
        knee_flexion_deg=_known(depth.knee_flexion_deg),
        reached=depth.reached,
        tuck_unclear=film.tuck is Verdict.UNSURE and not depth.reached,
        bar_height_cm=_hands_cm(film, stature_cm),
    )


def _reasons(film: Filmed) -> list[Reason]:
    """Why a film tells nothing; empty where it tells something."""
    if math.isfinite(film.depth.hip_flexion_deg):
        return []
    analysis = film.analysis
    every = [*analysis.view.reasons, *(r for check in analysis.reps for r in check.reasons)]
    return list(dict.fromkeys(every))


def _difference(films: list[Filmed]) -> SidesResult | None:
    by_facing = {film.analysis.view.facing: film.depth for film in films}
    if len(by_facing) < 2:
        return None
    sides = compare_sides(by_facing[1], by_facing[-1])
    if sides is None:
        return None
    low, high = sides.ci95_deg
    return SidesResult(
        right_minus_left_deg=round(sides.right_minus_left_deg, 1),
        ci95_deg=(round(low, 1), round(high, 1)),
    )


def _baseline(film: Filmed, stored: Profile | None) -> str:
    if stored is not None and remembered(film.analysis):
        return f"profile:{stored.name}"
    return film.analysis.spine.baseline_source.value


def _notes(films: list[Filmed], stored: Profile | None) -> list[str]:
    """Plain sentences about the input."""
    notes = []
    if stored is not None and stored.is_stale(load_spine_model().name):
        notes.append(stored.stale_note)
    if len(films) == 2 and _facing(films[0]) == _facing(films[1]):
        side = "right" if _facing(films[0]) > 0 else "left"
        notes.append(
            f"Both clips show the {side} side. For the other one, turn round and film once more."
        )
    notes += [warning for film in films for warning in film.analysis.warnings]
    return list(dict.fromkeys(notes))


def _facing(film: Filmed) -> Literal[1, -1]:
    return 1 if film.analysis.view.facing > 0 else -1


def _hands_cm(film: Filmed, stature_cm: float | None) -> float | None:
    """Wrists above the floor; unknown where the lifter's height was not told."""
    if stature_cm is None:
        return None
    return _known(film.depth.bar_height_cm * stature_cm / STATURE_CM)


def _known(value: float, digits: int = 1) -> float | None:
    return round(float(value), digits) + 0.0 if math.isfinite(value) else None
