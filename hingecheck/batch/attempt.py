"""One attempt at one clip: fetch it, know it, have it checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from hingecheck.batch.addresses import name_of
from hingecheck.batch.fetch import CannotFetch, FetchStalled, bring, renamed
from hingecheck.batch.hand import Hand, NotDone, Tell
from hingecheck.batch.records import Failure, Order, Outcome
from hingecheck.batch.settings import clip_id
from hingecheck.clip.probe import file_sha256
from hingecheck.errors import explain

__all__ = ["attempt"]


def attempt(
    order: Order, hand: Hand, folder: Path, tell: Tell, is_mine: Callable[[str], bool]
) -> Outcome:
    """Check a clip once.

    Args:
        order: What to do.
        hand: The process that does it.
        folder: An empty folder to work in; a result lies in `folder / "result"` afterwards.
        tell: Called as the work goes on.
        is_mine: Whether the clip with this id is not being checked by somebody else.

    Returns:
        What came of it, without a folder where the clip is known or somebody else's. Never
        raises for anything that is wrong with the clip.
    """
    source, settings = order.source, order.settings
    address = source.address
    name = "the clip" if settings.anonymous else name_of(address)
    clip: str | None = None
    size: int | None = None
    try:
        tell("fetch", 0.0)
        path = bring(source, folder, order.quiet_s)
        before = path.stat()
        size = before.st_size
        clip = clip_id(file_sha256(path), order.fingerprint)
        if clip in order.known or not is_mine(clip):
            return Outcome(address, clip, size)
        if settings.anonymous:
            path = renamed(path, folder, clip)
            name = path.name
        done = hand.do(
            {
                "clip": str(path),
                "folder": str(folder / "result"),
                "lift": settings.lift,
                "model": settings.model,
                "pictures": asdict(settings.pictures),
            },
            name,
            order.quiet_s,
            tell,
        )
        after = path.stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise NotDone(Failure.INTERNAL, f"{name}: changed while it was checked.")
    except NotDone as end:
        return Outcome(
            address,
            clip,
            size,
            failure=end.failure,
            message=str(end),
            hopeless=end.hopeless,
            lasting=end.failure is Failure.UNREADABLE,
            log=end.log,
        )
    except FetchStalled as error:
        return Outcome(address, clip, size, None, Failure.TIMED_OUT, f"{name}: {error}")
    except CannotFetch as error:
        return Outcome(
            address,
            clip,
            size,
            failure=Failure.OUT_OF_REACH,
            message=f"{name}: {error}",
            lasting=error.lasting,
        )
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        message = f"{name}: cannot be read ({reason}). Check the file and try again."
        return Outcome(address, clip, size, None, Failure.OUT_OF_REACH, message)
    except Exception as error:
        # A fault of ours ends an attempt, and neither its thread nor the run.
        return Outcome(address, clip, size, None, Failure.INTERNAL, f"{name}: {explain(error)}")
    return Outcome(
        address,
        clip,
        size,
        folder / "result",
        reps=done["reps"],
        headline=done["headline"],
        length_s=done["length_s"],
    )
