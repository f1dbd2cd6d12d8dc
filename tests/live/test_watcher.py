"""Pictures take turns in the mirror as those of their film will in a check; no failure is lost."""

from __future__ import annotations

import time

import numpy as np
import pytest
from live.cameras import Fake, picture

from hingecheck.live.feed import Feed
from hingecheck.live.quality import Quality
from hingecheck.live.watcher import Turns, Watcher
from hingecheck.pose.models import PoseModel


def sides(times_s: np.ndarray, fps: float) -> list[bool]:
    turns = Turns(fps)
    return [turns.next(float(time_s)) for time_s in times_s]


@pytest.mark.parametrize("fps", [30.0, float("nan")])
def test_every_other_picture_is_mirrored_however_many_were_skipped(fps: float) -> None:
    looked = np.delete(np.arange(120), [7, 8, 30, 64, 65, 66]) / 30
    assert sides(looked, fps) == [number % 2 == 1 for number in range(len(looked))]


@pytest.mark.parametrize("fps", [15.0, float("nan")])
def test_slow_pictures_are_never_mirrored(fps: float) -> None:
    assert not any(sides(np.arange(60) / 15, fps)[20:])


def test_fast_camera_on_a_slow_machine_is_slow() -> None:
    assert not any(sides(np.arange(0, 240, 4) / 60, 60.0)[20:])


def test_outage_is_no_slow_camera() -> None:
    times_s = np.concatenate([np.arange(60), 900 + np.arange(60)]) / 30
    assert sum(sides(times_s, 30.0)) == 60


def test_failure_is_told_however_late_it_is_asked_for() -> None:
    feed = Feed(Fake([picture(), ZeroDivisionError("a mistake")]))
    with Watcher(feed, Quality(PoseModel.LITE, 480)) as watcher, feed:
        assert watcher.take(5.0) is not None
        time.sleep(0.5)
        assert not watcher.over
        with pytest.raises(ZeroDivisionError, match="a mistake"):
            watcher.take(1.0)
        assert watcher.over
