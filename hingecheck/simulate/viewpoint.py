"""Where a phone is put to film a lifter: near or far, low or high, askew, off-centre."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hingecheck.simulate.body import Floats
from hingecheck.simulate.render import Camera

__all__ = ["random_camera"]

_SHORT_SIDES_PX = (240, 360, 480, 720, 1080)
_SHORT_SIDE_SHARES = (0.08, 0.26, 0.34, 0.26, 0.06)
# Width over height; phones stand upright as often as they lie.
_ASPECTS = (16 / 9, 4 / 3, 1.0, 3 / 4, 9 / 16)
_ASPECT_SHARES = (0.3, 0.18, 0.12, 0.12, 0.28)
_CUT_IN_SHARE = 0.02
_ROLL_SD_DEG, _MOST_ROLL_DEG = 3.0, 8.0
_HEIGHT_M = 1.72
# What a lifter takes up from standing to the deepest bend of any lift: forward, left, up.
_REACH_M = np.array(
    [(x, y, z) for x, z in ((-0.2, 0.0), (0.3, 0.0), (-0.12, 1.85), (0.15, 1.85), (-0.5, 0.75),
                            (-0.42, 1.1), (0.8, 0.6), (0.75, 1.2)) for y in (-0.28, 0.28)]
)  # fmt: skip


def random_camera(rng: np.random.Generator, yaw_deg: float = 0.0) -> Camera:
    """Draw a phone position; the whole lifter is in the frame but for a few in a hundred."""
    short_px = int(rng.choice(_SHORT_SIDES_PX, p=_SHORT_SIDE_SHARES))
    aspect = float(rng.choice(_ASPECTS, p=_ASPECT_SHARES))
    width_px, height_px = (2 * round(short_px * side / 2) for side in _sides(aspect))
    roll_deg = float(np.clip(rng.normal(0, _ROLL_SD_DEG), -_MOST_ROLL_DEG, _MOST_ROLL_DEG))
    camera = Camera(
        facing=int(rng.choice([-1, 1])),
        yaw_deg=yaw_deg,
        distance_m=float(rng.uniform(2.0, 6.0)),
        height_m=float(rng.uniform(0.3, 1.6)),
        width_px=width_px,
        height_px=height_px,
        roll_deg=roll_deg,
    )
    cut_in = rng.random() < _CUT_IN_SHARE
    fill = float(rng.uniform(0.97, 1.08) if cut_in else 0.5 + 0.46 * rng.beta(1.8, 1.2))
    place = rng.beta(2, 2, 2)
    return _framed(camera, fill, 1.15 if cut_in else 0.98, place)


def _sides(aspect: float) -> tuple[float, float]:
    return max(aspect, 1.0), max(1 / aspect, 1.0)


def _framed(camera: Camera, fill: float, most: float, place: Floats) -> Camera:
    """Zoom until a standing lifter fills `fill` of the height, then turn to put them in place.

    The reach of the whole lift stays within `most` of either side; `place`, (2,), is where in
    the room left over it goes, 0 to 1 from the left and from the top.
    """
    size = np.array([camera.width_px, camera.height_px])
    standing = np.array([[0.0, 0.0, 0.0], [0.0, 0.0, _HEIGHT_M]])
    for _ in range(4):
        seen = camera.project(_REACH_M)
        span = np.ptp(seen, axis=0) / size
        tall = float(np.ptp(camera.project(standing)[:, 1])) / camera.height_px
        zoom = min(fill / tall, most / float(span.max()))
        tangent = np.tan(np.radians(camera.view_angle_deg / 2)) / zoom
        camera = replace(camera, view_angle_deg=float(np.degrees(2 * np.arctan(tangent))))
        seen = camera.project(_REACH_M)
        low, high = seen.min(axis=0), seen.max(axis=0)
        wanted = low + (size - (high - low)) * place - low
        shift_m = (low - wanted) * 2 * tangent * camera.distance_m / camera.height_px
        roll = np.radians(camera.roll_deg)
        side_m = np.cos(roll) * shift_m[0] + np.sin(roll) * shift_m[1]
        down_m = -np.sin(roll) * shift_m[0] + np.cos(roll) * shift_m[1]
        camera = replace(
            camera,
            aim_side_m=camera.aim_side_m + float(side_m),
            aim_height_m=camera.aim_height_m - float(down_m),
        )
    return camera
