"""A batch's folder as its run leaves it: results of clips, and what became of the others."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
from report.sets import SetOfReps, make_analysis, make_result, measure, with_measures

from hingecheck.batch.records import Entry, Failure, Status
from hingecheck.form.records import Analysis, Code, Reason, Verdict
from hingecheck.motion.records import Lift, LiftGuess
from hingecheck.report.result import read_result, write_result
from hingecheck.report.schema import Result
from hingecheck.report.tables import write_frames_parquet

NAN = float("nan")


def clip_id(name: str) -> str:
    return f"{hashlib.sha256(name.encode()).hexdigest()[:16]}-0a1b2c3d"


def taken_for(analysis: Analysis, lift: Lift) -> Analysis:
    return replace(analysis, lift=LiftGuess(lift, 0.9, "auto"))


SETS: dict[str, Analysis] = {
    "held.mp4": taken_for(make_analysis(SetOfReps(tucks_deg=(2.0, 3.0))), Lift.SQUAT),
    "tuck.mp4": with_measures(
        make_analysis(SetOfReps(tucks_deg=(3.0, 18.0, NAN))),
        measure(Code.NECK_EXTENSION, 2, Verdict.YES),
        measure(Code.FATIGUE_TUCK, None, Verdict.NOT_GRADEABLE, reason=Reason.TOO_FEW_REPS),
    ),
    "rounded.mp4": make_analysis(SetOfReps(tucks_deg=(9.0,), rounding=Verdict.YES)),
    "oblique.mp4": make_analysis(
        SetOfReps(tucks_deg=(NAN, NAN), view_gradeable=False, view_reasons=(Reason.VIEW_OBLIQUE,))
    ),
    "empty.mp4": make_analysis(SetOfReps(tucks_deg=(), lead_s=2, view_reasons=(Reason.NO_REPS,))),
}
"""Five clips: held, with a tuck, rounded, seen at an angle, and without a rep."""


def add_clip(
    out: Path, address: str, analysis: Analysis, pictured: bool = True, shift_s: float = 0.0
) -> Entry:
    """A clip with its result in place; its content is its address."""
    clip = clip_id(address)
    folder, frames = out / "clips" / clip, out / "frames" / f"clip={clip}"
    for place in (folder, frames):
        place.mkdir(parents=True)
    result = make_result(analysis)
    timing = {"look": 3.0 + shift_s, "judge": 0.5, "stills": 0.25}
    content = result.clip.model_copy(
        update={"sha256": hashlib.sha256(address.encode()).hexdigest()}
    )
    write_result(
        result.model_copy(update={"timing": timing, "clip": content}), folder / "result.json"
    )
    write_frames_parquet(analysis, frames / "frames.parquet")
    (folder / "report.html").write_text("<title>Report</title>", encoding="utf-8")
    if pictured:
        (folder / "thumb.jpg").write_bytes(thumbnail())
    return Entry(address, 1000 + len(address), clip, Status.OK)


def thumbnail() -> bytes:
    import cv2

    return bytes(cv2.imencode(".jpg", np.full((60, 80, 3), 120, dtype=np.uint8))[1].tobytes())


def failed(
    address: str, failure: Failure = Failure.UNREADABLE, message: str | None = None
) -> Entry:
    return Entry(
        address, 12, None, Status.FAILED, failure, message or f"{address}: no video stream."
    )


def make_batch(out: Path, shift_s: float = 0.0) -> list[Entry]:
    """The five clips, a copy of one of them, and two inputs without a result."""
    entries = [
        add_clip(out, f"uploads/{name}", analysis, shift_s=shift_s)
        for name, analysis in SETS.items()
    ]
    copied = replace(entries[1], address="uploads/copy.mp4")
    return [
        *entries,
        copied,
        failed("uploads/sound.m4a"),
        failed('uploads/far, "away".mp4', Failure.OUT_OF_REACH, "It did not answer.\nTry again."),
    ]


def result_of(out: Path, entry: Entry) -> Result:
    return read_result(out / "clips" / str(entry.clip) / "result.json")


def add_real(out: Path, entry_address: str, folder: Path) -> Entry:
    """A result folder of a real check, taken into a batch."""
    clip = clip_id(entry_address)
    shutil.copytree(folder, out / "clips" / clip)
    (out / "frames" / f"clip={clip}").mkdir(parents=True)
    (out / "clips" / clip / "frames.parquet").rename(
        out / "frames" / f"clip={clip}" / "frames.parquet"
    )
    return Entry(entry_address, 5, clip, Status.OK)
