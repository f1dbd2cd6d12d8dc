"""OpenPose's JSON, point for point."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from export.filmed import Filmed

from hingecheck.export.openpose import write_openpose
from hingecheck.pose.landmarks import Landmark

J = Landmark
SAME_POINT = {
    **{0: J.NOSE, 2: J.RIGHT_SHOULDER, 3: J.RIGHT_ELBOW, 4: J.RIGHT_WRIST, 5: J.LEFT_SHOULDER},
    **{6: J.LEFT_ELBOW, 7: J.LEFT_WRIST, 9: J.RIGHT_HIP, 10: J.RIGHT_KNEE, 11: J.RIGHT_ANKLE},
    **{12: J.LEFT_HIP, 13: J.LEFT_KNEE, 14: J.LEFT_ANKLE, 15: J.RIGHT_EYE, 16: J.LEFT_EYE},
    **{17: J.RIGHT_EAR, 18: J.LEFT_EAR, 19: J.LEFT_FOOT_INDEX, 21: J.LEFT_HEEL},
    **{22: J.RIGHT_FOOT_INDEX, 24: J.RIGHT_HEEL},
}
NECK, MID_HIP, SMALL_TOES = 1, 8, (20, 23)


def test_every_frame_has_its_file_and_every_point_its_place(motion, tmp_path: Path) -> None:
    track = motion.seen.track
    # Apart, so that no two points can be taken for each other.
    track.landmarks_px[:] += np.arange(33)[:, None] * [3.0, 1.0]
    track.visibility[:] = np.linspace(0.5, 0.9, 33)
    write_openpose(motion, tmp_path, "hinge")
    files = sorted(path.name for path in tmp_path.glob("*.json"))
    assert files == [f"hinge_{frame:012d}_keypoints.json" for frame in range(121)]
    for frame in (0, 60, 120):
        record = json.loads((tmp_path / files[frame]).read_text())
        assert record["version"] == 1.3
        (person,) = record["people"]
        points = np.reshape(person["pose_keypoints_2d"], (25, 3))
        px, visible = track.landmarks_px[frame], track.visibility[frame]
        for point, landmark in SAME_POINT.items():
            np.testing.assert_allclose(points[point, :2], px[landmark], atol=6e-4)
            np.testing.assert_allclose(points[point, 2], visible[landmark], atol=6e-4)
        for point, left in ((NECK, J.LEFT_SHOULDER), (MID_HIP, J.LEFT_HIP)):
            middle = px[left : left + 2].mean(axis=0)
            np.testing.assert_allclose(points[point, :2], middle, atol=6e-4)
        assert not points[list(SMALL_TOES)].any()


def test_frame_without_the_lifter_has_nobody_in_it(film, tmp_path: Path) -> None:
    write_openpose(film(Filmed(unseen=slice(40, 60))), tmp_path, "hinge")
    people = [
        len(json.loads(path.read_text())["people"]) for path in sorted(tmp_path.glob("*.json"))
    ]
    assert people == [1] * 40 + [0] * 20 + [1] * 61
