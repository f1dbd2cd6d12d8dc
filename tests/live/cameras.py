"""Cameras that misbehave on cue."""

from __future__ import annotations

import time
from collections.abc import Iterator
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from hingecheck.clip import Frame
from hingecheck.errors import ClipError

HERE = "camera 0"
STEP_S = 1 / 30

Act = NDArray[np.uint8] | float | Exception
"""A picture to give, seconds to wait, or an error to raise."""


def picture(grey: int = 120, contrast: float = 40.0) -> NDArray[np.uint8]:
    """(240, 320, 3), its left half darker than its right."""
    rgb = np.full((240, 320, 3), grey + contrast, np.float64)
    rgb[:, :160] -= 2 * contrast
    return rgb.clip(0, 255).astype(np.uint8)


class Fake:
    """A camera that plays its connections one after the other, then is absent.

    Args:
        connections: What each gives at 30 pictures a second; None when it is absent.
        endless: Whether it is a camera rather than a clip.
        stamp_s: Its own clock's step from picture to picture.

    Attributes:
        entered_s: When it was asked for.
        given: Pictures handed on.
    """

    def __init__(
        self, *connections: list[Act] | None, endless: bool = True, stamp_s: float | None = None
    ) -> None:
        self.name = HERE
        self.width_px, self.height_px, self.fps = 320, 240, 30.0
        self.got = f"{HERE}: 320x240"
        self.endless = endless
        self.entered_s: list[float] = []
        self.given = 0
        self._connections = list(connections)
        self._acts: list[Act] = []
        self._stamp_s = stamp_s

    def __enter__(self) -> Self:
        self.entered_s.append(time.monotonic())
        acts = self._connections.pop(0) if self._connections else None
        if acts is None:
            raise ClipError(f"{HERE}: no camera is connected.")
        self._acts = acts
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass

    def __iter__(self) -> Iterator[Frame]:
        began_s, index = time.monotonic(), 0
        for act in self._acts:
            if isinstance(act, Exception):
                raise act
            if isinstance(act, float):
                time.sleep(act)
                continue
            stamped_s = time.monotonic() - began_s
            time_s = stamped_s if self._stamp_s is None else index * self._stamp_s
            self.given += 1
            yield Frame(index, time_s, act)
            index += 1
            time.sleep(STEP_S)
