"""screen.html: one page that explains a mobility screen to the person who was filmed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from hingecheck.form.drills import Drill
from hingecheck.report import screen_words
from hingecheck.report.progress_plot import plot_progress
from hingecheck.report.screen_schema import ScreenResult
from hingecheck.report.words import number

__all__ = ["render_screen"]


def render_screen(screen: ScreenResult, drills: Sequence[Drill]) -> str:
    """The screen as one HTML page that needs nothing from anywhere.

    Args:
        screen: What the page says.
        drills: The drills that `screen` names, with how to do them.
    """
    return (
        _environment()
        .get_template("screen.html.jinja")
        .render(
            screen=screen,
            headline=screen_words.screen_headline(screen),
            advice=screen_words.screen_advice(screen),
            sides=screen_words.sides_sentence(screen),
            progress=screen_words.progress_sentence(screen.history),
            plot=plot_progress(screen.history),
            drills=[(drill, _drawing(drill)) for drill in drills],
            not_medical=screen_words.NOT_MEDICAL,
            style=_asset("report.css") + _asset("screen.css"),
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("hingecheck.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        day=screen_words.day,
        depth=screen_words.depth_text,
        number=number,
        side=screen_words.side_sentence,
    )
    return environment


def _drawing(drill: Drill) -> Markup:
    return Markup(_asset(f"drills/{drill.code}.svg"))


def _asset(name: str) -> str:
    return (files("hingecheck.report") / "templates" / name).read_text(encoding="utf-8")
