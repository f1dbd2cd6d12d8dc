"""How large a departure is, in words."""

from __future__ import annotations

from hingecheck.form.records import Band

__all__ = ["BANDS", "THRESHOLD_DEG", "band_of"]

BANDS = ((8.0, Band.HELD), (15.0, Band.SLIGHT), (25.0, Band.CLEAR), (float("inf"), Band.LARGE))
"""Upper ends of the bands, degrees. Below 8 nothing is claimed: laboratory IMUs need 4-8 degrees
to call a change of the lumbar spine real (Aasa 2019, doi 10.1080/14763141.2019.1675751)."""

THRESHOLD_DEG = BANDS[0][0]
"""Where the first band of a departure begins."""


def band_of(departure_deg: float) -> Band:
    """Size of a departure in words."""
    return next(band for end, band in BANDS if departure_deg < end)
