"""Cameras: pictures on their own clock, and a clear word where there are none.

A video file stands in for a camera: OpenCV opens and reads both through the same calls.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hingecheck.clip import ClipReader
from hingecheck.clip.camera import DEVICES, Camera, is_camera
from hingecheck.errors import ClipError

CLIP = Path(__file__).resolve().parents[1] / "data" / "oblique.mp4"

no_camera = pytest.mark.skipif(any(DEVICES.glob("video*")), reason="this machine has a camera")


def test_pictures_are_the_clips_at_their_real_times() -> None:
    with Camera(str(CLIP)) as camera, ClipReader(CLIP) as reader:
        assert (camera.width_px, camera.height_px) == (reader.info.width_px, reader.info.height_px)
        assert camera.fps == pytest.approx(reader.info.mean_fps)
        pairs = list(zip(camera, reader, strict=True))
    for seen, true in pairs:
        assert seen.index == true.index
        assert seen.time_s == pytest.approx(true.time_s, abs=0.002)
    seen, true = pairs[10]
    # Two decoders differ in rounding; red and blue exchanged would differ by far more.
    assert np.abs(seen.rgb.astype(int) - true.rgb).mean() < 3
    assert seen.rgb.flags.writeable


def test_variable_frame_rate_keeps_its_real_times(tmp_path: Path) -> None:
    import variants

    stamps = [0.0, 0.05, 0.2, 0.25, 0.5, 0.6]
    film = ((time_s, np.full((64, 64, 3), 90, np.uint8)) for time_s in stamps)
    clip = variants.store(tmp_path / "variable.mp4", film)
    with Camera(str(clip)) as camera:
        assert [frame.time_s for frame in camera] == pytest.approx(stamps, abs=0.002)


def test_clock_starts_anew_with_every_loop_and_the_pictures_go_on() -> None:
    with Camera(str(CLIP)) as camera:
        first = next(iter(camera))
        second = next(iter(camera))
    assert (first.time_s, second.time_s) == (0.0, 0.0)
    assert (first.rgb != second.rgb).any()


def test_camera_that_gives_no_picture_says_so() -> None:
    with Camera(str(CLIP)) as camera:
        for _ in camera:
            pass
        with pytest.raises(ClipError, match="no picture came from it"):
            next(iter(camera))


@no_camera
@pytest.mark.parametrize("source", [0, "0", "/dev/video3"])
def test_missing_camera_is_one_line_with_what_to_do(source: int | str) -> None:
    with pytest.raises(ClipError) as error, Camera(source):
        pass
    assert str(error.value) == (
        f"camera {source}: no camera is connected. Plug one in, or give a video file instead."
    )


def test_device_that_is_no_camera_says_what_to_try(tmp_path: Path) -> None:
    busy = tmp_path / "video0"
    busy.write_bytes(b"")
    with (
        pytest.raises(ClipError, match="cannot be opened"),
        Camera(str(busy)),
    ):
        pass
    with pytest.raises(ClipError, match="no such camera"), Camera(str(tmp_path / "video7")):
        pass


def test_reading_before_opening_is_a_mistake_in_the_program() -> None:
    with pytest.raises(ValueError, match="open the camera"):
        next(iter(Camera(0)))


def test_numbers_and_devices_are_cameras_and_files_are_not(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert is_camera("0")
    assert is_camera("/dev/video9")
    assert is_camera("/dev/null")
    assert not is_camera(str(CLIP))
    assert not is_camera("squat.mp4")
    (tmp_path / "7").touch()
    assert not is_camera("7")
