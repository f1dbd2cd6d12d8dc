"""What the lifter sees: the picture, the back on it, the count, and what to do now."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from hingecheck.errors import UsageError
from hingecheck.live.coach import Outline, draw_ring
from hingecheck.live.hud import Counter, Gauge, verdict_words
from hingecheck.live.panel import Marks, Panel
from hingecheck.live.records import FeedState, LiveState, Picture, RepCall, Stage
from hingecheck.live.room import Line, Room, sign
from hingecheck.overlay.back import draw_profile, finer, vagueness
from hingecheck.overlay.colours import PLATE, change_colour
from hingecheck.overlay.layout import Rect
from hingecheck.overlay.limbs import draw_limbs, near_limbs
from hingecheck.overlay.sticker import Sticker, gapless
from hingecheck.overlay.text import REGULAR
from hingecheck.pose.records import FloatArray
from hingecheck.spine.profile import STATIONS

__all__ = ["Drawing", "Marks"]

BOLDER = 1.7
"""Lines on the body against those of a film that is watched from a chair."""

FEWEST_STATIONS = 5
"""A piece of the back shorter than this, a tenth of it, is a dot that says nothing of its shape."""

DIMMED = 0.32
"""What is left of a picture that is no longer what the camera sees."""

_KEPT = 4
"""Plates kept as bitmaps: what is said now and of late."""

_FEED_SAYS = {
    FeedState.WAITING: "Waiting for the first picture",
    FeedState.DARK: "The picture is black",
    FeedState.LOST: "No pictures come from the camera",
    FeedState.ENDED: "The clip is over",
}
_STAGE_SAYS = {
    Stage.SET_UP: "Stand side on in the outline",
    Stage.STAND: "Stand relaxed",
    Stage.READY: "Press space, or just start",
}
"""What is said where the state says nothing itself."""


class Drawing:
    """Draws states onto pictures of one size. One instance serves one thread at a time.

    Args:
        width_px: Width of the source's pictures.
        height_px: Height of the source's pictures.
        mirrored: Whether to turn picture and body round, as in a mirror, before words are set.
    """

    def __init__(self, width_px: int, height_px: int, mirrored: bool = False) -> None:
        self._room = Room.plan(width_px, height_px)
        self._mirrored = mirrored
        self._shape = (height_px, width_px, 3)
        self._outline = Outline(self._room)
        self._counter = Counter(self._room)
        self._gauge = Gauge(self._room)
        self._panel = Panel(self._room)
        self._sign = lru_cache(_KEPT)(self._set_sign)

    def draw(self, rgb: Picture | None, state: LiveState, marks: Marks) -> Picture:
        """Draw a state onto a copy of its picture.

        Args:
            rgb: The source's picture; while none comes the last one, None before the first.
            state: What is known at that moment.
            marks: What is switched on.

        Raises:
            UsageError: If the picture has another size.
        """
        if state.feed is not FeedState.RUNNING:
            drawn = self._dimmed(rgb)
            lines = self._ranked(state.says or (_FEED_SAYS[state.feed],), self._room.big_px)
            if state.stage is Stage.SET:
                self._counter.draw(drawn, state.reps, state.last)
                self._lay(drawn, lines, self._room.remark)
            else:
                self._lay_in_the_middle(drawn, lines)
        else:
            drawn = self._plain(rgb)
            self._draw_stage(drawn, state)
        self._panel.draw(drawn, state, marks)
        return drawn

    def draw_replay(
        self, rgb: Picture, state: LiveState, call: RepCall, worst: bool, marks: Marks
    ) -> Picture:
        """Draw a picture of a past repetition, said to be one, onto a copy of it.

        Args:
            rgb: A source's picture, as it was.
            state: What is known now.
            call: The repetition.
            worst: Whether this is its worst moment, which is held.
            marks: What is switched on.

        Raises:
            UsageError: If the picture has another size.
        """
        drawn = self._plain(rgb)
        lines = [
            Line(f"Rep {call.index}", self._room.big_px),
            Line("half speed", self._room.second_px, REGULAR),
        ]
        if worst:
            words, colour = verdict_words(call)
            lines.append(Line(words, self._room.big_px, dot=colour))
        self._lay(drawn, tuple(lines), self._room.coach)
        self._panel.draw(drawn, state, marks)
        return drawn

    def _plain(self, rgb: Picture | None) -> Picture:
        """A copy of the picture, mirrored where asked for; a plain one where there is none."""
        if rgb is None:
            return np.full(self._shape, PLATE, dtype=np.uint8)
        if rgb.shape != self._shape:
            raise UsageError(
                f"live picture: expected shape {self._shape}, got {rgb.shape}."
                " Make a Drawing of its size."
            )
        return np.asarray(cv2.flip(rgb, 1), np.uint8) if self._mirrored else rgb.copy()

    def _dimmed(self, rgb: Picture | None) -> Picture:
        if rgb is None:
            return self._plain(None)
        plain = self._plain(rgb)
        return np.asarray(cv2.convertScaleAbs(plain, dst=plain, alpha=DIMMED), np.uint8)

    def _draw_stage(self, drawn: Picture, state: LiveState) -> None:
        landmarks_px = self._shown(state.landmarks_px)
        leg, arm = near_limbs(state.facing)
        draw_limbs(drawn, landmarks_px[leg], landmarks_px[arm], BOLDER * self._room.short_px)
        if state.stage is not Stage.SET_UP:
            self._draw_back(drawn, state)
        if state.stage is Stage.SET:
            self._counter.draw(drawn, state.reps, state.last)
            self._gauge.draw(drawn, state.tuck_deg, state.tuck_sd_deg, state.limit_deg)
            if state.says:
                self._lay(drawn, self._ranked(state.says, self._room.second_px), self._room.remark)
            return
        says = state.says or (_STAGE_SAYS[state.stage],)
        if state.stage is Stage.SET_UP:
            facing = -state.facing if self._mirrored else state.facing
            self._outline.draw(drawn, facing, landmarks_px)
        self._coach(drawn, says, state.stood_share if state.stage is Stage.STAND else None)

    def _draw_back(self, drawn: Picture, state: LiveState) -> None:
        """The back's edge in the colour of the tuck, as wide as it is uncertain."""
        back_px = self._shown(state.back_px)
        pieces = gapless(np.asarray(np.isfinite(back_px).all(axis=1)))
        runs = [
            (finer(back_px[piece]), finer(STATIONS[piece]))
            for piece in pieces
            if piece.stop - piece.start >= FEWEST_STATIONS
        ]
        colour = np.array(change_colour(state.tuck_deg), dtype=np.uint8)
        vague = float(vagueness(np.array([state.tuck_sd_deg]))[0])
        draw_profile(drawn, runs, colour, vague, BOLDER * self._room.short_px)

    def _shown(self, xy_px: FloatArray) -> FloatArray:
        """Source points (n, 2) where they lie in the drawn picture."""
        if not self._mirrored:
            return xy_px
        shown_px: FloatArray = np.array([self._room.width_px - 1, 0]) + xy_px * np.array([-1, 1])
        return shown_px

    def _coach(self, drawn: Picture, says: tuple[str, ...], stood_share: float | None) -> None:
        """Say what to do now, with the ring of a countdown before it."""
        room, ring = self._room, 0
        if stood_share is not None:
            ring = round(0.16 * room.short_px)
        if room.rest is not None:
            if says[1:]:
                self._lay(drawn, self._ranked(says[1:], room.second_px), room.rest)
            says = says[:1]
        plate = self._lay(drawn, self._ranked(says, room.big_px), room.coach, ring)
        if stood_share is not None:
            x, y = room.coach.x_px + room.pad_px, room.coach.y_px
            draw_ring(drawn, Rect(x, y, ring - room.pad_px, plate.height_px), stood_share)

    def _ranked(self, says: tuple[str, ...], size_px: int) -> tuple[Line, ...]:
        """The first in large letters, what follows in smaller ones."""
        second_px = min(size_px, self._room.second_px)
        return (Line(says[0], size_px), *(Line(more, second_px, REGULAR) for more in says[1:]))

    def _lay_in_the_middle(self, drawn: Picture, lines: tuple[Line, ...]) -> None:
        place = self._room.middle
        plate = self._sign(lines, place, 0)
        x = place.x_px + (place.width_px - plate.width_px) // 2
        plate.lay(drawn, x, place.y_px + (place.height_px - plate.height_px) // 2)

    def _lay(
        self, drawn: Picture, lines: tuple[Line, ...], place: Rect, left_px: int = 0
    ) -> Sticker:
        plate = self._sign(lines, place, left_px)
        low = place is self._room.rest or place is self._room.remark
        y = place.y_px + place.height_px - plate.height_px if low else place.y_px
        plate.lay(drawn, place.x_px, y)
        return plate

    def _set_sign(self, lines: tuple[Line, ...], place: Rect, left_px: int) -> Sticker:
        return sign(lines, place.width_px, place.height_px, self._room.pad_px, left_px=left_px)
