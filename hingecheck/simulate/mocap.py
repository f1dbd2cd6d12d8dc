"""Recorded movements of real people, played by a simulated lifter."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from scipy.signal import find_peaks

from hingecheck.simulate.anatomy import TrueAngles
from hingecheck.simulate.body import Floats
from hingecheck.simulate.lifter import Lifter
from hingecheck.simulate.motion import Fault, Lift, Motion, Plan, RepTruth

__all__ = ["replay"]

_NEEDED = (
    "time_s",
    "pelvic_tilt_deg",
    "lumbar_flexion_deg",
    "trunk_inclination_deg",
    "thigh_inclination_deg",
    "shank_inclination_deg",
)
_STANDING_S = 0.3
_REP_DEG = 25.0
_STILL_DEG = 5.0
_GAZE_SHARE = 0.35


def replay(
    path: Path,
    lifter: Lifter,
    lift: Lift = Lift.HINGE,
    *,
    fps: float = 30.0,
    standing: Path | None = None,
    thoracic_share: float = 0.15,
    speed: float = 1.0,
) -> Motion:
    """Play a csv of recorded angles, counted from standing.

    Args:
        path: Columns time_s, pelvic_tilt_deg, lumbar_flexion_deg, trunk_inclination_deg,
            thigh_inclination_deg and shank_inclination_deg with any anatomical zero. A missing
            column raises ValueError.
        lifter: Whose knees are as soft as their own standing.
        lift: What the movement is.
        fps: Frames per second to resample to.
        standing: A recording of the same person standing, its mean the zero; without one the
            first 0.3 s are.
        thoracic_share: How much of the recorded flexion sits above T12: markers on the trunk
            measure the whole thorax against the pelvis.
        speed: 2 plays it in half the time.

    Repetitions are bends of 25 degrees or more between hip-shoulder line and thigh. Whether the
    back was faulty is not known, so the plan names no fault. The head follows the trunk partly.
    """
    recorded = _read(path)
    zero = _read(standing) if standing else recorded
    within = zero["time_s"] - zero["time_s"][0] <= (np.inf if standing else _STANDING_S)
    seconds = (recorded["time_s"] - recorded["time_s"][0]) / speed
    time_s = np.arange(int(seconds[-1] * fps) + 1) / fps
    change = {
        name: np.interp(time_s, seconds, recorded[name] - zero[name][within].mean())
        for name in _NEEDED[1:]
    }
    flexion = change["lumbar_flexion_deg"]
    knee = change["thigh_inclination_deg"] + change["shank_inclination_deg"]
    frames = tuple(
        TrueAngles(
            pelvic_tilt_deg=float(change["pelvic_tilt_deg"][i]),
            lumbar_flexion_deg=float((1 - thoracic_share) * flexion[i]),
            thoracic_flexion_deg=float(thoracic_share * flexion[i]),
            knee_flexion_deg=max(0.0, lifter.standing.knee_flexion_deg + float(knee[i])),
            neck_extension_deg=_GAZE_SHARE * float(change["trunk_inclination_deg"][i]),
        )
        for i in range(len(time_s))
    )
    bend = change["trunk_inclination_deg"] + change["thigh_inclination_deg"]
    reps = _reps(bend, time_s)
    deepest = frames[int(np.argmax(bend))]
    plan = Plan(
        lift=lift,
        fault=Fault.NONE,
        reps=len(reps),
        pelvic_tilt_deg=deepest.pelvic_tilt_deg,
        lumbar_flexion_deg=deepest.lumbar_flexion_deg,
        thoracic_flexion_deg=deepest.thoracic_flexion_deg,
        knee_flexion_deg=deepest.knee_flexion_deg,
        neck_extension_deg=deepest.neck_extension_deg,
        fps=fps,
    )
    return Motion(plan, time_s, frames, reps)


def _read(path: Path) -> dict[str, Floats]:
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    found = set(rows[0]) if rows else set()
    if missing := [name for name in _NEEDED if name not in found]:
        raise ValueError(f"{path.name}: columns {', '.join(missing)} are missing or it is empty")
    return {name: np.array([float(row[name]) for row in rows]) for name in _NEEDED}


def _reps(bend_deg: Floats, time_s: Floats) -> tuple[RepTruth, ...]:
    around = np.pad(bend_deg, 1, constant_values=float(bend_deg.min()))
    bottoms = (find_peaks(around, prominence=_REP_DEG)[0] - 1).tolist()
    reps = []
    for last, bottom, following in zip(
        [0, *bottoms], bottoms, [*bottoms[1:], len(bend_deg) - 1], strict=False
    ):
        down, up = bend_deg[last : bottom + 1], bend_deg[bottom : following + 1]
        start = last + int(np.flatnonzero(down <= down.min() + _STILL_DEG)[-1])
        end = bottom + int(np.flatnonzero(up <= up.min() + _STILL_DEG)[0])
        reps.append(
            RepTruth(
                start_s=float(time_s[start]),
                bottom_s=float(time_s[bottom]),
                end_s=float(time_s[end]),
                tuck_deg=0.0,
                onset_s=float("nan"),
            )
        )
    return tuple(reps)
