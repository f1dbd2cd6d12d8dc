"""The causal twin of a check: one picture after another, judged without the future."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hingecheck.follow import Look
from hingecheck.form.lifts import LIFTS
from hingecheck.live.records import RepCall
from hingecheck.live.shape import ShapeWatch
from hingecheck.live.spine import CausalSpine, Moment
from hingecheck.live.tuck import NOTHING, Tuck, TuckWatch
from hingecheck.motion.filters import MAX_GAP_S
from hingecheck.motion.one_euro import OneEuro
from hingecheck.motion.records import Lift
from hingecheck.motion.rep_machine import RepMachine
from hingecheck.pose.facing import facing
from hingecheck.pose.landmarks import LANDMARKS
from hingecheck.pose.lock import LifterLock
from hingecheck.pose.plausible import is_plausible
from hingecheck.pose.records import FloatArray, Pose, Track
from hingecheck.pose.segments import measure_segments
from hingecheck.spine.estimator import BackView
from hingecheck.spine.model import ModelEstimator, OwnShape
from hingecheck.spine.profile import dorsal_profile, stack_outlines
from hingecheck.store.profiles import Profile

__all__ = ["Engine", "Judged"]

LANDMARK_REST_HZ, LANDMARK_PER_TRUNK = 3.0, 4.0
"""Landmarks: calm at rest; a hip that moves a trunk's length in a second passes 7 Hz."""

ANGLE_REST_HZ, ANGLE_PER_DEG = 2.0, 0.05
"""Angles: a hinge of 80 degrees a second passes 6 Hz, as in a check (`filters.CUTOFF_HZ`)."""

LUMBAR_REST_HZ, LUMBAR_PER_DEG = 2.0, 0.05

MEMORY = 60
"""Sightings, one in `EVERY`, from which facing and usual lengths are told: of the last 12 s."""
EVERY = 6


@dataclass(frozen=True, slots=True)
class Judged:
    """What one picture said.

    Attributes:
        time_s: The source's clock.
        which: Position of the lifter among the picture's bodies; None when not in it.
        facing: +1 or -1; 0 while nobody was seen.
        landmarks_px: (33, 2) filtered; NaN where the lifter is not seen.
        back_px: (stations, 2) the back's edge; NaN where it is not seen.
        depth_deg: Trunk-thigh flexion.
        trunk_deg: Trunk inclination.
        tuck: The tuck now.
        relaxed: Whether this shows relaxed standing with the back in view.
        rep: The repetition that ended with this picture.
    """

    time_s: float
    which: int | None
    facing: int
    landmarks_px: FloatArray
    back_px: FloatArray
    depth_deg: float
    trunk_deg: float
    tuck: Tuck
    relaxed: bool
    rep: RepCall | None


class Engine:
    """Judges one picture after another.

    Args:
        size_px: Width and height of the upright source picture.
        lift: Which lift it is; what is usual in a hinge where nobody says.
        estimator: The spine model.

    Attributes:
        size_px: Width and height of the pictures.
        lock: Who is judged.
    """

    def __init__(
        self,
        size_px: tuple[int, int],
        lift: Lift | None = None,
        estimator: ModelEstimator | None = None,
    ) -> None:
        self.size_px = size_px
        self._config = LIFTS[lift or Lift.HINGE]
        self._estimator = estimator or ModelEstimator()
        self._spine = CausalSpine(self._estimator)
        self._remembered: OwnShape | None = None
        self._shape = ShapeWatch()
        self.lock = LifterLock(size_px[0])
        self._memory: list[Pose] = []
        self._facing = 0
        self._sightings = 0
        self._by_side: dict[bool, Pose] = {}
        self._body = OneEuro(LANDMARK_REST_HZ, LANDMARK_PER_TRUNK)
        self._world = OneEuro(LANDMARK_REST_HZ, LANDMARK_PER_TRUNK)
        self._angles = OneEuro(ANGLE_REST_HZ, ANGLE_PER_DEG)
        self._lumbar = OneEuro(LUMBAR_REST_HZ, LUMBAR_PER_DEG)
        self._reps = RepMachine()
        self._watch = TuckWatch(self._config)
        self._tuck_s = float("nan")
        self._worst_deg, self._worst_s = 0.0, float("nan")
        self._counted = 0

    def start_set(self) -> None:
        """Count from one again; what is known of the lifter stays, a way down under way too."""
        self._counted = 0

    def remember(self, stored: Profile) -> None:
        """Begin with a lifter's standing from another day, until this day's is seen."""
        self._remembered = stored.own_shape(self._estimator.name)
        self._shape = ShapeWatch(self._remembered)

    def recalibrate(self) -> None:
        """Forget the lifter's standing, but not what is remembered of it, and the way they face."""
        self._shape = ShapeWatch(self._remembered)
        self._memory.clear()
        self._facing = 0

    @property
    def own(self) -> OwnShape | None:
        """What the lifter looks like when up, as far as known."""
        return self._shape.own

    @property
    def standing_s(self) -> float:
        """How long relaxed standing has been seen, for the zero of every angle."""
        return self._shape.relaxed_s

    @property
    def working(self) -> bool:
        """Whether a way down or a bottom is under way."""
        return self._reps.down

    def step(self, time_s: float, looks: Sequence[Look]) -> Judged:
        """Judge a picture.

        Args:
            time_s: The source's clock, later than before.
            looks: Every body in it.
        """
        which = self.lock.choose(time_s, [look.pose for look in looks])
        if self.lock.switched:
            self.recalibrate()
        look = None if which is None else looks[which]
        if look is not None and not self._remember(look.pose):
            look = None
        back = None if look is None else self._view(time_s, look)
        depth_deg = trunk_deg = float("nan")
        moment, relaxed = None, False
        if back is not None:
            filtered = self._angles(
                time_s,
                np.array([back.segments.trunk_deg[0], back.segments.trunk_thigh_deg[0]]),
            )
            trunk_deg, depth_deg = float(filtered[0]), float(filtered[1])
            features = self._spine.features(back)
            relaxed = self._shape.watch(time_s, features, back, self._reps.down)
            moment = self._spine.read(features, self._shape.own)
        tuck, rep = self._follow(time_s, depth_deg, moment)
        return Judged(
            time_s=time_s,
            which=which if look is not None else None,
            facing=self._facing,
            landmarks_px=_nowhere(LANDMARKS) if back is None else back.track.landmarks_px[0],
            back_px=_nowhere(1) if back is None else _edge(back),
            depth_deg=depth_deg,
            trunk_deg=trunk_deg,
            tuck=tuck,
            relaxed=relaxed,
            rep=rep,
        )

    def _follow(
        self, time_s: float, depth_deg: float, moment: Moment | None
    ) -> tuple[Tuck, RepCall | None]:
        """Take the depth and the back through repetitions and their tucks."""
        was_down = self._reps.down
        counted = self._reps.step(time_s, depth_deg)
        tuck = NOTHING
        if moment is not None:
            lumbar = float(self._lumbar(time_s, np.array([moment.lumbar_flexion_deg]))[0])
            moment = Moment(
                moment.pelvic_tilt_deg, lumbar, moment.lumbar_sd_deg, moment.shared_sd_deg
            )
            if self._reps.down:
                tuck = self._watch.step(time_s, depth_deg, self._reps.top_deg, moment)
        if tuck.called:
            self._tuck_s = time_s
        if tuck.excess_deg > self._worst_deg:
            self._worst_deg, self._worst_s = tuck.excess_deg, time_s
        if not was_down or self._reps.down:
            return tuck, None
        told, verdict = self._watch.finish(counted is not None)
        tuck_s, self._tuck_s = self._tuck_s, float("nan")
        worst_s, self._worst_deg, self._worst_s = self._worst_s, 0.0, float("nan")
        if counted is None:
            return tuck, None
        self._counted += 1
        self.lock.proven = True
        return tuck, RepCall(
            index=self._counted,
            start_s=counted.start_s,
            bottom_s=counted.bottom_s,
            end_s=counted.end_s,
            depth_deg=counted.depth_deg,
            tuck_deg=max(0.0, told.excess_deg) if np.isfinite(told.excess_deg) else float("nan"),
            tuck_sd_deg=told.sd_deg,
            verdict=verdict,
            tuck_s=tuck_s,
            worst_s=worst_s if np.isfinite(worst_s) else counted.bottom_s,
        )

    def _remember(self, pose: Pose) -> bool:
        """Keep a sighting for the way the lifter faces; False for what no body can be."""
        if self._sightings % EVERY == 0:
            self._memory = [*self._memory[-MEMORY + 1 :], pose]
            track = _track(self._memory, self.size_px)
            self._facing = facing(track)
        self._sightings += 1
        track = _track([*self._memory, pose], self.size_px)
        return bool(is_plausible(track, self._facing)[-1])

    def _view(self, time_s: float, look: Look) -> BackView:
        """The view of one picture: landmarks filtered, the outline as it is."""
        raw, other = look.pose, self._by_side.get(not look.pose.mirrored)
        self._by_side[raw.mirrored] = raw
        landmarks, world = raw.landmarks_px.astype(np.float64), raw.world_m.astype(np.float64)
        if other is not None and time_s - other.time_s <= MAX_GAP_S:
            # One of the two was looked at in the mirror: together they have no side.
            landmarks = (landmarks + other.landmarks_px) / 2
            world = (world + other.world_m) / 2
        size_px = self._shape.trunk_px(raw)
        smooth = Track(
            np.array([time_s]),
            (self._body(time_s, landmarks / size_px) * size_px)[None],
            self._world(time_s, world)[None],
            raw.visibility[None],
            *self.size_px,
        )
        seen = _track([raw], self.size_px)
        outline = stack_outlines([look.outline])
        front = self._facing
        return BackView(
            smooth,
            measure_segments(smooth, front),
            dorsal_profile(outline, seen, front),
            dorsal_profile(outline, seen, -front),
            front,
        )


def _track(poses: Sequence[Pose], size_px: tuple[int, int]) -> Track:
    return Track(
        np.array([pose.time_s for pose in poses]),
        np.stack([pose.landmarks_px for pose in poses]),
        np.stack([pose.world_m for pose in poses]),
        np.stack([pose.visibility for pose in poses]),
        *size_px,
    )


def _edge(back: BackView) -> FloatArray:
    return np.where(back.profile.valid[0][:, None], back.profile.edge_px[0], np.nan)


def _nowhere(points: int) -> NDArray[np.float64]:
    return np.full((points, 2), np.nan)
