"""The desk at which a live check is run: screen, keys, sounds and films round a session."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from hingecheck.live.draw import Drawing, Marks
from hingecheck.live.films import Films, name_by_clock
from hingecheck.live.playback import Playback
from hingecheck.live.records import Event, EventKind, LiveState, Picture, RepCall
from hingecheck.live.ring import Ring, save_ring
from hingecheck.live.session import Session, Wish
from hingecheck.live.sound import Sounds
from hingecheck.live.source import Source
from hingecheck.live.window import Action, Window
from hingecheck.report.schema import Result

__all__ = ["Desk", "Report"]

KEPT_S = 20.0
"""Pictures kept whatever happens: the slowest repetition, and time to reach for the key."""

REP_S = 1.0
"""Shown before and after a repetition that is played again."""


@dataclass(frozen=True, slots=True)
class Report:
    """How a live check went.

    Attributes:
        shown_s: `time.perf_counter()` when each picture had been shown.
        latencies_ms: From each picture's arrival until then.
        dropped: Pictures skipped.
        quality: What was looked with at the end.
        results: What was written.
    """

    shown_s: Sequence[float]
    latencies_ms: Sequence[float]
    dropped: int
    quality: str
    results: tuple[Result, ...]


class Desk:
    """Runs a session with everything a person sees, hears and presses.

    Args:
        source: A camera or a replayed clip, not entered.
        wish: What the person asked for.
        tell: Called with every event, for a log or for standard output.
        window: Whether to open one.
        draws: Whether pictures are drawn; always with a window or films.
        sounds: What is heard; None for silence.
        out: Folder for films and results; None keeps nothing.
        mirrored: Whether the window is a mirror.
    """

    def __init__(
        self,
        source: Source,
        wish: Wish,
        tell: Callable[[Event], None],
        *,
        window: bool = True,
        draws: bool = True,
        sounds: Sounds | None = None,
        out: Path | None = None,
        mirrored: bool = False,
    ) -> None:
        self._source, self._told = source, tell
        self._sounds, self._mirrored = sounds, mirrored
        self._draws = draws or window or out is not None
        self._wants_window = window
        self._window: Window | None = None
        self._films = None if out is None else Films(out, name_by_clock(), self._note)
        self._session = Session(source, wish, self._show, self._tell, self._films)
        self._ring = Ring(KEPT_S)
        self._marks = Marks(recording=out is not None, muted=sounds is None)
        self._drawing: Drawing | None = None
        self._drawn_px = (0, 0)
        self._picture: Picture | None = None
        self._playback: Playback | None = None
        self._played: RepCall | None = None
        self._last: RepCall | None = None
        self._now_s = 0.0
        self._quality = ""

    def run(self) -> Report:
        """Run until the source ends or the person quits.

        Raises:
            HingecheckError: No window can be opened, nothing can be read or written.
        """
        with ExitStack() as stack:
            if self._films is not None:
                stack.enter_context(self._films)
            if self._wants_window:
                size = self._source.width_px or 1280, self._source.height_px or 720
                self._window = stack.enter_context(Window(*size))
            self._session.run()
        return Report(
            shown_s=self._session.shown_s,
            latencies_ms=self._session.latencies_ms,
            dropped=self._session.dropped,
            quality=self._quality,
            results=() if self._films is None else tuple(self._films.results),
        )

    # What the session shows and tells.

    def _show(self, rgb: Picture | None, state: LiveState) -> None:
        self._quality = state.quality
        if rgb is not None:
            self._picture, self._now_s, self._last = rgb, state.time_s, state.last
            self._ring.add(rgb, state.time_s)
        if self._films is not None:
            self._films.collect()
        if self._draws:
            self._draw(rgb, state)
        if self._window is not None:
            action = self._window.action()
            if action is not None:
                self._do(action)

    def _draw(self, rgb: Picture | None, state: LiveState) -> None:
        drawing = self._drawing_for()
        if drawing is None:
            return
        recording = self._films is not None and self._films.recording
        marks = replace(self._marks, recording=recording)
        drawn = drawing.draw(self._picture, state, marks)
        if self._films is not None and rgb is not None:
            self._films.keep_shown(drawn, state.time_s)
        if self._window is None:
            return
        shown = None if self._playback is None else self._playback.at(time.monotonic())
        if shown is None or self._played is None:
            self._playback = None
        else:
            drawn = drawing.draw_replay(shown.rgb, state, self._played, shown.worst, marks)
        self._window.show(drawn)

    def _drawing_for(self) -> Drawing | None:
        """What draws pictures of the present size."""
        if self._picture is None:
            size = self._source.width_px, self._source.height_px
        else:
            size = self._picture.shape[1], self._picture.shape[0]
        if not all(size):
            return None
        if self._drawing is None or self._drawn_px != size:
            self._drawing, self._drawn_px = Drawing(*size, mirrored=self._mirrored), size
        return self._drawing

    def _tell(self, event: Event) -> None:
        self._told(event)
        if self._sounds is None:
            return
        if event.kind is EventKind.TUCK:
            self._sounds.tuck(event.value_deg)
        elif event.kind is EventKind.REP:
            self._sounds.counted(event.rep)
        elif event.kind is EventKind.CUE:
            self._sounds.say(event.text)

    def _note(self, text: str) -> None:
        self._told(Event(EventKind.NOTE, self._now_s, text))

    # What the person presses.

    def _do(self, action: Action) -> None:
        if self._playback is not None and action is not Action.QUIT:
            self._playback = None
            return
        match action:
            case Action.SET:
                self._session.toggle_set()
            case Action.CALIBRATE:
                self._session.recalibrate()
            case Action.REPLAY:
                self._replay()
            case Action.SAVE:
                self._save()
            case Action.MUTE:
                muted = self._sounds is None or self._sounds.mute()
                self._marks = replace(self._marks, muted=muted)
            case Action.HELP:
                self._marks = replace(self._marks, help=not self._marks.help)
            case Action.QUIT:
                self._session.quit()

    def _replay(self) -> None:
        call = self._last
        if call is None:
            self._note("No repetition yet to show again.")
            return
        kept = self._ring.between(call.start_s - REP_S, call.end_s + REP_S)
        pictures = ((time_s, _enlarged(rgb, self._drawn_px)) for time_s, rgb in kept)
        self._playback = Playback(pictures, call.bottom_s, time.monotonic())
        self._played = call

    def _save(self) -> None:
        """Keep the last repetition, whether or not anything is recorded."""
        call = self._last
        if call is None:
            self._note("No repetition yet to save.")
            return
        path = Path.cwd() / f"{name_by_clock()}-rep{call.index}.mp4"
        save_ring(self._ring, call.start_s - REP_S, call.end_s + REP_S, path)
        self._note(f"Rep {call.index} saved to {path.name}.")


def _enlarged(rgb: Picture, size_px: tuple[int, int]) -> Picture:
    return np.asarray(cv2.resize(rgb, size_px, interpolation=cv2.INTER_LINEAR), np.uint8)
