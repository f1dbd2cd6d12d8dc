from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hingecheck.errors import StoreError, UsageError
from hingecheck.store.history import read_history
from hingecheck.store.profiles import (
    ClipRef,
    MostFlexion,
    Profile,
    checked_profile_name,
    checked_stature_cm,
    find_profile,
    list_profiles,
    profile_path,
    read_profile,
    remove_profile,
    save_profile,
)

CLIP = ClipRef(name="stand.mp4", sha256="ab")
MODEL = "spine 1"


def profile_of(**changes: Any) -> Profile:
    fields: dict[str, Any] = {
        "name": "Ana",
        "date": dt.date(2026, 3, 1),
        "clip": CLIP,
        "model": MODEL,
        "standing_features": [0.5, -1.25],
        "neck_zero_deg": 12.0,
        "trunk_thigh_deg": -3.0,
        "knee_deg": 2.0,
        "most_flexion": MostFlexion(lumbar_flexion_deg=48.0, sd_deg=7.0, clip=CLIP),
        "stature_cm": 168.0,
    }
    return Profile(**{**fields, **changes})


def test_profile_comes_back_as_it_was_stored() -> None:
    save_profile(profile_of())
    assert read_profile("ANA") == profile_of()
    assert json.loads(profile_path("ana").read_text())["schema"] == "hingecheck.profile/1"


def test_own_shape_is_relaxed_standing_of_the_model_that_measured_it() -> None:
    shape = profile_of().own_shape(MODEL)
    assert shape is not None
    assert shape.relaxed
    np.testing.assert_array_equal(shape.features, [0.5, -1.25])


def test_stale_profile_keeps_only_what_no_model_measured() -> None:
    profile = profile_of()
    assert profile.is_stale("spine 2")
    assert profile.own_shape("spine 2") is None
    assert profile.most_lumbar_deg("spine 2") is None
    assert (profile.stature_cm, profile.neck_zero_deg) == (168.0, 12.0)
    assert "Film your standing once more" in profile.stale_note


def test_new_standing_keeps_height_and_a_maximum_of_the_same_model() -> None:
    new = profile_of(most_flexion=None, stature_cm=None)
    assert new.with_kept(profile_of()) == profile_of()
    later = profile_of(model="spine 2", most_flexion=None, stature_cm=None)
    kept = later.with_kept(profile_of())
    assert (kept.stature_cm, kept.most_flexion) == (168.0, None)


def test_unknown_name_lists_those_that_are_stored() -> None:
    save_profile(profile_of())
    with pytest.raises(UsageError, match=r"'Bo': there is none \(stored: Ana\)"):
        read_profile("Bo")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"[]",
        b"\xff\xfe{}",
        b'{"schema": "hingecheck.profile/2"}',
        b'{"schema": "somebody.else/1", "name": "Ana"}',
    ],
)
def test_damaged_and_foreign_files_are_named_with_a_way_out(content: bytes) -> None:
    path = save_profile(profile_of())
    path.write_bytes(content)
    with pytest.raises(StoreError, match="profile new ana CLIP") as error:
        read_profile("ana")
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)
    assert "damaged" in str(error.value)
    assert "Field required" not in str(error.value)
    assert "rights" not in str(error.value)
    assert list_profiles() == ["ana (damaged)"]
    assert find_profile("ana") is None


def test_folder_among_the_profiles_is_none() -> None:
    save_profile(profile_of())
    profile_path("Bo").mkdir()
    assert list_profiles() == ["Ana"]


@pytest.mark.parametrize("name", ["me", "ME", " me "])
def test_name_of_the_nameless_history_is_no_profiles(name: str) -> None:
    for call in (checked_profile_name, profile_path, read_profile):
        with pytest.raises(UsageError, match="kept for screens without --profile"):
            call(name)


def test_file_in_the_stores_place_is_not_taken_for_an_empty_store(home: Path) -> None:
    home.write_text("mine")
    for call in (list_profiles, read_history, lambda: read_profile("Ana")):
        with pytest.raises(UsageError, match="Set HINGECHECK_HOME"):
            call()


def test_damaged_profile_can_be_removed() -> None:
    path = save_profile(profile_of())
    path.write_text("rubbish")
    assert remove_profile("Ana") == path
    assert list_profiles() == []
    with pytest.raises(UsageError, match="there is none"):
        remove_profile("Ana")


@pytest.mark.parametrize("height_cm", [1.68, 66.0, 1680.0, float("nan")])
def test_height_in_another_unit_is_refused(height_cm: float) -> None:
    with pytest.raises(UsageError, match="centimetres"):
        checked_stature_cm(height_cm)
