"""A second opinion that fails takes nothing away."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from live.moments import call

from hingecheck.live.rep_judge import Opinion, RepJudge
from hingecheck.live.take import Take


def test_opinion_that_fails_is_the_first_one_again() -> None:
    counted = call()
    torn = Take((320, 240), 30.0, time_s=[9.0, 10.0, 13.0], looks=[[]])
    with ThreadPoolExecutor(1) as pool:
        judge = RepJudge(pool)
        judge.ask(counted)
        judge.watch(torn, None, working=False)
    assert judge.collect() == [Opinion(counted, "")]


def test_repetition_waits_until_it_stands_or_its_set_is_over() -> None:
    counted = call()
    early = Take((320, 240), 30.0, time_s=[9.0, 10.0, 12.1], looks=[[], [], []])
    for over, asked in ((False, 0), (True, 1)):
        with ThreadPoolExecutor(1) as pool:
            judge = RepJudge(pool)
            judge.ask(counted)
            judge.watch(early, None, working=over)
        assert len(judge.collect()) == asked
