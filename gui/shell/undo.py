"""Undo and redo over the whole states of a lab.

A step is a whole frozen state, so that no edit needs an inverse. States share their equal parts: 500 of them take little
memory. Called by `gui.lab.base.Lab`. No Qt here; tests give it a clock.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

import msgspec

MOST_STEPS = 500
JOINED_S = 0.7  # changes of one field within so many seconds are one step: a slider that is dragged

StateT = TypeVar("StateT")


class UndoHistory(Generic[StateT]):
    """The present state, the states before it and the states that were undone.

    `note` makes a new state the present. Changes are one step if their keys have a part in common and each is within `joined_s`
    seconds of the one before; the key "" joins nothing. `follow` replaces the present without a step, for instance with the
    place of the filter's window while it plays.
    """

    def __init__(
        self,
        present: StateT,
        *,
        most: int = MOST_STEPS,
        joined_s: float = JOINED_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._joined_s = joined_s
        self._clock = clock
        self._present = present
        self._past: deque[StateT] = deque(maxlen=most)
        self._future: list[StateT] = []
        self._key = ""
        self._noted_at = 0.0

    @property
    def present(self) -> StateT:
        return self._present

    @property
    def can_undo(self) -> bool:
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        return bool(self._future)

    def note(self, state: StateT, key: str = "") -> None:
        """Make `state` the present and forget the undone states. A step that leads back to its beginning is removed."""
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

    def follow(self, state: StateT) -> None:
        """Make `state` the present without a step: undo leads to the same state as before. If that is `state` itself (after an
        invalid edit), that step is removed."""
        self._present = state
        if self._past and self._past[-1] == state:
            self._past.pop()

    def undo(self) -> StateT | None:
        """Return to the state before the last step. None where there is no step."""
        if not self._past:
            return None
        self._future.append(self._present)
        return self._move(self._past.pop())

    def redo(self) -> StateT | None:
        """Return to the state before the last undo. None where nothing is undone."""
        if not self._future:
            return None
        self._past.append(self._present)
        return self._move(self._future.pop())

    def _move(self, state: StateT) -> StateT:
        self._present, self._key = state, ""  # the next change begins a new step, however soon it comes
        return state


def difference(before: msgspec.Struct, after: msgspec.Struct) -> str:
    """The fields that differ, as a key for `UndoHistory.note`: "layer.kernel_size", or "layer" where the kind differs,
    "layers.2.padding" in a list that has as many as before; several are joined by +; "" where none differs."""
    return "+".join(
        place for name in before.__struct_fields__ for place in _differing(name, getattr(before, name), getattr(after, name))
    )


def _differing(name: str, old: object, new: object) -> list[str]:
    if old == new:
        return []
    if isinstance(old, msgspec.Struct) and isinstance(new, msgspec.Struct) and type(old) is type(new):
        return [f"{name}.{inner}" for inner in difference(old, new).split("+")]
    if isinstance(old, tuple) and isinstance(new, tuple) and len(old) == len(new):
        pairs = enumerate(zip(old, new, strict=True))
        return [place for number, (one, other) in pairs for place in _differing(f"{name}.{number}", one, other)]
    return [name]


def _same_thing(first: str, second: str) -> bool:
    """Whether two keys have a field in common: a change of the stride sometimes changes the padding too."""
    return bool(set(first.split("+")) & set(second.split("+")) - {""})
