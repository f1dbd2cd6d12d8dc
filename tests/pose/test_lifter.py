"""Several bodies in view: kept apart, found again, and the one who lifts chosen."""

from __future__ import annotations

import numpy as np
import pytest
from stick import FPS, SIZE_PX, STANDING, Posture, clock, landmarks_of, pose_of, sway

from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.lifter import choose_lifter, link_people, merge_sightings, stack_track
from hingecheck.pose.records import FloatArray, Pose

FRAMES = 120


def hinging(frames: int = FRAMES, x_px: float = 640.0, height_px: float = 500.0) -> FloatArray:
    _, lean = sway([(0, 0), (frames / FPS / 2, 75), (frames / FPS, 0)])
    posture = Posture(lean[:frames], 0.2 * lean[:frames])
    return landmarks_of(posture, height_px=height_px, ankle_px=(x_px, 650.0))


def standing(frames: int = FRAMES, x_px: float = 300.0, height_px: float = 500.0) -> FloatArray:
    one = landmarks_of(STANDING, height_px=height_px, ankle_px=(x_px, 650.0))
    return np.repeat(one, frames, axis=0)


def walking(from_px: float, to_px: float, height_px: float, frames: int = FRAMES) -> FloatArray:
    xy = standing(frames, from_px, height_px)
    xy[..., 0] += np.linspace(0, to_px - from_px, frames)[:, None]
    return xy


def filmed(*bodies: FloatArray) -> list[list[Pose]]:
    """Poses frame by frame; a body whose landmarks are NaN is out of sight."""
    return [
        [pose_of(body[i], i / FPS) for body in bodies if np.isfinite(body[i, 0, 0])]
        for i in range(len(bodies[0]))
    ]


def hidden(body: FloatArray, during: slice) -> FloatArray:
    out = body.copy()
    out[during] = np.nan
    return out


def test_two_crossing_bodies_are_kept_apart() -> None:
    near, far = walking(200, 1000, 560), walking(1000, 200, 320)
    people = link_people(filmed(near, far))
    assert [len(p.frames) for p in people] == [FRAMES, FRAMES]
    assert [set(p.which) for p in people] == [{0}, {1}]


def test_bodies_listed_in_changing_order_are_kept_apart() -> None:
    frames = filmed(hinging(), standing())
    shuffled = [seen[::-1] if i % 3 == 0 else seen for i, seen in enumerate(frames)]
    people = link_people(shuffled)
    assert len(people) == 2
    for person in people:
        x = [pose.landmarks_px[Landmark.LEFT_ANKLE, 0] for pose in person.poses]
        assert np.ptp(x) == 0


def test_someone_unseen_for_less_than_a_second_and_a_half_is_the_same_person() -> None:
    people = link_people(filmed(hidden(standing(), slice(40, 80))))
    assert len(people) == 1
    assert len(people[0].frames) == 80


def test_someone_unseen_for_longer_starts_as_somebody_new() -> None:
    people = link_people(filmed(hidden(standing(), slice(30, 80))))
    assert [len(p.frames) for p in people] == [30, 40]


def test_a_body_cannot_leap_across_the_picture() -> None:
    xy = standing()
    xy[60:, :, 0] += 600
    assert [len(p.frames) for p in link_people(filmed(xy))] == [60, 60]


def test_a_body_cannot_shrink_to_half_at_once() -> None:
    xy = np.concatenate([standing(60, 300, 500), standing(60, 300, 250)])
    xy[60:, :, 1] -= 140
    assert len(link_people(filmed(xy))) == 2


def test_lifter_lost_behind_a_plate_and_found_again_is_one_person() -> None:
    lifter = hidden(hinging(240), slice(100, 160))
    people = link_people(filmed(lifter))
    assert len(people) == 2
    merged = merge_sightings(choose_lifter(people, 240, SIZE_PX), people)
    assert merged.frames == [*range(100), *range(160, 240)]
    track = stack_track(merged, clock(240), SIZE_PX)
    assert np.flatnonzero(~track.detected).tolist() == list(range(100, 160))
    np.testing.assert_allclose(track.landmarks_px[160:], lifter[160:], rtol=1e-6)


def test_lifter_who_walked_in_was_lost_and_stands_there_again_is_one_person() -> None:
    walk_in = np.concatenate([walking(200, 640, 500, 60), np.full((60, 33, 2), np.nan)])
    lifter = np.concatenate([walk_in, hinging()])
    people = link_people(filmed(lifter))
    assert [len(p.frames) for p in people] == [60, 120]
    merged = merge_sightings(choose_lifter(people, 240, SIZE_PX), people)
    assert merged.frames == [*range(60), *range(120, 240)]


def test_somebody_elsewhere_is_not_joined_to_the_lifter() -> None:
    lifter = hidden(hinging(240), slice(100, 240))
    passer_by = hidden(standing(240, x_px=1100), slice(0, 160))
    people = link_people(filmed(lifter, passer_by))
    merged = merge_sightings(choose_lifter(people, 240, SIZE_PX), people)
    assert merged.frames == list(range(100))


def test_somebody_seen_at_the_same_time_is_not_joined_to_the_lifter() -> None:
    lifter, double = hinging(), hinging()
    double[..., 0] += 30
    people = link_people(filmed(lifter, hidden(double, slice(0, 60))))
    merged = merge_sightings(people[0], people)
    assert merged.frames == list(range(FRAMES))


def test_the_one_who_hinges_is_chosen_over_a_larger_one_who_stands_longer() -> None:
    lifter = hidden(hinging(x_px=560, height_px=480), slice(0, 30))
    bystander = standing(x_px=760, height_px=540)
    people = link_people(filmed(bystander, lifter))
    chosen = choose_lifter(people, FRAMES, SIZE_PX)
    assert chosen.frames == list(range(30, FRAMES))


def test_the_one_who_squats_upright_is_chosen_over_a_bystander() -> None:
    _, bend = sway([(0, 0), (2, 100), (4, 0)])
    squat = landmarks_of(Posture(0.3 * bend, bend, 0.3 * bend), ankle_px=(500, 650))[:FRAMES]
    people = link_people(filmed(standing(x_px=780, height_px=520), squat))
    assert choose_lifter(people, FRAMES, SIZE_PX).which == [1] * FRAMES


def test_a_small_hinging_body_in_the_background_is_not_the_lifter() -> None:
    people = link_people(filmed(hinging(height_px=150), hinging(x_px=700)))
    assert choose_lifter(people, FRAMES, SIZE_PX).which == [1] * FRAMES


def test_choosing_from_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody to choose from"):
        choose_lifter([], 10, SIZE_PX)


def test_nobody_stacks_to_a_track_of_nan() -> None:
    track = stack_track(None, clock(7), SIZE_PX)
    assert track.landmarks_px.shape == (7, 33, 2)
    assert track.world_m.shape == (7, 33, 3)
    assert np.isnan(track.landmarks_px).all()
    assert not track.detected.any()


def test_no_frames_hold_nobody() -> None:
    assert link_people([]) == []
    assert link_people([[], []]) == []
