"""Where the store lies, what its files may be called, and how they are written."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from contextlib import suppress
from pathlib import Path

from hingecheck.errors import OutputError, UsageError, reason_of

__all__ = [
    "checked_name",
    "data_folder",
    "file_stem",
    "remove_file",
    "require_writable",
    "store_folder",
    "write_whole",
]

HOME_VARIABLE = "HINGECHECK_HOME"

_NAME = re.compile(r"\w(?:[\w -]{0,38}\w)?")
_RESERVED = re.compile(r"con|prn|aux|nul|(?:com|lpt)\d")
"""Names that Windows keeps for devices."""


def data_folder() -> Path:
    """The folder of this user's profiles and histories; it need not exist yet.

    The environment variable `HINGECHECK_HOME` names it, else the platform does: `%APPDATA%` on
    Windows, Application Support on macOS, the XDG data folder elsewhere.
    """
    chosen = os.environ.get(HOME_VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    if sys.platform == "win32":
        base = Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or "")
        # The XDG base directory specification says to ignore a relative path.
        base = base if base.is_absolute() else Path.home() / ".local" / "share"
    return base / "hingecheck"


def store_folder(kind: str) -> Path:
    """The folder of one kind of file ("profiles", "history"); it need not exist yet.

    Raises `UsageError` where something else is in its way, so that nothing is taken for empty.
    """
    folder = data_folder() / kind
    nearest = _nearest(folder)
    if not nearest.is_dir():
        raise UsageError(
            f"{nearest}: expected a folder for profiles and histories, got a file."
            f" Set {HOME_VARIABLE} to a folder of your own."
        )
    if not os.access(nearest, os.R_OK | os.X_OK):
        raise UsageError(
            f"{nearest}: expected a folder for profiles and histories, got one that may not be"
            f" read. Set {HOME_VARIABLE} to a folder of your own."
        )
    return folder


def require_writable(path: Path) -> None:
    """Raise `OutputError` where `write_whole` could not write; makes nothing."""
    nearest = _nearest(path.parent)
    if path.is_dir():
        raise _unwritable(path, "a folder has that name")
    if not nearest.is_dir():
        raise _unwritable(path, f"{nearest} is a file")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise _unwritable(path, f"{nearest} is read-only")


def checked_name(name: str) -> str:
    """A lifter's name as it is kept; raises `UsageError` for one that cannot name a file.

    Letters and digits of any script, and between them spaces, hyphens and underscores, up to 40.
    """
    plain = unicodedata.normalize("NFC", name.strip())
    if _NAME.fullmatch(plain) is None or _RESERVED.fullmatch(plain.casefold()):
        raise UsageError(
            f"profile name {name!r}: expected 1 to 40 letters and digits, with spaces, hyphens or"
            " underscores between them. Choose another name."
        )
    return plain


def file_stem(name: str) -> str:
    """What a lifter's files are called: upper and lower case make no difference."""
    return checked_name(name).casefold()


def write_whole(path: Path, text: str) -> None:
    """Write a file that is afterwards there whole or as it was before.

    Raises `OutputError` where that cannot be done.
    """
    partial = path.with_name(f".{path.name}.partial-{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise _unwritable(path, reason_of(error)) from error
    finally:
        with suppress(OSError):
            partial.unlink()


def remove_file(path: Path) -> Path:
    """Delete a file and return where it was; raises `OutputError` where that cannot be done."""
    try:
        path.unlink()
    except OSError as error:
        what = reason_of(error)
        raise OutputError(f"{path}: cannot be removed ({what}). Delete it by hand.") from error
    return path


def _unwritable(path: Path, what: str) -> OutputError:
    return OutputError(
        f"{path}: cannot be written ({what}). Free some space, or set {HOME_VARIABLE} to a"
        " folder of your own."
    )


def _nearest(folder: Path) -> Path:
    """The folder itself, or what comes closest to it of what exists."""
    return next(each for each in (folder, *folder.absolute().parents) if os.path.lexists(each))
