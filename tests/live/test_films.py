"""A set's film is never lost, whatever ends the set, and its result is made of what it holds."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from hingecheck.clip import ClipReader, Frame, probe
from hingecheck.errors import Cancelled, OutputError
from hingecheck.live.films import CLIP, SHOWN, Films, Reel
from hingecheck.live.quality import Quality
from hingecheck.live.take import Take
from hingecheck.live.watcher import Seen
from hingecheck.pose.models import PoseModel
from hingecheck.report.result import read_result

SIZE_PX = 160, 120
LITE, FULL = Quality(PoseModel.LITE, 480), Quality(PoseModel.FULL, 960)
SCENES = np.random.default_rng(0).integers(0, 255, (2, 120, 160, 3), np.uint8)


def filmed(films: Films, pictures: int = 40, slower_from: int = 1000) -> tuple[Reel, Take]:
    """A set in an empty room, looked at with less from some picture on."""
    reel, take = films.begin(SIZE_PX, 30.0), Take(SIZE_PX, 30.0)
    assert isinstance(reel, Reel)
    reel.hold()
    for index in range(pictures):
        frame = Frame(index, index / 30, SCENES[index // 10 % 2])
        if reel.keep(frame):
            quality = LITE if index >= slower_from else FULL
            take.add(Seen(frame, 0.0, [], None, 0.01, False, quality))
        films.keep_shown(frame.rgb, frame.time_s)
        time.sleep(0.005)
    return reel, take


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_two_runs_of_one_name_keep_apart(tmp_path: Path) -> None:
    with Films(tmp_path, "set", print) as one, Films(tmp_path, "set", print) as other:
        for films in (one, other):
            reel, take = filmed(films)
            reel.end(take, None)
    assert names(tmp_path) == {"set.hingecheck", "set-2.hingecheck"}
    assert {len(one.results), len(other.results)} == {1}


def test_name_of_an_earlier_result_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "set.hingecheck").mkdir()
    with Films(tmp_path, "set", print) as films:
        reel, take = filmed(films)
        reel.end(take, None)
    assert films.results[0].folder == (tmp_path / "set-2.hingecheck").resolve()
    assert names(tmp_path / "set.hingecheck") == set()


def test_what_somebody_else_puts_beside_the_films_moves_with_them(tmp_path: Path) -> None:
    with Films(tmp_path, "set", print) as films:
        reel, take = filmed(films)
        (reel.folder / ".DS_Store").write_text("theirs")
        (reel.folder / "report.html").write_text("theirs")
        reel.end(take, None)
    assert {CLIP, SHOWN, ".DS_Store", "result.json"} <= names(tmp_path / "set.hingecheck")
    assert (tmp_path / "set.recording" / "report.html").read_text() == "theirs"


def test_films_of_a_set_stay_when_something_breaks_and_are_named(tmp_path: Path) -> None:
    said: list[str] = []

    def break_off() -> None:
        with Films(tmp_path, "set", said.append) as films:
            filmed(films)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    film = tmp_path / "set.recording" / CLIP
    assert len(list(ClipReader(film))) == 40
    assert any(str(film) in line for line in said)


def test_films_before_a_set_are_thrown_away(tmp_path: Path) -> None:
    with Films(tmp_path, "set", print) as films:
        reel = films.begin(SIZE_PX, 30.0)
        reel.keep(Frame(0, 0.0, SCENES[0]))
        assert films.recording
    assert names(tmp_path) == set()


def test_result_that_fails_is_said_and_its_film_stays(tmp_path: Path) -> None:
    said: list[str] = []
    film = tmp_path / "set.recording" / CLIP

    def run() -> None:
        with Films(tmp_path, "set", said.append) as films:
            reel, take = filmed(films)
            take.size_px = (0, 0)
            reel.end(take, None)
            reel, take = filmed(films)
            reel.end(take, None)

    with pytest.raises(OutputError, match="Its film is kept"):
        run()
    assert names(tmp_path) == {"set.recording", "set-2.hingecheck"}
    assert any(str(film) in line and "internal error" in line for line in said)


def test_set_that_could_not_be_recorded_has_no_result_and_says_why(tmp_path: Path) -> None:
    said: list[str] = []
    films = Films(tmp_path / "out", "set", said.append)
    why = f"{tmp_path / 'out'}: cannot be written (not a directory). Choose another --out."

    def run() -> None:
        with films:
            (tmp_path / "out").rmdir()
            (tmp_path / "out").write_text("in the way")
            film = films.begin(SIZE_PX, 30.0)
            film.hold()
            assert not films.recording
            film.end(Take(SIZE_PX, 30.0), None)

    with pytest.raises(OutputError, match="not a directory") as caught:
        run()
    assert said == [f"Not recording. {why}", "Set 1 was not recorded, so it has no result."]
    assert str(caught.value) == f"{said[1]} {why}"
    assert films.missing == ["Nothing of this set was kept."]


def test_film_that_has_stopped_is_no_recording(tmp_path: Path) -> None:
    with Films(tmp_path, "set", print) as films:
        reel, _ = filmed(films)
        assert films.recording
        for path in reel.folder.iterdir():
            path.unlink()
        for index in range(40, 120):
            reel.keep(Frame(index, index / 30, SCENES[0]))
            time.sleep(0.005)
        assert not films.recording


def test_place_made_for_nothing_goes_again(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    for out in (tmp_path / "here", tmp_path / "new" / "place"):
        with Films(out, "set", print):
            assert out.is_dir()
    assert names(tmp_path) == {"here"}


def test_nobody_has_to_wait_for_a_result(tmp_path: Path) -> None:
    said: list[str] = []

    def run() -> None:
        with Films(tmp_path, "set", said.append) as films:
            sets = [filmed(films, 90) for _ in range(2)]
            for reel, take in sets:
                reel.end(take, None)
            films.give_up()

    with pytest.raises(Cancelled, match="Its film is kept"):
        run()
    assert names(tmp_path) == {"set.recording", "set-2.recording"}
    assert sum("Its film is kept" in line for line in said) == 2


def test_result_names_the_model_that_looked_most_and_says_that_there_were_two(
    tmp_path: Path,
) -> None:
    with Films(tmp_path, "set", print) as films:
        reel, take = filmed(films, 40, slower_from=25)
        reel.end(take, None)
    result = read_result(tmp_path / "set.hingecheck" / "result.json")
    assert result.pose.model == "full"
    assert result.provenance.settings["looked_with"] == "full, 960 px; lite, 480 px"
    assert any("full, 960 px, then lite" in line for line in result.provenance.warnings)


FULL_DISK = """
import resource, signal, sys
sys.path[:0] = [sys.argv[2]]
from pathlib import Path
import numpy as np
from live import test_films
from hingecheck.live.films import Films
test_films.SCENES = np.random.default_rng(0).integers(0, 255, (40, 120, 160, 3), np.uint8)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

def limit(most):
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))

with Films(Path(sys.argv[1]), "set", lambda text: print(text, flush=True)) as films:
    reel, take = test_films.filmed(films, 10)
    limit(int(sys.argv[3]))
    for index in range(10, 90):
        frame = test_films.Frame(index, index / 30, test_films.SCENES[index % 40])
        if reel.keep(frame):
            take.add(test_films.Seen(frame, 0.0, [], None, 0.01, False, test_films.FULL))
        test_films.time.sleep(0.02)
    limit(resource.RLIM_INFINITY if sys.argv[4] == "freed" else 5_000)
    reel.end(take, None)
    while films.writing:
        films.collect()
        test_films.time.sleep(0.05)
    limit(resource.RLIM_INFINITY)
    reel, take = test_films.filmed(films)
    reel.end(take, None)
"""
"""A set of 90 pictures on a disk that is full after some, and another one after it."""


def run_on_full_disk(out: Path, then: str) -> subprocess.CompletedProcess[str]:
    tests = str(Path(__file__).parents[1])
    return subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(out), tests, "200000", then],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_full_disk_leaves_the_film_and_the_next_set_another(tmp_path: Path) -> None:
    done = run_on_full_disk(tmp_path, "full")
    assert "Recording stopped after" in done.stdout
    film = tmp_path / "set.recording" / CLIP
    assert f"Set 1 has no result. Its film is kept: {film}." in done.stdout
    assert names(tmp_path) == {"set.recording", "set-2.hingecheck"}
    assert 5 < len(list(ClipReader(film))) < 85


def test_film_that_stopped_early_has_a_result_of_what_it_holds(tmp_path: Path) -> None:
    done = run_on_full_disk(tmp_path, "freed")
    assert done.returncode == 0, done.stderr
    assert names(tmp_path) == {"set.hingecheck", "set-2.hingecheck"}
    folder = tmp_path / "set.hingecheck"
    result = read_result(folder / "result.json")
    assert result.clip.frames == probe(folder / CLIP).frames < 85
    assert any("Recording stopped" in line for line in result.provenance.warnings)
