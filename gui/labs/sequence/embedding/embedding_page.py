"""The page of embeddings: one-hot beside the table, the lookup as their product, the nearest neighbours of a word, and a map of
all words that moves while the network learns. A table of one's own can be opened instead.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QSize, QStringListModel, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QCompleter,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.experiments.experiment import Experiment
from engine.figures import full_count, percent
from engine.networks.trace import Path
from engine.sequences.embedding_view import EmbeddingAnswer, NoEmbeddingError, looked_up, neighbours
from engine.words import CodedError
from gui.bridge import Latest
from gui.labs.sequence.embedding.lookup_picture import LookupPicture, seen_word
from gui.labs.sequence.embedding.neighbour_bars import NeighbourBars
from gui.labs.sequence.embedding.shown_table import EmbeddingQuestion, ShownTable, read_table
from gui.labs.sequence.resting_page import RestingPage
from gui.shell.language import language
from gui.widgets.forms.controls import ChoiceRow
from gui.widgets.labels import label, set_text
from gui.widgets.one_line import OneLine
from gui.widgets.scrolled_page import ScrolledPage

if TYPE_CHECKING:
    from gui.plots.sequences.named_points import NamedPoints

NEIGHBOURS = 6
WIDE_PX = 480  # so wide, picture and map stand side by side
MOST_OFFERED = 5_000  # words that are offered while one is typed
MARGINS = (44.0, 8.0, 12.0, 38.0)


class EmbeddingPage(RestingPage):
    """`open_table` reads a file in a thread of its own."""

    def __init__(self) -> None:
        super().__init__()
        self._experiment: Experiment | None = None
        self._path: Path | None = None
        self._paths: tuple[Path, ...] = ()
        self._found: ShownTable | None = None  # the network's
        self._own: ShownTable | None = None  # the user's file
        self._problem: CodedError | None = None
        self._row = 0
        self._word = ""  # the chosen one, which stays chosen in another table
        self._reader: Latest[FilePath, ShownTable] = Latest(read_table, self, name="word-table")
        self._reader.answered.connect(self._take_own)
        self._reader.failed.connect(self._own_failed)
        self.word, self.open_button, self.back = QLineEdit(), QPushButton(), QPushButton()
        self._offered = QStringListModel(self)
        completer = QCompleter(self._offered, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.word.setCompleter(completer)
        for button in (self.open_button, self.back):
            button.setProperty("role", "link")
        self.which = ChoiceRow()
        self.empty, self.problem = label("muted", wraps=True), label("warning", wraps=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.facts, self.map_line, self.near_title = label("worked", wraps=True), OneLine("small"), OneLine("muted")
        self.picture, self.near = LookupPicture(), NeighbourBars()
        self.content = QWidget()
        self._lay_out()
        self.word.returnPressed.connect(self._word_typed)
        completer.activated.connect(lambda _text: self._word_typed())
        self.open_button.clicked.connect(self.ask_for_table)
        self.back.clicked.connect(self.forget_own)
        self.which.chosen.connect(self._path_chosen)
        self.picture.row_chosen.connect(self.choose)
        self.near.row_chosen.connect(self.choose)
        self.retranslate()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.word, 1)
        head.addWidget(self.which)
        head.addStretch(1)
        head.addWidget(self.back)
        head.addWidget(self.open_button)
        self.word.setMaximumWidth(180)
        left = QVBoxLayout()
        left.setSpacing(6)
        left.addWidget(self.picture, 1)
        right = QVBoxLayout()
        right.setSpacing(6)
        self._map_place = QVBoxLayout()
        right.addLayout(self._map_place, 1)
        below: tuple[QWidget, ...] = (self.map_line, self.near_title, self.near)
        for part in below:
            right.addWidget(part)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(16)
        self._columns.addLayout(left, 1)
        self._columns.addLayout(right, 1)
        column = QVBoxLayout(self.content)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(8)
        column.addWidget(self.facts)
        column.addLayout(self._columns, 1)
        self.body.addLayout(head)
        self.body.addWidget(self.problem)
        self.body.addWidget(self.empty, 1)
        self.area = ScrolledPage(self.content)  # on a low page not all of it has room
        self.body.addWidget(self.area, 1)
        self.problem.hide()

    @cached_property
    def map(self) -> NamedPoints:
        from gui.plots.sequences.named_points import NamedPoints

        made = NamedPoints()
        made.margins = MARGINS
        made.export_name = "embedding map"
        made.setMinimumHeight(140)
        made.point_chosen.connect(self.choose)
        self._map_place.addWidget(made, 1)
        self._name_map(made)
        return made

    def minimumSizeHint(self) -> QSize:
        return QSize(260, 300)

    # --- what is asked

    def show_run(self, experiment: Experiment | None) -> None:
        before, self._experiment = self._experiment, experiment
        if before is None or experiment is None or (before.network, before.data) != (experiment.network, experiment.data):
            self._path, self._paths = None, ()
        self._ask()
        if self._found is None:
            self._show()

    def _ask(self) -> None:
        if self._experiment is None or self._own is not None:
            self.ask(None, None)
            return
        key = self._experiment.network, self._experiment.data, self._experiment.seed, self._path
        self.ask(key, EmbeddingQuestion(self._path))

    def show_found(self, found: Any) -> None:
        self._problem = found if isinstance(found, CodedError) else None
        if isinstance(found, EmbeddingAnswer):
            self._found = ShownTable(found.words, found.table, found.map)
            if found.paths != self._paths:
                self._paths = found.paths
                self.which.set_choices([(str(number), self._name_of(path)) for number, path in enumerate(found.paths)])
            if found.path in found.paths:
                self.which.set_value(str(found.paths.index(found.path)))
        else:
            self._found, self._paths = None, ()
        self._show()

    @staticmethod
    def _name_of(path: Path) -> str:
        return "Embedding " + ".".join(map(str, path))

    @Slot(str)
    def _path_chosen(self, number: str) -> None:
        self._path = self._paths[int(number)]
        self._ask()

    # --- a table of one's own

    @Slot()
    def ask_for_table(self) -> None:
        kinds = self.tr("Word vectors as text (*.txt *.vec *.csv);;All files (*)")
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Open a table of word vectors"), "", kinds)
        if path:
            self.open_table(FilePath(path))

    def open_table(self, path: FilePath) -> None:
        """Show the table in a text file: a word a line and its numbers after it."""
        self.problem.hide()
        self._reader.ask(path)

    @Slot(object)
    def _take_own(self, found: ShownTable) -> None:
        self._own = found
        self._ask()
        self._show()

    @Slot(object)
    def _own_failed(self, error: Exception) -> None:
        set_text(self.problem, error.message(language()) if isinstance(error, CodedError) else str(error))
        self.problem.show()

    @Slot()
    def forget_own(self) -> None:
        """The network's table again."""
        self._own = None
        self.problem.hide()
        self._ask()
        self._show()

    def close_page(self, deadline_s: float) -> None:
        self._reader.close(deadline_s)

    # --- what is shown

    @property
    def shown(self) -> ShownTable | None:
        """The user's table, or the network's."""
        return self._own or self._found

    @property
    def row(self) -> int:
        """The chosen word's."""
        return self._row

    @Slot(int)
    def choose(self, row: int) -> None:
        """Look at that word."""
        found = self.shown
        if found is not None and 0 <= row < len(found.words):
            self._row, self._word = row, found.words[row]
            self._show()

    def _show(self) -> None:
        found = self.shown
        there = found is not None and found.is_finite and len(found.words) > 0
        self.empty.setVisible(not there)
        self.area.setVisible(there)
        self.back.setVisible(self._own is not None)
        self.which.setVisible(there and self._own is None and len(self._paths) > 1)
        self.word.setVisible(there)
        set_text(self.empty, self._why_empty(found))
        if found is None or not there:
            return
        if self._row >= len(found.words) or found.words[self._row] != self._word:
            self._row = found.words.index(self._word) if self._word in found.words else min(self._row, len(found.words) - 1)
            self._word = found.words[self._row]
        offered = list(found.words[:MOST_OFFERED])
        if offered != self._offered.stringList():
            self._offered.setStringList(offered)
        if not self.word.hasFocus():
            self.word.setText(seen_word(self._word))
        near = neighbours(found.table, self._row, NEIGHBOURS)
        self.picture.show_lookup(found.words, found.table, looked_up(found.table, self._row))
        self.map.set_points(found.map.points, _seen(found.words), self._row, [each.row for each in near])
        self.near.show_neighbours(near, found.words)
        self._write(found)

    def _write(self, found: ShownTable) -> None:
        words, size = found.table.shape
        values = {
            "words": full_count(words),
            "size": full_count(size),
            "weights": full_count(words * size),
            "word": seen_word(self._word),
            "products": full_count(words * size),
            "name": found.name,
            "left_out": full_count(found.left_out),
        }
        sparse = self.tr(
            "Sparse: {words} numbers a word, of which one is 1. Distributed: {size} numbers a word. The table has {words} × "
            "{size} = {weights} weights: {size} for each word, not one."
        )
        product = self.tr(
            "One-hot times table is {products} products and gives one row of the table; looking the row up gives the same "
            "numbers without any."
        )
        parts = [sparse, product]
        if found.name:
            parts.insert(0, self.tr("Table of your own: {name}."))
        if found.left_out:
            parts.append(self.tr("{left_out} more words of the file are not shown."))
        set_text(self.facts, " ".join(part.format(**values) for part in parts))
        across, up = found.map.shares
        self.map_line.set_text(
            self.tr(
                "PCA: the two axes show {share} of the variance; points that are near here may be far apart in {size} "
                "dimensions"
            ).format(share=percent(float(across + up)), size=values["size"]),
            self.tr("PCA: {share} of the variance is seen").format(share=percent(float(across + up))),
        )
        self.near_title.set_text(
            self.tr("Nearest to “{word}” by the cosine of the angle").format(**values),
            self.tr("Nearest to “{word}”").format(**values),
        )
        self._name_map(self.map)

    def _why_empty(self, found: ShownTable | None) -> str:
        if found is not None and not found.is_finite:
            return self.tr("The table is no longer made of finite numbers.")
        if isinstance(self._problem, NoEmbeddingError):
            return self.tr(
                "This network has no Embedding: it reads numbers, not words. Choose a task that reads characters, such as "
                "counting in Korean or a text of your own, with an Embedding as the first layer. Or open a table of word "
                "vectors."
            )
        if self._problem is not None:
            return self._problem.message(language())
        if self._experiment is not None:
            return self.tr("The table of word vectors is being read...")
        words = self.tr(
            "Once a run of a network with an Embedding has begun, its table of word vectors is shown here. Or open a table of "
            "word vectors from a text file."
        )
        return self.none_yet(words)

    @Slot()
    def _word_typed(self) -> None:
        found, text = self.shown, self.word.text().strip() or self.word.text()
        if found is None:
            return
        wanted = {"␣": " ", "↵": "\n", "⇥": "\t"}.get(text, text)
        lower = wanted.casefold()
        exact = next((number for number, word in enumerate(found.words) if word == wanted), None)
        start = next((number for number, word in enumerate(found.words) if word.casefold().startswith(lower)), None)
        row = exact if exact is not None else start
        if row is not None:
            self.choose(row)
            self.word.setText(seen_word(found.words[row]))
            self.word.selectAll()

    # --- room and words

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= WIDE_PX
        self._columns.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)

    def page_title(self) -> str:
        return self.tr("Embedding")

    def short_title(self) -> str:
        return self.tr("Embedding", "choice of pages")

    def _name_map(self, shown: NamedPoints) -> None:
        found = self.shown
        shares = np.zeros(2) if found is None else found.map.shares
        name = self.tr("PCA axis {number} ({share})")
        shown.set_axis_names(*(name.format(number=k + 1, share=percent(float(shares[k]))) for k in (0, 1)))
        shown.setAccessibleName(self.tr("Map of all words in two dimensions"))

    def retranslate(self) -> None:
        super().retranslate()
        self.word.setAccessibleName(self.tr("Word"))
        self.word.setPlaceholderText(self.tr("Word"))
        self.word.setToolTip(self.tr("Type a word, then Enter"))
        self.which.box.setAccessibleName(self.tr("Which Embedding"))
        self.open_button.setText(self.tr("Open a table..."))
        self.open_button.setToolTip(
            self.tr("Word vectors as a text file, as word2vec and GloVe write them: a word a line and its numbers after it")
        )
        self.back.setText(self.tr("The network's table"))
        self.near.setAccessibleName(self.tr("Nearest neighbours"))
        self._show()


def _seen(words: tuple[str, ...]) -> list[str]:
    return [seen_word(word) for word in words]
