"""Networks in plain NumPy: what they say is what was trained, with its uncertainty."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hingecheck.spine.network import Network


def network_of(means: list[float], sd: float = 2.0, widen: float = 1.0) -> Network:
    """Nets that answer `means`, whatever they are shown but for the first input, which adds."""
    nets = len(means)
    weights = np.zeros((nets, 2, 2), np.float32)
    weights[:, 0, 0] = 1.0
    biases = np.stack([[mean, np.log(sd)] for mean in means]).astype(np.float32)
    return Network(
        centre=np.array([10.0, 0.0], np.float32),
        spread=np.array([2.0, 1.0], np.float32),
        layers=((weights, biases),),
        widen=np.array([widen], np.float32),
    )


def test_disagreement_between_nets_adds_to_their_own_uncertainty() -> None:
    mean, sd = network_of([3.0, 7.0], sd=2.0)(np.array([[10.0, 0.0]]))
    assert mean[0, 0] == pytest.approx(5.0)
    assert sd[0, 0] == pytest.approx(np.hypot(2.0, 2.0))


def test_inputs_are_centred_and_held_within_what_training_saw() -> None:
    mean, _ = network_of([0.0])(np.array([[12.0, 0.0], [10.0, 0.0], [900.0, 0.0]]))
    assert mean[:, 0] == pytest.approx([1.0, 0.0, 5.0])


def test_missing_input_counts_as_the_average() -> None:
    network = network_of([1.5])
    missing, average = (network(np.array([[value, 0.0]])) for value in (np.nan, 10.0))
    assert missing[0] == average[0]
    assert missing[1] == average[1]


def test_widening_scales_the_uncertainty_alone() -> None:
    mean, sd = network_of([1.0], sd=2.0, widen=1.5)(np.array([[10.0, 0.0]]))
    assert mean[0, 0] == pytest.approx(1.0)
    assert sd[0, 0] == pytest.approx(3.0)


def test_hidden_layers_cut_off_below_zero() -> None:
    hidden = (np.array([[[1.0, -1.0]]], np.float32), np.zeros((1, 2), np.float32))
    last = (np.array([[[1.0, 0.0], [10.0, 0.0]]], np.float32), np.zeros((1, 2), np.float32))
    one = np.ones(1, np.float32)
    network = Network(np.zeros(1, np.float32), one, (hidden, last), one)
    mean, _ = network(np.array([[2.0], [-3.0]]))
    assert mean[:, 0] == pytest.approx([2.0, 30.0])


def test_saved_network_says_the_same(tmp_path: Path) -> None:
    network = network_of([3.0, 7.0], widen=1.25)
    network.save(tmp_path / "net.npz")
    inputs = np.array([[11.0, 0.3], [8.0, np.nan]])
    for said, wanted in zip(
        Network.load(tmp_path / "net.npz")(inputs), network(inputs), strict=True
    ):
        np.testing.assert_allclose(said, wanted, rtol=2e-3)
