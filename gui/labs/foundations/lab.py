"""The foundations lab: boards, each one idea of the first chapters with one picture that reacts at once.

Its state is one frozen FoundationsState, which holds every board's. A board is made when it is first shown; it draws its own
state and emits edited ones, and the lab alone remembers them.
"""

from __future__ import annotations

import importlib
import time
from functools import partial

import msgspec
from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.lab.asset_texts import asset_text
from gui.lab.base import Lab, Services
from gui.labs.foundations.board import AnyBoard, Board
from gui.labs.foundations.board_panel import BoardPanel
from gui.labs.foundations.board_presets import LAB_NAME
from gui.labs.foundations.board_state import BoardLink, BoardState
from gui.labs.foundations.boards import BOARD_WORDS, BOARDS
from gui.labs.foundations.state import FoundationsState, fitted_board
from gui.shell.language import say
from gui.shell.undo import PlayKey, StepKey
from gui.widgets.figures.answer_line import AnswerLine
from gui.widgets.forms.controls import Segmented
from gui.widgets.page_stack import PageStack

GAP_PX = 12


class FoundationsLab(Lab):
    name = LAB_NAME
    state_type = FoundationsState

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self._state = fitted_board(FoundationsState())
        self._boards: dict[str, AnyBoard] = {}
        self.strip = Segmented((name, "") for name in BOARDS)
        self.strip.chosen.connect(self.show_board)
        self.figures = AnswerLine()
        self.panel = BoardPanel()
        self.panel.preset_opened.connect(self._open_preset)
        self.panel.link_followed.connect(self._follow)
        self.panel.note_closed.connect(lambda: self.board.look(preset=""))
        self.stack = PageStack()
        self._lay_out()
        self._make_actions()
        self.retranslate()
        self._show_state()
        self.remember(self._state)

    def _lay_out(self) -> None:
        columns = QHBoxLayout()
        columns.setSpacing(GAP_PX)
        columns.addWidget(self.panel)
        columns.addWidget(self.stack, 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(GAP_PX)
        page.addWidget(self.strip)
        page.addWidget(self.figures)
        page.addLayout(columns, 1)

    def _make_actions(self) -> None:
        self._previous_action, self._next_action = QAction(self), QAction(self)
        for action, keys, stride in (
            (self._previous_action, "Ctrl+PgUp", -1),
            (self._next_action, "Ctrl+PgDown", 1),
        ):
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(partial(self._walk, stride))
            self.addAction(action)

    # --- what a lab is to the window

    def state(self) -> FoundationsState:
        return self._state

    def set_state(self, state: msgspec.Struct) -> None:
        assert isinstance(state, FoundationsState)
        state = fitted_board(state)
        if state != self._state:
            self._state = state
            self._show_state()
            self.state_changed.emit()

    def brought_back(self, state: msgspec.Struct) -> FoundationsState:
        """Only what the step has changed comes back, on the board where that was done, which is shown; the others stay as they
        are looked at."""
        step = self._history.moved if self._history is not None else None
        assert step is not None and isinstance(step.before, FoundationsState) and isinstance(step.after, FoundationsState)
        if isinstance(step.key, PlayKey):
            self.board.board_left()
        whole = msgspec.structs.replace(self._state, board=step.after.board)
        for name in BOARDS:
            if step.before.of(name) != step.after.of(name):
                whole = whole.with_board(name, step.after.of(name))
        return whole

    def actions_for_menu(self) -> list[QAction]:
        return [self._previous_action, self._next_action]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Space do what the board does with it, wherever no control needs it."""
        plain = event.key() == Qt.Key.Key_Space and not event.modifiers()
        if not plain or event.isAutoRepeat() or not self.board.play_key():
            super().keyPressEvent(event)

    def busy(self) -> bool:
        """Whether something that is asked for is still being computed."""
        return self.board.busy() or self.panel.book.busy()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.board.board_left()

    def close_lab(self, deadline_s: float) -> None:
        until = time.monotonic() + deadline_s
        for board in self._boards.values():
            board.close_board(max(0.05, until - time.monotonic()))
        self.panel.close_panel(max(0.05, until - time.monotonic()))

    # --- boards

    @property
    def board(self) -> AnyBoard:
        """The board that is shown."""
        return self._made(self._state.board)

    def _made(self, name: str) -> AnyBoard:
        """The board of that name; it is made when it is first asked for."""
        if name not in self._boards:
            row = BOARDS[name]
            made: AnyBoard = getattr(importlib.import_module(row.module), row.kind)()
            self._boards[name] = made
            self.stack.addWidget(made)
            self.panel.add_board(made)
            made.retranslate()
            made.edited.connect(partial(self._edited, name))
            made.answers_changed.connect(partial(self._answers_changed, made))
        return self._boards[name]

    @Slot(str)
    def show_board(self, name: str) -> None:
        """Show the board of that name; which one is shown is no step."""
        self.step_to(msgspec.structs.replace(self._state, board=name), None)

    def _walk(self, stride: int) -> None:
        names = list(BOARDS)
        self.show_board(names[(names.index(self._state.board) + stride) % len(names)])

    # --- state to screen

    def _show_state(self) -> None:
        """Draw the board that is shown from its state."""
        board, state = self.board, self._state.shown
        self.strip.set_current(self._state.board)
        before = self.stack.currentWidget()
        if before is not board:
            if isinstance(before, Board):
                before.board_left()
            self.stack.setCurrentWidget(board)
        board.show_state(state)
        self.panel.show_board(board)
        self._write_answers()

    def _write_answers(self) -> None:
        self.figures.set_cells(self.board.answers())

    def _answers_changed(self, board: AnyBoard) -> None:
        if board is self._boards.get(self._state.board):
            self._write_answers()

    # --- what the user does

    def _edited(self, name: str, state: BoardState, key: StepKey | None) -> None:
        """An edit on the board of that name. Fields of two boards are not one thing, whatever they are called."""
        if isinstance(key, str) and key:
            key = "+".join(f"{name}.{field}" for field in key.split("+"))
        whole = self._state.with_board(name, state)
        if whole == self._state:
            self.board.show_state(self._state.shown)  # the control that was moved goes back
        else:
            self.step_to(whole, key)

    @Slot(object)
    def _open_preset(self, state: BoardState) -> None:
        self._edited(self._state.board, state, "")

    @Slot(object)
    def _follow(self, link: BoardLink) -> None:
        """Show the idea in the lab where it is used."""
        self.setting_offered.emit(asset_text(*link.asset))

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
            for board in self._boards.values():  # theirs come after the lab's own
                board.retranslate()
            self._write_answers()

    def retranslate(self) -> None:
        self.strip.setAccessibleName(self.tr("Boards"))
        self.strip.set_choices((name, say(BOARD_WORDS, name)) for name in BOARDS)
        for number, name in enumerate(BOARDS, start=1):
            self.strip.button(name).setToolTip(f"{number}. {say(BOARD_WORDS, f'{name}.title')}")
        self._previous_action.setText(self.tr("Previous board"))
        self._next_action.setText(self.tr("Next board"))
