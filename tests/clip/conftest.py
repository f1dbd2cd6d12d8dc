"""A small synthetic clip to work on."""

from __future__ import annotations

from pathlib import Path

import pytest
import variants
from clip.pattern import PATTERN_FPS, PATTERN_FRAMES, pattern


@pytest.fixture(scope="session")
def pattern_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds at 30 frames a second, silent."""
    frames = ((n / PATTERN_FPS, pattern(n)) for n in range(PATTERN_FRAMES))
    return variants.store(tmp_path_factory.mktemp("clip") / "pattern.mp4", frames)
