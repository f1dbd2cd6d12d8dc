"""`hingecheck batch`: a folder of uploads, one machine or many."""

from __future__ import annotations

import importlib.util
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hingecheck.errors import ClipError, HingecheckError, UsageError, explain
from hingecheck.motion.records import Lift
from hingecheck.pose.models import PoseModel
from hingecheck.pose.privacy import unseal_process

if TYPE_CHECKING:
    from hingecheck.batch.crew import Crew

__all__ = ["batch"]

LONGEST_QUIET_S = 86_400.0
"""A day: a clip that shows no progress for longer has none to show."""

MOST_WORKERS = 256
"""More cores than a machine has that is worth its price; half a gigabyte of memory each."""


def batch(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT",
            help="Clips, folders, patterns such as 'gym/**/*.mov', or addresses such as"
            " s3://bucket/uploads.",
        ),
    ],
    out: Annotated[Path, typer.Option(help="Folder of the dataset; an earlier one goes on.")],
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=MOST_WORKERS, help="Worker processes. Default: one for each core."),
    ] = None,
    lift: Annotated[Lift | None, typer.Option(help="Which lift it is. Default: find out.")] = None,
    model: Annotated[
        PoseModel, typer.Option(help="Pose model, from fastest to most exact.")
    ] = PoseModel.FULL,
    no_overlay: Annotated[
        bool, typer.Option("--no-overlay", help="Skip overlay.mp4; about a third faster.")
    ] = False,
    no_video: Annotated[
        bool, typer.Option("--no-video", help="Numbers only: no film, stills or thumbnails.")
    ] = False,
    blur_faces: Annotated[
        bool, typer.Option("--blur-faces", help="Blur every head in films and stills.")
    ] = False,
    anonymise: Annotated[
        bool, typer.Option("--anonymise", help="No names, paths or sound in what is written.")
    ] = False,
    timeout: Annotated[
        float | None,
        typer.Option(
            min=1,
            max=LONGEST_QUIET_S,
            help="Seconds that a clip may show no progress. Default: 300.",
        ),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Try clips again that were given up.")
    ] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Drop clips that the inputs no longer hold.")
    ] = False,
    cluster: Annotated[
        str | None,
        typer.Option(help="A Dask scheduler such as tcp://host:8786, or `local` to start one."),
    ] = None,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show tracebacks and what failed workers printed.")
    ] = False,
) -> None:
    """Check many clips, each once, and make a dataset of them.

    Run it again with the same --out to go on where it was stopped, to take in new or changed
    clips, and to retry what failed.

    Exit codes: 0 all clips have results, 3 some have none, 2 usage, 5 internal error, 130 stopped.
    """
    if importlib.util.find_spec("pyarrow") is None:
        raise UsageError("batch writes Parquet tables. pip install 'hingecheck[batch]'")
    unseal_process()  # only processes that look at clips have to be sealed, and are

    from hingecheck.batch.batch import QUIET_S, Wish, check_all
    from hingecheck.batch.settings import Settings
    from hingecheck.cli.batch_view import BatchView
    from hingecheck.clip.cores import cores
    from hingecheck.overlay.film import Pictures

    settings = Settings(
        lift=lift,
        model=model,
        pictures=Pictures(
            overlay=not (no_video or no_overlay),
            stills=not no_video,
            thumbnail=not no_video,
            sound=not anonymise,
            blur_faces=blur_faces,
        ),
        anonymous=anonymise,
    )
    hands = workers or min(cores(), MOST_WORKERS)
    try:
        with BatchView(sys.stderr, debug) as view:
            totals = check_all(
                inputs,
                out,
                settings,
                lambda work: _crew(cluster, hands, work, debug),
                view,
                Wish(timeout or QUIET_S, again, prune),
            )
    except Exception as error:
        if debug:
            with suppress(OSError):
                traceback.print_exc()
        if isinstance(error, HingecheckError):
            raise
        raise HingecheckError(f"{out}: {explain(error)} What is done is kept.") from error
    with suppress(OSError):  # whoever wanted to read it has left; the dataset is there
        for sentence in [totals.title, *totals.sentences]:
            print(sentence)
        print(f"Written to {out}: open index.html.")
    raise typer.Exit(ClipError.exit_code if totals.failed else 0)


def _crew(cluster: str | None, workers: int, work: Path, debug: bool) -> Crew:
    if cluster is None:
        from hingecheck.batch.crew import LocalCrew

        return LocalCrew(workers, work)
    from hingecheck.batch.cluster import DaskCrew, quiet_dask, start_cluster

    if not debug:
        quiet_dask()
    client = start_cluster(cluster, workers)
    if not client.nthreads():
        with suppress(OSError):
            print(f"--cluster {cluster}: has no workers yet; waiting for one.", file=sys.stderr)
    return DaskCrew(client, work)
