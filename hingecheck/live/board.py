"""What is told beside the picture: a note for a moment, and how the set went that is over."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, nan

from hingecheck.form.records import Reason, Verdict
from hingecheck.live.records import RepCall
from hingecheck.live.review import REASON_WORDS, Review, Said
from hingecheck.report.schema import RepResult, Result
from hingecheck.report.words import set_advice

__all__ = ["REVIEW_S", "TOAST_S", "Board"]

TOAST_S = 3.0
"""How long a note stands."""

READ_PER_S = 15.0
"""Letters a second that people read without haste; a long note stands longer."""

REVIEW_S = 20.0
"""How long a set is looked back on: to put the bar down, come nearer and read."""

WRITING = "The result is being written."


class Board:
    """Remembers what was said, and for how long it is to be seen. Times are of any even clock."""

    def __init__(self) -> None:
        self._note = ""
        self._note_until_s = -inf
        self._said: dict[int, Said] = {}
        self._result: Result | None = None
        self._missing = ""
        self._until_s = -inf

    def note(self, text: str, now_s: float) -> None:
        """Say something for a moment, in the place of what was said before."""
        self._note = text
        self._note_until_s = now_s + max(TOAST_S, len(text) / READ_PER_S)

    def toast(self, now_s: float, *, lifting: bool = False) -> str:
        """What has just happened; empty when nothing has.

        Args:
            now_s: The present.
            lifting: Whether a set runs: then its first sentence is enough.
        """
        if now_s >= self._note_until_s:
            return ""
        return f"{self._note.partition('. ')[0].rstrip('.')}." if lifting else self._note

    def begin(self) -> None:
        """A set begins: the one before is not looked back on any longer."""
        self._said, self._result, self._missing, self._until_s = {}, None, "", -inf

    def call(self, rep: RepCall) -> None:
        """Take in a repetition, or what is known better of it by now."""
        self._said[rep.index] = Said(rep.index, rep.verdict, rep.tuck_deg)

    def end(self, now_s: float, *, empty: bool = False) -> None:
        """The set is over.

        Args:
            now_s: The present.
            empty: Whether one without repetitions is looked back on too.
        """
        if self._said or empty:
            self._until_s = now_s + REVIEW_S

    def written(self, result: Result, now_s: float) -> None:
        """The result of the latest set is there, which knows better than all calls."""
        if self._until_s > -inf:
            self._result, self._note_until_s = result, -inf
            self._until_s = now_s + REVIEW_S

    def unwritten(self, missing: str, now_s: float) -> None:
        """The latest set has no result; `missing` says what is kept of it."""
        if self._until_s > -inf:
            self._missing = missing
            self._until_s = now_s + REVIEW_S

    def dismiss(self) -> None:
        """Look back no longer."""
        self._until_s = -inf

    def review(self, now_s: float, *, writing: bool) -> Review | None:
        """How the set went that is over; None while one runs and when it was long enough ago.

        Args:
            now_s: The present.
            writing: Whether a result is being written.
        """
        if now_s >= self._until_s and not (writing and self._until_s > -inf):
            return None
        result = self._result
        if result is None:
            kept = self._missing or (WRITING if writing else "")
            return Review(tuple(self._said.values()), kept)
        name = "" if result.folder is None else f"Written to {result.folder.name}"
        reps = tuple(_said(rep, result.view.reasons) for rep in result.reps)
        return Review(reps or tuple(self._said.values()), name, _cue(result))


def _said(rep: RepResult, of_view: Sequence[Reason]) -> Said:
    verdict, tuck_deg = rep.butt_wink.verdict, rep.butt_wink.tuck_deg
    why = ""
    if verdict is Verdict.NOT_GRADEABLE:
        why = next((REASON_WORDS[reason] for reason in (*rep.reasons, *of_view)), "")
    return Said(rep.index, verdict, nan if tuck_deg is None else tuck_deg, why)


def _cue(result: Result) -> str:
    """What to try in the next set: with the back, or where none was judged with the camera."""
    cue = next(iter(result.summary.cues), "")
    judged = any(rep.butt_wink.verdict is not Verdict.NOT_GRADEABLE for rep in result.reps)
    return cue if cue or judged else next((one.remedy for one in set_advice(result)), "")
