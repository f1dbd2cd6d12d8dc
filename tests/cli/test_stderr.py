"""Native libraries' chatter: held back, kept for a crash, and given back afterwards."""

from __future__ import annotations

import os
import sys

import pytest

from hingecheck.cli.stderr import LONGEST_TAIL, QuietLibraries


def test_what_is_written_to_the_descriptor_is_held_back(capfd: pytest.CaptureFixture[str]) -> None:
    with QuietLibraries() as libraries:
        os.write(2, b"W0000 native chatter\n")
        print("python chatter", file=os.fdopen(2, "w", closefd=False))
        print("for the person", file=libraries.terminal)
        assert libraries.held_back() == "W0000 native chatter\npython chatter\n"
    os.write(2, b"afterwards\n")
    assert capfd.readouterr().err == "for the person\nafterwards\n"


def test_looking_does_not_disturb_what_is_written_next() -> None:
    with QuietLibraries() as libraries:
        os.write(2, b"one ")
        libraries.held_back()
        os.write(2, b"two")
        assert libraries.held_back() == "one two"


def test_only_the_end_of_much_chatter_is_shown() -> None:
    with QuietLibraries() as libraries:
        os.write(2, b"x" * LONGEST_TAIL + b"the crash")
        assert len(libraries.held_back()) == LONGEST_TAIL
        assert libraries.held_back().endswith("the crash")


def test_muted_it_holds_back_what_threads_write_after_the_block(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", sys.stderr)
    before = os.dup(2)
    try:
        with QuietLibraries() as libraries:
            libraries.mute()
        os.write(2, b"W0000 native chatter\n")
        print("for the person", file=sys.stderr)
    finally:
        os.dup2(before, 2)
        os.close(before)
    assert capfd.readouterr().err == "for the person\n"


def test_not_quiet_changes_nothing() -> None:
    with QuietLibraries(quiet=False) as libraries:
        assert libraries.terminal is sys.stderr
        assert libraries.held_back() == ""
