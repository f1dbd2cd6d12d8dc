"""The motion laboratories' binary file: markers in millimetres, and every angle as a point."""

from __future__ import annotations

import errno
from pathlib import Path

import numpy as np

from hingecheck import __version__
from hingecheck.errors import UsageError
from hingecheck.export.lab import LabMotion
from hingecheck.export.markers import MARKERS

__all__ = ["write_c3d"]

MOST_FRAMES = 65_535
"""The format counts frames in 16 bits; readers drop the rest without a word."""


def write_c3d(lab: LabMotion, path: Path) -> None:
    """Write a C3D file through ezc3d.

    Points are the 33 landmarks, then every angle, and every angle's standard deviation, as points
    whose first coordinate holds the degrees and whose others are 0; POINT:ANGLES and POINT:SCALARS
    list their labels, as the programs of that world look for them. What is missing has residual -1.

    Needs the `export` extra; raises ImportError without it.

    Raises:
        UsageError: There are more than 65535 frames.
    """
    import ezc3d

    if len(lab.clock.time_s) > MOST_FRAMES:
        raise UsageError(
            f"C3D holds {MOST_FRAMES} frames, and this clip has {len(lab.clock.time_s)}."
            " Export trc and mot instead, or cut the clip."
        )
    file = ezc3d.c3d()
    degrees = np.zeros((len(lab.angles), len(lab.clock.time_s), 3))
    degrees[..., 0] = list(lab.angles.values())
    points = np.concatenate([lab.markers_m * 1000, degrees.transpose(1, 0, 2)], axis=1)
    missing = ~np.isfinite(points).all(axis=2).T[None]
    file["data"]["points"] = np.ones((4, *points.shape[1::-1]))
    file["data"]["points"][:3] = points.transpose(2, 1, 0)
    file["data"]["meta_points"]["residuals"] = np.where(missing, -1.0, 0.0)

    sds = [name for name in lab.angles if name.endswith("_sd_deg")]
    values = [name for name in lab.angles if name not in sds]
    point: dict[str, list[str] | list[float]] = {
        "LABELS": [*MARKERS, *lab.angles],
        "RATE": [lab.clock.rate_hz],
        "UNITS": ["mm"],
        "X_SCREEN": ["+X"],
        "Y_SCREEN": ["+Y"],
        "ANGLES": values,
        "ANGLE_UNITS": ["deg"],
        "SCALARS": sds,
        "SCALAR_UNITS": ["deg"],
    }
    for name, value in point.items():
        file.add_parameter("POINT", name, value)
    file.add_parameter("MANUFACTURER", "SOFTWARE", ["hingecheck"])
    file.add_parameter("MANUFACTURER", "VERSION_LABEL", [__version__])
    # ezc3d would end any other name in .c3d of its own accord.
    written = path.with_name(f"{path.name}.c3d")
    file.write(str(written))
    written.replace(path)
    if path.stat().st_size < points.size * 4 / 3 * 4:
        # ezc3d goes on where the disk is full; every point takes four floats.
        raise OSError(errno.ENOSPC, "disk full")
