"""A process that was told to use one core works in turn, and comes to the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import av
import pytest

from hingecheck.clip.cores import cores, use_cores

PROGRAM = """
import sys, threading
from pathlib import Path
from hingecheck.clip import ClipReader, ClipWriter
from hingecheck.clip.cores import use_cores
use_cores(int(sys.argv[3]))
names, busy = set(), 0
with ClipReader(sys.argv[1]) as reader:
    info = reader.info
    with ClipWriter(sys.argv[2], info.width_px, info.height_px, info.mean_fps) as writer:
        for frame in reader:
            writer.write(frame.rgb, frame.time_s)
            busy = max(busy, writer._drawn.unfinished_tasks)
            names |= {thread.name.split()[0] for thread in threading.enumerate()}
print("decode" in names, busy > 0)
"""


def copied(clip: Path, to: Path, most: int) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, clip, to, str(most)],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def pictures(clip: Path) -> list[bytes]:
    with av.open(str(clip)) as container:
        return [frame.to_ndarray(format="rgb24").tobytes() for frame in container.decode(video=0)]


@pytest.mark.skipif(cores() < 2, reason="with one core there is no other way")
def test_one_core_decodes_and_encodes_in_turn_to_the_same_pictures(
    one_rep: Path, tmp_path: Path
) -> None:
    assert copied(one_rep, tmp_path / "one.mp4", 1) == "False False"
    assert copied(one_rep, tmp_path / "two.mp4", 2).startswith("True")
    one, two = pictures(tmp_path / "one.mp4"), pictures(tmp_path / "two.mp4")
    assert len(one) == len(two) == 111


def test_no_core_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one core"):
        use_cores(0)
