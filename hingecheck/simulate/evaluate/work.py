"""Filming and checking the held-out clips with all cores, resumed when stopped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import perf_counter

from hingecheck.pose.models import PoseModel
from hingecheck.simulate.evaluate.processes import in_processes
from hingecheck.simulate.evaluate.records import Case, Checked, Truth
from hingecheck.spine.estimator import SpineEstimator

__all__ = ["Job", "Look", "read_cases", "work"]


@dataclass(frozen=True, slots=True)
class Look:
    """One way to check a clip.

    Attributes:
        model: The pose model.
        estimator: The spine estimator, see `checks.estimator_of`.
    """

    model: PoseModel
    estimator: str

    def path(self, folder: Path, name: str) -> Path:
        """Where what it said about a clip is kept."""
        estimator = self.estimator.replace(":", ".")
        return folder / f"{name}.{self.model.value}.{estimator}.npz"


@dataclass(frozen=True, slots=True)
class Job:
    """One clip with all that is to be done about it.

    Attributes:
        index: Number of the held-out clip.
        folder: Where the files go.
        looks: How it is checked.
    """

    index: int
    folder: Path
    looks: tuple[Look, ...]


def work(jobs: Sequence[Job], workers: int) -> Iterator[str]:
    """Do what is not yet done; yields a line about every clip."""
    yield from in_processes(_do, jobs, workers)


def read_cases(folder: Path, names: Sequence[str], look: Look) -> list[Case]:
    """The clips of these names as they were made and as one look checked them."""
    return [Case(Truth.read(folder, name), Checked.read(look.path(folder, name))) for name in names]


def _do(job: Job) -> str:
    # Rendering and checking packages take seconds to import; scoring needs none of them.
    from hingecheck.simulate.evaluate.checks import check_clip
    from hingecheck.simulate.evaluate.clips import HeldOut

    held = HeldOut.number(job.index)
    begun = perf_counter()
    clip = held.film(job.folder)
    said = [f"{held.name} {held.lift} {held.fault}: film {perf_counter() - begun:.0f} s"]
    for look in job.looks:
        path = look.path(job.folder, held.name)
        if not path.exists():
            checked = check_clip(clip, look.model, _estimator(look.estimator))
            checked.write(path)
            said.append(f"{look.model} {look.estimator} {checked.seconds:.0f} s")
    return ", ".join(said)


@cache
def _estimator(name: str) -> SpineEstimator:
    from hingecheck.simulate.evaluate.checks import estimator_of

    return estimator_of(name)
