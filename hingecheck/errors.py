"""What can go wrong, as one small tree; each error knows the exit code it ends a command with."""

from __future__ import annotations

__all__ = [
    "Cancelled",
    "ClipError",
    "HingecheckError",
    "ModelError",
    "NothingSeen",
    "OutputError",
    "StoreError",
    "UsageError",
    "explain",
    "reason_of",
]


class HingecheckError(Exception):
    """Base of every error hingecheck raises on purpose.

    The message is one line: what, expected, got, and what to do next.

    Attributes:
        exit_code: What the command line returns when this ends it.
    """

    exit_code = 5


class UsageError(HingecheckError):
    """The call itself cannot be carried out as given."""

    exit_code = 2


class ClipError(HingecheckError):
    """The input is missing, is no video, or holds no frame that decodes."""

    exit_code = 3


class StoreError(HingecheckError):
    """A stored profile, history or result is damaged, or is none of ours."""

    exit_code = 3


class NothingSeen(HingecheckError):
    """The clip can be read but does not show what is to be measured."""

    exit_code = 4


class ModelError(HingecheckError):
    """A pose model bundle is missing or is not the file it should be."""


class OutputError(HingecheckError):
    """The result could not be written."""


class Cancelled(HingecheckError):
    """The person stopped the run; nothing was written."""

    exit_code = 130


LIBRARIES = "apt-get install libgl1 libegl1 libgles2 libglib2.0-0"
"""What OpenCV and MediaPipe load that a Debian machine without a desktop does not have."""


def explain(error: Exception) -> str:
    """What happened and what to do: install a system library, or tell us."""
    what = " ".join(f"{type(error).__name__}: {error}".split())
    if "cannot open shared object file" in what:
        return f"a system library is missing ({what}). On Debian or Ubuntu: {LIBRARIES}."
    return f"internal error ({what}). Run it again with --debug and report what it prints."


def reason_of(error: OSError) -> str:
    """The operating system's complaint in words that fit into a sentence of ours."""
    return (error.strerror or str(error)).lower()
