"""One step of one optimiser: its arrows on the surface, its lines with today's numbers. Called by the board of optimisers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.figures import full_count, measured
from engine.foundations.boards.optimisers.batch_draws import batch_noise
from gui.labs.foundations.optimisers.descent_pictures import paths_picture
from gui.labs.foundations.optimisers.descents_page import TABLE, DescentsPage, rule_name
from gui.labs.foundations.optimisers.parts.update_terms import UpdateTerms, term_rows, used_signs
from gui.labs.foundations.optimisers.shown_descents import ShownDescents, draws_of
from gui.plots.graphs.graph_plot import GraphPlot
from gui.shell.language import say
from gui.widgets.figures.figure_table import FigureTable
from gui.widgets.labels import label, set_text
from gui.widgets.scrolled_page import ScrolledPage

ROWS = 5  # of steps around the one that is looked at


class UpdatePage(DescentsPage):
    def __init__(self) -> None:
        super().__init__()
        self.plot = GraphPlot()
        self.plot.export_name = "one step"
        self.heading, self.arrow_note = label("accent"), label("small", wraps=True)
        self.terms, self.signs, self.table = UpdateTerms(), label("small", wraps=True), FigureTable()
        self._lay_out()
        self.plot.handle_moved.connect(self.start_moved)
        self.retranslate_page()

    def _lay_out(self) -> None:
        assert self.player is not None
        left = QVBoxLayout()
        left.addWidget(self.plot, 1)
        left.addWidget(self.arrow_note)
        lines = QWidget()
        column = QVBoxLayout(lines)
        column.setContentsMargins(0, 0, 8, 0)
        column.addWidget(self.terms)
        column.addWidget(self.signs)
        column.addSpacing(8)
        column.addWidget(self.table)
        column.addStretch(1)
        right = QVBoxLayout()
        right.addWidget(self.heading)
        right.addWidget(ScrolledPage(lines), 1)
        both = QHBoxLayout()
        both.setSpacing(12)
        both.addLayout(left, 6)
        both.addLayout(right, 7)
        self.column.addLayout(both, 1)
        self.column.addWidget(self.player)

    def plots(self) -> Sequence[GraphPlot]:
        return (self.plot,)

    def draw_page(self, shown: ShownDescents) -> None:
        state, gone = shown.state, shown.looked
        self.plot.show_picture(paths_picture(shown, (state.looked,), self.words(), arrows=True))
        if not gone.steps:
            set_text(self.heading, self.tr("There is no gradient at the start"))
            set_text(self.arrow_note, "")
            self.terms.set_terms(())
            return
        step = gone.within(shown.at(state.looked))
        noisy = state.looked == "sgd" or state.all_noisy
        pull = batch_noise(draws_of(state), state.steps + 1)[step] if noisy else None
        self.terms.set_terms(term_rows(gone, step, pull))
        heading = self.tr("{rule}, step {step}: from w = ({x}, {y})")
        x, y = (measured(float(one)) for one in gone.points[step])
        set_text(self.heading, heading.format(rule=rule_name(state.looked), step=full_count(step + 1), x=x, y=y))
        meanings = [f"{sign} {say(TABLE, f'sign.{code}')}" for sign, code in used_signs(gone)]
        if noisy:
            meanings.append(f"n {say(TABLE, 'sign.n')}")
        set_text(self.signs, " · ".join(text.replace(" ", "\N{NO-BREAK SPACE}") for text in meanings))
        self._write_arrows(shown)
        self.table.set_rows(self._rows(shown))

    def _rows(self, shown: ShownDescents) -> list[list[str]]:
        """The steps before and after the one that is looked at."""
        rule = shown.state.looked
        points, heights = shown.points(rule), shown.above[rule]
        first = max(0, min(shown.at(rule) - ROWS // 2, len(points) - ROWS))
        rows = [[self.tr("step"), "x", "y", self.tr("height")]]
        for step in range(first, min(first + ROWS, len(points))):
            here = "▸ " if step == shown.at(rule) else ""
            figures = (points[step, 0], points[step, 1], heights[step])
            rows.append([f"{here}{full_count(step)}", *(measured(float(one)) for one in figures)])
        return rows

    def _write_arrows(self, shown: ShownDescents) -> None:
        """How long the arrows are, and how much longer or shorter they are drawn."""
        found = shown.arrows()
        assert found is not None
        arrows, factor = found
        parts = [
            self.tr("gradient −η·g {length}").format(length=_length(arrows.gradient)),
            *([self.tr("velocity {length}").format(length=_length(arrows.carried))] if arrows.carried else []),
            self.tr("step {length}").format(length=_length(arrows.step)),
        ]
        text = self.tr("Arrows: {lengths}.").format(lengths=", ".join(parts))
        if factor != 1:
            drawn = self.tr("They are drawn {factor} times as long.")
            text += " " + drawn.format(factor=measured(factor))
        set_text(self.arrow_note, text)


def _length(arrow: tuple[float, float]) -> str:
    return measured((arrow[0] ** 2 + arrow[1] ** 2) ** 0.5, 3)
