"""Rotation matrices in the lifter's frame: x forward, y left, z up."""

from __future__ import annotations

import numpy as np

from hingecheck.simulate.body import Floats

__all__ = ["about", "pitch", "swing", "yaw"]


def pitch(forward_deg: float) -> Floats:
    """Rotation that leans an upright segment forward, (3, 3)."""
    c, s = np.cos(np.radians(forward_deg)), np.sin(np.radians(forward_deg))
    return np.array([[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]])


def yaw(left_deg: float) -> Floats:
    """Rotation about the vertical, towards the lifter's left, (3, 3)."""
    c, s = np.cos(np.radians(left_deg)), np.sin(np.radians(left_deg))
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def swing(source: Floats, target: Floats) -> Floats:
    """Smallest rotation that takes one direction to another, (3, 3)."""
    a, b = source / np.linalg.norm(source), target / np.linalg.norm(target)
    axis = np.cross(a, b)
    cosine = float(a @ b)
    skew = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    rotation: Floats = np.eye(3) + skew + skew @ skew / (1 + cosine)
    return rotation


def about(axis: Floats, angle_deg: float) -> Floats:
    """Right-handed rotation about an axis, (3, 3)."""
    x, y, z = axis / np.linalg.norm(axis)
    skew = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = np.radians(angle_deg)
    rotation: Floats = np.eye(3) + np.sin(angle) * skew + (1 - np.cos(angle)) * skew @ skew
    return rotation
