"""Others in view: who they are beside the lifter, and whether the two may be mixed up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hingecheck.pose.lifter import CORE, Person
from hingecheck.pose.records import FloatArray, Pose

__all__ = ["ALONE", "Company", "find_company"]

LEAST_SIZE = 0.5
"""Others count when at least this large beside the lifter; smaller ones change nothing."""

SAME_BODY = 0.25
"""Shoulders and hips nearer than this, in the lifter's trunks, are one body found twice."""

OVERLAP = 0.3
"""Share of the smaller of two bodies' boxes that lies in the other one's."""


@dataclass(frozen=True, slots=True)
class Company:
    """How much of the lifter's time is shared, 0..1.

    Attributes:
        beside: Share of the clip's frames in which somebody else is in view.
        overlapping: Share of the lifter's frames in which somebody else overlaps them.
    """

    beside: float
    overlapping: float


ALONE = Company(beside=0.0, overlapping=0.0)


def find_company(lifter: Person | None, people: list[Person], frames: int) -> Company:
    """Who else is in view.

    Args:
        lifter: The person to judge.
        people: Everybody, the lifter's own sightings among them.
        frames: Number of frames of the clip.
    """
    if lifter is None:
        return ALONE
    own = dict(zip(lifter.frames, zip(lifter.which, lifter.poses, strict=True), strict=True))
    size_px = lifter.size_px
    beside: set[int] = set()
    overlapping: set[int] = set()
    for person in people:
        if person.size_px < LEAST_SIZE * size_px:
            continue
        for frame, which, pose in zip(person.frames, person.which, person.poses, strict=True):
            if frame not in own:
                beside.add(frame)
                continue
            mine, lifting = own[frame]
            if which == mine:
                continue
            beside.add(frame)
            if not _same_body(pose, lifting, size_px) and _overlap(pose, lifting) > OVERLAP:
                overlapping.add(frame)
    return Company(len(beside) / frames, len(overlapping) / len(own))


def _same_body(one: Pose, other: Pose, size_px: float) -> bool:
    apart = (one.landmarks_px[CORE] - other.landmarks_px[CORE]).mean(axis=0)
    return float(np.hypot(*apart)) < SAME_BODY * size_px


def _overlap(one: Pose, other: Pose) -> float:
    """Common part of two bodies' boxes, as a share of the smaller box."""
    (low, high), (left, right) = _box(one), _box(other)
    common = np.clip(np.minimum(high, right) - np.maximum(low, left), 0, None)
    smaller = min(np.prod(high - low), np.prod(right - left))
    return float(np.prod(common) / max(smaller, 1e-6))


def _box(pose: Pose) -> tuple[FloatArray, FloatArray]:
    return pose.landmarks_px.min(axis=0), pose.landmarks_px.max(axis=0)
