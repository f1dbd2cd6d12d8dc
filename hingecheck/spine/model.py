"""The spine model: networks trained on simulated lifters with exactly known anatomy."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import convolve1d

from hingecheck.errors import ModelError
from hingecheck.pose.models import shipped_folder
from hingecheck.pose.records import FloatArray
from hingecheck.spine.estimator import BackView
from hingecheck.spine.features import spine_features
from hingecheck.spine.network import Network
from hingecheck.spine.records import BaselineSource, Estimate, SpineSeries
from hingecheck.spine.standing import relaxed_standing, upright

__all__ = [
    "CARD_NAME",
    "MODEL_NAME",
    "ModelEstimator",
    "OwnShape",
    "SpineModel",
    "load_spine_model",
    "with_own_shape",
]

MODEL_NAME = "spine.npz"
CARD_NAME = "spine.json"

_ADVICE = "Reinstall hingecheck, or run `python -m hingecheck.simulate.train` in its checkout."

_NEIGHBOURS = np.array([0.25, 0.5, 0.25])
"""Weights of a frame and its neighbours: pictures are looked at plainly and in the mirror by
turns, and this gives both looks the same say, as in training."""


@dataclass(frozen=True, slots=True)
class SpineModel:
    """The network and what its card says of it.

    Attributes:
        network: Pelvic tilt, lumbar and thoracic flexion with their standard deviations.
        shared: Share of the lumbar variance that is the same in all frames of a clip.
        real_sd_deg: (3,) added for people, who are not simulated: skin is not bone.
        name: What provenance calls it.
    """

    network: Network
    shared: float
    real_sd_deg: tuple[float, float, float]
    name: str


@dataclass(frozen=True, slots=True)
class OwnShape:
    """What the lifter looks like when up, which tells bodies, clothes and postures apart.

    Attributes:
        features: (features,) of those frames.
        relaxed: Whether they show relaxed standing, the zero itself; else a lockout or the like.
    """

    features: FloatArray
    relaxed: bool


def with_own_shape(features: FloatArray, own: OwnShape | None) -> FloatArray:
    """The networks' inputs, (frames, 2 features + 2).

    A frame's features, the lifter's own when up (NaN where that is not seen), whether it is
    seen, and whether relaxed.
    """
    shape = np.full(features.shape[1], np.nan) if own is None else own.features
    told = [float(own is not None), float(own is not None and own.relaxed)]
    same = np.tile(np.concatenate([shape, told]), (len(features), 1))
    return np.concatenate([features, same], axis=1)


class ModelEstimator:
    """Pelvis and spine from the outline and the landmarks, by the trained networks.

    Args:
        model: The networks; the ones hingecheck came with where none are given.
        remembered: The lifter's relaxed standing from another clip, for clips that never show the
            lifter upright. One that does speaks for itself, in its own clothes: there a remembered
            shape made no estimate better (docs/screen.md).
    """

    def __init__(self, model: SpineModel | None = None, remembered: OwnShape | None = None) -> None:
        self._model = load_spine_model() if model is None else model
        self._remembered = remembered
        self.name = self._model.name

    def own_shape(self, back: BackView) -> OwnShape | None:
        """What the lifter looks like when up in this clip; None where that is not seen."""
        features = _seen_features(back)
        good = _known(features)
        return _own_shape(features, relaxed_standing(back) & good, upright(back) & good)

    def read(
        self, features: FloatArray, own: OwnShape | None
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Angles from features, for whoever keeps the time.

        Args:
            features: (frames, features) of `features.spine_features`, finite.
            own: What the lifter looks like when up.

        Returns:
            Pelvic tilt, lumbar and thoracic flexion, (frames, 3) degrees; their standard
            deviations for people; and (frames,) the part of the lumbar one that all frames of a
            clip share.
        """
        mean, sd = self._model.network(with_own_shape(features, own))
        shared = np.sqrt(self._model.shared) * sd[:, 1]
        return mean, np.hypot(sd, self._model.real_sd_deg), shared

    def estimate(self, back: BackView) -> SpineSeries:
        """See `SpineEstimator.estimate`."""
        times = back.track.time_s
        features = _seen_features(back)
        good = _known(features)
        still = relaxed_standing(back) & good
        own = _own_shape(features, still, upright(back) & good)
        from_memory = own is None and self._remembered is not None
        own = self._remembered if own is None else own
        mean, sd = np.full((2, len(times), 3), np.nan)
        shared = np.full(len(times), np.nan)
        if good.any():
            mean[good], sd[good], shared[good] = self.read(features[good], own)
        seen = times[still]
        return SpineSeries(
            pelvic_tilt=Estimate(mean[:, 0], sd[:, 0]),
            lumbar_flexion=Estimate(mean[:, 1], sd[:, 1]),
            thoracic_flexion=Estimate(mean[:, 2], sd[:, 2]),
            shared_sd_deg=_bridged(shared),
            baseline_source=_source(bool(still.any()), from_memory),
            baseline_s=(float(seen[0]), float(seen[-1])) if len(seen) else (np.nan, np.nan),
        )


def _source(standing: bool, from_memory: bool) -> BaselineSource:
    if standing:
        return BaselineSource.STANDING
    return BaselineSource.PROFILE if from_memory else BaselineSource.EARLY_DESCENT


def _seen_features(back: BackView) -> FloatArray:
    return _steadied(
        spine_features(back.track, back.segments, back.profile, back.belly, back.facing)
    )


def _own_shape(
    features: FloatArray, still: NDArray[np.bool_], up: NDArray[np.bool_]
) -> OwnShape | None:
    """From relaxed standing where that is seen, else from whatever is upright."""
    for frames, relaxed in ((still, True), (up, False)):
        if frames.any():
            return OwnShape(np.median(features[frames], axis=0), relaxed)
    return None


def _steadied(features: FloatArray) -> FloatArray:
    """Features averaged with the neighbouring frames', missing ones left out."""
    known = _known(features)
    weight = convolve1d(known.astype(np.float64), _NEIGHBOURS, mode="constant")
    total = convolve1d(
        np.where(known[:, None], features, 0.0), _NEIGHBOURS, axis=0, mode="constant"
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(known[:, None], total / weight[:, None], np.nan)


def _bridged(signal: FloatArray) -> FloatArray:
    """The signal with its holes drawn straight: a bridged angle has an uncertainty too."""
    good = np.isfinite(signal)
    if not good.any():
        return signal
    frames = np.arange(len(signal))
    return np.asarray(np.interp(frames, frames[good], signal[good]))


def _known(features: FloatArray) -> NDArray[np.bool_]:
    return np.asarray(np.isfinite(features).all(axis=1))


@cache
def load_spine_model(folder: Path | None = None) -> SpineModel:
    """The trained networks, proven to be the ones their card describes.

    Raises `ModelError` when the file or its card is missing or damaged.
    """
    folder = shipped_folder() if folder is None else folder
    path, card_path = folder / MODEL_NAME, folder / CARD_NAME
    try:
        card = json.loads(card_path.read_text(encoding="utf-8"))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest != card["sha256"]:
            raise ModelError(
                f"{path}: the spine model is corrupted: expected sha256 {card['sha256']}, "
                f"got {digest}. {_ADVICE}"
            )
        return SpineModel(
            network=Network.load(path),
            shared=float(card["shared_variance"]),
            real_sd_deg=tuple(card["real_sd_deg"]),
            name=f"spine {card['version']}",
        )
    except OSError as error:
        raise ModelError(
            f"{folder}: expected the spine model, got no readable file ({error.strerror})."
            f" {_ADVICE}"
        ) from error
    except (ValueError, TypeError, KeyError) as error:
        raise ModelError(
            f"{folder}: expected the spine model and its card, got something else "
            f"({type(error).__name__}: {error}). {_ADVICE}"
        ) from error
