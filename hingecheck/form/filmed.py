"""A filmed set as the findings see it: angles, hands, reps, and what the picture hides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hingecheck.form.lifts import LiftConfig
from hingecheck.form.records import ButtWink, Part, Reason, Rounding, Zero
from hingecheck.motion.bar import BarPath
from hingecheck.motion.records import Angles, Rep
from hingecheck.pose.records import FloatArray
from hingecheck.spine.records import Estimate

__all__ = ["FilmedSet", "mean_about", "way"]

AROUND_S = 0.1
"""Values at a moment are means over this long before and after it: bodies hardly move at their
turning points, and one filtered frame alone scatters by 1-2 degrees (docs/method.md)."""

DEEP = 0.75
"""Share of a rep's depth from which it counts as deep: its deepest quarter."""

DEEP_SD = 0.8
"""Standard deviation of a median over the deep part, as a share of a single frame's, in reps that
pass every refusal: 95 % of 81 reps of 34 simulated development clips lay within 1.5 of a frame's
(lumbar and thoracic flexion)."""

LEAST_DEEP = 3
"""Frames that a median over the deep part needs."""


def mean_about(time_s: FloatArray, signal: FloatArray, frame: int) -> float:
    """Mean of a signal, (frames,), about a moment; NaN where it is unseen."""
    known = (np.abs(time_s - time_s[frame]) <= AROUND_S) & np.isfinite(signal)
    return float(signal[known].mean()) if known.any() else float("nan")


def way(rep: Rep, zero: Zero) -> NDArray[np.int64]:
    """Frames from the top to the bottom on which the rep's rhythm is looked at.

    The descent; of a pull from the floor, where the config asks for it, the pull itself from
    lockout back to the set-up. A single frame where the clip does not show it.
    """
    if rep.from_floor and zero is Zero.SET_UP:
        return np.arange(rep.top, rep.start - 1, -1)
    return np.arange(rep.top, max(rep.bottom, rep.top) + 1)


@dataclass(frozen=True, slots=True)
class FilmedSet:
    """What every finding is measured on.

    Attributes:
        time_s: (frames,) the clip's clock.
        angles: Filtered angles.
        bar: Where the hands were.
        reps: The repetitions.
        config: What is usual in the lift.
        shared_sd_deg: See `SpineSeries.shared_sd_deg`.
        standing: (frames,) where the lifter stands relaxed.
        refused: Why a part of the body cannot be judged in a rep, by rep index and part.
        winks: Verdicts on the tuck by rep index, once they are known.
        roundings: Verdicts on rounding by rep index, once they are known.
    """

    time_s: FloatArray
    angles: Angles
    bar: BarPath
    reps: tuple[Rep, ...]
    config: LiftConfig
    shared_sd_deg: FloatArray | float
    standing: NDArray[np.bool_]
    refused: Mapping[tuple[int, Part], Reason] = field(default_factory=dict)
    winks: Mapping[int, ButtWink] = field(default_factory=dict)
    roundings: Mapping[int, Rounding] = field(default_factory=dict)

    def lowest(self, rep: Rep) -> int:
        """Frame of the posture under load: the bottom, or a pull's set-up."""
        return int(way(rep, self.config.baseline)[-1])

    def lockout(self, rep: Rep) -> int:
        """Frame in which a rep is finished, or a pull stands."""
        return rep.top if rep.from_floor else rep.end

    def mean_at(self, estimate: Estimate, frame: int) -> tuple[float, float]:
        """Value and standard deviation of an angle about a moment; NaN where it is unseen."""
        return (
            mean_about(self.time_s, estimate.value_deg, frame),
            mean_about(self.time_s, estimate.sd_deg, frame),
        )

    def deep(self, rep: Rep) -> NDArray[np.int64]:
        """Frames in the deepest quarter of a rep; of one from the floor, in that of its pull."""
        frames = np.arange(rep.start, self.lockout(rep) + 1)
        depth = self.angles.trunk_thigh_flexion.value_deg[frames]
        if not np.isfinite(depth).any():
            return frames[:0]
        with np.errstate(invalid="ignore"):
            return frames[depth >= DEEP * np.nanmax(depth)]

    def deep_median(
        self, rep: Rep, estimate: Estimate, sd_share: float = DEEP_SD
    ) -> tuple[float, float]:
        """Median value and standard deviation of an angle there; NaN where it is hardly seen.

        `sd_share` of a single frame's deviation is left, see `DEEP_SD`.
        """
        frames = self.deep(rep)
        known = frames[np.isfinite(estimate.value_deg[frames])]
        if len(known) < LEAST_DEEP:
            return np.nan, np.nan
        sd_deg = sd_share * float(np.median(estimate.sd_deg[known]))
        return float(np.median(estimate.value_deg[known])), sd_deg
