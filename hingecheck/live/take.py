"""What is kept of a set while it runs, and how a check's result is made of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from hingecheck.clip import probe
from hingecheck.deliver import write_check
from hingecheck.follow import Look
from hingecheck.form.records import Analysis
from hingecheck.live.watcher import Seen
from hingecheck.motion.records import Lift
from hingecheck.pipeline import judge
from hingecheck.pose.glimpse import MOST, Glimpse
from hingecheck.pose.models import PoseModel, find_bundle
from hingecheck.report.folder import ResultFolder
from hingecheck.report.schema import Result
from hingecheck.spine.model import ModelEstimator, OwnShape
from hingecheck.store.profiles import Profile

__all__ = ["LONGEST_S", "Take"]

LONGEST_S = 180.0
"""A set that lasts longer ends here: three minutes of looks are 25 MB."""

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
    """

    size_px: tuple[int, int]
    fps: float
    lift: Lift | None = None
    stored: Profile | None = None
    time_s: list[float] = field(default_factory=list)
    looks: list[Sequence[Look]] = field(default_factory=list)
    rooms: list[Glimpse] = field(default_factory=list)

    @property
    def lasts_s(self) -> float:
        """From the first picture to the last."""
        return self.time_s[-1] - self.time_s[0] if self.time_s else 0.0

    def add(self, seen: Seen) -> None:
        """Keep a picture's looks."""
        if seen.room is not None:
            frame = len(self.time_s)
            self.rooms.append(Glimpse(frame, seen.room.grey, seen.room.scale))
            if len(self.rooms) > 2 * MOST:
                self.rooms = self.rooms[::2]
        self.time_s.append(seen.frame.time_s)
        self.looks.append(seen.looks)

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
        model: PoseModel,
        own: OwnShape | None,
        progress: Callable[[str, float], None] = lambda stage, share: None,
    ) -> Result:
        """Write a check's result folder of this set.

        Args:
            clip: The recording; it has one picture for every look.
            folder: The result folder; what lies beside the recording is moved into it.
            model: The pose model that looked.
            own: What the lifter looks like when up, as far as known.
            progress: Called as the work goes on.

        Raises:
            ClipError: The recording cannot be read.
            OutputError: The result could not be written.
        """
        info, bundle = probe(clip), find_bundle(model)
        estimator = ModelEstimator(remembered=own)
        analysis = self.judge(own)
        settings: dict[str, str | bool | None] = {
            "lift": self.lift.value if self.lift else None,
            "model": model.value,
            "overlay": True,
            "estimator": estimator.name,
            "profile": self.stored.name if self.stored else None,
        }
        with ResultFolder(folder) as partial:
            result = write_check(
                info,
                analysis,
                partial,
                bundle=bundle,
                settings=settings,
                estimator=estimator,
                stored=self.stored,
                progress=progress,
            )
        # Only now: a result that fails must not take the recording with it.
        for recording in clip.parent.glob("*.mp4"):
            recording.rename(folder / recording.name)
        clip.parent.rmdir()
        return result.written_to(folder.resolve())
