"""What a set's result says of how it came about."""

from __future__ import annotations

from typing import Any

import pytest

from hingecheck.live.quality import Quality
from hingecheck.live.take import Take
from hingecheck.motion.records import Rep
from hingecheck.pose.models import PoseModel

FULL, FULL_SMALL = Quality(PoseModel.FULL, 960), Quality(PoseModel.FULL, 640)
LITE = Quality(PoseModel.LITE, 960)
SOMEBODY: Any = ["a look"]


def take(*stretches: tuple[Quality, int, Any]) -> Take:
    """So many pictures with everybody in them, looked at with a quality, one after the other."""
    looked = [quality for quality, frames, _ in stretches for _ in range(frames)]
    looks = [seen for _, frames, seen in stretches for _ in range(frames)]
    return Take((640, 480), 30.0, looks=looks, looked=looked)


@pytest.mark.parametrize(
    ("stretches", "reps", "model"),
    [
        ([(FULL, 50, SOMEBODY), (LITE, 30, SOMEBODY)], [Rep(1, 50, 50, 60, 75, False)], "lite"),
        ([(FULL, 50, []), (LITE, 30, SOMEBODY)], [], "lite"),
        ([(FULL, 5, []), (LITE, 3, [])], [], "full"),
        ([(FULL, 20, SOMEBODY), (LITE, 30, SOMEBODY), (FULL_SMALL, 20, SOMEBODY)], [], "full"),
    ],
    ids=["stood with another", "an empty room before", "nobody at all", "two sizes of one"],
)
def test_result_names_the_model_that_most_of_the_set_was_looked_at_with(
    stretches: list[tuple[Quality, int, Any]], reps: list[Rep], model: str
) -> None:
    assert take(*stretches).model_of(reps).value == model
