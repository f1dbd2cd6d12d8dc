"""One body in one frame, and one lifter over a whole clip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hingecheck.pose.landmarks import Landmark

__all__ = ["BodyMask", "FloatArray", "Pose", "Track"]

FloatArray = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class BodyMask:
    """The part of a soft segmentation mask that holds one body.

    Attributes:
        values: (height, width) float32 probability that a pixel shows the body, 0..1.
        origin_px: (2,) x and y of the crop's first pixel in the picture that was inferred on.
        scale: Inferred-picture pixels per upright source pixel.
    """

    values: NDArray[np.float32]
    origin_px: tuple[int, int]
    scale: float

    def from_source(self, xy_px: FloatArray) -> FloatArray:
        """Source pixels (..., 2) to this crop's own pixel grid (pixel centres at integers)."""
        return xy_px * self.scale - 0.5 - np.asarray(self.origin_px, dtype=np.float64)

    def to_source(self, xy: FloatArray) -> FloatArray:
        """This crop's pixel grid (..., 2) back to source pixels."""
        return (xy + 0.5 + np.asarray(self.origin_px, dtype=np.float64)) / self.scale


@dataclass(frozen=True, slots=True)
class Pose:
    """One body in one frame. Image x points right, y points down.

    Attributes:
        time_s: When the frame is shown, on the clip's clock.
        landmarks_px: (33, 2) float32 x, y in upright source pixels.
        world_m: (33, 3) float32 x, y, z in metres about the mid hip; y down, z away from
            the camera.
        visibility: (33,) float32, MediaPipe's own 0..1; high for hidden joints too.
        mask: The body's soft mask, copied out of MediaPipe's memory; None where not asked for.
        mirrored: Whether it was found in the picture's mirror image.
    """

    time_s: float
    landmarks_px: NDArray[np.float32]
    world_m: NDArray[np.float32]
    visibility: NDArray[np.float32]
    mask: BodyMask | None
    mirrored: bool

    def middle_px(self, left: Landmark) -> FloatArray:
        """(2,) point half-way between a left landmark and its right twin."""
        middle: FloatArray = self.landmarks_px[left : left + 2].mean(axis=0)
        return middle


@dataclass(frozen=True, slots=True)
class Track:
    """One lifter over a whole clip; frames without them are NaN.

    Attributes:
        time_s: (frames,) real presentation times, strictly increasing.
        landmarks_px: (frames, 33, 2) upright source pixels, y down.
        world_m: (frames, 33, 3) metres about the mid hip, y down, z away from the camera.
        visibility: (frames, 33) 0..1.
        width_px: Width of the upright picture.
        height_px: Height of the upright picture.
        roll_deg: Clockwise turn of the picture's content where the camera was held askew.
        roll_sd_deg: How well vertical is known; phones put up by eye stand askew by 3 degrees.
    """

    time_s: FloatArray
    landmarks_px: FloatArray
    world_m: FloatArray
    visibility: FloatArray
    width_px: int
    height_px: int
    roll_deg: float = 0.0
    roll_sd_deg: float = 3.0

    @property
    def detected(self) -> NDArray[np.bool_]:
        """(frames,) whether the lifter was found."""
        return np.isfinite(self.landmarks_px[:, Landmark.LEFT_HIP, 0])

    def middle_px(self, left: Landmark) -> FloatArray:
        """(frames, 2) point half-way between a left landmark and its right twin."""
        middle: FloatArray = self.landmarks_px[:, left : left + 2].mean(axis=1)
        return middle

    def plumb(self, xy_px: FloatArray) -> FloatArray:
        """Pixels (..., 2) as a level camera would have shown them, y straight down.

        Whatever is measured from the vertical is measured here; what is drawn, and lengths and
        angles between parts of the body, need no levelling.
        """
        turn = np.radians(self.roll_deg)
        clockwise = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        middle = np.array([self.width_px, self.height_px]) / 2
        return np.asarray((xy_px - middle) @ clockwise.T + middle)
