"""What docs/export.md tells people to run does run."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from conftest import REPOSITORY
from export.conftest import run
from export.filmed import write_folder

from hingecheck.export.export import export
from hingecheck.export.formats import Format

PAGE = (REPOSITORY / "docs" / "export.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a squat in every format."""
    folder = tmp_path_factory.mktemp("docs")
    result = write_folder(folder / "squat.hingecheck")
    for to in Format:
        export(result, to, folder)
    return folder


def test_page_has_a_snippet_for_every_kind_of_reader() -> None:
    wanted = ("opensim", "ezc3d", "xarray", "movement", "json", "pandas")
    assert all(any(re.search(rf"^(import|from) {name}", one, re.M) for one in SNIPPETS)
               for name in wanted)  # fmt: skip


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda code: code.split()[1])
def test_snippet_runs_as_printed(snippet: str, exported: Path, request) -> None:
    if "import opensim" in snippet and find_spec("opensim") is None:
        pytest.skip("needs opensim, which has no wheel for every Python")
    path = {}
    if "movement" in snippet:
        path = {"PYTHONPATH": str(request.getfixturevalue("movement_folder"))}
    assert run(snippet, exported, **path).strip()


def test_page_names_every_format() -> None:
    for to in Format:
        assert f"`{to}`" in PAGE
