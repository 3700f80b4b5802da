"""The experiments of 『밑바닥부터 시작하는 딥러닝』 1 and 2 as a list to search: where the program shows each, and its figures
beside those of the book. A page of the Help menu.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from engine.books.all_experiments import every_experiment
from engine.books.reproduced import BookExperiment
from engine.books.shown_in import SHOWN
from gui.help.help_list import HelpRow
from gui.help.help_pages import HelpPage
from gui.lab.asset_texts import asset_text
from gui.lab.names import TITLES, LabText
from gui.labs.foundations.board_presets import LAB_NAME, shown_on_boards
from gui.labs.foundations.boards import BOARD_WORDS
from gui.shell.language import language, say
from gui.widgets.figures.book_figures import BookFigures
from gui.widgets.scrolled_page import ScrolledPage

FIGURES_PX = 190


def text_of(key: str) -> LabText | None:
    """What a lab opens to show the experiment; None where no lab does."""
    if key in shown_on_boards():
        board, name = shown_on_boards()[key]
        return asset_text(f"boards/{board}", name)
    return asset_text(*SHOWN[key]) if key in SHOWN else None


class BookPage(HelpPage):
    """`open_text` opens what a row shows in its lab."""

    def __init__(self, parent: QWidget, open_text: Callable[[LabText], object]) -> None:
        super().__init__(parent)
        self._open_text = open_text
        self._keys: dict[HelpRow, str] = {}
        self.figures = BookFigures()
        self.open_button = QPushButton()
        self.open_button.setProperty("role", "primary")
        self.open_button.setAutoDefault(False)  # Return in the line opens by itself
        self.open_button.clicked.connect(self._open)
        area = QWidget()
        inside = QVBoxLayout(area)
        inside.setContentsMargins(0, 0, 8, 0)
        inside.addWidget(self.figures)
        inside.addStretch(1)
        scrolled = ScrolledPage(area)
        scrolled.setFixedHeight(FIGURES_PX)
        column = self.layout()
        assert column is not None
        column.addWidget(scrolled)
        column.addWidget(self.open_button)
        self.list.view.selectionModel().currentChanged.connect(self._chosen)
        self.list.view.activated.connect(self._open)
        self.list.query.returnPressed.connect(self._open)

    @property
    def key(self) -> str:
        """The experiment that is chosen: "1.20"; empty where none is."""
        now = self.list.current
        return "" if now is None else self._keys.get(now, "")

    @Slot()
    def _chosen(self) -> None:
        key = self.key
        self.figures.show_experiment(key)
        found = text_of(key) if key else None
        self.open_button.setEnabled(found is not None)
        if found is not None and found.lab is not None:
            self.open_button.setText(self.tr('Open in the lab "{lab}"').format(lab=say(TITLES, found.lab)))
        else:
            self.open_button.setText(self.tr("No lab shows it") if key else self.tr("Open"))

    @Slot()
    def _open(self) -> None:
        found = text_of(self.key) if self.key else None
        if found is not None:
            self._open_text(found)

    def close_page(self, deadline_s: float) -> None:
        self.figures.close_figures(deadline_s)

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Experiments of the books"))
        rows: list[HelpRow] = []
        self._keys = {}
        for book in (1, 2):
            rows.append(HelpRow(say("books", f"book_{book}"), heading=True))
            for one in every_experiment():
                if one.book == book:
                    row = self._row(one)
                    rows.append(row)
                    self._keys[row] = one.key
        words, none = self.tr("Search an experiment, a chapter or a lab"), self.tr("The books have no such experiment.")
        self.list.set_rows(rows, words=words, none=none)
        self._chosen()

    def _row(self, one: BookExperiment) -> HelpRow:
        chapter = self.tr("chapter {number}").format(number=one.chapter)
        return HelpRow(one.title(language()), chapter, f"{one.number}. {self._place(one.key)}", found_by=one.title("en"))

    def _place(self, key: str) -> str:
        """Where it is shown, in words."""
        if key in shown_on_boards():
            board, _ = shown_on_boards()[key]
            return f"{say(TITLES, LAB_NAME)} · {say(BOARD_WORDS, f'{board}.title')}"
        found = text_of(key)
        return self.tr("only its figures") if found is None or found.lab is None else say(TITLES, found.lab)
