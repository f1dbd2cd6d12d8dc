"""The causal twin on real pictures: what a check says, a moment after it happens."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from datetime import date
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
from hingecheck.pose.records import FloatArray
from hingecheck.pose.stream import detect_stream
from hingecheck.spine.model import ModelEstimator
from hingecheck.store.profiles import ClipRef, Profile

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


def test_only_pictures_that_took_turns_in_the_mirror_are_averaged() -> None:
    clip = filmed("rdl_neutral")
    pose, outline = clip.looks[0][0]

    def wobble_px(turns: bool) -> float:
        engine = Engine(clip.size_px)
        seen = []
        for i in range(30):
            aside = np.float32(3 if i % 2 else -3) * np.array([1, 0], np.float32)
            moved = replace(
                pose,
                time_s=i / 30,
                landmarks_px=pose.landmarks_px + aside,
                mirrored=turns and i % 2 == 1,
            )
            seen.append(engine.step(i / 30, [Look(moved, outline)]).landmarks_px)
        return float(np.ptp(np.array(seen)[10:, :, 0], axis=0).max())

    assert wobble_px(turns=True) < 0.1
    assert wobble_px(turns=False) > 1.0


def profile_of(standing: FloatArray) -> Profile:
    return Profile(
        name="ana",
        date=date(2026, 11, 1),
        clip=ClipRef(name="stand.mp4", sha256="0" * 64),
        model=ModelEstimator().name,
        standing_features=[float(value) for value in standing],
        neck_zero_deg=None,
        trunk_thigh_deg=0.0,
        knee_deg=0.0,
    )


def test_profile_counts_from_the_first_picture_on_and_after_a_new_zero() -> None:
    clip = filmed("rdl_neutral")
    stood = Engine(clip.size_px)
    for time_s, looks in itertools.islice(zip(clip.time_s, clip.looks, strict=True), 30):
        stood.step(time_s, looks)
    assert stood.own is not None
    engine = Engine(clip.size_px)
    engine.remember(profile_of(stood.own.features))
    engine.step(clip.time_s[0], clip.looks[0])
    assert engine.own is not None
    np.testing.assert_allclose(engine.own.features, stood.own.features)
    assert engine.standing_s == 0.0
    engine.recalibrate()
    assert engine.own is not None


def test_stall_of_seconds_asks_nobody_to_stand_again() -> None:
    clip = filmed("rdl_neutral")
    engine = Engine(clip.size_px)
    for time_s, looks in itertools.islice(zip(clip.time_s, clip.looks, strict=True), 30):
        engine.step(time_s, looks)
    stood_s = engine.standing_s
    assert stood_s > 0.4
    engine.step(clip.time_s[29] + 3.0, [look_later(look, 3.0) for look in clip.looks[30]])
    assert engine.standing_s >= stood_s


def look_later(look: Look, by_s: float) -> Look:
    return look._replace(pose=replace(look.pose, time_s=look.pose.time_s + by_s))


@pytest.mark.parametrize("name", CLIPS)
def test_worst_moment_is_where_the_tuck_is_largest(name: str) -> None:
    judged = live(name)
    for call in (one.rep for one in judged if one.rep is not None):
        during = [one for one in judged if call.start_s <= one.time_s <= call.end_s]
        tucks = [(one.tuck.excess_deg, one.time_s) for one in during if one.tuck.excess_deg > 0]
        assert call.worst_s == (max(tucks)[1] if tucks else call.bottom_s)
