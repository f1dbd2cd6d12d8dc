"""Arms that hold something or nothing: where the hands go, and how the arms get them there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hingecheck.simulate.body import Body, Floats
from hingecheck.simulate.lifter import Equipment, Grip, Lifter
from hingecheck.simulate.rotations import about, swing

__all__ = ["hold_bar"]

_ARM_REACH = 0.995
_BAR_RADIUS_M = 0.014
# Bend of the three finger joints, added up from the knuckle, in a fist.
_FIST_DEG = (55.0, 125.0, 165.0)
_RELAXED_FIST = 0.25
# From the skin of the chest to a handle held before it (half a bell), and to a palm.
_BELL_BEFORE_CHEST_M = np.array([0.1, 0.0, 0.0])
# From the hip joints down to forearms that pass between the thighs, for somebody of 1.75 m.
_HIP_TO_FOREARM_M = 0.13
# Arms this far behind the plumb line are through between the legs.
_PASSES_LEGS_DEG = 25.0
_PALM_ON_CHEST_M = np.array([0.03, 0.0, -0.02])


@dataclass(frozen=True, slots=True)
class _Hand:
    """Where one hand goes.

    Attributes:
        palm_m: World position of the middle of the palm, (3,).
        elbow: World direction the elbow points to from the shoulder-hand line, (3,).
        knuckles: World direction from index to little finger, (3,).
        closed: 1 a fist, 0 flat.
    """

    palm_m: Floats
    elbow: Floats
    knuckles: Floats
    closed: float = 1.0


def hold_bar(lifter: Lifter, turned: Floats, joints: Floats, arm_raise_deg: float = 0.0) -> Floats:
    """Turn the arm bones in place so that the hands are where the grip wants them.

    `turned`, (bones, 3, 3), and `joints`, (bones, 3), are the body posed without arms.
    `arm_raise_deg` turns straight arms forward: beside or swinging from the plumb line, with a
    bar in front of the legs from where it hangs.
    Returns the middle between the palms, where a bar's centre or a handle is, (3,).
    """
    centre = _centre_m(lifter, turned, joints, arm_raise_deg)
    thorax = turned[lifter.body.bone("spine01")]
    for side, outward in (("L", 1.0), ("R", -1.0)):
        hand = _hand(lifter, outward, centre, thorax)
        _reach(lifter.body, side, hand, turned, joints)
    return centre


def _centre_m(lifter: Lifter, turned: Floats, joints: Floats, arm_raise_deg: float) -> Floats:
    body = lifter.body
    shoulder = body.middle(joints, "upperarm01")
    match lifter.grip:
        case Grip.HANGING:
            return _hanging_bar_m(lifter, joints, shoulder, arm_raise_deg)
        case Grip.BESIDE | Grip.SWINGING:
            return _swung_m(lifter, joints, shoulder, arm_raise_deg)
        case Grip.RACKED:
            return _carried(body, "spine01", _shelf_m(lifter), turned, joints)
        case Grip.CHEST:
            handle = _chest_m(body) + _BELL_BEFORE_CHEST_M
            return _carried(body, "spine01", handle, turned, joints)
        case Grip.CROSSED:
            return _carried(body, "spine01", _chest_m(body) + _PALM_ON_CHEST_M, turned, joints)
        case Grip.HIPS:
            return _carried(body, "root", _iliac_crests_m(body), turned, joints)


def _carried(body: Body, bone: str, rest: Floats, turned: Floats, joints: Floats) -> Floats:
    """Where a point of the body at rest, (3,), is when it follows a bone, (3,)."""
    index = body.bone(bone)
    moved: Floats = joints[index] + turned[index] @ (rest - body.heads_m[index])
    return moved


def _hand(lifter: Lifter, outward: float, centre: Floats, thorax: Floats) -> _Hand:
    aside = np.array([0.0, outward, 0.0])
    palm = centre + lifter.grip_half_width_m * aside
    match lifter.grip:
        case Grip.HANGING | Grip.SWINGING:
            return _Hand(palm, thorax @ np.array([-1.0, 0.0, -0.3]), aside)
        case Grip.BESIDE:
            closed = _RELAXED_FIST if lifter.equipment is Equipment.NONE else 1.0
            back = np.array([-1.0, 0.0, 0.0])
            return _Hand(palm, thorax @ np.array([-1.0, 0.0, -0.3]), back, closed)
        case Grip.RACKED:
            return _Hand(palm, thorax @ np.array([-0.35, 0.0, -1.0]), aside)
        case Grip.CHEST:
            down = thorax @ np.array([0.1, 0.25 * outward, -1.0])
            return _Hand(palm, down, thorax @ np.array([0.0, 0.0, -1.0]))
        case Grip.CROSSED:
            down = thorax @ np.array([0.2, 0.6 * outward, -1.0])
            across = centre - 0.09 * aside
            return _Hand(across, down, thorax @ np.array([0.0, 0.0, -1.0]), _RELAXED_FIST)
        case Grip.HIPS:
            back = thorax @ np.array([-0.5, outward, 0.0])
            return _Hand(palm, back, thorax @ np.array([-0.6, 0.0, -1.0]), _RELAXED_FIST)


def _shelf_m(lifter: Lifter) -> Floats:
    """Where a bar lies on the upper back at rest, (3,)."""
    body = lifter.body
    shoulder_m = body.mid("upperarm01")[2]
    height_m = shoulder_m + lifter.shelf * (body.head("neck01")[2] - shoulder_m)
    back_x = _torso_at(body, height_m, 0.1)[:, 0].min()
    return np.array([back_x - _BAR_RADIUS_M, 0.0, height_m])


def _chest_m(body: Body) -> Floats:
    """Skin of the upper breastbone at rest, (3,)."""
    shoulder_m, waist_m = body.mid("upperarm01")[2], body.head("spine02")[2]
    height_m = shoulder_m + 0.25 * (waist_m - shoulder_m)
    return np.array([_torso_at(body, height_m, 0.1)[:, 0].max(), 0.0, height_m])


def _iliac_crests_m(body: Body) -> Floats:
    """Midpoint of the crests of the pelvis at rest, (3,)."""
    return np.array([body.mid("upperleg01")[0] + 0.02, 0.0, body.head("spine04")[2] + 0.02])


def _torso_at(body: Body, height_m: float, half_width_m: float) -> Floats:
    """Rest vertices of a slice of the body near its midline, (n, 3)."""
    vertices = body.vertices_m
    near = (abs(vertices[:, 2] - height_m) < 0.02) & (abs(vertices[:, 1]) < half_width_m)
    return vertices[near]


def _arm_m(body: Body, side: str) -> tuple[float, float]:
    shoulder, elbow = body.head(f"upperarm01.{side}"), body.head(f"lowerarm01.{side}")
    grip = _grip_m(body, side)
    return float(np.linalg.norm(elbow - shoulder)), float(np.linalg.norm(grip - elbow))


def _grip_m(body: Body, side: str) -> Floats:
    """Middle of the palm at rest, (3,)."""
    wrist, finger = body.head(f"wrist.{side}"), body.head(f"finger3-1.{side}")
    palm: Floats = wrist + 0.9 * (finger - wrist)
    return palm


def _straight_m(lifter: Lifter, joints: Floats) -> float:
    """Length of a straight arm in the side view."""
    body = lifter.body
    side_m = lifter.grip_half_width_m - float(joints[body.bone("upperarm01.L")][1])
    return float(np.sqrt((_ARM_REACH * sum(_arm_m(body, "L"))) ** 2 - side_m**2))


def _hanging_bar_m(
    lifter: Lifter, joints: Floats, shoulder: Floats, arm_raise_deg: float
) -> Floats:
    """Bar at straight-arm length under the shoulders, pushed forward until it clears the legs.

    From there the arms are turned forward by `arm_raise_deg`.
    """
    reach_m = _straight_m(lifter, joints)
    bar_x = max(float(shoulder[0]) - 0.02, 0.0)
    bar_z = 0.0
    for _ in range(6):
        bar_z = shoulder[2] - np.sqrt(reach_m**2 - min(abs(bar_x - shoulder[0]), reach_m) ** 2)
        clear_x = _front_of_leg_x_m(lifter.body, joints, bar_z) + _BAR_RADIUS_M + 0.01
        bar_x = max(float(shoulder[0]) - 0.12, clear_x)
    if arm_raise_deg == 0:
        return np.array([bar_x, 0.0, bar_z])
    raised = np.arctan2(bar_x - shoulder[0], shoulder[2] - bar_z) + np.radians(arm_raise_deg)
    swung: Floats = shoulder + reach_m * np.array([np.sin(raised), 0.0, -np.cos(raised)])
    return swung


def _swung_m(lifter: Lifter, joints: Floats, shoulder: Floats, arm_raise_deg: float) -> Floats:
    """Hands of straight arms turned forward from the plumb line, (3,).

    Hands that swing between the legs pass under the crotch, and a load that hangs still rests
    in front of the thighs.
    """
    reach_m = _straight_m(lifter, joints)
    if lifter.grip is Grip.SWINGING:
        arm_raise_deg = max(arm_raise_deg, -_farthest_back_deg(lifter.body, joints, shoulder))
    raised = np.radians(arm_raise_deg)
    hands = shoulder + reach_m * np.array([np.sin(raised), 0.0, -np.cos(raised)])
    if lifter.grip is Grip.SWINGING:
        in_front = np.clip(1 + arm_raise_deg / _PASSES_LEGS_DEG, 0, 1)
        clear_x = _front_of_leg_x_m(lifter.body, joints, float(hands[2])) + 0.03
        pushed_m = in_front * max(clear_x - float(hands[0]), 0.0)
        if pushed_m > 0:
            forward_m = min(float(hands[0] - shoulder[0]) + pushed_m, reach_m)
            hands = shoulder + np.array([forward_m, 0.0, -np.sqrt(reach_m**2 - forward_m**2)])
    return hands


def _farthest_back_deg(body: Body, joints: Floats, shoulder: Floats) -> float:
    """How far behind the plumb line straight arms get before they rest on the crotch."""
    forward_m, _, up_m = shoulder - body.middle(joints, "upperleg01")
    under_m = _HIP_TO_FOREARM_M * body.stature_m / 1.75
    return float(np.degrees(np.arctan2(forward_m, up_m + under_m)))


def _front_of_leg_x_m(body: Body, joints: Floats, height_m: float) -> float:
    """Front surface of the legs in the sagittal plane at a height."""
    line = np.array([body.middle(joints, n) for n in ("upperleg01", "lowerleg01", "foot")])
    depth_m = np.array([0.115, 0.065, 0.05]) * body.stature_m / 1.75
    order = np.argsort(line[:, 2])
    return float(np.interp(height_m, line[order, 2], (line[:, 0] + depth_m)[order]))


def _reach(body: Body, side: str, hand: _Hand, turned: Floats, joints: Floats) -> None:
    """Two-bone inverse kinematics of one arm, its twist and its fingers."""
    shoulder = joints[body.bone(f"upperarm01.{side}")]
    upper_m, lower_m = _arm_m(body, side)
    span = hand.palm_m - shoulder
    span_m = min(float(np.linalg.norm(span)), 0.999 * (upper_m + lower_m))
    along = span / np.linalg.norm(span)
    thorax = turned[body.bone("spine01")]
    across = hand.elbow - (hand.elbow @ along) * along
    across /= np.linalg.norm(across)
    elbow_along_m = (span_m**2 + upper_m**2 - lower_m**2) / (2 * span_m)
    elbow_off_m = np.sqrt(max(upper_m**2 - elbow_along_m**2, 0.0))
    elbow = shoulder + elbow_along_m * along + elbow_off_m * across
    rest_elbow = body.head(f"lowerarm01.{side}")
    upper = swing(thorax @ (rest_elbow - body.head(f"upperarm01.{side}")), elbow - shoulder)
    upper = upper @ thorax
    forward = hand.palm_m - elbow
    lower = swing(upper @ (_grip_m(body, side) - rest_elbow), forward) @ upper
    twist_deg = _pronation_deg(body, side, lower, forward, hand.knuckles)
    forearm = about(forward, 0.5 * twist_deg) @ lower
    palm = about(forward, twist_deg) @ lower
    curl = _curl_axis(body, side)
    for index, name in enumerate(body.bone_names):
        if not name.endswith(f".{side}"):
            continue
        if name.startswith("upperarm"):
            turned[index] = upper
        elif name.startswith("lowerarm01"):
            turned[index] = lower
        elif name.startswith("lowerarm02"):
            turned[index] = forearm
        elif name.startswith(("wrist", "metacarpal", "finger1")):
            turned[index] = palm
        elif name.startswith("finger"):
            bent_deg = hand.closed * _FIST_DEG[int(name.split("-")[1][0]) - 1]
            turned[index] = palm @ about(curl, bent_deg)


def _pronation_deg(body: Body, side: str, lower: Floats, along: Floats, wanted: Floats) -> float:
    """Twist about the forearm that turns the knuckles, index to little finger, to `wanted`."""
    along = along / np.linalg.norm(along)
    knuckles = lower @ (body.head(f"finger5-1.{side}") - body.head(f"finger2-1.{side}"))
    sine = along @ np.cross(knuckles, wanted)
    cosine = knuckles @ wanted - (knuckles @ along) * (wanted @ along)
    return float(np.degrees(np.arctan2(sine, cosine)))


def _curl_axis(body: Body, side: str) -> Floats:
    """Axis along the knuckles, at rest, about which the fingers close, (3,)."""
    knuckles = body.head(f"finger5-1.{side}") - body.head(f"finger2-1.{side}")
    first, second, third = (body.head(f"finger3-{joint}.{side}") for joint in (1, 2, 3))
    # A relaxed hand is already a little closed: keep closing the same way.
    closing = np.cross(second - first, third - second)
    axis: Floats = knuckles * np.sign(closing @ knuckles)
    return axis
