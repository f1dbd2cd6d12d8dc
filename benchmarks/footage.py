"""Clips for the benchmarks, made from a clip by copying its packets."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av

__all__ = ["as_hd", "cut", "loop"]

TICK = Fraction(1, 90_000)


def cut(source: Path, destination: Path, seconds: float) -> Path:
    """The first seconds of a clip's picture, not encoded again."""
    with av.open(str(source)) as read, av.open(str(destination), "w") as write:
        track = read.streams.video[0]
        copy = write.add_stream_from_template(track)
        for packet in read.demux(track):
            if packet.dts is None:
                continue
            if packet.time_base is not None and float(packet.dts * packet.time_base) > seconds:
                break
            packet.stream = copy
            write.mux(packet)
    return destination


def as_hd(source: Path, destination: Path, lines: int, fps: int = 30) -> Path:
    """A clip at 16:9 or 9:16 with so many lines, in the plainest H.264: no B frames."""
    long_px = lines * 16 // 9
    with av.open(str(source)) as read, av.open(str(destination), "w") as write:
        track = read.streams.video[0]
        tall = track.height > track.width
        encoded = write.add_stream("libx264", rate=fps, options={"preset": "fast", "bf": "0"})
        encoded.width, encoded.height = (lines, long_px) if tall else (long_px, lines)
        encoded.pix_fmt = "yuv420p"
        for number, frame in enumerate(read.decode(track)):
            large = frame.reformat(encoded.width, encoded.height, format="yuv420p")
            large.pts, large.time_base = number, Fraction(1, fps)
            write.mux(encoded.encode(large))
        write.mux(encoded.encode(None))
    return destination


def loop(source: Path, destination: Path, seconds: float) -> Path:
    """A clip played over and over for at least `seconds`, not encoded again.

    `source` must start with a key frame and hold no B frames, as `as_hd` writes it.
    """
    offset = 0
    with av.open(str(destination), "w") as write:
        copy = None
        while offset * TICK < seconds:
            with av.open(str(source)) as read:
                track = read.streams.video[0]
                copy = copy or write.add_stream_from_template(track)
                end = 0
                for packet in read.demux(track):
                    if packet.pts is None or packet.time_base is None:
                        continue
                    start = round(packet.pts * packet.time_base / TICK)
                    length = round((packet.duration or 0) * packet.time_base / TICK)
                    packet.time_base = TICK
                    packet.pts = packet.dts = offset + start
                    packet.duration = length
                    packet.stream = copy
                    write.mux(packet)
                    end = start + length
                offset += end
    return destination
