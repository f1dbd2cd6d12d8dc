"""Overlay draws what the analysis says, everywhere it should and nowhere else."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, TypeVar

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hingecheck.errors import UsageError
from hingecheck.form.records import (
    Analysis,
    Band,
    ButtWink,
    CleanDepth,
    Reason,
    Rounding,
    Verdict,
)
from hingecheck.motion.records import Angles
from hingecheck.overlay import Overlay
from hingecheck.overlay.baseline import change_from_baseline
from hingecheck.overlay.words import caption_at
from hingecheck.pose.landmarks import Landmark
from hingecheck.spine.records import Estimate

MakeSquat = Callable[..., Analysis]
Judged = TypeVar("Judged", ButtWink, Rounding)
NAN = float("nan")
BOTTOM, BOTTOM_TUCKED = 35, 85
SIZES = [(640, 360), (360, 640), (3840, 2160), (2160, 3840)]


def grey_picture(width_px: int, height_px: int, level: int = 96) -> NDArray[np.uint8]:
    return np.full((height_px, width_px, 3), level, dtype=np.uint8)


def drawn(analysis: Analysis, frame: int, *, still: bool = False) -> NDArray[np.uint8]:
    width, height = analysis.track.width_px, analysis.track.height_px
    overlay = Overlay(analysis, width, height)
    return (overlay.still if still else overlay.draw)(grey_picture(width, height), frame)


def touched(analysis: Analysis, frame: int, *, still: bool = False) -> NDArray[np.bool_]:
    shown = drawn(analysis, frame, still=still)
    mark: NDArray[np.bool_] = (shown != grey_picture(shown.shape[1], shown.shape[0])).any(axis=2)
    return mark


def body_box(analysis: Analysis, frame: int) -> tuple[slice, slice]:
    points = np.concatenate([analysis.track.landmarks_px[frame], analysis.profile.edge_px[frame]])
    (left, top), (right, bottom) = points.min(axis=0).astype(int), points.max(axis=0).astype(int)
    return slice(top, bottom), slice(left, right)


def without_lifter(analysis: Analysis, frames: slice) -> Analysis:
    landmarks, edge = analysis.track.landmarks_px.copy(), analysis.profile.edge_px.copy()
    landmarks[frames] = NAN
    edge[frames] = NAN
    estimates = {}
    for name, one in analysis.angles.items():
        value, sd = one.value_deg.copy(), one.sd_deg.copy()
        value[frames] = NAN
        sd[frames] = NAN
        estimates[name] = Estimate(value, sd)
    return replace(
        analysis,
        track=replace(analysis.track, landmarks_px=landmarks),
        profile=replace(analysis.profile, edge_px=edge),
        angles=Angles(**estimates),
    )


def test_picture_is_drawn_in_place_and_returned(squat: MakeSquat) -> None:
    picture = grey_picture(1280, 720)
    assert Overlay(squat(), 1280, 720).draw(picture, BOTTOM) is picture
    assert (picture != 96).any()


def test_same_frame_gives_the_same_pixels_whatever_was_drawn_before(squat: MakeSquat) -> None:
    overlay = Overlay(squat(), 640, 360)
    first = overlay.draw(grey_picture(640, 360), BOTTOM_TUCKED)
    for frame in (0, 110, 20):
        overlay.draw(grey_picture(640, 360), frame)
    np.testing.assert_array_equal(overlay.draw(grey_picture(640, 360), BOTTOM_TUCKED), first)
    again = Overlay(squat(), 640, 360).draw(grey_picture(640, 360), BOTTOM_TUCKED)
    np.testing.assert_array_equal(again, first)


def test_picture_of_another_size_is_refused_with_both_shapes(squat: MakeSquat) -> None:
    overlay = Overlay(squat(), 640, 360)
    with pytest.raises(UsageError, match=r"expected .*\(360, 640, 3\), got \(640, 360, 3\)"):
        overlay.draw(grey_picture(360, 640), 0)


def test_frame_without_lifter_leaves_their_place_untouched(squat: MakeSquat) -> None:
    whole = squat()
    lost = without_lifter(whole, slice(80, 90))
    box = body_box(whole, BOTTOM_TUCKED)
    assert touched(whole, BOTTOM_TUCKED)[box].any()
    assert not touched(lost, BOTTOM_TUCKED)[box].any()
    assert touched(lost, BOTTOM_TUCKED).any()


def test_clip_without_anybody_still_gets_words(squat: MakeSquat) -> None:
    empty = replace(
        without_lifter(squat(gradeable=False, reasons=(Reason.NO_PERSON,)), slice(None)), reps=()
    )
    mark = touched(empty, 0)
    assert mark[:120].any()


def test_still_has_no_trace_panel(squat: MakeSquat) -> None:
    analysis = squat()
    foot = int(analysis.track.landmarks_px[BOTTOM, :, 1].max()) + 20
    assert touched(analysis, BOTTOM)[foot:].any()
    assert not touched(analysis, BOTTOM, still=True)[foot:].any()


def test_invalid_samples_leave_a_gap_in_the_profile(squat: MakeSquat) -> None:
    analysis = squat(facing=1)
    valid = analysis.profile.valid.copy()
    valid[:, 20:30] = False
    gap = replace(analysis, profile=replace(analysis.profile, valid=valid))
    x, y = analysis.profile.edge_px[5, 25].astype(int)
    assert touched(analysis, 5)[y, x]
    assert not touched(gap, 5)[y, x]


def test_camera_side_limbs_are_drawn(squat: MakeSquat) -> None:
    analysis = squat(facing=1)
    landmarks = analysis.track.landmarks_px.copy()
    landmarks[:, 25, 0] += 90
    moved = replace(analysis, track=replace(analysis.track, landmarks_px=landmarks))
    np.testing.assert_array_equal(drawn(moved, BOTTOM), drawn(analysis, BOTTOM))
    landmarks = analysis.track.landmarks_px.copy()
    landmarks[:, 26, 0] += 90
    moved = replace(analysis, track=replace(analysis.track, landmarks_px=landmarks))
    assert (drawn(moved, BOTTOM) != drawn(analysis, BOTTOM)).any()


def back_colour(analysis: Analysis, frame: int) -> NDArray[np.uint8]:
    x, y = np.rint(analysis.profile.edge_px[frame, 22]).astype(int)
    colour: NDArray[np.uint8] = drawn(analysis, frame)[y, x]
    return colour


def test_back_moves_from_blue_to_amber_as_the_change_grows(squat: MakeSquat) -> None:
    warmth = []
    for tuck_deg in (0.0, 6.0, 12.0, 18.0, 30.0):
        red, _, blue = back_colour(squat(tuck_deg=tuck_deg), BOTTOM_TUCKED).astype(int)
        warmth.append(red - blue)
    assert warmth == sorted(warmth)
    assert warmth[0] < -40
    assert warmth[-1] > 180


def test_back_stays_blue_through_a_rep_whose_flexion_is_the_lifters_own_rhythm(
    squat: MakeSquat,
) -> None:
    analysis = squat()
    assert analysis.angles.lumbar_flexion.value_deg[BOTTOM] > 10
    red, _, blue = back_colour(analysis, BOTTOM).astype(int)
    assert blue - red > 120


def test_back_is_warm_in_a_rep_that_is_rounded_from_its_start(squat: MakeSquat) -> None:
    analysis = squat()
    first = analysis.reps[0]
    rounded = replace(first, rounding=replace(first.rounding, verdict=Verdict.YES, band=Band.LARGE))
    red, _, blue = back_colour(
        replace(analysis, reps=(rounded, *analysis.reps[1:])), BOTTOM
    ).astype(int)
    assert red - blue > 150


def judged(analysis: Analysis, **wink: Any) -> Analysis:
    """The same reps with another verdict on their tuck."""
    reps = tuple(
        replace(check, butt_wink=replace(check.butt_wink, **wink)) for check in analysis.reps
    )
    return replace(analysis, reps=reps)


def is_grey(colour: NDArray[np.uint8]) -> bool:
    return int(colour.max()) - int(colour.min()) < 25


def test_back_is_no_warmer_than_what_the_verdicts_say(squat: MakeSquat) -> None:
    for verdict in (Verdict.UNSURE, Verdict.NO):
        said = judged(squat(tuck_deg=30.0), verdict=verdict, tuck_deg=2.0, ci95_deg=(0.0, 10.0))
        red, _, blue = back_colour(said, BOTTOM_TUCKED).astype(int)
        assert red <= blue


@pytest.mark.parametrize("tuck_deg", [0.0, 3.0, 12.0])
def test_back_is_grey_from_where_a_tuck_is_in_doubt(squat: MakeSquat, tuck_deg: float) -> None:
    unsure = judged(
        squat(tuck_deg=tuck_deg),
        verdict=Verdict.UNSURE,
        tuck_deg=tuck_deg,
        ci95_deg=(0.0, tuck_deg + 12.0),
    )
    assert is_grey(back_colour(unsure, BOTTOM_TUCKED))
    red, _, blue = back_colour(unsure, 70).astype(int)
    assert blue - red > 60, "early in the descent nothing is in doubt"


def test_back_is_never_blue_in_a_rep_whose_tuck_was_not_judged(squat: MakeSquat) -> None:
    lost = judged(
        squat(), verdict=Verdict.NOT_GRADEABLE, tuck_deg=NAN, ci95_deg=(NAN, NAN), band=None
    )
    for frame in (20, BOTTOM, 70, BOTTOM_TUCKED):
        assert is_grey(back_colour(lost, frame))


def test_back_shows_the_whole_tuck_where_the_lifters_own_rhythm_extends(squat: MakeSquat) -> None:
    analysis = squat(tuck_deg=20.0)
    lumbar, depth = analysis.angles.lumbar_flexion, analysis.angles.trunk_thigh_flexion
    extending = Estimate(lumbar.value_deg - 0.3 * depth.value_deg, lumbar.sd_deg)
    falling = replace(analysis, angles=replace(analysis.angles, lumbar_flexion=extending))
    shown = change_from_baseline(falling)
    assert extending.value_deg[BOTTOM_TUCKED] - extending.value_deg[67] < 0
    assert shown[BOTTOM_TUCKED] == pytest.approx(20.0)


def test_clean_depth_is_ticked_on_the_trace_where_it_was_reached(squat: MakeSquat) -> None:
    analysis = squat()
    second = analysis.reps[1]
    panel = slice(int(0.8 * 720), 720)

    def with_depth(reached: bool) -> NDArray[np.uint8]:
        depth = CleanDepth(70.0, 5.0, 20.0, NAN, reached, 75 / 30)
        marked = replace(second, clean_depth=depth)
        return drawn(replace(analysis, reps=(analysis.reps[0], marked)), 0)[panel]

    plain = drawn(analysis, 0)[panel]
    rows, columns = np.nonzero((with_depth(reached=True) != plain).any(axis=2))
    assert 4 <= np.ptp(rows) <= 40
    assert np.ptp(columns) <= 4
    np.testing.assert_array_equal(with_depth(reached=False), plain)


def test_back_is_grey_where_nobody_can_tell_if_it_is_rounded(squat: MakeSquat) -> None:
    analysis = squat()
    doubtful = tuple(
        replace(check, rounding=replace(check.rounding, verdict=Verdict.UNSURE))
        for check in analysis.reps
    )
    colour = back_colour(replace(analysis, reps=doubtful), BOTTOM)
    assert int(colour.max()) - int(colour.min()) < 25


def test_words_name_a_doubt_about_rounding_beside_the_tuck(squat: MakeSquat) -> None:
    analysis = squat(tuck_deg=20.0)
    doubtful = tuple(
        replace(check, rounding=replace(check.rounding, verdict=Verdict.UNSURE))
        for check in analysis.reps
    )
    notes = caption_at(replace(analysis, reps=doubtful), analysis.frames - 1).notes
    assert [words for words, _ in notes][-1] == "Rounded or not: can't tell"


@pytest.mark.parametrize("still", [False, True])
def test_refused_view_keeps_limbs_and_words_and_draws_no_back_and_no_trace(
    squat: MakeSquat, still: bool
) -> None:
    refused = squat(gradeable=False, reasons=(Reason.VIEW_OBLIQUE,))
    mark = touched(refused, BOTTOM_TUCKED, still=still)
    x, y = np.rint(refused.profile.edge_px[BOTTOM_TUCKED, 22]).astype(int)
    assert touched(squat(), BOTTOM_TUCKED, still=still)[y, x]
    assert not mark[y, x]
    foot = int(refused.track.landmarks_px[BOTTOM_TUCKED, :, 1].max()) + 20
    assert not mark[foot:].any()
    knee_x, knee_y = refused.track.landmarks_px[BOTTOM_TUCKED, Landmark.LEFT_KNEE].astype(int)
    assert mark[knee_y - 3 : knee_y + 4, knee_x - 3 : knee_x + 4].any()
    assert mark[:120].any() != still


def test_uncertain_back_is_drawn_wider(squat: MakeSquat) -> None:
    box = body_box(squat(), BOTTOM_TUCKED)
    areas = [touched(squat(sd_deg=sd_deg), BOTTOM_TUCKED)[box].sum() for sd_deg in (3.0, 7.0, 12.0)]
    assert areas == sorted(areas)
    assert areas[0] < areas[-1]


def test_words_stay_off_the_body(squat: MakeSquat) -> None:
    for width, height in ((1280, 720), (720, 1280)):
        analysis = squat(width, height)
        landmarks = analysis.track.landmarks_px.copy()
        edge = analysis.profile.edge_px.copy()
        landmarks[..., 0] -= 0.36 * width
        edge[..., 0] -= 0.36 * width
        landmarks[..., 1] -= 0.2 * height
        edge[..., 1] -= 0.2 * height
        left = replace(
            analysis,
            track=replace(analysis.track, landmarks_px=landmarks),
            profile=replace(analysis.profile, edge_px=edge),
        )
        hidden = touched(without_lifter(left, slice(80, 90)), BOTTOM_TUCKED)
        rows, columns = body_box(left, BOTTOM_TUCKED)
        assert not hidden[
            max(rows.start, 0) : rows.stop, max(columns.start, 0) : columns.stop
        ].any()


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("gradeable", [True, False])
def test_drawing_keeps_clear_of_the_picture_edge(
    squat: MakeSquat, width: int, height: int, gradeable: bool
) -> None:
    reasons = () if gradeable else tuple(Reason)
    mark = touched(squat(width, height, gradeable=gradeable, reasons=reasons), BOTTOM_TUCKED)
    edge = max(round(0.01 * min(width, height)), 2)
    mark[edge:-edge, edge:-edge] = False
    assert not mark.any()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_panel_takes_at_most_eighteen_percent_of_the_height(
    squat: MakeSquat, width: int, height: int
) -> None:
    empty = replace(without_lifter(squat(width, height), slice(None)), reps=())
    rows = np.flatnonzero(touched(empty, 0).any(axis=1))
    lower = rows[rows > height // 2]
    assert lower.max() - lower.min() + 1 <= 0.18 * height


def test_coordinates_scale_to_the_drawn_picture(squat: MakeSquat) -> None:
    analysis = squat(1280, 720)
    small = Overlay(analysis, 640, 360).draw(grey_picture(640, 360), BOTTOM_TUCKED)
    x, y = (analysis.profile.edge_px[BOTTOM_TUCKED, 22] / 2).astype(int)
    large = drawn(analysis, BOTTOM_TUCKED)[2 * y, 2 * x]
    np.testing.assert_allclose(small[y, x].astype(int), large.astype(int), atol=12)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    seed=st.integers(0, 2**31), share=st.sampled_from([0.02, 0.3, 0.9, 1.0]), graded=st.booleans()
)
def test_nan_anywhere_never_raises(squat: MakeSquat, seed: int, share: float, graded: bool) -> None:
    random = np.random.default_rng(seed)

    def holed(values: NDArray[np.floating]) -> NDArray[np.floating]:
        return np.where(random.random(values.shape) < share, NAN, values)

    def unknown(record: Judged) -> Judged:
        lost: dict[str, Any] = {
            field.name: NAN
            for field in fields(record)
            if isinstance(getattr(record, field.name), float) and random.random() < share
        }
        if random.random() < share:
            lost["ci95_deg"] = (NAN, NAN)
        lost["verdict"] = random.choice(list(Verdict))
        return replace(record, **lost)

    whole = squat(640, 360, gradeable=graded, reasons=() if graded else (Reason.BACK_HIDDEN,))
    analysis = replace(
        whole,
        track=replace(whole.track, landmarks_px=holed(whole.track.landmarks_px)),
        profile=replace(
            whole.profile,
            edge_px=holed(whole.profile.edge_px),
            depth=holed(whole.profile.depth),
            coverage=holed(whole.profile.coverage),
        ),
        angles=Angles(
            **{
                name: Estimate(holed(one.value_deg), holed(one.sd_deg))
                for name, one in whole.angles.items()
            }
        ),
        quality=holed(whole.quality),
        reps=tuple(
            replace(
                check,
                butt_wink=unknown(check.butt_wink),
                rounding=unknown(check.rounding),
            )
            for check in whole.reps
        ),
    )
    with np.errstate(all="raise"):
        overlay = Overlay(analysis, 640, 360)
        for frame in random.integers(0, analysis.frames, 6):
            overlay.draw(grey_picture(640, 360), int(frame))
            overlay.still(grey_picture(640, 360), int(frame))


def test_frame_of_hd_is_drawn_within_milliseconds(squat: MakeSquat) -> None:
    overlay = Overlay(squat(), 1280, 720)
    picture = grey_picture(1280, 720)
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        spent_s = []
        for frame in range(60):
            start = time.perf_counter()
            overlay.draw(picture, frame)
            spent_s.append(time.perf_counter() - start)
    finally:
        cv2.setNumThreads(threads)
    assert np.median(spent_s) < 0.012
