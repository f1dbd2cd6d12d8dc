"""How much memory a check needs for a long clip.

    python benchmarks/memory.py sample_videos/rdl_butt_wink.mp4

Plays the clip over and over at 1080p for ten minutes, checks that, and prints JSON with the peak
resident memory of the checking process. The check itself takes about as long as the clip.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import tempfile
from pathlib import Path

from footage import as_hd, loop
from speed import measure


def main() -> None:
    """Parse the command line, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clip", type=Path)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--model", choices=("lite", "full", "heavy"), default="full")
    parser.add_argument("--no-overlay", action="store_true")
    arguments = parser.parse_args()

    part = "check_no_overlay" if arguments.no_overlay else "check"
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder, context.Pool(1) as pool:
        once = as_hd(arguments.clip, Path(folder) / "once.mp4", 1080)
        long = loop(once, Path(folder) / "long.mp4", arguments.minutes * 60)
        run = pool.apply(measure, (part, once, long, arguments.model))
    print(
        json.dumps(
            {
                "part": part,
                "model": arguments.model,
                "minutes": arguments.minutes,
                "frames": int(run["frames"]),
                "fps": round(run["frames"] / run["seconds"], 1),
                "peak_rss_mb": round(run["peak_rss_mb"]),
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
