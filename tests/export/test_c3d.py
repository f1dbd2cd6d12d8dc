"""C3D files, read back by ezc3d."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import ezc3d
import numpy as np
import pytest
from export.filmed import Filmed

from hingecheck.errors import UsageError
from hingecheck.export.c3d import write_c3d
from hingecheck.export.lab import LabMotion, in_lab
from hingecheck.export.markers import MARKERS


def test_markers_come_back_in_millimetres(lab, tmp_path: Path) -> None:
    write_c3d(lab, tmp_path / "hinge.c3d")
    file = ezc3d.c3d(str(tmp_path / "hinge.c3d"))
    point = file["parameters"]["POINT"]
    assert tuple(point["LABELS"]["value"][:33]) == MARKERS
    assert point["UNITS"]["value"] == ["mm"]
    assert point["RATE"]["value"] == [30.0]
    assert (point["X_SCREEN"]["value"], point["Y_SCREEN"]["value"]) == (["+X"], ["+Y"])
    assert point["FRAMES"]["value"] == [121]
    assert file["header"]["points"]["first_frame"] == 0
    points = file["data"]["points"][:3].transpose(2, 1, 0)
    np.testing.assert_allclose(points[:, :33], lab.markers_m * 1000, atol=1e-3)


def test_every_angle_is_a_point_that_is_listed_as_one(lab, tmp_path: Path) -> None:
    write_c3d(lab, tmp_path / "hinge.c3d")
    file = ezc3d.c3d(str(tmp_path / "hinge.c3d"))
    point = file["parameters"]["POINT"]
    assert point["ANGLE_UNITS"]["value"] == point["SCALAR_UNITS"]["value"] == ["deg"]
    listed = point["ANGLES"]["value"] + point["SCALARS"]["value"]
    assert sorted(listed) == sorted(lab.angles)
    assert all(name.endswith("_sd_deg") for name in point["SCALARS"]["value"])
    for name in listed:
        degrees = file["data"]["points"][:3, point["LABELS"]["value"].index(name)]
        np.testing.assert_allclose(degrees[0], lab.angles[name], atol=1e-4)
        np.testing.assert_array_equal(degrees[1:], 0.0)


def test_lost_lifter_has_residual_minus_one(film, tmp_path: Path) -> None:
    write_c3d(in_lab(film(Filmed(unseen=slice(40, 60)))), tmp_path / "hinge.c3d")
    data = ezc3d.c3d(str(tmp_path / "hinge.c3d"))["data"]
    unseen = np.zeros(121, dtype=bool)
    unseen[40:60] = True
    assert (data["meta_points"]["residuals"][0] == np.where(unseen, -1.0, 0.0)).all()
    assert np.isnan(data["points"][0, :, unseen]).all()
    assert np.isfinite(data["points"][:, :, ~unseen]).all()


def test_name_may_be_in_any_script(lab, tmp_path: Path) -> None:
    write_c3d(lab, tmp_path / "Ünal_硬拉.c3d")
    ezc3d.c3d(str(tmp_path / "Ünal_硬拉.c3d"))


def test_more_frames_than_the_format_counts_are_refused(lab, tmp_path: Path) -> None:
    again = np.arange(65_536) % len(lab.clock.time_s)
    endless = LabMotion(
        clock=replace(lab.clock, time_s=np.arange(65_536) / 240),
        markers_m=lab.markers_m[again],
        angles={name: values[again] for name, values in lab.angles.items()},
    )
    with pytest.raises(UsageError, match="C3D holds 65535 frames, and this clip has 65536"):
        write_c3d(endless, tmp_path / "hinge.c3d")
    assert not list(tmp_path.glob("*.c3d"))


def test_same_movement_gives_the_same_bytes(lab, tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_c3d(lab, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
