"""Keep native libraries' chatter off the terminal, and keep it at hand for when they crash."""

from __future__ import annotations

import faulthandler
import os
import sys
import tempfile
from pathlib import Path
from typing import IO, Self, TextIO

__all__ = ["QuietLibraries"]

LONGEST_TAIL = 20_000
"""Characters of held-back output worth showing: the end is where a crash speaks."""


class QuietLibraries:
    """Hold back whatever is written to standard error while the `with` block runs.

    MediaPipe and TensorFlow Lite write to file descriptor 2 from C++, before any setting of
    theirs can stop them. So the descriptor itself is pointed at a temporary file; our own lines
    go to `terminal`, which is the standard error people see. A crash of native code prints its
    Python stack there.

    Args:
        quiet: False leaves everything as it is, for `--debug`.

    Attributes:
        terminal: Where to write to the person.
    """

    def __init__(self, quiet: bool = True) -> None:
        self.terminal: TextIO = sys.stderr
        self._quiet = quiet
        self._muted = False
        self._held: IO[bytes] | None = None

    def __enter__(self) -> Self:
        if self._quiet:
            sys.stderr.flush()
            self._held = _scratch_file()
            self.terminal = os.fdopen(
                os.dup(2), "w", buffering=1, encoding=sys.stderr.encoding, errors="replace"
            )
            faulthandler.enable(self.terminal)
            os.dup2(self._held.fileno(), 2)
        return self

    def __exit__(self, *_: object) -> None:
        if self._held is None:
            return
        sys.stderr.flush()
        if self._muted:
            sys.stderr = self.terminal
            return
        os.dup2(self.terminal.fileno(), 2)
        faulthandler.enable(2)
        self.terminal.close()
        self.terminal = sys.stderr
        self._held.close()
        self._held = None

    def mute(self) -> None:
        """Keep the descriptor held back after the block, until the process ends.

        Interrupted while it starts, MediaPipe goes on starting in threads of its own, which nobody
        can wait for, and writes when the block is long left. `sys.stderr` is the terminal then.
        """
        self._muted = self._held is not None

    def held_back(self) -> str:
        """The end of what has been written meanwhile."""
        if self._held is None:
            return ""
        sys.stderr.flush()
        # pread: the descriptor's own position is where the next line will be written.
        size = os.fstat(self._held.fileno()).st_size
        start = max(0, size - LONGEST_TAIL)
        return os.pread(self._held.fileno(), size - start, start).decode(errors="replace")


def _scratch_file() -> IO[bytes]:
    """A temporary file, or the null device on a machine with no room for one."""
    try:
        return tempfile.TemporaryFile()
    except OSError:
        return Path(os.devnull).open("w+b")
