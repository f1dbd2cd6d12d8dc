"""What the lifter sees: the picture, the back on it, the count, and what to do now."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import cv2
import numpy as np

from hingecheck.errors import UsageError
from hingecheck.live.coach import Outline, draw_ring
from hingecheck.live.hud import Counter, Gauge, verdict_words
from hingecheck.live.panel import Marks, Panel
from hingecheck.live.records import FeedState, LiveState, Picture, RepCall, Stage
from hingecheck.live.review import Review, review_plate
from hingecheck.live.room import Line, Room, sign
from hingecheck.overlay.back import draw_profile, finer, vagueness
from hingecheck.overlay.colours import PLATE, change_colour
from hingecheck.overlay.layout import Rect
from hingecheck.overlay.limbs import draw_limbs, near_limbs
from hingecheck.overlay.sticker import Sticker, gapless
from hingecheck.overlay.text import REGULAR
from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.records import FloatArray
from hingecheck.spine.profile import STATIONS

__all__ = ["Drawing", "Marks"]

BOLDER = 1.7
"""Lines on the body against those of a film that is watched from a chair."""

FEWEST_STATIONS = 5
"""A piece of the back shorter than this, a tenth of it, is a dot that says nothing of its shape."""

LEAP, SPACING = 0.1, 0.03
"""Two seen places of a back lie no further apart than `SPACING` of the trunk's length a station and
`LEAP` beyond: what follows a longer way belongs to an elbow, a plate, or somebody behind. In ten
clips the usual step is 0.026 a station (99.9th percentile 0.085); from a back to another person in
a mirror behind it was 0.17 and more."""

DIMMED = 0.32
"""What is left of a picture that is no longer what the camera sees."""

RING_SHARE = 0.16
"""Width of the ring that counts standing, of the picture's short side."""

STEPS = ("Step back", "Come closer", "Step into")
"""How sentences begin that send a lifter nearer or further."""

_CALM = (FeedState.RUNNING, FeedState.ENDED)
"""While nothing about the camera has to be said first."""

SHOULDERS = [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]
HIPS = [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]

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
        self._review = lru_cache(1)(review_plate)

    def draw(
        self,
        rgb: Picture | None,
        state: LiveState,
        marks: Marks,
        toast: str = "",
        review: Review | None = None,
    ) -> Picture:
        """Draw a state onto a copy of its picture.

        Args:
            rgb: The source's picture; while none comes the last one, None before the first.
            state: What is known at that moment.
            marks: What is switched on.
            toast: What has just happened.
            review: How the last set went, where that is to be seen.

        Raises:
            UsageError: If the picture has another size.
        """
        looked_back = review if state.feed in _CALM else None
        if marks.help:
            drawn = self._dimmed(rgb)
            self._centre(drawn, self._panel.keys())
        elif looked_back is not None:
            drawn = self._dimmed(rgb)
            self._centre(drawn, self._review(looked_back, self._room))
        elif state.feed is not FeedState.RUNNING:
            drawn = self._dimmed(rgb)
            lines = self._ranked(state.says or (_FEED_SAYS[state.feed],), self._room.big_px)
            if state.stage is Stage.SET:
                self._counter.draw(drawn, state.reps, state.last)
                self._lay(drawn, lines, self._room.remark)
            else:
                self._centre(drawn, self._sign(lines, self._room.middle, 0, 0))
        else:
            drawn = self._plain(rgb)
            self._draw_stage(drawn, state)
        lifting = state.stage is Stage.SET and not marks.help and looked_back is None
        self._finish(drawn, state, marks, toast, lifting=lifting)
        return drawn

    def draw_replay(
        self,
        rgb: Picture,
        past: LiveState | None,
        call: RepCall,
        worst: bool,
        state: LiveState,
        marks: Marks,
        toast: str = "",
    ) -> Picture:
        """Draw a picture of a past repetition, said to be one, onto a copy of it.

        Args:
            rgb: A source's picture, as it was.
            past: What was known when it was taken; None where that is forgotten.
            call: The repetition.
            worst: Whether this is its worst moment, which is held.
            state: What is known now.
            marks: What is switched on.
            toast: What has just happened.

        Raises:
            UsageError: If the picture has another size.
        """
        drawn = self._plain(rgb)
        if past is not None:
            self._draw_limbs(drawn, past)
            self._draw_back(drawn, past)
            self._gauge.draw(drawn, past.tuck_deg, past.tuck_sd_deg, past.limit_deg)
        lines = [
            Line(f"Rep {call.index}", self._room.big_px),
            Line("half speed", self._room.second_px, REGULAR),
        ]
        if worst:
            words, colour = verdict_words(call.verdict, call.tuck_deg)
            lines.append(Line(words, self._counter.verdict_px, dot=colour))
        # A column may be narrower than a verdict, and a band lower than three lines.
        coach, counter = self._room.coach, self._room.counter
        wide = replace(coach, width_px=counter.width_px)
        place = wide if self._room.wide else replace(counter, width_px=coach.width_px)
        self._lay(drawn, tuple(lines), place)
        self._finish(drawn, state, marks, toast)
        return drawn

    def _finish(
        self, drawn: Picture, state: LiveState, marks: Marks, toast: str, *, lifting: bool = False
    ) -> None:
        """What stands on every picture; small and aside while somebody lifts in it."""
        if toast and lifting:
            place = self._room.aside
            plate = self._sign((Line(toast, self._room.mark_px, REGULAR),), place, 0, 0)
            plate.lay(drawn, place.x_px, place.y_px)
        elif toast:
            place = self._room.toast
            plate = self._sign((Line(toast, self._room.second_px),), place, 0, 0)
            x = place.x_px + (place.width_px - plate.width_px) // 2
            plate.lay(drawn, x, place.y_px + place.height_px - plate.height_px)
        self._panel.draw(drawn, state, marks)

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
        self._draw_limbs(drawn, state)
        if state.stage is not Stage.SET_UP:
            self._draw_back(drawn, state)
        if state.stage is Stage.SET:
            self._counter.draw(drawn, state.reps, state.last)
            self._gauge.draw(drawn, state.tuck_deg, state.tuck_sd_deg, state.limit_deg)
            if state.says:
                self._lay(drawn, self._ranked(state.says, self._room.second_px), self._room.remark)
            return
        says = state.says
        if state.stage is Stage.SET_UP:
            landmarks_px = self._shown(state.landmarks_px)
            facing = -state.facing if self._mirrored else state.facing
            self._outline.draw(drawn, facing, landmarks_px)
            step = self._outline.words(landmarks_px)
            # Arrows have words: those of the check, which looks at two seconds, or their own.
            if step and not any(one.startswith(STEPS) for one in says):
                says = (*says, step)
        says = says or (_STAGE_SAYS[state.stage],)
        self._coach(drawn, says, state.stood_share if state.stage is Stage.STAND else None)

    def _draw_limbs(self, drawn: Picture, state: LiveState) -> None:
        landmarks_px = self._shown(state.landmarks_px)
        leg, arm = near_limbs(state.facing)
        draw_limbs(drawn, landmarks_px[leg], landmarks_px[arm], BOLDER * self._room.short_px)

    def _draw_back(self, drawn: Picture, state: LiveState) -> None:
        """The back's edge in the colour of the tuck, as wide as it is uncertain."""
        back_px = self._shown(state.back_px)
        runs = [
            (finer(back_px[piece]), finer(STATIONS[piece]))
            for piece in _pieces(back_px, state.landmarks_px)
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
        """Say what to do now, with the ring of a countdown above it, or before it at the feet."""
        room = self._room
        lines, place = self._ranked(says, room.big_px), room.coach
        if stood_share is None:
            self._lay(drawn, lines, place)
            return
        ring, gap = round(RING_SHARE * room.short_px), room.pad_px
        above = room.wide
        plate = self._sign(lines, place, 0 if above else ring + gap, ring + gap if above else 0)
        y = place.y_px if above else place.y_px + place.height_px - plate.height_px
        plate.lay(drawn, place.x_px, y)
        ring_y = gap if above else (plate.height_px - ring) // 2
        corner = place.x_px + gap, y + ring_y
        draw_ring(drawn, Rect(*corner, ring, ring), stood_share)

    def _ranked(self, says: tuple[str, ...], size_px: int) -> tuple[Line, ...]:
        """The first in large letters, what follows in smaller ones."""
        second_px = min(size_px, self._room.second_px)
        return (Line(says[0], size_px), *(Line(more, second_px, REGULAR) for more in says[1:]))

    def _centre(self, drawn: Picture, plate: Sticker) -> None:
        """Lay a plate into the middle."""
        place = self._room.middle
        x = place.x_px + (place.width_px - plate.width_px) // 2
        plate.lay(drawn, x, place.y_px + (place.height_px - plate.height_px) // 2)

    def _lay(self, drawn: Picture, lines: tuple[Line, ...], place: Rect) -> None:
        """Lay words into a place: at its top where they stand beside the lifter, else low."""
        plate = self._sign(lines, place, 0, 0)
        high = self._room.wide and place.y_px == self._room.coach.y_px
        y = place.y_px if high else place.y_px + place.height_px - plate.height_px
        plate.lay(drawn, place.x_px, y)

    def _set_sign(self, lines: tuple[Line, ...], place: Rect, left_px: int, top_px: int) -> Sticker:
        room = self._room
        return sign(
            lines, place.width_px, place.height_px, room.pad_px, left_px=left_px, top_px=top_px
        )


def _pieces(back_px: FloatArray, landmarks_px: FloatArray) -> list[slice]:
    """The back's pieces from the hip up to the first leap away from it; dots are left out."""
    seen = np.asarray(np.isfinite(back_px).all(axis=1))
    stations = np.flatnonzero(seen)
    trunk = landmarks_px[SHOULDERS].mean(axis=0) - landmarks_px[HIPS].mean(axis=0)
    apart_px = np.linalg.norm(np.diff(back_px[stations], axis=0), axis=1)
    most = (LEAP + SPACING * np.diff(stations)) * np.linalg.norm(trunk)
    for joined in np.split(stations, np.flatnonzero(apart_px > most) + 1):
        here = np.isin(np.arange(len(seen)), joined)
        pieces = [piece for piece in gapless(here) if piece.stop - piece.start >= FEWEST_STATIONS]
        if pieces:
            return pieces
    return []
