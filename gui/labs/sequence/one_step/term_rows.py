"""The products of a sum, one below the other; of a long sum the largest ones, and what all others come to.

What is printed adds up to the printed total. Painted in one pass; called by the formulas of one step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.cells.arithmetic import EXACT
from engine.figures import TIMES, bracketed, full_count
from engine.sequences.step_terms import WeighedNumber, WeighedSum
from gui.shell.theme import THEME, font, theme
from gui.widgets.figures.written_numbers import all_digits, factor_text, left_out, rounded, to_decimals
from gui.widgets.stack.stack_painting import measure_of

FEW = 6  # products of a long sum that are shown
PX, ROW_PX, INDENT_PX, GAP_PX = 12, 18, 14, 6
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class ShownTerms:
    """`terms` in their order; `others` is how many are left out, `rest` their exact sum; `rounding` is what the printed numbers
    lack to the printed total."""

    terms: tuple[WeighedNumber, ...]
    others: int
    rest: Decimal
    rounding: Decimal
    total: Decimal

    @property
    def printed(self) -> tuple[Decimal, ...]:
        """The values of all that is printed before the total: they add up to it, as it is printed."""
        shown = [to_decimals(term.product) for term in self.terms]
        return (*shown, *([to_decimals(self.rest)] if self.others else []), self.rounding)


def shown_terms(found: WeighedSum, *, whole: bool) -> ShownTerms:
    """The products of a sum: all, or the largest few of many."""
    terms: Sequence[WeighedNumber] = tuple(found.terms)
    finite = all(term.product.is_finite() for term in terms)
    if not whole and len(terms) > FEW + 1:
        largest = sorted(terms, key=lambda term: -abs(term.product) if finite else 0)[:FEW]
        chosen = {term.number for term in largest}
        shown = tuple(term for term in terms if term.number in chosen)
        rest = (
            reduce(EXACT.add, (term.product for term in terms if term.number not in chosen), Decimal(0))
            if finite
            else Decimal(0)
        )
    else:
        shown, rest = tuple(terms), Decimal(0)
    others = len(terms) - len(shown)
    parts = [to_decimals(term.product) for term in shown] if finite else []
    missing = left_out(found.products, (*parts, to_decimals(rest))) if finite else Decimal(0)
    return ShownTerms(shown, others, rest, missing, found.products)


class TermRows(QWidget):
    """`show_sum` shows the products of a sum."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sum: WeighedSum | None = None
        self._shown: ShownTerms | None = None
        self._whole = False
        self._names = ("W", "x")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        THEME.changed.connect(self.update)

    def show_sum(self, found: WeighedSum, *, whole: bool, names: tuple[str, str]) -> None:
        """`names` are those of the weights and of what they read: W[7, j] and x[j]."""
        self._sum, self._whole, self._names = found, whole, names
        self._shown = shown_terms(found, whole=whole)
        height = (len(self.rows()) + 1) * ROW_PX
        if height != self.height():
            self.setFixedHeight(height)
        self.setAccessibleName(f"{names[0]} {TIMES} {names[1]}")
        self.setAccessibleDescription("; ".join(" ".join(row) for row in self.rows()))
        self.update()

    @property
    def shown(self) -> ShownTerms | None:
        return self._shown

    def rows(self) -> list[tuple[str, str, str]]:
        """(index, factors, value) of each row, as they are painted."""
        shown = self._shown
        if shown is None:
            return []
        found = [
            (
                str(term.number + 1),
                f"{factor_text(term.weight)} {TIMES} {bracketed(factor_text(term.value))}",
                rounded(term.product)[0],
            )
            for term in shown.terms
        ]
        if shown.others:
            found.append(("…", self.tr("{count} more").format(count=full_count(shown.others)), rounded(shown.rest)[0]))
        if shown.rounding:
            found.append(("", self.tr("rounding"), rounded(shown.rounding)[0]))
        found.append(("", "Σ", rounded(shown.total)[0]))
        return found

    def sizeHint(self) -> QSize:
        return QSize(240, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, now, rows = QPainter(self), theme(), self.rows()
        painter.setFont(font(PX))
        width = self.width()
        last = max((measure_of(PX).horizontalAdvance(row[2]) for row in rows), default=0.0) + 2
        digits = max((measure_of(PX).horizontalAdvance(row[0]) for row in rows), default=0.0) + 2
        painter.setPen(now.muted)
        left = INDENT_PX + digits + GAP_PX
        room = width - left - last - 2 * GAP_PX
        painter.drawText(QRectF(INDENT_PX, 0, digits, ROW_PX), RIGHT, "j")
        painter.drawText(QRectF(left, 0, room, ROW_PX), LEFT, f"{self._names[0]} {TIMES} {self._names[1]}")
        first = max(event.rect().top() // ROW_PX - 1, 0)
        for place in range(first, min(event.rect().bottom() // ROW_PX + 1, len(rows))):
            index, factors, value = rows[place]
            top = (place + 1) * ROW_PX
            is_sum = place == len(rows) - 1
            painter.setPen(now.muted)
            painter.drawText(QRectF(INDENT_PX, top, digits, ROW_PX), RIGHT, index)
            painter.setPen(now.text if index.isdigit() else now.muted)
            painter.drawText(QRectF(left, top, room, ROW_PX), LEFT, factors)
            if is_sum:
                painter.setPen(now.line)
                painter.drawLine(INDENT_PX, top, width, top)
            painter.setPen(now.text)
            painter.drawText(QRectF(width - last - 2, top, last, ROW_PX), RIGHT, value)

    def event(self, event: QEvent) -> bool:
        """Show a tooltip with all digits of a product."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = event.pos().y() // ROW_PX - 1
            shown = self._shown
            text = ""
            if shown is not None and 0 <= place < len(shown.terms):
                term = shown.terms[place]
                text = f"{all_digits(term.weight)}\n{TIMES} {bracketed(all_digits(term.value))}\n= {all_digits(term.product)}"
            QToolTip.showText(event.globalPos(), text, self)
            return True
        if event.type() == QEvent.Type.LanguageChange and self._sum is not None:
            self.show_sum(self._sum, whole=self._whole, names=self._names)
        return super().event(event)
