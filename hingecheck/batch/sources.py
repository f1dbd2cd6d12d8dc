"""Where clips come from: files, folders, patterns, and whatever fsspec can reach."""

from __future__ import annotations

import glob
import hashlib
import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from hingecheck.batch.addresses import (
    PARTS,
    anchored,
    is_address,
    plain_cause,
    require_sound,
    without_secrets,
)
from hingecheck.errors import UsageError

if TYPE_CHECKING:
    from fsspec.spec import AbstractFileSystem

__all__ = ["VIDEO_ENDINGS", "Found", "Source", "find_sources"]

VIDEO_ENDINGS = frozenset(
    {
        *(".mp4", ".mov", ".m4v", ".mkv", ".webm", ".avi", ".mpg", ".mpeg"),
        *(".mts", ".m2ts", ".3gp", ".wmv", ".flv", ".ogv"),
    }
)
"""What is looked for in folders; a file that is named itself may end as it likes."""

_OUR_FILMS = frozenset({"overlay.mp4", "live.mp4"})

_CAMERAS = frozenset({"rtsp", "rtmp", "rtsps"})


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
        path: The clip in that file system. Empty on disk.
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


def find_sources(inputs: Sequence[str], out: Path) -> Found:
    """Find every clip in files, folders, patterns and addresses.

    Folders are searched to the bottom for files with a video's ending. In folders and patterns,
    hidden files, results of earlier checks and the output folder itself are left out.

    Args:
        inputs: As a person names them.
        out: The output folder.

    Raises:
        UsageError: An input is not there, a pattern matches nothing, or a place cannot be
            listed. No message holds an address's user, password or query.
    """
    search = _Search(out)
    for name in inputs:
        if not name:
            raise UsageError("an input is empty, expected a file, a folder or an address.")
        if is_address(name):
            _at_address(search, name)
        else:
            _on_disk(search, name)
    sources = tuple(search.sources[address] for address in sorted(search.sources))
    return Found(sources, search.passed_over, tuple(sorted(search.unreadable)))


class _Search:
    """What has been found so far, and what is left out wherever it lies."""

    def __init__(self, out: Path) -> None:
        self._out = out.resolve()
        self.sources: dict[str, Source] = {}
        self.unreadable: set[str] = set()
        self.passed_over = 0

    def add(self, source: Source) -> None:
        same = self.sources.setdefault(source.address, source)
        if same.stamp != source.stamp:
            raise UsageError(
                f"{source.address}: two clips have this address, and differ in what follows its"
                " question mark, which is kept nowhere. Download them and name the files."
            )

    def in_output(self, folder: Path) -> bool:
        return Path(os.path.realpath(folder)).is_relative_to(self._out)


def _is_video(name: str) -> bool:
    return PurePosixPath(name).suffix.casefold() in VIDEO_ENDINGS


def _is_ours(name: str, has_result: Callable[[str], bool]) -> bool:
    """Whether a file is what an earlier check, or a live set, has drawn."""
    path = PurePosixPath(name)
    return path.name in _OUR_FILMS and has_result(str(path.with_name("result.json")))


def _on_disk(search: _Search, name: str) -> None:
    if os.path.isdir(name):  # noqa: PTH112 (pathlib's raises where a folder above is unreadable)
        _in_folder(search, Path(name))
        return
    if os.path.lexists(name) or not glob.has_magic(name):
        search.add(_file(Path(name)))
        return
    matches = [Path(match) for match in sorted(glob.glob(name, recursive=True))]  # noqa: PTH207
    if not matches:
        raise UsageError(f"{name}: no file matches. Check the pattern and the folder.")
    if "**" in name:
        for _ in os.walk(_above(name) or ".", onerror=_noted(search)):
            pass
    for match in matches:
        if match.is_dir():
            _in_folder(search, match)
        elif not _is_ours(match.as_posix(), os.path.isfile) and not search.in_output(match.parent):
            search.add(_file(match))


def _in_folder(search: _Search, folder: Path) -> None:
    for here, folders, files in os.walk(folder, onerror=_noted(search)):
        place = Path(here)
        if search.in_output(place):
            folders.clear()
            continue
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for file in sorted(files):
            path = place / file
            if file.startswith(".") or _is_ours(path.as_posix(), os.path.isfile):
                continue
            if _is_video(file):
                search.add(_file(path))
            else:
                search.passed_over += 1


def _noted(search: _Search) -> Callable[[OSError], None]:
    """What to do with a folder that cannot be listed."""
    return lambda error: search.unreadable.add(os.path.abspath(error.filename))  # noqa: PTH100


def _file(path: Path) -> Source:
    """A file as a source; one that is not there is one too, and fails by itself later."""
    address = str(Path(os.path.abspath(path)))  # noqa: PTH100 (keeps links, drops `..`)
    try:
        status = path.stat()
    except OSError:
        return Source(address, None, "missing")
    return Source(address, status.st_size, f"{status.st_size}-{status.st_mtime_ns}")


def _at_address(search: _Search, address: str) -> None:
    shown = without_secrets(address)
    require_sound(address)
    scheme = address.split(":", 1)[0].casefold()
    if scheme in _CAMERAS:
        raise UsageError(
            f"{shown}: is a camera, expected clips. `hingecheck live --camera` watches cameras."
        )
    place = anchored(address)
    fs, path = _file_system(place, shown)
    try:
        infos = _listed(search, fs, path, shown, partial(_shown, fs, place, path))
    except FileNotFoundError:
        raise UsageError(f"{shown}: nothing is there. Check the address.") from None
    except UsageError:
        raise
    except Exception as error:
        raise _out_of_reach(error, shown, "listed", open_way=address == shown) from None
    for info in infos:
        search.add(_remote(info, place, _shown(fs, place, path, info["name"])))


def _listed(
    search: _Search,
    fs: AbstractFileSystem,
    path: str,
    shown: str,
    address: Callable[[str], str],
) -> list[dict[str, Any]]:
    """Clips at a path of a file system: the file itself, those in the folder, those that match."""
    web = "://" in path
    pattern = re.search(r"[*\[]", path) is not None if web else glob.has_magic(path)
    try:
        info = fs.info(path)
    except Exception:
        # A pattern may be what a file is called, so it is looked for first.
        if not pattern:
            raise
    else:
        if info["type"] == "directory":
            return _below(search, fs, info["name"], address)
        if info.get("mimetype") == "text/html" and not _is_video(shown):
            raise UsageError(
                f"{shown}: is a web page, expected a clip. Name its clips, or a pattern such as"
                " http://host/folder/*.mp4."
            )
        return [info]
    matches = list(fs.glob(path, detail=True).values())
    if not matches:
        raise UsageError(f"{shown}: no file matches. Check the pattern.")
    above = _above(path)
    if "/." not in f"/{path.removeprefix(above)}":
        matches = [match for match in matches if not _is_hidden(match["name"], above)]
    clips: list[dict[str, Any]] = []
    for match in _not_ours(search, fs, matches, fs.isfile):
        if match["type"] == "directory":
            clips += _below(search, fs, match["name"], address)
        elif web and not _is_video(match["name"]):
            search.passed_over += 1
        else:
            clips.append(match)
    return clips


def _below(
    search: _Search, fs: AbstractFileSystem, folder: str, address: Callable[[str], str]
) -> list[dict[str, Any]]:
    files = _files_below(fs, folder, lambda here: search.unreadable.add(address(here)))
    seen = [info for name, info in files.items() if not _is_hidden(name, folder)]
    seen = _not_ours(search, fs, seen, files.__contains__)
    clips = [info for info in seen if _is_video(info["name"])]
    search.passed_over += len(seen) - len(clips)
    return clips


def _files_below(
    fs: AbstractFileSystem, folder: str, unlisted: Callable[[str], None]
) -> dict[str, dict[str, Any]]:
    """Every file below a folder; fsspec's own search passes over what it cannot list."""
    from fsspec.asyn import AsyncFileSystem
    from fsspec.spec import AbstractFileSystem

    kind: Any = type(fs)
    by_folder = (
        kind._find is AsyncFileSystem._find
        if fs.async_impl
        else kind.find is AbstractFileSystem.find
    )
    if not by_folder:
        return dict(fs.find(folder, detail=True))
    files: dict[str, dict[str, Any]] = {}
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            listing = fs.ls(here, detail=True)
        except Exception:
            unlisted(here)
            continue
        for info in listing:
            if info["type"] != "directory":
                files[info["name"]] = info
            elif info["name"].rstrip("/") != here.rstrip("/") and not _is_hidden(
                info["name"], here
            ):
                waiting.append(info["name"])
    return files


def _not_ours(
    search: _Search,
    fs: AbstractFileSystem,
    infos: Iterable[dict[str, Any]],
    has_result: Callable[[str], bool],
) -> list[dict[str, Any]]:
    on_disk = _is_disk(fs)
    return [
        info
        for info in infos
        if not _is_ours(info["name"], has_result)
        and not (on_disk and search.in_output(Path(info["name"]).parent))
    ]


def _is_hidden(name: str, above: str) -> bool:
    """Whether a file, or a folder between it and the one above, has a name with a leading dot."""
    inside = name.removeprefix(above) if name.startswith(above) else PurePosixPath(name).name
    return any(part.startswith(".") for part in inside.split("/"))


def _above(pattern: str) -> str:
    """The folder in front of a pattern's first wildcard."""
    return re.split(r"[*?\[]", pattern, maxsplit=1)[0].rpartition("/")[0]


def _shown(fs: AbstractFileSystem, place: str, path: str, name: str) -> str:
    """What a file is known by: its name as listed, and where that is."""
    first, chained, outer = place.partition("::")
    parts = PARTS.match(first)
    if "://" in name:
        whole = name
    elif parts and not _is_disk(fs) and not path.lstrip("/").startswith(parts[2]):
        # Where user, host and port are no part of paths (ftp, sftp, smb, hdfs).
        whole = f"{parts[1]}://{parts[2]}/{name.lstrip('/')}"
    else:
        whole = fs.unstrip_protocol(name)
    return without_secrets(f"{whole}{chained}{outer}")


def _remote(info: dict[str, Any], place: str, address: str) -> Source:
    size = info.get("size")
    # What a listing says beside the name: an ETag, a time of change, a version, by file system.
    # Where a web server led us is left out: it may be signed anew each time.
    facts = "\n".join(f"{key}={info[key]}" for key in sorted(info) if key not in ("name", "url"))
    return Source(
        address,
        int(size) if size is not None else None,
        hashlib.sha256(facts.encode("utf-8", "replace")).hexdigest()[:32],
        place,
        info["name"],
    )


def _is_disk(fs: AbstractFileSystem) -> bool:
    return "file" in ((fs.protocol,) if isinstance(fs.protocol, str) else fs.protocol)


def _file_system(place: str, shown: str) -> tuple[AbstractFileSystem, str]:
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise UsageError(
            f"{shown}: addresses need the batch extra. pip install 'hingecheck[batch]'"
        ) from None
    try:
        fs, path = url_to_fs(place)
    except Exception as error:
        said = _first_line(error)
        if isinstance(error, ImportError) or said.startswith("Protocol not known"):
            raise UsageError(f"{shown}: {said.rstrip('.')}.") from None
        open_way = place == without_secrets(place)
        raise _out_of_reach(error, shown, "reached", open_way=open_way) from None
    return fs, str(path)


def _out_of_reach(error: Exception, shown: str, what: str, *, open_way: bool) -> UsageError:
    """The error in one line; its own words only if the address has no secret they may repeat."""
    why = _first_line(error) if open_way else plain_cause(error)
    return UsageError(
        f"{shown}: cannot be {what} ({why}). Check the address, the network and your credentials."
    )


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
