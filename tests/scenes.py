"""What can happen in front of a camera: standing about, walking off, somebody walking through.

Made from the rendered sample clip, picture by picture; `variants` makes what can happen to a file.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from variants import Picture, Timed, pictures

from hingecheck.pose.landmarker import Landmarker
from hingecheck.pose.models import PoseModel, find_bundle

FPS = 30.0
ONE_REP_S = (0.5, 4.2)
ONE_REP_BOTTOM_S = 2.567 - ONE_REP_S[0]
ONE_REP_END_S = 3.767 - ONE_REP_S[0]
"""The sample's first repetition with standing before and after it, from its truth file."""


class CutOut(NamedTuple):
    """A person without the room.

    Attributes:
        rgb: (height, width, 3) uint8.
        alpha: (height, width, 1) float32, 0..1.
        top_px: Row of the picture in which the cut-out begins.
    """

    rgb: Picture
    alpha: NDArray[np.float32]
    top_px: int


def one_rep(sample: Path) -> Iterator[Timed]:
    """The first repetition of `sample_videos/rdl_*.mp4` at half size."""
    start_s, end_s = ONE_REP_S
    for time_s, rgb in pictures(sample):
        if start_s <= time_s < end_s:
            yield time_s - start_s, _halved(rgb)


def standing_only(sample: Path, length_s: float) -> Iterator[Timed]:
    """The first 0.8 seconds, in which the lifter stands, to and fro."""
    still = [_halved(rgb) for time_s, rgb in pictures(sample) if time_s < 0.8]
    to_and_fro = itertools.cycle(still + still[-2:0:-1])
    for number in range(round(length_s * FPS)):
        yield number / FPS, next(to_and_fro)


def twice_as_fast(clip: Path) -> Iterator[Timed]:
    """The same movement in half the time."""
    for time_s, rgb in pictures(clip):
        yield time_s / 2, rgb


def leaves(clip: Path, at_s: float, length_s: float) -> Iterator[Timed]:
    """The lifter goes out of the picture to the left within half a second; an empty wall stays."""
    shot = [rgb for _, rgb in pictures(clip)]
    width = shot[0].shape[1]
    for number in range(round(length_s * FPS)):
        rgb = shot[min(number, len(shot) - 1)]
        gone = round(width * float(np.clip((number / FPS - at_s) / 0.5, 0, 1)))
        wall = np.repeat(rgb[:, -1:], gone, axis=1)
        yield number / FPS, np.concatenate([rgb[:, gone:], wall], axis=1)


def stands_beside(clip: Path, sample: Path) -> Iterator[Timed]:
    """Somebody stands to the right of the lifter all the time and faces them."""
    other = _halved(next(pictures(sample))[1])[:, ::-1]
    for time_s, rgb in pictures(clip):
        yield time_s, np.concatenate([rgb, other], axis=1)


def walks_through(clip: Path, walker: CutOut, speed_px_s: float) -> Iterator[Timed]:
    """Somebody passes between camera and lifter, from the left edge of a wider room."""
    room_px = 140
    height, across = walker.rgb.shape[:2]
    rows = slice(walker.top_px, walker.top_px + height)
    for time_s, rgb in pictures(clip):
        wide = np.pad(rgb, ((0, 0), (room_px, room_px), (0, 0)), mode="edge")
        left = round(time_s * speed_px_s) - across
        seen = slice(max(left, 0), min(left + across, wide.shape[1]))
        part = slice(seen.start - left, seen.stop - left)
        if seen.stop > seen.start:
            alpha, behind = walker.alpha[:, part], wide[rows, seen]
            wide[rows, seen] = alpha * walker.rgb[:, part] + (1 - alpha) * behind
        yield time_s, wide


def standing_person(sample: Path, scale: float) -> CutOut:
    """The lifter of another clip's first picture, cut out along MediaPipe's own mask."""
    rgb = _halved(next(pictures(sample))[1])
    with Landmarker(find_bundle(PoseModel.LITE), video=False) as landmarker:
        (pose,) = landmarker.detect(rgb, 0.0)
    assert pose.mask is not None
    (left, top), (height, width) = pose.mask.origin_px, pose.mask.values.shape
    columns = np.flatnonzero((pose.mask.values > 0.5).any(axis=0))
    body = slice(columns[0], columns[-1] + 1)
    person = rgb[top : top + height, left : left + width][:, body]
    size = (round(person.shape[1] * scale), round(height * scale))
    return CutOut(
        np.asarray(cv2.resize(person, size), np.uint8),
        np.asarray(cv2.resize(pose.mask.values[:, body], size), np.float32)[..., None],
        top + height - size[1],
    )


def _halved(rgb: Picture) -> Picture:
    height, width = rgb.shape[:2]
    half = cv2.resize(rgb, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    return np.asarray(half, np.uint8)
