"""A question that several pages ask is computed once, and each page gets its answer."""

from __future__ import annotations

from gui.labs.sequence.gates_question import gates_question
from gui.running.timeline.past_answers import answers_to


def test_a_question_of_several_pages_is_computed_once():
    asked = []

    def shared(model: str, data: str) -> object:
        asked.append((model, data))
        return object()

    def other(model: str, _data: str) -> str:
        return model

    found = answers_to({"gates": shared, "one_step": shared, "curves": other}, "model", "data")
    assert asked == [("model", "data")]
    assert found["gates"] is found["one_step"] and found["curves"] == "model"
    assert list(found) == ["gates", "one_step", "curves"]


def test_the_question_about_the_gates_is_one_object_for_all_pages():
    assert gates_question(3, (1,)) is gates_question(3, (1,))
    assert gates_question(3, (1,)) is not gates_question(4, (1,))
