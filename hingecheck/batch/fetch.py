"""Bring a clip to this machine, under the name it may be known by."""

from __future__ import annotations

import os
import shutil
import threading
import time
from pathlib import Path

from hingecheck.batch.addresses import is_refused, name_of, not_reached, plain_cause
from hingecheck.batch.sources import VIDEO_ENDINGS, Source
from hingecheck.errors import HingecheckError

__all__ = ["CannotFetch", "FetchStalled", "bring", "renamed"]

LOOK_EVERY_S = 0.5
LONGEST_NAME = 120
"""Characters of a name kept for a file of our own; file systems take 255 bytes."""


class CannotFetch(HingecheckError):
    """A clip could not be brought here.

    Attributes:
        lasting: Whether it would end the same way a moment later.
    """

    def __init__(self, message: str, *, lasting: bool = False) -> None:
        super().__init__(message)
        self.lasting = lasting


class FetchStalled(HingecheckError):
    """A download stopped to grow."""


def bring(source: Source, folder: Path, quiet_s: float) -> Path:
    """A file on this machine with the clip's bytes.

    A clip on disk stays where it is; one at an address is downloaded into `folder`.

    Raises:
        CannotFetch: It is not there, or its place cannot be reached. The message names the
            cause and not the clip.
        FetchStalled: Nothing arrived for `quiet_s`.
    """
    if not source.place:
        path = Path(source.address)
        if why := _why_not(path):
            raise CannotFetch(why, lasting=True)
        return path
    target = folder / _plain(name_of(source.address))
    _download(source, target, quiet_s)
    return target


def renamed(path: Path, folder: Path, stem: str) -> Path:
    """The same file by another name in `folder`: a link, or a copy where links are not allowed.

    Of its own name it keeps a video's ending; any other may be part of somebody's name.
    """
    suffix = path.suffix.casefold()
    alias = folder / f"{stem}{suffix if suffix in VIDEO_ENDINGS else ''}"
    try:
        alias.symlink_to(path.resolve())
    except OSError:
        shutil.copyfile(path, alias)
    return alias


def _why_not(path: Path) -> str | None:
    """Why a file on this machine cannot be read, and what to do; None if it can."""
    if not os.path.exists(path):  # noqa: PTH110 (pathlib's raises below an unreadable folder)
        if _is_shut(path):
            return "permission denied. Allow the folder to be read and try again."
        if os.path.lexists(path):
            return "is a link to a file that is gone. Check the link and try again."
        return "no such file. Check the path and try again."
    if not path.is_file():
        return "is no regular file. Save the clip to disk first."
    if not os.access(path, os.R_OK):
        return "permission denied. Allow the file to be read and try again."
    return None


def _is_shut(path: Path) -> bool:
    try:
        path.stat()
    except PermissionError:
        return True
    except OSError:
        return False
    return False


def _download(source: Source, target: Path, quiet_s: float) -> None:
    """Copy a remote file, watched from outside: some file systems wait for ever."""
    failure: list[BaseException] = []

    def copy() -> None:
        try:
            from fsspec.core import url_to_fs

            fs, path = url_to_fs(source.place)
            fs.get_file(source.path or path, str(target))
        except BaseException as error:
            failure.append(error)

    thread = threading.Thread(target=copy, name="fetch", daemon=True)
    thread.start()
    size, since = -1, time.monotonic()
    while thread.is_alive():
        thread.join(LOOK_EVERY_S)
        now = target.stat().st_size if target.exists() else 0
        if now != size:
            size, since = now, time.monotonic()
        elif time.monotonic() - since > quiet_s:
            raise FetchStalled(f"nothing arrived for {quiet_s:.0f} s. Check the network.")
    if failure:
        raise _named(failure[0]) from failure[0]


def _named(error: BaseException) -> CannotFetch:
    if is_refused(error):
        return CannotFetch("permission denied. Check your credentials.")
    if isinstance(error, FileNotFoundError) and not not_reached(error):
        return CannotFetch("nothing is there. Check the address.")
    what = plain_cause(error)
    return CannotFetch(f"cannot be fetched ({what}). Check the network and your credentials.")


def _plain(name: str) -> str:
    """A name that every file system takes, its ending kept."""
    safe = "".join("_" if letter in '<>:"/\\|?*' or ord(letter) < 32 else letter for letter in name)
    suffix = Path(safe).suffix[:10]
    return safe if len(safe) <= LONGEST_NAME else safe[: LONGEST_NAME - len(suffix)] + suffix
