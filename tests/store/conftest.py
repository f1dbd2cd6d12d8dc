from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path: Path) -> Path:
    """An empty data folder of the test's own."""
    folder = tmp_path / "home"
    monkeypatch.setenv("HINGECHECK_HOME", str(folder))
    return folder
