"""Phones put up anywhere: the lifter stays in the frame, where the camera says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hingecheck.simulate.anatomy import TrueAngles, pose
from hingecheck.simulate.lifter import Lifter
from hingecheck.simulate.render import Camera
from hingecheck.simulate.surface import Surface
from hingecheck.simulate.tidy import tidy_camera
from hingecheck.simulate.viewpoint import random_camera

SEEDS = range(120)


@pytest.fixture(scope="module")
def seen_m(lifter: Lifter) -> np.ndarray:
    """The skin of somebody standing and of the same person bent over, (vertices, 3)."""
    body = lifter.body
    surface = Surface(body.vertices_m, body.faces, body.weights)
    postures = (TrueAngles(), TrueAngles(65, 15, 3, 25, 15))
    return np.vstack([pose(lifter, angles).skin(surface) for angles in postures])


def is_in_frame(camera: Camera, points_m: np.ndarray) -> bool:
    pixels = camera.project(points_m)
    return bool((pixels >= 0).all() and (pixels <= [camera.width_px, camera.height_px]).all())


def test_lifter_is_in_the_frame_but_for_a_few_cut_in(seen_m) -> None:
    cameras = [random_camera(np.random.default_rng(seed)) for seed in SEEDS]
    inside = [is_in_frame(camera, seen_m) for camera in cameras]
    assert np.mean(inside) > 0.93


def test_lifter_is_large_enough_to_judge(seen_m) -> None:
    standing_m = seen_m[: len(seen_m) // 2]
    for seed in SEEDS:
        camera = random_camera(np.random.default_rng(seed))
        height_px = np.ptp(camera.project(standing_m)[:, 1])
        assert height_px > 0.3 * camera.height_px
    wide = replace(camera, view_angle_deg=2 * camera.view_angle_deg)
    assert np.ptp(wide.project(standing_m)[:, 1]) < height_px


@pytest.mark.parametrize("facing", [1, -1])
@pytest.mark.parametrize("yaw_deg", [-50.0, 0.0, 40.0])
def test_tidy_camera_sees_the_whole_lift(lifter, seen_m, facing, yaw_deg) -> None:
    assert is_in_frame(tidy_camera(lifter.body, facing, yaw_deg), seen_m)


def test_aim_is_the_middle_of_the_frame() -> None:
    camera = Camera(yaw_deg=25, aim_side_m=0.3, aim_height_m=0.8, roll_deg=4)
    np.testing.assert_allclose(
        camera.project(camera.aim_m[None]), [[camera.width_px / 2, camera.height_px / 2]]
    )


def test_lifter_who_faces_right_has_the_nose_to_the_right_of_the_heels() -> None:
    nose_and_heel_m = np.array([[0.1, 0, 1.6], [-0.05, 0, 0.02]])
    for facing in (1, -1):
        nose, heel = Camera(facing=facing).project(nose_and_heel_m)
        assert facing * (nose[0] - heel[0]) > 5
        assert nose[1] < heel[1]
