"""What hingecheck is meant to reach, and whether an evaluation shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hingecheck.simulate.evaluate.metrics import FrameScores, Metrics
from hingecheck.simulate.evaluate.scores import Accuracy

__all__ = ["LEAST_CLIPS", "Target", "targets"]

LEAST_CLIPS = 3
"""A group of fewer clips is shown and not held against a target."""

_MAE_DEG = 4.0
_OBLIQUE_MAE_DEG = 6.0
_BIAS_DEG = 2.0
_FOUND, _FALSE, _UNSURE = 0.95, 0.03, 0.12
_ONSET_MS = 150.0
_COVERAGE, _COVERAGE_OFF = 0.95, 0.03
_LANDMARKS_RATIO = 2.0


@dataclass(frozen=True, slots=True)
class Target:
    """One number beside what it is meant to be.

    Attributes:
        what: The quantity in words.
        value: As measured; NaN where nothing could be.
        limit: What it is meant not to pass.
        at_least: Whether the value is to be at least `limit`, rather than at most.
        unit: "deg", "ms", "times" or "%"; shares are 0..1 and told in per cent.
        error: One standard error of `value`; NaN where there is none.
    """

    what: str
    value: float
    limit: float
    at_least: bool
    unit: str
    error: float = float("nan")

    @property
    def met(self) -> bool | None:
        """Whether it is reached; None where nothing was measured."""
        if not np.isfinite(self.value):
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def targets(metrics: Metrics, landmarks_ratio: float) -> Iterator[Target]:
    """Every target with what was measured.

    Args:
        metrics: Of the evaluation.
        landmarks_ratio: Lumbar error of landmarks alone over that with the outline, see
            `page.write_page`.
    """
    side = metrics.frames["yaw"].get("0-12", {})
    oblique = metrics.frames["yaw"].get("12-25", {})
    for quantity, name in (("pelvic_tilt", "pelvic tilt"), ("lumbar_flexion", "lumbar flexion")):
        yield _error(f"{name}, MAE, side view", side.get(quantity), _MAE_DEG)
        judged = metrics.judged_frames.get(quantity)
        yield _error(f"{name}, MAE, side view, inside reps that get a verdict", judged, _MAE_DEG)
        yield _error(f"{name}, MAE, yaw 12-25", oblique.get(quantity), _OBLIQUE_MAE_DEG)
        for grouping in ("lift", "clothing"):
            yield _worst_bias(name, grouping, metrics.frames[grouping], quantity)
        if accuracy := metrics.all_frames.get(quantity):
            off = abs(accuracy.coverage[-1] - _COVERAGE)
            yield _at_most(f"{name}, frames in the 95 % interval, off by", off, _COVERAGE_OFF, "%")
    what = "lumbar flexion, landmarks alone against with the outline"
    yield Target(what, landmarks_ratio, _LANDMARKS_RATIO, True, "times")
    reps = metrics.reps
    tuck = reps.tuck.mae_deg if reps.tuck else np.nan
    yield _at_most("tuck per rep, MAE", tuck, _MAE_DEG, "deg")
    onset = reps.onset.median_ms if reps.onset else np.nan
    yield _at_most("onset, median error", onset, _ONSET_MS, "ms")
    for name, found, neutral, everything in (
        ("butt wink of 14 deg or more", reps.wink, reps.wink_neutral, reps.wink_all),
        ("rounding of 26 deg or more", reps.rounded, reps.rounded_neutral, reps.rounded_all),
    ):
        yield Target(f"{name}, found", found.yes if found else np.nan, _FOUND, True, "%")
        called = neutral.yes if neutral else np.nan
        yield _at_most(f"{name}, called in neutral reps", called, _FALSE, "%")
        if found is reps.wink and reps.wink_none:
            others = f"{name}, called in any reps without one"
            yield _at_most(others, reps.wink_none.yes, _FALSE, "%")
        unsure = everything.unsure if everything else np.nan
        yield _at_most(f"{name}, unsure in all reps", unsure, _UNSURE, "%")


def _at_most(what: str, value: float, limit: float, unit: str) -> Target:
    return Target(what, value, limit, False, unit)


def _error(what: str, accuracy: Accuracy | None, limit: float) -> Target:
    if accuracy is None:
        return _at_most(what, np.nan, limit, "deg")
    return Target(what, accuracy.mae_deg, limit, False, "deg", accuracy.mae_se_deg)


def _worst_bias(name: str, grouping: str, groups: dict[str, FrameScores], quantity: str) -> Target:
    """The largest bias, unsigned, among the groups with enough clips."""
    what = f"{name}, largest bias by {grouping}"
    told = {
        group: accuracy
        for group, scores in groups.items()
        if (accuracy := scores[quantity]) is not None and accuracy.clips >= LEAST_CLIPS
    }
    if not told:
        return _at_most(what, np.nan, _BIAS_DEG, "deg")
    worst = max(told, key=lambda group: abs(told[group].bias_deg))
    bias, error = abs(told[worst].bias_deg), told[worst].bias_se_deg
    return Target(f"{what} ({worst})", bias, _BIAS_DEG, False, "deg", error)
