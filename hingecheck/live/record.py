"""Record a running set so that the film survives whatever ends the program."""

from __future__ import annotations

import contextlib
import os
import queue
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Self

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace

from hingecheck.clip.encode import TIME_BASE, create_file, open_h264, output_error

if TYPE_CHECKING:
    from av.container import OutputContainer
    from numpy.typing import NDArray

    from hingecheck.live.records import Picture

__all__ = ["Recorder"]

CODER = {"preset": "ultrafast", "crf": "23", "tune": "zerolatency", "threads": "1"}
"""Measured on two 720p gym clips at 30 frames a second, core-milliseconds a frame, Mbit/s and
PSNR: ultrafast 2.3-3.1, 2.7-5.8 and 45-50 dB; superfast 3.9-4.7, 1.9-2.8 and 45-49; veryfast 7
and up. Disk is cheaper than the cores MediaPipe needs. Without `zerolatency` superfast holds back
frames for its B-frames, and those would be lost in a kill."""

FRAGMENT_S = 0.25
"""How much a kill may cost, beside the pictures that wait for the encoder. An mp4 in fragments
that becomes an ordinary one, its index in one place, when it is closed (`hybrid_fragmented`).
Seconds lost to `kill -9`, four kills each: this 0.10-0.27; fragments from key frame to key frame
0.20-0.97; Matroska with clusters of half a second 0.13-0.40, and it would be the second kind of
file to look after. A fragment for every frame loses 0.03, but writes six times as often."""

PICTURES_WAITING = 8
"""Pictures waiting for the encoder at most, a quarter of a second and 22 MB at 720p; memory of
that size is taken at the start and never more."""

COLUMNS, ROWS = 2, 4
"""Sizes are whole multiples of these: yuv420p asks for even ones, and PyAV 18 takes the height of
a picture in one block of that kind for a multiple of four."""

LOOK_AFTER_S = 1.0
"""How often to see whether the file is still where it was: a folder that is deleted takes what is
written into it along, without any error."""


class Recorder:
    """An mp4 of what a camera shows, playable up to the last quarter second if it is cut short.

    ```python
    with Recorder("set.mp4", 1280, 720, mean_fps=30) as recorder:
        for frame in camera:
            recorder.add(frame.rgb, frame.time_s)
    ```

    Encoding happens in a thread of its own. Whoever adds pictures is never kept waiting: when the
    encoder falls behind, pictures are left out and counted. When writing fails, recording ends,
    what there is stays, and `problem` says so; nothing is raised. Leaving the `with` block by an
    exception keeps the film too.

    Attributes:
        path: Where the film goes.
        start_s: Time of its first picture on the source's clock, 0 in the film; NaN before it.
        written: Pictures encoded so far.
        dropped: Pictures left out because the encoder was behind.
        problem: Why recording has ended early, one sentence; None while all is well.
    """

    def __init__(
        self, path: str | os.PathLike[str], width_px: int, height_px: int, mean_fps: float
    ) -> None:
        """Start a film.

        Args:
            path: The file to create or replace.
            width_px: Width of the pictures; the last column of an odd one is left out.
            height_px: Height; up to three last rows are left out to make it a multiple of four.
            mean_fps: Roughly how many pictures a second; times come with each picture.

        Raises:
            OutputError: The file cannot be created there.
        """
        if width_px < COLUMNS or height_px < ROWS or not mean_fps > 0:
            raise ValueError(
                f"expected a size and a positive rate, got {width_px}x{height_px} at {mean_fps}"
            )
        self.path = Path(path)
        self.start_s = float("nan")
        self.written = 0
        self.dropped = 0
        self.problem: str | None = None
        self._size_px = width_px - width_px % COLUMNS, height_px - height_px % ROWS
        self._mean_fps = mean_fps
        self._duration = max(1, round(1 / (mean_fps * TIME_BASE)))
        self._last_tick = -1
        self._written_s = 0.0
        self._closed = False
        create_file(self.path)
        self._free: queue.SimpleQueue[NDArray[np.uint8]] = queue.SimpleQueue()
        self._waiting: queue.SimpleQueue[tuple[NDArray[np.uint8], int] | None] = queue.SimpleQueue()
        for _ in range(PICTURES_WAITING):
            self._free.put(np.full((self._size_px[1], self._size_px[0], 3), 0, np.uint8))
        self._thread = threading.Thread(
            target=self._run, name=f"record {self.path.name}", daemon=True
        )
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, rgb: Picture, time_s: float) -> None:
        """Record a picture, or count it as dropped; its pixels are copied before this returns.

        A picture of another size, from a camera that came back with other settings, is scaled
        into the film with black beside it. One that is not later than the picture before is
        dropped.

        Args:
            rgb: (height, width, 3) uint8.
            time_s: When it was taken, in seconds on the source's clock.
        """
        if self._closed or self.problem is not None:
            return
        if self._last_tick < 0:
            self.start_s = time_s
        tick = round((time_s - self.start_s) / TIME_BASE)
        try:
            if tick <= self._last_tick:
                raise queue.Empty
            picture = self._free.get_nowait()
        except queue.Empty:
            self.dropped += 1
            return
        self._last_tick = tick
        _fit(rgb, picture)
        self._waiting.put((picture, tick))

    def close(self) -> None:
        """Encode what is waiting and finish the film; a second call does nothing.

        A film without a single picture is removed.
        """
        if self._closed:
            return
        self._closed = True
        self._waiting.put(None)
        self._thread.join()
        if self.written == 0:
            with contextlib.suppress(OSError):
                self.path.unlink()

    def _run(self) -> None:
        try:
            # Not before there is a picture: closing an empty file of this kind crashes FFmpeg.
            if (first := self._waiting.get()) is not None:
                with contextlib.closing(self._open()) as container:
                    self._encode_all(container, first)
                self._look_after()
        except FileNotFoundError:
            self._stop_for(f"{self.path}: was moved or deleted meanwhile.")
        except Exception as error:
            self._stop_for(str(output_error(self.path, error)))

    def _stop_for(self, why: str) -> None:
        self.problem = f"Recording stopped after {self._written_s:.0f} s. {why}"

    def _open(self) -> OutputContainer:
        container, _ = open_h264(
            self.path,
            self._size_px,
            self._mean_fps,
            {**CODER, "g": str(max(1, round(self._mean_fps)))},
            {
                "movflags": "+hybrid_fragmented",
                "frag_duration": str(round(FRAGMENT_S * 1e6)),
                "flush_packets": "1",
            },
            Colorspace.ITU601,
        )
        return container

    def _encode_all(
        self, container: OutputContainer, item: tuple[NDArray[np.uint8], int] | None
    ) -> None:
        stream = container.streams.video[0]
        width_px, height_px = self._size_px
        yuv = np.empty((height_px * 3 // 2, width_px), np.uint8)
        looked = 0
        while item is not None:
            picture, tick = item
            # OpenCV's conversion takes 0.3 core-milliseconds at 720p, FFmpeg's 1.4.
            cv2.cvtColor(picture, cv2.COLOR_RGB2YUV_I420, dst=yuv)
            self._free.put(picture)
            frame = VideoFrame.from_numpy_buffer(yuv, format="yuv420p")
            frame.pts, frame.time_base, frame.duration = tick, TIME_BASE, self._duration
            container.mux(stream.encode(frame))
            self.written += 1
            self._written_s = float(tick * TIME_BASE)
            if (tick - looked) * TIME_BASE > LOOK_AFTER_S:
                looked = tick
                self._look_after()
            item = self._waiting.get()
        container.mux(stream.encode(None))

    def _look_after(self) -> None:
        if not self.path.exists():
            raise FileNotFoundError


def _fit(rgb: Picture, picture: NDArray[np.uint8]) -> None:
    """Copy `rgb` into `picture`, scaled and with black beside it where the sizes differ."""
    height, width = picture.shape[:2]
    if 0 <= rgb.shape[0] - height < ROWS and 0 <= rgb.shape[1] - width < COLUMNS:
        np.copyto(picture, rgb[:height, :width])
        return
    scale = min(width / rgb.shape[1], height / rgb.shape[0])
    w, h = min(width, round(rgb.shape[1] * scale)), min(height, round(rgb.shape[0] * scale))
    left, top = (width - w) // 2, (height - h) // 2
    picture.fill(0)
    picture[top : top + h, left : left + w] = cv2.resize(rgb, (w, h))
