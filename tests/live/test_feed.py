"""The latest picture only, and how a camera that misbehaves is spoken of."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator

import numpy as np
import pytest
from live.cameras import STEP_S, Fake, picture
from network_cameras import NetworkCamera, switched_on

from hingecheck.clip import Frame
from hingecheck.clip.camera import Camera
from hingecheck.clip.stream import READ_TIMEOUT_S
from hingecheck.errors import ClipError
from hingecheck.live.feed import BLACK, STALLED, Arrived, Feed
from hingecheck.live.records import FeedState
from hingecheck.live.source import GONE, Replay

PATIENCE_S = 8.0
ENDED = FeedState.ENDED


def taken(feed: Feed, busy_s: float = 0.0) -> list[Arrived]:
    """Every picture that a viewer gets who is busy after each."""
    got = []
    while feed.state is not ENDED:
        if (arrived := feed.take(0.5)) is not None:
            got.append(arrived)
            time.sleep(busy_s)
    return got


def wait_for(feed: Feed, state: FeedState) -> list[float]:
    """Take pictures until the feed is in a state; their times, or a failure after a while."""
    time_s = []
    until_s = time.monotonic() + PATIENCE_S
    while feed.state is not state:
        assert time.monotonic() < until_s, f"{feed.state}: {feed.says}"
        if (arrived := feed.take(0.02)) is not None:
            time_s.append(arrived.frame.time_s)
    return time_s


def test_viewer_who_keeps_up_sees_every_picture_once() -> None:
    class Patient(Fake):
        def __iter__(self) -> Iterator[Frame]:
            for index in range(30):
                yield Frame(index, index / 30, picture())
                seen.acquire()

    seen = threading.Semaphore(0)
    with Feed(Patient([], endless=False)) as feed:
        for index in range(30):
            assert feed.take(5.0).frame.index == index
            assert feed.take(0.0) is None
            seen.release()
        assert feed.take(5.0) is None
    assert (feed.state, feed.dropped) == (ENDED, 0)


def test_slow_viewer_skips_pictures_and_stays_in_the_present(one_rep) -> None:
    began_s = time.monotonic()
    with Feed(Replay(one_rep)) as feed:
        got = taken(feed, busy_s=0.2)
    assert time.monotonic() - began_s < 111 / 30 + 0.6
    assert len(got) + feed.dropped == 111
    assert 15 <= len(got) <= 21
    assert got[-1].frame.index == 110


def test_pictures_are_handed_over_within_milliseconds_of_their_arrival() -> None:
    with Feed(Fake([picture()] * 30, endless=False)) as feed:
        late_s = []
        while feed.state is not ENDED:
            if (arrived := feed.take(0.5)) is not None:
                late_s.append(time.perf_counter() - arrived.arrived_s)
    assert min(late_s) >= 0
    assert np.median(late_s) < 0.005


def test_nothing_new_is_none_after_the_time_given() -> None:
    with Feed(Fake([picture(), 5.0])) as feed:
        assert feed.take(1.0) is not None
        began_s = time.monotonic()
        assert feed.take(0.1) is None
        assert time.monotonic() - began_s == pytest.approx(0.1, abs=0.05)


def test_feed_takes_less_than_a_millisecond_a_picture_at_720p() -> None:
    class Metered(Fake):
        def __iter__(self) -> Iterator[Frame]:
            rgb = np.random.default_rng(1).integers(0, 255, (720, 1280, 3), np.uint8)
            for index in range(90):
                began_s = time.thread_time()
                yield Frame(index, index / 30, rgb.copy() if index % 2 else rgb)
                spent_s.append(time.thread_time() - began_s)
                time.sleep(0.002)

    spent_s: list[float] = []
    with Feed(Metered([], endless=False)) as feed:
        taken(feed)
    assert len(spent_s) == 90
    assert np.median(spent_s) < 0.001


def test_black_pictures_are_dark_after_half_a_second_and_until_the_light_is_on() -> None:
    black = picture(8, 0)
    acts = [picture()] * 5 + [black] * 40 + [picture()] * 30
    with Feed(Fake(acts, endless=False, stamp_s=STEP_S)) as feed:
        bright_s = wait_for(feed, FeedState.DARK)
        assert feed.says == BLACK
        assert bright_s[-1] == pytest.approx(5 * STEP_S + 0.5, abs=0.2)
        wait_for(feed, FeedState.RUNNING)
        assert feed.says == ""
    assert feed.source.given > 40


@pytest.mark.parametrize(
    "shot",
    [
        pytest.param(picture(20, 6), id="a dim room"),
        pytest.param(picture(120, 0), id="an even wall"),
        pytest.param(np.pad(picture(120)[:, 120:200], ((0, 0), (120, 120), (0, 0))), id="bars"),
    ],
)
def test_picture_with_something_in_it_is_not_black(shot: np.ndarray) -> None:
    with Feed(Fake([shot] * 25, endless=False)) as feed:
        while feed.state is not ENDED:
            assert feed.state in (FeedState.WAITING, FeedState.RUNNING)
            feed.take(0.1)


def test_covered_lens_is_black_whatever_its_noise() -> None:
    noise = np.random.default_rng(3).normal(12, 8, (720, 1280, 3)).clip(0, 255).astype(np.uint8)
    with Feed(Fake([noise] * 60)) as feed:
        wait_for(feed, FeedState.DARK)


def test_moment_of_black_is_let_pass() -> None:
    acts = [picture()] * 5 + [picture(0, 0)] * 8 + [picture()] * 15
    with Feed(Fake(acts, endless=False, stamp_s=STEP_S)) as feed:
        seen = set()
        while feed.state is not ENDED:
            feed.take(0.1)
            seen.add(feed.state)
    assert FeedState.DARK not in seen


def test_camera_that_stalls_is_lost_after_a_second_and_runs_again_when_it_goes_on() -> None:
    with Feed(Fake([picture()] * 5 + [2.0] + [picture()] * 60)) as feed:
        wait_for(feed, FeedState.RUNNING)
        began_s = time.monotonic()
        wait_for(feed, FeedState.LOST)
        assert 1.0 < time.monotonic() - began_s < 1.7
        assert feed.says == STALLED
        assert feed.source.given == 5
        wait_for(feed, FeedState.RUNNING)
        assert feed.says == ""


def test_long_still_in_a_clip_is_no_loss() -> None:
    with Feed(Fake([picture(), 1.5, picture()], endless=False)) as feed:
        feed.take(1.0)
        time.sleep(1.2)
        assert feed.state is FeedState.RUNNING


def test_camera_plugged_in_late_is_waited_for() -> None:
    with Feed(Fake(None, [picture()] * 60)) as feed:
        assert feed.state is FeedState.WAITING
        time.sleep(0.2)
        assert feed.says == "camera 0: no camera is connected. Still trying."
        assert feed.take(1.0) is not None
        assert feed.state is FeedState.RUNNING


def test_end_of_a_clip_comes_after_its_last_picture() -> None:
    with Feed(Fake([picture()] * 2, endless=False)) as feed:
        time.sleep(0.3)
        assert feed.state is FeedState.RUNNING
        assert feed.take(0.1).frame.index == 1
        assert (feed.state, feed.says) == (ENDED, "")
        began_s = time.monotonic()
        assert feed.take(5.0) is None
        assert time.monotonic() - began_s < 0.1


def test_clip_that_breaks_ends_with_a_sentence() -> None:
    broken = Fake([picture(), ClipError("squat.mp4: the rest is damaged.")], endless=False)
    with Feed(broken) as feed:
        assert len(taken(feed)) == 1
        assert (feed.state, feed.says) == (ENDED, "squat.mp4: the rest is damaged.")


def test_mistake_in_a_source_comes_up_where_pictures_are_taken_with_its_traceback() -> None:
    with Feed(Fake([picture(), ZeroDivisionError("a mistake")])) as feed:
        assert feed.take(1.0) is not None
        time.sleep(0.2)
        assert feed.state is not ENDED, "whoever asks first would never hear of it"
        with pytest.raises(ZeroDivisionError, match="a mistake") as error:
            feed.take(1.0)
        assert feed.state is ENDED
    assert "cameras.py" in "".join(traceback.format_tb(error.tb))


@pytest.mark.parametrize("acts", [[picture()] * 99, [picture(), 3.0], None])
def test_leaving_never_waits_for_a_camera(acts: list[object] | None) -> None:
    with Feed(Fake(acts)) as feed:
        feed.take(0.3)
        began_s = time.monotonic()
    assert time.monotonic() - began_s < 1.2


def test_network_camera_that_is_switched_off_comes_back_after_the_real_gap() -> None:
    there = NetworkCamera()
    with switched_on(there), Feed(Camera(there.address)) as feed:
        wait_for(feed, FeedState.RUNNING)
        before = [feed.take(1.0) for _ in range(10)]
        there.switch_off()
        off_s = time.monotonic()
        before_s = wait_for(feed, FeedState.LOST)
        assert feed.says == f"{GONE} Still trying."
        time.sleep(1.0)
        assert "nothing answers at 127.0.0.1" in feed.says
        there.switch_on()
        wait_for(feed, FeedState.RUNNING)
        back = feed.take(1.0)
        gone_s = time.monotonic() - off_s
        after_s = [feed.take(1.0).frame.time_s for _ in range(10)]
    time_s = [arrived.frame.time_s for arrived in before] + before_s + [back.frame.time_s]
    assert (np.diff(time_s + after_s) > 0).all()
    assert time_s[-1] - time_s[-2] == pytest.approx(gone_s, abs=0.15)
    assert feed.says == ""


def test_network_camera_that_freezes_is_lost_after_a_second() -> None:
    with switched_on(NetworkCamera()) as there, Feed(Camera(there.address)) as feed:
        wait_for(feed, FeedState.RUNNING)
        there.freeze()
        began_s = time.monotonic()
        wait_for(feed, FeedState.LOST)
        assert 0.8 < time.monotonic() - began_s < 1.7


LEAVING = """
import atexit
import sys
import threading

# What is registered first is called last, when nothing but Python's own end is left to come.
atexit.register(lambda: print(threading.active_count(), "thread"))

from hingecheck.clip.camera import Camera
from hingecheck.live.feed import Feed

with Feed(Camera(sys.argv[1])) as feed:
    assert feed.take(5.0) is not None
    print("seen", flush=True)
    sys.stdin.readline()
"""


def test_program_ends_soon_and_orderly_while_a_network_camera_hangs() -> None:
    with switched_on(NetworkCamera()) as there:
        command = [sys.executable, "-c", LEAVING, there.address]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as program:
            assert program.stdout.readline() == "seen\n"
            there.freeze()
            began_s = time.monotonic()
            said, complaint = program.communicate("leave\n", timeout=10)
    assert time.monotonic() - began_s < READ_TIMEOUT_S + 1.0
    assert (program.returncode, said) == (0, "1 thread\n"), complaint
