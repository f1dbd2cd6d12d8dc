"""One row per frame: frames.csv, and frames.parquet where pyarrow is installed."""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np

from hingecheck.form.records import Analysis
from hingecheck.motion.records import rep_of_frame
from hingecheck.pose.records import FloatArray

__all__ = ["frame_columns", "write_frames_csv", "write_frames_parquet", "write_tables"]

Columns = dict[str, "np.ma.MaskedArray[Any, Any]"]

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
        "time_s": _measured(analysis.track.time_s, TIME_DIGITS),
        "detected": np.ma.masked_array(analysis.track.detected),
        "rep": np.ma.masked_array(rep, mask=rep == 0),
        "phase": np.ma.masked_array(phases, mask=phases == ""),
    }
    for name, estimate in analysis.angles.items():
        columns[f"{name}_deg"] = _measured(estimate.value_deg, ANGLE_DIGITS)
        columns[f"{name}_sd_deg"] = _measured(estimate.sd_deg, ANGLE_DIGITS)
    columns["profile_coverage"] = _measured(analysis.profile.coverage, SHARE_DIGITS)
    columns["quality"] = _measured(analysis.quality, SHARE_DIGITS)
    for belly, length in analysis.hamstrings.items():
        columns[f"{belly}_length"] = _measured(length.ratio, LENGTH_DIGITS)
        columns[f"{belly}_length_sd"] = _measured(length.sd, LENGTH_DIGITS)
    columns["bar_forward_cm"] = _measured(analysis.bar.forward_cm, CM_DIGITS)
    columns["bar_height_cm"] = _measured(analysis.bar.height_cm, CM_DIGITS)
    return columns


def write_tables(analysis: Analysis, folder: Path) -> None:
    """Write frames.csv into `folder`, and frames.parquet too if pyarrow is installed."""
    write_frames_csv(analysis, folder / "frames.csv")
    if importlib.util.find_spec("pyarrow") is not None:
        write_frames_parquet(analysis, folder / "frames.parquet")


def write_frames_csv(analysis: Analysis, path: Path) -> None:
    """Write the frame table as CSV: UTF-8, a missing value is an empty cell, never 0.

    `detected` reads true or false.
    """
    columns = frame_columns(analysis)
    cells = {name: column.tolist() for name, column in columns.items()}
    cells["detected"] = ["true" if seen else "false" for seen in cells["detected"]]
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(cells)
        table.writerows(zip(*cells.values(), strict=True))


def write_frames_parquet(analysis: Analysis, path: Path) -> None:
    """Write the same table as Parquet with typed columns and real nulls.

    Needs the `parquet` extra; raises ImportError without it.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(
        {
            name: pa.array(column.data, mask=np.ma.getmaskarray(column))
            for name, column in frame_columns(analysis).items()
        }
    )
    pq.write_table(table, path)


def _measured(values: FloatArray, digits: int) -> np.ma.MaskedArray[Any, Any]:
    """Rounded numbers without negative zero, masked where NaN."""
    rounded = np.round(np.asarray(values, dtype=np.float64), digits) + 0.0
    return np.ma.masked_invalid(rounded)
