"""Text fits where it is put, and has the signs that degrees need."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from hingecheck.form.messages import message
from hingecheck.form.records import Reason
from hingecheck.overlay.text import BOLD, REGULAR, Typesetter


@pytest.mark.parametrize("sign", ["°", "±", "·", "…", "\u2013", "\u2212"])
def test_sign_has_a_glyph_of_its_own(sign: str) -> None:
    setter = Typesetter()
    drawn, unknown = (setter.coverage(text, 40, REGULAR) for text in (sign, "?"))
    assert drawn.any()
    assert drawn.shape != unknown.shape or (drawn != unknown).any()


@pytest.mark.parametrize("reason", list(Reason))
@pytest.mark.parametrize("width_px", [60, 240, 900])
def test_wrapped_rows_fit_and_lose_no_word(reason: Reason, width_px: int) -> None:
    setter = Typesetter()
    rows = setter.wrap(message(reason), 14, REGULAR, width_px, 1000)
    assert all(setter.coverage(row, 14, REGULAR).shape[1] <= width_px for row in rows)
    assert "".join(rows).replace(" ", "") == message(reason).replace(" ", "")


@pytest.mark.parametrize("width_px", [80, 120, 200])
def test_name_longer_than_a_line_is_broken_at_its_joints(width_px: int) -> None:
    name = "/mnt/some_sets/live-20261123-183005-2.hingecheck"
    rows = Typesetter().wrap(f"Written to {name}", 12, REGULAR, width_px, 100)
    assert len(rows) > 2
    assert all(row[-1] in "-._/" for row in rows[1:-1])
    assert "".join(rows[1:]) == name


def test_cut_text_ends_in_an_ellipsis_within_the_width() -> None:
    setter = Typesetter()
    rows = setter.wrap(message(Reason.VIEW_OBLIQUE), 14, REGULAR, 200, 2)
    assert len(rows) == 2
    assert rows[-1].endswith("…")
    assert setter.width_px(rows[-1], 14, REGULAR) <= 200


@pytest.mark.parametrize("size_px", [10, 12, 24, 71])
def test_letters_are_not_cut_off_by_their_bitmap(size_px: int) -> None:
    setter = Typesetter()
    tall = setter.coverage("RLkdgjpqy,°±", size_px, BOLD)
    roomy = np.count_nonzero(tall[0]) + np.count_nonzero(tall[-1])
    assert roomy == 0
    assert tall.any()


def test_threads_draw_the_same_letters() -> None:
    expected = Typesetter().coverage("Lumbar flexion 18° ± 4°", 24, BOLD)
    wrong = []

    def work() -> None:
        for size_px in range(10, 40):
            setter = Typesetter()
            setter.coverage("Lumbar flexion", size_px, REGULAR)
            shown = setter.coverage("Lumbar flexion 18° ± 4°", 24, BOLD)
            if not np.array_equal(shown, expected):
                wrong.append(size_px)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
