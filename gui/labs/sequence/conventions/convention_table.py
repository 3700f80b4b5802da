"""The table of frameworks: how each writes one recurrent cell, a row each, with the count for the present D and H.

Called by the page of conventions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from engine.figures import UNKNOWN, full_count, measured
from engine.sequences.conventions import CellName, WrittenCell
from gui.shell.language import language
from gui.shell.theme import font, theme
from gui.widgets.forms.controls import keep_room_for_bar
from gui.widgets.labels import wrapped
from gui.widgets.model_index import ModelIndex

ROW_PX, LINE_PX = 26, 17  # of a row of one line; that each further one adds
SIDE_PX = 14  # that a column needs beside its text
COLUMNS: dict[CellName, tuple[str, ...]] = {
    "LSTM": ("framework", "count", "package", "order", "biases", "forget", "in_torch"),
    "GRU": ("framework", "count", "package", "order", "biases", "reset", "keeps", "in_torch"),
    "RNN": ("framework", "count", "package", "biases", "in_torch"),
}
NUMBERS = ("biases", "count")
APART = "\u2002"  # behind a number at the right of its column
WRAPS = int(Qt.TextFlag.TextWordWrap)


class WrittenCells(QAbstractTableModel):
    """`show_cells` shows the rows of one cell; one of them is `chosen`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.cells: tuple[WrittenCell, ...] = ()
        self.chosen: int | None = None
        self.is_folded = False  # the package stands below the framework's name, not in a column of its own
        self._cell: CellName = "LSTM"
        self._sizes = (10, 32)  # D, H
        self._heads: dict[str, tuple[str, str]] = {}
        self.retranslate()

    def show_cells(self, cell: CellName, cells: Sequence[WrittenCell], sizes: tuple[int, int]) -> None:
        """`sizes` are D and H of the counts."""
        if (cell, tuple(cells)) != (self._cell, self.cells):
            self.beginResetModel()
            self._cell, self.cells, self._sizes = cell, tuple(cells), sizes
            self.endResetModel()
        elif sizes != self._sizes:
            self._sizes = sizes
            place = self.columns.index("count")
            self.dataChanged.emit(self.index(0, place), self.index(len(self.cells) - 1, place))

    def choose(self, number: int | None) -> None:
        """Highlight that row."""
        if number != self.chosen:
            self.chosen = number
            if self.cells:
                self.dataChanged.emit(self.index(0, 0), self.index(len(self.cells) - 1, len(self.columns) - 1))

    def fold(self, *, folded: bool) -> None:
        """Have the packages below the frameworks' names, or in a column of their own."""
        if folded != self.is_folded:
            self.beginResetModel()
            self.is_folded = folded
            self.endResetModel()

    @property
    def columns(self) -> tuple[str, ...]:
        return self.columns_of(folded=self.is_folded)

    def columns_of(self, *, folded: bool) -> tuple[str, ...]:
        return tuple(column for column in COLUMNS[self._cell] if not (folded and column == "package"))

    def shown(self, number: int, column: str, *, folded: bool) -> str:
        """`text`, and where the packages are folded theirs below the framework's name."""
        text = self.text(number, column)
        return f"{text}\n{self.text(number, 'package')}" if folded and column == "framework" else text

    def head(self, column: str, *, folded: bool) -> str:
        return self._heads["folded" if folded and column == "framework" else column][0]

    def text(self, number: int, column: str) -> str:
        """What a cell of the table says."""
        written = self.cells[number]
        match column:
            case "framework":
                return written.title(language())
            case "package":
                return f"{written.package} {written.version}".strip() or UNKNOWN
            case "order":
                return " ".join(written.order)
            case "biases":
                return measured(written.biases / len(written.order), 3)
            case "forget":
                return self._forget(written)
            case "reset":
                return {"before": self.tr("before the product"), "after": self.tr("after the product")}.get(
                    written.reset or "", UNKNOWN
                )
            case "keeps":
                return {"state": self.tr("the old state"), "candidate": self.tr("the candidate")}.get(
                    written.update_keeps or "", UNKNOWN
                )
            case "count":
                return full_count(written.parameters(*self._sizes))
        return self.tr("yes", "a torch cell can hold it") if written.in_torch else self.tr("no", "a torch cell cannot hold it")

    def _forget(self, written: WrittenCell) -> str:
        match written.forget_bias:
            case "random":
                start = self.tr("random around 0")
            case "stored":
                start = self.tr("as the file says")
            case None:
                return UNKNOWN
            case float() | int() as number:
                start = measured(number)
        if not written.added_to_forget:
            return start
        return self.tr("{start}, {added} added in the code").format(start=start, added=f"+{measured(written.added_to_forget)}")

    def note(self, number: int) -> str:
        """What else must be known of a row; empty where nothing."""
        return self.cells[number].noted(language())

    def retranslate(self) -> None:
        self.beginResetModel()
        self._heads = {
            "framework": (self.tr("Framework"), ""),
            "folded": (self.tr("Framework and package"), ""),
            "package": (self.tr("Package and version"), self.tr("What the row was measured with.")),
            "order": (self.tr("Gate order"), self.tr("In which order the gates' weights are stacked, in torch's letters.")),
            "biases": (
                self.tr("Biases a gate"),
                self.tr("Vectors of H numbers for each gate. 1.33: two for one gate of three."),
            ),
            "forget": (self.tr("Forget bias at the start"), self.tr("The sum of all biases of the forget gate.")),
            "reset": (
                self.tr("Reset gate"),
                self.tr("Before the product: U (r ⊙ h). After it: r ⊙ (U h + b′). The two cells are not the same function."),
            ),
            "keeps": (self.tr("z multiplies"), self.tr("The old state, h′ = (1 − z) ⊙ n + z ⊙ h, or the candidate.")),
            "count": (self.tr("Parameters"), self.tr("Of one layer in one direction, for the D and H above.")),
            "in_torch": (
                self.tr("torch holds it"),
                self.tr("Whether a torch cell can be given weights that compute exactly the same."),
            ),
        }
        self.endResetModel()

    # --- what Qt calls

    def rowCount(self, parent: ModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.cells)

    def columnCount(self, parent: ModelIndex | None = None) -> int:
        return len(self.columns)

    def data(self, index: ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        number, column = index.row(), self.columns[index.column()]
        chosen = number == self.chosen
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.shown(number, column, folded=self.is_folded) + (APART if column in NUMBERS else "")
            case Qt.ItemDataRole.ToolTipRole:
                return "\n".join(part for part in (self.text(number, column), self.note(number)) if part)
            case Qt.ItemDataRole.FontRole:
                return font(12, bold=chosen)
            case Qt.ItemDataRole.BackgroundRole if chosen:
                return theme().accent_ground
            case Qt.ItemDataRole.ForegroundRole:
                if column == "in_torch":
                    return theme().ok if self.cells[number].in_torch else theme().warn
                return theme().accent if chosen and column in ("framework", "count") else theme().text
            case Qt.ItemDataRole.TextAlignmentRole:
                across = Qt.AlignmentFlag.AlignRight if column in NUMBERS else Qt.AlignmentFlag.AlignLeft
                return across | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.head(column, folded=self.is_folded) + (APART if column in NUMBERS else "")
            case Qt.ItemDataRole.ToolTipRole:
                return "\n".join(part for part in self._heads[column] if part)
            case Qt.ItemDataRole.TextAlignmentRole:
                across = Qt.AlignmentFlag.AlignRight if column in NUMBERS else Qt.AlignmentFlag.AlignLeft
                return (across | Qt.AlignmentFlag.AlignVCenter).value | WRAPS
        return None


class ConventionTable(QTableView):
    """`row_chosen`: the user has gone to a row. Where it is narrow its texts have several lines, and the packages stand below
    the frameworks: it scrolls sideways only where not even single words have room."""

    row_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.written = WrittenCells(self)
        self.setModel(self.written)
        self.setShowGrid(False)
        self.setWordWrap(True)
        keep_room_for_bar(self)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.written.modelReset.connect(self.fit)
        self.selectionModel().currentRowChanged.connect(lambda now, _before: self._gone_to(now.row()))

    def fit(self) -> None:
        """Make each column as wide as its longest text, or where that is too wide as there is room for, in several lines."""
        written, room = self.written, self.viewport().width()
        if not written.cells:
            return
        written.fold(folded=sum(self._widths(folded=False, least=False)) > room)
        least, whole = (self._widths(folded=written.is_folded, least=each) for each in (True, False))
        wanted = [whole_px - least_px for whole_px, least_px in zip(whole, least, strict=True)]
        share = min(max(room - sum(least), 0) / max(sum(wanted), 1), 1.0)
        header, lines = self.horizontalHeader(), 1
        for place, (least_px, more) in enumerate(zip(least, wanted, strict=True)):
            header.resizeSection(place, least_px + int(share * more))
            head = written.head(written.columns[place], folded=written.is_folded)
            lines = max(lines, len(wrapped(head, QFontMetricsF(header.font()), header.sectionSize(place) - SIDE_PX + 1)))
        header.setFixedHeight(ROW_PX + (lines - 1) * LINE_PX)
        for number in range(len(written.cells)):
            self.verticalHeader().resizeSection(number, ROW_PX + (self._lines(number) - 1) * LINE_PX)

    def _widths(self, *, folded: bool, least: bool) -> list[int]:
        """Of the columns: for their longest texts in one line, or at `least` for their longest words."""
        measure, head_measure = QFontMetricsF(font(12, bold=True)), QFontMetricsF(self.horizontalHeader().font())
        found = []
        for column in self.written.columns_of(folded=folded):
            texts = [self.written.shown(number, column, folded=folded) for number in range(len(self.written.cells))]
            parts = [part for text in texts for part in (text.split() if least else text.split("\n"))]
            head = self.written.head(column, folded=folded)
            heads = head.split() if least else [head]
            wide = max((measure.horizontalAdvance(part) for part in parts), default=0.0)
            found.append(round(max(wide, *(head_measure.horizontalAdvance(part) for part in heads)) + 0.5) + SIDE_PX)
        return found

    def _lines(self, number: int) -> int:
        """Of a row."""
        measure, header, written = QFontMetricsF(font(12, bold=True)), self.horizontalHeader(), self.written
        return max(
            sum(
                len(wrapped(part, measure, header.sectionSize(place) - SIDE_PX + 1))
                for part in written.shown(number, column, folded=written.is_folded).split("\n")
            )
            for place, column in enumerate(written.columns)
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()

    def sizeHint(self) -> QSize:
        return QSize(480, (len(self.written.cells) + 2) * ROW_PX)

    def _gone_to(self, number: int) -> None:
        if 0 <= number < len(self.written.cells):
            self.row_chosen.emit(number)
