"""The desk at which a live check is run: screen, keys, sounds and films round a session."""

from __future__ import annotations

import math
import time
from array import array
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from hingecheck.errors import HingecheckError, explain
from hingecheck.live.board import REVIEW_S, Board
from hingecheck.live.draw import Drawing, Marks
from hingecheck.live.films import Films, name_by_clock
from hingecheck.live.last_rep import Cut, LastRep
from hingecheck.live.playback import Playback
from hingecheck.live.quality import LESS, MORE
from hingecheck.live.records import (
    BLANK,
    Event,
    EventKind,
    FeedState,
    LiveState,
    Picture,
    Stage,
)
from hingecheck.live.session import Session, Wish
from hingecheck.live.sound import Sounds
from hingecheck.live.source import Source
from hingecheck.live.window import Action, Window
from hingecheck.report.schema import Result

__all__ = ["Desk", "Report"]

UNKNOWN_PX = (1280, 720)
"""What is drawn before the first picture tells its size."""

LINGER_STEP_S = 0.05


@dataclass(frozen=True, slots=True)
class Report:
    """How a live check went.

    Attributes:
        taken_s: When each shown picture was taken, on the source's clock.
        shown_s: `time.perf_counter()` when it had been shown.
        latencies_ms: From its arrival until then.
        dropped: Pictures skipped.
        looked_with: Pictures by the quality they were looked at with.
        results: What was written.
        seen: Whether there was a window.
    """

    taken_s: Sequence[float]
    shown_s: Sequence[float]
    latencies_ms: Sequence[float]
    dropped: int
    looked_with: Mapping[str, int]
    results: tuple[Result, ...]
    seen: bool


class Desk:
    """Runs a session with everything a person sees, hears and presses.

    Args:
        source: A camera or a replayed clip, not entered.
        wish: What the person asked for.
        tell: Called with every event, for a log or for standard output.
        window: Whether to open one.
        sounds: Opens what is heard; None for silence.
        out: Folder for what is saved, and for the sets' films and results.
        films: What records sets, told with a sentence what becomes of them; None keeps nothing.
        mirrored: Whether the window is a mirror.
        always: All of the source is sets, begun as soon as one may be.
    """

    def __init__(
        self,
        source: Source,
        wish: Wish,
        tell: Callable[[Event], None],
        *,
        window: bool = True,
        sounds: Callable[[], Sounds] | None = None,
        out: Path | None = None,
        films: Callable[[Path, str, Callable[[str], None]], Films] | None = Films,
        mirrored: bool = False,
        always: bool = False,
    ) -> None:
        self._source, self._told = source, tell
        self._mirrored, self._always = mirrored, always
        self._open_sounds = sounds
        self._sounds: Sounds | None = None
        self._wants_window = window
        self._window: Window | None = None
        self._out = Path() if out is None else out
        self._films = (
            None if out is None or films is None else films(out, name_by_clock(), self._note)
        )
        self._session = Session(source, wish, self._show, self._tell, self._films)
        self._saving = ThreadPoolExecutor(1, thread_name_prefix="save")
        self._saved: list[Future[str]] = []
        self._rep = LastRep()
        self._board = Board()
        self._missing = 0
        self._clip = wish.one_set
        self._marks = Marks(muted=sounds is None)
        self._drawing: Drawing | None = None
        self._drawn_px = (0, 0)
        self._picture: Picture | None = None
        self._state = BLANK
        self._playback: Playback | None = None
        self._played: Cut | None = None
        self._quit = False
        self._taken_s = array("d")
        self._looked_with: Counter[str] = Counter()

    def run(self) -> Report:
        """Run until the source ends or the person quits.

        Raises:
            HingecheckError: No window can be opened, nothing can be read or written.
        """
        with ExitStack() as stack:
            stack.callback(self._collect)
            stack.enter_context(self._saving)
            if self._films is not None:
                stack.enter_context(self._films)
            if self._wants_window:
                size = self._source.width_px, self._source.height_px
                self._window = stack.enter_context(Window(*(size if all(size) else UNKNOWN_PX)))
            # Last: its thread would go on talking beside a refusal.
            if self._open_sounds is not None:
                self._sounds = stack.enter_context(closing(self._open_sounds()))
            self._session.run()
            if self._window is not None and not (self._quit or self._always):
                self._linger(self._window)
        return Report(
            taken_s=self._taken_s,
            shown_s=self._session.shown_s,
            latencies_ms=self._session.latencies_ms,
            dropped=self._session.dropped,
            looked_with=self._looked_with,
            results=() if self._films is None else tuple(self._films.results),
            seen=self._window is not None,
        )

    def quit(self) -> None:
        """End after the picture in hand; a set that runs is over then."""
        self._quit = True
        self._session.quit()

    def give_up(self) -> None:
        """Make no more results; films stay."""
        if self._films is not None:
            self._films.give_up()

    # What the session shows and tells.

    def _show(self, rgb: Picture | None, state: LiveState) -> None:
        self._state = state
        if rgb is not None:
            self._picture = rgb
            self._taken_s.append(state.time_s)
            self._looked_with[state.quality] += 1
            self._rep.see(rgb, state)
            # Without a picture the state is an old one, perhaps of the set before.
            if state.last is not None:
                self._board.call(state.last)
        self._collect()
        if self._always and rgb is not None and state.stage is not Stage.SET:
            self._session.toggle_set()
        if self._window is not None or self._films is not None:
            self._draw(rgb, state)
        if self._window is not None:
            action = self._window.action()
            if action is not None:
                self._do(action)

    def _draw(self, rgb: Picture | None, state: LiveState) -> None:
        now_s = time.monotonic()
        drawing = self._drawing_for()
        toast = self._board.toast(now_s, lifting=state.stage is Stage.SET)
        recording = self._films is not None and self._films.recording
        marks = replace(self._marks, recording=recording)
        writing = self._films is not None and self._films.writing
        review = self._board.review(now_s, writing=writing)
        drawn = drawing.draw(self._picture, state, marks, toast, review)
        if self._films is not None and rgb is not None:
            self._films.keep_shown(drawn, state.time_s)
        if self._window is None:
            return
        shown = None if self._playback is None else self._playback.at(now_s)
        if shown is None or self._played is None:
            self._playback = None
        else:
            call, past = self._played.call, self._played.known.get(shown.time_s)
            again = _enlarged(shown.rgb, self._drawn_px)
            drawn = drawing.draw_replay(again, past, call, shown.worst, state, marks, toast)
        self._window.show(drawn)

    def _drawing_for(self) -> Drawing:
        """What draws pictures of the present size."""
        size = self._source.width_px, self._source.height_px
        if self._picture is not None:
            size = self._picture.shape[1], self._picture.shape[0]
        size = size if all(size) else UNKNOWN_PX
        if self._drawing is None or self._drawn_px != size:
            self._drawing, self._drawn_px = Drawing(*size, mirrored=self._mirrored), size
            self._playback = None
            if self._window is not None:
                self._window.shape(*size)
        return self._drawing

    def _tell(self, event: Event) -> None:
        self._told(event)
        now_s = time.monotonic()
        match event.kind:
            case EventKind.NOTE:
                self._board.note(event.text, now_s)
            case EventKind.QUALITY:
                # Which model it is now stands in the corner.
                plain = next((one for one in (LESS, MORE) if event.text.startswith(one)), "")
                self._board.note(plain, now_s)
            case EventKind.SET if math.isfinite(event.value_deg):
                if not event.value_deg:
                    self._board.note(event.text, now_s)
                self._board.end(now_s, empty=self._clip)
            case EventKind.SET:
                self._board.begin()
                self._marks = replace(self._marks, help=False)
        if self._sounds is None:
            return
        if event.kind is EventKind.TUCK:
            self._sounds.tuck(event.value_deg)
        elif event.kind is EventKind.REP:
            self._sounds.counted(event.rep)
        elif event.kind is EventKind.CUE:
            self._sounds.say(event.text)

    def _note(self, text: str) -> None:
        self._tell(Event(EventKind.NOTE, self._state.time_s, text))

    def _collect(self) -> None:
        """Tell of what was written meanwhile."""
        while self._saved and self._saved[0].done():
            self._note(self._saved.pop(0).result())
        if self._films is None:
            return
        known = len(self._films.results)
        self._films.collect()
        latest = len(self._films.results) > known and not self._films.writing
        if latest and self._session.stage is not Stage.SET:
            self._board.written(self._films.results[-1], time.monotonic())
        if len(self._films.missing) > self._missing:
            self._missing = len(self._films.missing)
            if self._session.stage is not Stage.SET:
                self._board.unwritten(self._films.missing[-1], time.monotonic())

    def _linger(self, window: Window) -> None:
        """A clip is over: its review is left to be read until a key is pressed."""
        until_s = time.monotonic() + REVIEW_S
        state = replace(self._state, feed=FeedState.ENDED, stage=Stage.READY, says=())
        while True:
            self._collect()
            now_s = time.monotonic()
            writing = self._films is not None and self._films.writing
            until_s = now_s + REVIEW_S if writing else until_s
            review = self._board.review(now_s, writing=writing)
            if self._quit or (self._playback is None and (now_s > until_s or review is None)):
                return
            self._draw(None, state)
            action = window.action()
            if action in (Action.SET, Action.CALIBRATE, Action.OTHER):
                return
            if action is not None:
                self._do(action)
            time.sleep(LINGER_STEP_S)

    # What the person presses.

    def _do(self, action: Action) -> None:
        watching, self._playback = self._playback, None
        if watching is not None and action in (Action.REPLAY, Action.OTHER):
            return
        if action in (Action.MUTE, Action.SAVE, Action.FULL_SCREEN):
            self._playback = watching
        if action in (Action.SET, Action.CALIBRATE, Action.OTHER):
            self._board.dismiss()
        self._marks = replace(self._marks, help=action is Action.HELP and not self._marks.help)
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
            case Action.QUIT:
                self.quit()

    def _replay(self) -> None:
        cut = self._rep.cut()
        if cut is None:
            self._note("No repetition yet to show again.")
        elif not len(cut.pictures):
            self._note("No picture of that repetition is kept.")
        else:
            self._playback = cut.play(time.monotonic())
            self._played = cut

    def _save(self) -> None:
        """Keep the last repetition, whether or not anything is recorded."""
        cut = self._rep.cut()
        if cut is None:
            self._note("No repetition yet to save.")
            return
        pictures, number = cut.pictures, cut.call.index
        path = self._out / f"{name_by_clock()}-rep{number}.mp4"

        def save() -> str:
            try:
                self._out.mkdir(parents=True, exist_ok=True)
                pictures.save(path)
            except HingecheckError as error:
                return str(error)
            except OSError as error:
                return f"{path.name}: not saved ({error.strerror}). Choose another --out."
            except Exception as error:
                return f"{path.name}: {explain(error)}"
            return f"Rep {number} saved to {path.name}."

        self._saved.append(self._saving.submit(save))


def _enlarged(rgb: Picture, size_px: tuple[int, int]) -> Picture:
    return np.asarray(cv2.resize(rgb, size_px, interpolation=cv2.INTER_LINEAR), np.uint8)
