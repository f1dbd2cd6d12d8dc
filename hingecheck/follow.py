"""From bodies seen picture by picture to the one who lifts: their track, their back, the room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hingecheck.motion.angles import smooth_track
from hingecheck.pose.company import Company, find_company
from hingecheck.pose.facing import facing
from hingecheck.pose.glimpse import Glimpse
from hingecheck.pose.heads import Heads, find_heads
from hingecheck.pose.lifter import Person, choose_lifter, link_people, merge_sightings, stack_track
from hingecheck.pose.plausible import only_plausible
from hingecheck.pose.records import FloatArray, Pose, Track
from hingecheck.pose.scene import Scene, measure_scene
from hingecheck.pose.segments import measure_segments
from hingecheck.spine.estimator import BackView
from hingecheck.spine.profile import STATIONS, dorsal_profile, sample_outline, stack_outlines

__all__ = ["Followed", "Look", "follow_lifter", "look_at"]


class Look(NamedTuple):
    """What is kept of one body in one frame.

    Attributes:
        pose: The body, without its mask.
        outline: (2, stations, 3) its edges, see `spine.profile.sample_outline`.
    """

    pose: Pose
    outline: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Followed:
    """The lifter over a clip, and what is round them.

    Attributes:
        track: Landmarks as seen; all NaN where nobody was, or nothing that a body can be.
        back: Filtered landmarks, their angles, and the outline, by the way the lifter faces.
        company: Who else is in view.
        scene: Light, stillness and roll; the tracks' vertical is already corrected by it.
        heads: Where everybody's head is.
    """

    track: Track
    back: BackView
    company: Company
    scene: Scene
    heads: Heads


def look_at(pose: Pose) -> Look:
    """What to keep of a body; its mask is gone afterwards."""
    return Look(replace(pose, mask=None), sample_outline(pose))


def follow_lifter(
    time_s: FloatArray,
    looks: Sequence[Sequence[Look]],
    glimpses: Sequence[Glimpse],
    size_px: tuple[int, int],
) -> Followed:
    """Choose who lifts and put together what was seen of them.

    Args:
        time_s: (frames,) strictly increasing.
        looks: Every body in every frame.
        glimpses: A few of the frames' pictures.
        size_px: Width and height of the upright source picture.
    """
    people = link_people([[seen.pose for seen in frame] for frame in looks])
    lifter = None
    if people:
        lifter = merge_sightings(choose_lifter(people, len(time_s), size_px), people)
    track = stack_track(lifter, time_s, size_px)
    front = facing(track)
    track = only_plausible(track, front)
    scene = measure_scene(glimpses, track, front)
    track = replace(track, roll_deg=scene.roll.correction_deg, roll_sd_deg=scene.roll.sd_deg)
    smooth = smooth_track(track)
    outline = stack_outlines(_outlines(lifter, looks, track.detected))
    back = BackView(
        smooth,
        measure_segments(smooth, front),
        dorsal_profile(outline, track, front),
        dorsal_profile(outline, track, -front),
        front,
    )
    company = find_company(lifter, people, len(time_s))
    return Followed(track, back, company, scene, find_heads(people, track))


def _outlines(
    lifter: Person | None, looks: Sequence[Sequence[Look]], kept: NDArray[np.bool_]
) -> list[NDArray[np.float32]]:
    outlines = [np.full((2, len(STATIONS), 3), np.nan, dtype=np.float32)] * len(looks)
    if lifter is not None:
        for frame, which in zip(lifter.frames, lifter.which, strict=True):
            if kept[frame]:
                outlines[frame] = looks[frame][which].outline
    return outlines
