"""How a batch uses a machine's cores, beside the barest program that looks at every picture.

    python benchmarks/batch.py sample_videos/rdl_butt_wink.mp4

Makes clips of 720p out of the given one, all different in content, and prints JSON: pictures per
second of `hingecheck batch` with one worker and with one for each core, from the first clip begun
to the last result in place; `scaling`, the second over the number of cores times the first; and
the same of bare MediaPipe, one process for each core, in two forms. `bare_loop` is what one would
write to get landmarks and masks of a file and do nothing with them: OpenCV reads, MediaPipe looks
at each picture at its full size. `bare_inference` is MediaPipe alone, on pictures that are decoded
and shrunk already. All of them look at every picture afresh, as a check does.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import tempfile
import time
from pathlib import Path

from footage import as_hd, loop

from hingecheck.batch.batch import check_all
from hingecheck.batch.crew import LocalCrew, Told
from hingecheck.batch.records import Outcome
from hingecheck.batch.settings import Settings
from hingecheck.batch.sources import Found, Source
from hingecheck.clip.cores import cores
from hingecheck.overlay.film import Pictures
from hingecheck.pose.models import PoseModel

HELD_FRAMES = 100


class Stopwatch:
    """Times a run from its first clip to its last."""

    def __init__(self) -> None:
        self.begun_s = self.ended_s = 0.0

    def planned(self, found: Found, waiting: int) -> None:
        """Nothing to time yet."""

    def begun(self, source: Source) -> None:
        """The first one starts the clock."""
        self.begun_s = self.begun_s or time.perf_counter()

    def told(self, told: Told) -> None:
        """Nothing to time."""

    def again(self, outcome: Outcome, pause_s: float) -> None:
        """A benchmark with failures measures nothing."""
        raise RuntimeError(outcome.message)

    def ended(self, outcome: Outcome) -> None:
        """The last one stops it."""
        self.ended_s = time.perf_counter()


def main() -> None:
    """Parse the command line, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clip", type=Path)
    parser.add_argument("--clips", type=int, default=4, help="for each worker")
    parser.add_argument("--seconds", type=float, default=15.0, help="length of each clip")
    parser.add_argument("--model", choices=("lite", "full", "heavy"), default="full")
    parser.add_argument("--video", action="store_true", help="with overlays, stills, thumbnails")
    arguments = parser.parse_args()
    workers = cores()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        once = as_hd(arguments.clip, place / "once.mp4", 720)
        clip = loop(once, place / "clip.mp4", arguments.seconds)
        frames = _frames(clip)
        settings = Settings(
            model=PoseModel(arguments.model),
            pictures=Pictures(
                overlay=arguments.video, stills=arguments.video, thumbnail=arguments.video
            ),
        )
        one = _batch_fps(clip, frames, arguments.clips, 1, settings, place / "one")
        many = _batch_fps(
            clip, frames, arguments.clips * workers, workers, settings, place / "many"
        )
        loops = _bare_fps(bare_loop, clip, arguments.model, workers)
        inference = _bare_fps(bare_inference, clip, arguments.model, workers)
    print(
        json.dumps(
            {
                "model": arguments.model,
                "pictures": arguments.video,
                "clip": {"frames": frames, "seconds": arguments.seconds, "clips": arguments.clips},
                "cores": workers,
                "fps": {
                    "one_worker": round(one, 2),
                    "worker_per_core": round(many, 2),
                    "bare_loop_per_core": round(loops, 2),
                    "bare_inference_per_core": round(inference, 2),
                },
                "scaling": round(many / (workers * one), 3),
                "ratio_to_bare_loop": round(many / loops, 3),
                "ratio_to_bare_inference": round(many / inference, 3),
                "clips_per_core_hour": round(3600 * many / workers / frames, 1),
                "load_before": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
                "machine": platform.platform(),
            },
            indent=2,
        )
    )


def _batch_fps(
    clip: Path, frames: int, clips: int, workers: int, settings: Settings, place: Path
) -> float:
    inputs = place / "in"
    inputs.mkdir(parents=True)
    content = clip.read_bytes()
    for number in range(clips):
        # A box that players skip makes each a clip of its own; of its own size, too.
        box = (8 + number).to_bytes(4, "big") + b"free" + bytes(number)
        (inputs / f"{number}.mp4").write_bytes(content + box)
    watch = Stopwatch()
    totals = check_all(
        [str(inputs)], place / "out", settings, lambda work: LocalCrew(workers, work), watch
    )
    if totals.checked != clips:
        raise RuntimeError(f"expected {clips} results, got {totals.checked}")
    return clips * frames / (watch.ended_s - watch.begun_s)


def _bare_fps(part: object, clip: Path, model: str, workers: int) -> float:
    context = multiprocessing.get_context("spawn")
    with context.Pool(workers) as pool:
        runs = pool.starmap(_alone, [(part, clip, model)] * workers, chunksize=1)
    return sum(frames / seconds for frames, seconds in runs)


def _alone(part: object, clip: Path, model: str) -> tuple[int, float]:
    from hingecheck.cli.stderr import QuietLibraries
    from hingecheck.pose.privacy import seal_process

    seal_process()
    with QuietLibraries():
        return part(clip, model)  # type: ignore[operator]


def bare_loop(clip: Path, model: str) -> tuple[int, float]:
    """Pictures of a file shown to MediaPipe, and the seconds it took."""
    import cv2
    import mediapipe as mp

    frames = 0
    video = cv2.VideoCapture(str(clip))
    with _landmarker(model) as landmarker:
        start = time.perf_counter()
        while True:
            found, bgr = video.read()
            if not found:
                break
            rgb = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
            landmarker.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb))
            frames += 1
        return frames, time.perf_counter() - start


def bare_inference(clip: Path, model: str) -> tuple[int, float]:
    """Pictures in memory shown to MediaPipe, and the seconds it took."""
    import mediapipe as mp

    from hingecheck.clip import ClipReader
    from hingecheck.pipeline import LOOK_PX

    with ClipReader(clip, LOOK_PX) as reader:
        frames = reader.info.frames
        pictures = [frame.rgb for frame, _ in zip(reader, range(HELD_FRAMES), strict=False)]
    with _landmarker(model) as landmarker:
        start = time.perf_counter()
        for number in range(frames):
            rgb = pictures[number % len(pictures)]
            landmarker.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb))
        return frames, time.perf_counter() - start


def _landmarker(model: str):
    from mediapipe.tasks.python.core.base_options import BaseOptions
    from mediapipe.tasks.python.vision import PoseLandmarker, PoseLandmarkerOptions, RunningMode

    from hingecheck.pose.models import find_bundle
    from hingecheck.pose.privacy import trust_nobody

    return PoseLandmarker.create_from_options(
        PoseLandmarkerOptions(
            base_options=trust_nobody(BaseOptions)(
                model_asset_path=str(find_bundle(PoseModel(model)).path)
            ),
            running_mode=RunningMode.IMAGE,
            num_poses=1,
            output_segmentation_masks=True,
        )
    )


def _frames(clip: Path) -> int:
    from hingecheck.clip import probe

    return probe(clip).frames


if __name__ == "__main__":
    main()
