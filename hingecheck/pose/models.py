"""The pose models hingecheck carries: where a bundle is, and that it is the one meant."""

from __future__ import annotations

import functools
import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from hingecheck.errors import ModelError

__all__ = ["ModelBundle", "PoseModel", "find_bundle", "shipped_folder"]

MANIFEST_NAME = "manifest.json"

_PACKAGE = Path(__file__).resolve().parents[1]

# An installed wheel carries the bundles inside the package; a checkout has them beside it.
_FOLDERS = (_PACKAGE / "_models", _PACKAGE.parent / "models")

_ADVICE = "Reinstall hingecheck, or run `python models/build.py` in its checkout."


class PoseModel(StrEnum):
    """MediaPipe's pose landmarkers, from fastest to most exact."""

    LITE = "lite"
    FULL = "full"
    HEAVY = "heavy"


@dataclass(frozen=True, slots=True)
class ModelBundle:
    """A pose model bundle on disk whose bytes are the ones its manifest states.

    Attributes:
        model: Which landmarker it holds.
        path: Absolute path of the `.task` file.
        sha256: Of the file, in lower-case hexadecimal.
    """

    model: PoseModel
    path: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class _Entry:
    file: str
    size_bytes: int
    sha256: str


def find_bundle(model: PoseModel, folder: Path | None = None) -> ModelBundle:
    """Locate a model's bundle and prove that it is whole.

    `folder` holds the bundles and their manifest; without it, the ones hingecheck came with.
    A file is hashed once per process, and again when its size or time of change differs.

    Raises `ModelError` when the manifest or the bundle is missing, or when the bundle's size
    or sha256 is not the manifest's.
    """
    folder = (folder if folder is not None else shipped_folder()).resolve()
    entry = _read_entry(folder / MANIFEST_NAME, model)
    path = folder / entry.file
    try:
        status = path.stat()
        if status.st_size != entry.size_bytes:
            raise ModelError(
                f"{path}: not the whole {model} pose model: expected {entry.size_bytes} bytes, "
                f"got {status.st_size}. {_ADVICE}"
            )
        digest = _hash_file(path, status.st_size, status.st_mtime_ns)
    except OSError as error:
        raise ModelError(
            f"{path}: expected the {model} pose model, got no readable file "
            f"({error.strerror}). {_ADVICE}"
        ) from error
    if digest != entry.sha256:
        raise ModelError(
            f"{path}: the {model} pose model is corrupted: expected sha256 {entry.sha256}, "
            f"got {digest}. {_ADVICE}"
        )
    return ModelBundle(model=model, path=path, sha256=digest)


def shipped_folder() -> Path:
    """Where the models that hingecheck came with are; `ModelError` when they are nowhere."""
    for folder in _FOLDERS:
        if (folder / MANIFEST_NAME).is_file():
            return folder
    raise ModelError(
        f"pose models: expected {MANIFEST_NAME} in {' or '.join(map(str, _FOLDERS))}, "
        f"found neither. {_ADVICE}"
    )


def _read_entry(manifest: Path, model: PoseModel) -> _Entry:
    try:
        text = manifest.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(
            f"{manifest}: expected the list of pose models, got no readable file. {_ADVICE}"
        ) from error
    try:
        for entry in json.loads(text)["bundles"]:
            if entry["model"] == model:
                return _Entry(str(entry["file"]), int(entry["bytes"]), str(entry["sha256"]))
    except (ValueError, TypeError, KeyError) as error:
        raise ModelError(
            f"{manifest}: expected the list of pose models, got something else "
            f"({type(error).__name__}: {error}). {_ADVICE}"
        ) from error
    raise ModelError(f"{manifest}: expected an entry for the {model} model, found none. {_ADVICE}")


@functools.lru_cache(maxsize=len(PoseModel))
def _hash_file(path: Path, size_bytes: int, changed_ns: int) -> str:
    """Return a file's sha256; size and time of change only tell one version from the next."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
