"""A live form check from the first picture to the last: what joins camera, judges and screen."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from math import inf, isnan, nan

import numpy as np

from hingecheck.form.bands import THRESHOLD_DEG
from hingecheck.live.engine import Engine, Judged
from hingecheck.live.feed import Feed
from hingecheck.live.kept import Keeper, Kept
from hingecheck.live.quality import QualityWatch
from hingecheck.live.rate import Rate
from hingecheck.live.records import (
    BLANK,
    Event,
    EventKind,
    FeedState,
    LiveState,
    Picture,
    RepCall,
    Stage,
)
from hingecheck.live.rep_judge import RepJudge
from hingecheck.live.setup_watch import SetupWatch
from hingecheck.live.source import Source
from hingecheck.live.take import Take
from hingecheck.live.watcher import Seen, Watcher
from hingecheck.motion.records import Lift
from hingecheck.pose.models import PoseModel
from hingecheck.store.profiles import Profile

__all__ = ["Session", "Wish"]

CALIBRATION_S = 2.0
"""Relaxed standing that gives every angle its zero."""

START_DEG = 30.0
"""A way down this deep begins a set that nobody has started by hand (`reps.PROMINENCE_DEG`)."""

REST_S = 10.0
"""Standing for so long after a repetition ends a set; pauses between heavy ones are shorter."""

GONE_S = 5.0
"""A lifter out of sight for so long has ended the set."""

AWAITED_S = 30.0
"""But one who began it by hand has so long to come from the laptop to the bar."""

LONGEST_S = 180.0
"""A camera's set that lasts longer ends between two repetitions, and after twice as long anyhow:
three minutes of looks are 25 MB. A clip is one set however long it is, as in a check."""

MISSED_S = 1.0
"""A lifter out of sight for so long is asked back."""

TICK_S = 0.05

STEP_BACK = "Step back into the picture."
STAND = "Stand relaxed, side to the camera."
START = "Press space, or just start."
GO_ON = "Press space for the next set."


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asked for.

    Attributes:
        lift: Which lift it is; None finds out.
        model: The pose model to begin with.
        stored: The lifter's profile.
        one_set: The whole source is one set, as a clip is; otherwise sets begin and end.
    """

    lift: Lift | None = None
    model: PoseModel = PoseModel.FULL
    stored: Profile | None = None
    one_set: bool = False


class Session:
    """Judges what a source shows until it ends or somebody quits.

    It knows no window, no loudspeaker and no file: those hang on what it shows and tells.

    Args:
        source: A camera or a replayed clip, not entered.
        wish: What a person asked for.
        show: Called with every judged picture and its state, and with None and the state while no
            picture comes.
        tell: Called with every event.
        keeper: Keeps the pictures of sets.

    Attributes:
        stage: What the lifter is asked to do.
        shown_s: `time.perf_counter()` when each picture had been shown.
        latencies_ms: From each picture's arrival until then.
        dropped: Pictures skipped so far.
    """

    def __init__(
        self,
        source: Source,
        wish: Wish,
        show: Callable[[Picture | None, LiveState], None],
        tell: Callable[[Event], None],
        keeper: Keeper | None = None,
    ) -> None:
        self._source, self._wish = source, wish
        self._show, self._tell, self._keeper = show, tell, keeper
        self._kept = Kept(self._new_take, keeper)
        self.stage = Stage.SET if wish.one_set else Stage.SET_UP
        self.shown_s = array("d")
        self.latencies_ms = array("d")
        self.dropped = 0
        self._engine: Engine | None = None
        self._quit = False
        self._reps = 0
        self._last: RepCall | None = None
        self._began_s = self._busy_s = self._seen_s = -inf
        self._by_hand = False
        # NaN unless standing is asked for; infinite until the lifter is up.
        self._stands_from_s = nan
        self._zeroes = False
        self._now_s = self._last_s = 0.0
        self._arrived_s = nan
        self._feed_told: tuple[FeedState, str] = (FeedState.WAITING, "")
        self._got = ""
        self._rate = Rate()
        self._state = replace(BLANK, stage=self.stage)

    def quit(self) -> None:
        """End after the picture in hand."""
        self._quit = True

    def run(self) -> None:
        """Judge until the source ends or `quit` is called. Whatever ends it ends the set too.

        Raises:
            HingecheckError: The source cannot be read.
        """
        with ExitStack() as stack:
            pool = stack.enter_context(ThreadPoolExecutor(1, thread_name_prefix="judge"))
            self._opinions = RepJudge(pool)
            self._pool = pool
            self._setup = SetupWatch(pool, self._source.fps)
            self._quality = QualityWatch(self._wish.model)
            feed = Feed(self._source)
            watcher = stack.enter_context(Watcher(feed, self._quality.now))
            stack.enter_context(feed)
            try:
                while not (self._quit or watcher.over):
                    seen = watcher.take(TICK_S)
                    self._tell_time(seen, feed)
                    self._hear(feed)
                    if seen is None:
                        self._show(None, self._idle())
                    else:
                        self._judge(seen, watcher)
            finally:
                self._end_set()
            self.dropped = feed.dropped
            if feed.state is FeedState.ENDED and feed.says:
                self._say(EventKind.FEED, feed.says)
        self._take_opinions()

    def toggle_set(self) -> None:
        """Start a set, or end the one that runs: the next begins by itself after standing."""
        if self.stage is Stage.SET:
            self._end_set()
            self._stands_from_s = inf
        elif self._engine is not None:
            self._begin_set(by_hand=True)

    def recalibrate(self) -> None:
        """Stand again for the zero of every angle."""
        if self._engine is not None:
            self._engine.recalibrate()
            if not self._wish.one_set:
                self._end_set()
                self._stands_from_s, self._zeroes = inf, True
                self._enter(Stage.STAND)

    # One picture.

    def _tell_time(self, seen: Seen | None, feed: Feed) -> None:
        """Set the clock by a picture; it goes on by itself while none comes."""
        if seen is not None:
            self._now_s = self._last_s = seen.frame.time_s
            self._arrived_s = seen.arrived_s
        elif np.isfinite(self._arrived_s) and feed.state is FeedState.LOST:
            self._now_s = self._last_s + time.perf_counter() - self._arrived_s

    def _judge(self, seen: Seen, watcher: Watcher) -> None:
        engine = self._engine_for(seen)
        judged = engine.step(seen.frame.time_s, seen.looks)
        self._kept.add(seen)
        if judged.which is not None:
            self._seen_s = judged.time_s
        if engine.working:
            self._busy_s = judged.time_s
        if self.stage is not Stage.SET:
            self._kept.let_go(engine.working)
            if not self._wish.one_set:
                self._prepare(seen, judged, engine)
        if self.stage is Stage.SET:
            self._count(judged)
            if self._by_hand:
                # Who pressed space, and who went past meanwhile, need not be who lifts.
                engine.lock.working = self._reps > 0 or engine.working
            if self._kept.take is not None:
                self._opinions.watch(self._kept.take, engine.own, engine.working)
        self._take_opinions()
        self._state = self._compose(seen, judged, engine)
        self._show(seen.frame.rgb, self._state)
        if self.stage is Stage.SET and self._is_over(judged.time_s, engine.working):
            self._end_set()
        self._measure(seen, watcher)

    def _engine_for(self, seen: Seen) -> Engine:
        """The engine for pictures of this size: a camera that comes back may give others."""
        height_px, width_px = seen.frame.rgb.shape[:2]
        size_px = width_px, height_px
        if self._engine is None or self._engine.size_px != size_px:
            one_set = self._wish.one_set and self.stage is Stage.SET
            self._end_set()
            self._kept.forget()
            self._setup = SetupWatch(self._pool, self._source.fps)
            stored, engine = self._wish.stored, Engine(size_px, self._wish.lift)
            if stored is not None:
                engine.remember(stored)
            self._engine = engine
            self._busy_s = self._seen_s = seen.frame.time_s
            if one_set:
                self._begin_set()
        return self._engine

    def _new_take(self) -> Take:
        size_px = (0, 0) if self._engine is None else self._engine.size_px
        return Take(size_px, self._source.fps, self._wish.lift, self._wish.stored)

    def _measure(self, seen: Seen, watcher: Watcher) -> None:
        now_s = time.perf_counter()
        late_ms = 1000 * (now_s - seen.arrived_s)
        self.shown_s.append(now_s)
        self.latencies_ms.append(late_ms)
        self._rate.add(now_s, late_ms)
        changed = self._quality.judge(
            now_s,
            seen.frame.index,
            seen.look_s,
            in_set=self.stage is Stage.SET,
            writing=self._keeper is not None and self._keeper.writing,
        )
        if changed:
            watcher.ask(self._quality.now)
            self._say(EventKind.QUALITY, changed)

    # Before a set.

    def _prepare(self, seen: Seen, judged: Judged, engine: Engine) -> None:
        self._setup.look(seen)
        self._await_standing(judged, engine)
        if self._setup.blocked:
            self._enter(Stage.SET_UP)
        elif isnan(self._stands_from_s) and engine.working and judged.depth_deg > START_DEG:
            self._begin_set()
        elif engine.standing_s < CALIBRATION_S:
            self._enter(Stage.STAND)
        else:
            self._enter(Stage.READY)

    def _await_standing(self, judged: Judged, engine: Engine) -> None:
        """What a person ended, or asked a new zero for, goes on once the lifter has stood."""
        time_s = judged.time_s
        if isnan(self._stands_from_s):
            return
        if engine.working or time_s - self._seen_s > MISSED_S:
            self._stands_from_s = inf
        elif self._stands_from_s == inf:
            self._stands_from_s = time_s
            if self._zeroes:
                # What was seen while bent tells of no standing.
                engine.recalibrate()
        elif time_s - self._stands_from_s >= CALIBRATION_S:
            self._stands_from_s, self._zeroes = nan, False

    def _enter(self, stage: Stage) -> None:
        if stage is not self.stage:
            self.stage = stage
            self._say(EventKind.STAGE, _STAGE_WORDS[stage])

    def _begin_set(self, *, by_hand: bool = False) -> None:
        self._reps, self._last, self._by_hand = 0, None, by_hand
        self._began_s = self._busy_s = self._now_s
        self._stands_from_s, self._zeroes = nan, False
        self._kept.hold()
        if self._engine is not None:
            # A way down under way goes on: it may be what began the set.
            self._engine.start_set()
            self._engine.lock.working = not by_hand
        self.stage = Stage.SET
        self._say(EventKind.SET, "Set begins.")

    # A set.

    def _count(self, judged: Judged) -> None:
        if judged.tuck.called:
            self._say(
                EventKind.TUCK,
                f"The pelvis tucks: {judged.tuck.excess_deg:.0f} degrees.",
                self._reps + 1,
                judged.tuck.excess_deg,
            )
        call = judged.rep
        if call is None:
            return
        self._reps, self._last = call.index, call
        self._say(EventKind.REP, str(call.index), call.index, call.tuck_deg)
        self._opinions.ask(call)

    def _take_opinions(self) -> None:
        for call, cue in self._opinions.collect():
            if self._last is not None and self._last.bottom_s == call.bottom_s:
                self._last = call
            if cue:
                self._say(EventKind.CUE, cue, call.index, call.tuck_deg)

    def _is_over(self, time_s: float, working: bool) -> bool:
        if self._wish.one_set:
            return False
        lasts_s = time_s - self._began_s
        if lasts_s > 2 * LONGEST_S or (lasts_s > LONGEST_S and not working):
            return True
        rested = self._reps > 0 and time_s - self._busy_s > REST_S
        awaited = self._by_hand and self._reps == 0
        gone_s = time_s - max(self._seen_s, self._began_s)
        return rested or gone_s > (AWAITED_S if awaited else GONE_S)

    def _end_set(self) -> None:
        if self.stage is not Stage.SET or self._engine is None:
            return
        self.stage = Stage.READY
        engine, take = self._engine, self._kept.take
        engine.lock.working = False
        if take is not None:
            # What waits for more of the set gets no more.
            self._opinions.watch(take, engine.own, working=True)
        self._kept.end(engine.own)
        self._say(EventKind.SET, f"Set ends: {self._reps} reps.", value_deg=float(self._reps))

    # What is told.

    def _hear(self, feed: Feed) -> None:
        told = feed.state, feed.says
        before, self._feed_told = self._feed_told, told
        got, self._got = self._got, self._source.got
        if told != before and told[1]:
            self._say(EventKind.FEED, told[1])
        elif told[0] is FeedState.RUNNING and (
            before[0] is not FeedState.RUNNING or got != self._got
        ):
            self._say(EventKind.FEED, self._got)

    def _idle(self) -> LiveState:
        state, says = self._feed_told
        return replace(
            self._state, time_s=self._now_s, feed=state, says=(says,) if says else self._state.says
        )

    def _compose(self, seen: Seen, judged: Judged, engine: Engine) -> LiveState:
        feed, says = self._feed_told
        tuck = judged.tuck
        return LiveState(
            time_s=judged.time_s,
            feed=feed,
            stage=self.stage,
            says=(says,) if says else self._says(judged),
            facing=judged.facing,
            landmarks_px=judged.landmarks_px,
            back_px=judged.back_px,
            depth_deg=judged.depth_deg,
            tuck_deg=max(0.0, tuck.excess_deg) if np.isfinite(tuck.excess_deg) else np.nan,
            tuck_sd_deg=tuck.sd_deg,
            limit_deg=THRESHOLD_DEG,
            reps=self._reps,
            last=self._last,
            fps=self._rate.fps,
            latency_ms=self._rate.latency_ms,
            quality=str(seen.quality),
            stood_share=min(1.0, engine.standing_s / CALIBRATION_S),
        )

    def _says(self, judged: Judged) -> tuple[str, ...]:
        if self.stage is Stage.SET_UP:
            return self._setup.says
        if judged.time_s - self._seen_s > MISSED_S:
            return (STEP_BACK,)
        if self.stage is Stage.SET:
            return ()
        if self._wish.one_set:
            return (GO_ON,)
        return (STAND,) if self.stage is Stage.STAND else (START, *self._setup.says)

    def _say(self, kind: EventKind, text: str, rep: int = 0, value_deg: float = np.nan) -> None:
        self._tell(Event(kind, self._now_s, text, rep, value_deg))


_STAGE_WORDS = {
    Stage.SET_UP: "Set up the camera.",
    Stage.STAND: STAND,
    Stage.READY: START,
    Stage.SET: "Set begins.",
}
