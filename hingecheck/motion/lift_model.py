"""The lift model: small networks that tell the lifts apart, trained on simulated lifters."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hingecheck.errors import ModelError
from hingecheck.motion.records import Lift
from hingecheck.pose.models import shipped_folder
from hingecheck.pose.records import FloatArray
from hingecheck.spine.network import Layers, feed_forward, packed, standardised, unpacked

__all__ = ["CARD_NAME", "LIFTS", "MODEL_NAME", "LiftModel", "load_lift_model", "tempered"]

MODEL_NAME = "lift.npz"
CARD_NAME = "lift.json"

LIFTS = tuple(Lift)
"""In the order of the networks' outputs."""

_LEAST_PROBABILITY = 1e-9

_ADVICE = "Reinstall hingecheck, or run `python -m hingecheck.simulate.train_lift` in its checkout."


@dataclass(frozen=True, slots=True)
class LiftModel:
    """An ensemble of perceptrons whose mean probability is made honest by a temperature.

    Attributes:
        centre: (inputs,) subtracted from the inputs.
        spread: (inputs,) what they are then divided by.
        layers: See `spine.network.Layers`; the last one gives a logit per lift.
        temperature: What the logarithms of the probabilities are divided by (Guo et al. 2017,
            arXiv 1706.04599), fitted to lifters that the networks had not seen.
        name: What a report of this installation calls it.
    """

    centre: NDArray[np.float32]
    spread: NDArray[np.float32]
    layers: Layers
    temperature: float = 1.0
    name: str = "lift"

    def probabilities(self, inputs: FloatArray) -> FloatArray:
        """(n, lifts) for (n, inputs); a missing input, NaN, counts as the lifters' average."""
        logits = feed_forward(standardised(inputs, self.centre, self.spread), self.layers)
        return tempered(_softmax(logits.astype(np.float64)).mean(axis=0), self.temperature)

    def save(self, path: Path) -> None:
        """Write to an npz file."""
        np.savez_compressed(
            path,
            centre=self.centre,
            spread=self.spread,
            temperature=np.float64(self.temperature),
            **packed(self.layers),
        )

    @classmethod
    def load(cls, path: Path) -> LiftModel:
        """Read what `save` wrote."""
        with np.load(path) as stored:
            return cls(
                stored["centre"], stored["spread"], unpacked(stored), float(stored["temperature"])
            )


def tempered(probability: FloatArray, temperature: float) -> FloatArray:
    """(n, lifts) sharper where the temperature is below 1, flatter above."""
    return _softmax(np.log(probability + _LEAST_PROBABILITY) / temperature)


def _softmax(logits: FloatArray) -> FloatArray:
    grown = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(grown / grown.sum(axis=-1, keepdims=True))


@cache
def load_lift_model(folder: Path | None = None) -> LiftModel:
    """The trained networks, proven to be the ones their card describes.

    Raises `ModelError` when the file or its card is missing or damaged.
    """
    folder = shipped_folder() if folder is None else folder
    path = folder / MODEL_NAME
    try:
        card = json.loads((folder / CARD_NAME).read_text(encoding="utf-8"))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest != card["sha256"]:
            raise ModelError(
                f"{path}: the lift model is corrupted: expected sha256 {card['sha256']}, "
                f"got {digest}. {_ADVICE}"
            )
        return replace(LiftModel.load(path), name=f"lift {card['version']}")
    except OSError as error:
        raise ModelError(
            f"{folder}: expected the lift model, got no readable file ({error.strerror}). {_ADVICE}"
        ) from error
    except (ValueError, TypeError, KeyError) as error:
        raise ModelError(
            f"{folder}: expected the lift model and its card, got something else "
            f"({type(error).__name__}: {error}). {_ADVICE}"
        ) from error
