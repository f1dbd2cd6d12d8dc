"""What has been done: the batch's memory, which survives whatever ends the run."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from hingecheck.batch.records import Entry, Failure, Outcome, Status, text
from hingecheck.batch.sources import Source
from hingecheck.errors import OutputError, StoreError, UsageError

__all__ = ["Ledger"]

VERSION = 2

_TABLES = """
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS source (
    key TEXT PRIMARY KEY,       -- sha256 of the address
    address TEXT,               -- null in anonymous datasets
    stamp TEXT NOT NULL,        -- what is wanted: this content ...
    fingerprint TEXT NOT NULL,  -- ... with these settings
    attempts INTEGER NOT NULL,  -- begun at that
    met INTEGER NOT NULL,       -- whether what follows is of that, or of something earlier
    size_bytes INTEGER,
    clip TEXT,
    status TEXT NOT NULL,
    failure TEXT,
    message TEXT,
    kept TEXT                   -- the clip of its last result, whatever was tried since
);
CREATE TABLE IF NOT EXISTS result (
    clip TEXT PRIMARY KEY,
    size_bytes INTEGER NOT NULL,
    files TEXT NOT NULL         -- names in its folder, with / between them
);
CREATE INDEX IF NOT EXISTS result_size ON result (size_bytes);
"""


class Ledger:
    """Sources, attempts and results of one output folder, in SQLite; a context manager.

    Every method is one transaction: after a kill it has happened or has not.

    Args:
        path: The file; made where there is none.
        anonymous: Whether addresses are kept out of it.

    Raises:
        UsageError: The folder was begun with names and is now to be without, or the reverse.
        StoreError: The file is damaged or is none of ours.
    """

    def __init__(self, path: Path, *, anonymous: bool) -> None:
        self._path, self._anonymous = path, anonymous
        try:
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.executescript(_TABLES)
        except sqlite3.Error as error:
            raise self._named(error) from error
        self._require("version", str(VERSION), "was written by another version of hingecheck")
        self._require(
            "anonymous",
            str(anonymous),
            "was begun without --anonymise" if anonymous else "was begun with --anonymise",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def open_sources(
        self, sources: Iterable[Source], fingerprint: str, most_attempts: int
    ) -> list[Source]:
        """Note the sources of this run, and return those that want work.

        One that has a result for its stamp and these settings wants none, nor does one that was
        tried `most_attempts` times. What a source had before stays until there is something else.
        """
        waiting = []
        with self._transaction():
            for source in sources:
                key = _key(source.address)
                row = self._db.execute(
                    "SELECT stamp, fingerprint, status, met, attempts FROM source WHERE key = ?",
                    (key,),
                ).fetchone()
                wanted = (source.stamp, fingerprint)
                if row is None:
                    address = None if self._anonymous else text(source.address)
                    self._db.execute(
                        "INSERT INTO source"
                        " VALUES (?, ?, ?, ?, 0, 0, ?, NULL, ?, NULL, NULL, NULL)",
                        (key, address, *wanted, source.size_bytes, Status.WAITING),
                    )
                elif row[:2] != wanted:
                    self._db.execute(
                        "UPDATE source SET stamp = ?, fingerprint = ?, attempts = 0, met = 0"
                        " WHERE key = ?",
                        (*wanted, key),
                    )
                elif row[3] and row[2] == Status.OK:
                    continue
                elif row[4] >= most_attempts:
                    self._give_up(key, row[4])
                    continue
                waiting.append(source)
        return waiting

    def _give_up(self, key: str, attempts: int) -> None:
        """Have a clip count as failed whose attempts all ended with the run."""
        self._db.execute(
            "UPDATE source SET met = 1, status = ?, failure = ?, message = ?"
            " WHERE key = ? AND NOT met",
            (
                Status.FAILED,
                Failure.LOST,
                f"{attempts} runs ended while it was checked. Try it alone, or with --again.",
                key,
            ),
        )

    def begin(self, source: Source) -> None:
        """Count an attempt, before it begins: one that takes the machine down counts too."""
        with self._transaction():
            self._db.execute(
                "UPDATE source SET attempts = attempts + 1 WHERE key = ?", (_key(source.address),)
            )

    def withdraw(self, sources: Iterable[Source]) -> None:
        """Take attempts back that were stopped through no fault of their clips."""
        with self._transaction():
            self._db.executemany(
                "UPDATE source SET attempts = attempts - 1 WHERE key = ?",
                [(_key(source.address),) for source in sources],
            )

    def end(self, outcome: Outcome, files: Iterable[str] = ()) -> None:
        """Note what came of a clip.

        Args:
            outcome: What came of it.
            files: Names in its result's folder, which is in place already. Those of a result that
                is known stay as they are.
        """
        done = outcome.failure is None
        with self._transaction():
            self._db.execute(
                "UPDATE source SET met = 1, status = ?, clip = ?,"
                " size_bytes = coalesce(?, size_bytes), failure = ?, message = ?,"
                " kept = coalesce(?, kept) WHERE key = ?",
                (
                    Status.OK if done else Status.FAILED,
                    outcome.clip,
                    outcome.size_bytes,
                    outcome.failure,
                    None if outcome.message is None else text(outcome.message),
                    outcome.clip if done else None,
                    _key(outcome.address),
                ),
            )
            if done:
                self._db.execute(
                    "INSERT OR IGNORE INTO result VALUES (?, ?, ?)",
                    (outcome.clip, outcome.size_bytes, "/".join(sorted(files))),
                )

    def forget_others(self, sources: Iterable[Source]) -> int:
        """Drop every source that is not among these; returns how many."""
        named = {_key(source.address) for source in sources}
        with self._transaction():
            others = [
                (key,)
                for (key,) in self._db.execute("SELECT key FROM source").fetchall()
                if key not in named
            ]
            self._db.executemany("DELETE FROM source WHERE key = ?", others)
        return len(others)

    def results(self, size_bytes: int | None, fingerprint: str) -> frozenset[str]:
        """Ids of clips of a size that have a result with these settings; None is any size."""
        rows = (
            self._read("SELECT clip FROM result")
            if size_bytes is None
            else self._read("SELECT clip FROM result WHERE size_bytes = ?", (size_bytes,))
        )
        return frozenset(clip for (clip,) in rows if clip.endswith(f"-{fingerprint}"))

    def has_result(self, clip: str | None) -> bool:
        """Whether a clip's result is in place."""
        return bool(self._read("SELECT 1 FROM result WHERE clip = ?", (clip,)))

    def all_results(self) -> dict[str, tuple[str, ...]]:
        """Ids of all clips that have a result, whatever the settings, with its files' names."""
        rows = self._read("SELECT clip, files FROM result")
        return {clip: tuple(files.split("/")) for clip, files in rows}

    def sweep(self) -> frozenset[str]:
        """Forget results that no source leads to any more; returns the ids that remain.

        A source leads to its last result until it has another, so that an attempt that fails
        takes nothing away.
        """
        with self._transaction():
            self._db.execute(
                "DELETE FROM result WHERE clip NOT IN"
                " (SELECT kept FROM source WHERE kept IS NOT NULL)"
            )
        return frozenset(self.all_results())

    def forget_result(self, clip: str) -> None:
        """Have a result made again that is gone or damaged."""
        with self._transaction():
            self._db.execute("DELETE FROM result WHERE clip = ?", (clip,))
            self._db.execute(
                "UPDATE source SET met = 0, status = ?, clip = NULL, attempts = 0 WHERE clip = ?",
                (Status.WAITING, clip),
            )
            self._db.execute("UPDATE source SET kept = NULL WHERE kept = ?", (clip,))

    def entries(self) -> list[Entry]:
        """Every source with what became of it; by address, in anonymous ledgers by its hash."""
        rows = self._read(
            "SELECT address, size_bytes, clip, status, failure, message FROM source"
            " ORDER BY coalesce(address, ''), key"
        )
        return [
            Entry(
                address=address if address is not None else clip or f"input-{number}",
                size_bytes=size,
                clip=clip,
                status=Status(status),
                failure=None if failure is None else Failure(failure),
                message=message,
            )
            for number, (address, size, clip, status, failure, message) in enumerate(rows, 1)
        ]

    def _require(self, name: str, value: str, otherwise: str) -> None:
        with self._transaction():
            self._db.execute("INSERT OR IGNORE INTO fact VALUES (?, ?)", (name, value))
        ((found,),) = self._read("SELECT value FROM fact WHERE name = ?", (name,))
        if found != value:
            self._db.close()
            raise UsageError(f"{self._path.parent}: {otherwise}. Choose another --out.")

    def _read(self, query: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise self._named(error) from error

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._named(error) from error

    def _named(self, error: sqlite3.Error) -> OutputError | StoreError:
        if isinstance(error, sqlite3.OperationalError):
            return OutputError(
                f"{self._path}: cannot be written ({error}). Free some space, or choose another"
                " --out; what is done is kept."
            )
        return StoreError(
            f"{self._path}: expected the batch's ledger, got something else ({error})."
            " Choose another --out."
        )


def _key(address: str) -> str:
    return hashlib.sha256(os.fsencode(address)).hexdigest()
