"""The result folder is whole or not there, and nothing of a person's is lost."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hingecheck.errors import OutputError, UsageError
from hingecheck.report.folder import SCREEN, ResultFolder

RECORD = json.dumps({"schema": "hingecheck.result/1"})


def names(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


def write_one(final: Path, text: str = RECORD) -> None:
    with ResultFolder(final) as folder:
        (folder / "result.json").write_text(text, encoding="utf-8")


def stop_half_way(final: Path, stop: type[BaseException] = KeyboardInterrupt) -> None:
    with ResultFolder(final) as folder:
        (folder / "frames.csv").write_text("half", encoding="utf-8")
        raise stop


def dead_pid() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_result_appears_only_when_it_is_whole(tmp_path: Path) -> None:
    final = tmp_path / "squat.hingecheck"
    with ResultFolder(final) as folder:
        assert folder.name == f".squat.hingecheck.partial-{os.getpid()}"
        assert folder.parent == tmp_path
        (folder / "result.json").write_text(RECORD, encoding="utf-8")
        assert not final.exists()
    assert names(tmp_path) == {"squat.hingecheck"}
    assert names(final) == {"result.json"}


@pytest.mark.parametrize("stop", [KeyboardInterrupt, ValueError, SystemExit])
def test_stopped_run_leaves_nothing(tmp_path: Path, stop: type[BaseException]) -> None:
    with pytest.raises(stop):
        stop_half_way(tmp_path / "new" / "out", stop)
    assert names(tmp_path) == set()


def test_stopped_run_leaves_the_earlier_result(tmp_path: Path) -> None:
    final = tmp_path / "out"
    write_one(final)
    with pytest.raises(KeyboardInterrupt):
        stop_half_way(final)
    assert names(tmp_path) == {"out"}
    assert (final / "result.json").read_text(encoding="utf-8") == RECORD


def test_earlier_result_is_replaced_and_a_persons_files_are_kept(tmp_path: Path) -> None:
    final = tmp_path / "out"
    write_one(final)
    (final / "overlay.mp4").write_bytes(b"old")
    (final / "notes.txt").write_text("felt good", encoding="utf-8")
    write_one(final, RECORD + "\n")
    assert names(tmp_path) == {"out"}
    assert names(final) == {"result.json", "notes.txt"}
    assert (final / "result.json").read_text(encoding="utf-8") == RECORD + "\n"
    assert (final / "notes.txt").read_text(encoding="utf-8") == "felt good"


def test_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    write_one(tmp_path / "out")
    assert names(tmp_path / "out") == {"result.json"}


@pytest.mark.parametrize("record", [None, "{}", "[]", "not json", '{"schema": "other/1"}'])
def test_foreign_folder_is_left_alone(tmp_path: Path, record: str | None) -> None:
    final = tmp_path / "holiday"
    final.mkdir()
    (final / "photo.jpg").write_bytes(b"sea")
    if record is not None:
        (final / "result.json").write_text(record, encoding="utf-8")
    before = names(final)
    with pytest.raises(UsageError, match="holds no hingecheck result, so it is left alone"):
        write_one(final)
    assert names(final) == before
    assert names(tmp_path) == {"holiday"}


def test_root_of_a_disk_is_no_place_for_a_result(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no place for a result") as caught:
        ResultFolder(Path(tmp_path.anchor))
    assert caught.value.exit_code == 2


def test_file_in_the_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    with pytest.raises(UsageError, match="expected a folder for the result, got a file"):
        write_one(tmp_path / "out")


def test_unwritable_place_is_a_usage_error_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot write the result there") as caught:
        write_one(tmp_path / "file" / "out")
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_full_disk_is_said_plainly_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="disk full") as caught, ResultFolder(tmp_path / "out"):
        Path("/dev/full").write_text("frames", encoding="utf-8")
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno == errno.ENOSPC
    assert names(tmp_path) == set()


def test_failure_inside_is_told_by_the_name_people_know(tmp_path: Path) -> None:
    final = tmp_path / "squat.hingecheck"

    def fail() -> None:
        with ResultFolder(final) as folder:
            raise OutputError(f"{folder / 'overlay.mp4'}: no space left to write it.")

    with pytest.raises(OutputError) as caught:
        fail()
    assert str(caught.value) == f"{final / 'overlay.mp4'}: no space left to write it."
    assert names(tmp_path) == set()


def test_same_place_cannot_be_written_twice_at_once(tmp_path: Path) -> None:
    with ResultFolder(tmp_path / "out") as folder:
        with pytest.raises(UsageError, match="being written already"):
            write_one(tmp_path / "out")
        assert folder.is_dir()
        (folder / "result.json").write_text(RECORD, encoding="utf-8")
    assert names(tmp_path) == {"out"}


def test_killed_run_leaves_no_result_and_the_next_run_clears_up(tmp_path: Path) -> None:
    final = tmp_path / "out"
    script = (
        "import pathlib, sys, time\n"
        "from hingecheck.report.folder import ResultFolder\n"
        "with ResultFolder(pathlib.Path(sys.argv[1])) as folder:\n"
        "    (folder / 'frames.csv').write_text('half')\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(60)\n"
    )
    command = [sys.executable, "-c", script, str(final)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGKILL)
    assert names(tmp_path) == {f".out.partial-{process.pid}"}
    write_one(final)
    assert names(tmp_path) == {"out"}


def test_partial_folder_of_a_living_run_is_left_alone(tmp_path: Path) -> None:
    theirs = tmp_path / f".out.partial-{os.getppid()}"
    theirs.mkdir()
    write_one(tmp_path / "out")
    assert names(tmp_path) == {"out", theirs.name}


def test_leftover_with_our_own_recycled_pid_is_cleared(tmp_path: Path) -> None:
    (tmp_path / f".out.partial-{os.getpid()}").mkdir()
    write_one(tmp_path / "out")
    assert names(tmp_path) == {"out"}


def test_result_set_aside_by_a_killed_run_comes_back(tmp_path: Path) -> None:
    aside = tmp_path / f".out.earlier-{dead_pid()}"
    aside.mkdir()
    (aside / "result.json").write_text(RECORD, encoding="utf-8")
    (aside / "notes.txt").write_text("felt good", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        stop_half_way(tmp_path / "out")
    assert names(tmp_path) == {"out"}
    assert names(tmp_path / "out") == {"result.json", "notes.txt"}


def test_a_screen_and_a_check_do_not_replace_each_other(tmp_path: Path) -> None:
    final = tmp_path / "squat"
    screen = json.dumps({"schema": "hingecheck.screen/1"})
    for _ in range(2):
        with ResultFolder(final, SCREEN) as folder:
            (folder / "screen.json").write_text(screen, encoding="utf-8")
    with pytest.raises(UsageError, match="holds no hingecheck result"):
        write_one(final)
    assert (final / "screen.json").read_text() == screen
