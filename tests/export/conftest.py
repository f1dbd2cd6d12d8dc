"""Other programs' own libraries, each run by itself as people run them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from export.filmed import Filmed, write_folder

from hingecheck.export.lab import LabMotion, in_lab
from hingecheck.export.motion import Motion, read_motion

MOVEMENT = ("movement==0.15.0", "loguru==0.7.3")
"""Without the rest of what it asks for: that brings opencv-python-headless, which would overwrite
the cv2 that hingecheck runs on. Reading netCDF needs none of it."""

Told = Callable[[str, Path], Any]
Film = Callable[[Filmed], Motion]


def run(code: str, folder: Path, **environment: str) -> str:
    """What Python code prints in a folder."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def film(tmp_path: Path) -> Film:
    """The motion in a film's result, read from its folder."""
    taken = iter(range(100))
    return lambda filmed: read_motion(write_folder(tmp_path / f"{next(taken)}.hingecheck", filmed))


@pytest.fixture
def motion(film: Film) -> Motion:
    """A plain hinge of four seconds."""
    return film(Filmed())


@pytest.fixture
def lab(motion: Motion) -> LabMotion:
    """The same in the laboratory's axes."""
    return in_lab(motion)


@pytest.fixture
def opensim() -> Told:
    """Runs code with OpenSim in a folder; returns the JSON that it prints last."""
    if find_spec("opensim") is None:
        pytest.skip("needs opensim, which has no wheel for every Python")
    quiet = "import json, opensim; opensim.Logger.setLevelString('error')\n"
    return lambda code, folder: json.loads(run(quiet + code, folder).splitlines()[-1])


@pytest.fixture(scope="session")
def movement_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where movement is installed without its dependencies."""
    folder = tmp_path_factory.mktemp("movement")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target"]
    done = subprocess.run([*command, str(folder), *MOVEMENT], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"needs {MOVEMENT[0]} from PyPI")
    return folder


@pytest.fixture
def movement(movement_folder: Path) -> Told:
    """Runs code with movement in a folder; returns the JSON that it prints last."""

    def told(code: str, folder: Path) -> Any:
        printed = run("import json\n" + code, folder, PYTHONPATH=str(movement_folder))
        return json.loads(printed.splitlines()[-1])

    return told
