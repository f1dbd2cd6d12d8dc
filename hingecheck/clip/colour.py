"""High-dynamic-range pictures as ordinary 8-bit ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["BT2020_TO_BT709", "tone_curve"]

REFERENCE_WHITE_NITS = 203.0
"""Luminance of paper white in HDR programmes (ITU-R BT.2408, table 1)."""

HLG_PEAK_NITS = 1000.0
HLG_SYSTEM_GAMMA = 1.2
"""Nominal peak of an HLG display and its gamma there (ITU-R BT.2100, table 5)."""

KNEE = 0.75
"""Luminance relative to paper white above which highlights are rolled off instead of clipped;
everything below, so the lifter, keeps its brightness."""

DISPLAY_GAMMA = 2.4
"""Reference display of standard-range video (ITU-R BT.1886)."""

BT2020_TO_BT709: NDArray[np.float64] = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]]
)
"""Wide colours to ordinary ones (ITU-R BT.2087, section 2, inverted). We apply it to gamma-coded
values: inexact (4 of 255 levels on average over random colours, 9 without any matrix; measured),
but a fortieth of the time that swscale's exact conversion takes."""


def tone_curve(transfer: str) -> NDArray[np.uint8]:
    """Table (256,) from 8-bit HDR signal values, per channel, to 8-bit standard-range values.

    Linear light up to `KNEE` of paper white, exponential roll-off above.

    Args:
        transfer: "hlg" or "pq".
    """
    signal = np.arange(256) / 255.0
    nits = _hlg_nits(signal) if transfer == "hlg" else _pq_nits(signal)
    light = nits / REFERENCE_WHITE_NITS
    rolled = KNEE + (1 - KNEE) * (1 - np.exp(-(np.maximum(light, KNEE) - KNEE) / (1 - KNEE)))
    shown = np.where(light <= KNEE, light, rolled)
    return np.round(255 * np.clip(shown, 0, 1) ** (1 / DISPLAY_GAMMA)).astype(np.uint8)


def _hlg_nits(signal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Inverse OETF and system gamma of ITU-R BT.2100, table 5."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
    return HLG_PEAK_NITS * scene**HLG_SYSTEM_GAMMA


def _pq_nits(signal: NDArray[np.float64]) -> NDArray[np.float64]:
    """EOTF of SMPTE ST 2084 (ITU-R BT.2100, table 4)."""
    m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875
    root = signal ** (1 / m2)
    return 10_000 * (np.maximum(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1)
