"""The one door to MediaPipe: pictures in, poses out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from hingecheck.pose.landmarks import TWINS
from hingecheck.pose.models import ModelBundle
from hingecheck.pose.privacy import trust_nobody
from hingecheck.pose.records import BodyMask, Pose

if TYPE_CHECKING:
    from mediapipe.tasks.python.vision import PoseLandmarkerResult

__all__ = ["Landmarker"]

MASK_MARGIN = 0.15
"""Border kept round the landmarks when the mask is cropped, as a share of their extent: flesh,
clothes and hair reach this far beyond the joints."""


class Landmarker:
    """MediaPipe's PoseLandmarker for one stream of pictures; a context manager.

    Not to be shared between threads, and never to be created before a fork.

    Args:
        bundle: Which model.
        people: How many bodies to look for in each picture.
        video: Track from picture to picture (times must not run backwards); otherwise every
            picture is searched afresh.
        masks: Whether poses carry their segmentation mask.
    """

    def __init__(
        self, bundle: ModelBundle, *, people: int = 1, video: bool = True, masks: bool = True
    ) -> None:
        import mediapipe as mp
        from mediapipe.tasks.python.core.base_options import BaseOptions
        from mediapipe.tasks.python.vision import (
            PoseLandmarker,
            PoseLandmarkerOptions,
            RunningMode,
        )

        self._image: Any = mp.Image
        self._format = mp.ImageFormat.SRGB
        self._video = video
        self._last_ms = -1
        self._landmarker = PoseLandmarker.create_from_options(
            PoseLandmarkerOptions(
                base_options=trust_nobody(BaseOptions)(
                    model_asset_path=str(bundle.path), delegate=BaseOptions.Delegate.CPU
                ),
                running_mode=RunningMode.VIDEO if video else RunningMode.IMAGE,
                num_poses=people,
                output_segmentation_masks=masks,
            )
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._landmarker.close()

    def detect(
        self,
        rgb: NDArray[np.uint8],
        time_s: float,
        scale: float = 1.0,
        *,
        mirrored: bool = False,
    ) -> list[Pose]:
        """Every body found in one picture.

        Args:
            rgb: (height, width, 3) uint8.
            time_s: When it is shown.
            scale: Picture pixels per source pixel; poses come back in source pixels.
            mirrored: Look at the picture's mirror image; poses come back as in the picture.
        """
        import cv2

        shown = cv2.flip(rgb, 1) if mirrored else np.ascontiguousarray(rgb)
        image = self._image(image_format=self._format, data=shown)
        if self._video:
            # MediaPipe wants strictly increasing whole milliseconds.
            self._last_ms = max(self._last_ms + 1, round(time_s * 1000))
            result = self._landmarker.detect_for_video(image, self._last_ms)
        else:
            result = self._landmarker.detect(image)
        height, width = rgb.shape[:2]
        poses = _poses(result, time_s, width, height, scale)
        return [_mirrored(pose, width, scale) for pose in poses] if mirrored else poses


def _mirrored(pose: Pose, width: int, scale: float) -> Pose:
    """A pose found in a mirror image, as it is in the picture `width` pixels wide."""
    landmarks, world = pose.landmarks_px[TWINS], pose.world_m[TWINS]
    landmarks[:, 0] = width / scale - landmarks[:, 0]
    world[:, 0] *= -1
    mask = pose.mask
    if mask is not None:
        x0 = width - mask.origin_px[0] - mask.values.shape[1]
        values = np.ascontiguousarray(mask.values[:, ::-1])
        mask = BodyMask(values, (x0, mask.origin_px[1]), scale)
    return Pose(pose.time_s, landmarks, world, pose.visibility[TWINS], mask, mirrored=True)


def _poses(
    result: PoseLandmarkerResult, time_s: float, width: int, height: int, scale: float
) -> list[Pose]:
    masks = result.segmentation_masks or [None] * len(result.pose_landmarks)
    poses = []
    for image, world, mask in zip(
        result.pose_landmarks, result.pose_world_landmarks, masks, strict=True
    ):
        normal = np.array([(p.x, p.y, p.visibility) for p in image], dtype=np.float32)
        picture_px = normal[:, :2] * np.array([width, height], dtype=np.float32)
        poses.append(
            Pose(
                time_s=time_s,
                landmarks_px=picture_px / np.float32(scale),
                world_m=np.array([(p.x, p.y, p.z) for p in world], dtype=np.float32),
                visibility=normal[:, 2],
                mask=None if mask is None else _cropped(mask, picture_px, scale),
                mirrored=False,
            )
        )
    return poses


def _cropped(mask: Any, picture_px: NDArray[np.float32], scale: float) -> BodyMask:
    """Copy the body's part of a mask: MediaPipe's own memory dies with its result."""
    values = mask.numpy_view().squeeze()
    low, high = picture_px.min(axis=0), picture_px.max(axis=0)
    margin = MASK_MARGIN * float((high - low).max())
    x0, y0 = np.maximum(np.floor(low - margin), 0).astype(int)
    x1, y1 = np.ceil(high + margin).astype(int) + 1
    crop = np.array(values[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)], dtype=np.float32)
    return BodyMask(values=crop, origin_px=(int(x0), int(y0)), scale=scale)
