"""Less is asked of a machine that skips pictures, of no other; more again after a set."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from hingecheck.live.quality import LADDER, LESS, MORE, SETTLE_S, SLOW_S, TRIES, QualityWatch
from hingecheck.pose.models import PoseModel

FULL = next(step for step in LADDER if step.model is PoseModel.FULL)


@dataclass
class Machine:
    """A camera and a machine before a watch.

    Attributes:
        watch: Told of every judged picture.
        told: What it said, and when.
    """

    watch: QualityWatch
    now_s: float = 100.0
    number: int = 0

    def __post_init__(self) -> None:
        self.told: list[tuple[float, str]] = []

    def run(
        self,
        seconds: float,
        *,
        camera_fps: float,
        judged_fps: float,
        look_s: float = 0.02,
        in_set: bool = True,
        writing: bool = False,
    ) -> list[str]:
        """Judge for a while; returns what was said."""
        before = len(self.told)
        until_s = self.now_s + seconds
        while self.now_s < until_s:
            self.now_s += 1 / judged_fps
            self.number += round(camera_fps / judged_fps)
            said = self.watch.judge(self.now_s, self.number, look_s, in_set=in_set, writing=writing)
            if said:
                self.told.append((self.now_s, said))
        return [said for _, said in self.told[before:]]


@pytest.fixture
def machine() -> Machine:
    return Machine(QualityWatch(PoseModel.FULL))


@pytest.mark.parametrize("camera_fps", [5.0, 10.0, 15.0, 24.0])
def test_a_slow_camera_is_no_slow_machine(machine: Machine, camera_fps: float) -> None:
    look_s = 0.8 / camera_fps
    assert machine.run(60, camera_fps=camera_fps, judged_fps=camera_fps, look_s=look_s) == []
    assert machine.watch.now == FULL


def test_skipped_pictures_ask_for_less_after_three_seconds(machine: Machine) -> None:
    machine.run(10, camera_fps=30, judged_fps=30)
    began_s = machine.now_s
    (said,) = machine.run(SLOW_S + SETTLE_S, camera_fps=30, judged_fps=15)
    assert said == f"{LESS} Now full, 640 px."
    assert machine.told[0][0] - began_s == pytest.approx(SLOW_S + 0.5, abs=0.6)
    assert machine.watch.now == LADDER[LADDER.index(FULL) + 1]


def test_looking_that_fills_the_time_is_too_much_where_the_driver_skips(machine: Machine) -> None:
    assert machine.run(6, camera_fps=16, judged_fps=16, look_s=1 / 16) != []


def test_a_hiccup_and_a_few_skipped_pictures_change_nothing(machine: Machine) -> None:
    machine.run(5, camera_fps=30, judged_fps=30)
    machine.run(1.5, camera_fps=30, judged_fps=10)
    machine.run(5, camera_fps=30, judged_fps=30)
    machine.run(20, camera_fps=60, judged_fps=30)
    assert machine.told == []


def test_steps_end_with_the_least_and_are_told_one_by_one(machine: Machine) -> None:
    said = machine.run(60, camera_fps=30, judged_fps=10)
    assert len(said) == len(LADDER) - 1 - LADDER.index(FULL)
    assert machine.watch.now == LADDER[-1]


def test_nothing_is_held_against_the_machine_while_a_result_is_written(machine: Machine) -> None:
    assert machine.run(30, camera_fps=30, judged_fps=8, in_set=False, writing=True) == []
    assert machine.run(SLOW_S, camera_fps=30, judged_fps=10) == []


def test_more_is_asked_again_after_a_set_and_never_in_one(machine: Machine) -> None:
    machine.run(SLOW_S + SETTLE_S, camera_fps=30, judged_fps=15)
    assert machine.run(60, camera_fps=30, judged_fps=30) == []
    assert machine.run(20, camera_fps=30, judged_fps=30, in_set=False, writing=True) == []
    said = machine.run(30, camera_fps=30, judged_fps=30, in_set=False)
    assert said == [f"{MORE} Now full, 960 px."]


def test_what_was_too_much_twice_is_not_tried_again(machine: Machine) -> None:
    used = [machine.watch.now]
    for piece in range(300):
        slow = machine.watch.now == FULL
        in_set = piece % 60 < 30
        machine.run(0.5, camera_fps=30, judged_fps=15 if slow else 30, in_set=in_set)
        if machine.watch.now != used[-1]:
            used.append(machine.watch.now)
    less = LADDER[LADDER.index(FULL) + 1]
    assert used == [FULL, less] * TRIES


def test_less_before_the_first_set_stays_until_one_was_lifted(machine: Machine) -> None:
    machine.run(SLOW_S + SETTLE_S, camera_fps=30, judged_fps=15, in_set=False)
    assert machine.run(30, camera_fps=30, judged_fps=30, in_set=False) == []
