"""Clips are found wherever they lie, each once, and nothing else is."""

from __future__ import annotations

import contextlib
import functools
import http.server
import os
import re
import socket
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from batch.uploads import LITE, Listener, told_apart
from fsspec.implementations.local import LocalFileSystem
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer
from rights import nobody, open_to_all

import hingecheck.batch.run
from hingecheck.batch.addresses import name_of, without_secrets
from hingecheck.batch.batch import check_all
from hingecheck.batch.crew import LocalCrew
from hingecheck.batch.fetch import CannotFetch, bring, renamed
from hingecheck.batch.find import find_sources
from hingecheck.batch.sources import Source
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


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    """A folder with a link to a folder elsewhere, one to a folder of its own, and two loops."""
    gym = touch(tmp_path / "gym" / "deep" / "a.mp4").parents[1]
    touch(tmp_path / "elsewhere" / "b.mp4")
    (tmp_path / "elsewhere" / "back").symlink_to(gym)
    (gym / "again").symlink_to(gym / "deep")
    (gym / "link").symlink_to(tmp_path / "elsewhere")
    (gym / "loop").symlink_to(gym)
    return gym


def test_linked_folders_are_searched_once_and_loops_end(linked: Path, tmp_path: Path) -> None:
    found = find_sources([str(linked)], tmp_path / "out")
    clips = [linked / "deep" / "a.mp4", linked / "link" / "b.mp4"]
    assert [source.address for source in found.sources] == [str(clip) for clip in clips]


def test_real_folder_is_known_by_one_name_whatever_leads_to_it(
    linked: Path, tmp_path: Path
) -> None:
    inputs = [str(linked), str(linked / "again"), f"{linked}/*", f"{linked}/*/*.mp4"]
    assert names(find_sources(inputs, tmp_path / "out").sources) == ["a.mp4", "b.mp4"]


def test_file_that_is_called_like_an_address_is_that_file(tmp_path: Path, monkeypatch: Any) -> None:
    if os.name == "nt":
        pytest.skip("no file may be called so")
    clips = [touch(tmp_path / "memory:" / "a.mp4"), touch(tmp_path / "take::1.mp4")]
    monkeypatch.chdir(tmp_path)
    found = find_sources(["take::1.mp4", "memory://a.mp4"], tmp_path / "out")
    assert [source.address for source in found.sources] == [str(clip) for clip in clips]
    for source, clip in zip(found.sources, clips, strict=True):
        assert bring(source, tmp_path / "work", 1.0) == clip


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


class TellsOfAccess(LocalFileSystem):
    """Files as sftp, smb and webhdfs list them: also by whom and when they were last read."""

    protocol = "gym"

    def info(self, path: Any, **kwargs: Any) -> dict[str, Any]:
        told = super().info(path, **kwargs)
        read = Path(told["name"]).stat().st_atime_ns
        kept = {key: told[key] for key in ("name", "size", "type", "uid", "gid", "mtime")}
        return {**kept, "time": read, "accessTime": read, "last_accessed_on": read}


def test_stamp_of_a_remote_clip_changes_with_its_content_and_not_with_who_reads_it(
    tmp_path: Path,
) -> None:
    fsspec.register_implementation("gym", TellsOfAccess, clobber=True)
    clip = touch(tmp_path / "gym" / "a.mp4")

    def stamp(read_s: int, changed_s: int) -> str:
        os.utime(clip, (read_s, changed_s))
        (source,) = find_sources([f"gym://{clip.parent}"], tmp_path / "out").sources
        return source.stamp

    before = stamp(1, 1)
    assert stamp(2, 1) == before, "it was read"
    assert stamp(2, 2) != before, "it was written"
    clip.write_bytes(b"xy")
    assert stamp(1, 1) != before, "it has grown"


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("rtsp://camera/1", "is a camera, expected clips"),
        ("nowhere://bucket/x.mp4", "Protocol not known: nowhere"),
        ("memory://no/such/folder/*.mp4", "no file matches"),
        ("memory://no/such/folder", "folder: nothing is there. Check the address"),
        ("http://127.0.0.1:9/gym/", "cannot be reached (connection refused)"),
        ("http://127.0.0.1:9/*.mp4", "cannot be reached (connection refused)"),
        ("ftp://127.0.0.1:9/gym", "cannot be reached (connection refused)"),
    ],
)
def test_address_that_leads_nowhere_is_one_line(address: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=re.escape(says)) as caught:
        find_sources([address], tmp_path / "out")
    assert "\n" not in str(caught.value)


REFUSED = "cannot be fetched (connection refused)"


@pytest.mark.parametrize(
    ("address", "known", "says"),
    [
        ("memory://no/clip.mp4", "memory:///no/clip.mp4", "nothing is there. Check the address"),
        ("http://127.0.0.1:9/a.mp4?sig={0}", "http://127.0.0.1:9/a.mp4", REFUSED),
        ("http://ana:{0}@127.0.0.1:9/get?id=5", "http://127.0.0.1:9/get", REFUSED),
        ("ftp://ana:{0}@127.0.0.1:9/a.mp4", "ftp://127.0.0.1:9/a.mp4", REFUSED),
        (
            "zip://a.mp4::http://ana:{0}@127.0.0.1:9/x.zip?sig={0}",
            "zip://a.mp4::http://127.0.0.1:9/x.zip",
            REFUSED,
        ),
        ("zip://a.mp4::/gone/x.zip", "zip://a.mp4::/gone/x.zip", "nothing is there"),
    ],
)
def test_remote_clip_that_is_gone_or_out_of_reach_fails_by_itself(
    address: str, known: str, says: str, tmp_path: Path
) -> None:
    (source,) = find_sources([address.format(SECRET)], tmp_path / "out").sources
    assert (source.address, source.size_bytes) == (known, None)
    with pytest.raises(CannotFetch, match=re.escape(says)) as caught:
        bring(source, tmp_path, 10.0)
    assert SECRET not in f"{source!r}{caught.value}"


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


@contextlib.contextmanager
def web_server(folder: Path) -> Iterator[int]:
    """A folder on a web server of this machine; gives its port."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    with served(handler) as port:
        yield port


@contextlib.contextmanager
def served(handler: Any) -> Iterator[int]:
    """A web server of this machine that answers as told; gives its port."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with contextlib.closing(server.socket):
        yield server.server_port
        server.shutdown()


@pytest.fixture
def ftp(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """A folder on an FTP server of this machine that only ana may read, and its port."""
    folder = tmp_path / "ftp"
    folder.mkdir()

    class Handler(FTPHandler):
        authorizer = DummyAuthorizer()

    Handler.authorizer.add_user("ana", SECRET, str(folder))
    server = FTPServer(("127.0.0.1", 0), Handler)
    stopped = threading.Event()

    def serve() -> None:
        while not stopped.is_set():
            server.serve_forever(timeout=0.05, blocking=False)
        server.close_all()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield folder, server.socket.getsockname()[1]
    stopped.set()
    thread.join()


SECRET = "tell-n0body"


def test_clips_of_a_web_and_an_ftp_server_are_fetched_and_their_secrets_kept(
    ftp: tuple[Path, int], one_rep: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder, port = ftp
    told_apart(one_rep, touch(folder / "deep" / "a.mp4"), 7)
    touch(folder / "deep" / "what?.mp4", b"no video")
    touch(tmp_path / "web" / "b.mp4", b"no video either")
    listener = Listener()
    with web_server(tmp_path / "web") as web:
        inputs = [
            f"ftp://ana:{SECRET}@127.0.0.1:{port}/",
            f"http://ana:{SECRET}@127.0.0.1:{web}/b.mp4?X-Amz-Signature={SECRET}",
            f"http://127.0.0.1:{web}/b.mp4?token=another",
        ]
        check_all(inputs, tmp_path / "out", LITE, lambda work: LocalCrew(1, work), listener)
    ends = {end.address: end for end in listener.ends}
    assert set(ends) == {
        f"ftp://127.0.0.1:{port}/deep/a.mp4",
        f"ftp://127.0.0.1:{port}/deep/what?.mp4",
        f"http://127.0.0.1:{web}/b.mp4",
    }
    good = ends[f"ftp://127.0.0.1:{port}/deep/a.mp4"]
    assert good.failure is None, good.message
    assert good.reps == 1
    bad = {end.failure for end in listener.ends if end is not good}
    assert bad == {"unreadable"}, "they were fetched, and are no videos"
    written = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert len(written) > 5
    for path in written:
        assert SECRET.encode() not in path.read_bytes(), path
        assert SECRET not in str(path)
    printed = capfd.readouterr()
    told = f"{printed.out}{printed.err}{listener.ends}"
    assert SECRET not in "\n".join(
        line for line in told.splitlines() if "GET /" not in line and "HEAD /" not in line
    ), "the test's own web server aside"


@pytest.mark.parametrize(
    "address",
    [
        "ftp://ana:{0}@127.0.0.1:9/gym",
        "http://ana:{0}@127.0.0.1:9/gym/?sig={0}",
        "http://127.0.0.1:9/*.mp4?sig={0}",
        "rtsp://ana:{0}@camera/1",
        "nowhere://ana:{0}@host/x.mp4?sig={0}",
        "memory://gym/x?sig={0}",
        "ftp://ana:pa/{0}@127.0.0.1:9/gym",
        "ftp://ana:{0}#x@127.0.0.1:9/gym",
        "http://ana:{0}::x@127.0.0.1:9/gym",
        "zip://::http://ana:{0}@127.0.0.1:9/x.zip?sig={0}",
    ],
)
def test_messages_hold_no_secret(address: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        find_sources([address.format(SECRET)], tmp_path)
    assert SECRET not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_wrong_password_is_not_repeated(ftp: tuple[Path, int], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^ftp://127\.0\.0\.1:\d+/: cannot be reached") as caught:
        find_sources([f"ftp://ana:gu3ss@127.0.0.1:{ftp[1]}/"], tmp_path)
    assert "gu3ss" not in str(caught.value)


def test_clip_is_known_by_the_same_address_before_it_is_there(
    ftp: tuple[Path, int], tmp_path: Path
) -> None:
    address = f"ftp://ana:{SECRET}@127.0.0.1:{ftp[1]}/a.mp4"
    (before,) = find_sources([address], tmp_path / "out").sources
    touch(ftp[0] / "a.mp4")
    fsspec.get_filesystem_class("ftp").clear_instance_cache()
    (after,) = find_sources([address], tmp_path / "out").sources
    assert before.address == after.address
    assert (before.size_bytes, after.size_bytes) == (None, 1)


def test_clip_out_of_reach_when_it_was_looked_for_is_fetched_when_it_is_back(
    tmp_path: Path,
) -> None:
    (source,) = find_sources([f"zip://a.mp4::{tmp_path}/x.zip"], tmp_path / "out").sources
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a.mp4", b"x")
    (tmp_path / "work").mkdir()
    assert bring(source, tmp_path / "work", 10.0).read_bytes() == b"x"


class Shut(http.server.BaseHTTPRequestHandler):
    """Lets nobody in."""

    def do_HEAD(self) -> None:
        self.send_error(403)

    def do_GET(self) -> None:
        self.send_error(403)


def test_web_server_that_lets_nobody_in_is_named_at_once(tmp_path: Path) -> None:
    with served(Shut) as port, pytest.raises(UsageError, match=r"permission denied.*credentials"):
        find_sources([f"http://127.0.0.1:{port}/a.mp4"], tmp_path / "out")


def test_clip_that_is_not_there_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hingecheck.batch.run, "BACK_OFF_S", (0.05, 0.05))
    touch(tmp_path / "web" / "b.mp4", b"no video")
    listener = Listener()
    with web_server(tmp_path / "web") as port:
        base = f"http://127.0.0.1:{port}"
        inputs = [f"{base}/none.mp4", f"{base}/b.mp4", "http://127.0.0.1:9/c.mp4"]
        totals = check_all(inputs, tmp_path / "out", LITE, lambda w: LocalCrew(2, w), listener)
    assert (totals.inputs, totals.failed) == (3, 3)
    assert {Path(end.address).name: end.failure for end in listener.ends} == {
        "none.mp4": "out_of_reach",
        "b.mp4": "unreadable",
        "c.mp4": "out_of_reach",
    }


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/gym/what?a=b.mp4", "/gym/what?a=b.mp4"),
        ("s3://bucket/ana@gym/what?.mp4", "s3://bucket/ana@gym/what?.mp4"),
        ("s3://bucket/a.mp4?versionId=7", "s3://bucket/a.mp4"),
        ("smb://club;ana:pw@host/share/a.mp4", "smb://host/share/a.mp4"),
        ("abfs://box@ana.dfs.core.windows.net/a.mp4", "abfs://box@ana.dfs.core.windows.net/a.mp4"),
        ("zip://a.mp4::https://u:p@host/z.zip?s=1#x", "zip://a.mp4::https://host/z.zip"),
    ],
)
def test_of_an_address_only_the_way_in_is_left_out(address: str, shown: str) -> None:
    assert without_secrets(address) == shown


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/gym/what? really.mp4", "what? really.mp4"),
        ("zip://deep/a.mp4::/gym/z.zip", "a.mp4"),
        ("simplecache::s3://bucket/b.mp4", "b.mp4"),
        ("https://host/c.mp4", "c.mp4"),
    ],
)
def test_name_is_the_clips(address: str, name: str) -> None:
    assert name_of(address) == name


def test_zip_beside_us_is_known_by_its_whole_path(tmp_path: Path, monkeypatch: Any) -> None:
    with zipfile.ZipFile(tmp_path / "set.1.zip", "w") as archive:
        archive.writestr("deep/a.mp4", b"x")
        archive.writestr("deep/.b.mp4", b"x")
    monkeypatch.chdir(tmp_path)
    (source,) = find_sources(["zip://::set.1.zip"], tmp_path / "out").sources
    assert source.address == f"zip://deep/a.mp4::{tmp_path / 'set.1.zip'}"
    monkeypatch.chdir("/")
    (tmp_path / "work").mkdir()
    assert bring(source, tmp_path / "work", 10.0).read_bytes() == b"x"


@pytest.mark.parametrize("start", ["", "file://"])
@pytest.mark.parametrize("end", ["", "/**/*.mp4", "/*"])
def test_folder_rules_hold_for_paths_addresses_and_patterns(
    start: str, end: str, tmp_path: Path
) -> None:
    place = tmp_path / ".above" / "gym"
    for name in (
        *("sub/a.mp4", ".hidden/b.mp4", "sub/.c.mp4", "sub/overlay.mp4"),
        *("ours/result.json", "ours/overlay.mp4", "ours/live.mp4"),
        *("out/clips/x/d.mp4", "out/e.mp4"),
    ):
        touch(place / name)
    found = find_sources([f"{start}{place}{end}"], place / "out")
    assert names(found.sources) == ["a.mp4", "overlay.mp4"]


@pytest.mark.parametrize("start", ["", "file://"])
def test_what_is_called_like_a_pattern_is_found(start: str, tmp_path: Path) -> None:
    touch(tmp_path / "set[1]" / "a.mp4")
    touch(tmp_path / "b[2].mp4")
    inputs = [f"{start}{tmp_path}/set[1]", f"{start}{tmp_path}/b[2].mp4"]
    assert names(find_sources(inputs, tmp_path / "out").sources) == ["b[2].mp4", "a.mp4"]


def test_empty_input_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="an input is empty"):
        find_sources([""], tmp_path / "out")


def test_web_page_is_no_clip_and_its_clips_are_found_by_pattern(tmp_path: Path) -> None:
    touch(tmp_path / "gym" / "a.mp4")
    touch(tmp_path / "gym" / "b.txt")
    with web_server(tmp_path) as port:
        base = f"http://127.0.0.1:{port}/gym/"
        with pytest.raises(UsageError, match="is a web page, expected a clip"):
            find_sources([base], tmp_path / "out")
        assert names(find_sources([f"{base}*"], tmp_path / "out").sources) == ["a.mp4"]


@pytest.fixture
def shut(tmp_path: Path) -> Iterator[Path]:
    """A folder within another that cannot be read; both hold a clip."""
    if os.name == "nt":
        pytest.skip("folders are shut by other means")
    open_to_all(tmp_path)
    touch(tmp_path / "gym" / "a.mp4")
    folder = touch(tmp_path / "gym" / "shut" / "b.mp4").parent
    fsspec.filesystem("file")
    folder.chmod(0)
    yield folder
    folder.chmod(0o755)


@pytest.mark.parametrize(("start", "end"), [("", ""), ("", "/**/*.mp4"), ("file://", "")])
def test_folder_that_cannot_be_read_is_named(
    start: str, end: str, shut: Path, tmp_path: Path
) -> None:
    with nobody():
        found = find_sources([f"{start}{shut.parent}{end}"], tmp_path / "out")
    assert names(found.sources) == ["a.mp4"]
    assert found.unreadable == (f"{start}{shut}",)


def test_clip_in_a_folder_that_cannot_be_read_fails_by_itself(shut: Path, tmp_path: Path) -> None:
    with nobody():
        (source,) = find_sources([str(shut / "b.mp4")], tmp_path / "out").sources
        with pytest.raises(CannotFetch, match="permission denied") as caught:
            bring(source, tmp_path, 1.0)
    assert caught.value.lasting


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("gone.mp4", "no such file"),
        ("dangling.mp4", "link to a file that is gone"),
        ("socket.mp4", "no regular file"),
    ],
)
def test_what_is_no_file_fails_for_good(
    name: str, says: str, tmp_path: Path, monkeypatch: Any
) -> None:
    (tmp_path / "dangling.mp4").symlink_to(tmp_path / "nothing")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as end:
        end.bind("socket.mp4")
        (source,) = find_sources([name], tmp_path / "out").sources
        with pytest.raises(CannotFetch, match=says) as caught:
            bring(source, tmp_path, 1.0)
    assert caught.value.lasting


def test_remote_clip_that_is_gone_may_come_back(bucket: str, tmp_path: Path) -> None:
    (source, *_) = find_sources([bucket], tmp_path / "out").sources
    fsspec.filesystem("memory").mv("/gym/a.mp4", "/gym/z.mp4")
    with pytest.raises(CannotFetch, match="nothing is there") as caught:
        bring(source, tmp_path, 5.0)
    assert not caught.value.lasting


@pytest.mark.parametrize(
    ("name", "kept"), [("a.MOV", ".mov"), ("squat.2024-01-05 Anna Mueller", ""), ("b", "")]
)
def test_name_that_looks_like_an_ending_is_not_kept(name: str, kept: str, tmp_path: Path) -> None:
    assert renamed(touch(tmp_path / name), tmp_path, "id").name == f"id{kept}"


class ByQuery(http.server.BaseHTTPRequestHandler):
    """Serves as many bytes as the query says."""

    def do_HEAD(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", self.path.rpartition("=")[2])
        self.end_headers()


def test_clips_whose_addresses_differ_in_the_query_alone_are_not_taken_for_one(
    tmp_path: Path,
) -> None:
    with served(ByQuery) as port:
        place = f"http://127.0.0.1:{port}/get"
        with pytest.raises(UsageError, match="two clips have this address"):
            find_sources([f"{place}?id=5", f"{place}?id=6"], tmp_path / "out")
