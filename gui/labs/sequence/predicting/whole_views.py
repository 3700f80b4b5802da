"""Answers to whole sequences: a number for each of some sequences beside the truth, and a class after each time step.

Called by the page of predictions.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.colours import viridis
from engine.figures import full_count, measured, percent
from engine.judging.answers_by_step import AnswersByStep
from engine.training.probes import Numbers
from gui.plots.curve_card import CurveLegend
from gui.plots.lines import LinePlot, PlotLine, ScatterPlot
from gui.plots.look import pen_of
from gui.plots.sequences.stacked import StackedPlot
from gui.widgets.labels import label, set_text

MARGINS, WIDE_MARGINS = (46.0, 8.0, 14.0, 38.0), (58.0, 8.0, 14.0, 38.0)  # percentages are wider
MOST_VALUES = 4  # lines of values that are no probabilities: there are so many colours


class WholeNumbers(QWidget):
    """A point a sequence: truth to the right, prediction upwards."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: Numbers | None = None
        self.plot, self.line = ScatterPlot(), label("worked", wraps=True)
        self.plot.margins = MARGINS
        self.plot.export_name = "predictions"
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.plot, 1)
        column.addWidget(self.line)
        self.retranslate()

    def show_numbers(self, found: Numbers) -> None:
        self._found = found
        self.plot.set_points(found.truth, found.predicted)
        truth = found.truth.astype(np.float64)
        error = float(((found.predicted.astype(np.float64) - truth) ** 2).mean())
        mean = float(((truth - truth.mean()) ** 2).mean())
        text = self.tr("{count} validation sequences: MSE {error}; always saying their mean would be {mean}.")
        if error > 0.9 * mean:
            text += " " + self.tr("So far the network knows little more than the mean.")
        values = {"count": full_count(len(truth)), "error": measured(error, 3), "mean": measured(mean, 3)}
        set_text(self.line, text.format(**values))
        self.plot.describe(self.line.text())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.plot.set_axis_names(self.tr("Truth"), self.tr("Prediction"))
        if self._found is not None:
            self.show_numbers(self._found)


class AnswersOverTime(QWidget):
    """The answer for each class after every time step, stacked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: AnswersByStep | None = None
        self._tints: dict[str, QColor] = {}
        self.plot, self.values = StackedPlot(), LinePlot()
        self.legend = CurveLegend(lambda key: pen_of(self._tints[key]))
        for plot in (self.plot, self.values):
            plot.margins = WIDE_MARGINS
            plot.export_name = "answers"
        self.line = label("worked", wraps=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.legend)
        column.addWidget(self.plot, 1)
        column.addWidget(self.values, 1)
        column.addWidget(self.line)
        self.retranslate()

    def show_classes(self, found: AnswersByStep) -> None:
        self._found = found
        count = len(found.classes)
        colours = [QColor.fromRgb(int(viridis()[round(255 * (0.05 + 0.9 * k / max(count - 1, 1)))])) for k in range(count)]
        self._tints = dict(zip(found.classes, colours, strict=True))
        whole = np.full((count, int(found.lengths[-1])), np.nan)
        whole[:, found.lengths - 1] = found.answers.T
        self.plot.setVisible(not found.is_values)
        self.values.setVisible(found.is_values)
        self.legend.setVisible(not found.is_values)
        if found.is_values:
            likeliest = np.argsort(-found.answers[-1])[:MOST_VALUES]
            lines = [PlotLine(found.classes[number], whole[number].tolist(), place) for place, number in enumerate(likeliest)]
            self.values.set_lines(lines)
        else:
            self.plot.set_parts(found.classes, whole, tuple(colours))
            self.legend.set_entries([(name, name, "") for name in found.classes], "")
        set_text(self.line, self._sentence(found))

    def _sentence(self, found: AnswersByStep) -> str:
        predicted = found.predicted
        share = float(found.answers[-1, predicted])
        values = {
            "true": found.classes[found.label],
            "predicted": found.classes[predicted],
            "share": measured(share, 3) if found.is_values else percent(share),
            "t": full_count(found.settled),
        }
        if len(found.lengths) == 1:
            text = self.tr("True {true}, predicted {predicted} ({share}). This network reads sequences of one length only.")
        else:
            text = self.tr("True {true}, predicted {predicted} ({share}). From t = {t} on the answer stays the same.")
        return text.format(**values)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.plot.set_axis_names(self.tr("after t time steps"), self.tr("probability"))
        self.values.set_axis_names(self.tr("after t time steps"), self.tr("answer"))
        self.plot.setAccessibleName(self.tr("Probability of each class after every time step"))
        if self._found is not None:
            self.show_classes(self._found)
