"""A series with its forecasts: truth, teacher-forced, free-running from a start that can be moved, and the naive lines beside
them; errors and skill in figures, and what they say in a sentence.

Called by the page of predictions.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.fields import Field
from engine.figures import MINUS, UNKNOWN, fixed, full_count, measured
from engine.sequences.forecast import ForecastAnswer, ForecastErrors
from gui.plots.curve_card import CurveLegend
from gui.plots.lines import PlotLine
from gui.plots.sequences.forecast_plot import ForecastPlot
from gui.shell.language import language
from gui.widgets.figures.figure_table import FigureTable
from gui.widgets.forms.number_row import NumberRow
from gui.widgets.labels import label, set_text

MARGINS = (46.0, 8.0, 12.0, 38.0)
LOW_PX = 330  # a lower page has no room for the table
EXACT = 0.9995  # a skill that would be written as 1 without being it
LINES = ("truth", "forced", "free", "naive", "held")
NAIVE_DASHES, HELD_DASHES = 2, 1


class ForecastView(QWidget):
    """`start_moved` carries how many true values are to be read before the network goes on by itself."""

    start_moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: ForecastAnswer | None = None
        self.verdict, self.note = label("worked", wraps=True), label("small", wraps=True)
        self.legend = CurveLegend(self._pen)
        self.plot, self.table = ForecastPlot(), FigureTable()
        self.plot.margins = MARGINS
        self.plot.export_name = "forecast"
        self.plot.setMinimumHeight(110)
        self.start = NumberRow(Field(name="start", kind="integer", default=1, low=1))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for part in (self.legend, self.plot, self.start, self.verdict, self.table, self.note):
            column.addWidget(part, 1 if part is self.plot else 0)
        self.plot.start_moved.connect(self.start_moved)
        self.start.value_changed.connect(lambda value: self.start_moved.emit(int(value)))
        self.retranslate()

    def show_forecast(self, found: ForecastAnswer) -> None:
        self._found = found
        lines = self.lines(found)
        can_run = found.free is not None
        self.plot.set_series(list(lines.values()), found.warm_up if can_run else None)
        brief = self._brief_names()
        self.legend.set_entries([(key, brief[key], "") for key in lines if key in brief], "")
        self.start.setVisible(can_run)
        self.start.set_range(1, max(len(found.y) - 1, 1))
        self.start.set_value(found.warm_up)
        set_text(self.verdict, found.verdict.say(language()))
        self.plot.describe(self.verdict.text())
        self.table.set_rows(self._rows(found), self._tips())
        notes = [found.not_free.say(language()) if found.not_free is not None else ""]
        if found.y.shape[1] > 1:
            notes.append(
                self.tr("Drawn is the first of {count} features; the errors are over all.").format(count=found.y.shape[1])
            )
        set_text(self.note, " ".join(note for note in notes if note))
        self.note.setVisible(bool(self.note.text()))
        self._fit()

    def lines(self, found: ForecastAnswer) -> dict[str, PlotLine]:
        """What is drawn, by name, over the steps that are predicted."""
        names = self._names()
        lines = {
            "truth": PlotLine(names["truth"], found.y[:, 0].tolist(), 0, width=1.5),
            "forced": PlotLine(names["forced"], found.forced[:, 0].tolist(), 1, dashed=1),
        }
        if found.free is not None:
            lines["free"] = PlotLine(names["free"], continued(found.free[:, 0], found.warm_up), 2, width=1.5)
        lines["naive"] = PlotLine(names["naive"], found.naive[:, 0].tolist(), dashed=NAIVE_DASHES)
        if found.free is not None:
            lines["held"] = PlotLine(names["held"], continued(found.held[:, 0], found.warm_up), dashed=HELD_DASHES)
        return lines

    def _pen(self, key: str) -> QPen:
        shown: dict[str, tuple[int | None, int]] = {"truth": (0, 0), "forced": (1, 1), "free": (2, 0)}
        naive = HELD_DASHES if key == "held" else NAIVE_DASHES
        colour, dashed = shown.get(key, (None, naive))
        return PlotLine("", (), colour, dashed=dashed).pen()

    def _names(self) -> dict[str, str]:
        return {
            "truth": self.tr("Truth"),
            "forced": self.tr("Teacher-forced"),
            "free": self.tr("Free-running"),
            "naive": self.tr("The last value again"),
            "held": self.tr("The last true value, held"),
        }

    def _brief_names(self) -> dict[str, str]:
        """For the legend, which is narrow."""
        return {
            "truth": self.tr("Truth"),
            "forced": self.tr("Forced", "teacher forcing, in the legend"),
            "free": self.tr("Free", "free running, in the legend"),
            "naive": self.tr("Last value", "in the legend"),
            "held": self.tr("Held", "the last true value, in the legend"),
        }

    def _rows(self, found: ForecastAnswer) -> list[list[str]]:
        rows = [["", self.tr("MSE"), self.tr("naive MSE"), self.tr("skill")]]
        names = self._names()
        here, everywhere = self.tr("this series"), self.tr("all {count}").format(count=full_count(found.total))
        some = self.tr("the first {count}").format(count=full_count(found.free_samples))
        rows.append(
            self._row(f"{names['forced']}, {here}", found.of_sample.forced, found.of_sample.naive, found.of_sample.skill)
        )
        rows.append(self._row(f"{names['forced']}, {everywhere}", found.of_all.forced, found.of_all.naive, found.of_all.skill))
        if found.free is not None:
            whole = everywhere if found.free_samples >= found.total else some
            rows.append(self._free_row(f"{names['free']}, {here}", found.of_sample))
            rows.append(self._free_row(f"{names['free']}, {whole}", found.of_all))
        return rows

    @staticmethod
    def _row(name: str, error: float | None, naive: float | None, skill: float | None) -> list[str]:
        return [name, *(UNKNOWN if value is None else measured(value, 3) for value in (error, naive)), skill_text(skill)]

    def _free_row(self, name: str, errors: ForecastErrors) -> list[str]:
        return self._row(name, errors.free, errors.held, errors.free_skill)

    def _tips(self) -> list[str]:
        skill = self.tr(
            "Skill = 1 − MSE / MSE of the naive line. 1 is exact, 0 is no better than saying the last value again, below 0 is "
            "worse."
        )
        free = self.tr("Over the steps after the start. The naive line beside it holds the last true value.")
        return [skill, skill, skill, free, free]

    def _fit(self) -> None:
        self.table.setVisible(self.height() >= LOW_PX)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.plot.set_axis_names(self.tr("Time step t"), "")
        self.plot.setAccessibleName(self.tr("Truth and forecasts over time"))
        self.start.set_label(
            self.tr("Goes on alone after"),
            self.tr("So many true values are read; then the network reads its own predictions. In the plot: press or drag."),
        )
        if self._found is not None:
            self.show_forecast(self._found)


def skill_text(skill: float | None) -> str:
    """A skill with three decimals. Only what is 1 is written 1.000, and only what is 0 is 0.000."""
    if skill is None or not np.isfinite(skill):
        return UNKNOWN
    if EXACT <= skill < 1:
        return "> 0.999"
    if skill != 0 and abs(skill) < 1 - EXACT:
        return f"{MINUS if skill < 0 else ''}< 0.001" if skill > 0 else f"> {MINUS}0.001"
    return fixed(skill, 3)


def continued(values: np.ndarray, start: int) -> list[float]:
    """A forecast from its last value that is made of true values alone, number `start`; nothing before."""
    found: list[float] = values.astype(np.float64).tolist()
    return [float("nan")] * (start - 1) + found[start - 1 :]
