"""Files that some may read and others may not."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

__all__ = ["nobody", "open_to_all"]


@contextlib.contextmanager
def nobody() -> Iterator[None]:
    """Without the right of the administrator to read everything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def open_to_all(folder: Path) -> None:
    """Let everybody into a test's folder, read and write what lies in it."""
    common = Path(tempfile.gettempdir())
    above = (each for each in folder.parents if common in each.parents)
    for place in (*above, folder, *folder.rglob("*")):
        if place.stat().st_uid == os.geteuid():
            place.chmod(0o777)
