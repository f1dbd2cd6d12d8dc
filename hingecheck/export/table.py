"""One table with everything per frame: the frame table, landmarks in pixels and in metres."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from hingecheck.export.lab import lab_metres
from hingecheck.export.motion import Motion
from hingecheck.pose.landmarks import Landmark
from hingecheck.report.tables import Columns, measured, write_columns_csv, write_columns_parquet

__all__ = ["table", "write_csv", "write_parquet"]

PX_DIGITS = 2
VISIBILITY_DIGITS = 3
M_DIGITS = 4


def table(motion: Motion) -> Columns:
    """The frame table and six columns per landmark, (frames,) each, masked where missing.

    `NAME_x_px`, `_y_px`: upright source pixels, y down. `_visibility`: MediaPipe's own, 0..1.
    `_x_m`, `_y_m`, `_z_m`: the laboratory's axes (`export.lab`).
    """
    track, metres = motion.seen.track, lab_metres(motion)
    columns = dict(motion.columns)
    for landmark in Landmark:
        name = landmark.name.lower()
        for axis, values in zip("xy", track.landmarks_px[:, landmark].T, strict=True):
            columns[f"{name}_{axis}_px"] = measured(values, PX_DIGITS)
        visible = np.where(track.detected, track.visibility[:, landmark], np.nan)
        columns[f"{name}_visibility"] = measured(visible, VISIBILITY_DIGITS)
        for axis, values in zip("xyz", metres[:, landmark].T, strict=True):
            columns[f"{name}_{axis}_m"] = measured(values, M_DIGITS)
    return columns


def write_csv(motion: Motion, path: Path) -> None:
    """Write the table as CSV: UTF-8, an empty cell where nothing was measured."""
    write_columns_csv(table(motion), path)


def write_parquet(motion: Motion, path: Path) -> None:
    """Write the table as Parquet; needs the `export` extra, raises ImportError without it."""
    write_columns_parquet(table(motion), path)
