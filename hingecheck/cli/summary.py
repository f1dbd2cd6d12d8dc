"""A result on the terminal: the verdict first, a row per rep, what to film better."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table

from hingecheck.form.bands import THRESHOLD_DEG
from hingecheck.form.records import Band, Reason, Verdict
from hingecheck.report.answers import Seen, also_seen, drift_sentences
from hingecheck.report.schema import ButtWinkResult, RepResult, Result, RoundingResult
from hingecheck.report.words import (
    Headline,
    Status,
    advice_beside,
    clean_depth_sentence,
    doubt_about_lift,
    headline,
    joined,
    lift_name,
    number,
    status_of,
    with_interval,
)

__all__ = ["print_result", "was_judged"]

MOST_SEEN = 4
"""Kinds of findings that get a line; the report has the others."""

_LABEL = {
    Status.HELD: "= Held",
    Status.CHANGED: "! Changed",
    Status.UNSURE: "? Unsure",
    Status.NOT_GRADEABLE: "- Not judged",
}

_STYLE = {
    Status.HELD: "blue",
    Status.CHANGED: "yellow",
    Status.UNSURE: "",
    Status.NOT_GRADEABLE: "dim",
}


def print_result(result: Result, console: Console) -> None:
    """Print a result for the person who filmed it."""
    reps = len(result.reps)
    counted = "1 rep" if reps == 1 else f"{reps} reps"
    story = headline(result)
    console.print()
    title = f"{lift_name(result.lift.name)}, {counted}" if reps else counted
    console.print(f"{result.clip.name}: {title}", style="bold")
    doubt = doubt_about_lift(result)
    if doubt is not None:
        console.print(doubt)
    console.print(" ".join((story.title, *story.sentences)), style=_STYLE[story.status])
    if result.reps:
        console.print()
        console.print(_rep_table(result.reps))
        console.print()
    for sentence in _remarks(result, story):
        console.print(sentence)


def was_judged(result: Result) -> bool:
    """Whether the back could be judged in any rep."""
    return any(status_of(rep) is not Status.NOT_GRADEABLE for rep in result.reps)


def _rep_table(reps: list[RepResult]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column("Rep", justify="right")
    table.add_column("Bottom", justify="right", no_wrap=True)
    for name in ("Back", "Tuck (95 %)", "Begins", "Rounding (95 %)"):
        table.add_column(name)
    for rep in reps:
        status = status_of(rep)
        table.add_row(
            str(rep.index),
            f"{rep.bottom_s:.1f} s",
            _LABEL[status],
            _tuck(rep.butt_wink),
            _onset(rep.butt_wink),
            _rounding(rep.rounding),
            style=_STYLE[status],
        )
    return table


def _tuck(wink: ButtWinkResult) -> str:
    return _sized(
        wink.verdict, wink.band, with_interval(wink.tuck_deg, wink.ci95_deg, limit=THRESHOLD_DEG)
    )


def _rounding(rounding: RoundingResult) -> str:
    return _sized(
        rounding.verdict,
        rounding.band,
        with_interval(rounding.lumbar_flexion_deg, rounding.ci95_deg, limit=rounding.limit_deg),
    )


def _sized(verdict: Verdict, band: Band | None, angle: str) -> str:
    """A verdict with its angle: "clear 18° (12 to 24)"."""
    match verdict:
        case Verdict.YES:
            return f"{band or 'yes'} {angle}"
        case Verdict.NO:
            return f"no {angle}"
        case Verdict.UNSURE:
            return f"unsure {angle}"
        case Verdict.NOT_GRADEABLE:
            return "not judged"


def _onset(wink: ButtWinkResult) -> str:
    if wink.verdict is not Verdict.YES or wink.onset_s is None:
        return ""
    return f"{wink.onset_s:.1f} s, hip {number(wink.onset_hip_flexion_deg)}°"


def _remarks(result: Result, story: Headline) -> list[str]:
    seen = also_seen(result)
    remarks = [_also(one) for one in seen[:MOST_SEEN]]
    if len(seen) > MOST_SEEN:
        remarks.append(f"And {len(seen) - MOST_SEEN} more in the report.")
    depth = clean_depth_sentence(result)
    remarks += [depth] if depth is not None else []
    remarks += drift_sentences(result)
    remarks += [f"Cue: {cue}" for cue in result.summary.cues]
    remarks += [_refusal(story, reason, reps) for reason, reps in _reasons(result).items()]
    remarks += [f"Note: {warning}" for warning in result.provenance.warnings]
    return remarks


def _also(seen: Seen) -> str:
    """A kind of finding: "Also seen: chin up (reps 1 and 2), in rep 2 48° (38 to 58), ..."."""
    where = f"in rep {seen.most_rep} " if len(seen.reps) > 1 else ""
    return f"Also seen: {seen.name} ({joined(seen.reps)}), {where}{seen.numbers}."


def _reasons(result: Result) -> dict[Reason, list[int]]:
    """Every reason with the reps it concerns; none for what concerns the whole clip."""
    reasons: dict[Reason, list[int]] = {reason: [] for reason in result.view.reasons}
    for rep in result.reps:
        for reason in rep.reasons:
            if reason not in result.view.reasons:
                reasons.setdefault(reason, []).append(rep.index)
    return reasons


def _refusal(story: Headline, reason: Reason, reps: list[int]) -> str:
    problem, remedy = advice_beside(story, reason)
    if not reps:
        return f"{problem} {remedy}".strip()
    names = ", ".join(map(str, reps))
    return f"{'Rep' if len(reps) == 1 else 'Reps'} {names}: {problem} {remedy}"
