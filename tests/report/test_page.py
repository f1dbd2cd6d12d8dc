"""The page in a real browser: cursor, keyboard, video and what happens without one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from report.sets import (
    SetOfReps,
    make_analysis,
    make_result,
    make_stills,
    measure,
    with_measures,
)

from hingecheck.form.records import Code, Measure, Verdict
from hingecheck.report.html import render_report


def write_overlay(path: Path, frames: int) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv420p"
        for i in range(frames):
            picture = np.full((90, 160, 3), i % 255, dtype=np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        container.mux(stream.encode(None))


def open_page(
    browser: Any,
    folder: Path,
    of: SetOfReps,
    width: int = 1100,
    video: bool = True,
    measures: tuple[Measure, ...] = (),
) -> Any:
    analysis = with_measures(make_analysis(of), *measures)
    result, stills = make_result(analysis), make_stills(analysis)
    html = render_report(analysis, result, stills, "overlay.mp4" if of.detected else None)
    (folder / "report.html").write_text(html, encoding="utf-8")
    if video:
        write_overlay(folder / "overlay.mp4", analysis.frames)
    page = browser.new_page(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto((folder / "report.html").as_uri())
    return page


def wait_until(page: Any, expression: str) -> None:
    """Poll from outside: the page's own policy forbids what Playwright's waiting needs."""
    for _ in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never came true: {expression}")


CHIN = tuple(
    measure(Code.NECK_EXTENSION, rep, Verdict.YES, time_s=3.0 + 3.4 * (rep - 1)) for rep in (1, 2)
)


@pytest.mark.parametrize(
    "where", [".lane .pin >> nth=1", "#rep-2 .seen button", ".cues button >> nth=0"]
)
def test_click_on_a_finding_takes_the_video_there(browser: Any, tmp_path: Path, where: str) -> None:
    page = open_page(browser, tmp_path, SetOfReps(), measures=CHIN)
    wait_until(page, "document.querySelector('video').currentTime > 9.8")
    page.locator(where).click()
    now = page.locator("#cursor").get_attribute("aria-valuenow")
    told_s = 3.0 if "cues" in where else 6.4
    assert float(now) == pytest.approx(told_s, abs=0.02)
    wait_until(page, "!document.querySelector('video').seeking")
    shown_s = page.evaluate("document.querySelector('video').currentTime")
    assert float(now) <= shown_s < float(now) + 1 / 30
    assert page.complaints == []


def test_findings_are_named_over_their_moment_and_follow_the_zoom(
    browser: Any, tmp_path: Path
) -> None:
    page = open_page(browser, tmp_path, SetOfReps(), video=False, measures=CHIN)
    assert page.locator(".pin").all_inner_texts() == ["Chin up", "Chin up", "Tuck"]
    for pin, flag in zip(page.locator(".pin").all(), page.locator(".flag").all(), strict=False):
        over, at = pin.bounding_box(), flag.bounding_box()
        assert over["x"] + over["width"] / 2 == pytest.approx(at["x"] + at["width"] / 2, abs=2)
    page.get_by_role("button", name="Rep 2", exact=True).click()
    assert page.locator(".pin").all_inner_texts() == ["Chin up"]


def test_findings_at_one_moment_do_not_cover_each_other(browser: Any, tmp_path: Path) -> None:
    codes = (Code.NECK_EXTENSION, Code.BAR_DRIFT, Code.LOCKOUT_SHORT, Code.SQUATTED_HINGE)
    same = tuple(measure(code, 2, Verdict.YES) for code in codes)
    page = open_page(browser, tmp_path, SetOfReps(), width=390, video=False, measures=same)
    boxes = [pin.bounding_box() for pin in page.locator(".pin").all()]
    corners = {(round(box["x"]), round(box["y"])) for box in boxes}
    assert len(boxes) == len(corners) == 5


def test_strip_leads_to_the_rep(browser: Any, tmp_path: Path) -> None:
    page = open_page(browser, tmp_path, SetOfReps(tucks_deg=(4.0,) * 20), width=390, video=False)
    strip = page.locator(".strip")
    assert strip.evaluate("strip => strip.scrollWidth > strip.clientWidth")
    page.locator(".tile").nth(14).focus()
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#rep-15"
    wait_until(page, "document.getElementById('rep-15').getBoundingClientRect().top < 100")


def test_table_of_answers_opens_by_keyboard(browser: Any, tmp_path: Path) -> None:
    page = open_page(browser, tmp_path, SetOfReps(), video=False, measures=CHIN)
    table = page.locator("#rep-1 .checked table")
    assert not table.is_visible()
    page.locator("#rep-1 .checked summary").focus()
    page.keyboard.press("Enter")
    assert table.is_visible()
    assert "Is the head lifted?" in table.inner_text()
    assert "Yes, clearly" in table.inner_text()


def test_click_in_the_chart_takes_the_video_there(browser: Any, tmp_path: Path) -> None:
    page = open_page(browser, tmp_path, SetOfReps())
    wait_until(page, "document.querySelector('video').currentTime > 9.8")
    plot = page.locator(".plot").first
    box = plot.bounding_box()
    plot.click(position={"x": 0.5 * box["width"], "y": 0.5 * box["height"]})
    slider = page.locator("#cursor")
    now_s = float(slider.get_attribute("aria-valuenow"))
    assert now_s == pytest.approx(6.4, abs=0.2)
    wait_until(page, "!document.querySelector('video').seeking")
    shown_s = page.evaluate("document.querySelector('video').currentTime")
    assert now_s <= shown_s < now_s + 1 / 30
    assert page.complaints == []


def test_video_drives_the_cursor(browser: Any, tmp_path: Path) -> None:
    page = open_page(browser, tmp_path, SetOfReps())
    wait_until(page, "document.querySelector('video').readyState > 0")
    page.evaluate("document.querySelector('video').currentTime = 3.04")
    wait_until(page, "document.getElementById('cursor').getAttribute('aria-valuenow') === '3.03'")
    assert "rep 1 (held)" in page.locator(".now").inner_text()


def test_keyboard_reads_values_and_goes_from_rep_to_rep(browser: Any, tmp_path: Path) -> None:
    page = open_page(browser, tmp_path, SetOfReps(), video=False)
    slider = page.locator("#cursor")
    slider.focus()
    assert slider.get_attribute("aria-valuenow") == "9.83"
    slider.press("PageUp")
    assert slider.get_attribute("aria-valuenow") == "6.43"
    slider.press("ArrowRight")
    assert slider.get_attribute("aria-valuenow") == "6.47"
    spoken = slider.get_attribute("aria-valuetext")
    assert spoken.startswith("6.47 s, rep 2 (held); Lumbar flexion ")


def test_missing_overlay_hides_the_player(browser: Any, tmp_path: Path) -> None:
    page = open_page(browser, tmp_path, SetOfReps(), video=False)
    page.locator(".player").wait_for(state="hidden")
    assert page.locator(".plot svg").first.is_visible()
    assert page.complaints == []


def test_present_overlay_is_shown(browser: Any, tmp_path: Path) -> None:
    page = open_page(browser, tmp_path, SetOfReps())
    wait_until(page, "document.querySelector('video').readyState > 0")
    assert page.locator(".player").is_visible()


@pytest.mark.parametrize("width", [320, 390, 1100])
@pytest.mark.parametrize("reps", [3, 20])
def test_page_never_scrolls_sideways(browser: Any, tmp_path: Path, width: int, reps: int) -> None:
    of = SetOfReps(tucks_deg=(18.0,) * reps)
    page = open_page(browser, tmp_path, of, width, video=False, measures=CHIN)
    for details in page.locator("details").all():
        details.evaluate("details => { details.open = true; }")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_page_asks_for_nothing_but_itself_and_its_video(browser: Any, tmp_path: Path) -> None:
    page = open_page(browser, tmp_path, SetOfReps())
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    wait_until(page, "document.querySelector('video').readyState > 0")
    names = {url.rsplit("/", 1)[1] for url in asked if not url.startswith("data:")}
    assert names == {"report.html", "overlay.mp4"}


def test_rep_button_zooms_the_chart_and_takes_the_focus_there(browser: Any, tmp_path: Path) -> None:
    page = open_page(browser, tmp_path, SetOfReps(), video=False)
    page.get_by_role("button", name="Show in chart").first.click()
    assert page.locator("#cursor").get_attribute("aria-valuenow") == "3.03"
    assert page.get_by_role("button", name="Rep 1").get_attribute("aria-pressed") == "true"
    assert page.evaluate("document.activeElement.id") == "cursor"


def test_pages_without_reps_or_anybody_run_without_complaint(browser: Any, tmp_path: Path) -> None:
    for of in (
        SetOfReps(tucks_deg=(), lead_s=3),
        SetOfReps(tucks_deg=(), lead_s=3, detected=False, view_gradeable=False),
    ):
        page = open_page(browser, tmp_path, of, video=False)
        assert page.complaints == []
