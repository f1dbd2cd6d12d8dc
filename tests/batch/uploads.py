"""Sixty clips as a gym's visitors upload them: good, odd, copied and broken."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import variants

from hingecheck.batch.crew import Told
from hingecheck.batch.records import Outcome
from hingecheck.batch.settings import Settings
from hingecheck.batch.sources import Found, Source
from hingecheck.overlay.film import Pictures
from hingecheck.pose.models import PoseModel

__all__ = ["GOOD", "LITE", "Listener", "Uploads", "make_uploads", "told_apart"]

LITE = Settings(model=PoseModel.LITE, pictures=Pictures(overlay=False, thumbnail=True))

GOOD: dict[str, Callable[[Path, Path], Path]] = {
    "mirrored": variants.mirrored,
    "half_size": variants.half_size,
    "recompressed": variants.recompressed,
    "black_bars": variants.with_black_bars,
    "variable_rate": variants.variable_rate,
    "slow": lambda src, dst: variants.at_fps(src, dst, 10),
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
    """The same film in other bytes, and more of them: a box that players skip, at the end."""
    content = src.read_bytes()
    box = (8 + number).to_bytes(4, "big") + b"free" + bytes(number)
    dst.write_bytes(content + box if content else b"")
    return dst


class Listener:
    """Keeps what a run tells of itself.

    Attributes:
        waiting: Clips that wanted work.
        retries: Attempts that were followed by another.
        most_at_once: Clips under way at the same time.
        ends: How clips ended.
    """

    def __init__(self) -> None:
        self.waiting = self.retries = self.most_at_once = 0
        self.under_way: set[str] = set()
        self.ends: list[Outcome] = []

    def planned(self, found: Found, waiting: int) -> None:
        self.waiting = waiting

    def begun(self, source: Source) -> None:
        self.under_way.add(source.address)
        self.most_at_once = max(self.most_at_once, len(self.under_way))

    def told(self, told: Told) -> None: ...

    def again(self, outcome: Outcome, pause_s: float) -> None:
        self.retries += 1
        self.under_way.discard(outcome.address)

    def ended(self, outcome: Outcome) -> None:
        self.ends.append(outcome)
        self.under_way.discard(outcome.address)
