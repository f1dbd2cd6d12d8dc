"""Carry a clip's sound track over to a rewritten picture, in sync."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, cast

import av.audio
import av.error

from hingecheck.clip.open import codec_name, has_decoder, open_clip
from hingecheck.clip.probe import first_shown_s

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.packet import Packet

__all__ = ["Sound"]

COPIED_CODECS = frozenset({"aac", "mp3", "opus"})
"""Play in every browser inside mp4, so they are copied bit by bit; anything else becomes AAC."""

AAC_BITS_PER_S = 128_000

WARM_UP_PACKETS = 2
"""Packets kept from before time 0: an AAC decoder needs one to settle, and the container's edit
list hides them."""


class Sound:
    """The first readable sound track of a clip, moved so that the first frame shown is time 0.

    Attributes:
        copied: Whether packets are copied; otherwise they are decoded and encoded as AAC.
        damaged: Packets left out because they could not be read.
    """

    def __init__(self, source: Path) -> None:
        """Open `source`.

        Raises:
            ClipError: The file cannot be opened or shows no frame to be in sync with.
            LookupError: It has no sound track.
        """
        self.damaged = 0
        self._start_s = first_shown_s(source)
        self._container = open_clip(source)
        tracks = [track for track in self._container.streams.audio if has_decoder(track)]
        if not tracks:
            self.close()
            raise LookupError(f"{source.name} has no sound track")
        self._source = tracks[0]
        self.copied = codec_name(self._source) in COPIED_CODECS
        self._track: AudioStream | None = None
        self._waiting: Packet[AudioStream] | None = None
        self._packets: Iterator[Packet[AudioStream]] = iter(())

    def add_to(self, container: OutputContainer) -> None:
        """Declare the track in a container that is about to be written."""
        if self.copied:
            self._track = container.add_stream_from_template(self._source)
            # The tag of another container may mean nothing in mp4; let the muxer choose its own.
            self._track.codec_context.codec_tag = "\0\0\0\0"
            self._packets = self._copied_packets()
        else:
            rate = self._source.rate or 48_000
            self._track = container.add_stream("aac", rate=rate)
            self._track.codec_context.layout = "mono" if self._source.channels == 1 else "stereo"
            self._track.codec_context.bit_rate = AAC_BITS_PER_S
            self._packets = self._encoded_packets()

    def next_before(self, time_s: float) -> Packet[AudioStream] | None:
        """The next packet if it begins before `time_s`; None if it is later or there is none.

        Raises:
            av.error.FFmpegError: The rest of the track cannot be read.
        """
        packet = self._waiting or next(self._packets, None)
        self._waiting = packet
        if packet is None or float(cast(int, packet.pts) * packet.time_base) >= time_s:
            return None
        self._waiting = None
        return packet

    def close(self) -> None:
        """Release the source file."""
        self._container.close()

    def _copied_packets(self) -> Iterator[Packet[AudioStream]]:
        assert self._track is not None
        last: int | None = None
        for packet in self._container.demux(self._source):
            stamp = packet.pts if packet.pts is not None else packet.dts
            if packet.is_corrupt:
                self.damaged += 1
                continue
            if not packet.size or stamp is None:
                continue
            unit = packet.time_base
            stamp -= round(self._start_s / unit)
            lead = -WARM_UP_PACKETS * (packet.duration or 0)
            if stamp < lead or (last is not None and stamp <= last):
                continue
            last = stamp
            packet.pts = packet.dts = stamp
            packet.stream = self._track
            yield packet

    def _encoded_packets(self) -> Iterator[Packet[AudioStream]]:
        assert self._track is not None
        encoder = self._track.codec_context
        rate = encoder.sample_rate
        resampler = av.AudioResampler(format="fltp", layout=encoder.layout.name, rate=rate)
        next_sample: int | None = None
        for packet in itertools.chain(self._container.demux(self._source), (None,)):
            try:
                decoded = self._source.decode(packet)
            except av.error.EOFError:
                continue
            except av.error.InvalidDataError:
                self.damaged += 1
                continue
            for frame in decoded:
                if frame.pts is None or frame.time_base is None:
                    begin = next_sample or 0
                else:
                    begin = round((frame.pts * frame.time_base - self._start_s) * rate)
                if begin < 0:
                    continue
                frame.pts = None
                for part in resampler.resample(frame):
                    # A gap in the track becomes a gap in time; an overlap is played on.
                    part.pts = begin if next_sample is None else max(begin, next_sample)
                    part.time_base = Fraction(1, rate)
                    next_sample = begin = part.pts + part.samples
                    yield from self._track.encode(part)
        yield from self._track.encode(None)
