"""A second opinion on every repetition, by the check itself, a moment after it was called."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Executor, Future
from dataclasses import replace
from typing import NamedTuple

from hingecheck.form.records import Analysis, RepCheck, Verdict
from hingecheck.live.records import RepCall
from hingecheck.live.take import Take
from hingecheck.spine.model import OwnShape

__all__ = ["Opinion", "RepJudge"]

SETTLE_S = 0.8
"""A repetition is counted before it stands; how straight it gets shows within this time."""

SAME_S = 0.5
"""Two bottoms this near each other are one repetition's."""


class Opinion(NamedTuple):
    """What the check says of a repetition.

    Attributes:
        call: The repetition, with the check's tuck and verdict where it has them.
        cue: What to try in the next one; empty when there is nothing to say.
    """

    call: RepCall
    cue: str


class RepJudge:
    """Judges repetitions beside the work, one after another.

    Args:
        pool: Where the judging is done.
    """

    def __init__(self, pool: Executor) -> None:
        self._pool = pool
        self._called: deque[RepCall] = deque()
        self._waiting: deque[tuple[RepCall, float, Future[Analysis]]] = deque()

    def ask(self, call: RepCall) -> None:
        """Have a repetition judged that was counted, when all of it has been seen."""
        self._called.append(call)

    def watch(self, take: Take, own: OwnShape | None, working: bool) -> None:
        """Begin with what can be judged by now.

        Args:
            take: The set as it is.
            own: What the lifter looks like when up, as far as known.
            working: Whether the next way down has begun, or the set is over.
        """
        now_s = take.time_s[-1] if take.time_s else float("-inf")
        while self._called and (working or now_s - self._called[0].end_s > SETTLE_S):
            call = self._called.popleft()
            seen = take.since(call.start_s)
            if seen.time_s:
                self._waiting.append((call, seen.time_s[0], self._pool.submit(seen.judge, own)))

    def collect(self) -> list[Opinion]:
        """Opinions that have come.

        One that failed is the first opinion over again: the set goes on, and its own result, which
        is made in the same way, will say what is amiss.
        """
        opinions = []
        while self._waiting and self._waiting[0][2].done():
            call, zero_s, future = self._waiting.popleft()
            if future.exception() is None:
                opinions.append(_opinion(call, zero_s, future.result()))
            else:
                opinions.append(Opinion(call, ""))
        return opinions


def _opinion(call: RepCall, zero_s: float, analysis: Analysis) -> Opinion:
    check = _same(call, zero_s, analysis)
    if check is None or not check.gradeable:
        return Opinion(replace(call, verdict=Verdict.NOT_GRADEABLE), "")
    wink = check.butt_wink
    judged = replace(call, verdict=wink.verdict, tuck_deg=wink.tuck_deg, tuck_sd_deg=wink.sd_deg)
    return Opinion(judged, check.findings[0].cue if check.findings else "")


def _same(call: RepCall, zero_s: float, analysis: Analysis) -> RepCheck | None:
    """The check's repetition that is this one."""
    time_s = analysis.track.time_s + zero_s

    def away_s(check: RepCheck) -> float:
        # A pull from the floor ends below, where this one's bottom may be its start.
        ends = (check.rep.start, check.rep.bottom)
        return min(abs(float(time_s[end]) - call.bottom_s) for end in ends)

    nearest = min(analysis.reps, key=away_s, default=None)
    return nearest if nearest is not None and away_s(nearest) <= SAME_S else None
