"""`landmarks.npz`: where every landmark was seen in the picture, and the picture's scale."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hingecheck.errors import StoreError
from hingecheck.form.records import Analysis
from hingecheck.pose.landmarks import LANDMARKS
from hingecheck.pose.records import Track

__all__ = ["SeenLandmarks", "read_landmarks", "write_landmarks"]


@dataclass(frozen=True, slots=True)
class SeenLandmarks:
    """The lifter's landmarks over a clip, with what puts them on a level metric scale.

    Attributes:
        track: The landmarks, pixels filtered; NaN where not seen. `track.plumb` levels them.
        facing: +1 when the lifter faces image right, -1 left.
        cm_per_px: The picture's scale in the lifter's plane; NaN where the legs are never seen.
        stature_cm: The body height that the scale rests on: the profile's, or 170.
    """

    track: Track
    facing: int
    cm_per_px: float
    stature_cm: float


def write_landmarks(analysis: Analysis, path: Path) -> None:
    """Write `landmarks.npz`; the same analysis gives the same bytes.

    Arrays: `time_s` (frames,) float64; float32 `landmarks_px` (frames, 33, 2) in upright source
    pixels, y down, `world_m` (frames, 33, 3) as MediaPipe guesses it (about the mid hip, y down,
    z away from the camera), `visibility` (frames, 33); NaN where not seen. Single numbers:
    `width_px`, `height_px`, `roll_deg`, `roll_sd_deg`, `facing`, `cm_per_px`, `stature_cm`.
    """
    track = analysis.track
    packed = io.BytesIO()
    np.savez_compressed(
        packed,
        time_s=np.asarray(track.time_s, dtype=np.float64),
        landmarks_px=np.asarray(track.landmarks_px, dtype=np.float32),
        world_m=np.asarray(track.world_m, dtype=np.float32),
        visibility=np.asarray(track.visibility, dtype=np.float32),
        width_px=np.int64(track.width_px),
        height_px=np.int64(track.height_px),
        roll_deg=np.float64(track.roll_deg),
        roll_sd_deg=np.float64(track.roll_sd_deg),
        facing=np.int64(analysis.view.facing),
        cm_per_px=np.float64(analysis.bar.cm_per_px),
        stature_cm=np.float64(analysis.bar.stature_cm),
    )
    path.write_bytes(packed.getvalue())


def read_landmarks(path: Path) -> SeenLandmarks:
    """Read a `landmarks.npz` back.

    Raises:
        FileNotFoundError: There is none.
        StoreError: It is damaged, or none of ours.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            found = SeenLandmarks(
                track=Track(
                    time_s=file["time_s"],
                    landmarks_px=file["landmarks_px"],
                    world_m=file["world_m"],
                    visibility=file["visibility"],
                    width_px=int(file["width_px"]),
                    height_px=int(file["height_px"]),
                    roll_deg=float(file["roll_deg"]),
                    roll_sd_deg=float(file["roll_sd_deg"]),
                ),
                facing=int(file["facing"]),
                cm_per_px=float(file["cm_per_px"]),
                stature_cm=float(file["stature_cm"]),
            )
    except (ValueError, KeyError, EOFError, AttributeError, TypeError, zipfile.BadZipFile) as error:
        raise _damaged(path) from error
    track = found.track
    frames = len(track.time_s)
    shapes = (track.landmarks_px.shape, track.world_m.shape, track.visibility.shape)
    if shapes != ((frames, LANDMARKS, 2), (frames, LANDMARKS, 3), (frames, LANDMARKS)):
        raise _damaged(path)
    return found


def _damaged(path: Path) -> StoreError:
    return StoreError(f"{path}: is no landmarks.npz of hingecheck's. Check the clip again.")
