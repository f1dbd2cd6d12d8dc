"""The tables and the page that a batch leaves beside its results."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from hingecheck.batch.columns import Column, batch_of, schema_of
from hingecheck.batch.page import failure_sentence, render_page
from hingecheck.batch.records import Entry, Status, text
from hingecheck.batch.tables import ENTRY, OF_CLIP, OF_REP, OF_TIMING, CheckedClip, CheckedRep
from hingecheck.batch.totals import Spreads, Story, Totals, count_up, story_of
from hingecheck.errors import OutputError, StoreError, reason_of
from hingecheck.report.result import read_result
from hingecheck.report.schema import Result

__all__ = ["write_dataset"]

ROWS = 5_000
"""Rows of a row group: always as many, so that equal rows make equal files."""

_ROW_TABLES = ("reps.parquet", "timings.parquet")
"""Tables that are written while results are read, one after the other."""

FAILURES = ("address", "clip", "failure", "message")
"""Columns of `failures.csv`."""


def write_dataset(out: Path, entries: Sequence[Entry], *, anonymous: bool = False) -> Totals:
    """Write clips, reps, timings, failures and the page that leads to them, from scratch.

    Reads `clips/<id>/result.json` of every clip that was checked, one after the other. The files
    take their places only after all of them were written, each in one step. Equal entries and
    results make equal bytes, in whatever order they are given; `timings.parquet` is equal where
    the checks took equally long.

    Args:
        out: The batch's folder.
        entries: One per input.
        anonymous: Leave out messages, which name files, and say on the page that names are.

    Raises:
        StoreError: A checked clip's result is missing or damaged.
        OutputError: A file could not be written.
    """
    ordered = sorted((_fit(entry, anonymous) for entry in entries), key=_order)
    ids = sorted({entry.clip for entry in ordered if entry.status is Status.OK and entry.clip})
    stories: dict[str, Story] = {}
    spreads, checked = Spreads(), _Rows(OF_CLIP)
    try:
        with ExitStack() as files:
            partial = {name: files.enter_context(_replacing(out / name)) for name in _ROW_TABLES}
            with (
                _table(partial["reps.parquet"], OF_REP) as reps,
                _table(partial["timings.parquet"], OF_TIMING) as timings,
            ):
                for clip in ids:
                    result = _result(out, clip)
                    stories[clip] = story_of(result)
                    spreads.add(result)
                    checked.add(result)
                    timings.add(CheckedClip(clip, result))
                    for rep in result.reps:
                        reps.add(CheckedRep(clip, result, rep))
            totals = count_up(ordered, stories)
            _write_clips(
                files.enter_context(_replacing(out / "clips.parquet")), ordered, ids, checked
            )
            _write_failures(files.enter_context(_replacing(out / "failures.csv")), ordered)
            page = render_page(
                ordered,
                stories,
                totals,
                spreads=spreads,
                pictured={clip for clip in ids if (_folder(out, clip) / "thumb.jpg").exists()},
                anonymous=anonymous,
            )
            files.enter_context(_replacing(out / "index.html")).write_text(page, encoding="utf-8")
    except OSError as error:
        what = reason_of(error)
        raise OutputError(
            f"{out}: the tables could not be written ({what}). Make room or choose another --out,"
            " and run the same command again: what is done stays done."
        ) from error
    return totals


class _Rows:
    """Rows of values as batches of always the same size.

    Args:
        columns: What is kept of every row.
        writer: Where full batches go; without one they are kept.
    """

    def __init__(self, columns: Sequence[Column], writer: pq.ParquetWriter | None = None) -> None:
        self.batches: list[pa.RecordBatch] = []
        self._columns = columns
        self._writer = writer
        self._rows: list[list[Any]] = []

    def add(self, row: Any) -> None:
        """Take what the columns hold of a record."""
        self._rows.append([column.of(row) for column in self._columns])
        if len(self._rows) == ROWS:
            self.flush()

    def flush(self) -> None:
        """Close the batch that is being filled."""
        if not self._rows:
            return
        batch = batch_of(self._columns, self._rows)
        self._rows = []
        if self._writer is None:
            self.batches.append(batch)
        else:
            self._writer.write_batch(batch)


@contextmanager
def _table(path: Path, columns: Sequence[Column]) -> Iterator[_Rows]:
    """A Parquet file that is filled row by row."""
    with pq.ParquetWriter(path, schema_of(columns)) as writer:
        rows = _Rows(columns, writer)
        yield rows
        rows.flush()


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A file beside `path` that takes its place when the block ends well."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _write_clips(path: Path, entries: Sequence[Entry], ids: Sequence[str], checked: _Rows) -> None:
    """Every input with what is known of its clip beside it."""
    checked.flush()
    of_clip = pa.Table.from_batches(checked.batches, schema_of(OF_CLIP))
    place = {clip: row for row, clip in enumerate(ids)}
    schema = schema_of((*ENTRY, *OF_CLIP))
    with pq.ParquetWriter(path, schema) as writer:
        for start in range(0, len(entries), ROWS):
            some = entries[start : start + ROWS]
            rows = [[column.of(entry) for column in ENTRY] for entry in some]
            known = [
                place[entry.clip] if entry.status is Status.OK and entry.clip else None
                for entry in some
            ]
            beside = of_clip.take(pa.array(known, pa.int64()))
            inputs = batch_of(ENTRY, rows)
            writer.write_table(
                pa.Table.from_arrays([*inputs.columns, *beside.columns], schema=schema)
            )


def _write_failures(path: Path, entries: Sequence[Entry]) -> None:
    """RFC 4180: commas, quotes where needed, CR LF; only the header where all went well."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(FAILURES)
        table.writerows(
            [_cell(getattr(entry, name)) for name in FAILURES]
            for entry in entries
            if entry.status is Status.FAILED
        )


def _cell(value: str | None) -> str | None:
    """Text that no spreadsheet takes for a formula (OWASP, "CSV Injection")."""
    return f"'{value}" if value and value[0] in "=+-@\t\r" else value


def _result(out: Path, clip: str) -> Result:
    path = _folder(out, clip) / "result.json"
    try:
        return read_result(path)
    except (FileNotFoundError, NotADirectoryError, ValidationError) as error:
        raise StoreError(
            f"{path}: expected the result of a check, it is missing or damaged. Remove its folder"
            " and run the same command again."
        ) from error


def _folder(out: Path, clip: str) -> Path:
    return out / "clips" / clip


def _fit(entry: Entry, anonymous: bool) -> Entry:
    """The entry in text that files can hold; nameless if asked for."""
    message = entry.message
    if anonymous and entry.status is Status.FAILED:
        message = failure_sentence(entry.failure)
    return replace(entry, address=text(entry.address), message=message and text(message))


def _order(entry: Entry) -> tuple[Any, ...]:
    """By address; the rest is for inputs that are given twice."""
    return entry.address, entry.clip or "", entry.status, entry.failure or "", entry.message or ""
