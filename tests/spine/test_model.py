"""The trained spine model: shipped whole, honest about what it was shown, refused when damaged."""

from __future__ import annotations

import json
import shutil
import timeit
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from stick import Posture, back_of, landmarks_of, profile_of, sway, track_of

from hingecheck.errors import ModelError
from hingecheck.pose.records import FloatArray
from hingecheck.spine.estimator import BackView
from hingecheck.spine.model import (
    CARD_NAME,
    MODEL_NAME,
    ModelEstimator,
    OwnShape,
    load_spine_model,
    with_own_shape,
)
from hingecheck.spine.network import Network
from hingecheck.spine.records import BaselineSource

MODELS = Path(__file__).resolve().parents[2] / "models"
MODEL = load_spine_model()


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for name in (MODEL_NAME, CARD_NAME):
        shutil.copy(MODELS / name, tmp_path)
    return tmp_path


def hinge(yaw_deg: float = 0.0, turn_deg: FloatArray | float = -38.0) -> BackView:
    """A second of standing, then down to 70 degrees and back; 121 frames."""
    time_s, lean = sway([(0, 0), (1, 0), (2.5, 70), (4, 0)])
    track = track_of(landmarks_of(Posture(lean, 0.2 * lean)), time_s, yaw_deg=yaw_deg)
    return back_of(track, profile_of(len(time_s), turn_deg))


def test_card_says_how_the_model_was_made_and_how_good_it_is() -> None:
    card = json.loads((MODELS / CARD_NAME).read_text())
    assert card["training"]["lifters"] >= 1000
    assert card["training"]["command"].startswith("python -m hingecheck.simulate.train")
    assert 0 < card["held_out"]["lumbar_flexion_deg_mae_standing_seen"] < 10
    assert "Apache-2.0" in card["licence"]


def test_missing_model_says_where_it_was_expected(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="expected the spine model") as told:
        load_spine_model(tmp_path)
    assert str(tmp_path) in str(told.value)


def test_damaged_model_is_refused(copied: Path) -> None:
    whole = (copied / MODEL_NAME).read_bytes()
    (copied / MODEL_NAME).write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(ModelError, match="corrupted"):
        load_spine_model(copied)


@pytest.mark.parametrize("card", ["", "[]", "{}", '{"sha256": 3}'])
def test_damaged_card_is_refused(copied: Path, card: str) -> None:
    (copied / CARD_NAME).write_text(card)
    with pytest.raises(ModelError):
        load_spine_model(copied)


def test_standing_lockout_and_neither_are_told_apart() -> None:
    features, own = np.arange(6.0).reshape(2, 3), np.array([7.0, 8.0, 9.0])
    stands, up = (with_own_shape(features, OwnShape(own, relaxed)) for relaxed in (True, False))
    nothing = with_own_shape(features, None)
    np.testing.assert_array_equal(stands, [[0, 1, 2, 7, 8, 9, 1, 1], [3, 4, 5, 7, 8, 9, 1, 1]])
    np.testing.assert_array_equal(up[:, 3:], [[7, 8, 9, 1, 0]] * 2)
    assert np.isnan(nothing[:, 3:6]).all()
    np.testing.assert_array_equal(nothing[:, 6:], [[0, 0]] * 2)


def test_own_standing_is_named_as_the_baseline() -> None:
    spine = ModelEstimator().estimate(hinge())
    assert spine.baseline_source is BaselineSource.STANDING
    assert spine.baseline_s[0] == pytest.approx(0.0)
    assert spine.baseline_s[1] < 2.0


def never_upright() -> BackView:
    """Two seconds between 45 and 70 degrees of lean."""
    time_s, lean = sway([(0, 45), (1, 70), (2, 45)])
    track = track_of(landmarks_of(Posture(lean, 0.2 * lean)), time_s)
    return back_of(track, profile_of(len(time_s), -30.0))


def test_remembered_standing_speaks_for_a_clip_that_never_shows_the_lifter_up() -> None:
    bent = never_upright()
    assert ModelEstimator().own_shape(bent) is None
    remembered = ModelEstimator(remembered=ModelEstimator().own_shape(hinge()))
    found, alone = remembered.estimate(bent), ModelEstimator().estimate(bent)
    assert found.baseline_source is BaselineSource.PROFILE
    assert alone.baseline_source is BaselineSource.EARLY_DESCENT
    assert np.isnan(found.baseline_s).all()
    assert not np.allclose(found.lumbar_flexion.value_deg, alone.lumbar_flexion.value_deg)


def test_a_clips_own_standing_wins_over_a_remembered_one() -> None:
    stranger = ModelEstimator().own_shape(hinge(turn_deg=-10.0))
    assert stranger is not None
    found = ModelEstimator(remembered=stranger).estimate(hinge())
    assert found.baseline_source is BaselineSource.STANDING
    alone = ModelEstimator().estimate(hinge())
    np.testing.assert_array_equal(found.lumbar_flexion.value_deg, alone.lumbar_flexion.value_deg)


def test_frames_without_the_lifter_have_no_estimate() -> None:
    back = hinge()
    xy = np.array(back.track.landmarks_px)
    xy[60:64] = np.nan
    spine = ModelEstimator().estimate(replace(back, track=replace(back.track, landmarks_px=xy)))
    for estimate in (spine.pelvic_tilt, spine.lumbar_flexion, spine.thoracic_flexion):
        assert np.isnan(estimate.value_deg[60:64]).all()
        assert np.isnan(estimate.sd_deg[60:64]).all()
        assert np.isfinite(estimate.value_deg[[50, 70]]).all()


def test_clip_without_anybody_has_no_estimate() -> None:
    back = hinge()
    xy = np.full_like(back.track.landmarks_px, np.nan)
    spine = ModelEstimator().estimate(replace(back, track=replace(back.track, landmarks_px=xy)))
    assert np.isnan(spine.lumbar_flexion.value_deg).all()
    assert np.isnan(spine.shared_sd_deg).all()
    assert spine.baseline_source is BaselineSource.EARLY_DESCENT


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_clip_of_a_few_frames_is_estimated(frames: int) -> None:
    xy = landmarks_of(Posture(np.full(frames, 40.0)))
    spine = ModelEstimator().estimate(back_of(track_of(xy)))
    assert np.isfinite(spine.lumbar_flexion.value_deg).sum() == frames


def test_people_are_less_certain_than_simulated_lifters() -> None:
    exact = replace(MODEL, real_sd_deg=(0.0, 0.0, 0.0))
    simulated, real = (ModelEstimator(model).estimate(hinge()) for model in (exact, MODEL))
    added = np.square(real.lumbar_flexion.sd_deg) - np.square(simulated.lumbar_flexion.sd_deg)
    np.testing.assert_allclose(added, MODEL.real_sd_deg[1] ** 2, rtol=1e-6)
    np.testing.assert_array_equal(simulated.lumbar_flexion.value_deg, real.lumbar_flexion.value_deg)


def test_a_back_that_opens_reads_as_more_flexed() -> None:
    opening = np.interp(np.arange(121), [30, 75, 120], [-38.0, -10.0, -38.0])
    held, opened = (
        ModelEstimator().estimate(hinge(turn_deg=turn)).lumbar_flexion.value_deg
        for turn in (-38.0, opening)
    )
    deep = slice(70, 80)
    assert np.median(opened[deep]) > np.median(held[deep]) + 5


def test_model_runs_in_plain_numpy_well_within_a_millisecond_and_a_half_a_frame() -> None:
    back, estimator = hinge(), ModelEstimator()
    took_s = min(timeit.repeat(lambda: estimator.estimate(back), number=1, repeat=8))
    assert took_s / len(back.track.time_s) < 1.5e-3


def test_network_of_the_shipped_model_matches_its_features() -> None:
    network: Network = MODEL.network
    assert network.centre.shape == network.spread.shape == (network.layers[0][0].shape[1],)
    assert network.layers[-1][0].shape[2] == 6
