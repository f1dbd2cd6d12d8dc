"""Clothes: whole surfaces that follow the bones, and stand off the back as their kind does."""

from __future__ import annotations

import numpy as np
import pytest

from hingecheck.simulate.body import Body
from hingecheck.simulate.outfit import Clothing, dress, random_outfit
from hingecheck.simulate.tidy import tidy_outfit


def edge_of_the_back_m(body: Body, clothing: Clothing) -> float:
    """How far back the outside of the small of the back is, x along the midline."""
    vertices = dress(body, tidy_outfit(clothing)).surface.vertices_m
    small_of_the_back_m = body.head("spine03")[2]
    there = (np.abs(vertices[:, 1]) < 0.02) & (np.abs(vertices[:, 2] - small_of_the_back_m) < 0.02)
    return float(vertices[there, 0].min())


@pytest.mark.parametrize("seed", range(8))
def test_any_outfit_is_a_whole_surface_that_follows_the_bones(body, seed) -> None:
    rng = np.random.default_rng(seed)
    dressed = dress(body, random_outfit(rng, bare_chest=seed == 0))
    surface = dressed.surface
    count = len(surface.vertices_m)
    assert np.isfinite(surface.vertices_m).all()
    assert surface.faces.min() >= 0
    assert surface.faces.max() < count
    np.testing.assert_allclose(surface.weights.sum(axis=1), 1, atol=1e-6)
    assert dressed.colours.shape == (count, 3)
    assert dressed.colours.dtype == np.uint8


@pytest.mark.parametrize("clothing", list(Clothing))
def test_every_kind_of_clothing_stays_near_the_body(body, clothing) -> None:
    vertices = dress(body, tidy_outfit(clothing)).surface.vertices_m
    low, high = body.vertices_m.min(axis=0), body.vertices_m.max(axis=0)
    assert (vertices > low - 0.06).all()
    assert (vertices < high + 0.06).all()


def test_looser_cloth_lies_further_out_over_the_hollow_of_the_back(body) -> None:
    kinds = (Clothing.SKIN, Clothing.TIGHT, Clothing.REGULAR, Clothing.LOOSE)
    skin_m, tight_m, regular_m, loose_m = (edge_of_the_back_m(body, kind) for kind in kinds)
    assert 0 < skin_m - tight_m < 0.008
    assert regular_m < tight_m - 0.005
    assert loose_m < regular_m - 0.005


def test_folds_are_the_seeds(body) -> None:
    outfit = tidy_outfit(Clothing.LOOSE)
    first, again = (dress(body, outfit).surface.vertices_m for _ in range(2))
    np.testing.assert_array_equal(first, again)
