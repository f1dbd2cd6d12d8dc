"""landmarks.npz: what was seen comes back, and the same movement gives the same bytes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hingecheck.errors import StoreError
from hingecheck.form.records import Analysis
from hingecheck.report.landmarks import read_landmarks, write_landmarks

LOST = slice(150, 162)


@pytest.fixture
def written(analysis: Analysis, tmp_path: Path) -> Path:
    write_landmarks(analysis, tmp_path / "landmarks.npz")
    return tmp_path / "landmarks.npz"


def test_landmarks_come_back_as_they_were_seen(analysis: Analysis, written: Path) -> None:
    seen, track = read_landmarks(written), analysis.track
    np.testing.assert_array_equal(seen.track.time_s, track.time_s)
    for name in ("landmarks_px", "world_m", "visibility"):
        stored = getattr(seen.track, name)
        assert stored.dtype == np.float32
        np.testing.assert_array_equal(stored, getattr(track, name).astype(np.float32))
    assert (seen.track.width_px, seen.track.height_px) == (track.width_px, track.height_px)
    assert seen.facing == analysis.view.facing
    assert seen.stature_cm == analysis.bar.stature_cm == 170.0


def test_lost_lifter_is_not_a_number(written: Path) -> None:
    track = read_landmarks(written).track
    assert np.isnan(track.landmarks_px[LOST]).all()
    assert not track.detected[LOST].any()


def test_same_analysis_gives_the_same_bytes(
    analysis: Analysis, written: Path, tmp_path: Path
) -> None:
    write_landmarks(analysis, tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == written.read_bytes()


@pytest.mark.parametrize("kept", [0, 10, 1000])
def test_cut_off_file_is_one_line(written: Path, kept: int) -> None:
    written.write_bytes(written.read_bytes()[:kept])
    with pytest.raises(StoreError, match=r"is no landmarks.npz of hingecheck's") as caught:
        read_landmarks(written)
    assert "\n" not in str(caught.value)


def test_another_programs_arrays_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "landmarks.npz", points=np.zeros((3, 33, 2)))
    with pytest.raises(StoreError):
        read_landmarks(tmp_path / "landmarks.npz")
    np.save(tmp_path / "array.npy", np.zeros(3))
    (tmp_path / "array.npy").rename(tmp_path / "landmarks.npz")
    with pytest.raises(StoreError):
        read_landmarks(tmp_path / "landmarks.npz")
