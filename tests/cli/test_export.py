"""`hingecheck export`, as a person runs it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from export.filmed import Filmed, write_folder

DONE, USAGE, UNREADABLE = 0, 2, 3


def names(folder: Path) -> set[str]:
    """Everything in a folder, hidden leftovers included."""
    return {entry.name for entry in folder.iterdir()}


@pytest.fixture
def result(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "set.hingecheck")


def test_file_is_named_and_nothing_else_is_said(hingecheck, result, tmp_path) -> None:
    done = hingecheck("export", "set.hingecheck", "--to", "c3d")
    assert (done.returncode, done.stderr) == (DONE, "")
    assert done.stdout == f"Written to {tmp_path / 'set.c3d'}.\n"
    assert names(tmp_path) == {"set.hingecheck", "set.c3d"}


def test_several_results_go_into_one_folder_past_a_bad_one(hingecheck, result, tmp_path) -> None:
    stamps = np.delete(np.arange(121) / 30, [10, 30, 31])
    write_folder(tmp_path / "Ünal 硬拉.hingecheck", Filmed(time_s=stamps))
    (tmp_path / "empty.hingecheck").mkdir()
    given = ("set.hingecheck", "empty.hingecheck", "Ünal 硬拉.hingecheck")
    done = hingecheck("export", *given, "--to", "trc", "--out", "all")
    assert done.returncode == UNREADABLE
    assert done.stderr.splitlines() == [
        "hingecheck: empty.hingecheck: expected a result folder of hingecheck check, found no"
        " result.json there. Check a clip first.",
        "Note: Ünal 硬拉.trc: The clip's frames are uneven: written at an even 30 Hz.",
    ]
    assert done.stdout == "Written to all/set.trc.\nWritten to all/Ünal 硬拉.trc.\n"
    assert names(tmp_path / "all") == {"set.trc", "Ünal 硬拉.trc"}


def test_two_results_of_one_name_are_refused(hingecheck, result, tmp_path) -> None:
    write_folder(tmp_path / "other" / "set.hingecheck")
    done = hingecheck("export", result, "other/set.hingecheck", "--to", "trc", "--out", "all")
    assert done.returncode == USAGE
    assert done.stderr.startswith("hingecheck: set.trc: 2 of the results would take this name.")
    assert not (tmp_path / "all").exists()


def test_file_of_that_name_ends_with_one_line(hingecheck, result, tmp_path) -> None:
    (tmp_path / "set.trc").write_text("mine")
    done = hingecheck("export", result, "--to", "trc")
    assert done.returncode == USAGE
    assert done.stdout == ""
    assert done.stderr == (
        f"hingecheck: {tmp_path / 'set.trc'}: is there already and holds something else, so it is"
        " left alone. Remove it, or choose another --out.\n"
    )
    assert (tmp_path / "set.trc").read_text() == "mine"


def test_unknown_format_names_the_known_ones(hingecheck, result) -> None:
    done = hingecheck("export", result, "--to", "bvh")
    assert done.returncode == USAGE
    assert "'trc', 'mot', 'c3d', 'netcdf', 'openpose', 'csv', 'parquet'" in done.stderr
