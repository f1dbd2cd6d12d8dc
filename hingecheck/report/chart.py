"""What the report's charts draw: angles and lengths over time as compact numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hingecheck.form.cues import phrase
from hingecheck.form.records import Analysis, Verdict
from hingecheck.pose.records import FloatArray
from hingecheck.report.answers import finding_sentence
from hingecheck.report.hamstrings import mean_length
from hingecheck.report.schema import RepResult, Result
from hingecheck.report.words import status_of
from hingecheck.spine.records import Estimate

__all__ = ["NEEDS_SPINE", "chart_data"]

MAX_POINTS = 3000
"""More points than that fall on the same pixel column of any screen."""

BETWEEN_REPS_SHARE = 0.2
"""Weight of a frame between reps, where little happens, against one inside a rep."""

_PANELS = (
    ("lumbar_flexion", "Lumbar flexion", "more than standing", True),
    ("pelvic_tilt", "Pelvic tilt", "forward of standing", True),
    ("trunk_inclination", "Trunk inclination", "forward of upright", True),
    ("hip_flexion", "Hip flexion", "thigh on pelvis", False),
    ("knee_flexion", "Knee flexion", "from straight", False),
)
"""Name, label, what zero means, and whether the panel is open at first."""

LEAST_SPAN_DEG = 30
LEAST_SPAN_PCT = 15
"""Panels reach at least so far: noise about zero is not blown up to fill them."""

NEEDS_SPINE = {"lumbar_flexion", "pelvic_tilt", "hip_flexion"}
"""Angles that rest on the pelvis, as the hamstrings' length does: a view that cannot carry a
verdict cannot carry them."""


def chart_data(analysis: Analysis, result: Result) -> dict[str, Any] | None:
    """Times, panels and reps for the page's script; None where no angle was measured at all.

    Values are tenths of a degree or of a percent and times milliseconds, as integers; null where
    missing. Long clips are thinned to about `MAX_POINTS` frames, more of them inside reps than
    between.
    """
    frames = _chosen_frames(analysis)
    panels = []
    for name, label, zero, open_at_first in _PANELS:
        if name in NEEDS_SPINE and not analysis.view.gradeable:
            continue
        estimate: Estimate = getattr(analysis.angles, name)
        value_deg = estimate.value_deg[frames]
        if np.isfinite(value_deg).any():
            panels.append(
                {
                    "name": name,
                    "label": label,
                    "zero": zero,
                    "unit": "°",
                    "span": LEAST_SPAN_DEG,
                    "open": open_at_first or not analysis.view.gradeable,
                    "value": _tenths(value_deg),
                    "sd": _tenths(estimate.sd_deg[frames]),
                }
            )
    if analysis.view.gradeable:
        panels += _hamstring_panel(analysis, frames)
    if not panels:
        return None
    return {
        "time": np.round(analysis.track.time_s[frames] * 1000).astype(int).tolist(),
        "panels": panels,
        "reps": [
            _rep_mark(rep, float(analysis.track.time_s[check.worst]))
            for check, rep in zip(analysis.reps, result.reps, strict=True)
        ],
        "findings": [
            {
                "rep": rep.index,
                "time": round(finding.time_s * 1000),
                "name": phrase(finding.code).name,
                "text": finding_sentence(finding, rep.measures),
            }
            for rep in result.reps
            for finding in rep.findings
        ],
    }


def _hamstring_panel(analysis: Analysis, frames: NDArray[np.int64]) -> list[dict[str, Any]]:
    length = mean_length(analysis)
    longer_pct = 100 * (length.ratio[frames] - 1)
    if not np.isfinite(longer_pct).any():
        return []
    return [
        {
            "name": "hamstrings",
            "label": "Hamstring length",
            "zero": "longer than in standing",
            "unit": "\u202f%",
            "span": LEAST_SPAN_PCT,
            "open": True,
            "value": _tenths(longer_pct),
            "sd": _tenths(100 * length.sd[frames]),
        }
    ]


def _rep_mark(rep: RepResult, low_s: float) -> dict[str, Any]:
    """A rep with its lowest moment: the bottom of its descent, or a pull's set-up."""
    status, onset_s = status_of(rep), rep.butt_wink.onset_s
    tucked = rep.butt_wink.verdict is Verdict.YES
    return {
        "index": rep.index,
        "start": round(rep.start_s * 1000),
        "low": round(low_s * 1000),
        "end": round(rep.end_s * 1000),
        "onset": round(onset_s * 1000) if tucked and onset_s is not None else None,
        "status": status,
        "word": status.word,
    }


def _chosen_frames(analysis: Analysis) -> NDArray[np.int64]:
    """Frames to draw, in order; every rep's own frames of interest are among them."""
    if analysis.frames <= MAX_POINTS:
        return np.arange(analysis.frames)
    weight = np.full(analysis.frames, BETWEEN_REPS_SHARE)
    wanted = {0, analysis.frames - 1}
    for check in analysis.reps:
        rep = check.rep
        weight[rep.start : rep.end + 1] = 1.0
        wanted |= {rep.start, rep.top, rep.bottom, rep.end, check.worst, check.reference}
    position = np.cumsum(weight)
    even = np.searchsorted(position, np.linspace(position[0], position[-1], MAX_POINTS))
    return np.union1d(even, np.fromiter(wanted, dtype=np.int64))


def _tenths(values: FloatArray) -> list[int | None]:
    return [
        int(value) if finite else None
        for value, finite in zip(
            np.round(np.nan_to_num(values) * 10), np.isfinite(values), strict=True
        )
    ]
