"""Keep MediaPipe from reporting its use: nothing about a lifter leaves the machine.

MediaPipe 1.2 starts a usage logger with every landmarker, which posts to a log host over
HTTPS. Two locks are put on that door: each landmarker gets an empty trust store, so that no TLS
session can be opened (`trust_nobody`), and programs that are wholly hingecheck's, as the command
line is, send the logger to a closed port of this machine, so that not even the host's name is
looked up (`seal_process`).
"""

from __future__ import annotations

import os
from typing import Any

__all__ = ["seal_process", "trust_nobody", "unseal_process"]

CLOSED_PORT = "http://127.0.0.1:9"
"""The discard service's port (RFC 863), closed on every ordinary machine."""


_CLOSED = ("https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY")
_REMOVED = ("no_proxy", "NO_PROXY")
_before: dict[str, str | None] = {}


def seal_process() -> None:
    """Send every proxied HTTPS request of this process to a closed port.

    Call it first in a program that needs no network; do not call it inside somebody else's.
    """
    if not _before:
        _before.update({name: os.environ.get(name) for name in (*_CLOSED, *_REMOVED)})
    for name in _CLOSED:
        os.environ[name] = CLOSED_PORT
    for name in _REMOVED:
        os.environ.pop(name, None)


def unseal_process() -> None:
    """Take back what `seal_process` did, in a program that fetches what a person has named.

    Such a program creates no landmarker; processes that it starts for that are sealed.
    """
    for name, value in _before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    _before.clear()


def trust_nobody(base_options: type[Any]) -> type[Any]:
    """A subclass of MediaPipe's `BaseOptions` whose trust store is empty.

    MediaPipe passes certifi's CA bundle to its logger inside `to_ctypes`; here the bundle is
    the null device, which holds no certificate, so that every TLS handshake fails.
    """

    class SealedBaseOptions(base_options):  # type: ignore[misc]
        def to_ctypes(self) -> Any:
            options = super().to_ctypes()
            options.ca_bundle_path = os.devnull.encode()
            return options

    return SealedBaseOptions
