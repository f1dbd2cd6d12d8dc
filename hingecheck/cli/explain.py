"""Errors that nobody foresaw, in one line with what to do next."""

from __future__ import annotations

__all__ = ["explain"]

LIBRARIES = "apt-get install libgl1 libegl1 libgles2 libglib2.0-0"
"""What OpenCV and MediaPipe load that a Debian machine without a desktop does not have."""


def explain(error: Exception) -> str:
    """What happened and what to do: install a system library, or tell us."""
    what = " ".join(f"{type(error).__name__}: {error}".split())
    if "cannot open shared object file" in what:
        return f"a system library is missing ({what}). On Debian or Ubuntu: {LIBRARIES}."
    return f"internal error ({what}). Run it again with --debug and report what it prints."
