"""Whole live sessions on real pictures from cameras that misbehave: no crash, no false rep."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import cv2
import numpy as np
import pytest
import scenes
import variants
from live.cameras import Act, Fake
from network_cameras import NetworkCamera, switched_on

from hingecheck.clip.camera import Camera
from hingecheck.errors import ClipError
from hingecheck.form.records import Verdict
from hingecheck.live import session
from hingecheck.live.films import CLIP, SHOWN, Films
from hingecheck.live.records import Event, EventKind, FeedState, LiveState, Picture, Stage
from hingecheck.live.session import Session, Wish
from hingecheck.live.source import Replay, Source
from hingecheck.pose.models import PoseModel
from hingecheck.report.result import read_result

QUICK = PoseModel.LITE
UNPLUGGED = ClipError("camera 0: was unplugged.")


class Seen:
    """Everything that a session showed and told."""

    def __init__(self, source: Source, wish: Wish | None = None, keeper: Films | None = None):
        self.states: list[LiveState] = []
        self.pictures: list[Picture | None] = []
        self.events: list[Event] = []
        wish = wish or Wish(model=QUICK, one_set=True)
        self.session = Session(source, wish, self._show, self.events.append, keeper)

    def _show(self, rgb: Picture | None, state: LiveState) -> None:
        self.pictures.append(rgb)
        self.states.append(state)

    def run(self) -> Seen:
        self.session.run()
        return self

    def count(self, kind: EventKind) -> int:
        return sum(event.kind is kind for event in self.events)

    def said(self) -> str:
        return " ".join(line for state in self.states for line in state.says)


def shots(clip: Path) -> list[Act]:
    return [rgb for _, rgb in variants.pictures(clip)]


def filmed(acts: list[Act]) -> Fake:
    """A camera that shows these pictures once and then is switched off for good."""
    return Fake(acts, endless=False)


def test_replayed_rep_is_counted_once_and_its_states_say_so(one_rep: Path) -> None:
    seen = Seen(Replay(one_rep)).run()
    assert seen.count(EventKind.REP) == 1
    assert seen.states[-1].reps == 1
    assert seen.states[-1].last is not None
    assert seen.states[-1].last.bottom_s == pytest.approx(scenes.ONE_REP_BOTTOM_S, abs=0.4)
    assert {state.stage for state in seen.states} == {Stage.SET}
    assert len(seen.session.latencies_ms) == sum(rgb is not None for rgb in seen.pictures)


def test_live_and_check_agree_on_a_replayed_clip(butt_wink_clip: Path, tmp_path: Path) -> None:
    from hingecheck import check

    with Films(tmp_path / "live", "set", lambda text: None) as films:
        Seen(Replay(butt_wink_clip), Wish(model=QUICK, one_set=True), films).run()
    (live,) = films.results
    folder = tmp_path / "live" / "set.hingecheck"
    assert live.folder == folder.resolve()
    assert read_result(folder / "result.json").reps == live.reps
    names = {path.name for path in folder.iterdir()}
    assert {"result.json", "report.html", "overlay.mp4", CLIP, SHOWN} - {SHOWN} <= names
    checked = check(butt_wink_clip, out=tmp_path / "check", model=QUICK, overlay=False)
    assert len(live.reps) == len(checked.reps)
    for one, other in zip(live.reps, checked.reps, strict=True):
        assert one.butt_wink.tuck_deg == pytest.approx(other.butt_wink.tuck_deg, abs=4.0)
        verdicts = {one.butt_wink.verdict, other.butt_wink.verdict}
        assert len(verdicts) == 1 or "unsure" in verdicts


def test_camera_unplugged_and_back_is_said_and_no_repetition(one_rep: Path) -> None:
    standing = shots(one_rep)[:20]
    camera = Fake([*standing, UNPLUGGED], None, [*standing])
    seen = Seen(camera, Wish(model=QUICK))
    _quit_after(seen, 4.0)
    seen.run()
    assert FeedState.LOST in {state.feed for state in seen.states}
    assert "unplugged" in seen.said()
    back = [state.feed for state in seen.states]
    assert FeedState.RUNNING in back[back.index(FeedState.LOST) :]
    assert seen.count(EventKind.REP) == 0


def test_camera_plugged_in_late_is_waited_for(one_rep: Path) -> None:
    seen = Seen(Fake(None, shots(one_rep)[:30]), Wish(model=QUICK))
    _quit_after(seen, 3.0)
    seen.run()
    assert seen.states[0].feed in (FeedState.WAITING, FeedState.LOST)
    assert "no camera is connected" in seen.said()
    assert FeedState.RUNNING in {state.feed for state in seen.states}


def test_black_pictures_in_a_rep_are_said_and_make_none_of_their_own(one_rep: Path) -> None:
    clip = shots(one_rep)
    black: list[Act] = [np.zeros_like(clip[0])] * 40
    seen = Seen(filmed([*clip[:15], *black, *clip[15:]])).run()
    assert FeedState.DARK in {state.feed for state in seen.states}
    assert "black" in seen.said()
    assert seen.count(EventKind.REP) == 1


def test_lifter_who_walks_out_is_asked_back_and_counts_nothing(
    one_rep: Path, tmp_path: Path
) -> None:
    clip = variants.store(tmp_path / "gone.mp4", scenes.leaves(one_rep, at_s=0.5, length_s=4.0))
    seen = Seen(Replay(clip)).run()
    assert seen.count(EventKind.REP) == 0
    assert "Step back into the picture." in seen.said()


def test_somebody_beside_the_lifter_changes_nothing(
    one_rep: Path, butt_wink_clip: Path, tmp_path: Path
) -> None:
    both = variants.store(tmp_path / "two.mp4", scenes.stands_beside(one_rep, butt_wink_clip))
    seen = Seen(Replay(both)).run()
    assert seen.count(EventKind.REP) == 1


def test_standing_alone_is_no_set(butt_wink_clip: Path, tmp_path: Path) -> None:
    clip = variants.store(tmp_path / "stand.mp4", scenes.standing_only(butt_wink_clip, 5.0))
    seen = Seen(Replay(clip), Wish(model=QUICK)).run()
    assert seen.count(EventKind.SET) == 0
    assert seen.count(EventKind.REP) == 0
    stages = [state.stage for state in seen.states]
    assert stages[0] is Stage.SET_UP
    assert stages[-1] is Stage.READY
    shares = [state.stood_share for state in seen.states]
    assert shares[0] == 0.0
    assert any(0.2 < share < 0.8 for share in shares)
    assert shares[-1] == 1.0


def test_moving_begins_a_set_and_space_ends_it(butt_wink_clip: Path) -> None:
    seen = Seen(Replay(butt_wink_clip), Wish(model=QUICK))
    states = seen.states

    def press_after_two_reps(rgb: Picture | None, state: LiveState) -> None:
        states.append(state)
        if state.reps == 2 and state.stage is Stage.SET:
            seen.session.toggle_set()

    seen.session._show = press_after_two_reps
    seen.run()
    told = [event.text for event in seen.events if event.kind is EventKind.SET]
    assert told[:2] == ["Set begins.", "Set ends: 2 reps."]


def test_camera_that_comes_back_in_another_size_begins_anew(one_rep: Path, tmp_path: Path) -> None:
    large = 3 * shots(one_rep)[:15]
    small = [np.ascontiguousarray(rgb[::2, ::2]) for rgb in large]
    with Films(tmp_path, "set", print) as films:
        camera = Fake([*large, UNPLUGGED], [*small, UNPLUGGED], large)
        seen = Seen(camera, Wish(model=QUICK), films)

        def press_space_when_small(rgb: Picture | None, state: LiveState) -> None:
            seen.pictures.append(rgb)
            tall = None if rgb is None else len(rgb)
            if tall == len(small[0]) and not seen.count(EventKind.SET):
                seen.session.toggle_set()
            if tall == len(large[0]) and seen.count(EventKind.SET) == 2:
                seen.session.quit()

        seen.session._show = press_space_when_small
        seen.run()
    (result,) = films.results
    assert (result.clip.width_px, result.clip.height_px) == (180, 240)
    assert result.clip.frames <= len(small)


def test_phone_that_is_turned_is_said_and_shown_in_its_own_size() -> None:
    with switched_on(NetworkCamera()) as there:
        seen = Seen(Camera(there.address), Wish(model=QUICK))

        def turn(rgb: Picture | None, state: LiveState) -> None:
            seen.pictures.append(rgb)
            if len(seen.pictures) == 10:
                there.turn()
            turned = rgb is not None and rgb.shape == (320, 240, 3)
            if len(seen.pictures) > (60 if turned else 300):
                seen.session.quit()

        seen.session._show = turn
        seen.run()
    sizes = [rgb.shape[:2] for rgb in seen.pictures if rgb is not None]
    assert [size for size, _ in itertools.groupby(sizes)] == [(240, 320), (320, 240)]
    told = [event.text for event in seen.events if event.kind is EventKind.FEED]
    assert [text.rpartition(" ")[2] for text in told if "camera http" in text] == [
        "320x240",
        "240x320",
    ]


def test_set_begun_from_the_laptop_waits_for_the_lifter(
    one_rep: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "GONE_S", 0.5)
    lifts = shots(one_rep)
    empty: list[Act] = [np.repeat(lifts[0][:, -1:], lifts[0].shape[1], axis=1)] * 45
    told = _told_of_space_at(filmed([*empty, *lifts]), 30)
    assert told == ["Set begins.", "Set ends: 1 reps."]


def test_lifter_need_not_be_who_was_at_the_laptop(one_rep: Path) -> None:
    lifts = shots(one_rep)
    empty: Act = np.repeat(lifts[0][:, -1:], lifts[0].shape[1], axis=1)
    helper = empty.copy()
    helper[: helper.shape[0] * 2 // 3, : helper.shape[1] * 2 // 3] = cv2.resize(
        lifts[0], None, fx=2 / 3, fy=2 / 3, interpolation=cv2.INTER_AREA
    )
    told = _told_of_space_at(filmed([helper] * 30 + [empty] * 60 + lifts), 20)
    assert told == ["Set begins.", "Set ends: 1 reps."]


def test_set_begun_from_the_laptop_ends_when_nobody_comes(
    one_rep: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "AWAITED_S", 1.0)
    monkeypatch.setattr(session, "GONE_S", 0.3)
    shot = shots(one_rep)[0]
    empty: list[Act] = [np.repeat(shot[:, -1:], shot.shape[1], axis=1)] * 75
    seen = Seen(filmed(empty), Wish(model=QUICK))
    _press_space_at(seen, 10)
    seen.run()
    begins, ends = (event.time_s for event in seen.events if event.kind is EventKind.SET)
    assert ends - begins == pytest.approx(1.0, abs=0.2)


@pytest.mark.parametrize("key", ["toggle_set", "recalibrate"])
def test_set_ended_while_bent_begins_again_once_the_lifter_has_stood(
    key: str, one_rep: Path, butt_wink_clip: Path
) -> None:
    lifts = shots(one_rep)
    stands: list[Act] = [rgb for _, rgb in scenes.standing_only(butt_wink_clip, 3.5)]
    seen = Seen(filmed([*lifts, *stands, *lifts]), Wish(model=QUICK))

    def press(rgb: Picture | None, state: LiveState) -> None:
        seen.states.append(state)
        if state.stage is not Stage.SET and not seen.count(EventKind.SET):
            seen.session.toggle_set()
        elif state.depth_deg > 50 and seen.count(EventKind.SET) == 1:
            getattr(seen.session, key)()

    seen.session._show = press
    seen.run()
    told = [event.text for event in seen.events if event.kind is EventKind.SET]
    assert told == ["Set begins.", "Set ends: 0 reps.", "Set begins.", "Set ends: 1 reps."]
    _, ended_s, again_s, _ = (e.time_s for e in seen.events if e.kind is EventKind.SET)
    between = [state for state in seen.states if ended_s < state.time_s < again_s]
    stages = [stage for stage, _ in itertools.groupby(state.stage for state in between)]
    if key == "recalibrate":
        assert stages[-2:] == [Stage.STAND, Stage.READY]
        assert between[-1].stood_share == 1.0


def test_set_without_a_repetition_is_kept_when_somebody_began_it(
    butt_wink_clip: Path, tmp_path: Path
) -> None:
    clip = variants.store(tmp_path / "stand.mp4", scenes.standing_only(butt_wink_clip, 2.0))
    out = tmp_path / "out"
    with Films(out, "set", print) as films:
        seen = Seen(Replay(clip), Wish(model=QUICK), films)

        def press_space(rgb: Picture | None, state: LiveState) -> None:
            if state.stage is not Stage.SET and not seen.count(EventKind.SET):
                seen.session.toggle_set()

        seen.session._show = press_space
        seen.run()
    assert [len(result.reps) for result in films.results] == [0]
    assert (out / "set.hingecheck" / CLIP).exists()


def test_whatever_breaks_the_set_before_has_its_result(one_rep: Path, tmp_path: Path) -> None:
    with (
        pytest.raises(ZeroDivisionError),
        Films(tmp_path, "set", print) as films,
    ):
        Seen(filmed([*shots(one_rep), ZeroDivisionError("a mistake")]), keeper=films).run()
    assert [len(result.reps) for result in films.results] == [1]


def test_events_have_the_time_of_their_picture_and_go_on_while_none_comes(one_rep: Path) -> None:
    seen = Seen(Fake([*shots(one_rep), UNPLUGGED, 0.0], None, shots(one_rep)[:20]))
    _quit_after(seen, 6.5)
    seen.run()
    (rep,) = [event for event in seen.events if event.kind is EventKind.REP]
    counted = next(state for state in seen.states if state.reps)
    assert rep.time_s == counted.time_s
    told_s = [event.time_s for event in seen.events]
    assert told_s == sorted(told_s)
    lost = [event.time_s for event in seen.events if event.kind is EventKind.FEED]
    assert len(set(lost)) == len(lost) >= 3
    waited = [state.time_s for state in seen.states if state.feed is FeedState.LOST]
    assert waited == sorted(waited)
    assert waited[-1] - waited[0] > 1.0


def test_long_clip_is_one_set_and_a_cameras_ends_between_two_repetitions(
    one_rep: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On the way down.
    monkeypatch.setattr(session, "LONGEST_S", 1.8)
    told = ["Set begins.", "Set ends: 1 reps."]
    clip = Seen(Replay(one_rep)).run()
    assert [event.text for event in clip.events if event.kind is EventKind.SET] == told
    assert clip.states[-1].stage is Stage.SET
    camera = Seen(Replay(one_rep), Wish(model=QUICK))

    def press_space_once(rgb: Picture | None, state: LiveState) -> None:
        camera.states.append(state)
        if rgb is not None and not camera.count(EventKind.SET):
            camera.session.toggle_set()

    camera.session._show = press_space_once
    camera.run()
    assert [event.text for event in camera.events if event.kind is EventKind.SET] == told
    assert camera.states[-1].stage is not Stage.SET


def test_repetition_counted_as_its_set_ends_has_a_second_opinion_of_that_set(
    one_rep: Path,
) -> None:
    seen = Seen(Replay(one_rep))

    def press_space_when_counted(rgb: Picture | None, state: LiveState) -> None:
        seen.states.append(state)
        if state.reps == 1 and state.stage is Stage.SET:
            seen.session.toggle_set()

    seen.session._show = press_space_when_counted
    seen.run()
    called = [state.last for state in seen.states if state.last is not None]
    assert called[-1].bottom_s == called[0].bottom_s
    assert called[-1].verdict is not Verdict.NOT_GRADEABLE
    assert called[-1].tuck_sd_deg != called[0].tuck_sd_deg


def test_replayed_clip_has_no_set_up_whatever_is_pressed(one_rep: Path) -> None:
    seen = Seen(Replay(one_rep))

    def press(rgb: Picture | None, state: LiveState) -> None:
        seen.states.append(state)
        if len(seen.states) == 10:
            seen.session.recalibrate()
        if len(seen.states) in (20, 30):
            seen.session.toggle_set()

    seen.session._show = press
    seen.run()
    assert {state.stage for state in seen.states} == {Stage.SET, Stage.READY}
    assert seen.count(EventKind.STAGE) == 0


def test_result_is_what_a_check_says_of_its_film_of_few_pictures(
    one_rep: Path, tmp_path: Path
) -> None:
    from hingecheck import check

    fps = 15
    clip, out = tmp_path / "clip.mp4", tmp_path / "live"
    variants.store(clip, itertools.islice(variants.pictures(one_rep), 0, None, 30 // fps))
    with Films(out, "set", print) as films:
        seen = Seen(Replay(clip), keeper=films)

        def hiccup(rgb: Picture | None, state: LiveState) -> None:
            seen.states.append(state)
            if len(seen.states) % 30 == 15:
                time.sleep(4.5 / fps)

        seen.session._show = hiccup
        seen.run()
    assert seen.session.dropped >= 2
    (live,) = films.results
    checked = check(out / "set.hingecheck" / CLIP, out=tmp_path / "check", model=QUICK)
    assert live.clip.frames == checked.clip.frames
    (one,), (other,) = live.reps, checked.reps
    assert one.butt_wink.tuck_deg == pytest.approx(other.butt_wink.tuck_deg, abs=4.0)


def _press_space_at(seen: Seen, number: int) -> None:
    """Press space after so many pictures."""

    def show(rgb: Picture | None, state: LiveState) -> None:
        if rgb is None:
            return
        seen.states.append(state)
        if len(seen.states) == number:
            seen.session.toggle_set()

    seen.session._show = show


def _told_of_space_at(camera: Fake, number: int) -> list[str]:
    """What is said of sets when space is pressed after so many pictures."""
    seen = Seen(camera, Wish(model=QUICK))
    _press_space_at(seen, number)
    seen.run()
    return [event.text for event in seen.events if event.kind is EventKind.SET]


def _quit_after(seen: Seen, seconds: float) -> None:
    """Press q so long after the first state."""
    began: list[float] = []

    def show(rgb: Picture | None, state: LiveState) -> None:
        seen.pictures.append(rgb)
        seen.states.append(state)
        began.append(time.monotonic())
        if began[-1] - began[0] > seconds:
            seen.session.quit()

    seen.session._show = show
