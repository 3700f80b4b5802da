"""The table with blanks: its texts and colours, what is right and wrong in it, and how its cells are painted. Called by the
assignment page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from engine.figures import full_count, shape_text
from engine.layers.base import Shape
from engine.layers.kinds.composite import Composite
from engine.layers.layer_text import branch_name, short
from engine.networks.assignment import AskedColumn, Blank, TableLine, answer, blanks, is_right, mistake
from engine.networks.hints import PICTURE_AXES
from gui.shell.language import language, say
from gui.shell.theme import font, theme
from gui.widgets.model_index import ModelIndex

ASKED: tuple[AskedColumn, ...] = ("output", "parameters")
HINTS = 1 + len(ASKED)  # the column of the hints
RIGHT, WRONG, EMPTY = "✓", "✗", "?"  # colour alone is not enough
INDENT = "    "  # for each level of blocks
FRAME_PX = 2  # around the cell that the keyboard is at


class BlankTable(QTableView):
    """Tells when its viewport has another size, and when Enter has ended the writing of a cell. What is typed where nothing can
    be written searches no row."""

    resized = Signal()
    entered_answer = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.resized.emit()

    def keyboardSearch(self, search: str) -> None:
        pass

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        super().closeEditor(editor, hint)
        if hint == QAbstractItemDelegate.EndEditHint.SubmitModelCache:  # Enter, not Tab or a click elsewhere
            self.entered_answer.emit()


class BlankPainter(QStyledItemDelegate):
    """Paints the chosen cell in a frame, on its own ground, so that it is still seen whether it is a blank, right or wrong."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: ModelIndex) -> None:
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        plain = QStyleOptionViewItem(option)
        plain.state &= ~(QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus)
        super().paint(painter, plain, index)
        if chosen and index.column() != HINTS:
            painter.setPen(QPen(theme().accent, FRAME_PX))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(option.rect.adjusted(1, 1, -FRAME_PX, -FRAME_PX))


class BlankCells(QAbstractTableModel):
    """The table: the input, and a row for each line of `engine.networks.assignment`. Given numbers are read only, blanks are
    written. `given` are the blanks whose answer has been shown. `written`: the learner has filled one in. The last column says
    what is likely wrong with the answers of its line, or what there is to say of the cell that the learner is at."""

    written = Signal(int)  # the row

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._shape: Shape = ()
        self._lines: tuple[TableLine, ...] = ()
        self.blanks: dict[Blank, None] = {}  # in the order of the table
        self.given: frozenset[Blank] = frozenset()
        self._texts: dict[Blank, str] = {}
        self._heads: Sequence[str] = ("", "", "", "")
        self._current = QPersistentModelIndex()

    def set_current(self, index: ModelIndex) -> None:
        """The cell that the learner is at."""
        before, self._current = self._current, QPersistentModelIndex(index)
        for row in {before.row(), self._current.row()} - {-1}:
            self.dataChanged.emit(self.index(row, HINTS), self.index(row, HINTS))

    def show_table(self, shape: Shape, table: tuple[TableLine, ...]) -> None:
        self.beginResetModel()
        self._shape, self._lines, self.blanks = shape, table, dict.fromkeys(blanks(table, ASKED))
        self._texts, self.given = {}, frozenset()
        self.endResetModel()

    def forget(self) -> None:
        """Empty all blanks."""
        self.beginResetModel()
        self._texts, self.given = {}, frozenset()
        self.endResetModel()

    def give_away(self) -> None:
        """Show the answers of all blanks that are empty or wrong from now on."""
        self.given |= {blank for blank in self.blanks if self.verdict(blank) is not True}
        self._all_changed()

    @property
    def of_pictures(self) -> bool:
        """Whether the network reads pictures: shapes then have channels, height and width."""
        return len(self._shape) == PICTURE_AXES

    def line(self, index: ModelIndex) -> TableLine | None:
        return self._lines[index.row() - 1] if index.row() else None

    def blank(self, index: ModelIndex) -> Blank | None:
        """The blank at a cell of the table; None where the cell is none."""
        if index.column() not in range(1, HINTS) or not index.row():
            return None
        found = Blank(index.row() - 1, ASKED[index.column() - 1])
        return found if found in self.blanks else None

    def place(self, blank: Blank) -> QModelIndex:
        return self.index(blank.line + 1, 1 + ASKED.index(blank.column))

    def verdict(self, blank: Blank) -> bool | None:
        """Whether the learner's own answer is right; None where there is none, or where the answer has been shown."""
        text = self._texts.get(blank, "").strip()
        return None if not text or blank in self.given else is_right(self._lines, blank, text)

    def is_empty(self, blank: Blank) -> bool:
        """Whether there is no answer at a blank: neither the learner's own nor one that has been shown."""
        return blank not in self.given and not self._texts.get(blank, "").strip()

    def is_known(self, index: ModelIndex) -> bool:
        """Whether each number of a line is given, has been shown, or was answered right."""
        line = [blank for column in range(1, 1 + len(ASKED)) if (blank := self.blank(self.index(index.row(), column)))]
        return all(blank in self.given or self.verdict(blank) is True for blank in line)

    def sentence(self, index: ModelIndex) -> str:
        """The sentence on a cell."""
        blank = self.blank(index)
        if blank is None:
            return ""
        if blank in self.given:
            return self.tr("This answer has been shown.")
        verdict = self.verdict(blank)
        if verdict is None:
            return self.tr("Fill in: 8x20x20, or 1,234") if self.of_pictures else self.tr("Fill in: 8x20, or 1,234")
        if verdict:
            return RIGHT + " " + self.tr("Right")
        found = mistake(self._lines, blank, self._texts[blank])
        text = self.tr("Not yet right") if found is None else say("assignment", found.code, **found.values)
        return f"{WRONG} {text}"

    def hint(self, row: int) -> str:
        """The sentence beside the answers of a row: on what is wrong, or on the cell that the learner is at. Of two wrong ones
        it is on that cell."""
        cells = [self.index(row, column) for column in range(1, HINTS)]
        wrong = [index for index in cells if (blank := self.blank(index)) and self.verdict(blank) is False]
        here = self.index(row, self._current.column()) if row == self._current.row() else QModelIndex()
        if here.isValid() and (here in wrong or not wrong):
            return self.sentence(here)
        return "\n".join(self.sentence(index) for index in wrong)

    def retranslate(self) -> None:
        self._heads = [
            self.tr("Layer"),
            say("quantities", "output_shape"),
            say("quantities", "parameters"),
            self.tr("Hint"),
        ]
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._heads) - 1)
        self._all_changed()

    def _all_changed(self) -> None:
        self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))

    # --- what Qt calls

    def rowCount(self, parent: ModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 1 + len(self._lines)

    def columnCount(self, parent: ModelIndex | None = None) -> int:
        return 1 + HINTS

    def flags(self, index: ModelIndex) -> Qt.ItemFlag:
        common = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        blank = self.blank(index)
        return common | Qt.ItemFlag.ItemIsEditable if blank is not None and blank not in self.given else common

    def data(self, index: ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _across(index.column())
        if index.column() == HINTS:
            return self._beside(index.row(), role)
        blank = self.blank(index)
        if blank is None:
            return self._read_only(index, role)
        verdict, text, now = self.verdict(blank), self._texts.get(blank, ""), theme()
        match role:
            case Qt.ItemDataRole.EditRole:
                return text
            case Qt.ItemDataRole.DisplayRole:
                if blank in self.given:
                    return f"{self._answer(blank)}   {WRONG} {text}" if text.strip() else self._answer(blank)
                return {None: EMPTY, True: f"{text}  {RIGHT}", False: f"{text}  {WRONG}"}[verdict]
            case Qt.ItemDataRole.BackgroundRole:
                ground = {None: now.accent_ground, True: now.panel, False: now.warn_ground}[verdict]
                return now.panel if blank in self.given else ground
            case Qt.ItemDataRole.ForegroundRole:
                return now.muted if blank in self.given else {None: now.muted, True: now.ok, False: now.warn}[verdict]
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleDescriptionRole:
                return self.sentence(index)
        return None

    def _beside(self, row: int, role: int) -> Any:
        """The hint of a row, in the colour of a wrong answer where it is on one."""
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return self.hint(row)
            case Qt.ItemDataRole.ForegroundRole:
                return theme().warn if self.hint(row).startswith(WRONG) else theme().muted
        return None

    def _answer(self, blank: Blank) -> str:
        found = answer(self._lines, blank)
        return full_count(found) if isinstance(found, int) else shape_text(found, tight=True)

    def _read_only(self, index: ModelIndex, role: int) -> Any:
        """The input, the names of layers and branches, and the numbers that nobody has to work out. A block's own numbers are
        left out: they would give away those of its last layer."""
        line = self.line(index)
        block = line is not None and isinstance(line.layer, Composite)
        if role == Qt.ItemDataRole.FontRole:
            return font(13, bold=True) if block and not index.column() else None
        if role == Qt.ItemDataRole.ForegroundRole:
            return None if line is not None and line.layer is not None and not index.column() else theme().muted
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if line is None:
            return (self.tr("Input"), shape_text(self._shape, tight=True), "")[index.column()]
        if not index.column():
            name = branch_name(line.branch, language()) if line.layer is None else short(line.layer, language())
            bare = getattr(line.layer, "bias", True) is False  # without it, the parameters cannot be counted
            return INDENT * line.level + name + (", bias=False" if bare else "")
        row = line.asks
        if row is None:
            return ""
        return (
            self.tr("as its input") if index.column() == 1 else full_count(row.parameters)
        )  # the shape would give away the one above

    def setData(self, index: ModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        blank = self.blank(index)
        if blank is None or blank in self.given or role != Qt.ItemDataRole.EditRole:
            return False
        self._texts[blank] = str(value)
        self.dataChanged.emit(index, self.index(index.row(), HINTS))
        self.written.emit(index.row())
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation == Qt.Orientation.Horizontal:
            return _across(section)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._heads[section] if orientation == Qt.Orientation.Horizontal else self._number(section)

    def _number(self, row: int) -> str:
        """A layer's number as in the stack; layers inside a block have none."""
        line = self._lines[row - 1] if row else None
        return str(line.row.index + 1) if line is not None and line.row is not None and not line.level else ""


def _across(column: int) -> Qt.AlignmentFlag:
    """Numbers are aligned right, so that their digits are below each other."""
    figures = 0 < column < HINTS and ASKED[column - 1] != "output"
    return (Qt.AlignmentFlag.AlignRight if figures else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
