"""How far the paths of torch's and the book's conventions part, and where that comes from. Called by the board of
optimisers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout

from engine.figures import UNKNOWN, full_count, measured
from engine.foundations.boards.optimisers.descents import Parting, distances
from engine.foundations.boards.optimisers.rule_lines import lines_of, written
from engine.foundations.descent_rules import Convention
from gui.labs.foundations.optimisers.descent_pictures import decades
from gui.labs.foundations.optimisers.descents_page import TABLE, DescentsPage, rule_name
from gui.labs.foundations.optimisers.parts.rule_colours import RULE_TONES
from gui.labs.foundations.optimisers.shown_descents import ShownDescents, request_of
from gui.labs.foundations.optimisers.state import OptimisersState
from gui.plots.graphs.graph_parts import GraphLine, GraphMark, GraphPicture
from gui.plots.graphs.graph_plot import GraphPlot
from gui.shell.language import say
from gui.widgets.figures.figure_table import FigureTable
from gui.widgets.forms.controls import Segmented
from gui.widgets.labels import label, set_text

CONVENTIONS: tuple[Convention, ...] = ("torch", "book")
ROOMY_PX = 640
MOST_ROWS = 5  # of the table, from which on rules whose paths do not part are left out
LEAST_PLOT_PX = 150
LEAST = 1e-17  # of a distance on the logarithmic axis: paths that are the same to the bit are not drawn


class PartingPage(DescentsPage):
    def __init__(self) -> None:
        super().__init__(plays=False)
        self.plot, self.table = GraphPlot(), FigureTable()
        self.titles, self.formulas = (label("muted"), label("muted")), (label("worked"), label("worked"))
        self.plot.export_name = "conventions"
        self.plot.setMinimumHeight(LEAST_PLOT_PX)
        self.choice = Segmented((("torch", ""), ("book", "")))
        self.choice.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.sentence, self.heading = label("fact", wraps=True), label("muted", wraps=True)
        self._lay_out()
        self.choice.chosen.connect(lambda key: self.edited.emit({"convention": key}))
        self.retranslate_page()

    def _lay_out(self) -> None:
        lines = QHBoxLayout()
        lines.setSpacing(20)
        for title, body in zip(self.titles, self.formulas, strict=True):
            column = QVBoxLayout()
            column.setSpacing(2)
            column.addWidget(title)
            column.addWidget(body)
            column.addStretch(1)
            lines.addLayout(column)
        lines.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.choice)
        left.addLayout(lines)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(6)
        right.addWidget(self.heading)
        right.addWidget(self.table)
        right.addStretch(1)
        below = QHBoxLayout()
        below.setSpacing(20)
        below.addLayout(left)
        below.addLayout(right, 1)
        self.column.addWidget(self.plot, 1)
        self.column.addWidget(self.sentence)
        self.column.addLayout(below)

    def plots(self) -> Sequence[GraphPlot]:
        return (self.plot,)

    def draw_page(self, shown: ShownDescents) -> None:
        state = shown.state
        self.choice.set_current(state.convention)
        found = {rule: shown.parting(rule) for rule in state.rules}
        self.plot.show_picture(self._picture(shown))
        rows = [["", self.tr("largest"), self.tr("at step"), self.tr("by ε's value"), self.tr("by its place")]]
        for rule, parting in found.items():
            if len(found) > MOST_ROWS and not parting.largest and rule != state.looked:
                continue  # its paths are one: the graph needs the room
            scaled = bool(parting.by_epsilon or parting.by_place)
            parts = [_distance(one) if scaled else UNKNOWN for one in (parting.by_epsilon, parting.by_place)]
            rows.append([rule_name(rule), _distance(parting.largest), full_count(parting.at), *parts])
        self.table.set_rows(rows)
        self._write_formulas(state)
        self._say(state, found[state.looked])

    def _picture(self, shown: ShownDescents) -> GraphPicture:
        state = shown.state
        lines, largest, least = [], LEAST, 1e-6
        for rule in state.rules:
            far = distances(request_of(state, rule, shown.surface)._replace(steps=state.steps))
            far = np.where(far > LEAST, far, np.nan)
            if np.isfinite(far).any():
                largest, least = max(largest, float(np.nanmax(far))), min(least, float(np.nanmin(far)))
                lines.append(GraphLine(rule_name(rule), np.arange(len(far)), far, RULE_TONES[rule], width=1.6))
        return GraphPicture(
            lines=tuple(lines),
            marks=(GraphMark("", float(state.shown_step), "x", "accent"),),
            x=(0.0, float(state.steps)),
            y=decades(least, max(min(largest, 1e6), 1e-6)),
            log_y=True,
            x_name=self.tr("step"),
            y_name=self.tr("distance of both paths"),
        )

    def _write_formulas(self, state: OptimisersState) -> None:
        """The lines of the rule that is looked at, in both conventions."""
        for convention, body in zip(CONVENTIONS, self.formulas, strict=True):
            lines = lines_of(state.looked, convention)
            set_text(body, "\n".join(f"{line.sign} ← {written(line)}" for line in lines))
        self._share_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        """Where there is little room, only the lines of the convention that is chosen."""
        for convention, title, body in zip(CONVENTIONS, self.titles, self.formulas, strict=True):
            for part in (title, body):
                part.setVisible(self.width() >= ROOMY_PX or self.choice.current in ("", convention))

    def _say(self, state: OptimisersState, parting: Parting) -> None:
        set_text(self.heading, self.tr("Distance between both paths, with the same settings"))
        values = {
            "rule": rule_name(state.looked),
            "largest": _distance(parting.largest),
            "at": full_count(parting.at),
            "epsilon": _distance(parting.by_epsilon),
            "place": _distance(parting.by_place),
            "torch": measured(parting.torchs_epsilon),
            "book": measured(parting.books_epsilon),
            "factor": measured(state.later_factor),
            "from_step": full_count(state.later_from),
        }
        set_text(self.sentence, say(TABLE, f"parting.{parting.cause}", **values))

    def retranslate_page(self) -> None:
        for title, text in zip(self.titles, (self.tr("torch"), self.tr("the book")), strict=True):
            title.setText(text)
        self.choice.set_choices((("torch", self.tr("As torch")), ("book", self.tr("As the book"))))
        self.choice.button("torch").setToolTip(self.tr("All topics are drawn by torch's formulas"))
        self.choice.button("book").setToolTip(self.tr("All topics are drawn by the book's formulas"))
        self.plot.setAccessibleName(self.tr("How far the conventions part, over the steps"))


def _distance(value: float) -> str:
    return measured(value, 3)
