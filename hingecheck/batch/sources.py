"""Clips that are to be checked, and what is left out wherever it lies."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from hingecheck.errors import UsageError

__all__ = [
    "MISSING",
    "VIDEO_ENDINGS",
    "Found",
    "Search",
    "Source",
    "folder_above",
    "identity_of",
    "is_ours",
    "is_video",
]

VIDEO_ENDINGS = frozenset(
    {
        *(".mp4", ".mov", ".m4v", ".mkv", ".webm", ".avi", ".mpg", ".mpeg"),
        *(".mts", ".m2ts", ".3gp", ".wmv", ".flv", ".ogv"),
    }
)
"""What is looked for in folders; a file that is named itself may end as it likes."""

_OUR_FILMS = frozenset({"overlay.mp4", "live.mp4"})

MISSING = "missing"
"""Stamp of a clip that is not there, or where nobody could look."""


@dataclass(frozen=True, slots=True)
class Source:
    """A clip that is to be checked.

    Attributes:
        address: Absolute path, or address without user, password and query: what the clip is
            known by, and what may be written and shown.
        size_bytes: As its place states it; None where it does not.
        stamp: Changes when the file does: its size and time of change, or what stands for them
            where it lies.
        place: Address that opens the clip's file system, with all it takes to get in: only ever
            given to fsspec. Empty on disk.
        path: The clip in that file system. Empty on disk, and where that is what `place` says.
    """

    address: str
    size_bytes: int | None
    stamp: str
    place: str = field(default="", repr=False)
    path: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Found:
    """What inputs hold.

    Attributes:
        sources: Each clip once, by address.
        passed_over: Files in folders that are no videos by their ending.
        unreadable: Folders that could not be listed, by path or address.
    """

    sources: tuple[Source, ...]
    passed_over: int
    unreadable: tuple[str, ...]


class Search:
    """What has been found so far, and what is left out wherever it lies."""

    def __init__(self, out: Path) -> None:
        self._out = out.resolve()
        self._folders: dict[tuple[int, int], Path] = {}
        self.sources: dict[str, Source] = {}
        self.unreadable: set[str] = set()
        self.passed_over = 0

    def add(self, source: Source) -> None:
        """Add a clip.

        Raises:
            UsageError: Another clip has the same address.
        """
        same = self.sources.setdefault(source.address, source)
        if same.stamp != source.stamp:
            raise UsageError(
                f"{source.address}: two clips have this address, and differ in what follows its"
                " question mark, which is kept nowhere. Download them and name the files."
            )

    def add_file(self, path: Path) -> None:
        """Add a file on disk; one that is not there is a source too, and fails by itself later."""
        path = Path(os.path.abspath(path))  # noqa: PTH100 (keeps links, drops `..`)
        address = str(self._known(path.parent) / path.name)
        try:
            status = path.stat()
        except OSError:
            self.add(Source(address, None, MISSING))
        else:
            stamp = f"{status.st_size}-{status.st_mtime_ns}"
            self.add(Source(address, status.st_size, stamp))

    def _known(self, folder: Path) -> Path:
        """What a folder is known by: the first of the names that led to it."""
        identity = identity_of(folder)
        return self._folders.setdefault(identity, folder) if identity else folder

    def in_output(self, folder: Path) -> bool:
        """Whether a folder is the output, or in it."""
        return Path(os.path.realpath(folder)).is_relative_to(self._out)


def is_video(name: str) -> bool:
    """Whether a name ends as a video's."""
    return PurePosixPath(name).suffix.casefold() in VIDEO_ENDINGS


def is_ours(name: str, has_result: Callable[[str], bool]) -> bool:
    """Whether a file is what an earlier check, or a live set, has drawn."""
    path = PurePosixPath(name)
    return path.name in _OUR_FILMS and has_result(str(path.with_name("result.json")))


def identity_of(folder: Path) -> tuple[int, int] | None:
    """What a folder is, by whatever name; None where nobody can tell."""
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def folder_above(pattern: str) -> str:
    """The folder in front of a pattern's first wildcard."""
    return re.split(r"[*?\[]", pattern, maxsplit=1)[0].rpartition("/")[0]
