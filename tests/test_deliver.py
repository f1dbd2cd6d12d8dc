"""What a check leaves behind holds the pictures that were asked for, and says which."""

from __future__ import annotations

import base64
import re
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
import scenes
import variants
from numpy.typing import NDArray

from hingecheck.clip import ClipInfo, probe
from hingecheck.deliver import write_check
from hingecheck.form.records import Analysis
from hingecheck.overlay.film import THUMB_PX, Pictures
from hingecheck.pipeline import analyse, estimator_for
from hingecheck.pose.landmarker import Landmarker
from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.models import PoseModel, find_bundle
from hingecheck.report.schema import Result

SECRETS = (b"52.5200", b"Ana", b"Apple", b"iPhone", b"2024")
"""What the tagged clip's file says about who filmed it, where, when and with what."""

Checked = tuple[ClipInfo, Analysis]
Picture = NDArray[np.uint8]


@pytest.fixture(scope="module")
def company(one_rep: Path, tmp_path_factory: pytest.TempPathFactory) -> Checked:
    """One repetition with a bystander, analysed."""
    clip = tmp_path_factory.mktemp("company") / "company.mp4"
    squat = one_rep_source().with_name("squat_butt_wink.mp4")
    info = probe(variants.store(clip, scenes.stands_beside(one_rep, squat)))
    return info, analyse(info, find_bundle(PoseModel.LITE))


@pytest.fixture(scope="module")
def blurred(company: Checked, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("blurred")
    write(company, folder, Pictures(thumbnail=True, blur_faces=True))
    return folder


@pytest.fixture(scope="module")
def plain(company: Checked, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plain")
    write(company, folder, Pictures(thumbnail=True))
    return folder


def one_rep_source() -> Path:
    return Path(__file__).parents[1] / "sample_videos" / "rdl_butt_wink.mp4"


def write(checked: Checked, folder: Path, pictures: Pictures) -> Result:
    info, analysis = checked
    return write_check(
        info,
        analysis,
        folder,
        bundle=find_bundle(PoseModel.LITE),
        settings={"lift": None},
        estimator=estimator_for(None),
        pictures=pictures,
    )


def stills(folder: Path) -> list[Picture]:
    page = (folder / "report.html").read_text(encoding="utf-8")
    found = re.findall(r"data:image/jpeg;base64,([A-Za-z0-9+/=]+)", page)
    return [decoded(base64.b64decode(jpeg)) for jpeg in found]


def decoded(jpeg: bytes) -> Picture:
    bgr = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert bgr is not None
    return np.asarray(bgr[..., ::-1], np.uint8)


def detail(rgb: Picture, xy_px: NDArray[np.floating], radius_px: float) -> float:
    """How much a head's neighbouring pixels differ."""
    (x, y), reach = np.asarray(xy_px).astype(int), round(radius_px)
    grey = cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2GRAY)
    crop = grey[max(y - reach, 0) : y + reach, max(x - reach, 0) : x + reach]
    return float(np.abs(cv2.Laplacian(crop, cv2.CV_32F)).mean())


def heads(rgb: Picture) -> list[tuple[NDArray[np.floating], float]]:
    """Middle and radius of every face that is plain to see, in a picture's left and right half."""
    found = []
    with Landmarker(find_bundle(PoseModel.LITE), people=2, video=False) as landmarker:
        for pose in landmarker.detect(np.ascontiguousarray(rgb), 0.0):
            face = pose.landmarks_px[: Landmark.MOUTH_RIGHT + 1]
            found.append((face.mean(axis=0), 1.2 * float(np.ptp(face, axis=0).max()) / 2))
    return found


def assert_heads_are_gone(hidden: Picture, shown: Picture, least: int) -> None:
    """The plain picture's heads hold no detail in the other."""
    assert hidden.shape == shown.shape
    faces = heads(shown)
    assert len(faces) >= least
    for middle, radius in faces:
        assert detail(shown, middle, radius) > 3
        assert detail(hidden, middle, radius) < detail(shown, middle, radius) / 3


def test_film_shows_no_head_of_lifter_or_bystander(blurred: Path, plain: Path) -> None:
    hidden = [rgb for _, rgb in variants.pictures(blurred / "overlay.mp4")]
    shown = [rgb for _, rgb in variants.pictures(plain / "overlay.mp4")]
    assert len(hidden) == len(shown)
    for frame, least in ((5, 2), (60, 1), (105, 2)):
        assert_heads_are_gone(hidden[frame], shown[frame], least)


def test_stills_and_thumbnail_show_no_head(blurred: Path, plain: Path) -> None:
    pairs = list(zip(stills(blurred), stills(plain), strict=True))
    assert len(pairs) >= 2
    thumbs = [decoded((folder / "thumb.jpg").read_bytes()) for folder in (blurred, plain)]
    for hidden, shown in [*pairs, (thumbs[0], thumbs[1])]:
        assert_heads_are_gone(hidden, shown, least=1)


def test_blurring_changes_no_number(blurred: Path, plain: Path) -> None:
    frames = [(folder / "frames.csv").read_bytes() for folder in (blurred, plain)]
    assert frames[0] == frames[1]


def test_thumbnail_is_small_and_shows_the_worst_rep(plain: Path) -> None:
    thumb = decoded((plain / "thumb.jpg").read_bytes())
    assert max(thumb.shape) == THUMB_PX
    like = [
        float(np.abs(cv2.resize(still, thumb.shape[1::-1]).astype(int) - thumb).mean())
        for still in stills(plain)
    ]
    assert min(like) < 6
    assert max(like) > 2 * min(like)


def test_numbers_only_leave_no_picture(company: Checked, tmp_path: Path) -> None:
    write(company, tmp_path, Pictures(overlay=False, stills=False))
    assert not stills(tmp_path)
    assert {path.suffix for path in tmp_path.iterdir()} <= {
        *(".json", ".csv", ".parquet", ".npz", ".html")
    }
    assert "Rep 1" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_record_says_which_pictures_were_made(blurred: Path) -> None:
    result = Result.model_validate_json((blurred / "result.json").read_bytes())
    assert result.provenance.settings == {
        **{"lift": None, "overlay": True, "stills": True, "thumbnail": True},
        **{"sound": True, "blur_faces": True},
    }


def test_film_says_nothing_of_where_when_and_with_what(company: Checked, tmp_path: Path) -> None:
    _, analysis = company
    info = probe(tagged(company[0].path, tmp_path / "tagged.mov"))
    assert all(secret in info.path.read_bytes() for secret in SECRETS)
    for sound in (True, False):
        folder = tmp_path / f"sound-{sound}"
        folder.mkdir()
        write((info, analysis), folder, Pictures(stills=False, sound=sound))
        film = (folder / "overlay.mp4").read_bytes()
        assert not [secret for secret in SECRETS if secret in film]
        with av.open(str(folder / "overlay.mp4")) as container:
            assert bool(container.streams.audio) == sound
            kept = {*container.metadata, *(key for s in container.streams for key in s.metadata)}
            assert kept <= {
                *("major_brand", "minor_version", "compatible_brands", "encoder"),
                *("language", "handler_name", "vendor_id"),
            }


def tagged(clip: Path, path: Path) -> Path:
    """The clip with a sound track and with everything that a phone notes in its files."""
    when = "2024-05-06T07:08:09.000000Z"
    place = "+52.5200+013.4050+034.000/"
    with av.open(str(path), "w", options={"movflags": "use_metadata_tags"}) as out:
        out.metadata.update(
            {
                **{"location": place, "creation_time": when, "artist": "Ana"},
                "com.apple.quicktime.location.ISO6709": place,
                **{"com.apple.quicktime.make": "Apple", "com.apple.quicktime.model": "iPhone 15"},
            }
        )
        with av.open(str(clip)) as source:
            video = out.add_stream_from_template(source.streams.video[0])
            sound = out.add_stream("aac", rate=48_000)
            for stream in (video, sound):
                stream.metadata.update({"creation_time": when, "handler_name": "Ana"})
            for packet in source.demux(video=0):
                if packet.dts is not None:
                    packet.stream = video
                    out.mux(packet)
        hum = np.sin(np.arange(1024) / 20).astype(np.float32)[None]
        for number in range(120):
            frame = av.AudioFrame.from_ndarray(hum, "fltp", "mono")
            frame.sample_rate, frame.pts, frame.time_base = (
                48_000,
                number * 1024,
                Fraction(1, 48_000),
            )
            out.mux(sound.encode(frame))
        out.mux(sound.encode(None))
    return path
