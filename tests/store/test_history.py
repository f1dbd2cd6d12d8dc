from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from hingecheck.errors import StoreError
from hingecheck.store.history import (
    ME,
    Entry,
    history_path,
    merged,
    read_history,
    remove_history,
    save_history,
)


def entry_of(sha256: str, date: dt.date, **changes: Any) -> Entry:
    fields: dict[str, Any] = {
        "clip": f"{sha256}.mp4",
        "facing": 1,
        "hip_flexion_deg": 50.0,
        "sd_deg": 7.0,
        "knee_flexion_deg": 9.0,
        "reached": True,
    }
    return Entry(sha256=sha256, date=date, **{**fields, **changes})


MARCH, APRIL = dt.date(2026, 3, 1), dt.date(2026, 4, 1)


def test_history_comes_back_by_date_one_line_a_clip() -> None:
    save_history([entry_of("b", APRIL), entry_of("a", MARCH)])
    assert [entry.sha256 for entry in read_history()] == ["a", "b"]
    assert history_path(ME).read_text().count("\n") == 2


def test_same_clip_counts_once_and_keeps_its_first_date() -> None:
    first = entry_of("a", MARCH)
    again = entry_of("a", APRIL, hip_flexion_deg=55.0)
    (only,) = merged([first], [again])
    assert (only.date, only.hip_flexion_deg) == (MARCH, 55.0)


def test_lifters_have_histories_of_their_own() -> None:
    save_history([entry_of("a", MARCH)], "Ana")
    assert read_history() == ()
    assert remove_history("ana") == history_path("Ana")
    assert read_history("Ana") == ()
    assert remove_history("ana") is None


def test_damaged_line_is_named_and_the_file_left_alone() -> None:
    path = save_history([entry_of("a", MARCH), entry_of("b", APRIL)])
    whole = path.read_text()
    path.write_text(whole[:-30])
    with pytest.raises(StoreError, match="line 2"):
        read_history()
    assert path.read_text() == whole[:-30]


def test_bytes_that_are_no_text_are_a_damaged_line() -> None:
    path = save_history([entry_of("a", MARCH)])
    path.write_bytes(path.read_bytes() + b"\xff\xfe\n")
    with pytest.raises(StoreError, match="line 2") as error:
        read_history()
    assert "rights" not in str(error.value)
