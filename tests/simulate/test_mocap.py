"""Recorded movements replayed: counted from standing, whatever zero they were recorded with."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from hingecheck.simulate.lifter import Lifter
from hingecheck.simulate.mocap import replay

# Anatomical offset, and how far it moves from standing to the bottom.
RECORDED = {
    "pelvic_tilt_deg": (9.0, 48.0),
    "lumbar_flexion_deg": (-31.0, 24.0),
    "trunk_inclination_deg": (2.0, 64.0),
    "thigh_inclination_deg": (-3.0, 18.0),
    "shank_inclination_deg": (4.0, -3.0),
}
SECONDS, RATE_HZ = 6.0, 50.0


def write(path: Path, *, without: str = "", offset_deg: float = 0.0, depth: float = 1.0) -> Path:
    """Two hinges of two seconds each, with a second of standing before and after."""
    time_s = np.arange(int(SECONDS * RATE_HZ) + 1) / RATE_HZ
    hinging = (time_s > 1) & (time_s < 5)
    share = depth * np.where(hinging, (1 - np.cos(np.pi * (time_s - 1))) / 2, 0)
    columns = {"time_s": 100 + time_s}
    for name, (zero_deg, change_deg) in RECORDED.items():
        columns[name] = zero_deg + offset_deg + change_deg * share
    columns.pop(without, None)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path


def test_angles_count_from_standing(lifter: Lifter, tmp_path) -> None:
    motion = replay(write(tmp_path / "hinge.csv"), lifter, thoracic_share=0.25)
    standing, bottom = motion.frames[0], motion.frames[60]
    assert standing.pelvic_tilt_deg == pytest.approx(0, abs=0.1)
    assert standing.knee_flexion_deg == pytest.approx(lifter.standing.knee_flexion_deg, abs=0.1)
    assert bottom.pelvic_tilt_deg == pytest.approx(48, abs=0.1)
    assert bottom.lumbar_flexion_deg == pytest.approx(0.75 * 24, abs=0.1)
    assert bottom.thoracic_flexion_deg == pytest.approx(0.25 * 24, abs=0.1)
    assert bottom.knee_flexion_deg == pytest.approx(lifter.standing.knee_flexion_deg + 15, abs=0.1)


def test_both_hinges_are_found_with_their_bottoms(lifter, tmp_path) -> None:
    motion = replay(write(tmp_path / "hinge.csv"), lifter)
    assert [rep.bottom_s for rep in motion.reps] == pytest.approx([2, 4], abs=0.05)
    assert motion.reps[0].start_s == pytest.approx(1, abs=0.3)
    assert motion.reps[1].end_s == pytest.approx(5, abs=0.3)


def test_movement_too_small_for_a_repetition_is_none(lifter, tmp_path) -> None:
    assert replay(write(tmp_path / "nod.csv", depth=0.2), lifter).reps == ()


def test_twice_the_speed_takes_half_the_time(lifter, tmp_path) -> None:
    motion = replay(write(tmp_path / "hinge.csv"), lifter, speed=2.0, fps=25.0)
    assert len(motion.frames) == len(motion.time_s) == 76
    assert motion.time_s[-1] == pytest.approx(SECONDS / 2)


def test_zero_is_the_standing_recordings_if_there_is_one(lifter, tmp_path) -> None:
    standing = write(tmp_path / "standing.csv", offset_deg=6.0, depth=0.0)
    motion = replay(write(tmp_path / "hinge.csv"), lifter, standing=standing)
    assert motion.frames[0].pelvic_tilt_deg == pytest.approx(-6, abs=0.1)


def test_missing_column_is_named(lifter, tmp_path) -> None:
    path = write(tmp_path / "hinge.csv", without="lumbar_flexion_deg")
    with pytest.raises(ValueError, match=r"hinge\.csv: columns lumbar_flexion_deg are missing"):
        replay(path, lifter)
