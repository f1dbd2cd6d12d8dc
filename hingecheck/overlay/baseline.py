"""How far the back has left the lifter's own early descent, and which frame shows that shape."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from hingecheck.form.bands import THRESHOLD_DEG
from hingecheck.form.records import Analysis, Band, RepCheck, Verdict
from hingecheck.overlay.colours import BAND_MIDDLE_DEG, GREY, PALE, change_colours
from hingecheck.pose.records import FloatArray

__all__ = [
    "back_colours",
    "change_from_baseline",
    "ghost_frames",
    "judged_on_the_pull",
    "rep_nearest",
]

_NEIGHBOURS = 2
"""Frames on either side that may stand in for one without an estimate."""
_LEAST_HINGE_DEG = 15.0
"""Over a shorter way from reference to worst frame a rhythm is only noise."""
_FADE_S = 0.4
"""How long before and after a rep the colour comes and goes."""
_SAME_DEPTH_DEG = 4.0
"""Hinge depths this close count as reached: one standard error of trunk-thigh flexion."""


def judged_on_the_pull(check: RepCheck) -> bool:
    """Whether a rep was looked at from lockout back to its set-up, and not on its descent."""
    return check.worst < check.reference


def rep_nearest(analysis: Analysis) -> tuple[NDArray[np.intp], FloatArray]:
    """Position in `analysis.reps` of each frame's nearest rep, and the seconds to it.

    Both are (frames,); seconds are 0 within the rep. Without reps, -1 and infinity.
    """
    time = analysis.track.time_s
    if not analysis.reps:
        return np.full(len(time), -1), np.full(len(time), math.inf)
    start = time[[check.rep.start for check in analysis.reps]]
    end = time[[check.rep.end for check in analysis.reps]]
    away = np.maximum(np.maximum(start - time[:, None], time[:, None] - end), 0.0)
    nearest = np.argmin(away, axis=1)
    return nearest, away[np.arange(len(time)), nearest]


def change_from_baseline(analysis: Analysis) -> FloatArray:
    """How far each frame's lumbar flexion lies above the lifter's baseline, (frames,) degrees.

    The baseline starts at the rep's reference frame and changes with hinge depth just so that what
    remains at the rep's worst frame is its `tuck_deg`. Where a rep carries no such number, the
    baseline is the reference alone. A rep that is rounded from its start has at least its band's
    change while it is as flexed as its verdict says. No frame has more change than its rep's
    tuck and rounding: colour and verdict say the same.

    NaN where the estimate or the reference is missing, where the rep or the view cannot be
    graded, and in a clip without reps; and where words call it a doubt: the tuck's from where its
    interval reaches a change that counts, the rounding's wherever no tuck was found.
    """
    lumbar = analysis.angles.lumbar_flexion.value_deg
    change = np.full(len(lumbar), math.nan)
    if not analysis.view.gradeable:
        return change
    nearest, _ = rep_nearest(analysis)
    for position, check in enumerate(analysis.reps):
        if check.gradeable:
            mine = nearest == position
            doubt = _doubtful(analysis, check)[mine]
            tucked = np.where(
                doubt, math.nan, np.minimum(_excess(analysis, check)[mine], _said(check))
            )
            shown = np.fmax(tucked, _rounded(check, lumbar[mine]))
            doubt |= not _told(check.rounding.verdict)
            change[mine] = np.where(doubt & ~(shown >= THRESHOLD_DEG), math.nan, shown)
    return change


def _said(check: RepCheck) -> float:
    """The tuck that words give a rep."""
    return max(0.0, float(np.nan_to_num(check.butt_wink.tuck_deg)))


def _told(verdict: Verdict) -> bool:
    return verdict in (Verdict.YES, Verdict.NO)


def _doubtful(analysis: Analysis, check: RepCheck) -> NDArray[np.bool_]:
    """Frames in which nobody can tell if there is a tuck.

    A tuck's error grows along the way on which the lifter's rhythm is continued. An unsure one is
    open from where that error reaches a change that counts, and at the bottom in any case; one
    that was not judged all the way.
    """
    wink = check.butt_wink
    if _told(wink.verdict):
        return np.zeros(analysis.frames, dtype=np.bool_)
    hinge, way = _hinge(analysis, check)
    if not (math.isfinite(wink.ci95_deg[1]) and way >= _LEAST_HINGE_DEG):
        return np.ones(analysis.frames, dtype=np.bool_)
    error_deg = (wink.ci95_deg[1] - wink.tuck_deg) * np.clip(hinge / way, 0.0, 1.0)
    with np.errstate(invalid="ignore"):
        closed: NDArray[np.bool_] = _excess(analysis, check) + error_deg < THRESHOLD_DEG
    return ~closed


def _excess(analysis: Analysis, check: RepCheck) -> FloatArray:
    """Lumbar flexion of every frame above what a rep's own rhythm predicts for its hinge depth."""
    lumbar = analysis.angles.lumbar_flexion.value_deg
    start = _at(lumbar, check.reference)
    allowed = _at(lumbar, check.worst) - start - check.butt_wink.tuck_deg
    hinge, way = _hinge(analysis, check)
    if not (math.isfinite(allowed) and way >= _LEAST_HINGE_DEG):
        return lumbar - start
    share = np.clip(np.nan_to_num(hinge / way, nan=0.0), 0.0, None)
    excess: FloatArray = lumbar - start - allowed * share
    return excess


def _hinge(analysis: Analysis, check: RepCheck) -> tuple[FloatArray, float]:
    """Hinge depth of every frame beyond the reference frame's, and the worst frame's."""
    depth = analysis.angles.trunk_thigh_flexion.value_deg
    hinge = depth - _at(depth, check.reference)
    return hinge, _at(hinge, check.worst)


def _rounded(check: RepCheck, lumbar_deg: FloatArray) -> FloatArray:
    """What a rounded rep's colour shows at least, by how far the rounding is taken up."""
    rounding = check.rounding
    if rounding.verdict is not Verdict.YES or not rounding.lumbar_flexion_deg > 0:
        return np.full(len(lumbar_deg), math.nan)
    taken_up: FloatArray = np.clip(lumbar_deg / rounding.lumbar_flexion_deg, 0.0, 1.0)
    return BAND_MIDDLE_DEG[rounding.band or Band.SLIGHT] * taken_up


def _at(values: FloatArray, frame: int) -> float:
    """A frame's value, or the median of its neighbours' where it has none."""
    if math.isfinite(values[frame]):
        return float(values[frame])
    window = values[max(frame - _NEIGHBOURS, 0) : frame + _NEIGHBOURS + 1]
    known = window[np.isfinite(window)]
    return float(np.median(known)) if len(known) else math.nan


def back_colours(analysis: Analysis) -> NDArray[np.uint8]:
    """Colour of the lower back, (frames, 3) RGB: the change within reps, pale between them."""
    if not analysis.view.gradeable:
        return np.tile(np.asarray(GREY, dtype=np.uint8), (analysis.frames, 1))
    _, away_s = rep_nearest(analysis)
    attention = np.clip(1.0 - away_s / _FADE_S, 0.0, 1.0)[:, None]
    ramp = change_colours(change_from_baseline(analysis))
    pale = np.asarray(PALE, dtype=np.float64)
    shown: NDArray[np.uint8] = np.rint(pale + (ramp - pale) * attention).astype(np.uint8)
    return shown


def ghost_frames(analysis: Analysis, usable: NDArray[np.bool_]) -> NDArray[np.intp]:
    """For each frame the frame whose back is its ghost, (frames,); -1 for none.

    At a hinge depth that the rep's own early descent reached, that moment of it. Deeper, the
    same depth in the descent of the set's first rep that was held, where it got there; else the
    rep's reference. Only frames marked in `usable` (frames,) are ever chosen.
    """
    ghost = np.full(analysis.frames, -1)
    if not analysis.view.gradeable:
        return ghost
    nearest, away_s = rep_nearest(analysis)
    held = next((check for check in analysis.reps if _held(check)), None)
    for position, check in enumerate(analysis.reps):
        if check.gradeable:
            frames = np.flatnonzero((nearest == position) & (away_s < _FADE_S))
            ghost[frames] = _ghosts_of(analysis, check, held, frames, usable)
    return ghost


def _held(check: RepCheck) -> bool:
    return check.gradeable and check.butt_wink.verdict is Verdict.NO


def _ghosts_of(
    analysis: Analysis,
    check: RepCheck,
    held: RepCheck | None,
    frames: NDArray[np.intp],
    usable: NDArray[np.bool_],
) -> NDArray[np.intp]:
    depth = analysis.angles.trunk_thigh_flexion.value_deg
    known = usable & np.isfinite(depth)
    fallback = check.reference if usable[check.reference] else -1
    ghost = np.full(len(frames), fallback)
    pools = [_between(check.rep.top, check.reference, known)]
    if held is not None and held is not check:
        low = held.rep.start if judged_on_the_pull(held) else held.rep.bottom
        pools.append(_between(held.rep.top, low, known))
    open_ = np.isfinite(depth[frames])
    for pool in pools:
        if len(pool) == 0:
            continue
        reached = open_ & (depth[frames] <= depth[pool].max() + _SAME_DEPTH_DEG)
        apart = np.abs(depth[frames[reached]][:, None] - depth[pool])
        ghost[reached] = pool[np.argmin(apart, axis=1)]
        open_ &= ~reached
    return ghost


def _between(first: int, last: int, known: NDArray[np.bool_]) -> NDArray[np.intp]:
    frames = np.arange(min(first, last), max(first, last) + 1)
    return frames[known[frames]]
