"""Others in view: beside the lifter, or so close that the two may be mixed up."""

from __future__ import annotations

import pytest
from stick import FPS, STANDING, landmarks_of, pose_of

from hingecheck.pose.company import ALONE, Company, find_company
from hingecheck.pose.lifter import Person
from hingecheck.pose.records import FloatArray

FRAMES = 40


def person(x_px: float, which: int, frames: range = range(FRAMES), size: float = 1.0) -> Person:
    xy: FloatArray = landmarks_of(STANDING, height_px=500 * size, ankle_px=(x_px, 650.0))[0]
    return Person(list(frames), [which] * len(frames), [pose_of(xy, i / FPS) for i in frames])


LIFTER = person(640, 0)


@pytest.mark.parametrize(
    ("other", "company"),
    [
        (person(300, 1), Company(beside=1.0, overlapping=0.0)),
        (person(680, 1, range(10, 30)), Company(beside=0.5, overlapping=0.5)),
        (person(680, 1, size=0.4), ALONE),
    ],
    ids=["beside", "half the time in the way", "far behind"],
)
def test_company_counts_where_it_stands_and_how_large_it_is(
    other: Person, company: Company
) -> None:
    assert find_company(LIFTER, [LIFTER, other], FRAMES) == company


def test_body_that_is_found_twice_is_nobody_else() -> None:
    twice = find_company(LIFTER, [LIFTER, person(645, 1)], FRAMES)
    assert twice.overlapping == 0.0


def test_lifter_under_another_persons_name_is_no_company() -> None:
    assert find_company(LIFTER, [person(640, 0, range(20))], FRAMES) == ALONE


def test_somebody_else_while_the_lifter_is_out_of_sight_is_beside_and_not_in_the_way() -> None:
    short = person(640, 0, range(30))
    other = person(640, 0, range(30, 40))
    assert find_company(short, [short, other], FRAMES) == Company(pytest.approx(0.25), 0.0)


def test_empty_clip_has_no_company() -> None:
    assert find_company(None, [], FRAMES) == ALONE
