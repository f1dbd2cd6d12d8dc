"""`hingecheck live`: the form check while you lift."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import asdict
from math import isfinite
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from hingecheck.cli.guard import guarded
from hingecheck.cli.interrupts import heard
from hingecheck.errors import OutputError, UsageError, reason_of
from hingecheck.motion.records import Lift
from hingecheck.pose.models import PoseModel

if TYPE_CHECKING:
    from hingecheck.live.desk import Desk
    from hingecheck.live.records import Event
    from hingecheck.live.sound import Sounds
    from hingecheck.live.source import Source

__all__ = ["live"]

BENCH_S = 300.0

LARGEST_PX = 16_384
"""Longest side of a picture; 8K cameras give half of it."""


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
    bench_s: Annotated[
        float | None, typer.Option(help="Another length for --bench, in seconds.")
    ] = None,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show tracebacks and the libraries' own messages.")
    ] = False,
) -> None:
    """Check your form while you lift: the camera beside you, a tone when the pelvis tucks.

    Keys: space starts and ends a set, c stand again, r shows the last rep again, s saves it,
    m mutes, f fills the screen, ? shows the keys, q quits.

    Exit codes: 0 done, 2 usage, 3 the camera or clip cannot be read, 5 a set has no result, events
    could not be written, or internal error, 130 stopped before its result was written; films of
    sets always stay.
    """
    if (camera is None) == (replay is None):
        if replay is not None:
            raise UsageError("give --camera or --replay, not both.")
        camera = "0"
    loop_s = _bench_length(bench, bench_s, replay)
    # Before PyAV: both bring a libxcb-shm of the same name, and the window's connection to the
    # screen hangs on PyAV's.
    import cv2  # noqa: F401

    from hingecheck.clip.network import shown_address

    if camera is not None:
        _require_camera(camera)
    name = shown_address(camera or "") if replay is None else replay.name
    with guarded(name, debug=debug) as libraries, ExitStack() as stack:
        from hingecheck.live.bench import Rushes
        from hingecheck.live.desk import Desk
        from hingecheck.live.films import Films
        from hingecheck.live.session import Wish
        from hingecheck.live.window import has_screen
        from hingecheck.store.profiles import read_profile

        stream = sys.stdout if headless else libraries.terminal
        tell = _Teller(stream, headless and not bench, lambda: desk.quit(), libraries.terminal)
        stored = None if profile is None else read_profile(profile)
        source = _source(camera, replay, _size(size), fps, loop_s)
        if bench:
            out = Path(stack.enter_context(TemporaryDirectory(prefix="hingecheck-bench-")))

        def sounds() -> Sounds:
            return _sounds(not no_tuck, not no_count, not no_voice, libraries.terminal)

        films = Rushes if bench else Films
        desk = Desk(
            source,
            Wish(
                lift=lift,
                model=model,
                stored=stored,
                one_set=replay is not None and not bench,
            ),
            (lambda event: None) if bench else tell.tell,
            window=not headless and (not bench or has_screen()),
            sounds=None if mute or bench else sounds,
            out=out,
            films=None if no_record else films,
            mirrored=replay is None,
            always=bench,
        )
        # A set that runs is over then, and its result is written.
        with heard(desk.quit, desk.give_up):
            if bench:
                _bench(desk)
            else:
                desk.run()
    if headless and tell.lost:
        raise typer.Exit(OutputError.exit_code)


def _bench(desk: Desk) -> None:
    from hingecheck.live.bench import Usage, measure

    with Usage() as usage:
        run = desk.run()
    if len(run.shown_s) < 2:
        raise UsageError("--bench: fewer than two pictures were judged. Give a longer clip.")
    figures = measure(
        run.taken_s,
        run.shown_s,
        run.latencies_ms,
        run.dropped,
        run.looked_with,
        usage,
        window=run.seen,
    )
    print(json.dumps(asdict(figures)))


def _bench_length(bench: bool, bench_s: float | None, replay: Path | None) -> float:
    """How long a clip is played again and again; 0 to play it once."""
    if not bench:
        if bench_s is not None:
            raise UsageError("--bench-s is a length for --bench: add --bench.")
        return 0.0
    if replay is None:
        raise UsageError("--bench measures a replayed clip: add --replay CLIP.")
    length_s = BENCH_S if bench_s is None else bench_s
    if not (isfinite(length_s) and length_s > 0):
        raise UsageError(f"--bench-s {length_s:g}: expected seconds above 0, such as 60.")
    return length_s


def _require_camera(camera: str) -> None:
    """Refuse what is no camera's name: as one it would be waited for without end.

    Raises:
        UsageError: What to give instead.
    """
    from hingecheck.clip.camera import is_camera
    from hingecheck.clip.network import is_address, is_whole, shown_address

    name = shown_address(camera)
    if is_camera(camera):
        if is_address(camera) and not is_whole(camera):
            raise UsageError(
                f"--camera {name}: no machine in this address. Give one such as"
                " http://192.168.1.20:8080/video; write a / or # in its password as %2F or %23."
            )
        return
    if Path(camera).is_file():
        raise UsageError(f"--camera {name}: this is a clip. Play it with --replay.")
    if is_address(camera):
        raise UsageError(f"--camera {name}: this is a clip's address. Play its file with --replay.")
    raise UsageError(
        f"--camera {name}: no camera's name. Give 0, 1, a device such as /dev/video0, or an"
        " rtsp:// or http:// address."
    )


def _source(
    camera: str | None, replay: Path | None, size: tuple[int, int], fps: float, loop_s: float
) -> Source:
    from hingecheck.clip.camera import Camera, Wanted
    from hingecheck.live.source import Replay

    if replay is not None:
        return Replay(replay, loop_s=loop_s)
    if not (isfinite(fps) and fps > 0):
        raise UsageError(f"--fps {fps:g}: expected pictures a second above 0, such as 30.")
    return Camera(camera or "0", Wanted(*size, fps))


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    known = text.isascii() and width.isdigit() and height.isdigit()
    if not (known and 0 < int(width) <= LARGEST_PX and 0 < int(height) <= LARGEST_PX):
        raise UsageError(f"--size {text}: expected width x height, such as 1280x720.")
    return int(width), int(height)


def _sounds(tuck: bool, count: bool, voice: bool, terminal: TextIO) -> Sounds:
    from hingecheck.live.sound import Sounds

    def say(sentence: str) -> None:
        print(sentence, file=terminal, flush=True)

    return Sounds(tuck=tuck, count=count, voice=voice, note=say, terminal=terminal)


class _Teller:
    """Writes events until they cannot be written; a set goes on without them.

    Args:
        stream: Where they go.
        as_json: Whether as JSON.
        left: Called when whoever read them has left.
        terminal: Where it is said that they cannot be written.

    Attributes:
        lost: Whether there was no room for some.
    """

    def __init__(
        self, stream: TextIO, as_json: bool, left: Callable[[], None], terminal: TextIO
    ) -> None:
        self._stream, self._as_json, self._left = stream, as_json, left
        self._terminal = terminal
        self.lost = False

    def tell(self, event: Event) -> None:
        """Write an event."""
        try:
            print(_line(event, self._as_json), file=self._stream, flush=True)
        except OSError as error:
            # What could not be written waits to be written again at the end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())
            if isinstance(error, BrokenPipeError):
                self._left()
                return
            self.lost = True
            if self._stream is not self._terminal:
                with suppress(OSError):
                    print(
                        f"hingecheck: standard output cannot be written ({reason_of(error)})."
                        " The set goes on without events.",
                        file=self._terminal,
                        flush=True,
                    )


def _line(event: Event, as_json: bool) -> str:
    if not as_json:
        return f"{event.time_s:7.2f} s  {event.text}"
    fields = {
        "event": event.kind.value,
        "time_s": round(event.time_s, 3),
        "rep": event.rep or None,
        "value_deg": round(event.value_deg, 1) if isfinite(event.value_deg) else None,
        "text": event.text,
    }
    return json.dumps(fields)
