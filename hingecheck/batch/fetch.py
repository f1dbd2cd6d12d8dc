"""Bring a clip to this machine, under the name it may be known by."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path

from hingecheck.batch.sources import Source, is_address, name_of
from hingecheck.errors import HingecheckError

__all__ = ["CannotFetch", "FetchStalled", "bring", "renamed"]

LOOK_EVERY_S = 0.5
LONGEST_NAME = 120
"""Characters of a name kept for a file of our own; file systems take 255 bytes."""


class CannotFetch(HingecheckError):
    """A clip could not be brought here."""


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
    if not is_address(source.address):
        path = Path(source.address)
        if not path.exists():
            raise CannotFetch("no such file. Check the path and try again.")
        if not path.is_file():
            raise CannotFetch("is no regular file. Save the clip to disk first.")
        return path
    target = folder / _plain(name_of(source.address))
    _download(source.address, target, quiet_s)
    return target


def renamed(path: Path, folder: Path, stem: str) -> Path:
    """The same file by another name in `folder`: a link, or a copy where links are not allowed."""
    alias = folder / f"{stem}{path.suffix.casefold()}"
    try:
        alias.symlink_to(path.resolve())
    except OSError:
        shutil.copyfile(path, alias)
    return alias


def _download(address: str, target: Path, quiet_s: float) -> None:
    """Copy a remote file, watched from outside: some file systems wait for ever."""
    failure: list[BaseException] = []

    def copy() -> None:
        try:
            from fsspec.core import url_to_fs

            fs, path = url_to_fs(address)
            fs.get_file(path, str(target))
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
    if isinstance(error, FileNotFoundError):
        return CannotFetch("nothing is there any more. Check the address.")
    if isinstance(error, PermissionError):
        return CannotFetch("permission denied. Check your credentials.")
    what = type(error).__name__
    if isinstance(error, OSError) and error.strerror:
        what = error.strerror.lower()
    return CannotFetch(f"cannot be fetched ({what}). Check the network and your credentials.")


def _plain(name: str) -> str:
    """A name that every file system takes, its ending kept."""
    safe = "".join("_" if letter in '<>:"/\\|?*' or ord(letter) < 32 else letter for letter in name)
    suffix = Path(safe).suffix[:10]
    return safe if len(safe) <= LONGEST_NAME else safe[: LONGEST_NAME - len(suffix)] + suffix
