"""`hingecheck simulate`: a filmed set whose true angles are known."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from hingecheck.cli.guard import guarded
from hingecheck.cli.interrupts import endings
from hingecheck.cli.stderr import QuietLibraries
from hingecheck.errors import OutputError, UsageError, reason_of

if TYPE_CHECKING:
    from hingecheck.simulate.clothing import Clothing
    from hingecheck.simulate.motion import Motion
    from hingecheck.simulate.plan import Fault, Lift
    from hingecheck.simulate.render import Scene

__all__ = ["simulate"]

LIFTS = "<rdl|stiff_leg|deadlift|good_morning|squat|swing|hinge|toe_touch>"
FAULTS = "<none|butt_wink|rounded|overextended>"
CLOTHES = "<skin|tight|regular|loose|hoodie>"
"""What the options take, as --help shows it: the simulator itself is loaded only when it runs."""

EXTRA = ("anny", "torch", "pyvista")
MOST_YAW_DEG = 60.0
MOST_FAULT_DEG = 45.0
CRF = 22
STALE_S = 3600.0
"""No simulation takes an hour: a partial folder older than that was left by a killed run."""

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asked for.

    Attributes:
        lift: Which lift.
        fault: What the back does wrong.
        tuck_deg: Size of the fault, above 0; None draws it.
        seed: Of everything that is drawn.
        yaw_deg: How far the camera is from the true side view, positive towards the front.
        clothing: What is on the trunk.
        fps: Frames a second.
    """

    lift: Lift
    fault: Fault
    tuck_deg: float | None
    seed: int
    yaw_deg: float
    clothing: Clothing
    fps: float


def simulate(
    lift: Annotated[str, typer.Option(metavar=LIFTS, help="Which lift.")] = "rdl",
    fault: Annotated[
        str, typer.Option(metavar=FAULTS, help="What the back does wrong; butt-wink will do too.")
    ] = "none",
    tuck: Annotated[
        float | None,
        typer.Option(
            metavar="DEGREES",
            help="Size of the fault: lumbar flexion it adds at the bottom, or takes away in an"
            " over-extended back. Default: drawn.",
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, help="Lifter, room and rhythm; the same seed, the same set.")
    ] = 0,
    yaw: Annotated[
        float,
        typer.Option(
            min=-MOST_YAW_DEG,
            max=MOST_YAW_DEG,
            help="How far the camera stands from the true side view, in degrees; positive"
            " towards the lifter's front.",
        ),
    ] = 0.0,
    clothing: Annotated[str, typer.Option(metavar=CLOTHES, help="What is on the trunk.")] = "tight",
    fps: Annotated[float, typer.Option(min=5, max=240, help="Frames a second.")] = 30.0,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="The clip, an .mp4; NAME_truth.csv and NAME_truth.json go beside it."
            " Default: lift and fault as its name, where you are.",
        ),
    ] = None,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show tracebacks and the libraries' own messages.")
    ] = False,
) -> None:
    """Film a simulated lifter, with the true angles of every frame.

    Needs the simulate extra. A clip that was simulated before is replaced; any other file is left
    alone. Exit codes: 0 done, 2 usage, 5 it could not be written, or internal error.
    """
    _refuse_without_extra()
    wish = _wish(lift, fault, tuck, seed, yaw, clothing, fps)
    clip = out if out is not None else Path(_default_name(wish))
    _refuse_unless_replaceable(clip)
    with guarded(clip.name, debug=debug) as libraries:
        motion = _film(wish, clip, libraries)
    print(f"Written to {clip}: {_headline(motion)}.")
    print(f"The truth is in {_truth(clip, 'csv').name} and {_truth(clip, 'json').name}.")
    sys.stdout.flush()


def _refuse_without_extra() -> None:
    missing = [name for name in EXTRA if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"simulate needs {' and '.join(missing)}, which a check does not and so is not"
            " installed: pip install 'hingecheck[simulate]'"
        )


def _wish(
    lift: str, fault: str, tuck: float | None, seed: int, yaw: float, clothing: str, fps: float
) -> Wish:
    from hingecheck.simulate.clothing import Clothing
    from hingecheck.simulate.plan import OVEREXTENSION_DEG, Fault, Lift

    wish = Wish(
        lift=_choice(Lift, "--lift", lift),
        fault=_choice(Fault, "--fault", fault),
        tuck_deg=tuck,
        seed=seed,
        yaw_deg=yaw,
        clothing=_choice(Clothing, "--clothing", clothing),
        fps=fps,
    )
    if tuck is None:
        return wish
    if wish.fault is Fault.NONE:
        raise UsageError(
            f"--tuck {tuck:g} is the size of a fault, but there is none."
            " Add --fault butt_wink, rounded or overextended, or leave --tuck out."
        )
    low_deg, high_deg = (
        OVEREXTENSION_DEG if wish.fault is Fault.OVEREXTENDED else (0.0, MOST_FAULT_DEG)
    )
    if not (low_deg <= tuck <= high_deg and tuck > 0):
        raise UsageError(
            f"--tuck {tuck:g}: expected {f'{low_deg:g}' if low_deg else 'more than 0'} to"
            f" {high_deg:g} degrees for --fault {wish.fault}."
        )
    return wish


def _choice(kind: type[Choice], option: str, text: str) -> Choice:
    """The member called `text`; a dash is as good as an underscore."""
    try:
        return kind(text.lower().replace("-", "_"))
    except ValueError:
        names = ", ".join(f"'{member}'" for member in kind)
        raise UsageError(f"{option}: '{text}' is not one of {names}.") from None


def _default_name(wish: Wish) -> str:
    from hingecheck.simulate.plan import Fault

    return f"{wish.lift}.mp4" if wish.fault is Fault.NONE else f"{wish.lift}_{wish.fault}.mp4"


def _film(wish: Wish, clip: Path, libraries: QuietLibraries) -> Motion:
    """Draw, play and film the set; nothing is written before all of it is there."""
    from hingecheck.cli.progress import progress_bar

    with progress_bar(libraries.terminal) as progress:
        task = progress.add_task(f"{clip.name}: shaping the lifter", total=1.0)
        scene, motion = _staged(wish)
        from hingecheck.simulate.film import simulate_clip

        with _complete(clip) as partial, _interrupts() as interrupted:
            progress.update(task, description=f"{clip.name}: filming")

            def drawn(share: float) -> None:
                if interrupted:
                    raise KeyboardInterrupt
                progress.update(task, completed=share)

            simulate_clip(scene, motion, partial, crf=CRF, progress=drawn)
    return motion


@contextmanager
def _interrupts() -> Iterator[list[int]]:
    """Keeps the signals that asked to stop: the renderer swallows what is raised inside it."""
    heard: list[int] = []

    def hear(number: int, frame: FrameType | None) -> None:
        heard.append(number)
        signal.default_int_handler(number, frame)

    asked = endings()
    before = [signal.signal(number, hear) for number in asked]
    try:
        yield heard
    finally:
        for number, handler in zip(asked, before, strict=True):
            signal.signal(number, handler)


def _staged(wish: Wish) -> tuple[Scene, Motion]:
    import numpy as np

    from hingecheck.simulate.cast import random_set
    from hingecheck.simulate.motion import move
    from hingecheck.simulate.tidy import tidy_scene

    rng = np.random.default_rng(wish.seed)
    scene = tidy_scene(rng, wish.lift, wish.clothing, wish.yaw_deg)
    plan = random_set(rng, scene, wish.lift, wish.fault, wish.tuck_deg).plan
    got_deg = max(abs(plan.tuck_deg), plan.lockout_extension_deg)
    if wish.tuck_deg is not None and got_deg < wish.tuck_deg - 0.05:
        raise UsageError(
            f"--tuck {wish.tuck_deg:g}: this lifter's {wish.lift.replace('_', ' ')} flexes the"
            f" lumbar spine by {plan.lumbar_flexion_deg:.0f} degrees without a fault, which"
            f" leaves room for {got_deg:.0f}. Choose less, or another --seed."
        )
    # From a generator of its own: the same repetitions at any frame rate.
    return scene, move(replace(plan, fps=wish.fps), scene.lifter, np.random.default_rng(wish.seed))


def _headline(motion: Motion) -> str:
    """The set in words: lift, repetitions, fault."""
    from hingecheck.simulate.plan import Fault

    plan = motion.plan
    reps = "1 repetition" if len(motion.reps) == 1 else f"{len(motion.reps)} repetitions"
    said = f"{plan.lift.replace('_', ' ')}, {reps}"
    if plan.fault is Fault.NONE:
        return f"{said}, the back holds its shape"
    size_deg = max(abs(plan.tuck_deg), plan.lockout_extension_deg)
    where = " at the top" if plan.tuck_deg == 0 else ""
    return f"{said}, {plan.fault.replace('_', ' ')} by {size_deg:.0f} degrees{where}"


def _truth(clip: Path, ending: str) -> Path:
    return clip.with_name(f"{clip.stem}_truth.{ending}")


def _refuse_unless_replaceable(clip: Path) -> None:
    """Raise unless the clip's place is free, or held by one that was simulated."""
    if clip.suffix.lower() != ".mp4":
        raise UsageError(f"{clip}: expected a name that ends in .mp4, for --out.")
    if clip.is_dir():
        raise UsageError(f"{clip}: is a folder, expected a file. Choose another --out.")
    files = (clip, _truth(clip, "csv"), _truth(clip, "json"))
    taken = [path for path in files if path.exists()]
    if taken and not _was_simulated(files[-1]):
        raise UsageError(
            f"{taken[0]}: exists and was not simulated, so it is left alone. Choose another --out."
        )


def _was_simulated(truth: Path) -> bool:
    try:
        record = json.loads(truth.read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(record, dict) and str(record.get("schema")).startswith("hingecheck.truth/")


@contextmanager
def _complete(clip: Path) -> Iterator[Path]:
    """Where to write clip and truth; they take their names when all of them are complete."""
    partial = clip.with_name(f".{clip.name}.partial-{os.getpid()}")
    try:
        _clear_leftovers(clip)
        partial.mkdir(parents=True)
        yield partial / clip.name
        # The clip comes last and goes first: it never stands beside another set's truth.
        clip.unlink(missing_ok=True)
        for path in (_truth(clip, "csv"), _truth(clip, "json"), clip):
            (partial / path.name).replace(path)
    except OSError as error:
        what = reason_of(error)
        raise OutputError(f"{clip}: cannot be written ({what}). Choose another --out.") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _clear_leftovers(clip: Path) -> None:
    if not clip.parent.is_dir():
        return
    for folder in list(clip.parent.iterdir()):
        partial = folder.name.startswith(f".{clip.name}.partial-")
        if partial and time.time() - folder.stat().st_mtime > STALE_S:
            shutil.rmtree(folder, ignore_errors=True)
