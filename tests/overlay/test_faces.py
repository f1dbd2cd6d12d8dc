"""Heads are hidden for good, whatever else is drawn, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from hingecheck.form.records import Analysis
from hingecheck.overlay import Overlay
from hingecheck.overlay.faces import RIM, Faces

MakeSquat = Callable[..., Analysis]
Picture = NDArray[np.uint8]
BOTTOM = 35
SIZES = [(1280, 720), (360, 640)]


def busy_picture(width_px: int, height_px: int) -> Picture:
    """Detail of every size down to a pixel."""
    rng = np.random.default_rng(1)
    layers = [
        cv2.resize(
            rng.integers(0, 64, (-(-height_px // cell), -(-width_px // cell), 3)).astype(np.uint8),
            (width_px, height_px),
            interpolation=cv2.INTER_NEAREST,
        )
        for cell in (1, 2, 4, 8)
    ]
    return np.asarray(np.sum(layers, axis=0), np.uint8)


def inside(analysis: Analysis, frame: int, share: float = 1.0) -> NDArray[np.bool_]:
    """Pixels of the frame's heads, their circles scaled by a share."""
    rows, columns = np.indices((analysis.track.height_px, analysis.track.width_px))
    circles = analysis.heads.circles_px[frame]
    known = circles[np.isfinite(circles[:, 0])]
    disc = [np.hypot(columns - x, rows - y) <= share * radius for x, y, radius in known]
    return np.asarray(np.any(disc, axis=0))


def hidden(analysis: Analysis, frame: int, rgb: Picture) -> Picture:
    shown = rgb.copy()
    Faces(analysis, rgb.shape[1], rgb.shape[0]).hide(shown, frame)
    return shown


def likeness(one: Picture, other: Picture, where: NDArray[np.bool_]) -> float:
    """Correlation of what is left of two pictures when their broad colours are taken away."""
    details = []
    for picture in (one, other):
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
        width = float(np.sqrt(where.sum()) / 8)
        details.append((grey - cv2.GaussianBlur(grey, (0, 0), width))[where])
    return float(np.corrcoef(np.stack(details))[0, 1])


def with_two(analysis: Analysis) -> Analysis:
    """The same with somebody 300 px to the lifter's right."""
    circles = analysis.heads.circles_px
    both = np.concatenate([circles, circles + np.array([300.0, 0.0, 0.0])], axis=1)
    return replace(analysis, heads=replace(analysis.heads, circles_px=both))


@pytest.mark.parametrize("size", SIZES)
def test_nothing_changes_outside_the_heads(squat: MakeSquat, size: tuple[int, int]) -> None:
    analysis, picture = squat(*size), busy_picture(*size)
    changed = (hidden(analysis, BOTTOM, picture) != picture).any(axis=2)
    assert changed[inside(analysis, BOTTOM)].mean() > 0.97
    assert not changed[~inside(analysis, BOTTOM, RIM + 0.05)].any()


@pytest.mark.parametrize("size", SIZES)
def test_no_detail_of_a_head_is_left(squat: MakeSquat, size: tuple[int, int]) -> None:
    analysis, picture = squat(*size), busy_picture(*size)
    shown, head = hidden(analysis, BOTTOM, picture), inside(analysis, BOTTOM)
    assert abs(likeness(shown, picture, head)) < 0.25
    assert shown[head].std(axis=0).max() < picture[head].std(axis=0).min() / 3


def test_bystander_is_hidden_as_well(squat: MakeSquat) -> None:
    analysis, picture = with_two(squat()), busy_picture(1280, 720)
    beside = inside(analysis, BOTTOM) & ~inside(squat(), BOTTOM, RIM)
    assert beside.sum() > 1000
    assert abs(likeness(hidden(analysis, BOTTOM, picture), picture, beside)) < 0.1


def test_lines_are_drawn_above(squat: MakeSquat) -> None:
    analysis, picture = squat(), busy_picture(1280, 720)
    head_down = replace(
        analysis,
        heads=replace(
            analysis.heads,
            circles_px=np.dstack(
                [analysis.profile.edge_px[:, 40:41], np.full((analysis.frames, 1), 90.0)]
            ),
        ),
    )
    line = (Overlay(analysis, 1280, 720).still(picture.copy(), BOTTOM) != picture).any(axis=2)
    assert (line & inside(head_down, BOTTOM)).sum() > 500
    first = Overlay(analysis, 1280, 720).draw(hidden(head_down, BOTTOM, picture), BOTTOM)
    shown = Overlay(head_down, 1280, 720, blur_faces=True).draw(picture.copy(), BOTTOM)
    np.testing.assert_array_equal(shown, first)


def test_picture_is_hidden_whole_where_the_head_may_be_anywhere(squat: MakeSquat) -> None:
    analysis, picture = squat(), busy_picture(1280, 720)
    sure = np.ones(analysis.frames, dtype=np.bool_)
    sure[BOTTOM] = False
    lost = replace(analysis, heads=replace(analysis.heads, sure=sure))
    everywhere = np.ones((720, 1280), dtype=np.bool_)
    shown = hidden(lost, BOTTOM, picture)
    small = np.s_[200:300, 500:600]
    assert abs(likeness(shown[small], picture[small], everywhere[small])) < 0.1
    assert shown.std() < picture.std() / 4
    np.testing.assert_array_equal(
        hidden(lost, BOTTOM + 1, picture), hidden(analysis, BOTTOM + 1, picture)
    )


def test_head_at_the_edge_and_beyond_is_no_trouble(squat: MakeSquat) -> None:
    analysis, picture = squat(), busy_picture(1280, 720)
    circles = np.full((analysis.frames, 3, 3), np.nan)
    circles[BOTTOM] = [(0.0, 10.0, 60.0), (3000.0, -500.0, 80.0), (np.nan, np.nan, np.nan)]
    cut = replace(analysis, heads=replace(analysis.heads, circles_px=circles))
    shown = hidden(cut, BOTTOM, picture)
    assert abs(likeness(shown[:60, :40], picture[:60, :40], inside(cut, BOTTOM)[:60, :40])) < 0.2
    np.testing.assert_array_equal(shown[:, 200:], picture[:, 200:])


def test_heads_follow_the_size_of_the_picture(squat: MakeSquat) -> None:
    analysis = squat(1280, 720)
    twice = busy_picture(2560, 1440)
    changed = (hidden(analysis, BOTTOM, twice) != twice).any(axis=2)
    half = cv2.resize(changed.astype(np.uint8), (1280, 720), interpolation=cv2.INTER_NEAREST) > 0
    assert half[inside(analysis, BOTTOM)].mean() > 0.9
    assert not half[~inside(analysis, BOTTOM, RIM + 0.05)].any()
