"""What was asked of a set and what was found, in words that need no anatomy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hingecheck.form.cues import phrase, with_unit
from hingecheck.form.messages import advice
from hingecheck.form.records import Band, Code, Reason, Verdict
from hingecheck.report.schema import FindingResult, MeasureResult, RepResult, Result
from hingecheck.report.words import Status, exactly, joined, number, with_interval

__all__ = [
    "BACK",
    "Answer",
    "Seen",
    "also_seen",
    "answers",
    "cue_place",
    "drift_sentences",
    "finding_sentence",
    "other_findings",
    "seen_sentence",
    "too_few_to_drift",
]

BACK = frozenset({Code.BUTT_WINK, Code.ROUNDING})
"""What the headline is about; everything else is told below it."""

_MEANING = {
    Code.BUTT_WINK: "How much more your lower back bends at the bottom than your own way down"
    " leads to.",
    Code.ROUNDING: "How far your lower back is bent in the deep part before what a late tuck adds,"
    " counted from standing.",
    Code.THORACIC_ROUNDING: "How far your upper back is bent in the deep part, counted from"
    " standing.",
    Code.OVER_EXTENSION: "How much further your lower back is arched in the deep part than in"
    " standing; below zero it is bent, what a late tuck adds included.",
    Code.OVER_EXTENSION_LOCKOUT: "How much further your lower back is arched at the top than in"
    " standing; below zero it is bent.",
    Code.SQUATTED_HINGE: "How far your knees are bent at the bottom; 0 is straight.",
    Code.HINGED_SQUAT: "How far your trunk leans at the bottom, beside how far your thighs do.",
    Code.HIPS_FIRST: "How far your trunk tips forward before your hands have risen by a hand's"
    " width.",
    Code.NECK_EXTENSION: "How far your head is tipped back in the deep part, counted from how you"
    " stand. A rough question: heads are seen to about 30°.",
    Code.BAR_DRIFT: "How far your hands get in front of the middle of your feet.",
    Code.LOCKOUT_SHORT: "How much bend is left between trunk and thighs when the rep is finished,"
    " more than at your straightest top.",
    Code.DEPTH_VARIES: "How much shallower this rep is than the others; below zero it is deeper.",
    Code.FAST_DESCENT: "How long the way down takes.",
    Code.FATIGUE_TUCK: "How much the tuck grows from the first rep to the last.",
    Code.FATIGUE_LUMBAR: "How much further your lower back bends in the last rep than in the"
    " first.",
    Code.FATIGUE_DEPTH: "How much shallower the last rep is than the first.",
}

_LIMIT = {
    Code.BUTT_WINK: "counts from",
    Code.OVER_EXTENSION: "counts from",
    Code.OVER_EXTENSION_LOCKOUT: "counts from",
    Code.HIPS_FIRST: "counts from",
    Code.DEPTH_VARIES: "counts from",
    Code.FAST_DESCENT: "usual from",
    Code.FATIGUE_TUCK: "counts from",
    Code.FATIGUE_LUMBAR: "counts from",
    Code.FATIGUE_DEPTH: "counts from",
}
"""How the limit reads; "usual up to" for the others."""

_DRIFT = {
    Code.FATIGUE_TUCK: "Over the set the tuck grew by {}.",
    Code.FATIGUE_LUMBAR: "Over the set the lower back bent further, by {}.",
    Code.FATIGUE_DEPTH: "Over the set the reps got shallower, by {}.",
}

_SIZE = {
    Band.HELD: "Yes",
    Band.SLIGHT: "Yes, slightly",
    Band.CLEAR: "Yes, clearly",
    Band.LARGE: "Yes, a lot",
}

_SEVERITY = {band: rank for rank, band in enumerate(Band)}

_STATUS = {
    Verdict.NO: Status.HELD,
    Verdict.YES: Status.CHANGED,
    Verdict.UNSURE: Status.UNSURE,
    Verdict.NOT_GRADEABLE: Status.NOT_GRADEABLE,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One question with its answer, as a row of a table.

    Attributes:
        question: What was asked.
        meaning: What was measured for it.
        status: The mark beside the answer.
        text: The answer.
        value: What was measured, with its 95 % interval; empty where nothing was.
        limit: What it was held against; empty where not judged.
    """

    question: str
    meaning: str
    status: Status
    text: str
    value: str
    limit: str


@dataclass(frozen=True, slots=True)
class Seen:
    """One kind of finding over the set, the back's own aside.

    Attributes:
        name: What it is: "chin up".
        reps: Indices of the reps it was seen in.
        most_rep: The one of them in which it was most.
        numbers: Value there with interval and limit: "48° (38 to 58), usual up to 30°".
    """

    name: str
    reps: tuple[int, ...]
    most_rep: int
    numbers: str


def answers(measures: Sequence[MeasureResult]) -> list[Answer]:
    """Every question of a rep or of the set, in the order they are told."""
    return [
        Answer(
            question=phrase(measure.code).question,
            meaning=_MEANING[measure.code],
            status=_STATUS[measure.verdict],
            text=_answer(measure),
            value=_value(measure),
            limit="" if measure.verdict is Verdict.NOT_GRADEABLE else _limit(measure),
        )
        for measure in measures
    ]


def other_findings(rep: RepResult) -> list[FindingResult]:
    """What was seen in a rep beside the headline's tuck and rounding."""
    return [finding for finding in rep.findings if finding.code not in BACK]


def finding_sentence(finding: FindingResult, measures: Sequence[MeasureResult]) -> str:
    """A finding with number, interval and limit: "Chin up: 48° (38 to 58), usual up to 30°"."""
    return f"{phrase(finding.code).name}: {_numbers(finding, measures)}"


def also_seen(result: Result) -> list[Seen]:
    """Kinds of findings beside tuck and rounding, the most severe first, then the most frequent.

    What drifts over the set has sentences of its own, see `drift_sentences`.
    """
    kinds: dict[Code, list[tuple[RepResult, FindingResult]]] = {}
    for rep in result.reps:
        for finding in other_findings(rep):
            kinds.setdefault(finding.code, []).append((rep, finding))
    order = list(Code)
    loudest = [(max(kind, key=_size_of), kind) for kind in kinds.values()]
    loudest.sort(
        key=lambda entry: (
            -_SEVERITY[entry[0][1].severity],
            -len(entry[1]),
            order.index(entry[0][1].code),
        )
    )
    return [
        Seen(
            name=_lower(phrase(finding.code).name),
            reps=tuple(other.index for other, _ in kind),
            most_rep=rep.index,
            numbers=_numbers(finding, rep.measures),
        )
        for (rep, finding), kind in loudest
    ]


def _size_of(entry: tuple[RepResult, FindingResult]) -> tuple[int, float]:
    """By which the same finding is larger in one rep than in another."""
    finding = entry[1]
    short = finding.code is Code.FAST_DESCENT
    return _SEVERITY[finding.severity], -finding.value if short else finding.value


def seen_sentence(seen: Sequence[Seen]) -> str | None:
    """All kinds in one line: "Also seen: chin up (reps 1 and 2), bar drifts forward (rep 3)."."""
    if not seen:
        return None
    kinds = [f"{one.name} ({joined(one.reps)})" for one in seen]
    return f"Also seen: {', '.join(kinds)}."


def drift_sentences(result: Result) -> list[str]:
    """What drifts over the set."""
    return [
        _DRIFT[measure.code].format(with_interval(measure.value, measure.ci95, measure.unit))
        for measure in result.summary.measures
        if measure.code in _DRIFT and measure.verdict is Verdict.YES
    ]


def too_few_to_drift(result: Result) -> bool:
    """Whether nothing was told of a drift since the set has too few reps to compare."""
    reasons = {measure.reason for measure in result.summary.measures}
    several = len(result.reps) > 1
    return several and Reason.TOO_FEW_REPS in reasons and not drift_sentences(result)


def cue_place(result: Result, cue: str) -> tuple[str, RepResult, FindingResult] | None:
    """The moment a cue of the summary points to: the cue before it, the rep and the finding.

    None for a cue that is about the set as a whole.
    """
    for rep in result.reps:
        for finding in rep.findings:
            place = cue.removeprefix(finding.cue)
            if place != cue and f" rep {rep.index}, at " in place:
                return finding.cue, rep, finding
    return None


def _answer(measure: MeasureResult) -> str:
    match measure.verdict:
        case Verdict.YES:
            return _SIZE[measure.band or Band.HELD]
        case Verdict.NO:
            return "No"
        case Verdict.UNSURE:
            return "Too close to call"
        case Verdict.NOT_GRADEABLE:
            why = "" if measure.reason is None else f": {advice(measure.reason).problem}"
            return f"Not judged{why}"


def _numbers(finding: FindingResult, measures: Sequence[MeasureResult]) -> str:
    measure = next((one for one in measures if one.code is finding.code), None)
    if measure is None:
        return with_unit(finding.value, finding.unit)
    value, limit = _value(measure), _limit(measure)
    return f"{value}, {limit}" if limit else value


def _value(measure: MeasureResult) -> str:
    """What was measured, with its interval; empty where nothing was."""
    if measure.value is None:
        return ""
    if measure.code is Code.HINGED_SQUAT:
        text = f"the trunk leans {_compared(measure.value, '°')} than the thighs"
        low, high = measure.ci95
        if low is None or high is None:
            return text
        return f"{text} ({_compared(low)} to {_compared(high)})"
    return with_interval(measure.value, measure.ci95, measure.unit, measure.limit)


def _compared(difference: float, mark: str = "") -> str:
    """A difference without a sign: "51° less"."""
    return f"{number(abs(difference))}{mark} {'less' if difference < 0 else 'more'}"


def _limit(measure: MeasureResult) -> str:
    if measure.limit is None:
        return ""
    if measure.code is Code.HINGED_SQUAT:
        return f"usual up to {_compared(measure.limit, '°')}"
    return f"{_LIMIT.get(measure.code, 'usual up to')} {exactly(measure.limit, measure.unit)}"


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
