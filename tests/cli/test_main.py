"""`hingecheck` itself: version, help, and wrong calls that end as one line with exit code 2."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from hingecheck import __version__


def test_version_is_the_packages(hingecheck) -> None:
    done = hingecheck("--version")
    assert done.returncode == 0
    assert done.stdout == f"hingecheck {__version__}\n"
    assert done.stderr == ""


def test_version_does_not_load_what_it_does_not_need() -> None:
    listing = "import sys; from hingecheck.cli import main; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", listing], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert not loaded & {"mediapipe", "cv2", "av", "scipy", "rich.table", "jinja2", "pydantic.main"}


def test_version_is_quick(hingecheck) -> None:
    times_s = []
    for _ in range(3):
        start = time.perf_counter()
        hingecheck("--version")
        times_s.append(time.perf_counter() - start)
    assert min(times_s) < 0.5


@pytest.mark.parametrize("arguments", [("--help",), ("check", "--help"), ("doctor", "-h")])
def test_help_goes_to_standard_output(hingecheck, arguments) -> None:
    done = hingecheck(*arguments)
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: hingecheck")
    assert done.stderr == ""


def test_check_help_names_lifts_models_and_exit_codes(hingecheck) -> None:
    text = " ".join(hingecheck("check", "--help").stdout.split())
    assert "<deadlift|rdl|good_morning|squat|swing|hinge>" in text
    assert "<lite|full|heavy>" in text
    assert "4 nothing in it could be judged (the result is still written)" in text


def test_no_command_shows_help_and_is_a_usage_error(hingecheck) -> None:
    done = hingecheck()
    assert done.returncode == 2
    assert done.stdout.startswith("Usage: hingecheck")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("chekc",), "No such command 'chekc'. Did you mean 'check'?"),
        (("check",), "Missing argument 'CLIP'."),
        (("check", "a.mp4", "--overlays"), "No such option: --overlays"),
        (
            ("check", "a.mp4", "--model", "huge"),
            "Invalid value for '--model': 'huge' is not one of 'lite', 'full', 'heavy'.",
        ),
        (("check", "a.mp4", "--out"), "Option '--out' requires an argument."),
    ],
)
def test_wrong_call_is_one_line_and_exit_code_2(hingecheck, arguments, message) -> None:
    done = hingecheck(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"hingecheck: {message}")
    assert done.stderr.count("\n") == 1
