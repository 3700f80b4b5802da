"""A page whose question raises says so in its place; the others are answered as before, now and at moments of the past."""

from __future__ import annotations

import numpy as np

from gui.shell import language
from tests.gui.labs.training.small_runs import run, small


def no_answer(model: object, data: object) -> object:
    raise ValueError("three of them, not four")


def test_a_question_that_raises_costs_its_own_page_only(qtbot, make_lab, monkeypatch):
    lab = make_lab(small(epochs=2))
    confusion, prediction = lab.pages.confusion, lab.pages.prediction
    was = confusion.question
    shown = []
    monkeypatch.setattr(confusion, "question", lambda: no_answer)
    monkeypatch.setattr(prediction, "show_answer", shown.append)
    confusion.question_changed.emit()
    run(qtbot, lab)

    def line() -> str:
        found = confusion._trouble_line
        return "" if found is None or found.isHidden() else found.text()

    qtbot.waitUntil(lambda: bool(shown and line()))
    assert line() == "This page cannot be computed. ValueError: three of them, not four"
    language.set_language("ko")
    qtbot.waitUntil(lambda: line().startswith("이 페이지를 계산할 수 없습니다. ValueError"))

    before = len(shown)
    step = lab.control.kept_weights.steps[1]
    lab.timeline.go_to(step)
    qtbot.waitUntil(lambda: len(shown) > before and not lab.looking.is_behind)
    assert line() and "검증 손실" in lab.notice.said, "a page that cannot answer is no trouble of the run"
    assert np.isfinite(shown[-1].answers).all()

    monkeypatch.setattr(confusion, "question", was)
    confusion.question_changed.emit()
    qtbot.waitUntil(lambda: not line())
