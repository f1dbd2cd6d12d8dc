"""Posed bones show the angles that were asked for, on planted feet, in balance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hingecheck.simulate.anatomy import Posture, TrueAngles, pose
from hingecheck.simulate.body import Body
from hingecheck.simulate.lifter import Lifter
from hingecheck.simulate.surface import Surface

POSTURES = {
    "standing": TrueAngles(),
    "hinge": TrueAngles(60, 10, 2, 25, 12),
    "butt wink": TrueAngles(45, 32, 2, 25, 12),
    "over-extended": TrueAngles(70, -15, -5, 20, 0),
    "squat": TrueAngles(25, 18, 4, 115, -10),
    "rounded upper back": TrueAngles(30, 40, 30, 10, 30),
}
every_posture = pytest.mark.parametrize("angles", POSTURES.values(), ids=POSTURES.keys())


def forward_deg(body: Body, posture: Posture, bone: str) -> float:
    """How far a bone has turned forward from where it is at rest."""
    up = posture.transforms[body.bone(bone), :, 2]
    return float(np.degrees(np.arctan2(up[0], up[2])))


@every_posture
def test_pelvis_and_spine_have_turned_by_what_was_asked_from_own_standing(lifter, angles) -> None:
    posture, upright = pose(lifter, angles), pose(lifter, TrueAngles())
    turned = {
        bone: forward_deg(lifter.body, posture, bone) - forward_deg(lifter.body, upright, bone)
        for bone in ("root", "spine05", "spine02", "spine01", "head")
    }
    assert turned["root"] == pytest.approx(angles.pelvic_tilt_deg, abs=1e-6)
    assert turned["spine05"] == pytest.approx(turned["root"], abs=1e-6)
    assert turned["spine02"] - turned["root"] == pytest.approx(angles.lumbar_flexion_deg, abs=1e-6)
    assert turned["spine01"] - turned["spine02"] == pytest.approx(
        angles.thoracic_flexion_deg, abs=1e-6
    )
    assert turned["spine01"] - turned["head"] == pytest.approx(angles.neck_extension_deg, abs=1e-6)


@every_posture
def test_feet_stay_where_they_stand(lifter, angles) -> None:
    body = lifter.body
    posture, upright = pose(lifter, angles), pose(lifter, TrueAngles())
    ankles = [body.bone(f"foot.{side}") for side in "LR"]
    np.testing.assert_allclose(posture.joints_m[ankles], upright.joints_m[ankles], atol=1e-9)
    np.testing.assert_allclose(
        posture.joints_m[ankles, 1], [lifter.stance_half_width_m, -lifter.stance_half_width_m]
    )
    skin = posture.skin(Surface(body.vertices_m, body.faces, body.weights))
    assert skin[:, 2].min() == pytest.approx(0, abs=0.01)


@every_posture
def test_bones_keep_their_length(lifter, angles) -> None:
    body, joints = lifter.body, pose(lifter, angles).joints_m
    for start, end in (("upperleg01", "lowerleg01"), ("lowerleg01", "foot")):
        ends = body.bone(f"{start}.L"), body.bone(f"{end}.L")
        rest_m = np.linalg.norm(np.subtract(*body.heads_m[list(ends)]))
        assert np.linalg.norm(np.subtract(*joints[list(ends)])) == pytest.approx(rest_m)


@every_posture
def test_limb_angles_are_those_between_the_joints(lifter, angles) -> None:
    body, posture = lifter.body, pose(lifter, angles)
    hip, knee, ankle, shoulder = (
        body.middle(posture.joints_m, name)
        for name in ("upperleg01", "lowerleg01", "foot", "upperarm01")
    )

    def lean_deg(top, bottom) -> float:
        return float(np.degrees(np.arctan2(top[0] - bottom[0], top[2] - bottom[2])))

    assert posture.trunk_inclination_deg == pytest.approx(lean_deg(shoulder, hip))
    assert posture.thigh_inclination_deg == pytest.approx(-lean_deg(hip, knee), abs=0.1)
    assert posture.shank_inclination_deg == pytest.approx(lean_deg(knee, ankle), abs=0.1)
    assert posture.thigh_inclination_deg + posture.shank_inclination_deg == pytest.approx(
        angles.knee_flexion_deg
    )


@every_posture
def test_shanks_lean_no_further_than_ankles_bend(lifter, angles) -> None:
    assert -25 <= pose(lifter, angles).shank_inclination_deg <= 45


def test_a_heavier_bar_in_front_moves_the_hips_back(lifter: Lifter) -> None:
    hips_m = []
    for ratio in (0.0, 0.6, 1.2):
        posture = pose(replace(lifter, bar_mass_ratio=ratio), POSTURES["hinge"])
        hips_m.append(lifter.body.middle(posture.joints_m, "upperleg01")[0])
    assert hips_m[0] - 0.003 > hips_m[1] > hips_m[2] + 0.003
