"""What the lifter sees fits every picture, says what the state says, and takes no time."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
from live.moments import NOBODY, ROOM_GREY, SIZES_PX, call, moment, room
from numpy.typing import NDArray

from hingecheck.errors import UsageError
from hingecheck.form.messages import message
from hingecheck.form.records import Reason, Verdict
from hingecheck.form.setup_words import Remark, say
from hingecheck.live.draw import Drawing, Marks
from hingecheck.live.hud import COUNTER_SHARE, FULL_DEG
from hingecheck.live.records import FeedState, LiveState, Stage
from hingecheck.live.room import Line, Room, fit
from hingecheck.overlay.colours import AMBER, BLUE, GREY, change_colour
from hingecheck.overlay.sticker import Sticker
from hingecheck.overlay.text import ELLIPSIS, Typesetter

Image = NDArray[np.uint8]

OFF = Marks()
ON = Marks(recording=True, muted=True, help=True)

LONG = (
    say(Remark.TURNED_TO_FRONT, degrees="20 degrees", side="left"),
    say(Remark.LEANS_COUNTER, degrees="5 degrees"),
    message(Reason.CLOTHING_LOOSE),
)

BUDGET_MS = 4.0


def drawn(state: LiveState, size_px: tuple[int, int] = (1280, 720), **how: Any) -> Image:
    return Drawing(*size_px, **how).draw(room(*size_px), state, OFF)


def near(picture: Image, colour: tuple[int, int, int], by: int = 24) -> NDArray[np.bool_]:
    """Pixels of about this colour."""
    return (np.abs(picture.astype(int) - colour) <= by).all(axis=2)


@pytest.mark.parametrize("size_px", SIZES_PX)
@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("says", [(), LONG])
def test_every_stage_fits_into_the_picture(
    size_px: tuple[int, int],
    mirrored: bool,
    says: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lay = Sticker.lay
    width, height = size_px

    def checked(sticker: Sticker, rgb: Image, x_px: int, y_px: int) -> None:
        assert 0 <= x_px <= width - sticker.width_px
        assert 0 <= y_px <= height - sticker.height_px
        lay(sticker, rgb, x_px, y_px)

    monkeypatch.setattr(Sticker, "lay", checked)
    drawing, empty = Drawing(*size_px, mirrored=mirrored), room(*size_px)
    for stage, feed, marks in product(Stage, FeedState, (OFF, ON)):
        state = moment(*size_px, stage=stage, feed=feed, says=says, last=call(), reps=88)
        picture = drawing.draw(empty, state, marks)
        assert picture.shape == empty.shape
        assert (picture != empty).any()
    assert (empty == room(*size_px)).all()


@pytest.mark.parametrize("size_px", [(1, 1), (32, 32), (40, 720), (720, 40)])
def test_tiny_picture_is_drawn_on_as_far_as_it_goes(size_px: tuple[int, int]) -> None:
    drawing, empty = Drawing(*size_px), room(*size_px)
    for stage, marks in product(Stage, (OFF, ON)):
        state = moment(*size_px, stage=stage, says=LONG[:1], last=call(), reps=88)
        assert drawing.draw(empty, state, marks).shape == empty.shape
    past = moment(*size_px)
    assert drawing.draw_replay(empty, past, call(), True, past, OFF).shape == empty.shape


@pytest.mark.parametrize("size_px", SIZES_PX)
@pytest.mark.parametrize("text", [*LONG, *(message(reason) for reason in Reason)])
def test_a_sentence_is_never_cut_nor_wider_than_its_place(
    size_px: tuple[int, int], text: str
) -> None:
    plan, setter = Room.plan(*size_px), Typesetter()
    for place, size in ((plan.coach, plan.big_px), (plan.remark, plan.second_px)):
        width, height = place.width_px - 2 * plan.pad_px, place.height_px - 2 * plan.pad_px
        rows = fit(setter, (Line(text, size),), width, height)
        assert " ".join(row.text for row in rows) == text
        assert max(setter.width_px(row.text, row.size_px, row.weight) for row in rows) <= width
        assert sum(setter.line_px(row.size_px) for row in rows) <= height


def test_more_than_a_place_can_hold_ends_in_an_ellipsis_inside_it() -> None:
    setter = Typesetter()
    rows = fit(setter, (Line(" ".join(LONG), 30, dot=BLUE),), 150, 60)
    assert rows[-1].text.endswith(ELLIPSIS)
    assert all(
        setter.width_px(row.text, row.size_px, row.weight) + row.indent_px <= 150 for row in rows
    )
    assert sum(setter.line_px(row.size_px) for row in rows) <= 60


def test_pictures_of_different_moments_differ() -> None:
    moments = [
        moment(stage=Stage.SET_UP),
        moment(stage=Stage.STAND),
        moment(stage=Stage.STAND, stood_share=0.5),
        moment(stage=Stage.READY),
        moment(),
        moment(reps=9),
        moment(last=call()),
        moment(last=call(Verdict.NO)),
        moment(last=call(Verdict.UNSURE)),
        moment(tuck_deg=12.0),
        moment(says=("Stand side on.",)),
        *(moment(feed=feed) for feed in FeedState if feed is not FeedState.RUNNING),
    ]
    pictures = [drawn(state) for state in moments]
    for number, one in enumerate(pictures):
        assert all((one != other).any() for other in pictures[:number])


@pytest.mark.parametrize("stage", list(Stage))
def test_mirrored_picture_is_that_of_a_mirrored_lifter_with_words_left_readable(
    stage: Stage,
) -> None:
    state = moment(stage=stage, centre=0.4, hinge_deg=40.0, tuck_deg=12.0, last=call())
    flipped = replace(
        state,
        facing=-state.facing,
        landmarks_px=[1279, 0] + state.landmarks_px * [-1, 1],
        back_px=[1279, 0] + state.back_px * [-1, 1],
    )
    rng = np.random.default_rng(5)
    source = rng.integers(0, 255, (720, 1280, 3), dtype=np.uint8)
    seen = Drawing(1280, 720, mirrored=True).draw(source, state, OFF)
    assert (seen == Drawing(1280, 720).draw(source[:, ::-1], flipped, OFF)).all()


@pytest.mark.parametrize("reps", [0, 8, 88])
@pytest.mark.parametrize("size_px", SIZES_PX)
def test_count_is_a_fifth_of_a_wide_picture_high(size_px: tuple[int, int], reps: int) -> None:
    width, height = size_px
    picture = drawn(moment(*size_px, reps=reps, **NOBODY), size_px)
    half = picture[: height // 2] if width > height else picture[height // 2 : round(0.94 * height)]
    figures = (half[:, : width // 2] > 235).all(axis=2)
    rows, columns = np.flatnonzero(figures.any(axis=1)), np.flatnonzero(figures.any(axis=0))
    share = (rows[-1] - rows[0] + 1) / height
    if width > height:
        assert share == pytest.approx(COUNTER_SHARE, abs=0.012)
    else:
        assert 0.09 < share < COUNTER_SHARE
        assert (columns[-1] - columns[0] + 1) / width < 0.4


def test_count_stays_on_its_plate_beyond_a_hundred() -> None:
    plates = [drawn(moment(reps=reps, **NOBODY))[:300, :420] for reps in (8, 188)]
    ground = (room(1280, 720)[:300, :420] != plates[0]).any(axis=(0, 2))
    left, right = np.flatnonzero(ground)[[0, -1]]
    figures = np.flatnonzero((plates[1] > 235).all(axis=2).any(axis=0))
    assert left + 8 < figures[0]
    assert figures[-1] < right - 8


@pytest.mark.parametrize(("tuck_deg", "colour"), [(0.0, BLUE), (30.0, AMBER), (float("nan"), GREY)])
def test_back_has_the_colour_of_its_tuck(tuck_deg: float, colour: tuple[int, int, int]) -> None:
    state = moment(tuck_deg=tuck_deg)
    picture = drawn(state)
    lumbar = state.back_px[15:25].round().astype(int)
    assert near(picture, colour)[lumbar[:, 1], lumbar[:, 0]].all()


@pytest.mark.parametrize("seen", [slice(0), slice(20, 23)])
def test_back_of_which_nothing_or_a_dot_is_seen_is_not_drawn(seen: slice) -> None:
    state = moment()
    hidden = state.back_px.copy()
    hidden[12:30] = np.nan
    hidden[seen] = state.back_px[seen]
    middle = state.back_px[16:26].round().astype(int)
    picture = drawn(replace(state, back_px=hidden))
    assert (picture[middle[:, 1], middle[:, 0]] < ROOM_GREY + 30).all()


@pytest.mark.parametrize(("aside", "drawn_too"), [(0.05, True), (0.35, False)])
def test_line_of_the_back_ends_where_it_leaps_to_somebody_else(
    aside: float, drawn_too: bool
) -> None:
    state = moment(hinge_deg=40.0)
    back = state.back_px.copy()
    back[44:] += aside * np.linalg.norm(back[-1] - back[0]) * np.array([-1.0, -1.0])
    picture, without = (
        drawn(replace(state, back_px=line)) for line in (back, np.full_like(back, np.nan))
    )
    changed = (picture != without).any(axis=2)
    low, high = (back[part].round().astype(int) for part in (slice(5, 38), slice(47, 51)))
    assert changed[low[:, 1], low[:, 0]].all()
    assert changed[high[:, 1], high[:, 0]].any() == drawn_too


def test_nobody_in_the_picture_leaves_it_clear() -> None:
    state = moment(landmarks_px=np.full((33, 2), np.nan), back_px=np.full((1, 2), np.nan), facing=0)
    picture = drawn(state)[:, 450:1100]
    assert (picture == room(1280, 720)[:, 450:1100]).all()


def gauge_column(picture: Image) -> Image:
    """The pixels in the middle of the gauge's slot, (height, 3)."""
    return picture[:480, 1280 - 16 - 14 - 20]


def test_gauge_grows_with_the_tuck_and_ends_at_its_top() -> None:
    filled = []
    for tuck_deg in (5.0, 15.0, 30.0, 44.0):
        state = moment(tuck_deg=tuck_deg, tuck_sd_deg=float("nan"))
        column = gauge_column(drawn(state))[None]
        filled.append(int(near(column, change_colour(tuck_deg), 3).sum()))
    assert filled[1] / filled[0] == pytest.approx(3.0, rel=0.1)
    assert filled[2] / filled[1] == pytest.approx(2.0, rel=0.05)
    assert filled[3] == filled[2]


def test_gauge_marks_the_limit_where_a_tuck_of_that_size_ends() -> None:
    plain, moved = (drawn(moment(limit_deg=limit)) for limit in (8.0, 20.0))
    level = [int(np.flatnonzero((gauge_column(p) > 240).all(axis=1)).min()) for p in (plain, moved)]
    at_limit = gauge_column(drawn(moment(tuck_deg=20.0, tuck_sd_deg=float("nan"))))
    top = int(np.flatnonzero(near(at_limit[None], change_colour(20.0), 3)[0]).min())
    assert abs(top - level[1]) <= 3
    slot = (level[0] - level[1]) / (20.0 - 8.0) * FULL_DEG
    assert 0.4 * 720 < slot < 0.6 * 720


def test_gauge_shows_a_wider_band_for_less_certainty_and_none_without_a_tuck() -> None:
    none = gauge_column(drawn(moment(tuck_deg=float("nan"), tuck_sd_deg=float("nan"))))
    bands = []
    for sd_deg in (2.0, 6.0):
        column = gauge_column(drawn(moment(tuck_deg=18.0, tuck_sd_deg=sd_deg)))
        above = np.flatnonzero((column != none).any(axis=1)).min()
        solid = np.flatnonzero(near(column[None], change_colour(18.0), 3)[0]).min()
        bands.append(solid - above)
    assert bands[1] / bands[0] == pytest.approx(3.0, rel=0.2)
    assert not near(none[None], BLUE).any()


@pytest.mark.parametrize(
    ("last", "colour"),
    [(call(Verdict.NO), BLUE), (call(tuck_deg=28.0), AMBER), (call(Verdict.NOT_GRADEABLE), GREY)],
)
def test_last_verdict_has_its_colour(last: Any, colour: tuple[int, int, int]) -> None:
    before, after = (
        near(drawn(moment(last=one, **NOBODY))[:280, :400], colour, 6).sum() for one in (None, last)
    )
    assert after - before > 200


def arrows(picture: Image) -> tuple[Image, Image]:
    """What is left and right of the outline."""
    return picture[:, 430:580], picture[:, 700:900]


def pale(part: Image) -> int:
    return int(near(part, (236, 238, 241), 8).sum())


def test_arrows_stand_on_the_side_one_has_to_come_from() -> None:
    empty = [pale(part) for part in arrows(drawn(moment(stage=Stage.SET_UP, **NOBODY)))]
    for centre, left in ((0.2, True), (0.8, False)):
        sides = arrows(drawn(moment(stage=Stage.SET_UP, centre=centre)))
        more = [pale(part) - before for part, before in zip(sides, empty, strict=True)]
        assert more[0 if left else 1] > 800
        assert more[1 if left else 0] == 0
        high = near(sides[0 if left else 1], (236, 238, 241), 8)[300:420].sum(axis=0)
        columns = np.flatnonzero(high)
        # An arrow is widest at the foot of its head.
        widest = (int(np.argmax(high)) - columns[0]) / (columns[-1] - columns[0])
        assert (widest > 0.5) == left


@pytest.mark.parametrize(("share", "outward"), [(0.42, True), (0.95, False)])
def test_arrows_ask_for_a_larger_or_smaller_body(share: float, outward: bool) -> None:
    picture = drawn(moment(stage=Stage.SET_UP, share=share))
    upper = near(picture[:360, 700:900], (236, 238, 241), 8)
    wide = upper.sum(axis=1)
    inked = np.flatnonzero(wide)
    # An arrow is widest at the foot of its head: near its upper end where it points up.
    widest = (int(np.argmax(wide)) - inked[0]) / (inked[-1] - inked[0])
    assert (widest < 0.5) == outward


def test_outline_turns_blue_round_a_body_that_fills_it() -> None:
    filling = drawn(moment(stage=Stage.SET_UP))
    aside = drawn(moment(stage=Stage.SET_UP, centre=0.3))
    assert near(filling, BLUE).sum() > 1500
    assert near(aside, BLUE).sum() == 0


@pytest.mark.parametrize("size_px", SIZES_PX)
def test_outline_is_two_thirds_of_the_picture_high_and_looks_where_the_lifter_looks(
    size_px: tuple[int, int],
) -> None:
    width, height = size_px
    right = drawn(moment(*size_px, stage=Stage.SET_UP), size_px)
    left = drawn(moment(*size_px, stage=Stage.SET_UP, facing=-1), size_px)
    middle = slice(width // 2 - height // 8, width // 2 + height // 8)
    rows = np.flatnonzero(near(right, BLUE)[:, middle].any(axis=1))
    assert (rows[-1] - rows[0]) / height == pytest.approx(0.65, abs=0.02)
    # The shank stands behind the body's middle.
    shank = slice(rows[0] + round(0.53 * height), rows[0] + round(0.57 * height))
    at = [np.flatnonzero(near(p, BLUE)[shank, middle].any(axis=0)).mean() for p in (right, left)]
    assert at[0] + 0.02 * height < at[1]


def test_ring_fills_as_standing_goes_on() -> None:
    shares = (0.0, 0.2, 0.4, 0.8)
    blue = [
        int(near(drawn(moment(stage=Stage.STAND, stood_share=share))[:220, :420], BLUE).sum())
        for share in shares
    ]
    assert blue[0] == 0
    assert blue[2] / blue[1] == pytest.approx(2.0, rel=0.15)
    assert blue[3] / blue[2] == pytest.approx(2.0, rel=0.15)


def test_lost_picture_is_dimmed_and_keeps_the_count() -> None:
    running, lost = (
        drawn(moment(feed=feed, **NOBODY)) for feed in (FeedState.RUNNING, FeedState.LOST)
    )
    assert lost[:, 700:].mean() < 0.5 * running[:, 700:].mean()
    figures = running[40:180, 100:320] > 240
    assert (lost[40:180, 100:320][figures] > 230).all()


def test_first_picture_is_waited_for_on_a_plain_ground() -> None:
    state = moment(stage=Stage.SET_UP, feed=FeedState.WAITING)
    picture = Drawing(1280, 720).draw(None, state, OFF)
    assert (picture[200:500] > 230).any()
    assert (picture[0] == picture[0, 0]).all()


def test_figures_in_the_corner_change_twice_a_second_at_most() -> None:
    drawing, empty = Drawing(1280, 720), room(1280, 720)
    pictures = [
        drawing.draw(empty, moment(time_s=time_s, fps=fps), OFF)
        for time_s, fps in ((12.0, 29.0), (12.4, 21.0), (12.6, 23.0))
    ]
    same = [(one == other).all() for one, other in pairwise(pictures)]
    assert same == [True, False]


@pytest.mark.parametrize("name", ["recording", "muted", "help"])
def test_what_is_switched_on_is_shown(name: str) -> None:
    drawing, empty = Drawing(1280, 720), room(1280, 720)
    plain = drawing.draw(empty, moment(), OFF)
    marked = drawing.draw(empty, moment(), Marks(**{name: True}))
    assert (plain != marked).any(axis=2).sum() > 1000


def test_replay_says_its_rep_and_the_worst_moment_its_verdict() -> None:
    drawing, empty = Drawing(1280, 720), room(1280, 720)
    going, held, other = (
        drawing.draw_replay(empty, None, call(tuck_deg=28.0, index=index), worst, moment(), OFF)
        for index, worst in ((3, False), (3, True), (4, False))
    )
    assert (going != other).any()
    assert not near(going, AMBER, 6).any()
    assert near(held, AMBER, 6).sum() > 200


def test_picture_of_another_size_is_refused_with_what_to_do() -> None:
    with pytest.raises(UsageError, match=r"\(360, 640, 3\).*Make a Drawing of its size"):
        Drawing(1280, 720).draw(room(640, 360), moment(), OFF)


def test_a_picture_of_a_set_costs_a_few_milliseconds() -> None:
    drawing, empty = Drawing(1280, 720, mirrored=True), room(1280, 720)
    spent = []
    for number in range(90):
        state = moment(time_s=number / 30, hinge_deg=number / 2, tuck_deg=number / 4)
        began = time.thread_time()
        drawing.draw(empty, state, Marks(recording=True))
        spent.append(time.thread_time() - began)
    assert 1000 * float(np.median(spent)) < BUDGET_MS
