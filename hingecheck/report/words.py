"""A result in plain words: how each rep ended, and the set in one headline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from hingecheck.form.bands import THRESHOLD_DEG
from hingecheck.form.cues import with_unit
from hingecheck.form.messages import Advice, advice
from hingecheck.form.records import Band, Reason, Unit, Verdict
from hingecheck.motion.records import Lift
from hingecheck.report.schema import ButtWinkResult, RepResult, Result, RoundingResult
from hingecheck.spine.records import BaselineSource

__all__ = [
    "Headline",
    "Status",
    "advice_beside",
    "baseline_sentence",
    "clean_depth_sentence",
    "doubt_about_lift",
    "exactly",
    "headline",
    "joined",
    "lift_name",
    "number",
    "rep_sentence",
    "set_advice",
    "status_of",
    "tempo_words",
    "with_interval",
]

NO_HINGE = "No whole hinge was found in this clip."

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


SURE_OF_LIFT = 0.7
"""Below this, which lift it was taken for is said to be a guess."""

HANGING = frozenset({Lift.DEADLIFT, Lift.RDL, Lift.SWING, Lift.HINGE})
"""Lifts in which the hands hang, so that their height shows the depth."""

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
            title = NO_HINGE
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
            doubts.append(f"tuck {_tuck(wink)}")
        if rounding.verdict is Verdict.UNSURE:
            doubts.append(f"lumbar flexion {_against_limit(rounding)}")
        if not doubts and wink.verdict is Verdict.NO:
            return "no tuck; rounding could not be judged"
        if not doubts:
            return "not rounded; the tuck could not be judged"
        return f"too close to call: {' and '.join(doubts)}"
    parts = []
    if wink.verdict is Verdict.YES:
        parts.append(f"{_TUCK[wink.band or Band.HELD]}, {_tuck(wink)}")
    if rounding.verdict is Verdict.YES:
        parts.append(f"{_ROUNDED[rounding.band or Band.HELD]}, {_against_limit(rounding)}")
    return ", and ".join(parts)


def set_advice(result: Result) -> list[Advice]:
    """What to film better, for the clip and every rep that was not judged; each thing once."""
    reasons = list(result.view.reasons)
    for rep in result.reps:
        reasons.extend(rep.reasons)
    return [advice_beside(headline(result), reason) for reason in dict.fromkeys(reasons)]


def advice_beside(story: Headline, reason: Reason) -> Advice:
    """What to film better; without its problem where the headline has just said that."""
    told = advice(reason)
    if reason is Reason.NO_REPS and story.title == NO_HINGE:
        return Advice("", told.remedy)
    return told


def clean_depth_sentence(result: Result) -> str | None:
    """How deep before the pelvis tucks, or half a sentence on why that is not known.

    None where no rep was judged at all: the headline has said so.
    """
    depth = result.summary.clean_depth
    if all(status_of(rep) is Status.NOT_GRADEABLE for rep in result.reps):
        return None
    if depth.hip_flexion_deg is None:
        unsure = any(rep.butt_wink.verdict is Verdict.UNSURE for rep in result.reps)
        why = "no rep's tuck is clear enough" if unsure else "no rep's tuck could be judged"
        return f"Clean hinge depth: not known, since {why}."
    hip = with_interval(depth.hip_flexion_deg, depth.ci95_deg).replace("° (", "° of hip flexion (")
    text = f"Clean hinge depth: {'' if depth.reached else 'at least '}{hip}"
    if depth.knee_flexion_deg is not None:
        text += f" with knees at {number(depth.knee_flexion_deg)}°"
    if depth.bar_height_cm is not None and result.lift.name in HANGING:
        text += f", hands {number(depth.bar_height_cm)} cm above the floor"
    return f"{text}." if depth.reached else f"{text}; no rep reached its limit."


def doubt_about_lift(result: Result) -> str | None:
    """What to do where the lift was recognised without being sure; otherwise None."""
    lift = result.lift
    if lift.source == "user" or lift.confidence >= SURE_OF_LIFT or not result.reps:
        return None
    name = lift_name(lift.name)
    name = name if lift.name is Lift.RDL else name.lower()
    return f"Taken for a {name} (not sure); tell with --lift."


def tempo_words(rep: RepResult) -> str:
    """How long a rep's parts took: "1.5 s down, 0.1 s pause, 1.3 s up"; unseen parts left out."""
    tempo = rep.tempo
    parts = ((tempo.descent_s, "down"), (tempo.bottom_s, "pause"), (tempo.ascent_s, "up"))
    return ", ".join(f"{with_unit(s, Unit.S)} {name}" for s, name in parts if s is not None)


def baseline_sentence(result: Result) -> str:
    """Where the lifter's own zero comes from, with its time range."""
    source, baseline = result.baseline.source, result.baseline
    if source == BaselineSource.STANDING:
        text = (
            "Angles count from your own quiet standing before or after the set (with its load, if"
            " you carried one then), which this clip shows"
        )
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


def with_interval(
    value: float | None,
    ci95: tuple[float | None, float | None],
    unit: Unit = Unit.DEG,
    limit: float | None = None,
) -> str:
    """A value with its 95 % interval: "18° (12 to 24)".

    An end that rounding would lay on the limit has one more decimal, which shows its side.
    """
    if value is None:
        return MISSING
    low, high = ci95
    if low is None or high is None:
        return with_unit(value, unit)
    digits = 1 if unit is Unit.S else 0
    ends = [number(end, digits + (round(end, digits) == limit != end)) for end in (low, high)]
    return f"{with_unit(value, unit)} ({ends[0]} to {ends[1]})"


def exactly(limit: float, unit: Unit) -> str:
    """A limit as it is, without rounding: "30.5°"."""
    if unit is Unit.S:
        return with_unit(limit, unit)
    return f"{limit:g}{with_unit(0.0, unit)[1:]}".replace("-", "\N{MINUS SIGN}")


def joined(indices: Sequence[int]) -> str:
    """Reps by number: "rep 2", "reps 2 and 5"; many only counted: "14 reps"."""
    if len(indices) > REPS_NAMED:
        return f"{len(indices)} reps"
    names = [str(index) for index in indices]
    if len(names) == 1:
        return f"rep {names[0]}"
    return f"reps {', '.join(names[:-1])} and {names[-1]}"


def _tuck(wink: ButtWinkResult) -> str:
    return with_interval(wink.tuck_deg, wink.ci95_deg, limit=THRESHOLD_DEG)


def _against_limit(rounding: RoundingResult) -> str:
    """Flexion and the lift's limit: "34° (32 to 36), usual up to 30.5°"."""
    flexion = with_interval(
        rounding.lumbar_flexion_deg, rounding.ci95_deg, limit=rounding.limit_deg
    )
    if rounding.limit_deg is None:
        return f"{flexion} from standing"
    return f"{flexion}, usual up to {exactly(rounding.limit_deg, Unit.DEG)}"


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
    """`joined` at the start of a sentence."""
    names = joined([rep.index for rep in reps])
    return names[:1].upper() + names[1:]


def _was(reps: Sequence[RepResult]) -> str:
    return "was" if len(reps) == 1 else "were"


def _counted(reps: int) -> str:
    return "1 rep was" if reps == 1 else f"{reps} reps were"
