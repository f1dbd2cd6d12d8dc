"""Results of stick lifters with known movement, as the folders that a check leaves behind."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from report.sets import SetOfReps, make_analysis, make_result
from stick import FPS, Posture, angles_of, clock, landmarks_of, mirrored, sway, track_of

from hingecheck.form.records import Analysis
from hingecheck.motion.bar import bar_path
from hingecheck.motion.records import angle_names
from hingecheck.pose.records import FloatArray
from hingecheck.pose.segments import measure_segments
from hingecheck.report.landmarks import write_landmarks
from hingecheck.report.result import write_result
from hingecheck.report.tables import write_tables

HINGE = ((0.0, 0.0), (0.5, 0.0), (2.0, 1.0), (3.5, 0.0), (4.0, 0.0))
"""Seconds and depth: stand, go down, come up, stand."""


@dataclass(frozen=True)
class Filmed:
    """A hinge on film.

    Attributes:
        time_s: When frames were taken; None for an even 30 a second.
        unseen: Frames in which the lifter is lost.
        roll_deg: How far the camera is held askew, and known to be.
        in_mirror: Whether the film is flipped.
        gradeable: Whether the view allows verdicts on the back.
        reps: For each repetition, whether its back can be judged.
        clip: The clip's name.
    """

    time_s: FloatArray | None = None
    unseen: slice = field(default_factory=lambda: slice(0, 0))
    roll_deg: float = 0.0
    in_mirror: bool = False
    gradeable: bool = True
    reps: tuple[bool, ...] = ()
    clip: str = "hinge.mp4"


def posture_at(time_s: FloatArray) -> dict[str, FloatArray]:
    """Every true angle, without `_deg`: a hinge of 80 degrees with some knee bend."""
    even_s, depth = sway(HINGE, 1000.0)
    depth = np.interp(time_s, even_s, depth)
    trunk, thigh, shank = 80 * depth, 25 * depth, 5 * depth
    pelvis, lumbar = 60 * depth, 20 * depth
    return dict.fromkeys(angle_names(), 0 * depth) | {
        "trunk_inclination": trunk,
        "thigh_inclination": thigh,
        "shank_inclination": shank,
        "knee_flexion": thigh + shank,
        "pelvic_tilt": pelvis,
        "lumbar_flexion": lumbar,
        "hip_flexion": pelvis + thigh,
        "trunk_thigh_flexion": trunk + thigh,
    }


def with_hole(values: FloatArray, unseen: slice) -> FloatArray:
    """A copy with NaN in some frames."""
    holed = values.copy()
    holed[unseen] = np.nan
    return holed


def analyse(film: Filmed) -> Analysis:
    """What a check would know about it."""
    time_s = clock(round(HINGE[-1][0] * FPS) + 1) if film.time_s is None else film.time_s
    angles = posture_at(time_s)
    xy = landmarks_of(
        Posture(*(angles[f"{part}_inclination"] for part in ("trunk", "thigh", "shank")))
    )
    angles = {name: with_hole(values, film.unseen) for name, values in angles.items()}
    track = track_of(with_hole(xy, film.unseen), time_s)
    if film.in_mirror:
        track = mirrored(track)
    if film.roll_deg:
        level_px = track.landmarks_px
        track = replace(track, roll_deg=-film.roll_deg)
        track = replace(track, landmarks_px=track.plumb(level_px), roll_deg=film.roll_deg)
    facing = -1 if film.in_mirror else 1
    tucks_deg = [3.0 if judged else float("nan") for judged in film.reps]
    lead_s = (len(time_s) / FPS - len(tucks_deg)) / 2
    blank = make_analysis(SetOfReps(tucks_deg=tucks_deg, lead_s=lead_s, rep_s=1.0))
    return replace(
        blank,
        track=track,
        angles=angles_of(angles),
        view=replace(blank.view, facing=facing, gradeable=film.gradeable),
        bar=bar_path(track, measure_segments(track, facing), facing),
    )


def write_folder(folder: Path, film: Filmed | None = None) -> Path:
    """The result folder of a film."""
    film = film or Filmed()
    analysis = analyse(film)
    folder.mkdir(parents=True)
    write_result(make_result(analysis, film.clip), folder / "result.json")
    write_tables(analysis, folder)
    write_landmarks(analysis, folder / "landmarks.npz")
    return folder
