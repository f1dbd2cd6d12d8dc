"""screen.html: what a person reads after a mobility screen."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from typing import Any
from xml.etree import ElementTree

import pytest

from hingecheck.form.drills import DRILLS
from hingecheck.form.records import Reason, Verdict
from hingecheck.form.screen import Doubt
from hingecheck.report.progress_plot import plot_progress
from hingecheck.report.screen_page import render_screen
from hingecheck.report.screen_schema import DrillResult, ScreenResult, SideResult, SidesResult
from hingecheck.report.screen_words import progress_sentence, screen_headline, sides_sentence
from hingecheck.report.words import Status
from hingecheck.store.history import Entry

OCTOBER, NOVEMBER = dt.date(2026, 10, 2), dt.date(2026, 11, 23)


def entry_of(date: dt.date, hip_deg: float, sha256: str = "a", **changes: Any) -> Entry:
    fields: dict[str, Any] = {
        "clip": "a<b>.mp4",
        "facing": 1,
        "sd_deg": 6.0,
        "knee_flexion_deg": 9.0,
        "reached": True,
    }
    return Entry(date=date, hip_flexion_deg=hip_deg, sha256=sha256, **{**fields, **changes})


def side_of(**changes: Any) -> SideResult:
    fields: dict[str, Any] = {
        "clip": "hinge.mp4",
        "sha256": "a",
        "near_side": "right",
        "reasons": [],
        "messages": {},
        "hip_flexion_deg": 41.0,
        "sd_deg": 6.0,
        "ci95_deg": (29.2, 52.8),
        "reached": True,
        "tuck": Verdict.YES,
        "limited": Verdict.YES,
        "doubt": None,
        "knee_flexion_deg": 9.0,
        "bar_height_cm": None,
        "time_s": 3.0,
        "baseline": "standing",
    }
    return SideResult(**{**fields, **changes})


def screen_of(*sides: SideResult, drills: bool = True, **changes: Any) -> ScreenResult:
    fields: dict[str, Any] = {
        "date": NOVEMBER,
        "retest": dt.date(2026, 12, 7),
        "lifter": "me",
        "limit_deg": 60.0,
        "sides": list(sides) or [side_of()],
        "difference": None,
        "drills": [DrillResult(code=d.code, name=d.name, dose=d.dose) for d in DRILLS]
        if drills
        else [],
        "history": [entry_of(OCTOBER, 32), entry_of(NOVEMBER, 58, "b")],
        "warnings": [],
        "version": "0",
        "pose_model": "full",
    }
    return ScreenResult(**{**fields, **changes})


FREE = {
    "hip_flexion_deg": 82.0,
    "ci95_deg": (70.0, 94.0),
    "reached": False,
    "tuck": Verdict.NO,
    "limited": Verdict.NO,
}
UNTOLD = {
    "hip_flexion_deg": None,
    "sd_deg": None,
    "ci95_deg": (None, None),
    "reached": False,
    "tuck": Verdict.NOT_GRADEABLE,
    "limited": Verdict.NOT_GRADEABLE,
    "reasons": [Reason.VIEW_OBLIQUE],
}


def test_page_needs_nothing_from_anywhere() -> None:
    page = render_screen(screen_of(), DRILLS)
    assert "http" not in page.replace("http-equiv", "")
    assert not re.search(r"<(script|img|link|iframe)\b", page)
    assert "default-src 'none'" in page


def test_limited_hinge_gets_all_drills_in_order_with_pictures_and_a_date() -> None:
    page = unescape(render_screen(screen_of(), DRILLS))
    places = [page.index(f'id="{drill.code}"') for drill in DRILLS]
    assert places == sorted(places)
    assert page.count('<li class="drill"') == page.count('stroke="currentColor"') == 3
    for drill in DRILLS:
        assert all(step in page for step in drill.steps)
        assert drill.dose in page
    assert "7 Dec 2026" in page
    assert page.count("not medical advice") == 1


def test_free_hinge_has_nothing_to_do() -> None:
    screen = screen_of(side_of(**FREE), drills=False)
    story = screen_headline(screen)
    assert story.status is Status.HELD
    assert "nothing needs doing" in " ".join(story.sentences)
    assert 'class="drill"' not in render_screen(screen, ())


def test_unsure_tuck_is_neither_called_clean_nor_an_end() -> None:
    unsure = {"reached": False, "tuck": Verdict.UNSURE, "limited": Verdict.UNSURE}
    side = side_of(**unsure, hip_flexion_deg=93.0, ci95_deg=(81.0, 105.0), doubt=Doubt.TUCK_UNCLEAR)
    entry = entry_of(NOVEMBER, 93, reached=False, tuck_unclear=True)
    screen = screen_of(side, drills=False, history=[entry])
    story = screen_headline(screen)
    assert story.title == "You hinged to 93°; whether the pelvis tucked there is too close to call."
    assert story.status is Status.UNSURE
    page = render_screen(screen, ())
    assert "without a tuck." not in page
    assert "at least 93" not in page
    assert "came back up before" not in page
    assert "93° (81 to 105), tuck too close to call" in page
    plot = plot_progress([entry])
    assert plot is not None
    (dot,) = plot.dots
    assert dot.unclear
    assert dot.high_y < dot.y


def test_screen_that_could_not_tell_says_why_and_what_to_do() -> None:
    screen = screen_of(side_of(**UNTOLD), drills=False, history=[])
    page = render_screen(screen, ())
    assert not screen.told
    assert "Could not tell how deep you hinge cleanly." in page
    assert "Put the camera straight to your side" in page
    assert "<svg viewBox" not in page


def test_difference_between_the_sides_is_called_small_evidence() -> None:
    both = [side_of(), side_of(near_side="left")]
    apart = SidesResult(right_minus_left_deg=-20.0, ci95_deg=(-36.0, -4.0))
    told = sides_sentence(screen_of(*both, difference=apart))
    assert told is not None
    assert "film from the left reads 20° deeper" in told
    assert "small evidence" in told
    close = SidesResult(right_minus_left_deg=4.0, ci95_deg=(-12.0, 20.0))
    assert "agree" in (sides_sentence(screen_of(*both, difference=close)) or "")
    assert sides_sentence(screen_of()) is None


@pytest.mark.parametrize(
    ("later_deg", "words"),
    [
        (32 + 26, "26° deeper, clear of"),
        (32 + 10, "10° deeper, within"),
        (32 - 20, "20° less, clear"),
    ],
)
def test_progress_is_claimed_only_beyond_both_uncertainties(later_deg: float, words: str) -> None:
    told = progress_sentence([entry_of(OCTOBER, 32), entry_of(NOVEMBER, later_deg)])
    assert words in (told or "")


def test_one_day_and_hinges_without_an_end_show_no_progress() -> None:
    assert progress_sentence([entry_of(OCTOBER, 32), entry_of(OCTOBER, 60)]) is None
    open_ended = entry_of(NOVEMBER, 80, reached=False)
    assert progress_sentence([entry_of(OCTOBER, 32), open_ended]) is None


def test_plot_puts_later_to_the_right_deeper_up_and_its_interval_round_it() -> None:
    plot = plot_progress([entry_of(OCTOBER, 32), entry_of(NOVEMBER, 58, "b")])
    assert plot is not None
    first, last = plot.dots
    assert plot.left < first.x < last.x < plot.right
    assert last.high_y < last.y < last.low_y
    assert last.y < first.y
    assert last.y - plot.limit_y == pytest.approx((first.y - last.y) * 2 / 26)
    assert [date for _, date in plot.dates] == ["2 Oct 2026", "23 Nov 2026"]


def test_hinge_without_a_tuck_has_no_upper_end() -> None:
    plot = plot_progress([entry_of(NOVEMBER, 80, reached=False)])
    assert plot is not None
    (dot,) = plot.dots
    assert dot.high_y == dot.y
    assert plot_progress([]) is None


def test_clips_of_one_day_stand_beside_each_other() -> None:
    plot = plot_progress([entry_of(NOVEMBER, 50), entry_of(NOVEMBER, 52, "b")])
    assert plot is not None
    assert plot.dots[0].x < plot.dots[1].x


@pytest.mark.parametrize("drill", DRILLS, ids=lambda drill: drill.code)
def test_drawings_are_well_formed_and_say_what_they_show(drill) -> None:
    from hingecheck.report.screen_page import _asset

    drawing = ElementTree.fromstring(_asset(f"drills/{drill.code}.svg"))
    assert drawing.get("role") == "img"
    assert len(drawing.get("aria-label", "")) > 30
    assert drawing.get("stroke") == "currentColor"


def test_names_of_clips_are_text_and_never_markup() -> None:
    page = render_screen(screen_of(side_of(clip="<b>x</b>.mp4")), DRILLS)
    assert "<b>" not in page
