"""Training examples of thousands of lifters on disk: made by all cores, resumed when stopped."""

from __future__ import annotations

import io
import json
import multiprocessing
import os
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from hingecheck.simulate.examples import ExampleMaker, Examples

__all__ = ["CHUNK", "harvest", "read_harvest"]

CHUNK = 8
"""Lifters in a file: what a stopped harvest loses at most."""

_ARRAYS = tuple(field.name for field in fields(Examples) if field.name != "about")

_maker: ExampleMaker | None = None


def harvest(
    folder: Path,
    lifters: int,
    *,
    first_seed: int = 0,
    progress: Callable[[int, int], None],
) -> None:
    """Make the examples of the lifters from `first_seed` on; files that are there are kept.

    Args:
        folder: Where the files go.
        lifters: How many, a multiple of `CHUNK`.
        first_seed: Seed of the first one.
        progress: Told how many files are done, and of how many.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted = _files(folder, lifters, first_seed)
    missing = [job for job in wanted if not job[1].exists()]
    done = len(wanted) - len(missing)
    progress(done, len(wanted))
    context = multiprocessing.get_context("spawn")
    with context.Pool(os.cpu_count(), _start) as pool:
        for _ in pool.imap_unordered(_make_chunk, missing):
            done += 1
            progress(done, len(wanted))


def read_harvest(folder: Path, lifters: int, *, first_seed: int = 0) -> Iterator[Examples]:
    """The lifters of a finished `harvest`, in the order of their seeds."""
    for _, path in _files(folder, lifters, first_seed):
        with np.load(path) as stored:
            abouts = json.loads(str(stored["about"]))
            for index, about in enumerate(abouts):
                arrays = {name: stored[f"{name}_{index}"] for name in _ARRAYS}
                yield Examples(**arrays, about=about)


def _files(folder: Path, lifters: int, first_seed: int) -> list[tuple[int, Path]]:
    """First seed and file of every chunk."""
    seeds = range(first_seed, first_seed + lifters, CHUNK)
    return [(seed, folder / f"{seed:06d}.npz") for seed in seeds]


def _start() -> None:
    global _maker
    os.nice(5)
    _maker = ExampleMaker()
    _maker.__enter__()


def _make_chunk(job: tuple[int, Path]) -> None:
    assert _maker is not None
    first, path = job
    made = [_maker.make(seed) for seed in range(first, first + CHUNK)]
    values: dict[str, Any] = {"about": json.dumps([one.about for one in made])}
    for index, one in enumerate(made):
        values |= {f"{name}_{index}": getattr(one, name) for name in _ARRAYS}
    packed = io.BytesIO()
    np.savez_compressed(packed, **values)
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(packed.getvalue())
    part.replace(path)
