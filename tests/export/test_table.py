"""Tables, read back by pandas and pyarrow."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas
import pyarrow.parquet
from export.filmed import Filmed

from hingecheck.export.lab import lab_metres
from hingecheck.export.table import write_csv, write_parquet
from hingecheck.pose.landmarks import Landmark


def test_table_holds_angles_and_landmarks_of_every_frame(motion, tmp_path: Path) -> None:
    write_csv(motion, tmp_path / "hinge.csv")
    table = pandas.read_csv(tmp_path / "hinge.csv")
    assert len(table) == 121
    assert list(table.columns[:5]) == ["frame", "time_s", "detected", "rep", "phase"]
    np.testing.assert_array_equal(table["lumbar_flexion_deg"], motion.column("lumbar_flexion_deg"))
    np.testing.assert_array_equal(table["knee_flexion_sd_deg"], 3.0)
    metres = lab_metres(motion)
    for landmark in Landmark:
        name = landmark.name.lower()
        px = table[[f"{name}_x_px", f"{name}_y_px"]]
        np.testing.assert_allclose(px, motion.seen.track.landmarks_px[:, landmark], atol=0.0051)
        metre = table[[f"{name}_{axis}_m" for axis in "xyz"]]
        np.testing.assert_allclose(metre, metres[:, landmark], atol=5.1e-5)
        np.testing.assert_allclose(table[f"{name}_visibility"], 0.99, atol=1e-6)


def test_missing_is_an_empty_cell_and_a_null(film, tmp_path: Path) -> None:
    motion = film(Filmed(unseen=slice(40, 60)))
    write_csv(motion, tmp_path / "hinge.csv")
    write_parquet(motion, tmp_path / "hinge.parquet")
    lost = (tmp_path / "hinge.csv").read_text().splitlines()[45].split(",")
    assert lost[2] == "false"
    assert not any(lost[-6:])
    parquet = pyarrow.parquet.read_table(tmp_path / "hinge.parquet")
    assert parquet["nose_x_m"].null_count == parquet["nose_visibility"].null_count == 20


def test_parquet_is_the_csv_with_types(film, tmp_path: Path) -> None:
    motion = film(Filmed(unseen=slice(40, 60)))
    write_csv(motion, tmp_path / "hinge.csv")
    write_parquet(motion, tmp_path / "hinge.parquet")
    typed = pandas.read_parquet(tmp_path / "hinge.parquet")
    plain = pandas.read_csv(tmp_path / "hinge.csv", dtype=typed.dtypes.to_dict())
    pandas.testing.assert_frame_equal(typed.drop(columns="phase"), plain.drop(columns="phase"))
