"""Film held-out lifters, check them, score the checks, write the accuracy page.

    python -m hingecheck.simulate.evaluate --clips 96 --folder CACHE --out docs/accuracy.md

Clips and what the check said of them stay in the folder, so that a stopped evaluation goes on
where it was; after a change to the check, `--fresh` checks again what was filmed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from hingecheck.errors import HingecheckError
from hingecheck.pose.models import PoseModel
from hingecheck.simulate.evaluate.ceiling import judge_truth
from hingecheck.simulate.evaluate.checks import estimator_of
from hingecheck.simulate.evaluate.metrics import Metrics, measure, pair_reps, plain
from hingecheck.simulate.evaluate.page import write_page
from hingecheck.simulate.evaluate.pictures import (
    draw_calibration,
    draw_cast,
    draw_scatter,
    draw_tucks,
)
from hingecheck.simulate.evaluate.records import Case, clip_name
from hingecheck.simulate.evaluate.work import Job, Look, read_cases, work

_SIZES_SHARE = 3


def main() -> int:
    """Run the command."""
    asked = _arguments()
    asked.folder.mkdir(parents=True, exist_ok=True)
    jobs = _jobs(asked)
    if asked.fresh:
        for job in jobs:
            for look in job.looks:
                look.path(job.folder, clip_name(job.index)).unlink(missing_ok=True)
    for done, line in enumerate(work(jobs, asked.workers), start=1):
        print(f"{done}/{len(jobs)} {line}", flush=True)
    metrics, cases = _score(asked, jobs)
    _write(asked, metrics, cases)
    print(f"{asked.out} written")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m hingecheck.simulate.evaluate", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument(
        "--clips", type=int, default=96, help="how many; 32 hold every lift with every fault"
    )
    parser.add_argument(
        "--folder", type=Path, required=True, help="where clips and checks are kept"
    )
    parser.add_argument("--out", type=Path, required=True, help="the page, e.g. docs/accuracy.md")
    parser.add_argument(
        "--estimator", default="model", help="spine estimator: model, contour or module:callable"
    )
    parser.add_argument(
        "--beside", action="append", default=[], help="another one to compare with; may repeat"
    )
    parser.add_argument("--fresh", action="store_true", help="check again what was filmed")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="processes")
    asked = parser.parse_args()
    if asked.clips < 1:
        parser.error(f"--clips {asked.clips}: expected 1 or more")
    try:
        for name in (asked.estimator, *asked.beside):
            estimator_of(name)
    except HingecheckError as error:
        parser.error(str(error))
    return asked


def _jobs(asked: argparse.Namespace) -> list[Job]:
    """What is to be done about each clip: the first third is checked with every pose model."""
    main = Look(PoseModel.FULL, asked.estimator)
    looks = [main, *(Look(PoseModel.FULL, name) for name in asked.beside)]
    sizes = [Look(model, asked.estimator) for model in PoseModel if model is not PoseModel.FULL]
    sized = _sized(asked.clips)
    return [
        Job(index, asked.folder, tuple(looks + sizes if index < sized else looks))
        for index in range(asked.clips)
    ]


def _sized(clips: int) -> int:
    """How many of the first clips are checked with every pose model."""
    return -(-clips // _SIZES_SHARE)


def _score(asked: argparse.Namespace, jobs: list[Job]) -> tuple[Metrics, list[Case]]:
    def cases(look: Look) -> list[Case]:
        names = [clip_name(job.index) for job in jobs if look in job.looks]
        return read_cases(asked.folder, names, look)

    main = cases(Look(PoseModel.FULL, asked.estimator))
    estimators = sorted({case.checked.estimator for case in main})
    if len(estimators) > 1:
        mixed = ", ".join(estimators)
        sys.exit(f"{asked.folder}: checks by several estimators ({mixed}); add --fresh")
    beside = {asked.estimator: main}
    beside |= {name: cases(Look(PoseModel.FULL, name)) for name in asked.beside}
    beside["truth"] = [
        Case(case.truth, judge_truth(asked.folder, case.truth.name)) for case in main
    ]
    sized = _sized(asked.clips)
    models = {model.value: cases(Look(model, asked.estimator))[:sized] for model in PoseModel}
    return measure(main, models, beside), main


def _write(asked: argparse.Namespace, metrics: Metrics, cases: list[Case]) -> None:
    page: Path = asked.out
    page.parent.mkdir(parents=True, exist_ok=True)
    images = page.parent / "images"
    graded = [case for case in cases if case.checked.gradeable]
    draw_cast(asked.folder, [case.truth for case in cases], images / f"{page.stem}_cast.jpg")
    draw_scatter(graded, images / f"{page.stem}_scatter.png")
    draw_calibration(metrics.all_frames, images / f"{page.stem}_calibration.png")
    draw_tucks(pair_reps(graded), images / f"{page.stem}_tuck.png")
    numbers = json.dumps(plain(metrics), indent=1, sort_keys=True)
    page.with_suffix(".json").write_text(numbers + "\n", encoding="utf-8")
    page.write_text(write_page(metrics, page.stem), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
