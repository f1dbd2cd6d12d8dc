"""Cameras: pictures on their own clock, and a clear word where there are none.

A video file stands in for a camera: OpenCV opens and reads both through the same calls.
"""

from __future__ import annotations

import os
import socket
import time
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from network_cameras import FPS, NetworkCamera, RtspCamera, switched_on

from hingecheck.clip import ClipReader
from hingecheck.clip.camera import (
    DEVICES,
    Camera,
    Wanted,
    is_camera,
)
from hingecheck.clip.stream import OPEN_TIMEOUT_S, READ_TIMEOUT_S
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


@pytest.mark.parametrize(
    ("source", "camera"),
    [
        ("rtsp://192.168.1.20/live", True),
        ("rtsp://192.168.1.20/live.mp4", True),
        ("http://192.168.1.20:8080/video", True),
        ("https://ann:pw@camera.local/mjpg?size=720", True),
        ("https://a.org/lift.mp4", False),
        ("https://a.org/lift.MOV?from=3", False),
        ("ftp://a.org/video", False),
        ("http.mp4", False),
    ],
)
def test_addresses_are_cameras_unless_they_end_like_a_clip(source: str, camera: bool) -> None:
    assert is_camera(source) is camera


@pytest.mark.parametrize("kind", [NetworkCamera, RtspCamera])
def test_network_pictures_have_the_times_of_their_arrival(kind: type[NetworkCamera]) -> None:
    with switched_on(kind()) as there, Camera(there.address) as camera:
        assert (camera.width_px, camera.height_px) == (320, 240)
        assert np.isnan(camera.fps)
        frames, came_s = [], []
        for frame in islice(camera, 45):
            came_s.append(time.monotonic())
            frames.append(frame)
    time_s = np.array([frame.time_s for frame in frames])
    assert time_s[0] == 0
    assert (np.diff(time_s) > 0).all()
    # An MJPEG stream's own stamps say 25 a second, so they would soon be off by more.
    assert np.abs(time_s - np.subtract(came_s, came_s[0]))[-1] < 0.15
    # Probing an RTSP stream holds a second of it up, which would be here at once.
    assert time_s[-1] > 0.8 * 44 / FPS
    assert frames[3].rgb.shape == (240, 320, 3)
    shades = [frame.rgb.mean() for frame in frames]
    assert np.ptp(shades) > 100


@pytest.mark.parametrize("kind", [NetworkCamera, RtspCamera])
def test_pictures_of_a_phone_that_is_turned_keep_their_own_size(kind: type[NetworkCamera]) -> None:
    with switched_on(kind()) as there, Camera(there.address) as camera:
        frames = iter(camera)
        assert next(frames).rgb.shape == (240, 320, 3)
        assert camera.got.endswith(": 320x240")
        there.turn()
        turned = next(frame for frame in islice(frames, 60) if frame.rgb.shape != (240, 320, 3))
        assert turned.rgb.shape == (320, 240, 3)
        assert camera.got.endswith(": 240x320")
        following = next(frames)
    assert following.index == turned.index + 1
    assert 0 < following.time_s - turned.time_s < 0.5


def test_password_opens_the_camera_and_is_never_shown() -> None:
    with switched_on(NetworkCamera(login="ann:s3cret")) as there:
        with Camera(there.address) as camera:
            assert next(iter(camera)).index == 0
        host = there.address.rpartition("@")[2]
        assert camera.name == f"http://***@{host}"
        assert camera.got == f"camera http://***@{host}: 320x240"
        with (
            pytest.raises(ClipError, match="user and password") as error,
            Camera(there.address.replace("s3cret", "gu3ss")),
        ):
            pass
    assert "gu3ss" not in str(error.value)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("rtsp://ann:s3cret@cam/1", "rtsp://***@cam/1"),
        ("rtsp://ann:s3/c@r#e?t@cam:554/1", "rtsp://***@cam:554/1"),
        ("http://cam/video.cgi?user=ann&pwd=s3cret", "http://cam/video.cgi?..."),
        ("http://cam/video#s3cret", "http://cam/video?..."),
        ("http://cam:8080/video", "http://cam:8080/video"),
        ("/dev/video0", "/dev/video0"),
    ],
)
def test_what_may_be_secret_in_an_address_is_left_out(address: str, shown: str) -> None:
    assert Camera(address).name == shown


@pytest.mark.parametrize("scheme", ["http", "rtsp"])
def test_nobody_at_the_address_is_told_at_once_with_what_to_do(scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as there:
        port = there.getsockname()[1]
    with pytest.raises(ClipError) as error, Camera(f"{scheme}://u:p@127.0.0.1:{port}/v"):
        pass
    assert str(error.value) == (
        f"camera {scheme}://***@127.0.0.1:{port}/v: nothing answers at 127.0.0.1, port {port}."
        " Start the camera's app and check the port."
    )


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://no..where/video", "no machine called no..where is known here"),
        ("rtsp://ann:s3/cret@cam/1", "Write a / or # in its password"),
        ("rtsp:///live", "this address cannot be read"),
    ],
)
def test_address_that_leads_nowhere_says_why(address: str, words: str) -> None:
    with pytest.raises(ClipError) as error, Camera(address):
        pass
    assert words in str(error.value)
    assert "cret" not in str(error.value)


@pytest.mark.parametrize("scheme", ["http", "rtsp"])
def test_silent_address_is_given_up_in_time(scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        began_s = time.monotonic()
        address = f"{scheme}://127.0.0.1:{mute.getsockname()[1]}/video"
        with pytest.raises(ClipError, match="answers, but without video"), Camera(address):
            pass
    assert time.monotonic() - began_s < OPEN_TIMEOUT_S + 1


def test_network_camera_that_falls_silent_ends_in_time() -> None:
    with switched_on(NetworkCamera()) as there, Camera(there.address) as camera:
        frames = iter(camera)
        for _ in range(10):
            next(frames)
        there.freeze()
        began_s = time.monotonic()
        assert len(list(frames)) < 5
        assert time.monotonic() - began_s < READ_TIMEOUT_S + 1


@pytest.mark.parametrize("excepted", [None, "intranet"])
def test_proxy_is_passed_by_on_the_way_to_a_camera(excepted: str | None, monkeypatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    if excepted is not None:
        monkeypatch.setenv("no_proxy", excepted)
    with switched_on(NetworkCamera()) as there, Camera(there.address) as camera:
        assert next(iter(camera)).index == 0
    assert os.environ.get("no_proxy") == excepted


def test_says_what_it_got_beside_what_was_asked_for() -> None:
    clip = str(CLIP)
    with Camera(clip, Wanted(1280, 720, 30)) as camera, ClipReader(clip) as reader:
        size = f"{reader.info.width_px}x{reader.info.height_px}"
        rate = f"{reader.info.mean_fps:.3g} pictures a second"
        assert camera.got == f"camera {clip}: {size}, {rate} (asked for 1280x720 at 30)"
    same = Wanted(reader.info.width_px, reader.info.height_px, reader.info.mean_fps)
    with Camera(clip, same) as camera:
        assert camera.got == f"camera {clip}: {size}, {rate}"


def test_camera_can_be_opened_again() -> None:
    camera = Camera(str(CLIP))
    for _ in range(2):
        with camera:
            assert len(list(camera)) > 10
