"""Pose datasets, read back by xarray and by movement."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import xarray
from export.filmed import Filmed

from hingecheck import __version__
from hingecheck.export.netcdf import write_netcdf
from hingecheck.pose.landmarks import Landmark

MOVEMENT = """
import xarray
from movement.filtering import filter_by_confidence
from movement.kinematics import compute_velocity
from movement.validators.datasets import ValidPosesInputs

data = xarray.open_dataset("hinge.nc")
ValidPosesInputs.validate(data)
own = ValidPosesInputs(
    position_array=data.position.values, confidence_array=data.confidence.values,
    individual_names=data.individuals.values, keypoint_names=data.keypoints.values,
    fps=data.fps, source_software=data.source_software,
).to_dataset()
xarray.testing.assert_allclose(own, data[["position", "confidence"]])
assert set(own.attrs) < set(data.attrs)
assert {name: data.attrs[name] for name in own.attrs} == own.attrs
seen = filter_by_confidence(data.position, data.confidence, threshold=0.5)
speed = compute_velocity(seen).sel(keypoints="right_wrist", individuals="lifter", space="y")
print(json.dumps([data.attrs["ds_type"], float(speed.max())]))
"""


def test_xarray_reads_the_same_numbers(motion, tmp_path: Path) -> None:
    write_netcdf(motion, tmp_path / "hinge.nc")
    with xarray.open_dataset(tmp_path / "hinge.nc") as data:
        assert data.position.dims == ("time", "space", "keypoints", "individuals")
        assert data.confidence.dims == ("time", "keypoints", "individuals")
        assert list(data.keypoints.values) == [landmark.name.lower() for landmark in Landmark]
        assert (list(data.space.values), list(data.individuals.values)) == (["x", "y"], ["lifter"])
        assert data.position.units == "pixels"
        np.testing.assert_array_equal(data.time, motion.seen.track.time_s)
        np.testing.assert_array_equal(
            data.position.isel(individuals=0).transpose("time", "keypoints", "space"),
            motion.seen.track.landmarks_px,
        )
        for name, values in motion.angles().items():
            np.testing.assert_array_equal(data[name], values)
            assert data[name].units == "degrees"


def test_attributes_are_those_that_movement_gives(film, tmp_path: Path) -> None:
    write_netcdf(film(Filmed(clip="Ünal 硬拉.mp4")), tmp_path / "hinge.nc")
    with xarray.open_dataset(tmp_path / "hinge.nc") as data:
        assert data.attrs == {
            "ds_type": "poses",
            "fps": 30.0,
            "time_unit": "seconds",
            "source_software": f"hingecheck {__version__}",
            "source_file": "Ünal 硬拉.mp4",
        }


def test_movement_takes_it_for_its_own(motion, movement, tmp_path: Path) -> None:
    write_netcdf(motion, tmp_path / "hinge.nc")
    kind, fastest = movement(MOVEMENT, tmp_path)
    assert kind == "poses"
    wrist_y = motion.seen.track.landmarks_px[:, Landmark.RIGHT_WRIST, 1]
    speed = np.gradient(wrist_y.astype(float), motion.seen.track.time_s)
    assert abs(fastest - speed.max()) < 1.0


def test_lost_lifter_is_not_a_number_and_times_stay_the_frames_own(film, tmp_path: Path) -> None:
    stamps = np.delete(np.arange(121) / 30, [10, 30, 31])
    write_netcdf(film(Filmed(time_s=stamps, unseen=slice(40, 60))), tmp_path / "hinge.nc")
    with xarray.open_dataset(tmp_path / "hinge.nc") as data:
        np.testing.assert_array_equal(data.time, stamps)
        lost = data.isel(time=slice(40, 60))
        for name in ("position", "confidence", "lumbar_flexion_deg"):
            assert lost[name].isnull().all()
        assert data.isel(time=slice(60, None)).position.notnull().all()


def test_same_movement_gives_the_same_bytes(motion, tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_netcdf(motion, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
