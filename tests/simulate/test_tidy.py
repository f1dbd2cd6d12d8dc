"""Scenes as they should be filmed: drawn by a seed, dressed as asked."""

from __future__ import annotations

import numpy as np
import pytest

from hingecheck.simulate.outfit import Clothing
from hingecheck.simulate.plan import Lift
from hingecheck.simulate.tidy import tidy_scene


@pytest.mark.parametrize("clothing", list(Clothing))
def test_lifter_wears_what_was_asked_in_a_plain_room(clothing) -> None:
    scene = tidy_scene(np.random.default_rng(2), Lift.SQUAT, clothing, yaw_deg=15)
    assert scene.outfit.clothing is clothing
    assert not scene.outfit.belt
    assert scene.camera.yaw_deg == 15
    assert (scene.gym.clutter, scene.gym.bystanders, scene.gym.mirror) == (0, 0, False)


def test_clothing_changes_nothing_of_who_lifts() -> None:
    tight, loose, other = (
        tidy_scene(np.random.default_rng(seed), Lift.RDL, clothing)
        for seed, clothing in ((2, Clothing.TIGHT), (2, Clothing.LOOSE), (3, Clothing.TIGHT))
    )
    np.testing.assert_array_equal(tight.lifter.body.vertices_m, loose.lifter.body.vertices_m)
    assert tight.camera == loose.camera
    assert tight.lifter.standing != other.lifter.standing
