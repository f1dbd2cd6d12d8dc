"""The formats, what their files are called, and what they need."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

__all__ = ["PACKAGES", "Format", "default_name", "header_name", "result_name"]


class Format(StrEnum):
    """What a result can be written as."""

    TRC = "trc"
    MOT = "mot"
    C3D = "c3d"
    NETCDF = "netcdf"
    OPENPOSE = "openpose"
    CSV = "csv"
    PARQUET = "parquet"


PACKAGES = {Format.C3D: "ezc3d", Format.PARQUET: "pyarrow"}
"""What a format needs that a check does not."""

_ENDINGS = {Format.NETCDF: ".nc", Format.OPENPOSE: "_openpose"}
"""Where it is not the format's own name."""

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Tabs, everything that ends a line, and the bytes of names that are no UTF-8."""


def result_name(result: Path) -> str:
    """What a result is called: its folder's name without our ending.

    Args:
        result: The folder, or its result.json.
    """
    folder = result.parent if result.name == "result.json" else result
    return folder.resolve().name.removesuffix(".hingecheck")


def default_name(result: Path, to: Format) -> str:
    """What a result's export is called."""
    return f"{result_name(result)}{_ENDINGS.get(to, f'.{to}')}"


def header_name(name: str) -> str:
    """A file's name as one cell of one line in a text format's header."""
    return _UNPRINTABLE.sub("_", name)
