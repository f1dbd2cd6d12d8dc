"""The causal twin on real pictures: what a check says, a moment after it happens."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from hingecheck.clip import ClipReader, probe
from hingecheck.follow import Look, look_at
from hingecheck.form.records import Analysis, Verdict
from hingecheck.live.engine import Engine, Judged
from hingecheck.pipeline import judge
from hingecheck.pose.models import PoseModel, find_bundle
from hingecheck.pose.stream import detect_stream

SAMPLES = Path(__file__).parents[2] / "sample_videos"
LOOK_PX = 960
CLIPS = ("rdl_butt_wink", "rdl_neutral")
TUCK_DEG = 4.0
BOTTOM_S = 0.4
"""A rep that pauses below has its bottom anywhere in the pause."""


class Filmed(NamedTuple):
    """A sample clip as MediaPipe sees it."""

    time_s: list[float]
    looks: list[list[Look]]
    size_px: tuple[int, int]
    fps: float


@cache
def filmed(name: str) -> Filmed:
    info = probe(SAMPLES / f"{name}.mp4")
    with ClipReader(info.path, LOOK_PX, info) as reader:
        seen = list(
            detect_stream(
                reader,
                find_bundle(PoseModel.FULL),
                reader.scale,
                look_at,
                workers=2,
                fps=info.mean_fps,
            )
        )
    times = [frame.time_s for frame, _ in seen]
    return Filmed(times, [looks for _, looks in seen], (info.width_px, info.height_px), 30.0)


@cache
def live(name: str) -> list[Judged]:
    clip = filmed(name)
    engine = Engine(clip.size_px)
    return [engine.step(t, looks) for t, looks in zip(clip.time_s, clip.looks, strict=True)]


@cache
def checked(name: str) -> Analysis:
    clip = filmed(name)
    return judge(np.array(clip.time_s), clip.looks, [], clip.size_px, clip.fps)


def truth(name: str) -> list[dict[str, float]]:
    reps: list[dict[str, float]] = json.loads((SAMPLES / f"{name}_truth.json").read_text())["reps"]
    return reps


@pytest.mark.parametrize("name", CLIPS)
def test_same_reps_as_a_check_with_the_same_tucks(name: str) -> None:
    calls = [judged.rep for judged in live(name) if judged.rep is not None]
    reps = checked(name).reps
    assert [call.index for call in calls] == [check.rep.index for check in reps]
    time_s = checked(name).track.time_s
    for call, check in zip(calls, reps, strict=True):
        assert call.bottom_s == pytest.approx(float(time_s[check.rep.bottom]), abs=BOTTOM_S)
        assert call.tuck_deg == pytest.approx(check.butt_wink.tuck_deg, abs=TUCK_DEG)
        said = {call.verdict, check.butt_wink.verdict}
        assert len(said) == 1 or Verdict.UNSURE in said


@pytest.mark.parametrize("name", CLIPS)
def test_depth_is_a_checks_two_pictures_late(name: str) -> None:
    now = np.array([judged.depth_deg for judged in live(name)])[2:]
    then = checked(name).angles.trunk_thigh_flexion.value_deg[:-2]
    known = np.isfinite(now) & np.isfinite(then)
    assert known.mean() > 0.95
    assert np.abs(now - then)[known].mean() < 1.0


def test_every_tuck_is_called_on_the_way_down_and_none_in_neutral_reps() -> None:
    calls = [judged.time_s for judged in live("rdl_butt_wink") if judged.tuck.called]
    reps = truth("rdl_butt_wink")
    assert len(calls) == len(reps)
    for call_s, rep in zip(calls, reps, strict=True):
        assert rep["onset_s"] < call_s < rep["bottom_s"]
    assert not any(judged.tuck.called for judged in live("rdl_neutral"))


def test_standing_before_the_set_gives_the_zero() -> None:
    clip = filmed("rdl_neutral")
    engine = Engine(clip.size_px)
    for time_s, looks in zip(clip.time_s, clip.looks, strict=True):
        if time_s > 1.1:
            break
        engine.step(time_s, looks)
    assert engine.standing_s > 0.4
    assert engine.own is not None
    assert engine.own.relaxed
    engine.recalibrate()
    assert engine.own is None
    assert engine.standing_s == 0.0


def test_nobody_in_the_picture_is_no_repetition() -> None:
    engine = Engine((640, 480))
    judged = [engine.step(i / 30, []) for i in range(60)]
    assert all(one.which is None and one.rep is None for one in judged)
    assert np.isnan([one.depth_deg for one in judged]).all()


def test_lifter_lost_for_a_moment_is_the_same_lifter() -> None:
    clip = filmed("rdl_neutral")
    engine = Engine(clip.size_px)
    engine.lock.working = True
    reps = [
        engine.step(time_s, [] if 2.4 < time_s < 2.7 else looks).rep
        for time_s, looks in zip(clip.time_s, clip.looks, strict=True)
    ]
    assert sum(rep is not None for rep in reps) == 3
