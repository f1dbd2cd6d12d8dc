"""The door to MediaPipe, on real inference over a frame of a sample clip."""

from __future__ import annotations

import gc
from pathlib import Path

import numpy as np
import pytest
import variants
from numpy.typing import NDArray
from stick import SAMPLES, mirrored, track_of, true_set

from hingecheck.pose.facing import facing, signed_yaw
from hingecheck.pose.landmarker import Landmarker
from hingecheck.pose.landmarks import TWINS, Landmark
from hingecheck.pose.models import PoseModel, find_bundle
from hingecheck.pose.records import Pose, Track
from hingecheck.pose.segments import measure_segments

BOTTOM = 77
"""Frame of the first repetition's bottom (its truth file: 2.567 s at 30 frames a second)."""


def frame_of(clip: Path, wanted: int) -> NDArray[np.uint8]:
    return next(rgb for i, (_, rgb) in enumerate(variants.pictures(clip)) if i == wanted)


@pytest.fixture(scope="module")
def rgb() -> NDArray[np.uint8]:
    return frame_of(SAMPLES / "rdl_neutral.mp4", BOTTOM)


@pytest.fixture(scope="module")
def landmarker():
    with Landmarker(find_bundle(PoseModel.LITE), people=2, video=False) as landmarker:
        yield landmarker


@pytest.fixture(scope="module")
def pose(landmarker: Landmarker, rgb: NDArray[np.uint8]) -> Pose:
    (pose,) = landmarker.detect(rgb, 2.567)
    return pose


def track(pose: Pose, rgb: NDArray[np.uint8]) -> Track:
    height, width = rgb.shape[:2]
    seen = track_of(pose.landmarks_px[None].astype(float), size_px=(width, height))
    return Track(seen.time_s, seen.landmarks_px, pose.world_m[None], seen.visibility, width, height)


def test_the_one_lifter_is_found_inside_the_picture(pose: Pose, rgb: NDArray[np.uint8]) -> None:
    height, width = rgb.shape[:2]
    assert pose.time_s == 2.567
    assert pose.landmarks_px.shape == (33, 2)
    assert pose.world_m.shape == (33, 3)
    assert ((pose.landmarks_px > 0) & (pose.landmarks_px < [width, height])).all()


def test_angles_at_the_bottom_are_those_that_were_simulated(
    pose: Pose, rgb: NDArray[np.uint8]
) -> None:
    _, truth = true_set("rdl_neutral")
    seen = track(pose, rgb)
    assert facing(seen) == 1
    segments = measure_segments(seen, 1)
    assert segments.trunk_deg[0] == pytest.approx(truth["trunk_inclination"][BOTTOM], abs=10)
    assert segments.thigh_deg[0] == pytest.approx(truth["thigh_inclination"][BOTTOM], abs=10)
    assert abs(signed_yaw(seen)[0]) < 20


def test_mask_is_soft_lies_round_the_body_and_is_cropped_to_it(
    pose: Pose, rgb: NDArray[np.uint8]
) -> None:
    mask = pose.mask
    assert mask is not None
    assert mask.values.dtype == np.float32
    assert mask.values.size < 0.8 * rgb.shape[0] * rgb.shape[1]
    assert mask.values.min() >= 0
    assert mask.values.max() <= 1
    assert ((mask.values > 0.1) & (mask.values < 0.9)).any()
    joints = pose.landmarks_px[[Landmark.LEFT_HIP, Landmark.LEFT_SHOULDER, Landmark.LEFT_KNEE]]
    x, y = np.round(mask.from_source(joints)).astype(int).T
    assert (mask.values[y, x] > 0.9).all()


def test_mask_outlives_its_landmarker(rgb: NDArray[np.uint8]) -> None:
    with Landmarker(find_bundle(PoseModel.LITE), video=False) as landmarker:
        (pose,) = landmarker.detect(rgb, 0.0)
        assert pose.mask is not None
        before = float(pose.mask.values.sum())
        landmarker.detect(np.zeros_like(rgb), 0.1)
    gc.collect()
    assert pose.mask.values.flags.owndata
    assert float(pose.mask.values.sum()) == before


def test_smaller_picture_gives_landmarks_in_source_pixels(
    landmarker: Landmarker, pose: Pose, rgb: NDArray[np.uint8]
) -> None:
    height, width = (n // 2 * 2 for n in rgb.shape[:2])
    halves = rgb[:height, :width].reshape(height // 2, 2, width // 2, 2, 3)
    (small,) = landmarker.detect(halves.mean(axis=(1, 3)).astype(np.uint8), 0.0, scale=0.5)
    core = [Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP, Landmark.LEFT_KNEE]
    off = np.hypot(*(small.landmarks_px[core] - pose.landmarks_px[core]).T)
    assert off.max() < 0.01 * rgb.shape[0]
    assert small.mask is not None
    assert small.mask.scale == 0.5
    hip = small.mask.from_source(small.middle_px(Landmark.LEFT_HIP)).round().astype(int)
    assert small.mask.values[hip[1], hip[0]] > 0.9


def test_mirrored_picture_gives_the_same_angles_and_the_other_facing(
    landmarker: Landmarker, pose: Pose, rgb: NDArray[np.uint8]
) -> None:
    (flipped,) = landmarker.detect(rgb[:, ::-1], 0.0)
    there, here = track(flipped, rgb), track(pose, rgb)
    assert facing(there) == facing(mirrored(here)) == -1
    assert measure_segments(there, -1).trunk_deg[0] == pytest.approx(
        measure_segments(here, 1).trunk_deg[0], abs=4
    )


def test_mirror_image_comes_back_as_the_picture_itself(
    landmarker: Landmarker, pose: Pose, rgb: NDArray[np.uint8]
) -> None:
    flipped = np.ascontiguousarray(rgb[:, ::-1])
    (back,) = landmarker.detect(flipped, 0.0, mirrored=True)
    width = rgb.shape[1]
    across = [width, 0] + back.landmarks_px * [-1, 1]
    np.testing.assert_allclose(across[TWINS], pose.landmarks_px, atol=1e-3)
    np.testing.assert_allclose((back.world_m * [-1, 1, 1])[TWINS], pose.world_m, atol=1e-6)
    assert back.mask is not None
    assert pose.mask is not None
    np.testing.assert_array_equal(back.mask.values[:, ::-1], pose.mask.values)
    assert back.mask.origin_px[0] == (width - pose.mask.origin_px[0] - pose.mask.values.shape[1])


def test_empty_room_holds_nobody(landmarker: Landmarker) -> None:
    assert landmarker.detect(np.full((480, 640, 3), 128, np.uint8), 0.0) == []


def test_landmarker_without_masks_makes_none(rgb: NDArray[np.uint8]) -> None:
    with Landmarker(find_bundle(PoseModel.LITE), masks=False, video=False) as landmarker:
        (pose,) = landmarker.detect(rgb, 0.0)
    assert pose.mask is None


def test_tracking_takes_stamps_closer_than_a_millisecond(rgb: NDArray[np.uint8]) -> None:
    with Landmarker(find_bundle(PoseModel.LITE), masks=False) as landmarker:
        times = [0.0, 0.0002, 0.0004, 0.0333]
        assert [landmarker.detect(rgb, t)[0].time_s for t in times] == times
