"""How well the findings, the lift and the reps of whole sets are told, on clips that show flaws.

    python -m hingecheck.simulate.evaluate.form --folder CACHE --out docs/findings_accuracy.md

Every answer of a check is held against the same question asked of the true angles. What counts as
there is stated per finding: an effect size of its own from which it has to be found; below its
limit it has to stay silent.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import partial
from math import isfinite
from pathlib import Path
from time import perf_counter

import numpy as np

from hingecheck.form.filmed import FilmedSet
from hingecheck.form.findings import measure_all
from hingecheck.form.records import Measure
from hingecheck.motion.records import Rep
from hingecheck.simulate.evaluate.ceiling import read_truth, true_set
from hingecheck.simulate.evaluate.flawed import (
    DEVELOPMENT_SEED,
    HELD_OUT_SEED,
    LOOKED_AT,
    FlawedClip,
    film_flawed,
)
from hingecheck.simulate.evaluate.form_page import form_page
from hingecheck.simulate.evaluate.form_records import Answer, CheckedForm
from hingecheck.simulate.evaluate.processes import in_processes

__all__ = ["check_form", "main"]

_OVERLAP = 0.5
"""Share of a true rep's time that a found one has to share to be the same."""


def main() -> int:
    """Run the command."""
    asked = _arguments()
    seed, first = (DEVELOPMENT_SEED, 0) if asked.development else (HELD_OUT_SEED, LOOKED_AT)
    clips = [FlawedClip.number(first + index, seed) for index in range(asked.clips)]
    for line in film_flawed(asked.folder, clips, asked.workers):
        print(line, flush=True)
    names = [clip.name for clip in clips]
    todo = [name for name in names if asked.fresh or not _path(asked.folder, name).exists()]
    for done, line in enumerate(
        in_processes(partial(_check, asked.folder), todo, asked.workers), start=1
    ):
        print(f"{done}/{len(todo)} {line}", flush=True)
    checked = [CheckedForm.read(_path(asked.folder, name)) for name in names]
    asked.out.write_text(form_page(checked, seed + first), encoding="utf-8")
    print(f"{asked.out} written")
    return 0


def check_form(folder: Path, name: str) -> CheckedForm:
    """Check a flawed clip: the lift found out first, the findings then with the true one."""
    from hingecheck.clip import probe
    from hingecheck.pipeline import analyse
    from hingecheck.pose.models import PoseModel, find_bundle

    lift, columns = read_truth(folder, name)
    made = json.loads((folder / f"{name}_truth.json").read_text())
    info, bundle = probe(folder / f"{name}.mp4"), find_bundle(PoseModel.FULL)
    analysis = analyse(info, bundle)
    guess = analysis.lift
    counted = len(analysis.reps)
    if guess.name is not lift:
        analysis = analyse(info, bundle, lift=lift)
    truth = true_set(columns, lift)
    true_answers = {(m.code, m.rep): m for m in measure_all(truth)}
    pairs = dict(_paired(truth, analysis.track.time_s, [check.rep for check in analysis.reps]))
    said = [(check.rep.index, measure) for check in analysis.reps for measure in check.measures]
    answers = [
        _answer(measure, true_answers.get((measure.code, pairs.get(index))))
        for index, measure in said
        if index in pairs
    ]
    answers += [_answer(m, true_answers.get((m.code, None))) for m in analysis.measures]
    return CheckedForm(
        name=name,
        lift=lift.value,
        guess=guess.name.value,
        confidence=guess.confidence,
        true_reps=len(made["reps"]),
        reps=counted,
        reps_told=len(analysis.reps),
        answers=tuple(answer for answer in answers if answer is not None),
    )


def _answer(said: Measure, true: Measure | None) -> Answer | None:
    if true is None:
        return None
    return Answer(
        code=said.code.value,
        verdict=said.verdict.value,
        value=said.value if isfinite(said.value) else None,
        sd=(said.ci95[1] - said.ci95[0]) / 3.92 if isfinite(said.value) else None,
        true=true.value if isfinite(true.value) else None,
        limit=true.limit if isfinite(true.limit) else None,
    )


def _paired(
    truth: FilmedSet, time_s: np.ndarray, found: Sequence[Rep]
) -> Iterator[tuple[int, int]]:
    """Index of a found rep and of the true one it shares its time with."""
    for rep in found:
        first, last = min(rep.start, rep.top), max(rep.end, rep.bottom)
        for real in truth.reps:
            begin = truth.time_s[min(real.start, real.top)]
            end = truth.time_s[max(real.end, real.bottom)]
            shared = min(time_s[last], end) - max(time_s[first], begin)
            if shared > _OVERLAP * (end - begin):
                yield rep.index, real.index
                break


def _check(folder: Path, name: str) -> str:
    begun = perf_counter()
    checked = check_form(folder, name)
    _path(folder, name).write_text(json.dumps(asdict(checked), indent=1) + "\n")
    return f"{name} {checked.lift}: check {perf_counter() - begun:.0f} s"


def _path(folder: Path, name: str) -> Path:
    return folder / f"{name}.form.json"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m hingecheck.simulate.evaluate.form",
        description=(__doc__ or "").split("\n")[0],
    )
    parser.add_argument("--clips", type=int, default=64, help="how many")
    parser.add_argument(
        "--folder", type=Path, required=True, help="where clips and checks are kept"
    )
    parser.add_argument(
        "--out", type=Path, required=True, help="the page, e.g. docs/findings_accuracy.md"
    )
    parser.add_argument(
        "--development", action="store_true", help="clips for looking and choosing instead"
    )
    parser.add_argument("--fresh", action="store_true", help="check again what was filmed")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="processes")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
