"""The child process that checks clips, one at a time, on one core.

It reads one order a line on standard input and answers in lines on standard output, all JSON. It
ends when its standard input does, so that it never outlives the program that started it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TextIO

from hingecheck.clip.cores import use_cores
from hingecheck.errors import (
    ClipError,
    HingecheckError,
    ModelError,
    OutputError,
    UsageError,
    explain,
)
from hingecheck.pose.privacy import seal_process

__all__ = ["main"]

SAY_EVERY_S = 0.2
"""Progress is told so often at most."""

FIRST_TO_GO = 800
"""`oom_score_adj` of this process (proc(5)): when memory runs out, Linux ends a worker and not
the run, or somebody else's program."""


def main() -> None:
    """Carry out orders until there are no more."""
    answers = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)  # whatever libraries print
    for name in ("SIGINT", "SIGHUP"):
        # Ctrl-C and a closed terminal are for the run to handle; Windows has no SIGHUP.
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    seal_process()
    use_cores(1)
    _volunteer()
    orders: SimpleQueue[str] = SimpleQueue()
    threading.Thread(target=_listen, args=(orders,), daemon=True).start()
    while True:
        _carry_out(json.loads(orders.get()), answers)


def _listen(orders: SimpleQueue[str]) -> None:
    for line in sys.stdin:
        orders.put(line)
    os._exit(0)


def _volunteer() -> None:
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(FIRST_TO_GO))


def _carry_out(order: dict[str, Any], answers: TextIO) -> None:
    def say(**what: Any) -> None:
        answers.write(json.dumps(what) + "\n")

    told_s = 0.0

    def tell(stage: str, share: float) -> None:
        nonlocal told_s
        now_s = time.monotonic()
        if now_s - told_s >= SAY_EVERY_S:
            told_s = now_s
            say(stage=stage, share=share)

    try:
        say(done=_check(order, tell))
    except (ClipError, UsageError) as error:
        say(failed="unreadable", message=str(error))
    except (OutputError, ModelError) as error:
        say(failed="internal", message=str(error), hopeless=True)
    except HingecheckError as error:
        say(failed="internal", message=str(error))
    except MemoryError:
        say(failed="lost", message=f"{Path(order['clip']).name}: did not fit into memory.")
    except Exception as error:
        import traceback

        traceback.print_exc()
        say(failed="internal", message=f"{Path(order['clip']).name}: {explain(error)}")


def _check(order: dict[str, Any], tell: Any) -> dict[str, Any]:
    from hingecheck.overlay.film import Pictures
    from hingecheck.pipeline import check_clip
    from hingecheck.report.words import headline

    result = check_clip(
        order["clip"],
        Pictures(**order["pictures"]),
        out=order["folder"],
        lift=order["lift"],
        model=order["model"],
        progress=tell,
    )
    return {
        "reps": len(result.reps),
        "headline": headline(result).title,
        "length_s": result.clip.duration_s,
    }
