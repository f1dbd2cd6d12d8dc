"""`hingecheck setup`: what people read before they film, and the exit codes scripts read."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import variants
from network_cameras import NetworkCamera, switched_on

DATA = Path(__file__).resolve().parents[1] / "data"


def told(done) -> dict[str, dict[str, object]]:
    return {check["code"]: check for check in json.loads(done.stdout)["checks"]}


def test_good_clip_is_ready_and_every_check_has_its_line(hingecheck, butt_wink_clip) -> None:
    done = hingecheck("setup", butt_wink_clip)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "Ready to film."
    assert len(lines) == 10
    assert all(line.startswith("= ") for line in lines[1:])


@pytest.mark.parametrize(
    ("clip", "way"),
    [
        ("oblique.mp4", "towards your back (to your right as you face it)"),
        ("front_facing_left.mp4", "towards your back (to your left as you face it)"),
        ("behind_facing_right.mp4", "towards your front (to your left as you face it)"),
        ("behind_facing_left.mp4", "towards your front (to your right as you face it)"),
    ],
)
def test_camera_at_an_angle_is_sent_the_right_way_and_blocks(hingecheck, clip, way) -> None:
    done = hingecheck("setup", DATA / clip, "--json")
    assert done.returncode == 4
    assert json.loads(done.stdout)["state"] == "blocks"
    side = told(done)["side_on"]
    assert side["state"] == "blocks"
    assert way in side["sentence"]
    assert abs(side["value"]) == pytest.approx(38, abs=12)


def test_lifter_who_stands_still_is_told_nothing_about_reps(hingecheck, one_rep, tmp_path) -> None:
    shot = next(variants.pictures(one_rep))[1]
    clip = variants.store(tmp_path / "still.mp4", ((n / 30, shot) for n in range(30)))
    done = hingecheck("setup", clip)
    assert done.returncode == 0
    assert "hinge" not in done.stdout


def test_empty_room_blocks_and_says_nobody_was_found(hingecheck, tmp_path) -> None:
    wall = np.full((240, 320, 3), 150, np.uint8)
    clip = variants.store(tmp_path / "empty.mp4", ((n / 30, wall) for n in range(15)))
    done = hingecheck("setup", clip)
    assert done.returncode == 4
    assert done.stdout.startswith("Not yet: one thing to change before filming.\n")
    assert "Nobody was found in the picture." in done.stdout


def test_phone_in_the_same_network_is_a_camera_and_its_password_stays_secret(hingecheck) -> None:
    with switched_on(NetworkCamera(login="ann:s3cret")) as there:
        done = hingecheck("setup", there.address, "--once", "--json")
    assert (done.returncode, done.stderr) == (4, "")
    assert json.loads(done.stdout)["source"] == there.address.replace("ann:s3cret", "***")
    assert "Nobody was found" in told(done)["whole_body"]["sentence"]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("missing.mp4", "missing.mp4: no such file"),
        ("/dev/video41", "camera /dev/video41: "),
        ("41", "camera 41: "),
        ("http://ann:pw@127.0.0.1:9/video", "camera http://***@127.0.0.1:9/video: nothing answers"),
        ("https://a.org/lift.mp4", "https://a.org/lift.mp4: is a web address"),
    ],
)
def test_unreadable_source_is_one_line_and_exit_code_3(hingecheck, source, words) -> None:
    done = hingecheck("setup", source)
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.startswith(f"hingecheck: {words}")
    assert done.stderr.count("\n") == 1
