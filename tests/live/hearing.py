"""What a mixer gave to the loudspeaker, and when."""

from __future__ import annotations

import time

import numpy as np

from hingecheck.live.tones import RATE_HZ, Mixer, Samples

__all__ = ["Heard", "pitch_hz"]


class Heard(Mixer):
    """Remembers what the loudspeaker took.

    Attributes:
        parts: Every piece, silence included.
        began_s: When each sound was first handed over, on `time.perf_counter`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[Samples] = []
        self.began_s: list[float] = []
        self._silent = True

    def render(self, count: int) -> Samples:
        samples = super().render(count)
        sounds = bool(np.abs(samples).max() > 0)
        if sounds and self._silent:
            self.began_s.append(time.perf_counter())
        self._silent = not sounds
        self.parts.append(samples)
        return samples

    def everything(self) -> Samples:
        """All sound so far without the silence around it."""
        whole = np.concatenate([np.zeros(1, np.float32), *self.parts])
        loud = np.flatnonzero(whole)
        return whole[loud[0] : loud[-1] + 1] if len(loud) else whole[:0]


def pitch_hz(samples: Samples) -> float:
    """Where the spectrum is highest, to about 1 Hz."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), RATE_HZ))
    return float(spectrum.argmax())
