"""The whole check on a held-out clip, and what of it is kept for scoring."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from time import perf_counter

import numpy as np

from hingecheck.clip import probe
from hingecheck.errors import UsageError
from hingecheck.form.records import Analysis, RepCheck
from hingecheck.pipeline import analyse
from hingecheck.pose.models import PoseModel, find_bundle
from hingecheck.simulate.evaluate.records import Checked, FoundRep
from hingecheck.simulate.evaluate.scores import QUANTITIES
from hingecheck.spine.contour import ContourEstimator
from hingecheck.spine.estimator import SpineEstimator
from hingecheck.spine.model import ModelEstimator
from hingecheck.spine.records import BaselineSource

__all__ = ["ESTIMATORS", "check_clip", "estimator_of"]

ESTIMATORS: dict[str, Callable[[], SpineEstimator]] = {
    "model": ModelEstimator,
    "contour": ContourEstimator,
}
"""Spine estimators by short name."""


def estimator_of(name: str) -> SpineEstimator:
    """A spine estimator by short name, or by the `module:callable` that makes one.

    Raises `UsageError` for a name that is neither.
    """
    if name in ESTIMATORS:
        return ESTIMATORS[name]()
    module, _, maker = name.partition(":")
    try:
        made: SpineEstimator = getattr(import_module(module), maker)()
    except (ImportError, AttributeError, ValueError) as error:
        known = ", ".join(ESTIMATORS)
        raise UsageError(
            f"estimator {name!r} is unknown, expected one of {known} or module:callable ({error})."
        ) from None
    return made


def check_clip(clip: Path, model: PoseModel, estimator: SpineEstimator) -> Checked:
    """Check a clip as anybody's would be, the lift not told."""
    begun = perf_counter()
    analysis = analyse(probe(clip), find_bundle(model), estimator=estimator)
    estimates = {name: getattr(analysis.angles, name) for name in QUANTITIES}
    return Checked(
        estimator=estimator.name,
        gradeable=analysis.view.gradeable,
        reasons=tuple(reason.value for reason in analysis.view.reasons),
        lift=analysis.lift.name.value,
        standing_seen=analysis.spine.baseline_source is BaselineSource.STANDING,
        seconds=perf_counter() - begun,
        time_s=np.asarray(analysis.track.time_s),
        detected=np.asarray(analysis.track.detected),
        value_deg={name: estimate.value_deg for name, estimate in estimates.items()},
        sd_deg={name: estimate.sd_deg for name, estimate in estimates.items()},
        reps=tuple(_found(analysis, check) for check in analysis.reps),
    )


def _found(analysis: Analysis, check: RepCheck) -> FoundRep:
    time_s, wink = analysis.track.time_s, check.butt_wink
    return FoundRep(
        start_s=float(time_s[check.rep.start]),
        end_s=float(time_s[check.rep.end]),
        gradeable=check.gradeable,
        reasons=tuple(reason.value for reason in check.reasons),
        wink=wink.verdict.value,
        tuck_deg=wink.tuck_deg,
        tuck_ci95_deg=wink.ci95_deg,
        onset_s=wink.onset_s,
        rounding=check.rounding.verdict.value,
        lumbar_deg=check.rounding.lumbar_flexion_deg,
    )
