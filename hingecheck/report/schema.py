"""`result.json`, typed: the record that people and programs depend on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from hingecheck.form.records import Band, Code, Reason, Unit, Verdict
from hingecheck.motion.hamstrings import Belly
from hingecheck.motion.records import Lift
from hingecheck.spine.records import BaselineSource

__all__ = ["SCHEMA", "Result", "json_schema"]

SCHEMA: Final = "hingecheck.result/1"

Degrees = Annotated[float | None, Field(description="Degrees; null where not measured.")]
Seconds = Annotated[float | None, Field(description="Seconds on the clip's clock; null if none.")]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Clip(_Record):
    """The file that was checked, upright."""

    name: str
    sha256: str
    width_px: int
    height_px: int
    duration_s: float
    frames: int
    mean_fps: float
    variable_frame_rate: bool
    rotation_deg: Literal[0, 90, 180, 270]


class PoseInfo(_Record):
    """Which pose model looked at it, and how often it saw the lifter."""

    model: Literal["lite", "full", "heavy"]
    model_sha256: str
    detected_fraction: float = Field(ge=0, le=1)


class View(_Record):
    """What the camera's position allows; `messages` has one sentence per reason."""

    facing: Literal[1, -1]
    yaw_deg: Degrees
    gradeable: bool
    reasons: list[Reason]
    messages: dict[Reason, str]


class Baseline(_Record):
    """Where the lifter's own zero comes from."""

    source: BaselineSource | Annotated[str, Field(pattern="^profile:.+$")]
    start_s: Seconds
    end_s: Seconds


class LiftInfo(_Record):
    """Which lift it was taken for."""

    name: Lift
    confidence: float = Field(ge=0, le=1)
    source: Literal["auto", "user"]


class ButtWinkResult(_Record):
    """Verdict on the tuck of one rep; its interval never reaches below 0."""

    verdict: Verdict
    tuck_deg: Degrees
    ci95_deg: tuple[Degrees, Degrees]
    posterior_tilt_deg: Degrees
    onset_s: Seconds
    onset_descent_pct: float | None
    onset_hip_flexion_deg: Degrees
    band: Band | None


class RoundingResult(_Record):
    """Verdict on rounding of one rep; `limit_deg` is where the lift's usual range ends."""

    verdict: Verdict
    lumbar_flexion_deg: Degrees
    ci95_deg: tuple[Degrees, Degrees]
    limit_deg: Degrees = None
    band: Band | None


class FindingResult(_Record):
    """One thing worth saying about a rep."""

    code: Code
    severity: Band
    time_s: float
    value: float
    unit: Unit
    cue: str


class MeasureResult(_Record):
    """One question asked of a rep or of the set, with its answer."""

    code: Code
    verdict: Verdict
    value: float | None
    ci95: tuple[float | None, float | None]
    unit: Unit
    limit: float | None
    band: Band | None
    time_s: Seconds
    reason: Reason | None


class TempoResult(_Record):
    """How long the parts of a rep took."""

    descent_s: Seconds
    bottom_s: Seconds
    ascent_s: Seconds


class CleanDepthResult(_Record):
    """How deep before the pelvis tucks; not `reached` means at least so deep."""

    hip_flexion_deg: Degrees
    ci95_deg: tuple[Degrees, Degrees]
    knee_flexion_deg: Degrees
    bar_height_cm: float | None
    reached: bool
    time_s: Seconds


class HamstringResult(_Record):
    """Length of a belly over its length in standing: at the bottom, and at the tuck's onset."""

    belly: Belly
    bottom: float | None
    bottom_sd: float | None
    onset: float | None


class RepResult(_Record):
    """One repetition."""

    index: int = Field(ge=1)
    start_s: float
    bottom_s: float
    end_s: float
    gradeable: bool
    reasons: list[Reason]
    peak: dict[str, Degrees] = Field(
        description="Each angle at the bottom: `NAME_deg` and `NAME_sd_deg`."
    )
    butt_wink: ButtWinkResult
    rounding: RoundingResult
    findings: list[FindingResult]
    measures: list[MeasureResult]
    tempo: TempoResult
    clean_depth: CleanDepthResult
    hamstrings: list[HamstringResult]
    bar_height_bottom_cm: float | None
    lumbar_flexion_of_max_pct: float | None = Field(
        default=None,
        description="Lumbar flexion at the bottom in percent of the lifter's own maximum; null"
        " without a profile that knows it.",
    )


class Trend(_Record):
    """How the tuck changes over the set, degrees per rep with one standard deviation."""

    tuck_deg_per_rep: Degrees
    sd_deg_per_rep: Degrees


class Summary(_Record):
    """The set in one breath."""

    reps: int
    butt_wink: dict[Verdict, int]
    rounding: dict[Verdict, int]
    worst_rep: int | None
    trend: Trend | None
    cues: list[str] = Field(max_length=2)
    drills: list[str]
    clean_depth: CleanDepthResult
    findings: list[FindingResult]
    measures: list[MeasureResult]


class Provenance(_Record):
    """What made this result."""

    version: str
    settings: dict[str, str | float | bool | None]
    warnings: list[str]


class Result(_Record):
    """A whole check, as `result.json` holds it."""

    schema_: Literal["hingecheck.result/1"] = Field(default=SCHEMA, alias="schema")
    clip: Clip
    pose: PoseInfo
    view: View
    baseline: Baseline
    lift: LiftInfo
    reps: list[RepResult]
    summary: Summary
    timing: dict[str, float]
    provenance: Provenance

    _folder: Path | None = PrivateAttr(default=None)

    @property
    def folder(self) -> Path | None:
        """Where the check wrote its files; None for a result read from elsewhere."""
        return self._folder

    def written_to(self, folder: Path) -> Result:
        """The same result, knowing its folder."""
        located = self.model_copy()
        located._folder = folder
        return located

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True
    )


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of `result.json`; shipped as `result.schema.json`.

    After a change of the model: `python -m hingecheck.report.schema > result.schema.json`.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:hingecheck:result:1",
        **Result.model_json_schema(by_alias=True, mode="serialization"),
    }


if __name__ == "__main__":
    print(json.dumps(json_schema(), indent=2))
