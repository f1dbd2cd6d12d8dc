"""A batch on the terminal: a bar for all, a line for each clip under way, one for each done."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn
from rich.text import Text

from hingecheck.batch.sources import name_of

if TYPE_CHECKING:
    from hingecheck.batch.crew import Told
    from hingecheck.batch.records import Outcome
    from hingecheck.batch.sources import Source

__all__ = ["BatchView"]

STAGES = {
    "fetch": ("fetching", 0.0),
    "look": ("watching", 0.0),
    "judge": ("judging", 0.7),
    "draw": ("drawing", 0.7),
    "write": ("writing", 0.97),
}
"""Each stage's word, and the share of a clip that is done when it begins."""


class BatchView:
    """Progress of a run; without a terminal, a line for each clip that has come to its end.

    Args:
        terminal: Where people read.
    """

    def __init__(self, terminal: TextIO) -> None:
        self._console = Console(file=terminal, highlight=False, markup=False, emoji=False)
        self._bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=30),
            TextColumn("{task.percentage:>3.0f}%"),
            _Rate(),
            console=self._console,
            refresh_per_second=4,
            transient=True,
            disable=not terminal.isatty(),
        )
        self._lines: dict[str, TaskID] = {}
        self._all: TaskID | None = None
        self._done = self._waiting = 0
        self._length_s = 0.0
        self._begun_s = time.monotonic()

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bars.stop()

    def planned(self, found: int, waiting: int, passed_over: int) -> None:
        """Say what there is to do."""
        said = f"{found} clip{'' if found == 1 else 's'}"
        if waiting < found:
            said += f", {found - waiting} of them done or given up before"
        if passed_over:
            said += f"; {passed_over} other file{'' if passed_over == 1 else 's'} passed over"
        self._say(f"{said}.")
        self._waiting = waiting
        self._begun_s = time.monotonic()
        if waiting:
            self._all = self._bars.add_task("all clips", total=float(waiting), pace="")

    def begun(self, source: Source) -> None:
        """Give a clip its line."""
        if source.address not in self._lines:
            name = Text(name_of(source.address)).plain
            self._lines[source.address] = self._bars.add_task(name, total=1.0, pace="waiting")

    def told(self, told: Told) -> None:
        """Move a clip's bar on."""
        line = self._lines.get(told.address)
        if line is None:
            return
        word, start = STAGES.get(told.stage, (told.stage, 0.0))
        following = [at for _, at in STAGES.values() if at > start]
        span = (min(following, default=1.0) - start) if told.stage in ("look", "draw") else 0.0
        self._bars.update(line, completed=start + span * told.share, pace=word)

    def again(self, outcome: Outcome, pause_s: float) -> None:
        """Say that a clip will be tried again."""
        self._drop(outcome.address)
        self._say(f"again in {pause_s:.0f} s  {outcome.message}")

    def ended(self, outcome: Outcome) -> None:
        """Say how a clip ended, and how fast it goes."""
        self._drop(outcome.address)
        self._done += 1
        self._length_s += outcome.length_s
        name = name_of(outcome.address)
        if outcome.failure is not None:
            said = f"failed  {outcome.message}"
        elif outcome.folder is None:
            said = f"known   {name}: a copy of a clip that was checked"
        else:
            reps = f"{outcome.reps} rep{'' if outcome.reps == 1 else 's'}"
            said = f"ok      {name}: {reps}. {outcome.headline}"
        self._say(f"[{self._done}/{self._waiting}] {said}")
        if self._all is not None:
            self._bars.update(self._all, completed=float(self._done), pace=self._pace())

    def _pace(self) -> str:
        spent_s = max(time.monotonic() - self._begun_s, 1e-6)
        per_minute = 60 * self._done / spent_s
        left_s = spent_s / self._done * (self._waiting - self._done)
        return (
            f"{per_minute:.1f} clips a minute, {self._length_s / spent_s:.1f} x real time,"
            f" {_clock(left_s)} left"
        )

    def _drop(self, address: str) -> None:
        line = self._lines.pop(address, None)
        if line is not None:
            self._bars.remove_task(line)

    def _say(self, line: str) -> None:
        self._console.print(" ".join(line.split("\n")), soft_wrap=True)


class _Rate(ProgressColumn):
    """What a line says at its end."""

    def render(self, task: Task) -> Text:
        return Text(str(task.fields.get("pace", "")))


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
