"""True angles to a posed body: rotations per bone, feet planted, hands on the bar, in balance.

The sacrum (`spine05`) is rigid with the pelvis. Lumbar flexion is shared by the three
joints above it at L5-S1, L3-L4 and T12-L1; thoracic flexion sits in the one above those.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hingecheck.simulate.arms import hold_bar
from hingecheck.simulate.body import Body, Floats
from hingecheck.simulate.lifter import Lifter
from hingecheck.simulate.rotations import pitch, swing, yaw
from hingecheck.simulate.surface import Surface

__all__ = ["Posture", "TrueAngles", "pose"]

# Share of lumbar flexion at L5-S1, L3-L4 and T12-L1. The real split varies by person;
# the ends carry 30 % each and the middle the rest.
_LUMBAR_SHARES = {"spine04": 0.3, "spine03": 0.4, "spine02": 0.3}
# Mass of segment pairs as a share of the body, and how far along the segment it sits
# (Winter, Biomechanics and Motor Control of Human Movement, table 4.1).
_MASS_HEAD_TRUNK, _MASS_ARMS, _MASS_THIGHS, _MASS_SHANKS, _MASS_FEET = 0.578, 0.1, 0.2, 0.093, 0.029
_THIGH_MASS_AT, _SHANK_MASS_AT = 0.433, 0.433
_TRUNK_MASS_AT = 0.66
# Of the thigh's length: wide stances with the feet turned far out end here.
_MOST_KNEE_OUT = 0.85
_SHANK_RANGE_DEG = (-25.0, 45.0)
# How far the centre of mass moves per degree of shank: a first guess for the search.
_LEAN_M_PER_DEG = 0.012
_BALANCED_DEG = 0.05
_BALANCE_STEPS = 12


@dataclass(frozen=True, slots=True)
class TrueAngles:
    """What drives one frame: the contract's spine angles, the knees, and arms that swing.

    Pelvis, spine and neck count from the lifter's own standing, the knee from straight.
    Thigh and shank follow from balance. `arm_raise_deg` turns straight arms that swing or hang
    at the sides forward from the plumb line, and those with a bar forward from where it hangs;
    other grips leave it unused.
    """

    pelvic_tilt_deg: float = 0.0
    lumbar_flexion_deg: float = 0.0
    thoracic_flexion_deg: float = 0.0
    knee_flexion_deg: float = 4.0
    neck_extension_deg: float = 0.0
    arm_raise_deg: float = 0.0


@dataclass(frozen=True, slots=True)
class Posture:
    """A posed lifter.

    Attributes:
        angles: The angles that drove the pose.
        thigh_inclination_deg: Hip-knee line, from vertical, knee forward positive.
        shank_inclination_deg: Knee-ankle line, from vertical, knee forward positive.
        trunk_inclination_deg: Mid-hip to mid-shoulder line, from vertical, forward positive.
        transforms: Of every bone, rest to world, (bones, 3, 4).
        joints_m: World joint positions, (bones, 3); soles at z = 0, ankles at x = 0.
        bar_m: Centre of the bar, or the middle between the palms, (3,).
    """

    angles: TrueAngles
    thigh_inclination_deg: float
    shank_inclination_deg: float
    trunk_inclination_deg: float
    transforms: Floats
    joints_m: Floats
    bar_m: Floats

    def skin(self, surface: Surface) -> Floats:
        """World vertices of a surface that follows the bones, (vertices, 3)."""
        blended = (surface.weights @ self.transforms.reshape(-1, 12)).reshape(-1, 3, 4)
        turned: Floats = np.einsum("vij,vj->vi", blended[:, :, :3], surface.vertices_m)
        return turned + blended[:, :, 3]


def pose(lifter: Lifter, angles: TrueAngles) -> Posture:
    """Pose a lifter: the shanks lean so that lifter and bar balance over the mid-foot."""
    spine = _spine_rotations(lifter, angles)
    return _assemble(lifter, angles, _balanced_shank_deg(lifter, angles, spine), spine)


def _balanced_shank_deg(lifter: Lifter, angles: TrueAngles, spine: Floats) -> float:
    """Shank lean at which the balance changes sign, by secants kept inside its range."""

    def imbalance_m(shank_deg: float) -> float:
        posture = _assemble(lifter, angles, shank_deg, spine)
        return _centre_of_mass_x_m(lifter, posture) - lifter.body.mid_foot_m

    low, high = _SHANK_RANGE_DEG
    at_deg = float(np.clip(0.3 * angles.knee_flexion_deg - 3.0, low, high))
    off_m = imbalance_m(at_deg)
    slope = _LEAN_M_PER_DEG
    for _ in range(_BALANCE_STEPS):
        next_deg = float(np.clip(at_deg - off_m / slope, low, high))
        step_deg = next_deg - at_deg
        if abs(step_deg) < _BALANCED_DEG:
            break
        next_m = imbalance_m(next_deg)
        slope = max((next_m - off_m) / step_deg, 0.25 * _LEAN_M_PER_DEG)
        at_deg, off_m = next_deg, next_m
    return at_deg


def _centre_of_mass_x_m(lifter: Lifter, posture: Posture) -> float:
    body, joints = lifter.body, posture.joints_m

    def mid_x(name: str) -> float:
        left, right = joints[body.bone(f"{name}.L")], joints[body.bone(f"{name}.R")]
        return float(left[0] + right[0]) / 2

    hip, knee, ankle = mid_x("upperleg01"), mid_x("lowerleg01"), mid_x("foot")
    neck = float(joints[body.bone("neck01")][0])
    parts = (
        (_MASS_HEAD_TRUNK, hip + _TRUNK_MASS_AT * (neck - hip)),
        (_MASS_ARMS, (mid_x("upperarm01") + mid_x("wrist")) / 2),
        (_MASS_THIGHS, hip + _THIGH_MASS_AT * (knee - hip)),
        (_MASS_SHANKS, knee + _SHANK_MASS_AT * (ankle - knee)),
        (_MASS_FEET, body.mid_foot_m),
        (lifter.bar_mass_ratio, float(posture.bar_m[0])),
    )
    return sum(mass * x for mass, x in parts) / sum(mass for mass, _ in parts)


def _assemble(lifter: Lifter, angles: TrueAngles, shank_deg: float, spine: Floats) -> Posture:
    body = lifter.body
    thigh_deg = angles.knee_flexion_deg - shank_deg
    turned = spine.copy()
    hips_m = _legs(lifter, thigh_deg, shank_deg, turned)
    joints = _joints(body, turned, np.zeros(3))
    joints += hips_m - body.middle(joints, "upperleg01")
    bar_m = hold_bar(lifter, turned, joints, angles.arm_raise_deg)
    joints = _joints(body, turned, joints[0])
    lean = body.middle(joints, "upperarm01") - body.middle(joints, "upperleg01")
    shift = joints - np.einsum("bij,bj->bi", turned, body.heads_m)
    return Posture(
        angles=angles,
        thigh_inclination_deg=thigh_deg,
        shank_inclination_deg=shank_deg,
        trunk_inclination_deg=float(np.degrees(np.arctan2(lean[0], lean[2]))),
        transforms=np.concatenate([turned, shift[:, :, None]], axis=2),
        joints_m=joints,
        bar_m=bar_m,
    )


def _spine_rotations(lifter: Lifter, angles: TrueAngles) -> Floats:
    """World rotations with spine and neck bent; limbs follow their parents for now."""
    body, standing = lifter.body, lifter.standing
    bend_deg = {"root": angles.pelvic_tilt_deg + standing.pelvic_tilt_deg}
    lumbar_deg = angles.lumbar_flexion_deg + standing.lumbar_flexion_deg
    bend_deg |= {bone: share * lumbar_deg for bone, share in _LUMBAR_SHARES.items()}
    bend_deg["spine01"] = angles.thoracic_flexion_deg + standing.thoracic_flexion_deg
    neck_deg = -(angles.neck_extension_deg + standing.neck_extension_deg)
    bend_deg |= dict.fromkeys(("neck01", "neck02", "neck03", "head"), neck_deg / 4)
    rotations = np.empty((len(body.bone_names), 3, 3))
    for index, (name, parent) in enumerate(zip(body.bone_names, body.parents, strict=True)):
        carried = np.eye(3) if parent < 0 else rotations[parent]
        rotations[index] = carried @ pitch(bend_deg[name]) if name in bend_deg else carried
    return rotations


def _legs(lifter: Lifter, thigh_deg: float, shank_deg: float, turned: Floats) -> Floats:
    """Turn the leg bones in place; return where the mid-hip must be for planted ankles, (3,)."""
    body = lifter.body
    ankle_height_m = float(body.mid("foot")[2] - body.vertices_m[:, 2].min())
    mid_hip = np.zeros(3)
    for side, outward in (("L", 1.0), ("R", -1.0)):
        hip, knee, ankle = (body.head(f"{n}.{side}") for n in ("upperleg01", "lowerleg01", "foot"))
        toe_out = yaw(outward * lifter.toe_out_deg)
        thigh_m, shank_m = float(np.linalg.norm(knee - hip)), float(np.linalg.norm(ankle - knee))
        spread_m = lifter.stance_half_width_m - abs(float(hip[1]))
        # Knees drift out over the toes as the thigh comes up.
        knee_out_m = spread_m * thigh_m / (thigh_m + shank_m) + (
            np.sin(np.radians(max(thigh_deg, 0))) * np.sin(np.radians(lifter.toe_out_deg)) * thigh_m
        )
        knee_out_m = min(knee_out_m, _MOST_KNEE_OUT * thigh_m)
        thigh = _leg_direction(thigh_deg, knee_out_m, outward, thigh_m)
        shank = _leg_direction(-shank_deg, spread_m - knee_out_m, outward, shank_m)
        upper = swing(toe_out @ (knee - hip), thigh) @ toe_out
        lower = swing(toe_out @ (ankle - knee), shank) @ toe_out
        for index, name in enumerate(body.bone_names):
            if not name.endswith(f".{side}"):
                continue
            if name.startswith("upperleg"):
                turned[index] = upper
            elif name.startswith("lowerleg"):
                turned[index] = lower
            elif name.startswith(("foot", "toe")):
                turned[index] = toe_out
        mid_hip += (np.array([0.0, 0.0, ankle_height_m]) - thigh - shank) * [0.5, 0.0, 0.5]
    return mid_hip


def _leg_direction(forward_deg: float, outward_m: float, outward: float, length_m: float) -> Floats:
    """A downward segment whose side view leans `forward_deg` at its lower end, (3,)."""
    in_plane_m = np.sqrt(length_m**2 - outward_m**2)
    angle = np.radians(forward_deg)
    return np.array([in_plane_m * np.sin(angle), outward * outward_m, -in_plane_m * np.cos(angle)])


def _joints(body: Body, rotations: Floats, root_m: Floats) -> Floats:
    parents = body.parents
    offsets = np.einsum("bij,bj->bi", rotations[parents], body.heads_m - body.heads_m[parents])
    joints = np.empty_like(body.heads_m)
    for index, parent in enumerate(parents.tolist()):
        joints[index] = root_m if parent < 0 else joints[parent] + offsets[index]
    return joints
