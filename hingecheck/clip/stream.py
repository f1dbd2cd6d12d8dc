"""A network camera's pictures, each in the size it was sent in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

import av
import av.error
import numpy as np
from av.video.reformatter import VideoReformatter

from hingecheck.clip.network import reached_directly, why_silent
from hingecheck.clip.open import video_stream
from hingecheck.errors import ClipError

if TYPE_CHECKING:
    from av.video.frame import VideoFrame
    from numpy.typing import NDArray

__all__ = ["OPEN_TIMEOUT_S", "READ_TIMEOUT_S", "NetworkStream"]

OPEN_TIMEOUT_S = 5.0
READ_TIMEOUT_S = 3.0
"""A network camera that is silent for so long is given up. Probing an RTSP stream takes about a
second (measured); between two pictures even a poor wireless network needs less than a second."""

OPTIONS = {"rtsp_flags": "prefer_tcp"}
"""A picture with packets missing is smeared; over UDP they go missing without a word."""


class NetworkStream:
    """A connection to a network camera.

    A phone that is turned sends pictures of another size over the same connection. OpenCV squashes
    them to the size of the first; here each keeps its own.

    Attributes:
        size_px: Width and height of the picture grabbed last.
        fps: NaN: FFmpeg makes up 25 a second for a stream of JPEGs, whatever comes.
    """

    fps = float("nan")

    def __init__(self, address: str) -> None:
        """Connect within `OPEN_TIMEOUT_S`, besides looking up the camera's name.

        Args:
            address: RTSP or HTTP(S).

        Raises:
            ClipError: Nothing there sends a video.
        """
        try:
            with reached_directly(address):
                self._container = av.open(
                    address,
                    mode="r",
                    metadata_errors="replace",
                    container_options=OPTIONS,
                    timeout=(OPEN_TIMEOUT_S, READ_TIMEOUT_S),
                )
        except (av.error.FFmpegError, ValueError):
            raise ClipError(why_silent(address)) from None
        try:
            stream = video_stream(self._container, "stream")
        except ClipError:
            self._container.close()
            raise ClipError(why_silent(address)) from None
        # Each further decoder thread would hold one more picture back: 33 ms (measured, H.264).
        stream.thread_count = 1
        self.size_px = stream.width, stream.height
        self._stream = stream
        self._pictures = self._decoded()
        self._grabbed: VideoFrame | None = None
        self._painter = VideoReformatter()

    def close(self) -> None:
        """Hang up."""
        self._container.close()

    def grab(self) -> bool:
        """Wait for the next picture; False when the camera has fallen silent or hung up."""
        self._grabbed = next(self._pictures, None)
        if self._grabbed is None:
            return False
        across, down = self._grabbed.width, self._grabbed.height
        self.size_px = (down, across) if self._quarter_turns % 2 else (across, down)
        return True

    def stamp_s(self) -> float:
        """NaN: a network's stamps may be made up."""
        return float("nan")

    def picture(self) -> NDArray[np.uint8] | None:
        """(height, width, 3) upright RGB of the picture grabbed last."""
        if self._grabbed is None:
            return None
        painted = self._painter.reformat(self._grabbed, format="rgb24", threads=1)
        rgb = cast("NDArray[np.uint8]", painted.to_ndarray())
        return np.require(np.rot90(rgb, self._quarter_turns), np.uint8, ["C", "W"])

    @property
    def _quarter_turns(self) -> int:
        """Counter-clockwise, until the picture grabbed last is upright."""
        return 0 if self._grabbed is None else self._grabbed.rotation // 90

    def _decoded(self) -> Iterator[VideoFrame]:
        """Pictures until the connection ends; damaged ones are left out."""
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
            except av.error.FFmpegError:
                return
            if packet is None:
                return
            try:
                yield from self._stream.decode(packet)
            except av.error.EOFError:
                return
            except av.error.FFmpegError:
                continue
