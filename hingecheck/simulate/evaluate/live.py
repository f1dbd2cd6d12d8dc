"""How well and how soon a live check calls reps and tucks, on clips of an earlier evaluation.

    python -m hingecheck.simulate.evaluate.live --folder CACHE --out docs/live_accuracy.md

The folder is one that `python -m hingecheck.simulate.evaluate` has filled. Every picture is judged
in turn by the causal engine, and the whole by a check, from the same looks.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hingecheck.clip import ClipReader, probe
from hingecheck.follow import look_at
from hingecheck.form.bands import THRESHOLD_DEG
from hingecheck.form.findings.butt_wink import fit_rhythms
from hingecheck.form.records import Verdict
from hingecheck.live.engine import Engine, Judged
from hingecheck.pipeline import LOOK_PX, judge
from hingecheck.pose.models import PoseModel, find_bundle
from hingecheck.pose.records import FloatArray
from hingecheck.pose.stream import detect_stream
from hingecheck.simulate.evaluate.ceiling import read_truth, true_set

__all__ = ["LiveClip", "live_page", "main", "watch"]

LARGE_DEG = 14.0
SAME_S = 0.5


@dataclass(frozen=True, slots=True)
class TrueRep:
    """A repetition that was made, and what was called in it.

    Attributes:
        tuck_deg: The same rule's tuck on the true angles.
        crossed_s: When the true tuck first exceeded its limit on the way down; NaN if never.
        called_s: When a tuck was called; NaN if none was.
    """

    tuck_deg: float
    crossed_s: float
    called_s: float


@dataclass(frozen=True, slots=True)
class LiveClip:
    """One clip as it was made, checked, and watched live.

    Attributes:
        gradeable: Whether a check judges it.
        true_reps: How many repetitions were made.
        check_reps: How many a check finds.
        live_reps: How many were counted live.
        tuck_apart_deg: (pairs,) live's tuck less the check's, of repetitions that both have.
        contradicted: Verdicts of live and check that are yes and no.
        reps: What was made and called.
    """

    gradeable: bool
    true_reps: int
    check_reps: int
    live_reps: int
    tuck_apart_deg: tuple[float, ...]
    contradicted: int
    reps: tuple[TrueRep, ...]


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        prog="python -m hingecheck.simulate.evaluate.live",
        description=(__doc__ or "").split("\n")[0],
    )
    parser.add_argument("--folder", type=Path, required=True, help="of an earlier evaluation")
    parser.add_argument("--out", type=Path, required=True, help="the page")
    parser.add_argument("--clips", type=int, default=96, help="how many of its clips")
    asked = parser.parse_args()
    names = sorted(path.stem for path in asked.folder.glob("*.mp4"))[: asked.clips]
    clips = []
    for number, name in enumerate(names, start=1):
        clips.append(watch(asked.folder, name))
        print(f"{number}/{len(names)} {name}", flush=True)
    asked.out.write_text(live_page(clips), encoding="utf-8")
    return 0


def watch(folder: Path, name: str) -> LiveClip:
    """One clip, picture by picture and as a whole."""
    info, bundle = probe(folder / f"{name}.mp4"), find_bundle(PoseModel.FULL)
    with ClipReader(info.path, LOOK_PX, info) as reader:
        stream = detect_stream(reader, bundle, reader.scale, look_at, workers=1, fps=info.mean_fps)
        seen = [(frame.time_s, looks) for frame, looks in stream]
    size_px = info.width_px, info.height_px
    time_s = np.array([moment for moment, _ in seen])
    engine = Engine(size_px)
    judged = [engine.step(moment, looks) for moment, looks in seen]
    checked = judge(time_s, [looks for _, looks in seen], [], size_px, info.mean_fps)
    calls = [one.rep for one in judged if one.rep is not None]
    pairs = [
        (call, check)
        for call in calls
        for check in checked.reps
        if check.gradeable and abs(call.bottom_s - time_s[check.rep.bottom]) < SAME_S
    ]
    decided = {Verdict.YES, Verdict.NO}
    lift, columns = read_truth(folder, name)
    return LiveClip(
        gradeable=checked.view.gradeable,
        true_reps=len(true_set(columns, lift).reps),
        check_reps=len(checked.reps),
        live_reps=len(calls),
        tuck_apart_deg=tuple(
            call.tuck_deg - check.butt_wink.tuck_deg
            for call, check in pairs
            if np.isfinite(call.tuck_deg + check.butt_wink.tuck_deg)
        ),
        contradicted=sum(
            {call.verdict, check.butt_wink.verdict} == decided for call, check in pairs
        ),
        reps=_true_reps(folder, name, judged),
    )


def _true_reps(folder: Path, name: str, judged: Sequence[Judged]) -> tuple[TrueRep, ...]:
    lift, columns = read_truth(folder, name)
    truth = true_set(columns, lift)
    rhythms = fit_rhythms(truth.time_s, truth.angles, truth.reps, truth.config)
    called = np.array([one.time_s for one in judged if one.tuck.called])
    reps = []
    for rep in truth.reps:
        rhythm = rhythms.get(rep.index)
        if rhythm is None or rep.from_floor:
            continue
        lumbar = truth.angles.lumbar_flexion.value_deg[rhythm.frames]
        depth = truth.angles.trunk_thigh_flexion.value_deg[rhythm.frames]
        crossed = np.flatnonzero(lumbar - rhythm.expect(depth) > THRESHOLD_DEG)
        begin_s, end_s = truth.time_s[rep.top], truth.time_s[rep.end]
        own = called[(called >= begin_s) & (called <= end_s)]
        reps.append(
            TrueRep(
                tuck_deg=truth.winks[rep.index].tuck_deg,
                crossed_s=float(truth.time_s[rhythm.frames[crossed[0]]])
                if len(crossed)
                else np.nan,
                called_s=float(own[0]) if len(own) else np.nan,
            )
        )
    return tuple(reps)


def live_page(clips: Sequence[LiveClip]) -> str:
    """Markdown with the figures."""
    good = [clip for clip in clips if clip.gradeable]
    reps = [rep for clip in good for rep in clip.reps]
    large = [rep for rep in reps if rep.tuck_deg >= LARGE_DEG and np.isfinite(rep.crossed_s)]
    none = [rep for rep in reps if rep.tuck_deg < THRESHOLD_DEG]
    late_ms = 1000 * _finite([rep.called_s - rep.crossed_s for rep in large])
    apart = _finite([deg for clip in good for deg in clip.tuck_apart_deg])
    same = sum(clip.live_reps == clip.check_reps for clip in good)
    right = sum(clip.live_reps == clip.true_reps for clip in good)
    false = sum(np.isfinite(rep.called_s) for rep in none)
    return "\n".join(
        [
            "# How well and how soon tucks are called live",
            "",
            f"{len(clips)} simulated clips of lifters that no training has seen, {len(good)} of",
            "them fit to be judged, picture by picture with nothing told. Written by",
            "`python -m hingecheck.simulate.evaluate.live`.",
            "",
            "| | |",
            "|---|---|",
            f"| as many reps as a check of the same clip | {same} of {len(good)} clips |",
            f"| as many reps as were made | {right} of {len(good)} clips |",
            f"| tuck, live against check, median and 95th percentile | {_spread(apart)} |",
            f"| verdicts that contradict the check's | {sum(c.contradicted for c in good)} of"
            f" {sum(len(c.tuck_apart_deg) for c in good)} reps |",
            f"| tucks of {LARGE_DEG:.0f} degrees and more that were called |"
            f" {len(late_ms)} of {len(large)} |",
            f"| called in reps without a tuck | {false} of {len(none)} |",
            f"| after the true tuck passed {THRESHOLD_DEG:.0f} degrees, median and 90th percentile"
            f" | {_median_and(late_ms, 90)} ms |",
            "",
            "The time is that of the pictures; what the machine takes for one comes on top"
            " (`hingecheck live --bench`).",
            "",
        ]
    )


def _finite(values: Sequence[float]) -> FloatArray:
    array = np.array(values, dtype=np.float64)
    return array[np.isfinite(array)]


def _spread(apart_deg: FloatArray) -> str:
    return f"{_median_and(np.abs(apart_deg), 95, 1)} degrees"


def _median_and(values: FloatArray, percentile: float, digits: int = 0) -> str:
    if not len(values):
        return "none"
    middle, high = np.percentile(values, [50, percentile])
    return f"{middle:.{digits}f} and {high:.{digits}f}"


if __name__ == "__main__":
    sys.exit(main())
