"""What is kept of a set while it runs, and how a check's result is made of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import mode

import numpy as np

from hingecheck.clip import probe
from hingecheck.deliver import write_check
from hingecheck.follow import Look
from hingecheck.form.records import Analysis
from hingecheck.live.quality import Quality
from hingecheck.live.watcher import Seen
from hingecheck.motion.records import Lift, Rep
from hingecheck.overlay.film import Pictures
from hingecheck.pipeline import judge
from hingecheck.pose.glimpse import MOST, Glimpse
from hingecheck.pose.models import PoseModel, find_bundle
from hingecheck.report.folder import ResultFolder
from hingecheck.report.schema import Result
from hingecheck.spine.model import ModelEstimator, OwnShape
from hingecheck.store.profiles import Profile

__all__ = ["Take"]

REP_LEAD_S = 4.0
"""Looked at before a repetition, to judge it alone: its top, and standing before it."""


@dataclass(slots=True)
class Take:
    """Looks at a set, in order.

    Attributes:
        size_px: Width and height of the upright source picture.
        fps: Pictures a second of the camera.
        lift: Which lift it is; None finds out.
        stored: The lifter's profile.
        time_s: When each picture was taken, on the source's clock.
        looks: Every body in each.
        rooms: Small pictures of the room, by frame of this take.
        looked: What each was looked at with.
    """

    size_px: tuple[int, int]
    fps: float
    lift: Lift | None = None
    stored: Profile | None = None
    time_s: list[float] = field(default_factory=list)
    looks: list[Sequence[Look]] = field(default_factory=list)
    rooms: list[Glimpse] = field(default_factory=list)
    looked: list[Quality] = field(default_factory=list)

    @property
    def lasts_s(self) -> float:
        """From the first picture to the last."""
        return self.time_s[-1] - self.time_s[0] if self.time_s else 0.0

    def fits(self, seen: Seen) -> bool:
        """Whether a check of the film would look at it from the same side in its place here.

        A check looks at odd frames in the mirror (`watcher.Turns`).
        """
        return not seen.mirrored or len(self.looks) % 2 == 1

    def add(self, seen: Seen) -> None:
        """Keep a picture's looks."""
        if seen.room is not None:
            frame = len(self.time_s)
            self.rooms.append(Glimpse(frame, seen.room.grey, seen.room.scale))
            if len(self.rooms) > 2 * MOST:
                self.rooms = self.rooms[::2]
        self.time_s.append(seen.frame.time_s)
        self.looks.append(seen.looks)
        self.looked.append(seen.quality)

    def first(self, frames: int) -> Take:
        """The part that so many frames hold."""
        rooms = [room for room in self.rooms if room.frame < frames]
        return self._part(slice(frames), rooms)

    def since(self, start_s: float) -> Take:
        """The part from shortly before a moment on, to judge one repetition by itself."""
        first = int(np.searchsorted(self.time_s, start_s - REP_LEAD_S))
        rooms = [
            Glimpse(room.frame - first, room.grey, room.scale)
            for room in self.rooms
            if room.frame >= first
        ]
        return self._part(slice(first, None), rooms)

    def _part(self, frames: slice, rooms: list[Glimpse]) -> Take:
        return replace(
            self,
            time_s=self.time_s[frames],
            looks=self.looks[frames],
            looked=self.looked[frames],
            rooms=rooms,
        )

    def model_of(self, reps: Sequence[Rep]) -> PoseModel:
        """The model that most pictures from the first repetition to the last were looked at with.

        Without repetitions: that most pictures with somebody in them were.
        """
        lifted = slice(reps[0].start, reps[-1].end + 1) if reps else slice(None)
        pairs = list(zip(self.looked[lifted], self.looks[lifted], strict=True))
        models = [quality.model for quality, looks in pairs if looks]
        return mode(models or [quality.model for quality, _ in pairs])

    def judge(self, own: OwnShape | None = None) -> Analysis:
        """Judge it as a check would, on a clock that begins with its first picture.

        Args:
            own: What the lifter looks like when up, as far as known.
        """
        return judge(
            np.array(self.time_s) - self.time_s[0],
            self.looks,
            self.rooms,
            self.size_px,
            self.fps,
            lift=self.lift,
            estimator=ModelEstimator(remembered=own),
            stored=self.stored,
        )

    def deliver(
        self,
        clip: Path,
        folder: Path,
        own: OwnShape | None,
        progress: Callable[[str, float], None],
    ) -> Result:
        """Write a check's result folder of this set.

        Args:
            clip: The recording, one picture for every look; where it stopped early, the result
                is of what it holds.
            folder: The result folder; what lies beside the recording is moved into it.
            own: What the lifter looks like when up, as far as known.
            progress: Called as the work goes on.

        Raises:
            ClipError: The recording cannot be read.
            OutputError: The result could not be written.
        """
        progress("judge", 0.0)
        info = probe(clip)
        estimator = ModelEstimator(remembered=own)
        held = self.first(info.frames)
        analysis = held.judge(own)
        model = held.model_of([one.rep for one in analysis.reps])
        analysis = replace(analysis, warnings=(*analysis.warnings, *self._notes(info.frames)))
        settings: dict[str, str | bool | None] = {
            "lift": self.lift.value if self.lift else None,
            "model": model.value,
            "looked_with": "; ".join(self._qualities),
            "estimator": estimator.name,
            "profile": self.stored.name if self.stored else None,
        }
        with ResultFolder(folder) as partial:
            result = write_check(
                info,
                analysis,
                partial,
                bundle=find_bundle(model),
                settings=settings,
                estimator=estimator,
                pictures=Pictures(),
                stored=self.stored,
                progress=progress,
            )
        # Only now: a result that fails must not take the recording with it.
        for beside in list(clip.parent.iterdir()):
            if not (folder / beside.name).exists():
                beside.rename(folder / beside.name)
        with suppress(OSError):
            clip.parent.rmdir()
        return result.written_to(folder.resolve())

    @property
    def _qualities(self) -> list[str]:
        """Everything it was looked at with, in the order of its first picture."""
        return [str(quality) for quality in dict.fromkeys(self.looked)]

    def _notes(self, frames: int) -> list[str]:
        """What a reader of the result should know of how it came about."""
        notes = []
        if frames < len(self.looks):
            lost_s = self.time_s[-1] - self.time_s[max(frames - 1, 0)]
            notes.append(f"Recording stopped {lost_s:.0f} s before the set was over.")
        if len(self._qualities) > 1:
            with_what = ", then ".join(self._qualities)
            notes.append(f"Looked at with {with_what}, as fast as the machine was.")
        return notes
