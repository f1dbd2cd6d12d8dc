"""Histories: every clean hinge depth that a lifter's screens have found, one file per lifter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hingecheck.errors import StoreError
from hingecheck.store.place import file_stem, remove_file, store_folder, write_whole

__all__ = [
    "ME",
    "SCHEMA",
    "Entry",
    "history_path",
    "merged",
    "read_history",
    "remove_history",
    "save_history",
]

SCHEMA: Final = "hingecheck.history/1"

ME = "me"
"""Whose history it is when no profile is named."""


class Entry(BaseModel):
    """One screened clip: a line of the file.

    Attributes:
        schema_: The line's kind and version.
        date: When the clip was first screened.
        clip: File name.
        sha256: Of the file: what tells a clip from another.
        facing: +1 when the lifter faces image right, which has the right side nearer to the
            camera; -1 for the left.
        hip_flexion_deg: Clean hinge depth, or the depth reached without a clear tuck.
        sd_deg: One standard deviation.
        knee_flexion_deg: Knee flexion there; None where unseen.
        reached: Whether a tuck began there; if not, the clean depth is at least this, unless
        tuck_unclear: Whether a tuck can be neither shown nor ruled out.
        bar_height_cm: Wrist above the ankle there; None where the lifter's height is not known.
    """

    schema_: Literal["hingecheck.history/1"] = Field(default=SCHEMA, alias="schema")
    date: dt.date
    clip: str
    sha256: str
    facing: Literal[1, -1]
    hip_flexion_deg: float
    sd_deg: float = Field(ge=0)
    knee_flexion_deg: float | None
    reached: bool
    tuck_unclear: bool = False
    bar_height_cm: float | None = None

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True
    )


def history_path(name: str = ME) -> Path:
    """Where a lifter's history lies, or would; raises as `store_folder` does."""
    return store_folder("history") / f"{file_stem(name)}.jsonl"


def read_history(name: str = ME) -> tuple[Entry, ...]:
    """A lifter's screened clips by date; empty when there are none.

    Raises `StoreError` for a file that is damaged or none of ours.
    """
    path = history_path(name)
    if not path.exists():
        return ()
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise StoreError(f"{path}: cannot be read ({error}). Look at the file's rights.") from error
    entries = []
    for number, line in enumerate(lines, start=1):
        try:
            entries.append(Entry.model_validate_json(line))
        except ValidationError as error:
            raise StoreError(
                f"{path}: expected a {SCHEMA} record in line {number}, got something else."
                " Correct or delete that line; the others are kept."
            ) from error
    return tuple(sorted(entries, key=lambda entry: entry.date))


def merged(history: Iterable[Entry], entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """A history with more clips in it, by date.

    A clip that was screened before stays one entry: it keeps its date and takes the new numbers.
    """
    by_clip = {entry.sha256: entry for entry in history}
    for entry in entries:
        if entry.sha256 in by_clip:
            entry = entry.model_copy(update={"date": by_clip[entry.sha256].date})
        by_clip[entry.sha256] = entry
    return tuple(sorted(by_clip.values(), key=lambda entry: entry.date))


def save_history(history: Iterable[Entry], name: str = ME) -> Path:
    """Write a lifter's whole history; raises `OutputError` where it cannot be written."""
    path = history_path(name)
    write_whole(path, "".join(f"{entry.model_dump_json(by_alias=True)}\n" for entry in history))
    return path


def remove_history(name: str) -> Path | None:
    """Delete a lifter's history; returns where it was, None when there was none."""
    path = history_path(name)
    return remove_file(path) if path.exists() else None
