"""A child process at work for us: it may die, hang or run out of memory, and we go on."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import hingecheck
from hingecheck.batch.records import Failure
from hingecheck.errors import HingecheckError, reason_of

__all__ = ["Hand", "NotDone", "Tell"]

Tell = Callable[[str, float], None]
"""Told the stage a clip is at, and the share of it that is done, 0..1."""

_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""NumPy's libraries would otherwise start as many threads as the machine has cores."""

_START = """
import sys
sys.path.insert(0, {folder!r})
import hingecheck
del sys.path[0]
from hingecheck.batch.worker import main
main()
"""
"""Starts the very package that starts it, whichever is installed, and nothing beside it."""

LONGEST_TAIL = 4_000


class NotDone(HingecheckError):
    """An attempt that ended without a result.

    Attributes:
        failure: Why.
        hopeless: Whether the next clip would end the same way.
        log: What the process had printed, its end.
    """

    def __init__(
        self, failure: Failure, message: str, *, hopeless: bool = False, log: str = ""
    ) -> None:
        super().__init__(message)
        self.failure = failure
        self.hopeless = hopeless
        self.log = log


class Hand:
    """One worker process, started when it is first needed and again when it was lost.

    Not to be shared between threads, but for `kill`.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._errors: IO[bytes] | None = None

    def do(self, order: dict[str, Any], name: str, quiet_s: float, tell: Tell) -> dict[str, Any]:
        """Have a clip checked and wait for it.

        A silent stage may take as long as everything before it took, and `quiet_s` at least.

        Args:
            order: See `hingecheck.batch.worker`.
            name: The clip's, for messages.
            quiet_s: How long it may show no progress.
            tell: Called as the work goes on.

        Raises:
            NotDone: It failed, hung, or the process died.
        """
        process = self._running()
        try:
            return self._answered(process, order, name, quiet_s, tell)
        except NotDone:
            raise
        except BaseException:
            self.kill()  # what it says from now on would be taken for the next clip's
            raise

    def _answered(
        self,
        process: subprocess.Popen[str],
        order: dict[str, Any],
        name: str,
        quiet_s: float,
        tell: Tell,
    ) -> dict[str, Any]:
        assert process.stdin is not None
        begun_s = heard_s = time.monotonic()
        try:
            process.stdin.write(json.dumps(order) + "\n")
            process.stdin.flush()
        except OSError:
            raise self._lost(name) from None
        while True:
            patience_s = max(quiet_s, heard_s - begun_s)
            try:
                line = self._lines.get(timeout=patience_s)
            except queue.Empty:
                self.kill()
                raise NotDone(
                    Failure.TIMED_OUT,
                    f"{name}: no progress for {patience_s:.0f} s, given up."
                    " Try it alone, or with a longer --timeout.",
                ) from None
            if line is None:
                raise self._lost(name)
            heard_s = time.monotonic()
            answer = json.loads(line)
            if "done" in answer:
                done: dict[str, Any] = answer["done"]
                return done
            if "failed" in answer:
                failure = Failure(answer["failed"])
                if failure is not Failure.UNREADABLE:
                    self.kill()  # whatever went amiss in there does not reach the next clip
                raise NotDone(
                    failure,
                    answer["message"],
                    hopeless=answer.get("hopeless", False),
                    log=self._tail(),
                )
            tell(answer["stage"], answer["share"])

    def kill(self) -> None:
        """End the process at once; safe from any thread, and twice."""
        process = self._process
        if process is not None:
            process.kill()
            process.wait()

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._start()
        assert self._process is not None
        return self._process

    def _start(self) -> None:
        if self._errors is not None:
            self._errors.close()
        folder = str(Path(hingecheck.__file__).resolve().parents[1])
        try:
            # Appended to, so that reading its end does not move where the process writes.
            self._errors = tempfile.TemporaryFile("a+b", prefix="hingecheck-")  # noqa: SIM115
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _START.format(folder=folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                encoding="utf-8",
                errors="replace",
                env={**os.environ, **_ONE_THREAD},
            )
        except OSError as error:
            what = reason_of(error)
            raise NotDone(
                Failure.INTERNAL,
                f"no process can be started to check clips ({what}). Check memory and TMPDIR.",
                hopeless=True,
            ) from error
        self._lines = queue.Queue()
        threading.Thread(
            target=_pump, args=(self._process, self._lines), name="worker", daemon=True
        ).start()

    def _lost(self, name: str) -> NotDone:
        assert self._process is not None
        code = self._process.wait()
        if code == -signal.SIGKILL:
            why = "was killed, perhaps because memory ran out"
        elif code < 0:
            why = f"crashed ({signal.Signals(-code).name})"
        else:
            why = f"ended by itself (exit code {code})"
        return NotDone(
            Failure.LOST, f"{name}: the process that checked it {why}.", log=self._tail()
        )

    def _tail(self) -> str:
        """The end of what the process has printed."""
        assert self._errors is not None
        self._errors.seek(max(0, self._errors.seek(0, os.SEEK_END) - LONGEST_TAIL))
        return self._errors.read().decode("utf-8", "replace")


def _pump(process: subprocess.Popen[str], lines: queue.Queue[str | None]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        lines.put(line)
    lines.put(None)
