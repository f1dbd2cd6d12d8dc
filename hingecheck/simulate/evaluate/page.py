"""The accuracy page: every score in words and tables, written from the metrics alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from hingecheck.pose.models import shipped_folder
from hingecheck.simulate.evaluate.metrics import FrameScores, Metrics, RepScores, Summary
from hingecheck.simulate.evaluate.scores import LEVELS, QUANTITIES, Accuracy, Shares
from hingecheck.simulate.evaluate.targets import Target, targets
from hingecheck.spine.model import CARD_NAME

__all__ = ["write_page"]

_NAMES = {"pelvic_tilt": "pelvic tilt", "lumbar_flexion": "lumbar", "thoracic_flexion": "thoracic"}
_NONE = "-"


def write_page(metrics: Metrics, stem: str) -> str:
    """The page as Markdown; `images/` beside it holds its pictures, named after its `stem`."""
    held_out = json.loads((shipped_folder() / CARD_NAME).read_text(encoding="utf-8"))["held_out"]
    template = Path(__file__).with_name("page.md").read_text(encoding="utf-8")
    return template.format(
        stem=stem,
        clips=metrics.clips,
        first=metrics.first_seed,
        last=metrics.first_seed + metrics.clips - 1,
        estimator=metrics.estimator,
        targets=_target_table(targets(metrics, _landmarks_ratio(held_out))),
        frames=_frame_table(metrics),
        groups=_group_table(metrics),
        calibration=_calibration_table(metrics.all_frames),
        verdicts=_verdict_table(metrics),
        sizes=_size_table(metrics),
        lifts=_lift_table(metrics.reps_by_lift),
        count_exact=_percent(metrics.count_exact),
        reps_found=_percent(metrics.reps_found),
        winks_told=_percent(metrics.winks_told),
        roundings_told=_percent(metrics.roundings_told),
        lift_told=_percent(metrics.lift_told),
        refused=_refused_table(metrics),
        reasons=_reason_table(metrics),
        models=_summary_table("model", metrics.models),
        beside=_summary_table("angles", metrics.beside),
        single=_single_table(held_out),
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if np.isfinite(share) else _NONE


def _target_table(listed: Iterable[Target]) -> str:
    def shown(value: float, unit: str, error: float = float("nan")) -> str:
        if unit == "%":
            return _percent(value)
        digits = 1 if unit in ("deg", "times") else 0
        return f"{value:.{digits}f}{_plus_minus(error)} {unit}" if np.isfinite(value) else _NONE

    rows = [
        (
            target.what,
            shown(target.value, target.unit, target.error),
            f"{'at least' if target.at_least else 'at most'} {shown(target.limit, target.unit)}",
            {True: "yes", False: "**no**", None: _NONE}[target.met],
        )
        for target in listed
    ]
    return _table(("", "measured", "target", "met"), rows)


def _frame_table(metrics: Metrics) -> str:
    groups = {f"yaw {band}": scores for band, scores in metrics.frames["yaw"].items()}
    for seen, scores in metrics.frames["standing"].items():
        groups[f"side view, own standing {seen}"] = scores
    groups["side view, inside reps that get a verdict"] = metrics.judged_frames
    rows = []
    for group, scores in groups.items():
        for name in QUANTITIES:
            accuracy = scores[name]
            if accuracy is not None:
                rows.append((group, str(accuracy.clips), _NAMES[name], *_errors(accuracy)))
    head = ("clips that are not refused", "clips", "angle", "MAE", "bias", "correlation", "in 95 %")
    return _table(head, rows)


def _errors(accuracy: Accuracy) -> tuple[str, str, str, str]:
    return (
        f"{accuracy.mae_deg:.1f}{_plus_minus(accuracy.mae_se_deg)}",
        f"{accuracy.bias_deg:+.1f}{_plus_minus(accuracy.bias_se_deg)}",
        f"{accuracy.correlation:.2f}",
        f"{100 * accuracy.coverage[-1]:.0f} %",
    )


def _plus_minus(error: float) -> str:
    return f" +- {error:.1f}" if np.isfinite(error) else ""


def _group_table(metrics: Metrics) -> str:
    rows = []
    for grouping in ("lift", "fault", "clothing", "equipment", "build"):
        for group, scores in metrics.frames[grouping].items():
            clips = max((s.clips for s in scores.values() if s is not None), default=0)
            rows.append((grouping, group, str(clips), *(_short(scores[n]) for n in QUANTITIES)))
    return _table(("", "", "clips", *_NAMES.values()), rows)


def _short(accuracy: Accuracy | None) -> str:
    return _NONE if accuracy is None else f"{accuracy.mae_deg:.1f} / {accuracy.bias_deg:+.1f}"


def _calibration_table(scores: FrameScores) -> str:
    rows = []
    for name in QUANTITIES:
        accuracy = scores[name]
        if accuracy is not None:
            rows.append((_NAMES[name], *(f"{100 * share:.0f} %" for share in accuracy.coverage)))
    return _table(("interval", *(f"{100 * level:.0f} %" for level in LEVELS)), rows)


def _verdict_table(metrics: Metrics) -> str:
    rows = [
        ("tuck", f"{band} deg", *_shares(shares)) for band, shares in metrics.tuck_bands.items()
    ]
    rows += [
        ("lumbar flexion at depth", f"{band} deg", *_shares(shares))
        for band, shares in metrics.rounding_bands.items()
    ]
    rows += [
        ("tuck", "neutral reps", *_shares(metrics.reps.wink_neutral)),
        (
            "lumbar flexion at depth",
            "neutral reps below 26 deg",
            *_shares(metrics.reps.rounded_neutral),
        ),
    ]
    return _table(("", "true size", "reps", "yes", "no", "unsure"), rows)


def _shares(shares: Shares | None) -> tuple[str, str, str, str]:
    if shares is None:
        return "0", _NONE, _NONE, _NONE
    yes, no, unsure = (f"{100 * part:.0f} %" for part in (shares.yes, shares.no, shares.unsure))
    return str(shares.reps), yes, no, unsure


def _size_table(metrics: Metrics) -> str:
    rows = []
    if tuck := metrics.reps.tuck:
        errors = f"{tuck.mae_deg:.1f} deg", f"{tuck.bias_deg:+.1f} deg"
        rows.append(("size of the tuck", str(tuck.reps), *errors, f"{100 * tuck.coverage95:.0f} %"))
    if onset := metrics.reps.onset:
        errors = f"{onset.median_ms:.0f} ms (median)", f"{onset.bias_ms:+.0f} ms (median)"
        rows.append(("onset of tucks of 14 deg or more", str(onset.reps), *errors, _NONE))
    return _table(("", "reps", "absolute error", "bias", "in 95 %"), rows)


def _lift_table(by_lift: Mapping[str, RepScores]) -> str:
    rows = [
        (
            lift,
            f"{scores.tuck.mae_deg:.1f} / {scores.tuck.bias_deg:+.1f}" if scores.tuck else _NONE,
            _of(scores.wink),
            _of(scores.wink_none),
            _of(scores.rounded),
            _of(scores.rounded_neutral),
        )
        for lift, scores in by_lift.items()
    ]
    head = ("", "tuck, MAE / bias", "winks found", "winks called without one")
    return _table((*head, "rounding found", "rounding called in neutral reps"), rows)


def _of(shares: Shares | None) -> str:
    return _NONE if shares is None else f"{round(shares.yes * shares.reps)} of {shares.reps}"


def _refused_table(metrics: Metrics) -> str:
    rows = [(f"yaw {band}", _percent(share)) for band, share in metrics.refused.items()]
    return _table(("clips", "refused"), rows)


def _reason_table(metrics: Metrics) -> str:
    rows = [
        (what, f"`{reason}`", _percent(share))
        for what, reasons in (
            ("clips refused", metrics.clip_reasons),
            ("reps of the other clips, not judged or in part", metrics.rep_reasons),
        )
        for reason, share in reasons.items()
    ]
    return _table(("", "reason", "share of all"), rows)


def _summary_table(what: str, summaries: Mapping[str, Summary]) -> str:
    rows = []
    for name, summary in summaries.items():
        reps = summary.reps
        rows.append(
            (
                name,
                str(summary.clips),
                f"{summary.seconds:.0f}",
                *(_short(summary.frames[quantity]) for quantity in QUANTITIES),
                f"{reps.tuck.mae_deg:.1f} / {reps.tuck.bias_deg:+.1f}" if reps.tuck else _NONE,
                _of(reps.wink),
                _of(reps.wink_none),
                _percent(reps.wink_all.unsure) if reps.wink_all else _NONE,
                _of(reps.rounded),
                _of(reps.rounded_neutral),
            )
        )
    head = (what, "clips", "seconds", *_NAMES.values(), "tuck", "winks found")
    head = (*head, "winks called without one", "unsure of the tuck", "rounding found")
    return _table((*head, "rounding called in neutral reps"), rows)


def _landmarks_ratio(held_out: Mapping[str, Any]) -> float:
    """Lumbar error without the outline over that with it, the lifter seen upright."""
    key = "lumbar_flexion_deg_mae_upright_seen"
    return float(held_out["landmarks_only"][key] / held_out[key])


def _single_table(held_out: Mapping[str, Any]) -> str:
    """Single held-out frames with and without the outline, from the spine model's card."""
    rows = []
    for seen in ("nothing", "upright", "standing"):
        for quantity, name in _NAMES.items():
            key = f"{quantity}_deg_mae_{seen}_seen"
            whole, blind = held_out[key], held_out["landmarks_only"][key]
            rows.append((seen, name, f"{whole:.1f}", f"{blind:.1f}", f"{blind / whole:.1f}"))
    return _table(("lifter seen", "angle", "outline and landmarks", "landmarks", "ratio"), rows)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
