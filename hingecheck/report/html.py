"""report.html: one page that explains a result to the person who lifted."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import cv2
import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined

from hingecheck.form.bands import THRESHOLD_DEG
from hingecheck.form.messages import advice
from hingecheck.form.records import Analysis, Verdict
from hingecheck.report import answers, words
from hingecheck.report.chart import NEEDS_SPINE, chart_data
from hingecheck.report.hamstrings import hamstring_sentence
from hingecheck.report.schema import Result
from hingecheck.report.trend_plot import depth_deg, plot_trends

__all__ = ["RepStills", "render_report"]

_VERDICT_STATUS = {
    Verdict.NO: words.Status.HELD,
    Verdict.YES: words.Status.CHANGED,
    Verdict.UNSURE: words.Status.UNSURE,
    Verdict.NOT_GRADEABLE: words.Status.NOT_GRADEABLE,
}

THUMB_PX = 240
"""Long side of the pictures in the strip that sets the reps side by side."""

_SIGNS = (
    ("Trunk inclination", "hip-shoulder line vertical", "leaning forward"),
    ("Pelvic tilt", "your own standing pelvis", "anterior: rotated forward in space"),
    ("Lumbar flexion", "your own standing", "flexed, T12 to S1; negative is extension"),
    ("Thoracic flexion", "your own standing", "flexed"),
    ("Thigh inclination", "thigh vertical", "knee in front of hip"),
    ("Shank inclination", "shank vertical", "knee in front of ankle"),
    ("Knee flexion", "straight", "bent"),
    ("Hip flexion", "standing", "thigh on pelvis: pelvic tilt + thigh inclination"),
    ("Trunk-thigh flexion", "standing", "trunk + thigh inclination; hides lumbar flexion"),
    ("Neck extension", "your own standing", "head extended on trunk"),
    ("View yaw", "true side view", "turned out of the picture plane, unsigned"),
    ("Tuck", "your own lumbar rhythm in the descent", "more lumbar flexion than it predicts"),
    ("Hamstring length", "their length in standing", "longer, muscle and tendon together"),
)

_PEAK_COLUMNS = (
    ("trunk_inclination", "Trunk inclination"),
    ("pelvic_tilt", "Pelvic tilt"),
    ("lumbar_flexion", "Lumbar flexion"),
    ("hip_flexion", "Hip flexion"),
    ("knee_flexion", "Knee flexion"),
)


@dataclass(frozen=True, slots=True)
class RepStills:
    """Two pictures of a rep to lay side by side, JPEG, at most 640 px on the long side.

    Attributes:
        worst: The frame with the most to see.
        worst_s: Its time on the clip's clock.
        reference: The frame of the same rep to compare it with.
        reference_s: Its time on the clip's clock.
    """

    worst: bytes
    worst_s: float
    reference: bytes
    reference_s: float


def render_report(
    analysis: Analysis,
    result: Result,
    stills: Mapping[int, RepStills],
    overlay_name: str | None,
) -> str:
    """The report as one HTML page that needs nothing from anywhere.

    Args:
        analysis: Where the charts' series come from.
        result: What the page says.
        stills: Pictures by rep index; a rep without any shows its numbers alone.
        overlay_name: File name of the overlay video beside the page; the page hides its player
            when the file is not there. None for no player.
    """
    style, script = _asset("report.css"), _asset("report.js")
    template = _template_environment().get_template("report.html.jinja")
    return template.render(
        result=result,
        headline=words.headline(result),
        advice=words.set_advice(result),
        baseline=words.baseline_sentence(result),
        tuck_limit=THRESHOLD_DEG,
        rounding_limit=_rounding_limit_deg(result),
        also=answers.seen_sentence(answers.also_seen(result)),
        clean_depth=words.clean_depth_sentence(result),
        doubt=words.doubt_about_lift(result),
        drifts=answers.drift_sentences(result),
        too_few=answers.too_few_to_drift(result),
        trends=plot_trends(analysis, result),
        depths=depth_deg(analysis),
        pulls={check.rep.index for check in analysis.reps if check.worst < check.reference},
        lowest_s={
            check.rep.index: float(analysis.track.time_s[check.worst]) for check in analysis.reps
        },
        from_floor={check.rep.index for check in analysis.reps if check.rep.from_floor},
        hamstrings={
            rep.index: hamstring_sentence(analysis, result, check, rep)
            for check, rep in zip(analysis.reps, result.reps, strict=True)
        },
        cues=[(cue, answers.cue_place(result, cue)) for cue in result.summary.cues],
        stills=stills,
        overlay_name=overlay_name,
        chart=chart_data(analysis, result),
        signs=_SIGNS,
        peak_columns=[
            column
            for column in _PEAK_COLUMNS
            if result.view.gradeable or column[0] not in NEEDS_SPINE
        ],
        style=style,
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def _rounding_limit_deg(result: Result) -> float | None:
    """What rounding was judged against, the same in all reps of a lift; None if in none."""
    limits = (rep.rounding.limit_deg for rep in result.reps)
    return next((limit for limit in limits if limit is not None), None)


@cache
def _template_environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("hingecheck.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "allow_nan": False}
    environment.filters.update(
        advice=advice,
        answers=answers.answers,
        data_uri=_data_uri,
        interval=words.with_interval,
        lift_name=words.lift_name,
        number=words.number,
        others=answers.other_findings,
        told=answers.finding_sentence,
        rep_sentence=words.rep_sentence,
        status=words.status_of,
        tempo=words.tempo_words,
        thumb=_thumbnail,
        verdict_status=_VERDICT_STATUS.__getitem__,
    )
    return environment


def _asset(name: str) -> str:
    return (files("hingecheck.report") / "templates" / name).read_text(encoding="utf-8")


def _data_uri(jpeg: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"


def _thumbnail(jpeg: bytes) -> bytes:
    """The picture made small; as it is where OpenCV cannot read it."""
    picture = cv2.imdecode(np.frombuffer(jpeg, dtype=np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        return jpeg
    height, width = picture.shape[:2]
    shrink = min(1.0, THUMB_PX / max(height, width))
    size = (max(round(shrink * width), 1), max(round(shrink * height), 1))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return bytes(cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes())
