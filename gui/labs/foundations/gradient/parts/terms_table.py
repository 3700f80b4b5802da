"""Figures in a table that scrolls: every term of what the picture beside it shows. A row is chosen by a click or the arrow
keys; Ctrl+C copies all of it.

Painted in one pass, only the rows that are seen, and only these are asked for: it follows a slider, which a table of Qt's own
does not (it asks for seven things a cell, and a style sheet paints each). Called by the pages of the board.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAction,
    QFocusEvent,
    QFontMetrics,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from gui.shell.theme import THEME, font, theme

ROW_PX, HEADER_PX, BAR_PX = 22, 26, 12
AROUND_PX = 18  # a number's column is wider than the number
RIGHT_PX = 8
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_Row = Sequence[str]


class TermsTable(QAbstractScrollArea):
    """Texts in rows below headings, all aligned at the right, the first column in grey."""

    row_chosen = Signal(int)  # by the user

    def __init__(self, parent: QWidget | None = None, *, around_px: int = AROUND_PX) -> None:
        super().__init__(parent)
        self._around_px = around_px
        self.headings: tuple[str, ...] = ()
        self.chosen: int | None = None
        self._rows: Sequence[_Row] = ()
        self._tips: tuple[str, ...] = ()
        self._strong: frozenset[int] = frozenset()
        self._needed: list[int] = []  # pixels of each column; they only grow while the headings stay
        self._widths: list[int] = []
        self._kept = 0
        self._can_choose = True
        self._ringed = False  # the keyboard has come here
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(HEADER_PX + 2 * ROW_PX)
        self.verticalScrollBar().setSingleStep(ROW_PX)
        copy = QAction(self)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy_all)
        self.addAction(copy)
        THEME.changed.connect(self.viewport().update)

    # --- what is shown

    def show_rows(
        self,
        headings: _Row,
        rows: Sequence[_Row],
        *,
        tips: _Row = (),
        strong: Collection[int] = (),
        chosen: int | None = None,
    ) -> None:
        """Show texts; nothing is emitted. `tips` explain the headings, `strong` rows are set in bold, `chosen` is the row that
        is marked, and scrolled to."""
        if tuple(headings) != self.headings:
            self.headings, self._needed = tuple(headings), []
        self._rows, self._tips, self._strong = rows, tuple(tips), frozenset(strong)
        moved = chosen != self.chosen
        self.chosen = chosen
        self._fit()
        if moved:
            self._scroll_to_chosen()
        self._fit_columns()
        self.viewport().update()
        if QAccessible.isActive():
            self._tell()

    def keep_rows(self, count: int) -> None:
        """As high as so many rows, always."""
        self._kept = count
        self._fit_columns()

    def set_choosing(self, can_choose: bool) -> None:
        """Whether a row can be chosen."""
        self._can_choose = can_choose
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if can_choose else Qt.FocusPolicy.NoFocus)

    def texts(self) -> list[list[str]]:
        """The rows, without the headings."""
        return [list(self._rows[number]) for number in range(len(self._rows))]

    def width_of(self, column: int) -> int:
        """A column's width in pixels."""
        return self._widths[column]

    @Slot()
    def copy_all(self) -> None:
        """All of it to the clipboard, with tabs between the columns."""
        lines = ["\t".join(row) for row in (self.headings, *self.texts())]
        QGuiApplication.clipboard().setText("\n".join(lines) + "\n")

    def _tell(self) -> None:
        """Tell a screen reader the chosen row."""
        if self.chosen is not None and self.chosen < len(self._rows):
            told = zip(self.headings, self._rows[self.chosen], strict=False)
            self.setAccessibleDescription("; ".join(f"{name}: {text}" if name else text for name, text in told if text))

    # --- places

    @property
    def _seen(self) -> range:
        """The numbers of the rows that are seen."""
        top = self.verticalScrollBar().value()
        first = top // ROW_PX
        last = (top + self.viewport().height() - HEADER_PX) // ROW_PX + 1
        return range(max(first, 0), min(max(last, first + 1), len(self._rows)))

    def _fit(self) -> None:
        """Let the scroll bars reach all rows and columns."""
        room = self.viewport().height() - HEADER_PX
        bar = self.verticalScrollBar()
        bar.setPageStep(max(room, ROW_PX))
        bar.setRange(0, max(0, len(self._rows) * ROW_PX - room))

    def _fit_columns(self) -> None:
        """Give each column the room that its longest text needs, and all of them what is left; where there is too little, the
        table scrolls sideways: no number is cut."""
        columns = len(self.headings)
        measure = QFontMetrics(font(12, bold=bool(self._strong)))
        shown = [self._rows[number] for number in self._seen]
        if len(self._needed) != columns:
            self._needed = [measure.horizontalAdvance(name) + self._around_px for name in self.headings]
        for column in range(columns):
            longest = max((row[column] for row in shown if column < len(row)), key=len, default="")
            self._needed[column] = max(self._needed[column], measure.horizontalAdvance(longest) + self._around_px)
        room, needed = self.viewport().width(), sum(self._needed)
        over = max(0, (room - needed) // columns) if columns else 0
        self._widths = [width + over for width in self._needed]
        bar = self.horizontalScrollBar()
        bar.setPageStep(room)
        bar.setRange(0, max(0, needed - room))
        if self._kept:
            self.setFixedHeight(HEADER_PX + self._kept * ROW_PX + 2 + (BAR_PX if needed > room else 0))

    def _scroll_to_chosen(self) -> None:
        if self.chosen is None:
            return
        room, bar = self.viewport().height() - HEADER_PX, self.verticalScrollBar()
        top = self.chosen * ROW_PX
        if top < bar.value():
            bar.setValue(top)
        elif top + ROW_PX > bar.value() + room:
            bar.setValue(top + ROW_PX - room)

    def row_at(self, point: QPoint) -> int | None:
        """The number of the row under a pixel; None on the headings and below the last row."""
        if point.y() < HEADER_PX:
            return None
        row = (point.y() - HEADER_PX + self.verticalScrollBar().value()) // ROW_PX
        return row if 0 <= row < len(self._rows) else None

    def sizeHint(self) -> QSize:
        return QSize(300, HEADER_PX + 6 * ROW_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.minimumHeight())

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme(), QPainter(self.viewport())
        whole = self.viewport().rect()
        painter.fillRect(whole, now.panel)
        left = -self.horizontalScrollBar().value()
        top = HEADER_PX - self.verticalScrollBar().value()
        plain, bold = font(12), font(12, bold=True)
        measures = QFontMetrics(plain), QFontMetrics(bold)
        base = (ROW_PX - measures[0].height()) // 2 + measures[0].ascent()
        for number in self._seen:
            y = top + number * ROW_PX
            marked = number == self.chosen
            if marked:
                painter.fillRect(QRect(0, y, whole.width(), ROW_PX), now.accent_ground)
            strong = number in self._strong
            painter.setFont(bold if strong else plain)
            painter.setPen(now.accent if marked else now.muted)
            right, advance = left - RIGHT_PX, measures[strong].horizontalAdvance
            for column, (text, width) in enumerate(zip(self._rows[number], self._widths, strict=False)):
                if column == 1 and not marked:
                    painter.setPen(now.text)
                right += width
                if text:
                    painter.drawText(right - advance(text), y + base, text)
        painter.fillRect(QRect(0, 0, whole.width(), HEADER_PX), now.ground)
        painter.setFont(plain)
        painter.setPen(now.muted)
        x = left
        for text, width in zip(self.headings, self._widths, strict=False):
            painter.drawText(QRect(x, 0, width - RIGHT_PX, HEADER_PX), _RIGHT, text)
            x += width
        painter.setPen(QPen(now.line, 1))
        painter.drawLine(0, HEADER_PX - 1, whole.width(), HEADER_PX - 1)
        if self._ringed:
            painter.setPen(QPen(now.accent, 1))
            painter.drawRect(QRectF(whole).adjusted(0.5, 0.5, -0.5, -0.5))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self._fit_columns()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self._fit_columns()
        self._scroll_to_chosen()

    # --- mouse and keys

    def choose(self, row: int) -> None:
        """As a click on that row does."""
        if self._can_choose and 0 <= row < len(self._rows) and row != self.chosen:
            self.chosen = row
            self._scroll_to_chosen()
            self.viewport().update()
            self.row_chosen.emit(row)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position().toPoint())
        if row is not None and event.button() == Qt.MouseButton.LeftButton:
            self.choose(row)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._tip_at(event.pos()), self)
            return True
        return super().viewportEvent(event)

    def _tip_at(self, point: QPoint) -> str:
        """What explains a heading."""
        x = -self.horizontalScrollBar().value()
        for column, width in enumerate(self._widths):
            if x <= point.x() < x + width:
                return self._tips[column] if point.y() < HEADER_PX and column < len(self._tips) else ""
            x += width
        return ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page = max(1, (self.viewport().height() - HEADER_PX) // ROW_PX)
        strides = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -len(self._rows),
            Qt.Key.Key_End: len(self._rows),
        }
        stride = strides.get(Qt.Key(event.key()))
        if stride is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier or not self._rows:
            event.ignore()
            return
        self.choose(min(max((self.chosen or 0) + stride, 0), len(self._rows) - 1))

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ringed = event.reason() not in (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ringed = False
        self.viewport().update()
