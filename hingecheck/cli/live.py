"""`hingecheck live`: the form check while you lift."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from hingecheck.cli.guard import guarded
from hingecheck.errors import UsageError
from hingecheck.motion.records import Lift
from hingecheck.pose.models import PoseModel

if TYPE_CHECKING:
    from hingecheck.live.desk import Desk
    from hingecheck.live.records import Event
    from hingecheck.live.sound import Sounds
    from hingecheck.live.source import Source

__all__ = ["live"]

BENCH_S = 300.0


def live(
    camera: Annotated[
        str | None,
        typer.Option(help="A camera: 0, 1, /dev/video0, or an rtsp:// or http:// address."),
    ] = None,
    replay: Annotated[
        Path | None, typer.Option(help="A clip in the place of a camera, at its own pace.")
    ] = None,
    lift: Annotated[Lift | None, typer.Option(help="Which lift it is. Default: find out.")] = None,
    model: Annotated[
        PoseModel, typer.Option(help="Pose model to begin with; a busy machine steps down.")
    ] = PoseModel.FULL,
    profile: Annotated[
        str | None, typer.Option(help="Whose stored standing to begin with.")
    ] = None,
    out: Annotated[
        Path, typer.Option(help="Folder for recordings and results. Default: where you are.")
    ] = Path(),
    no_record: Annotated[
        bool, typer.Option("--no-record", help="Keep nothing: no films, no results.")
    ] = False,
    size: Annotated[str, typer.Option(help="Picture size to ask the camera for.")] = "1280x720",
    fps: Annotated[float, typer.Option(help="Pictures a second to ask the camera for.")] = 30.0,
    headless: Annotated[
        bool, typer.Option("--headless", help="No window: events as lines of JSON.")
    ] = False,
    mute: Annotated[bool, typer.Option("--mute", help="No sounds at all.")] = False,
    no_voice: Annotated[bool, typer.Option("--no-voice", help="Tones, but no spoken cue.")] = False,
    no_count: Annotated[bool, typer.Option("--no-count", help="No sound at lockout.")] = False,
    no_tuck: Annotated[bool, typer.Option("--no-tuck", help="No tone when the pelvis tucks.")] = (
        False
    ),
    bench: Annotated[
        bool,
        typer.Option("--bench", help="With --replay: loop for five minutes, print speed as JSON."),
    ] = False,
    bench_s: Annotated[float, typer.Option(help="Another length for --bench.")] = BENCH_S,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show tracebacks and the libraries' own messages.")
    ] = False,
) -> None:
    """Check your form while you lift: the camera beside you, a tone when the pelvis tucks.

    Keys: space starts and ends a set, c stand again, r shows the last rep again, s saves it,
    m mutes, f fills the screen, ? shows the keys, q quits.

    Exit codes: 0 done, 2 usage, 3 the camera or clip cannot be read, 5 internal error.
    """
    if (camera is None) == (replay is None):
        if replay is not None:
            raise UsageError("give --camera or --replay, not both.")
        camera = "0"
    if bench and replay is None:
        raise UsageError("--bench measures a replayed clip: add --replay CLIP.")
    # Before PyAV: both bring a libxcb-shm of the same name, and the window's connection to the
    # screen hangs on PyAV's.
    import cv2  # noqa: F401

    from hingecheck.clip.network import shown_address

    name = shown_address(camera or "") if replay is None else replay.name
    with guarded(name, debug=debug) as libraries:
        from hingecheck.live.desk import Desk
        from hingecheck.live.session import Wish
        from hingecheck.store.profiles import read_profile

        tell = _teller(sys.stdout if headless else libraries.terminal, headless and not bench)
        sounds = None
        if not (mute or bench):
            sounds = _sounds(not no_tuck, not no_count, not no_voice, libraries.terminal)
        desk = Desk(
            _source(camera, replay, _size(size), fps, bench_s if bench else 0.0),
            Wish(
                lift=lift,
                model=model,
                stored=None if profile is None else read_profile(profile),
                one_set=replay is not None,
            ),
            (lambda event: None) if bench else tell,
            window=not (headless or bench),
            draws=bench,
            sounds=sounds,
            out=None if no_record or bench else out,
            mirrored=replay is None,
        )
        if bench:
            _bench(desk)
        else:
            desk.run()
        if sounds is not None:
            sounds.close()


def _bench(desk: Desk) -> None:
    from hingecheck.live.bench import MemoryWatch, measure

    with MemoryWatch() as memory:
        run = desk.run()
    if len(run.shown_s) < 2:
        raise UsageError("--bench: fewer than two pictures were judged. Give a longer clip.")
    figures = measure(run.shown_s, run.latencies_ms, run.dropped, run.quality, memory.resident_mb)
    print(json.dumps(asdict(figures)), flush=True)


def _source(
    camera: str | None, replay: Path | None, size: tuple[int, int], fps: float, loop_s: float
) -> Source:
    from hingecheck.clip.camera import Camera, Wanted
    from hingecheck.live.source import Replay

    if replay is not None:
        return Replay(replay, loop_s=loop_s)
    return Camera(camera or "0", Wanted(*size, fps))


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit() and int(width) and int(height)):
        raise UsageError(f"--size {text}: expected width x height, such as 1280x720.")
    return int(width), int(height)


def _sounds(tuck: bool, count: bool, voice: bool, terminal: TextIO) -> Sounds:
    from hingecheck.live.sound import Sounds

    def say(sentence: str) -> None:
        print(sentence, file=terminal, flush=True)

    return Sounds(tuck=tuck, count=count, voice=voice, note=say, terminal=terminal)


def _teller(stream: TextIO, as_json: bool) -> Callable[[Event], None]:
    def tell(event: Event) -> None:
        if as_json:
            value = round(event.value_deg, 1) if isfinite(event.value_deg) else None
            line = {
                "event": event.kind.value,
                "time_s": round(event.time_s, 3),
                "rep": event.rep or None,
                "value_deg": value,
                "text": event.text,
            }
            print(json.dumps(line), file=stream, flush=True)
        else:
            print(f"{event.time_s:7.2f} s  {event.text}", file=stream, flush=True)

    return tell
