"""`hingecheck`: where every command starts, and where every error ends as one line."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, TextIO

import typer

from hingecheck import __version__
from hingecheck.cli import profile
from hingecheck.cli.batch import batch
from hingecheck.cli.check import check
from hingecheck.cli.doctor import doctor
from hingecheck.cli.export import export
from hingecheck.cli.interrupts import endings
from hingecheck.cli.live import live
from hingecheck.cli.screen import screen
from hingecheck.cli.setup import setup
from hingecheck.cli.simulate import simulate
from hingecheck.errors import (
    Cancelled,
    HingecheckError,
    OutputError,
    UsageError,
    reason_of,
)
from hingecheck.pose.privacy import seal_process

__all__ = ["app", "main", "run"]

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(check)
app.command()(batch)
app.command()(live)
app.command()(screen)
app.add_typer(profile.app, name="profile")
app.command()(setup)
app.command()(export)
app.command()(doctor)
app.command()(simulate)


@app.callback(invoke_without_command=True)
def front_door(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Form checks for the hip hinge from a side-view video: is the back holding its shape?"""
    if version:
        print(f"hingecheck {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit(UsageError.exit_code)


def main() -> None:
    """Run the command line and leave with its exit code."""
    seal_process()
    # Asked to end, or its terminal closed, it tidies up as after Ctrl-C.
    for kind in set(endings()) - {signal.SIGINT}:
        signal.signal(kind, signal.default_int_handler)
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a degree sign gets a question mark, not a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Carry out one command line and return its exit code."""
    code = _carried_out(arguments)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError as error:
            _let_go(stream)
            if stream is sys.stdout and not isinstance(error, BrokenPipeError):
                what = reason_of(error)
                _say(f"standard output cannot be written ({what}). Send it elsewhere.")
                code = code or OutputError.exit_code
    return code


def _carried_out(arguments: Sequence[str]) -> int:
    try:
        code = app(args=list(arguments), prog_name="hingecheck", standalone_mode=False)
    except typer.TyperException as error:
        what = " ".join(error.format_message().replace("Value error, ", "").split())
        _say(f"{what} See `hingecheck --help`.")
        return UsageError.exit_code
    except HingecheckError as error:
        _say(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        _say("stopped.")
        return Cancelled.exit_code
    except BrokenPipeError:
        return 0
    return code if isinstance(code, int) else 0


def _open_closed_streams() -> None:
    """Have a stream that the caller closed lead nowhere, before a file of ours takes its number."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            stream = Path(os.devnull).open("w" if number else "r")  # noqa: SIM115
            os.set_inheritable(stream.fileno(), True)
            setattr(sys, name, stream)


def _let_go(stream: TextIO) -> None:
    """Keep the interpreter from writing to a stream again that cannot be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _say(message: str) -> None:
    with suppress(OSError):
        print(f"hingecheck: {message}", file=sys.stderr)
