"""The result folder: whole or not there at all."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from hingecheck.errors import HingecheckError, OutputError, UsageError, reason_of

__all__ = ["RESULT", "SCREEN", "Contents", "ResultFolder"]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a folder of ours holds.

    Attributes:
        record: The file by which it is known.
        schema: How that file's schema begins.
        files: All we write; nothing else in an earlier result is ever removed.
    """

    record: str
    schema: str
    files: frozenset[str]


RESULT = Contents(
    "result.json",
    "hingecheck.result/",
    frozenset(
        {
            *("result.json", "frames.csv", "frames.parquet", "landmarks.npz"),
            *("report.html", "overlay.mp4", "thumb.jpg"),
        }
    ),
)
"""Of a check."""

SCREEN = Contents("screen.json", "hingecheck.screen/", frozenset({"screen.json", "screen.html"}))
"""Of a mobility screen."""

_DISK_FULL = {errno.ENOSPC, errno.EDQUOT}
_IN_USE: set[Path] = set()
"""Partial folders of this very process: pids repeat from one container to the next."""


class ResultFolder:
    """Write a result beside its final place and move it there in one step.

    Files go into the hidden sibling `.NAME.partial-<pid>`, which takes the final name when the
    `with` block ends well and is removed when it does not, Ctrl-C included. An earlier result
    under that name is replaced; what a person has put beside its files is carried over. Partial
    folders of runs that were killed are removed by the next run for the same name.

    ```python
    with ResultFolder(Path("squat.hingecheck")) as folder:
        write_result(result, folder / "result.json")
    ```

    Args:
        final: The place.
        contents: What it will hold, and may hold of an earlier run.

    Raises:
        UsageError: The place is not writable, or holds something that is no result of ours.
        OutputError: The disk is full, or the finished folder cannot be moved.
    """

    def __init__(self, final: Path, contents: Contents = RESULT) -> None:
        self.final = Path(final).resolve()
        if not self.final.name:
            raise UsageError(f"{final}: is no place for a result. Choose a folder with a name.")
        self._contents = contents
        self._partial = self.final.with_name(f".{self.final.name}.partial-{os.getpid()}")
        self._made_parents: list[Path] = []

    def __enter__(self) -> Path:
        _refuse_unless_replaceable(self.final, self._contents)
        if self._partial in _IN_USE:
            raise UsageError(
                f"{self.final}: is being written already by this program."
                " Give each clip its own --out."
            )
        try:
            self._make_parents()
            self._clear_leftovers()
            self._partial.mkdir()
        except OSError as error:
            self._discard()
            raise _named(error, self.final, UsageError) from error
        _IN_USE.add(self._partial)
        return self._partial

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self._publish()
        except OSError as failure:
            raise _named(failure, self.final, OutputError) from failure
        finally:
            self._discard()
        if isinstance(error, OSError) and error.errno in _DISK_FULL:
            raise _named(error, self.final, OutputError) from error
        if isinstance(error, OutputError) and str(self._partial) in str(error):
            # People know the result by its final name.
            message = str(error).replace(str(self._partial), str(self.final))
            raise OutputError(message) from error

    def _publish(self) -> None:
        """Give the partial folder its final name; an earlier result steps aside first."""
        _refuse_unless_replaceable(self.final, self._contents)
        if not self.final.exists():
            self._partial.rename(self.final)
            return
        earlier = self.final.with_name(f".{self.final.name}.earlier-{os.getpid()}")
        self.final.rename(earlier)
        try:
            self._partial.rename(self.final)
        except BaseException:
            earlier.rename(self.final)
            raise
        _retire(earlier, self.final, self._contents)

    def _discard(self) -> None:
        """Remove the partial folder, if it still is one, and parents made for nothing."""
        shutil.rmtree(self._partial, ignore_errors=True)
        _IN_USE.discard(self._partial)
        with suppress(OSError):
            for parent in reversed(self._made_parents):
                parent.rmdir()

    def _make_parents(self) -> None:
        missing = [folder for folder in self.final.parents if not folder.exists()]
        for folder in reversed(missing):
            folder.mkdir(exist_ok=True)
            self._made_parents.append(folder)

    def _clear_leftovers(self) -> None:
        """Undo what killed runs left behind: half results go, a set-aside result comes back."""
        for folder in self._leftovers("partial"):
            shutil.rmtree(folder)
        for folder in self._leftovers("earlier"):
            if self.final.exists():
                _retire(folder, self.final, self._contents)
            else:
                folder.rename(self.final)

    def _leftovers(self, kind: str) -> Iterator[Path]:
        prefix = f".{self.final.name}.{kind}-"
        for folder in list(self.final.parent.iterdir()):
            pid = folder.name.removeprefix(prefix)
            if folder.name.startswith(prefix) and pid.isdecimal() and not _runs(int(pid)):
                yield folder


def _refuse_unless_replaceable(final: Path, contents: Contents) -> None:
    """Raise unless `final` is free, empty, or an earlier result of ours."""
    try:
        if not final.exists():
            return
        if not final.is_dir():
            raise UsageError(
                f"{final}: expected a folder for the result, got a file. Choose another --out."
            )
        if any(final.iterdir()) and not _holds(final, contents):
            raise UsageError(
                f"{final}: is not empty and holds no hingecheck result, so it is left alone."
                " Choose another --out."
            )
    except OSError as error:
        raise _named(error, final, UsageError) from error


def _holds(folder: Path, contents: Contents) -> bool:
    """Whether the folder's record is one that hingecheck wrote."""
    try:
        record = json.loads((folder / contents.record).read_bytes())
    except (FileNotFoundError, IsADirectoryError, ValueError):
        return False
    return isinstance(record, dict) and str(record.get("schema")).startswith(contents.schema)


def _retire(earlier: Path, final: Path, contents: Contents) -> None:
    """Remove an earlier result's own files and carry anything else over to `final`.

    A file whose name is taken there stays where it is: nothing of a person's is ever deleted.
    """
    for entry in list(earlier.iterdir()):
        if entry.name in contents.files:
            entry.unlink()
        elif not (final / entry.name).exists():
            entry.rename(final / entry.name)
    with suppress(OSError):
        earlier.rmdir()


def _runs(pid: int) -> bool:
    """Whether another living process has this id; this process cleans up after itself."""
    if pid == os.getpid():
        return False
    if sys.platform == "win32":
        return True  # os.kill(pid, 0) would interrupt the process there instead of asking for it
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _named(error: OSError, final: Path, kind: type[HingecheckError]) -> HingecheckError:
    """An operating system's complaint about the result folder, in our words."""
    if error.errno in _DISK_FULL:
        return OutputError(
            f"{final}: disk full, nothing was written. Free some space or choose another --out."
        )
    what = reason_of(error)
    return kind(f"{final}: cannot write the result there ({what}). Choose another --out.")
