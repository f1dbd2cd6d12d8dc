"""What a batch knows of its clips."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from hingecheck.batch.settings import Settings
from hingecheck.batch.sources import Source

__all__ = ["Entry", "Failure", "Order", "Outcome", "Status", "text"]


class Status(StrEnum):
    """How a clip ended."""

    OK = "ok"
    FAILED = "failed"
    WAITING = "waiting"
    """Not come to its turn yet: the run was stopped before."""


class Failure(StrEnum):
    """Why a clip has no result."""

    UNREADABLE = "unreadable"
    """Its bytes are no video that can be checked: the same bytes will always end so."""

    OUT_OF_REACH = "out_of_reach"
    """It could not be fetched from where it lies."""

    LOST = "lost"
    """The process that checked it died: out of memory, killed, or crashed."""

    TIMED_OUT = "timed_out"
    """Nothing was heard of it for longer than the limit."""

    INTERNAL = "internal"
    """The check itself failed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One input of a batch and what became of it: a row of `clips.parquet`.

    Attributes:
        address: Path or address it was found at; its id, or `input-<n>`, in anonymous datasets.
        size_bytes: Of the file; None where it was never reached.
        clip: Its id, `<16 hex of the content's sha256>-<8 hex of the settings' hash>`: the name
            of its folder in `clips/` and of its partition in `frames/`. None where its bytes were
            never read. Equal files have equal ids, and one result.
        status: Whether there is a result.
        failure: Why there is none.
        message: The failure in one sentence for people.
    """

    address: str
    size_bytes: int | None
    clip: str | None
    status: Status
    failure: Failure | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One attempt at one clip; travels to wherever it is carried out.

    Attributes:
        source: The clip.
        settings: What to do with it.
        fingerprint: Of the settings.
        known: Ids of clips of its size that have a result already: equal files are not checked
            twice.
        quiet_s: How long it may show no progress.
    """

    source: Source
    settings: Settings
    fingerprint: str
    known: frozenset[str]
    quiet_s: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended.

    Attributes:
        address: The clip's.
        clip: Its id; None where its bytes were never read.
        size_bytes: Of what was read; None likewise.
        folder: Where its result lies for now; None where there is none, or one is there already.
        failure: Why there is no result; None where there is.
        message: The failure in one sentence.
        reps: Repetitions found.
        headline: The result in a few words.
        length_s: Length of the clip.
        hopeless: Whether the next clip would end the same way: no room on the disk, a model
            missing. The run ends with it.
        lasting: Whether another attempt would end the same way.
        log: What the process that checked it had printed, its end.
    """

    address: str
    clip: str | None = None
    size_bytes: int | None = None
    folder: Path | None = None
    failure: Failure | None = None
    message: str | None = None
    reps: int = 0
    headline: str = ""
    length_s: float = 0.0
    hopeless: bool = False
    lasting: bool = False
    log: str = ""


def text(name: str) -> str:
    r"""A name as UTF-8 can hold it: a byte that is no text reads `\udc..`."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
