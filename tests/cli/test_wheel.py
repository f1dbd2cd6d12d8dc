"""The wheel carries everything a check needs, models included, and works without the checkout."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A freshly built wheel's files."""
    built = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built)],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
    )
    (wheel,) = built.glob("*.whl")
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.mark.parametrize(
    "path",
    [
        "py.typed",
        "_models/LICENSE",
        "_models/manifest.json",
        "_models/pose_landmarker_lite.task",
        "_models/pose_landmarker_full.task",
        "_models/pose_landmarker_heavy.task",
        "report/result.schema.json",
        "report/templates/report.html.jinja",
    ],
)
def test_wheel_carries(unpacked: Path, path: str) -> None:
    assert (unpacked / "hingecheck" / path).is_file()


def test_wheel_holds_the_package_and_nothing_else(unpacked: Path) -> None:
    assert {path.name.split("-")[0] for path in unpacked.iterdir()} == {"hingecheck"}


def test_unpacked_wheel_finds_its_own_models(unpacked: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hingecheck", "doctor"], cwd=unpacked, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
