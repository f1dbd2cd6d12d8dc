"""Several bodies in view: who is who from frame to frame, and which one is the lifter."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from hingecheck.pose.landmarks import LANDMARKS, Landmark
from hingecheck.pose.records import FloatArray, Pose, Track

__all__ = [
    "SPOT",
    "Person",
    "alike",
    "choose_lifter",
    "link_people",
    "merge_sightings",
    "stack_track",
    "step_cost",
    "trunk_px",
]

MAX_STEP = 0.6
"""How far a body's shoulders or hips may move between two sightings, in trunk lengths per
`STEP_S`; shoulders and hips apart, so that a bent lifter is not taken for the upright person who
walks past."""

STEP_S = 0.25
FORGET_S = 1.5
"""A body unseen for this long that turns up again starts as somebody new."""

MAX_GROWTH = 1.6
"""Between two sightings a body's trunk looks at most this much longer or shorter; a deep hinge
seen a little from the front shortens it slowly, a person further away is smaller at once."""

SPOT = 0.35
"""Feet stay on one spot through a set: this near it, in trunk lengths, stands the lifter. On
simulated lifters with somebody walking past in front, this finds them in 81-100 % of the frames;
links from picture to picture alone change over to the passer-by and find 43-94 %."""

CORE = [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, Landmark.LEFT_HIP, Landmark.RIGHT_HIP]


@dataclass(slots=True)
class Person:
    """One body followed over a clip.

    Attributes:
        frames: Frame numbers in which it was seen, increasing.
        which: Position among that frame's poses.
        poses: Its poses there.
    """

    frames: list[int] = field(default_factory=list)
    which: list[int] = field(default_factory=list)
    poses: list[Pose] = field(default_factory=list)

    @property
    def size_px(self) -> float:
        """Typical length of the trunk."""
        return float(np.median([trunk_px(pose) for pose in self.poses]))


def trunk_px(pose: Pose) -> float:
    """Length of the hip-shoulder line."""
    return float(
        np.hypot(*(pose.middle_px(Landmark.LEFT_SHOULDER) - pose.middle_px(Landmark.LEFT_HIP)))
    )


def link_people(poses: list[list[Pose]]) -> list[Person]:
    """Follow every body through the clip, nearest trunk first.

    Args:
        poses: The poses of every frame, in time order; masks are not needed.
    """
    people: list[Person] = []
    recent: list[Person] = []
    for frame, seen in enumerate(poses):
        if seen:
            now_s = seen[0].time_s
            recent = [p for p in recent if now_s - p.poses[-1].time_s <= FORGET_S]
        pairs = sorted(
            (cost, i, j)
            for i, person in enumerate(recent)
            for j, pose in enumerate(seen)
            if (cost := step_cost(person.poses[-1], pose)) < 1
        )
        taken: set[int] = set()
        moved: set[int] = set()
        for _, i, j in pairs:
            if i not in moved and j not in taken:
                moved.add(i)
                taken.add(j)
                _add(recent[i], frame, j, seen[j])
        for j, pose in enumerate(seen):
            if j not in taken:
                newcomer = Person()
                _add(newcomer, frame, j, pose)
                people.append(newcomer)
                recent.append(newcomer)
    return people


def choose_lifter(people: list[Person], track_frames: int, size_px: tuple[int, int]) -> Person:
    """The body that is seen longest, large, central, and that hinges.

    Each person's score is the product of four shares, so that none can be bought with another:
    time in view, trunk length, closeness to the picture's middle, and hip travel.

    Raises:
        ValueError: When `people` is empty.
    """
    if not people:
        raise ValueError("nobody to choose from")
    largest = max(person.size_px for person in people)
    return max(people, key=lambda person: _lifting(person, track_frames, size_px, largest))


def merge_sightings(lifter: Person, people: list[Person]) -> Person:
    """The lifter with later and earlier sightings of the same body joined on.

    A body lost behind a plate comes back where it was: a person whose sightings do not overlap
    the lifter's and whose core lies within `MAX_STEP` of where the lifter was, is the lifter.
    Where others of their size are in view, the lifter is whoever stands on the lifter's spot.
    """
    merged = lifter
    for other in sorted(people, key=lambda p: p.frames[0]):
        if other is lifter or set(other.frames) & set(merged.frames):
            continue
        gap = np.abs(np.subtract.outer(merged.frames, other.frames))
        mine, theirs = np.unravel_index(int(gap.argmin()), gap.shape)
        beside, found = merged.poses[mine], other.poses[theirs]
        reach = MAX_STEP * trunk_px(beside)
        near = np.hypot(*(beside.landmarks_px[CORE] - found.landmarks_px[CORE]).mean(0))
        if near < reach and alike(trunk_px(found), trunk_px(beside)):
            order = np.argsort(merged.frames + other.frames)
            merged = Person(
                frames=[(merged.frames + other.frames)[k] for k in order],
                which=[(merged.which + other.which)[k] for k in order],
                poses=[(merged.poses + other.poses)[k] for k in order],
            )
    own = set(zip(merged.frames, merged.which, strict=True))
    others = [
        person
        for person in people
        if not own.issuperset(zip(person.frames, person.which, strict=True))
        and alike(person.size_px, merged.size_px)
    ]
    return _kept_to_spot(merged, others) if others else merged


def _kept_to_spot(lifter: Person, others: list[Person]) -> Person:
    """The lifter, or whoever stands where they do; walking in and out stays the lifter's own.

    Two bodies that overlap in the picture are easily taken for each other, and a passer-by's
    feet leave the spot at once.
    """
    size = lifter.size_px
    spot = np.median([pose.middle_px(Landmark.LEFT_ANKLE) for pose in lifter.poses], axis=0)
    nearest: dict[int, tuple[float, int, Pose]] = {}
    for person in (lifter, *others):
        for frame, which, pose in zip(person.frames, person.which, person.poses, strict=True):
            off = float(np.hypot(*(pose.middle_px(Landmark.LEFT_ANKLE) - spot))) / size
            known = nearest.get(frame)
            closer = known is None or off < known[0]
            if off < SPOT and closer and alike(trunk_px(pose), size):
                nearest[frame] = off, which, pose
    if not nearest:
        return lifter
    first, last = min(nearest), max(nearest)
    for frame, which, pose in zip(lifter.frames, lifter.which, lifter.poses, strict=True):
        if not first <= frame <= last:
            nearest[frame] = np.inf, which, pose
    kept = Person()
    for frame in sorted(nearest):
        _, which, pose = nearest[frame]
        _add(kept, frame, which, pose)
    return kept


def alike(one_px: float, other_px: float) -> bool:
    """Whether two trunks can be one body's, nearer or further, bent or straight."""
    return 1 / MAX_GROWTH < one_px / max(other_px, 1e-6) < MAX_GROWTH


def stack_track(lifter: Person | None, time_s: FloatArray, size_px: tuple[int, int]) -> Track:
    """One person's poses as arrays over the clip; NaN where they are not seen."""
    frames = len(time_s)
    landmarks = np.full((frames, LANDMARKS, 2), np.nan, dtype=np.float32)
    world = np.full((frames, LANDMARKS, 3), np.nan, dtype=np.float32)
    visibility = np.full((frames, LANDMARKS), np.nan, dtype=np.float32)
    if lifter is not None:
        landmarks[lifter.frames] = [pose.landmarks_px for pose in lifter.poses]
        world[lifter.frames] = [pose.world_m for pose in lifter.poses]
        visibility[lifter.frames] = [pose.visibility for pose in lifter.poses]
    return Track(time_s, landmarks, world, visibility, *size_px)


def _add(person: Person, frame: int, which: int, pose: Pose) -> None:
    person.frames.append(frame)
    person.which.append(which)
    person.poses.append(pose)


def step_cost(last: Pose, pose: Pose) -> float:
    """Cost of taking a pose for a body seen before: 0 where it was, 1 at the limit, or infinite."""
    gap_s = pose.time_s - last.time_s
    if not alike(trunk_px(pose), trunk_px(last)):
        return np.inf
    moved = max(
        float(np.hypot(*(pose.middle_px(joint) - last.middle_px(joint))))
        for joint in (Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP)
    )
    reach = MAX_STEP * max(trunk_px(last), trunk_px(pose)) * max(1.0, gap_s / STEP_S)
    return moved / reach


def _lifting(
    person: Person, track_frames: int, size_px: tuple[int, int], largest_px: float
) -> float:
    core = np.array([pose.landmarks_px[CORE].mean(axis=0) for pose in person.poses])
    lean = np.array(
        [
            np.arctan2(
                *np.abs(pose.middle_px(Landmark.LEFT_SHOULDER) - pose.middle_px(Landmark.LEFT_HIP))
            )
            for pose in person.poses
        ]
    )
    hip_y = np.array([pose.middle_px(Landmark.LEFT_HIP)[1] for pose in person.poses])
    typical = person.size_px
    # A body that only stands scores a quarter of one that hinges by a radian or sinks by a trunk.
    travel = float(np.ptp(np.percentile(lean, [5, 95])))
    sink = float(np.ptp(np.percentile(hip_y, [5, 95]))) / max(typical, 1e-6)
    off = abs(float(np.median(core[:, 0])) / size_px[0] - 0.5)
    return (
        len(person.frames)
        / track_frames
        * (typical / largest_px) ** 2
        * (1 - off)
        * (0.25 + min(1.0, travel + sink))
    )
