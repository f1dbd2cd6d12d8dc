"""What an address says and what it must not tell."""

from __future__ import annotations

import errno
import os
import re
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from hingecheck.errors import UsageError

__all__ = [
    "PARTS",
    "anchored",
    "is_address",
    "is_refused",
    "name_of",
    "not_reached",
    "plain_cause",
    "require_sound",
    "without_secrets",
]

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://|[a-z][a-z0-9+.-]*::", re.IGNORECASE)
"""A scheme of two letters or more; a drive has one."""

PARTS = re.compile(r"([a-z][a-z0-9+.-]+)://([^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)
"""Scheme, authority and the rest of an address (RFC 3986, 3)."""

_WEB = frozenset({"http", "https"})

_NO_USERS = frozenset({"abfs", "abfss", "az", "git", "github"})
"""Schemes of fsspec and adlfs in which a container or a repository stands before the `@`."""


_NO_WAY = frozenset({errno.ENETDOWN, errno.ENETUNREACH, errno.EHOSTDOWN, errno.EHOSTUNREACH})

_LOCKED = frozenset({401, 403, 407})
"""What a web server answers to somebody whom it does not let in (RFC 9110, 15.5)."""


def is_address(name: str) -> bool:
    """Whether an input is an address for fsspec and no path."""
    return _ADDRESS.match(name) is not None


def without_secrets(name: str) -> str:
    """An input fit for a screen or a file: an address without user, password and query.

    Paths come back as they are. Elsewhere than on the web a `?` may be part of a file's name, and
    only what looks like `?key=value` is a query.
    """
    if not is_address(name):
        return name
    return "::".join(_shown_part(part) for part in name.split("::"))


def name_of(address: str) -> str:
    """The file name at the end of a source's address; in an archive, the clip's."""
    if not is_address(address):
        return Path(address).name or address
    path = next((part for part in address.split("::") if "://" in part), address)
    return PurePosixPath(path.rstrip("/")).name or address


def plain_cause(error: BaseException) -> str:
    """What went wrong in a few words of our own: an error's may repeat the whole address."""
    if is_refused(error):
        return "permission denied"
    error = not_reached(error) or error
    if isinstance(error, socket.gaierror):
        return "no such host"
    # fsspec has errors with an address in place of the number and the text; TLS numbers its own.
    if isinstance(error, ssl.SSLError):
        return type(error).__name__
    if isinstance(error, OSError) and isinstance(error.errno, int) and error.errno > 0:
        return os.strerror(error.errno).lower()
    return type(error).__name__


def not_reached(error: BaseException) -> OSError | None:
    """What kept a connection from coming about or cut it; None where that was not the trouble.

    fsspec tells of a web server that cannot be reached as of a file that is not there.
    """
    for each in _origins(error):
        if isinstance(each, (ConnectionError, TimeoutError, socket.gaierror, ssl.SSLError)) or (
            isinstance(each, OSError) and each.errno in _NO_WAY
        ):
            return each
    return None


def is_refused(error: BaseException) -> bool:
    """Whether somebody is there and does not let us in."""
    return any(
        isinstance(each, PermissionError) or getattr(each, "status", None) in _LOCKED
        for each in _origins(error)
    )


def _origins(error: BaseException) -> Iterator[BaseException]:
    """An error and what it came of, the last first."""
    seen: list[BaseException] = []
    each: BaseException | None = error
    while each is not None and each not in seen:
        yield each
        seen.append(each)
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)


def require_sound(address: str) -> None:
    """Raise if a password holds signs that end the part of an address it stands in.

    What is secret in such an address cannot be told, so nothing of it is shown.
    """
    chain = address.split("::")
    for number, part in enumerate(chain):
        parts = PARTS.match(part)
        if parts is None:
            continue
        scheme, authority, rest = parts.groups()
        port = authority.rpartition(":")[2] if ":" in authority else ""
        unread = "".join((rest, *chain[number + 1 :]))
        if port and not port.isdigit() and "@" in unread and "@" not in authority:
            raise UsageError(
                f"{scheme}://...: this address cannot be read. Write /, ?, # and : in its password"
                " as %2F, %3F, %23 and %3A."
            )


def anchored(address: str) -> str:
    """The same address, a relative path at the end of its chain made absolute."""
    chain, chained, last = address.rpartition("::")
    if not chained or "://" in last or re.fullmatch(r"[a-z]*", last):
        return address
    return f"{chain}::{Path(os.path.abspath(Path(last).expanduser()))}"  # noqa: PTH100


def _shown_part(part: str) -> str:
    parts = PARTS.fullmatch(part)
    if parts is None:
        return part
    scheme, authority, rest = parts.groups()
    if scheme.casefold() not in _NO_USERS:
        authority = authority.rpartition("@")[2]
    query = r"[?#].*" if scheme.casefold() in _WEB else r"\?[\w.~%-]+=.*"
    return f"{scheme}://{authority}{re.sub(query, '', rest, flags=re.DOTALL)}"
