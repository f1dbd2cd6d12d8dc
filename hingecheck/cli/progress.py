"""The progress bar: one line on the terminal, with the time left."""

from __future__ import annotations

from typing import Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

__all__ = ["ClipProgress", "progress_bar"]

STAGES = {"look": ("watching", 0.7), "draw": ("drawing", 0.3)}
"""Each stage's word and its share of the whole; measured at 720p with the full model."""


def progress_bar(terminal: TextIO) -> Progress:
    """A bar with description, percentage and time left; silent where `terminal` is none."""
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=None),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(elapsed_when_finished=False),
        TextColumn("left"),
        console=Console(file=terminal, highlight=False, markup=False),
        refresh_per_second=4,
        transient=True,
        disable=not terminal.isatty(),
    )


class ClipProgress:
    """Progress of one clip; silent where `terminal` is no terminal.

    An instance is the `progress` argument of `hingecheck.check`.
    """

    def __init__(self, terminal: TextIO, clip: str, overlay: bool) -> None:
        shares = {
            stage: share for stage, (_, share) in STAGES.items() if overlay or stage != "draw"
        }
        self._clip = Text(clip).plain
        self._share = {stage: share / sum(shares.values()) for stage, share in shares.items()}
        self._progress = progress_bar(terminal)
        self._task = self._progress.add_task(self._clip, total=1.0)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def __call__(self, stage: str, fraction: float) -> None:
        """Note how far a stage has come, 0..1; stages that take no time worth showing pass."""
        if stage not in self._share:
            return
        before = 0.0
        for name, share in self._share.items():
            if name == stage:
                self._progress.update(
                    self._task,
                    completed=before + share * fraction,
                    description=f"{self._clip}: {STAGES[stage][0]}",
                )
                return
            before += share
