"""OpenSim's marker file: landmarks in metres, x forward, y up, z to the lifter's right."""

from __future__ import annotations

from pathlib import Path

from hingecheck.export.formats import header_name
from hingecheck.export.lab import LabMotion
from hingecheck.export.markers import MARKERS

__all__ = ["write_trc"]

DIGITS = 5
"""Hundredths of a millimetre."""


def write_trc(lab: LabMotion, path: Path, name: str) -> None:
    """Write a marker file.

    A marker that is not seen reads NaN: OpenSim's readers of tables refuse blanks.

    Args:
        lab: The movement.
        path: The file.
        name: What the file's first line calls it, tabs and line breaks replaced.
    """
    clock, rows = lab.clock, len(lab.clock.time_s)
    settings = {
        "DataRate": f"{clock.rate_hz:g}",
        "CameraRate": f"{clock.rate_hz:g}",
        "NumFrames": str(rows),
        "NumMarkers": str(len(MARKERS)),
        "Units": "m",
        "OrigDataRate": f"{clock.rate_hz:g}",
        "OrigDataStartFrame": "1",
        "OrigNumFrames": str(rows),
    }
    axes = [f"{axis}{number}" for number in range(1, len(MARKERS) + 1) for axis in "XYZ"]
    header = [
        ["PathFileType", "4", "(X/Y/Z)", header_name(name)],
        list(settings),
        list(settings.values()),
        ["Frame#", "Time", *(cell for marker in MARKERS for cell in (marker, "", ""))],
        ["", "", *axes],
        [],
    ]
    table = [
        [str(row + 1), f"{time_s:.6f}", *(_cell(value) for value in markers_m)]
        for row, (time_s, markers_m) in enumerate(
            zip(clock.time_s, lab.markers_m.reshape(rows, -1), strict=True)
        )
    ]
    text = "\n".join("\t".join(line) for line in (*header, *table))
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _cell(value: float) -> str:
    return f"{value + 0.0:.{DIGITS}f}" if value == value else "NaN"
