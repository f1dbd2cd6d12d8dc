"""The lifter hears what can be heard here, nobody waits, and what is missing is said once."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from live.hearing import Heard, pitch_hz

import hingecheck.live.sound
from hingecheck.live.sound import Sounds
from hingecheck.live.tones import chime, click

linux = pytest.mark.skipif(sys.platform != "linux", reason="finds its voice on the PATH")


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """What the loudspeaker of the next `Sounds` plays."""
    pytest.importorskip("miniaudio")
    heard = Heard()
    monkeypatch.setattr(hingecheck.live.sound, "Mixer", lambda: heard)
    return heard


@pytest.fixture(autouse=True)
def no_voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No command of this machine can be found."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))


@pytest.fixture
def voice(tmp_path: Path) -> Callable[[str], Path]:
    """Installs a voice that writes down what it says, then does `afterwards`."""
    said = tmp_path / "said.txt"
    said.touch()

    def install(afterwards: str = ":") -> Path:
        command = tmp_path / "bin" / "espeak-ng"
        command.write_text(f"#!/bin/sh\n/bin/cat >> {said}\n{afterwards}\n")
        command.chmod(0o755)
        return said

    return install


class Notes(list[str]):
    def __call__(self, sentence: str) -> None:
        self.append(sentence)


@contextlib.contextmanager
def opened(sounds: Sounds, heard: Heard) -> Iterator[Sounds]:
    """Wait until the loudspeaker runs; close at the end."""
    with contextlib.closing(sounds):
        until(lambda: heard.parts)
        yield sounds


def until(done: Callable[[], object]) -> None:
    deadline = time.monotonic() + 10
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def worker_threads() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name == "sounds"]


def test_tuck_is_a_tone_whose_pitch_is_its_size(heard: Heard) -> None:
    with opened(Sounds(note=Notes(), system="null"), heard) as sounds:
        sounds.tuck(30.0)
        until(lambda: len(heard.everything()) > 11_000)
    assert pitch_hz(heard.everything()) == pytest.approx(1320, abs=4)


def test_tuck_is_handed_over_within_thirty_milliseconds(heard: Heard) -> None:
    called_s = []
    with opened(Sounds(note=Notes(), system="null"), heard) as sounds:
        for _ in range(10):
            called_s.append(time.perf_counter())
            sounds.tuck(12.0)
            time.sleep(0.32)
    late_s = np.array(heard.began_s) - called_s
    assert np.median(late_s) < 0.03


def test_counted_rep_clicks(heard: Heard) -> None:
    with opened(Sounds(note=Notes(), system="null"), heard) as sounds:
        sounds.counted(3)
        until(lambda: len(heard.everything()) > 2_300)
    assert heard.everything() == pytest.approx(np.trim_zeros(click()))


@linux
def test_number_and_cue_are_spoken_one_after_the_other(
    heard: Heard, voice: Callable[[str], Path]
) -> None:
    said = voice(":")
    notes = Notes()
    with opened(Sounds(note=notes, system="null"), heard) as sounds:
        sounds.say("Hips back first.")
        sounds.counted(3)
        until(lambda: said.read_text().count("\n") == 2)
        sounds.say("Brace before you bend - wait for it.")
        until(lambda: said.read_text().count("\n") == 3)
    lines = said.read_text().splitlines()
    assert sorted(lines[:2]) == ["3", "Hips back first."]
    assert lines[2] == "Brace before you bend - wait for it."
    assert notes == []


@linux
def test_newest_cue_replaces_those_that_wait(heard: Heard, voice: Callable[[str], Path]) -> None:
    said = voice("/bin/sleep 0.5")
    with opened(Sounds(note=Notes(), system="null"), heard) as sounds:
        sounds.say("one")
        until(lambda: said.read_text() == "one\n")
        for cue in ("two", "three", "four"):
            sounds.say(cue)
        sounds.counted(7)
        until(lambda: said.read_text().count("\n") == 3)
    assert said.read_text().splitlines() == ["one", "7", "four"]


@linux
def test_no_call_waits_for_the_voice(heard: Heard, voice: Callable[[str], Path]) -> None:
    voice("/bin/sleep 20")
    took_s = []
    sounds = Sounds(note=Notes(), system="null")
    with opened(sounds, heard):
        for rep in range(100):
            begin = time.perf_counter()
            sounds.tuck(8.0 + rep % 20)
            sounds.counted(rep)
            sounds.say("Hips back first.")
            took_s.append(time.perf_counter() - begin)
        begin = time.perf_counter()
    assert time.perf_counter() - begin < 1.5
    assert np.median(took_s) < 0.005
    assert worker_threads() == []


@linux
def test_mute_stops_in_the_middle_of_a_word(heard: Heard, voice: Callable[[str], Path]) -> None:
    said = voice("exec /bin/sleep 20")
    notes = Notes()
    with opened(Sounds(note=notes, system="null"), heard) as sounds:
        sounds.say("one")
        until(lambda: said.read_text() == "one\n")
        sounds.say("waits in vain")
        begin = time.perf_counter()
        assert sounds.mute()
        sounds.say("two")
        sounds.tuck(20.0)
        sounds.counted(1)
        time.sleep(0.3)
        assert not heard.everything().any()
        assert not sounds.mute()
        sounds.say("three")
        until(lambda: said.read_text() == "one\nthree\n")
        assert time.perf_counter() - begin < 5
    assert notes == []


@linux
def test_what_waited_before_a_mute_is_never_said(
    heard: Heard, voice: Callable[[str], Path]
) -> None:
    said = voice("exec /bin/sleep 20")
    with opened(Sounds(note=Notes(), system="null"), heard) as sounds:
        sounds.say("one")
        until(lambda: said.read_text() == "one\n")
        sounds.say("waits in vain")
        sounds.mute()
        sounds.mute()
        time.sleep(0.3)
    assert said.read_text() == "one\n"


@linux
def test_voice_that_fails_is_said_and_replaced_by_a_chime(
    heard: Heard, voice: Callable[[str], Path]
) -> None:
    voice("exit 1")
    notes = Notes()
    with opened(Sounds(note=notes, system="null"), heard) as sounds:
        sounds.say("one")
        until(lambda: len(heard.everything()) > 13_000)
        sounds.say("two")
        sounds.counted(2)
        time.sleep(0.2)
    assert notes == ["No spoken cues: this computer's voice does not answer."]


@linux
def test_without_a_voice_a_cue_is_a_chime(heard: Heard) -> None:
    notes = Notes()
    with opened(Sounds(note=notes, system="null"), heard) as sounds:
        sounds.say("Hips back first.")
        until(lambda: len(heard.everything()) > 13_000)
    assert heard.everything() == pytest.approx(np.trim_zeros(chime()))
    assert notes == ["No spoken cues: installing `espeak-ng` brings them."]


@pytest.mark.parametrize("off", ["tuck", "count", "voice"])
def test_each_sound_can_be_switched_off(heard: Heard, off: str) -> None:
    sounds = Sounds(
        tuck=off != "tuck",
        count=off != "count",
        voice=off != "voice",
        note=Notes(),
        system="null",
    )
    with opened(sounds, heard):
        for name, make in {
            "tuck": lambda: sounds.tuck(15),
            "count": lambda: sounds.counted(1),
            "voice": lambda: sounds.say("Hips back first."),
        }.items():
            before = len(heard.everything())
            make()
            time.sleep(0.4)
            assert (len(heard.everything()) > before) == (name != off)


@linux
def test_without_the_library_a_tuck_rings_the_terminal_and_cues_are_spoken(
    monkeypatch: pytest.MonkeyPatch, voice: Callable[[str], Path]
) -> None:
    monkeypatch.setitem(sys.modules, "miniaudio", None)
    said = voice(":")
    notes = Notes()
    master, slave = os.openpty()
    with (
        open(master, "rb", buffering=0) as screen,  # noqa: PTH123
        open(slave, "w", encoding="utf-8") as terminal,  # noqa: PTH123
        contextlib.closing(Sounds(note=notes, terminal=terminal)) as sounds,
    ):
        sounds.tuck(12.0)
        assert screen.read(1) == b"\a"
        sounds.say("Hips back first.")
        until(said.read_text)
    assert said.read_text() == "Hips back first.\n"
    assert notes == ["No tones: `pip install 'hingecheck[audio]'` brings them."]


@linux
def test_what_is_missing_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "miniaudio", None)
    notes = Notes()
    with contextlib.closing(Sounds(note=notes)) as sounds:
        for _ in range(3):
            sounds.tuck(12.0)
            sounds.counted(1)
            sounds.say("Hips back first.")
        until(lambda: notes)
        time.sleep(0.1)
    assert notes == [
        "No tones and no spoken cues: `pip install 'hingecheck[audio]'` and installing `espeak-ng`"
        " bring them."
    ]


def test_nothing_is_said_about_sounds_that_are_switched_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "miniaudio", None)
    notes = Notes()
    Sounds(tuck=False, count=False, voice=False, note=notes).close()
    time.sleep(0.1)
    assert notes == []
    assert worker_threads() == []


def test_computer_without_sound_output_says_so() -> None:
    pytest.importorskip("miniaudio")
    notes = Notes()
    with contextlib.closing(Sounds(note=notes, system="webaudio")) as sounds:
        sounds.tuck(12.0)
        sounds.say("Hips back first.")
        until(lambda: notes)
    assert notes == [
        "No sound: this computer has no sound output. Connect a loudspeaker or headphones and"
        " start again."
    ]


@linux
def test_computer_with_nothing_connected_has_no_speaker() -> None:
    pytest.importorskip("miniaudio")
    opens = "from hingecheck.live.tones import Mixer, Speaker; Speaker(Mixer())"
    nothing = {**os.environ, "PULSE_SERVER": "none", "ALSA_CONFIG_PATH": "/dev/null"}
    done = subprocess.run(
        [sys.executable, "-c", opens], env=nothing, capture_output=True, text=True, timeout=60
    )
    assert "OSError: no sound output" in done.stderr


def test_closing_twice_and_at_once_is_fine(heard: Heard) -> None:
    sounds = Sounds(note=Notes(), system="null")
    sounds.close()
    sounds.close()
    sounds.tuck(12.0)
    assert worker_threads() == []
