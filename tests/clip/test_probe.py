"""What probe says about clips, good and bad."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import variants

from hingecheck.clip import probe
from hingecheck.errors import ClipError


def test_plain_clip_is_described_in_full(pattern_clip: Path) -> None:
    info = probe(pattern_clip)
    assert (info.width_px, info.height_px, info.rotation_deg) == (320, 192, 0)
    assert (info.frames, info.mean_fps, info.variable_frame_rate) == (60, 30.0, False)
    assert info.duration_s == pytest.approx(2.0)
    assert (info.codec, info.pixel_format, info.bit_depth) == ("h264", "yuv420p", 8)
    assert (info.transfer, info.has_audio) == ("sdr", False)
    assert info.sha256 == hashlib.sha256(pattern_clip.read_bytes()).hexdigest()
    assert info.name == pattern_clip.name


@pytest.mark.parametrize("deg", [90, 180, 270])
def test_rotation_is_reported_and_size_is_upright(
    pattern_clip: Path, tmp_path: Path, deg: int
) -> None:
    info = probe(variants.rotated(pattern_clip, tmp_path / "turned.mp4", deg))
    assert info.rotation_deg == deg
    assert (info.width_px, info.height_px) == (320, 192)


def test_dropped_frames_make_the_rate_variable(pattern_clip: Path, tmp_path: Path) -> None:
    info = probe(variants.variable_rate(pattern_clip, tmp_path / "phone.mp4"))
    assert info.variable_frame_rate
    assert info.mean_fps == pytest.approx(info.frames / info.duration_s, rel=0.05)


@pytest.mark.parametrize(
    ("make", "transfer"),
    [(variants.ten_bit_hevc, "sdr"), (variants.hdr_hlg, "hlg"), (variants.hdr_pq, "pq")],
)
def test_ten_bit_clips_name_their_transfer(
    pattern_clip: Path, tmp_path: Path, make: Callable[[Path, Path], Path], transfer: str
) -> None:
    info = probe(make(pattern_clip, tmp_path / "ten.mp4"))
    assert (info.codec, info.bit_depth, info.transfer) == ("hevc", 10, transfer)


@pytest.mark.parametrize(("fps", "frames"), [(1, 2), (240, 473)])
def test_very_slow_and_very_fast_clips_are_clips(
    pattern_clip: Path, tmp_path: Path, fps: int, frames: int
) -> None:
    info = probe(variants.at_fps(pattern_clip, tmp_path / "rate.mp4", fps))
    assert (info.frames, info.mean_fps, info.variable_frame_rate) == (frames, fps, False)


def test_one_frame_is_a_clip_of_one_frame_interval(pattern_clip: Path, tmp_path: Path) -> None:
    info = probe(variants.one_frame(pattern_clip, tmp_path / "one.mp4"))
    assert info.frames == 1
    assert info.duration_s == pytest.approx(1 / 30, rel=0.01)
    assert info.mean_fps == pytest.approx(30, rel=0.01)


def test_wide_pixels_count_at_their_shown_width(pattern_clip: Path, tmp_path: Path) -> None:
    info = probe(variants.anamorphic(pattern_clip, tmp_path / "dv.mp4"))
    assert (info.width_px, info.height_px) == (320, 192)


def test_frames_cut_off_do_not_count_but_the_claim_is_kept(
    pattern_clip: Path, tmp_path: Path
) -> None:
    info = probe(variants.truncated(pattern_clip, tmp_path / "cut.mp4"))
    assert info.frames < 30
    assert info.duration_s == pytest.approx(info.frames / 30)
    assert info.declared_s == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (variants.text_as_mp4, "bad.mp4: not a video that can be read"),
        (variants.empty_file, "bad.mp4: the file is empty (0 bytes)"),
        (variants.index_missing, "bad.mp4: the file is cut off before its index"),
        (variants.audio_only, "bad.mp4: no video stream (found: aac audio)"),
        (variants.no_frame_decodes, "bad.mp4: no frame decodes (h264, 60 packets)"),
        (variants.zero_duration, "duration 0 s"),
    ],
)
def test_bad_files_end_in_one_clear_line(
    pattern_clip: Path, tmp_path: Path, make: Callable[[Path, Path], Path], says: str
) -> None:
    with pytest.raises(ClipError) as caught:
        probe(make(pattern_clip, tmp_path / "bad.mp4"))
    message = str(caught.value)
    assert says in message
    assert "\n" not in message
    assert message.endswith(".")
    assert caught.value.exit_code == 3


def test_missing_file_and_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(ClipError, match=r"none\.mp4: no such file"):
        probe(tmp_path / "none.mp4")
    with pytest.raises(ClipError, match=r"is a folder, expected one video file\. Name the clips"):
        probe(tmp_path)
    (tmp_path / "none.mp4").write_bytes(b"x")
    with pytest.raises(ClipError, match=r"none\.mp4/clip\.mp4"):
        probe(tmp_path / "none.mp4" / "clip.mp4")


def test_here_is_named_as_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ClipError) as caught:
        probe(".")
    assert str(caught.value) == (
        ".: is a folder, expected one video file. Name the clips in it, for instance '*.mp4'."
    )


@pytest.mark.skipif(os.name != "posix", reason="links as on Linux and macOS")
def test_link_to_nothing_says_where_it_leads(tmp_path: Path) -> None:
    (tmp_path / "squat.mp4").symlink_to("card/clip7.mp4")
    with pytest.raises(ClipError, match=r"squat\.mp4: is a link to card/clip7\.mp4, and no such"):
        probe(tmp_path / "squat.mp4")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://a.org/lift.mp4", "https://a.org/lift.mp4"),
        ("rtsp://ana:key@camera/1?token=2", "rtsp://***@camera/1?..."),
    ],
)
def test_web_address_is_told_from_a_path(address: str, shown: str) -> None:
    with pytest.raises(ClipError) as caught:
        probe(address)
    assert str(caught.value) == (
        f"{shown}: is a web address, expected a file on this machine."
        " Download the clip and name the file."
    )


def test_unreadable_file_says_permission_denied(pattern_clip: Path, tmp_path: Path) -> None:
    locked = variants.copy(pattern_clip, tmp_path / "locked.mp4")
    locked.chmod(0)
    if os.geteuid() != 0:
        with pytest.raises(ClipError, match="permission denied"):
            probe(locked)
        return
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(0o755)
    code = (
        "import os, sys; from hingecheck.clip import probe\n"
        "os.setuid(65534)\n"
        "try: probe(sys.argv[1])\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(locked)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout.startswith("ClipError locked.mp4: permission denied")


def test_photo_is_not_a_video(tmp_path: Path) -> None:
    cv2 = pytest.importorskip("cv2")
    photo = tmp_path / "photo.png"
    cv2.imwrite(str(photo), np.zeros((40, 40, 3), np.uint8))
    photo = photo.rename(tmp_path / "photo.mp4")
    with pytest.raises(ClipError, match=r"photo\.mp4: not a video \(found: png_pipe\)"):
        probe(photo)


def test_playlist_cannot_reach_other_files(pattern_clip: Path, tmp_path: Path) -> None:
    playlist = tmp_path / "list.mp4"
    playlist.write_text(
        "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nhttp://localhost:9/a.ts\n#EXT-X-ENDLIST\n"
    )
    with pytest.raises(ClipError, match=r"list\.mp4"):
        probe(playlist)


def test_odd_names_are_only_names(pattern_clip: Path, tmp_path: Path) -> None:
    odd = variants.copy(pattern_clip, tmp_path / "set 3: 100 % #1 ü.mp4")
    assert probe(odd).frames == 60
