"""Two networks beside each other: layer by layer, their totals as bars, and curves by depth.

It shows what `engine.side_by_side` says of two traces. Called by the network lab.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget

from engine.layer_text import short
from engine.layers.base import Layer, Shape
from engine.network import Trace
from engine.side_by_side import Difference, Part, depths, differences, matched, unfolded
from engine.words import readable
from gui.shell.language import say
from gui.shell.theme import THEME, font, theme
from gui.widgets.depth_chart import DepthChart, Line
from gui.widgets.figures import binary_size
from gui.widgets.formulas import OneLine
from gui.widgets.labels import label, set_text
from gui.widgets.pair_bars import PairBars

INDENT = "\N{EM SPACE}"  # of what is inside a composite
COLUMNS = 3  # of each side: layer, output, parameters
OUTPUTS = (1, COLUMNS + 1)  # the columns that go first
LEAST_CHARTS_PX, MOST_CHARTS_PX = 236, 480  # how wide the bars and the curves stand beside the table
ROW_PX = 22
_Index: TypeAlias = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, eq=False)
class Side:
    """A network under its name: its layers, and their trace."""

    name: str
    layers: Sequence[Layer]
    trace: Trace


class ComparePage(QWidget):
    """`show_networks` shows two of them; `about` says in a sentence what the comparison is for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sides: tuple[Side, Side] | None = None
        self._about_text = ""
        self.about, self.legend = label("muted", wraps=True), OneLine()
        self.lines = _Lines(self)
        self.table = QTableView()
        self.table.setModel(self.lines)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(ROW_PX)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.bars: dict[str, PairBars] = {}
        self._titles: dict[str, QLabel] = {}
        self._charts = QWidget()
        left, right = QVBoxLayout(), QVBoxLayout(self._charts)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(2)
        left.addWidget(self.about)
        left.addWidget(self.table, 1)
        left.addWidget(self.legend)
        for quantity in ("parameters", "macs", "activation_memory", "receptive_field"):
            title, bars = label("small"), PairBars()
            self._titles[quantity], self.bars[quantity] = title, bars
            right.addWidget(title)
            right.addWidget(bars)
            right.addSpacing(6)
        self.parameters, self.field = DepthChart(), DepthChart()
        right.addWidget(self.parameters, 1)
        right.addWidget(self.field, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addLayout(left, 1)
        row.addWidget(self._charts)
        THEME.changed.connect(self._write)
        self.retranslate()

    def show_networks(self, first: Side, second: Side, about: str = "") -> None:
        self._sides, self._about_text = (first, second), about
        self._write()

    @property
    def sides(self) -> tuple[Side, Side] | None:
        return self._sides

    # --- inside

    def _write(self) -> None:
        if self._sides is None:
            return
        first, second = self._sides
        set_text(self.about, self._about_text)
        self.about.setVisible(bool(self._about_text))
        self._write_table(first, second)
        for difference in differences(first.trace, second.trace):
            self._write_bars(difference, first.name, second.name)
        steps = [(side.name, depths(side.trace)) for side in (first, second)]
        for chart, title, values in (
            (self.parameters, self.tr("Parameters up to each layer"), "parameters"),
            (self.field, self.tr("Receptive field by layer"), "field"),
        ):
            lines = [
                Line(name, tuple(getattr(step, values) for step in found), tuple(step.layer for step in found))
                for name, found in steps
            ]
            chart.set_lines(title, lines)

    def _write_table(self, first: Side, second: Side) -> None:
        """Layers of equal kind and output in one line, what is inside a composite below it; numbers that differ are bold,
        a row without its like is coloured."""
        heads = [self.tr("Output"), say("quantities", "parameters")]
        heads = [first.name, *heads, second.name, *heads]
        parts = [list(unfolded(side.layers, side.trace.rows)) for side in (first, second)]
        found = []
        for one, other in matched(*parts):
            differs = one is not None and other is not None and one.row.parameters != other.row.parameters
            alone = None if one is not None and other is not None else 0 if other is None else 1
            found.append(_Line((*_cells(one), *_cells(other)), bold=differs, alone=alone))
        totals = [f"{side.trace.parameters:,}" for side in (first, second)]
        words = self.tr("Total")
        found.append(_Line((words, "", totals[0], words, "", totals[1]), bold=True, alone=None))
        self.lines.show_lines(heads, found)
        self._fit_columns()

    def _fit_columns(self) -> None:
        """Every name and number in full: the names share the room that is left. Where there is none, the outputs go into the
        tooltips; where even that is not enough, the table scrolls."""
        header, names = self.table.horizontalHeader(), (0, COLUMNS)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        for column in OUTPUTS:
            self.table.setColumnHidden(column, False)
        needs = [max(self.table.sizeHintForColumn(each), header.sectionSizeHint(each)) for each in range(2 * COLUMNS)]
        room = self.table.viewport().width()
        tight = sum(needs) > room
        spare = max(0, room - sum(need for column, need in enumerate(needs) if not (tight and column in OUTPUTS)))
        for column, need in enumerate(needs):
            header.resizeSection(column, need + (spare // len(names) if column in names else 0))
        for column in OUTPUTS:
            self.table.setColumnHidden(column, tight)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._charts.setFixedWidth(min(max(self.width() * 27 // 100, LEAST_CHARTS_PX), MOST_CHARTS_PX))
        self.layout().activate()  # type: ignore[union-attr]
        self._fit_columns()

    def _write_bars(self, difference: Difference, first: str, second: str) -> None:
        text, ratio = say("quantities", difference.quantity), difference.ratio
        if ratio is not None:
            larger = max(ratio, 1 / ratio) if ratio else 0.0  # the bars show whose it is
            times = self.tr("the same") if ratio == 1 else self.tr("{ratio} times").format(ratio=f"{larger:,.3g}")
            text += f" · {times}"
        set_text(self._titles[difference.quantity], text)
        values = (difference.first, difference.second)
        figures = None
        if difference.quantity == "activation_memory":
            figures = (binary_size(difference.first), binary_size(difference.second))
        self.bars[difference.quantity].set_pair((first, second), values, figures)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.legend.set_text(self.tr("In colour: in one of the networks only. Bold: the numbers differ."))
        self.table.setAccessibleName(self.tr("Both networks, layer by layer"))
        self._write()


class _Line(NamedTuple):
    """A line of the table: its texts, whether they are bold, and which side stands alone in it."""

    texts: tuple[str, ...]
    bold: bool
    alone: int | None


class _Lines(QAbstractTableModel):
    """Both networks' layers, six texts a line. A model of its own: PySide 6.11 now and then frees items of widgets twice."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._heads: Sequence[str] = ("",) * (2 * COLUMNS)
        self._lines: Sequence[_Line] = ()

    def show_lines(self, heads: Sequence[str], lines: Sequence[_Line]) -> None:
        self.beginResetModel()
        self._heads, self._lines = heads, lines
        self.endResetModel()

    @property
    def texts(self) -> list[list[str]]:
        """What stands there, line by line."""
        return [list(line.texts) for line in self._lines]

    # --- what Qt calls

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._lines)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 2 * COLUMNS

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line, column = self._lines[index.row()], index.column()
        number = column % COLUMNS == COLUMNS - 1
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return line.texts[column]
            case Qt.ItemDataRole.TextAlignmentRole:
                return (Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.FontRole:
                return font(12, bold=line.bold and (number or line is self._lines[-1]))
            case Qt.ItemDataRole.ToolTipRole:
                return line.texts[column // COLUMNS * COLUMNS + 1]
            case Qt.ItemDataRole.ForegroundRole if line.alone is not None:
                return theme().curves[line.alone]
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            across = Qt.AlignmentFlag.AlignRight if section % COLUMNS == COLUMNS - 1 else Qt.AlignmentFlag.AlignLeft
            return across | Qt.AlignmentFlag.AlignVCenter
        return None


def _cells(part: Part | None) -> list[str]:
    if part is None:
        return ["", "", ""]
    return [INDENT * part.level + short(part.layer), output_text(part.row.output), f"{part.row.parameters:,}"]


def output_text(shape: Shape) -> str:
    """64×55×55, or of a vector 9,216."""
    return f"{shape[0]:,}" if len(shape) == 1 else readable(shape)
