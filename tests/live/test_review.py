"""A set that is over is looked back on: repetitions, verdicts, the largest tuck, where it lies."""

from __future__ import annotations

from math import nan
from pathlib import Path

import numpy as np
import pytest
from live.moments import SIZES_PX, call, moment, room
from report.sets import SetOfReps, make_analysis, make_result

from hingecheck.form.messages import advice
from hingecheck.form.records import Reason, Verdict
from hingecheck.live.board import READ_PER_S, REVIEW_S, TOAST_S, Board
from hingecheck.live.draw import Drawing, Marks
from hingecheck.live.records import FeedState, Picture, Stage
from hingecheck.live.review import REASON_WORDS, Review, Said, review_plate
from hingecheck.live.room import Room
from hingecheck.overlay.text import Typesetter
from hingecheck.report.schema import Result

MIXED = (
    Said(1, Verdict.NO, 3.0),
    Said(2, Verdict.UNSURE, 11.0),
    Said(3, Verdict.YES, 24.0),
    Said(4, Verdict.NOT_GRADEABLE, nan, max(REASON_WORDS.values(), key=len)),
)
CUE = "Stop a hand higher, where your back still holds."


def result_of(*tucks_deg: float) -> Result:
    return make_result(make_analysis(SetOfReps(tucks_deg=tucks_deg)))


def test_review_says_how_many_and_where_the_largest_tuck_was() -> None:
    assert (Review(MIXED, "").title, Review(MIXED[:1], "").title) == ("4 reps", "1 rep")
    assert Review(MIXED, "").largest == "Largest tuck 24° in rep 3"
    assert (Review(MIXED[:2], "").largest, Review(MIXED[3:], "").largest) == (
        "Tuck perhaps 11° in rep 2",
        "",
    )


@pytest.mark.parametrize("tuck_deg", [0.0, 7.9, nan])
@pytest.mark.parametrize("verdict", [Verdict.NO, Verdict.UNSURE, Verdict.NOT_GRADEABLE])
def test_a_tuck_that_is_none_is_not_the_largest(verdict: Verdict, tuck_deg: float) -> None:
    assert Review((Said(1, verdict, tuck_deg),), "").largest == ""


def test_too_close_to_call_is_not_the_same_as_not_seen_which_says_why() -> None:
    close, hidden, unknown = (
        Said(1, verdict, 4.0, why).words[0]
        for verdict, why in (
            (Verdict.UNSURE, ""),
            (Verdict.NOT_GRADEABLE, REASON_WORDS[Reason.BACK_HIDDEN]),
            (Verdict.NOT_GRADEABLE, ""),
        )
    )
    assert (close, hidden, unknown) == (
        "Too close to call",
        "Cannot tell: back hidden",
        "Cannot tell",
    )


def test_result_that_cannot_tell_says_why_and_what_to_do_with_the_camera() -> None:
    reps = SetOfReps(
        tucks_deg=(nan, nan), view_gradeable=False, view_reasons=(Reason.VIEW_OBLIQUE,)
    )
    result = make_result(make_analysis(reps))
    board = Board()
    board.call(call(Verdict.UNSURE, 0.0, 1))
    board.end(0.0)
    board.written(result, 1.0)
    seen = board.review(2.0, writing=False)
    assert seen is not None
    assert {rep.words[0] for rep in seen.reps} == {"Cannot tell: seen at an angle"}
    assert seen.largest == ""
    assert seen.cue == advice(Reason.VIEW_OBLIQUE).remedy


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_a_few_words(reason: Reason) -> None:
    assert 0 < len(REASON_WORDS[reason]) <= 26


@pytest.mark.parametrize("size_px", [*SIZES_PX, (640, 480), (480, 480), (320, 240)])
@pytest.mark.parametrize("reps", [0, 1, 5, 12, 30])
def test_review_of_any_set_fits_into_any_picture(size_px: tuple[int, int], reps: int) -> None:
    said = tuple(MIXED[i % 4]._replace(number=i + 1) for i in range(reps))
    plan = Room.plan(*size_px)
    plate = review_plate(Review(said, "Written to live-20261123-183005-12.hingecheck", CUE), plan)
    assert plate.width_px <= plan.middle.width_px
    assert plate.height_px <= plan.middle.height_px
    low = plan.middle.y_px + plan.middle.height_px
    assert low <= plan.toast.y_px


@pytest.mark.parametrize("size_px", SIZES_PX)
def test_title_of_a_set_without_repetitions_is_never_cut(
    size_px: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    coverage, texts = Typesetter.coverage, list[str]()

    def noted(setter: Typesetter, text: str, size_px: int, weight: int) -> Picture:
        texts.append(text)
        return coverage(setter, text, size_px, weight)

    monkeypatch.setattr(Typesetter, "coverage", noted)
    review_plate(Review((), "", ""), Room.plan(*size_px))
    assert " ".join(texts) == "No repetition was found"


def test_few_repetitions_are_set_larger_than_many() -> None:
    plan = Room.plan(1280, 720)
    few, many = (review_plate(Review(MIXED[:1] * count, "", ""), plan).light for count in (2, 30))
    title = [np.flatnonzero((plate > 235).all(axis=2).any(axis=1)) for plate in (few, many)]
    heights = [int(np.argmax(np.diff(rows) > 1)) + 1 for rows in title]
    assert heights[0] > 1.3 * heights[1]


def test_review_stands_over_a_dimmed_picture_and_gives_way_to_a_lost_camera() -> None:
    drawing, empty, review = Drawing(1280, 720), room(1280, 720), Review(MIXED, "")
    plain, seen = (
        drawing.draw(empty, moment(stage=Stage.READY), Marks(), "", what) for what in (None, review)
    )
    assert seen[600:700, 500:900].mean() < 0.5 * plain[600:700, 500:900].mean()
    lost = moment(stage=Stage.READY, feed=FeedState.LOST)
    with_review, without = (drawing.draw(empty, lost, Marks(), "", what) for what in (review, None))
    assert (with_review == without).all()


def test_board_looks_back_when_a_set_is_over_for_a_while_and_not_in_one() -> None:
    board = Board()
    board.begin()
    board.call(call(Verdict.NO, 3.0, 1))
    board.call(call(Verdict.YES, 14.0, 2))
    assert board.review(10.0, writing=False) is None
    board.end(10.0)
    seen = board.review(10.1, writing=False)
    assert seen is not None
    assert seen.reps == (Said(1, Verdict.NO, 3.0), Said(2, Verdict.YES, 14.0))
    assert board.review(10.1 + REVIEW_S, writing=False) is None
    assert board.review(10.1 + REVIEW_S, writing=True) is not None
    board.begin()
    assert board.review(10.1, writing=True) is None


def test_a_later_verdict_of_a_repetition_replaces_the_first() -> None:
    board = Board()
    board.call(call(Verdict.UNSURE, 9.0, 1))
    board.call(call(Verdict.YES, 15.0, 1))
    board.end(0.0)
    seen = board.review(1.0, writing=False)
    assert seen is not None
    assert seen.reps == (Said(1, Verdict.YES, 15.0),)


def test_result_has_the_last_word_and_says_where_it_lies(tmp_path: Path) -> None:
    board = Board()
    board.call(call(Verdict.NO, 3.0, 1))
    board.end(0.0)
    waiting = board.review(1.0, writing=True)
    assert waiting is not None
    assert "being written" in waiting.kept
    board.written(result_of(20.0, 4.0).written_to(tmp_path / "live-1.hingecheck"), 60.0)
    seen = board.review(60.0 + REVIEW_S - 1, writing=False)
    assert seen is not None
    assert seen.kept == "Written to live-1.hingecheck"
    assert [rep.number for rep in seen.reps] == [1, 2]
    assert seen.largest == "Largest tuck 20° in rep 1"


def test_a_set_without_repetitions_or_put_away_by_a_key_is_not_looked_back_on() -> None:
    board = Board()
    board.end(0.0)
    assert board.review(1.0, writing=True) is None
    board.call(call())
    board.end(0.0)
    board.dismiss()
    board.written(result_of(4.0), 2.0)
    assert board.review(3.0, writing=False) is None


def test_a_clip_without_repetitions_is_looked_back_on_and_says_so(tmp_path: Path) -> None:
    board = Board()
    board.end(0.0, empty=True)
    seen = board.review(1.0, writing=False)
    assert seen is not None
    assert (seen.title, seen.reps) == ("No repetition was found", ())
    nobody = SetOfReps(tucks_deg=(), detected=False, view_reasons=(Reason.NO_PERSON,))
    result = make_result(make_analysis(nobody))
    board.written(result.written_to(tmp_path / "live-1.hingecheck"), 2.0)
    seen = board.review(3.0, writing=False)
    assert seen is not None
    assert (seen.title, seen.kept) == ("No repetition was found", "Written to live-1.hingecheck")
    assert seen.cue == advice(Reason.NO_PERSON).remedy


def test_a_set_without_a_result_says_what_is_kept_until_the_next_begins() -> None:
    board = Board()
    board.call(call())
    board.end(0.0)
    board.unwritten("Nothing of this set was kept.", 1.0)
    seen = board.review(2.0, writing=False)
    assert seen is not None
    assert seen.kept == "Nothing of this set was kept."
    board.begin()
    board.call(call())
    board.end(3.0)
    seen = board.review(4.0, writing=True)
    assert seen is not None
    assert "being written" in seen.kept


@pytest.mark.parametrize(
    ("note", "short"),
    [
        ("Set 1 is written. Open report.html in /a/b.c/live-1.hingecheck.", "Set 1 is written."),
        ("Rep 3 saved to live-1-rep3.mp4.", "Rep 3 saved to live-1-rep3.mp4."),
        ("Saving", "Saving."),
    ],
)
def test_note_is_its_first_sentence_while_somebody_lifts(note: str, short: str) -> None:
    board = Board()
    board.note(note, 0.0)
    assert (board.toast(1.0, lifting=True), board.toast(1.0)) == (short, note)


def test_note_stands_three_seconds_and_longer_when_it_is_long() -> None:
    board = Board()
    board.note("Saved.", 10.0)
    assert [board.toast(now_s) for now_s in (10.1, 10.0 + TOAST_S)] == ["Saved.", ""]
    long = "word " * 30
    board.note(long, 10.0)
    assert board.toast(10.0 + len(long) / READ_PER_S - 0.1) == long
