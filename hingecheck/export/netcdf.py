"""A pose dataset in movement's layout, with every angle beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.io import netcdf_file

from hingecheck import __version__
from hingecheck.export.motion import Motion
from hingecheck.pose.landmarks import Landmark

__all__ = ["write_netcdf"]

INDIVIDUAL = "lifter"


def write_netcdf(motion: Motion, path: Path) -> None:
    """Write a netCDF file that movement, and anything that reads xarray datasets, opens.

    `position` (time, space, keypoints, individuals) in upright source pixels, y down, and
    `confidence` (time, keypoints, individuals) are movement's; every angle and its standard
    deviation stand beside them as variables over time. Times are the frames' own. Missing is NaN.
    """
    track, clip = motion.seen.track, motion.result.clip
    position = track.landmarks_px.transpose(0, 2, 1)[..., None]
    confidence = np.where(track.detected[:, None], track.visibility, np.nan)[..., None]
    over_time: dict[str, tuple[tuple[str, ...], NDArray[np.floating], str]] = {
        "time": (("time",), track.time_s, "seconds"),
        "position": (("time", "space", "keypoints", "individuals"), position, "pixels"),
        "confidence": (("time", "keypoints", "individuals"), confidence, "1"),
    }
    for name, values in motion.angles().items():
        over_time[name] = (("time",), values, "degrees")
    coordinates = {
        "space": ("x", "y"),
        "keypoints": tuple(landmark.name.lower() for landmark in Landmark),
        "individuals": (INDIVIDUAL,),
    }
    # Version 2: files over 2 GB; the classic format has no text, so names are rows of characters.
    with netcdf_file(str(path), "w", version=2) as file:
        file.createDimension("time", len(track.time_s))
        for name, labels in coordinates.items():
            file.createDimension(name, len(labels))
            _write_names(file, name, labels)
        for name, (dimensions, numbers, unit) in over_time.items():
            kind = "d" if numbers.dtype == np.float64 else "f"
            variable = file.createVariable(name, kind, dimensions)
            variable[:] = numbers
            # xarray of before 2025 turns a time that is called seconds into a duration.
            if name != "time":
                _describe(variable, units=unit)
        _describe(
            file,
            ds_type="poses",
            fps=clip.mean_fps,
            time_unit="seconds",
            source_software=f"hingecheck {__version__}",
            source_file=clip.name,
        )


def _write_names(file: netcdf_file, name: str, labels: Sequence[str]) -> None:
    """A coordinate of names: (names, characters) with the encoding that xarray looks for."""
    encoded = np.array([label.encode() for label in labels])
    width = encoded.dtype.itemsize
    file.createDimension(f"{name}_characters", width)
    variable = file.createVariable(name, "c", (name, f"{name}_characters"))
    variable[:] = encoded.view("S1").reshape(len(labels), width)
    _describe(variable, _Encoding="utf-8")


def _describe(what: object, **attributes: str | float) -> None:
    """Give the file or a variable attributes; text as UTF-8, which the format leaves open."""
    for name, value in attributes.items():
        setattr(what, name, value.encode() if isinstance(value, str) else np.float64(value))
