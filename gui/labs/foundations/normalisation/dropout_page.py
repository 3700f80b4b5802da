"""The topic of dropout: a batch, its mask, what is left, and what many masks come to. Shown on the board of normalisation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton

from engine.figures import fixed, full_count, measured
from engine.foundations.boards.normalisation_numbers import Dropped, MaskMeans, dropped, mask_means
from gui.labs.foundations.normalisation.batch_formulas import factor, number
from gui.labs.foundations.normalisation.batch_table import BatchPicture, BatchTable, reach_of
from gui.labs.foundations.normalisation.state import NormalisationState
from gui.labs.foundations.topic_board import TopicFigure, TopicPage
from gui.plots.graphs.graph_parts import GraphLine, GraphPicture
from gui.plots.graphs.graph_plot import GraphPlot
from gui.widgets.labels import label, set_text

DRAWN = 400  # of the means over masks


class DropoutPage(TopicPage):
    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[NormalisationState, Dropped, MaskMeans] | None = None
        self.before, self.kept, self.after = BatchTable(), BatchTable(), BatchTable()
        self.titles = tuple(label("title") for _ in range(3))
        self.again, self.worked, self.fact = QPushButton(), label("worked", wraps=True), label("fact", wraps=True)
        self.again.setProperty("role", "compact")
        self.means = GraphPlot()
        self.means.export_name = "mean over masks"
        tables = QGridLayout()
        tables.setHorizontalSpacing(14)
        tables.setVerticalSpacing(4)
        for column, table in enumerate((self.before, self.kept, self.after)):
            tables.addWidget(self.titles[column], 0, column)
            tables.addWidget(table, 1, column)
            tables.setColumnStretch(column, 1)
            table.cell_chosen.connect(self._cell_chosen)
        row = QHBoxLayout()
        row.addWidget(self.worked, 1)
        row.addWidget(self.again)
        self.column.addLayout(tables, 5)
        self.column.addLayout(row)
        self.column.addWidget(self.fact)
        self.column.addWidget(self.means, 4)
        self.again.clicked.connect(self._draw_again)
        self.retranslate()

    def show_page(self, state: NormalisationState) -> None:
        found = dropped(state.batch, state.dropping)
        cell = state.shown_cell
        means = mask_means(float(found.x[cell]), state.dropping._replace(seed=state.seed), state.masks)
        self._shown = state, found, means
        self._show_tables(state, found)
        training = state.mode == "training"
        x, y = float(found.x[cell]), float(found.y[cell])
        if training:
            text = f"y = x × {number(found.mask[cell])}"
            if state.dropping.inverted:
                text += f" / (1 − {number(state.ratio)}) = {factor(x)} × {number(found.mask[cell])} × {number(found.factor)}"
            else:
                text += f" = {factor(x)} × {number(found.mask[cell])}"
        elif state.dropping.inverted:
            text = "y = x"
        else:
            text = f"y = x × (1 − {number(state.ratio)}) = {factor(x)} × {number(found.factor)}"
        set_text(self.worked, f"{text} = {number(y)}")
        set_text(self.fact, self._fact(state))
        self.again.setVisible(training)
        self._show_means(state, means)

    def _show_tables(self, state: NormalisationState, found: Dropped) -> None:
        rows = [str(at + 1) for at in range(state.rows)]
        heads = [self.tr("feat. {number}").format(number=at + 1) for at in range(state.columns)]
        gone = frozenset((int(row), int(column)) for row, column in np.argwhere(found.mask == 0))
        reach, cell = reach_of(found.x, found.y), state.shown_cell
        self.before.show_batch(BatchPicture(found.x, rows, heads, reach, chosen=cell))
        self.kept.show_batch(BatchPicture(found.mask, rows, heads, 1.6, chosen=cell, faded=gone))
        self.after.show_batch(BatchPicture(found.y, rows, heads, reach, chosen=cell, faded=gone))

    def _show_means(self, state: NormalisationState, found: MaskMeans) -> None:
        count = np.unique(np.geomspace(1, len(found.means), DRAWN).round())  # as many as a logarithmic axis shows
        limits = 2 * found.deviation / np.sqrt(count)
        judged = np.full(len(count), found.limit)
        self.means.show_picture(
            GraphPicture(
                lines=(
                    GraphLine(self.tr("± 2 σ / √k"), count, judged + limits, "muted", dashed=1, width=1.0, told=False),
                    GraphLine("", count, judged - limits, "muted", dashed=1, width=1.0, told=False),
                    GraphLine(self.tr("when judging"), count, judged, 1, width=1.5),
                    GraphLine(self.tr("mean over masks"), count, found.means[count.astype(int) - 1], 0),
                ),
                x_name=self.tr("number of masks k"),
                y_name=self.tr("mean of y"),
                log_x=True,
            )
        )

    def _fact(self, state: NormalisationState) -> str:
        if state.dropping.inverted:
            return self.tr(
                "Inverted dropout, as in torch: what is kept is divided by the kept share while training, so that judging "
                "need do nothing."
            )
        return self.tr("The book's dropout: training only drops, and judging multiplies by the kept share.")

    def page_answers(self, state: NormalisationState) -> Sequence[TopicFigure]:
        if self._shown is None:
            return []
        _, found, means = self._shown
        kept = int(found.mask.sum())
        return [
            (self.tr("Kept"), full_count(kept), self.tr("of {count}").format(count=full_count(found.mask.size))),
            (self.tr("Factor of the kept"), fixed(found.factor, 3), ""),
            (self.tr("Mean of {count} masks").format(count=full_count(state.masks)), fixed(float(means.means[-1]), 3), ""),
            (
                self.tr("When judging"),
                fixed(means.limit, 3),
                self.tr("input {value}").format(value=measured(found.x[state.shown_cell])),
            ),
        ]

    @Slot(int, int)
    def _cell_chosen(self, row: int, column: int) -> None:
        self.looked.emit({"cell": (row, column)})

    @Slot()
    def _draw_again(self) -> None:
        if self._shown is not None:
            self.edited.emit({"draw": (self._shown[0].draw + 1) % 2**31})

    def play_page(self) -> bool:
        """Space draws another mask."""
        if self._shown is None or self._shown[0].mode == "evaluation":
            return False
        self._draw_again()
        return True

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        texts = (self.tr("Before: x"), self.tr("Mask"), self.tr("After: y"))
        for title, table, text in zip(self.titles, (self.before, self.kept, self.after), texts, strict=True):
            set_text(title, text)
            table.setAccessibleName(text)
        self.again.setText(self.tr("Another mask"))
        self.again.setToolTip(self.tr("Space"))
        self.means.setAccessibleName(self.tr("Mean of the output over masks"))
        if self._shown is not None:
            self.show_page(self._shown[0])
