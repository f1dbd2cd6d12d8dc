"""`hingecheck screen`: how deep you hinge cleanly, and how that changes."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hingecheck.cli.check import NOTHING_JUDGED
from hingecheck.cli.guard import guarded
from hingecheck.errors import OutputError, UsageError
from hingecheck.pose.models import PoseModel

if TYPE_CHECKING:
    from hingecheck.report.screen_schema import ScreenResult

__all__ = ["screen"]


def screen(
    clip: Annotated[
        Path | None,
        typer.Argument(
            metavar="CLIP", help="An unloaded stiff-leg hinge or toe-touch, filmed side-on."
        ),
    ] = None,
    other_side: Annotated[
        Path | None,
        typer.Option(metavar="CLIP", help="The same, filmed from your other side."),
    ] = None,
    profile: Annotated[
        str | None, typer.Option(help="Whose history it joins, and whose standing is used.")
    ] = None,
    height_cm: Annotated[
        float | None, typer.Option(help="Your body height: then hands are given in centimetres.")
    ] = None,
    history: Annotated[
        bool, typer.Option("--history", help="Print the history; CLIP is not needed.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(help="Result folder. Default: CLIP's name with .screen, where you are."),
    ] = None,
    model: Annotated[
        PoseModel, typer.Option(help="Pose model, from fastest to most exact.")
    ] = PoseModel.FULL,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json", help="Print screen.json, or the history, on standard output, as one line."
        ),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show tracebacks and the libraries' own messages.")
    ] = False,
) -> None:
    """Find how deep you hinge before the pelvis tucks, and what helps when that is not far.

    Exit codes: 0 done, 2 usage, 3 a clip or the stored history cannot be read, 4 nothing could be
    told (the result is still written), 5 internal error.
    """
    if history:
        if clip is not None:
            raise UsageError(f"--history prints what is stored: leave {clip} out.")
        _print_history(profile, as_json=as_json)
        return
    if clip is None:
        raise UsageError("screen: expected a CLIP, or --history. Give the file you filmed.")
    with guarded(clip.name, debug=debug) as libraries:
        from hingecheck.cli.progress import ClipProgress
        from hingecheck.screen import screen as screen_clip

        with ClipProgress(libraries.terminal, clip.name, overlay=False) as progress:
            result = screen_clip(
                clip,
                other_side=other_side,
                out=out,
                profile=profile,
                height_cm=height_cm,
                model=model,
                progress=progress,
            )
    _tell(result, as_json=as_json)
    raise typer.Exit(0 if result.told else NOTHING_JUDGED)


def _tell(result: ScreenResult, *, as_json: bool) -> None:
    """Print a result; raises `OutputError` afterwards where the history was not written."""
    if as_json:
        print(result.model_dump_json(by_alias=True))
    else:
        _print(result)
    sys.stdout.flush()
    if result.not_kept is not None:
        raise OutputError(f"{result.not_kept} The result itself is in {result.folder}.")


def _print(result: ScreenResult) -> None:
    from hingecheck.report.screen_words import (
        NOT_MEDICAL,
        day,
        progress_sentence,
        screen_advice,
        screen_headline,
        side_sentence,
        sides_sentence,
    )

    headline = screen_headline(result)
    print(" ".join((headline.title, *headline.sentences)))
    for side in result.sides:
        print(side_sentence(side))
    for sentence in (sides_sentence(result), progress_sentence(result.history), *result.warnings):
        if sentence is not None:
            print(sentence)
    for item in screen_advice(result):
        print(" ".join(item))
    if result.drills:
        print("\nThree drills, in this order:")
        for number, drill in enumerate(result.drills, start=1):
            print(f"  {number}. {drill.name}: {drill.dose}")
        print(f"Film the same movement again on {day(result.retest)}.")
    print(f"{NOT_MEDICAL} Written to {result.folder}: open screen.html.")


def _print_history(profile: str | None, *, as_json: bool) -> None:
    from hingecheck.report.screen_words import day, depth_text, progress_sentence
    from hingecheck.store.history import ME, read_history
    from hingecheck.store.profiles import read_profile

    entries = read_history(read_profile(profile).name if profile is not None else ME)
    if as_json:
        print(json.dumps([entry.model_dump(mode="json", by_alias=True) for entry in entries]))
        return
    if not entries:
        print("No screen yet: hingecheck screen CLIP.")
        return
    for entry in entries:
        side = "right" if entry.facing > 0 else "left"
        print(f"{day(entry.date):>11}  {depth_text(entry)}, {side} side, {entry.clip}")
    sentence = progress_sentence(entries)
    if sentence is not None:
        print(sentence)
