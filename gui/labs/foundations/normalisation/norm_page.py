"""The topics of batch and layer normalisation: a batch before and after, and one of its numbers worked out.

Shown on the board of normalisation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QEvent, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton

from engine.figures import measured
from engine.foundations.boards.normalisation_numbers import Normalised, NormAxis, RunningSettings, normalised, seen_before
from gui.labs.foundations.normalisation.batch_formulas import batch_lines, number, output_lines
from gui.labs.foundations.normalisation.batch_table import BatchPicture, BatchTable, EdgeLine, reach_of
from gui.labs.foundations.normalisation.state import TYPED, NormalisationState
from gui.labs.foundations.topic_board import TopicFigure, TopicPage
from gui.widgets.forms.number_box import NumberBox
from gui.widgets.labels import label, separator, set_text


class NormPage(TopicPage):
    axis: ClassVar[NormAxis]

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[NormalisationState, Normalised] | None = None
        self.before, self.after = BatchTable(), BatchTable()
        self.before_title, self.after_title = label("title"), label("title")
        self.place, self.worked, self.fact = label("title"), label("worked", wraps=True), label("fact", wraps=True)
        self.box = NumberBox(whole=False)
        self.box.setRange(-TYPED, TYPED)
        self.box.setSingleStep(0.1)
        self.box.setFixedWidth(84)
        self.box_name, self.reset = QLabel("x ="), QPushButton()
        self.reset.setProperty("role", "offer")
        for table in (self.before, self.after):
            table.cell_chosen.connect(self._cell_chosen)
        self.box.valueChanged.connect(self._typed)
        self.reset.clicked.connect(lambda: self.edited.emit({"typed": None}))
        self._lay_out()
        self.retranslate()

    def _lay_out(self) -> None:
        tables = QGridLayout()
        tables.setHorizontalSpacing(18)
        tables.setVerticalSpacing(4)
        for column, (title, table) in enumerate(((self.before_title, self.before), (self.after_title, self.after))):
            tables.addWidget(title, 0, column)
            tables.addWidget(table, 1, column)
            tables.setColumnStretch(column, 1)
        tables.setRowStretch(1, 1)
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self.place, 1)
        top.addWidget(self.reset)
        top.addWidget(self.box_name)
        top.addWidget(self.box)
        self.column.addLayout(tables, 1)
        self.column.addWidget(separator())
        self.column.addLayout(top)
        self.column.addWidget(self.worked)
        self.column.addWidget(self.fact)

    # --- what is shown

    def show_page(self, state: NormalisationState) -> None:
        evaluation = self.axis == "columns" and state.mode == "evaluation"
        running = None
        if evaluation:
            taken = RunningSettings(state.momentum, state.convention).taken
            running = seen_before(state.rows, state.columns, state.seed, state.seen, taken=taken, convention=state.convention)
        found = normalised(state.batch, self.axis, gamma=state.gamma, beta=state.beta, epsilon=state.epsilon, running=running)
        self._shown = state, found
        self._show_tables(state, found, evaluation)
        self._write(state, found, evaluation)

    def _show_tables(self, state: NormalisationState, found: Normalised, evaluation: bool) -> None:
        across, cell = self.axis == "rows", state.shown_cell
        named = "{number}" if across else self.tr("sample {number}")  # the edge at the right needs the room
        names = [named.format(number=at + 1) for at in range(state.rows)]
        heads = [self.tr("feat. {number}").format(number=at + 1) for at in range(state.columns)]
        rows, columns = range(state.rows), range(state.columns)
        lit = frozenset((cell[0], at) for at in columns) if across else frozenset((at, cell[1]) for at in rows)
        own = [EdgeLine("μ", found.own_mean, not evaluation), EdgeLine("σ²", found.own_variance, not evaluation)]
        if evaluation:
            used = [
                EdgeLine(self.tr("running μ"), found.mean),
                EdgeLine(self.tr("running σ²"), found.variance),
            ]
            edges = [*used, *own]
        else:
            edges = own if across else [*own, EdgeLine(self.tr("σ², N − 1"), found.unbiased, False)]
        along = 1 if across else 0
        ends = [EdgeLine("μ", found.y.mean(axis=along)), EdgeLine("σ²", found.y.var(axis=along))]
        ends += [EdgeLine("", np.full_like(ends[0].values, np.nan), False)] * (0 if across else len(edges) - 2)
        self.before.show_batch(
            BatchPicture(found.x, names, heads, reach_of(found.x), edges, across=across, lit=lit, chosen=cell)
        )
        self.after.show_batch(
            BatchPicture(found.y, names, heads, max(reach_of(found.y), 1.0), ends, across=across, lit=lit, chosen=cell)
        )

    def _write(self, state: NormalisationState, found: Normalised, evaluation: bool) -> None:
        cell = state.shown_cell
        place = self.tr("Sample {row}, feature {column}").format(row=cell[0] + 1, column=cell[1] + 1)
        set_text(self.place, place)
        self.box.show_value(round(float(found.x[cell]), 6))
        self.reset.setVisible(state.typed is not None)
        lines = batch_lines(found, cell)
        if evaluation:
            told = self.tr("μ = {mean} and σ² = {variance}: the running ones after {count} batches, not this batch's own")
            lines = [told.format(mean=number(found.mean[cell[1]]), variance=number(found.variance[cell[1]]), count=state.seen)]
        set_text(self.worked, "\n".join([*lines, *output_lines(found, cell, state.gamma, state.beta, state.epsilon)]))
        set_text(self.fact, self._fact(state, evaluation))

    def _fact(self, state: NormalisationState, evaluation: bool) -> str:
        raise NotImplementedError

    def page_answers(self, state: NormalisationState) -> Sequence[TopicFigure]:
        if self._shown is None:
            return []
        found, cell = self._shown[1], state.shown_cell
        place = cell[1] if self.axis == "columns" else cell[0]
        whose = self.tr("of feature {number}") if self.axis == "columns" else self.tr("of sample {number}")
        whose = whose.format(number=place + 1)
        return [
            (self.tr("Mean μ"), number(float(found.mean[place])), whose),
            (self.tr("Variance σ²"), number(float(found.variance[place])), whose),
            (self.tr("Input x"), measured(float(found.x[cell])), ""),
            (self.tr("Output y"), number(float(found.y[cell])), ""),
        ]

    # --- what the user does

    @Slot(int, int)
    def _cell_chosen(self, row: int, column: int) -> None:
        self.looked.emit({"cell": (row, column)})

    @Slot(object)
    def _typed(self, value: float) -> None:
        if self._shown is None:
            return
        state = self._shown[0]
        batch = state.batch.copy()
        batch[state.shown_cell] = value
        self.edited.emit({"typed": tuple(tuple(row) for row in batch.tolist())})

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        set_text(self.before_title, self.tr("Before: x"))
        set_text(self.after_title, self.tr("After: y"))
        self.before.setAccessibleName(self.before_title.text())
        self.after.setAccessibleName(self.after_title.text())
        self.box.setAccessibleName(self.tr("The chosen number of the batch"))
        self.reset.setText(self.tr("The drawn batch again"))
        if self._shown is not None:
            self.show_page(self._shown[0])


class BatchNormPage(NormPage):
    axis = "columns"

    def _fact(self, state: NormalisationState, evaluation: bool) -> str:
        if evaluation and not state.seen:
            return self.tr("No batch has been seen yet: the running mean is still 0, so nothing is centred.")
        if evaluation:
            return self.tr("Judging looks at no other sample: each output depends on its own input alone.")
        if state.rows == 1:
            return self.tr("One sample has no variance: every output is β. torch refuses to train on it.")
        return self.tr(
            "Each column gets mean β and variance γ². Every output hangs on all samples of the batch: change one number and "
            "look at its column."
        )


class LayerNormPage(NormPage):
    axis = "rows"

    def _fact(self, state: NormalisationState, evaluation: bool) -> str:
        if state.columns == 1:
            return self.tr("One feature has no variance: every output is β.")
        return self.tr(
            "Each row gets mean β and variance γ². A sample is normalised by itself: it is the same in a batch of one, and in "
            "training as in judging."
        )
