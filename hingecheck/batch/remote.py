"""Clips at addresses: one file, those below a folder, those that match a pattern."""

from __future__ import annotations

import glob
import hashlib
import re
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from hingecheck.batch.addresses import (
    PARTS,
    anchored,
    is_refused,
    name_of,
    not_reached,
    plain_cause,
    require_sound,
    without_secrets,
)
from hingecheck.batch.sources import MISSING, Search, Source, folder_above, is_ours, is_video
from hingecheck.errors import UsageError

if TYPE_CHECKING:
    from fsspec.spec import AbstractFileSystem

__all__ = ["at_address"]

_CONTENT = re.compile(
    r"size|length|modif|mtime|updated|created|date_time|e_?tag|md5|crc|sha\d*$|hash|oid|hex$"
    r"|digest|checksum|chksum|version|generation|revision|blob",
    re.IGNORECASE,
)
"""How file systems call, in what they say of a file, its size, the time of its last change, its
checksum and its version; the time of the last access, owners and rights say nothing of content."""

_CAMERAS = frozenset({"rtsp", "rtmp", "rtsps"})


def at_address(search: Search, address: str) -> None:
    """Add the clips at an address; one clip that is away is a source that fails later.

    Raises:
        UsageError: The place cannot be used or listed, or lets nobody in.
    """
    shown = without_secrets(address)
    require_sound(address)
    scheme = address.split(":", 1)[0].casefold()
    if scheme in _CAMERAS:
        raise UsageError(
            f"{shown}: is a camera, expected clips. `hingecheck live --camera` watches cameras."
        )
    place = anchored(address)
    known = without_secrets(place)
    path = ""
    try:
        fs, path = _file_system(place, shown)
        known = _shown(fs, place, path, path)
        infos = _listed(search, fs, path, shown, partial(_shown, fs, place, path))
    except UsageError:
        raise
    except Exception as error:
        if _names_a_clip(shown, path) and _is_away(error):
            search.add(Source(known, None, MISSING, place, path))
            return
        raise _unusable(error, shown, open_way=place == without_secrets(place)) from None
    for info in infos:
        search.add(_remote(info, place, _shown(fs, place, path, info["name"])))


def _names_a_clip(shown: str, path: str) -> bool:
    """Whether an address is of one clip by its looks; on the web a name may end as it likes."""
    named = is_video(name_of(shown)) or ("://" in path and not shown.endswith("/"))
    return named and not glob.has_magic(shown)


def _is_away(error: Exception) -> bool:
    """Whether a clip is not there or out of reach, as against one that may not be had."""
    gone = isinstance(error, (FileNotFoundError, NotADirectoryError))
    return (gone or not_reached(error) is not None) and not is_refused(error)


def _listed(
    search: Search,
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
        if info.get("mimetype") == "text/html" and not is_video(shown):
            raise UsageError(
                f"{shown}: is a web page, expected a clip. Name its clips, or a pattern such as"
                " http://host/folder/*.mp4."
            )
        return [info]
    matches = list(fs.glob(path, detail=True).values())
    if not matches:
        raise UsageError(f"{shown}: no file matches. Check the pattern.")
    above = folder_above(path)
    if "/." not in f"/{path.removeprefix(above)}":
        matches = [match for match in matches if not _is_hidden(match["name"], above)]
    clips: list[dict[str, Any]] = []
    for match in _not_ours(search, fs, matches, fs.isfile):
        if match["type"] == "directory":
            clips += _below(search, fs, match["name"], address)
        elif web and not is_video(match["name"]):
            search.passed_over += 1
        else:
            clips.append(match)
    return clips


def _below(
    search: Search, fs: AbstractFileSystem, folder: str, address: Callable[[str], str]
) -> list[dict[str, Any]]:
    files = _files_below(fs, folder, lambda here: search.unreadable.add(address(here)))
    seen = [info for name, info in files.items() if not _is_hidden(name, folder)]
    seen = _not_ours(search, fs, seen, files.__contains__)
    clips = [info for info in seen if is_video(info["name"])]
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
    search: Search,
    fs: AbstractFileSystem,
    infos: Iterable[dict[str, Any]],
    has_result: Callable[[str], bool],
) -> list[dict[str, Any]]:
    on_disk = _is_disk(fs)
    return [
        info
        for info in infos
        if not is_ours(info["name"], has_result)
        and not (on_disk and search.in_output(Path(info["name"]).parent))
    ]


def _is_hidden(name: str, above: str) -> bool:
    """Whether a file, or a folder between it and the one above, has a name with a leading dot."""
    inside = name.removeprefix(above) if name.startswith(above) else PurePosixPath(name).name
    return any(part.startswith(".") for part in inside.split("/"))


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
    facts = "\n".join(f"{key}={info[key]}" for key in sorted(info) if _CONTENT.search(key))
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
    fs, path = url_to_fs(place)
    return fs, str(path)


def _unusable(error: Exception, shown: str, *, open_way: bool) -> UsageError:
    """The error in one line; its own words only if the address has no secret they may repeat."""
    why = _first_line(error)
    if isinstance(error, ImportError) or why.startswith("Protocol not known"):
        return UsageError(f"{shown}: {why.rstrip('.')}.")
    no_entry = not_reached(error) is not None or is_refused(error)
    if isinstance(error, FileNotFoundError) and not no_entry:
        return UsageError(f"{shown}: nothing is there. Check the address.")
    if no_entry or not open_way:
        why = plain_cause(error)
    return UsageError(
        f"{shown}: cannot be reached ({why}). Check the address, the network and your credentials."
    )


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
