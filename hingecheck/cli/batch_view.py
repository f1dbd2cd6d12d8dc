"""A batch on the terminal: a bar for all, a line for each clip under way, one for each done."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterable
from io import TextIOBase
from typing import IO, TYPE_CHECKING, Self, TextIO, cast

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.progress import Progress, Task, TaskID
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from hingecheck.batch.addresses import name_of

if TYPE_CHECKING:
    from hingecheck.batch.crew import Told
    from hingecheck.batch.records import Outcome
    from hingecheck.batch.sources import Found, Source

__all__ = ["BatchView"]

STAGES = {
    "fetch": ("fetching", 0.0),
    "look": ("watching", 0.0),
    "judge": ("judging", 0.7),
    "draw": ("drawing", 0.7),
    "write": ("writing", 0.97),
}
"""Each stage's word, and the share of a clip that is done when it begins."""

ALL = "all clips"
CONTROLS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode's categories of what steers a terminal, or turns its text around, and is no text."""


class BatchView:
    """Progress of a run; without a terminal, a line for each clip that has come to its end.

    Whoever reads may leave: the run goes on.

    Args:
        terminal: Where people read; None where that is closed.
        debug: Whether to show what a failed clip's process had printed.
        width: Columns; None for the terminal's own.
    """

    def __init__(
        self, terminal: TextIO | None, debug: bool = False, width: int | None = None
    ) -> None:
        listener = _Listener(None if terminal is None or terminal.closed else terminal)
        self._console = Console(
            file=cast(IO[str], listener), highlight=False, markup=False, emoji=False, width=width
        )
        self._bars = _Bars(
            console=self._console,
            refresh_per_second=4,
            transient=True,
            disable=not listener.isatty(),
        )
        self._debug = debug
        self._lines: dict[str, TaskID] = {}
        self._all: TaskID | None = None
        self._done = self._waiting = 0
        self._length_s = 0.0
        self._begun_s = time.monotonic()

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def planned(self, found: Found, waiting: int) -> None:
        """Say what there is to do."""
        clips, others = len(found.sources), found.passed_over
        said = f"{clips} clip{'' if clips == 1 else 's'}"
        if waiting < clips:
            said += f", {clips - waiting} of them done or given up before"
        if others:
            said += f"; {others} other file{'' if others == 1 else 's'} passed over"
        self._say(f"{said}.")
        for folder in found.unreadable:
            self._say(
                f"{folder}: cannot be listed, so clips in it are not counted, and none is dropped."
            )
        self._waiting = waiting
        self._begun_s = time.monotonic()
        if waiting:
            self._all = self._bars.add_task(ALL, total=float(waiting), tails=())

    def begun(self, source: Source) -> None:
        """Give a clip its line."""
        if source.address not in self._lines:
            name = _shown(name_of(source.address))
            self._lines[source.address] = self._bars.add_task(name, total=1.0, tails=("waiting",))

    def told(self, told: Told) -> None:
        """Move a clip's bar on."""
        line = self._lines.get(told.address)
        if line is None:
            return
        word, start = STAGES.get(told.stage, (told.stage, 0.0))
        following = [at for _, at in STAGES.values() if at > start]
        span = (min(following, default=1.0) - start) if told.stage in ("look", "draw") else 0.0
        self._bars.update(line, completed=start + span * told.share, tails=(word,))

    def again(self, outcome: Outcome, pause_s: float) -> None:
        """Say that a clip will be tried again."""
        self._drop(outcome.address)
        self._say(f"again in {pause_s:.0f} s  {outcome.message}")
        self._say_log(outcome)

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
        self._say_log(outcome)
        if self._all is not None:
            self._bars.update(self._all, completed=float(self._done), tails=self._paces())

    def _paces(self) -> tuple[str, ...]:
        """How fast it goes, from everything there is to say to what matters most."""
        spent_s = max(time.monotonic() - self._begun_s, 1e-6)
        per_minute = f"{60 * self._done / spent_s:.1f} clips a minute"
        real_time = f"{self._length_s / spent_s:.1f} x real time"
        left = f"{_clock(spent_s / self._done * (self._waiting - self._done))} left"
        return (f"{per_minute}, {real_time}, {left}", f"{per_minute}, {left}", left)

    def _drop(self, address: str) -> None:
        line = self._lines.pop(address, None)
        if line is not None:
            self._bars.remove_task(line)

    def _say(self, line: str) -> None:
        self._console.print(_shown(line), soft_wrap=True)

    def _say_log(self, outcome: Outcome) -> None:
        if self._debug:
            for line in outcome.log.splitlines():
                self._say(f"    {line}")


class _Bars(Progress):
    """Bars that keep to one line each, however narrow the terminal and long the name."""

    def make_tasks_table(self, tasks: Iterable[Task]) -> Table:
        tasks = list(tasks)
        if not tasks:
            return Table.grid()
        width = self.console.width
        bar = width // 10
        longest = max(cell_len(task.description) for task in tasks)
        name = min(longest, max(len(ALL), width // 5))
        spaces, percent = 3, 4
        rest = max(0, width - name - bar - percent - spaces - 1)
        table = Table.grid(padding=(0, 1, 0, 0))
        for columns in (name, bar, percent, rest):
            table.add_column(width=columns, no_wrap=True, overflow="crop")
        for task in tasks:
            table.add_row(
                Text(_shortened(task.description, name)),
                ProgressBar(total=task.total, completed=task.completed, width=bar),
                Text(f"{task.percentage:>3.0f}%"),
                Text(next((tail for tail in task.fields["tails"] if len(tail) <= rest), "")),
            )
        return table


class _Listener(TextIOBase):
    """A stream whose other end may be closed, gone or full: what it cannot take is dropped."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._stream.encoding if self._stream is not None else "utf-8"

    def isatty(self) -> bool:
        return self._stream is not None and self._stream.isatty()

    def write(self, text: str) -> int:
        try:
            if self._stream is not None:
                self._stream.write(text)
        except (OSError, ValueError):
            self._stream = None
        return len(text)

    def flush(self) -> None:
        try:
            if self._stream is not None:
                self._stream.flush()
        except (OSError, ValueError):
            self._stream = None


def _shown(text: str) -> str:
    """Text as a terminal may have it, in one line: `?` for what would steer the terminal."""
    return "".join(
        "?" if unicodedata.category(letter) in CONTROLS else letter
        for letter in text.replace("\n", " ")
    )


def _shortened(name: str, width: int) -> str:
    """A name in so many columns: its beginning and its end, which tell clips apart."""
    if cell_len(name) <= width:
        return name
    end = (width - 1) // 2
    beginning = set_cell_size(name, width - 1 - end).rstrip()
    return f"{beginning}…{set_cell_size(name[::-1], end)[::-1].lstrip()}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
