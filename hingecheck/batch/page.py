"""index.html: one page to find one's way in a dataset."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import takewhile
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from hingecheck import __version__
from hingecheck.batch.plots import WHY, Ridges, draw_reasons, draw_shares, draw_spread
from hingecheck.batch.records import Entry, Failure, text
from hingecheck.batch.records import Status as State
from hingecheck.batch.totals import Spreads, Story, Totals, counted
from hingecheck.form.bands import THRESHOLD_DEG
from hingecheck.form.records import Reason
from hingecheck.motion.records import Lift
from hingecheck.report.words import Status, lift_name, with_interval

__all__ = ["failure_sentence", "render_page"]

_FAILURE = {
    Failure.UNREADABLE: ("Not a video that can be read", "This file holds no video to check."),
    Failure.OUT_OF_REACH: ("Could not be fetched", "It could not be read from where it lies."),
    Failure.LOST: ("Check ended early", "The program that checked it stopped before it was done."),
    Failure.TIMED_OUT: ("Took too long", "The check took longer than it was allowed to."),
    Failure.INTERNAL: ("Check not finished", "The check did not get to its end."),
}
"""As a heading, and in a sentence that names nobody."""

_LIFTS, _STATUSES, _REASONS = list(Lift), list(Status), list(Reason)

_FORMATTING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Characters without a shape of their own that break a line or turn the text beside them."""

_WINDOWS = re.compile(r"[A-Za-z]:\\|\\\\")
"""How an address begins whose folders are parted by backslashes; elsewhere names may hold them."""


def failure_sentence(failure: Failure | None) -> str:
    """Why a clip has no result, without its name."""
    return _FAILURE[failure or Failure.INTERNAL][1]


def render_page(
    entries: Sequence[Entry],
    stories: Mapping[str, Story],
    totals: Totals,
    *,
    spreads: Spreads,
    pictured: Collection[str],
    anonymous: bool,
) -> str:
    """The dataset as one HTML page, which asks for nothing but its clips' thumbnails.

    Args:
        entries: The inputs, sorted by address.
        stories: The checked clips by their id.
        totals: What they add up to.
        spreads: How the reps' angles spread.
        pictured: Ids of the clips that have a thumbnail.
        anonymous: Whether names and paths were left out.
    """
    script = _asset("dataset.js")
    below = _common_folder([entry.address for entry in entries])
    checked = [
        (entry, stories[entry.clip])
        for entry in entries
        if entry.status is State.OK and entry.clip is not None
    ]
    failed = [entry for entry in entries if entry.status is State.FAILED]
    whys = Counter(reason for _, story in checked for reason in story.why)
    template = _environment().get_template("index.html.jinja")
    return template.render(
        totals=totals,
        statuses=list(Status),
        shares=draw_shares(totals),
        ridges=_ridges(spreads),
        whys=draw_reasons(whys.items()),
        below=_shown(below),
        anonymous=anonymous,
        data={
            "lifts": [[lift.value, lift_name(lift)] for lift in Lift],
            "statuses": [[status.value, status.word] for status in Status],
            "whys": [WHY[reason] for reason in Reason],
            "failures": [name for name, _ in _FAILURE.values()],
            "clips": [_row(entry, story, len(below), pictured) for entry, story in checked],
            "failed": [_failed(entry, len(below)) for entry in failed],
        },
        style=_asset("report.css", "hingecheck.report") + _asset("dataset.css"),
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        version=__version__,
    )


def _ridges(spreads: Spreads) -> list[Ridges]:
    late = f"late bend of the lower back, rep by rep; counts from {THRESHOLD_DEG:g}°"
    deep = "bend of the lower back at the bottom, tuck included"
    drawn = (
        (spreads.tuck, "Tuck", late, (0, 8, 16, 24, 32, 40), THRESHOLD_DEG),
        (spreads.lumbar, "Lumbar flexion", deep, (-20, 0, 20, 40, 60, 80), None),
    )
    return [draw_spread(*one) for one in drawn if one[0].counts]


def _row(entry: Entry, story: Story, below: int, pictured: Collection[str]) -> list[Any]:
    """A checked clip as the page's script knows it; the order is its `Clip`'s."""
    worst = story.worst
    tuck = worst and with_interval(worst.tuck_deg, worst.ci95_deg, limit=THRESHOLD_DEG)
    return [
        *_names(entry, below),
        entry.clip,
        int(entry.clip in pictured),
        -1 if story.lift is None else _LIFTS.index(story.lift),
        _STATUSES.index(story.status),
        story.reps,
        tuck,
        worst and worst.tuck_deg,
        int(story.tucked),
        int(story.rounded),
        [_REASONS.index(reason) for reason in story.why],
    ]


def _failed(entry: Entry, below: int) -> list[Any]:
    failure = entry.failure or Failure.INTERNAL
    message = entry.message or failure_sentence(failure)
    return [*_names(entry, below), list(_FAILURE).index(failure), _shown(message)]


def _names(entry: Entry, below: int) -> tuple[str, str]:
    """An address's folder, counted from the one that all share, and its name."""
    folder, name = _split(entry.address)
    return _shown(folder[below:]), _shown(name)


def _split(address: str) -> tuple[str, str]:
    """Folder and name; what ends in a separator is a name altogether."""
    end = address.rfind("\\" if _WINDOWS.match(address) else "/") + 1
    return (address[:end], address[end:]) if end < len(address) else ("", address)


def _common_folder(addresses: Sequence[str]) -> str:
    """The folder that all of several addresses lie in, with its separator; empty if none."""
    folders = [_split(address)[0] for address in addresses]
    first, last = min(folders, default=""), max(folders, default="")
    same = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    return _split("".join(letter for letter, _ in same) + "-")[0]


def _shown(name: str) -> str:
    """Text from outside as it may stand on a page: in one line, turning nothing round."""
    return _FORMATTING.sub("\N{REPLACEMENT CHARACTER}", text(name))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=ChoiceLoader(
            [PackageLoader("hingecheck.batch"), PackageLoader("hingecheck.report")]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "allow_nan": False}
    environment.filters.update(counted=counted)
    return environment


def _asset(name: str, package: str = "hingecheck.batch") -> str:
    return (files(package) / "templates" / name).read_text(encoding="utf-8")
