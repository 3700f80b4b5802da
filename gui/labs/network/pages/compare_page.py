"""Two networks beside each other: layer by layer, their totals as bars, and curves by depth.

It shows what `engine.networks.side_by_side` finds in two traces. Called by the network lab.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, nan
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QEvent, QObject, Qt
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from engine.figures import binary_size, full_count, percent, ratio, shape_text
from engine.layers.catalog import Sequential
from engine.layers.kinds.composite import Composite
from engine.layers.layer_text import short
from engine.networks.side_by_side import Difference, Side, UnfoldedLayer, depths, differences, last_field, matched, unfolded
from gui.labs.network.layer.block_diagram import MOST_STEPS, BlockDiagram
from gui.labs.network.layer.block_plan import BlockPlan, block_plan
from gui.plots.bars import Bar, Bars
from gui.plots.lines import LinePlot, PlotLine
from gui.shell.language import language, say
from gui.shell.theme import font, restyle_when_seen, theme
from gui.widgets.labels import label, set_text, shortened
from gui.widgets.model_index import ModelIndex
from gui.widgets.one_line import OneLine

INDENT = "\N{EM SPACE}"  # for each level inside a composite
COLUMNS = 3  # of each side: layer, output, parameters
OUTPUTS = (1, COLUMNS + 1)  # the columns that are hidden first
MOST_CHARTS_PX = 480  # the greatest width of bars and curves beside the table
ROOMY_PX = 1000  # on a narrower page they are below it
CHARTS_PX = 196  # their height there
ROW_PX, PAD_PX = 22, 24  # of a row; beside a text, the gap before the second side included
FEW = 3  # points that a curve needs at least
TIMES = 1.5  # larger ratios are written as times, smaller ones in percent


class ComparePage(QWidget):
    """`show_networks` shows two of them; `about` is a sentence on what the comparison is for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sides: tuple[Side, Side] | None = None
        self._roomy: bool | None = None  # how it is laid out; None: not yet
        self._about_text = ""
        self._drawn = False
        self._needs = [0] * 2 * COLUMNS  # how wide each column is in full
        self.about, self.legend = label("muted", wraps=True), OneLine()
        self.lines = ComparedLines(self)
        self.table = QTableView()
        self.table.setModel(self.lines)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(ROW_PX)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.bars: dict[str, Bars] = {}
        self._titles: dict[str, OneLine] = {}
        self.seen = label("small", wraps=True)
        left, bars = QVBoxLayout(), QVBoxLayout()
        self._cells = QGridLayout()  # of the bars
        left.addWidget(self.about)
        left.addWidget(self.table, 1)
        left.addWidget(self.legend)
        left.addWidget(self._draw())
        left.addStretch(0)
        for number, quantity in enumerate(("parameters", "macs", "activation_memory", "receptive_field")):
            self._titles[quantity], self.bars[quantity] = OneLine("small"), Bars()
            cell = QVBoxLayout()
            cell.setSpacing(2)
            cell.addWidget(self._titles[quantity])
            cell.addWidget(self.bars[quantity])
            self._cells.addLayout(cell, number, 0)
        bars.addLayout(self._cells)
        bars.addWidget(self.seen)
        bars.addStretch(1)
        self.parameters, self.field = LinePlot(), LinePlot()
        self._charts = QWidget()
        self._beside = QBoxLayout(QBoxLayout.Direction.TopToBottom, self._charts)
        self._beside.setContentsMargins(0, 0, 0, 0)
        self._beside.addLayout(bars, 1)
        self._beside.addWidget(self.parameters, 1)
        self._beside.addWidget(self.field, 1)
        self._page = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._page.setContentsMargins(0, 0, 0, 0)
        self._page.setSpacing(12)
        self._page.addLayout(left, 1)
        self._page.addWidget(self._charts)
        self.table.viewport().installEventFilter(self)
        restyle_when_seen(self, self._write)
        self.retranslate()

    def _draw(self) -> QWidget:
        """The place for the drawings of two short networks, below their table."""
        self.drawings = QWidget()
        self.first, self.second = BlockDiagram(), BlockDiagram()
        row = QHBoxLayout(self.drawings)
        row.setContentsMargins(0, 16, 0, 0)
        for drawing in (self.first, self.second):
            row.addWidget(drawing, 1, Qt.AlignmentFlag.AlignTop)
        return self.drawings

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
        self._write_drawings(first, second)
        self._titles["receptive_field"].set_text(say("quantities", "receptive_field"))
        found = differences(first.trace, second.trace)
        self.bars["receptive_field"].setVisible("receptive_field" in {difference.quantity for difference in found})
        for difference in found:
            self._write_bars(difference, first.name, second.name)
        steps = [(side.name, depths(side.trace)) for side in (first, second)]
        for chart, title, values in (
            (self.parameters, self.tr("Parameters up to each layer"), "parameters"),
            (self.field, self.tr("Receptive field by layer"), "field"),
        ):
            curves = [
                (name, [getattr(step, values) for step in found], [step.layer for step in found]) for name, found in steps
            ]
            _draw_depths(chart, title, self.tr("layer"), curves)
            chart.setVisible(any(sum(value is not None for value in numbers) >= FEW for _, numbers, _ in curves))
        self._write_seen(first, second)

    def _write_table(self, first: Side, second: Side) -> None:
        """Write layers that match in one line, and the inside of a composite below it. What differs is bold, a layer without a
        match is coloured."""
        heads = [self.tr("Output"), say("quantities", "parameters")]
        heads = [shortened(first.name), *heads, shortened(second.name), *heads]
        parts = [list(unfolded(side.layers, side.trace.rows)) for side in (first, second)]
        found = []
        for one, other in matched(*parts):
            left, right = _cells(one), _cells(other)
            both = one is not None and other is not None
            differs = tuple(both and a.strip() != b.strip() for a, b in zip(left, right, strict=True))
            found.append(ComparedLine((*left, *right), differs, None if both else 0 if other is None else 1))
        totals = [full_count(side.trace.parameters) for side in (first, second)]
        words = self.tr("Total")
        found.append(ComparedLine((words, "", totals[0], words, "", totals[1]), (True, True, True), None))
        self.lines.show_lines(heads, found, {0: first.name, COLUMNS: second.name})
        figures, names = QFontMetricsF(font(12, bold=True)), QFontMetricsF(font(13))
        columns = zip(heads, *(line.texts for line in found), strict=True)
        self._needs = [
            PAD_PX + ceil(max(names.horizontalAdvance(head), *map(figures.horizontalAdvance, {*texts})))
            for head, *texts in columns
        ]
        rows = self.table.verticalHeader().length() + self.table.horizontalHeader().sizeHint().height()
        self.table.setMaximumHeight(rows + 2 * self.table.frameWidth())
        self._fit_columns()

    def _write_drawings(self, first: Side, second: Side) -> None:
        """Draw networks that are short enough to be drawn whole."""
        small = all(0 < len(list(unfolded(side.layers, side.trace.rows))) <= MOST_STEPS for side in (first, second))
        self._drawn = small
        if small:
            self.first.show_plan(_plan(first))
            self.second.show_plan(_plan(second))
        self.drawings.setVisible(small and self.width() >= ROOMY_PX)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit the columns to the room that a scroll bar leaves."""
        if (
            watched is self.table.viewport()
            and isinstance(event, QResizeEvent)
            and event.oldSize().width() != event.size().width()
        ):
            self._fit_columns()
        return super().eventFilter(watched, event)

    def _fit_columns(self) -> None:
        """Show each name and number in full; the names share the room that is left. Without enough room the outputs move into
        the tooltips, and then the table scrolls."""
        header, names = self.table.horizontalHeader(), (0, COLUMNS)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        needs = self._needs
        room = self.table.viewport().width()
        tight = sum(needs) > room
        spare = max(0, room - sum(need for column, need in enumerate(needs) if not (tight and column in OUTPUTS)))
        for column, need in enumerate(needs):
            header.resizeSection(column, need + (spare // len(names) if column in names else 0))
        for column in OUTPUTS:
            self.table.setColumnHidden(column, tight)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        roomy = self.width() >= ROOMY_PX
        if roomy != self._roomy:
            self._roomy = roomy
            self._rearrange(roomy)
        share = min(self.width() * 27 // 100, MOST_CHARTS_PX)
        self._charts.setMinimumWidth(share if roomy else 0)
        self._charts.setMaximumWidth(share if roomy else self.width())
        self._charts.setMaximumHeight(self.height() if roomy else CHARTS_PX)
        self.layout().activate()  # type: ignore[union-attr]
        self._fit_columns()

    def _rearrange(self, roomy: bool) -> None:
        """The charts beside the table, or below it."""
        across = QBoxLayout.Direction
        self._page.setDirection(across.LeftToRight if roomy else across.TopToBottom)
        self._beside.setDirection(across.TopToBottom if roomy else across.LeftToRight)
        self._beside.setStretch(0, 1 if roomy else 2)
        for number in range(len(self.bars)):
            if (cell := self._cells.takeAt(0)) is not None:
                self._cells.addItem(cell, *((number, 0) if roomy else divmod(number, 2)))
        self.drawings.setVisible(self._drawn and roomy)

    def _write_bars(self, difference: Difference, first: str, second: str) -> None:
        text = say("quantities", difference.quantity)
        larger, smaller = (second, first) if difference.second > difference.first else (first, second)
        told, shorter = self._told(difference, larger, smaller)
        self._titles[difference.quantity].set_text(f"{text} · {told}", f"{text} · {shorter}", text)
        values = (difference.first, difference.second)
        memory = difference.quantity == "activation_memory"
        sides = enumerate(zip((first, second), values, strict=True))
        bars = [Bar(name, value, number, binary_size(value) if memory else "") for number, (name, value) in sides]
        self.bars[difference.quantity].set_bars(bars)
        self.bars[difference.quantity].setAccessibleName(text)

    def _told(self, difference: Difference, larger: str, smaller: str) -> tuple[str, str]:
        """How far two numbers differ and whose is the larger or the smaller one, and a shorter wording."""
        low, high = sorted((difference.first, difference.second))
        if low == high:
            return (self.tr("the same"),) * 2
        if not low:
            return self.tr("only in: {network}").format(network=larger), self.tr("in one only")
        if high >= TIMES * low:
            times = self.tr("{ratio} times").format(ratio=ratio(high / low))
            return self.tr("{times}: {network}").format(times=times, network=larger), times
        words = self.tr("{percent} smaller") if difference.quantity == "receptive_field" else self.tr("{percent} less")
        fewer = words.format(percent=percent((high - low) / high))
        return self.tr("{less}: {network}").format(less=fewer, network=smaller), fewer

    def _write_seen(self, first: Side, second: Side) -> None:
        """Write the layers at which the receptive fields are measured."""
        told = []
        for side in (first, second):
            field = last_field(side.trace)
            if field is None:
                told.append(f"{shortened(side.name)}: –")
                continue
            size = shape_text(field.cells)
            text = (
                self.tr("{network}: the whole input, {size}, in {layer}")
                if field.whole
                else self.tr("{network}: {size} at {layer}")
            )
            told.append(text.format(network=shortened(side.name), size=size, layer=short(side.layers[field.at], language())))
        set_text(self.seen, "\n".join(told))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.legend.set_text(self.tr("In colour: in one of the networks only. Bold: what differs."))
        self.table.setAccessibleName(self.tr("Both networks, layer by layer"))
        self._write()


def _draw_depths(chart: LinePlot, title: str, across: str, curves: Sequence[tuple[str, list[int | None], list[str]]]) -> None:
    """How a number grows layer by layer: a name, its values and the layers' names for each network. The second line is
    dashed, so that a line below it is seen."""

    def tip(layer: int) -> str:
        there = [curve for curve in curves if layer <= len(curve[1]) and curve[1][layer - 1] is not None]
        return "\n".join(
            f"{name}, {layer}: {names[layer - 1]}  {full_count(values[layer - 1] or 0)}" for name, values, names in there
        )

    lines = [
        PlotLine(name, [nan if value is None else value for value in values], number, bool(number), 0.0 if number else 2.0)
        for number, (name, values, _) in enumerate(curves)
    ]
    chart.set_title(title)
    chart.set_axis_names(across, "")
    chart.set_lines(lines, counts=True, tip=tip)


class ComparedLine(NamedTuple):
    """A line of the table: its texts, which columns of a side differ, and the side that is alone in it."""

    texts: tuple[str, ...]
    differs: tuple[bool, ...]
    alone: int | None


class ComparedLines(QAbstractTableModel):
    """Both networks' layers, six texts a line. A model of its own: PySide 6.11 now and then frees items of widgets twice."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._heads: Sequence[str] = ("",) * (2 * COLUMNS)
        self._lines: Sequence[ComparedLine] = ()
        self._whole: Mapping[int, str] = {}

    def show_lines(self, heads: Sequence[str], lines: Sequence[ComparedLine], whole: Mapping[int, str]) -> None:
        """Show lines below `heads`; `whole` are the names of the networks, by column, which a head may shorten."""
        self.beginResetModel()
        self._heads, self._lines, self._whole = heads, lines, whole
        self.endResetModel()

    @property
    def texts(self) -> list[list[str]]:
        """The texts, line by line."""
        return [list(line.texts) for line in self._lines]

    # --- what Qt calls

    def rowCount(self, parent: ModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._lines)

    def columnCount(self, parent: ModelIndex | None = None) -> int:
        return 2 * COLUMNS

    def data(self, index: ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line, column = self._lines[index.row()], index.column()
        number = column % COLUMNS == COLUMNS - 1
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return (
                    f"{INDENT}{line.texts[column]}" if column == COLUMNS else line.texts[column]
                )  # a gap after the first side
            case Qt.ItemDataRole.TextAlignmentRole:
                return (Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.FontRole:
                return font(12, bold=line.differs[column % COLUMNS])
            case Qt.ItemDataRole.ToolTipRole:
                return line.texts[column // COLUMNS * COLUMNS + 1]
            case Qt.ItemDataRole.ForegroundRole if line.alone is not None:
                return theme().curves[line.alone]
            case Qt.ItemDataRole.ForegroundRole if not line.differs[column % COLUMNS]:
                return theme().muted
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.ToolTipRole:
            return self._whole.get(section)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            across = Qt.AlignmentFlag.AlignRight if section % COLUMNS == COLUMNS - 1 else Qt.AlignmentFlag.AlignLeft
            return across | Qt.AlignmentFlag.AlignVCenter
        return None


def _cells(part: UnfoldedLayer | None) -> list[str]:
    if part is None:
        return ["", "", ""]
    return [
        INDENT * part.level + short(part.layer, language()),
        shape_text(part.row.output, tight=True),
        full_count(part.row.parameters),
    ]


def _plan(side: Side) -> BlockPlan:
    """A short network as a drawing: its one block with its branches, or its layers in a row."""
    layers, rows = side.layers, side.trace.rows
    if len(layers) == 1 and isinstance(block := layers[0], Composite):
        return block_plan(block, rows[0].input, [inside for _, inside in rows[0].inside], rows[0].output)
    return block_plan(Sequential(layers=layers), rows[0].input, [rows], rows[-1].output)
