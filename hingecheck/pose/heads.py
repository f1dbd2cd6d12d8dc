"""Where heads are in the picture, of everybody in view, so that faces can be hidden."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.lifter import Person, stack_track
from hingecheck.pose.records import FloatArray, Track

__all__ = ["NEAR_S", "Heads", "find_heads"]

RADIUS_M = 0.22
"""From the middle between the ears, in the pose model's own metres. On 664 simulated pictures from
all sides the whole bare head lies within 0.15 in half, within 0.18 in 98 of 100; hair, caps, and
landmarks that are a little off need the rest."""

FACE_M = 0.08
"""Left round the outermost landmark of the face: eyes, mouth and nose are not the face's edge."""

LEAST_FACE = 0.45
"""Size of the face as its landmarks have it beside that of the body. It is 0.5 to 0.85 where the
head is seen (real and simulated clips); where they collapse they have missed it."""
_PROFILE_M, _BREADTH_M = 0.125, 0.15
"""Nose to ears in profile and ear to ear from the front (tragion; DIN 33402-2)."""

NEAR_S = 0.5
"""A head that was or will be seen within this time is still known, roughly."""

CLOCK_S = 1e-6
"""Times closer than this are the same."""

DRIFT_M_S = 0.6
"""How fast a head that is not seen leaves the straight line between its sightings: one that turns
round at 2.5 m/s2, a brisk hinge, departs from it by 0.3 m in the middle of a second."""


WALK_M_S, WALK_S = 2.0, 2.0
"""A body lost and another found no further off than a brisk walk are taken for one for this long.
Taking two for one costs a little more blur."""

STAY_S = 10.0
"""The same for a body found where it was lost: who stands beside a lifter is now seen, now not."""

LIKELY = 3
"""Of the bodies found next, so many may be the one that was lost."""


@dataclass(frozen=True, slots=True)
class Heads:
    """Heads of everybody over a clip.

    Attributes:
        circles_px: (frames, heads, 3) x and y of the centre and radius, upright source pixels;
            NaN beyond a frame's last head. Which head is whose is not kept.
        sure: (frames,) whether the lifter's own head is among them.
    """

    circles_px: FloatArray
    sure: NDArray[np.bool_]


def find_heads(people: list[Person], lifter: Track) -> Heads:
    """Where everybody's head is in every frame, short gaps bridged from both sides.

    Args:
        people: Every body of the clip, the lifter's own sightings among them.
        lifter: The lifter; NaN in frames in which no possible body was seen.
    """
    time_s = lifter.time_s
    size_px = lifter.width_px, lifter.height_px
    own = _circles(lifter)
    own[_collapsed(lifter)] = np.nan
    own = _bridged(own, time_s, 2 * NEAR_S)
    seen = [_circles(stack_track(one, time_s, size_px)) for one in people]
    others = [_bridged(circles, time_s) for circles in seen]
    everybody = np.stack([own, *others, *_between(people, seen, time_s)], axis=1)
    return Heads(_packed(everybody), np.isfinite(own[:, 0]))


def _circles(track: Track) -> FloatArray:
    """(frames, 3) one body's head in each frame; NaN where it was not seen."""
    face = track.landmarks_px[:, : Landmark.MOUTH_RIGHT + 1]
    ears = track.middle_px(Landmark.LEFT_EAR)
    px_per_m = _px_per_m(track)
    reach = _length(face - ears[:, None]).max(axis=1) + FACE_M * px_per_m
    return np.column_stack([ears, np.maximum(RADIUS_M * px_per_m, reach)]).astype(np.float64)


def _collapsed(track: Track) -> NDArray[np.bool_]:
    """(frames,) whether the face's landmarks lie too close together to be a face."""
    landmarks = track.landmarks_px
    nose = landmarks[:, Landmark.NOSE] - track.middle_px(Landmark.LEFT_EAR)
    between = landmarks[:, Landmark.LEFT_EAR] - landmarks[:, Landmark.RIGHT_EAR]
    size = np.hypot(_length(nose) / _PROFILE_M, _length(between) / _BREADTH_M)
    return np.asarray(size < LEAST_FACE * _px_per_m(track))


def _px_per_m(track: Track) -> FloatArray:
    """(frames,) size of the body in the picture, whichever way it is turned."""
    return _spread(track.landmarks_px) / np.maximum(_spread(track.world_m[..., :2]), 1e-6)


def _spread(points: FloatArray) -> FloatArray:
    """(frames,) root of the summed squared distance of points (frames, n, 2) from their mean."""
    apart = points - points.mean(axis=1, keepdims=True)
    return np.sqrt(np.asarray((apart**2).sum(axis=(1, 2)), dtype=np.float64))


def _length(vectors: FloatArray) -> FloatArray:
    return np.asarray(np.hypot(vectors[..., 0], vectors[..., 1]))


def _bridged(circles: FloatArray, time_s: FloatArray, longest_s: float = np.inf) -> FloatArray:
    """The same with gaps up to `longest_s` filled, and `NEAR_S` at the ends of longer ones.

    The longer a sighting is ago or ahead, the wider the circle.
    """
    seen = np.flatnonzero(np.isfinite(circles[:, 0]))
    if not len(seen):
        return circles
    frame = np.arange(len(time_s))
    after = np.searchsorted(seen, frame)
    last, following = seen[np.maximum(after - 1, 0)], seen[np.minimum(after, len(seen) - 1)]
    since_s, until_s = np.abs(time_s - time_s[last]), np.abs(time_s[following] - time_s)
    apart_s = np.minimum(since_s, until_s)
    gap = (last < frame) & (frame <= following) & (since_s + until_s <= longest_s + CLOCK_S)
    line = np.column_stack([np.interp(time_s, time_s[seen], circles[seen, k]) for k in range(3)])
    nearest = circles[np.where(since_s < until_s, last, following)]
    filled = np.where(gap[:, None], line, nearest)
    filled[:, 2] *= 1 + DRIFT_M_S / RADIUS_M * np.minimum(apart_s, NEAR_S)
    filled[~gap & (apart_s > NEAR_S + CLOCK_S)] = np.nan
    return filled


def _between(
    people: list[Person], circles: list[FloatArray], time_s: FloatArray
) -> list[FloatArray]:
    """(frames, 3) each: the ways from where a body was lost to where the next were found.

    Whoever walks past in front of a lifter is often lost on the way and found as somebody new.
    """
    ways = []
    for one, seen in zip(people, circles, strict=True):
        lost = one.frames[-1]
        found = [
            (other.frames[0], where[other.frames[0]])
            for other, where in zip(people, circles, strict=True)
            if _may_be_same(
                seen[lost], where[other.frames[0]], time_s[other.frames[0]] - time_s[lost]
            )
        ]
        for first, head in sorted(found, key=lambda sighting: sighting[0])[:LIKELY]:
            way = np.full((len(time_s), 3), np.nan)
            way[lost], way[first] = seen[lost], head
            part = slice(lost, first + 1)
            way[part] = _bridged(way[part], time_s[part])
            ways.append(way)
    return ways


def _may_be_same(lost: FloatArray, found: FloatArray, gap_s: float) -> bool:
    """Whether somebody can have gone from one head's place to the other's, or not gone at all."""
    apart = float(np.hypot(*(found[:2] - lost[:2])))
    reach = float(max(lost[2], found[2]))
    walked = WALK_M_S * reach / RADIUS_M * gap_s
    near = reach + walked if gap_s <= WALK_S else reach
    return 0 < gap_s <= STAY_S and apart <= near


def _packed(circles: FloatArray) -> FloatArray:
    """(frames, people, 3) largest first, as few as there are, none inside a larger one."""
    kept = _largest_first(circles)
    for one in range(1, kept.shape[1]):
        larger, small = kept[:, :one], kept[:, one, None]
        apart = _length(larger[..., :2] - small[..., :2])
        inside = (apart + small[..., 2] <= larger[..., 2] + 1e-6).any(axis=1)
        kept[inside, one] = np.nan
    return _largest_first(kept)


def _largest_first(circles: FloatArray) -> FloatArray:
    order = np.argsort(-np.nan_to_num(circles[..., 2]), axis=1)
    most = int(np.isfinite(circles[..., 2]).sum(axis=1).max(initial=0))
    return np.take_along_axis(circles, order[..., None], axis=1)[:, :most]
