"""The tuck while it happens: lumbar flexion above the rhythm of the descent's own beginning."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from hingecheck.form.bands import THRESHOLD_DEG
from hingecheck.form.findings.butt_wink import BOTTOM, EARLY, LEAST_FRAMES, Rhythm, SlopeBelief
from hingecheck.form.judge import verdict_of
from hingecheck.form.lifts import LiftConfig
from hingecheck.form.records import Verdict
from hingecheck.live.spine import Moment

__all__ = ["Tuck", "TuckWatch"]

USUAL_TRAVEL_DEG = 85.0
"""Trunk-thigh travel expected of a first repetition; later ones go as deep as those before. Hinges
travel 80 to 120, squats more: the descent's beginning then ends early, which costs only noise."""

CALL_SIGMAS = 1.0
"""A tuck is called when it lies above its limit by so many standard errors: none in 30 simulated
development reps without a tuck, and 5 of 10 larger ones. At half of it 1 of 30; asking for two
pictures in a row costs calls and saves nothing."""


@dataclass(frozen=True, slots=True)
class Tuck:
    """The tuck at one moment.

    Attributes:
        excess_deg: Lumbar flexion above the lifter's own rhythm, negative below it; NaN while
            there is none to compare with.
        sd_deg: One standard error of it.
        called: Whether this is the moment in which it is called.
    """

    excess_deg: float
    sd_deg: float
    called: bool = False


NOTHING = Tuck(np.nan, np.nan)


@dataclass(slots=True)
class _Descent:
    """What was seen since a way down began."""

    top_deg: float
    time_s: list[float] = field(default_factory=list)
    depth_deg: list[float] = field(default_factory=list)
    lumbar_deg: list[float] = field(default_factory=list)
    own_var: list[float] = field(default_factory=list)
    called: bool = False


class TuckWatch:
    """Follows the tuck through the repetitions of a set.

    Args:
        config: What is usual in the lift.
    """

    def __init__(self, config: LiftConfig) -> None:
        self._belief = SlopeBelief(config)
        self._travels: list[float] = []
        self._descent: _Descent | None = None

    def step(self, time_s: float, depth_deg: float, top_deg: float, spine: Moment) -> Tuck:
        """One picture of a way down or a bottom.

        Args:
            time_s: The source's clock.
            depth_deg: Trunk-thigh flexion.
            top_deg: The same where the way down began.
            spine: The back in that picture, filtered.
        """
        if self._descent is None:
            self._descent = _Descent(top_deg)
        own = self._descent
        if np.isfinite(depth_deg + spine.lumbar_flexion_deg):
            own.time_s.append(time_s)
            own.depth_deg.append(depth_deg)
            own.lumbar_deg.append(spine.lumbar_flexion_deg)
            own.own_var.append(max(spine.lumbar_sd_deg**2 - spine.shared_sd_deg**2, 0.0))
        else:
            return NOTHING
        travel = float(np.median(self._travels)) if self._travels else USUAL_TRAVEL_DEG
        rhythm = self._rhythm(own, travel)
        if rhythm is None or depth_deg - own.top_deg < EARLY[1] * travel:
            return NOTHING
        tuck = _excess(rhythm, depth_deg, spine.lumbar_flexion_deg, own.own_var[-1])
        sure = tuck.excess_deg - CALL_SIGMAS * tuck.sd_deg > THRESHOLD_DEG
        called = sure and not own.called
        own.called = own.called or sure
        return Tuck(tuck.excess_deg, tuck.sd_deg, called)

    def finish(self, counted: bool) -> tuple[Tuck, Verdict]:
        """End a way down that was counted, or given up; returns its tuck and verdict.

        As in a check: the mean over the bottom against the rhythm of the whole way's beginning.
        """
        own, self._descent = self._descent, None
        if own is None or not counted or len(own.depth_deg) < 2:
            return NOTHING, Verdict.NOT_GRADEABLE
        depth, lumbar = np.array(own.depth_deg), np.array(own.lumbar_deg)
        last = int(depth.argmax())
        travel = float(depth[last]) - own.top_deg
        self._travels.append(travel)
        rhythm = self._rhythm(own, travel, learn=True)
        if rhythm is None:
            return NOTHING, Verdict.NOT_GRADEABLE
        low = np.flatnonzero((depth[: last + 1] - own.top_deg) / travel >= BOTTOM)
        bottom = _excess(
            rhythm,
            float(depth[low].mean()),
            float(lumbar[low].mean()),
            float(np.mean(np.array(own.own_var)[low])),
        )
        reach = 1.96 * bottom.sd_deg
        interval = max(0.0, bottom.excess_deg - reach), max(0.0, bottom.excess_deg + reach)
        return bottom, verdict_of(interval, THRESHOLD_DEG)

    def _rhythm(self, own: _Descent, travel_deg: float, learn: bool = False) -> Rhythm | None:
        """Where the rhythm of a way down of this length stands by now."""
        depth, lumbar = np.array(own.depth_deg), np.array(own.lumbar_deg)
        down = slice(0, int(depth.argmax()) + 1)
        share = (depth[down] - own.top_deg) / travel_deg
        early = np.flatnonzero((share >= EARLY[0]) & (share <= EARLY[1]))
        if len(early) < LEAST_FRAMES:
            return None
        step_s = float(np.median(np.diff(own.time_s))) if len(own.time_s) > 1 else 0.0
        belief = self._belief if learn else self._belief.copy()
        sd_deg = belief.learn(depth[early], lumbar[early], step_s)
        return Rhythm(
            early,
            float(depth[early].mean()),
            float(lumbar[early].mean()),
            sd_deg,
            belief.slope,
            belief.slope_sd,
        )


def _excess(rhythm: Rhythm, depth_deg: float, lumbar_deg: float, own_var: float) -> Tuck:
    at = np.array([depth_deg])
    excess = lumbar_deg - float(rhythm.expect(at)[0])
    return Tuck(excess, float(np.hypot(np.sqrt(own_var), rhythm.expect_sd(at)[0])))
