"""The topic of weight decay: one weight, its loss's minimum, and what decay does to it in the loss or decoupled.

Shown on the board of normalisation.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from engine.figures import fixed, measured
from engine.foundations.boards.normalisation_numbers import DecayCourse, DecayStep, decayed, first_steps, resting_place
from gui.labs.foundations.normalisation.batch_formulas import factor, minus, number
from gui.labs.foundations.normalisation.state import NormalisationState
from gui.labs.foundations.topic_board import TopicFigure, TopicPage
from gui.plots.graphs.graph_parts import GraphHandle, GraphLine, GraphMark, GraphPicture
from gui.plots.graphs.graph_plot import GraphPlot
from gui.widgets.figures.figure_table import FigureTable
from gui.widgets.labels import label, set_text

APART = 0.15  # of the axis, between two marks that both have names
REACH = 5.0  # of the weight and of the best one, as their fields have it


class DecayPage(TopicPage):
    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[NormalisationState, DecayCourse, tuple[DecayStep, DecayStep]] | None = None
        self.graph = GraphPlot()
        self.graph.export_name = "weight decay"
        self.graph.handle_moved.connect(self._handle_moved)
        self.title, self.table = label("title"), FigureTable()
        self.worked, self.fact = label("worked", wraps=True), label("fact", wraps=True)
        right = QVBoxLayout()
        right.addWidget(self.worked)
        right.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(20)
        row.addWidget(self.table, 0)
        row.addLayout(right, 1)
        self.column.addWidget(self.graph, 1)
        self.column.addWidget(self.title)
        self.column.addLayout(row)
        self.column.addWidget(self.fact)
        self.retranslate()

    def show_page(self, state: NormalisationState) -> None:
        settings = state.decaying
        course, firsts = decayed(settings, state.steps), first_steps(settings)
        self._shown = state, course, firsts
        x = np.arange(state.steps + 1.0)
        lines = (
            GraphLine(self.tr("without decay"), x, course.without, "muted", width=1.5),
            GraphLine(self.tr("λ/2 w² in the loss"), x, course.in_loss, 0),
            GraphLine(self.tr("decoupled (AdamW's way)"), x, course.decoupled, 1, dashed=1),
        )
        limits = self._limits(course, settings.best)
        marks = [GraphMark(self.tr("least loss w*"), settings.best, "y")]
        if settings.curvature + settings.decay > 0:
            rest = resting_place(settings)
            near = abs(rest - settings.best) < APART * (limits[1] - limits[0])  # two names would lie on each other
            marks.append(GraphMark("" if near else "c w* / (c + λ)", rest, "y", "ok"))
        self.graph.show_picture(
            GraphPicture(
                lines=lines,
                marks=marks,
                handles=(
                    GraphHandle("weight", self.tr("first weight"), 0.0, settings.weight, "y"),
                    GraphHandle("best", self.tr("least loss w*"), float(state.steps), settings.best, "y", "muted"),
                ),
                y=limits,
                x_name=self.tr("step"),
                y_name=self.tr("weight w"),
            )
        )
        self._show_terms(state, firsts)
        set_text(self.fact, self._fact(state))

    @staticmethod
    def _limits(course: DecayCourse, best: float) -> tuple[float, float]:
        ends = [0.0, best, *(float(end) for way in course for end in (np.nanmin(way), np.nanmax(way)) if np.isfinite(end))]
        low, high = min(ends), max(ends)
        over = 0.08 * (high - low or 1.0)
        return low - over, high + over

    def _show_terms(self, state: NormalisationState, firsts: tuple[DecayStep, DecayStep]) -> None:
        rows = [["", self.tr("in the loss"), self.tr("decoupled")]]
        names = (
            (self.tr("gradient of the loss g"), [step.gradient for step in firsts]),
            (self.tr("+ λ w"), [step.in_gradient for step in firsts]),
            (self.tr("step of the rule"), [step.step for step in firsts]),
            (self.tr("− η λ w"), [step.from_weight for step in firsts]),
            (self.tr("new weight"), [step.weight for step in firsts]),
        )
        rows += [[name, *(fixed(value, 4) for value in values)] for name, values in names]
        self.table.set_rows(rows)
        in_loss, decoupled = firsts
        settings = state.decaying
        away = minus(settings.weight, settings.best)
        sloped = f"g = c (w − w*) = {number(settings.curvature)} × ({away}) = {number(in_loss.gradient)}"
        first = f"w ← {factor(settings.weight)} + {factor(in_loss.step)} = {number(in_loss.weight)}"
        shrunk = f"(1 − {number(settings.lr)} × {number(settings.decay)}) × {factor(settings.weight)}"
        second = f"w ← {shrunk} + {factor(decoupled.step)} = {number(decoupled.weight)}"
        lines = (sloped, self.tr("In the loss:") + " " + first, self.tr("Decoupled:") + " " + second)
        set_text(self.worked, "\n".join(lines))

    def _fact(self, state: NormalisationState) -> str:
        if state.rule == "sgd":
            return self.tr("With plain descent both are the same step: η (g + λ w) = η g + η λ w.")
        if state.rule == "momentum":
            return self.tr("With momentum the decay in the loss is carried along in the velocity; decoupled, it is not.")
        return self.tr(
            "Adam divides by the size of the gradient, the decay in it included: λ in the loss hardly shrinks a weight whose "
            "gradients are large. Decoupled, every weight shrinks by the same share."
        )

    def page_answers(self, state: NormalisationState) -> Sequence[TopicFigure]:
        if self._shown is None:
            return []
        course = self._shown[1]
        after = self.tr("after {count} steps").format(count=state.steps)
        rest = state.curvature + state.decay > 0
        return [
            (self.tr("In the loss"), fixed(float(course.in_loss[-1]), 3), after),
            (self.tr("Decoupled"), fixed(float(course.decoupled[-1]), 3), after),
            (self.tr("Without decay"), fixed(float(course.without[-1]), 3), after),
            (self.tr("Least loss with λ"), measured(resting_place(state.decaying)) if rest else "–", "c w* / (c + λ)"),
        ]

    @Slot(str, float, float)
    def _handle_moved(self, key: str, _x: float, y: float) -> None:
        self.edited.emit({key: round(min(max(y, -REACH), REACH), 2)})

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        set_text(self.title, self.tr("The first step, term by term"))
        self.graph.setAccessibleName(self.tr("The weight over the steps"))
        if self._shown is not None:
            self.show_page(self._shown[0])
