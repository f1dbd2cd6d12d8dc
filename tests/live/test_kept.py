"""A set may begin at any moment, and what led to it is there."""

from __future__ import annotations

import numpy as np
import pytest

from hingecheck.clip import Frame
from hingecheck.live.kept import IDLE_S, OVERLAP_S, Kept
from hingecheck.live.quality import Quality
from hingecheck.live.take import Take
from hingecheck.live.watcher import Seen
from hingecheck.pose.models import PoseModel
from hingecheck.spine.model import OwnShape

FPS = 10
PICTURE = np.zeros((24, 32, 3), np.uint8)


class Film:
    """Remembers what became of it; leaves out every picture whose number is in `refused`."""

    def __init__(self, refused: frozenset[int] = frozenset()) -> None:
        self.times_s: list[float] = []
        self.held = False
        self.fate = "runs"
        self.take: Take | None = None
        self._refused = refused

    def keep(self, frame: Frame) -> bool:
        assert self.fate == "runs"
        if frame.index in self._refused:
            return False
        self.times_s.append(frame.time_s)
        return True

    def hold(self) -> None:
        self.held = True

    def drop(self) -> None:
        assert not (self.held and self.times_s)
        self.fate = "dropped"

    def end(self, take: Take, own: OwnShape | None) -> None:
        self.fate, self.take = "ended", take


class Films:
    """Gives films and remembers them."""

    writing = False

    def __init__(self, refused: frozenset[int] = frozenset()) -> None:
        self.made: list[Film] = []
        self._refused = refused

    def begin(self, size_px: tuple[int, int], fps: float) -> Film:
        self.made.append(Film(self._refused))
        return self.made[-1]

    @property
    def running(self) -> list[Film]:
        return [film for film in self.made if film.fate == "runs"]


def seen(index: int, mirrored: bool = False) -> Seen:
    frame = Frame(index, index / FPS, PICTURE)
    return Seen(frame, 0.0, [], None, 0.0, mirrored, Quality(PoseModel.LITE, 480))


def kept_by(films: Films) -> Kept:
    return Kept(lambda: Take((32, 24), FPS), films)


def watched(films: Films, length_s: float, working_from_s: float = float("inf")) -> Kept:
    """So long without a set."""
    kept = kept_by(films)
    for index in range(round(length_s * FPS) + 1):
        kept.add(seen(index))
        kept.let_go(index / FPS >= working_from_s)
    return kept


@pytest.mark.parametrize("length_s", [3.0, 26.0, 30.5, 57.0, 120.0])
def test_set_begins_with_at_least_the_seconds_before_it(length_s: float) -> None:
    films = Films()
    kept = watched(films, length_s)
    kept.hold()
    (film,) = films.running
    reach_s = length_s - film.times_s[0]
    assert min(length_s, OVERLAP_S - 0.2) <= reach_s <= IDLE_S + 0.2
    assert kept.take is not None
    assert kept.take.time_s == film.times_s


def test_no_more_than_half_a_minute_and_two_films_are_kept_before_a_set() -> None:
    films = Films()
    for length_s in range(5, 100, 5):
        films.made.clear()
        watched(films, length_s)
        assert len(films.running) <= 2
        assert all(length_s - film.times_s[0] <= IDLE_S + 0.2 for film in films.running)


def test_repetition_under_way_is_never_thrown_away() -> None:
    films = Films()
    kept = watched(films, IDLE_S + 4.0, working_from_s=IDLE_S - 0.5)
    kept.hold()
    (film,) = films.running
    assert film.times_s[0] == 0.0


def test_held_film_ends_with_a_look_for_every_picture() -> None:
    films = Films(refused=frozenset({7, 8, 40}))
    kept = kept_by(films)
    kept.hold()
    for index in range(60):
        kept.add(seen(index))
    kept.end(None)
    (film,) = films.made
    assert film.fate == "ended"
    assert film.take is not None
    assert film.take.time_s == film.times_s
    assert len(film.times_s) == 57


def test_set_without_a_picture_leaves_nothing() -> None:
    films = Films()
    kept = kept_by(films)
    kept.hold()
    kept.end(None)
    kept.add(seen(0))
    kept.forget()
    assert [film.fate for film in films.made] == ["dropped", "dropped"]
    assert kept.take is None


@pytest.mark.parametrize("first", [False, True], ids=["straight first", "mirrored first"])
def test_film_has_its_mirrored_pictures_where_a_check_looks_in_the_mirror(first: bool) -> None:
    films = Films(refused=frozenset({21}))
    kept = kept_by(films)
    sides: dict[float, bool] = {}
    for index in range(60):
        # Three pictures are skipped before they are looked at: those that are take turns.
        if index in (10, 30, 31):
            continue
        mirrored = (len(sides) % 2 == 1) != first
        sides[index / FPS] = mirrored
        kept.add(seen(index, mirrored))
    (film,) = films.made
    wrong = [n for n, time_s in enumerate(film.times_s) if sides[time_s] != (n % 2 == 1)]
    assert len(wrong) <= 1
    assert len(film.times_s) >= 60 - 3 - 1 - 2
