"""Posterior pelvic tilt late in the descent: the butt wink."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hingecheck.form.bands import THRESHOLD_DEG, band_of
from hingecheck.form.filmed import FilmedSet, mean_about, way
from hingecheck.form.judge import verdict_of
from hingecheck.form.lifts import LiftConfig
from hingecheck.form.records import ButtWink, Code, Measure, Unit, Verdict
from hingecheck.motion.records import Angles, Rep
from hingecheck.pose.records import FloatArray

__all__ = [
    "NOT_GRADED",
    "Rhythm",
    "SlopeBelief",
    "fit_rhythms",
    "late_excess",
    "measure",
    "measure_tuck",
]

EARLY = (0.20, 0.70)
"""Share of the descent's hip travel whose rhythm is the baseline: after the first movement, mostly
before hip flexion runs out. On simulated descents tucks of 14 degrees were told from none with AUC
0.91 when it ended at 0.60 and 0.93 at 0.74, since it is then continued over a shorter way; tucks
that begin within it are read too small (docs/method.md)."""

BOTTOM = 0.98
"""Share from which on the lifter is at the bottom, where the tuck is measured. A mean over it: the
largest value of a noisy curve is too large (root mean square error 7.6 against 6.7 degrees on
simulated clips)."""

LEAST_FRAMES = 3
"""In the early descent: a swing at 30 pictures a second has so many, fewer hold no slope."""

FRAMES_PER_SAMPLE_S = 1 / 12
"""Filtered at 6 Hz, a signal holds 12 independent samples a second."""

NOISE_SD_DEG = 2.0
"""Frame noise left after filtering; sets the band that an onset has to leave."""

ONSET_HOLD_S = 0.15
ONSET_SIGMAS = 2.0

NOT_GRADED = ButtWink(
    verdict=Verdict.NOT_GRADEABLE,
    tuck_deg=np.nan,
    ci95_deg=(np.nan, np.nan),
    posterior_tilt_deg=np.nan,
    onset_s=np.nan,
    onset_descent_pct=np.nan,
    onset_hip_flexion_deg=np.nan,
    band=None,
)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A lifter's lumbopelvic rhythm in one descent: lumbar flexion against hinge depth.

    Attributes:
        frames: Frames of the way from top to bottom, see `filmed.way`.
        depth_deg: Mean trunk-thigh flexion of the early descent.
        lumbar_deg: Lumbar flexion there.
        lumbar_sd_deg: Its standard error.
        slope: Degrees of lumbar flexion per degree of trunk-thigh flexion.
        slope_sd: Its standard error.
    """

    frames: NDArray[np.int64]
    depth_deg: float
    lumbar_deg: float
    lumbar_sd_deg: float
    slope: float
    slope_sd: float

    def expect(self, depth_deg: FloatArray) -> FloatArray:
        """Lumbar flexion that this rhythm continues to at a hinge depth."""
        return self.lumbar_deg + self.slope * (depth_deg - self.depth_deg)

    def expect_sd(self, depth_deg: FloatArray) -> FloatArray:
        """Standard error of `expect`."""
        away = self.slope_sd * (depth_deg - self.depth_deg)
        return np.asarray(np.hypot(self.lumbar_sd_deg, away))


class SlopeBelief:
    """What is believed of a lifter's lumbopelvic slope: the lift's usual one, then their own.

    A conjugate normal model: prior N(`config.rhythm`, `config.rhythm_sd`), data from the early
    descents of a set. One rep's own slope continued to the bottom multiplies its noise.

    Args:
        config: What is usual in the lift.
    """

    def __init__(self, config: LiftConfig) -> None:
        self._least_sd = config.rhythm_sd / 2
        self._precision = config.rhythm_sd**-2
        self._weighted = config.rhythm * self._precision

    def learn(self, depth_deg: FloatArray, lumbar_deg: FloatArray, step_s: float) -> float:
        """Take in one early descent; returns the standard error of its mean lumbar flexion.

        Args:
            depth_deg: (frames,) trunk-thigh flexion.
            lumbar_deg: (frames,) lumbar flexion.
            step_s: Time between two frames.
        """
        x, y = depth_deg - depth_deg.mean(), lumbar_deg - lumbar_deg.mean()
        samples = max(1.0, len(x) * min(1.0, step_s / FRAMES_PER_SAMPLE_S))
        self._precision += float((x**2).mean()) * samples / NOISE_SD_DEG**2
        self._weighted += float((x * y).mean()) * samples / NOISE_SD_DEG**2
        return float(NOISE_SD_DEG / np.sqrt(samples))

    def copy(self) -> SlopeBelief:
        """The same belief, to learn something that shall not be kept."""
        return copy(self)

    @property
    def slope(self) -> float:
        """Degrees of lumbar flexion per degree of trunk-thigh flexion."""
        return float(self._weighted / self._precision)

    @property
    def slope_sd(self) -> float:
        """Its standard error: reps of one lifter agree no better than lifters do by a half."""
        return float(max(self._precision**-0.5, self._least_sd))


def fit_rhythms(
    time_s: FloatArray, angles: Angles, reps: tuple[Rep, ...], config: LiftConfig
) -> dict[int, Rhythm]:
    """The rhythm of each rep's own early descent, by rep index.

    The slope is shared by all reps of the set (`SlopeBelief`). Reps with fewer than `LEAST_FRAMES`
    estimates in the early descent are left out.
    """
    depth, lumbar = angles.trunk_thigh_flexion.value_deg, angles.lumbar_flexion.value_deg
    belief = SlopeBelief(config)
    centre: dict[int, tuple[NDArray[np.int64], float, float, float]] = {}
    for rep in reps:
        descent = way(rep, config.baseline)
        if len(descent) < 2:
            continue
        travel = _travel(depth[descent])
        early = descent[(travel >= EARLY[0]) & (travel <= EARLY[1])]
        early = early[np.isfinite(lumbar[early] + depth[early])]
        if len(early) < LEAST_FRAMES:
            continue
        sd = belief.learn(depth[early], lumbar[early], float(np.median(np.diff(time_s))))
        centre[rep.index] = (descent, float(depth[early].mean()), float(lumbar[early].mean()), sd)
    return {
        index: Rhythm(descent, x, y, sd, belief.slope, belief.slope_sd)
        for index, (descent, x, y, sd) in centre.items()
    }


def measure_tuck(
    time_s: FloatArray,
    angles: Angles,
    rhythm: Rhythm,
    shared_sd_deg: FloatArray | float,
) -> ButtWink:
    """Compare a rep's lumbar flexion with the rhythm of its own early descent.

    The metric is posterior rotation late in the descent (doi 10.3390/app152312526); its
    baseline is the rep's own, because populations overlap (docs/method.md).

    Args:
        time_s: (frames,) the clip's clock.
        angles: Filtered angles.
        rhythm: The rep's, from `fit_rhythms`.
        shared_sd_deg: Part of the lumbar uncertainty whose error is the same in all frames and so
            cancels against the baseline.
    """
    lumbar, depth = angles.lumbar_flexion, angles.trunk_thigh_flexion.value_deg
    descent = rhythm.frames
    excess = lumbar.value_deg[descent] - rhythm.expect(depth[descent])
    travel = _travel(depth[descent])
    shared = np.broadcast_to(shared_sd_deg, lumbar.sd_deg.shape)[descent]
    known = np.isfinite(excess) & np.isfinite(shared)
    low = np.flatnonzero((travel >= BOTTOM) & known)
    if not len(low):
        return NOT_GRADED
    at = descent[low]
    measured = float(excess[low].mean())
    tuck = max(0.0, measured)
    own_sd = np.sqrt(max(float((lumbar.sd_deg[at] ** 2 - shared[low] ** 2).mean()), 0.0))
    sd = float(np.hypot(own_sd, rhythm.expect_sd(depth[at].mean())))
    # A tuck is never negative, and neither is what it may be; its interval reaches at least to it.
    interval = (max(0.0, measured - 1.96 * sd), max(measured + 1.96 * sd, tuck))
    pelvis = angles.pelvic_tilt.value_deg[descent]
    tilted = np.isfinite(pelvis[low]).any()
    posterior = np.nanmax(pelvis[: low[-1] + 1]) - np.nanmean(pelvis[low]) if tilted else np.nan
    onset = _onset(time_s[descent], excess, travel, int(low[-1])) if tuck >= THRESHOLD_DEG else None
    return ButtWink(
        verdict=verdict_of(interval, THRESHOLD_DEG),
        tuck_deg=tuck,
        ci95_deg=interval,
        sd_deg=sd,
        posterior_tilt_deg=float(posterior),
        onset_s=np.nan if onset is None else float(time_s[descent[onset]]),
        onset_descent_pct=np.nan if onset is None else 100 * float(travel[onset]),
        onset_hip_flexion_deg=(
            np.nan
            if onset is None
            else mean_about(time_s, angles.hip_flexion.value_deg, int(descent[onset]))
        ),
        band=band_of(tuck),
    )


def late_excess(angles: Angles, rhythm: Rhythm, deep: NDArray[np.int64]) -> float:
    """What a tuck adds to the median lumbar flexion of some frames; NaN where that is unseen."""
    depth = angles.trunk_thigh_flexion.value_deg[deep]
    excess = angles.lumbar_flexion.value_deg[deep] - rhythm.expect(depth)
    known = excess[np.isfinite(excess)]
    return float(max(0.0, np.median(known))) if len(known) else float("nan")


def measure(filmed: FilmedSet) -> list[Measure]:
    """The verdict of every rep, in the terms that all findings share."""
    measures = []
    for rep in filmed.reps:
        wink = filmed.winks[rep.index]
        lowest_s = float(filmed.time_s[filmed.lowest(rep)])
        measures.append(
            Measure(
                code=Code.BUTT_WINK,
                rep=rep.index,
                verdict=wink.verdict,
                value=wink.tuck_deg,
                ci95=wink.ci95_deg,
                unit=Unit.DEG,
                limit=THRESHOLD_DEG,
                time_s=wink.onset_s if np.isfinite(wink.onset_s) else lowest_s,
                band=wink.band,
                reason=wink.reason,
            )
        )
    return measures


def _travel(descent: FloatArray) -> FloatArray:
    """Share of the descent's hip travel made at each of its frames, 0 at the top, 1 below."""
    known = descent[np.isfinite(descent)]
    top, bottom = (known[0], known[-1]) if len(known) else (np.nan, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((descent - top) / (bottom - top))


def _onset(t: FloatArray, excess: FloatArray, travel: FloatArray, peak: int) -> int | None:
    """First frame from which the excess stays outside its noise band up to the peak."""
    outside = excess > ONSET_SIGMAS * NOISE_SD_DEG
    outside |= ~np.isfinite(excess)
    inside = np.flatnonzero(~outside[: peak + 1])
    first = int(inside[-1]) + 1 if len(inside) else 0
    held = abs(t[-1] - t[min(first, len(t) - 1)]) >= ONSET_HOLD_S
    return first if first <= peak and held and travel[first] > EARLY[0] else None
