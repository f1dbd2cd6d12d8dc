"""Clips on disk: the frames, the size and the truth that were asked for."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
import pytest

from hingecheck.simulate.anatomy import TrueAngles, pose
from hingecheck.simulate.film import simulate_clip
from hingecheck.simulate.motion import Fault, Motion, Plan, move
from hingecheck.simulate.outfit import Outfit
from hingecheck.simulate.quality import Quality
from hingecheck.simulate.render import Camera, Renderer, Scene
from hingecheck.simulate.surface import Surface
from hingecheck.simulate.truth import ANGLE_COLUMNS, PLACE_COLUMNS

PLAN = Plan(
    fault=Fault.BUTT_WINK,
    tuck_deg=16,
    reps=1,
    descent_s=0.6,
    ascent_s=0.4,
    pause_bottom_s=0.1,
    pause_top_s=0.1,
    standing_s=0.2,
    fps=15,
)
RED = (220, 20, 20)


class Filmed(NamedTuple):
    """A clip, the motion in it, and what it told of its progress."""

    path: Path
    motion: Motion
    told: list[float]

    def truth(self) -> tuple[list[dict[str, str]], dict]:
        stem = str(self.path.with_suffix(""))
        with Path(f"{stem}_truth.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        return rows, json.loads(Path(f"{stem}_truth.json").read_text())


@pytest.fixture(scope="module")
def filmed(lifter, small_camera, tmp_path_factory) -> Filmed:
    motion = move(PLAN, lifter, np.random.default_rng(0))
    path = tmp_path_factory.mktemp("film") / "set.mp4"
    told: list[float] = []
    scene = Scene(lifter, Outfit(shirt=RED), small_camera)
    simulate_clip(scene, motion, path, quality=Quality(), progress=told.append)
    return Filmed(path, motion, told)


def test_clip_has_every_frame_in_its_size_and_at_its_rate(filmed, small_camera) -> None:
    with av.open(str(filmed.path)) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert stream.average_rate == 15
        frames = list(container.decode(stream))
    assert len(frames) == len(filmed.motion.frames)
    assert {(f.width, f.height) for f in frames} == {
        (small_camera.width_px, small_camera.height_px)
    }


def test_truth_has_a_row_per_frame_with_what_was_posed(filmed, lifter) -> None:
    rows, _ = filmed.truth()
    assert list(rows[0]) == ["frame", "time_s", *ANGLE_COLUMNS, *PLACE_COLUMNS]
    assert [int(row["frame"]) for row in rows] == list(range(len(filmed.motion.frames)))
    for frame in (0, 8, 12):
        angles, row = filmed.motion.frames[frame], rows[frame]
        posture = pose(lifter, angles)
        expected = {
            "time_s": frame / 15,
            "pelvic_tilt_deg": angles.pelvic_tilt_deg,
            "lumbar_flexion_deg": angles.lumbar_flexion_deg,
            "trunk_inclination_deg": posture.trunk_inclination_deg,
            "knee_flexion_deg": angles.knee_flexion_deg,
            "hip_flexion_deg": angles.pelvic_tilt_deg + posture.thigh_inclination_deg,
            "hip_height_m": lifter.body.middle(posture.joints_m, "upperleg01")[2],
            "wrist_height_m": lifter.body.middle(posture.joints_m, "wrist")[2],
        }
        for name, value in expected.items():
            assert float(row[name]) == pytest.approx(value, abs=0.006), name


def test_bar_is_counted_forward_from_the_middle_of_the_feet(filmed, lifter) -> None:
    rows, _ = filmed.truth()
    body = lifter.body
    feet = [i for i, name in enumerate(body.bone_names) if name.startswith(("foot", "toe"))]
    of_the_feet = body.weights[:, feet].sum(axis=1) > 0.5
    for frame in (0, 12):
        posture = pose(lifter, filmed.motion.frames[frame])
        skin_m = posture.skin(Surface(body.vertices_m, body.faces, body.weights))
        heel_m = skin_m[of_the_feet, 0].min()
        toe_m = body.middle(posture.joints_m, "toe2-3")[0]
        ahead_m = body.middle(posture.joints_m, "wrist")[0] - (heel_m + toe_m) / 2
        assert float(rows[frame]["bar_forward_m"]) == pytest.approx(ahead_m, abs=0.006)


def test_truth_tells_the_set(filmed) -> None:
    _, about = filmed.truth()
    assert about["schema"] == "hingecheck.truth/1"
    assert (about["lift"], about["fault"], about["tuck_deg"]) == ("rdl", "butt_wink", 16)
    assert set(about["flaws"].values()) == {0}
    assert (about["facing"], about["view_yaw_deg"], about["fps"]) == (1, 0, 15)
    (rep,) = about["reps"]
    assert rep["start_s"] < rep["onset_s"] < rep["bottom_s"] < rep["end_s"]


def test_progress_rises_to_the_end(filmed) -> None:
    assert len(filmed.told) == len(filmed.motion.frames)
    assert filmed.told == sorted(filmed.told)
    assert filmed.told[-1] == 1.0


@pytest.mark.parametrize(("facing", "yaw_deg"), [(1, 0.0), (-1, 0.0), (1, 40.0)])
def test_shirt_is_drawn_where_the_camera_says_the_chest_is(lifter, facing, yaw_deg) -> None:
    camera = Camera(width_px=240, height_px=320, facing=facing, yaw_deg=yaw_deg)
    angles = TrueAngles(30, 5)
    posture = pose(lifter, angles)
    chest_m = posture.joints_m[lifter.body.bone("spine01")]
    with Renderer(Scene(lifter, Outfit(shirt=RED), camera)) as renderer:
        frame = renderer.draw(posture)
    assert frame.shape == (320, 240, 3)
    x, y = camera.project(chest_m[None])[0].round().astype(int)
    red, green, blue = frame[y - 2 : y + 3, x - 2 : x + 3].reshape(-1, 3).mean(axis=0)
    assert red > 3 * max(green, blue)
