"""How much of bare MediaPipe's speed a whole check keeps.

    python benchmarks/speed.py sample_videos/rdl_butt_wink.mp4

Prints JSON: frames per second of (a) MediaPipe alone on frames that are already decoded and
resized, (b) a check without overlay, (c) a check with it, each from the file to the finished
result folder; and the ratios b/a and c/a. (a) is measured in the mode that a check uses, every
picture searched afresh, and in the cheaper tracking mode (`ratio_to_video`). Every measurement
runs in a process of its own, after a warm-up on the clip's first second; with several repeats
they take turns, and the median counts.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

from footage import cut

from hingecheck import __version__

LONG_SIDE_PX = 960
"""Size a check shows MediaPipe at most."""

HELD_FRAMES = 150
"""Decoded frames kept at once, about 230 MB at 960 x 540; longer clips play them to and fro."""

PACKAGES = ("mediapipe", "opencv-contrib-python", "av", "numpy")


def main() -> None:
    """Parse the command line, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clip", type=Path)
    parser.add_argument("--model", choices=("lite", "full", "heavy"), default="full")
    parser.add_argument("--repeats", type=int, default=1, help="of the whole measurement")
    parser.add_argument("--seconds", type=float, help="use only the clip's first seconds")
    arguments = parser.parse_args()
    if not arguments.clip.is_file():
        parser.error(f"{arguments.clip}: no such file")

    with tempfile.TemporaryDirectory() as folder:
        clip = arguments.clip
        if arguments.seconds:
            clip = cut(clip, Path(folder) / "clip.mp4", arguments.seconds)
        warm_up = cut(clip, Path(folder) / "warm_up.mp4", 1.0)
        runs: dict[str, list[dict[str, float]]] = {name: [] for name in PARTS}
        for _ in range(arguments.repeats):
            for name in PARTS:
                runs[name].append(_in_own_process(name, warm_up, clip, arguments.model))
    print(json.dumps(_report(arguments, runs), indent=2))


def bare_mediapipe(clip: Path, model: str, video: bool = False) -> tuple[int, float]:
    """Frames shown to a landmarker and the seconds it took; decoding is not counted."""
    import mediapipe as mp
    from mediapipe.tasks.python.core.base_options import BaseOptions
    from mediapipe.tasks.python.vision import PoseLandmarker, PoseLandmarkerOptions, RunningMode

    from hingecheck.clip import ClipReader
    from hingecheck.pose.models import PoseModel, find_bundle
    from hingecheck.pose.privacy import trust_nobody

    pictures = []
    with ClipReader(clip, long_side_px=LONG_SIDE_PX) as reader:
        frames, fps = reader.info.frames, reader.info.mean_fps
        for frame in reader:
            pictures.append(frame.rgb)
            if len(pictures) == HELD_FRAMES:
                break
    options = PoseLandmarkerOptions(
        base_options=trust_nobody(BaseOptions)(
            model_asset_path=str(find_bundle(PoseModel(model)).path)
        ),
        running_mode=RunningMode.VIDEO if video else RunningMode.IMAGE,
        num_poses=1,
        output_segmentation_masks=True,
    )
    there_and_back = [*pictures, *pictures[-2:0:-1]]
    with PoseLandmarker.create_from_options(options) as landmarker:
        start = time.perf_counter()
        for number in range(frames):
            rgb = there_and_back[number % len(there_and_back)]
            image = mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb)
            if video:
                landmarker.detect_for_video(image, round(number * 1000 / fps))
            else:
                landmarker.detect(image)
        return frames, time.perf_counter() - start


def bare_mediapipe_video(clip: Path, model: str) -> tuple[int, float]:
    """The same in VIDEO mode, which tracks from frame to frame."""
    return bare_mediapipe(clip, model, video=True)


def check_only(clip: Path, model: str, overlay: bool = False) -> tuple[int, float]:
    """Frames checked and the seconds from the file to the finished result folder."""
    import hingecheck

    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        result = hingecheck.check(clip, out=Path(folder) / "result", model=model, overlay=overlay)
        return result.clip.frames, time.perf_counter() - start


def check_and_draw(clip: Path, model: str) -> tuple[int, float]:
    """The same with overlay.mp4."""
    return check_only(clip, model, overlay=True)


PARTS: dict[str, Callable[[Path, str], tuple[int, float]]] = {
    "mediapipe": bare_mediapipe,
    "mediapipe_video": bare_mediapipe_video,
    "check_no_overlay": check_only,
    "check": check_and_draw,
}


def _in_own_process(part: str, warm_up: Path, clip: Path, model: str) -> dict[str, float]:
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(measure, (part, warm_up, clip, model))


def measure(part: str, warm_up: Path, clip: Path, model: str) -> dict[str, float]:
    """Warm up, run one part, and tell its frames, seconds and the process's peak memory."""
    from hingecheck.cli.stderr import QuietLibraries
    from hingecheck.pose.privacy import seal_process

    seal_process()
    with QuietLibraries():
        PARTS[part](warm_up, model)
        frames, seconds = PARTS[part](clip, model)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak_bytes = peak if sys.platform == "darwin" else peak * 1024
    return {"frames": frames, "seconds": seconds, "peak_rss_mb": peak_bytes / 1e6}


def _report(arguments: argparse.Namespace, runs: dict[str, list[dict[str, float]]]) -> Any:
    fps = {
        name: statistics.median(run["frames"] / run["seconds"] for run in of_part)
        for name, of_part in runs.items()
    }
    return {
        "clip": arguments.clip.name,
        "frames": int(runs["check"][0]["frames"]),
        "model": arguments.model,
        "repeats": arguments.repeats,
        "fps": {name: round(value, 1) for name, value in fps.items()},
        "ratio": _ratios(fps, "mediapipe"),
        "ratio_to_video": _ratios(fps, "mediapipe_video"),
        "seconds": {
            name: [round(run["seconds"], 3) for run in of_part] for name, of_part in runs.items()
        },
        "peak_rss_mb": {
            name: round(max(run["peak_rss_mb"] for run in of_part))
            for name, of_part in runs.items()
        },
        "processor_cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "machine": platform.platform(),
        "python": platform.python_version(),
        "versions": {"hingecheck": __version__}
        | {name: metadata.version(name) for name in PACKAGES},
    }


def _ratios(fps: dict[str, float], to: str) -> dict[str, float]:
    return {name: round(fps[name] / fps[to], 3) for name in ("check_no_overlay", "check")}


if __name__ == "__main__":
    main()
