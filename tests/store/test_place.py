from __future__ import annotations

import sys
from pathlib import Path

import pytest

from hingecheck.errors import OutputError, UsageError
from hingecheck.store.place import (
    checked_name,
    data_folder,
    file_stem,
    require_writable,
    write_whole,
)


def test_own_folder_wins_over_the_platforms(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("HINGECHECK_HOME", str(tmp_path / "mine"))
    assert data_folder() == tmp_path / "mine"


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {"XDG_DATA_HOME": "/data"}, Path("/data/hingecheck")),
        ("linux", {"XDG_DATA_HOME": "data"}, Path("/home/ana/.local/share/hingecheck")),
        ("linux", {}, Path("/home/ana/.local/share/hingecheck")),
        ("darwin", {}, Path("/home/ana/Library/Application Support/hingecheck")),
        ("win32", {"APPDATA": "/roaming"}, Path("/roaming/hingecheck")),
    ],
)
def test_each_platform_keeps_data_where_it_is_used_to(
    monkeypatch, platform: str, variables: dict[str, str], expected: Path
) -> None:
    for name in ("HINGECHECK_HOME", "XDG_DATA_HOME", "APPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(Path, "home", lambda: Path("/home/ana"))
    monkeypatch.setattr(sys, "platform", platform)
    assert data_folder() == expected


@pytest.mark.parametrize("name", ["Ana", "Jürgen 2", "ana_b-c", "李", "x" * 40])
def test_names_of_people_are_kept_as_they_are(name: str) -> None:
    assert checked_name(f" {name} ") == name


@pytest.mark.parametrize(
    "name", ["", " ", "../ana", "a/b", "a\\b", ".hidden", "-o", "nul", "x" * 41, "a\nb"]
)
def test_names_that_could_leave_the_folder_are_refused(name: str) -> None:
    with pytest.raises(UsageError, match="expected 1 to 40 letters"):
        checked_name(name)


def test_case_and_spelling_of_an_accent_make_no_difference() -> None:
    assert file_stem("Jürgen") == file_stem("JU\N{COMBINING DIAERESIS}RGEN")


def test_failed_write_leaves_what_was_there(tmp_path) -> None:
    path = tmp_path / "ana.json"
    write_whole(path, "first")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "second \ud800")
    assert path.read_text() == "first"
    assert list(tmp_path.iterdir()) == [path]


def test_folder_that_is_a_file_is_said_to_be_no_place(tmp_path) -> None:
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(OutputError, match="cannot be written"):
        write_whole(tmp_path / "taken" / "ana.json", "text")


def test_writing_can_be_tried_without_leaving_anything(tmp_path) -> None:
    require_writable(tmp_path / "new" / "ana.json")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "taken").write_text("mine")
    (tmp_path / "folder.json").mkdir()
    for path in (tmp_path / "taken" / "ana.json", tmp_path / "folder.json"):
        with pytest.raises(OutputError, match="cannot be written"):
            require_writable(path)
