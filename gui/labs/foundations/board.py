"""What a board is to the lab: one idea, drawn from one frozen state, with its controls for the left column and its figures for
the answer line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar, cast

import msgspec
from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QWidget

from gui.labs.foundations.board_state import BoardLink, BoardState
from gui.labs.foundations.boards import board_table
from gui.shell.undo import PlayKey, difference
from gui.widgets.forms.form import Form

AnswerCell: TypeAlias = tuple[str, str, str, str]  # key, title, value, note
BoardStateT = TypeVar("BoardStateT", bound=BoardState)


class Board(QWidget, Generic[BoardStateT]):
    """The right side of the lab while a board is shown.

    A subclass names its `state_type`, and fills in `draw`, `answers` and `retranslate`. Its `form` has the rows of the fields
    `FORM` of the state (all that a form can show, where it names none). What the user does goes through `edit`, `look` or
    `open_state`; the lab remembers it and hands it back to `show_state`, which emits nothing.
    """

    name: ClassVar[str]
    state_type: ClassVar[type[BoardState]]
    FORM: ClassVar[Sequence[str]] = ()
    BOOKS: ClassVar[Mapping[str, str]] = {}  # preset -> the experiment of the books that it shows
    LINKS: ClassVar[Sequence[BoardLink]] = ()

    edited = Signal(object, object)  # the whole new state, and its key as `Lab.remember` takes it
    answers_changed = Signal()  # `answers` says something else, though the state is the same
    refused = Signal(str)  # why something that was typed cannot be shown, in words; empty: nothing is wrong

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = cast(BoardStateT, self.state_type())
        self.form = Form(self.state_type, self.FORM, words=board_table(self.name), later=True)
        self.form.edited.connect(self._form_edited)
        self.form.refused.connect(self.refused)

    @property
    def state(self) -> BoardStateT:
        """What the board shows."""
        return self._state

    def show_state(self, state: BoardStateT) -> None:
        """Show a state. Nothing is emitted."""
        self._state = state
        self.form.show_value(state)
        self.draw()

    # --- what a board fills in

    def draw(self) -> None:
        """Bring controls and picture to the state."""
        raise NotImplementedError

    def answers(self) -> Sequence[AnswerCell]:
        """The main figures of what is shown: (key, title, value, note)."""
        raise NotImplementedError

    def controls(self) -> Sequence[QWidget]:
        """What stands in the left column, from above."""
        return (self.form,)

    def retranslate(self) -> None:
        """Write what the board says itself in the language in force. The lab then asks for `answers` anew."""

    def play_key(self) -> bool:
        """Do what Space does on the board. Whether it does anything."""
        return False

    def busy(self) -> bool:
        """Whether something that the state asks for is still being computed."""
        return False

    def board_left(self) -> None:
        """Another board or another lab is shown: what plays, rests."""

    def close_board(self, deadline_s: float) -> None:
        """Stop what runs, and join every thread, within `deadline_s` seconds."""

    # --- what the user does

    def edit(self, **changes: Any) -> None:
        """Change fields of the state, as a step that can be undone; a slider that is dragged is one step."""
        state = msgspec.structs.replace(self._state, **changes)
        self.edited.emit(state, difference(self._state, state))

    def look(self, **changes: Any) -> None:
        """Change fields that are a way of looking, and no step of their own."""
        self.edited.emit(msgspec.structs.replace(self._state, **changes), None)

    def play(self, key: PlayKey, **changes: Any) -> None:
        """Change fields as a play goes on: all that bears its key is one step."""
        self.edited.emit(msgspec.structs.replace(self._state, **changes), key)

    def open_state(self, state: BoardStateT) -> None:
        """Show another state as a step of its own."""
        self.edited.emit(state, "")

    @Slot(object)
    def _form_edited(self, state: BoardStateT) -> None:
        self.refused.emit("")
        self.edited.emit(state, difference(self._state, state))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()


AnyBoard: TypeAlias = Board[Any]
