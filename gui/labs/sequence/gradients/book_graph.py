"""The gradient graph of 『밑바닥부터 시작하는 딥러닝 2』, chapter 6, with the book's matrix, and why a gradient vanishes
although one step could make it longer.

Opened from the page of the gradient through time.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from engine.fields import Field
from engine.figures import beside_one, fixed, measured
from engine.sequences.through_time import BookGraph, book_graph
from gui.plots.curve_card import CurveLegend
from gui.plots.lines import PlotLine
from gui.plots.look import curve_pen
from gui.plots.sequences.log_lines import LogLinePlot
from gui.widgets.figures.figure_table import FigureTable
from gui.widgets.forms.number_row import NumberRow
from gui.widgets.labels import label, separator, set_text

SIZE_PX = (620, 620)
SCALES, STEPS = (1.0, 0.5), 20  # of the book: the first explodes, the second vanishes
OWN = "own"  # the key of the curve with the user's factor
NEAR_ONE = 0.01  # a radius so near to 1 keeps the length for all of the graph


class BookGraphDialog(QDialog):
    """The curves of the book's two factors, and one with a factor of the user's own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.resize(*SIZE_PX)
        self._book = {_name(scale): book_graph(scale) for scale in SCALES}
        self.factor = NumberRow(
            Field(name="factor", kind="number", low=0.05, high=3.0, slider=(0.1, 1.5), default=0.8, step=0.01)
        )
        self.head = label("worked", wraps=True)
        self.legend = CurveLegend(lambda key: curve_pen(list(self.curves).index(key) if key in self.curves else 0))
        self.plot = LogLinePlot()
        self.plot.export_name = "book gradient"
        self.why = label("worked", wraps=True)
        self.table = FigureTable()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(10)
        column.addWidget(self.head)
        column.addWidget(self.legend)
        column.addWidget(self.plot, 1)
        column.addWidget(self.factor)
        column.addWidget(separator())
        column.addWidget(self.table)
        column.addWidget(self.why)
        self.factor.value_changed.connect(lambda _value: self.show_graph())
        self.retranslate()

    @property
    def curves(self) -> dict[str, BookGraph]:
        """By name, ×1 and ×0.5 and the user's own, where that is neither."""
        own = float(self.factor.value or SCALES[0])
        return self._book if own in SCALES else self._book | {OWN: book_graph(own)}

    @property
    def explained(self) -> BookGraph:
        """The one that the sentence is about: the user's own."""
        own = float(self.factor.value or SCALES[0])
        return self.curves.get(OWN) or self._book[_name(own)]

    def show_graph(self) -> None:
        curves = self.curves
        names = {key: _name(found.scale) for key, found in curves.items()}
        lines = [PlotLine(names[key], found.norms.tolist(), number) for number, (key, found) in enumerate(curves.items())]
        self.plot.set_lines(lines)
        self.legend.set_entries([(key, names[key], "") for key in curves], "")
        rows = [[names[key], *self._numbers(found)] for key, found in curves.items()]
        self.table.set_rows([self._heads(), *rows, *[[" "] * len(rows[0])] * (len(SCALES) + 1 - len(rows))])
        set_text(self.why, self._why(self.explained))

    @staticmethod
    def _numbers(found: BookGraph) -> list[str]:
        numbers = (found.norms[0], found.norms[-1], found.radius, found.norm)
        return [measured(float(number)) for number in numbers[:2]] + [beside_one(float(number)) for number in numbers[2:]]

    def _heads(self) -> list[str]:
        return [
            self.tr("matrix"),
            self.tr("after 1 step"),
            self.tr("after {steps} steps").format(steps=STEPS),
            self.tr("spectral radius"),
            self.tr("largest singular value"),
        ]

    def _why(self, found: BookGraph) -> str:
        values = {
            "factor": _name(found.scale),
            "radius": fixed(found.radius, 3),
            "singular": fixed(found.norm, 3),
            "cosine": fixed(found.alignment, 2),
            "start": fixed(found.start, 3),
            "first": fixed(float(found.norms[0]), 3),
        }
        if abs(found.radius - 1) < NEAR_ONE:
            text = self.tr(
                "{factor}: in the long run every product multiplies the length by the spectral radius {radius}, which is "
                "nearly 1. So the gradient neither vanishes nor explodes within this graph."
            )
        elif found.radius > 1:
            text = self.tr(
                "{factor}: in the long run every product multiplies the length by the spectral radius {radius}, the largest "
                "absolute eigenvalue. It is above 1, so the gradient explodes."
            )
        elif found.norm > 1:
            text = self.tr(
                "{factor}: the largest singular value {singular} is above 1, and yet the gradient vanishes. A singular value "
                "is how far one product can stretch, and only in one direction. The product turns that direction away (|cos| "
                "{cosine}), so the next one does not stretch it again. In the long run every product multiplies the length by "
                "the spectral radius {radius}, the largest absolute eigenvalue, which is below 1. Only at the start may it "
                "still grow: {start} becomes {first}."
            )
        else:
            text = self.tr(
                "{factor}: even the largest singular value {singular} is below 1, so every single product makes the gradient "
                "shorter, in the long run by the spectral radius {radius} a step."
            )
        return text.format(**values)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("The gradient graph of the book, chapter 6"))
        self.head.setText(
            self.tr(
                "A gradient of ones goes back through {steps} time steps. At each one it is multiplied by the same transposed "
                "matrix W (3×3, numpy's seed 3), times a factor; there is no nonlinearity. "
                "(『밑바닥부터 시작하는 딥러닝 2』, chapter 6)"
            ).format(steps=STEPS)
        )
        self.plot.set_axis_names(self.tr("steps back"), self.tr("length of the gradient"))
        self.plot.setAccessibleName(self.tr("Length of the gradient by steps back"))
        self.factor.set_label(self.tr("Factor of W"))
        self.show_graph()


def _name(scale: float) -> str:
    return f"W × {measured(scale)}"
