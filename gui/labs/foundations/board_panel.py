"""The left column of the foundations lab: the board's presets, the note and the book's figures of the one that is open, the
board's own controls, and where its idea is used in the other labs.
"""

from __future__ import annotations

import time
from functools import partial

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from gui.labs.foundations.board import AnyBoard
from gui.labs.foundations.board_presets import PRESET, board_preset, changed_since, preset_names, same_topic
from gui.labs.foundations.board_state import BoardLink, BoardState
from gui.labs.foundations.boards import BOARD_WORDS, board_table
from gui.shell.language import say
from gui.widgets.card import Card
from gui.widgets.figures.book_figures import BookFigures
from gui.widgets.labels import label, separator, set_text
from gui.widgets.menu_button import MenuButton
from gui.widgets.page_stack import PageStack
from gui.widgets.preset_note import PresetNote
from gui.widgets.scrolled_page import ScrolledPage

WIDTH = 292


class BoardPanel(Card):
    """`show_board` shows the controls of a board. `preset_opened` carries the state of a preset; `link_followed` a BoardLink;
    `note_closed`: the note is of no use any more."""

    preset_opened = Signal(object)
    link_followed = Signal(object)
    note_closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setFixedWidth(WIDTH)
        self._board: AnyBoard | None = None
        self._notes: dict[str, PresetNote] = {}
        self._pages: dict[str, ScrolledPage] = {}
        self.presets = MenuButton()
        self.presets_menu = QMenu(self)
        self.presets.setMenu(self.presets_menu)
        self.presets_menu.aboutToShow.connect(self._fill_menu)
        self._preset_actions = QActionGroup(self)
        self._preset_actions.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
        self._preset_actions.triggered.connect(self._preset_chosen)
        self.links = MenuButton()
        self.links_menu = QMenu(self)
        self.links.setMenu(self.links_menu)
        self.links_menu.aboutToShow.connect(self._fill_links)
        self.problem = label("warning", wraps=True)
        self.problem.hide()
        self._books: dict[str, BookFigures] = {}
        self._lay_out()

    def _lay_out(self) -> None:
        self.tools.addWidget(self.presets)
        self.tools.setContentsMargins(0, 0, 8, 0)
        self._note_place = QVBoxLayout()
        self._note_place.setContentsMargins(0, 0, 8, 0)
        self.body.addLayout(self._note_place)
        self.stack = PageStack()
        self.body.addWidget(self.stack, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(0, 0, 8, 0)
        foot.setSpacing(6)
        foot.addWidget(self.problem)
        foot.addWidget(separator())
        around = QHBoxLayout()
        around.addWidget(self.links)
        around.addStretch(1)
        foot.addLayout(around)
        self.body.addLayout(foot)
        self.layout().setContentsMargins(12, 10, 4, 10)  # type: ignore[union-attr]

    @property
    def book(self) -> BookFigures:
        """The book's figures of the board that is shown."""
        assert self._board is not None
        return self._books[self._board.name]

    def close_panel(self, deadline_s: float) -> None:
        """End every thread within `deadline_s` seconds."""
        until = time.monotonic() + deadline_s
        for book in self._books.values():
            book.close_figures(max(0.05, until - time.monotonic()))

    # --- what is shown

    def add_board(self, board: AnyBoard) -> None:
        """Give the board's controls a page of their own."""
        page = QWidget()
        area = self._pages[board.name] = ScrolledPage(page)
        self.stack.addWidget(area)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(7)
        for control in board.controls():
            column.addWidget(control)
        book = self._books[board.name] = BookFigures()
        column.addSpacing(4)
        column.addWidget(book)
        column.addStretch(1)
        note = self._notes[board.name] = PresetNote(board_table(board.name))
        note.closed.connect(self.note_closed)
        note.restored.connect(self._restore)
        self._note_place.addWidget(note)
        board.refused.connect(partial(self._board_refused, board))

    def show_board(self, board: AnyBoard) -> None:
        """Show a board, and what its state says."""
        if board is not self._board:
            self._board = board
            self.stack.setCurrentWidget(self._pages[board.name])
            self._say("")
            self.retranslate()
        state = board.state
        opened = state.preset if state.preset in preset_names(board.name) else ""
        changed = bool(opened) and changed_since(state, board_preset(board.name, opened))
        if changed and not same_topic(state, board_preset(board.name, opened)):
            opened = ""  # nothing of what it speaks of is on the screen
        for name, note in self._notes.items():
            if name == board.name:
                note.show_preset(f"{PRESET}{opened}" if opened else "", changed=changed)
            else:
                note.hide()
        self.book.show_experiment(board.BOOKS.get(opened, ""), changed=changed)

    def _board_refused(self, board: AnyBoard, text: str) -> None:
        if board is self._board:
            self._say(text)

    def _say(self, text: str) -> None:
        set_text(self.problem, text)
        self.problem.setVisible(bool(text))

    # --- menus

    @Slot()
    def _fill_menu(self) -> None:
        assert self._board is not None
        name = self._board.name
        for action in self._preset_actions.actions():
            self._preset_actions.removeAction(action)
        self.presets_menu.clear()
        for each in preset_names(name):
            action = self.presets_menu.addAction(say(board_table(name), f"{PRESET}{each}"))
            action.setCheckable(True)
            action.setData(each)
            action.setChecked(each == self._board.state.preset)
            self._preset_actions.addAction(action)

    @Slot()
    def _fill_links(self) -> None:
        assert self._board is not None
        self.links_menu.clear()
        for link in self._board.LINKS:
            action = self.links_menu.addAction(say(board_table(self._board.name), f"link.{link.code}"))
            action.triggered.connect(partial(self._follow, link))

    def _follow(self, link: BoardLink, _checked: bool = False) -> None:
        self.link_followed.emit(link)

    @Slot(QAction)
    def _preset_chosen(self, action: QAction) -> None:
        self.open_preset(str(action.data()))

    def open_preset(self, name: str) -> None:
        """As the menu does."""
        assert self._board is not None
        self._say("")
        self.preset_opened.emit(board_preset(self._board.name, name))

    @Slot()
    def _restore(self) -> None:
        assert self._board is not None
        state: BoardState = self._board.state
        if state.preset:
            self.open_preset(state.preset)

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.presets.setText(self.tr("Presets"))
        self.links.setText(self.tr("Where it is used"))
        if self._board is not None:
            self.set_title(say(BOARD_WORDS, f"{self._board.name}.title"))
            self.links.setVisible(bool(self._board.LINKS))
            self.presets.setVisible(bool(preset_names(self._board.name)))
