"""Everything that is asked of a rep or a set: one file per question."""

from __future__ import annotations

from collections.abc import Callable

from hingecheck.form.filmed import FilmedSet
from hingecheck.form.findings import (
    bar_drift,
    butt_wink,
    depth_varies,
    fatigue,
    hips_first,
    knees,
    lockout,
    neck_extension,
    over_extension,
    rounding,
    tempo,
)
from hingecheck.form.records import Code, Measure

__all__ = ["FINDINGS", "measure_all"]

FINDINGS: dict[Code, Callable[[FilmedSet], list[Measure]]] = {
    Code.BUTT_WINK: butt_wink.measure,
    Code.ROUNDING: rounding.measure,
    Code.THORACIC_ROUNDING: rounding.measure_thoracic,
    Code.OVER_EXTENSION: over_extension.measure,
    Code.OVER_EXTENSION_LOCKOUT: over_extension.measure_lockout,
    Code.SQUATTED_HINGE: knees.measure_squatted_hinge,
    Code.HINGED_SQUAT: knees.measure_hinged_squat,
    Code.HIPS_FIRST: hips_first.measure,
    Code.NECK_EXTENSION: neck_extension.measure,
    Code.BAR_DRIFT: bar_drift.measure,
    Code.LOCKOUT_SHORT: lockout.measure,
    Code.DEPTH_VARIES: depth_varies.measure,
    Code.FAST_DESCENT: tempo.measure,
    Code.FATIGUE_TUCK: fatigue.measure_tuck,
    Code.FATIGUE_LUMBAR: fatigue.measure_lumbar,
    Code.FATIGUE_DEPTH: fatigue.measure_depth,
}
"""By code, in the order in which they are told."""


def measure_all(filmed: FilmedSet) -> tuple[Measure, ...]:
    """Every question that the lift's config asks, answered for every rep and the set."""
    asked = set(filmed.config.findings)
    return tuple(
        measure
        for code, finding in FINDINGS.items()
        if code in asked
        for measure in finding(filmed)
    )
