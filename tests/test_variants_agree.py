"""The same movement stored or shown another way gives the same reps and the same angles."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import variants
from numpy.typing import NDArray

import hingecheck
from hingecheck.report.schema import Result

TWO_REPS_S = 7.2
ANGLES = (
    *("trunk_inclination_deg", "thigh_inclination_deg", "knee_flexion_deg"),
    *("pelvic_tilt_deg", "lumbar_flexion_deg"),
)
MOST_S = 0.1
MOST_DEG = 2.0


class Checked(NamedTuple):
    """A clip's result and its table.

    Attributes:
        result: What `check` returned.
        angles: Every angle of `ANGLES` over the frames, (frames,) in degrees.
    """

    result: Result
    angles: dict[str, NDArray[np.float64]]


def checked(clip: Path) -> Checked:
    out = clip.with_suffix(".out")
    result = hingecheck.check(clip, out=out, overlay=False)
    with (out / "frames.csv").open(newline="", encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    angles = {name: np.array([float(row[name] or "nan") for row in rows]) for name in ANGLES}
    return Checked(result, angles)


@pytest.fixture(scope="module")
def source(butt_wink_clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two repetitions of the sample, in its own size."""
    clip = tmp_path_factory.mktemp("agree") / "source.mp4"
    shot = variants.pictures(butt_wink_clip)
    return variants.store(clip, ((time_s, rgb) for time_s, rgb in shot if time_s < TWO_REPS_S))


@pytest.fixture(scope="module")
def original(source: Path) -> Checked:
    return checked(source)


@pytest.fixture(
    scope="module",
    params=["mirrored", "rotated_90", "rotated_180", "rotated_270", "recompressed", "half_size"],
)
def copy(request: pytest.FixtureRequest, source: Path) -> Checked:
    make = variants.VARIANTS[request.param]
    return checked(make(source, source.with_name(f"{request.param}.mp4")))


def test_copy_gives_the_same_reps(original: Checked, copy: Checked) -> None:
    assert len(original.result.reps) == len(copy.result.reps) == 2
    assert copy.result.lift.name == original.result.lift.name
    for ours, theirs in zip(original.result.reps, copy.result.reps, strict=True):
        assert theirs.bottom_s == pytest.approx(ours.bottom_s, abs=MOST_S)
        assert theirs.gradeable == ours.gradeable


@pytest.mark.parametrize("name", ANGLES)
def test_copy_gives_the_same_angles_at_every_bottom(
    original: Checked, copy: Checked, name: str
) -> None:
    ours = [rep.peak[name] for rep in original.result.reps]
    theirs = [rep.peak[name] for rep in copy.result.reps]
    assert theirs == pytest.approx(ours, abs=MOST_DEG)


@pytest.mark.parametrize("name", ANGLES)
def test_copy_gives_the_same_angles_over_the_clip(
    original: Checked, copy: Checked, name: str
) -> None:
    apart = np.abs(copy.angles[name] - original.angles[name])
    assert np.nanmedian(apart) < MOST_DEG
    assert np.isfinite(apart).mean() > 0.95


def test_mirrored_lifter_faces_the_other_way(original: Checked, source: Path) -> None:
    clip = variants.mirrored(source, source.with_name("facing.mp4"))
    first = variants.store(
        source.with_name("facing_short.mp4"),
        ((time_s, rgb) for time_s, rgb in variants.pictures(clip) if time_s < 1.0),
    )
    assert checked(first).result.view.facing == -original.result.view.facing
