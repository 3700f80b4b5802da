"""Undo and redo: what is one step, where the steps lead, and how many there are. No window here, and a clock that is told."""

from __future__ import annotations

import random

import msgspec
import pytest

from engine.cells.planes import Studied
from engine.layers.kinds.convolution import Conv1d, Conv2d
from gui.shell.undo import UndoHistory, difference


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_steps_lead_back_and_forth(clock: Clock) -> None:
    history = UndoHistory("a", clock=clock)
    assert not history.can_undo and not history.can_redo
    for state in "bcd":
        history.note(state)
    assert [history.undo(), history.undo()] == ["c", "b"] and history.present == "b"
    assert history.can_redo and history.redo() == "c"
    history.note("e")
    assert not history.can_redo and history.redo() is None
    assert [history.undo() for _ in range(4)] == ["c", "b", "a", None]
    assert [history.redo() for _ in range(4)] == ["b", "c", "e", None]


def test_a_dragged_slider_is_one_step(clock: Clock) -> None:
    history = UndoHistory(0, clock=clock)
    for value in range(1, 40):  # 39 moves of the hand, 0.69 s apart: together far longer than the 0.7 s
        history.note(value, "stride")
        clock.now += 0.69
    assert history.undo() == 0 and not history.can_undo and history.redo() == 39


@pytest.mark.parametrize(
    ("wait", "key", "steps"), [(0.69, "stride", [0]), (0.71, "stride", [1, 0]), (0.1, "padding", [1, 0]), (0.1, "", [1, 0])]
)
def test_what_joins(clock: Clock, wait: float, key: str, steps: list[int]) -> None:
    history = UndoHistory(0, clock=clock)
    history.note(1, "stride")
    clock.now += wait
    history.note(2, key)
    undone = []
    while history.can_undo:
        undone.append(history.undo())
    assert undone == steps


def test_the_empty_key_joins_nothing(clock: Clock) -> None:
    history = UndoHistory(0, clock=clock)
    for value in (1, 2, 3):
        history.note(value, "")
    assert [history.undo(), history.undo(), history.undo()] == [2, 1, 0]


def test_a_change_right_after_undoing_is_a_step_of_its_own(clock: Clock) -> None:
    history = UndoHistory(0, clock=clock)
    history.note(1, "stride")
    history.undo()
    history.note(2, "stride")
    history.note(3, "stride")
    assert history.undo() == 0 and not history.can_undo


def test_a_hand_that_comes_back_has_made_no_step(clock: Clock) -> None:
    history = UndoHistory(5, clock=clock)
    for value in (6, 7, 6, 5):
        history.note(value, "stride")
    assert not history.can_undo and history.present == 5
    history.note(8, "stride")
    assert history.undo() == 5


def test_the_present_noted_again_changes_nothing(clock: Clock) -> None:
    history = UndoHistory("a", clock=clock)
    history.note("b")
    history.undo()
    history.note("a")
    assert history.can_redo and not history.can_undo


def test_what_follows_is_no_step_and_keeps_what_was_undone(clock: Clock) -> None:
    history = UndoHistory("a", clock=clock)
    history.note("b")
    history.note("c")
    history.undo()
    history.follow("b, window moved")
    assert history.redo() == "c" and history.undo() == "b, window moved" and history.undo() == "a"


def test_an_edit_that_could_not_be_leaves_nothing_to_undo(clock: Clock) -> None:
    history = UndoHistory("a", clock=clock)
    history.note("a picture that is not there")
    history.follow("a")
    assert not history.can_undo and history.present == "a"


def test_the_oldest_steps_are_forgotten(clock: Clock) -> None:
    history = UndoHistory(0, clock=clock)
    for value in range(1, 1001):
        history.note(value)
    undone = []
    while history.can_undo:
        undone.append(history.undo())
    assert undone == list(range(999, 499, -1))  # 500 of them


def test_against_a_list_that_is_walked(clock: Clock) -> None:
    """Random notes, undos and redos beside the plainest history there is: a list and a place in it."""
    draw = random.Random(3)
    history, states, place = UndoHistory(0, clock=clock), [0], 0
    for number in range(1, 3000):
        match draw.choice("nnur"):
            case "n":
                history.note(number)
                states = [*states[: place + 1], number][-501:]
                place = len(states) - 1
            case "u":
                expected = states[place - 1] if place else None
                assert history.undo() == expected
                place = max(0, place - 1)
            case "r":
                expected = states[place + 1] if place + 1 < len(states) else None
                assert history.redo() == expected
                place = min(len(states) - 1, place + 1)
        assert (history.present, history.can_undo, history.can_redo) == (states[place], place > 0, place + 1 < len(states))


class Inner(msgspec.Struct, frozen=True):
    seed: int = 0
    name: str = ""


class Outer(msgspec.Struct, frozen=True):
    layer: Studied = Conv2d(out_channels=1, kernel_size=3)
    inner: Inner = Inner()
    flipped: bool = False


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (Outer(), ""),
        (Outer(flipped=True), "flipped"),
        (Outer(inner=Inner(seed=1)), "inner.seed"),
        (Outer(layer=Conv2d(out_channels=1, kernel_size=5)), "layer.kernel_size"),
        (Outer(layer=Conv1d(out_channels=1, kernel_size=3)), "layer"),
        (Outer(inner=Inner(1, "x"), flipped=True), "inner.seed+inner.name+flipped"),
    ],
)
def test_the_key_names_what_differs(after: Outer, expected: str) -> None:
    assert difference(Outer(), after) == expected


class Listed(msgspec.Struct, frozen=True):
    layers: tuple[Studied, ...] = (Conv2d(out_channels=1, kernel_size=3), Conv2d(out_channels=2, kernel_size=3))


def test_the_key_names_the_part_of_a_list_that_differs() -> None:
    """An edit of a layer, another layer's, and another kind in its place are three steps."""
    first, second = Listed().layers
    assert difference(Listed(), Listed((first, Conv2d(out_channels=5, kernel_size=3)))) == "layers.1.out_channels"
    assert difference(Listed(), Listed((Conv1d(out_channels=1, kernel_size=3), second))) == "layers.0"
    assert difference(Listed(), Listed((first,))) == "layers"
