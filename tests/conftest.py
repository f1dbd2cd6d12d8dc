"""What tests of the whole program share: the command line, and one repetition to work on."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import scenes
import variants

REPOSITORY = Path(__file__).resolve().parents[1]
TIMEOUT_S = 300

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def hingecheck_in() -> Run:
    """Runs `hingecheck ARGUMENTS...` in the folder given first, started by the program
    `through` if given; returns the finished process."""

    def run(
        where: Path, *arguments: str | Path, through: Sequence[str] = ()
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*through, sys.executable, "-m", "hingecheck", *map(str, arguments)],
            cwd=where,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )

    return run


@pytest.fixture
def hingecheck(hingecheck_in: Run, tmp_path: Path) -> Run:
    """Runs `hingecheck ARGUMENTS...` in the test's own empty folder."""
    return partial(hingecheck_in, tmp_path)


@pytest.fixture
def terminal(tmp_path: Path) -> Run:
    """Runs `hingecheck ARGUMENTS...` in the test's own folder at a terminal of 100 columns."""
    if shutil.which("script") is None:
        pytest.skip("needs script(1) for a terminal")

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = shlex.join([sys.executable, "-m", "hingecheck", *map(str, arguments)])
        return subprocess.run(
            ["script", "-qec", command, "typescript"],
            cwd=tmp_path,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
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


@pytest.fixture(scope="session")
def one_rep(butt_wink_clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its first repetition in 3.7 seconds at 360 x 480; truth: `scenes.ONE_REP_BOTTOM_S`."""
    clip = tmp_path_factory.mktemp("clips") / "one_rep.mp4"
    return variants.store(clip, scenes.one_rep(butt_wink_clip))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The system's Chromium, driven by Playwright."""
    playwright = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("needs the system's Chromium")
    with playwright.sync_playwright() as started:
        running = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="session")
def artefacts() -> Path:
    """Where tests leave pictures for people to look at; git does not see it."""
    folder = Path(__file__).parent / "artefacts"
    folder.mkdir(exist_ok=True)
    return folder
