"""The command line as people run it: in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
TIMEOUT_S = 300

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def hingecheck(tmp_path: Path) -> Run:
    """Runs `hingecheck ARGUMENTS...` in an empty folder and returns the finished process."""

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "hingecheck", *map(str, arguments)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def butt_wink_clip() -> Path:
    """The rendered lifter of the README's first command."""
    return REPOSITORY / "sample_videos" / "rdl_butt_wink.mp4"
