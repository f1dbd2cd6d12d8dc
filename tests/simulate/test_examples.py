"""Training examples: one lifter through the real MediaPipe, stored, resumed and read again."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest

from hingecheck.pose.landmarks import Landmark
from hingecheck.simulate import harvest as harvesting
from hingecheck.simulate.examples import (
    FREE_FRAMES,
    SET_FRAMES,
    STANDING_FRAMES,
    TRUTHS,
    ExampleMaker,
    Examples,
)
from hingecheck.simulate.harvest import CHUNK, harvest, read_harvest
from hingecheck.spine.profile import STATIONS

SEED = 3
FRAMES = STANDING_FRAMES + SET_FRAMES + FREE_FRAMES


@pytest.fixture(scope="module")
def maker() -> Iterator[ExampleMaker]:
    with ExampleMaker() as maker:
        yield maker


@pytest.fixture(scope="module")
def examples(maker) -> Examples:
    return maker.make(SEED)


def test_every_frame_is_looked_at_twice(examples) -> None:
    assert examples.truth.shape == (FRAMES, len(TRUTHS))
    assert examples.landmarks_px.shape == (FRAMES, 2, 33, 2)
    assert examples.world_m.shape == (FRAMES, 2, 33, 3)
    assert examples.visibility.shape == (FRAMES, 2, 33)
    assert examples.outline.shape == (FRAMES, 2, 2, len(STATIONS), 3)
    assert np.isfinite(examples.truth).all()


def test_lifter_is_found_and_stands_head_up(examples) -> None:
    found = np.isfinite(examples.landmarks_px).all(axis=(2, 3))
    assert found[:STANDING_FRAMES].all()
    assert found.mean() > 0.7
    nose, ankle = (
        examples.landmarks_px[:STANDING_FRAMES, :, mark, 1]
        for mark in (Landmark.NOSE, Landmark.LEFT_ANKLE)
    )
    assert (ankle - nose > 0.3 * examples.about["height_px"] * 0.5).all()


def test_mirrored_look_is_turned_back_into_the_frame(examples) -> None:
    hips_px = examples.landmarks_px[:STANDING_FRAMES, :, Landmark.LEFT_HIP]
    off_px = np.linalg.norm(hips_px[:, 0] - hips_px[:, 1], axis=-1)
    assert off_px.max() < 0.05 * examples.about["height_px"]


def test_stored_lifters_are_read_as_they_were_made(maker, examples, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(harvesting, "CHUNK", 1)
    monkeypatch.setattr(harvesting, "_maker", maker)
    harvesting._make_chunk((SEED, tmp_path / "000003.npz"))
    assert [path.name for path in tmp_path.iterdir()] == ["000003.npz"]
    (stored,) = read_harvest(tmp_path)
    assert stored.about == examples.about
    for field in dataclasses.fields(Examples):
        if field.name != "about":
            np.testing.assert_array_equal(
                getattr(stored, field.name), getattr(examples, field.name), err_msg=field.name
            )


def test_resumed_harvest_keeps_what_is_there(tmp_path) -> None:
    files = [tmp_path / f"{seed:06d}.npz" for seed in (40, 40 + CHUNK)]
    for path in files:
        path.write_bytes(b"made before")
    told: list[tuple[int, int]] = []
    harvest(tmp_path, 2 * CHUNK, first_seed=40, progress=lambda done, of: told.append((done, of)))
    assert told == [(2, 2)]
    assert {path.read_bytes() for path in files} == {b"made before"}
    assert sorted(tmp_path.iterdir()) == files
