"""Two networks beside each other: layer by layer, their totals as bars, and curves by depth.

It shows what `engine.side_by_side` says of two traces. Called by the network lab.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.layer_text import short
from engine.layers.base import Layer
from engine.network import Trace
from engine.side_by_side import Difference, Part, depths, differences, matched, unfolded
from engine.words import readable
from gui.shell.language import say
from gui.shell.theme import THEME, font, theme
from gui.widgets.depth_chart import DepthChart, Line
from gui.widgets.figures import binary_size
from gui.widgets.labels import label, set_text
from gui.widgets.pair_bars import PairBars

INDENT = "\N{EM SPACE}"  # of what is inside a composite
COLUMNS = 3  # of each side: layer, output, parameters


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
        self.about = label("muted", wraps=True)
        self.table = QTreeWidget()
        self.table.setRootIsDecorated(False)
        self.table.setUniformRowHeights(True)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setColumnCount(2 * COLUMNS)
        self.bars: dict[str, PairBars] = {}
        self._titles: dict[str, QLabel] = {}
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(self.about)
        left.addWidget(self.table, 1)
        for quantity in ("parameters", "macs", "activation_memory", "receptive_field"):
            title, bars = label("small"), PairBars()
            self._titles[quantity], self.bars[quantity] = title, bars
            right.addWidget(title)
            right.addWidget(bars)
            right.addSpacing(4)
        self.parameters, self.field = DepthChart(), DepthChart()
        right.addWidget(self.parameters, 1)
        right.addWidget(self.field, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addLayout(left, 3)
        row.addLayout(right, 2)
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
        """Layers of equal kind and output in one line, what is inside a composite below it; numbers that differ
        are bold, a row without its like is coloured."""
        self.table.clear()
        heads = [self.tr("Layer"), self.tr("Output"), say("quantities", "parameters")]
        self.table.setHeaderLabels([f"{first.name}: {heads[0]}", *heads[1:], f"{second.name}: {heads[0]}", *heads[1:]])
        now, bold = theme(), font(13, bold=True)
        parts = [list(unfolded(side.layers, side.trace.rows)) for side in (first, second)]
        for one, other in matched(*parts):
            item = QTreeWidgetItem([*_cells(one), *_cells(other)])
            differs = one is not None and other is not None and one.row.parameters != other.row.parameters
            for column in range(2 * COLUMNS):
                if column % COLUMNS == COLUMNS - 1:
                    item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                    if differs:
                        item.setFont(column, bold)
                if one is None or other is None:
                    item.setForeground(column, now.curves[0 if other is None else 1])
            self.table.addTopLevelItem(item)
        totals = [f"{side.trace.parameters:,}" for side in (first, second)]
        item = QTreeWidgetItem([self.tr("Total"), "", totals[0], self.tr("Total"), "", totals[1]])
        for column in range(2 * COLUMNS):
            item.setFont(column, bold)
            if column % COLUMNS == COLUMNS - 1:
                item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.table.addTopLevelItem(item)
        self._fit_columns()

    def _fit_columns(self) -> None:
        header = self.table.header()
        header.setStretchLastSection(False)
        measure = QFontMetricsF(font(13))
        for column in range(2 * COLUMNS):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
            if column % COLUMNS == 0:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(int(measure.horizontalAdvance("00,000,000")))

    def _write_bars(self, difference: Difference, first: str, second: str) -> None:
        text, ratio = say("quantities", difference.quantity), difference.ratio
        if ratio is not None:
            part = f"{ratio:,.3g}" if ratio >= 1 else f"1/{1 / ratio:,.3g}"
            times = self.tr("the same") if ratio == 1 else self.tr("{ratio} times").format(ratio=part)
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
        self.table.setAccessibleName(self.tr("Both networks, layer by layer"))
        self._write()


def _cells(part: Part | None) -> list[str]:
    if part is None:
        return ["", "", ""]
    return [INDENT * part.level + short(part.layer), readable(part.row.output), f"{part.row.parameters:,}"]
