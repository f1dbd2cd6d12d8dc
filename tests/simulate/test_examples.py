"""Training examples: one lifter through the real MediaPipe, stored, resumed and read again."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest

from hingecheck.pose.landmarks import Landmark
from hingecheck.simulate import harvest as harvesting
from hingecheck.simulate.cast import random_scene, random_set
from hingecheck.simulate.examples import (
    DESCENT,
    FRAMES,
    STANDING,
    TRUTHS,
    UPRIGHT,
    ExampleMaker,
    Examples,
    descent_of,
)
from hingecheck.simulate.harvest import CHUNK, harvest, read_harvest
from hingecheck.simulate.motion import Fault, Lift
from hingecheck.spine.profile import STATIONS

SEED = 3
COUNT = sum(FRAMES.values())


@pytest.fixture(scope="module")
def maker() -> Iterator[ExampleMaker]:
    with ExampleMaker() as maker:
        yield maker


@pytest.fixture(scope="module")
def examples(maker) -> Examples:
    return maker.make(SEED)


def test_every_frame_is_looked_at_twice(examples) -> None:
    assert examples.truth.shape == (COUNT, len(TRUTHS))
    assert examples.landmarks_px.shape == (COUNT, 2, 33, 2)
    assert examples.world_m.shape == (COUNT, 2, 33, 3)
    assert examples.visibility.shape == (COUNT, 2, 33)
    assert examples.outline.shape == (COUNT, 2, 2, len(STATIONS), 3)
    assert np.isfinite(examples.truth).all()


def test_lifter_is_found_and_stands_head_up(examples) -> None:
    found = np.isfinite(examples.landmarks_px).all(axis=(2, 3))
    assert found[: FRAMES[STANDING]].all()
    assert found.mean() > 0.7
    nose, ankle = (
        examples.landmarks_px[: FRAMES[STANDING], :, mark, 1]
        for mark in (Landmark.NOSE, Landmark.LEFT_ANKLE)
    )
    assert (ankle - nose > 0.3 * examples.about["height_px"] * 0.5).all()


def test_descent_goes_down_from_upright(examples) -> None:
    lean = examples.truth[:, TRUTHS.index("trunk_inclination_deg")]
    thigh = examples.truth[:, TRUTHS.index("thigh_inclination_deg")]
    upright, descent = (lean[examples.kind == kind] for kind in (UPRIGHT, DESCENT))
    assert np.abs(upright).max() < 15
    assert (np.diff((lean + thigh)[examples.kind == DESCENT]) > 0).all()
    assert descent[0] > upright.max()


def test_tuck_of_a_descent_is_in_its_last_frames() -> None:
    rng = np.random.default_rng(0)
    scene = random_scene(rng, Lift.RDL)
    motion = random_set(rng, scene, Lift.RDL, Fault.BUTT_WINK, tuck_deg=20.0)
    frames, tuck_deg = descent_of(rng, motion)
    lumbar = np.array([frame.lumbar_flexion_deg for frame in frames])
    assert tuck_deg == pytest.approx(20.0, rel=0.3)
    assert lumbar[-1] - lumbar[3] > 0.7 * tuck_deg
    assert lumbar[3] - lumbar[0] < 0.6 * tuck_deg


def test_mirrored_look_is_turned_back_into_the_frame(examples) -> None:
    hips_px = examples.landmarks_px[: FRAMES[STANDING], :, Landmark.LEFT_HIP]
    off_px = np.linalg.norm(hips_px[:, 0] - hips_px[:, 1], axis=-1)
    assert off_px.max() < 0.05 * examples.about["height_px"]


def test_stored_lifters_are_read_as_they_were_made(maker, examples, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(harvesting, "CHUNK", 1)
    monkeypatch.setattr(harvesting, "_maker", maker)
    harvesting._make_chunk((SEED, tmp_path / "000003.npz"))
    assert [path.name for path in tmp_path.iterdir()] == ["000003.npz"]
    (stored,) = read_harvest(tmp_path, 1, first_seed=SEED)
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
