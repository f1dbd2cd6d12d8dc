"""The verdict rules on the true angles: what they get wrong there is their own."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import numpy as np

from hingecheck.form.filmed import FilmedSet
from hingecheck.form.grade import with_spine_verdicts
from hingecheck.form.lifts import LIFTS
from hingecheck.motion.bar import BarPath
from hingecheck.motion.records import Angles, Lift
from hingecheck.motion.reps import find_reps, turning_points
from hingecheck.pose.records import FloatArray
from hingecheck.simulate.evaluate.records import Checked, FoundRep
from hingecheck.simulate.evaluate.scores import QUANTITIES
from hingecheck.spine.records import Estimate

__all__ = ["judge_truth", "read_truth", "true_set"]

_SD_DEG = 1.0
_SD_CM = 1.0
"""The rules are told that angles and hands are this well known."""


def read_truth(folder: Path, name: str) -> tuple[Lift, dict[str, FloatArray]]:
    """The lift of a simulated clip and its true columns, (frames,) each."""
    with (folder / f"{name}_truth.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    columns = {key: np.array([float(row[key]) for row in rows]) for key in rows[0]}
    return Lift(json.loads((folder / f"{name}_truth.json").read_text())["lift"]), columns


def true_set(columns: Mapping[str, FloatArray], lift: Lift) -> FilmedSet:
    """A set as it would be judged if everything were seen, and known within a degree."""
    time_s = columns["time_s"]
    unknown = np.full(len(time_s), np.nan)
    sd_deg = np.full(len(time_s), _SD_DEG)
    angles = Angles(
        **{
            field.name: Estimate(columns.get(f"{field.name}_deg", unknown), sd_deg)
            for field in fields(Angles)
        }
    )
    depth_deg = angles.trunk_thigh_flexion.value_deg
    return with_spine_verdicts(
        FilmedSet(
            time_s=time_s,
            angles=angles,
            bar=BarPath(
                forward_cm=100 * columns.get("bar_forward_m", unknown),
                height_cm=100 * columns.get("wrist_height_m", unknown),
                sd_cm=np.full(len(time_s), _SD_CM),
            ),
            reps=find_reps(time_s, depth_deg, turning_points(time_s, depth_deg), lift),
            config=LIFTS[lift],
            shared_sd_deg=0.0,
            standing=np.zeros(len(time_s), dtype=bool),
        )
    )


def judge_truth(folder: Path, name: str) -> Checked:
    """What the rules would say of a held-out clip, its angles and its lift being known."""
    lift, columns = read_truth(folder, name)
    filmed = true_set(columns, lift)
    time_s, angles = filmed.time_s, filmed.angles
    found = []
    for rep in filmed.reps:
        wink, rounded = filmed.winks[rep.index], filmed.roundings[rep.index]
        found.append(
            FoundRep(
                start_s=float(time_s[rep.start]),
                end_s=float(time_s[rep.end]),
                gradeable=True,
                reasons=(),
                wink=wink.verdict.value,
                tuck_deg=wink.tuck_deg,
                tuck_ci95_deg=wink.ci95_deg,
                onset_s=wink.onset_s,
                rounding=rounded.verdict.value,
                lumbar_deg=rounded.lumbar_flexion_deg,
            )
        )
    return Checked(
        estimator="truth",
        gradeable=True,
        reasons=(),
        lift=lift.value,
        standing_seen=True,
        seconds=0.0,
        time_s=time_s,
        detected=np.ones(len(time_s), dtype=bool),
        value_deg={quantity: getattr(angles, quantity).value_deg for quantity in QUANTITIES},
        sd_deg={quantity: getattr(angles, quantity).sd_deg for quantity in QUANTITIES},
        reps=tuple(found),
    )
