"""The back as the picture shows it, and what is inferred from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from hingecheck.pose.records import FloatArray

__all__ = ["BaselineSource", "Estimate", "Outline", "Profile", "SpineSeries"]


@dataclass(frozen=True, slots=True)
class Outline:
    """Where the body's edge lies on both sides of the hip-shoulder chord, over a clip.

    Stations are fractions of the chord, 0 at the mid hip and 1 at the mid shoulder. Side 0
    lies to the image left of the chord as one walks from hip to shoulder in an upright body,
    side 1 to its right; which of them is the back is decided once per clip by facing.

    Attributes:
        station: (stations,) fraction of the chord.
        edge_px: (frames, 2, stations, 2) sub-pixel edge in upright source pixels; NaN where
            the ray met none.
        softness_px: (frames, 2, stations) width of the mask's edge there, source pixels.
    """

    station: FloatArray
    edge_px: FloatArray
    softness_px: FloatArray


@dataclass(frozen=True, slots=True)
class Profile:
    """The dorsal profile over a clip: the back from below the gluteal apex to the armpit.

    Attributes:
        station: (stations,) fraction of the hip-shoulder chord, 0 hip, 1 shoulder.
        edge_px: (frames, stations, 2) the back's edge in upright source pixels; NaN if unseen.
        depth: (frames, stations) distance behind the chord in chord lengths, dorsal positive.
        valid: (frames, stations) whether the sample shows the back, not an arm, bar or hair.
        coverage: (frames,) share of the lumbar window's samples that are valid, 0..1.
    """

    station: FloatArray
    edge_px: FloatArray
    depth: FloatArray
    valid: NDArray[np.bool_]
    coverage: FloatArray


@dataclass(frozen=True, slots=True)
class Estimate:
    """A quantity per frame with its uncertainty.

    Attributes:
        value_deg: (frames,) degrees; NaN where missing.
        sd_deg: (frames,) one standard deviation, degrees; NaN where the value is.
    """

    value_deg: FloatArray
    sd_deg: FloatArray


class BaselineSource(StrEnum):
    """Where the lifter's own zero comes from, as the file contract spells it."""

    STANDING = "standing"
    EARLY_DESCENT = "early_descent"
    SET_UP = "set_up"
    PROFILE = "profile"


@dataclass(frozen=True, slots=True)
class SpineSeries:
    """Pelvis and spine per frame, relative to the lifter's own standing.

    Attributes:
        pelvic_tilt: Anterior positive.
        lumbar_flexion: Flexion positive, T12 to S1.
        thoracic_flexion: Flexion positive.
        shared_sd_deg: (frames,) the part of `lumbar_flexion.sd_deg` whose error is the same in
            every frame of this clip (the zero, the body's shape): it cancels in differences.
        baseline_source: A `BaselineSource`.
        baseline_s: First and last second of the frames that gave the zero; NaN when none did.
    """

    pelvic_tilt: Estimate
    lumbar_flexion: Estimate
    thoracic_flexion: Estimate
    shared_sd_deg: FloatArray
    baseline_source: BaselineSource
    baseline_s: tuple[float, float]
