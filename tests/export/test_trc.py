"""Marker files, read back by OpenSim."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from export.filmed import Filmed

from hingecheck.export.lab import in_lab
from hingecheck.export.markers import MARKERS
from hingecheck.export.trc import write_trc
from hingecheck.pose.landmarks import TWINS

READ = """
table = opensim.TimeSeriesTableVec3({file!r})
tool = opensim.MarkerData({file!r})
print(json.dumps({{
    "names": list(table.getColumnLabels()),
    "time_s": list(table.getIndependentColumn()),
    "units": table.getTableMetaDataAsString("Units"),
    "rate": table.getTableMetaDataAsString("DataRate"),
    "metres": [
        [list(map(float, row[i].to_numpy())) for i in range(row.size())]
        for row in map(table.getRowAtIndex, range(table.getNumRows()))
    ],
    "tool": [tool.getNumFrames(), tool.getNumMarkers(), tool.getUnits().getLabel()],
}}))
"""


@pytest.fixture
def read(opensim, tmp_path) -> Any:
    return lambda name: opensim(READ.format(file=name), tmp_path)


def test_opensim_reads_the_same_metres(lab, read, tmp_path: Path) -> None:
    write_trc(lab, tmp_path / "hinge.trc", "hinge.trc")
    told = read("hinge.trc")
    assert tuple(told["names"]) == MARKERS
    assert (told["units"], told["rate"]) == ("m", "30")
    assert told["tool"] == [121, 33, "meters"]
    np.testing.assert_allclose(told["time_s"], lab.clock.time_s, atol=1e-6)
    np.testing.assert_allclose(told["metres"], lab.markers_m, atol=6e-6)


def test_lost_lifter_is_not_a_number_and_the_rest_is_kept(film, read, tmp_path: Path) -> None:
    lab = in_lab(film(Filmed(unseen=slice(40, 60))))
    write_trc(lab, tmp_path / "hinge.trc", "hinge.trc")
    metres = np.array(read("hinge.trc")["metres"])
    assert np.isnan(metres[40:60]).all()
    np.testing.assert_allclose(metres[60:], lab.markers_m[60:], atol=6e-6)


def test_uneven_clip_is_read_at_an_even_rate(film, read, tmp_path: Path) -> None:
    lab = in_lab(film(Filmed(time_s=np.delete(np.arange(121) / 30, [10, 30, 31]))))
    write_trc(lab, tmp_path / "hinge.trc", "hinge.trc")
    told = read("hinge.trc")
    assert told["rate"] == "30"
    np.testing.assert_allclose(np.diff(told["time_s"]), 1 / 30, atol=2e-6)


def test_mirrored_clip_gives_the_same_file_with_left_and_right_exchanged(
    film, lab, read, tmp_path: Path
) -> None:
    write_trc(in_lab(film(Filmed(in_mirror=True))), tmp_path / "mirror.trc", "mirror.trc")
    metres = np.array(read("mirror.trc")["metres"])
    np.testing.assert_allclose(metres[:, TWINS], lab.markers_m * [1, 1, -1], atol=1e-4)


def test_name_may_be_in_any_script(lab, read, tmp_path: Path) -> None:
    write_trc(lab, tmp_path / "Ünal_硬拉.trc", "Ünal_硬拉.trc")
    assert len(read("Ünal_硬拉.trc")["metres"]) == 121


@pytest.mark.parametrize("name", ["two\nlines\t.trc", "a\r\u2028b.trc", "caf\udce9.trc"])
def test_no_name_breaks_the_first_line(lab, read, tmp_path: Path, name: str) -> None:
    write_trc(lab, tmp_path / "hinge.trc", name)
    first, *rest = (tmp_path / "hinge.trc").read_text(encoding="utf-8").splitlines()
    assert first.split("\t")[:3] == ["PathFileType", "4", "(X/Y/Z)"]
    assert len(first.split("\t")) == 4
    assert rest[0].startswith("DataRate\t")
    assert len(read("hinge.trc")["metres"]) == 121


def test_markers_have_the_names_of_pose2sims_models() -> None:
    assert {
        *("Nose", "LEye", "REye", "LShoulder", "RShoulder", "LElbow", "RElbow", "LWrist", "RWrist"),
        *("LHip", "RHip", "LKnee", "RKnee", "LAnkle", "RAnkle", "LBigToe", "RBigToe"),
        *("LHeel", "RHeel", "LThumb", "RThumb", "LPinky", "RPinky", "LIndex", "RIndex"),
    } < set(MARKERS)
    assert {"LEyeInner", "REyeOuter", "LEar", "RMouth"} < set(MARKERS)
    assert len(set(MARKERS)) == 33
