"""Light and stillness, from drawn rooms; who the lifter is makes no difference to the room."""

from __future__ import annotations

import numpy as np
import pytest
from rooms import SIZE_PX, glimpses, room, standing

from hingecheck.pose.glimpse import LONG_SIDE_PX, MOST, glimpse, glimpsed
from hingecheck.pose.scene import measure_scene

FRAMES = 6


def test_still_camera_has_no_shift() -> None:
    scene = measure_scene(glimpses([room()] * FRAMES), standing(FRAMES), 1)
    assert scene.shift < 0.001


def test_moving_camera_is_measured_in_picture_heights() -> None:
    pictures = [room(shift_px=shift_px) for shift_px in (0, 3, 3, 15, 3, 0)]
    scene = measure_scene(glimpses(pictures), standing(FRAMES), 1)
    assert scene.shift == pytest.approx(12 / SIZE_PX[1], rel=0.15)


def test_empty_wall_does_not_tell_whether_the_camera_moves() -> None:
    wall = np.full((SIZE_PX[1], SIZE_PX[0], 3), 180, np.uint8)
    assert np.isnan(measure_scene(glimpses([wall] * FRAMES), standing(FRAMES), 1).shift)


def test_light_is_measured_round_the_lifter() -> None:
    day = measure_scene(glimpses([room()] * FRAMES), standing(FRAMES), 1)
    dusk = measure_scene(glimpses([room(level=0.3)] * FRAMES), standing(FRAMES), 1)
    fog = measure_scene(glimpses([room(contrast=0.1)] * FRAMES), standing(FRAMES), 1)
    assert day.bright > 0.7
    assert dusk.bright == pytest.approx(0.3 * day.bright, rel=0.1)
    assert fog.contrast == pytest.approx(0.1 * day.contrast, abs=0.02)


def test_bright_window_away_from_the_lifter_is_no_light_on_them() -> None:
    dim = room(level=0.2)
    lit = dim.copy()
    lit[:, :120] = 255
    there, here = (measure_scene(glimpses([rgb] * 2), standing(2), 1) for rgb in (lit, dim))
    assert there.bright == here.bright


def test_nobody_in_sight_leaves_the_light_unknown() -> None:
    empty = standing(FRAMES)
    empty.landmarks_px[:] = np.nan
    scene = measure_scene(glimpses([room()] * FRAMES), empty, 1)
    assert np.isnan([scene.bright, scene.contrast]).all()


def test_glimpses_are_small_grey_and_spread_from_first_to_last_frame() -> None:
    assert sorted(glimpsed(101)) == [0, 20, 40, 60, 80, 100]
    assert glimpsed(1) == {0}
    assert len(glimpsed(10_000)) == MOST
    seen = glimpse(np.zeros((720, 960, 3), np.uint8), 4, 0.5)
    assert seen.grey.shape == (360, LONG_SIDE_PX)
    assert seen.scale == pytest.approx(0.25)
