"""The accuracy page's pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from hingecheck.clip import ClipReader
from hingecheck.simulate.evaluate.metrics import FrameScores, RepPair, compare
from hingecheck.simulate.evaluate.records import Case, Truth
from hingecheck.simulate.evaluate.scores import LEVELS, QUANTITIES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_calibration", "draw_cast", "draw_scatter", "draw_tucks"]

_TITLES = {
    "pelvic_tilt": "pelvic tilt",
    "lumbar_flexion": "lumbar flexion",
    "thoracic_flexion": "thoracic flexion",
}
_COLOURS = {"pelvic_tilt": "#2a6f97", "lumbar_flexion": "#bc4b32", "thoracic_flexion": "#6a7f3f"}
_VERDICT_COLOURS = {"yes": "#bc4b32", "no": "#2a6f97", "unsure": "#b39b3c"}
_DPI = 90
_MOST_POINTS_PER_CLIP = 12
_TUCK_DEG = 8.0
_STILLS, _COLUMNS, _STILL_PX = 12, 4, (240, 180)


def draw_cast(folder: Path, truths: Sequence[Truth], path: Path) -> None:
    """The deepest moment of the first clips, side by side, as a jpg."""
    width, height = _STILL_PX
    sheet = np.zeros((height * (_STILLS // _COLUMNS), width * _COLUMNS, 3), np.uint8)
    for place, truth in enumerate(truths[:_STILLS]):
        deepest = float(truth.time_s[int(np.argmax(truth.trunk_deg))])
        row, column = divmod(place, _COLUMNS)
        still = _fitted(_frame_at(folder / f"{truth.name}.mp4", deepest))
        sheet[row * height : (row + 1) * height, column * width : (column + 1) * width] = still
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), sheet[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 85])


def _frame_at(clip: Path, time_s: float) -> NDArray[np.uint8]:
    with ClipReader(clip) as reader:
        return next(frame.rgb for frame in reader if frame.time_s >= time_s - 1e-3)


def _fitted(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A whole picture as a still, black where it does not reach."""
    width, height = _STILL_PX
    scale = min(width / image.shape[1], height / image.shape[0])
    size = (round(image.shape[1] * scale), round(image.shape[0] * scale))
    left, top = (width - size[0]) // 2, (height - size[1]) // 2
    still = np.zeros((height, width, 3), np.uint8)
    still[top : top + size[1], left : left + size[0]] = cv2.resize(
        image, size, interpolation=cv2.INTER_AREA
    )
    return still


def draw_scatter(cases: Sequence[Case], path: Path) -> None:
    """Estimate against truth, a few frames of every clip, one panel per angle."""
    figure = Figure(figsize=(9.6, 3.3), dpi=_DPI, layout="constrained")
    compared = [compare(case) for case in cases]
    for axes, name in zip(figure.subplots(1, len(QUANTITIES)), QUANTITIES, strict=True):
        thinned = [
            np.stack(one[name][:2])[:, :: max(1, len(one[name][0]) // _MOST_POINTS_PER_CLIP)]
            for one in compared
        ]
        true, value = np.concatenate(thinned, axis=1) if thinned else np.zeros((2, 0))
        known = np.isfinite(value)
        axes.scatter(true[known], value[known], s=5, alpha=0.45, lw=0, color=_COLOURS[name])
        _diagonal(axes, np.concatenate([true[known], value[known]]))
        axes.set_title(_TITLES[name], fontsize=10)
        axes.set_xlabel("true, degrees")
        axes.set_ylabel("estimated, degrees")
    _save(figure, path)


def draw_calibration(scores: FrameScores, path: Path) -> None:
    """Observed against expected coverage, one line per angle."""
    figure = Figure(figsize=(4.2, 3.8), dpi=_DPI, layout="constrained")
    axes = figure.subplots()
    for name in QUANTITIES:
        if accuracy := scores[name]:
            label, colour = _TITLES[name], _COLOURS[name]
            axes.plot(LEVELS, accuracy.coverage, "o-", ms=4, lw=1.2, color=colour, label=label)
    _diagonal(axes, np.array([0.35, 1.0]))
    axes.set_xlabel("level of the interval")
    axes.set_ylabel("share of frames it holds")
    axes.legend(frameon=False, fontsize=8, loc="lower right")
    _save(figure, path)


def draw_tucks(pairs: Sequence[RepPair], path: Path) -> None:
    """Every graded rep's tuck with its 95 % interval against the truth, by verdict."""
    figure = Figure(figsize=(6.4, 4.0), dpi=_DPI, layout="constrained")
    axes = figure.subplots()
    told = [pair for pair in pairs if pair.found.gradeable and np.isfinite(pair.found.tuck_deg)]
    # Reps without a tuck all lie at 0: spread them a little, always alike.
    spread = np.random.default_rng(0).uniform(-1.2, 1.2, len(told))
    for verdict, colour in _VERDICT_COLOURS.items():
        chosen = [(p, d) for p, d in zip(told, spread, strict=True) if p.found.wink == verdict]
        true = np.array([pair.true.tuck_deg + (pair.true.tuck_deg == 0) * d for pair, d in chosen])
        value = np.array([pair.found.tuck_deg for pair, _ in chosen])
        ends = np.array([pair.found.tuck_ci95_deg for pair, _ in chosen]).reshape(-1, 2)
        reach = np.abs(ends.T - value)
        axes.errorbar(
            true, value, reach, fmt="o", ms=3.5, lw=0.7, alpha=0.75, color=colour, label=verdict
        )
    _diagonal(axes, np.array([0.0, max([32.0, *(pair.true.tuck_deg for pair in told)])]))
    axes.axhline(_TUCK_DEG, color="0.6", lw=0.8, ls=":")
    axes.set_xlabel("true tuck, degrees (reps without one are spread about 0)")
    axes.set_ylabel("measured, with 95 % interval")
    axes.legend(
        frameon=False, fontsize=8, title="verdict", title_fontsize=8, bbox_to_anchor=(1.0, 1.0)
    )
    _save(figure, path)


def _diagonal(axes: Axes, values: np.ndarray) -> None:
    if len(values):
        ends = [float(values.min()), float(values.max())]
        axes.plot(ends, ends, color="0.3", lw=0.8, ls="--")
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8)


def _save(figure: Figure, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Software": None})
