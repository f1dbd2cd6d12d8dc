"""Files and patterns on the command line, and the folders their results go to."""

from __future__ import annotations

from pathlib import Path

import pytest

from hingecheck.cli.check import find_clips, result_folders
from hingecheck.errors import UsageError


@pytest.fixture
def monday(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with three clips and a result, which is the current directory."""
    for name in ("set 2.mp4", "set 1.mp4", "warm[up].mov"):
        (tmp_path / name).touch()
    (tmp_path / "set 1.hingecheck").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_quoted_pattern_is_expanded_in_name_order(monday: Path) -> None:
    assert find_clips(["set*"]) == [Path("set 1.mp4"), Path("set 2.mp4")]


def test_pattern_may_be_absolute(monday: Path) -> None:
    assert find_clips([str(monday / "*.mov")]) == [monday / "warm[up].mov"]


def test_two_stars_look_into_folders(monday: Path) -> None:
    (monday / "set 1.hingecheck" / "overlay.mp4").touch()
    assert Path("set 1.hingecheck/overlay.mp4") in find_clips(["**/*.mp4"])


@pytest.fixture
def drawn(monday: Path) -> Path:
    """What an earlier check of set 1 drew."""
    folder = Path("set 1.hingecheck")
    for name in ("overlay.mp4", "result.json"):
        (folder / name).touch()
    return folder / "overlay.mp4"


def test_pattern_passes_over_what_an_earlier_check_drew(drawn: Path) -> None:
    assert find_clips(["**/*.mp4"]) == [Path("set 1.mp4"), Path("set 2.mp4")]
    (drawn.parent / "set 3.mp4").touch()
    assert find_clips(["set*/*.mp4"]) == [drawn.parent / "set 3.mp4"]


def test_pattern_that_matches_only_drawn_clips_is_refused(drawn: Path) -> None:
    with pytest.raises(UsageError, match="no file matches"):
        find_clips(["*.hingecheck/*.mp4"])


def test_drawn_clip_may_be_named_plainly(drawn: Path) -> None:
    assert find_clips([str(drawn)]) == [drawn]


def test_brackets_in_a_real_name_are_no_pattern(monday: Path) -> None:
    assert find_clips(["warm[up].mov"]) == [Path("warm[up].mov")]


def test_each_file_is_checked_once_where_first_named(monday: Path) -> None:
    found = find_clips(["set 2.mp4", "*.mp4", "./set 1.mp4"])
    assert found[0] == Path("set 2.mp4")
    assert [path.name for path in found] == ["set 2.mp4", "set 1.mp4"]


def test_missing_file_is_left_for_the_check_to_report(monday: Path) -> None:
    assert find_clips(["nope.mp4"]) == [Path("nope.mp4")]


def test_pattern_without_match_is_refused(monday: Path) -> None:
    with pytest.raises(UsageError, match=r"^\*\.avi: no file matches\. Check the pattern"):
        find_clips(["set 1.mp4", "*.avi"])


def test_out_is_the_folder_of_one_clip_and_the_parent_of_several() -> None:
    out = Path("results")
    one, two = Path("a.mp4"), Path("b.mov")
    assert result_folders([one], out, several=False) == [out]
    assert result_folders([one, two], out, several=True) == [
        out / "a.hingecheck",
        out / "b.hingecheck",
    ]
    assert result_folders([one, two], None, several=True) == [
        Path("a.hingecheck"),
        Path("b.hingecheck"),
    ]


def names(*clips: str) -> list[str]:
    folders = result_folders([Path(clip) for clip in clips], None, several=True)
    return [str(folder).removesuffix(".hingecheck") for folder in folders]


def test_clips_of_one_name_are_told_apart_by_their_folders() -> None:
    assert names("mon/squat.mp4", "tue/squat.mp4", "tue/../wed/SQUAT.mp4") == [
        "squat",
        "tue-squat",
        "wed-SQUAT",
    ]


def test_clips_of_one_name_side_by_side_are_told_apart_by_their_endings() -> None:
    assert names("squat.mp4", "squat.mov", "squat.avi") == ["squat", "squat.mov", "squat.avi"]
    assert names("mon/squat.mp4", "tue/squat.mp4", "tue/squat.mov")[2] == "tue-squat.mov"


def test_name_that_another_clip_has_taken_is_not_given_twice() -> None:
    assert names("tue-squat.mp4", "squat.mp4", "a/tue/squat.mp4") == [
        "tue-squat",
        "squat",
        "tue-squat.mp4",
    ]
    many = ("squat.mp4", "x/squat.mp4", "y/x/squat.mp4", "z/y/x/squat.mp4", "z/y/x/squat.MP4")
    assert len({name.casefold() for name in names(*many)}) == 5
    alike = ("/squat.mp4", "/squat.MP4", "/SQUAT.mp4", "/SQUAT.MP4")
    assert names(*alike) == ["squat", "squat.MP4", "SQUAT-2", "SQUAT-3"]


def test_renamed_result_is_said(hingecheck, monday: Path, tmp_path: Path) -> None:
    (monday / "tuesday").mkdir()
    (monday / "tuesday" / "set 1.mp4").touch()
    done = hingecheck("check", "set 1.mp4", "tuesday/set 1.mp4", "--out", "all")
    notes = [line for line in done.stderr.splitlines() if line.startswith("Note: ")]
    assert notes == [
        "Note: tuesday/set 1.mp4 goes to all/tuesday-set 1.hingecheck:"
        " set 1.hingecheck is another clip's."
    ]


@pytest.mark.parametrize("address", ["https://a.org/watch?v=7", "rtsp://camera/[1]"])
def test_web_address_is_no_pattern(address: str) -> None:
    assert find_clips([address]) == [Path(address)]
