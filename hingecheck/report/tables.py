"""One row per frame: frames.csv, and frames.parquet where pyarrow is installed."""

from __future__ import annotations

import csv
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from hingecheck.form.records import Analysis
from hingecheck.motion.records import rep_of_frame
from hingecheck.pose.records import FloatArray

__all__ = [
    "Columns",
    "frame_columns",
    "measured",
    "read_frames_csv",
    "write_columns_csv",
    "write_columns_parquet",
    "write_frames_csv",
    "write_frames_parquet",
    "write_tables",
]

Columns = dict[str, "np.ma.MaskedArray[Any, Any]"]
"""A table by column, (rows,) each, masked where missing."""

TIME_DIGITS = 6
"""Microseconds: finer than the 1/90000 s tick of phone video."""

ANGLE_DIGITS = 2
SHARE_DIGITS = 3
LENGTH_DIGITS = 4
CM_DIGITS = 1


def frame_columns(analysis: Analysis) -> Columns:
    """Every column of the file contract, in its order; each (frames,), masked where missing."""
    frames = analysis.frames
    rep, phase = rep_of_frame(tuple(check.rep for check in analysis.reps), frames)
    phases = np.array([str(name) for name in phase], dtype=object)
    columns: Columns = {
        "frame": np.ma.masked_array(np.arange(frames)),
        "time_s": measured(analysis.track.time_s, TIME_DIGITS),
        "detected": np.ma.masked_array(analysis.track.detected),
        "rep": np.ma.masked_array(rep, mask=rep == 0),
        "phase": np.ma.masked_array(phases, mask=phases == ""),
    }
    for name, estimate in analysis.angles.items():
        columns[f"{name}_deg"] = measured(estimate.value_deg, ANGLE_DIGITS)
        columns[f"{name}_sd_deg"] = measured(estimate.sd_deg, ANGLE_DIGITS)
    columns["profile_coverage"] = measured(analysis.profile.coverage, SHARE_DIGITS)
    columns["quality"] = measured(analysis.quality, SHARE_DIGITS)
    for belly, length in analysis.hamstrings.items():
        columns[f"{belly}_length"] = measured(length.ratio, LENGTH_DIGITS)
        columns[f"{belly}_length_sd"] = measured(length.sd, LENGTH_DIGITS)
    columns["bar_forward_cm"] = measured(analysis.bar.forward_cm, CM_DIGITS)
    columns["bar_height_cm"] = measured(analysis.bar.height_cm, CM_DIGITS)
    return columns


def write_tables(analysis: Analysis, folder: Path) -> None:
    """Write frames.csv into `folder`, and frames.parquet too if pyarrow is installed."""
    write_frames_csv(analysis, folder / "frames.csv")
    if importlib.util.find_spec("pyarrow") is not None:
        write_frames_parquet(analysis, folder / "frames.parquet")


def write_frames_csv(analysis: Analysis, path: Path) -> None:
    """Write the frame table as CSV, see `write_columns_csv`."""
    write_columns_csv(frame_columns(analysis), path)


def write_frames_parquet(analysis: Analysis, path: Path) -> None:
    """Write the frame table as Parquet, see `write_columns_parquet`."""
    write_columns_parquet(frame_columns(analysis), path)


def write_columns_csv(columns: Columns, path: Path) -> None:
    """Write a table as CSV: UTF-8, a missing value is an empty cell, never 0.

    `detected` reads true or false.
    """
    cells = {name: column.tolist() for name, column in columns.items()}
    cells["detected"] = ["true" if seen else "false" for seen in cells["detected"]]
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(cells)
        table.writerows(zip(*cells.values(), strict=True))


def write_columns_parquet(columns: Columns, path: Path) -> None:
    """Write a table as Parquet with typed columns and real nulls.

    Needs the `parquet` extra; raises ImportError without it.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(
        {
            name: pa.array(
                column.data,
                mask=np.ma.getmaskarray(column),
                type=pa.string() if column.dtype == object else None,
            )
            for name, column in columns.items()
        }
    )
    pq.write_table(table, path)


def read_frames_csv(path: Path) -> Columns:
    """Read a frames.csv back as `frame_columns` made it; raises ValueError where it is none."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    cells = dict(zip(header, zip(*rows, strict=True), strict=True))
    return {name: _column(name, column) for name, column in cells.items()}


def _column(name: str, cells: Sequence[str]) -> np.ma.MaskedArray[Any, Any]:
    missing = [not cell for cell in cells]
    match name:
        case "detected":
            return np.ma.masked_array([cell == "true" for cell in cells])
        case "phase":
            return np.ma.masked_array(np.array(cells, dtype=object), mask=missing)
        case "frame" | "rep":
            return np.ma.masked_array([int(cell or 0) for cell in cells], mask=missing)
        case _:
            return np.ma.masked_invalid([float(cell or "nan") for cell in cells])


def measured(values: FloatArray, digits: int) -> np.ma.MaskedArray[Any, Any]:
    """Rounded numbers without negative zero, masked where NaN."""
    rounded = np.round(np.asarray(values, dtype=np.float64), digits) + 0.0
    return np.ma.masked_invalid(rounded)
