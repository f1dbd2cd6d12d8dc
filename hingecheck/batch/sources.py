"""Where clips come from: files, folders, patterns, and whatever fsspec can reach."""

from __future__ import annotations

import glob
import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from hingecheck.errors import UsageError

if TYPE_CHECKING:
    from fsspec.spec import AbstractFileSystem

__all__ = ["Found", "Source", "find_sources", "is_address", "name_of"]

VIDEO_ENDINGS = frozenset(
    {
        *(".mp4", ".mov", ".m4v", ".mkv", ".webm", ".avi", ".mpg", ".mpeg"),
        *(".mts", ".m2ts", ".3gp", ".wmv", ".flv", ".ogv"),
    }
)
"""What is looked for in folders; a file that is named itself may end as it likes."""

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://|[a-z][a-z0-9+.-]*::", re.IGNORECASE)
"""A scheme of two letters or more; a drive has one."""

_OUR_FILMS = frozenset({"overlay.mp4", "live.mp4"})

_NETWORK_SCHEMES = frozenset({"rtsp", "rtmp", "rtsps"})


@dataclass(frozen=True, slots=True)
class Source:
    """A clip that is to be checked.

    Attributes:
        address: Absolute path, or fsspec's address of it.
        size_bytes: As its place states it; None where it does not.
        stamp: Changes when the file does: its size and time of change, or what stands for them
            where it lies.
    """

    address: str
    size_bytes: int | None
    stamp: str


@dataclass(frozen=True, slots=True)
class Found:
    """What inputs hold.

    Attributes:
        sources: Each clip once, by address.
        passed_over: Files in folders that are no videos by their ending.
    """

    sources: tuple[Source, ...]
    passed_over: int


def find_sources(inputs: Sequence[str], out: Path) -> Found:
    """Find every clip in files, folders, patterns and addresses.

    Folders are searched to the bottom for files with a video's ending. Hidden files, results of
    earlier checks and the output folder itself are left out.

    Args:
        inputs: As a person names them.
        out: The output folder.

    Raises:
        UsageError: An input is not there, a pattern matches nothing, or a place cannot be
            listed.
    """
    found: dict[str, Source] = {}
    passed_over = 0
    for name in inputs:
        sources, skipped = _at_address(name) if is_address(name) else _on_disk(name, out)
        passed_over += skipped
        found.update({source.address: source for source in sources})
    return Found(tuple(found[address] for address in sorted(found)), passed_over)


def is_address(name: str) -> bool:
    """Whether an input is an address for fsspec and no path."""
    return _ADDRESS.match(name) is not None


def name_of(address: str) -> str:
    """The file name at the end of an address."""
    return PurePosixPath(address.split("?")[0].rstrip("/")).name or address


def _on_disk(name: str, out: Path) -> tuple[list[Source], int]:
    path = Path(name)
    if path.is_dir():
        return _in_folder(path, out)
    if os.path.lexists(path) or not glob.has_magic(name):
        return [_file(path)], 0
    matches = [Path(match) for match in sorted(glob.glob(name, recursive=True))]  # noqa: PTH207
    if not matches:
        raise UsageError(f"{name}: no file matches. Check the pattern and the folder.")
    sources: list[Source] = []
    passed_over = 0
    for match in matches:
        if match.is_dir():
            inside, skipped = _in_folder(match, out)
            sources += inside
            passed_over += skipped
        elif not _is_ours(match):
            sources.append(_file(match))
    return sources, passed_over


def _in_folder(folder: Path, out: Path) -> tuple[list[Source], int]:
    sources: list[Source] = []
    passed_over = 0
    for here, folders, files in os.walk(folder, followlinks=False):
        place = Path(here)
        folders[:] = sorted(
            each
            for each in folders
            if not each.startswith(".") and (place / each).resolve() != out.resolve()
        )
        for file in sorted(files):
            path = place / file
            if file.startswith(".") or _is_ours(path):
                continue
            if path.suffix.casefold() in VIDEO_ENDINGS:
                sources.append(_file(path))
            else:
                passed_over += 1
    return sources, passed_over


def _is_ours(path: Path) -> bool:
    """Whether a file is what an earlier check, or a live set, has drawn."""
    return path.name in _OUR_FILMS and (path.parent / "result.json").is_file()


def _file(path: Path) -> Source:
    """A file as a source; one that is not there is one too, and fails by itself later."""
    address = str(Path(os.path.abspath(path)))  # noqa: PTH100 (keeps links, drops `..`)
    try:
        status = path.stat()
    except OSError:
        return Source(address, None, "missing")
    return Source(address, status.st_size, f"{status.st_size}-{status.st_mtime_ns}")


def _at_address(address: str) -> tuple[list[Source], int]:
    scheme = address.split(":", 1)[0].casefold()
    if scheme in _NETWORK_SCHEMES:
        raise UsageError(
            f"{address}: is a camera, expected clips. `hingecheck live --camera` watches cameras."
        )
    fs, path = _file_system(address)
    try:
        if glob.has_magic(path):
            listed = fs.glob(path, detail=True)
            if not listed:
                raise UsageError(f"{address}: no file matches. Check the pattern.")
            files, only_videos = list(_files_below(fs, listed.values())), False
        else:
            info = fs.info(path)
            only_videos = info["type"] == "directory"
            files = list(_files_below(fs, [info]))
    except FileNotFoundError:
        raise UsageError(f"{address}: nothing is there. Check the address.") from None
    except UsageError:
        raise
    except Exception as error:
        raise UsageError(
            f"{address}: cannot be listed ({_first_line(error)})."
            " Check the address, the network and your credentials."
        ) from error
    videos = [
        info
        for info in files
        if not only_videos or PurePosixPath(info["name"]).suffix.casefold() in VIDEO_ENDINGS
    ]
    outer = address.split("::", 1)[1] if "::" in address else None
    return [_remote(fs, info, outer) for info in videos], len(files) - len(videos)


def _files_below(fs: AbstractFileSystem, infos: Any) -> Iterator[dict[str, Any]]:
    for info in infos:
        if info["type"] == "directory":
            yield from fs.find(info["name"], detail=True).values()
        else:
            yield info


def _remote(fs: AbstractFileSystem, info: dict[str, Any], outer: str | None) -> Source:
    address = fs.unstrip_protocol(info["name"])
    size = info.get("size")
    # What a listing says beside the name: an ETag, a time of change, a version, by file system.
    facts = "\n".join(f"{key}={info[key]}" for key in sorted(info) if key != "name")
    return Source(
        address if outer is None else f"{address}::{outer}",
        int(size) if size is not None else None,
        hashlib.sha256(facts.encode("utf-8", "replace")).hexdigest()[:32],
    )


def _file_system(address: str) -> tuple[AbstractFileSystem, str]:
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise UsageError(
            f"{address}: addresses need the batch extra. pip install 'hingecheck[batch]'"
        ) from None
    try:
        fs, path = url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise UsageError(f"{address}: {_first_line(error).rstrip('.')}.") from error
    except Exception as error:
        raise UsageError(
            f"{address}: cannot be reached ({_first_line(error)})."
            " Check the address, the network and your credentials."
        ) from error
    return fs, str(path)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
