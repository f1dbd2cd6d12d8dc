"""The hamstrings' length: as OpenSim computes it, and shorter when the pelvis tucks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stick import SAMPLES, angles_of, true_set

from hingecheck.motion.hamstrings import Belly, hamstring_length, hamstring_lengths
from hingecheck.spine.records import Estimate

ON_PELVIS = (Belly.BFLH, Belly.SEMIMEM, Belly.SEMITEN)

# OpenSim 4.6 with pose2sim 0.10.49's full-body model, right leg, over the length at 0, 0.
OPENSIM = {
    (70, 15): (1.1491, 0.9738, 1.1261, 1.1386),
    (70, 9): (1.1568, 0.9845, 1.1354, 1.1486),
    (90, 20): (1.1922, 0.9646, 1.1637, 1.1803),
    (45, 15): (1.0811, 0.9738, 1.0649, 1.0710),
    (100, 30): (1.2004, 0.9449, 1.1668, 1.1845),
    (0, 60): (0.9212, 0.8754, 0.8999, 0.8920),
    (-20, 0): (0.9809, 1.0000, 0.9849, 0.9848),
}


@pytest.mark.parametrize("hip_knee", OPENSIM)
def test_lengths_are_those_of_the_musculoskeletal_model(hip_knee: tuple[int, int]) -> None:
    for belly, expected in zip(Belly, OPENSIM[hip_knee], strict=True):
        assert float(hamstring_length(belly, *hip_knee)) == pytest.approx(expected, abs=0.005)


def test_standing_is_the_unit() -> None:
    for belly in Belly:
        assert float(hamstring_length(belly, 0.0, 0.0)) == pytest.approx(1.0, abs=0.005)


@given(hip=st.floats(0, 110), knee=st.floats(0, 100))
def test_hips_lengthen_what_starts_on_the_pelvis_and_knees_shorten_everything(
    hip: float, knee: float
) -> None:
    for belly in Belly:
        here = hamstring_length(belly, hip, knee)
        assert hamstring_length(belly, hip, knee + 5) < here
        deeper = hamstring_length(belly, hip + 5, knee)
        assert deeper > here if belly in ON_PELVIS else deeper == here


def test_unknown_joints_have_no_length() -> None:
    for belly in ON_PELVIS:
        assert np.isnan(hamstring_length(belly, np.nan, 10.0))
        assert np.isnan(hamstring_length(belly, 60.0, np.nan))
        assert np.isnan(hamstring_length(belly, 200.0, 10.0))


@pytest.mark.parametrize("tuck_deg", [8.0, 15.0, 25.0])
def test_tuck_at_the_same_trunk_inclination_shortens_them(tuck_deg: float) -> None:
    trunk_deg, thigh_deg, knee_deg = 70.0, 20.0, 15.0
    for belly in ON_PELVIS:
        clean = hamstring_length(belly, trunk_deg + thigh_deg, knee_deg)
        tucked = hamstring_length(belly, trunk_deg - 13 / 20 * tuck_deg + thigh_deg, knee_deg)
        assert tucked < clean - 0.001 * tuck_deg


def test_simulated_tuck_shortens_them_at_the_bottom() -> None:
    assert (SAMPLES / "rdl_butt_wink_truth.csv").exists()
    _, tucked = true_set("rdl_butt_wink")
    _, neutral = true_set("rdl_neutral")
    bottom = int(np.argmax(neutral["trunk_thigh_flexion"]))
    with_tuck, without = (hamstring_lengths(angles_of(set_, 2.0)) for set_ in (tucked, neutral))
    for belly in ON_PELVIS:
        assert with_tuck[belly].ratio[bottom] < without[belly].ratio[bottom] - 0.01


def test_uncertain_joints_make_uncertain_lengths() -> None:
    _, truth = true_set("rdl_neutral")
    sure, unsure = (hamstring_lengths(angles_of(truth, sd_deg)) for sd_deg in (1.0, 6.0))
    for belly in ON_PELVIS:
        np.testing.assert_allclose(unsure[belly].sd, 6 * sure[belly].sd, rtol=1e-6)
        assert np.nanmax(unsure[belly].sd) < 0.05


def test_belly_that_crosses_the_knee_alone_does_not_care_for_the_pelvis() -> None:
    _, truth = true_set("rdl_neutral")
    angles = angles_of(truth, 2.0)
    blind = replace(
        angles,
        hip_flexion=Estimate(
            angles.hip_flexion.value_deg, np.full(len(truth["knee_flexion"]), 20.0)
        ),
    )
    np.testing.assert_allclose(
        hamstring_lengths(blind)[Belly.BFSH].sd, hamstring_lengths(angles)[Belly.BFSH].sd
    )
