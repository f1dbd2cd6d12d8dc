"""What a result folder knows about a movement, read once for every format."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import ValidationError

from hingecheck.errors import StoreError
from hingecheck.export.formats import result_name
from hingecheck.motion.records import angle_names
from hingecheck.pose.records import FloatArray
from hingecheck.report.landmarks import SeenLandmarks, read_landmarks
from hingecheck.report.result import read_result
from hingecheck.report.schema import Result
from hingecheck.report.tables import Columns, read_frames_csv

__all__ = ["Motion", "read_motion"]


@dataclass(frozen=True, slots=True)
class Motion:
    """One checked clip.

    Attributes:
        name: What files are called after (`formats.result_name`).
        result: The record of the check.
        seen: The landmarks.
        columns: The frame table, (frames,) each.
    """

    name: str
    result: Result
    seen: SeenLandmarks
    columns: Columns

    def column(self, name: str) -> FloatArray:
        """(frames,) one column of the frame table; NaN where missing."""
        return np.asarray(self.columns[name].filled(np.nan), dtype=np.float64)

    def angles(self) -> dict[str, FloatArray]:
        """Every angle with its standard deviation, `NAME_deg` and `NAME_sd_deg`, (frames,)."""
        return {
            column: self.column(column)
            for name in angle_names()
            for column in (f"{name}_deg", f"{name}_sd_deg")
        }


def read_motion(result: Path) -> Motion:
    """Read a result folder, given itself or its result.json.

    Raises:
        StoreError: It holds no result, one without landmarks, or a damaged one.
    """
    folder = (result.parent if result.name == "result.json" else result).resolve()
    try:
        record = read_result(folder / "result.json")
        columns = read_frames_csv(folder / "frames.csv")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise StoreError(
            f"{result}: expected a result folder of hingecheck check, found no"
            f" {Path(error.filename).name} there. Check a clip first."
        ) from error
    except (IsADirectoryError, ValidationError, ValueError) as error:
        raise _damaged(result) from error
    try:
        seen = read_landmarks(folder / "landmarks.npz")
    except FileNotFoundError:
        raise StoreError(
            f"{result}: holds no landmarks.npz, as results of earlier versions."
            " Check the clip again, then export."
        ) from None
    except IsADirectoryError as error:
        raise _damaged(result) from error
    if len(columns["frame"]) != len(seen.track.time_s):
        raise StoreError(
            f"{result}: frames.csv has {len(columns['frame'])} frames, landmarks.npz"
            f" {len(seen.track.time_s)}. Check the clip again."
        )
    return Motion(result_name(result), record, seen, columns)


def _damaged(result: Path) -> StoreError:
    return StoreError(
        f"{result}: its files are damaged, or of another version. Check the clip again."
    )
