"""What a form check says: verdicts per rep, refusals with their reasons, and the whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import nan

from hingecheck.motion.bar import BarPath
from hingecheck.motion.hamstrings import Belly, MuscleLength
from hingecheck.motion.records import Angles, LiftGuess, Rep
from hingecheck.pose.heads import Heads
from hingecheck.pose.records import FloatArray, Track
from hingecheck.spine.records import Profile, SpineSeries

__all__ = [
    "Analysis",
    "Band",
    "ButtWink",
    "Check",
    "CleanDepth",
    "Code",
    "Finding",
    "Measure",
    "Part",
    "Reason",
    "RepCheck",
    "Rounding",
    "SetupCheck",
    "State",
    "Tempo",
    "Unit",
    "Verdict",
    "ViewCheck",
    "Zero",
]


class Verdict(StrEnum):
    """An answer that is allowed to be no answer."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"
    NOT_GRADEABLE = "not_gradeable"


class Band(StrEnum):
    """Size of a departure in words for people: below 8, 8-15, 15-25 and above 25 degrees."""

    HELD = "held"
    SLIGHT = "slight"
    CLEAR = "clear"
    LARGE = "large"


class Code(StrEnum):
    """What is asked of a rep or a set; one file each in `form/findings`."""

    BUTT_WINK = "butt_wink"
    ROUNDING = "rounding"
    THORACIC_ROUNDING = "thoracic_rounding"
    OVER_EXTENSION = "over_extension"
    OVER_EXTENSION_LOCKOUT = "over_extension_lockout"
    SQUATTED_HINGE = "squatted_hinge"
    HINGED_SQUAT = "hinged_squat"
    HIPS_FIRST = "hips_first"
    NECK_EXTENSION = "neck_extension"
    BAR_DRIFT = "bar_drift"
    LOCKOUT_SHORT = "lockout_short"
    DEPTH_VARIES = "depth_varies"
    FAST_DESCENT = "fast_descent"
    FATIGUE_TUCK = "fatigue_tuck"
    FATIGUE_LUMBAR = "fatigue_lumbar"
    FATIGUE_DEPTH = "fatigue_depth"


class Unit(StrEnum):
    """What a measure counts in."""

    DEG = "deg"
    CM = "cm"
    S = "s"


class Part(StrEnum):
    """What of the lifter a measure has to see."""

    BACK = "back"
    TRUNK = "trunk"
    LEGS = "legs"
    HEAD = "head"
    HANDS = "hands"


class Zero(StrEnum):
    """The way on which a lifter's own rhythm is found and continued to the bottom.

    TOP is the descent, from the top of the rep. SET_UP is a pull from the floor: between set-up
    and lockout, since many a bar is dropped.
    """

    TOP = "top"
    SET_UP = "set_up"


class Reason(StrEnum):
    """Why something cannot be graded; the plain sentences live in `form/messages.py`."""

    NO_PERSON = "no_person"
    VIEW_OBLIQUE = "view_oblique"
    VIEW_FRONTAL = "view_frontal"
    TOO_SMALL = "too_small"
    HEAD_CUT = "head_cut"
    FEET_CUT = "feet_cut"
    BACK_HIDDEN = "back_hidden"
    CLOTHING_LOOSE = "clothing_loose"
    LIFTER_LOST = "lifter_lost"
    SEVERAL_PEOPLE = "several_people"
    PICTURE_TURNED = "picture_turned"
    NO_REPS = "no_reps"
    NO_DESCENT = "no_descent"
    FRAME_RATE_LOW = "frame_rate_low"
    LIMB_HIDDEN = "limb_hidden"
    NO_SET_UP = "no_set_up"
    TOO_FEW_REPS = "too_few_reps"


@dataclass(frozen=True, slots=True)
class ViewCheck:
    """Whether the picture can carry a verdict on the spine.

    Attributes:
        facing: +1 when the lifter faces image right, -1 left.
        yaw_deg: How far the sagittal plane is turned out of the image plane, unsigned.
        gradeable: False refuses every spine verdict of the clip.
        reasons: What is wrong with the view; advisory when `gradeable` is True.
    """

    facing: int
    yaw_deg: float
    gradeable: bool
    reasons: tuple[Reason, ...]


class Check(StrEnum):
    """What is looked at, in the order it is told; the value each carries.

    SIDE_ON: yaw in degrees, positive with the camera too far towards the lifter's front.
    WHOLE_BODY: share of the pictures in which head or feet are cut off.
    DISTANCE: share of the picture's height that the lifter fills.
    LIGHT: brightness round the lifter, 0..1.
    STILL: the camera's move between two pictures, in picture heights.
    LEVEL: roll in degrees, clockwise positive.
    CLOTHING: contour turn over the lumbar hollow in degrees.
    ALONE: share of the pictures with somebody else in view.
    FRAME_RATE: pictures per second.
    """

    SIDE_ON = "side_on"
    WHOLE_BODY = "whole_body"
    DISTANCE = "distance"
    LIGHT = "light"
    STILL = "still"
    LEVEL = "level"
    CLOTHING = "clothing"
    ALONE = "alone"
    FRAME_RATE = "frame_rate"


class State(StrEnum):
    """How a check ended."""

    OK = "ok"
    IMPROVE = "improve"
    BLOCKS = "blocks"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SetupCheck:
    """One thing about the picture.

    Attributes:
        code: What was looked at.
        state: How it is.
        value: The number behind it, see `Check`; NaN where unknown.
        sentence: What to change, what could not be told, or that all is well.
    """

    code: Check
    state: State
    value: float
    sentence: str


@dataclass(frozen=True, slots=True)
class ButtWink:
    """Posterior pelvic rotation late in the descent.

    Attributes:
        verdict: Whether it happened.
        tuck_deg: Lumbar flexion above the lifter's own rhythm at the bottom.
        ci95_deg: 95 % interval of `tuck_deg`, cut off at 0: a tuck is never negative.
        posterior_tilt_deg: Largest anterior tilt in the descent minus tilt at the bottom.
        onset_s: When it left its noise band for good; NaN if it never did.
        onset_descent_pct: The same in percent of the descent's hip travel.
        onset_hip_flexion_deg: Femur on pelvis at the onset.
        band: Size in words; None where not graded.
        sd_deg: One standard error of `tuck_deg`, whatever the cut-off leaves of its interval; NaN
            where not graded.
        reason: Why it is not graded.
    """

    verdict: Verdict
    tuck_deg: float
    ci95_deg: tuple[float, float]
    posterior_tilt_deg: float
    onset_s: float
    onset_descent_pct: float
    onset_hip_flexion_deg: float
    band: Band | None
    sd_deg: float = nan
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Rounding:
    """Lumbar flexion already there when the hinge starts and held through it.

    Attributes:
        verdict: Whether the back is rounded.
        lumbar_flexion_deg: From own standing, over the deep part of the rep.
        ci95_deg: 95 % interval of `lumbar_flexion_deg`.
        band: Size of the departure from the lift's usual range; None where not graded.
        limit_deg: Where that range ends; NaN where not graded.
        reason: Why it is not graded.
    """

    verdict: Verdict
    lumbar_flexion_deg: float
    ci95_deg: tuple[float, float]
    band: Band | None
    limit_deg: float = nan
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """One question asked of a rep or of the set, with its answer.

    Attributes:
        code: Which question.
        rep: The rep's index; None for the set.
        verdict: Whether it is the case.
        value: What was measured; NaN where nothing was.
        ci95: Its 95 % interval.
        unit: What both count in.
        limit: Where the answer turns.
        time_s: The moment to look at.
        band: Size of the departure; None where not graded.
        reason: Why it is not graded.
    """

    code: Code
    rep: int | None
    verdict: Verdict
    value: float
    ci95: tuple[float, float]
    unit: Unit
    limit: float
    time_s: float
    band: Band | None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class CleanDepth:
    """How deep a lifter hinges before the pelvis tucks.

    Attributes:
        hip_flexion_deg: Femur on pelvis at the tuck's onset, or at the deepest point without one;
            NaN where neither is known.
        sd_deg: One standard error of it.
        knee_flexion_deg: How far the knees were bent there.
        bar_height_cm: Wrist above the floor there; NaN where the hands are not seen.
        reached: True where a tuck began there; False where none did, so that it is "at least".
        time_s: When.
    """

    hip_flexion_deg: float
    sd_deg: float
    knee_flexion_deg: float
    bar_height_cm: float
    reached: bool
    time_s: float


@dataclass(frozen=True, slots=True)
class Tempo:
    """How long the parts of a rep took, seconds; NaN where the clip does not show them.

    Attributes:
        descent_s: From the top to the bottom.
        bottom_s: Rest at the bottom.
        ascent_s: From the bottom to the top.
    """

    descent_s: float
    bottom_s: float
    ascent_s: float


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing worth saying about a rep.

    Attributes:
        code: Which question was answered with yes.
        severity: Size in words.
        time_s: The frame to look at.
        value: The number.
        unit: Its unit.
        cue: One short coaching sentence.
    """

    code: Code
    severity: Band
    time_s: float
    value: float
    unit: Unit
    cue: str


@dataclass(frozen=True, slots=True)
class RepCheck:
    """A repetition with its verdicts.

    Attributes:
        rep: Where it lies in the clip.
        gradeable: False where the spine cannot be judged in this rep.
        reasons: Why not; where `gradeable` is True, why one of the verdicts is missing.
        worst: Frame to show: the bottom.
        reference: Frame of the same rep to show beside it: in the middle of its baseline.
        butt_wink: Verdict on the tuck.
        rounding: Verdict on rounding.
        measures: Every question asked of the rep, with its answer.
        findings: What to say, most useful first.
        tempo: How long its parts took.
        clean_depth: How deep it went before the pelvis tucked.
    """

    rep: Rep
    gradeable: bool
    reasons: tuple[Reason, ...]
    worst: int
    reference: int
    butt_wink: ButtWink
    rounding: Rounding
    measures: tuple[Measure, ...]
    findings: tuple[Finding, ...]
    tempo: Tempo
    clean_depth: CleanDepth


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything a check knows about a clip: what the report and the overlay are made from.

    Attributes:
        track: The lifter's landmarks, (frames, 33, ...).
        profile: The dorsal profile.
        spine: Pelvis and spine before filtering, with the baseline's source.
        angles: Every angle, filtered.
        quality: (frames,) 0..1, how far a frame can be relied on.
        view: What the camera position allows.
        lift: Which lift it is.
        reps: The repetitions with their verdicts, in time order.
        measures: What was asked of the set as a whole.
        findings: What to say of it.
        clean_depth: How deep the lifter hinges before the pelvis tucks, over all reps.
        bar: Where the hands were.
        hamstrings: Length of the four bellies over the clip.
        warnings: Plain sentences about the input.
        heads: Where everybody's head is, the lifter's and others'.
        setup: How the set was filmed, everything that could be better included.
    """

    track: Track
    profile: Profile
    spine: SpineSeries
    angles: Angles
    quality: FloatArray
    view: ViewCheck
    lift: LiftGuess
    reps: tuple[RepCheck, ...]
    measures: tuple[Measure, ...]
    findings: tuple[Finding, ...]
    clean_depth: CleanDepth
    bar: BarPath
    hamstrings: Mapping[Belly, MuscleLength]
    warnings: tuple[str, ...]
    heads: Heads
    setup: tuple[SetupCheck, ...] = ()

    @property
    def frames(self) -> int:
        """Number of frames in the clip."""
        return len(self.track.time_s)
