"""One run at a time in an output folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hingecheck.errors import UsageError, reason_of

__all__ = ["only_run"]


@contextmanager
def only_run(out: Path) -> Iterator[None]:
    """Hold the folder's lock; the system lets go of it when this process ends, however it does.

    Raises:
        UsageError: Another run holds it, or nothing can be written there.
    """
    try:
        opened = (out / ".lock").open("a+")
    except OSError as error:
        what = reason_of(error)
        raise UsageError(f"{out}: cannot be written ({what}). Choose another --out.") from error
    with opened as file:
        try:
            if sys.platform == "win32":
                import msvcrt

                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            other = file.read().strip() or "?"
            raise UsageError(
                f"{out}: another run (process {other}) is at work there."
                " Wait for it, or choose another --out."
            ) from None
        with suppress(OSError):  # the number is for people; the lock itself is held
            file.truncate(0)
            file.write(f"{os.getpid()}\n")
            file.flush()
        yield
