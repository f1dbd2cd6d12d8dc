"""`hingecheck export`: landmarks and angles for OpenSim, C3D tools, movement and spreadsheets."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from hingecheck.cli.check import BAD_TO_WORSE
from hingecheck.cli.guard import guarded
from hingecheck.errors import Cancelled, HingecheckError, UsageError
from hingecheck.export.formats import Format, default_name

__all__ = ["export"]


def export(
    results: Annotated[
        list[Path],
        typer.Argument(metavar="RESULT", help="Result folders of `check`, or their result.json."),
    ],
    to: Annotated[Format, typer.Option(help="The format; docs/export.md says what is in it.")],
    out: Annotated[
        Path | None,
        typer.Option(
            help="File to write, or a folder that is there; with several results, the folder for"
            " all. Default: the result's name, where you are."
        ),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
) -> None:
    """Write a result's landmarks and angles in a format that other programs read.

    Exit codes: 0 done, 2 usage, 3 a result cannot be read, 4 nothing in it can be told in that
    format, 5 internal error. With several results, the worst of them.
    """
    _refuse_one_name_twice(results, to)
    if out is not None and len(results) > 1:
        _make_folder(out)
    codes = [_export_one(result, to, out, debug=debug) for result in results]
    raise typer.Exit(max(codes, key=BAD_TO_WORSE.index))


def _export_one(result: Path, to: Format, out: Path | None, *, debug: bool) -> int:
    """Write one result and return its exit code; an error ends here as one line."""
    try:
        with guarded(str(result), debug=debug):
            from hingecheck.export.export import export as write

            done = write(result, to, out)
    except Cancelled:
        raise
    except HingecheckError as error:
        print(f"hingecheck: {error}", file=sys.stderr)
        return error.exit_code
    for note in done.notes:
        print(f"Note: {done.path.name}: {note}", file=sys.stderr)
    print(f"Written to {done.path}.", flush=True)
    return 0


def _refuse_one_name_twice(results: Sequence[Path], to: Format) -> None:
    names = Counter(default_name(result, to).casefold() for result in results)
    name, times = names.most_common(1)[0]
    if times > 1:
        raise UsageError(
            f"{name}: {times} of the results would take this name. Export them one by one, each"
            " with its own --out."
        )


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{out}: expected a folder for several results ({error.strerror})."
            " Choose another --out."
        ) from error
