"""A batch on the terminal: whatever clips are called, and whoever reads, the run goes on."""

from __future__ import annotations

import io
import os
import re
import time
from contextlib import suppress
from pathlib import Path

import pytest
from rich.cells import cell_len

from hingecheck.batch.crew import Told
from hingecheck.batch.records import Failure, Outcome
from hingecheck.batch.sources import Found, Source
from hingecheck.cli.batch_view import BatchView

EVIL = "\x1b[31mred\x1b]0;title\x07\u202e.mp4"
LONG = "set of the morning " + "x" * 170 + " take 7.mp4"
WIDE = "硬拉" * 40 + "7.mp4"
REFRESHED_S = 0.4
"""The bars are drawn four times a second."""

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
STEER = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


class Terminal(io.StringIO):
    """A terminal that keeps what it is sent."""

    def isatty(self) -> bool:
        return True


def source(name: str) -> Source:
    return Source(f"/clips/{name}", 10, "1")


def found(clips: int) -> Found:
    return Found(tuple(source(f"{number}.mp4") for number in range(clips)), 0, ())


def lines(terminal: Terminal) -> list[str]:
    return STEER.sub("\n", COLOUR.sub("", terminal.getvalue())).splitlines()


def shown(width: int, names: list[str]) -> list[str]:
    """What a terminal is sent while clips of these names are under way and the first ends."""
    terminal = Terminal()
    with BatchView(terminal, width=width) as view:
        view.planned(found(300), 300)
        for name in names:
            view.begun(source(name))
            view.told(Told(source(name).address, "look", 0.5))
        view.ended(Outcome("/clips/other.mp4", "c", 1, Path("r"), reps=2, length_s=30.0))
        time.sleep(REFRESHED_S)
        return lines(terminal)


@pytest.mark.parametrize("width", [20, 40, 80, 120])
def test_every_bar_keeps_to_one_line(width: int) -> None:
    bars = [line for line in shown(width, [LONG, WIDE, "a.mp4"]) if "%" in line]
    assert bars
    assert max(cell_len(line.rstrip()) for line in bars) < width


@pytest.mark.parametrize("name", [LONG, WIDE])
def test_long_name_leaves_room_for_bar_share_and_stage(name: str) -> None:
    bar = next(line for line in reversed(shown(80, [name])) if "watching" in line)
    assert re.search(r"….*7\.mp4 +━+\S* +35% watching", bar), bar
    assert bar.startswith(name[:3])


@pytest.mark.parametrize(
    ("width", "pace"),
    [
        (120, r"\d clips a minute, [\d.]+ x real time, [\d:]+ left"),
        (80, r"\d clips a minute, .*[\d:]+ left"),
        (40, r"0% [\d:]+ left"),
    ],
)
def test_narrow_terminals_get_what_matters_most(width: int, pace: str) -> None:
    overall = [line for line in shown(width, ["a.mp4"]) if line.startswith("all clips")]
    assert re.search(pace, overall[-1]), overall[-1]


def test_names_cannot_steer_the_terminal() -> None:
    terminal = Terminal()
    with BatchView(terminal, debug=True, width=200) as view:
        view.planned(found(1), 1)
        view.begun(source(EVIL))
        time.sleep(REFRESHED_S)
        view.again(Outcome(EVIL, failure=Failure.LOST, message=f"{EVIL}: lost.", log=EVIL), 2.0)
        view.ended(Outcome(f"/clips/{EVIL}", "c", 1, Path("r")))
    sent = terminal.getvalue()
    for evil in ("\x1b[31m", "\x1b]", "\x07", "\u202e"):
        assert evil not in sent
    assert sent.count("?[31mred?]0;title??.mp4") >= 3


def test_a_failed_clips_log_is_shown_to_those_who_ask() -> None:
    failed = Outcome("a.mp4", failure=Failure.LOST, message="a.mp4: lost.", log="one\ntwo\n")
    said = {}
    for debug in (False, True):
        terminal = io.StringIO()
        with BatchView(terminal, debug=debug) as view:
            view.planned(found(1), 1)
            view.ended(failed)
        said[debug] = terminal.getvalue()
    assert said[False] == "1 clip.\n[1/1] failed  a.mp4: lost.\n"
    assert said[True] == said[False] + "    one\n    two\n"


@pytest.mark.parametrize("end", ["full", "gone", "closed", "none"])
def test_view_that_nobody_reads_ends_no_run(end: str) -> None:
    stream = None
    if end == "full":
        stream = Path("/dev/full").open("w", buffering=1)  # noqa: SIM115
    elif end != "none":
        reader, writer = os.pipe()
        os.close(reader)
        stream = os.fdopen(writer, "w", buffering=1)
        if end == "closed":
            stream.close()
    view = BatchView(stream)
    with view:
        view.planned(found(2), 2)
        view.begun(source("a.mp4"))
        view.ended(Outcome("/clips/a.mp4", "c", 1, Path("r")))
    if stream is not None:
        with suppress(OSError):
            stream.close()


@pytest.mark.parametrize(
    ("option", "message"),
    [
        (("--timeout", "inf"), "Invalid value for '--timeout'"),
        (("--timeout", "nan"), "Invalid value for '--timeout'"),
        (("--workers", "100000"), "Invalid value for '--workers'"),
    ],
)
def test_what_cannot_be_meant_is_one_line(hingecheck, tmp_path, option, message) -> None:
    (tmp_path / "a.mp4").write_text("hello")
    done = hingecheck("batch", "a.mp4", "--out", "out", *option)
    assert done.returncode == 2
    assert done.stderr.startswith(f"hingecheck: {message}")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("closing", ["2>&-", ">&-", "<&- >&- 2>&-", "2>/dev/full", "2>&1 | true"])
def test_run_goes_on_when_nobody_listens(hingecheck_in, tmp_path, closing: str) -> None:
    (tmp_path / "a.mp4").write_text("hello")
    through = ("bash", "-c", f'set -o pipefail; "$@" {closing}', "bash")
    done = hingecheck_in(tmp_path, "batch", "a.mp4", "--out", "out", through=through)
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "out" / "index.html").is_file()
    assert "a.mp4" in (tmp_path / "out" / "failures.csv").read_text()
