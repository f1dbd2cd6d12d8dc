"""Looks before a set, at files and through what OpenCV takes for a camera."""

from __future__ import annotations

from math import ceil
from pathlib import Path

import pytest

from hingecheck.clip import probe
from hingecheck.clip.camera import Camera
from hingecheck.errors import ClipError
from hingecheck.form.records import Check, State
from hingecheck.form.setup import verdict
from hingecheck.pose.models import ModelBundle, PoseModel, find_bundle
from hingecheck.preview import CAMERA_S, preview_camera, preview_clip

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="module")
def bundle() -> ModelBundle:
    return find_bundle(PoseModel.LITE)


def test_camera_and_clip_of_the_same_lifter_are_told_the_same(bundle, butt_wink_clip) -> None:
    clip = preview_clip(probe(butt_wink_clip), bundle)
    with Camera(str(butt_wink_clip)) as camera:
        live = preview_camera(camera, bundle)
    # The shirt needs relaxed standing, and of that the first look at this clip holds a moment only.
    told = {check.code: check.state for check in clip if check.code is not Check.CLOTHING}
    assert told == {check.code: check.state for check in live if check.code is not Check.CLOTHING}
    assert verdict(live) == (State.OK, "Ready to film.")
    by_code = {check.code: check.value for check in live}
    assert by_code[Check.FRAME_RATE] == pytest.approx(30, abs=0.1)


def test_looks_through_a_camera_follow_each_other_until_it_ends(bundle, butt_wink_clip) -> None:
    with Camera(str(butt_wink_clip)) as camera:
        length_s = probe(butt_wink_clip).duration_s
        for _ in range(ceil(length_s / CAMERA_S)):
            preview_camera(camera, bundle)
        with pytest.raises(ClipError, match="no picture came"):
            preview_camera(camera, bundle)


def test_clip_shorter_than_the_look_is_looked_at_whole(bundle) -> None:
    checks = preview_clip(probe(DATA / "behind_facing_left.mp4"), bundle)
    assert verdict(checks)[0] is State.BLOCKS
