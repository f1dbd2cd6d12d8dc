"""One attempt at one clip: fetch it, know it, have it checked."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from hingecheck.batch.fetch import CannotFetch, FetchStalled, bring, renamed
from hingecheck.batch.hand import Hand, NotDone, Tell
from hingecheck.batch.records import Failure, Order, Outcome
from hingecheck.batch.settings import clip_id
from hingecheck.batch.sources import name_of
from hingecheck.clip.probe import file_sha256
from hingecheck.errors import explain

__all__ = ["attempt"]


def attempt(order: Order, hand: Hand, folder: Path, tell: Tell) -> Outcome:
    """Check a clip once.

    Args:
        order: What to do.
        hand: The process that does it.
        folder: An empty folder to work in; a result lies in `folder / "result"` afterwards.
        tell: Called as the work goes on.

    Returns:
        What came of it; never raises for anything that is wrong with the clip.
    """
    source, settings = order.source, order.settings
    address = source.address
    name = "the clip" if settings.anonymous else name_of(address)
    clip: str | None = None
    size: int | None = None
    try:
        tell("fetch", 0.0)
        path = bring(source, folder, order.quiet_s)
        size, sha256 = path.stat().st_size, file_sha256(path)
        clip = clip_id(sha256, order.fingerprint)
        if clip in order.known:
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
        if done["sha256"] != sha256:
            raise NotDone(Failure.INTERNAL, f"{name}: changed while it was checked.")
    except NotDone as end:
        return Outcome(address, clip, size, None, end.failure, str(end), hopeless=end.hopeless)
    except FetchStalled as error:
        return Outcome(address, clip, size, None, Failure.TIMED_OUT, f"{name}: {error}")
    except CannotFetch as error:
        return Outcome(address, clip, size, None, Failure.OUT_OF_REACH, f"{name}: {error}")
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
