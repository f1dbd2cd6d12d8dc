"""`hingecheck doctor`: healthy here, and able to see what is not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


def test_healthy_installation(hingecheck) -> None:
    done = hingecheck("doctor")
    assert done.stderr == ""
    assert done.returncode == 0
    assert all(line.startswith("ok ") for line in done.stdout.splitlines())
    for topic in ("mediapipe  runs", "reads hevc", "writes libx264", "empty trust store"):
        assert topic in done.stdout


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A checkout of its own, with the package and its models."""
    for folder in ("hingecheck", "models"):
        shutil.copytree(
            REPOSITORY / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    return tmp_path


def doctor_in(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hingecheck", "doctor"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_damaged_model_is_named_and_ends_with_5(copied: Path) -> None:
    bundle = copied / "models" / "pose_landmarker_heavy.task"
    with bundle.open("r+b") as file:
        file.seek(1_000_000)
        file.write(b"damage")
    done = doctor_in(copied)
    assert done.returncode == 5
    (bad,) = [line for line in done.stdout.splitlines() if line.startswith("BAD")]
    assert "the heavy pose model is corrupted" in bad
    assert done.stderr == "hingecheck: 1 thing needs attention, see BAD above.\n"


def test_second_package_with_a_cv2_folder_is_reported(copied: Path) -> None:
    twin = copied / "opencv_python-4.12.0.88.dist-info"
    twin.mkdir()
    (twin / "METADATA").write_text("Metadata-Version: 2.1\nName: opencv-python\nVersion: 4.12\n")
    done = doctor_in(copied)
    assert done.returncode == 5
    (bad,) = [line for line in done.stdout.splitlines() if line.startswith("BAD")]
    assert "got opencv-contrib-python and opencv-python" in bad
    assert "pip uninstall" in bad
