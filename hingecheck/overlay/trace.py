"""The trace: lumbar flexion and pelvic tilt over the clip, with a cursor at the frame shown."""

from __future__ import annotations

import math

import cv2
import numpy as np

from hingecheck.form.records import Analysis, RepCheck, Verdict
from hingecheck.overlay.baseline import back_colours
from hingecheck.overlay.colours import (
    CASING,
    DIM,
    FULL_CHANGE_DEG,
    GREY,
    INK,
    PELVIS,
    PLATE,
    Colour,
    change_colours,
    verdict_colour,
)
from hingecheck.overlay.layout import Layout
from hingecheck.overlay.sticker import SHIFT, Canvas, Picture, Sticker, fixed_point, gapless
from hingecheck.overlay.text import BOLD, REGULAR, Typesetter
from hingecheck.pose.records import FloatArray
from hingecheck.spine.records import Estimate

__all__ = ["TracePanel"]

_OPACITY = 0.68
_BAND_OPACITY = 0.2
_REP_OPACITY = 0.09
_LEAST_RANGE_DEG = (-10.0, 50.0)
_GRID_DEG = 30
_NAMES = (("Lumbar flexion", "Pelvic tilt"), ("Lumbar", "Pelvis"))
"""Labels, the long ones where they fit."""
_TICK_SHARE = 0.75
"""Size of the grid's labels against the other labels."""
_TICK_MARK = 0.6
"""Half the mark of the clean depth, against the labels."""
_TICKS_FROM = 3.0
"""Plots lower than this many label sizes carry no labels on their grid."""
_MINUS = "\u2212"
_MISSING = "\u2013"
_WIDEST_VALUE = f"{_MINUS}88° ± 88°"


class TracePanel:
    """Draws the panel of any frame of one analysis.

    Args:
        analysis: The clip's analysis.
        layout: Sizes, and where the panel lies.
        setter: Sets the text.
    """

    def __init__(self, analysis: Analysis, layout: Layout, setter: Typesetter) -> None:
        self._setter = setter
        self._small = layout.small_px
        self._hair = layout.hair_px
        self._bold = max(round(layout.short_px / 360), self._hair)
        self._at = layout.panel
        self._series = (analysis.angles.lumbar_flexion, analysis.angles.pelvic_tilt)
        colour = back_colours(analysis)
        self._colours = (colour, np.tile(np.asarray(PELVIS, dtype=np.uint8), (len(colour), 1)))

        pad = layout.pad_px
        header = setter.line_px(self._small)
        self._header_y = max(round(0.6 * pad), 1)
        left, right = pad, max(self._at.width_px - pad, pad + 1)
        top = self._header_y + header + max(round(0.3 * pad), 1)
        bottom = max(self._at.height_px - pad, top + 1)
        self._tick = round(_TICK_SHARE * self._small)
        self._ticks = bottom - top > _TICKS_FROM * self._small
        if self._ticks:
            right -= setter.width_px(_signed(2 * _GRID_DEG), self._tick, REGULAR) + pad // 2
        self._plot = (left, top, max(right, left + 1), bottom)

        time = self._time_s = analysis.track.time_s
        span = float(time[-1] - time[0]) if len(time) > 1 else 1.0
        self._x = left + (right - left) * (time - time[0]) / max(span, 1e-9)
        low, high = _range_deg(self._series)
        self._y = tuple(
            bottom - (bottom - top) * (one.value_deg - low) / (high - low) for one in self._series
        )
        self._px_per_deg = (bottom - top) / (high - low)
        self._zero_y = bottom + (bottom - top) * low / (high - low)
        self._values_x = [0, 0]
        self._ground = self._paint(analysis.reps, (low, high))

    def draw(self, rgb: Picture, frame: int) -> None:
        """Lay the panel, its cursor, and the values of the frame."""
        self._ground.lay(rgb, self._at.x_px, self._at.y_px)
        _, top, _, bottom = self._plot
        x = self._at.x_px + float(self._x[frame])
        cursor = np.array([[x, self._at.y_px + top], [x, self._at.y_px + bottom]])
        cv2.polylines(rgb, [fixed_point(cursor)], False, INK, self._hair, cv2.LINE_AA, SHIFT)
        for k, one in enumerate(self._series):
            y = self._at.y_px + float(self._y[k][frame])
            if math.isfinite(y):
                self._dot(rgb, x, y, self._colours[k][frame].tolist())
            label = self._setter.line(_value(one, frame), self._small, BOLD, INK)
            label.lay(rgb, self._at.x_px + self._values_x[k], self._at.y_px + self._header_y)

    def _dot(self, rgb: Picture, x: float, y: float, colour: list[int]) -> None:
        centre = fixed_point(np.array([x, y])).tolist()
        radius = round(0.26 * self._small * (1 << SHIFT))
        rim = self._hair << SHIFT
        cv2.circle(rgb, centre, radius + rim, CASING, -1, cv2.LINE_AA, SHIFT)
        cv2.circle(rgb, centre, radius, colour, -1, cv2.LINE_AA, SHIFT)

    def _paint(self, reps: tuple[RepCheck, ...], range_deg: tuple[float, float]) -> Sticker:
        canvas = Canvas(self._at.width_px, self._at.height_px)
        canvas.plate(max(round(0.5 * self._small), 1), PLATE, _OPACITY)
        for check in reps:
            self._shade(canvas, check)
        self._grid(canvas, range_deg)
        self._uncertainty(canvas)
        self._curve(canvas, 1, max(self._hair, 1))
        self._curve(canvas, 0, self._bold)
        for check in reps:
            self._clean_depth(canvas, check)
        self._header(canvas)
        return canvas.sticker()

    def _shade(self, canvas: Canvas, check: RepCheck) -> None:
        """A rep's stretch of time, underlined in its verdict's colour."""
        _, top, _, bottom = self._plot
        left, right = float(self._x[check.rep.start]), float(self._x[check.rep.end])
        corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
        canvas.fill(corners, INK, _REP_OPACITY)
        line = np.array([[left, bottom], [right, bottom]])
        canvas.line(line, _rep_colour(check), max(2 * self._hair, 2))

    def _clean_depth(self, canvas: Canvas, check: RepCheck) -> None:
        """A thin tick across the lumbar curve where a rep reached its clean depth."""
        depth = check.clean_depth
        if not (depth.reached and math.isfinite(depth.time_s)):
            return
        frame = int(np.argmin(np.abs(self._time_s - depth.time_s)))
        x, y, half = float(self._x[frame]), float(self._y[0][frame]), _TICK_MARK * self._small
        if math.isfinite(y):
            canvas.line(np.array([[x, y - half], [x, y + half]]), INK, max(self._hair, 1))

    def _grid(self, canvas: Canvas, range_deg: tuple[float, float]) -> None:
        left, top, right, bottom = self._plot
        right_pad = left
        for step in range(math.ceil(range_deg[0] / _GRID_DEG), int(range_deg[1] // _GRID_DEG) + 1):
            y = self._zero_y - step * _GRID_DEG * self._px_per_deg
            line = np.array([[left, y], [right, y]])
            canvas.line(line, DIM, self._hair, 0.45 if step == 0 else 0.2)
            label = self._setter.coverage(_signed(step * _GRID_DEG), self._tick, REGULAR)
            if self._ticks and top <= y <= bottom:
                middle = round(y - 0.66 * self._tick)
                canvas.place(label, canvas.width_px - right_pad - label.shape[1], middle, DIM)

    def _uncertainty(self, canvas: Canvas) -> None:
        """One standard deviation on either side of lumbar flexion."""
        y, sd = self._y[0], self._series[0].sd_deg * self._px_per_deg
        _, top, _, bottom = self._plot
        shape = canvas.blank()
        for run in gapless(np.isfinite(y) & np.isfinite(sd)):
            x = self._x[run]
            upper, lower = (np.clip(y[run] + sign * sd[run], top, bottom) for sign in (-1, 1))
            outline = np.concatenate(
                [np.stack([x, upper], axis=1), np.stack([x, lower], axis=1)[::-1]]
            )
            cv2.fillPoly(shape, [fixed_point(outline)], 255, cv2.LINE_AA, SHIFT)
        canvas.paint(shape, self._column_colours(0), _BAND_OPACITY)

    def _curve(self, canvas: Canvas, which: int, thickness_px: int) -> None:
        shape = canvas.blank()
        y = self._y[which]
        lines = [
            fixed_point(np.stack([self._x[run], y[run]], axis=1)) for run in gapless(np.isfinite(y))
        ]
        if lines:
            cv2.polylines(shape, lines, False, 255, thickness_px, cv2.LINE_AA, SHIFT)
        canvas.paint(shape, self._column_colours(which))

    def _column_colours(self, which: int) -> FloatArray:
        """(panel width, 3) colour of each column of pixels: that of the frame shown there."""
        columns = np.arange(self._at.width_px)
        frames = np.searchsorted(self._x, columns).clip(0, len(self._x) - 1)
        colours: FloatArray = self._colours[which][frames].astype(np.float64)
        return colours

    def _header(self, canvas: Canvas) -> None:
        """Swatch, label and room for the value, once for each series."""
        setter, small = self._setter, self._small
        room = setter.width_px(_WIDEST_VALUE, small, BOLD)
        gap, swatch = round(0.45 * small), round(0.9 * small)
        left = self._plot[0]
        names = _NAMES[-1]
        for longer in reversed(_NAMES):
            labels = sum(setter.width_px(name, small, REGULAR) for name in longer)
            if labels + 2 * (swatch + 2 * gap + room) + 2 * gap <= self._at.width_px - 2 * left:
                names = longer
        x = left
        ramp = change_colours(np.linspace(0.0, FULL_CHANGE_DEG, swatch))
        inks = (ramp, self._colours[1][0])
        for k, name in enumerate(names):
            middle = self._header_y + round(0.66 * small)
            key = np.full((max(round(0.22 * small), 2), swatch), 255, dtype=np.uint8)
            ink = np.broadcast_to(np.asarray(inks[k], dtype=np.float64), (swatch, 3))
            canvas.place(key, x, middle - key.shape[0] // 2, ink)
            x += swatch + gap
            label = setter.coverage(name, small, REGULAR)
            canvas.place(label, x, self._header_y, DIM)
            x += label.shape[1] + gap
            self._values_x[k] = x
            x += room + 2 * gap


def _value(one: Estimate, frame: int) -> str:
    value, sd = float(one.value_deg[frame]), float(one.sd_deg[frame])
    if not math.isfinite(value):
        return _MISSING
    return f"{_signed(value)} ± {sd:.0f}°" if math.isfinite(sd) else _signed(value)


def _signed(value_deg: float) -> str:
    return f"{round(value_deg)}°".replace("-", _MINUS)


def _range_deg(series: tuple[Estimate, ...]) -> tuple[float, float]:
    """What the plot's height shows, with a little air."""
    low, high = _LEAST_RANGE_DEG
    for one in series:
        known = one.value_deg[np.isfinite(one.value_deg)]
        if len(known):
            low = min(low, float(np.percentile(known, 0.5)))
            high = max(high, float(np.percentile(known, 99.5)))
    air = 0.05 * (high - low)
    return low - air, high + air


def _rep_colour(check: RepCheck) -> Colour:
    """A found fault's colour before no answer's, and that before held."""
    wink, rounding = check.butt_wink, check.rounding
    if not check.gradeable:
        return GREY
    if rounding.verdict not in (Verdict.YES, Verdict.NO) and wink.verdict is Verdict.NO:
        return GREY
    if rounding.verdict is Verdict.YES and wink.verdict is not Verdict.YES:
        return verdict_colour(rounding.verdict, rounding.band)
    return verdict_colour(wink.verdict, wink.band)
