"""What turns a back over time into pelvis and spine angles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from hingecheck.pose.records import Track
from hingecheck.pose.segments import Segments
from hingecheck.spine.records import Profile, SpineSeries

__all__ = ["BackView", "SpineEstimator"]


@dataclass(frozen=True, slots=True)
class BackView:
    """What an estimator may look at: one lifter's back over a clip.

    Attributes:
        track: Filtered landmarks.
        segments: Their angles.
        profile: The dorsal profile.
        belly: The edge on the other side of the chord, from the thigh's front to the chest.
        facing: +1 when the lifter faces image right, -1 left.
    """

    track: Track
    segments: Segments
    profile: Profile
    belly: Profile
    facing: int


class SpineEstimator(Protocol):
    """Turns a back over time into pelvis and spine angles with honest uncertainty.

    Attributes:
        name: What provenance calls it.
    """

    name: str

    def estimate(self, back: BackView) -> SpineSeries:
        """Pelvic tilt, lumbar and thoracic flexion per frame, not yet filtered in time."""
        ...
