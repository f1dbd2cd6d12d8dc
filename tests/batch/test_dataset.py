"""The tables: one row for everything, typed, and the same bytes every time."""

from __future__ import annotations

import csv
import errno
import json
import os
import random
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from batch.datasets import SETS, add_clip, add_real, failed, make_batch, result_of

from hingecheck import check
from hingecheck.batch.dataset import write_dataset
from hingecheck.batch.records import Entry, Failure, Status
from hingecheck.batch.tables import OF_SET, STAGES, WITH_OWN_RECORD
from hingecheck.errors import OutputError, StoreError
from hingecheck.form.records import Code, Verdict
from hingecheck.motion.hamstrings import Belly
from hingecheck.report.schema import Result

DOCS = Path(__file__).resolve().parents[2] / "docs" / "dataset.md"
TABLES = ("clips.parquet", "reps.parquet", "timings.parquet", "failures.csv", "index.html")


@pytest.fixture
def batch(tmp_path: Path) -> list[Entry]:
    return make_batch(tmp_path)


def rows_of(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return rows


def contents(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in TABLES}


def checked(out: Path, entries: Sequence[Entry]) -> dict[str, Result]:
    return {e.clip: result_of(out, e) for e in entries if e.status is Status.OK and e.clip}


def test_every_input_has_one_row_sorted_by_address(tmp_path: Path, batch: list[Entry]) -> None:
    write_dataset(tmp_path, batch)
    rows = rows_of(tmp_path / "clips.parquet")
    assert [row["address"] for row in rows] == sorted(entry.address for entry in batch)
    assert {row["address"]: row["status"] for row in rows} == {e.address: e.status for e in batch}


def test_rows_say_what_the_results_say(tmp_path: Path, batch: list[Entry]) -> None:
    write_dataset(tmp_path, batch)
    results = checked(tmp_path, batch)
    for row in rows_of(tmp_path / "clips.parquet"):
        if row["status"] == "failed":
            continue
        result = results[row["clip"]]
        assert row["sha256"] == result.clip.sha256
        assert row["height_px"] == 1080
        assert row["lift_name"] == result.lift.name
        assert row["reps"] == len(result.reps)
        assert row["butt_wink_yes"] == result.summary.butt_wink[Verdict.YES]
        assert row["cues"] == result.summary.cues
        assert json.loads(row["settings"]) == result.provenance.settings
    by_address = {row["address"]: row for row in rows_of(tmp_path / "clips.parquet")}
    tuck = by_address["uploads/tuck.mp4"]
    assert tuck["worst_rep"] == 2
    assert (tuck["worst_tuck_deg"], tuck["worst_ci95_lo_deg"]) == (18.0, 11.9)
    assert (tuck["judged"], tuck["reasons"]) == (True, ["lifter_lost"])
    assert (tuck["fatigue_tuck_verdict"], tuck["fatigue_tuck_reason"]) == (
        "not_gradeable",
        "too_few_reps",
    )
    oblique = by_address["uploads/oblique.mp4"]
    assert (oblique["judged"], oblique["reasons"]) == (False, ["view_oblique"])


def test_reps_hold_every_number_of_a_rep(tmp_path: Path, batch: list[Entry]) -> None:
    write_dataset(tmp_path, batch)
    results = checked(tmp_path, batch)
    rows = rows_of(tmp_path / "reps.parquet")
    assert [(row["clip"], row["rep"]) for row in rows] == [
        (clip, rep.index) for clip in sorted(results) for rep in results[clip].reps
    ]
    for row in rows:
        rep = results[row["clip"]].reps[row["rep"] - 1]
        wink = rep.butt_wink
        assert row["butt_wink_tuck_deg"] == wink.tuck_deg
        assert (row["butt_wink_ci95_lo_deg"], row["butt_wink_ci95_hi_deg"]) == wink.ci95_deg
        assert row["butt_wink_band"] == wink.band
        assert row["tempo_descent_s"] == rep.tempo.descent_s
        assert row["clean_depth_reached"] is rep.clean_depth.reached
        for name, value in rep.peak.items():
            assert row[f"peak_{name}"] == value
        lengths = {length.belly: length.bottom for length in rep.hamstrings}
        for belly in Belly:
            assert row[f"hamstring_{belly}_bottom"] == lengths.get(belly)
        assert row["findings"] == [found.model_dump() for found in rep.findings]
    chin = [row["neck_extension_verdict"] for row in rows]
    assert chin.count("yes") == 1
    (chin_up,) = (row for row in rows if row["neck_extension_verdict"] == "yes")
    ends = [chin_up[f"neck_extension_{end}"] for end in ("value", "ci95_lo", "ci95_hi", "limit")]
    assert ends == [48.0, 38.0, 58.0, 30.0]


def test_missing_is_null_and_never_zero(tmp_path: Path, batch: list[Entry]) -> None:
    write_dataset(tmp_path, batch)
    lost = [row for row in rows_of(tmp_path / "clips.parquet") if row["status"] == "failed"]
    told = {"address", "status", "failure", "message", "size_bytes"}
    assert len(lost) == 2
    for row in lost:
        assert {name for name, value in row.items() if value is not None} == told
    refused = [row for row in rows_of(tmp_path / "reps.parquet") if not row["gradeable"]]
    assert {row["butt_wink_tuck_deg"] for row in refused} == {None}


def test_equal_files_have_a_row_each_and_one_result(tmp_path: Path, batch: list[Entry]) -> None:
    totals = write_dataset(tmp_path, batch)
    rows = rows_of(tmp_path / "clips.parquet")
    twins = [row for row in rows if row["worst_tuck_deg"] == 18.0]
    assert [row["address"] for row in twins] == ["uploads/copy.mp4", "uploads/tuck.mp4"]
    assert len(rows_of(tmp_path / "timings.parquet")) == len(SETS)
    assert sum(row["butt_wink_tuck_deg"] == 18.0 for row in rows_of(tmp_path / "reps.parquet")) == 1
    assert (totals.checked, totals.clips) == (6, 5)


def test_schema_is_the_same_however_few_rows(tmp_path: Path) -> None:
    full, none, bad = tmp_path / "full", tmp_path / "none", tmp_path / "bad"
    for folder in (full, none, bad):
        folder.mkdir()
    write_dataset(full, make_batch(full))
    write_dataset(none, [])
    write_dataset(bad, [failed("a.mp4")])
    for name in TABLES[:3]:
        schemas = [pq.read_schema(folder / name) for folder in (full, none, bad)]
        assert schemas[0].equals(schemas[1])
        assert schemas[0].equals(schemas[2])
        assert not any(pa.types.is_null(field.type) for field in schemas[0])


def test_equal_results_make_equal_bytes_in_any_order(tmp_path: Path, batch: list[Entry]) -> None:
    write_dataset(tmp_path, batch)
    first = contents(tmp_path)
    for path in tmp_path.rglob("*"):
        os.utime(path, (1e9, 1e9))
    for seed in range(3):
        mixed = random.Random(seed).sample(batch, len(batch))
        write_dataset(tmp_path, mixed)
        assert contents(tmp_path) == first


def test_what_a_check_took_shows_in_timings_alone(tmp_path: Path) -> None:
    slow, fast = tmp_path / "slow", tmp_path / "fast"
    write_dataset(slow, make_batch(slow, shift_s=0.7))
    write_dataset(fast, make_batch(fast))
    differ = {name for name in TABLES if contents(slow)[name] != contents(fast)[name]}
    assert differ == {"timings.parquet"}
    assert {row["total_s"] for row in rows_of(fast / "timings.parquet")} == {3.75}
    assert {row["draw_s"] for row in rows_of(fast / "timings.parquet")} == {None}


@pytest.mark.parametrize(("name", "sizes"), [("clips", [3, 3, 2]), ("reps", [3, 3, 2])])
def test_row_groups_have_a_fixed_size(
    tmp_path: Path,
    batch: list[Entry],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    sizes: list[int],
) -> None:
    write_dataset(tmp_path, batch)
    whole = rows_of(tmp_path / f"{name}.parquet")
    monkeypatch.setattr("hingecheck.batch.dataset.ROWS", 3)
    write_dataset(tmp_path, batch)
    file = pq.ParquetFile(tmp_path / f"{name}.parquet").metadata
    assert [file.row_group(k).num_rows for k in range(file.num_row_groups)] == sizes
    assert rows_of(tmp_path / f"{name}.parquet") == whole


def test_failures_are_rfc_4180(tmp_path: Path, batch: list[Entry]) -> None:
    write_dataset(tmp_path, batch)
    raw = (tmp_path / "failures.csv").read_bytes()
    assert raw.startswith(b"address,clip,failure,message\r\n")
    assert b'"uploads/far, ""away"".mp4",,out_of_reach,"It did not answer.\nTry again."\r\n' in raw
    with (tmp_path / "failures.csv").open(encoding="utf-8", newline="") as file:
        told = [(row["address"], row["message"]) for row in csv.DictReader(file)]
    assert told == sorted((e.address, e.message) for e in batch if e.status is Status.FAILED)


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_failures_is_a_formula_to_spreadsheets(tmp_path: Path, begin: str) -> None:
    name = f'{begin}HYPERLINK("http:x").mp4'
    write_dataset(tmp_path, [failed(name), failed("plain=1.mp4", message="-")])
    with (tmp_path / "failures.csv").open(encoding="utf-8", newline="") as file:
        told = {(row["address"], row["message"]) for row in csv.DictReader(file)}
    assert told == {(f"'{name}", f"'{name}: no video stream."), ("plain=1.mp4", "'-")}


def test_failures_have_only_a_header_where_none_failed(tmp_path: Path) -> None:
    write_dataset(tmp_path, [add_clip(tmp_path, "a.mp4", SETS["held.mp4"])])
    assert (tmp_path / "failures.csv").read_bytes() == b"address,clip,failure,message\r\n"


def test_names_that_are_no_text_are_kept_apart(tmp_path: Path) -> None:
    names = [os.fsdecode(b"caf\xe9.mp4"), os.fsdecode(b"caf\xe8.mp4")]
    write_dataset(tmp_path, [failed(name) for name in names])
    told = [row["address"] for row in rows_of(tmp_path / "clips.parquet")]
    assert told == [r"caf\udce8.mp4", r"caf\udce9.mp4"]


def test_anonymous_datasets_repeat_no_message(tmp_path: Path) -> None:
    entries = [
        replace(failed("input-1", failure), message="/home/ana/squat.mov: nothing there.")
        for failure in Failure
    ]
    write_dataset(tmp_path, entries, anonymous=True)
    for name in TABLES:
        assert b"ana" not in (tmp_path / name).read_bytes()
    assert all(row["message"] for row in rows_of(tmp_path / "clips.parquet"))


def test_damaged_result_is_named_and_nothing_is_replaced(
    tmp_path: Path, batch: list[Entry]
) -> None:
    write_dataset(tmp_path, batch)
    before = contents(tmp_path)
    path = tmp_path / "clips" / str(batch[2].clip) / "result.json"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(StoreError, match=re.escape(f"{path}: expected the result of a check")):
        write_dataset(tmp_path, [*batch, failed("more.mp4")])
    assert contents(tmp_path) == before
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_full_disk_is_told_in_one_line_and_replaces_nothing(
    tmp_path: Path, batch: list[Entry], table: str
) -> None:
    write_dataset(tmp_path, batch[:1])
    before = contents(tmp_path)
    (tmp_path / f".{table}.partial").symlink_to("/dev/full")
    with pytest.raises(OutputError, match="no space left on device"):
        write_dataset(tmp_path, [*batch, failed("more.mp4")])
    assert contents(tmp_path) == before


def test_tables_that_are_filled_last_hold_the_others_back(
    tmp_path: Path, batch: list[Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_dataset(tmp_path, batch[:1])
    before = contents(tmp_path)

    def full(writer: pq.ParquetWriter, rows: pa.RecordBatch) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pq.ParquetWriter, "write_batch", full)
    with pytest.raises(OutputError):
        write_dataset(tmp_path, batch)
    assert contents(tmp_path) == before


def test_totals_add_up(tmp_path: Path, batch: list[Entry]) -> None:
    totals = write_dataset(tmp_path, batch)
    assert (totals.inputs, totals.checked, totals.failed) == (8, 6, 2)
    assert totals.title == "6 of 8 clips were checked."
    assert totals.sentences == [
        "2 with a tuck in at least one rep, 1 with a lower back that is rounded,"
        " 1 held in every rep, 2 not judged.",
        "8 reps, 5 judged.",
        "1 clip is a copy of another; equal clips were checked once.",
    ]


def documented() -> dict[str, dict[str, str]]:
    """Column and type per table of docs/dataset.md, with its placeholders filled in."""
    stands_for = {
        "VERDICT": [str(verdict) for verdict in Verdict],
        "SETCODE": [str(code) for code in OF_SET],
        "REPCODE": [str(c) for c in Code if c not in (*OF_SET, *WITH_OWN_RECORD)],
        "BELLY": [str(belly) for belly in Belly],
        "ANGLE": [name for name, _ in SETS["held.mp4"].angles.items()],
    }
    tables: dict[str, dict[str, str]] = {}
    for section in DOCS.read_text(encoding="utf-8").split("\n## ")[1:]:
        columns = tables.setdefault(section.splitlines()[0], {})
        for names, kind in re.findall(r"^\| (`.+?`) \| ([^|]+) \| .*\|$", section, re.MULTILINE):
            for name in re.findall(r"`(\w+)`", names):
                place = next((place for place in stands_for if place in name), None)
                for word in stands_for[place] if place else [""]:
                    columns[name.replace(place, word) if place else name] = kind
    return tables


@pytest.mark.parametrize("name", TABLES[:3])
def test_documented_columns_are_the_tables_columns(
    tmp_path: Path, batch: list[Entry], name: str
) -> None:
    write_dataset(tmp_path, batch)
    found = {
        field.name: re.sub(r"<\w+: (\w+).*", r"<\1>", str(field.type))
        for field in pq.read_schema(tmp_path / name)
    }
    assert documented()[name] == found


@pytest.fixture(scope="module")
def real(one_rep: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """A dataset of one real check between four made ones, and that check's result."""
    out = tmp_path_factory.mktemp("dataset")
    result = check(one_rep, out=out / "real", model="lite", overlay=False)
    assert result.folder is not None
    entry = add_real(out, "uploads/real.mp4", result.folder)
    write_dataset(out, [*make_batch(out), entry])
    return out, result


def test_everything_that_a_real_check_says_finds_its_column(real: tuple[Path, Result]) -> None:
    out, result = real
    names = set(pq.read_schema(out / "reps.parquet").names)
    names |= set(pq.read_schema(out / "clips.parquet").names)
    asked = [*result.summary.measures, *(one for rep in result.reps for one in rep.measures)]
    assert asked
    assert {f"{one.code}_verdict" for one in asked} <= names
    assert {f"peak_{name}" for rep in result.reps for name in rep.peak} <= names
    assert set(result.timing) <= set(STAGES)


def test_documented_queries_work_as_printed(
    real: tuple[Path, Result], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out, result = real
    monkeypatch.chdir(out)
    blocks = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 3
    told: dict[str, Any] = {}
    for block in blocks:
        exec(block, told)
    assert "lift_name" in capsys.readouterr().out

    reps = rows_of(out / "reps.parquet")
    by_lift = {row[0]: row[1:] for row in told["tucks"].fetchall()}
    judged = [row for row in reps if row["butt_wink_verdict"] != "not_gradeable"]
    assert sum(row[0] for row in by_lift.values()) == len(judged)
    assert by_lift["squat"] == (2, 0, 2.5)
    deepest = told["deepest"]
    assert isinstance(deepest, pl.DataFrame)
    assert deepest.height == sum(row["gradeable"] for row in reps)
    assert deepest["lumbar_flexion_deg"].null_count() == 0
    by_height = told["by_height"].fetchall()
    assert sum(row[1] for row in by_height) == len(reps)
    assert {row[0] for row in by_height} == {1080, result.clip.height_px}
    counted = duckdb.sql("SELECT count(DISTINCT clip) FROM 'frames/*/*.parquet'").fetchall()
    assert counted == [(6,)]
