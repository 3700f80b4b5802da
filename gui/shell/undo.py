"""Undo and redo over the whole states of a lab.

A step is a whole frozen state, so that no edit needs an inverse. States share their equal parts: 500 of them take little
memory. Called by `gui.lab.base.Lab`. No Qt here; tests give it a clock.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeAlias, TypeVar

import msgspec

MOST_STEPS = 500
JOINED_S = 0.7  # changes of one field within so many seconds are one step: a slider that is dragged

StateT = TypeVar("StateT")


class PlayKey:
    """The key of what one play changes: all of it is one step, however long it takes, and no edit joins it. Each play has its
    own."""


StepKey: TypeAlias = str | PlayKey


class HandMove(NamedTuple):
    """What the user's hand does: a number that each press, each release and each key that acts counts up, and whether a button
    of the mouse is held."""

    number: int
    held: bool


class UndoStep(NamedTuple, Generic[StateT]):
    """One step: the state when it began, the one that it made, and what is shown where the history goes to its other side."""

    before: StateT
    after: StateT
    key: StepKey
    shown: StateT


class UndoHistory(Generic[StateT]):
    """The present state, the states before it and the states that were undone.

    `note` makes a new state the present. Changes are one step if their keys have a part in common, one move of the hand makes
    them, and each is within `joined_s` seconds of the one before or a button of the mouse is held; the key "" joins nothing, a
    `PlayKey` all of its play. `follow` replaces the present without a step, for instance with the
    place of the filter's window while it plays.
    """

    def __init__(
        self,
        present: StateT,
        *,
        most: int = MOST_STEPS,
        joined_s: float = JOINED_S,
        clock: Callable[[], float] = time.monotonic,
        hand: Callable[[], HandMove] = lambda: HandMove(0, False),
    ) -> None:
        self._joined_s = joined_s
        self._clock, self._hand = clock, hand
        self._present = present
        self._past: deque[UndoStep[StateT]] = deque(maxlen=most)
        self._future: list[UndoStep[StateT]] = []
        self._key: StepKey = ""
        self._noted_at, self._noted_by = 0.0, 0
        self.moved: UndoStep[StateT] | None = None  # what was undone or redone last, the way that it was gone

    @property
    def present(self) -> StateT:
        return self._present

    @property
    def can_undo(self) -> bool:
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        return bool(self._future)

    def note(self, state: StateT, key: StepKey = "") -> None:
        """Make `state` the present and forget the undone states. A step that leads back to its beginning is removed."""
        if state == self._present:
            return
        joins = bool(self._past) and self._joins(key)
        if joins:
            self._past[-1] = self._past[-1]._replace(after=state)
        else:
            self._past.append(UndoStep(self._present, state, key, self._present))
        self._present, self._key = state, key
        self._noted_at, self._noted_by = self._clock(), self._hand().number
        self._future.clear()
        if joins and self._past[-1].shown == state:
            self._past.pop()
            self._key = ""

    def _joins(self, key: StepKey) -> bool:
        """Whether a change with this key belongs to the last step."""
        if isinstance(key, PlayKey) or isinstance(self._key, PlayKey):
            return key is self._key
        hand = self._hand()
        soon = hand.held or self._clock() - self._noted_at <= self._joined_s
        return _same_thing(key, self._key) and hand.number == self._noted_by and soon

    def follow(self, state: StateT) -> None:
        """Make `state` the present without a step: undo leads to the same state as before. If that is `state` itself (after an
        invalid edit), that step is removed."""
        self._present = state
        if self._past and self._past[-1].shown == state:
            self._past.pop()

    def undo(self) -> StateT | None:
        """Return to the state before the last step. None where there is no step."""
        if not self._past:
            return None
        step = self._past.pop()
        self._future.append(step._replace(shown=self._present))
        return self._move(step, step.after, step.before)

    def redo(self) -> StateT | None:
        """Return to the state before the last undo. None where nothing is undone."""
        if not self._future:
            return None
        step = self._future.pop()
        self._past.append(step._replace(shown=self._present))
        return self._move(step, step.before, step.after)

    def _move(self, step: UndoStep[StateT], left: StateT, reached: StateT) -> StateT:
        self.moved = step._replace(before=left, after=reached)
        self._present, self._key = step.shown, ""  # the next change begins a new step, however soon it comes
        return step.shown


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
