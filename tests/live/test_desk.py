"""The whole of `hingecheck live` on a real screen: a clip replayed, keys pressed, a photograph."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from live.test_window import Desktop, desktop

__all__ = ["desktop"]

WAIT_S = 120.0


def test_set_is_watched_replayed_and_left_by_keys(
    desktop: Desktop, butt_wink_clip: Path, tmp_path: Path, artefacts: Path
) -> None:
    command = [sys.executable, "-m", "hingecheck", "live", "--replay", str(butt_wink_clip)]
    with subprocess.Popen(
        [*command, "--mute", "--model", "lite"],
        cwd=tmp_path,
        env={**os.environ, "DISPLAY": desktop.name},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.rstrip().endswith(" s  1"):
                break
        desktop.point_at(200, 200)
        counted = desktop.photograph(artefacts / "set.png", lambda seen: bool(seen.max() > 200))
        desktop.press("r")
        time.sleep(0.7)
        replayed = desktop.photograph(artefacts / "replay.png", lambda seen: True)
        desktop.press("s")
        desktop.press("question", shift=True)
        time.sleep(0.5)
        helped = desktop.photograph(artefacts / "help.png", lambda seen: True)
        desktop.press("s")
        time.sleep(1.0)
        desktop.press("q")
        rest = process.stderr.read()
        assert process.wait(WAIT_S) == 0, rest
    for one, other in ((counted, replayed), (replayed, helped)):
        assert np.abs(one.astype(int) - other).mean() > 1.0
    assert "Rep 1 saved to" in rest
    assert "open report.html" in rest
    (result,) = tmp_path.glob("*.hingecheck")
    assert (result / "clip.mp4").stat().st_size > 10_000
    (saved,) = tmp_path.glob("*-rep1.mp4")
    assert saved.stat().st_size > 10_000
