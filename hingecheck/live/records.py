"""What the live check knows at one moment, and what happens in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from hingecheck.form.bands import THRESHOLD_DEG
from hingecheck.form.records import Verdict
from hingecheck.pose.landmarks import LANDMARKS
from hingecheck.pose.records import FloatArray

__all__ = ["BLANK", "Event", "EventKind", "FeedState", "LiveState", "Picture", "RepCall", "Stage"]


class FeedState(StrEnum):
    """How the pictures come.

    WAITING: none yet. RUNNING: they come. DARK: they come and are black. LOST: they stopped and
    are asked for again. ENDED: a replayed clip is over, or the camera was given up.
    """

    WAITING = "waiting"
    RUNNING = "running"
    DARK = "dark"
    LOST = "lost"
    ENDED = "ended"


class Stage(StrEnum):
    """What the lifter is asked to do.

    SET_UP: move the camera or step into place. STAND: stand relaxed for two seconds, the zero of
    every angle. READY: all is well, no set runs. SET: a set runs.
    """

    SET_UP = "set_up"
    STAND = "stand"
    READY = "ready"
    SET = "set"


class EventKind(StrEnum):
    """What is worth a sound, a line or a mark."""

    FEED = "feed"
    STAGE = "stage"
    TUCK = "tuck"
    REP = "rep"
    CUE = "cue"
    QUALITY = "quality"
    SET = "set"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened.

    Attributes:
        kind: What.
        time_s: When, on the source's clock.
        text: In words, for people.
        rep: The repetition it belongs to, from 1; 0 where none.
        value_deg: Its size in degrees; NaN where it has none.
    """

    kind: EventKind
    time_s: float
    text: str
    rep: int = 0
    value_deg: float = float("nan")


@dataclass(frozen=True, slots=True)
class RepCall:
    """A repetition as it was called while the set ran.

    Attributes:
        index: 1 for the first.
        start_s: When it left the top.
        bottom_s: When it was deepest.
        end_s: When it was counted.
        depth_deg: Trunk-thigh flexion at the bottom.
        tuck_deg: Lumbar flexion above the lifter's own rhythm at the bottom; NaN where unseen.
        tuck_sd_deg: One standard error of it.
        verdict: Whether the pelvis tucked.
        tuck_s: When the tuck was called; NaN where it was not.
        worst_s: When it was largest; the bottom where none was seen.
    """

    index: int
    start_s: float
    bottom_s: float
    end_s: float
    depth_deg: float
    tuck_deg: float
    tuck_sd_deg: float
    verdict: Verdict
    tuck_s: float
    worst_s: float


@dataclass(frozen=True, slots=True)
class LiveState:
    """Everything that one picture of the window needs.

    Attributes:
        time_s: The picture's time on the source's clock.
        feed: How pictures come.
        stage: What the lifter is asked to do.
        says: What to change or to do now, most important first; empty when all is well.
        facing: +1 when the lifter faces image right, -1 left, 0 while unknown.
        landmarks_px: (33, 2) filtered, in source pixels; NaN where nobody is seen.
        back_px: (stations, 2) the back's edge from hip to shoulder, in source pixels; NaN where
            it is not seen.
        depth_deg: Trunk-thigh flexion now; NaN where unseen.
        tuck_deg: Lumbar flexion above the lifter's own rhythm now, 0 or more; NaN while there is
            none to compare with.
        tuck_sd_deg: One standard error of it.
        limit_deg: From where a tuck counts.
        reps: Repetitions counted in this set.
        last: The latest of them; None before the first.
        fps: Pictures judged per second.
        latency_ms: From a picture's arrival to its drawing, of late.
        quality: Pose model and picture size in words ("full, 1280x720").
        stood_share: How much of the standing that STAND asks for has been seen, 0..1.
    """

    time_s: float
    feed: FeedState
    stage: Stage
    says: tuple[str, ...]
    facing: int
    landmarks_px: FloatArray
    back_px: FloatArray
    depth_deg: float
    tuck_deg: float
    tuck_sd_deg: float
    limit_deg: float
    reps: int
    last: RepCall | None
    fps: float
    latency_ms: float
    quality: str
    stood_share: float = 0.0


BLANK = LiveState(
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
"""Before anything was seen."""

Picture = NDArray[np.uint8]
"""(height, width, 3) RGB, upright, never mirrored."""
