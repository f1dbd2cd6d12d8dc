"""What a dataset's tables hold: one row per input, per rep and per clip's timing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import pyarrow as pa

from hingecheck.batch.columns import Column, columns_of
from hingecheck.batch.totals import worst_tuck
from hingecheck.form.records import Code, Reason, Verdict
from hingecheck.motion.hamstrings import Belly
from hingecheck.motion.records import Angles
from hingecheck.report.schema import (
    Baseline,
    ButtWinkResult,
    Clip,
    HamstringResult,
    LiftInfo,
    MeasureResult,
    PoseInfo,
    RepResult,
    Result,
    Summary,
    View,
)
from hingecheck.report.words import Status, headline

__all__ = ["ENTRY", "OF_CLIP", "OF_REP", "OF_TIMING", "STAGES", "CheckedClip", "CheckedRep"]

STAGES = ("probe", "look", "draw", "judge", "stills")
"""What `result.timing` tells apart."""

OF_SET = (Code.FATIGUE_TUCK, Code.FATIGUE_LUMBAR, Code.FATIGUE_DEPTH)
"""Questions about the set as a whole; all others are asked of every rep."""

WITH_OWN_RECORD = (Code.BUTT_WINK, Code.ROUNDING)
"""Questions whose answers have richer records of their own in a rep."""

BESIDE_TUCK = frozenset(ButtWinkResult.model_fields) - {"tuck_deg", "ci95_deg"}
"""What `clips.parquet` leaves out of the largest tuck; `reps.parquet` has it."""


def _nameless_warnings(result: Result) -> list[str]:
    """Warnings without the clip's name: of equal files it is chance whose was checked."""
    name = f"{result.clip.name}: "
    return [warning.replace(name, "") for warning in result.provenance.warnings]


@dataclass(frozen=True, slots=True)
class CheckedClip:
    """A clip and what was found in it.

    Attributes:
        clip: Its id.
        result: Its result.
    """

    clip: str
    result: Result


@dataclass(frozen=True, slots=True)
class CheckedRep:
    """One rep and where it belongs.

    Attributes:
        clip: The clip's id.
        result: The clip's result.
        rep: The rep.
    """

    clip: str
    result: Result
    rep: RepResult


def _reasons(result: Result) -> list[Reason]:
    """Every reason of the view and of the reps, each once."""
    reasons = [*result.view.reasons, *(reason for rep in result.reps for reason in rep.reasons)]
    return list(dict.fromkeys(reasons))


def _measures(of: Callable[[Any], list[MeasureResult]], *codes: Code) -> list[Column]:
    """Columns `<code>_verdict`, `_value`, `_ci95_lo`, ... of what is asked."""

    def answer(code: Code) -> Callable[[Any], MeasureResult | None]:
        return lambda row: next((one for one in of(row) if one.code is code), None)

    return [
        column
        for code in codes
        for column in columns_of(MeasureResult, answer(code), f"{code}_", without=("code", "unit"))
    ]


def _peak(name: str) -> Callable[[CheckedRep], float | None]:
    return lambda row: row.rep.peak.get(name)


def _belly(belly: Belly) -> Callable[[CheckedRep], HamstringResult | None]:
    return lambda row: next((one for one in row.rep.hamstrings if one.belly is belly), None)


def _count(field: str, verdict: Verdict) -> Callable[[Result], int]:
    return lambda result: getattr(result.summary, field).get(verdict, 0)


def _judged(result: Result) -> bool:
    return headline(result).status is not Status.NOT_GRADEABLE


def _stage(stage: str) -> Callable[[CheckedClip], float | None]:
    return lambda row: row.result.timing.get(stage)


ENTRY = (
    Column("address", pa.string(), lambda entry: entry.address),
    Column("clip", pa.string(), lambda entry: entry.clip),
    Column("status", pa.string(), lambda entry: entry.status),
    Column("failure", pa.string(), lambda entry: entry.failure),
    Column("message", pa.string(), lambda entry: entry.message),
    Column("size_bytes", pa.int64(), lambda entry: entry.size_bytes),
)
"""What `clips.parquet` says of an input, whatever became of it; rows are `Entry`s."""

OF_CLIP = (
    *columns_of(Clip, lambda result: result.clip, without=("name",)),
    *columns_of(PoseInfo, lambda result: result.pose, "pose_"),
    *columns_of(View, lambda result: result.view, "view_", without=("reasons", "messages")),
    Column(
        "judged", pa.bool_(), lambda result: headline(result).status is not Status.NOT_GRADEABLE
    ),
    Column("reasons", pa.list_(pa.string()), _reasons),
    *columns_of(LiftInfo, lambda result: result.lift, "lift_"),
    *columns_of(Baseline, lambda result: result.baseline, "baseline_"),
    Column("reps", pa.int64(), lambda result: result.summary.reps),
    *(
        Column(f"{field}_{verdict}", pa.int64(), _count(field, verdict))
        for field in ("butt_wink", "rounding")
        for verdict in Verdict
    ),
    *columns_of(
        Summary,
        lambda result: result.summary,
        without=("reps", "butt_wink", "rounding", "measures"),
    ),
    *columns_of(ButtWinkResult, worst_tuck, "worst_", without=BESIDE_TUCK),
    *_measures(lambda result: result.summary.measures, *OF_SET),
    Column("warnings", pa.list_(pa.string()), lambda result: _nameless_warnings(result)),
    Column("version", pa.string(), lambda result: result.provenance.version),
    Column(
        "settings",
        pa.string(),
        lambda result: json.dumps(result.provenance.settings, sort_keys=True),
    ),
)
"""What `clips.parquet` says of a clip that was checked; rows are `Result`s."""

OF_REP = (
    Column("clip", pa.string(), lambda row: row.clip),
    Column("lift_name", pa.string(), lambda row: row.result.lift.name),
    Column("rep", pa.int64(), lambda row: row.rep.index),
    *columns_of(
        RepResult, lambda row: row.rep, without=("index", "peak", "measures", "hamstrings")
    ),
    *(
        Column(f"peak_{angle.name}{end}", pa.float64(), _peak(f"{angle.name}{end}"))
        for angle in fields(Angles)
        for end in ("_deg", "_sd_deg")
    ),
    *(
        column
        for belly in Belly
        for column in columns_of(
            HamstringResult, _belly(belly), f"hamstring_{belly}_", without=("belly",)
        )
    ),
    *_measures(
        lambda row: row.rep.measures,
        *(code for code in Code if code not in (*OF_SET, *WITH_OWN_RECORD)),
    ),
)
"""What `reps.parquet` says; rows are `CheckedRep`s."""

OF_TIMING = (
    Column("clip", pa.string(), lambda row: row.clip),
    *(Column(f"{stage}_s", pa.float64(), _stage(stage)) for stage in STAGES),
    Column("total_s", pa.float64(), lambda row: round(sum(row.result.timing.values()), 3)),
)
"""What `timings.parquet` says; rows are `CheckedClip`s."""
