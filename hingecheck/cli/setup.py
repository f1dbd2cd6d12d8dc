"""`hingecheck setup`: is the camera where a form check needs it?"""

from __future__ import annotations

import json
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hingecheck.cli.guard import guarded
from hingecheck.pose.models import PoseModel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hingecheck.form.records import SetupCheck
    from hingecheck.pose.models import ModelBundle

__all__ = ["setup"]

BLOCKED = 4

_LABEL = {
    "side_on": "Side view",
    "whole_body": "Whole body",
    "distance": "Distance",
    "light": "Light",
    "still": "Still",
    "level": "Level",
    "clothing": "Clothing",
    "alone": "Alone",
    "frame_rate": "Frame rate",
}

_MARK = {"ok": "=", "improve": "!", "blocks": "x", "unknown": "?"}
_STYLE = {"ok": "blue", "improve": "yellow", "blocks": "bold yellow", "unknown": "dim"}


def setup(
    source: Annotated[
        str,
        typer.Argument(
            metavar="CLIP-or-CAMERA",
            help="A video file, or a camera: 0, 1, /dev/video0, or a phone's http:// address.",
        ),
    ],
    once: Annotated[
        bool, typer.Option("--once", help="With a camera, look once instead of until all is well.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one line of JSON for each look instead.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the libraries' own messages.")
    ] = False,
) -> None:
    """Check the camera's place before a set: what to move, and how far.

    Nobody needs to lift for it: stand where you will lift. With a camera it looks for a few
    seconds, says what to change, and looks again until all is well or you press Ctrl-C.

    Exit codes: 0 ready, or nearly so, 2 usage, 3 the clip or camera cannot be read, 4 a check
    filmed like this could not be judged, 5 internal error.
    """
    from hingecheck.clip.camera import is_camera
    from hingecheck.clip.network import shown_address
    from hingecheck.form.setup import verdict
    from hingecheck.pose.models import find_bundle

    bundle = find_bundle(PoseModel.FULL)
    filming = is_camera(source)
    name = shown_address(source)
    state = ""
    with guarded(name, debug=debug):
        for checks in _camera(source, bundle) if filming else _clip(source, bundle):
            state, headline = verdict(checks)
            if as_json:
                print(_json(name, state, checks), flush=True)
            else:
                _print(headline, checks)
            if once or state == "ok":
                break
    raise typer.Exit(BLOCKED if state == "blocks" else 0)


def _clip(source: str, bundle: ModelBundle) -> Iterator[tuple[SetupCheck, ...]]:
    from hingecheck.clip import probe
    from hingecheck.preview import preview_clip

    yield preview_clip(probe(Path(source)), bundle)


def _camera(source: str, bundle: ModelBundle) -> Iterator[tuple[SetupCheck, ...]]:
    from hingecheck.clip.camera import Camera
    from hingecheck.preview import preview_camera

    with Camera(source) as camera:
        while True:
            yield preview_camera(camera, bundle)


def _json(source: str, state: str, checks: tuple[SetupCheck, ...]) -> str:
    return json.dumps(
        {
            "source": source,
            "state": state,
            "checks": [
                {
                    "code": check.code,
                    "state": check.state,
                    "value": round(check.value, 4) if isfinite(check.value) else None,
                    "sentence": check.sentence,
                }
                for check in checks
            ],
        }
    )


def _print(headline: str, checks: tuple[SetupCheck, ...]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, show_header=False, padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column()
    for check in checks:
        table.add_row(
            _MARK[check.state], _LABEL[check.code], check.sentence, style=_STYLE[check.state]
        )
    console = Console(highlight=False, markup=False, emoji=False)
    console.print(headline, style="bold")
    console.print(table)
