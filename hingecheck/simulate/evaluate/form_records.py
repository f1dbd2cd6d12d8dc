"""What a check answered on a clip that shows flaws, beside the truth."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

__all__ = ["BEYOND", "Answer", "CheckedForm"]

BEYOND: dict[str, float] = {
    "butt_wink": 18.0,
    "rounding": 23.0,
    "thoracic_rounding": 20.0,
    "over_extension": 23.0,
    "over_extension_lockout": 10.0,
    "squatted_hinge": 25.0,
    "hinged_squat": 40.0,
    "hips_first": 10.0,
    "neck_extension": 65.0,
    "bar_drift": 18.0,
    "lockout_short": 14.0,
    "depth_varies": 9.0,
    "fast_descent": 0.25,
    "fatigue_tuck": 18.0,
    "fatigue_lumbar": 20.0,
    "fatigue_depth": 18.0,
}
"""How far beyond its limit a finding is to be found in nine of ten: 1.96 standard deviations as
told and 1.28 as measured on 46 development clips, which also had the biases."""

_KNEES = ("squatted_hinge", "hinged_squat")


@dataclass(frozen=True, slots=True)
class Answer:
    """One question of one rep or set.

    Attributes:
        code: Which question.
        verdict: What the check said.
        value: What it measured; None where it did not.
        sd: One standard deviation of it.
        true: The same of the true angles.
        limit: Where the answer turns.
    """

    code: str
    verdict: str
    value: float | None
    sd: float | None
    true: float | None
    limit: float | None

    @property
    def below(self) -> bool:
        """Whether it is small values that are told."""
        return self.code == "fast_descent"

    @property
    def effect(self) -> float:
        """True size from which it has to be found."""
        limit = self.limit or 0.0
        return limit - BEYOND[self.code] if self.below else limit + BEYOND[self.code]

    @property
    def is_there(self) -> bool | None:
        """Whether the flaw is there at the stated size; None between that and the limit."""
        if self.true is None or self.limit is None:
            return None
        sign = -1.0 if self.below else 1.0
        if sign * self.true >= sign * self.effect:
            return True
        return False if sign * self.true <= sign * self.limit else None


@dataclass(frozen=True, slots=True)
class CheckedForm:
    """One clip as it was made and as it was checked.

    Attributes:
        name: The clip's.
        lift: What was lifted.
        guess: What it was taken for.
        confidence: How sure.
        true_reps: How many repetitions were made.
        reps: How many were found.
        reps_told: How many were found when told the lift.
        answers: Every question with its truth.
    """

    name: str
    lift: str
    guess: str
    confidence: float
    true_reps: int
    reps: int
    reps_told: int
    answers: tuple[Answer, ...]

    @property
    def usual_knees(self) -> bool:
        """Whether no rep's knees are those of another lift."""
        other = [one for one in self.answers if one.code in _KNEES and one.true is not None]
        return all((one.true or 0.0) <= (one.limit or 0.0) for one in other)

    @classmethod
    def read(cls, path: Path) -> CheckedForm:
        """Read back what was written as JSON."""
        raw = json.loads(path.read_text())
        raw["answers"] = tuple(Answer(**answer) for answer in raw["answers"])
        return cls(**raw)
