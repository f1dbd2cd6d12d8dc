"""From a video file to a form check per rep: the pipeline, as one sentence."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hingecheck.clip import ClipInfo, ClipReader, probe
from hingecheck.clip.cores import cores
from hingecheck.clip.memory import return_big_blocks
from hingecheck.deliver import Progress, timed, write_check
from hingecheck.errors import UsageError
from hingecheck.follow import Look, follow_lifter, look_at
from hingecheck.form.grade import grade_set
from hingecheck.form.records import Analysis, SetupCheck, State
from hingecheck.form.setup import check_setup
from hingecheck.form.view import check_view, frame_quality
from hingecheck.motion.angles import compute_angles
from hingecheck.motion.bar import STATURE_CM, bar_path
from hingecheck.motion.hamstrings import hamstring_lengths
from hingecheck.motion.lift import guess_lift
from hingecheck.motion.records import Lift, LiftGuess
from hingecheck.motion.reps import find_reps, turning_points
from hingecheck.overlay.film import Pictures
from hingecheck.pose.glimpse import Glimpse, glimpse, glimpsed
from hingecheck.pose.models import ModelBundle, PoseModel, find_bundle
from hingecheck.pose.records import FloatArray, Track
from hingecheck.pose.stream import detect_stream
from hingecheck.report.folder import ResultFolder
from hingecheck.report.schema import Result
from hingecheck.spine.estimator import SpineEstimator
from hingecheck.spine.model import ModelEstimator
from hingecheck.store.profiles import Profile, read_profile

__all__ = ["analyse", "check", "check_clip", "estimator_for", "judge"]

LOOK_PX = 960
"""Long side of the pictures that are inferred on: copying a 1080p mask costs more than the model
and its 256 pixels over the body gain nothing."""

MOST_WORKERS = 4


def check(
    clip: str | os.PathLike[str],
    *,
    out: str | os.PathLike[str] | None = None,
    lift: Lift | str | None = None,
    model: PoseModel | str = PoseModel.FULL,
    overlay: bool = True,
    blur_faces: bool = False,
    profile: str | None = None,
    progress: Progress | None = None,
) -> Result:
    """Check a filmed set and write its result folder.

    Args:
        clip: A video file.
        out: The result folder; default `<clip stem>.hingecheck` in the current directory.
        lift: Which lift it is; None finds out.
        model: Pose model: "lite", "full" or "heavy".
        overlay: Whether to draw overlay.mp4.
        blur_faces: Whether to make everybody's head unrecognisable in overlay.mp4 and the report.
        profile: Name of the lifter whose stored standing and maximum are to be used.
        progress: Called as the work goes on.

    Returns:
        What `result.json` holds; `.folder` says where everything was written.

    Raises:
        ClipError: The clip cannot be read.
        UsageError: `out` cannot be written, an option is unknown, or there is no such profile.
        StoreError: The profile's file is damaged.
        ModelError: The pose model is missing or damaged.
        OutputError: The result could not be written.
    """
    return check_clip(
        clip,
        Pictures(overlay=overlay, blur_faces=blur_faces),
        out=out,
        lift=lift,
        model=model,
        profile=profile,
        progress=progress,
    )


def check_clip(
    clip: str | os.PathLike[str],
    pictures: Pictures,
    *,
    out: str | os.PathLike[str] | None = None,
    lift: Lift | str | None = None,
    model: PoseModel | str = PoseModel.FULL,
    profile: str | None = None,
    progress: Progress | None = None,
) -> Result:
    """`check`, with every say about its pictures.

    Args:
        clip: A video file.
        pictures: Which pictures are kept.
        out: As in `check`, and so are the others and the errors.
        lift: Which lift it is.
        model: Pose model.
        profile: Name of the lifter's profile.
        progress: Called as the work goes on.
    """
    return_big_blocks()
    named_lift, bundle = _lift(lift), find_bundle(_model(model))
    stored = read_profile(profile) if profile is not None else None
    estimator = estimator_for(stored)
    timing: dict[str, float] = {}
    tell = progress or (lambda stage, share: None)
    with timed(timing, "probe"):
        info = probe(clip)
    folder = Path(out) if out is not None else Path.cwd() / f"{info.path.stem}.hingecheck"
    if info.path.resolve().parent == folder.resolve():
        raise UsageError(
            f"{info.name}: lies in the folder {folder} that the result would replace."
            " Choose another --out."
        )
    with ResultFolder(folder) as partial:
        analysis = analyse(
            info,
            bundle,
            lift=named_lift,
            estimator=estimator,
            stored=stored,
            progress=tell,
            timing=timing,
        )
        result = write_check(
            info,
            analysis,
            partial,
            bundle=bundle,
            settings=_settings(named_lift, bundle, estimator, stored),
            estimator=estimator,
            pictures=pictures,
            stored=stored,
            progress=tell,
            timing=timing,
        )
    tell("write", 1.0)
    return result.written_to(folder.resolve())


def analyse(
    info: ClipInfo,
    bundle: ModelBundle,
    *,
    lift: Lift | None = None,
    estimator: SpineEstimator | None = None,
    stored: Profile | None = None,
    progress: Progress = lambda stage, share: None,
    timing: dict[str, float] | None = None,
) -> Analysis:
    """Everything a check knows about a clip, before any of it is written.

    Args:
        info: The clip.
        bundle: The pose model.
        lift: Which lift it is; None finds out.
        estimator: What turns the back's profile into spine angles.
        stored: The lifter's profile: body height, and the neck's zero where the clip has none.
        progress: Called as the work goes on.
        timing: Receives the seconds of each stage.
    """
    timing = {} if timing is None else timing
    with timed(timing, "look"):
        times, looks, glimpses, warnings = _look(info, bundle, progress)
    progress("judge", 0.0)
    with timed(timing, "judge"):
        analysis = judge(
            times,
            looks,
            glimpses,
            (info.width_px, info.height_px),
            info.mean_fps,
            lift=lift,
            estimator=estimator,
            stored=stored,
        )
    return replace(analysis, warnings=(*warnings, *analysis.warnings))


def judge(
    time_s: FloatArray,
    looks: Sequence[Sequence[Look]],
    glimpses: Sequence[Glimpse],
    size_px: tuple[int, int],
    fps: float,
    *,
    lift: Lift | None = None,
    estimator: SpineEstimator | None = None,
    stored: Profile | None = None,
) -> Analysis:
    """Everything that follows from what was seen.

    Args:
        time_s: (frames,) strictly increasing.
        looks: Every body in every frame.
        glimpses: A few of the frames' pictures.
        size_px: Width and height of the upright source picture.
        fps: Pictures a second of the camera.
        lift: Which lift it is; None finds out.
        estimator: What turns the back's profile into spine angles.
        stored: The lifter's profile.
    """
    followed = follow_lifter(time_s, looks, glimpses, size_px)
    seen, back = followed.track, followed.back
    track, segments, front = back.track, back.segments, back.facing
    spine = (estimator or ModelEstimator()).estimate(back)
    angles = compute_angles(track, segments, spine, _neck_zero_deg(stored))
    depth = segments.trunk_thigh_deg
    turns = turning_points(time_s, depth)
    guess = LiftGuess(lift, 1.0, "user") if lift else guess_lift(track, segments, turns, front)
    reps = find_reps(time_s, depth, turns, guess.name)
    view = check_view(seen, back, front, reps, followed.company)
    setup = check_setup(seen, back, followed.scene, followed.company, view, fps)
    bar = bar_path(track, segments, front, _stature_cm(stored))
    graded = grade_set(seen, back, angles, bar, view, guess.name, reps, spine.shared_sd_deg)
    return Analysis(
        track=_where_seen(track, seen),
        profile=back.profile,
        spine=spine,
        angles=angles,
        quality=frame_quality(seen, back, view),
        view=view,
        lift=guess,
        reps=graded.reps,
        measures=graded.measures,
        findings=graded.findings,
        clean_depth=graded.clean_depth,
        bar=bar,
        hamstrings=hamstring_lengths(angles),
        warnings=_notes(setup),
        heads=followed.heads,
        setup=setup,
    )


def _look(
    info: ClipInfo, bundle: ModelBundle, progress: Progress
) -> tuple[NDArray[np.float64], list[list[Look]], list[Glimpse], list[str]]:
    """Read the clip once: times, every body's pose and outline in every frame, a few pictures."""
    times: list[float] = []
    looks: list[list[Look]] = []
    glimpses: list[Glimpse] = []
    wanted = glimpsed(info.frames)
    with ClipReader(info.path, LOOK_PX, info) as reader:
        stream = detect_stream(
            reader,
            bundle,
            reader.scale,
            look_at,
            workers=min(MOST_WORKERS, cores()),
            fps=info.mean_fps,
        )
        for frame, seen in stream:
            if len(times) in wanted:
                glimpses.append(glimpse(frame.rgb, len(times), reader.scale))
            times.append(frame.time_s)
            looks.append(seen)
            progress("look", min(1.0, len(times) / max(info.frames, 1)))
        return np.array(times), looks, glimpses, list(reader.warnings)


def _notes(setup: tuple[SetupCheck, ...]) -> tuple[str, ...]:
    """What the person who filmed could do better, apart from what refuses a verdict."""
    return tuple(check.sentence for check in setup if check.state is State.IMPROVE)


def _settings(
    lift: Lift | None,
    bundle: ModelBundle,
    estimator: ModelEstimator,
    stored: Profile | None,
) -> dict[str, str | bool | None]:
    return {
        "lift": lift.value if lift else None,
        "model": bundle.model.value,
        "estimator": estimator.name,
        "profile": stored.name if stored else None,
    }


def estimator_for(stored: Profile | None) -> ModelEstimator:
    """The spine model, knowing a lifter's stored standing unless another model measured it."""
    estimator = ModelEstimator()
    return ModelEstimator(remembered=stored.own_shape(estimator.name)) if stored else estimator


def _neck_zero_deg(stored: Profile | None) -> float:
    return np.nan if stored is None or stored.neck_zero_deg is None else stored.neck_zero_deg


def _stature_cm(stored: Profile | None) -> float:
    return STATURE_CM if stored is None or stored.stature_cm is None else stored.stature_cm


def _where_seen(track: Track, seen: Track) -> Track:
    """The filtered track without the short holes that the filter bridged."""
    landmarks = np.where(seen.detected[:, None, None], track.landmarks_px, np.nan)
    return replace(track, landmarks_px=landmarks)


def _lift(lift: Lift | str | None) -> Lift | None:
    try:
        return None if lift is None else Lift(lift)
    except ValueError:
        known = ", ".join(Lift)
        raise UsageError(f"lift {lift!r} is unknown, expected one of {known}.") from None


def _model(model: PoseModel | str) -> PoseModel:
    try:
        return PoseModel(model)
    except ValueError:
        known = ", ".join(PoseModel)
        raise UsageError(f"model {model!r} is unknown, expected one of {known}.") from None
