"""`hingecheck check`: from video files to a form check per rep."""

from __future__ import annotations

import glob
import itertools
import re
import sys
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from hingecheck.cli.stderr import QuietLibraries
from hingecheck.errors import Cancelled, HingecheckError, UsageError, explain
from hingecheck.motion.records import Lift
from hingecheck.pose.models import PoseModel

if TYPE_CHECKING:
    from hingecheck.report.schema import Result

__all__ = ["BAD_TO_WORSE", "check", "find_clips", "result_folders"]

NOTHING_JUDGED = 4
INTERNAL = HingecheckError.exit_code

BAD_TO_WORSE = (0, NOTHING_JUDGED, 3, 2, INTERNAL, Cancelled.exit_code)
"""Exit codes by how much went wrong; a run over several clips ends with the worst of them."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one clip ended.

    Attributes:
        clip: Its path.
        code: The exit code it would have alone.
        sentence: What to say about it in one line.
    """

    clip: Path
    code: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asked for, the same for every clip.

    Attributes:
        lift: Which lift it is; None finds out.
        model: Which pose model looks.
        overlay: Whether to draw overlay.mp4.
        blur_faces: Whether to make heads unrecognisable.
        profile: Name of the lifter's stored profile.
        as_json: Whether the result goes to standard output instead of a table.
        debug: Whether to show tracebacks and the libraries' own messages.
    """

    lift: Lift | None
    model: PoseModel
    overlay: bool
    blur_faces: bool
    profile: str | None
    as_json: bool
    debug: bool


def check(
    clips: Annotated[
        list[str],
        typer.Argument(metavar="CLIP", help="Video files, or patterns such as 'set*.mp4'."),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            help="Result folder; with several clips, the folder that holds theirs."
            " Default: CLIP's name with .hingecheck, where you are."
        ),
    ] = None,
    lift: Annotated[Lift | None, typer.Option(help="Which lift it is. Default: find out.")] = None,
    model: Annotated[
        PoseModel, typer.Option(help="Pose model, from fastest to most exact.")
    ] = PoseModel.FULL,
    profile: Annotated[
        str | None,
        typer.Option(help="Whose stored standing and maximum to use; see `hingecheck profile`."),
    ] = None,
    no_overlay: Annotated[
        bool, typer.Option("--no-overlay", help="Skip overlay.mp4; about a quarter faster.")
    ] = False,
    blur_faces: Annotated[
        bool,
        typer.Option(
            "--blur-faces", help="Make every head unrecognisable in overlay.mp4 and the report."
        ),
    ] = False,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print result.json on standard output, one line per clip."),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show tracebacks and the libraries' own messages.")
    ] = False,
) -> None:
    """Check a filmed set: every rep found, judged and drawn.

    Exit codes: 0 done, 2 usage, 3 the clip cannot be read, 4 nothing in it could be judged (the
    result is still written), 5 internal error. With several clips, the worst of them.
    """
    wish = Wish(lift, model, not no_overlay, blur_faces, profile, as_json, debug)
    paths = find_clips(clips)
    several = len(clips) > 1 or _is_pattern(clips[0])
    folders = result_folders(paths, out, several=several)
    outcomes: list[Outcome] = []
    with QuietLibraries(quiet=not debug) as libraries:
        if several:
            _print_renamed(paths, folders, libraries.terminal)
        for clip, folder in zip(paths, folders, strict=True):
            outcomes.append(_check_one(clip, folder, wish, libraries))
            if outcomes[-1].code == Cancelled.exit_code:
                break
        if len(paths) > 1 and not as_json:
            _print_outcomes(outcomes)
    raise typer.Exit(max((outcome.code for outcome in outcomes), key=BAD_TO_WORSE.index))


def find_clips(arguments: Sequence[str]) -> list[Path]:
    """Files and patterns as paths, each file once, in the order they were asked for.

    A pattern that matches nothing is an error; a missing file is not yet one.
    """
    paths: list[Path] = []
    for argument in arguments:
        if not _is_pattern(argument):
            paths.append(Path(argument))
            continue
        # Path.glob cannot take a pattern with a drive or a root.
        matches = [Path(name) for name in sorted(glob.glob(argument, recursive=True))]  # noqa: PTH207
        files = [path for path in matches if path.is_file() and not _is_overlay(path)]
        if not files:
            raise UsageError(f"{argument}: no file matches. Check the pattern and the folder.")
        paths += files
    return list({path.resolve(): path for path in reversed(paths)}.values())[::-1]


def _is_overlay(path: Path) -> bool:
    """Whether a file is what an earlier check drew; patterns mean what was filmed."""
    return path.name == "overlay.mp4" and (path.parent / "result.json").is_file()


def result_folders(clips: Sequence[Path], out: Path | None, *, several: bool) -> list[Path | None]:
    """Where each clip's result goes; None leaves it to `hingecheck.check`.

    Of several clips with one name the first gets it alone; a later one shows its ending too when
    it lies beside the first (`squat.mov`), and the folder it lies in otherwise (`monday-squat`).
    Case makes no difference, as it makes none on many disks.
    """
    if not several:
        return [out]
    taken: dict[str, Path] = {}
    folders: list[Path | None] = []
    for clip in clips:
        place = clip.parent.resolve()
        beside = taken.get(clip.stem.casefold()) == place
        name = next(name for name in _names(clip, place, beside) if name.casefold() not in taken)
        taken[name.casefold()] = place
        folders.append((out or Path()) / f"{name}.hingecheck")
    return folders


def _names(clip: Path, place: Path, beside: bool) -> Iterator[str]:
    """Names that a clip in the folder `place` may have, the plainest first; they never end."""
    yield clip.stem
    if beside:
        yield clip.name
    prefix = ""
    for folder in (place, *place.parents):
        if folder.name:
            prefix = f"{folder.name}-{prefix}"
            yield prefix + clip.stem
            yield prefix + clip.name
    yield from (f"{clip.stem}-{number}" for number in itertools.count(2))


def _print_renamed(clips: Sequence[Path], folders: Sequence[Path | None], terminal: TextIO) -> None:
    """Say which results are not named after their clip alone."""
    for clip, folder in zip(clips, folders, strict=True):
        plain = f"{clip.stem}.hingecheck"
        if folder is not None and folder.name != plain:
            print(f"Note: {clip} goes to {folder}: {plain} is another clip's.", file=terminal)


def _is_pattern(argument: str) -> bool:
    """Whether an argument stands for files by a pattern; a real name with brackets does not."""
    return glob.has_magic(argument) and not _is_address(argument) and not Path(argument).exists()


def _is_address(argument: str) -> bool:
    """Whether an argument is a web address, whose question mark is no pattern's."""
    return re.match(r"[a-z][a-z0-9+.-]+://", argument, re.IGNORECASE) is not None


def _check_one(clip: Path, folder: Path | None, wish: Wish, libraries: QuietLibraries) -> Outcome:
    """Check a clip and say how it went; every error ends here as one line."""
    try:
        result = _result(clip, folder, wish, libraries)
    except KeyboardInterrupt:
        libraries.mute()
        outcome = Outcome(clip, Cancelled.exit_code, f"{clip.name}: stopped, nothing was written.")
    except HingecheckError as error:
        outcome = Outcome(clip, error.exit_code, str(error))
        if wish.debug:
            traceback.print_exc(file=libraries.terminal)
    except Exception as error:
        if wish.debug:
            traceback.print_exc(file=libraries.terminal)
        else:
            libraries.terminal.write(libraries.held_back())
        outcome = Outcome(clip, INTERNAL, f"{clip.name}: {explain(error)}")
    else:
        return _shown(clip, result, wish)
    print(f"hingecheck: {outcome.sentence}", file=libraries.terminal)
    return outcome


def _result(clip: Path, folder: Path | None, wish: Wish, libraries: QuietLibraries) -> Result:
    from hingecheck.cli.progress import ClipProgress
    from hingecheck.pipeline import check as check_clip

    with ClipProgress(libraries.terminal, clip.name, wish.overlay) as progress:
        return check_clip(
            clip,
            out=folder,
            lift=wish.lift,
            model=wish.model,
            overlay=wish.overlay,
            blur_faces=wish.blur_faces,
            profile=wish.profile,
            progress=progress,
        )


def _shown(clip: Path, result: Result, wish: Wish) -> Outcome:
    from rich.console import Console

    from hingecheck.cli.summary import print_result, was_judged
    from hingecheck.report.words import headline

    if wish.as_json:
        print(result.model_dump_json(by_alias=True), flush=True)
    else:
        console = Console(highlight=False, markup=False, emoji=False)
        print_result(result, console)
        console.print(f"Written to {result.folder}: open report.html.", soft_wrap=True)
    code = 0 if was_judged(result) else NOTHING_JUDGED
    place = f" ({result.folder.name})" if result.folder is not None else ""
    return Outcome(clip, code, f"{clip.name}: {headline(result).title}{place}")


def _print_outcomes(outcomes: Sequence[Outcome]) -> None:
    good = sum(outcome.code in (0, NOTHING_JUDGED) for outcome in outcomes)
    print(f"\n{good} of {len(outcomes)} clips checked:")
    for outcome in outcomes:
        print(f"  {outcome.sentence}")
    sys.stdout.flush()
