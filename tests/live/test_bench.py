"""Figures of a run: latency from when a picture was due, skipped ones and every quality counted."""

from __future__ import annotations

import time

import numpy as np
import pytest

from hingecheck.live.bench import Bench, Usage, measure

ZERO_S = 5000.0
FPS = 30.0


def run(
    decode_ms: float = 0.0, work_ms: float = 30.0, every: int = 1, seconds: float = 20.0
) -> Bench:
    """Figures of a clip whose pictures come `decode_ms` late, save for the first, and of which one
    in `every` is judged.
    """
    taken_s = np.arange(0, seconds, every / FPS)
    arrived_s = ZERO_S + taken_s + decode_ms / 1000
    arrived_s[0] = ZERO_S
    shown_s = arrived_s + work_ms / 1000
    usage = Usage()
    usage.cores = 1.25
    return measure(
        taken_s.tolist(),
        shown_s.tolist(),
        (1000 * (shown_s - arrived_s)).tolist(),
        (every - 1) * (len(taken_s) - 1),
        {"full, 960 px": len(taken_s) // 4, "lite, 960 px": len(taken_s) - len(taken_s) // 4},
        usage,
        window=False,
    )


def test_latency_counts_from_when_a_picture_was_due_not_from_when_it_was_there() -> None:
    figures = run(decode_ms=12.0)
    assert figures.latency_p50_ms == pytest.approx(42.0, abs=0.2)
    assert figures.latency_p95_ms == pytest.approx(42.0, abs=0.2)


def test_skipped_pictures_are_as_late_as_the_next_one_shown() -> None:
    figures = run(every=3)
    spread = 30 + 1000 / FPS * np.array([0, 1, 2])
    assert figures.latency_p50_ms == pytest.approx(spread[1], abs=0.5)
    assert figures.latency_p95_ms == pytest.approx(spread[2], abs=0.5)
    assert figures.fps == pytest.approx(10.0, abs=0.01)
    assert figures.dropped == 2 * 199


def test_every_quality_is_told_with_its_share() -> None:
    assert run().looked_with == {"full, 960 px": 0.25, "lite, 960 px": 0.75}


def test_usage_counts_the_cores_that_were_busy() -> None:
    with Usage() as idle:
        time.sleep(0.2)
    with Usage() as busy:
        sum(i * i for i in range(1_500_000))
    assert 0 <= idle.cores < busy.cores
