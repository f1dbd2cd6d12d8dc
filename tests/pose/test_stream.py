"""Pictures shared between landmarkers come back in order, measured, and each the same as alone."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator

import numpy as np
import pytest
import variants
from stick import SAMPLES

from hingecheck.clip import Frame
from hingecheck.pose.landmarker import Landmarker
from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.models import PoseModel, find_bundle
from hingecheck.pose.records import FloatArray, Pose
from hingecheck.pose.stream import AHEAD, MIRROR_FPS, MOST_PEOPLE, detect_stream

PICTURES = 10


@pytest.fixture(scope="module")
def frames() -> list[Frame]:
    pictures = itertools.islice(variants.pictures(SAMPLES / "rdl_neutral.mp4"), 30, 90, 6)
    return [Frame(i, time_s, rgb) for i, (time_s, rgb) in enumerate(pictures)]


def knee_px(pose: Pose) -> FloatArray:
    return pose.middle_px(Landmark.LEFT_KNEE)


def seen(
    frames: list[Frame], workers: int, fps: float = 30
) -> list[tuple[Frame, list[FloatArray]]]:
    bundle = find_bundle(PoseModel.LITE)
    return list(detect_stream(iter(frames), bundle, 1.0, knee_px, workers=workers, fps=fps))


def test_two_workers_see_what_one_sees_in_the_same_order(frames: list[Frame]) -> None:
    alone, shared = seen(frames, 1), seen(frames, 2)
    assert len(alone) == PICTURES
    assert [f.index for f, _ in shared] == [f.index for f, _ in alone] == list(range(PICTURES))
    for (_, one), (_, other) in zip(alone, shared, strict=True):
        assert len(one) == len(other) == 1
        np.testing.assert_array_equal(one[0], other[0])


@pytest.mark.parametrize(("fps", "mirrored"), [(MIRROR_FPS, True), (MIRROR_FPS - 1, False)])
def test_every_other_picture_is_seen_in_the_mirror(
    frames: list[Frame], fps: float, mirrored: bool
) -> None:
    with Landmarker(find_bundle(PoseModel.LITE), people=MOST_PEOPLE, video=False) as landmarker:
        for frame, (found,) in seen(frames[:4], 1, fps):
            look = mirrored and frame.index % 2 == 1
            (pose,) = landmarker.detect(frame.rgb, frame.time_s, mirrored=look)
            np.testing.assert_array_equal(found, knee_px(pose))


def test_no_pictures_give_no_poses() -> None:
    assert seen([], 2) == []


@pytest.mark.parametrize(("workers", "held"), [(1, 1), (2, 2 * AHEAD + 1)])
def test_only_a_few_pictures_are_held_at_a_time(
    frames: list[Frame], workers: int, held: int
) -> None:
    read: list[int] = []

    def reader() -> Iterator[Frame]:
        for frame in frames:
            read.append(frame.index)
            yield frame

    bundle = find_bundle(PoseModel.LITE)
    stream = detect_stream(reader(), bundle, 1.0, knee_px, workers=workers, fps=30)
    next(stream)
    assert len(read) == held
    stream.close()
    assert len(read) == held


def test_stopping_early_leaves_no_thread_behind(frames: list[Frame]) -> None:
    stream = detect_stream(
        iter(frames), find_bundle(PoseModel.LITE), 1.0, knee_px, workers=2, fps=30
    )
    next(stream)
    stream.close()
    assert not [t for t in threading.enumerate() if t.name.startswith("pose")]


def test_error_while_measuring_reaches_the_caller(frames: list[Frame]) -> None:
    def refuse(pose: Pose) -> None:
        raise ArithmeticError(f"at {pose.time_s:.1f} s")

    stream = detect_stream(
        iter(frames), find_bundle(PoseModel.LITE), 1.0, refuse, workers=2, fps=30
    )
    with pytest.raises(ArithmeticError, match=r"at 1\.0 s"):
        next(stream)
