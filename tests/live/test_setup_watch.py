"""What is to be changed before a set is found in the last seconds and said as it is now."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from hingecheck.clip import Frame
from hingecheck.live.now import STEP_IN
from hingecheck.live.quality import Quality
from hingecheck.live.setup_watch import LEAST_S, SetupWatch
from hingecheck.live.watcher import Seen
from hingecheck.pose.glimpse import glimpse
from hingecheck.pose.models import PoseModel


def seen(time_s: float, height_px: int, width_px: int) -> Seen:
    rgb = np.random.default_rng(0).integers(0, 255, (height_px, width_px, 3), np.uint8)
    frame = Frame(round(30 * time_s), time_s, rgb)
    room = glimpse(rgb, frame.index, 1.0)
    return Seen(frame, 0.0, [], room, 0.0, False, Quality(PoseModel.LITE, 480))


def test_rooms_that_do_not_fit_each_other_end_nothing() -> None:
    with ThreadPoolExecutor(1) as pool:
        watch = SetupWatch(pool, 30.0)
        for number in range(8):
            size = (240, 320) if number % 2 else (320, 180)
            watch.look(seen(number / 2, *size))
            pool.submit(lambda: None).result()
    assert watch.checks == ()
    assert watch.blocked


def test_nobody_is_asked_in_and_nothing_is_found_in_a_single_picture() -> None:
    with ThreadPoolExecutor(1) as pool:
        watch = SetupWatch(pool, 30.0)
        for number in range(30):
            watch.look(seen(number / 10, 240, 320))
            pool.submit(lambda: None).result()
            assert bool(watch.checks) == (number > LEAST_S * 10)
    assert watch.blocked
    assert watch.says[0] == STEP_IN
