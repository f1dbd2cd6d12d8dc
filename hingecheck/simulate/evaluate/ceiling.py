"""The verdict rules on the true angles: what they get wrong there is their own."""

from __future__ import annotations

import csv
import json
from dataclasses import fields
from pathlib import Path

import numpy as np

from hingecheck.form.filmed import FilmedSet
from hingecheck.form.grade import with_spine_verdicts
from hingecheck.form.lifts import LIFTS
from hingecheck.motion.bar import BarPath
from hingecheck.motion.records import Angles, Lift
from hingecheck.motion.reps import find_reps, turning_points
from hingecheck.simulate.evaluate.records import Checked, FoundRep
from hingecheck.simulate.evaluate.scores import QUANTITIES
from hingecheck.spine.records import Estimate

__all__ = ["judge_truth"]

_SD_DEG = 1.0
_SD_CM = 1.0
"""The rules are told that angles and hands are this well known."""


def judge_truth(folder: Path, name: str) -> Checked:
    """What the rules would say of a held-out clip, its angles and its lift being known."""
    with (folder / f"{name}_truth.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    lift = Lift(json.loads((folder / f"{name}_truth.json").read_text())["lift"])
    time_s = np.array([float(row["time_s"]) for row in rows])
    sd_deg = np.full(len(rows), _SD_DEG)

    def angle(column: str) -> Estimate:
        return Estimate(np.array([float(row.get(column, "nan")) for row in rows]), sd_deg)

    angles = Angles(**{field.name: angle(f"{field.name}_deg") for field in fields(Angles)})
    depth_deg = angles.trunk_thigh_flexion.value_deg
    reps = find_reps(time_s, depth_deg, turning_points(time_s, depth_deg), lift)
    nothing_hidden = FilmedSet(
        time_s=time_s,
        angles=angles,
        bar=BarPath(
            forward_cm=100 * angle("bar_forward_m").value_deg,
            height_cm=100 * angle("wrist_height_m").value_deg,
            sd_cm=_SD_CM,
        ),
        reps=reps,
        config=LIFTS[lift],
        shared_sd_deg=0.0,
        standing=np.zeros(len(rows), dtype=bool),
    )
    filmed = with_spine_verdicts(nothing_hidden)
    found = []
    for rep in reps:
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
        detected=np.ones(len(rows), dtype=bool),
        value_deg={quantity: getattr(angles, quantity).value_deg for quantity in QUANTITIES},
        sd_deg=dict.fromkeys(QUANTITIES, sd_deg),
        reps=tuple(found),
    )
