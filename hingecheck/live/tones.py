"""Short tones that say how far the pelvis tucked, and the loudspeaker that plays them."""

from __future__ import annotations

import atexit
import importlib
from collections import deque
from collections.abc import Generator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hingecheck.form.bands import THRESHOLD_DEG

__all__ = ["RATE_HZ", "Mixer", "Samples", "Speaker", "chime", "click", "tuck_tone"]

Samples = NDArray[np.float32]
"""(samples,) at `RATE_HZ`, from -1 to 1."""

RATE_HZ = 48_000
"""Samples a second: what sound cards run at, so that nothing has to be converted."""

LEVEL = 0.5
"""Highest sample: half of full scale (-6 dB), so that one tone may fade out under another without
clipping."""

LOW_DEG, HIGH_DEG = THRESHOLD_DEG, 30.0
LOW_HZ, HIGH_HZ = 440.0, 1320.0
"""A tuck that just counts sounds as A4, one of 30 degrees or more an octave and a fifth above:
3.7 degrees a whole tone. Laptop loudspeakers are weak below, and the ear is most sensitive above
(ISO 226), where it gets shrill."""

TUCK_S, FADE_IN_S, FADE_OUT_S = 0.25, 0.004, 0.08
"""Long enough for a clear pitch, over before the next phase of the repetition. Faster fades are
heard as clicks."""

CLICK_HZ, CLICK_S = 1760.0, 0.05
CHIME_HZ, CHIME_S = (660.0, 495.0), 0.14

PERIOD_MS = 10
"""The loudspeaker asks for so much at a time and holds three of them. Keeping it fed with silence
takes 1 % of a core; starting it anew for each tone would take longer than a tone may be late."""


def tuck_tone(size_deg: float) -> Samples:
    """A tone whose pitch rises with the size of a tuck, by equal intervals per degree.

    Args:
        size_deg: `tuck_deg`; sizes outside of 8 to 30 sound like these, NaN like the smallest.
    """
    share = (np.clip(np.nan_to_num(size_deg, nan=LOW_DEG), LOW_DEG, HIGH_DEG) - LOW_DEG) / (
        HIGH_DEG - LOW_DEG
    )
    return _note(float(LOW_HZ * (HIGH_HZ / LOW_HZ) ** share), TUCK_S, FADE_OUT_S)


def click() -> Samples:
    """A short high tick: a repetition has been counted."""
    return _note(CLICK_HZ, CLICK_S, CLICK_S - FADE_IN_S)


def chime() -> Samples:
    """Two falling notes, where no voice can say the cue: look at the screen."""
    return np.concatenate([_note(hz, CHIME_S, FADE_OUT_S) for hz in CHIME_HZ])


def _note(hz: float, length_s: float, fade_out_s: float) -> Samples:
    """A tone with a soft octave in it, faded in and out, (samples,) from -LEVEL to LEVEL."""
    time_s = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    wave = np.sin(2 * np.pi * hz * time_s) + 0.25 * np.sin(4 * np.pi * hz * time_s)
    edges = np.minimum(time_s / FADE_IN_S, (time_s[-1] - time_s) / fade_out_s)
    envelope = 0.5 - 0.5 * np.cos(np.pi * np.clip(edges, 0, 1))
    return np.asarray(LEVEL * envelope * wave / np.abs(wave).max(), np.float32)


class Mixer:
    """What the loudspeaker plays next: the newest tone, or silence.

    A tone that is still playing fades out under the new one; tones never wait for each other.
    `play` and `hush` may be called from any thread.
    """

    def __init__(self) -> None:
        self._next: deque[Samples] = deque(maxlen=1)
        self._now: Samples = np.zeros(0, np.float32)

    def play(self, samples: Samples) -> None:
        """Begin with `samples` at once."""
        self._next.append(samples)

    def hush(self) -> None:
        """Fade out."""
        self._next.append(np.zeros(0, np.float32))

    def render(self, count: int) -> Samples:
        """The next `count` samples; called by the loudspeaker alone."""
        if self._next:
            new = self._next.popleft()
            fading = self._now[: len(FADE)] * FADE[: len(self._now)]
            self._now = np.zeros(max(len(new), len(fading)), np.float32)
            self._now[: len(new)] = new
            self._now[: len(fading)] += fading
        samples = np.zeros(count, np.float32)
        part = self._now[:count]
        samples[: len(part)] = part
        self._now = self._now[count:]
        return samples


FADE: Samples = np.linspace(1, 0, round(0.005 * RATE_HZ), dtype=np.float32)
"""How a tone ends that is cut short."""


class Speaker:
    """This computer's sound output, playing what a mixer gives until it is closed.

    Through miniaudio (extra `audio`): wheels for Linux, macOS and Windows that bring all they
    need, where sounddevice, which comes with mediapipe, lacks PortAudio on Linux.
    """

    def __init__(self, mixer: Mixer, system: str = "") -> None:
        """Open it and begin.

        Args:
            mixer: Where samples come from.
            system: Sound system by its name in miniaudio ("pulseaudio", "alsa", "coreaudio",
                "wasapi", ..., "null" for one that nobody hears); whichever works when empty.

        Raises:
            ImportError: miniaudio is not installed.
            OSError: There is no sound output.
        """
        miniaudio = importlib.import_module("miniaudio")
        silent = miniaudio.Backend.NULL
        audible = [backend for backend in miniaudio.Backend if backend is not silent]
        try:
            self._device: Any = miniaudio.PlaybackDevice(
                output_format=miniaudio.SampleFormat.FLOAT32,
                nchannels=1,
                sample_rate=RATE_HZ,
                buffersize_msec=PERIOD_MS,
                # Left to itself it ends with the null device, and plays to nobody.
                backends=[miniaudio.Backend[system.upper()]] if system else audible,
                app_name="hingecheck",
            )
            feed = _feed(mixer)
            next(feed)
            self._device.start(feed)
        except miniaudio.MiniaudioError as error:
            raise OSError(f"no sound output ({error})") from error
        # A device that still plays while the interpreter goes away never lets it go.
        atexit.register(self.close)

    def close(self) -> None:
        """Stop; a second call does nothing."""
        self._device.close()
        atexit.unregister(self.close)


def _feed(mixer: Mixer) -> Generator[Samples, int, None]:
    count = yield np.zeros(0, np.float32)
    while True:
        count = yield mixer.render(count)
