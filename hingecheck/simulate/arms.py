"""Arms that hold a bar: straight down in a hinge, bent to the upper back in a squat."""

from __future__ import annotations

import numpy as np

from hingecheck.simulate.body import Body, Floats
from hingecheck.simulate.lifter import Grip, Lifter
from hingecheck.simulate.rotations import about, swing

__all__ = ["hold_bar"]

_ARM_REACH = 0.995
_BAR_RADIUS_M = 0.014
# Bend of the three finger joints, added up from the knuckle.
_FIST_DEG = (55.0, 125.0, 165.0)


def hold_bar(lifter: Lifter, turned: Floats, joints: Floats) -> Floats:
    """Turn the arm bones in place so that both hands are on the bar.

    `turned`, (bones, 3, 3), and `joints`, (bones, 3), are the body posed without arms.
    Returns the bar's centre, (3,).
    """
    body = lifter.body
    shoulder = body.middle(joints, "upperarm01")
    bar: Floats
    if lifter.grip is Grip.RACKED:
        thorax = body.bone("spine01")
        bar = joints[thorax] + turned[thorax] @ (_shelf_m(body) - body.heads_m[thorax])
    else:
        bar = _hanging_bar_m(lifter, joints, shoulder)
    for side, outward in (("L", 1.0), ("R", -1.0)):
        grip = bar + np.array([0.0, outward * lifter.grip_half_width_m, 0.0])
        _reach(lifter, side, grip, turned, joints)
    return bar


def _shelf_m(body: Body) -> Floats:
    """Where a bar lies on the upper back at rest, just below the neck, (3,)."""
    height_m = body.mid("upperarm01")[2] + 0.3 * (
        body.head("neck01")[2] - body.mid("upperarm01")[2]
    )
    vertices = body.vertices_m
    near = (abs(vertices[:, 2] - height_m) < 0.02) & (abs(vertices[:, 1]) < 0.1)
    return np.array([vertices[near, 0].min() - _BAR_RADIUS_M, 0.0, height_m])


def _arm_m(body: Body, side: str) -> tuple[float, float]:
    shoulder, elbow = body.head(f"upperarm01.{side}"), body.head(f"lowerarm01.{side}")
    grip = _grip_m(body, side)
    return float(np.linalg.norm(elbow - shoulder)), float(np.linalg.norm(grip - elbow))


def _grip_m(body: Body, side: str) -> Floats:
    """Middle of the palm at rest, (3,)."""
    wrist, finger = body.head(f"wrist.{side}"), body.head(f"finger3-1.{side}")
    palm: Floats = wrist + 0.9 * (finger - wrist)
    return palm


def _hanging_bar_m(lifter: Lifter, joints: Floats, shoulder: Floats) -> Floats:
    """Bar at straight-arm length under the shoulders, pushed forward until it clears the legs."""
    body = lifter.body
    upper_m, lower_m = _arm_m(body, "L")
    side_m = lifter.grip_half_width_m - float(joints[body.bone("upperarm01.L")][1])
    reach_m = np.sqrt((_ARM_REACH * (upper_m + lower_m)) ** 2 - side_m**2)
    bar_x = max(float(shoulder[0]) - 0.02, 0.0)
    bar_z = 0.0
    for _ in range(6):
        bar_z = shoulder[2] - np.sqrt(reach_m**2 - min(abs(bar_x - shoulder[0]), reach_m) ** 2)
        clear_x = _front_of_leg_x_m(body, joints, bar_z) + _BAR_RADIUS_M + 0.01
        bar_x = max(float(shoulder[0]) - 0.12, clear_x)
    return np.array([bar_x, 0.0, bar_z])


def _front_of_leg_x_m(body: Body, joints: Floats, height_m: float) -> float:
    """Front surface of the legs in the sagittal plane at a height."""
    line = np.array([body.middle(joints, n) for n in ("upperleg01", "lowerleg01", "foot")])
    depth_m = np.array([0.115, 0.065, 0.05]) * body.stature_m / 1.75
    order = np.argsort(line[:, 2])
    return float(np.interp(height_m, line[order, 2], (line[:, 0] + depth_m)[order]))


def _reach(lifter: Lifter, side: str, grip: Floats, turned: Floats, joints: Floats) -> None:
    """Two-bone inverse kinematics; the elbow points back and down, or back when arms hang."""
    body = lifter.body
    shoulder = joints[body.bone(f"upperarm01.{side}")]
    upper_m, lower_m = _arm_m(body, side)
    span = grip - shoulder
    span_m = min(float(np.linalg.norm(span)), 0.999 * (upper_m + lower_m))
    along = span / np.linalg.norm(span)
    thorax = turned[body.bone("spine01")]
    hint = thorax @ (
        np.array([-0.35, 0.0, -1.0]) if lifter.grip is Grip.RACKED else np.array([-1.0, 0.0, -0.3])
    )
    across = hint - (hint @ along) * along
    across /= np.linalg.norm(across)
    elbow_along_m = (span_m**2 + upper_m**2 - lower_m**2) / (2 * span_m)
    elbow_off_m = np.sqrt(max(upper_m**2 - elbow_along_m**2, 0.0))
    elbow = shoulder + elbow_along_m * along + elbow_off_m * across
    rest_elbow = body.head(f"lowerarm01.{side}")
    upper = swing(thorax @ (rest_elbow - body.head(f"upperarm01.{side}")), elbow - shoulder)
    upper = upper @ thorax
    lower = swing(upper @ (_grip_m(body, side) - rest_elbow), grip - elbow) @ upper
    outward = np.array([0.0, 1.0 if side == "L" else -1.0, 0.0])
    twist_deg = _pronation_deg(body, side, lower, grip - elbow, outward)
    forearm = about(grip - elbow, 0.5 * twist_deg) @ lower
    hand = about(grip - elbow, twist_deg) @ lower
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
            turned[index] = hand
        elif name.startswith("finger"):
            turned[index] = hand @ about(curl, _FIST_DEG[int(name.split("-")[1][0]) - 1])


def _pronation_deg(body: Body, side: str, lower: Floats, along: Floats, outward: Floats) -> float:
    """Twist about the forearm that lays the knuckles along the bar, little finger outward."""
    along = along / np.linalg.norm(along)
    knuckles = lower @ (body.head(f"finger5-1.{side}") - body.head(f"finger2-1.{side}"))
    sine = along @ np.cross(knuckles, outward)
    cosine = knuckles @ outward - (knuckles @ along) * (outward @ along)
    return float(np.degrees(np.arctan2(sine, cosine)))


def _curl_axis(body: Body, side: str) -> Floats:
    """Axis along the knuckles, at rest, about which the fingers close, (3,)."""
    knuckles = body.head(f"finger5-1.{side}") - body.head(f"finger2-1.{side}")
    first, second, third = (body.head(f"finger3-{joint}.{side}") for joint in (1, 2, 3))
    # A relaxed hand is already a little closed: keep closing the same way.
    closing = np.cross(second - first, third - second)
    axis: Floats = knuckles * np.sign(closing @ knuckles)
    return axis
