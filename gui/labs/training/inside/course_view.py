"""One of the layers' numbers over the steps of the run, a curve a layer, with the value of each in the legend.

Shown by the page of the layers' numbers; the plot is made when it is first on the screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPen, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engine.figures import UNKNOWN, fixed, measured
from engine.networks.trace import Path
from gui.labs.training.inside.layer_courses import NUMBERS, LayerCourses, LayerNumber
from gui.labs.training.inside.layer_table import USUAL, layer_figure, layer_share
from gui.plots.curve_card import CurveLegend
from gui.plots.numbers.curve_data import PATTERNS, CurveData, Drawn
from gui.plots.numbers.ranges import Range, value_limits
from gui.plots.numbers.view import CurveView
from gui.shell.theme import theme
from gui.widgets.forms.controls import scrolls_past
from gui.widgets.one_line import OneLine

if TYPE_CHECKING:
    from gui.plots.curves import Curves

SHARES: tuple[LayerNumber, ...] = ("saturated", "dead")
ENTRY_PX, LEGEND_PX = 128, 20
LOW_PX = 150  # has no room for the line below the plot
PLOT_PX = 104  # high, at least, before the legend takes a line more


class CourseData(CurveData):
    """The usual size of an update, the thin line, is always in sight."""

    def value_limits(self, drawn: dict[str, Drawn]) -> Range:
        low, high = super().value_limits(drawn)
        if self.chance is None or low <= self.chance <= high:
            return low, high
        return value_limits(min(low, self.chance), max(high, self.chance))


class CourseView(QWidget):
    """`show_courses` shows the chosen number of all layers; `number_chosen` is another one, by the user."""

    number_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paths: tuple[Path, ...] = ()
        self._names: tuple[str, ...] = ()
        self._number: LayerNumber = NUMBERS[0]
        self._rest: float | None = None
        self._meanings: list[str] = []
        self.choice = QComboBox()
        self.choice.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        scrolls_past(self.choice)
        self.choice.activated.connect(self._choose)
        self.said = OneLine()
        self.legends: list[CurveLegend] = []
        row = QHBoxLayout()
        row.addWidget(self.choice, 1)
        self._legend_lines = QVBoxLayout()
        self._legend_lines.setSpacing(0)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addLayout(row)
        self._column.addLayout(self._legend_lines)
        self._column.addWidget(self.said)

    @cached_property
    def plot(self) -> Curves:
        from gui.plots.curves import Curves

        made = Curves("value", CourseData())
        made.setMinimumSize(120, 56)
        made.set_view(CurveView(smoothing=0.0))
        made.cursor_placed.connect(self._read_out)
        self._column.insertWidget(self._column.count() - 1, made, 1)
        return made

    def set_numbers(self, names: Sequence[tuple[str, str]]) -> None:
        """(name, meaning) of each of `NUMBERS`."""
        if self.choice.count() != len(names):
            self.choice.clear()
            self.choice.addItems([name for name, _ in names])
        for place, (name, meaning) in enumerate(names):
            self.choice.setItemText(place, name)
            self.choice.setItemData(place, meaning, Qt.ItemDataRole.ToolTipRole)
        self._meanings = [meaning for _, meaning in names]

    def set_rest(self, step: float | None) -> None:
        """The cursor stands at a moment of the past; None: at the latest."""
        self._rest = step
        if "plot" in self.__dict__:
            self.plot.set_rest(step)

    def show_courses(self, courses: LayerCourses, number: LayerNumber, paths: Sequence[Path], names: Sequence[str]) -> None:
        """`names` are those of the layers at `paths`."""
        plot, data = self.plot, self.plot.data
        if number != self._number or not data.strands:
            plot.kind = data.kind = "rate" if number in SHARES else "value"
            plot.set_view(CurveView(smoothing=0.0, log=number == "gradient"))
        self._number, self._paths, self._names = number, tuple(paths), tuple(names)
        self.choice.setCurrentIndex(NUMBERS.index(number))
        self.choice.setToolTip(self._meanings[NUMBERS.index(number)])
        data.chance = USUAL if number == "update" else None
        data.total = float(courses.last) or None  # the same run across, whichever number is shown
        data.keep(())
        for place, path in enumerate(paths):
            steps, values = courses.curve(number, path)
            if len(steps):
                data.add(str(place), place % len(theme().curves), dashed=place // len(theme().curves) % len(PATTERNS))
                data.append(str(place), steps, values)
        plot.set_names({str(place): _short(name) for place, name in enumerate(names)}, "")
        plot.line_name = self.tr("Line at {usual}").format(usual=measured(USUAL, 1))
        plot.setAccessibleName(self.tr("{number} over the iterations").format(number=self.choice.currentText()))
        plot.set_rest(self._rest)
        plot.draw()
        self._read_out()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known of the shown number."""
        return not self.plot.data.strands

    @property
    def entries(self) -> list[tuple[str, str, str]]:
        """Key, name and value of each layer, at the cursor."""
        data, write = self.plot.data, layer_share if self._number in SHARES else layer_figure
        if self._number == "update":
            write = _power
        values = data.values_at(self.plot.cursor_step)
        return [(key, data.names[key], write(values.get(key))) for key in data.strands]

    @Slot()
    def _read_out(self) -> None:
        entries = self.entries
        across = max(self.width() // ENTRY_PX, 1)
        lines = min(-(-len(entries) // across), max((self.height() - PLOT_PX - LEGEND_PX) // LEGEND_PX, 1))
        while len(self.legends) < lines:
            self.legends.append(made := CurveLegend(self._pen))
            self._legend_lines.addWidget(made)
        self.said.setVisible(self.height() > LOW_PX)
        each = -(-len(entries) // max(lines, 1))
        for line, legend in enumerate(self.legends):
            legend.setVisible(line < lines)
            legend.set_entries(entries[line * each : (line + 1) * each], "")

    def _pen(self, key: str) -> QPen:
        from gui.plots.look import curve_pen

        strand = self.plot.data.strands.get(key)
        return QPen() if strand is None else curve_pen(strand.colour, dashed=strand.dashed)

    @Slot(int)
    def _choose(self, place: int) -> None:
        self.number_chosen.emit(NUMBERS[place])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._paths:
            self._read_out()


def _short(name: str) -> str:
    """The layer's place and kind."""
    return " ".join(name.split(" ")[:2])


def _power(value: float | None) -> str:
    return UNKNOWN if value is None else fixed(value, 2)
