"""A result in any format: whole or not there, in its own place, and nobody else's file lost."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from export.filmed import Filmed, write_folder

import hingecheck as library
from hingecheck.errors import NothingSeen, OutputError, StoreError, UsageError
from hingecheck.export.export import Exported, export
from hingecheck.export.formats import Format
from hingecheck.export.lab import lab_metres
from hingecheck.export.motion import read_motion
from hingecheck.pose.landmarks import Landmark

FILES = {
    Format.TRC: "set.trc",
    Format.MOT: "set.mot",
    Format.C3D: "set.c3d",
    Format.NETCDF: "set.nc",
    Format.OPENPOSE: "set_openpose",
    Format.CSV: "set.csv",
    Format.PARQUET: "set.parquet",
}


@pytest.fixture(scope="module")
def checked(one_rep, tmp_path_factory) -> Path:
    """The result of a real check."""
    folder = tmp_path_factory.mktemp("checked") / "set.hingecheck"
    library.check(one_rep, out=folder, model="lite", overlay=False)
    return folder


@pytest.fixture
def result(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "results" / "set.hingecheck")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def names(folder: Path) -> set[str]:
    """Everything in a folder, hidden leftovers included."""
    return {entry.name for entry in folder.iterdir()}


def content(path: Path) -> dict[str, bytes]:
    """The bytes of a file, or of every file in a folder."""
    files = [path] if path.is_file() else list(path.iterdir())
    return {file.name if path.is_dir() else "": file.read_bytes() for file in files}


def test_every_format_is_known_here() -> None:
    assert list(FILES) == list(Format)


@pytest.mark.parametrize("to", Format)
def test_real_check_is_written_in_every_format(checked, out, to: Format) -> None:
    assert export(checked, to, out) == Exported(out / FILES[to], ())
    assert names(out) == {FILES[to]}


def test_real_lifter_has_a_bodys_measures(checked) -> None:
    metres = lab_metres(read_motion(checked))
    standing = metres[0]
    assert 1.4 < standing[Landmark.NOSE, 1] < 1.75
    assert 0.8 < standing[Landmark.RIGHT_HIP, 1] < 1.05
    assert abs(standing[Landmark.RIGHT_ANKLE, 1]) < 0.15
    assert standing[Landmark.NOSE, 0] > 0.0
    apart = metres[:, Landmark.RIGHT_HIP, 2] - metres[:, Landmark.LEFT_HIP, 2]
    assert 0.1 < np.nanmedian(apart) < 0.3


def test_it_lies_where_you_are_unless_told_otherwise(result, out, monkeypatch) -> None:
    monkeypatch.chdir(out)
    assert export(result / "result.json", Format.TRC).path == out / "set.trc"
    export(result, Format.C3D, Path("new/hinge.bin"))
    export(result, Format.C3D, Path("new"))
    assert names(out) == {"set.trc", "new"}
    assert names(out / "new") == {"hinge.bin", "set.c3d"}


@pytest.mark.parametrize("to", Format)
def test_same_result_gives_the_same_bytes_and_is_no_error_twice(result, out, to: Format) -> None:
    first = export(result, to, out)
    before = content(first.path)
    assert export(result, to, out) == first
    second = export(result, to, out.parent)
    assert content(second.path) == content(first.path) == before
    assert names(out) == {FILES[to]}


@pytest.mark.parametrize("to", [Format.TRC, Format.OPENPOSE])
def test_other_content_is_never_overwritten(result, out, to: Format) -> None:
    place = export(result, to, out).path
    mine = place / "notes.txt" if place.is_dir() else place
    mine.write_text("mine")
    before = content(place)
    with pytest.raises(UsageError, match="is there already and holds something else"):
        export(result, to, out)
    assert content(place) == before
    assert names(out) == {FILES[to]}


def test_place_that_cannot_be_written_is_one_line(result, out) -> None:
    (out / "file").write_text("mine")
    with pytest.raises(OutputError, match=r"cannot be written \(") as caught:
        export(result, Format.TRC, out / "file" / "set.trc")
    assert "\n" not in str(caught.value)
    assert names(out) == {"file"}


@pytest.mark.parametrize("to", Format)
def test_only_the_results_own_names_are_told(tmp_path, out, to: Format) -> None:
    folder = tmp_path / "Jane Doe" / "clip-0001.hingecheck"
    write_folder(folder, Filmed(clip="clip-0001.mp4"))
    written = export(folder, to, out).path
    for name, inside in content(written).items():
        assert "Jane" not in name
        assert b"Jane" not in inside
        assert os.fsencode(tmp_path) not in inside


def test_result_without_landmarks_says_to_check_again(result, out) -> None:
    (result / "landmarks.npz").unlink()
    with pytest.raises(StoreError) as caught:
        export(result, Format.TRC, out)
    assert str(caught.value) == (
        f"{result}: holds no landmarks.npz, as results of earlier versions."
        " Check the clip again, then export."
    )
    assert names(out) == set()


@pytest.mark.parametrize("name", ["result.json", "frames.csv", "landmarks.npz"])
def test_damaged_result_is_one_line(result, out, name: str) -> None:
    whole = (result / name).read_bytes()
    (result / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(StoreError, match=r"Check the clip again\.$") as caught:
        export(result, Format.TRC, out)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["result.json", "frames.csv", "landmarks.npz"])
def test_folder_where_a_file_should_be_is_a_damaged_result(result, out, name: str) -> None:
    (result / name).unlink()
    (result / name).mkdir()
    with pytest.raises(StoreError, match=r"Check the clip again\.$") as caught:
        export(result, Format.TRC, out)
    assert "\n" not in str(caught.value)
    assert names(out) == set()


@pytest.mark.parametrize("to", [to for to in Format if to is not Format.OPENPOSE])
def test_name_may_be_as_long_as_file_systems_allow(tmp_path, out, to: Format) -> None:
    ending = FILES[to].removeprefix("set")
    name = "x" * (255 - len(ending))
    (write_folder(tmp_path / "set.hingecheck")).rename(tmp_path / name)
    assert export(tmp_path / name, to, out).path == out / f"{name}{ending}"
    assert names(out) == {f"{name}{ending}"}


def test_longer_name_is_one_line(result, out) -> None:
    with pytest.raises(OutputError, match=r"cannot be written \(file name too long\)"):
        export(result, Format.TRC, out / ("x" * 300))
    assert names(out) == set()


@pytest.mark.parametrize("to", [Format.TRC, Format.MOT])
def test_line_break_in_a_results_name_stays_out_of_its_export(tmp_path, out, to: Format) -> None:
    plain = export(write_folder(tmp_path / "a_b.hingecheck"), to, out).path
    broken = export(write_folder(tmp_path / "a\nb.hingecheck"), to, out).path
    assert broken.name == f"a\nb.{to}"
    assert broken.read_bytes() == plain.read_bytes()


def test_even_clip_in_milliseconds_keeps_its_frames(tmp_path, out) -> None:
    film = Filmed(time_s=np.round(np.arange(961) / 240, 3))
    folder = write_folder(tmp_path / "set.hingecheck", film)
    assert export(folder, Format.TRC, out).notes == ()
    assert (out / "set.trc").read_text().splitlines()[2].split("\t")[:3] == ["240", "240", "961"]


def test_uneven_clip_holes_and_a_refused_view_are_said(tmp_path, out) -> None:
    stamps = np.delete(np.arange(121) / 30, [10, 30, 31])
    film = Filmed(time_s=stamps, unseen=slice(40, 60), gradeable=False)
    folder = write_folder(tmp_path / "set.hingecheck", film)
    assert export(folder, Format.MOT, out).notes == (
        "The clip's frames are uneven: written at an even 30 Hz.",
        "20 of 121 rows are left out: pelvis or legs are not seen there.",
        "The view or the clothing refuses every verdict on the back: pelvis and spine are a guess"
        " here.",
    )
    assert len(export(folder, Format.TRC, out).notes) == 1
    assert export(folder, Format.OPENPOSE, out).notes == ()


BACK = (Format.MOT, Format.C3D, Format.NETCDF, Format.CSV, Format.PARQUET)


@pytest.mark.parametrize("to", BACK)
def test_back_refused_in_every_rep_is_said_in_one_of_them_not(tmp_path, out, to: Format) -> None:
    hidden = write_folder(tmp_path / "hidden.hingecheck", Filmed(reps=(False, False)))
    partly = write_folder(tmp_path / "partly.hingecheck", Filmed(reps=(False, True)))
    assert export(hidden, to, out).notes == (
        "The view or the clothing refuses every verdict on the back: pelvis and spine are a guess"
        " here.",
    )
    assert export(partly, to, out).notes == ()


def test_clip_with_nobody_in_it_has_no_metres_and_still_a_table(tmp_path, out) -> None:
    folder = write_folder(tmp_path / "set.hingecheck", Filmed(unseen=slice(None)))
    for to in (Format.TRC, Format.MOT, Format.C3D):
        with pytest.raises(NothingSeen, match="nobody's legs are seen"):
            export(folder, to, out)
    for to in (Format.CSV, Format.NETCDF, Format.OPENPOSE):
        export(folder, to, out)
    assert names(out) == {"set.csv", "set.nc", "set_openpose"}
