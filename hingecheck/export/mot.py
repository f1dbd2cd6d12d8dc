"""OpenSim's motion file: the sagittal coordinates of a Rajagopal model."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from hingecheck import __version__
from hingecheck.errors import NothingSeen
from hingecheck.export.formats import header_name
from hingecheck.export.lab import LabMotion
from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.records import FloatArray

__all__ = ["coordinates", "write_mot"]

HIP_IN_PELVIS_M = (-0.05628, -0.07849)
"""Hip centres forward and up in the pelvis's own frame, of the generic model (Rajagopal et al.
2016, doi 10.1109/TBME.2016.2586891), which is `MODEL_CM` tall."""

MODEL_CM = 170.0


def coordinates(lab: LabMotion, stature_cm: float) -> dict[str, FloatArray]:
    """Coordinates by name, (rows,) each: degrees, and metres for `pelvis_tx`, `_ty`, `_tz`.

    In OpenSim rotations about z, which points to the right, are positive backward: its pelvis tilts
    opposite to ours and its lumbar joint extends. Hip, knee and ankle flex positively. A side view
    tells both legs as one, so right and left are the same; feet are taken to stand flat, which
    makes the ankle's angle the shank's inclination.

    Args:
        lab: The movement.
        stature_cm: Body height that its metres rest on.
    """
    angles = lab.angles
    tilt_deg = -angles["pelvic_tilt_deg"]
    hips = [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]
    hip_x, hip_y = lab.markers_m[:, hips, :2].mean(axis=1).T
    ahead, up = (part * stature_cm / MODEL_CM for part in HIP_IN_PELVIS_M)
    cos, sin = np.cos(np.radians(tilt_deg)), np.sin(np.radians(tilt_deg))
    legs = {
        "hip_flexion": angles["hip_flexion_deg"],
        "knee_angle": angles["knee_flexion_deg"],
        "ankle_angle": angles["shank_inclination_deg"],
    }
    return {
        "pelvis_tilt": tilt_deg,
        "pelvis_tx": hip_x - (cos * ahead - sin * up),
        "pelvis_ty": hip_y - (sin * ahead + cos * up),
        "pelvis_tz": np.zeros(len(tilt_deg)),
        **{f"{name}_{side}": values for name, values in legs.items() for side in "rl"},
        "lumbar_extension": -angles["lumbar_flexion_deg"],
    }


def write_mot(lab: LabMotion, path: Path, name: str, stature_cm: float) -> int:
    """Write a motion file and return how many rows were left out.

    A row with anything missing is left out: OpenSim's older reader, which its window and tools
    use, takes a NaN for 0 and drops what follows.

    Args:
        lab: The movement.
        path: The file.
        name: What the file's first line calls it, tabs and line breaks replaced.
        stature_cm: Body height that the metres rest on.

    Raises:
        NothingSeen: No row is whole.
    """
    told = coordinates(lab, stature_cm)
    table = np.column_stack([lab.clock.time_s, *told.values()])
    whole = np.isfinite(table).all(axis=1)
    if not whole.any():
        raise NothingSeen(
            f"{name}: pelvis and legs are never seen together, so there is no motion for OpenSim."
            " Export trc instead."
        )
    rows = ["\t".join(f"{value + 0.0:.6f}" for value in row) for row in table[whole]]
    header = [
        header_name(name),
        "version=1",
        f"nRows={len(rows)}",
        f"nColumns={table.shape[1]}",
        "inDegrees=yes",
        "",
        f"hingecheck {__version__}: one camera, sagittal plane, both legs as one.",
        f"Angles count from the lifter's standing; lengths are for {stature_cm:g} cm of height.",
        "endheader",
        "\t".join(["time", *told]),
    ]
    path.write_text("\n".join([*header, *rows]) + "\n", encoding="utf-8", newline="\n")
    return int((~whole).sum())
