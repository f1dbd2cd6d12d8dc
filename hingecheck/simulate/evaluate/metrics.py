"""All scores of an evaluation: over frames and over reps, by what sets the clips apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

import numpy as np

from hingecheck.simulate.evaluate.records import Case, FoundRep, TrueRep
from hingecheck.simulate.evaluate.scores import (
    QUANTITIES,
    Accuracy,
    OnsetError,
    Shares,
    SizeError,
    average_clips,
    match_reps,
    onset_error,
    score_frames,
    size_error,
    verdict_shares,
)

__all__ = [
    "LEAST_TRUNK_DEG",
    "NEUTRAL_TUCK_DEG",
    "ROUNDED_DEG",
    "WINK_DEG",
    "YAW_BANDS",
    "FrameScores",
    "Metrics",
    "RepPair",
    "RepScores",
    "Summary",
    "compare",
    "measure",
    "pair_reps",
    "plain",
    "score_clips",
    "score_reps",
]

Part = TypeVar("Part")

LEAST_TRUNK_DEG = 20.0
"""Frames count from this true trunk inclination on: above it nobody hinges."""

WINK_DEG = 14.0
"""True tucks of this size are to be found."""

NEUTRAL_TUCK_DEG = 4.0
"""True tucks below this are none."""

ROUNDED_DEG = 26.0
"""True lumbar flexion at depth from which rounding is to be found."""

YAW_BANDS = {"0-12": (0.0, 12.0), "12-25": (12.0, 25.0), "beyond 25": (25.0, 180.0)}
"""Degrees that the camera stands off the true side view."""

TUCK_BANDS = {
    "under 4": (0.0, 4.0),
    "4-14": (4.0, 14.0),
    "14-20": (14.0, 20.0),
    "over 20": (20.0, 90.0),
}
ROUNDING_BANDS = {
    "under 20": (-90.0, 20.0),
    "20-26": (20.0, 26.0),
    "26-32": (26.0, 32.0),
    "32-40": (32.0, 40.0),
    "over 40": (40.0, 120.0),
}

FrameScores = dict[str, Accuracy | None]
"""By quantity."""


@dataclass(frozen=True, slots=True)
class RepPair:
    """A true repetition and the one that was found for it.

    Attributes:
        fault: Of the clip.
        lift: Of the clip.
        true: As it was made.
        found: As it was checked.
    """

    fault: str
    lift: str
    true: TrueRep
    found: FoundRep


@dataclass(frozen=True, slots=True)
class RepScores:
    """Verdicts and sizes over the graded reps; None where there are none to score.

    Attributes:
        tuck: Size of the tuck; its truth is 0 in reps without one.
        wink: Verdicts in reps whose tuck is `WINK_DEG` or more.
        wink_neutral: Verdicts in neutral reps.
        wink_none: Verdicts in all reps without a tuck, rounded and over-extended ones too.
        wink_all: Verdicts in all reps.
        onset: When tucks of `WINK_DEG` or more begin.
        rounded: Verdicts in reps with `ROUNDED_DEG` or more at depth.
        rounded_neutral: Verdicts in neutral reps with less.
        rounded_all: Verdicts in all reps.
    """

    tuck: SizeError | None
    wink: Shares | None
    wink_neutral: Shares | None
    wink_none: Shares | None
    wink_all: Shares | None
    onset: OnsetError | None
    rounded: Shares | None
    rounded_neutral: Shares | None
    rounded_all: Shares | None


@dataclass(frozen=True, slots=True)
class Summary:
    """One way to check, over some clips.

    Attributes:
        clips: How many.
        seconds: Time a check took, median.
        frames: Frames of gradeable side views (yaw to 12).
        reps: Graded reps.
    """

    clips: int
    seconds: float
    frames: FrameScores
    reps: RepScores


@dataclass(frozen=True, slots=True)
class Metrics:
    """Everything an evaluation measures.

    Attributes:
        clips: How many.
        first_seed: Of the first clip.
        estimator: What provenance calls the spine estimator.
        lift_told: Share of clips whose lift was told right.
        count_exact: Share of gradeable clips with the true number of reps.
        reps_found: Share of the true reps of gradeable clips that were found.
        winks_told: Share of those that got a verdict on the tuck.
        roundings_told: Share of those that got a verdict on rounding.
        all_frames: Frames of all gradeable clips.
        judged_frames: Frames of side views (yaw to 12) inside the reps that get a verdict.
        frames: Grouping -> group -> scores; all but the yaw's over side views (yaw to 12).
        reps: All graded reps.
        reps_by_lift: The same by lift.
        tuck_bands: Verdicts by the tuck's true size.
        rounding_bands: Verdicts by the true lumbar flexion at depth.
        refused: Share of clips refused, by yaw band.
        clip_reasons: Share of clips refused, by reason.
        rep_reasons: Share of the found reps of gradeable clips not graded, by reason.
        models: Pose model -> summary, all over the same clips.
        beside: Source of the angles -> summary, all over the same clips.
    """

    clips: int
    first_seed: int
    estimator: str
    lift_told: float
    count_exact: float
    reps_found: float
    winks_told: float
    roundings_told: float
    all_frames: FrameScores
    judged_frames: FrameScores
    frames: dict[str, dict[str, FrameScores]]
    reps: RepScores
    reps_by_lift: dict[str, RepScores]
    tuck_bands: dict[str, Shares | None]
    rounding_bands: dict[str, Shares | None]
    refused: dict[str, float]
    clip_reasons: dict[str, float]
    rep_reasons: dict[str, float]
    models: dict[str, Summary]
    beside: dict[str, Summary]


def measure(
    cases: Sequence[Case],
    models: Mapping[str, Sequence[Case]],
    beside: Mapping[str, Sequence[Case]],
) -> Metrics:
    """Score an evaluation.

    Args:
        cases: The clips as checked with the full pose model.
        models: Some of the clips as checked with each pose model.
        beside: The clips as checked with angles from elsewhere.
    """
    graded = [case for case in cases if case.checked.gradeable]
    side = [case for case in graded if _yaw_band(case) == "0-12"]
    pairs = pair_reps(graded)
    found = [rep for case in graded for rep in case.checked.reps]
    told = [pair for pair in pairs if pair.found.gradeable]
    return Metrics(
        clips=len(cases),
        first_seed=min(int(case.truth.name) for case in cases),
        estimator=cases[0].checked.estimator,
        lift_told=_share(case.checked.lift == case.truth.lift for case in cases),
        count_exact=_share(len(case.checked.reps) == len(case.truth.reps) for case in graded),
        reps_found=len(pairs) / max(1, sum(len(case.truth.reps) for case in graded)),
        winks_told=_share(pair.found.wink != "not_gradeable" for pair in pairs),
        roundings_told=_share(pair.found.rounding != "not_gradeable" for pair in pairs),
        all_frames=score_clips(graded),
        judged_frames=score_clips(side, judged=True),
        frames={
            "yaw": _by(graded, _yaw_band),
            "lift": _by(side, lambda case: case.truth.lift),
            "fault": _by(side, lambda case: case.truth.fault),
            "clothing": _by(side, lambda case: case.truth.clothing),
            "equipment": _by(side, lambda case: case.truth.equipment),
            "build": _by(side, lambda case: case.truth.build),
            "standing": _by(
                side, lambda case: "seen" if case.checked.standing_seen else "not seen"
            ),
        },
        reps=score_reps(pairs),
        reps_by_lift={
            lift: score_reps(group)
            for lift, group in _groups(pairs, lambda pair: pair.lift).items()
        },
        tuck_bands={
            band: verdict_shares([p.found.wink for p in told if low <= p.true.tuck_deg < high])
            for band, (low, high) in TUCK_BANDS.items()
        },
        rounding_bands={
            band: verdict_shares(
                [p.found.rounding for p in told if low <= p.true.deep_lumbar_deg < high]
            )
            for band, (low, high) in ROUNDING_BANDS.items()
        },
        refused={
            band: _share(not case.checked.gradeable for case in group)
            for band, group in _groups(cases, _yaw_band).items()
        },
        clip_reasons=_reasons(
            [() if case.checked.gradeable else case.checked.reasons for case in cases]
        ),
        rep_reasons=_reasons([rep.reasons for rep in found]),
        models={name: summarise(group) for name, group in models.items()},
        beside={name: summarise(group) for name, group in beside.items()},
    )


def compare(
    case: Case, *, judged: bool = False
) -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Truth, estimate and its sd, (frames,) each, of every quantity in the frames that count.

    Those are found frames with the trunk leaning by `LEAST_TRUNK_DEG` or more, if `judged` only
    those inside reps that get a verdict.
    """
    truth, checked = case.truth, case.checked
    step_s = float(np.median(np.diff(truth.time_s)))
    at = np.clip(np.round(checked.time_s / step_s).astype(int), 0, len(truth.time_s) - 1)
    counts = checked.detected & (truth.trunk_deg[at] > LEAST_TRUNK_DEG)
    if judged:
        told = [rep for rep in checked.reps if rep.gradeable]
        within = [(checked.time_s >= rep.start_s) & (checked.time_s <= rep.end_s) for rep in told]
        counts &= np.any(within, axis=0) if within else False
    return {
        name: (
            truth.angle_deg[name][at][counts],
            checked.value_deg[name][counts],
            checked.sd_deg[name][counts],
        )
        for name in QUANTITIES
    }


def score_clips(cases: Iterable[Case], *, judged: bool = False) -> FrameScores:
    """Errors of every quantity, each clip with the same weight; `judged` as in `compare`."""
    compared = [compare(case, judged=judged) for case in cases]
    scores = {name: [score_frames(*one[name]) for one in compared] for name in QUANTITIES}
    return {
        name: average_clips([score for score in listed if score is not None])
        for name, listed in scores.items()
    }


def pair_reps(cases: Iterable[Case]) -> list[RepPair]:
    """Every true rep with the one that was found for it."""
    return [
        RepPair(case.truth.fault, case.truth.lift, case.truth.reps[i], case.checked.reps[j])
        for case in cases
        for i, j in match_reps(
            [(rep.start_s, rep.end_s) for rep in case.truth.reps],
            [(rep.start_s, rep.end_s) for rep in case.checked.reps],
        )
    ]


def score_reps(pairs: Sequence[RepPair]) -> RepScores:
    """Verdicts and sizes over the gradeable ones of some reps."""
    told = [pair for pair in pairs if pair.found.gradeable]
    winks = [pair for pair in told if pair.true.tuck_deg >= WINK_DEG]
    tuckless = [pair for pair in told if pair.true.tuck_deg < NEUTRAL_TUCK_DEG]
    neutral = [pair for pair in tuckless if pair.fault == "none"]

    def wink(group: list[RepPair]) -> Shares | None:
        return verdict_shares([pair.found.wink for pair in group])

    def rounded(group: list[RepPair]) -> Shares | None:
        return verdict_shares([pair.found.rounding for pair in group])

    return RepScores(
        tuck=size_error(
            [pair.true.tuck_deg for pair in told],
            [pair.found.tuck_deg for pair in told],
            [pair.found.tuck_ci95_deg for pair in told],
        ),
        wink=wink(winks),
        wink_neutral=wink(neutral),
        wink_none=wink(tuckless),
        wink_all=wink(told),
        onset=onset_error(
            [pair.true.onset_s for pair in winks], [pair.found.onset_s for pair in winks]
        ),
        rounded=rounded([pair for pair in told if pair.true.deep_lumbar_deg >= ROUNDED_DEG]),
        rounded_neutral=rounded(
            [pair for pair in neutral if pair.true.deep_lumbar_deg < ROUNDED_DEG]
        ),
        rounded_all=rounded(told),
    )


def summarise(cases: Sequence[Case]) -> Summary:
    """The main scores of one way to check."""
    graded = [case for case in cases if case.checked.gradeable]
    return Summary(
        clips=len(cases),
        seconds=float(np.median([case.checked.seconds for case in cases])),
        frames=score_clips(case for case in graded if _yaw_band(case) == "0-12"),
        reps=score_reps(pair_reps(graded)),
    )


def plain(metrics: Metrics) -> dict[str, Any]:
    """For JSON: three decimals, and null for what could not be measured."""
    rounded: dict[str, Any] = _rounded(asdict(metrics))
    return rounded


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_rounded(item) for item in value]
    if isinstance(value, float):
        return round(value, 3) if np.isfinite(value) else None
    return value


def _yaw_band(case: Case) -> str:
    yaw = case.truth.yaw_deg
    return next(band for band, (low, high) in YAW_BANDS.items() if low <= yaw < high)


def _by(cases: Sequence[Case], key: Callable[[Case], str]) -> dict[str, FrameScores]:
    return {name: score_clips(group) for name, group in _groups(cases, key).items()}


def _groups(parts: Iterable[Part], key: Callable[[Part], str]) -> dict[str, list[Part]]:
    groups: dict[str, list[Part]] = {}
    for part in parts:
        groups.setdefault(key(part), []).append(part)
    return dict(sorted(groups.items()))


def _share(said: Iterable[bool]) -> float:
    answers = list(said)
    return sum(answers) / len(answers) if answers else float("nan")


def _reasons(reasons: Sequence[Sequence[str]]) -> dict[str, float]:
    """Share of the parts that each reason was given for."""
    counted = Counter(reason for given in reasons for reason in given)
    return {reason: count / len(reasons) for reason, count in sorted(counted.items())}
