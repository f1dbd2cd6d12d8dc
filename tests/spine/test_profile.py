"""The back's edge, to a tenth of a pixel: on masks of bodies whose outline is an equation."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stick import mirrored, pose_of, track_of

from hingecheck.pose.landmarks import LANDMARKS, Landmark
from hingecheck.pose.records import BodyMask, FloatArray, Pose, Track
from hingecheck.spine.profile import (
    ARM_CLEARANCE,
    JUMP_LIMIT,
    STATIONS,
    dorsal_profile,
    sample_outline,
    stack_outlines,
)
from hingecheck.spine.records import Outline, Profile

HIPS = [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]
SHOULDERS = [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]
IN_WINDOW = 25
"""Stations in the lumbar window, 0 to 0.6 of the chord, 0.025 apart."""


class Egg(NamedTuple):
    """An elliptical body round a hip-shoulder chord.

    Attributes:
        hip_px: Where the chord begins, source pixels.
        lean_deg: Lean of the chord, image right positive.
        chord_px: Length of the chord; the ellipse's middle is the chord's.
        long: Half axis along the chord, in chord lengths.
        wide: Half axis across it, in chord lengths.
        soft_px: Width over which the mask falls from one to zero, source pixels.
        arms: Elbow and wrist in chord coordinates (along it, behind it with the body facing
            right); None leaves them far in front.
    """

    hip_px: tuple[float, float] = (150.0, 220.0)
    lean_deg: float = 0.0
    chord_px: float = 120.0
    long: float = 0.9
    wide: float = 0.3
    soft_px: float = 4.0
    arms: tuple[tuple[float, float], tuple[float, float]] | None = None

    def point_px(self, along: FloatArray | float, behind: FloatArray | float) -> FloatArray:
        """Source pixels of a point given in chord coordinates."""
        lean = np.radians(self.lean_deg)
        up = np.array([np.sin(lean), -np.cos(lean)])
        back = np.array([-np.cos(lean), -np.sin(lean)])
        offset = np.multiply.outer(along, up) + np.multiply.outer(behind, back)
        return np.asarray(self.hip_px) + self.chord_px * offset

    def mask(
        self, size: int = 320, origin_px: tuple[int, int] = (0, 0), scale: float = 1.0
    ) -> BodyMask:
        y, x = np.mgrid[:size, :size].astype(np.float64)
        at = (np.stack([x, y], axis=-1) + 0.5 + origin_px) / scale
        offset = (at - self.point_px(0.5, 0.0)) / self.chord_px
        up = self.point_px(1.0, 0.0) - self.point_px(0.0, 0.0)
        back = self.point_px(0.0, 1.0) - self.point_px(0.0, 0.0)
        along = offset @ up / self.chord_px
        across = offset @ back / self.chord_px
        reach = np.hypot(along / self.long, across / self.wide)
        slope = np.hypot(along / self.long**2, across / self.wide**2) / np.maximum(reach, 1e-9)
        beyond_px = (reach - 1) / np.maximum(slope, 1e-9) * self.chord_px
        values = np.clip(0.5 - beyond_px / self.soft_px, 0, 1).astype(np.float32)
        return BodyMask(values, origin_px, scale)

    def landmarks(self) -> FloatArray:
        xy = np.tile(self.point_px(0.5, -3.0), (LANDMARKS, 1))
        xy[HIPS], xy[SHOULDERS] = self.point_px(0.0, 0.0), self.point_px(1.0, 0.0)
        if self.arms:
            elbow, wrist = (self.point_px(*joint) for joint in self.arms)
            xy[[Landmark.LEFT_ELBOW, Landmark.RIGHT_ELBOW]] = elbow
            xy[[Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST]] = wrist
        return xy

    def pose(self, **crop: int | float | tuple[int, int]) -> Pose:
        return pose_of(self.landmarks(), mask=self.mask(**crop))

    def depth(self) -> FloatArray:
        """What the profile should read at every station."""
        return self.wide * np.sqrt(1 - ((STATIONS - 0.5) / self.long) ** 2)


def profile(egg: Egg, facing: int = 1, **crop: int | float | tuple[int, int]) -> Profile:
    outline = stack_outlines([sample_outline(egg.pose(**crop))])
    return dorsal_profile(outline, track_of(egg.landmarks()[None]), facing)


def edges(depth: FloatArray, softness_px: float = 4.0) -> tuple[Outline, Track]:
    """An outline with a given back, (stations,) depth, on a body without a mask."""
    body = Egg()
    edge = np.full((1, 2, len(STATIONS), 2), np.nan)
    edge[0, 0] = [body.point_px(s, d) for s, d in zip(STATIONS, depth, strict=True)]
    softness = np.full((1, 2, len(STATIONS)), softness_px)
    return Outline(STATIONS, edge, softness), track_of(body.landmarks()[None])


@settings(deadline=None, max_examples=60)
@given(
    lean_deg=st.floats(-95, 95),
    chord_px=st.floats(70, 140),
    wide=st.floats(0.15, 0.4),
    soft_px=st.floats(2.0, 6.0),
    shift_px=st.tuples(st.floats(-8, 8), st.floats(-8, 8)),
    facing=st.sampled_from([1, -1]),
)
def test_ellipse_is_found_within_a_tenth_of_a_pixel(
    lean_deg: float,
    chord_px: float,
    wide: float,
    soft_px: float,
    shift_px: tuple[float, float],
    facing: int,
) -> None:
    egg = Egg((200 + shift_px[0], 200 + shift_px[1]), lean_deg, chord_px, 0.9, wide, soft_px)
    seen = profile(egg, facing, size=400)
    assert np.abs(seen.depth[0] - egg.depth()).max() * chord_px < 0.1
    assert seen.coverage[0] == 1.0
    # A very soft edge that a ray meets at a slant, below the seat, is no edge any more.
    assert seen.valid.all() or soft_px > 0.06 * chord_px


@pytest.mark.parametrize("radius_px", [30.0, 41.37, 60.5])
def test_disc_is_found_within_a_tenth_of_a_pixel(radius_px: float) -> None:
    disc = Egg(long=radius_px / 120, wide=radius_px / 120, soft_px=2.5)
    within = np.abs(STATIONS - 0.5) * 120 < 0.9 * radius_px
    edge = sample_outline(disc.pose())[:, within, :2].astype(float)
    found = np.linalg.norm(edge - disc.point_px(0.5, 0.0), axis=2)
    assert np.abs(found - radius_px).max() < 0.1


@pytest.mark.parametrize("origin_px", [(0, 0), (37, 11), (60, 90)])
@pytest.mark.parametrize("scale", [0.5, 0.75, 1.0])
def test_crop_and_scale_of_the_mask_do_not_move_the_edge(
    origin_px: tuple[int, int], scale: float
) -> None:
    egg = Egg(hip_px=(300.0, 400.0), lean_deg=20.0, chord_px=160.0)
    origin = (int(origin_px[0] * scale), int(origin_px[1] * scale))
    seen = profile(egg, size=480, origin_px=origin, scale=scale)
    assert np.abs(seen.depth[0] - egg.depth()).max() * egg.chord_px < 0.1 / scale
    expected = egg.point_px(0.5, egg.wide)
    middle = seen.edge_px[0, np.argmin(np.abs(STATIONS - 0.5))]
    assert middle == pytest.approx(expected, abs=0.1 / scale)


def test_softness_is_the_width_of_the_masks_edge_in_source_pixels() -> None:
    for scale in (0.5, 1.0):
        pose = Egg(soft_px=8.0).pose(scale=scale)
        middle = np.argmin(np.abs(STATIONS - 0.5))
        assert sample_outline(pose)[:, middle, 2] == pytest.approx(8.0, rel=0.1)


def test_mirrored_body_has_the_same_profile() -> None:
    egg = Egg(lean_deg=30.0, wide=0.35)
    pose = egg.pose()
    assert pose.mask is not None
    track = mirrored(track_of(egg.landmarks()[None], size_px=(320, 320)))
    values = np.ascontiguousarray(pose.mask.values[:, ::-1])
    flipped = pose_of(track.landmarks_px[0], mask=replace(pose.mask, values=values))
    seen = dorsal_profile(stack_outlines([sample_outline(flipped)]), track, -1)
    np.testing.assert_allclose(seen.depth, profile(egg, 1).depth, atol=1e-3)


def test_back_and_front_are_told_apart_by_facing() -> None:
    egg = Egg()
    shifted = egg._replace(hip_px=(egg.hip_px[0] + 12.0, egg.hip_px[1]))
    pose = pose_of(shifted.landmarks(), mask=egg.mask())
    outline = stack_outlines([sample_outline(pose)])
    track = track_of(shifted.landmarks()[None])
    right, left = dorsal_profile(outline, track, 1), dorsal_profile(outline, track, -1)
    assert np.abs(right.depth[0] - egg.depth() - 0.1).max() < 0.002
    assert np.abs(left.depth[0] - egg.depth() + 0.1).max() < 0.002


def test_ray_that_starts_outside_the_body_is_nan() -> None:
    short = Egg(long=0.61)
    outside = np.abs(STATIONS - 0.5) > short.long
    seen = profile(short)
    assert outside.sum() == 6
    assert np.isnan(seen.depth[0, outside]).all()
    assert not seen.valid[0, outside].any()
    assert np.isfinite(seen.depth[0, ~outside]).sum() == (~outside).sum()


def test_ray_that_meets_no_edge_is_nan() -> None:
    wall = replace(Egg().mask(), values=np.ones((320, 320), np.float32))
    outline = sample_outline(pose_of(Egg().landmarks(), mask=wall))
    assert np.isnan(outline).all()


@pytest.mark.parametrize("first_px", [0, 118])
def test_body_cut_by_the_mask_has_no_edge_there(first_px: int) -> None:
    egg = Egg(hip_px=(first_px + 30.0, 220.0))
    cut = profile(egg, origin_px=(first_px, 0))
    inside = egg.depth() * egg.chord_px < 29
    assert np.isnan(cut.depth[0, ~inside]).all()
    assert np.abs(cut.depth[0] - egg.depth())[inside].max() * egg.chord_px < 0.1
    assert cut.coverage[0] == 0.0


def test_ray_that_comes_into_the_mask_from_outside_has_no_edge_there() -> None:
    outline = sample_outline(Egg(hip_px=(-50.0, 220.0)).pose())
    assert np.isnan(outline).all()


def test_pose_without_a_mask_or_with_a_tiny_chord_has_no_outline() -> None:
    assert np.isnan(sample_outline(pose_of(Egg().landmarks()))).all()
    tiny = Egg(chord_px=7.0)
    assert np.isnan(sample_outline(tiny.pose())).all()


def test_blurred_edge_is_marked_invalid() -> None:
    assert profile(Egg(soft_px=6.0)).valid.all()
    blurred = profile(Egg(soft_px=20.0))
    assert blurred.coverage[0] == 0.0
    assert np.isfinite(blurred.depth).all()


@pytest.mark.parametrize("height", [-0.06, 0.06])
def test_jump_of_three_samples_is_marked_invalid_and_nothing_else(height: float) -> None:
    depth = Egg().depth()
    depth[25:28] += height
    seen = dorsal_profile(*edges(depth), 1)
    assert np.flatnonzero(~seen.valid[0]).tolist() == [25, 26, 27]
    assert seen.coverage[0] == pytest.approx((IN_WINDOW - 3) / IN_WINDOW)


def test_hollow_back_is_no_jump() -> None:
    hollow = 0.25 - 0.06 * np.exp(-(((STATIONS - 0.35) / 0.15) ** 2))
    assert np.ptp(hollow) > JUMP_LIMIT
    assert dorsal_profile(*edges(hollow), 1).valid.all()


def test_arm_behind_the_back_is_marked_invalid_and_nothing_else() -> None:
    egg = Egg(arms=((0.55, 0.1), (0.3, 0.29)))
    seen = profile(egg)
    hand = egg.point_px(0.3, 0.29)
    far = np.linalg.norm(seen.edge_px[0] - hand, axis=1) / egg.chord_px
    assert not seen.valid[0, far < 0.9 * ARM_CLEARANCE].any()
    assert seen.valid[0, (STATIONS < 0.15) | (STATIONS > 0.8)].all()
    assert seen.coverage[0] < 0.9


def test_arm_hanging_in_front_hides_nothing() -> None:
    assert profile(Egg(arms=((0.7, -0.35), (0.3, -0.3)))).valid.all()


def test_frames_without_the_lifter_have_no_profile() -> None:
    egg = Egg()
    empty = np.full((2, len(STATIONS), 3), np.nan, dtype=np.float32)
    outline = stack_outlines([sample_outline(egg.pose()), empty, sample_outline(egg.pose())])
    xy = np.repeat(egg.landmarks()[None], 3, axis=0)
    xy[1] = np.nan
    seen = dorsal_profile(outline, track_of(xy), 1)
    assert seen.coverage.tolist() == [1.0, 0.0, 1.0]
    assert np.isnan(seen.depth[1]).all()


def test_no_frames_give_an_empty_profile() -> None:
    seen = dorsal_profile(stack_outlines([]), track_of(np.empty((0, LANDMARKS, 2))), 1)
    assert seen.depth.shape == (0, len(STATIONS))
    assert seen.coverage.shape == (0,)
