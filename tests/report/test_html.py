"""The page says the verdict first, needs nothing from anywhere, and trusts no name."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import re
from typing import Any

import pytest
from report.sets import (
    SetOfReps,
    make_analysis,
    make_result,
    make_stills,
    measure,
    with_measures,
    without_tuck_verdict,
)

from hingecheck.form.messages import advice
from hingecheck.form.records import Analysis, Code, Reason, Unit, Verdict
from hingecheck.motion.hamstrings import Belly
from hingecheck.motion.records import Lift, LiftGuess
from hingecheck.report.chart import MAX_POINTS, chart_data
from hingecheck.report.html import render_report
from hingecheck.report.schema import Result
from hingecheck.report.words import (
    Status,
    baseline_sentence,
    clean_depth_sentence,
    doubt_about_lift,
    exactly,
    headline,
    number,
    rep_sentence,
    set_advice,
    status_of,
    with_interval,
)

NAN = float("nan")


def page(of: SetOfReps, overlay_name: str | None = None, name: str = "set.mp4") -> str:
    analysis = make_analysis(of)
    return render_report(analysis, make_result(analysis, name), make_stills(analysis), overlay_name)


def result_of(**of: Any) -> Result:
    return make_result(make_analysis(SetOfReps(**of)))


def text_of(html: str) -> str:
    body = re.sub(r"<(style|script)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)).replace("&nbsp;", " ")


@pytest.mark.parametrize(
    ("tucks_deg", "title", "sentences"),
    [
        ((2.0,), "The rep held.", ()),
        ((2.0, 3.0), "Both reps held.", ()),
        ((2.0, 3.0, 4.0), "All 3 reps held.", ()),
        ((3.0, 4.0, 18.0), "2 of 3 reps held.", ("Rep 3: a clear tuck, 18° (12 to 24).",)),
        ((27.0,), "The back changed shape in the rep.", ("Rep 1: a large tuck, 27° (21 to 33).",)),
        (
            (18.0, 9.0),
            "The back changed shape in 1 of 2 reps.",
            ("Rep 1: a clear tuck, 18° (12 to 24).", "Rep 2 was too close to call."),
        ),
        ((9.0, 10.0), "Too close to call.", ("Reps 1 and 2 were too close to call.",)),
        ((3.0, NAN), "1 of 2 reps held.", ("Rep 2 was not judged.",)),
        (
            (2.0, 16.0, 17.0, 18.0, 30.0),
            "1 of 5 reps held.",
            ("Most in rep 5: a large tuck, 30° (24 to 36).", "Reps 2, 3 and 4 changed too."),
        ),
    ],
)
def test_headline_says_the_set_in_one_breath(
    tucks_deg: tuple[float, ...], title: str, sentences: tuple[str, ...]
) -> None:
    told = headline(result_of(tucks_deg=tucks_deg))
    assert told.title == title
    assert told.sentences == sentences


def test_refused_view_is_no_verdict() -> None:
    result = result_of(view_gradeable=False, view_reasons=(Reason.VIEW_OBLIQUE,))
    assert headline(result).title == "This clip cannot carry a verdict on the back."
    assert headline(result).status is Status.NOT_GRADEABLE
    assert [item.problem[:21] for item in set_advice(result)] == ["The camera sees you a"]


def test_clip_without_reps_and_clip_without_anybody_say_so() -> None:
    assert headline(result_of(tucks_deg=())).title == "No whole hinge was found in this clip."
    nobody = result_of(tucks_deg=(), detected=False, view_gradeable=False)
    assert headline(nobody).title == "Nobody was found in this clip."
    assert baseline_sentence(nobody) == "This clip shows no posture to count from."


def test_rounding_alone_makes_a_rep_changed() -> None:
    result = result_of(tucks_deg=(2.0,), rounding=Verdict.YES, rounding_deg=25.0)
    assert status_of(result.reps[0]) is Status.CHANGED
    sentence = headline(result).sentences[0]
    assert sentence.startswith("Rep 1: a slightly rounded back, ")
    assert sentence.endswith("44° (33 to 55), usual up to 30.5°.")


@pytest.mark.parametrize(
    ("rounding", "status", "sentence"),
    [
        (Verdict.NO, Status.UNSURE, "not rounded; the tuck could not be judged"),
        (Verdict.UNSURE, Status.UNSURE, "too close to call: lumbar flexion "),
        (Verdict.YES, Status.CHANGED, "a slightly rounded back, "),
        (Verdict.NOT_GRADEABLE, Status.NOT_GRADEABLE, "not judged"),
    ],
)
def test_rep_whose_tuck_was_not_judged_is_never_held(
    rounding: Verdict, status: Status, sentence: str
) -> None:
    analysis = without_tuck_verdict(make_analysis(SetOfReps(rounding=rounding)))
    result = make_result(analysis)
    assert headline(result).status is status
    assert "held" not in headline(result).title
    for rep in result.reps:
        assert status_of(rep) is status
        assert rep_sentence(rep).startswith(sentence)
    page = text_of(render_report(analysis, result, make_stills(analysis), None))
    assert "kept its shape" not in page
    assert "reps held" not in page


def test_reps_judged_in_part_are_not_called_close() -> None:
    told = headline(make_result(without_tuck_verdict(make_analysis(SetOfReps()))))
    assert told.title == "Judged in part only."
    assert all("could be judged in part only" in sentence for sentence in told.sentences)


@pytest.mark.parametrize(
    ("tucks_deg", "sentence"),
    [
        (
            (3.0, 18.0),
            "Clean hinge depth: 71° of hip flexion (62 to 81) with knees at 21°,"
            " hands 34 cm above the floor.",
        ),
        (
            (3.0, 4.0),
            "Clean hinge depth: at least 71° of hip flexion (62 to 81) with knees at 21°,"
            " hands 34 cm above the floor; no rep reached its limit.",
        ),
        ((9.0,), "Clean hinge depth: not known, since no rep's tuck is clear enough."),
        ((NAN,), None),
    ],
)
def test_clean_depth_is_one_line_or_half_a_sentence_on_why_not(
    tucks_deg: tuple[float, ...], sentence: str | None
) -> None:
    assert clean_depth_sentence(result_of(tucks_deg=tucks_deg)) == sentence


def test_height_of_hands_that_hold_a_bar_on_the_back_is_no_depth() -> None:
    analysis = make_analysis(SetOfReps(tucks_deg=(18.0,)))
    squat = dataclasses.replace(analysis, lift=LiftGuess(Lift.SQUAT, 0.9, "auto"))
    sentence = clean_depth_sentence(make_result(squat))
    assert sentence == "Clean hinge depth: 71° of hip flexion (62 to 81) with knees at 21°."


@pytest.mark.parametrize(
    ("confidence", "source", "doubt"),
    [
        (0.69, "auto", "Taken for a Romanian deadlift (not sure); tell with --lift."),
        (0.7, "auto", None),
        (0.2, "user", None),
    ],
)
def test_lift_that_was_guessed_is_called_a_guess(
    confidence: float, source: str, doubt: str | None
) -> None:
    analysis = make_analysis(SetOfReps())
    guessed = dataclasses.replace(analysis, lift=LiftGuess(Lift.RDL, confidence, source))
    result = make_result(guessed)
    assert doubt_about_lift(result) == doubt
    text = text_of(render_report(guessed, result, {}, None))
    assert ("Taken for a" in text) == (doubt is not None)


def test_numbers_for_people() -> None:
    assert number(-3.4) == "\N{MINUS SIGN}3"
    assert number(-0.2) == "0"
    assert number(None) == "\N{EN DASH}"
    assert with_interval(3.0, (-3.1, 9.1)) == "3° (\N{MINUS SIGN}3 to 9)"
    assert with_interval(None, (None, None)) == "\N{EN DASH}"
    assert exactly(-10.5, Unit.DEG) == "\N{MINUS SIGN}10.5°"


def test_interval_that_ends_beside_its_limit_shows_on_which_side() -> None:
    assert with_interval(0.0, (0.0, 7.6), limit=8.0) == "0° (0 to 7.6)"
    assert with_interval(18.0, (8.4, 24.0), limit=8.0) == "18° (8.4 to 24)"
    assert with_interval(18.0, (7.4, 24.0), limit=8.0) == "18° (7 to 24)"
    assert with_interval(0.0, (0.0, 8.0), limit=8.0) == "0° (0 to 8)"


def test_page_needs_nothing_from_anywhere() -> None:
    html = page(SetOfReps(), "overlay.mp4")
    addresses = set(re.findall(r"(?:https?:)?//[a-z0-9.]+\.[a-z]{2,}", html))
    assert addresses == {"http://www.w3.org"}, "the name of SVG's namespace is no request"
    sources = re.findall(r'\b(?:src|href)="([^"]*)"', html)
    assert {source.split(",")[0] for source in sources if not source.startswith("#")} == {
        "data:image/jpeg;base64",
        "overlay.mp4",
    }


def test_only_our_own_script_may_run() -> None:
    html = page(SetOfReps())
    allowed = re.search(r"script-src 'sha256-([^']+)'", html)
    script = re.search(r"<script>(.*?)</script>", html, flags=re.DOTALL)
    assert allowed
    assert script
    digest = hashlib.sha256(script[1].encode()).digest()
    assert allowed[1] == base64.b64encode(digest).decode()


def test_names_are_text_and_never_markup() -> None:
    name = "<script>alert('x')</script>\"&.mp4"
    html = page(SetOfReps(warnings=("<b>odd</b>",)), '"><img src=x>.mp4', name)
    assert "<script>alert" not in html
    assert "<b>odd" not in html
    assert "<img src=x" not in html
    assert html.count("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&#34;&amp;.mp4") >= 2


def test_verdict_comes_first_then_stills_charts_table_and_method() -> None:
    html = page(SetOfReps(), "overlay.mp4")
    marks = ["2 of 3 reps held.</span>", "data:image/jpeg", "<video", 'class="numbers"',
             "How this was measured", "Settings and provenance", "Not medical advice"]  # fmt: skip
    places = [html.index(mark) for mark in marks]
    assert places == sorted(places)


def test_table_says_verdicts_in_words_with_interval_and_onset() -> None:
    text = text_of(page(SetOfReps()))
    assert "3 9.83 s Clear 18° (12 to 24) Held" in text
    assert "9.43 s 71°" in text


def test_onset_is_shown_only_where_there_is_a_tuck() -> None:
    analysis = make_analysis(SetOfReps(tucks_deg=(9.0,)))
    result = make_result(analysis)
    assert result.reps[0].butt_wink.verdict is Verdict.UNSURE
    assert result.reps[0].butt_wink.onset_s is not None
    html = render_report(analysis, result, {}, None)
    assert "Unsure 9° (3 to 15) Held" in text_of(html)
    assert "71°" not in text_of(html)
    assert chart_of(html)["reps"][0]["onset"] is None


def test_page_says_where_rounding_begins() -> None:
    assert "for the lift: up to 30.5° is normal." in text_of(page(SetOfReps()))
    refused = text_of(page(SetOfReps(tucks_deg=(NAN,))))
    assert "judged against what is usual for the lift." in refused


def test_zero_is_told_as_it_is_taken() -> None:
    assert baseline_sentence(result_of()) == (
        "Angles count from your own quiet standing before or after the set (with its load, if you"
        " carried one then), which this clip shows (between 0.1 and 1.2 s)."
    )


def test_refused_clip_shows_how_to_film_and_no_spine_numbers() -> None:
    html = page(SetOfReps(view_gradeable=False, view_reasons=(Reason.VIEW_OBLIQUE,)))
    text = text_of(html)
    assert "How to film it better" in text
    assert "Put the camera straight to your side" in text
    assert "Lumbar flexion and pelvic tilt are left out" in text
    data = chart_of(html)
    assert [panel["name"] for panel in data["panels"]] == ["trunk_inclination", "knee_flexion"]


def test_clip_without_anybody_has_no_chart_and_no_table() -> None:
    html = page(SetOfReps(tucks_deg=(), detected=False, view_gradeable=False,
                          view_reasons=(Reason.NO_PERSON,)))  # fmt: skip
    assert "Over time" not in html
    assert "In numbers" not in html
    assert "Nobody was found in this clip." in html
    assert "Not medical advice" in html


def test_page_without_stills_or_overlay_has_neither(analysis: Analysis, result: Result) -> None:
    html = render_report(analysis, result, {}, None)
    assert "<img" not in html
    assert "<video" not in html
    assert "Pictures" not in html


def test_long_clip_is_thinned_but_keeps_the_frames_that_matter() -> None:
    analysis = make_analysis(SetOfReps(tucks_deg=(4.0,) * 60, rep_s=8.0, lead_s=60.0))
    data = chart_data(analysis, make_result(analysis))
    assert data is not None
    assert analysis.frames > 5 * MAX_POINTS
    assert len(data["time"]) < 1.2 * MAX_POINTS
    assert sorted(set(data["time"])) == data["time"]
    for check in analysis.reps:
        assert round(1000 * float(analysis.track.time_s[check.worst])) in data["time"]


def test_chart_leaves_gaps_where_nothing_was_measured(analysis: Analysis, result: Result) -> None:
    data = chart_data(analysis, result)
    assert data is not None
    lumbar = data["panels"][0]["value"]
    assert lumbar[150:162] == [None] * 12
    assert lumbar[140] == round(10 * float(analysis.angles.lumbar_flexion.value_deg[140]))
    assert [rep["onset"] for rep in data["reps"]] == [None, None, 9433]


def test_pull_is_shown_at_its_set_up(analysis: Analysis) -> None:
    first = analysis.reps[0]
    pull = dataclasses.replace(first, worst=first.rep.start, reference=first.rep.start + 20)
    pulled = dataclasses.replace(analysis, reps=(pull, *analysis.reps[1:]))
    html = render_report(pulled, make_result(pulled), make_stills(pulled), None)
    assert chart_of(html)["reps"][0]["low"] == chart_of(html)["reps"][0]["start"]
    text = text_of(html)
    assert text.count("Late in the pull") == text.count("Set-up") == 1


def test_angle_never_measured_gets_no_panel(analysis: Analysis, result: Result) -> None:
    blind = dataclasses.replace(
        analysis.angles,
        lumbar_flexion=dataclasses.replace(
            analysis.angles.lumbar_flexion,
            value_deg=analysis.angles.lumbar_flexion.value_deg * NAN,
        ),
    )
    data = chart_data(dataclasses.replace(analysis, angles=blind), result)
    assert data is not None
    assert "lumbar_flexion" not in [panel["name"] for panel in data["panels"]]


def test_other_findings_are_told_below_the_back_and_leave_its_headline_alone() -> None:
    held = make_analysis(SetOfReps(tucks_deg=(2.0, 3.0)))
    analysis = with_measures(held, measure(Code.NECK_EXTENSION, 2, Verdict.YES))
    html = render_report(analysis, make_result(analysis), make_stills(analysis), None)
    text = text_of(html)
    assert text.index("Both reps held.") < text.index("Also seen: chin up (rep 2).")
    assert "Chin up: 48° (38 to 58), usual up to 30°" in text
    assert chart_of(html)["findings"] == [
        {
            "rep": 2,
            "time": 6000,
            "name": "Chin up",
            "text": "Chin up: 48° (38 to 58), usual up to 30°",
        }
    ]


def test_refused_clip_still_tells_what_the_limbs_showed() -> None:
    refused = make_analysis(
        SetOfReps(tucks_deg=(2.0,), view_gradeable=False, view_reasons=(Reason.VIEW_OBLIQUE,))
    )
    analysis = with_measures(refused, measure(Code.LOCKOUT_SHORT, 1, Verdict.YES))
    text = text_of(render_report(analysis, make_result(analysis), make_stills(analysis), None))
    assert "Also seen: not finished at the top (rep 1)." in text
    assert text.index("How to film it better") < text.index("Next set")


def test_set_with_many_findings_has_two_cues() -> None:
    codes = [Code.NECK_EXTENSION, Code.BAR_DRIFT, Code.LOCKOUT_SHORT, Code.FAST_DESCENT]
    analysis = with_measures(
        make_analysis(SetOfReps()), *(measure(code, 2, Verdict.YES) for code in codes)
    )
    html = render_report(analysis, make_result(analysis), {}, None)
    cues = re.search(r'<h2 id="cues">.*?</ol>', html, flags=re.DOTALL)
    assert cues
    assert cues[0].count("<li>") == 2


@pytest.mark.parametrize("reps", [1, 3, 20])
def test_strip_shows_every_rep_of_a_set_side_by_side(reps: int) -> None:
    html = page(SetOfReps(tucks_deg=(4.0,) * reps))
    tiles = re.findall(r'<a class="tile held" href="#rep-(\d+)">', html)
    assert tiles == ([] if reps == 1 else [str(index + 1) for index in range(reps)])


def test_hamstrings_are_drawn_in_percent_of_standing(analysis: Analysis, result: Result) -> None:
    data = chart_data(analysis, result)
    assert data is not None
    (panel,) = [panel for panel in data["panels"] if panel["name"] == "hamstrings"]
    bottom = analysis.reps[0].rep.bottom
    assert panel["unit"].strip() == "%"
    assert abs(panel["value"][0]) < 30
    longer = 100 * (float(analysis.hamstrings[Belly.SEMIMEM].ratio[bottom]) - 1)
    assert panel["value"][bottom] == pytest.approx(10 * longer, abs=15)


def test_drills_point_to_the_screen_that_shows_them() -> None:
    analysis = make_analysis(SetOfReps())
    result = make_result(analysis)
    summary = result.summary.model_copy(update={"drills": ["Banded hamstring stretch"]})
    drilled = result.model_copy(update={"summary": summary})
    text = text_of(render_report(analysis, drilled, {}, None))
    assert "Banded hamstring stretch" in text
    assert "hingecheck screen" in text


def chart_of(html: str) -> Any:
    found = re.search(r'id="chart-data">(.*?)</script>', html, flags=re.DOTALL)
    assert found
    return json.loads(found[1])


@pytest.mark.parametrize("pulls", [1, 3])
def test_numbers_of_a_pull_from_the_floor_are_those_of_its_set_up(
    analysis: Analysis, pulls: int
) -> None:
    pulled = [
        dataclasses.replace(
            check,
            worst=check.rep.start,
            reference=check.rep.start + 20,
            rep=dataclasses.replace(check.rep, from_floor=True),
        )
        for check in analysis.reps[:pulls]
    ]
    from_floor = dataclasses.replace(analysis, reps=(*pulled, *analysis.reps[pulls:]))
    text = text_of(render_report(from_floor, make_result(from_floor), {}, None))
    start_s = analysis.track.time_s[analysis.reps[0].rep.start]
    assert f" 1 At the set-up {start_s:.2f} s " in text
    assert text.count(" At the set-up ") == (pulls + 1 if pulls == 3 else pulls)
    assert ("Rep Bottom or set-up Tuck" in text) == (pulls == 1)


def test_clip_without_reps_says_so_once_and_names_no_lift() -> None:
    text = text_of(page(SetOfReps(tucks_deg=(), view_reasons=(Reason.NO_REPS,))))
    assert text.split("How to film it better")[0].count("No whole hinge") == 2, "title, headline"
    assert "No whole hinge" not in text.split("How to film it better")[1]
    assert advice(Reason.NO_REPS).remedy in text
    assert "Romanian" not in text
