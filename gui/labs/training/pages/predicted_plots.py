"""Predictions that are plots: numbers beside the truth on a diagonal, a series over time with its error below.

Called by the prediction card, which imports it when the first such prediction comes: only then are the plots loaded.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from engine.training.probes import Forecast, Numbers
from gui.labs.training.pages.drawings import ROW, draw_table
from gui.plots.curve_card import CurveLegend
from gui.plots.lines import LinePlot, PlotLine, ScatterPlot
from gui.plots.look import curve_pen
from gui.plots.numbers.ranges import value_limits
from gui.shell.theme import THEME

LEAST_ERROR = 0.05  # of the axis of differences, so that noise does not fill it
ROOMY_PX = 300  # as high as this, a series has its error below it
TALLEST = 1.7  # of the width: taller than that, a wave looks like a spike
SPACING = 4
MARGINS = (44.0, 8.0, 14.0, 38.0)


class NumbersView(QWidget):
    """A point a sample, truth to the right, prediction upwards; below, as far as there is room, the first samples in
    figures."""

    def __init__(self) -> None:
        super().__init__()
        self.plot, self.table = ScatterPlot(), _Table()
        self.plot.margins = MARGINS
        self.plot.export_name = "predictions"
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.plot)
        column.addWidget(self.table, 1)
        self.retranslate()

    def show_numbers(self, found: Numbers, score: str) -> None:
        """Draw them; `score` is how near they are, for a screen reader."""
        self.plot.set_points(found.truth, found.predicted)
        self.plot.describe(score)
        self.table.show_numbers(found)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.plot.setFixedHeight(max(min(self.height(), self.width()), 1))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        names = (self.tr("Truth"), self.tr("Prediction"), self.tr("Difference"))
        self.plot.set_axis_names(names[0], names[1])
        self.plot.setAccessibleName(self.tr("Prediction beside the truth, a point a sample"))
        self.table.set_names(names)


class _Table(QWidget):
    """Truth, prediction and difference of the first samples in figures."""

    def __init__(self) -> None:
        super().__init__()
        self._found: Numbers | None = None
        self._names = ("", "", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        THEME.changed.connect(self.update)

    def show_numbers(self, found: Numbers) -> None:
        self._found = found
        self.update()

    def set_names(self, names: tuple[str, str, str]) -> None:
        self._names = names
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._found is not None and self.height() >= ROW:
            painter = QPainter(self)
            draw_table(painter, QRectF(self.rect()), self._found, self._names)


class SeriesView(QWidget):
    """Truth as a solid line and prediction as a dashed one, over time; below, where there is room, the difference between
    them."""

    def __init__(self) -> None:
        super().__init__()
        self._found: Forecast | None = None
        self._score = ""
        self.legend = CurveLegend(lambda key: curve_pen(int(key), dashed=key == "1"))
        self.plot, self.error = LinePlot(), LinePlot()
        for plot, name in ((self.plot, "series"), (self.error, "error")):
            plot.margins = MARGINS
            plot.export_name = name
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        column.addWidget(self.legend)
        column.addWidget(self.plot, 2)
        column.addWidget(self.error, 1)
        column.addStretch(0)
        self.error.hide()  # until there is room: it makes nothing higher
        self.retranslate()

    def minimumSizeHint(self) -> QSize:
        """Without the differences, which are hidden where they have no room: they ask for none."""
        least = super().minimumSizeHint()
        below = 0 if self.error.isHidden() else max(self.error.minimumSizeHint().height(), self.error.minimumHeight()) + SPACING
        return QSize(least.width(), least.height() - below)

    def show_series(self, found: Forecast, score: str) -> None:
        """Draw it; `score` is how near the prediction is, for a screen reader."""
        self._found, self._score = found, score
        truth, predicted = self.tr("Truth"), self.tr("Prediction")
        spread = max(float(np.ptp(found.truth)), 1e-3)
        both = np.concatenate([found.truth, found.predicted])
        low = max(float(both.min()), float(found.truth.min()) - spread)  # a wild prediction does not flatten the truth
        high = min(float(both.max()), float(found.truth.max()) + spread)
        lines = [PlotLine(truth, found.truth.tolist(), 0), PlotLine(predicted, found.predicted.tolist(), 1, dashed=True)]
        self.plot.set_lines(lines, up=value_limits(low, high))
        self.plot.describe(score)
        differences = found.predicted - found.truth
        most = min(max(float(np.abs(differences).max()), LEAST_ERROR), 2 * spread)
        end = max(abs(part) for part in value_limits(-most, most))
        self.error.set_lines([PlotLine(self.tr("Prediction − truth"), differences.tolist())], up=(-end, end))
        self.legend.set_entries([("0", truth, ""), ("1", predicted, "")], "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.error.setVisible(self.height() >= ROOMY_PX)
        tallest = round(min(self.height(), TALLEST * self.width()))
        self.plot.setMaximumHeight(tallest * 2 // 3)
        self.error.setMaximumHeight(tallest // 3)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.plot.setAccessibleName(self.tr("Truth and prediction over time"))
        self.error.set_title(self.tr("Prediction − truth"))
        for plot in (self.plot, self.error):
            plot.set_axis_names(self.tr("Time step t"), "")
        if self._found is not None:
            self.show_series(self._found, self._score)
