"""Write drawn frames as an H.264 file that plays anywhere, with real timing and the sound."""

from __future__ import annotations

import contextlib
import os
import queue
import threading
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, cast

import av
import av.error
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from hingecheck.clip.cores import cores
from hingecheck.clip.encode import TIME_BASE, create_file, describe, open_h264, output_error
from hingecheck.clip.sound import Sound
from hingecheck.errors import ClipError, OutputError

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

__all__ = ["ClipWriter"]

PRESET = "superfast"
"""Measured on a 720p gym clip at crf 20, core-milliseconds a frame (2 more go into the copy and
the conversion) and Mbit/s: ultrafast 3 and 3.3, superfast 5 and 1.8, veryfast 7 and 0.9, faster
14 and 1.2."""

FRAMES_BEHIND = 4
"""Drawn frames waiting for the encoder at most: 11 MB at 720p."""

ENCODER_THREADS = 2
"""The encoder runs beside drawing and decoding; more threads only take cores from them."""


class ClipWriter:
    """An mp4 being written: H.264, yuv420p, BT.709, index in front, real time stamps.

    ```python
    with ClipWriter("overlay.mp4", 1280, 720, mean_fps=30, sound_from=source) as writer:
        for frame in reader:
            writer.write(draw(frame.rgb), frame.time_s)
    ```

    Encoding happens in a thread of its own; with one core to use, each frame is encoded before
    the next is drawn. Leaving the `with` block by an exception removes
    the unfinished file, and so does any failure to write.

    Attributes:
        path: Where the file goes.
        warnings: What went wrong with the sound; complete after `close`.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        width_px: int,
        height_px: int,
        mean_fps: float,
        sound_from: Path | None = None,
        crf: int = 20,
        preset: str = PRESET,
    ) -> None:
        """Start a file.

        Args:
            path: The file to create or replace.
            width_px: Width of the frames; an odd one is extended by a pixel.
            height_px: Height, likewise.
            mean_fps: Roughly how many frames a second; time stamps come with each frame.
            sound_from: Clip whose sound is carried over; one without sound is fine. `time_s` 0
                is taken to be its first frame shown.
            crf: Constant rate factor of x264, 0 (lossless) to 51.
            preset: Speed preset of x264.

        Raises:
            OutputError: The file cannot be created there.
        """
        if width_px < 1 or height_px < 1 or not mean_fps > 0:
            raise ValueError(
                f"expected a size and a positive rate, got {width_px}x{height_px} at {mean_fps}"
            )
        self.path = Path(path)
        self.warnings: list[str] = []
        self._size_px = width_px, height_px
        self._even_px = width_px + width_px % 2, height_px + height_px % 2
        self._mean_fps = mean_fps
        self._in_turn = cores() == 1
        threads = 1 if self._in_turn else ENCODER_THREADS
        self._options = {"preset": preset, "crf": str(crf), "threads": str(threads)}
        self._last_tick = -1
        self._frames = 0
        self._closed = False
        self._seen_last = False
        self._taken = False
        self._failure: BaseException | None = None
        if sound_from is not None and self.path.exists() and self.path.samefile(sound_from):
            raise OutputError(f"{self.path}: is the clip itself. Choose another file to write.")
        create_file(self.path)
        self._sound = self._find_sound(sound_from)
        self._container, self._stream = self._start()
        self._drawn: queue.Queue[VideoFrame | None] = queue.Queue(maxsize=FRAMES_BEHIND)
        self._thread = threading.Thread(
            target=self._run, name=f"encode {self.path.name}", daemon=True
        )
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()

    def write(self, rgb: NDArray[np.uint8], time_s: float) -> None:
        """Add a frame; its pixels are copied before this returns.

        Args:
            rgb: (height, width, 3) uint8.
            time_s: When it is shown, in seconds; later than the frame before.

        Raises:
            OutputError: Writing has failed, for instance because the disk is full.
            ValueError: Wrong shape, or a time that does not move forward.
        """
        if self._closed:
            raise ValueError(f"{self.path.name}: the writer is closed")
        self._raise_failure()
        width_px, height_px = self._size_px
        if rgb.shape != (height_px, width_px, 3) or rgb.dtype != np.uint8:
            raise ValueError(
                f"expected uint8 {(height_px, width_px, 3)}, got {rgb.dtype} {rgb.shape}"
            )
        tick = round(time_s / TIME_BASE)
        if tick <= self._last_tick:
            raise ValueError(f"time {time_s} s does not come after the frame before")
        if self._even_px != self._size_px:
            rgb = np.pad(rgb, ((0, height_px % 2), (0, width_px % 2), (0, 0)), mode="edge")
        frame = VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
        frame.pts = tick
        frame.time_base = TIME_BASE
        frame.duration = max(1, round(1 / (self._mean_fps * TIME_BASE)))
        self._last_tick = tick
        self._frames += 1
        self._drawn.put(frame)
        if self._in_turn:
            self._drawn.join()

    def close(self) -> None:
        """Encode what is waiting and finish the file; a second call does nothing.

        Raises:
            OutputError: The file could not be completed, or no frame was written; nothing is
                left behind.
        """
        if self._closed:
            return
        self._stop_thread()
        self._raise_failure()
        if self._frames == 0:
            self._remove()
            raise OutputError(f"{self.path}: not written, because no frame was drawn.")

    def abandon(self) -> None:
        """Stop at once and remove the unfinished file."""
        if self._closed:
            return
        self._failure = self._failure or OutputError(f"{self.path}: abandoned")
        with contextlib.suppress(queue.Empty):
            while True:
                self._drawn.get_nowait()
        self._stop_thread()
        self._remove()

    def _stop_thread(self) -> None:
        self._closed = True
        self._drawn.put(None)
        self._thread.join()

    def _raise_failure(self) -> None:
        if self._failure is None:
            return
        if not self._closed:
            self._stop_thread()
        self._remove()
        if isinstance(self._failure, (av.error.FFmpegError, OSError)):
            raise output_error(self.path, self._failure) from self._failure
        raise self._failure

    def _remove(self) -> None:
        with contextlib.suppress(OSError):
            if self.path.is_symlink() or self.path.is_file():
                self.path.unlink()

    def _find_sound(self, source: Path | None) -> Sound | None:
        if source is None:
            return None
        try:
            return Sound(Path(source))
        except LookupError:
            return None
        except (ClipError, av.error.FFmpegError) as error:
            self.warnings.append(f"written without sound: {error}")
            return None

    def _start(self) -> tuple[OutputContainer, VideoStream]:
        try:
            return self._open_container()
        except (av.error.FFmpegError, ValueError) as error:
            if self._sound is None or isinstance(error, OSError):
                if self._sound is not None:
                    self._sound.close()
                self._remove()
                raise output_error(self.path, error) from error
            self._drop_sound(error)
        return self._start()

    def _open_container(self) -> tuple[OutputContainer, VideoStream]:
        container, stream = open_h264(
            self.path, self._even_px, self._mean_fps, self._options, {"movflags": "+faststart"}
        )
        try:
            if self._sound is not None:
                self._sound.add_to(container)
            container.start_encoding()
        except BaseException:
            with contextlib.suppress(av.error.FFmpegError, OSError):
                container.close()
            raise
        return container, stream

    def _drop_sound(self, why: Exception) -> None:
        if self._sound is not None:
            self._sound.close()
            self._sound = None
            self.warnings.append(f"the sound could not be carried over ({describe(why)})")

    def _run(self) -> None:
        try:
            self._encode_all()
        except BaseException as error:
            self._failure = self._failure or error
        try:
            self._container.close()
        except (av.error.FFmpegError, OSError) as error:
            self._failure = self._failure or error
        if self._sound is not None:
            if self._sound.damaged:
                self.warnings.append(f"left out {self._sound.damaged} damaged pieces of sound")
            self._sound.close()
        while not self._seen_last:  # nobody may wait on a full queue for a failed thread
            self._seen_last = self._next() is None

    def _encode_all(self) -> None:
        reformatter = VideoReformatter()
        end_s = 0.0
        while (frame := self._next()) is not None:
            if self._failure is not None:
                return
            end_s = float((cast(int, frame.pts) + frame.duration) * TIME_BASE)
            stored = reformatter.reformat(
                frame,
                format="yuv420p",
                dst_colorspace=Colorspace.ITU709,
                dst_color_range=ColorRange.MPEG,
                interpolation=Interpolation.AREA,
                threads=1,
            )
            stored.pts, stored.time_base = frame.pts, TIME_BASE
            stored.duration = frame.duration
            self._mux(stored)
        self._seen_last = True
        if self._frames and self._failure is None:
            self._mux(None)
            self._carry_sound(end_s)

    def _next(self) -> VideoFrame | None:
        """Wait for a frame; the one before it is done with."""
        if self._taken:
            self._drawn.task_done()
        self._taken = True
        return self._drawn.get()

    def _mux(self, frame: VideoFrame | None) -> None:
        for packet in self._stream.encode(frame):
            self._carry_sound(float(cast(int, packet.dts) * packet.time_base))
            self._container.mux(packet)

    def _carry_sound(self, until_s: float) -> None:
        while self._sound is not None:
            try:
                packet = self._sound.next_before(until_s)
            except (av.error.FFmpegError, ValueError) as error:
                self._drop_sound(error)
                return
            if packet is None:
                return
            try:
                self._container.mux(packet)
            except (av.error.ArgumentError, av.error.InvalidDataError) as error:
                self._drop_sound(error)
