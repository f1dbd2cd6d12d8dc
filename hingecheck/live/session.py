"""A live form check from the first picture to the last: what joins camera, judges and screen."""

from __future__ import annotations

import time
from array import array
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from hingecheck.clip import Frame
from hingecheck.form.bands import THRESHOLD_DEG
from hingecheck.live.engine import Engine, Judged
from hingecheck.live.feed import Feed
from hingecheck.live.quality import QualityWatch
from hingecheck.live.records import (
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
from hingecheck.live.take import LONGEST_S, Take
from hingecheck.live.watcher import Seen, Watcher
from hingecheck.motion.records import Lift
from hingecheck.pose.landmarks import LANDMARKS
from hingecheck.pose.models import PoseModel
from hingecheck.spine.model import OwnShape
from hingecheck.store.profiles import Profile

__all__ = ["Keeper", "Session", "Wish"]

CALIBRATION_S = 2.0
"""Relaxed standing that gives every angle its zero."""

START_DEG = 30.0
"""A way down this deep begins a set that nobody has started by hand (`reps.PROMINENCE_DEG`)."""

IDLE_S = 30.0
"""What is kept while no set begins starts afresh after this."""

REST_S = 10.0
"""Standing for so long after a repetition ends a set; pauses between heavy ones are shorter."""

GONE_S = 5.0
"""A lifter out of sight for so long has ended the set."""

MISSED_S = 1.0
"""A lifter out of sight for so long is asked back."""

RATE_S = 2.0
"""Rate and latency are told over this."""

TICK_S = 0.05

STEP_BACK = "Step back into the picture."
STAND = "Stand relaxed, side to the camera."
START = "Press space, or just start."


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


class Keeper(Protocol):
    """Keeps the pictures of a set, and of the time before it."""

    def begin(self, size_px: tuple[int, int], fps: float) -> None:
        """Forget what was kept, unless `end` has taken it, and keep what comes."""

    def keep(self, frame: Frame) -> bool:
        """Keep a picture; False when it was left out, so that its looks are too."""

    def end(self, take: Take, model: PoseModel, own: OwnShape | None) -> None:
        """A set is over: every picture kept has its looks in `take`."""


class _Rate:
    """Rate and latency of late."""

    def __init__(self) -> None:
        self._moments: deque[tuple[float, float]] = deque()

    def add(self, now_s: float, latency_ms: float) -> None:
        self._moments.append((now_s, latency_ms))
        while self._moments[0][0] < now_s - RATE_S:
            self._moments.popleft()

    @property
    def fps(self) -> float:
        if len(self._moments) < 2:
            return float("nan")
        return (len(self._moments) - 1) / (self._moments[-1][0] - self._moments[0][0])

    @property
    def latency_ms(self) -> float:
        return float(np.median([late for _, late in self._moments])) if self._moments else np.nan


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
        take: What is kept of the set, or of the time before it; None before the first picture.
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
        self.take: Take | None = None
        self.stage = Stage.SET if wish.one_set else Stage.SET_UP
        self.shown_s = array("d")
        self.latencies_ms = array("d")
        self.dropped = 0
        self._engine: Engine | None = None
        self._quit = False
        self._reps = 0
        self._last: RepCall | None = None
        self._busy_s = self._seen_s = float("-inf")
        self._feed_told: tuple[FeedState, str] = (FeedState.WAITING, "")
        self._rate = _Rate()
        self._state = _blank()

    def quit(self) -> None:
        """End after the picture in hand."""
        self._quit = True

    def run(self) -> None:
        """Judge until the source ends or `quit` is called.

        Raises:
            HingecheckError: The source cannot be read.
        """
        with ExitStack() as stack:
            pool = stack.enter_context(ThreadPoolExecutor(1, thread_name_prefix="judge"))
            self._opinions = RepJudge(pool)
            self._setup = SetupWatch(pool, self._source.fps)
            self._quality = QualityWatch(self._wish.model, self._source.fps)
            feed = Feed(self._source)
            watcher = stack.enter_context(Watcher(feed, self._quality.now))
            stack.enter_context(feed)
            # Ctrl-C ends the session, not what was seen in it.
            with suppress(KeyboardInterrupt):
                while not (self._quit or watcher.over):
                    seen = watcher.take(TICK_S)
                    self._hear(feed)
                    if seen is None:
                        self._show(None, self._idle())
                    else:
                        self._judge(seen, watcher)
            self.dropped = feed.dropped
            if feed.state is FeedState.ENDED and feed.says:
                self._say(EventKind.FEED, feed.says)
        self._take_opinions()
        self._end_set()

    def toggle_set(self) -> None:
        """Start a set, or end the one that runs."""
        if self.stage is Stage.SET:
            self._end_set()
        elif self._engine is not None:
            self._begin_set()

    def recalibrate(self) -> None:
        """Stand again for the zero of every angle."""
        if self._engine is not None:
            self._end_set()
            self._engine.recalibrate()
            self._enter(Stage.STAND)

    # One picture.

    def _judge(self, seen: Seen, watcher: Watcher) -> None:
        engine = self._engine_for(seen)
        judged = engine.step(seen.frame.time_s, seen.looks)
        self._keep(seen, engine)
        if judged.which is not None:
            self._seen_s = judged.time_s
        if engine.working:
            self._busy_s = judged.time_s
        if self.stage is not Stage.SET:
            self._prepare(seen, judged, engine)
        if self.stage is Stage.SET:
            self._count(judged)
        if self.take is not None:
            self._opinions.watch(self.take, engine.own, engine.working)
        self._take_opinions()
        self._state = self._compose(judged)
        self._show(seen.frame.rgb, self._state)
        if self.stage is Stage.SET and self._is_over(judged.time_s):
            self._end_set()
            if self._wish.one_set:
                self._begin_set()
        self._measure(seen, watcher)

    def _engine_for(self, seen: Seen) -> Engine:
        """The engine for pictures of this size: a camera that comes back may give others."""
        height_px, width_px = seen.frame.rgb.shape[:2]
        size_px = width_px, height_px
        if self._engine is None or self._engine.size_px != size_px:
            self._end_set()
            stored, engine = self._wish.stored, Engine(size_px, self._wish.lift)
            if stored is not None:
                engine.remember(stored)
            self._engine = engine
            self._busy_s = self._seen_s = seen.frame.time_s
            if self._wish.one_set:
                self._begin_set()
        return self._engine

    def _keep(self, seen: Seen, engine: Engine) -> None:
        idle = self.stage is not Stage.SET and self.take is not None and self.take.lasts_s > IDLE_S
        if self.take is None or idle:
            wish = self._wish
            self.take = Take(engine.size_px, self._source.fps, wish.lift, wish.stored)
            if self._keeper is not None:
                self._keeper.begin(engine.size_px, self._source.fps)
        if self._keeper is None or self._keeper.keep(seen.frame):
            self.take.add(seen)

    def _measure(self, seen: Seen, watcher: Watcher) -> None:
        now_s = time.perf_counter()
        late_ms = 1000 * (now_s - seen.arrived_s)
        self.shown_s.append(now_s)
        self.latencies_ms.append(late_ms)
        self._rate.add(now_s, late_ms)
        if self._quality.judge(now_s, self._rate.fps):
            watcher.ask(self._quality.now)
            self._say(EventKind.QUALITY, f"Too much for this machine: now {self._quality.now}.")

    # Before a set.

    def _prepare(self, seen: Seen, judged: Judged, engine: Engine) -> None:
        self._setup.look(seen)
        if self._setup.blocked:
            self._enter(Stage.SET_UP)
        elif engine.working and judged.depth_deg > START_DEG:
            self._begin_set()
        elif engine.standing_s < CALIBRATION_S:
            self._enter(Stage.STAND)
        else:
            self._enter(Stage.READY)

    def _enter(self, stage: Stage) -> None:
        if stage is not self.stage:
            self.stage = stage
            self._say(EventKind.STAGE, _STAGE_WORDS[stage])

    def _begin_set(self) -> None:
        self._reps, self._last = 0, None
        self._busy_s = self._seen_s
        if self._engine is not None:
            # A way down under way goes on: it may be what began the set.
            self._engine.start_set()
            self._engine.lock.working = True
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
            if self._last is not None and self._last.index == call.index:
                self._last = call
            if cue:
                self._say(EventKind.CUE, cue, call.index, call.tuck_deg)

    def _is_over(self, time_s: float) -> bool:
        if self.take is not None and self.take.lasts_s > LONGEST_S:
            return True
        if self._wish.one_set:
            return False
        rested = self._reps > 0 and time_s - self._busy_s > REST_S
        return rested or time_s - self._seen_s > GONE_S

    def _end_set(self) -> None:
        if self.stage is not Stage.SET or self._engine is None or self.take is None:
            return
        take, self.take = self.take, None
        self._engine.lock.working = False
        self._say(EventKind.SET, f"Set ends: {self._reps} reps.", value_deg=float(self._reps))
        if self._keeper is not None and take.time_s and (self._reps or self._wish.one_set):
            self._keeper.end(take, self._quality.now.model, self._engine.own)
        self.stage = Stage.READY

    # What is told.

    def _hear(self, feed: Feed) -> None:
        told = feed.state, feed.says
        before, self._feed_told = self._feed_told, told
        if told != before and told[1]:
            self._say(EventKind.FEED, told[1])
        elif told[0] is FeedState.RUNNING and before[0] is not FeedState.RUNNING:
            self._say(EventKind.FEED, self._source.got)

    def _idle(self) -> LiveState:
        state, says = self._feed_told
        return replace(self._state, feed=state, says=(says,) if says else self._state.says)

    def _compose(self, judged: Judged) -> LiveState:
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
            quality=str(self._quality.now),
        )

    def _says(self, judged: Judged) -> tuple[str, ...]:
        if self.stage is Stage.SET_UP:
            return self._setup.says
        if judged.time_s - self._seen_s > MISSED_S:
            return (STEP_BACK,)
        if self.stage is Stage.SET:
            return ()
        return (STAND,) if self.stage is Stage.STAND else (START, *self._setup.says)

    def _say(self, kind: EventKind, text: str, rep: int = 0, value_deg: float = np.nan) -> None:
        self._tell(Event(kind, self._state.time_s, text, rep, value_deg))


_STAGE_WORDS = {
    Stage.SET_UP: "Set up the camera.",
    Stage.STAND: STAND,
    Stage.READY: START,
    Stage.SET: "Set begins.",
}


def _blank() -> LiveState:
    """Before anything was seen."""
    return LiveState(
        time_s=0.0,
        feed=FeedState.WAITING,
        stage=Stage.SET_UP,
        says=(),
        facing=0,
        landmarks_px=np.full((LANDMARKS, 2), np.nan),
        back_px=np.full((1, 2), np.nan),
        depth_deg=np.nan,
        tuck_deg=np.nan,
        tuck_sd_deg=np.nan,
        limit_deg=THRESHOLD_DEG,
        reps=0,
        last=None,
        fps=np.nan,
        latency_ms=np.nan,
        quality="",
    )
