"""What counts as a departure, in one place, with the source beside each number."""

from __future__ import annotations

from dataclasses import dataclass

from hingecheck.form.records import Band
from hingecheck.motion.records import Lift

__all__ = ["BANDS", "LIMITS", "LiftLimits", "band_of"]

BANDS = ((8.0, Band.HELD), (15.0, Band.SLIGHT), (25.0, Band.CLEAR), (float("inf"), Band.LARGE))
"""Upper ends of the bands, degrees. Below 8 nothing is claimed: laboratory IMUs need 4-8 degrees
to call a change of the lumbar spine real (Aasa 2019, doi 10.1080/14763141.2019.1675751)."""


def band_of(departure_deg: float) -> Band:
    """Size of a departure in words."""
    return next(band for end, band in BANDS if departure_deg < end)


@dataclass(frozen=True, slots=True)
class LiftLimits:
    """What is usual in one lift.

    Attributes:
        rhythm: Lumbar flexion per degree of trunk-thigh flexion in a neutral descent.
        rhythm_sd: How much lifters differ in it.
        rounding_deg: Lumbar flexion from own standing, at depth, beyond which a back is called
            rounded.
    """

    rhythm: float
    rhythm_sd: float
    rounding_deg: float


_BOX = 30.5
"""Half-way between squat lifts (25.1 +- 8.2) and stoop lifts (35.9 +- 10.1) of a box
(von Arx 2021, doi 10.3389/fbioe.2021.769117)."""

_PULL = 32.0
"""Good deadlifts start from 20 degrees of flexion at L2-S2 and up to 33 over T11-S2 (Bengtsson
2022, doi 10.26603/001c.37859): only what exceeds nearly all of them is called rounded."""

LIMITS: dict[Lift, LiftLimits] = {
    # Rhythm: good mornings reach 25-27 degrees of lumbar flexion over some 100 degrees between
    # trunk and thigh in beginners (Vigotsky 2015, peerj 708), 10-12 when held neutral.
    Lift.RDL: LiftLimits(0.13, 0.06, _BOX),
    Lift.GOOD_MORNING: LiftLimits(0.13, 0.06, _BOX),
    Lift.HINGE: LiftLimits(0.15, 0.08, _BOX),
    Lift.SWING: LiftLimits(0.15, 0.08, _BOX),
    # Squats: 13 (women) to 26 (men) degrees over some 120 (McKean 2010,
    # doi 10.1519/JSC.0b013e3181e2e166).
    Lift.SQUAT: LiftLimits(0.15, 0.06, _BOX),
    # Deadlifts: 22 degrees from lockout to the start over some 130 (Bengtsson 2022).
    Lift.DEADLIFT: LiftLimits(0.16, 0.06, _PULL),
}
"""By lift; where no table is published (RDL), the good morning's is used."""
