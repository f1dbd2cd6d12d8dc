"""A network camera's address: what may be shown of it, and why no picture comes from it."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from urllib.parse import urlsplit

__all__ = ["is_address", "is_stream", "is_whole", "reached_directly", "shown_address", "why_silent"]

_PORTS = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443}
"""Schemes a camera may have, with the ports that IANA has registered for them."""

_FILES = {".avi", ".m4v", ".mkv", ".mov", ".mp4", ".webm"}

KNOCK_S = 2.0
"""A machine in the same house answers in milliseconds."""


def is_address(source: str) -> bool:
    """Whether a name is a network address that a camera may have."""
    return source.partition("://")[0].lower() in _PORTS and "://" in source


def is_stream(source: str) -> bool:
    """Whether an address means a camera rather than a clip that lies on a server."""
    path = re.split("[?#]", source, maxsplit=1)[0]
    return is_address(source) and (
        source.lower().startswith("rtsp") or PurePosixPath(path).suffix.lower() not in _FILES
    )


def is_whole(address: str) -> bool:
    """Whether an address names a machine that can be asked."""
    return _machine(address) is not None


def shown_address(source: str) -> str:
    """An address fit for a screen or a log: without user, password and query.

    A password may itself hold signs that end the address's first part, so everything up to the
    last `@` goes. Other names come back as they are.
    """
    if not is_address(source):
        return source
    scheme, _, rest = source.partition("://")
    secret, found, rest = rest.rpartition("@")
    rest = re.sub(r"[?#].*", "?...", rest, flags=re.DOTALL)
    return f"{scheme}://{'***@' if found and secret else ''}{rest}"


@contextmanager
def reached_directly(address: str) -> Iterator[None]:
    """Have an address opened within this block reached without the process's web proxy.

    FFmpeg obeys `http_proxy`, which the command line points at a closed port (docs/privacy.md);
    a camera at home is behind no proxy anyway.
    """
    if not os.environ.get("http_proxy"):
        yield
        return
    before = os.environ.get("no_proxy")
    host = _host(address)
    os.environ["no_proxy"] = f"{before},{host}" if before else host
    try:
        yield
    finally:
        if before is None:
            os.environ.pop("no_proxy", None)
        else:
            os.environ["no_proxy"] = before


def why_silent(address: str) -> str:
    """What keeps the pictures of an address away, and what to do; asks its machine, briefly."""
    machine = _machine(address)
    if machine is None:
        return (
            "this address cannot be read, expected one such as http://192.168.1.20:8080/video."
            " Write a / or # in its password as %2F or %23."
        )
    host, port = machine
    try:
        socket.create_connection((host, port), timeout=KNOCK_S).close()
    except (socket.gaierror, UnicodeError):
        return f"no machine called {host} is known here. Check the address."
    except ConnectionRefusedError:
        return f"nothing answers at {host}, port {port}. Start the camera's app and check the port."
    except OSError:
        return f"{host} does not answer. Check that it is on, and in the same network as this one."
    return f"{host} answers, but without video. Check the address's path, user and password."


def _machine(address: str) -> tuple[str, int] | None:
    """Name and port; None where they cannot be read."""
    try:
        parts = urlsplit(address)
        port = parts.port or _PORTS[parts.scheme]
    except ValueError:
        return None
    return (parts.hostname, port) if parts.hostname else None


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
