"""Whole live sessions on real pictures from cameras that misbehave: no crash, no false rep."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import scenes
import variants
from live.cameras import Act, Fake

from hingecheck.errors import ClipError
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


def _quit_after(seen: Seen, seconds: float) -> None:
    """Press q so long after the first state."""
    import time

    began: list[float] = []

    def show(rgb: Picture | None, state: LiveState) -> None:
        seen.pictures.append(rgb)
        seen.states.append(state)
        began.append(time.monotonic())
        if began[-1] - began[0] > seconds:
            seen.session.quit()

    seen.session._show = show
