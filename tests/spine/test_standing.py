"""Relaxed standing: the only frames whose back counts as the lifter's zero."""

from __future__ import annotations

import numpy as np
import pytest
from stick import FPS, clock, standing_back

from hingecheck.spine.estimator import BackView
from hingecheck.spine.standing import STANDING_S, relaxed_standing, upright


def test_standing_still_and_upright_is_relaxed_standing() -> None:
    assert relaxed_standing(standing_back(3.0)).all()


@pytest.mark.parametrize(
    "view",
    [
        pytest.param(standing_back(-8.0), id="leaning back at lockout"),
        pytest.param(standing_back(14.0), id="leaning forward"),
        pytest.param(standing_back(2 + 6 * np.sin(8 * clock(60))), id="swaying"),
        pytest.param(standing_back(3.0, seen=0.5), id="back half hidden"),
        pytest.param(standing_back(3.0, frames=round(STANDING_S * FPS) - 1), id="too short"),
        pytest.param(standing_back(3.0, frames=2), id="two frames"),
    ],
)
def test_not_relaxed_standing(view: BackView) -> None:
    assert not relaxed_standing(view).any()


def test_stretch_of_standing_counts_from_its_first_to_its_last_frame() -> None:
    trunk = np.full(90, 40.0)
    trunk[30:60] = 3.0
    found = np.flatnonzero(relaxed_standing(standing_back(trunk, 90)))
    assert found.tolist() == [*range(31, 59)]


def test_lockout_between_two_hinges_is_no_relaxed_standing() -> None:
    trunk = np.repeat([3.0, 60.0, 3.0, 60.0, 3.0], 30)
    found = np.flatnonzero(relaxed_standing(standing_back(trunk, 150)))
    assert found.min() == 0
    assert found.max() == 149
    assert not ((found > 30) & (found < 120)).any()


@pytest.mark.parametrize("trunk_deg", [-8.0, 3.0, 12.0])
def test_lockout_and_lean_under_a_bar_are_upright(trunk_deg: float) -> None:
    assert upright(standing_back(trunk_deg)).all()


@pytest.mark.parametrize(
    "view",
    [
        pytest.param(standing_back(40.0), id="hinged"),
        pytest.param(standing_back(3.0, seen=0.5), id="back half hidden"),
        pytest.param(standing_back(np.nan), id="nobody"),
    ],
)
def test_not_upright(view: BackView) -> None:
    assert not upright(view).any()


def test_of_upright_frames_only_the_straightest_count() -> None:
    trunk = np.repeat([2.0, 5.0, 12.0], 20)
    assert np.flatnonzero(upright(standing_back(trunk, 60))).tolist() == [*range(40)]
