"""OpenPose's output: one JSON file per frame with the 25 points of its BODY_25 model."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from hingecheck.export.motion import Motion
from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.records import FloatArray

__all__ = ["BODY_25", "body_25", "write_openpose"]

VERSION = 1.3
"""Of OpenPose's JSON, since its release 1.5."""

BODY_25: tuple[tuple[str, ...], ...] = (
    ("NOSE",),
    ("LEFT_SHOULDER", "RIGHT_SHOULDER"),
    *(("RIGHT_SHOULDER",), ("RIGHT_ELBOW",), ("RIGHT_WRIST",)),
    *(("LEFT_SHOULDER",), ("LEFT_ELBOW",), ("LEFT_WRIST",)),
    ("LEFT_HIP", "RIGHT_HIP"),
    *(("RIGHT_HIP",), ("RIGHT_KNEE",), ("RIGHT_ANKLE",)),
    *(("LEFT_HIP",), ("LEFT_KNEE",), ("LEFT_ANKLE",)),
    *(("RIGHT_EYE",), ("LEFT_EYE",), ("RIGHT_EAR",), ("LEFT_EAR",)),
    *(("LEFT_FOOT_INDEX",), (), ("LEFT_HEEL",)),
    *(("RIGHT_FOOT_INDEX",), (), ("RIGHT_HEEL",)),
)
"""The landmarks whose middle each point of BODY_25 is: neck and mid hip have two, small toes
none."""


def body_25(motion: Motion) -> FloatArray:
    """(frames, 25, 3) x, y in pixels, y down, and confidence; 0 0 0 where not seen."""
    track = motion.seen.track
    seen = np.concatenate([track.landmarks_px, track.visibility[..., None]], axis=2)
    points = np.zeros((len(track.time_s), len(BODY_25), 3))
    for point, names in enumerate(BODY_25):
        if names:
            chosen = seen[:, [Landmark[name] for name in names]]
            points[:, point, :2] = chosen[..., :2].mean(axis=1)
            points[:, point, 2] = chosen[..., 2].min(axis=1)
    points[~np.isfinite(points).all(axis=2)] = 0.0
    return points


def write_openpose(motion: Motion, folder: Path, name: str) -> None:
    """Write one JSON file per frame into an empty folder, numbered as the clip's frames.

    Args:
        motion: The movement.
        folder: Where they go.
        name: What the files are called after.
    """
    for frame, points in enumerate(body_25(motion)):
        person = {
            "person_id": [-1],
            "pose_keypoints_2d": [round(float(value), 3) for value in points.ravel()],
            "face_keypoints_2d": [],
            "hand_left_keypoints_2d": [],
            "hand_right_keypoints_2d": [],
            "pose_keypoints_3d": [],
            "face_keypoints_3d": [],
            "hand_left_keypoints_3d": [],
            "hand_right_keypoints_3d": [],
        }
        people = [person] if points.any() else []
        text = json.dumps({"version": VERSION, "people": people}, separators=(",", ":"))
        (folder / f"{name}_{frame:012d}_keypoints.json").write_text(text, encoding="utf-8")
