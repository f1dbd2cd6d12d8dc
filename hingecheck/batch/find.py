"""Where clips come from: files, folders, patterns, and whatever fsspec can reach."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from hingecheck.batch.addresses import is_address
from hingecheck.batch.remote import at_address
from hingecheck.batch.sources import Found, Search, folder_above, identity_of, is_ours, is_video
from hingecheck.errors import UsageError

__all__ = ["find_sources"]


def find_sources(inputs: Sequence[str], out: Path) -> Found:
    """Find every clip in files, folders, patterns and addresses.

    Folders are searched to the bottom for files with a video's ending. In folders and patterns,
    hidden files, results of earlier checks and the output folder itself are left out. Links to
    folders are followed, and each real folder is known by the first name that led to it. A file
    that is named itself and is not there, or cannot be reached, is a source that fails later.

    Args:
        inputs: As a person names them.
        out: The output folder.

    Raises:
        UsageError: A folder is not there, a pattern matches nothing, or a place cannot be
            listed or lets nobody in. No message holds an address's user, password or query.
    """
    search = Search(out)
    for name in inputs:
        if not name:
            raise UsageError("an input is empty, expected a file, a folder or an address.")
        if is_address(name) and not os.path.lexists(name):
            at_address(search, name)
        else:
            on_disk(search, name)
    sources = tuple(search.sources[address] for address in sorted(search.sources))
    return Found(sources, search.passed_over, tuple(sorted(search.unreadable)))


def on_disk(search: Search, name: str) -> None:
    if os.path.isdir(name):  # noqa: PTH112 (pathlib's raises where a folder above is unreadable)
        _in_folder(search, Path(name))
        return
    if os.path.lexists(name) or not glob.has_magic(name):
        search.add_file(Path(name))
        return
    found = map(Path, glob.glob(name, recursive=True))  # noqa: PTH207
    matches = sorted(found, key=lambda match: (len(match.parts), match))
    if not matches:
        raise UsageError(f"{name}: no file matches. Check the pattern and the folder.")
    if "**" in name:
        for _ in _folders(search, Path(folder_above(name) or ".")):
            pass
    for match in matches:
        if match.is_dir():
            _in_folder(search, match)
        elif not is_ours(match.as_posix(), os.path.isfile) and not search.in_output(match.parent):
            search.add_file(match)


def _in_folder(search: Search, folder: Path) -> None:
    for place, files in _folders(search, folder):
        for file in files:
            path = place / file
            if file.startswith(".") or is_ours(path.as_posix(), os.path.isfile):
                continue
            if is_video(file):
                search.add_file(path)
            else:
                search.passed_over += 1


def _folders(search: Search, top: Path) -> Iterator[tuple[Path, list[str]]]:
    """Each real folder from one down, and its files; links are followed when all else is seen."""

    def note(error: OSError) -> None:
        search.unreadable.add(os.path.abspath(error.filename))  # noqa: PTH100

    seen: set[tuple[int, int] | None] = set()
    tops = [top]
    for each in tops:
        for here, folders, files in os.walk(each, onerror=note):
            place = Path(here)
            identity = identity_of(place)
            if identity in seen or search.in_output(place):
                folders.clear()
                continue
            seen.add(identity)
            folders[:] = sorted(folder for folder in folders if not folder.startswith("."))
            paths = [place / folder for folder in folders]
            tops += filter(os.path.islink, paths)  # pathlib's raises where a folder is unreadable
            yield place, sorted(files)
