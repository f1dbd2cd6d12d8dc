"""What OpenSim's and the C3D world's programs call the landmarks."""

from __future__ import annotations

from hingecheck.pose.landmarks import Landmark

__all__ = ["MARKERS", "marker_name"]


def marker_name(landmark: Landmark) -> str:
    """Pose2Sim's name of a BlazePose landmark, and names alike for the eight it leaves out.

    Its OpenSim models, marker sets and set-up files for scaling and inverse kinematics
    (`Markers_BlazePose.xml` and companions) then fit without renaming.
    """
    words = landmark.name.replace("FOOT_INDEX", "BIG_TOE").split("_")
    side = next((word[0] for word in words if word in ("LEFT", "RIGHT")), "")
    return side + "".join(word.capitalize() for word in words if word not in ("LEFT", "RIGHT"))


MARKERS = tuple(map(marker_name, Landmark))
"""(33,) in the landmarks' order."""
