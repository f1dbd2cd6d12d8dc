"""How deep a lifter hinges before the pelvis tucks: the clean hinge depth.

Where a tuck begins hip flexion has run out: the hip flexion at its onset is the same in different
squats and in supine, so that it marks the lifter's own range (Mata 2021, doi 10.70252/LMEG8374).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hingecheck.form.filmed import FilmedSet
from hingecheck.form.records import ButtWink, CleanDepth, Part, Verdict
from hingecheck.motion.records import Rep

__all__ = ["UNKNOWN", "clean_depth", "rep_clean_depth"]

UNKNOWN = CleanDepth(np.nan, np.nan, np.nan, np.nan, False, np.nan)
"""Where the picture does not tell."""


def rep_clean_depth(filmed: FilmedSet, rep: Rep, wink: ButtWink) -> CleanDepth:
    """Hip flexion on the pelvis at a rep's onset of the tuck, or at its bottom without one.

    A rep whose tuck is unsure tells neither.
    """
    if wink.verdict is Verdict.YES and np.isfinite(wink.onset_s):
        frame, reached = int(np.argmin(np.abs(filmed.time_s - wink.onset_s))), True
    elif wink.verdict is Verdict.NO:
        frame, reached = filmed.lowest(rep), False
    else:
        return UNKNOWN
    hip_deg, sd_deg = filmed.mean_at(filmed.angles.hip_flexion, frame)
    seen = (rep.index, Part.HANDS) not in filmed.refused
    return CleanDepth(
        hip_flexion_deg=hip_deg,
        sd_deg=sd_deg,
        knee_flexion_deg=filmed.mean_at(filmed.angles.knee_flexion, frame)[0],
        bar_height_cm=float(filmed.bar.height_cm[frame]) if seen else np.nan,
        reached=reached,
        time_s=float(filmed.time_s[frame]),
    )


def clean_depth(reps: Sequence[CleanDepth]) -> CleanDepth:
    """The set's: the middle one of the reps that reached their limit, else the deepest of the rest.

    Of an even number the deeper of the two in the middle: it is a rep that was made, with its own
    knees and bar height.
    """
    known = [rep for rep in reps if np.isfinite(rep.hip_flexion_deg)]
    reached = sorted((rep for rep in known if rep.reached), key=lambda rep: rep.hip_flexion_deg)
    if reached:
        return reached[len(reached) // 2]
    return max(known, key=lambda rep: rep.hip_flexion_deg, default=UNKNOWN)
