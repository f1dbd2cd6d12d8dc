"""`hingecheck screen` and `hingecheck profile` on real clips, as a person runs them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
import scenes
import variants
from conftest import REPOSITORY

from hingecheck.cli.screen import _tell
from hingecheck.errors import OutputError
from hingecheck.form.records import Verdict
from hingecheck.report.screen_schema import ScreenResult, SideResult
from hingecheck.screen import _keep
from hingecheck.store.history import Entry, save_history

QUICK = ("--model", "lite")


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HINGECHECK_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def standing(butt_wink_clip: Path, tmp_path_factory) -> Path:
    clip = tmp_path_factory.mktemp("clips") / "stand.mp4"
    return variants.store(clip, scenes.standing_only(butt_wink_clip, 2.0))


def test_screen_writes_a_page_and_joins_the_history_once(
    hingecheck, one_rep, home, tmp_path
) -> None:
    for _ in range(2):
        done = hingecheck("screen", one_rep, *QUICK, "--height-cm", "175")
        assert (done.returncode, done.stderr) == (0, "")
    folder = tmp_path / "one_rep.screen"
    assert {path.name for path in folder.iterdir()} == {"screen.json", "screen.html"}
    screen = ScreenResult.model_validate_json((folder / "screen.json").read_bytes())
    (side,) = screen.sides
    assert side.hip_flexion_deg is not None
    assert 30 < side.hip_flexion_deg < 110
    assert side.bar_height_cm is not None
    assert (screen.retest - screen.date).days == 14
    (line,) = (home / "history" / "me.jsonl").read_text().splitlines()
    assert json.loads(line)["hip_flexion_deg"] == side.hip_flexion_deg
    assert done.stdout.count("not medical advice") == 1

    shown = hingecheck("screen", "--history")
    assert shown.returncode == 0
    assert shown.stdout.count("one_rep.mp4") == 1


def test_screen_of_somebody_who_only_stands_ends_with_4_and_leaves_the_history(
    hingecheck, standing, home, tmp_path
) -> None:
    done = hingecheck("screen", standing, *QUICK, "--json")
    assert done.returncode == 4
    assert json.loads(done.stdout)["sides"][0]["reasons"] == ["no_reps"]
    assert (tmp_path / "stand.screen" / "screen.html").exists()
    assert not (home / "history").exists()


def test_profile_is_made_shown_used_and_removed(hingecheck, standing, one_rep, home) -> None:
    made = hingecheck("profile", "new", "Ana", standing, *QUICK, "--height-cm", "168")
    assert (made.returncode, made.stderr) == (0, "")
    assert hingecheck("profile", "list").stdout == "Ana\n"
    stored = json.loads((home / "profiles" / "ana.json").read_text())
    assert stored["schema"] == "hingecheck.profile/1"
    assert stored["clip"]["name"] == "stand.mp4"
    shown = hingecheck("profile", "show", "ANA")
    assert "height 168 cm" in shown.stdout

    checked = hingecheck(
        "check", one_rep, *QUICK, "--no-overlay", "--json", "--profile", "ana", "--lift", "rdl"
    )
    result = json.loads(checked.stdout)
    assert result["provenance"]["settings"]["profile"] == "Ana"
    # The clip shows the lifter up, so that it speaks for itself.
    assert result["baseline"]["source"] in ("standing", "early_descent")
    assert result["reps"][0]["lumbar_flexion_of_max_pct"] is None

    screened = hingecheck("screen", one_rep, *QUICK, "--profile", "Ana")
    assert screened.returncode == 0
    assert (home / "history" / "ana.jsonl").exists()

    removed = hingecheck("profile", "remove", "ana")
    assert removed.returncode == 0
    assert not list(home.rglob("*.json*"))


def test_toe_touch_gives_the_maximum_and_a_new_standing_keeps_it(
    hingecheck, standing, one_rep, home
) -> None:
    made = hingecheck("profile", "new", "Ana", standing, "--toe-touch", one_rep, *QUICK)
    assert (made.returncode, made.stderr) == (0, "")
    assert "own maximum lumbar flexion" in made.stdout
    path = home / "profiles" / "ana.json"
    most = json.loads(path.read_text())["most_flexion"]
    assert most["lumbar_flexion_deg"] >= 15
    assert most["clip"]["name"] == "one_rep.mp4"
    assert hingecheck("profile", "new", "ana", standing, *QUICK).returncode == 0
    assert json.loads(path.read_text())["most_flexion"] == most


def test_toe_touch_that_is_none_makes_no_profile(hingecheck, standing, home) -> None:
    done = hingecheck("profile", "new", "Ana", standing, "--toe-touch", standing, *QUICK)
    assert done.returncode == 4
    assert "No whole rep was found" in done.stderr
    assert list(home.iterdir()) == []


def test_percent_of_own_maximum_and_a_stale_profile(hingecheck, standing, one_rep, home) -> None:
    assert hingecheck("profile", "new", "Ana", standing, *QUICK).returncode == 0
    path = home / "profiles" / "ana.json"
    stored = json.loads(path.read_text())
    stored["most_flexion"] = {
        "lumbar_flexion_deg": 40.0,
        "sd_deg": 7.0,
        "clip": stored["clip"],
    }
    path.write_text(json.dumps(stored))
    arguments = ("check", one_rep, *QUICK, "--no-overlay", "--json", "--profile", "ana")
    (rep,) = json.loads(hingecheck(*arguments).stdout)["reps"]
    expected = max(0.0, 100 * rep["peak"]["lumbar_flexion_deg"] / 40.0)
    assert rep["lumbar_flexion_of_max_pct"] == round(expected)

    path.write_text(json.dumps({**stored, "model": "spine 0"}))
    stale = json.loads(hingecheck(*arguments).stdout)
    assert stale["reps"][0]["lumbar_flexion_of_max_pct"] is None
    assert any("Film your standing once more" in note for note in stale["provenance"]["warnings"])


def test_clip_without_standing_makes_no_profile(hingecheck, home, butt_wink_clip, tmp_path) -> None:
    moving = tmp_path / "moving.mp4"
    frames = (
        (time_s - 1.4, rgb)
        for time_s, rgb in variants.pictures(butt_wink_clip)
        if 1.4 <= time_s < 3.2
    )
    variants.store(moving, frames)
    done = hingecheck("profile", "new", "Ana", moving, *QUICK)
    assert done.returncode == 4
    assert done.stderr.startswith("hingecheck: moving.mp4: ")
    assert done.stderr.count("\n") == 1
    assert list(home.iterdir()) == []


def test_standing_with_the_hands_at_a_bar_makes_no_profile(hingecheck, home, tmp_path) -> None:
    good_morning = REPOSITORY / "sample_videos" / "good_morning.mp4"
    racked = variants.store(tmp_path / "racked.mp4", scenes.standing_only(good_morning, 2.0))
    done = hingecheck("profile", "new", "Ana", racked, *QUICK)
    assert done.returncode == 4
    assert "raised hands" in done.stderr
    assert list(home.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("screen",), 2, "expected a CLIP"),
        (("screen", "gone.mp4"), 3, "gone.mp4"),
        (("screen", "--history", "--profile", "../x"), 2, "profile name"),
        (("screen", "gone.mp4", "--profile", "Bo"), 2, "profile new Bo CLIP"),
        (("screen", "--history", "--profile", "Bo"), 2, "profile new Bo CLIP"),
        (("profile", "new", "me", "gone.mp4"), 2, "kept for screens without --profile"),
        (("profile", "remove", "me"), 2, "there is none"),
        (("check", "gone.mp4", "--profile", "Bo"), 2, "there is none"),
        (("profile", "show", "Bo"), 2, "there is none"),
        (("profile", "remove", "Bo"), 2, "there is none"),
        (("profile", "new", "../x", "gone.mp4"), 2, "profile name"),
        (("profile", "new", "Bo", "gone.mp4"), 3, "gone.mp4"),
        (("profile", "new", "Bo", "gone.mp4", "--height-cm", "1.7"), 2, "centimetres"),
    ],
)
def test_what_cannot_be_done_is_one_line(hingecheck, arguments, code: int, words: str) -> None:
    done = hingecheck(*arguments)
    assert done.returncode == code
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("screen", "gone.mp4"),
        ("screen", "--history"),
        ("profile", "list"),
        ("profile", "new", "Bo", "gone.mp4"),
    ],
)
def test_store_that_is_a_file_is_said_before_anything_is_done(
    hingecheck, home, monkeypatch, arguments
) -> None:
    taken = home / "taken"
    taken.write_text("mine")
    monkeypatch.setenv("HINGECHECK_HOME", str(taken))
    done = hingecheck(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Set HINGECHECK_HOME" in done.stderr


def test_history_that_cannot_be_kept_leaves_the_result_told(home, capsys, tmp_path) -> None:
    (home / "history").write_text("in the way")
    not_kept = _keep((), "me")
    assert not_kept is not None
    result = screen_of().written_to(tmp_path / "hinge.screen", not_kept)
    with pytest.raises(OutputError, match=r"got a file.*hinge\.screen"):
        _tell(result, as_json=False)
    assert "hinge.screen: open screen.html" in capsys.readouterr().out


def test_history_is_printed_as_json_and_me_removes_it_alone(hingecheck, home) -> None:
    assert hingecheck("screen", "--history", "--json").stdout == "[]\n"
    entry = entry_of()
    for name in ("me", "Ana"):
        save_history([entry], name)
    (told,) = json.loads(hingecheck("screen", "--history", "--json").stdout)
    assert told == entry.model_dump(mode="json", by_alias=True)
    assert hingecheck("profile", "remove", "ME").returncode == 0
    assert [path.name for path in (home / "history").iterdir()] == ["ana.jsonl"]


def entry_of() -> Entry:
    return Entry(
        date=dt.date(2026, 11, 23),
        clip="hinge.mp4",
        sha256="a",
        facing=1,
        hip_flexion_deg=41.0,
        sd_deg=6.0,
        knee_flexion_deg=9.0,
        reached=True,
    )


def screen_of() -> ScreenResult:
    side = SideResult(
        clip="hinge.mp4",
        sha256="a",
        near_side="right",
        reasons=[],
        messages={},
        hip_flexion_deg=41.0,
        sd_deg=6.0,
        ci95_deg=(29.2, 52.8),
        reached=True,
        tuck=Verdict.YES,
        limited=Verdict.YES,
        doubt=None,
        knee_flexion_deg=9.0,
        bar_height_cm=None,
        time_s=3.0,
        baseline="standing",
    )
    return ScreenResult(
        date=dt.date(2026, 11, 23),
        retest=dt.date(2026, 12, 7),
        lifter="me",
        limit_deg=60.0,
        sides=[side],
        difference=None,
        drills=[],
        history=[entry_of()],
        warnings=[],
        version="0",
        pose_model="full",
    )
