"""The topic of running means: how mean and variance for judging follow the batches. Shown on the board of normalisation."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent

from engine.figures import fixed, measured, percent
from engine.foundations.boards.normalisation_numbers import FIRST_SPREAD, RunningCourse, followed, half_life
from gui.labs.foundations.normalisation.batch_formulas import factor, number
from gui.labs.foundations.normalisation.state import NormalisationState
from gui.labs.foundations.topic_board import TopicFigure, TopicPage
from gui.plots.graphs.graph_parts import GraphLine, GraphPicture, GraphPoints
from gui.plots.graphs.graph_plot import GraphPlot
from gui.widgets.labels import label, set_text

TRUE_VARIANCE = FIRST_SPREAD**2


class RunningPage(TopicPage):
    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[NormalisationState, RunningCourse] | None = None
        self.mean, self.variance = GraphPlot(), GraphPlot()
        self.mean.export_name, self.variance.export_name = "running mean", "running variance"
        self.worked, self.fact = label("worked", wraps=True), label("fact", wraps=True)
        self.column.addWidget(self.mean, 1)
        self.column.addWidget(self.variance, 1)
        self.column.addWidget(self.worked)
        self.column.addWidget(self.fact)
        self.retranslate()

    def show_page(self, state: NormalisationState) -> None:
        found = followed(state.running)
        self._shown = state, found
        x, across = np.arange(1.0, state.batches + 1), (0.0, 10.2 * math.ceil(state.batches / 10))  # an axis that seldom moves
        self.mean.show_picture(
            GraphPicture(
                lines=(
                    GraphLine(self.tr("true mean"), x, found.true_means, "muted", dashed=1, width=1.0),
                    GraphLine(self.tr("running mean"), x, found.running_mean, 0),
                ),
                points=(GraphPoints(self.tr("mean of a batch"), x, found.means, 1, px=2.5, hollow=True),),
                x=across,
                x_name=self.tr("batch"),
                y_name=self.tr("mean"),
            )
        )
        self.variance.show_picture(
            GraphPicture(
                lines=(
                    GraphLine(self.tr("true variance"), x, np.full(len(x), TRUE_VARIANCE), "muted", dashed=1, width=1.0),
                    GraphLine(self.tr("running variance"), x, found.running_variance, 0),
                ),
                points=(
                    GraphPoints(self.tr("biased, N"), x, found.biased, 1, px=2.5, hollow=True),
                    GraphPoints(self.tr("unbiased, N − 1"), x, found.unbiased, 2, shape="cross", px=2.5),
                ),
                x=across,
                x_name=self.tr("batch"),
                y_name=self.tr("variance"),
            )
        )
        set_text(self.worked, self._worked(state, found))
        set_text(self.fact, self._fact(state, found))

    def _worked(self, state: NormalisationState, found: RunningCourse) -> str:
        """The last step of both."""
        taken = state.running.taken
        before = found.running_mean[-2] if len(found.means) > 1 else 0.0
        kept = f"{number(1 - taken)} × {factor(before)} + {number(taken)} × {factor(found.means[-1])}"
        lines = [self.tr("Batch {number}").format(number=state.batches) + f": μ ← {kept} = {number(found.running_mean[-1])}"]
        if len(found.means) > 1:
            own = found.unbiased[-1] if state.convention == "torch" else found.biased[-1]
            kept = f"{number(1 - taken)} × {number(found.running_variance[-2])} + {number(taken)} × {number(own)}"
            lines.append(f"σ² ← {kept} = {number(found.running_variance[-1])}")
        both = self.tr("Variances of the batches on average: biased {biased}, unbiased {unbiased}, true {true}")
        means = (number(float(values.mean())) for values in (found.biased, found.unbiased))
        lines.append(both.format(biased=next(means), unbiased=next(means), true=number(TRUE_VARIANCE)))
        return "\n".join(lines)

    def _fact(self, state: NormalisationState, found: RunningCourse) -> str:
        taken = state.running.taken
        if state.convention == "torch":
            text = self.tr(
                "torch's momentum is the share of the new batch: {momentum} here, {other} as the book writes it. torch keeps "
                "the unbiased variance."
            )
        else:
            text = self.tr(
                "The book's momentum is the share of the old mean: {momentum} here, {other} as torch writes it. The book keeps "
                "the biased variance."
            )
        parts = [text.format(momentum=measured(state.momentum), other=measured(1 - state.momentum))]
        if taken >= 0.5:
            parts.append(self.tr("So the last batch counts most: the running mean jumps with every batch."))
        elif (1 - taken) ** state.batches > 0.1:
            parts.append(self.tr("So slow that it still remembers where it began."))
        return " ".join(parts)

    def page_answers(self, state: NormalisationState) -> Sequence[TopicFigure]:
        if self._shown is None:
            return []
        found = self._shown[1]
        taken = state.running.taken
        half = half_life(taken)
        true = self.tr("true {value}")
        return [
            (
                self.tr("Running mean"),
                fixed(float(found.running_mean[-1]), 3),
                true.format(value=measured(float(found.true_means[-1]))),
            ),
            (
                self.tr("Running variance"),
                fixed(float(found.running_variance[-1]), 3),
                true.format(value=measured(TRUE_VARIANCE)),
            ),
            (self.tr("Half forgotten after"), measured(half, 3) if math.isfinite(half) else "∞", self.tr("batches")),
            (self.tr("Left of the beginning"), percent((1 - taken) ** state.batches), ""),
        ]

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.mean.setAccessibleName(self.tr("Running mean over the batches"))
        self.variance.setAccessibleName(self.tr("Running variance over the batches"))
        if self._shown is not None:
            self.show_page(self._shown[0])
