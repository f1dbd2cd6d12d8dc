"""What a held-out clip truly shows and what a check said about it, as they lie on disk."""

from __future__ import annotations

import csv
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hingecheck.pose.records import FloatArray
from hingecheck.simulate.evaluate.scores import QUANTITIES, deep_lumbar_deg

__all__ = ["FIRST_SEED", "Case", "Checked", "FoundRep", "TrueRep", "Truth", "clip_name"]

FIRST_SEED = 2_000_000
"""Training takes the seeds from 0 on; these are far beyond any of them."""


def clip_name(index: int) -> str:
    """What the files of the clip of this number are called: its seed."""
    return str(FIRST_SEED + index)


@dataclass(frozen=True, slots=True)
class TrueRep:
    """A repetition as it was made.

    Attributes:
        start_s: Leaves standing, or the floor.
        end_s: Is back there.
        tuck_deg: Size of the butt wink; 0 without one, whatever else is wrong with the back.
        onset_s: When it begins; NaN without one.
        deep_lumbar_deg: What the check's rounding measures, on the true angles.
    """

    start_s: float
    end_s: float
    tuck_deg: float
    onset_s: float
    deep_lumbar_deg: float


_BUILDS = {"lean": 0.4, "average": 0.7, "heavy": 1.0}
"""Most body weight of each, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Truth:
    """A held-out clip as it was made.

    Attributes:
        name: The seed it comes from.
        lift: As the result contract names it.
        fault: "none", "butt_wink", "rounded" or "overextended".
        clothing: What is on the trunk.
        equipment: What is lifted.
        build: "lean", "average" or "heavy".
        yaw_deg: How far the camera stands off the true side view, unsigned.
        time_s: (frames,) the clip's clock.
        trunk_deg: (frames,) trunk inclination.
        angle_deg: (frames,) of each of `QUANTITIES`.
        reps: The repetitions.
    """

    name: str
    lift: str
    fault: str
    clothing: str
    equipment: str
    build: str
    yaw_deg: float
    time_s: FloatArray
    trunk_deg: FloatArray
    angle_deg: dict[str, FloatArray]
    reps: tuple[TrueRep, ...]

    @classmethod
    def read(cls, folder: Path, name: str) -> Truth:
        """What lies in `folder` about the clip of this name."""
        cast = json.loads((folder / f"{name}_cast.json").read_text())
        about = json.loads((folder / f"{name}_truth.json").read_text())
        with (folder / f"{name}_truth.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        columns = {key: np.array([float(row[key]) for row in rows]) for key in rows[0]}
        wink = about["fault"] == "butt_wink"
        from_floor = about["lift"] == "deadlift"
        reps = []
        for rep in about["reps"]:
            during = (columns["time_s"] >= rep["start_s"]) & (columns["time_s"] <= rep["end_s"])
            tuck_deg = rep["tuck_deg"] if wink else 0.0
            deep_deg = deep_lumbar_deg(
                columns["trunk_thigh_flexion_deg"][during],
                columns["lumbar_flexion_deg"][during],
                tuck_deg,
                from_floor=from_floor,
            )
            onset_s = rep["onset_s"] if wink and rep["onset_s"] is not None else np.nan
            reps.append(TrueRep(rep["start_s"], rep["end_s"], tuck_deg, onset_s, deep_deg))
        return cls(
            name=name,
            lift=about["lift"],
            fault=about["fault"],
            clothing=cast["clothing"],
            equipment=cast["equipment"],
            build=next(build for build, most in _BUILDS.items() if cast["weight"] <= most),
            yaw_deg=about["view_yaw_deg"],
            time_s=columns["time_s"],
            trunk_deg=columns["trunk_inclination_deg"],
            angle_deg={quantity: columns[f"{quantity}_deg"] for quantity in QUANTITIES},
            reps=tuple(reps),
        )


@dataclass(frozen=True, slots=True)
class FoundRep:
    """A repetition as the check sees it.

    Attributes:
        start_s: First second of the movement.
        end_s: Its last.
        gradeable: Whether the spine can be judged in it.
        reasons: Codes of why not.
        wink: Verdict on the tuck.
        tuck_deg: Its size.
        tuck_ci95_deg: 95 % interval of that.
        onset_s: When it begins; NaN where the check names no onset.
        rounding: Verdict on rounding.
        lumbar_deg: Lumbar flexion over the deep part.
    """

    start_s: float
    end_s: float
    gradeable: bool
    reasons: tuple[str, ...]
    wink: str
    tuck_deg: float
    tuck_ci95_deg: tuple[float, float]
    onset_s: float
    rounding: str
    lumbar_deg: float


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check said about a clip, as far as it is scored.

    Attributes:
        estimator: What provenance calls the spine estimator.
        gradeable: Whether the view allows verdicts.
        reasons: Codes of what is wrong with the view.
        lift: Which lift was told.
        standing_seen: Whether the zero comes from the lifter's own standing.
        seconds: Time the check took.
        time_s: (frames,) the clip's clock.
        detected: (frames,) whether the lifter was found.
        value_deg: (frames,) filtered, of each of `QUANTITIES`; NaN where missing.
        sd_deg: (frames,) their standard deviations.
        reps: The repetitions.
    """

    estimator: str
    gradeable: bool
    reasons: tuple[str, ...]
    lift: str
    standing_seen: bool
    seconds: float
    time_s: FloatArray
    detected: NDArray[np.bool_]
    value_deg: dict[str, FloatArray]
    sd_deg: dict[str, FloatArray]
    reps: tuple[FoundRep, ...]

    def write(self, path: Path) -> None:
        """Write to an npz file, whole or not at all."""
        about = {
            "estimator": self.estimator,
            "gradeable": self.gradeable,
            "reasons": self.reasons,
            "lift": self.lift,
            "standing_seen": self.standing_seen,
            "seconds": self.seconds,
            "reps": [asdict(rep) for rep in self.reps],
        }
        part = path.with_suffix(f".{os.getpid()}.part")
        with part.open("wb") as file:
            np.savez_compressed(
                file,
                about=np.array(json.dumps(about)),
                time_s=self.time_s,
                detected=self.detected,
                value_deg=np.stack([self.value_deg[name] for name in QUANTITIES]).astype("f4"),
                sd_deg=np.stack([self.sd_deg[name] for name in QUANTITIES]).astype("f4"),
            )
        part.replace(path)

    @classmethod
    def read(cls, path: Path) -> Checked:
        """Read what `write` wrote."""
        with np.load(path) as stored:
            about = json.loads(str(stored["about"]))
            return cls(
                estimator=about["estimator"],
                gradeable=about["gradeable"],
                reasons=tuple(about["reasons"]),
                lift=about["lift"],
                standing_seen=about["standing_seen"],
                seconds=about["seconds"],
                time_s=stored["time_s"],
                detected=stored["detected"],
                value_deg=dict(zip(QUANTITIES, stored["value_deg"].astype(float), strict=True)),
                sd_deg=dict(zip(QUANTITIES, stored["sd_deg"].astype(float), strict=True)),
                reps=tuple(_found_rep(rep) for rep in about["reps"]),
            )


@dataclass(frozen=True, slots=True)
class Case:
    """A clip as it was made and as it was checked."""

    truth: Truth
    checked: Checked


def _found_rep(stored: dict[str, object]) -> FoundRep:
    lists = {key: tuple(value) for key, value in stored.items() if isinstance(value, list)}
    return FoundRep(**(stored | lists))  # type: ignore[arg-type]
