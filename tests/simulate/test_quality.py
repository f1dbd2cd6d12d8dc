"""Phones and uploads: frames change, their shape does not, and a seed gives the same again."""

from __future__ import annotations

import numpy as np
import pytest

from hingecheck.simulate.quality import Quality, degrade, random_quality

SPOTLESS = Quality(noise_steps=0.0)


@pytest.fixture(scope="module", params=[(120, 160), (160, 90)], ids=["lying", "upright"])
def picture(request: pytest.FixtureRequest) -> np.ndarray:
    """A colour gradient with a dark post."""
    height, width = request.param
    y, x = np.mgrid[:height, :width]
    image = np.stack([x, y, 255 - x], axis=2).astype(np.uint8)
    image[height // 4 :, width // 2 : width // 2 + 8] = 20
    return image


@pytest.mark.parametrize("seed", range(25))
def test_any_quality_keeps_shape_and_type_and_what_is_seen(picture, seed) -> None:
    quality = random_quality(np.random.default_rng(seed))
    before = picture.copy()
    seen = degrade(picture, quality, np.random.default_rng(seed))
    assert (seen.shape, seen.dtype) == (picture.shape, np.uint8)
    np.testing.assert_array_equal(picture, before)
    # Bars and captions cover the rim.
    side, foot = picture.shape[1] // 9, picture.shape[0] // 10
    inner = (slice(None, -foot), slice(side, -side))
    likeness = np.corrcoef(seen[inner].mean(axis=2).ravel(), before[inner].mean(axis=2).ravel())
    assert likeness[0, 1] > 0.8


def test_same_seed_same_noise_and_another_seed_another(picture) -> None:
    noisy = Quality(noise_steps=6, colour_noise=0.5)
    first, again, other = (degrade(picture, noisy, np.random.default_rng(s)) for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).mean() > 0.5


def test_spotless_camera_changes_nothing_anyone_could_see(picture) -> None:
    seen = degrade(picture, SPOTLESS, np.random.default_rng(0))
    np.testing.assert_allclose(seen, picture, atol=1)


def test_noise_is_as_strong_as_asked(picture) -> None:
    grey = np.full_like(picture, 128)
    noise = degrade(grey, Quality(noise_steps=5), np.random.default_rng(0)).astype(float) - 128
    assert noise.std() == pytest.approx(5, rel=0.1)
    assert noise.mean() == pytest.approx(0, abs=0.5)


def test_bars_are_black_and_no_wider_than_asked(picture) -> None:
    framed = degrade(picture, Quality(noise_steps=0, bars=0.1), np.random.default_rng(0))
    bar = round(0.1 * picture.shape[1])
    assert framed[:, :bar].max() == framed[:, -bar:].max() == 0
    np.testing.assert_allclose(framed[:, bar:-bar], picture[:, bar:-bar], atol=1)


def test_no_saturation_is_grey(picture) -> None:
    seen = degrade(picture, Quality(noise_steps=0, saturation=0.0), np.random.default_rng(0))
    assert np.ptp(seen.astype(int), axis=2).max() <= 1
