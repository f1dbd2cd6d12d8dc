"""A result in plain words: how each rep ended, and the set in one headline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from hingecheck.form.messages import Advice, advice
from hingecheck.form.records import Band, Verdict
from hingecheck.motion.records import Lift
from hingecheck.report.schema import RepResult, Result, RoundingResult, Trend
from hingecheck.spine.records import BaselineSource

__all__ = [
    "Headline",
    "Status",
    "baseline_sentence",
    "headline",
    "lift_name",
    "number",
    "rep_sentence",
    "set_advice",
    "status_of",
    "trend_sentence",
    "with_interval",
]

MISSING = "\N{EN DASH}"
REPS_TOLD = 3
"""Changed reps that the headline tells one by one; more are counted."""

REPS_NAMED = 6
"""Longer lists of rep numbers are not read; the row of marks shows which."""


class Status(StrEnum):
    """How a rep ended, tuck and rounding taken together."""

    HELD = "held"
    CHANGED = "changed"
    UNSURE = "unsure"
    NOT_GRADEABLE = "not_gradeable"

    @property
    def word(self) -> str:
        """The status as a label."""
        return _STATUS_WORD[self]


_STATUS_WORD = {
    Status.HELD: "Held",
    Status.CHANGED: "Changed",
    Status.UNSURE: "Unsure",
    Status.NOT_GRADEABLE: "Not judged",
}

_LIFT_NAME = {
    Lift.DEADLIFT: "Deadlift",
    Lift.RDL: "Romanian deadlift",
    Lift.GOOD_MORNING: "Good morning",
    Lift.SQUAT: "Squat",
    Lift.SWING: "Kettlebell swing",
    Lift.HINGE: "Hip hinge",
}

_TUCK = {
    Band.HELD: "a tuck",
    Band.SLIGHT: "a slight tuck",
    Band.CLEAR: "a clear tuck",
    Band.LARGE: "a large tuck",
}

_ROUNDED = {
    Band.HELD: "a rounded back",
    Band.SLIGHT: "a slightly rounded back",
    Band.CLEAR: "a clearly rounded back",
    Band.LARGE: "a strongly rounded back",
}


OWN_ZERO = {BaselineSource.STANDING, BaselineSource.SET_UP}
"""Baselines that are a stretch of the clip: without one there is no zero."""


@dataclass(frozen=True, slots=True)
class Headline:
    """The set in one breath.

    Attributes:
        title: One short sentence.
        sentences: What to know about single reps, in time order.
        status: The colour of the whole.
    """

    title: str
    sentences: tuple[str, ...]
    status: Status


def status_of(rep: RepResult) -> Status:
    """How a rep ended: changed if either verdict says so, held only without tuck and doubt."""
    verdicts = _verdicts(rep)
    if not rep.gradeable:
        return Status.NOT_GRADEABLE
    if Verdict.YES in verdicts:
        return Status.CHANGED
    if Verdict.UNSURE in verdicts:
        return Status.UNSURE
    if verdicts == {Verdict.NO}:
        return Status.HELD
    return Status.UNSURE if Verdict.NO in verdicts else Status.NOT_GRADEABLE


def _verdicts(rep: RepResult) -> set[Verdict]:
    return {rep.butt_wink.verdict, rep.rounding.verdict}


def headline(result: Result) -> Headline:
    """The verdict on the set, or the honest refusal."""
    reps = result.reps
    by_status = {status: [rep for rep in reps if status_of(rep) is status] for status in Status}
    refused = len(by_status[Status.NOT_GRADEABLE])
    if not reps:
        if result.pose.detected_fraction == 0:
            title = "Nobody was found in this clip."
        elif not result.view.gradeable:
            title = "This clip cannot carry a verdict on the back."
        else:
            title = "No whole hinge was found in this clip."
        return Headline(title, (), Status.NOT_GRADEABLE)
    if refused == len(reps):
        found = f"{_counted(len(reps))} found, but the picture does not show the back well enough."
        return Headline(
            "This clip cannot carry a verdict on the back.", (found,), Status.NOT_GRADEABLE
        )

    changed, unsure = by_status[Status.CHANGED], by_status[Status.UNSURE]
    sentences = _told(changed)
    close = [rep for rep in unsure if Verdict.UNSURE in _verdicts(rep)]
    partly = [rep for rep in unsure if rep not in close]
    if close:
        sentences.append(f"{_names(close)} {_was(close)} too close to call.")
    if partly:
        sentences.append(f"{_names(partly)} could be judged in part only.")
    if refused:
        sentences.append(
            f"{_names(by_status[Status.NOT_GRADEABLE])}"
            f" {_was(by_status[Status.NOT_GRADEABLE])} not judged."
        )
    status = Status.CHANGED if changed else Status.UNSURE if unsure else Status.HELD
    return Headline(_title(by_status, len(reps), bool(close)), tuple(sentences), status)


def rep_sentence(rep: RepResult) -> str:
    """What happened in a rep, with its numbers: "a clear tuck, 18° (12 to 24)"."""
    wink, rounding, status = rep.butt_wink, rep.rounding, status_of(rep)
    if status is Status.HELD:
        return "the back kept its shape"
    if status is Status.NOT_GRADEABLE:
        return "not judged"
    if status is Status.UNSURE:
        doubts = []
        if wink.verdict is Verdict.UNSURE:
            doubts.append(f"tuck {with_interval(wink.tuck_deg, wink.ci95_deg)}")
        if rounding.verdict is Verdict.UNSURE:
            doubts.append(f"lumbar flexion {_against_limit(rounding)}")
        if not doubts and wink.verdict is Verdict.NO:
            return "no tuck; rounding could not be judged"
        if not doubts:
            return "not rounded; the tuck could not be judged"
        return f"too close to call: {' and '.join(doubts)}"
    parts = []
    if wink.verdict is Verdict.YES:
        parts.append(
            f"{_TUCK[wink.band or Band.HELD]}, {with_interval(wink.tuck_deg, wink.ci95_deg)}"
        )
    if rounding.verdict is Verdict.YES:
        parts.append(f"{_ROUNDED[rounding.band or Band.HELD]}, {_against_limit(rounding)}")
    return ", and ".join(parts)


def set_advice(result: Result) -> list[Advice]:
    """What to film better, for the clip and every rep that was not judged; each thing once."""
    reasons = list(result.view.reasons)
    for rep in result.reps:
        reasons.extend(rep.reasons)
    return [advice(reason) for reason in dict.fromkeys(reasons)]


def trend_sentence(trend: Trend | None) -> str | None:
    """The trend in words, where it is clear of its own uncertainty; otherwise None."""
    if trend is None or trend.tuck_deg_per_rep is None or trend.sd_deg_per_rep is None:
        return None
    if abs(trend.tuck_deg_per_rep) < 2 * trend.sd_deg_per_rep:
        return None
    grew = "grew" if trend.tuck_deg_per_rep > 0 else "shrank"
    slope, sd = abs(trend.tuck_deg_per_rep), trend.sd_deg_per_rep
    return f"Over the set the tuck {grew} by {slope:.1f}° a rep (± {sd:.1f})."


def baseline_sentence(result: Result) -> str:
    """Where the lifter's own zero comes from, with its time range."""
    source, baseline = result.baseline.source, result.baseline
    if source == BaselineSource.STANDING:
        text = "Angles count from your own relaxed standing, which this clip shows"
    elif source == BaselineSource.EARLY_DESCENT:
        text = (
            "You are not seen standing relaxed, so your standing posture is estimated too, and each"
            " rep is compared with the start of your own descents"
        )
    elif source == BaselineSource.SET_UP:
        text = "Zero is your own set-up before the first rep"
    else:
        text = f"Zero is the stored profile “{source.removeprefix('profile:')}”"
    if baseline.start_s is None or baseline.end_s is None:
        return "This clip shows no posture to count from." if source in OWN_ZERO else f"{text}."
    return f"{text} (between {baseline.start_s:.1f} and {baseline.end_s:.1f} s)."


def lift_name(lift: Lift) -> str:
    """A lift as people call it."""
    return _LIFT_NAME[lift]


def number(value: float | None, digits: int = 0) -> str:
    """A number for people: true minus sign, no negative zero, a dash where there is none."""
    if value is None:
        return MISSING
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "\N{MINUS SIGN}")


def with_interval(value_deg: float | None, ci95_deg: tuple[float | None, float | None]) -> str:
    """An angle with its 95 % interval: "18° (12 to 24)"."""
    if value_deg is None:
        return MISSING
    low, high = ci95_deg
    if low is None or high is None:
        return f"{number(value_deg)}°"
    return f"{number(value_deg)}° ({number(low)} to {number(high)})"


def _against_limit(rounding: RoundingResult) -> str:
    """Flexion and the lift's limit: "34° (32 to 36), usual up to 30.5°"."""
    flexion = with_interval(rounding.lumbar_flexion_deg, rounding.ci95_deg)
    if rounding.limit_deg is None:
        return f"{flexion} from standing"
    return f"{flexion}, usual up to {rounding.limit_deg:g}°"


def _title(by_status: dict[Status, list[RepResult]], reps: int, close: bool) -> str:
    held, changed = len(by_status[Status.HELD]), len(by_status[Status.CHANGED])
    if held == reps:
        return {1: "The rep held.", 2: "Both reps held."}.get(reps, f"All {reps} reps held.")
    if held:
        return f"{held} of {reps} reps held."
    if changed == reps:
        every = {1: "the rep", 2: "both reps"}.get(reps, f"all {reps} reps")
        return f"The back changed shape in {every}."
    if changed:
        return f"The back changed shape in {changed} of {reps} reps."
    return "Too close to call." if close else "Judged in part only."


def _told(changed: Sequence[RepResult]) -> list[str]:
    """One sentence for each changed rep; of many, the largest tuck and how many more."""
    if len(changed) <= REPS_TOLD:
        return [f"Rep {rep.index}: {rep_sentence(rep)}." for rep in changed]
    largest = max(changed, key=lambda rep: rep.butt_wink.tuck_deg or 0.0)
    return [
        f"Most in rep {largest.index}: {rep_sentence(largest)}.",
        f"{_names([rep for rep in changed if rep is not largest])} changed too.",
    ]


def _names(reps: Sequence[RepResult]) -> str:
    """Reps by number: "Rep 2", "Reps 2 and 5"; many only counted: "14 reps"."""
    if len(reps) > REPS_NAMED:
        return f"{len(reps)} reps"
    indices = [str(rep.index) for rep in reps]
    if len(indices) == 1:
        return f"Rep {indices[0]}"
    return f"Reps {', '.join(indices[:-1])} and {indices[-1]}"


def _was(reps: Sequence[RepResult]) -> str:
    return "was" if len(reps) == 1 else "were"


def _counted(reps: int) -> str:
    return "1 rep was" if reps == 1 else f"{reps} reps were"
