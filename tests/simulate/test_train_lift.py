"""The fit of the lift model on made-up lifters, and its command on a tiny harvest."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hingecheck.motion.lift_model import LIFTS, load_lift_model, tempered
from hingecheck.motion.records import Lift
from hingecheck.pose.landmarks import LANDMARKS, Landmark
from hingecheck.simulate import train_lift
from hingecheck.simulate.examples import DESCENT, FRAMES
from hingecheck.simulate.harvest import CHUNK
from hingecheck.simulate.train_lift import best_temperature, main

KINDS = np.repeat(np.array(list(FRAMES), np.int8), list(FRAMES.values()))
MADE = ("squat", "stiff_leg", "toe_touch")


def made_up(lift: str, rng: np.random.Generator) -> dict[str, Any]:
    """A lifter of noise whose squats fold the knees and whose toe touches reach the ankles."""
    frames = len(KINDS)
    xy = np.zeros((LANDMARKS, 2), np.float32)
    for joint, height_px in (("SHOULDER", 0), ("ELBOW", 60), ("WRIST", 110), ("HIP", 140)):
        xy[[Landmark[f"LEFT_{joint}"], Landmark[f"RIGHT_{joint}"]]] = 300, 200 + height_px
    knees_px = (380, 350) if lift == "squat" else (310, 470)
    xy[[Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE]] = knees_px
    xy[[Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE]] = 300, 590
    if lift == "toe_touch":
        xy[[Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST]] = 340, 560
    landmarks = xy + rng.normal(0, 3, (frames, 2, LANDMARKS, 2))
    world = rng.normal(0, 0.2, (frames, 2, LANDMARKS, 3))
    return {
        "truth": np.zeros((frames, 6), np.float32),
        "kind": KINDS,
        "landmarks_px": landmarks.astype(np.float32),
        "world_m": world.astype(np.float32),
        "visibility": np.ones((frames, 2, LANDMARKS), np.float32),
        "outline": np.zeros((frames, 2, 2, 1, 3), np.float32),
    }


@pytest.fixture(scope="module")
def harvest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ninety-six lifters; the end of the first one's descent was not seen."""
    folder = tmp_path_factory.mktemp("harvest")
    rng = np.random.default_rng(0)
    for first in range(0, 12 * CHUNK, CHUNK):
        about: list[dict[str, Any]] = []
        arrays: dict[str, Any] = {}
        for index in range(CHUNK):
            lift = MADE[(first + index) % len(MADE)]
            one = made_up(lift, rng)
            if first + index == 0:
                one["landmarks_px"][np.flatnonzero(KINDS == DESCENT)[-3:]] = np.nan
                one["world_m"][np.flatnonzero(KINDS == DESCENT)[-3:]] = np.nan
            arrays |= {f"{name}_{index}": values for name, values in one.items()}
            about.append(
                {"seed": first + index, "lift": lift, "facing": 1, "yaw_deg": 3.0}
                | {"width_px": 640, "height_px": 640}
            )
        packed = io.BytesIO()
        np.savez(packed, about=json.dumps(about), **arrays)
        (folder / f"{first:06d}.npz").write_bytes(packed.getvalue())
    return folder


def train(harvest: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(train_lift, "_STEPS", 60)
    monkeypatch.setattr("sys.argv", ["train_lift", "--folder", str(harvest), "--out", str(out)])
    main()
    card: dict[str, Any] = json.loads((out / "lift.json").read_text())
    return card


def test_command_learns_lifts_that_differ_and_writes_a_model_that_loads(
    harvest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = train(harvest, tmp_path, monkeypatch)
    assert card["training"]["lifters"] == 95
    assert card["training"]["lifter_seeds"] == [0, 95]
    assert card["cross_validation"]["right"] > 0.95
    assert set(card["cross_validation"]["right_by_lift"]) == {"squat", "rdl", "hinge"}
    model = load_lift_model(tmp_path)
    assert model.name == f"lift {card['version']}"
    told = model.probabilities(np.full((1, card["training"]["inputs"]), np.nan))
    np.testing.assert_allclose(told.sum(), 1)


def test_same_harvest_gives_the_same_bytes(
    harvest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = (train(harvest, tmp_path / name, monkeypatch) for name in ("one", "other"))
    assert one == other


def test_folder_without_a_harvest_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["train_lift", "--folder", str(tmp_path)])
    with pytest.raises(SystemExit):
        main()
    assert "expected 40 or more lifters, got 0" in capsys.readouterr().err


def test_temperature_makes_overconfidence_honest() -> None:
    rng = np.random.default_rng(1)
    honest = rng.dirichlet(np.full(len(LIFTS), 0.5), 4000)
    lift = np.array([rng.choice(len(LIFTS), p=row) for row in honest])
    boastful = tempered(honest, 0.5)
    temperature = best_temperature(boastful, lift)
    assert temperature == pytest.approx(2.0, rel=0.1)
    np.testing.assert_allclose(tempered(boastful, 2.0), honest, atol=0.02)


def test_variations_are_called_by_their_lifts_name() -> None:
    assert set(train_lift.CALLED.values()) == {Lift.RDL, Lift.HINGE}
