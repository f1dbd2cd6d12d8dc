"""Tones rise with the tuck, never crackle, and begin at once."""

from __future__ import annotations

import subprocess
import sys
import time

import numpy as np
import pytest
from live.hearing import Heard, pitch_hz

from hingecheck.live.tones import RATE_HZ, Mixer, Samples, Speaker, chime, click, tuck_tone


def loudest_step(samples: Samples) -> float:
    """Largest jump from sample to sample, the silence before and after included."""
    return float(np.abs(np.diff(samples, prepend=0, append=0)).max())


@pytest.mark.parametrize(
    ("size_deg", "expected_hz"),
    [(8, 440), (19, 762), (30, 1320), (3, 440), (55, 1320), (float("nan"), 440)],
)
def test_pitch_says_how_large_the_tuck_is(size_deg: float, expected_hz: float) -> None:
    assert pitch_hz(tuck_tone(size_deg)) == pytest.approx(expected_hz, abs=3)


def test_each_degree_is_the_same_interval() -> None:
    pitches = np.array([pitch_hz(tuck_tone(size_deg)) for size_deg in range(8, 31)])
    intervals = np.diff(np.log2(pitches)) * 12
    assert intervals == pytest.approx(np.full(22, 19.02 / 22), abs=0.12)


@pytest.mark.parametrize("samples", [tuck_tone(8), tuck_tone(30), click(), chime()])
def test_sounds_fade_in_and_out_at_a_comfortable_level(samples: Samples) -> None:
    assert samples.dtype == np.float32
    assert 0.45 < np.abs(samples).max() <= 0.5
    edge = np.abs(samples[[0, 1, 2, 3, -4, -3, -2, -1]])
    assert edge.max() < 0.005
    assert len(samples) / RATE_HZ <= 0.3


def test_count_is_short_and_unlike_a_tuck() -> None:
    assert len(click()) / RATE_HZ <= 0.06
    assert pitch_hz(click()) > pitch_hz(tuck_tone(30)) * 1.25


def test_pieces_of_any_size_make_the_whole_tone() -> None:
    mixer = Mixer()
    tone = tuck_tone(12)
    mixer.play(tone)
    pieces = [mixer.render(count) for count in (1, 480, 7, 5000, 100, 20_000)]
    whole = np.concatenate(pieces)
    assert np.array_equal(whole[: len(tone)], tone)
    assert not whole[len(tone) :].any()


def test_newest_tone_is_heard_at_once_and_older_ones_never() -> None:
    mixer = Mixer()
    for size_deg in (8, 20, 30):
        mixer.play(tuck_tone(size_deg))
    assert pitch_hz(mixer.render(12_000)) == pytest.approx(1320, abs=3)
    assert not mixer.render(30_000).any()


@pytest.mark.parametrize("at", [700, 2_000, 3_333, 11_900])
def test_tone_cut_short_by_another_does_not_crackle(at: int) -> None:
    smooth = loudest_step(tuck_tone(30)) + loudest_step(tuck_tone(8))
    mixer = Mixer()
    mixer.play(tuck_tone(30))
    before = mixer.render(at)
    mixer.play(tuck_tone(8))
    whole = np.concatenate([before, mixer.render(20_000)])
    assert loudest_step(whole) < 1.3 * smooth
    assert np.abs(whole).max() <= 1.0
    assert pitch_hz(whole[at + 300 :]) == pytest.approx(440, abs=3)


def test_hushed_tone_is_over_in_five_milliseconds() -> None:
    mixer = Mixer()
    mixer.play(tuck_tone(30))
    before = mixer.render(4_000)
    mixer.hush()
    after = mixer.render(4_000)
    assert after[:200].any()
    assert not after[240:].any()
    assert loudest_step(np.concatenate([before, after])) < 1.3 * loudest_step(tuck_tone(30))


def test_tone_begins_within_thirty_milliseconds() -> None:
    pytest.importorskip("miniaudio")
    heard = Heard()
    speaker = Speaker(heard, "null")
    called_s = []
    try:
        time.sleep(0.1)
        for _ in range(15):
            called_s.append(time.perf_counter())
            heard.play(click())
            time.sleep(0.12)
    finally:
        speaker.close()
    late_s = np.array(heard.began_s) - called_s
    assert np.median(late_s) < 0.02
    assert np.percentile(late_s, 80) < 0.03


def test_speaker_plays_what_was_meant() -> None:
    pytest.importorskip("miniaudio")
    heard = Heard()
    speaker = Speaker(heard, "null")
    heard.play(tuck_tone(19))
    time.sleep(0.6)
    speaker.close()
    assert heard.everything() == pytest.approx(np.trim_zeros(tuck_tone(19)))
    taken = len(heard.parts)
    time.sleep(0.1)
    assert len(heard.parts) == taken


def test_program_that_forgets_the_speaker_still_ends() -> None:
    pytest.importorskip("miniaudio")
    forgets = """
from hingecheck.live.tones import Mixer, Speaker
speaker = Speaker(Mixer(), "null")
raise SystemExit(7)
"""
    assert subprocess.run([sys.executable, "-c", forgets], timeout=30).returncode == 7


def test_sound_system_that_is_not_there_is_an_oserror() -> None:
    pytest.importorskip("miniaudio")
    with pytest.raises(OSError, match="no sound output"):
        Speaker(Mixer(), "webaudio")


def test_missing_library_is_an_importerror(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "miniaudio", None)
    with pytest.raises(ImportError):
        Speaker(Mixer())
