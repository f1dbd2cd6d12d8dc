"""Small networks that give a mean and a standard deviation, evaluated in plain NumPy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hingecheck.pose.records import FloatArray

__all__ = [
    "SD_DEG",
    "Layers",
    "Network",
    "feed_forward",
    "packed",
    "standardised",
    "unpacked",
]

Weights = NDArray[np.float32]

Layers = tuple[tuple[Weights, Weights], ...]
"""(weights (nets, inputs, outputs), biases (nets, outputs)) of every layer of an ensemble."""

LIMIT_SDS = 5.0
"""Inputs are held within this many of the training lifters' standard deviations: a picture unlike
any in training is told to be at the edge of it."""


SD_DEG = (0.5, 74.0)
"""Smallest and largest standard deviation a network may give, in training and after."""


def standardised(inputs: FloatArray, centre: Weights, spread: Weights) -> Weights:
    """Inputs (frames, inputs) in standard deviations from the mean; 0, the mean, where missing."""
    x = ((inputs - centre) / spread).astype(np.float32)
    return np.asarray(np.nan_to_num(np.clip(x, -LIMIT_SDS, LIMIT_SDS)))


def feed_forward(x: Weights, layers: Layers) -> Weights:
    """What every net of an ensemble says, (nets, frames, outputs), of (frames, inputs)."""
    x = x[None]
    last = len(layers) - 1
    for depth, (weights, biases) in enumerate(layers):
        x = x @ weights + biases[:, None]
        if depth < last:
            x = np.maximum(x, 0.0)
    return x


def packed(layers: Layers) -> dict[str, Any]:
    """Layers as the arrays of an npz file."""
    arrays: dict[str, Any] = {}
    for depth, (weights, biases) in enumerate(layers):
        arrays[f"weights_{depth}"] = weights.astype(np.float16)
        arrays[f"biases_{depth}"] = biases
    return arrays


def unpacked(stored: Mapping[str, Any]) -> Layers:
    """The layers that `packed` put into an npz file."""
    depths = sum(name.startswith("weights_") for name in stored)
    return tuple(
        (stored[f"weights_{depth}"].astype(np.float32), stored[f"biases_{depth}"])
        for depth in range(depths)
    )


@dataclass(frozen=True, slots=True)
class Network:
    """An ensemble of perceptrons with a Gaussian at their end.

    Attributes:
        centre: (inputs,) subtracted from the inputs.
        spread: (inputs,) what they are then divided by.
        layers: The last one gives the means of all quantities, then the logarithms of their sds.
        widen: (quantities,) factor on the sds that makes them honest on lifters never seen.
    """

    centre: Weights
    spread: Weights
    layers: Layers
    widen: Weights

    def __call__(self, inputs: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Means and standard deviations, (frames, quantities) each, for (frames, inputs).

        A missing input, NaN, counts as the training lifters' average.

        The nets' mixture as one Gaussian (Lakshminarayanan et al. 2017, arXiv 1612.01474).
        """
        x = feed_forward(standardised(inputs, self.centre, self.spread), self.layers)
        quantities = x.shape[2] // 2
        means, log_sd = x[..., :quantities], np.clip(x[..., quantities:], *np.log(SD_DEG))
        variances = np.exp(2 * log_sd)
        mean = means.mean(axis=0)
        variance = variances.mean(axis=0) + means.var(axis=0)
        return mean.astype(np.float64), (self.widen * np.sqrt(variance)).astype(np.float64)

    def save(self, path: Path) -> None:
        """Write to an npz file."""
        np.savez_compressed(
            path,
            centre=self.centre,
            spread=self.spread,
            widen=self.widen,
            **packed(self.layers),
        )

    @classmethod
    def load(cls, path: Path) -> Network:
        """Read what `save` wrote."""
        with np.load(path) as stored:
            return cls(
                centre=stored["centre"],
                spread=stored["spread"],
                layers=unpacked(stored),
                widen=stored["widen"],
            )
