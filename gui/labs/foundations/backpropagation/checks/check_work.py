"""What is computed for the topics of gradient checks, in threads of their own. No Qt.

A course gives one `CheckedGradients` after the other. Where another one has begun, it ends at the next number that is moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import NamedTuple, TypeAlias

from engine.foundations.boards.backpropagation.checked_gradients import CheckedGradients
from engine.foundations.boards.backpropagation.two_layer_check import TwoLayerSetting, check_two_layers
from engine.passes.checked.gradient_check import CheckSetting, check_kinds
from gui.patience import Superseded

INPUTS = 784  # of a digit of 28×28
TENSORS = ("b2", "W2", "b1", "W1")  # in the order in which they are checked

CheckAsked: TypeAlias = CheckSetting | TwoLayerSetting


class CheckAsk(NamedTuple):
    """`number` is that of the course, from `CheckCourse.begin`."""

    number: int
    setting: CheckAsked


class CheckCourse:
    """`follow` is the course of what is asked. Numbers that are moved are counted; the window reads the count."""

    def __init__(self) -> None:
        self.moved = 0
        self._number = 0  # of the newest course

    def begin(self, setting: CheckAsked) -> CheckAsk:
        """In the window's thread: what to ask for a new course, at which an older one ends."""
        self._number += 1
        self.moved = 0
        return CheckAsk(self._number, setting)

    def end(self) -> None:
        """Let the course under way end."""
        self._number += 1

    def follow(self, asked: CheckAsk) -> Iterator[CheckedGradients]:
        """In its thread. It ends once another course has begun."""

        def checkpoint() -> None:
            if asked.number != self._number:
                raise Superseded
            self.moved += 1

        with suppress(Superseded):
            yield from _course(asked.setting, checkpoint)


def _course(asked: CheckAsked, checkpoint: Callable[[], None]) -> Iterator[CheckedGradients]:
    if isinstance(asked, CheckSetting):
        import torch

        torch.set_num_threads(1)  # of this thread: tiny passes are quickest so
        yield from check_kinds(asked, checkpoint=checkpoint)
        return
    from engine.books.written_digits import digits_of_mnist

    digits = digits_of_mnist()
    yield from check_two_layers(asked, digits.x_train, digits.t_train, checkpoint)
