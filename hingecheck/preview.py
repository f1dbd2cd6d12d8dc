"""A look at a clip or through a camera before a set: can this picture carry a form check?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hingecheck.clip import ClipInfo, ClipReader, Frame
from hingecheck.clip.camera import Camera
from hingecheck.follow import Look, follow_lifter, look_at
from hingecheck.form.records import SetupCheck
from hingecheck.form.setup import check_setup
from hingecheck.form.view import check_view
from hingecheck.pose.glimpse import Glimpse, glimpse, glimpsed
from hingecheck.pose.models import ModelBundle
from hingecheck.pose.stream import detect_stream

__all__ = ["CAMERA_S", "judge_setup", "preview_camera", "preview_clip"]

LOOK_PX = 960
"""Long side of the pictures looked at, as in a check."""

MOST_PICTURES = 60
"""Enough to stand over a lifter's sway and over single pictures in which they are not found."""

LONGEST_STEP_S = 1.0
"""Bodies are not recognised over longer gaps; of clips longer than a minute the first is enough."""

CAMERA_S = 4.0
"""Time that one look through a camera takes: to step into place and stand."""

LEAST_INTERVALS = 5
"""Pictures whose rate is to be measured."""


def preview_clip(info: ClipInfo, bundle: ModelBundle) -> tuple[SetupCheck, ...]:
    """Look at pictures spread over a clip.

    Args:
        info: The clip.
        bundle: The pose model.

    Raises:
        ClipError: No picture decodes.
    """
    last = min(info.frames - 1, round(MOST_PICTURES * LONGEST_STEP_S * info.mean_fps))
    chosen = {int(number) for number in np.linspace(0, max(last, 0), MOST_PICTURES).round()}
    size_px = info.width_px, info.height_px
    with ClipReader(info.path, LOOK_PX, info, chosen) as reader:
        return _judge(reader, reader.scale, size_px, bundle, _Rate(info.mean_fps))


def preview_camera(camera: Camera, bundle: ModelBundle) -> tuple[SetupCheck, ...]:
    """Look through an open camera for `CAMERA_S`.

    Args:
        camera: Opened with `with`.
        bundle: The pose model.

    Raises:
        ClipError: No picture comes.
    """
    size_px = camera.width_px, camera.height_px
    scale = min(1.0, LOOK_PX / max(size_px))
    rate = _Rate(camera.fps)
    return _judge(_thinned(camera, scale, rate), scale, size_px, bundle, rate)


@dataclass(slots=True)
class _Rate:
    """Pictures per second: as promised, until enough of them have come to measure it."""

    fps: float


def _judge(
    frames: Iterable[Frame],
    scale: float,
    size_px: tuple[int, int],
    bundle: ModelBundle,
    rate: _Rate,
) -> tuple[SetupCheck, ...]:
    time_s: list[float] = []
    looks: list[list[Look]] = []
    glimpses: list[Glimpse] = []
    # Far apart as they are, pictures cannot be averaged with their neighbours' mirror images.
    for frame, seen in detect_stream(frames, bundle, scale, look_at, workers=1, fps=0.0):
        glimpses.append(glimpse(frame.rgb, len(time_s), scale))
        time_s.append(frame.time_s)
        looks.append(seen)
    kept = glimpsed(len(time_s))
    room = [picture for picture in glimpses if picture.frame in kept]
    return judge_setup(time_s, looks, room, size_px, rate.fps)


def judge_setup(
    time_s: Sequence[float],
    looks: Sequence[Sequence[Look]],
    glimpses: Sequence[Glimpse],
    size_px: tuple[int, int],
    fps: float,
) -> tuple[SetupCheck, ...]:
    """Whether what was seen can carry a form check.

    Args:
        time_s: (frames,) strictly increasing.
        looks: Every body in every frame.
        glimpses: A few of the frames' pictures.
        size_px: Width and height of the upright source picture.
        fps: Pictures a second of the camera; NaN where unknown.
    """
    followed = follow_lifter(np.array(time_s), looks, glimpses, size_px)
    track, back, company = followed.track, followed.back, followed.company
    view = check_view(track, back, back.facing, (), company, fps)
    return check_setup(track, back, followed.scene, company, view, fps)


def _thinned(camera: Camera, scale: float, rate: _Rate) -> Iterator[Frame]:
    """Pictures of one look, at most `MOST_PICTURES` of them, evenly in time."""
    step_s = CAMERA_S / MOST_PICTURES
    arrived: list[float] = []
    due_s = 0.0
    for frame in camera:
        if frame.time_s > CAMERA_S:
            break
        arrived.append(frame.time_s)
        if frame.time_s >= due_s:
            due_s = frame.time_s + step_s
            yield Frame(frame.index, frame.time_s, _smaller(frame.rgb, scale))
    if len(arrived) > LEAST_INTERVALS:
        rate.fps = 1 / float(np.median(np.diff(arrived)))


def _smaller(rgb: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    if scale == 1.0:
        return rgb
    import cv2

    return np.asarray(
        cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8
    )
