"""How far estimates and verdicts are from the truth: pure functions on numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from hingecheck.form.filmed import DEEP
from hingecheck.pose.records import FloatArray

__all__ = [
    "LEVELS",
    "QUANTITIES",
    "Accuracy",
    "FrameScore",
    "OnsetError",
    "Shares",
    "SizeError",
    "average_clips",
    "deep_lumbar_deg",
    "match_reps",
    "onset_error",
    "score_frames",
    "size_error",
    "verdict_shares",
]

QUANTITIES = ("pelvic_tilt", "lumbar_flexion", "thoracic_flexion")

LEVELS = (0.5, 0.8, 0.9, 0.95)
"""Shares of the truth that an honest estimate's intervals are to cover."""

LEAST_FRAMES = 10
"""A clip with fewer frames to compare is not scored."""

LEAST_OVERLAP = 0.3
"""Of the time that a true and a found rep span together, what both must share to be the same."""


@dataclass(frozen=True, slots=True)
class FrameScore:
    """Error of one quantity over the frames of one clip.

    Attributes:
        frames: How many were compared.
        mae_deg: Mean absolute error.
        bias_deg: Mean of estimate minus truth.
        correlation: Pearson's, within the clip; NaN where one of the two does not vary.
        coverage: Share of frames whose interval holds the truth, for each of `LEVELS`.
    """

    frames: int
    mae_deg: float
    bias_deg: float
    correlation: float
    coverage: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Error of one quantity over clips, each clip with the same weight.

    Attributes:
        clips: How many there are.
        frames: Frames in them.
        mae_deg: Mean absolute error.
        mae_se_deg: One standard error of that, from the scatter between clips.
        bias_deg: Mean of estimate minus truth.
        bias_se_deg: One standard error of that.
        correlation: Median of the clips' own.
        coverage: Mean share of frames whose interval holds the truth, for each of `LEVELS`.
    """

    clips: int
    frames: int
    mae_deg: float
    mae_se_deg: float
    bias_deg: float
    bias_se_deg: float
    correlation: float
    coverage: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Shares:
    """How the verdicts of some reps divide.

    Attributes:
        reps: How many there are.
        yes: Share called so.
        no: Share cleared.
        unsure: Share left open.
    """

    reps: int
    yes: float
    no: float
    unsure: float


@dataclass(frozen=True, slots=True)
class SizeError:
    """Error of a size measured per rep.

    Attributes:
        reps: How many were compared.
        mae_deg: Mean absolute error.
        bias_deg: Mean of estimate minus truth.
        coverage95: Share of the 95 % intervals that hold the truth.
    """

    reps: int
    mae_deg: float
    bias_deg: float
    coverage95: float


@dataclass(frozen=True, slots=True)
class OnsetError:
    """Error of the time at which a tuck begins.

    Attributes:
        reps: Tucks whose onset was named.
        median_ms: Median absolute error.
        bias_ms: Median of estimate minus truth; positive is late.
    """

    reps: int
    median_ms: float
    bias_ms: float


def score_frames(
    true_deg: FloatArray, value_deg: FloatArray, sd_deg: FloatArray
) -> FrameScore | None:
    """Compare (frames,) estimates with the truth of one clip.

    Frames without an estimate are NaN and are skipped; None with fewer than `LEAST_FRAMES`.
    """
    known = np.isfinite(true_deg + value_deg + sd_deg)
    if known.sum() < LEAST_FRAMES:
        return None
    true, value, sd = true_deg[known], value_deg[known], sd_deg[known]
    error = value - true
    varies = np.ptp(true) > 0 and np.ptp(value) > 0
    return FrameScore(
        frames=int(known.sum()),
        mae_deg=float(np.abs(error).mean()),
        bias_deg=float(error.mean()),
        correlation=float(np.corrcoef(true, value)[0, 1]) if varies else float("nan"),
        coverage=tuple(
            float((np.abs(error) <= NormalDist().inv_cdf((1 + level) / 2) * sd).mean())
            for level in LEVELS
        ),
    )


def average_clips(scores: Sequence[FrameScore]) -> Accuracy | None:
    """Put clips together, each with the same weight; None without any."""
    if not scores:
        return None
    mae = np.array([score.mae_deg for score in scores])
    bias = np.array([score.bias_deg for score in scores])
    within = np.array([score.correlation for score in scores])
    return Accuracy(
        clips=len(scores),
        frames=sum(score.frames for score in scores),
        mae_deg=float(mae.mean()),
        mae_se_deg=_standard_error(mae),
        bias_deg=float(bias.mean()),
        bias_se_deg=_standard_error(bias),
        correlation=float(np.nanmedian(within)) if np.isfinite(within).any() else float("nan"),
        coverage=tuple(
            float(np.mean(shares))
            for shares in zip(*(score.coverage for score in scores), strict=True)
        ),
    )


def match_reps(
    true_s: Sequence[tuple[float, float]], found_s: Sequence[tuple[float, float]]
) -> list[tuple[int, int]]:
    """Pair true and found reps, both (start, end) in seconds, those that overlap most first.

    Returns:
        Indices of both, in time order; each occurs once at most. Overlap is the shared time
        over the time that the two span together, and `LEAST_OVERLAP` is asked for.
    """
    overlaps = sorted(
        (
            (_overlap(true, found), i, j)
            for i, true in enumerate(true_s)
            for j, found in enumerate(found_s)
        ),
        key=lambda pair: -pair[0],
    )
    pairs: dict[int, int] = {}
    for share, i, j in overlaps:
        if share >= LEAST_OVERLAP and i not in pairs and j not in pairs.values():
            pairs[i] = j
    return sorted(pairs.items())


def verdict_shares(verdicts: Sequence[str]) -> Shares | None:
    """How verdicts divide; what is not gradeable is left out. None where nothing remains."""
    told = [verdict for verdict in verdicts if verdict != "not_gradeable"]
    if not told:
        return None
    yes, no, unsure = (told.count(name) / len(told) for name in ("yes", "no", "unsure"))
    return Shares(len(told), yes, no, unsure)


def size_error(
    true_deg: ArrayLike, value_deg: ArrayLike, ci95_deg: Sequence[tuple[float, float]]
) -> SizeError | None:
    """Compare (reps,) sizes with the truth; reps without a size are NaN and are skipped."""
    true, value = np.asarray(true_deg, dtype=float), np.asarray(value_deg, dtype=float)
    interval = np.asarray(ci95_deg, dtype=float).reshape(-1, 2)
    known = np.isfinite(true + value + interval.sum(axis=1))
    if not known.any():
        return None
    true, error, interval = true[known], (value - true)[known], interval[known]
    held = (interval[:, 0] <= true) & (true <= interval[:, 1])
    return SizeError(
        len(true), float(np.abs(error).mean()), float(error.mean()), float(held.mean())
    )


def onset_error(true_s: ArrayLike, value_s: ArrayLike) -> OnsetError | None:
    """Compare (reps,) onsets with the truth; reps without one are NaN and are skipped."""
    error = np.asarray(value_s, dtype=float) - np.asarray(true_s, dtype=float)
    error = 1000 * error[np.isfinite(error)]
    if not len(error):
        return None
    return OnsetError(len(error), float(np.median(np.abs(error))), float(np.median(error)))


def deep_lumbar_deg(
    depth_deg: FloatArray, lumbar_deg: FloatArray, tuck_deg: float, *, from_floor: bool
) -> float:
    """Median lumbar flexion over the deepest quarter of a rep, what the check calls rounding.

    Args:
        depth_deg: (frames,) trunk-thigh flexion in the rep.
        lumbar_deg: (frames,) lumbar flexion.
        tuck_deg: What a tuck adds late in the descent; it is taken off where the rep begins
            at the top.
        from_floor: Whether the rep runs floor - lockout - floor: the pull alone is looked at.
    """
    pull = slice(0, int(np.argmin(depth_deg)) + 1 if from_floor else None)
    depth, lumbar = depth_deg[pull], lumbar_deg[pull]
    deep = depth >= DEEP * depth.max()
    return float(np.median(lumbar[deep])) - (0.0 if from_floor else tuck_deg)


def _standard_error(values: FloatArray) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else float("nan")


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> float:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    span = max(one[1], other[1]) - min(one[0], other[0])
    return max(0.0, shared) / span if span > 0 else 0.0
