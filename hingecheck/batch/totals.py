"""A dataset in numbers and in words: what became of the clips, and what they show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hingecheck.batch.records import Entry, Status
from hingecheck.form.records import Reason, Verdict
from hingecheck.motion.records import Lift
from hingecheck.report import words
from hingecheck.report.schema import ButtWinkResult, Result

__all__ = [
    "Spread",
    "Spreads",
    "Story",
    "Totals",
    "count_up",
    "counted",
    "story_of",
    "worst_tuck",
]


@dataclass(frozen=True, slots=True)
class Story:
    """A checked clip in one line.

    Attributes:
        lift: What it was taken for; None where no rep was found.
        status: How it ended: changed if any rep did.
        reps: Number of reps per status, in the order of `words.Status`.
        tucked: Whether the pelvis tucked in any rep.
        rounded: Whether the lower back was rounded in any rep.
        worst: The largest tuck; None where none was judged.
        why: Why the clip, or some of its reps, could not be judged.
    """

    lift: Lift | None
    status: words.Status
    reps: tuple[int, ...]
    tucked: bool
    rounded: bool
    worst: ButtWinkResult | None
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """What became of a batch.

    Attributes:
        inputs: Files and addresses it was given.
        clips: Checked clips with different content; equal files count once.
        statuses: Number of checked inputs per status; their sum is all that have a result.
        tucked: Checked inputs in which the pelvis tucks in at least one rep.
        rounded: Checked inputs in which the lower back is rounded in at least one rep.
        failed: Inputs without a result.
        waiting: Inputs that have not come to their turn yet.
        reps: Number of reps per status; those of equal files count once.
    """

    inputs: int
    clips: int
    statuses: Mapping[words.Status, int]
    tucked: int
    rounded: int
    failed: int
    waiting: int
    reps: Mapping[words.Status, int]

    @property
    def checked(self) -> int:
        """Inputs with a result, whatever it says."""
        return sum(self.statuses.values())

    @property
    def title(self) -> str:
        """The batch in one short sentence."""
        if self.inputs == 0:
            return "No clips yet."
        if self.waiting:
            return (
                f"{counted(self.checked)} of {counted(self.inputs)} clips checked so far,"
                f" {counted(self.waiting)} still to do."
            )
        if self.failed == 0:
            return {1: "The clip was checked.", 2: "Both clips were checked."}.get(
                self.inputs, f"All {counted(self.inputs)} clips were checked."
            )
        if self.checked == 0:
            return {1: "The clip could not be checked."}.get(
                self.inputs, f"None of {counted(self.inputs)} clips could be checked."
            )
        were = "was" if self.checked == 1 else "were"
        return f"{counted(self.checked)} of {counted(self.inputs)} clips {were} checked."

    @property
    def sentences(self) -> list[str]:
        """What the checked clips show; nothing where there are none."""
        status = self.statuses
        told = [
            (self.tucked, "{} with a tuck in at least one rep"),
            (self.rounded, "{} with a lower back that is rounded"),
            (status[words.Status.HELD], "{} held in every rep"),
            (status[words.Status.UNSURE], "{} too close to call or judged in part"),
            (status[words.Status.NOT_GRADEABLE], "{} not judged"),
        ]
        parts = [sentence.format(counted(number)) for number, sentence in told if number]
        sentences = [f"{', '.join(parts)}."] if parts else []
        reps = sum(self.reps.values())
        if reps:
            judged = reps - self.reps[words.Status.NOT_GRADEABLE]
            share = "all" if judged == reps else counted(judged) if judged else "none"
            sentences.append(f"{counted(reps)} {'rep' if reps == 1 else 'reps'}, {share} judged.")
        copies = self.checked - self.clips
        if copies:
            named = "1 clip is a copy" if copies == 1 else f"{counted(copies)} clips are copies"
            sentences.append(f"{named} of another; equal clips were checked once.")
        return sentences


@dataclass(slots=True)
class Spread:
    """How angles spread over the reps, lift by lift, as counts of bins.

    Attributes:
        first_deg: Where the first bin begins; what lies below is counted in it.
        step_deg: Width of a bin.
        bins: How many; what lies above the last is counted in it.
        counts: Number of reps per lift and bin.
    """

    first_deg: float
    step_deg: float
    bins: int
    counts: dict[Lift, Counter[int]] = field(default_factory=dict)

    def add(self, lift: Lift, value_deg: float | None) -> None:
        """Count a rep; one without a value is left out."""
        if value_deg is not None:
            place = int((value_deg - self.first_deg) // self.step_deg)
            self.counts.setdefault(lift, Counter())[min(max(place, 0), self.bins - 1)] += 1


@dataclass(frozen=True, slots=True)
class Spreads:
    """What is drawn of all reps.

    Attributes:
        tuck: Where tucks were judged; they are never below 0.
        lumbar: Lumbar flexion at the bottom, from arched to fully bent, where the back was seen.
    """

    tuck: Spread = field(default_factory=lambda: Spread(0.0, 2.0, 20))
    lumbar: Spread = field(default_factory=lambda: Spread(-20.0, 4.0, 25))

    def add(self, result: Result) -> None:
        """Count a clip's reps."""
        for rep in result.reps:
            if rep.butt_wink.verdict is not Verdict.NOT_GRADEABLE:
                self.tuck.add(result.lift.name, rep.butt_wink.tuck_deg)
            if rep.gradeable:
                self.lumbar.add(result.lift.name, rep.peak["lumbar_flexion_deg"])


def story_of(result: Result) -> Story:
    """A result in one line."""
    statuses = [words.status_of(rep) for rep in result.reps]
    number = Counter(statuses)
    refused = [] if result.view.gradeable and result.reps else list(result.view.reasons)
    for rep, status in zip(result.reps, statuses, strict=True):
        if status is words.Status.NOT_GRADEABLE:
            refused.extend(rep.reasons)
    return Story(
        lift=result.lift.name if result.reps else None,
        status=words.headline(result).status,
        reps=tuple(number[status] for status in words.Status),
        tucked=result.summary.butt_wink.get(Verdict.YES, 0) > 0,
        rounded=result.summary.rounding.get(Verdict.YES, 0) > 0,
        worst=worst_tuck(result),
        why=tuple(dict.fromkeys(refused)),
    )


def worst_tuck(result: Result) -> ButtWinkResult | None:
    """The largest tuck of the set; None where none was judged."""
    index = result.summary.worst_rep
    return next((rep.butt_wink for rep in result.reps if rep.index == index), None)


def count_up(entries: Iterable[Entry], stories: Mapping[str, Story]) -> Totals:
    """Add up what became of the inputs; `stories` are the checked clips by their id."""
    entries = list(entries)
    checked = [
        stories[entry.clip]
        for entry in entries
        if entry.status is Status.OK and entry.clip is not None
    ]
    return Totals(
        inputs=len(entries),
        clips=len(stories),
        statuses={
            status: sum(story.status is status for story in checked) for status in words.Status
        },
        tucked=sum(story.tucked for story in checked),
        rounded=sum(story.rounded for story in checked),
        failed=sum(entry.status is Status.FAILED for entry in entries),
        waiting=sum(entry.status is Status.WAITING for entry in entries),
        reps={
            status: sum(story.reps[k] for story in stories.values())
            for k, status in enumerate(words.Status)
        },
    )


def counted(number: int) -> str:
    """A number for people, with a thin gap at the thousands from 10,000 on."""
    gap = "\N{NARROW NO-BREAK SPACE}" if number >= 10_000 else ""
    return f"{number:,}".replace(",", gap)
