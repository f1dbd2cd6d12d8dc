"""Filmed lifters, where the shared footage is present; people on it are not ours to publish."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from hingecheck.report.result import read_result
from hingecheck.report.schema import Result

REAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "real"

pytestmark = pytest.mark.skipif(
    not REAL.is_dir(), reason="needs the shared footage in ../shared/data/real"
)

SIDE = "squat_side"
OBLIQUE = ("deadlift_oblique", "squat_oblique")


class Checked(NamedTuple):
    """A filmed clip after `hingecheck check`.

    Attributes:
        clip: The file.
        exit_code: What the command ended with.
        folder: What it wrote.
        result: Its result.json.
    """

    clip: Path
    exit_code: int
    folder: Path
    result: Result


@pytest.fixture(scope="module")
def checked(hingecheck_in, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Checked]:
    """Checks a clip by name, each once for the whole file."""
    where = tmp_path_factory.mktemp("real")

    @cache
    def check(name: str) -> Checked:
        clip = REAL / f"{name}.mp4"
        done = hingecheck_in(where, "check", clip)
        folder = where / f"{name}.hingecheck"
        return Checked(clip, done.returncode, folder, read_result(folder / "result.json"))

    return check


def times_s(path: Path) -> NDArray[np.float64]:
    """(frames,) when each frame is shown, from the first one on."""
    with av.open(str(path)) as container:
        stamps = sorted(frame.time for frame in container.decode(video=0))
    return np.array(stamps) - stamps[0]


def test_squat_from_the_side_has_its_two_reps_and_no_other(checked) -> None:
    _, exit_code, _, result = checked(SIDE)
    assert exit_code == 0
    assert result.lift.name == "squat"
    assert [rep.bottom_s for rep in result.reps] == pytest.approx([10.6, 17.4], abs=0.3)
    for rep in result.reps:
        assert rep.peak["thigh_inclination_deg"] == pytest.approx(88, abs=8)


def test_squat_from_the_side_is_judged(checked) -> None:
    result = checked(SIDE).result
    assert result.view.gradeable
    assert result.view.reasons == []
    assert result.pose.detected_fraction > 0.95


@pytest.mark.parametrize("name", OBLIQUE)
def test_oblique_clip_is_refused_and_the_view_is_named(checked, name: str) -> None:
    _, exit_code, _, result = checked(name)
    assert exit_code == 4
    assert not result.view.gradeable
    assert {"view_oblique", "view_frontal"} & set(result.view.reasons)
    for rep in result.reps:
        assert {"view_oblique", "view_frontal"} & set(rep.reasons)
        assert rep.butt_wink.verdict == rep.rounding.verdict == "not_gradeable"
        assert rep.findings == []
        assert rep.peak["trunk_inclination_deg"] is not None


@pytest.mark.parametrize("name", [SIDE, *OBLIQUE])
def test_overlay_has_every_frame_at_its_time(checked, name: str) -> None:
    clip, _, folder, _ = checked(name)
    assert times_s(folder / "overlay.mp4") == pytest.approx(times_s(clip), abs=1e-4)
    assert (folder / "report.html").stat().st_size > 10_000
