"""Length of the hamstrings from hip and knee flexion.

Three of the four bellies start on the pelvis, so that tucking it shortens them: a lifter gets
lower without the stretch.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from hingecheck.motion.records import Angles
from hingecheck.pose.records import FloatArray

__all__ = ["Belly", "MuscleLength", "hamstring_length", "hamstring_lengths"]


class Belly(StrEnum):
    """The four hamstring bellies; the short head of the biceps femoris crosses the knee alone."""

    BFLH = "bflh"
    BFSH = "bfsh"
    SEMIMEM = "semimem"
    SEMITEN = "semiten"


# Columns 1, x, y, x2, xy, y2, x3, x2y, xy2, y3 with x = hip flexion / 100, y = knee flexion / 100.
_CUBICS = {
    Belly.BFLH: (
        1.0004, 0.1443, -0.1125, 0.2213, 0.0107, -0.0616, -0.1267, -0.0109, 0.0008, 0.0477,
    ),
    Belly.BFSH: (0.9954, 0.0, -0.0689, 0.0, 0.0, -0.3627, 0.0, 0.0, 0.0, 0.2214),
    Belly.SEMIMEM: (
        1.0005, 0.1180, -0.1300, 0.2110, 0.0090, -0.1106, -0.1154, -0.0098, 0.0020, 0.0789,
    ),
    Belly.SEMITEN: (
        1.0004, 0.1243, -0.1339, 0.2394, 0.0086, -0.1311, -0.1288, -0.0111, 0.0034, 0.0866,
    ),
}  # fmt: skip

HIP_DEG = (-20.0, 130.0)
KNEE_DEG = (0.0, 130.0)
"""Where the cubics were fitted; a little beyond, a joint is read as being at the edge."""

BEYOND_DEG = 10.0


@dataclass(frozen=True, slots=True)
class MuscleLength:
    """Muscle-tendon length over a clip, (frames,) each.

    Attributes:
        ratio: Length over the length in standing; NaN where hip or knee is not known.
        sd: One standard deviation of it, from those of the joints.
    """

    ratio: FloatArray
    sd: FloatArray


def hamstring_length(
    belly: Belly, hip_flexion_deg: FloatArray | float, knee_flexion_deg: FloatArray | float
) -> FloatArray:
    """Muscle-tendon length relative to standing.

    A cubic in both joints, fitted to OpenSim 4.6's full-body model (as shipped with pose2sim
    0.10.49) over hip -20 to 130 and knee 0 to 130 degrees; it errs by 0.5 % at most. More than
    10 degrees outside gives NaN.

    Args:
        belly: Which belly.
        hip_flexion_deg: Femur on *pelvis*, from standing.
        knee_flexion_deg: 0 when straight.
    """
    hip = _inside(hip_flexion_deg, HIP_DEG) / 100
    knee = _inside(knee_flexion_deg, KNEE_DEG) / 100
    terms = (
        np.ones_like(hip + knee), hip, knee, hip**2, hip * knee, knee**2,
        hip**3, hip**2 * knee, hip * knee**2, knee**3,
    )  # fmt: skip
    total = np.zeros_like(hip + knee)
    for weight, term in zip(_CUBICS[belly], terms, strict=True):
        total = total + weight * term
    return total


def hamstring_lengths(angles: Angles) -> dict[Belly, MuscleLength]:
    """Length of every belly in every frame.

    The standard deviation is the joints' own, carried through the cubic's slopes; the pelvis and
    the knee err independently.
    """
    hip, knee = angles.hip_flexion, angles.knee_flexion
    lengths = {}
    for belly in Belly:
        ratio = hamstring_length(belly, hip.value_deg, knee.value_deg)
        per_hip = _slope(belly, hip.value_deg, knee.value_deg, 1.0, 0.0)
        per_knee = _slope(belly, hip.value_deg, knee.value_deg, 0.0, 1.0)
        sd = np.hypot(per_hip * hip.sd_deg, per_knee * knee.sd_deg)
        lengths[belly] = MuscleLength(ratio, np.asarray(sd))
    return lengths


def _slope(
    belly: Belly, hip_deg: FloatArray, knee_deg: FloatArray, along_hip: float, along_knee: float
) -> FloatArray:
    ahead = hamstring_length(belly, hip_deg + along_hip, knee_deg + along_knee)
    behind = hamstring_length(belly, hip_deg - along_hip, knee_deg - along_knee)
    return (ahead - behind) / 2


def _inside(angle_deg: FloatArray | float, span_deg: tuple[float, float]) -> FloatArray:
    low, high = span_deg
    angle = np.asarray(angle_deg, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        known = (angle >= low - BEYOND_DEG) & (angle <= high + BEYOND_DEG)
    return np.where(known, np.clip(angle, low, high), np.nan)
