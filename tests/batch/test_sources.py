"""Clips are found wherever they lie, each once, and nothing else is."""

from __future__ import annotations

import contextlib
import functools
import http.server
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest
from batch.uploads import LITE, Listener, told_apart

from hingecheck.batch.batch import check_all
from hingecheck.batch.crew import LocalCrew
from hingecheck.batch.sources import Source, find_sources
from hingecheck.errors import UsageError


def names(found: tuple[Source, ...]) -> list[str]:
    return [Path(source.address).name for source in found]


def touch(path: Path, content: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_folder_is_searched_to_the_bottom_for_videos(tmp_path: Path) -> None:
    for name in ("b.MOV", "deep/er/a.mp4", "c.webm", "notes.txt", ".hidden.mp4", ".trash/d.mp4"):
        touch(tmp_path / name)
    found = find_sources([str(tmp_path)], tmp_path / "out")
    assert names(found.sources) == ["b.MOV", "c.webm", "a.mp4"]
    assert found.passed_over == 1


def test_our_own_films_and_the_output_are_left_out(tmp_path: Path) -> None:
    for name in ("set.hingecheck/result.json", "set.hingecheck/overlay.mp4", "out/clips/x/a.mp4"):
        touch(tmp_path / name)
    touch(tmp_path / "overlay.mp4")
    found = find_sources([str(tmp_path)], tmp_path / "out")
    assert names(found.sources) == ["overlay.mp4"]


def test_clip_named_in_two_ways_is_found_once(tmp_path: Path, monkeypatch) -> None:
    clip = touch(tmp_path / "squat [2].mp4")
    monkeypatch.chdir(tmp_path)
    inputs = [".", "squat [2].mp4", str(clip), "*.mp4"]
    assert [s.address for s in find_sources(inputs, tmp_path / "out").sources] == [str(clip)]


def test_pattern_without_match_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no file matches"):
        find_sources([str(tmp_path / "*.mp4")], tmp_path / "out")


def test_missing_file_is_a_clip_that_will_fail(tmp_path: Path) -> None:
    (source,) = find_sources([str(tmp_path / "gone.mp4")], tmp_path / "out").sources
    assert source.size_bytes is None


def test_stamp_changes_with_the_file(tmp_path: Path) -> None:
    clip = touch(tmp_path / "a.mp4")
    (before,) = find_sources([str(clip)], tmp_path / "out").sources
    os.utime(clip, ns=(1, 1))
    (after,) = find_sources([str(clip)], tmp_path / "out").sources
    assert before.stamp != after.stamp


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("rtsp://camera/1", "is a camera, expected clips"),
        ("nowhere://bucket/x.mp4", "Protocol not known: nowhere"),
        ("memory://no/such/folder/*.mp4", "no file matches"),
        ("memory://no/such/clip.mp4", "nothing is there"),
        ("http://127.0.0.1:9/clip.mp4", "Check the address"),
    ],
)
def test_address_that_leads_nowhere_is_one_line(address: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        find_sources([address], tmp_path / "out")
    assert "\n" not in str(caught.value)


@pytest.fixture
def bucket(one_rep: Path) -> Iterator[str]:
    """A folder of fsspec's memory file system with two clips, a copy and a text."""
    fs = fsspec.filesystem("memory")
    content = one_rep.read_bytes()
    fs.pipe("/gym/a.mp4", content)
    fs.pipe("/gym/deep/copy of a.mp4", content)
    fs.pipe("/gym/b.mp4", b"no video")
    fs.pipe("/gym/notes.txt", b"notes")
    yield "memory://gym"
    fs.rm("/gym", recursive=True)


def test_clips_in_a_bucket_are_checked_once_and_known_afterwards(
    bucket: str, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    first = Listener()
    totals = check_all([bucket], out, LITE, lambda work: LocalCrew(2, work), first)
    assert (totals.inputs, totals.checked, totals.clips, totals.failed) == (3, 2, 1, 1)
    assert not (out / ".work").exists()
    ends = {Path(end.address).name: end for end in first.ends}
    assert {name: end.failure is None for name, end in ends.items()} == {
        "a.mp4": True,
        "copy of a.mp4": True,
        "b.mp4": False,
    }
    assert sorted(end.folder is not None for end in first.ends) == [False, False, True]

    second = Listener()
    fsspec.filesystem("memory").pipe("/gym/c.mp4", b"no video either")
    check_all([bucket], out, LITE, lambda work: LocalCrew(2, work), second)
    assert sorted(Path(end.address).name for end in second.ends) == ["b.mp4", "c.mp4"]


def test_clip_on_a_web_server_is_fetched(one_rep: Path, tmp_path: Path) -> None:
    told_apart(one_rep, tmp_path / "served.mp4", 7)
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/served.mp4?token=a"
    with contextlib.closing(server.socket):
        listener = Listener()
        check_all([address], tmp_path / "out", LITE, lambda work: LocalCrew(1, work), listener)
        server.shutdown()
    (end,) = listener.ends
    assert end.failure is None, end.message
    assert end.reps == 1
