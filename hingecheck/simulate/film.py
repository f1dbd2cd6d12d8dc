"""From a scene and a motion to an H.264 file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from hingecheck.simulate.anatomy import pose
from hingecheck.simulate.motion import Motion
from hingecheck.simulate.quality import Quality, degrade
from hingecheck.simulate.render import Camera, Renderer, Scene
from hingecheck.simulate.truth import write_truth

__all__ = ["simulate_clip"]

# Flat renders are cleaner than any phone: even a good one has a little noise.
_GOOD_PHONE = Quality()


def simulate_clip(
    scene: Scene,
    motion: Motion,
    path: Path,
    crf: int = 23,
    quality: Quality = _GOOD_PHONE,
    progress: Callable[[float], None] | None = None,
) -> None:
    """Film a motion into `path` (mp4) and write its truth beside it.

    `progress` is told the share of the frames that is drawn, 0..1.
    """
    postures = [pose(scene.lifter, angles) for angles in motion.frames]
    rng = np.random.default_rng(0)

    def frames() -> Iterator[NDArray[np.uint8]]:
        for drawn, posture in enumerate(postures, start=1):
            yield degrade(renderer.draw(posture), quality, rng)
            if progress is not None:
                progress(drawn / len(postures))

    with Renderer(scene) as renderer:
        _encode(frames(), path, scene.camera, motion.plan.fps, crf)
    write_truth(path.with_suffix(""), motion, postures, scene.lifter, scene.camera)


def _encode(
    frames: Iterable[NDArray[np.uint8]], path: Path, camera: Camera, fps: float, crf: int
) -> None:
    rate = Fraction(fps).limit_denominator(1001)
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.width, stream.height = camera.width_px, camera.height_px
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": str(crf), "preset": "medium"}
        for image in frames:
            for packet in stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
