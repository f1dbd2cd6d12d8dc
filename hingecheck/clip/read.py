"""Read a clip frame by frame: upright, 8-bit RGB, on its real clock."""

from __future__ import annotations

import heapq
import os
from collections.abc import Collection, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self, cast

import av.error
import numpy as np
from av.video.reformatter import Colorspace, Interpolation, VideoReformatter

from hingecheck.clip.ahead import Ahead
from hingecheck.clip.colour import BT2020_TO_BT709, tone_curve
from hingecheck.clip.cores import cores
from hingecheck.clip.open import is_cut_off, open_clip, video_stream
from hingecheck.clip.probe import ClipInfo, probe
from hingecheck.errors import ClipError

if TYPE_CHECKING:
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

__all__ = ["ClipReader", "Frame"]

FRAMES_AHEAD = 3
"""Decoded frames waiting at most: enough to hide a slow key frame behind inference, and 5 MB at
the 960 px we analyse."""

DECODER_MEMORY_BYTES = 400_000_000
MOST_DECODER_THREADS = 8
"""Frame threads each hold pictures of full size; at 8K sixteen of them would need a gigabyte."""

SHORT_BY_S = 0.25
"""Missing time at the end from which the warning is worth a person's attention; less is
rounding in the header of files that are whole."""

HD_HEIGHT_PX = 720
"""Players take untagged video of at least this height for BT.709 colour, and less for BT.601."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of a clip.

    Attributes:
        index: Number among the delivered frames, from 0.
        time_s: Real time stamp, in seconds since the first frame shown; strictly increasing.
        rgb: (height, width, 3) uint8, contiguous, upright, yours to draw on.
    """

    index: int
    time_s: float
    rgb: NDArray[np.uint8]


class ClipReader:
    """The frames of a clip, decoded in the background a few at a time where cores are free.

    ```python
    with ClipReader("squat.mov", long_side_px=960) as reader:
        for frame in reader:
            look(frame.rgb, frame.time_s)
        print(reader.warnings)
    ```

    Memory does not grow with the clip's length. Damaged pieces are left out and named in
    `warnings`. Each `for` loop starts at the beginning again.

    Attributes:
        info: What the clip is.
        scale: Delivered size over upright source size; 1 unless `long_side_px` makes it smaller.
        warnings: One sentence per kind of trouble; complete once a loop has ended.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        long_side_px: int | None = None,
        info: ClipInfo | None = None,
        only: Collection[int] | None = None,
    ) -> None:
        """Prepare to read `path`.

        Args:
            path: The video file.
            long_side_px: Deliver frames no longer than this; None keeps the source's size.
                Frames are never enlarged.
            info: The clip's `probe` result if you have it already.
            only: Numbers of the frames to deliver; the others are decoded, not converted, and
                reading ends with the last of them. None delivers all.

        Raises:
            ClipError: See `probe`.
        """
        if long_side_px is not None and long_side_px < 2:
            raise ValueError(f"long_side_px must be at least 2, got {long_side_px}")
        self.info = info if info is not None else probe(path)
        self.warnings: list[str] = []
        self._path = Path(path)
        self._only = None if only is None else frozenset(only)
        longest_px = max(self.info.width_px, self.info.height_px)
        self.scale = min(1.0, long_side_px / longest_px) if long_side_px else 1.0
        self._running: Ahead[Frame] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[Frame]:
        """Frames in order of time.

        Raises:
            ClipError: No frame decodes at all.
        """
        self.close()
        self.warnings = []
        if cores() == 1:
            yield from self._decode(self.warnings)
            return
        frames = Ahead(self._decode(self.warnings), FRAMES_AHEAD, f"decode {self.info.name}")
        self._running = frames
        try:
            yield from frames
        finally:
            frames.close()

    def close(self) -> None:
        """Stop decoding and release the file; safe to call twice."""
        if self._running is not None:
            self._running.close()
            self._running = None

    def _decode(self, warnings: list[str]) -> Generator[Frame, None, None]:
        picture = _Picture(self.info, self.scale)
        stamps = _Stamps(self.info)
        trouble = _Trouble()
        index = 0
        with open_clip(self._path) as container:
            stream = video_stream(container, self.info.name)
            stream.thread_type = "AUTO"
            stream.thread_count = _decoder_threads(self.info)
            with closing(_frames(container, stream, trouble)) as decoded:
                for raw in decoded:
                    time_s = stamps.next_s(raw)
                    if time_s is None:
                        continue
                    if self._only is None or index in self._only:
                        yield Frame(index, time_s, picture.upright_rgb(raw))
                    elif index > max(self._only, default=-1):
                        return
                    index += 1
        if index == 0:
            raise ClipError(
                f"{self.info.name}: no frame decodes ({_count(trouble.damaged, 'damaged piece')}). "
                "Copy or export the clip again."
            )
        warnings += _summary(self.info, trouble, stamps)


@dataclass(slots=True)
class _Trouble:
    """What went wrong while decoding.

    Attributes:
        damaged: Packets and pictures left out because they were damaged.
        broke_off: Whether the file could not be read to its end.
    """

    damaged: int = 0
    broke_off: bool = False


def _frames(
    container: av.container.InputContainer, stream: VideoStream, trouble: _Trouble
) -> Generator[VideoFrame, None, None]:
    """Every frame that decodes in full; the rest is counted."""
    packets = container.demux(stream)
    # An AVI stamps packets in the order they are decoded; with B-frames that is not the order
    # they are shown in, so there each frame shown takes the earliest stamp still waiting.
    restamp = container.format.name == "avi"
    waiting: list[int] = []
    while True:
        try:
            packet = next(packets, None)
        except av.error.FFmpegError:
            trouble.broke_off = True
            packet = None
        if packet is not None and packet.is_corrupt:
            # Cut short by the end of the file; fed to a decoder with several threads, it would
            # take the whole pictures still in flight down with it.
            trouble.damaged += 1
            continue
        if restamp and packet is not None and packet.pts is not None:
            heapq.heappush(waiting, packet.pts)
        try:
            decoded = stream.decode(packet)
        except av.error.EOFError:
            return
        except av.error.FFmpegError:
            trouble.damaged += 1
            decoded = []
        for frame in decoded:
            if waiting:
                frame.pts = heapq.heappop(waiting)
            if frame.is_corrupt:
                trouble.damaged += 1
            else:
                yield frame
        if packet is None:
            return


class _Stamps:
    """Puts frames on a clock that starts at the first frame shown and only runs forward."""

    def __init__(self, info: ClipInfo) -> None:
        self._start_s = info.start_s
        self._step_s = 1.0 / info.mean_fps
        self._tick_s = 1e-9
        self.last_s: float | None = None
        self.out_of_order = 0
        self.unstamped = 0

    def next_s(self, frame: VideoFrame) -> float | None:
        """Time of a frame, or None if it repeats or precedes one already shown."""
        stamp = frame.pts if frame.pts is not None else frame.dts
        if stamp is None or frame.time_base is None:
            self.unstamped += 1
            time_s = 0.0 if self.last_s is None else self.last_s + self._step_s
        else:
            time_s = float(stamp * frame.time_base) - self._start_s
            if frame.pts is None and self.last_s is None:
                self._start_s, time_s = self._start_s + time_s, 0.0
        if self.last_s is None and time_s < 0:
            time_s = 0.0
        if self.last_s is not None and time_s <= self.last_s + self._tick_s:
            self.out_of_order += 1
            return None
        self.last_s = time_s
        return time_s


class _Picture:
    """Turns decoded frames into upright RGB of the wanted size."""

    def __init__(self, info: ClipInfo, scale: float) -> None:
        self._turns = info.rotation_deg // 90
        width_px = max(1, round(info.width_px * scale))
        height_px = max(1, round(info.height_px * scale))
        if self._turns % 2:
            width_px, height_px = height_px, width_px
        self._stored_px = width_px, height_px
        self._curve = tone_curve(info.transfer) if info.transfer != "sdr" else None
        self._shrinker = VideoReformatter()
        self._painter = VideoReformatter()

    def upright_rgb(self, frame: VideoFrame) -> NDArray[np.uint8]:
        """(height, width, 3) uint8 copy of a frame."""
        # Area averaging is the sharpest without aliasing. Size first and colour afterwards: 0.8
        # core-ms a frame from 720p to 960 px where both at once take 2.6. One thread: the other
        # cores infer.
        width_px, height_px = self._stored_px
        untagged = int(frame.colorspace) not in _TAGGED_MATRICES
        scaled = self._shrinker.reformat(
            frame,
            width=width_px,
            height=height_px,
            interpolation=Interpolation.AREA,
            threads=1,
        )
        coloured = self._painter.reformat(
            scaled,
            format="rgb24",
            src_colorspace=(
                Colorspace.ITU709
                if untagged and min(frame.width, frame.height) >= HD_HEIGHT_PX
                else None
            ),
            threads=1,
        )
        rgb = cast("NDArray[np.uint8]", coloured.to_ndarray())
        if self._curve is not None:
            import cv2

            rgb = cast(
                "NDArray[np.uint8]", cv2.transform(cv2.LUT(rgb, self._curve), BT2020_TO_BT709)
            )
        if self._turns:
            import cv2

            # frame.rotation counts counter-clockwise, as numpy.rot90 does; OpenCV's copy is
            # ten times faster.
            turn = (cv2.ROTATE_90_COUNTERCLOCKWISE, cv2.ROTATE_180, cv2.ROTATE_90_CLOCKWISE)
            rgb = cast("NDArray[np.uint8]", cv2.rotate(rgb, turn[self._turns - 1]))
        return np.require(rgb, np.uint8, ["C", "W"])


_TAGGED_MATRICES = frozenset({1, 4, 5, 6, 7, 9, 10})
"""ITU-T H.273 table 4: the matrices swscale knows; 2 means nobody said."""


def _decoder_threads(info: ClipInfo) -> int:
    bytes_each = info.width_px * info.height_px * (3 if info.bit_depth > 8 else 1.5)
    affordable = int(DECODER_MEMORY_BYTES // (4 * bytes_each))
    return max(1, min(cores(), MOST_DECODER_THREADS, affordable))


def _summary(info: ClipInfo, trouble: _Trouble, stamps: _Stamps) -> list[str]:
    said: list[str] = []
    if trouble.damaged:
        said.append(f"{info.name}: left out {_count(trouble.damaged, 'damaged piece')} of video")
    if stamps.out_of_order:
        said.append(
            f"{info.name}: left out {_count(stamps.out_of_order, 'frame')} whose time stamp "
            "repeats or precedes an earlier one"
        )
    if stamps.unstamped:
        said.append(
            f"{info.name}: {_count(stamps.unstamped, 'frame')} without a time stamp, spaced at "
            f"{info.mean_fps:.3g} frames a second"
        )
    decoded_s = (stamps.last_s or 0.0) + 1.0 / info.mean_fps
    longest_s = max(info.declared_s, info.duration_s) if info.declared_s > 0 else info.duration_s
    if longest_s - decoded_s > SHORT_BY_S:
        said.append(
            f"{info.name}: decoded {decoded_s:.1f} s of {longest_s:.1f} s; the rest is cut off "
            "or damaged"
        )
    elif trouble.broke_off or is_cut_off(info.path):
        said.append(f"{info.name}: decoded {decoded_s:.1f} s; the file is cut off after that")
    return said


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
