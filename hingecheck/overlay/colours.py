"""The palette: blue holds, amber has changed, grey is not judged. As in the report."""

from __future__ import annotations

import numpy as np

from hingecheck.form.records import Band, Verdict
from hingecheck.pose.records import FloatArray

__all__ = [
    "AMBER",
    "BAND_MIDDLE_DEG",
    "BLUE",
    "CASING",
    "DIM",
    "FULL_CHANGE_DEG",
    "GREY",
    "INK",
    "PALE",
    "PELVIS",
    "PLATE",
    "Colour",
    "change_colour",
    "change_colours",
    "verdict_colour",
]

Colour = tuple[int, int, int]
"""Red, green, blue, 0..255."""

BLUE: Colour = (74, 159, 224)
"""Held. Blue and amber stay apart in protan, deutan and tritan vision and differ in lightness."""
AMBER: Colour = (237, 165, 38)
"""Changed."""
_BEND: Colour = (226, 92, 176)
"""What the way from blue to amber bends towards."""
GREY: Colour = (162, 171, 180)
"""Not judged."""
PALE: Colour = (236, 238, 241)
"""A line that says where, not how much: limbs, ghost, the upper back."""
INK: Colour = (246, 247, 249)
"""Text."""
DIM: Colour = (186, 190, 197)
"""Text and lines of second rank."""
PELVIS: Colour = (141, 211, 196)
"""Pelvic tilt's trace."""
PLATE: Colour = (17, 19, 23)
"""What text stands on."""
CASING: Colour = (12, 13, 16)
"""The dark rim that keeps a line legible on any background."""

FULL_CHANGE_DEG = 25.0
"""Change drawn in pure amber: the upper edge of the band "clear"."""
BAND_MIDDLE_DEG = {Band.HELD: 0.0, Band.SLIGHT: 11.5, Band.CLEAR: 20.0, Band.LARGE: 25.0}
"""The change that a band's colour stands for: its middle, and full amber for the last."""


def change_colours(change_deg: FloatArray) -> FloatArray:
    """Blue to amber for (n,) degrees of change, as (n, 3) RGB; NaN gives grey.

    The ramp is a smooth step over 0..25 degrees, so that what lies below a real change
    (8 degrees, see docs/method.md) still reads as held. It passes through rose: the straight
    way from blue to amber is a grey that would look like "not judged".
    """
    share = np.clip(change_deg / FULL_CHANGE_DEG, 0.0, 1.0)
    share = (share * share * (3.0 - 2.0 * share))[:, None]
    blue, bend, amber = (np.asarray(colour, dtype=np.float64) for colour in (BLUE, _BEND, AMBER))
    ramp = (1 - share) ** 2 * blue + 2 * share * (1 - share) * bend + share**2 * amber
    return np.where(np.isfinite(share), ramp, np.asarray(GREY, dtype=np.float64))


def change_colour(change_deg: float) -> Colour:
    """Blue to amber for one change; NaN gives grey."""
    red, green, blue = np.rint(change_colours(np.array([change_deg]))[0]).astype(int).tolist()
    return red, green, blue


def verdict_colour(verdict: Verdict, band: Band | None) -> Colour:
    """Blue for no, grey for no answer; what was found has the ramp's colour at its band."""
    if verdict is Verdict.NO:
        return BLUE
    if verdict is not Verdict.YES:
        return GREY
    return change_colour(BAND_MIDDLE_DEG[band or Band.SLIGHT])
