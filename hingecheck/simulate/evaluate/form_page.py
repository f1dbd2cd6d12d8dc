"""The page about findings: found, falsely said, unsure, and how large the errors are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hingecheck.form.cues import phrase
from hingecheck.form.records import Code, Verdict
from hingecheck.simulate.evaluate.form_records import Answer, CheckedForm

__all__ = ["form_page"]

SURE = 0.7
"""Confidence below which the report asks to be told the lift."""


def form_page(checked: Sequence[CheckedForm], first_seed: int) -> str:
    """Markdown with every table."""
    clips = len(checked)
    usual = [one for one in checked if one.usual_knees]
    sure = [one for one in usual if one.confidence >= SURE]
    exact = sum(one.reps == one.true_reps for one in checked)
    exact_told = sum(one.reps_told == one.true_reps for one in checked)
    lines = [
        "# How well findings are told",
        "",
        f"{clips} simulated sets with random flaws (seeds from {first_seed}), filmed within 12",
        "degrees of the side, each checked as anybody's would be. Written by",
        "`python -m hingecheck.simulate.evaluate.form`.",
        "",
        f"- Lift recognised in {_right(checked)} of {clips} clips. In {clips - len(usual)} of them"
        " the knees are those of another lift (a squatted hinge, a hinged squat), and what it is"
        f" called is a matter of taste; of the other {len(usual)} it is right in {_right(usual)},"
        f" and in {_right(sure)} of the {len(sure)} where it is at least 70 % sure.",
        f"- Reps counted exactly in {exact} of {clips} clips, in {exact_told} when told the lift.",
        "",
        "## Findings",
        "",
        "*From* is the true size from which a finding has to be found, *limit* the size below which"
        " it must not be said. *Unsure* is the share of all answers that are neither yes nor no;"
        " *refused* of all questions. Error and bias are those of the number itself.",
        "",
        "| finding | limit | from | found | false | unsure | refused | error | bias | sd told |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *(
            _row(code, [a for one in checked for a in one.answers if a.code == code])
            for code in Code
        ),
        "",
        "## Lifts",
        "",
        *_confusion(checked),
        "",
    ]
    return "\n".join(lines)


def _right(checked: Sequence[CheckedForm]) -> int:
    return sum(one.guess == one.lift for one in checked)


def _row(code: Code, answers: Sequence[Answer]) -> str:
    name = phrase(code).name
    judged = [one for one in answers if one.verdict != Verdict.NOT_GRADEABLE]
    there = [one for one in judged if one.is_there is True]
    absent = [one for one in judged if one.is_there is False]
    unsure = sum(one.verdict == Verdict.UNSURE for one in judged)
    known = [one for one in judged if one.value is not None and one.true is not None]
    errors = np.array([one.value - one.true for one in known])  # type: ignore[operator]
    sds = [one.sd for one in known if one.sd is not None]
    limit = _common([one.limit for one in answers])
    effect = _common([one.effect for one in answers if one.limit is not None])
    cells = (
        f"{name} (`{code}`)",
        limit,
        effect,
        _of(sum(one.verdict == Verdict.YES for one in there), len(there)),
        _of(sum(one.verdict == Verdict.YES for one in absent), len(absent)),
        f"{100 * unsure / len(judged):.0f} %" if judged else "",
        f"{100 * (1 - len(judged) / len(answers)):.0f} %" if answers else "",
        f"{np.abs(errors).mean():.1f}" if len(errors) else "",
        f"{errors.mean():+.1f}" if len(errors) else "",
        f"{np.mean(sds):.1f}" if sds else "",
    )
    return f"| {' | '.join(cells)} |"


def _common(values: Sequence[float | None]) -> str:
    kinds = sorted({round(value, 2) for value in values if value is not None})
    return " / ".join(f"{value:g}" for value in kinds)


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole}" if whole else "none"


def _confusion(checked: Sequence[CheckedForm]) -> list[str]:
    lifts = sorted({one.lift for one in checked} | {one.guess for one in checked})
    rows = [f"| made, taken for | {' | '.join(lifts)} |", "|---" * (len(lifts) + 1) + "|"]
    for lift in lifts:
        mine = [one.guess for one in checked if one.lift == lift]
        rows.append(f"| {lift} | {' | '.join(str(mine.count(other) or '') for other in lifts)} |")
    return rows
