"""What a lab's states were: undo and redo over frozen values.

A step is a whole state, so nothing has to know how to take an edit back; states share what they have in common, so that 500 of
them weigh little. Called by `gui.lab.base.Lab`. No Qt here, and no clock of its own in a test.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

import msgspec

MOST_STEPS = 500
JOINED_S = 0.7  # changes of the same thing that follow each other so soon are one step: a slider that is dragged

State = TypeVar("State")


class History(Generic[State]):
    """The present state, those before it and those that were undone.

    `note` takes in a new present. Changes whose keys have a part in common, each within `joined_s` seconds of the one before,
    are one step; the key "" joins nothing. `follow` takes in what is not worth a step of its own: where the window stands
    while it is played, say.
    """

    def __init__(
        self,
        present: State,
        *,
        most: int = MOST_STEPS,
        joined_s: float = JOINED_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._joined_s = joined_s
        self._clock = clock
        self._present = present
        self._past: deque[State] = deque(maxlen=most)
        self._future: list[State] = []
        self._key = ""
        self._noted_at = 0.0

    @property
    def present(self) -> State:
        return self._present

    @property
    def can_undo(self) -> bool:
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        return bool(self._future)

    def note(self, state: State, key: str = "") -> None:
        """`state` is the present now. What was undone is forgotten; a step that has led back to where it began is none."""
        if state == self._present:
            return
        now = self._clock()
        joins = _same_thing(key, self._key) and now - self._noted_at <= self._joined_s
        if not joins:
            self._past.append(self._present)
        self._present, self._key, self._noted_at = state, key, now
        self._future.clear()
        if joins and self._past and self._past[-1] == state:
            self._past.pop()
            self._key = ""

    def follow(self, state: State) -> None:
        """`state` is the present now, without a step: undoing leads to where it would have led. If that is `state` itself (an
        edit that could not be), there is nothing to undo there."""
        self._present = state
        if self._past and self._past[-1] == state:
            self._past.pop()

    def undo(self) -> State | None:
        """The state before the last step, which is the present now; None where there is none."""
        if not self._past:
            return None
        self._future.append(self._present)
        return self._move(self._past.pop())

    def redo(self) -> State | None:
        """The state that the last undo left, which is the present now; None where there is none."""
        if not self._future:
            return None
        self._past.append(self._present)
        return self._move(self._future.pop())

    def _move(self, state: State) -> State:
        self._present, self._key = state, ""  # the next change is a step of its own, however soon it comes
        return state


def difference(before: msgspec.Struct, after: msgspec.Struct) -> str:
    """Which fields differ, as a key for `History.note`: "layer.kernel_size", or "layer" where it is of another kind; several
    with a + between them; "" where nothing does."""
    found = []
    for name in before.__struct_fields__:
        old, new = getattr(before, name), getattr(after, name)
        if old == new:
            continue
        if isinstance(old, msgspec.Struct) and type(old) is type(new):
            found += [f"{name}.{inner}" for inner in difference(old, new).split("+")]
        else:
            found.append(name)
    return "+".join(found)


def _same_thing(first: str, second: str) -> bool:
    """Whether two keys have a field in common: moving a stride may take the padding along, but not each time."""
    return bool(set(first.split("+")) & set(second.split("+")) - {""})
