"""A list to read and to search: rows with a title, something beside it and a sentence below, under headings. Called by the
pages of the Help menu."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gui.shell.theme import THEME, font, theme
from gui.widgets.labels import label

HEAD_PX, SIDE_PX, BETWEEN_PX = 34, 12, 12
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_ROW = Qt.ItemDataRole.UserRole
_WRAPPED = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)


@dataclass(frozen=True)
class HelpRow:
    """One row. `found_by` are other words that find it; `said` is what a screen reader says instead of `beside`."""

    title: str
    beside: str = ""
    text: str = ""
    found_by: str = ""
    said: str = ""
    heading: bool = False

    @property
    def aloud(self) -> str:
        """The row as a screen reader says it."""
        return ", ".join(part for part in (self.title, self.said or self.beside, self.text) if part)

    def mark(self, asked: Sequence[str]) -> int | None:
        """How well all words of a query fit: 0 is best, None is not at all."""
        title, names = self.title.casefold(), f"{self.title} {self.beside} {self.found_by} {self.said}".casefold()
        if not all(word in names or word in self.text.casefold() for word in asked):
            return None
        if title.startswith(asked[0]):
            return 0
        return 1 if all(word in names for word in asked) else 2


def sought(rows: Sequence[HelpRow], query: str) -> tuple[HelpRow, ...]:
    """The rows that a query finds, those whose names fit first, without headings. An empty query finds all, in their order."""
    asked = query.casefold().split()
    if not asked:
        return tuple(rows)
    marked = [(row.mark(asked), row) for row in rows if not row.heading]
    return tuple(row for rank in range(3) for mark, row in marked if mark == rank)


class HelpList(QWidget):
    """A line to search with above the rows. The arrow keys move in the rows while the line has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[HelpRow, ...] = ()
        self.query = QLineEdit()
        self.query.setClearButtonEnabled(True)
        self.query.textChanged.connect(self._seek)
        self.query.installEventFilter(self)
        self._model = _Rows(self)
        self.view = QListView()
        self.view.setModel(self._model)
        self.view.setItemDelegate(_RowPainter(self.view))
        self.view.setProperty("role", "help")
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)  # sentences break into other lines
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._nothing = label("muted", wraps=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.query)
        column.addWidget(self.view, 1)
        column.addWidget(self._nothing, 1)
        THEME.changed.connect(self._restyle)

    def set_rows(self, rows: Sequence[HelpRow], *, words: str, none: str) -> None:
        """Show rows. `words` stand in the empty line; `none` is said where nothing is found."""
        self._all = tuple(rows)
        self.query.setPlaceholderText(words)
        self.query.setAccessibleName(words)
        self.view.setAccessibleName(words)
        self._nothing.setText(none)
        self._seek()

    @property
    def shown(self) -> tuple[HelpRow, ...]:
        """The rows that are shown, headings among them."""
        return self._model.rows

    @property
    def current(self) -> HelpRow | None:
        row = self.view.currentIndex().row()
        return self.shown[row] if 0 <= row < len(self.shown) else None

    @Slot()
    def _seek(self) -> None:
        self._model.show_rows(sought(self._all, self.query.text()))
        there = bool(self.shown)
        self.view.setVisible(there)
        self._nothing.setVisible(not there)
        self.view.scrollToTop()

    @Slot()
    def _restyle(self) -> None:
        self.view.viewport().update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hand the keys that move in the rows on to them."""
        moves = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
        if (
            watched is self.query
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() in moves
        ):
            self.view.keyPressEvent(event)
            now = self.current
            self.query.setAccessibleDescription("" if now is None else now.aloud)
            return True
        return super().eventFilter(watched, event)


class _Rows(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: tuple[HelpRow, ...] = ()

    def show_rows(self, rows: tuple[HelpRow, ...]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not index.isValid() or self.rows[index.row()].heading:
            return Qt.ItemFlag.NoItemFlags  # the arrow keys pass over it
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.aloud
        return row if role == _ROW else None


class _RowPainter(QStyledItemDelegate):
    """A heading, or a title with what stands beside it and the sentence below in as many lines as it needs."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view

    def _places(self, row: HelpRow, width: int) -> tuple[QRect, QRect, QRect]:
        """Where the title, what stands beside it and the sentence go, in a row of this width. Beside a title that is too long
        there is no room: then it stands below."""
        room = max(60, width - 2 * SIDE_PX)
        bold, plain = QFontMetrics(font(13, bold=bool(row.text))), QFontMetrics(font(12))
        beside = plain.horizontalAdvance(row.beside) + 2 if row.beside else 0  # exactly as wide, it would break
        high, line = 8, bold.height()
        own = room if not beside else max(room - beside - BETWEEN_PX, 0)
        if beside and bold.horizontalAdvance(row.title) > own:
            title = bold.boundingRect(0, 0, room, 10_000, _WRAPPED, row.title)
            first = QRect(SIDE_PX, high, room, title.height())
            second = QRect(
                SIDE_PX, first.bottom() + 1, room, plain.boundingRect(0, 0, room, 10_000, _WRAPPED, row.beside).height()
            )
            high = second.bottom()
        else:
            first = QRect(SIDE_PX, high, own, bold.boundingRect(0, 0, own, 10_000, _WRAPPED, row.title).height())
            second = QRect(SIDE_PX + room - beside, high, beside, line)
            high = first.bottom()
        below = plain.boundingRect(0, 0, room, 10_000, _WRAPPED, row.text).height() if row.text else 0
        return first, second, QRect(SIDE_PX, high + 3, room, below)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        row, width = index.data(_ROW), self._view.viewport().width()
        if row.heading:
            return QSize(width, HEAD_PX)
        return QSize(width, self._places(row, width)[2].bottom() + 8)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row, now, area = index.data(_ROW), theme(), option.rect
        painter.save()
        painter.translate(area.topLeft())
        if row.heading:
            painter.setFont(font(12, bold=True))
            painter.setPen(now.muted)
            painter.drawText(
                QRect(SIDE_PX, 0, area.width() - 2 * SIDE_PX, HEAD_PX - 6), Qt.AlignmentFlag.AlignBottom, row.title
            )
            painter.restore()
            return
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(0, 0, area.width(), area.height(), now.accent_ground)
        title, beside, below = self._places(row, area.width())
        painter.setFont(font(13, bold=bool(row.text)))
        painter.setPen(now.text)
        painter.drawText(title, _WRAPPED, row.title)
        painter.setFont(font(12))
        painter.setPen(now.muted if row.text else now.accent)
        painter.drawText(beside, _WRAPPED, row.beside)
        painter.setPen(now.text)
        painter.drawText(below, _WRAPPED, row.text)
        painter.setPen(now.line)
        painter.drawLine(SIDE_PX, area.height() - 1, area.width() - SIDE_PX, area.height() - 1)
        painter.restore()
