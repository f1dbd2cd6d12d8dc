"""One row per frame, missing is an empty cell."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import numpy as np
import pytest
from report.sets import SetOfReps, make_analysis

from hingecheck.form.records import Analysis
from hingecheck.report.tables import (
    frame_columns,
    read_frames_csv,
    write_frames_csv,
    write_frames_parquet,
)

ANGLES = (
    "trunk_inclination", "pelvic_tilt", "lumbar_flexion", "thoracic_flexion",
    "thigh_inclination", "shank_inclination", "knee_flexion", "hip_flexion",
    "trunk_thigh_flexion", "neck_extension", "view_yaw",
)  # fmt: skip
COLUMNS = [
    "frame", "time_s", "detected", "rep", "phase",
    *(f"{name}{end}" for name in ANGLES for end in ("_deg", "_sd_deg")),
    "profile_coverage", "quality",
    *(f"{belly}_length{end}" for belly in ("bflh", "bfsh", "semimem", "semiten")
      for end in ("", "_sd")),
    "bar_forward_cm", "bar_height_cm",
]  # fmt: skip


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_columns_are_the_contract(analysis: Analysis, tmp_path: Path) -> None:
    write_frames_csv(analysis, tmp_path / "frames.csv")
    header = (tmp_path / "frames.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header.split(",") == COLUMNS


def test_one_row_per_frame_with_rounded_values(analysis: Analysis, tmp_path: Path) -> None:
    write_frames_csv(analysis, tmp_path / "frames.csv")
    rows = rows_of(tmp_path / "frames.csv")
    assert [int(row["frame"]) for row in rows] == list(range(analysis.frames))
    time_s = [float(row["time_s"]) for row in rows]
    np.testing.assert_allclose(time_s, analysis.track.time_s, atol=1e-6)
    lumbar = analysis.angles.lumbar_flexion.value_deg
    assert float(rows[90]["lumbar_flexion_deg"]) == pytest.approx(lumbar[90], abs=0.0051)


def test_missing_is_an_empty_cell(analysis: Analysis, tmp_path: Path) -> None:
    write_frames_csv(analysis, tmp_path / "frames.csv")
    lost = rows_of(tmp_path / "frames.csv")[155]
    assert lost["detected"] == "false"
    assert {lost[f"{name}_deg"] for name in ANGLES} == {""}
    assert lost["profile_coverage"] == ""
    assert lost["quality"] == "0.0"


def test_rep_and_phase_are_empty_between_reps(analysis: Analysis, tmp_path: Path) -> None:
    write_frames_csv(analysis, tmp_path / "frames.csv")
    rows = rows_of(tmp_path / "frames.csv")
    rep = analysis.reps[0].rep
    assert (rows[0]["rep"], rows[0]["phase"]) == ("", "")
    assert (rows[rep.start]["rep"], rows[rep.start]["phase"]) == ("1", "descent")
    assert (rows[rep.bottom]["rep"], rows[rep.bottom]["phase"]) == ("1", "bottom")
    assert (rows[rep.end]["rep"], rows[rep.end]["phase"]) == ("1", "ascent")


def test_table_comes_back_as_it_was_written(analysis: Analysis, tmp_path: Path) -> None:
    write_frames_csv(analysis, tmp_path / "frames.csv")
    back, columns = read_frames_csv(tmp_path / "frames.csv"), frame_columns(analysis)
    assert list(back) == COLUMNS
    for name, column in columns.items():
        assert back[name].dtype == column.dtype
        assert back[name].tolist() == column.tolist()


def test_clip_without_anybody_still_makes_a_table(tmp_path: Path) -> None:
    analysis = make_analysis(SetOfReps(tucks_deg=(), lead_s=1, detected=False))
    write_frames_csv(analysis, tmp_path / "frames.csv")
    rows = rows_of(tmp_path / "frames.csv")
    assert len(rows) == 60
    assert {row["detected"] for row in rows} == {"false"}


def test_eleven_minutes_of_video_are_written_within_a_second(tmp_path: Path) -> None:
    analysis = make_analysis(SetOfReps(tucks_deg=(4.0,) * 80, rep_s=8.0, lead_s=13.4))
    assert analysis.frames >= 20_000
    begin = time.process_time()
    write_frames_csv(analysis, tmp_path / "frames.csv")
    assert time.process_time() - begin < 1.0


def test_parquet_holds_the_same_table_with_real_nulls(analysis: Analysis, tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    write_frames_parquet(analysis, tmp_path / "frames.parquet")
    table = pq.read_table(tmp_path / "frames.parquet")
    assert table.column_names == COLUMNS
    for name, column in frame_columns(analysis).items():
        assert table[name].to_pylist() == column.tolist()
    assert str(table.schema.field("detected").type) == "bool"
    assert str(table.schema.field("rep").type) == "int64"
    assert str(table.schema.field("phase").type) == "string"


def test_parquet_columns_have_the_same_types_without_reps(tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    write_frames_parquet(make_analysis(SetOfReps()), tmp_path / "set.parquet")
    write_frames_parquet(
        make_analysis(SetOfReps(tucks_deg=(), lead_s=3)), tmp_path / "none.parquet"
    )
    with_reps = pq.read_schema(tmp_path / "set.parquet")
    assert pq.read_schema(tmp_path / "none.parquet").equals(with_reps)
