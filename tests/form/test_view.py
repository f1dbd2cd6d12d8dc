"""Refusals: each from a lifter whose picture has exactly that fault, and none from a clean one."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stick import Posture, back_of, clock, landmarks_of, mirrored, profile_of, sway, track_of

from hingecheck.form.records import Reason, ViewCheck
from hingecheck.form.view import OBLIQUE_DEG, check_rep_view, check_view, frame_quality
from hingecheck.motion.records import Lift, Rep
from hingecheck.motion.reps import find_reps, turning_points
from hingecheck.pose.company import Company
from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.records import Track
from hingecheck.spine.estimator import BackView
from hingecheck.spine.records import Profile

HOLLOW_DEG = -40.0


class Filmed:
    """One hinge in a side view, 500 of 720 pixels tall, unless the clip is said to be worse."""

    def __init__(
        self,
        *,
        yaw_deg: float = 0.0,
        height_px: float = 500.0,
        turn_deg: float = HOLLOW_DEG,
        seen: float = 1.0,
        fps: float = 30.0,
        shift_px: tuple[float, float] = (0.0, 0.0),
        lost: slice = slice(0, 0),
    ) -> None:
        time_s, lean = sway([(0, 2), (1, 2), (2.5, 75), (4, 2), (5, 2)], fps)
        ankle_px = (640.0 + shift_px[0], 650.0 + shift_px[1])
        posture = Posture(lean, 0.2 * lean)
        xy = landmarks_of(posture, height_px=height_px, ankle_px=ankle_px)
        xy[lost] = np.nan
        self.track: Track = track_of(xy, time_s, yaw_deg=yaw_deg)
        self.profile: Profile = profile_of(len(time_s), turn_deg, seen=seen)
        whole = 1.2 * lean
        self.reps: tuple[Rep, ...] = find_reps(
            time_s, whole, turning_points(time_s, whole), Lift.RDL
        )

    @property
    def back(self) -> BackView:
        return back_of(self.track, self.profile)

    @property
    def view(self) -> ViewCheck:
        return check_view(self.track, self.back, 1, self.reps)

    @property
    def rep_reasons(self) -> tuple[Reason, ...]:
        (rep,) = self.reps
        return check_rep_view(self.track, self.back, rep, self.view)


def turned(track: Track, by_deg: float) -> Track:
    """The same clip, its picture turned clockwise; its corners may leave the frame."""
    turn = np.radians(by_deg)
    clockwise = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    middle = np.array([track.width_px, track.height_px]) / 2
    return replace(track, landmarks_px=(track.landmarks_px - middle) @ clockwise + middle)


def test_clean_side_view_is_gradeable_without_a_word() -> None:
    clip = Filmed()
    assert clip.view == ViewCheck(1, pytest.approx(0.0, abs=1e-9), True, ())
    assert clip.rep_reasons == ()


@pytest.mark.parametrize(
    ("yaw_deg", "reasons"),
    [
        (0.0, ()),
        (21.0, ()),
        (-21.0, ()),
        (23.0, (Reason.VIEW_OBLIQUE,)),
        (-40.0, (Reason.VIEW_OBLIQUE,)),
        (54.0, (Reason.VIEW_OBLIQUE,)),
        (56.0, (Reason.VIEW_FRONTAL,)),
        (-85.0, (Reason.VIEW_FRONTAL,)),
    ],
)
def test_turned_view_is_refused_beyond_22_degrees(
    yaw_deg: float, reasons: tuple[Reason, ...]
) -> None:
    clip = Filmed(yaw_deg=yaw_deg)
    assert clip.view.yaw_deg == pytest.approx(abs(yaw_deg))
    assert clip.view.reasons == clip.rep_reasons == reasons
    assert clip.view.gradeable == (not reasons)


def test_view_matters_while_lifting_only() -> None:
    clip, turned = Filmed(), Filmed(yaw_deg=80.0)
    world = turned.track.world_m.copy()
    world[40:90] = clip.track.world_m[40:90]
    clip.track = replace(clip.track, world_m=world)
    clip.reps = (Rep(1, start=40, top=40, bottom=75, end=89, from_floor=False),)
    assert clip.view.yaw_deg == pytest.approx(0.0, abs=1e-9)


def test_small_lifter_is_refused() -> None:
    assert Filmed(height_px=300.0).view.reasons == (Reason.TOO_SMALL,)
    assert Filmed(height_px=340.0).view.reasons == ()


def test_shirt_that_bridges_the_hollow_is_refused() -> None:
    assert Filmed(turn_deg=-4.0).view.reasons == (Reason.CLOTHING_LOOSE,)
    assert Filmed(turn_deg=-12.0).view.reasons == ()


def test_flat_back_that_never_stands_relaxed_is_not_called_clothing() -> None:
    clip = Filmed(turn_deg=-4.0)
    bent = track_of(landmarks_of(Posture(np.full(151, 40.0))))
    assert check_view(bent, back_of(bent, clip.profile), 1, ()).reasons == (Reason.NO_REPS,)


@pytest.mark.parametrize("turned_deg", [-90, 90, 180])
@pytest.mark.parametrize("facing", [1, -1])
def test_picture_on_its_side_or_on_its_head_is_refused(turned_deg: int, facing: int) -> None:
    clip = Filmed()
    clip.track = turned(clip.track, turned_deg)
    view = check_view(clip.track, back_of(clip.track, clip.profile, facing), facing, clip.reps)
    assert not view.gradeable
    assert Reason.PICTURE_TURNED in view.reasons
    assert Reason.PICTURE_TURNED in clip.rep_reasons


def test_picture_held_a_little_askew_is_not_called_turned() -> None:
    for askew_deg in (-20, 20):
        clip = Filmed()
        clip.track = turned(clip.track, askew_deg)
        assert clip.view.reasons == ()


def test_squat_held_at_its_deepest_is_not_called_a_turned_picture() -> None:
    deep = track_of(landmarks_of(Posture(np.full(90, 45.0), 100.0, 40.0), height_px=700.0))
    assert check_view(deep, back_of(deep), 1, ()).reasons == (Reason.NO_REPS,)


def test_somebody_in_the_lifters_way_for_a_good_part_of_the_set_is_refused() -> None:
    clip = Filmed()

    def reasons(overlapping: float) -> tuple[Reason, ...]:
        company = Company(beside=1.0, overlapping=overlapping)
        return check_view(clip.track, clip.back, 1, clip.reps, company).reasons

    assert reasons(0.55) == (Reason.SEVERAL_PEOPLE,)
    assert reasons(0.2) == ()


def test_picture_held_askew_and_levelled_again_is_not_called_turned() -> None:
    clip = Filmed()
    clip.track = replace(turned(clip.track, 70.0), roll_deg=70.0)
    assert Reason.PICTURE_TURNED not in clip.view.reasons


def test_frame_rate_of_a_sampled_clip_is_its_cameras() -> None:
    sampled = Filmed(fps=6.0)
    view = check_view(sampled.track, sampled.back, 1, sampled.reps, fps=30.0)
    assert view.reasons == ()


def test_low_frame_rate_is_refused() -> None:
    assert Filmed(fps=6.0).view.reasons == (Reason.FRAME_RATE_LOW,)
    assert Filmed(fps=10.0).view.reasons == ()


def test_head_out_of_the_picture_refuses_the_rep() -> None:
    clip = Filmed(shift_px=(0.0, 0.0))
    clip.track = replace(clip.track, landmarks_px=clip.track.landmarks_px - [0.0, 410.0])
    assert clip.view.gradeable
    assert clip.rep_reasons == (Reason.HEAD_CUT,)


def test_feet_out_of_the_picture_refuse_the_rep() -> None:
    clip = Filmed(shift_px=(0.0, 80.0))
    assert clip.view.gradeable
    assert clip.rep_reasons == (Reason.FEET_CUT,)


def test_hidden_back_refuses_the_rep() -> None:
    assert Filmed(seen=0.4).rep_reasons == (Reason.BACK_HIDDEN,)


def test_back_hidden_at_the_top_alone_refuses_nothing() -> None:
    clip = Filmed()
    (rep,) = clip.reps
    coverage = clip.profile.coverage.copy()
    coverage[: rep.top + 15] = 0.2
    clip.profile = replace(clip.profile, coverage=coverage)
    assert clip.rep_reasons == ()


def test_trunk_that_collapses_behind_a_plate_refuses_the_rep() -> None:
    clip = Filmed()
    xy = clip.track.landmarks_px.copy()
    (rep,) = clip.reps
    shoulders = [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]
    hips = xy[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]]
    deep = slice(rep.bottom - 20, rep.bottom + 20)
    xy[deep, shoulders] = hips[deep] + 0.45 * (xy[deep, shoulders] - hips[deep])
    clip.track = replace(clip.track, landmarks_px=xy)
    assert clip.rep_reasons == (Reason.BACK_HIDDEN,)


def test_lifter_out_of_sight_for_a_third_of_the_rep_refuses_it() -> None:
    assert Filmed(lost=slice(85, 120)).rep_reasons == (Reason.LIFTER_LOST,)


def test_lifter_out_of_sight_just_at_the_bottom_is_a_hidden_back() -> None:
    clip = Filmed(lost=slice(59, 77))
    coverage = clip.profile.coverage.copy()
    coverage[59:77] = 0.0
    clip.profile = replace(clip.profile, coverage=coverage)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert clip.rep_reasons == (Reason.BACK_HIDDEN,)


def test_lifter_out_of_sight_for_a_moment_refuses_nothing() -> None:
    assert Filmed(lost=slice(85, 95)).rep_reasons == ()


def stopped(track: Track, before: int, hole_s: float) -> Track:
    """The same frames on a clock that shows nothing for `hole_s` before one of them."""
    time_s = track.time_s.copy()
    time_s[before:] += hole_s - (time_s[before] - time_s[before - 1])
    return replace(track, time_s=time_s)


def test_hole_in_the_clips_clock_refuses_the_rep_it_lies_in() -> None:
    clip = Filmed()
    (rep,) = clip.reps
    whole = clip.track
    for hole_s, reasons in ((0.5, ()), (0.7, (Reason.LIFTER_LOST,))):
        clip.track = stopped(whole, rep.bottom + 5, hole_s)
        assert clip.view.gradeable
        assert clip.rep_reasons == reasons


def test_hole_in_the_clips_clock_outside_the_rep_refuses_nothing() -> None:
    clip = Filmed()
    (rep,) = clip.reps
    for before in (rep.start, rep.end + 1):
        clip.track = stopped(Filmed().track, before, 3.0)
        assert clip.rep_reasons == ()


def test_nobody_in_the_picture_is_said_first_and_alone() -> None:
    clip = Filmed(lost=slice(None))
    clip.profile = replace(clip.profile, coverage=np.zeros(151))
    view = clip.view
    assert (view.gradeable, view.reasons) == (False, (Reason.NO_PERSON,))
    assert np.isnan(view.yaw_deg)
    assert (frame_quality(clip.track, clip.back, view) == 0).all()


def test_no_reps_is_said_and_leaves_the_view_gradeable() -> None:
    standing = track_of(landmarks_of(Posture(np.full(90, 3.0))))
    view = check_view(standing, back_of(standing, profile_of(90, HOLLOW_DEG)), 1, ())
    assert (view.gradeable, view.reasons) == (True, (Reason.NO_REPS,))


def test_several_faults_are_all_said() -> None:
    clip = Filmed(yaw_deg=30.0, height_px=250.0, fps=6.0)
    expected = (Reason.VIEW_OBLIQUE, Reason.TOO_SMALL, Reason.FRAME_RATE_LOW)
    assert clip.view.reasons == clip.rep_reasons == expected


@given(yaw_deg=st.floats(-80, 80), height_px=st.floats(150, 560), turn_deg=st.floats(-60, 0))
def test_mirrored_clip_is_refused_for_the_same_reasons(
    yaw_deg: float, height_px: float, turn_deg: float
) -> None:
    clip = Filmed(yaw_deg=yaw_deg, height_px=height_px, turn_deg=turn_deg)
    flipped = mirrored(clip.track)
    there = check_view(flipped, back_of(flipped, clip.profile, -1), -1, clip.reps)
    assert there.reasons == clip.view.reasons
    assert there.yaw_deg == pytest.approx(clip.view.yaw_deg, abs=1e-6)


def test_quality_is_one_in_a_clean_side_view_and_falls_with_every_fault() -> None:
    def quality(clip: Filmed) -> float:
        return float(frame_quality(clip.track, clip.back, clip.view)[5])

    assert quality(Filmed()) == pytest.approx(1.0)
    assert quality(Filmed(seen=0.5)) < 0.9
    assert quality(Filmed(yaw_deg=OBLIQUE_DEG / 2)) == pytest.approx(0.75)
    assert quality(Filmed(yaw_deg=30.0)) == 0.0
    assert quality(Filmed(shift_px=(0.0, 80.0))) == pytest.approx(0.5)
    assert quality(Filmed(lost=slice(0, 10))) == 0.0


def test_clip_of_one_frame_has_a_view() -> None:
    one = track_of(landmarks_of(Posture(3.0)), clock(1))
    assert check_view(one, back_of(one), 1, ()).reasons == (Reason.NO_REPS,)
