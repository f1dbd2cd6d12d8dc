"""Sixty clips as a gym's visitors upload them: good, odd, copied and broken."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import variants

__all__ = ["GOOD", "Uploads", "make_uploads", "told_apart"]

GOOD: dict[str, Callable[[Path, Path], Path]] = {
    "mirrored": variants.mirrored,
    "half_size": variants.half_size,
    "recompressed": variants.recompressed,
    "black_bars": variants.with_black_bars,
    "variable_rate": variants.variable_rate,
    "slow": lambda src, dst: variants.at_fps(src, dst, 15),
    "one_frame": variants.one_frame,
    "truncated": variants.truncated_fragmented,
    "corrupt": variants.corrupt_middle,
    "ten_bit": variants.ten_bit_hevc,
}
"""Odd clips that have a result all the same."""

BROKEN: dict[str, Callable[[Path, Path], Path]] = {
    "empty": variants.empty_file,
    "text": variants.text_as_mp4,
    "no_index": variants.index_missing,
    "audio_only": variants.audio_only,
    "zero_duration": variants.zero_duration,
    "no_frame_decodes": variants.no_frame_decodes,
}

COPIES = 14


class Uploads(NamedTuple):
    """A folder of clips.

    Attributes:
        folder: Where they lie.
        good: Names of those that have a result.
        broken: Names of those that have none.
        contents: Different contents among the good ones.
    """

    folder: Path
    good: set[str]
    broken: set[str]
    contents: int


def make_uploads(src: Path, folder: Path, broken_each: int = 6) -> Uploads:
    """Sixty clips made of one: 24 good ones with 10 contents, 36 broken in six ways."""
    (folder / "monday").mkdir(parents=True)
    (folder / "tuesday" / "evening").mkdir(parents=True)
    places = (folder, folder / "monday", folder / "tuesday" / "evening")
    for number, (name, make) in enumerate(GOOD.items()):
        make(src, places[number % 3] / f"{name}.mp4")
    originals = sorted(folder.rglob("*.mp4"))
    for number in range(COPIES):
        original = originals[number % len(originals)]
        shutil.copy(original, places[number % 3] / f"copy {number} of {original.name}")
    good = {str(path.relative_to(folder)) for path in folder.rglob("*.mp4")}
    for name, make in BROKEN.items():
        first = make(src, folder / f"{name}_0.mp4")
        for number in range(1, broken_each):
            told_apart(first, places[number % 3] / f"{name}_{number}.mp4", number)
    clips = {str(path.relative_to(folder)) for path in folder.rglob("*.mp4")}
    (folder / "readme.txt").write_text("Filmed in spring.")
    return Uploads(folder, good, clips - good, len(GOOD))


def told_apart(src: Path, dst: Path, number: int) -> Path:
    """The same film in other bytes: a box that players skip, at the end."""
    content = src.read_bytes()
    extra = b"\x00\x00\x00\x0cfree" + number.to_bytes(4, "big") if content else b""
    dst.write_bytes(content + extra)
    return dst
