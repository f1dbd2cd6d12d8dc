"""A set graded rep by rep: refusals first, verdicts next, then what to say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from stick import Posture, angles_of, back_of, landmarks_of, profile_of, track_of, true_set

from hingecheck.form.cues import phrase
from hingecheck.form.grade import GradedSet, grade_set
from hingecheck.form.lifts import LIFTS
from hingecheck.form.records import Band, Code, Reason, RepCheck, Verdict
from hingecheck.form.view import check_view
from hingecheck.motion.bar import bar_path
from hingecheck.motion.records import Lift, Rep
from hingecheck.motion.reps import find_reps, turning_points
from hingecheck.pose.records import FloatArray
from hingecheck.spine.records import Estimate


class Graded:
    """The true angles of a sample clip, filmed as a stick lifter and graded."""

    def __init__(
        self,
        name: str = "rdl_butt_wink",
        *,
        sd_deg: float = 1.5,
        yaw_deg: float = 0.0,
        more_lumbar_deg: float = 0.0,
        lift: Lift = Lift.RDL,
        faster: int = 1,
    ) -> None:
        time_s, columns = true_set(name)
        self.time_s = time_s[::faster] / faster
        truth = {column: values[::faster] for column, values in columns.items()}
        posture = Posture(*(truth[f"{part}_inclination"] for part in ("trunk", "thigh", "shank")))
        self.track = track_of(landmarks_of(posture), self.time_s, yaw_deg=yaw_deg)
        self.profile = profile_of(len(self.time_s), -40.0)
        depth = truth["trunk_thigh_flexion"]
        lumbar = truth["lumbar_flexion"] + more_lumbar_deg
        self.angles = angles_of({**truth, "lumbar_flexion": lumbar}, sd_deg)
        self.reps = find_reps(self.time_s, depth, turning_points(self.time_s, depth), lift)
        self.lift = lift

    def check(self, shared_sd_deg: float = 0.0) -> tuple[RepCheck, ...]:
        return self.grade(shared_sd_deg).reps

    def grade(self, shared_sd_deg: float = 0.0) -> GradedSet:
        back = back_of(self.track, self.profile)
        view = check_view(self.track, back, 1, self.reps)
        bar = bar_path(self.track, back.segments, 1)
        return grade_set(
            self.track, back, self.angles, bar, view, self.lift, self.reps, shared_sd_deg
        )

    def hide(self, during: slice) -> None:
        lumbar: FloatArray = self.angles.lumbar_flexion.value_deg.copy()
        lumbar[during] = np.nan
        sd = np.where(np.isfinite(lumbar), self.angles.lumbar_flexion.sd_deg, np.nan)
        self.angles = replace(self.angles, lumbar_flexion=Estimate(lumbar, sd))


def test_every_tucked_rep_is_found_with_its_size_time_and_cue() -> None:
    checks = Graded().check()
    assert [check.rep.index for check in checks] == [1, 2, 3]
    for check, onset_s in zip(checks, (1.987, 5.228, 8.4), strict=True):
        assert check.gradeable
        assert check.reasons == ()
        assert check.butt_wink.verdict is Verdict.YES
        (finding,) = check.findings
        assert (finding.code, finding.unit, finding.cue) == (
            "butt_wink",
            "deg",
            phrase(Code.BUTT_WINK).cue,
        )
        assert finding.severity is check.butt_wink.band is Band.CLEAR
        assert finding.value == round(check.butt_wink.tuck_deg, 1) == pytest.approx(20, abs=3)
        assert finding.time_s == check.butt_wink.onset_s == pytest.approx(onset_s + 0.15, abs=0.15)
        assert check.rep.top < check.reference < check.worst <= check.rep.bottom


def test_neutral_reps_have_nothing_to_say() -> None:
    for check in Graded("rdl_neutral").check():
        assert check.butt_wink.verdict is Verdict.NO
        assert check.rounding.verdict is Verdict.NO
        assert check.findings == ()
        assert check.worst == check.rep.bottom


def test_back_rounded_all_the_way_is_rounding_and_no_butt_wink() -> None:
    for check in Graded("rdl_neutral", more_lumbar_deg=35.0).check():
        assert check.butt_wink.verdict is Verdict.NO
        assert check.rounding.verdict is Verdict.YES
        (finding,) = check.findings
        assert (finding.code, finding.cue) == ("rounding", phrase(Code.ROUNDING).cue)


def test_both_faults_are_both_said_the_tuck_first() -> None:
    for check in Graded(more_lumbar_deg=30.0).check():
        assert [finding.code for finding in check.findings] == ["butt_wink", "rounding"]


def test_tuck_that_alone_passes_the_usual_range_is_not_said_twice() -> None:
    usual = LIFTS[Lift.RDL].rounding_deg
    known = Graded(more_lumbar_deg=10.0)
    for check in known.check():
        deepest = known.angles.lumbar_flexion.value_deg[check.rep.bottom]
        assert deepest > usual > deepest - check.butt_wink.tuck_deg
        assert [finding.code for finding in check.findings] == ["butt_wink"]
        assert check.rounding.verdict is Verdict.NO


def test_unsure_rep_says_nothing() -> None:
    for check in Graded(sd_deg=9.0).check():
        assert check.butt_wink.verdict is Verdict.UNSURE
        assert check.findings == ()


def test_shared_uncertainty_blurs_rounding_and_not_the_tuck() -> None:
    for check in Graded(sd_deg=9.0, more_lumbar_deg=12.0).check(shared_sd_deg=8.9):
        assert check.butt_wink.verdict is Verdict.YES
        assert check.rounding.verdict is Verdict.UNSURE


def test_refused_view_refuses_every_rep_and_claims_nothing() -> None:
    for check in Graded(yaw_deg=35.0, more_lumbar_deg=40.0).check():
        assert not check.gradeable
        assert check.reasons == (Reason.VIEW_OBLIQUE,)
        assert check.butt_wink.verdict is Verdict.NOT_GRADEABLE
        assert check.rounding.verdict is Verdict.NOT_GRADEABLE
        assert check.butt_wink.reason is check.rounding.reason is Reason.VIEW_OBLIQUE
        assert check.findings == ()


def test_rep_with_a_hidden_back_is_refused_alone() -> None:
    known = Graded()
    coverage = known.profile.coverage.copy()
    coverage[known.reps[1].start : known.reps[1].end + 1] = 0.3
    known.profile = replace(known.profile, coverage=coverage)
    checks = known.check()
    assert [check.gradeable for check in checks] == [True, False, True]
    assert checks[1].reasons == (Reason.BACK_HIDDEN,)
    assert [check.butt_wink.verdict for check in checks] == [
        Verdict.YES,
        Verdict.NOT_GRADEABLE,
        Verdict.YES,
    ]


def test_rep_whose_late_descent_has_no_estimate_is_graded_for_what_is_left() -> None:
    known = Graded()
    first = known.reps[0]
    known.hide(slice(first.top + 20, first.bottom + 1))
    check = known.check()[0]
    assert check.gradeable
    assert check.butt_wink.verdict is Verdict.NOT_GRADEABLE
    assert check.reasons == (Reason.BACK_HIDDEN,)
    assert check.rounding.verdict is not Verdict.NOT_GRADEABLE
    assert np.isfinite(check.rounding.lumbar_flexion_deg)


def test_fast_descent_of_too_few_pictures_is_blamed_on_the_frame_rate() -> None:
    check = Graded(faster=7).check()[0]
    assert check.gradeable
    assert check.butt_wink.verdict is Verdict.NOT_GRADEABLE
    assert check.reasons == (Reason.FRAME_RATE_LOW,)


def test_bar_dropped_from_the_top_is_graded_on_its_pull() -> None:
    known = Graded("rdl_neutral")
    hinge = known.reps[0]
    known.lift = Lift.DEADLIFT
    known.reps = (Rep(1, hinge.bottom, hinge.end, hinge.bottom, hinge.end, from_floor=True),)
    (check,) = known.check()
    assert check.gradeable
    assert check.reasons == ()
    assert check.butt_wink.verdict is Verdict.NO
    assert check.rounding.verdict is Verdict.NO
    assert check.worst == hinge.bottom < check.reference < hinge.end


def test_reference_frame_is_one_in_which_the_lifter_is_seen() -> None:
    known = Graded()
    seen = known.check()[0]
    xy = known.track.landmarks_px.copy()
    xy[seen.reference - 1 : seen.reference + 2] = np.nan
    known.track = replace(known.track, landmarks_px=xy)
    lost = known.check()[0]
    assert lost.reference != seen.reference
    assert known.track.detected[lost.reference]
    assert abs(lost.reference - seen.reference) <= 2


def test_no_reps_give_no_checks() -> None:
    known = Graded()
    known.reps = ()
    graded = known.grade()
    assert graded.reps == graded.findings == ()
    assert {measure.verdict for measure in graded.measures} == {Verdict.NOT_GRADEABLE}
