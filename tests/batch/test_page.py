"""The dataset's page in a real browser: what it lists, sorts, keeps and refuses to run."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from batch.datasets import SETS, add_clip, failed, make_batch, result_of

from hingecheck.batch.dataset import write_dataset
from hingecheck.batch.page import render_page
from hingecheck.batch.records import Entry, Failure
from hingecheck.batch.records import Status as State
from hingecheck.batch.totals import Spreads, count_up, story_of
from hingecheck.report.words import Status


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six checked clips, one without a thumbnail, and two inputs without a result."""
    out = tmp_path_factory.mktemp("dataset")
    entries = make_batch(out)
    (out / "clips" / str(entries[0].clip) / "thumb.jpg").unlink()
    write_dataset(out, entries)
    return out


def open_page(browser: Any, out: Path, hash_: str = "", width: int = 1100) -> Any:
    page = browser.new_page(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("dialog", lambda dialog: page.complaints.append(f"dialog {dialog.message}"))
    page.goto((out / "index.html").as_uri() + hash_)
    return page


def names(page: Any) -> list[str]:
    found: list[str] = page.locator("#list tbody a").all_inner_texts()
    return found


def page_of(out: Path, ids: Sequence[str]) -> Path:
    """A page of clips with these ids; their reports are not needed for it."""
    made = [add_clip(out, name, analysis) for name, analysis in SETS.items()]
    results = [result_of(out, entry) for entry in made]
    stories = {clip: story_of(results[i % len(results)]) for i, clip in enumerate(ids)}
    entries = [Entry(f"clip {i:05d}.mp4", 1000, clip, State.OK) for i, clip in enumerate(stories)]
    page = render_page(
        entries,
        stories,
        count_up(entries, stories),
        spreads=Spreads(),
        pictured=set(stories),
        anonymous=False,
    )
    (out / "index.html").write_text(page, encoding="utf-8")
    return out


def test_every_checked_clip_is_listed_and_leads_to_its_report(browser: Any, dataset: Path) -> None:
    page = open_page(browser, dataset)
    listed = ["copy.mp4", "empty.mp4", "held.mp4", "oblique.mp4", "rounded.mp4", "tuck.mp4"]
    assert names(page) == listed
    row = page.locator("#list tbody tr").nth(5)
    for part in ("Romanian deadlift", "1 held", "1 changed", "1 not judged", "18° (12 to 24)"):
        assert part in " ".join(row.inner_text().split())
    assert "no whole rep" in page.locator("#list tbody tr").nth(1).inner_text()
    row.locator("a").click()
    assert page.title() == "Report"
    assert page.complaints == []


def test_those_without_a_result_stand_apart_with_their_sentence(
    browser: Any, dataset: Path
) -> None:
    section = open_page(browser, dataset).locator("#without")
    assert section.locator("strong").all_inner_texts() == ["sound.m4a", 'far, "away".mp4']
    assert "uploads/sound.m4a: no video stream." in section.inner_text()
    assert "It did not answer.\N{REPLACEMENT CHARACTER}Try again." in section.inner_text()


def test_thumbnails_are_shown_where_there_are_some(browser: Any, dataset: Path) -> None:
    page = open_page(browser, dataset)
    assert page.locator("#list img").count() == 5
    assert page.locator("#list .blank").count() == 1
    pictures = page.locator("#list img").evaluate_all("all => all.map((one) => one.loading)")
    assert set(pictures) == {"lazy"}


def test_columns_sort_by_keyboard_and_say_so(browser: Any, dataset: Path) -> None:
    page = open_page(browser, dataset)
    page.get_by_role("button", name="Largest tuck").focus()
    page.keyboard.press("Enter")
    header = page.locator("th[aria-sort]")
    assert header.get_attribute("aria-sort") == "descending"
    assert header.inner_text() == "Largest tuck"
    assert names(page)[:4] == ["copy.mp4", "tuck.mp4", "rounded.mp4", "held.mp4"]
    page.keyboard.press("Enter")
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"
    # What has no tuck stays last, whichever way.
    assert names(page) == [
        *("held.mp4", "rounded.mp4", "copy.mp4", "tuck.mp4"),
        *("empty.mp4", "oblique.mp4"),
    ]


@pytest.mark.parametrize(
    ("choice", "value", "left"),
    [
        ("lift", "squat", ["held.mp4"]),
        ("back", "tuck", ["copy.mp4", "tuck.mp4"]),
        ("back", "rounded", ["rounded.mp4"]),
        ("back", "held", ["held.mp4"]),
        ("back", "none", ["empty.mp4", "oblique.mp4"]),
        ("status", "failed", []),
    ],
)
def test_filters_leave_what_they_say_and_count_it(
    browser: Any, dataset: Path, choice: str, value: str, left: list[str]
) -> None:
    page = open_page(browser, dataset)
    page.locator(f"select[name={choice}]").select_option(value)
    assert names(page) == left
    told = page.locator("#list").evaluate("list => list.previousElementSibling.textContent")
    assert told == f"{len(left)} of 6 checked clips"
    assert page.locator("#without").is_visible() == (choice == "status")


def test_address_keeps_filters_and_order(browser: Any, dataset: Path) -> None:
    page = open_page(browser, dataset)
    page.locator("input[name=q]").fill("MP4 deadlift")
    page.locator("select[name=back]").select_option("tuck")
    page.get_by_role("button", name="Clip", exact=True).click()
    page.get_by_role("button", name="Clip", exact=True).click()
    shared = page.url.partition("#")[2]
    assert shared == "q=MP4+deadlift&back=tuck&sort=-name"
    other = open_page(browser, dataset, f"#{shared}")
    assert names(other) == ["tuck.mp4", "copy.mp4"]
    assert other.locator("input[name=q]").input_value() == "MP4 deadlift"
    assert other.locator("select[name=back]").input_value() == "tuck"
    assert other.complaints == []


def test_address_with_nonsense_shows_everything(browser: Any, dataset: Path) -> None:
    page = open_page(browser, dataset, "#lift=ballet&sort=-constructor&back=__proto__")
    assert len(names(page)) == 6
    assert page.complaints == []


def test_nothing_matches_says_so_and_leads_back(browser: Any, dataset: Path) -> None:
    page = open_page(browser, dataset)
    page.locator("input[name=q]").fill("nobody")
    assert "Nothing matches." in page.locator("#list").inner_text()
    assert not page.locator("#without").is_visible()
    page.get_by_role("button", name="Show all clips").click()
    page.locator("#list table").wait_for()
    assert len(names(page)) == 6
    assert "#" not in page.url


@pytest.mark.parametrize("shared", ["", "#status=ok&sort=name", "#q=tuck&lift=rdl&back=tuck"])
def test_link_to_those_without_a_result_shows_them_whatever_was_filtered(
    browser: Any, dataset: Path, shared: str
) -> None:
    page = open_page(browser, dataset, shared, width=390)
    page.get_by_role("link", name="2 have no result").click()
    assert page.locator("#without strong").count() == 2
    heading = page.get_by_role("heading", name="Without a result")
    assert heading.evaluate("one => one === document.activeElement")
    assert 0 <= heading.evaluate("one => one.getBoundingClientRect().top") < 900
    assert page.locator("select[name=status]").input_value() == "failed"
    page.reload()
    assert page.locator("#without strong").count() == 2
    assert names(page) == []
    assert page.complaints == []


def test_way_back_from_those_without_a_result_is_the_browsers(browser: Any, dataset: Path) -> None:
    page = open_page(browser, dataset, "#q=tuck&status=ok&sort=-name")
    before = page.url
    page.get_by_role("link", name="2 have no result").click()
    assert page.url.endswith("#status=failed&sort=-name")
    page.go_back()
    page.locator("#list table").wait_for()
    assert page.url == before
    assert names(page) == ["tuck.mp4"]
    assert page.locator("input[name=q]").input_value() == "tuck"
    assert not page.locator("#without").is_visible()
    page.go_forward()
    page.locator("#without strong").first.wait_for()
    assert names(page) == []


def test_link_to_those_without_a_result_opens_in_a_new_tab(browser: Any, dataset: Path) -> None:
    page = open_page(browser, dataset, "#status=ok")
    link = page.get_by_role("link", name="2 have no result")
    other = open_page(browser, dataset, link.get_attribute("href"))
    assert other.locator("#without strong").count() == 2
    assert names(other) == []


NAMES = (
    "<script>alert(1)<\\script>.mp4",
    "<img src=x onerror=alert(1)>.mp4",
    "\"quoted\" & 'so'.mp4",
    "</title><h1>big.mp4",
    "\N{ARABIC LETTER TEH}\N{ARABIC LETTER MEEM}.mp4",
    "evil\u202e4pm.exe",
    "\N{WEIGHT LIFTER}\N{ZERO WIDTH JOINER} 100 %#?.mp4",
    "two\nlines\t.mp4",
    "caf\udce9.mp4",
    "{{ 7 * 7 }}.mp4",
)


def test_no_name_runs_or_breaks_anything(browser: Any, tmp_path: Path) -> None:
    entries = [
        add_clip(tmp_path, name.encode("utf-8", "replace").decode(), SETS["held.mp4"])
        for name in NAMES
    ]
    entries = [replace(entry, address=name) for entry, name in zip(entries, NAMES, strict=True)]
    entries += [failed(f"f-{name}", message=f"{name}: <b>no</b> video.") for name in NAMES]
    write_dataset(tmp_path, entries)
    page = open_page(browser, tmp_path)
    assert page.complaints == []
    assert page.locator("#list img[src=x], main h1 >> nth=1").count() == 0
    assert page.locator("#list script, #without b, #without script").count() == 0
    shown = names(page) + page.locator("#without strong").all_inner_texts()
    assert len(shown) == 2 * len(NAMES)
    assert "<img src=x onerror=alert(1)>.mp4" in shown
    assert "{{ 7 * 7 }}.mp4" in shown
    assert "evil\N{REPLACEMENT CHARACTER}4pm.exe" in shown
    assert r"caf\udce9.mp4" in shown
    assert "\u202e" not in page.content()


def test_ids_are_quoted_in_links(browser: Any, tmp_path: Path) -> None:
    page = open_page(browser, page_of(tmp_path, ["a b", "50%#?", "javascript:alert(1)//"]))
    links = page.locator("#list a").evaluate_all("all => all.map((a) => a.getAttribute('href'))")
    assert links == [
        "clips/a%20b/report.html",
        "clips/50%25%23%3F/report.html",
        "clips/javascript%3Aalert(1)%2F%2F/report.html",
    ]


def test_page_asks_for_nothing_but_itself_and_its_thumbnails(browser: Any, dataset: Path) -> None:
    page = open_page(browser, dataset)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    page.locator("#list tr").last.scroll_into_view_if_needed()
    page.wait_for_timeout(200)
    assert {url.rsplit("/", 1)[1] for url in asked} == {"index.html", "thumb.jpg"}
    assert all(url.startswith(dataset.as_uri()) for url in asked)
    assert page.complaints == []


@pytest.mark.parametrize("width", [320, 390, 1100])
def test_page_never_scrolls_sideways(browser: Any, tmp_path: Path, width: int) -> None:
    entries = make_batch(tmp_path)
    long = [replace(entries[1], address=f"uploads/{'x' * 180}.mp4"), failed("y" * 200)]
    write_dataset(tmp_path, [*entries, *long])
    page = open_page(browser, tmp_path, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("entries", [[], [failed("a.mp4")], [failed("a"), failed("b")]])
def test_datasets_without_any_result_run_without_complaint(
    browser: Any, tmp_path: Path, entries: Sequence[Entry]
) -> None:
    write_dataset(tmp_path, entries)
    page = open_page(browser, tmp_path)
    title = {0: "No clips yet.", 1: "The clip could not be checked."}
    told = title.get(len(entries), f"None of {len(entries)} clips could be checked.")
    assert page.locator("h1").inner_text() == told
    assert page.locator("#without strong").count() == len(entries)
    assert page.complaints == []


def test_ten_thousand_clips_open_and_filter_at_once(browser: Any, tmp_path: Path) -> None:
    ids = [f"{i:016x}-0a1b2c3d" for i in range(10_000)]
    page = open_page(browser, page_of(tmp_path, ids))
    assert page.locator("#list tbody tr").count() == 50
    page.get_by_role("button", name=re.compile("Show 50 more")).click()
    assert page.locator("#list tbody tr").count() == 100
    assert page.evaluate("document.activeElement.textContent") == "clip 00050.mp4"
    took_ms = page.evaluate(
        """() => {
          const form = document.querySelector(".filters");
          const took = ["clip 09", "clip 0999", "", "deadlift", ""].map((words) => {
            form.q.value = words;
            const begin = performance.now();
            form.q.dispatchEvent(new Event("input", { bubbles: true }));
            document.body.offsetHeight;
            return performance.now() - begin;
          });
          return took.sort((a, b) => a - b)[2];
        }"""
    )
    opened_ms = page.evaluate("performance.getEntriesByType('navigation')[0].domInteractive")
    # Aimed at: 100 and 1000 ms. On two shared cores it took about 40 and 250; busy ones need room.
    assert took_ms < 300
    assert opened_ms < 3000


def test_page_says_the_totals_in_words(dataset: Path) -> None:
    html = unescape((dataset / "index.html").read_text(encoding="utf-8"))
    assert "6 of 8 clips were checked." in html
    assert "2 with a tuck in at least one rep" in html
    assert "2 have no result" in html
    for banned in ("danger", "injur", "wrong"):
        assert banned not in html.lower()


def test_page_draws_what_the_reps_hold(dataset: Path) -> None:
    html = (dataset / "index.html").read_text(encoding="utf-8")
    told = re.search(r'aria-label="Tuck by lift: (.*?)"', html)
    assert told is not None
    assert told[1].split("; ") == [
        "Romanian deadlift, 3 reps, half of them below 10°",
        "Squat, 2 reps, half of them below 4°",
    ]
    assert "Seen at an angle" in html


def test_anonymous_pages_say_so_and_name_nobody(tmp_path: Path) -> None:
    entry = failed("input-1", Failure.LOST, "/home/ana/a.mp4: lost.")
    write_dataset(tmp_path, [entry], anonymous=True)
    html = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "Names and paths are left out" in html
    assert "ana" not in re.sub(r"<style>.*?</style>|<script>.*?</script>", "", html, flags=re.S)


def test_data_of_the_page_cannot_end_its_script(tmp_path: Path) -> None:
    write_dataset(tmp_path, [failed("</script><script>alert(1)</script>")])
    html = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert html.count("</script>") == 2
    data = re.search(r'id="data">(.*?)</script>', html)
    assert data is not None
    assert json.loads(data[1])["statuses"][0] == ["held", Status.HELD.word]


@pytest.mark.parametrize(
    ("addresses", "below", "shown"),
    [
        (["/a/b/x.mp4", "/a/bc/y.mp4"], "/a/", [["b/", "x.mp4"], ["bc/", "y.mp4"]]),
        (["s3://gym/x.mp4", "s3://gym/y.mp4"], "s3://gym/", [["", "x.mp4"], ["", "y.mp4"]]),
        (["D:\\a\\x.mp4", "D:\\a\\b\\y.mp4"], "D:\\a\\", [["b\\", "y.mp4"], ["", "x.mp4"]]),
        (["x\\1.mp4", "y.mp4"], "", [["", "x\\1.mp4"], ["", "y.mp4"]]),
        (["a/", "b"], "", [["", "a/"], ["", "b"]]),
    ],
)
def test_folder_that_all_share_is_said_once(
    tmp_path: Path, addresses: list[str], below: str, shown: list[list[str]]
) -> None:
    write_dataset(tmp_path, [failed(address) for address in addresses])
    html = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert f"<bdi>{below}</bdi>" in html
    data = re.search(r'id="data">(.*?)</script>', html)
    assert data is not None
    assert [row[:2] for row in json.loads(data[1])["failed"]] == shown
