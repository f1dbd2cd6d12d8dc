"""What the lifter hears: a tone as the pelvis tucks, the count at lockout, a cue after the rep."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING

from hingecheck.live.tones import Mixer, Samples, Speaker, chime, click, tuck_tone

if TYPE_CHECKING:
    from typing import TextIO

__all__ = ["Sounds"]

SAPI = (
    "Add-Type -AssemblyName System.Speech;"
    "(New-Object System.Speech.Synthesis.SpeechSynthesizer).Speak([Console]::In.ReadToEnd())"
)

VOICES: dict[str, tuple[tuple[str, ...], ...]] = {
    "darwin": (("say", "-f", "-"),),
    "win32": (("powershell", "-NoProfile", "-NonInteractive", "-Command", SAPI),),
    "linux": (
        ("espeak-ng", "-v", "en", "--stdin"),
        ("espeak", "-v", "en", "--stdin"),
        ("spd-say", "--language", "en", "--wait", "--pipe-mode"),
    ),
}
"""Commands that speak what they read and end when it is said, best first; none of them asks the
network. On Windows and macOS the voice comes with the system."""

LONGEST_SPEECH_S = 15.0
"""A voice that takes longer is stuck."""

CLOSE_S = 2.0
"""Longest wait for a sound system that hangs."""

GET_TONES = "`pip install 'hingecheck[audio]'`"
GET_VOICE = "installing `espeak-ng`"


class _Job(IntEnum):
    """What waits for the worker, most urgent first; a newer one of a kind replaces the older."""

    BELL = 0
    COUNT = 1
    CUE = 2


class Sounds:
    """Tones and spoken cues; no call waits for anything to be heard.

    Tones begin within about 30 ms and replace one another. Spoken numbers and cues follow one
    another, the newest of each kind. Where there is no voice a cue is a chime; where there are no
    tones either, a tuck rings the terminal's bell.

    ```python
    with contextlib.closing(Sounds(note=print)) as sounds:
        sounds.tuck(14.0)
        sounds.counted(3)
        sounds.say("Hips back first.")
    ```

    Attributes:
        muted: Nothing is heard for now.
    """

    def __init__(
        self,
        *,
        tuck: bool = True,
        count: bool = True,
        voice: bool = True,
        note: Callable[[str], None],
        terminal: TextIO | None = None,
        system: str = "",
    ) -> None:
        """Begin; the loudspeaker is opened in the background.

        Args:
            tuck: Whether tucks are heard.
            count: Whether counted repetitions are heard.
            voice: Whether cues are heard, and numbers are spoken.
            note: Called at most once, from another thread, with one sentence: what is missing
                here and how to get it.
            terminal: Where to ring the bell for lack of tones; silence when it is no terminal.
            system: Sound system as `Speaker` takes it.
        """
        self.muted = False
        self._wants_tuck, self._wants_count, self._wants_voice = tuck, count, voice
        self._note, self._system = note, system
        self._terminal = terminal if terminal is not None and terminal.isatty() else None
        self._mixer = Mixer()
        self._speaker: Speaker | None = None
        self._voice: _Voice | None = None
        self._jobs: dict[_Job, Callable[[], None]] = {}
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="sounds", daemon=True)
        self._thread.start()

    def tuck(self, size_deg: float) -> None:
        """The pelvis begins to tuck: a tone, the higher the larger `size_deg`."""
        if self._wants_tuck and not self.muted:
            self._mixer.play(tuck_tone(size_deg))
            if self._speaker is None:
                self._ask(_Job.BELL, self._ring_bell)

    def counted(self, rep: int) -> None:
        """A repetition is complete: a click, and its number where there is a voice."""
        if self._wants_count and not self.muted:
            self._mixer.play(click())
            if self._wants_voice:
                self._ask(_Job.COUNT, lambda: self._speak(str(rep), instead=None))

    def say(self, text: str) -> None:
        """Speak one short cue."""
        if self._wants_voice and not self.muted:
            self._ask(_Job.CUE, lambda: self._speak(text, instead=chime()))

    def mute(self) -> bool:
        """Fall silent at once, or be heard again; returns whether it is silent now."""
        self.muted = not self.muted
        if self.muted:
            self._hush()
        return self.muted

    def close(self) -> None:
        """Stop at once, whatever is being said; a second call does nothing."""
        self.muted = self._closed = True
        self._hush()
        self._thread.join(CLOSE_S)

    def _hush(self) -> None:
        self._mixer.hush()
        with self._changed:
            self._jobs.clear()
            self._changed.notify()
        if self._voice is not None:
            self._voice.stop()

    def _ask(self, kind: _Job, job: Callable[[], None]) -> None:
        with self._changed:
            self._jobs[kind] = job
            self._changed.notify()

    def _run(self) -> None:
        self._open()
        while (job := self._next_job()) is not None:
            job()
        if self._speaker is not None:
            self._speaker.close()

    def _next_job(self) -> Callable[[], None] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._jobs or self._closed)
            return None if self._closed else self._jobs.pop(min(self._jobs))

    def _open(self) -> None:
        """Find out what can be heard here, and say once what is missing."""
        missing, ways = [], []
        try:
            self._speaker = Speaker(self._mixer, self._system)
        except ImportError:
            if self._wants_tuck or self._wants_count:
                missing.append("tones")
                ways.append(GET_TONES)
        except OSError:
            self._note(
                "No sound: this computer has no sound output. Connect a loudspeaker or headphones"
                " and start again."
            )
            return
        if self._wants_voice:
            self._voice = _find_voice()
            if self._voice is None:
                missing.append("spoken cues")
                ways.append(GET_VOICE)
        if missing:
            brings = "brings" if len(ways) == 1 else "bring"
            self._note(f"No {' and no '.join(missing)}: {' and '.join(ways)} {brings} them.")

    def _ring_bell(self) -> None:
        if self._speaker is None and self._terminal is not None:
            self._terminal.write("\a")
            self._terminal.flush()

    def _speak(self, text: str, instead: Samples | None) -> None:
        if self._voice is not None and not self._voice.speak(text, lambda: not self.muted):
            self._voice = None
            self._note("No spoken cues: this computer's voice does not answer.")
        if self._voice is None and instead is not None and not self.muted:
            self._mixer.play(instead)


class _Voice:
    """The system's voice: a command that speaks what it reads."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self._command = command
        self._process: subprocess.Popen[str] | None = None
        self._stopped = False
        self._lock = threading.Lock()

    def speak(self, text: str, wanted: Callable[[], bool]) -> bool:
        """Say `text` if it is still wanted and wait for its end; whether the voice works."""
        with self._lock:
            if not wanted():
                return True
            self._stopped = False
            try:
                self._process = subprocess.Popen(
                    self._command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    text=True,
                    encoding="utf-8",
                )
            except OSError:
                return False
        try:
            self._process.communicate(f"{text}\n", timeout=LONGEST_SPEECH_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
        return self._process.returncode == 0 or self._stopped

    def stop(self) -> None:
        """Fall silent in the middle of a word."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                self._process.terminate()


def _find_voice() -> _Voice | None:
    for command in VOICES.get(sys.platform, VOICES["linux"]):
        if shutil.which(command[0]):
            return _Voice(command)
    return None
