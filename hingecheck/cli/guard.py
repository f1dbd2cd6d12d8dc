"""How a command that works on a clip ends when something goes amiss: in one line."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from hingecheck.cli.stderr import QuietLibraries
from hingecheck.errors import Cancelled, HingecheckError, explain

__all__ = ["guarded"]


@contextmanager
def guarded(what: str, *, debug: bool) -> Iterator[QuietLibraries]:
    """Keep native libraries quiet, and turn whatever is raised into one of our errors.

    Args:
        what: The clip's name, which the message begins with.
        debug: Whether to show tracebacks and the libraries' own messages.
    """
    with QuietLibraries(quiet=not debug) as libraries:
        try:
            yield libraries
        except KeyboardInterrupt:
            libraries.mute()
            raise Cancelled(f"{what}: stopped, nothing was written.") from None
        except HingecheckError:
            if debug:
                traceback.print_exc(file=libraries.terminal)
            raise
        except Exception as error:
            if debug:
                traceback.print_exc(file=libraries.terminal)
            else:
                libraries.terminal.write(libraries.held_back())
            raise HingecheckError(f"{what}: {explain(error)}") from error
