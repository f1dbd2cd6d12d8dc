"""The camera's roll, from rooms and lifters that are held askew by a known angle."""

from __future__ import annotations

import numpy as np
import pytest
from rooms import glimpses, room, standing

from hingecheck.pose.roll import CORRECTED_DEG, find_roll

FRAMES = 3


def found(roll_deg: float, lifter_deg: float | None = None, **drawn: object) -> float:
    track = standing(FRAMES, roll_deg if lifter_deg is None else lifter_deg)
    return find_roll(glimpses([room(roll_deg, **drawn)] * FRAMES), track, 1).deg  # type: ignore[arg-type]


@pytest.mark.parametrize("roll_deg", [-12.0, -5.0, -1.0, 0.0, 2.0, 8.0, 13.0])
def test_posts_and_shelves_tell_the_roll_and_its_sign(roll_deg: float) -> None:
    assert found(roll_deg) == pytest.approx(roll_deg, abs=0.4)


def test_shelves_alone_need_the_lifter_to_agree() -> None:
    assert found(6.0, posts=()) == pytest.approx(6.0, abs=0.4)
    assert np.isnan(found(6.0, lifter_deg=-2.0, posts=()))


def test_shelves_on_a_slanting_wall_do_not_outvote_the_posts() -> None:
    assert found(0.0, slope_deg=9.0) == pytest.approx(0.0, abs=0.4)


def test_bare_room_and_no_pictures_tell_nothing() -> None:
    assert np.isnan(found(5.0, posts=(), shelves=()))
    assert np.isnan(find_roll([], standing(FRAMES), 1).deg)


def test_nobody_in_sight_leaves_the_room_to_tell() -> None:
    empty = standing(FRAMES)
    empty.landmarks_px[:] = np.nan
    assert find_roll(glimpses([room(4.0)] * FRAMES), empty, 1).deg == pytest.approx(4.0, abs=0.4)


def test_roll_within_its_own_error_or_unknown_is_not_reckoned_with() -> None:
    track = standing(FRAMES)
    level = find_roll(glimpses([room(0.8)] * FRAMES), track, 1)
    assert 0.4 < level.deg < CORRECTED_DEG
    assert level.correction_deg == 0.0
    assert find_roll([], track, 1).correction_deg == 0.0
    askew = find_roll(glimpses([room(4.0)] * FRAMES), track, 1)
    assert askew.correction_deg == askew.deg
