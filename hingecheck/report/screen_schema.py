"""`screen.json`, typed: what a mobility screen found."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from hingecheck.form.records import Reason, Verdict
from hingecheck.form.screen import Doubt
from hingecheck.store.history import Entry

__all__ = ["SCREEN_SCHEMA", "DrillResult", "ScreenResult", "SideResult", "SidesResult"]

SCREEN_SCHEMA: Final = "hingecheck.screen/1"


class _Record(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True
    )


class SideResult(_Record):
    """One clip of the movement; degrees and centimetres, null where not measured.

    `reached` false and `tuck` no: the clean depth is at least `hip_flexion_deg`. `reached` false
    and `tuck` unsure: that is how far the lifter went, and whether cleanly is too close to call.
    """

    clip: str
    sha256: str
    near_side: Literal["right", "left"]
    reasons: list[Reason]
    messages: dict[Reason, str]
    hip_flexion_deg: float | None
    sd_deg: float | None
    ci95_deg: tuple[float | None, float | None]
    reached: bool
    tuck: Verdict
    limited: Verdict
    doubt: Doubt | None
    knee_flexion_deg: float | None
    bar_height_cm: float | None
    time_s: float | None
    baseline: str

    @property
    def tuck_unclear(self) -> bool:
        """Whether no tuck was seen to begin, and none can be ruled out."""
        return self.tuck is Verdict.UNSURE and not self.reached


class SidesResult(_Record):
    """Filmed from the right less filmed from the left."""

    right_minus_left_deg: float
    ci95_deg: tuple[float, float]


class DrillResult(_Record):
    """A drill by code, with its name and dose; the page explains how to do it."""

    code: str
    name: str
    dose: str


class ScreenResult(_Record):
    """A whole screen, as `screen.json` holds it.

    `sides` has the clip of the headline first: the one whose clean hinge ends first. `history` is
    every clip screened so far, with these.
    """

    schema_: Literal["hingecheck.screen/1"] = Field(default=SCREEN_SCHEMA, alias="schema")
    date: dt.date
    retest: dt.date
    lifter: str
    limit_deg: float
    sides: list[SideResult] = Field(min_length=1, max_length=2)
    difference: SidesResult | None
    drills: list[DrillResult]
    history: list[Entry]
    warnings: list[str]
    version: str
    pose_model: str

    _folder: Path | None = PrivateAttr(default=None)
    _not_kept: str | None = PrivateAttr(default=None)

    @property
    def told(self) -> bool:
        """Whether a clean depth is known."""
        return self.sides[0].hip_flexion_deg is not None

    @property
    def folder(self) -> Path | None:
        """Where the files were written; None for a result read from elsewhere."""
        return self._folder

    @property
    def not_kept(self) -> str | None:
        """Why the history could not be written though the result was; None where it was."""
        return self._not_kept

    def written_to(self, folder: Path, not_kept: str | None = None) -> ScreenResult:
        """The same result, knowing its folder, and why the history was not written."""
        located = self.model_copy()
        located._folder, located._not_kept = folder, not_kept
        return located
