"""The exact sum of one cell of a feature map: every product, the sums of the input channels, the bias and the result, beside
what the network itself has computed.

Called by the page of feature maps.
"""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from engine.cells.arithmetic import OutputCell, agrees
from engine.figures import full_count, measured
from engine.passes.sample_view import SampleView
from gui.widgets.one_line import OneLine

LOWEST_PX, HIGH_PX = 44, 92
MOST_TERMS = 2_000  # written out
DIGITS = 7  # of a float32
PADDING = "—"


class CellSum(QWidget):
    """`show_cell` shows the cell at (channel, row, column) of a view's maps."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.head = OneLine("accent")
        self.terms = QPlainTextEdit()
        self.terms.setReadOnly(True)
        self.terms.setTabChangesFocus(True)
        self.terms.setMinimumHeight(LOWEST_PX)
        self.terms.setMaximumHeight(HIGH_PX)
        self.terms.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.head)
        column.addWidget(self.terms)

    def show_cell(self, view: SampleView, place: tuple[int, int, int]) -> bool:
        """Whether there is such a cell, and it is a sum."""
        position = place if view.values.ndim == 3 else (place[0], place[2])
        cell = view.cell(position)
        if cell is None:
            return False
        self.terms.setAccessibleName(self.tr("Exact sum of the cell"))
        computed = float(view.values[position])
        same, difference = agrees(cell, computed)
        where = ", ".join(map(str, position))
        total, own = _written(cell.total), measured(computed, DIGITS)
        verdict = (
            self.tr("torch: {value}, equal to rounding").format(value=own)
            if same
            else self.tr("torch: {value}, differs by {difference}").format(value=own, difference=_written(difference))
        )
        self.head.set_text(*self._wordings(f"({where}) = {total}", verdict, same))
        at = self.terms.verticalScrollBar().value()
        self.terms.setPlainText("\n".join(self._lines(cell)))
        self.terms.verticalScrollBar().setValue(at)
        return True

    def _wordings(self, sum_: str, verdict: str, same: bool) -> list[str]:
        """From the longest to the shortest."""
        brief = self.tr("as torch") if same else self.tr("not as torch")
        return [f"{sum_} · {verdict}", f"{sum_} · {brief}", sum_]

    def _lines(self, cell: OutputCell) -> list[str]:
        lines = []
        for number, term in enumerate(cell.terms[:MOST_TERMS]):
            read = PADDING if term.tap.source is None else str(tuple(term.tap.source))
            if cell.chosen is None:
                lines.append(f"{read}  {_written(term.value)} · {_written(term.weight)} = {_written(term.product)}")
            else:
                lines.append(f"{read}  {_written(term.value)}" + (" ←" if number == cell.chosen else ""))
        if len(cell.terms) > MOST_TERMS:
            lines.append(self.tr("... {count} more products").format(count=full_count(len(cell.terms) - MOST_TERMS)))
        if cell.chosen is not None:
            return [*lines, self.tr("maximum = {value}").format(value=_written(cell.total))]
        if len(cell.per_channel) > 1:
            for number, part in enumerate(cell.per_channel):
                lines.append(self.tr("input channel {number}: {value}").format(number=number, value=_written(part)))
        lines.append(self.tr("bias: {value}").format(value=_written(cell.bias)))
        if cell.divisor > 1:
            lines.append(self.tr("divided by {count}").format(count=cell.divisor))
        return [*lines, self.tr("sum = {value}").format(value=_written(cell.total))]


def _written(value: Decimal) -> str:
    return measured(float(value), DIGITS)
