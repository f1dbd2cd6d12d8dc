"""Lean of body segments in the picture: the angles that landmarks alone can give.

Image y points down; every angle here is positive as docs/conventions.md says and the same for
a lifter who faces left.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.records import FloatArray, Track

__all__ = ["Segments", "measure_segments", "segment_inclination"]


@dataclass(frozen=True, slots=True)
class Segments:
    """Segment angles over a clip, (frames,) each, in degrees; NaN where unseen.

    Attributes:
        trunk_deg: Hip-shoulder line from vertical, forward positive.
        thigh_deg: Knee in front of hip positive.
        shank_deg: Knee in front of ankle positive.
        neck_deg: Head extended on the trunk positive; its zero is arbitrary.
    """

    trunk_deg: FloatArray
    thigh_deg: FloatArray
    shank_deg: FloatArray
    neck_deg: FloatArray

    @property
    def knee_flexion_deg(self) -> FloatArray:
        """0 when straight."""
        return self.thigh_deg + self.shank_deg

    @property
    def trunk_thigh_deg(self) -> FloatArray:
        """What most apps call the hip angle: blind to the pelvis, good for depth."""
        return self.trunk_deg + self.thigh_deg


def segment_inclination(low_px: FloatArray, high_px: FloatArray, facing: int) -> FloatArray:
    """Lean of the segment from `low_px` to `high_px`, (frames, 2) each, in degrees.

    0 when vertical, positive when the upper end lies in front of the lower one. Missing points
    give NaN.
    """
    along = high_px - low_px
    return np.asarray(np.degrees(np.arctan2(facing * along[:, 0], -along[:, 1])))


def measure_segments(track: Track, facing: int) -> Segments:
    """Segment angles from the mean of left and right landmarks.

    In the side view both sides coincide, and the mean halves their jitter. Vertical is the
    track's own, whichever way the camera was held.
    """
    hip = track.plumb(track.middle_px(Landmark.LEFT_HIP))
    knee = track.plumb(track.middle_px(Landmark.LEFT_KNEE))
    ankle = track.plumb(track.middle_px(Landmark.LEFT_ANKLE))
    shoulder = track.plumb(track.middle_px(Landmark.LEFT_SHOULDER))
    ear = track.plumb(track.middle_px(Landmark.LEFT_EAR))
    trunk = segment_inclination(hip, shoulder, facing)
    return Segments(
        trunk_deg=trunk,
        # Knee in front of hip is positive, though the knee is the segment's lower end.
        thigh_deg=-segment_inclination(knee, hip, facing),
        shank_deg=segment_inclination(ankle, knee, facing),
        neck_deg=trunk - segment_inclination(shoulder, ear, facing),
    )
