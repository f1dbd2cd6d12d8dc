"""Heads are where MediaPipe's landmarks and outline of a real picture say, and stay between."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from variants import pictures

from hingecheck.pose.heads import NEAR_S, Heads, find_heads
from hingecheck.pose.landmarker import Landmarker
from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.lifter import Person, link_people, stack_track
from hingecheck.pose.models import PoseModel, find_bundle
from hingecheck.pose.records import Pose

FPS = 30.0
SIZE_PX = (720, 960)
NOBODY_ELSE = 1
STANDING, BENT = 0.0, 2.567


@pytest.fixture(scope="module")
def seen(butt_wink_clip: Path) -> dict[float, Pose]:
    """The sample's lifter standing and at the bottom of the first repetition."""
    wanted = {round(time_s * FPS): time_s for time_s in (STANDING, BENT)}
    with Landmarker(find_bundle(PoseModel.LITE), video=False) as landmarker:
        return {
            wanted[frame]: landmarker.detect(rgb, time_s)[0]
            for frame, (time_s, rgb) in enumerate(pictures(butt_wink_clip))
            if frame in wanted
        }


@pytest.fixture(scope="module")
def somebody(seen: dict[float, Pose]) -> Pose:
    return replace(seen[STANDING], mask=None)


def moved(pose: Pose, frame: int, x_px: float = 0.0) -> Pose:
    shift = np.array([x_px, 0.0], dtype=np.float32)
    return replace(pose, time_s=frame / FPS, landmarks_px=pose.landmarks_px + shift)


def heads_of(frames: list[list[Pose]]) -> Heads:
    """Heads over frames of bodies, the first of each the lifter's."""
    lifter = Person()
    for frame, bodies in enumerate(frames):
        if bodies:
            lifter.frames.append(frame)
            lifter.poses.append(bodies[0])
    time_s = np.arange(len(frames)) / FPS
    own = stack_track(lifter if lifter.frames else None, time_s, SIZE_PX)
    return find_heads(link_people(frames), own)


def covers(heads: Heads, frame: int, xy_px: NDArray[np.floating]) -> NDArray[np.bool_]:
    circles = heads.circles_px[frame]
    apart = np.hypot(*np.moveaxis(np.asarray(xy_px)[..., None, :] - circles[:, :2], -1, 0))
    return np.asarray((apart <= circles[:, 2]).any(axis=-1))


def ears(pose: Pose) -> NDArray[np.floating]:
    return np.asarray(pose.middle_px(Landmark.LEFT_EAR))


@pytest.mark.parametrize("when", [STANDING, BENT])
def test_head_with_its_hair_lies_in_the_circle(seen: dict[float, Pose], when: float) -> None:
    pose = seen[when]
    assert pose.mask is not None
    rows, columns = np.nonzero(pose.mask.values > 0.5)
    body = pose.mask.to_source(np.stack([columns, rows], axis=1).astype(np.float64))
    spine = pose.middle_px(Landmark.LEFT_SHOULDER) - pose.middle_px(Landmark.LEFT_HIP)
    chin = pose.middle_px(Landmark.MOUTH_LEFT) - 0.06 * spine
    head = body[(body - chin) @ spine > 0]
    assert len(head) > 2000
    circle = heads_of([[replace(pose, time_s=0.0, mask=None)]]).circles_px[0]
    assert len(circle) == NOBODY_ELSE
    assert covers(heads_of([[replace(pose, time_s=0.0, mask=None)]]), 0, head).mean() > 0.99
    assert np.pi * circle[0, 2] ** 2 < 6 * len(head)


def test_one_body_has_one_head(somebody: Pose) -> None:
    heads = heads_of([[moved(somebody, frame)] for frame in range(5)])
    assert heads.circles_px.shape == (5, NOBODY_ELSE, 3)
    assert heads.sure.all()


def test_short_gap_is_bridged_from_both_sides(somebody: Pose) -> None:
    frames = [[moved(somebody, frame, 2.0 * frame)] for frame in range(40)]
    for frame in range(10, 30):
        frames[frame] = []
    heads = heads_of(frames)
    assert heads.sure.all()
    for frame in range(40):
        assert covers(heads, frame, ears(moved(somebody, frame, 2.0 * frame)))
    assert heads.circles_px[20, 0, 2] > 1.5 * heads.circles_px[5, 0, 2]


def test_long_gap_is_unknown_except_near_its_ends(somebody: Pose) -> None:
    frames = [[moved(somebody, frame)] if not 10 <= frame < 70 else [] for frame in range(80)]
    heads = heads_of(frames)
    near = round(NEAR_S * FPS)
    assert heads.sure[: 9 + near + 1].all()
    assert not heads.sure[9 + near + 1 : 70 - near].any()
    assert heads.sure[70 - near :].all()


def test_collapsed_face_is_not_taken_for_a_head(somebody: Pose) -> None:
    landmarks = somebody.landmarks_px.copy()
    landmarks[: Landmark.MOUTH_RIGHT + 1] = landmarks[Landmark.NOSE]
    lost = replace(somebody, landmarks_px=landmarks)
    assert not heads_of([[moved(lost, frame)] for frame in range(5)]).sure.any()


def test_nobody_is_never_sure() -> None:
    heads = heads_of([[], [], []])
    assert heads.circles_px.shape == (3, 0, 3)
    assert not heads.sure.any()


def test_others_have_heads_too(somebody: Pose) -> None:
    heads = heads_of([[moved(somebody, k), moved(somebody, k, 300.0)] for k in range(5)])
    for frame in range(5):
        assert covers(heads, frame, ears(moved(somebody, frame, 300.0)))


def test_passer_by_found_again_as_somebody_new_is_known_between(somebody: Pose) -> None:
    step_px = 8.0
    frames = [[moved(somebody, k), moved(somebody, k, 100 + step_px * k)] for k in range(60)]
    for frame in range(5, 50):
        frames[frame] = frames[frame][:1]
    assert len(link_people(frames)) == 3
    heads = heads_of(frames)
    for frame in range(60):
        assert covers(heads, frame, ears(moved(somebody, frame, 100 + step_px * frame)))


def test_bystander_seen_now_and_then_is_there_all_along(somebody: Pose) -> None:
    frames = [[moved(somebody, k)] for k in range(120)]
    for k in (0, 1, 110, 111):
        frames[k].append(moved(somebody, k, 300.0))
    heads = heads_of(frames)
    assert all(covers(heads, frame, ears(moved(somebody, frame, 300.0))) for frame in range(112))
