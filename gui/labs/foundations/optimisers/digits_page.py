"""The loss of a network that learns written digits, by several optimisers side by side. Called by the board of optimisers.

It takes a minute, so it is trained when the user asks for it, and drawn while it grows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout

from engine.figures import UNKNOWN, full_count, measured
from gui.labs.foundations.long_course import LongCourse
from gui.labs.foundations.optimisers.descents_page import rule_name
from gui.labs.foundations.optimisers.digit_course import BATCH, DigitsAsked, digit_course, smoothed
from gui.labs.foundations.optimisers.parts.rule_colours import RULE_TONES
from gui.labs.foundations.optimisers.shown_descents import settings_of
from gui.labs.foundations.optimisers.state import OptimisersState, RuleName, fitted_optimisers
from gui.labs.foundations.topic_board import TopicFigure, TopicPage
from gui.plots.graphs.graph_parts import GraphLine, GraphPicture, GraphText
from gui.plots.graphs.graph_plot import GraphPlot
from gui.widgets.figures.figure_table import FigureTable
from gui.widgets.labels import label, set_text

EARLY = 100  # the iteration that the book compares at
MEAN = 20  # iterations of the mean at the end


class DigitsPage(TopicPage):
    def __init__(self) -> None:
        super().__init__()
        self.plot, self.table = GraphPlot(), FigureTable()
        self.plot.export_name = "losses of digits"
        self.train = QPushButton()
        self.train.setProperty("role", "primary")
        self.note = label("muted", wraps=True)
        self._asked: DigitsAsked | None = None  # what the state asks for
        self._run: DigitsAsked | None = None  # what is drawn
        self._found: tuple[Mapping[RuleName, float], ...] = ()
        self._course: LongCourse[DigitsAsked, Mapping[RuleName, float]] = LongCourse(digit_course, self, name="digits")
        self._course.advanced.connect(self._advanced)
        self._course.ended.connect(self._ended)
        self.train.clicked.connect(self.toggle)
        self._lay_out()

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(10)
        right.addWidget(self.train)
        right.addWidget(self.note)
        right.addWidget(self.table)
        right.addStretch(1)
        both = QHBoxLayout()
        both.setSpacing(16)
        both.addWidget(self.plot, 3)
        both.addLayout(right, 2)
        self.column.addLayout(both, 1)

    def plots(self) -> Sequence[GraphPlot]:
        return (self.plot,)

    @property
    def losses(self) -> Mapping[RuleName, Sequence[float]]:
        """What has come so far, by rule."""
        rules = [rule for rule, _ in self._run.runs] if self._run is not None else []
        return {rule: [each[rule] for each in self._found] for rule in rules}

    def show_page(self, state: OptimisersState) -> None:
        self._asked = asked_of(state)
        self._draw()

    @Slot()
    def toggle(self) -> None:
        """Train, or stop where it is."""
        if self._course.busy:
            self._course.stop()
        elif self._asked is not None:
            self._run, self._found = self._asked, ()
            self._course.start(self._asked)
            self._draw()
            self.answers_changed.emit()

    def play_page(self) -> bool:
        self.toggle()
        return True

    def page_busy(self) -> bool:
        return self._course.busy

    def page_left(self) -> None:
        self._course.stop()

    def close_page(self, deadline_s: float) -> None:
        self._course.close(deadline_s)

    @Slot(object)
    def _advanced(self, found: tuple[Mapping[RuleName, float], ...]) -> None:
        self._found = found
        self._draw()
        self.answers_changed.emit()

    @Slot()
    def _ended(self) -> None:
        self._draw()
        self.answers_changed.emit()

    # --- drawing

    def _draw(self) -> None:
        asked = self._run if self._run is not None else self._asked
        assert asked is not None
        losses = {rule: smoothed(each) for rule, each in self.losses.items()}
        lines = tuple(
            GraphLine(rule_name(rule), np.arange(1, len(each) + 1), each, RULE_TONES[rule], width=1.6)
            for rule, each in losses.items()
            if len(each)
        )
        self.plot.show_picture(
            GraphPicture(
                lines=lines,
                x=(0.0, float(asked.iterations)),
                y=(1e-3, 10.0),
                log_y=True,
                x_name=self.tr("iteration"),
                y_name=self.tr("loss (mean of 21 batches)"),
                texts=() if lines else (GraphText(self._waiting(), asked.iterations / 2, 0.1, "muted", "middle"),),
            )
        )
        self.plot.setAccessibleName(self.tr("Loss of each optimizer over the iterations"))
        at = self.tr("at {count}").format(count=full_count(EARLY))
        rows = [["", self.tr("rate"), at, self.tr("last {count}").format(count=MEAN)]]
        for rule, settings in asked.runs:
            rows.append([rule_name(rule), measured(settings.lr), *self._figures(rule)])
        self.table.set_rows(rows)
        train = self.tr("Train {count} iterations").format(count=full_count(asked.iterations))
        self.train.setText(self.tr("Stop") if self._course.busy else train)
        self._say()

    def _waiting(self) -> str:
        return self.tr("The data are read …") if self._course.busy else self.tr("Train to see the losses (Space)")

    def _figures(self, rule: RuleName) -> tuple[str, str]:
        """The loss around the 100th iteration, and over the last ones."""
        losses = self.losses.get(rule, ())
        early = measured(float(np.mean(losses[EARLY - 10 : EARLY + 10])), 3) if len(losses) >= EARLY + 10 else UNKNOWN
        return early, measured(float(np.mean(losses[-MEAN:])), 3) if losses else UNKNOWN

    def _say(self) -> None:
        text = self.tr(
            "784-100-100-100-100-10 with ReLU on 4,000 digits of MNIST, batches of {batch}; all rules begin with the same "
            "weights and read the same batches. (GD, which would read all digits every time, is left out.)"
        ).format(batch=BATCH)
        if self._run is not None and self._run != self._asked:
            text += " " + self.tr("Drawn is what was trained with the settings before.")
        set_text(self.note, text)

    def page_answers(self, state: Any) -> Sequence[TopicFigure]:
        found = {rule: float(np.mean(each[-MEAN:])) for rule, each in self.losses.items() if len(each)}
        total = self._run.iterations if self._run is not None else state.digit_iterations
        ends = [min(found, key=lambda rule: found[rule]), max(found, key=lambda rule: found[rule])] if found else []
        figures = [(measured(found[rule], 3), rule_name(rule)) for rule in ends] or [(UNKNOWN, ""), (UNKNOWN, "")]
        return [
            (self.tr("Iterations"), full_count(len(self._found)), self.tr("of {total}").format(total=full_count(total))),
            (self.tr("Batch"), full_count(BATCH), self.tr("of 4,000 digits")),
            (self.tr("Lowest loss"), *figures[0]),
            (self.tr("Highest loss"), *figures[1]),
        ]


def asked_of(state: OptimisersState) -> DigitsAsked:
    """What the state would have trained: its rules but GD, at least SGD."""
    state = fitted_optimisers(state)
    rules: tuple[RuleName, ...] = tuple(rule for rule in state.rules if rule != "gd") or ("sgd",)
    return DigitsAsked(tuple((rule, settings_of(state, rule)) for rule in rules), state.digit_iterations, state.seed)
