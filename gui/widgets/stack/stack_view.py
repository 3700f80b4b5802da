"""A stack of rows to look at: scrolling, painting, the sentences and repairs of problems, and what screen readers say.

`gui.widgets.stack.layer_stack` adds the mouse and the keyboard.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QHelpEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QPushButton, QToolTip, QWidget

from engine.figures import full_count, percent, shape_text
from engine.layers.layer_text import branch_name
from engine.networks.trace import Path
from gui.shell.language import language
from gui.shell.theme import THEME, font, set_role, theme
from gui.widgets.stack.repair_buttons import RepairButtons
from gui.widgets.stack.stack_header import StackHeader
from gui.widgets.stack.stack_painting import (
    HEADER_PX,
    INDENT_PX,
    PAD_PX,
    ROW_PX,
    SIDE_PX,
    Arrangement,
    RowLook,
    amount_text,
    columns,
    longest_share,
    name_left,
    paint_row,
    row_height,
    sentence_height,
)
from gui.widgets.stack.stack_rows import INPUT, MEASURES, DropSlot, Measure, StackRow


class StackView(QAbstractScrollArea):
    """`show_rows` shows a network, `set_chosen` the layer that is looked at, `set_measure` the quantity of the bars."""

    repaired = Signal(object, str)  # Path of the row with the problem or hint, key of the repair
    measure_chosen = Signal(str)  # the quantity for the bars: parameters, macs, memory

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.setViewportMargins(0, HEADER_PX, 0, 0)
        self.header = StackHeader(self)
        self.header.measure_chosen.connect(self.measure_chosen)
        self._rows: tuple[StackRow, ...] = ()
        self._numbers: dict[Path, int] = {}
        self._tops: list[int] = [0]
        self._measure: Measure = "parameters"
        self._title = self._totals = ""
        self._chosen: Path = INPUT
        self._current = 0  # the row that the keyboard is at: the chosen one, or the heading of a branch
        self._hovered: int | None = None
        self._dragged: Path | None = None  # the layer that is being dragged, and where the pointer is
        self._hand = QPoint()
        self._place: DropSlot | None = None
        self._place_y = 0
        self._buttons = RepairButtons(self.viewport(), self)
        self._buttons.repaired.connect(self.repaired)
        self.pointer = QPushButton(self.viewport())  # leads to a problem that is out of view
        self.pointer.setCursor(Qt.CursorShape.PointingHandCursor)
        set_role(self.pointer, "pointer")
        self.pointer.clicked.connect(self._go_to_problem)
        self.pointer.hide()
        THEME.changed.connect(self.viewport().update)
        self.retranslate()

    # --- what is shown

    def show_rows(self, rows: Sequence[StackRow]) -> None:
        """Show a network. The chosen layer stays chosen while its path exists."""
        before, self._rows = self._rows, tuple(rows)
        if before == self._rows:
            return
        self._numbers = {row.path: number for number, row in enumerate(self._rows)}
        if self._dragged is not None and self._dragged not in self._numbers:
            self._drop_nothing()
        current = before[self._current].path if self._current < len(before) else self._chosen
        self._current = self._numbers.get(
            current, self._numbers.get(self._chosen, max(0, min(self._current, len(self._rows) - 1)))
        )
        self._hovered = None
        self._arrange()
        self._describe()

    def set_chosen(self, path: Path) -> None:
        """Choose the layer that is looked at, and scroll it into view. () is the input."""
        if path == self._chosen and path in self._numbers:
            return
        self._chosen = path
        if path in self._numbers:
            self._current = self._numbers[path]
            self.reveal(path)
        self.viewport().update()
        self._describe()

    def set_measure(self, measure: Measure) -> None:
        """Choose the quantity of the bars. The `share` of the rows is of that quantity."""
        if measure != self._measure:
            self._measure = measure
            self._arrange()

    def set_title(self, title: str, totals: str = "") -> None:
        """The name of the network and a line with its totals, for screen readers and for the drawing."""
        self._title, self._totals = title, totals
        self.setAccessibleName(title)

    def reveal(self, path: Path) -> None:
        """Scroll until a row is in view."""
        number = self._numbers.get(path)
        if number is None:
            return
        top, bottom, bar = self._tops[number], self._tops[number + 1], self.verticalScrollBar()
        if top < bar.value():
            bar.setValue(top)
        elif bottom > bar.value() + self.viewport().height():
            bar.setValue(bottom - self.viewport().height())

    @property
    def rows(self) -> tuple[StackRow, ...]:
        return self._rows

    @property
    def chosen_path(self) -> Path:
        return self._chosen

    @property
    def current_path(self) -> Path:
        """The row that the keyboard is at: a layer, the input, or the heading of a branch."""
        return self._rows[self._current].path if self._rows else INPUT

    @property
    def slot(self) -> Path | None:
        """Where the dragged layer would go."""
        return self._place.path if self._place is not None else None

    def place(self, path: Path) -> QRect:
        """A row's rectangle in the viewport, with its problem and repairs."""
        number = self._numbers[path]
        top = self._tops[number] - self.verticalScrollBar().value()
        return QRect(0, top, self.viewport().width(), self._tops[number + 1] - self._tops[number])

    def button(self, path: Path, key: str) -> QPushButton:
        """The button of a repair."""
        return self._buttons.button(path, key)

    def row_at(self, point: QPoint) -> StackRow | None:
        number = self._number_at(point)
        return None if number is None else self._rows[number]

    def _number_at(self, point: QPoint) -> int | None:
        y = point.y() + self.verticalScrollBar().value()
        if not (0 <= y < self._tops[-1] and 0 <= point.x() < self.viewport().width()):
            return None
        return bisect_right(self._tops, y) - 1

    # --- places

    def sizeHint(self) -> QSize:
        return QSize(580, HEADER_PX + max(6, len(self._rows)) * ROW_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, HEADER_PX + 4 * ROW_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.header.setGeometry(0, 0, self.viewport().width(), HEADER_PX)
        number, offset = self._numbers.get(self._chosen), self.verticalScrollBar().value()
        in_view = number is not None and offset <= self._tops[number] <= offset + event.oldSize().height() - ROW_PX
        self._arrange()
        if in_view:  # the chosen layer stays in view, also where a note appears below
            self.reveal(self._chosen)

    def _arrange(self) -> None:
        width = self.viewport().width()
        shown = columns(self._rows, width, self._measure, self.header.titles)
        self.header.show_columns(shown, self._measure)
        self._arrangement = Arrangement(shown, self._measure, longest_share(self._rows), self._names())
        self._buttons.show_rows(self._rows)
        heights = (
            row_height(row, width, shown.arrow) + self._buttons.height(row, self._button_room(row)) for row in self._rows
        )
        self._tops = list(accumulate(heights, initial=0))
        view = self.viewport().height()
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self._tops[-1] - view))
        bar.setPageStep(view)
        bar.setSingleStep(ROW_PX)
        self._place_buttons()
        self.viewport().update()

    def _names(self) -> dict[Path, str]:
        """The headings of the branches, also of those without a text of their own."""
        names = {}
        for number, row in enumerate(self._rows):
            if not row.heading:
                continue
            below = self._rows[number + 1] if number + 1 < len(self._rows) else None
            empty = below is None or below.path[: len(row.path)] != row.path
            text = row.text or branch_name(row.path[-1], language())
            names[row.path] = self.tr("{branch}: hands its input on").format(branch=text) if empty else text
        return names

    def _left(self, row: StackRow) -> int:
        return name_left(row, self._arrangement.columns.arrow)

    def _button_room(self, row: StackRow) -> int:
        """The width for the buttons of a row."""
        return self.viewport().width() - self._left(row) - PAD_PX

    def _place_buttons(self) -> None:
        for row in self._rows:
            if not row.said:
                continue
            place, left = self.place(row.path), self._left(row)
            room = self._button_room(row)
            self._buttons.place(row, left, place.top() + ROW_PX + 2 + sentence_height(row.said, room), room)
        self._place_pointer()

    def _place_pointer(self) -> None:
        """Put the pointer at the edge beyond which the problem is."""
        row = next((row for row in self._rows if row.problem), None)
        place = self.place(row.path) if row is not None else QRect()
        above, below = place.top() + ROW_PX // 2 < 0, place.top() + ROW_PX // 2 > self.viewport().height()
        self.pointer.setVisible(row is not None and (above or below))
        if row is None or not (above or below):
            return
        text = self.tr("Problem: {layer}").format(layer=row.text)
        self.pointer.setText(f"{'↑' if above else '↓'} {text}")
        self.pointer.setToolTip(row.problem)
        self.pointer.adjustSize()
        x = (self.viewport().width() - self.pointer.width()) // 2
        self.pointer.move(x, PAD_PX if above else self.viewport().height() - self.pointer.height() - PAD_PX)
        self.pointer.raise_()

    @Slot()
    def _go_to_problem(self) -> None:
        self.reveal(next(row.path for row in self._rows if row.problem))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self._place_buttons()
        self.viewport().update()

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        offset, area = self.verticalScrollBar().value(), event.rect()
        first = max(0, bisect_right(self._tops, area.top() + offset) - 1)
        width = self.viewport().width()
        for number in range(first, len(self._rows)):
            top = self._tops[number] - offset
            if top > area.bottom():
                break
            row = self._rows[number]
            on = number == self._current and self.hasFocus()
            look = RowLook(row.path == self._chosen, number == self._hovered, on, row.path == self._dragged)
            paint_row(painter, row, QRect(0, top, width, self._tops[number + 1] - self._tops[number]), self._arrangement, look)
            if number == self._hovered and row.layer and self._dragged is None:
                self._paint_more(painter, top)
        if self._dragged is not None:
            self._paint_drag(painter)

    def _paint_more(self, painter: QPainter, top: int) -> None:
        """Three dots, the sign for a menu."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().muted)
        x = SIDE_PX / 2 - 1
        for dot in (-5, 0, 5):
            painter.drawEllipse(QRect(int(x), top + ROW_PX // 2 + dot - 1, 3, 3))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_drag(self, painter: QPainter) -> None:
        now = theme()
        if self._place is not None:
            left = SIDE_PX + self._place.depth * INDENT_PX
            y = self._place_y - self.verticalScrollBar().value()
            painter.setPen(QPen(now.accent, 2))
            painter.setBrush(now.panel)
            painter.drawLine(left + 6, y, self.viewport().width() - SIDE_PX, y)
            painter.drawEllipse(QRect(left, y - 3, 6, 6))
        row = self._rows[self._numbers[self._dragged or INPUT]]
        painter.setFont(font(13))
        across = painter.fontMetrics().horizontalAdvance(row.text) + 2 * PAD_PX
        chip = QRect(self._hand.x() + 12, self._hand.y() - ROW_PX // 2, across, ROW_PX - 4)
        painter.setPen(QPen(now.accent, 1))
        painter.setBrush(now.accent_ground)
        painter.drawRoundedRect(chip, 6, 6)
        painter.setPen(now.accent)
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, row.text)

    def _drop_nothing(self) -> None:
        """Let go of a dragged layer."""
        self._dragged = self._place = None
        self.viewport().update()

    def _update_row(self, number: int | None) -> None:
        if number is not None and number + 1 < len(self._tops) and number < len(self._rows):  # new rows have no place yet
            self.viewport().update(self.place(self._rows[number].path))

    # --- words

    def sentence(self, row: StackRow) -> str:
        """A row as screen readers say it."""
        if row.heading:
            return self._arrangement.names.get(row.path, row.text)
        parts = [row.text]
        if row.disabled:
            parts.append(self.tr("switched off"))
        elif row.output is not None:
            parts.append(shape_text(row.output))
            if row.layer:
                parts += [f"{self.header.titles[key]} {amount_text(row, key)}" for key in MEASURES]
            if row.share > 0:
                parts.append(percent(row.share))
        if row.foldable:
            parts.append(self.tr("folded") if row.folded else self.tr("unfolded"))
        return ", ".join(parts) + (f". {row.said}" if row.said else "")

    def _describe(self) -> None:
        self.setAccessibleDescription(self.sentence(self._rows[self._current]) if self._rows else "")

    def _tip(self, row: StackRow) -> str:
        """The tooltip of a row: its name in full, its numbers to the last digit."""
        lines = [self._arrangement.names.get(row.path, row.text)]
        if row.disabled:
            lines.append(self.tr("Switched off: the network is counted without it. Space switches it on."))
        for key in MEASURES if row.layer and not row.disabled else ():
            amount = row.amount(key)
            if amount is not None:
                unit = " B" if key == "memory" else ""
                share = f" ({percent(row.share)})" if key == self._measure and row.share > 0 else ""
                lines.append(f"{self.header.titles[key]}: {full_count(amount)}{unit}{share}")
        return "\n".join(lines)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self.row_at(event.pos())
            QToolTip.showText(event.globalPos(), self._tip(row) if row is not None else "", self)
            return True
        return super().viewportEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._update_row(self._current)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._update_row(self._current)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.header.retranslate()
        self._arrange()
        self._describe()
