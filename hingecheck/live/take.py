"""What is kept of a set while it runs, and how a check's result is made of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from hingecheck.clip import probe
from hingecheck.deliver import write_check
from hingecheck.follow import Look
from hingecheck.form.records import Analysis
from hingecheck.live.quality import Quality
from hingecheck.live.watcher import Seen
from hingecheck.motion.records import Lift
from hingecheck.overlay.film import Pictures
from hingecheck.pipeline import judge
from hingecheck.pose.glimpse import MOST, Glimpse
from hingecheck.pose.models import find_bundle
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
        looked: How many pictures were looked at with what, in the order of their first.
    """

    size_px: tuple[int, int]
    fps: float
    lift: Lift | None = None
    stored: Profile | None = None
    time_s: list[float] = field(default_factory=list)
    looks: list[Sequence[Look]] = field(default_factory=list)
    rooms: list[Glimpse] = field(default_factory=list)
    looked: Counter[Quality] = field(default_factory=Counter)

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
        self.looked[seen.quality] += 1

    def first(self, frames: int) -> Take:
        """The part that so many frames hold."""
        rooms = [room for room in self.rooms if room.frame < frames]
        return replace(self, time_s=self.time_s[:frames], looks=self.looks[:frames], rooms=rooms)

    def since(self, start_s: float) -> Take:
        """The part from shortly before a moment on, to judge one repetition by itself."""
        first = int(np.searchsorted(self.time_s, start_s - REP_LEAD_S))
        rooms = [
            Glimpse(room.frame - first, room.grey, room.scale)
            for room in self.rooms
            if room.frame >= first
        ]
        return replace(self, time_s=self.time_s[first:], looks=self.looks[first:], rooms=rooms)

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
        ((most, _),) = self.looked.most_common(1)
        estimator = ModelEstimator(remembered=own)
        analysis = self.first(info.frames).judge(own)
        analysis = replace(analysis, warnings=(*analysis.warnings, *self._notes(info.frames)))
        settings: dict[str, str | bool | None] = {
            "lift": self.lift.value if self.lift else None,
            "model": most.model.value,
            "looked_with": "; ".join(str(quality) for quality in self.looked),
            "estimator": estimator.name,
            "profile": self.stored.name if self.stored else None,
        }
        with ResultFolder(folder) as partial:
            result = write_check(
                info,
                analysis,
                partial,
                bundle=find_bundle(most.model),
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

    def _notes(self, frames: int) -> list[str]:
        """What a reader of the result should know of how it came about."""
        notes = []
        if frames < len(self.looks):
            lost_s = self.time_s[-1] - self.time_s[max(frames - 1, 0)]
            notes.append(f"Recording stopped {lost_s:.0f} s before the set was over.")
        if len(self.looked) > 1:
            with_what = ", then ".join(str(quality) for quality in self.looked)
            notes.append(f"Looked at with {with_what}, as fast as the machine was.")
        return notes
