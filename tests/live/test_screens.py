"""What people missed on the screen: words over words, heads covered, marks that said too much."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from live.moments import NOBODY, ROOM_GREY, call, moment, room
from numpy.typing import NDArray

from hingecheck.form.records import Verdict
from hingecheck.live.draw import Drawing, Marks
from hingecheck.live.panel import RECORDING
from hingecheck.live.quality import LESS
from hingecheck.live.records import FeedState, LiveState, Stage
from hingecheck.live.room import Room
from hingecheck.overlay.colours import BLUE
from hingecheck.overlay.layout import Rect
from hingecheck.pose.landmarks import Landmark

Image = NDArray[np.uint8]

SIZES_PX = [(1280, 720), (720, 1280), (640, 480), (1920, 1080), (480, 480), (480, 640)]
OFF = Marks()


def drawn(state: LiveState, size_px: tuple[int, int] = (1280, 720), **how: Any) -> Image:
    marks = how.pop("marks", OFF)
    return Drawing(*size_px).draw(room(*size_px), state, marks, **how)


def near(picture: Image, colour: tuple[int, int, int], by: int = 24) -> NDArray[np.bool_]:
    return (np.abs(picture.astype(int) - colour) <= by).all(axis=2)


def part(picture: Image, place: Rect) -> Image:
    return picture[
        place.y_px : place.y_px + place.height_px, place.x_px : place.x_px + place.width_px
    ]


def changed(picture: Image, before: Image) -> NDArray[np.bool_]:
    return (picture != before).any(axis=2)


def apart(one: Rect, other: Rect) -> bool:
    return (
        one.x_px + one.width_px <= other.x_px
        or other.x_px + other.width_px <= one.x_px
        or one.y_px + one.height_px <= other.y_px
        or other.y_px + other.height_px <= one.y_px
    )


@pytest.mark.parametrize("size_px", SIZES_PX)
def test_places_that_are_used_together_do_not_overlap(size_px: tuple[int, int]) -> None:
    plan = Room.plan(*size_px)
    together = [
        (plan.counter, plan.remark),
        (plan.counter, plan.toast),
        (plan.remark, plan.toast),
        (plan.coach, plan.toast),
        (plan.middle, plan.toast),
        (plan.aside, plan.counter),
        (plan.aside, plan.remark),
    ]
    assert all(apart(one, other) for one, other in together)
    assert all(place.y_px + place.height_px <= plan.foot_px for pair in together for place in pair)


@pytest.mark.parametrize("size_px", SIZES_PX)
def test_longest_verdict_stays_on_its_plate(size_px: tuple[int, int]) -> None:
    state = moment(*size_px, reps=2, last=call(Verdict.UNSURE, 17.0), **NOBODY)
    plain = room(*size_px)
    picture = drawn(state, size_px)
    plan = Room.plan(*size_px)
    inked = part(changed(picture, plain), plan.counter)
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    words = part((picture > 235).all(axis=2), plan.counter)
    ink = np.flatnonzero(words.any(axis=0))
    assert columns[0] < ink[0] - 2
    assert ink[-1] < columns[-1] - 2
    left = plan.counter.x_px + columns[-1] + 1
    beside = changed(picture, plain)[plan.counter.y_px + rows[0] :, left : left + 40]
    assert not beside[: len(rows)].any()


@pytest.mark.parametrize("size_px", [(720, 1280), (480, 640)])
@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("share", [0.65, 0.85])
def test_no_plate_covers_the_head_in_a_tall_picture(
    size_px: tuple[int, int], stage: Stage, share: float
) -> None:
    state = moment(*size_px, share=share, stage=stage, says=("Turn 20 degrees away.",) * 3)
    x, y = state.landmarks_px[Landmark.NOSE].round().astype(int)
    hidden = drawn(state, size_px)
    radius = round(0.05 * share * size_px[1])
    around = np.s_[y - radius : y + radius, x - radius : x + radius]
    # Lines there may be; a plate is a dark area.
    assert (hidden[around] < 0.6 * ROOM_GREY).mean() < 0.3


@pytest.mark.parametrize("size_px", SIZES_PX)
def test_ring_is_a_ring_in_every_picture_and_fills(size_px: tuple[int, int]) -> None:
    shares = [
        int(near(drawn(moment(*size_px, stage=Stage.STAND, stood_share=share, **NOBODY), size_px),
                 BLUE).sum())
        for share in (0.0, 0.5, 1.0)
    ]  # fmt: skip
    assert shares[0] == 0
    assert shares[2] / shares[1] == pytest.approx(2.0, rel=0.2)
    whole = near(
        drawn(moment(*size_px, stage=Stage.STAND, stood_share=1.0, **NOBODY), size_px), BLUE
    )
    rows, columns = np.flatnonzero(whole.any(axis=1)), np.flatnonzero(whole.any(axis=0))
    middle = whole[rows.mean().round().astype(int), columns.mean().round().astype(int)]
    assert not middle
    assert columns[-1] - columns[0] > 0.12 * min(size_px)


@pytest.mark.parametrize(
    ("stage", "feed", "shines"),
    [
        (Stage.SET, FeedState.RUNNING, True),
        (Stage.SET, FeedState.LOST, False),
        (Stage.SET_UP, FeedState.RUNNING, False),
        (Stage.STAND, FeedState.RUNNING, False),
        (Stage.READY, FeedState.RUNNING, False),
    ],
)
def test_recording_shines_while_a_set_is_recorded(
    stage: Stage, feed: FeedState, shines: bool
) -> None:
    picture = drawn(moment(stage=stage, feed=feed, **NOBODY), marks=Marks(recording=True))
    assert bool(near(picture[640:], RECORDING, 6).sum() > 30) == shines


def test_no_rate_is_told_while_no_picture_comes() -> None:
    lost = [drawn(moment(feed=FeedState.LOST, fps=fps, **NOBODY)) for fps in (30.0, 12.0)]
    running = [drawn(moment(fps=fps, **NOBODY)) for fps in (30.0, 12.0)]
    assert (lost[0] == lost[1]).all()
    assert (running[0] != running[1]).any()


@pytest.mark.parametrize("size_px", SIZES_PX)
def test_keys_stand_alone_on_a_dimmed_picture(size_px: tuple[int, int]) -> None:
    one, other = (
        drawn(moment(*size_px, reps=reps, says=says, **NOBODY), size_px, marks=Marks(help=True))
        for reps, says in ((3, ()), (12, ("Step back into the picture.",)))
    )
    assert (one == other).all()
    assert (one[: Room.plan(*size_px).foot_px, : size_px[0] // 40] < 60).all()


@pytest.mark.parametrize("size_px", SIZES_PX)
def test_toast_is_said_over_any_screen_in_its_own_place(size_px: tuple[int, int]) -> None:
    for stage in Stage:
        state = moment(*size_px, stage=stage, says=("Step back half a metre.",), **NOBODY)
        plain, noted = (drawn(state, size_px, toast=text) for text in ("", "Rep 3 saved."))
        difference = changed(noted, plain)
        plan = Room.plan(*size_px)
        place = part(difference, plan.aside if stage is Stage.SET else plan.toast)
        assert place.sum() == difference.sum() > 500


@pytest.mark.parametrize("size_px", [(1280, 720), (720, 1280), (1920, 1080)])
def test_toast_leaves_the_trunk_of_who_lifts_in_sight(size_px: tuple[int, int]) -> None:
    state = moment(*size_px)
    plain, noted = (drawn(state, size_px, toast=text) for text in ("", LESS))
    trunk = state.landmarks_px[[Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP, Landmark.LEFT_KNEE]]
    radius = size_px[1] // 20
    for x, y in trunk.round().astype(int):
        around = np.s_[y - radius : y + radius, x - radius : x + radius]
        assert not changed(noted, plain)[around].any()


@pytest.mark.parametrize(("share", "says"), [(0.95, "Step back"), (0.4, "Come closer")])
def test_arrows_for_size_come_with_words(share: float, says: str) -> None:
    drawing = Drawing(1280, 720)
    empty = room(1280, 720)
    column = np.s_[:400, :430]
    silent = drawing.draw(empty, moment(stage=Stage.SET_UP, share=share), OFF)[column]
    usual = drawing.draw(empty, moment(stage=Stage.SET_UP), OFF)[column]
    told = f"{says} half a metre."
    spoken = drawing.draw(empty, moment(stage=Stage.SET_UP, share=share, says=(told,)), OFF)[column]
    twice = drawing.draw(empty, moment(stage=Stage.SET_UP, share=share, says=("Turn away.",)), OFF)[
        column
    ]
    alone = drawing.draw(empty, moment(stage=Stage.SET_UP, says=("Turn away.",)), OFF)[column]
    assert (silent != usual).any()
    assert (twice != alone).any()
    assert (spoken != room(1280, 720)[column]).any()


def test_replay_shows_the_back_and_the_bar_as_they_were() -> None:
    drawing, empty = Drawing(1280, 720), room(1280, 720)
    past = moment(hinge_deg=60.0, tuck_deg=25.0)
    bare, told = (
        drawing.draw_replay(empty, known, call(), False, moment(), OFF) for known in (None, past)
    )
    lumbar = past.back_px[15:25].round().astype(int)
    assert changed(told, bare)[lumbar[:, 1], lumbar[:, 0]].all()
    assert changed(told, bare)[:480, 1200:].sum() > 2000


def test_no_camera_is_said_before_any_picture() -> None:
    state = moment(stage=Stage.SET_UP, feed=FeedState.WAITING, says=("No camera.",), **NOBODY)
    picture = Drawing(1280, 720).draw(None, state, OFF)
    assert (picture[100:600] > 230).sum() > 1000
