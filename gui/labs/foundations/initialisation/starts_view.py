"""The losses of several first weights while the same network learns the digits: curves that grow, and a table of their figures.

Shown on the board of first weights, which trains.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.figures import UNKNOWN, fixed, full_count
from engine.foundations.boards.initialisation.initialisation_numbers import DIGIT_BATCH, DIGIT_RATE, StartLosses, StartsLearning
from gui.labs.foundations.initialisation.flow_section import FlowSection
from gui.plots.lines import LinePlot, PlotLine
from gui.shell.language import say
from gui.shell.theme import restyle_when_seen, theme
from gui.widgets.figures.figure_table import FigureTable
from gui.widgets.labels import label, set_text

SMOOTHED = 20  # the book's figures are means of so many iterations
CHANCE = math.log(10)
TOP = 2.6  # of the axis: what a start does that diverges is told by the table


class StartsView(QWidget):
    """`show_losses` shows what has been learned so far."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[StartsLearning, Sequence[StartLosses]] = StartsLearning(), ()
        self.card = FlowSection()
        self.plot, self.table = LinePlot(), FigureTable()
        self.plot.margins = (46.0, 8.0, 12.0, 36.0)
        self.plot.export_name = "losses"
        self.legend, self.note = label("small", rich=True, wraps=True), label("muted", wraps=True)
        side = QVBoxLayout()
        side.addWidget(self.table)
        side.addStretch(1)
        side.addWidget(self.note)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.plot, 3)
        row.addLayout(side, 2)
        self.card.body.addLayout(row, 1)
        self.card.body.addWidget(self.legend)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.card)
        restyle_when_seen(self, self._write_legend)
        self.retranslate()

    def show_losses(self, learning: StartsLearning, losses: Sequence[StartLosses]) -> None:
        """One mapping for each iteration that has been done."""
        self._shown = learning, losses
        starts = learning.starts
        lines = [
            PlotLine(say("choices", start), smoothed([each[start] for each in losses if start in each]), number)
            for number, start in enumerate(starts)
        ]
        lines.append(PlotLine("ln 10", [CHANCE] * learning.iterations, None, dashed=2))
        self.plot.set_lines(lines, up=(0.0, TOP))
        rows = [[self.tr("First weights"), self.tr("first loss"), self.tr("latest"), self.tr("least")]]
        for start in starts:
            values = [each[start] for each in losses if start in each]
            means = smoothed(values)
            figures = [values[0], means[-1], float(np.nanmin(means))] if values else [math.nan] * 3
            rows.append([say("choices", start), *(fixed(value, 3) if math.isfinite(value) else UNKNOWN for value in figures)])
        self.table.set_rows(rows)
        self.card.set_title(
            self.tr("Loss on the digits, {activation}, {count} iterations").format(
                activation=say("choices", learning.activation), count=full_count(len(losses))
            )
        )
        self._write_legend()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.plot.set_axis_names(self.tr("iteration"), self.tr("loss"))
        self.plot.setAccessibleName(self.tr("Losses of the first weights"))
        text = self.tr(
            "784 inputs, four layers of 100, 10 classes; batches of {batch} at rate {rate}, the same for all. Curves are means "
            "of {count} iterations. A network that guesses has a loss of ln 10 = 2.303."
        )
        set_text(self.note, text.format(batch=DIGIT_BATCH, rate=DIGIT_RATE, count=SMOOTHED))
        self.show_losses(*self._shown)

    def _write_legend(self) -> None:
        spans = [
            f'<span style="color:{theme().curves[number].name()}">——</span> {say("choices", start)}'
            for number, start in enumerate(self._shown[0].starts)
        ]
        set_text(self.legend, "&nbsp;&nbsp; ".join([*spans, "- - - ln 10"]))


def smoothed(values: Sequence[float]) -> list[float]:
    """The mean of each value and those before it, `SMOOTHED` at most."""
    if not values:
        return []
    with np.errstate(invalid="ignore"):
        sums = np.concatenate(([0.0], np.cumsum(np.asarray(values, np.float64))))
        ends = np.arange(1, len(values) + 1)
        begins = np.maximum(ends - SMOOTHED, 0)
        found: list[float] = ((sums[ends] - sums[begins]) / (ends - begins)).tolist()
    return found
