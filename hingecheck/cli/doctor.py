"""`hingecheck doctor`: is everything here that a check needs, and is nothing sent anywhere?"""

from __future__ import annotations

import os
import platform
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from typing import Annotated
from urllib.parse import urlsplit

import typer

from hingecheck import __version__
from hingecheck.cli.stderr import QuietLibraries
from hingecheck.errors import HingecheckError, explain
from hingecheck.pose.models import PoseModel, find_bundle
from hingecheck.pose.privacy import CLOSED_PORT

__all__ = ["doctor"]

PACKAGES = ("mediapipe", "opencv-contrib-python", "av", "numpy", "scipy", "pydantic", "rich")

CV2_PACKAGES = (
    "opencv-contrib-python",
    "opencv-contrib-python-headless",
    "opencv-python",
    "opencv-python-headless",
)
"""Four wheels that all install a folder named cv2, one over the other."""

CODECS = (("h264", "r"), ("hevc", "r"), ("libx264", "w"), ("aac", "w"))
"""What phones film in, and what overlay.mp4 is written in; r reads, w writes."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's report.

    Attributes:
        topic: What was looked at.
        healthy: Whether a check can rely on it.
        text: What was found, and what to do where it is not healthy.
    """

    topic: str
    healthy: bool
    text: str


def doctor(
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the libraries' own messages.")
    ] = False,
) -> None:
    """Examine this installation: versions, models, codecs, privacy.

    Exit codes: 0 healthy, 5 something needs attention.
    """
    with QuietLibraries(quiet=not debug) as libraries:
        findings = [finding for look in EXAMINATIONS for finding in _examined(look)]
        for finding in findings:
            print(f"{'ok ' if finding.healthy else 'BAD'} {finding.topic:10} {finding.text}")
        bad = sum(not finding.healthy for finding in findings)
        sys.stdout.flush()
        if bad:
            things = "1 thing needs" if bad == 1 else f"{bad} things need"
            print(
                f"hingecheck: {things} attention, see BAD above.",
                file=libraries.terminal,
            )
    raise typer.Exit(HingecheckError.exit_code if bad else 0)


def _examined(look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """What an examination finds; one that cannot be made is itself a finding."""
    try:
        yield from look()
    except Exception as error:
        yield Finding(look.__name__, False, explain(error))


def versions() -> Iterator[Finding]:
    """Python, this package and what it stands on."""
    where = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    yield Finding("hingecheck", True, f"{__version__}, {where}")
    for name in PACKAGES:
        try:
            yield Finding("package", True, f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            yield Finding("package", False, f"{name} is missing: pip install {name}")


def opencv() -> Iterator[Finding]:
    """Exactly one wheel may own the cv2 folder."""
    owners = [name for name in CV2_PACKAGES if _is_installed(name)]
    if owners == ["opencv-contrib-python"]:
        import cv2

        yield Finding("opencv", True, f"cv2 {cv2.__version__}, from one package")
        return
    remedy = (
        f"pip uninstall -y {' '.join(owners)} && pip install --force-reinstall"
        " opencv-contrib-python"
    )
    yield Finding(
        "opencv",
        False,
        f"expected cv2 from opencv-contrib-python alone, got {' and '.join(owners) or 'none'}:"
        f" {remedy}",
    )


def models() -> Iterator[Finding]:
    """Every bundle whole, and MediaPipe able to run one."""
    for model in PoseModel:
        try:
            bundle = find_bundle(model)
        except HingecheckError as error:
            yield Finding("model", False, str(error))
        else:
            yield Finding("model", True, f"{model}, sha256 {bundle.sha256[:12]} as it should be")


def spine() -> Iterator[Finding]:
    """The spine model, as its card describes it."""
    from hingecheck.spine.model import load_spine_model

    yield Finding("model", True, f"{load_spine_model().name} as its card describes it")


def lift() -> Iterator[Finding]:
    """The lift model, as its card describes it."""
    from hingecheck.motion.lift_model import load_lift_model

    yield Finding("model", True, f"{load_lift_model().name} as its card describes it")


def mediapipe() -> Iterator[Finding]:
    """MediaPipe loads, system libraries included, and looks at a picture."""
    import numpy as np

    from hingecheck.pose.landmarker import Landmarker

    with Landmarker(find_bundle(PoseModel.LITE)) as landmarker:
        landmarker.detect(np.zeros((256, 256, 3), dtype=np.uint8), 0.0)
    yield Finding("mediapipe", True, "runs the lite model")


def codecs() -> Iterator[Finding]:
    """What clips are read from and overlays are written in."""
    from av.codec import Codec
    from av.error import FFmpegError

    for name, mode in CODECS:
        verb = "reads" if mode == "r" else "writes"
        try:
            Codec(name, "r" if mode == "r" else "w")
        except (FFmpegError, ValueError):
            yield Finding(
                "codec", False, f"{name}: this PyAV cannot do it. pip install --upgrade av"
            )
        else:
            yield Finding("codec", True, f"{verb} {name}")


def machine() -> Iterator[Finding]:
    """Processors and a place for temporary files."""
    from hingecheck.clip.cores import cores

    yield Finding("machine", True, f"{cores()} processor cores for this process")
    try:
        with tempfile.TemporaryFile() as file:
            file.write(b"hingecheck")
    except OSError as error:
        reason = error.strerror or error
        yield Finding("temporary", False, f"cannot write temporary files ({reason}). Set TMPDIR.")
    else:
        yield Finding("temporary", True, f"{tempfile.gettempdir()} is writable")


def privacy() -> Iterator[Finding]:
    """The two locks that keep MediaPipe's usage logger from reaching anybody."""
    yield Finding("privacy", True, "every landmarker gets an empty trust store: no TLS connection")
    sealed = all(os.environ.get(name) == CLOSED_PORT for name in ("https_proxy", "HTTPS_PROXY"))
    if sealed and _is_closed(CLOSED_PORT):
        yield Finding(
            "privacy", True, f"this process's web requests go to a closed port ({CLOSED_PORT})"
        )
    else:
        yield Finding(
            "privacy",
            False,
            f"expected a closed port at {CLOSED_PORT}, got an open one:"
            " stop the program that listens there",
        )


EXAMINATIONS = (versions, opencv, models, spine, lift, mediapipe, codecs, machine, privacy)


def _is_installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _is_closed(address: str) -> bool:
    place = urlsplit(address)
    try:
        with socket.create_connection((place.hostname, place.port or 0), timeout=1):
            return False
    except OSError:
        return True
