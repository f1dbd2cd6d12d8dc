"""The pose model bundles: shipped whole, laid out for reading in place, refused when damaged."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mediapipe.tasks.metadata import schema_py_generated

from hingecheck.errors import ModelError
from hingecheck.pose import models
from hingecheck.pose.models import PoseModel, find_bundle

MODELS = Path(__file__).resolve().parents[2] / "models"
BUILD = MODELS / "build.py"
PACKAGE_VARIABLE = "HINGECHECK_MODEL_PACKAGE"
LOCAL_HEADER_BYTES = 30
NAME_AND_EXTRA_LENGTHS_AT = 26
ADVICE = "Reinstall hingecheck, or run `python models/build.py` in its checkout."


def entry_of(model: PoseModel) -> dict[str, Any]:
    manifest = json.loads((MODELS / "manifest.json").read_text(encoding="utf-8"))
    (entry,) = [entry for entry in manifest["bundles"] if entry["model"] == model]
    return dict(entry)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A folder of its own with the manifest and the lite bundle."""
    shutil.copy(MODELS / "manifest.json", tmp_path)
    shutil.copy(MODELS / "pose_landmarker_lite.task", tmp_path)
    return tmp_path.resolve()


@pytest.mark.parametrize("model", PoseModel)
def test_shipped_bundle_matches_its_manifest(model: PoseModel) -> None:
    entry = entry_of(model)
    bundle = find_bundle(model)
    assert bundle.model is model
    assert bundle.path == MODELS / f"pose_landmarker_{model}.task"
    content = bundle.path.read_bytes()
    assert len(content) == entry["bytes"]
    assert hashlib.sha256(content).hexdigest() == entry["sha256"] == bundle.sha256


@pytest.mark.parametrize("model", PoseModel)
def test_manifest_names_source_and_licence(model: PoseModel) -> None:
    entry = entry_of(model)
    assert entry["licence"] == "Apache-2.0"
    assert entry["source"]["npm_package"] == "@mediapipe/pose"
    assert entry["source"]["version"] == "0.5.1675469404"
    assert entry["source"]["files"]["pose_landmarks_detector.tflite"] == (
        f"package/pose_landmark_{model}.tflite"
    )
    assert "Apache License" in (MODELS / "LICENSE").read_text(encoding="utf-8")


@pytest.mark.parametrize("model", PoseModel)
def test_bundle_is_a_stored_zip_with_entries_on_16_bytes(model: PoseModel) -> None:
    path = find_bundle(model).path
    content = path.read_bytes()
    with zipfile.ZipFile(path) as bundle:
        assert bundle.testzip() is None
        entries = bundle.infolist()
    assert [entry.filename for entry in entries] == [
        "pose_detector.tflite",
        "pose_landmarks_detector.tflite",
    ]
    for entry in entries:
        assert entry.compress_type == zipfile.ZIP_STORED
        assert entry.date_time == (1980, 1, 1, 0, 0, 0)
        lengths = struct.unpack_from(
            "<HH", content, entry.header_offset + NAME_AND_EXTRA_LENGTHS_AT
        )
        start = entry.header_offset + LOCAL_HEADER_BYTES + sum(lengths)
        assert start % 16 == 0
        assert content[start + 4 : start + 8] == b"TFL3"


@pytest.mark.parametrize("model", PoseModel)
def test_weights_start_on_16_bytes_within_their_network(model: PoseModel) -> None:
    with zipfile.ZipFile(find_bundle(model).path) as bundle:
        networks = [np.frombuffer(bundle.read(name), np.uint8) for name in bundle.namelist()]
    for network in networks:
        tflite = schema_py_generated.Model.GetRootAs(network.data, 0)
        buffers = [tflite.Buffers(index) for index in range(tflite.BuffersLength())]
        weights = [buffer.DataAsNumpy() for buffer in buffers if buffer.DataLength() > 0]
        assert len(weights) > 100
        assert all((data.ctypes.data - network.ctypes.data) % 16 == 0 for data in weights)


def test_one_flipped_byte_is_refused(copied: Path) -> None:
    path = copied / "pose_landmarker_lite.task"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x01
    path.write_bytes(content)
    entry = entry_of(PoseModel.LITE)
    got = hashlib.sha256(content).hexdigest()
    with pytest.raises(ModelError) as caught:
        find_bundle(PoseModel.LITE, copied)
    assert str(caught.value) == (
        f"{path}: the lite pose model is corrupted: expected sha256 {entry['sha256']}, "
        f"got {got}. {ADVICE}"
    )


def test_bundle_damaged_after_its_first_use_is_refused(copied: Path) -> None:
    path = copied / "pose_landmarker_lite.task"
    find_bundle(PoseModel.LITE, copied)
    content = bytearray(path.read_bytes())
    content[-1] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(ModelError, match="corrupted"):
        find_bundle(PoseModel.LITE, copied)


def test_unchanged_bundle_is_hashed_once(copied: Path) -> None:
    before = models._hash_file.cache_info()
    find_bundle(PoseModel.LITE, copied)
    find_bundle(PoseModel.LITE, copied)
    after = models._hash_file.cache_info()
    assert after.misses == before.misses + 1
    assert after.hits == before.hits + 1


def test_truncated_bundle_is_refused(copied: Path) -> None:
    path = copied / "pose_landmarker_lite.task"
    size_bytes = entry_of(PoseModel.LITE)["bytes"]
    os.truncate(path, 1000)
    with pytest.raises(ModelError) as caught:
        find_bundle(PoseModel.LITE, copied)
    assert str(caught.value) == (
        f"{path}: not the whole lite pose model: expected {size_bytes} bytes, got 1000. {ADVICE}"
    )


def test_missing_bundle_is_named(copied: Path) -> None:
    with pytest.raises(ModelError) as caught:
        find_bundle(PoseModel.HEAVY, copied)
    path = copied / "pose_landmarker_heavy.task"
    assert str(caught.value) == (
        f"{path}: expected the heavy pose model, got no readable file "
        f"(No such file or directory). {ADVICE}"
    )


def test_folder_in_place_of_a_bundle_is_one_clear_line(copied: Path) -> None:
    path = copied / "pose_landmarker_lite.task"
    path.unlink()
    path.mkdir()
    with pytest.raises(ModelError, match=r"pose_landmarker_lite\.task: ") as caught:
        find_bundle(PoseModel.LITE, copied)
    assert "\n" not in str(caught.value)


def test_missing_manifest_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        find_bundle(PoseModel.FULL, tmp_path)
    path = tmp_path.resolve() / "manifest.json"
    assert str(caught.value) == (
        f"{path}: expected the list of pose models, got no readable file. {ADVICE}"
    )


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"bundles": 3}', '{"bundles": [{}]}', '{"bundles": [{"model": "full"}]}'],
)
def test_unreadable_manifest_is_one_clear_line(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=r"manifest\.json: expected the list") as caught:
        find_bundle(PoseModel.FULL, tmp_path)
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith(ADVICE)


def test_model_left_out_of_the_manifest_is_named(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"bundles": []}', encoding="utf-8")
    with pytest.raises(ModelError, match="expected an entry for the full model, found none"):
        find_bundle(PoseModel.FULL, tmp_path)


def test_finding_a_bundle_does_not_import_mediapipe() -> None:
    code = (
        "import sys; from hingecheck.pose.models import PoseModel, find_bundle; "
        "find_bundle(PoseModel.LITE); sys.exit('mediapipe' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=MODELS.parent)


def test_unpacked_wheel_finds_the_bundles_inside_itself(tmp_path: Path) -> None:
    package = tmp_path / "hingecheck"
    (package / "pose").mkdir(parents=True)
    (package / "_models").mkdir()
    for name in ("__init__.py", "errors.py"):
        shutil.copy(MODELS.parent / "hingecheck" / name, package)
    (package / "pose" / "__init__.py").touch()
    shutil.copy(MODELS.parent / "hingecheck" / "pose" / "models.py", package / "pose")
    shutil.copy(MODELS / "manifest.json", package / "_models")
    shutil.copy(MODELS / "pose_landmarker_lite.task", package / "_models")
    code = (
        "from hingecheck.pose.models import PoseModel, find_bundle; "
        "print(find_bundle(PoseModel.LITE).path)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], check=True, cwd=tmp_path, capture_output=True, text=True
    )
    found = package.resolve() / "_models" / "pose_landmarker_lite.task"
    assert run.stdout.strip() == str(found)


@pytest.mark.skipif(
    PACKAGE_VARIABLE not in os.environ and shutil.which("npm") is None,
    reason=f"needs npm on PATH, or the npm package's file named by {PACKAGE_VARIABLE}",
)
def test_build_script_reproduces_the_shipped_bundles() -> None:
    command = [sys.executable, str(BUILD), "--check"]
    if PACKAGE_VARIABLE in os.environ:
        command += ["--package", os.environ[PACKAGE_VARIABLE]]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout == "3 bundles rebuilt: manifest and files agree byte for byte.\n"


def test_build_script_refuses_another_package(tmp_path: Path) -> None:
    package = tmp_path / "other.tgz"
    package.write_bytes(b"not the package")
    command = [sys.executable, str(BUILD), "--check", "--package", str(package)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stderr.startswith("@mediapipe/pose 0.5.1675469404: expected a package with sha256 ")
    assert run.stderr.count("\n") == 1
