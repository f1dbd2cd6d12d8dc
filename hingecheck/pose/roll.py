"""How far the camera is held askew, told by the room's straight lines and by who stands in it.

Gyms are built upright: door frames, racks and posts give the vertical, skirtings, shelves and the
floor's far edge the horizontal. Perspective bends either family (a wall seen at an angle tilts its
horizontals, a camera tilted down spreads its verticals), so neither is believed alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, nan
from typing import Any, NamedTuple

import cv2
import numpy as np

from hingecheck.pose.glimpse import Glimpse
from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.records import FloatArray, Track
from hingecheck.pose.segments import measure_segments, segment_inclination

__all__ = ["Roll", "find_roll"]

MOST_DEG = 15.0
"""Lines further than this from upright or level are slanted things, not an askew picture."""

LEAST_LENGTH = 0.03
"""Shorter lines, as a share of the picture's long side, are texture."""

MODE_DEG, ONE_MIND_DEG = 1.0, 2.0
"""Width of the density whose peak is a family's direction, and what counts as agreeing with it."""

VERTICALS_MIND, VERTICALS_LENGTH = 0.5, 0.3
HORIZONTALS_MIND, HORIZONTALS_LENGTH = 0.55, 0.1
"""A family speaks when this share of its length is of one mind, and that length in a picture is
this many long sides (22 simulated clips with known roll: below it, bystanders and slanted bars
speak instead)."""

SURE_MIND, SURE_LENGTH = 0.7, 1.0
"""Verticals this many and this much of one mind need no second witness."""

FAMILIES_DEG = 2.5
"""Verticals and horizontals nearer than this agree; the roll is half-way between them. On 14 real
clips filmed level, horizontals of walls seen at an angle stood 5-14 degrees away."""

PLUMB_DEG = 4.0
"""One family alone is believed when the standing lifter agrees to within this."""

PLUMB_LEAN_DEG, PLUMB_MOST_BEND_DEG, PLUMB_STEP_DEG = 2.9, 30.0, 6.0
"""People who stand lean forward by the first, ankles to shoulders, with a standard deviation of 3
(22 simulated clips); frames count whose trunk-thigh flexion is small, and near the smallest."""

CORRECTED_DEG = 1.5
"""A smaller roll is within the error of its estimate: on the 16 of 22 simulated clips where it is
known, median 0.5 degrees, largest 1.8. On the 8 then corrected the mean error of the trunk falls
from 7.6 to 7.1 degrees, of the thigh from 6.9 to 4.8, of the shank from 5.5 to 4.1."""

KNOWN_SD_DEG, UNKNOWN_SD_DEG = 0.8, 3.0
"""Error of a known roll (above), and the scatter of phones that are put up by eye, as simulated."""


class _Family(NamedTuple):
    """Nearly parallel lines: their direction from upright or level, and how far to believe it."""

    roll_deg: float
    mind: float
    length: float


@dataclass(frozen=True, slots=True)
class Roll:
    """The camera's roll.

    Attributes:
        deg: Clockwise turn of the picture's content; NaN where nothing tells it.
    """

    deg: float

    @property
    def correction_deg(self) -> float:
        """Roll to reckon with when measuring from the vertical: 0 where none is sure."""
        return self.deg if CORRECTED_DEG <= abs(self.deg) <= MOST_DEG else 0.0

    @property
    def sd_deg(self) -> float:
        """How well vertical is known: one standard deviation."""
        return UNKNOWN_SD_DEG if isnan(self.deg) else KNOWN_SD_DEG


def find_roll(glimpses: Sequence[Glimpse], track: Track, facing: int) -> Roll:
    """The roll that two witnesses agree on: verticals, horizontals, or the standing lifter.

    Args:
        glimpses: A few pictures of the clip.
        track: The lifter, over all frames, in the picture's own upright.
        facing: +1 or -1.
    """
    lines = [_lines(glimpse, track) for glimpse in glimpses]
    if not lines:
        return Roll(nan)
    lean_deg, length = (np.concatenate(part) for part in zip(*lines, strict=True))
    upright = _family(lean_deg, length, len(lines))
    level = _family((lean_deg + 180.0) % 180.0 - 90.0, length, len(lines))
    v_speaks = upright.mind >= VERTICALS_MIND and upright.length >= VERTICALS_LENGTH
    h_speaks = level.mind >= HORIZONTALS_MIND and level.length >= HORIZONTALS_LENGTH
    if v_speaks and h_speaks and abs(upright.roll_deg - level.roll_deg) < FAMILIES_DEG:
        return Roll((upright.roll_deg + level.roll_deg) / 2)
    if upright.mind >= SURE_MIND and upright.length >= SURE_LENGTH:
        return Roll(upright.roll_deg)
    plumb_deg = _plumb_deg(track, facing)
    for speaks, family in ((v_speaks, upright), (h_speaks, level)):
        if speaks and abs(family.roll_deg - plumb_deg) < PLUMB_DEG:
            return Roll(family.roll_deg)
    return Roll(nan)


def _lines(glimpse: Glimpse, track: Track) -> tuple[FloatArray, FloatArray]:
    """Lean from upright, -90..90 degrees clockwise, and length in long sides, of a room's lines."""
    found: Any = cv2.createLineSegmentDetector().detect(glimpse.grey)[0]
    if found is None:
        return np.zeros(0), np.zeros(0)
    ends = found.reshape(-1, 2, 2).astype(np.float64)
    left, top, right, bottom = glimpse.body_box(track)
    x, y = ends.mean(axis=1).T
    along = ends[:, 1] - ends[:, 0]
    length = np.hypot(along[:, 0], along[:, 1]) / max(glimpse.grey.shape)
    room = (x < left) | (x > right) | (y < top) | (y > bottom)
    kept = room & (length > LEAST_LENGTH)
    lean_deg = np.degrees(np.arctan2(along[kept, 0], -along[kept, 1]))
    return np.asarray((lean_deg + 90.0) % 180.0 - 90.0), np.asarray(length[kept])


def _family(lean_deg: FloatArray, length: FloatArray, pictures: int) -> _Family:
    """The direction most of the length within `MOST_DEG` of 0 agrees on."""
    near = np.abs(lean_deg) < MOST_DEG
    if not near.any():
        return _Family(nan, 0.0, 0.0)
    lean_deg, length = lean_deg[near], length[near]
    directions = np.linspace(-MOST_DEG, MOST_DEG, 301)
    away = (lean_deg[:, None] - directions) / MODE_DEG
    peak = directions[(length[:, None] * np.exp(-0.5 * away**2)).sum(axis=0).argmax()]
    agree = np.abs(lean_deg - peak) < ONE_MIND_DEG
    agreed = float(length[agree].sum())
    if not agreed:
        return _Family(nan, 0.0, 0.0)
    mean = float(np.average(lean_deg[agree], weights=length[agree]))
    return _Family(mean, agreed / float(length.sum()), agreed / pictures)


def _plumb_deg(track: Track, facing: int) -> float:
    """Roll by which the standing lifter would lean as people do; NaN where nobody stands."""
    bend_deg = measure_segments(track, facing).trunk_thigh_deg
    straightest = float(np.nanmin(bend_deg, initial=PLUMB_MOST_BEND_DEG))
    ankle, shoulder = track.middle_px(Landmark.LEFT_ANKLE), track.middle_px(Landmark.LEFT_SHOULDER)
    with np.errstate(invalid="ignore"):
        stands = bend_deg < min(straightest + PLUMB_STEP_DEG, PLUMB_MOST_BEND_DEG)
    lean_deg = segment_inclination(ankle, shoulder, facing)[stands]
    lean = float(np.median(lean_deg)) if len(lean_deg) else nan
    return nan if isnan(lean) else facing * (lean - PLUMB_LEAN_DEG)
