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
    assert result_folders([one, two], None, several=True) == [None, None]


@pytest.mark.parametrize("other", ["tuesday/squat.mp4", "squat.mov", "SQUAT.mp4"])
def test_two_clips_with_one_result_folder_are_refused(other: str) -> None:
    with pytest.raises(UsageError, match=r"would both be written to \w+\.hingecheck\. Check them"):
        result_folders([Path("squat.mp4"), Path(other)], None, several=True)
