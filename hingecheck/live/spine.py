"""Pelvis and spine one picture at a time: the same model and features, without the future."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hingecheck.motion.filters import MAX_GAP_S
from hingecheck.pose.records import FloatArray
from hingecheck.spine.estimator import BackView
from hingecheck.spine.features import spine_features
from hingecheck.spine.model import ModelEstimator, OwnShape

__all__ = ["CausalSpine", "Moment"]


@dataclass(frozen=True, slots=True)
class Moment:
    """Pelvis and spine in one picture, degrees; NaN where the back is not seen.

    Attributes:
        pelvic_tilt_deg: Anterior positive.
        lumbar_flexion_deg: Flexed positive.
        lumbar_sd_deg: One standard deviation of it.
        shared_sd_deg: The part of that which all pictures share.
    """

    pelvic_tilt_deg: float
    lumbar_flexion_deg: float
    lumbar_sd_deg: float
    shared_sd_deg: float


UNSEEN = Moment(np.nan, np.nan, np.nan, np.nan)


class CausalSpine:
    """Reads the spine from a stream of single pictures.

    What one picture shows is averaged with the one before, so that plain and mirrored looks have
    the same say.

    Args:
        estimator: The spine model.
    """

    def __init__(self, estimator: ModelEstimator) -> None:
        self._estimator = estimator
        self._before: FloatArray | None = None
        self._before_s = -np.inf

    def features(self, back: BackView) -> FloatArray | None:
        """(features,) of a view of one picture, steadied; None where the back is not seen."""
        now_s = float(back.track.time_s[-1])
        (fresh,) = spine_features(back.track, back.segments, back.profile, back.belly, back.facing)
        if not np.isfinite(fresh).all():
            return None
        near = self._before is not None and now_s - self._before_s <= MAX_GAP_S
        steadied = (fresh + self._before) / 2 if near else fresh
        self._before, self._before_s = fresh, now_s
        return np.asarray(steadied)

    def read(self, features: FloatArray | None, own: OwnShape | None) -> Moment:
        """The angles that features mean, for a lifter of this shape."""
        if features is None:
            return UNSEEN
        mean, sd, shared = self._estimator.read(features[None], own)
        return Moment(float(mean[0, 0]), float(mean[0, 1]), float(sd[0, 1]), float(shared[0]))
