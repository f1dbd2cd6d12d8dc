"""Child processes that hear Ctrl-C."""

from __future__ import annotations

import signal

__all__ = ["interruptible"]


def interruptible() -> None:
    """For `preexec_fn`: Ctrl-C as at a terminal, though background jobs are started deaf to it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
