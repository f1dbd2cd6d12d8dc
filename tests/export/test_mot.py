"""Motion files, read back by OpenSim and put on a body of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from export.filmed import Filmed, posture_at

from hingecheck.errors import NothingSeen
from hingecheck.export.lab import in_lab
from hingecheck.export.mot import HIP_IN_PELVIS_M, coordinates, write_mot
from hingecheck.pose.landmarks import Landmark

# A planar body with the axes of Rajagopal's model: every joint turns about z, the knee backward.
BODY = """
model = opensim.Model()
def joint(name, coordinate, parent, at, child, sign=1):
    turned = opensim.Vec3(0, 0, 0) if sign > 0 else opensim.Vec3(3.141592653589793, 0, 0)
    made = opensim.PinJoint(
        name, parent, opensim.Vec3(*at), turned, child, opensim.Vec3(0), turned
    )
    made.updCoordinate().setName(coordinate)
    model.addJoint(made)
def body(name):
    made = opensim.Body(name, 1, opensim.Vec3(0), opensim.Inertia(1, 1, 1))
    model.addBody(made)
    return made
pelvis, torso, femur, tibia, foot = map(body, ("pelvis", "torso", "femur", "tibia", "foot"))
root = opensim.PlanarJoint("root", model.getGround(), pelvis)
for at, name in enumerate(("pelvis_tilt", "pelvis_tx", "pelvis_ty")):
    root.upd_coordinates(at).setName(name)
model.addJoint(root)
joint("back", "lumbar_extension", pelvis, (-0.1, 0.08, 0), torso)
joint("hip", "hip_flexion_r", pelvis, ({hip_x}, {hip_y}, 0), femur)
joint("knee", "knee_angle_r", femur, (0, -0.4165, 0), tibia, -1)
joint("ankle", "ankle_angle_r", tibia, (0, -0.4182, 0), foot)
state = model.initSystem()
table = opensim.TimeSeriesTable({file!r})
storage = opensim.Storage({file!r})
names = list(table.getColumnLabels())
bodies = []
for at in range(table.getNumRows()):
    row = dict(zip(names, table.getRowAtIndex(at).to_numpy()))
    for coordinate in model.getCoordinateSet():
        turns = coordinate.getMotionType() == opensim.Coordinate.Rotational
        value = row[coordinate.getName()]
        coordinate.setValue(state, value * 3.141592653589793 / 180 if turns else value, False)
    model.realizePosition(state)
    told = {{}}
    for part in model.getBodySet():
        frame = part.getTransformInGround(state)
        up = frame.R().asMat33()
        told[part.getName()] = [
            *(float(up.get(i, 1)) for i in (0, 1)), *map(float, frame.p().to_numpy()[:2])
        ]
    bodies.append(told)
print(json.dumps({{
    "names": names, "time_s": list(table.getIndependentColumn()), "bodies": bodies,
    "degrees": [table.getTableMetaDataAsString("inDegrees"), storage.isInDegrees()],
    "storage": [storage.getSize(), storage.getLastTime()],
}}))
"""


@pytest.fixture
def put_on_body(opensim, tmp_path) -> Any:
    hip_x, hip_y = HIP_IN_PELVIS_M
    return lambda name: opensim(BODY.format(file=name, hip_x=hip_x, hip_y=hip_y), tmp_path)


def lean_deg(told: dict[str, Any], body: str) -> np.ndarray:
    """Forward lean of a body's own y axis."""
    x, y = np.array([row[body][:2] for row in told["bodies"]]).T
    return np.degrees(np.arctan2(x, y))


def test_opensims_body_takes_the_lifters_posture(lab, put_on_body, tmp_path: Path) -> None:
    write_mot(lab, tmp_path / "hinge.mot", "hinge", 170.0)
    told = put_on_body("hinge.mot")
    true = posture_at(lab.clock.time_s)
    np.testing.assert_allclose(lean_deg(told, "pelvis"), true["pelvic_tilt"], atol=0.02)
    np.testing.assert_allclose(-lean_deg(told, "femur"), true["thigh_inclination"], atol=0.02)
    np.testing.assert_allclose(lean_deg(told, "tibia"), true["shank_inclination"], atol=0.02)
    np.testing.assert_allclose(lean_deg(told, "foot"), 0.0, atol=0.02)
    thorax = true["pelvic_tilt"] + true["lumbar_flexion"]
    np.testing.assert_allclose(lean_deg(told, "torso"), thorax, atol=0.02)


def test_opensims_joints_lie_where_the_markers_do(lab, put_on_body, tmp_path: Path) -> None:
    write_mot(lab, tmp_path / "hinge.mot", "hinge", 170.0)
    told = put_on_body("hinge.mot")
    for body, marker in (("femur", Landmark.RIGHT_HIP), ("tibia", Landmark.RIGHT_KNEE)):
        joint = np.array([row[body][2:] for row in told["bodies"]])
        np.testing.assert_allclose(joint, lab.markers_m[:, marker, :2], atol=0.001)


def test_both_of_opensims_readers_take_it_for_degrees(lab, put_on_body, tmp_path: Path) -> None:
    write_mot(lab, tmp_path / "hinge.mot", "hinge", 170.0)
    told = put_on_body("hinge.mot")
    assert told["degrees"] == ["yes", True]
    assert told["storage"] == [121, pytest.approx(4.0)]
    assert told["names"] == [
        *("pelvis_tilt", "pelvis_tx", "pelvis_ty", "pelvis_tz"),
        *("hip_flexion_r", "hip_flexion_l", "knee_angle_r", "knee_angle_l"),
        *("ankle_angle_r", "ankle_angle_l", "lumbar_extension"),
    ]


def test_rows_with_a_hole_are_left_out_and_none_after_it_is_lost(
    film, put_on_body, tmp_path: Path
) -> None:
    lab = in_lab(film(Filmed(unseen=slice(40, 60))))
    assert write_mot(lab, tmp_path / "hinge.mot", "hinge", 170.0) == 20
    told = put_on_body("hinge.mot")
    np.testing.assert_allclose(told["time_s"], np.delete(lab.clock.time_s, np.s_[40:60]), atol=1e-6)
    assert told["storage"] == [101, pytest.approx(4.0)]


def test_mirrored_clip_gives_the_same_motion(film, lab) -> None:
    ours = coordinates(lab, 170.0)
    theirs = coordinates(in_lab(film(Filmed(in_mirror=True))), 170.0)
    for name, values in ours.items():
        np.testing.assert_allclose(theirs[name], values, atol=2e-3, err_msg=name)


def test_pelvis_of_a_smaller_lifter_is_nearer_to_the_hips(lab) -> None:
    tall, small = coordinates(lab, 170.0), coordinates(lab, 85.0)
    hip_y = lab.markers_m[0, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP], 1].mean()
    assert tall["pelvis_ty"][0] - hip_y == pytest.approx(0.0785, abs=2e-3)
    assert small["pelvis_ty"][0] - hip_y == pytest.approx(0.0785 / 2, abs=1e-3)


@pytest.mark.parametrize("name", ["two\nlines\t.mot", "a\r\u2028b.mot", "caf\udce9.mot"])
def test_no_name_breaks_the_first_line(lab, put_on_body, tmp_path: Path, name: str) -> None:
    write_mot(lab, tmp_path / "hinge.mot", name, 170.0)
    first, second, *_ = (tmp_path / "hinge.mot").read_text(encoding="utf-8").splitlines()
    assert "\t" not in first
    assert second == "version=1"
    assert len(put_on_body("hinge.mot")["time_s"]) == 121


def test_pelvis_never_known_is_said(lab, tmp_path: Path) -> None:
    lab.angles["pelvic_tilt_deg"][:] = np.nan
    with pytest.raises(NothingSeen, match="pelvis and legs are never seen together"):
        write_mot(lab, tmp_path / "hinge.mot", "hinge", 170.0)
