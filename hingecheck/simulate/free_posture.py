"""Free postures: pelvis and spine that cannot be guessed from how deep the lifter hinges."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hingecheck.simulate.anatomy import TrueAngles, pose
from hingecheck.simulate.lifter import Equipment, Grip, Lifter
from hingecheck.simulate.plan import Lift, pelvic_tilt_at, usual_bottom

__all__ = ["free_posture"]

_LUMBAR_DEG = (-15.0, 50.0)
# Neutral, tucked and rounded backs.
_LUMBAR_RANGES_DEG = ((-10.0, 15.0), (10.0, 32.0), (25.0, 50.0))
_THORACIC_DEG = (-12.0, 35.0)
_PELVIS_DEG = (-25.0, 85.0)
# Femur on pelvis: a full hip, and one held back by the hamstrings of a straight knee.
_MOST_HIP_FLEXION_DEG = 128.0
_HIP_FLEXION_STRAIGHT_KNEE_DEG, _PER_KNEE_DEG = 82.0, 0.9
_THIGH_PER_KNEE = 0.7
_DRAWS = 40


def free_posture(
    rng: np.random.Generator, lifter: Lifter, lift: Lift, plate_radius_m: float
) -> TrueAngles:
    """Draw one posture of `lift` whose lumbar and thoracic flexion are free of its depth.

    Trunk inclination follows the depth, lumbar and thoracic flexion are drawn on their own,
    and the pelvis turns as far as those three ask for; what no hip can do is drawn again.
    """
    angles = _draw(rng, lifter, lift)
    for _ in range(_DRAWS):
        if _possible(angles):
            break
        angles = _draw(rng, lifter, lift)
    return _above_the_floor(angles, lifter, plate_radius_m)


def _draw(rng: np.random.Generator, lifter: Lifter, lift: Lift) -> TrueAngles:
    usual = usual_bottom(lift, lifter)
    depth = float(rng.uniform(-0.05, 1.15) if rng.random() < 0.7 else rng.uniform(0.7, 1.15))
    trunk_deg = depth * (usual.trunk.mean + rng.normal(0, usual.trunk.sd))
    if rng.random() < 0.5:
        lumbar_deg = float(rng.uniform(*_LUMBAR_DEG))
    else:
        lumbar_deg = float(rng.uniform(*_LUMBAR_RANGES_DEG[rng.integers(3)]))
    if rng.random() < 0.5:
        thoracic_deg = float(rng.uniform(*_THORACIC_DEG))
    else:
        thoracic_deg = float(np.clip(rng.normal(3, 7), *_THORACIC_DEG))
    return TrueAngles(
        pelvic_tilt_deg=pelvic_tilt_at(trunk_deg, lumbar_deg, thoracic_deg),
        lumbar_flexion_deg=lumbar_deg,
        thoracic_flexion_deg=thoracic_deg,
        knee_flexion_deg=_knee_deg(rng, lift, lifter, depth),
        neck_extension_deg=float(np.clip(rng.normal(8, 15), -25, 40)),
        arm_raise_deg=_arm_raise_deg(rng, lifter, lift, depth),
    )


def _knee_deg(rng: np.random.Generator, lift: Lift, lifter: Lifter, depth: float) -> float:
    usual = usual_bottom(lift, lifter).knee
    soft_deg = max(lifter.standing.knee_flexion_deg + rng.normal(0, 2), 0.0)
    if lift in (Lift.SQUAT, Lift.DEADLIFT):
        # Knees and hips bend together here; a hinge's knees are free.
        bent_deg = depth * usual.mean + rng.normal(0, 12)
        return float(np.clip(bent_deg, soft_deg, usual.high))
    return float(rng.uniform(soft_deg, max(usual.high, soft_deg)))


def _arm_raise_deg(rng: np.random.Generator, lifter: Lifter, lift: Lift, depth: float) -> float:
    if lifter.grip is Grip.SWINGING:
        low_deg = -45.0 * min(max(depth, 0.0), 1.0)
        return float(rng.uniform(low_deg, 0.5 * low_deg + 90 * (1 - min(max(depth, 0.0), 1.0))))
    if lifter.equipment is Equipment.NONE:
        return float(rng.uniform(0, 95) if lift is Lift.SQUAT else rng.uniform(-20, 15))
    return 0.0


def _possible(angles: TrueAngles) -> bool:
    """Whether a hip joint and its hamstrings let the pelvis be there."""
    hip_deg = angles.pelvic_tilt_deg + _THIGH_PER_KNEE * angles.knee_flexion_deg
    most_deg = min(
        _MOST_HIP_FLEXION_DEG,
        _HIP_FLEXION_STRAIGHT_KNEE_DEG + _PER_KNEE_DEG * angles.knee_flexion_deg,
    )
    return _PELVIS_DEG[0] <= angles.pelvic_tilt_deg <= _PELVIS_DEG[1] and hip_deg <= most_deg


def _above_the_floor(angles: TrueAngles, lifter: Lifter, plate_radius_m: float) -> TrueAngles:
    """Straighten the knees, and the hips a little, until hanging plates are not below the floor."""
    if lifter.equipment is not Equipment.BARBELL or lifter.grip is not Grip.HANGING:
        return angles
    for _ in range(10):
        if pose(lifter, angles).bar_m[2] >= plate_radius_m:
            break
        angles = replace(
            angles,
            pelvic_tilt_deg=max(angles.pelvic_tilt_deg - 1.5, _PELVIS_DEG[0]),
            knee_flexion_deg=0.88 * angles.knee_flexion_deg,
        )
    return angles
