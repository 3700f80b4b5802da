"""All descents over one surface, or a picture for each, and their heights over the steps. Called by the board of optimisers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engine.figures import full_count, measured
from engine.foundations.boards.optimisers.descents import Descent
from gui.labs.foundations.optimisers.descent_pictures import PictureWords, heights_picture, paths_picture
from gui.labs.foundations.optimisers.descents_page import DescentsPage, rule_name
from gui.labs.foundations.optimisers.shown_descents import ShownDescents
from gui.labs.foundations.optimisers.state import RuleName
from gui.plots.graphs.graph_plot import GraphPlot
from gui.widgets.figures.figure_table import FigureTable
from gui.widgets.forms.controls import Segmented, ToggleRow
from gui.widgets.page_stack import PageStack

SMALL_MARGINS = (40.0, 4.0, 6.0, 22.0)
PER_ROW = 4
ROOMY_PX = 700
MOST_ABREAST = 2  # of up to four small pictures


class PathsPage(DescentsPage):
    def __init__(self) -> None:
        super().__init__()
        self.plot, self.heights = GraphPlot(), GraphPlot()
        self.plot.export_name, self.heights.export_name = "descents", "heights"
        self.view = Segmented((("together", ""), ("apart", "")))
        self.view.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.log, self.table, self.beside = ToggleRow(), FigureTable(), QWidget()
        self._small: dict[RuleName, GraphPlot] = {}
        self._drawn: dict[RuleName, tuple[Descent, object]] = {}
        self._grid_of: tuple[RuleName, ...] = ()
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(4)
        multiples = QWidget()
        multiples.setLayout(self._grid)
        self.surfaces = PageStack()
        self.surfaces.addWidget(self.plot)
        self.surfaces.addWidget(multiples)
        self._lay_out()
        self.view.chosen.connect(lambda key: self.looked.emit({"apart": key == "apart"}))
        self.log.value_changed.connect(lambda on: self.looked.emit({"log_height": on}))
        self.plot.handle_moved.connect(self.start_moved)
        self.plot.clicked.connect(self._clicked)
        self.heights.clicked.connect(lambda x, _y: self.edited.emit({"step": max(0, round(x))}))
        self.retranslate_page()

    def _lay_out(self) -> None:
        assert self.player is not None
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.view)
        below.addWidget(self.player, 1)
        below.addWidget(self.log)
        right = QVBoxLayout(self.beside)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(4)
        right.addWidget(self.heights, 1)
        right.addWidget(self.table)
        both = QHBoxLayout()
        both.setSpacing(12)
        both.addWidget(self.surfaces, 8)
        both.addWidget(self.beside, 5)
        self.column.addLayout(both, 1)
        self.column.addLayout(below)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        """Small pictures need the room of the heights, where there is little."""
        apart = self.shown is not None and self.shown.state.apart
        room = not apart or self.width() >= ROOMY_PX
        if self.beside.isHidden() == room:
            self.beside.setVisible(room)
        self.log.setEnabled(room)

    def plots(self) -> Sequence[GraphPlot]:
        return (self.plot, self.heights)

    def small(self, rule: RuleName) -> GraphPlot:
        """The picture of one rule alone."""
        return self._small[rule]

    def draw_page(self, shown: ShownDescents) -> None:
        state, words = shown.state, self.words()
        self.view.set_current("apart" if state.apart else "together")
        self.log.set_value(state.log_height)
        self.surfaces.setCurrentIndex(int(state.apart))
        if state.apart:
            self._draw_apart(shown, words)
        else:
            self.plot.show_picture(paths_picture(shown, state.rules, words, arrows=False))
        self._share_room()
        if not self.beside.isHidden():
            self.heights.show_picture(heights_picture(shown, words))
            self.table.set_rows(self._rows(shown))

    def _draw_apart(self, shown: ShownDescents, words: PictureWords) -> None:
        rules = shown.state.rules
        if rules != self._grid_of:
            self._arrange(rules)
        for rule in rules:
            drawn = (shown.at(rule), shown.state.steps, shown.limits, words)
            gone, before = self._drawn.get(rule, (None, None))
            if gone is not shown.gone[rule] or before != drawn:  # what an edit leaves as it was stays as it is drawn
                self._drawn[rule] = shown.gone[rule], drawn
                self._small[rule].set_title(words.rules[rule])
                self._small[rule].show_picture(paths_picture(shown, (rule,), words, small=True))

    def _arrange(self, rules: tuple[RuleName, ...]) -> None:
        """Up to four pictures two by two, more in rows of four."""
        self._grid_of = rules
        for plot in self._small.values():
            self._grid.removeWidget(plot)
            plot.hide()
        abreast = MOST_ABREAST if len(rules) <= PER_ROW else PER_ROW if len(rules) > 6 else 3
        for number, rule in enumerate(rules):
            if rule not in self._small:
                plot = self._small[rule] = GraphPlot()
                plot.margins = SMALL_MARGINS
                plot.setMinimumSize(80, 70)
                plot.export_name = f"descent {rule}"
                plot.handle_moved.connect(self.start_moved)
            self._grid.addWidget(self._small[rule], number // abreast, number % abreast)
            self._small[rule].show()

    def _rows(self, shown: ShownDescents) -> list[list[str]]:
        rows = [["", self.tr("height now"), self.tr("after step {step}").format(step=full_count(shown.state.steps))]]
        for rule in shown.state.rules:
            heights = shown.above[rule]
            end = self.tr("lost") if shown.lost(rule) else measured(float(heights[-1]))
            rows.append([rule_name(rule), measured(float(heights[shown.at(rule)])), end])
        return rows

    def _clicked(self, x: float, y: float) -> None:
        """On a path: that rule is looked at from now on. Elsewhere the descent begins there."""
        near = self._rule_near(x, y)
        if near is not None:
            self.edited.emit({"looked": near})
        else:
            self.start_moved("start", x, y)

    def _rule_near(self, x: float, y: float) -> RuleName | None:
        if self.shown is None:
            return None
        left, right, bottom, top = self.shown.limits
        best: tuple[float, RuleName | None] = (0.012, None)
        for rule in self.shown.state.rules:
            points = self.shown.points(rule)
            apart = (((points[:, 0] - x) / (right - left)) ** 2 + ((points[:, 1] - y) / (top - bottom)) ** 2) ** 0.5
            best = min(best, (float(apart[apart == apart].min(initial=1.0)), rule), key=lambda pair: pair[0])
        return best[1]

    def retranslate_page(self) -> None:
        self.view.set_choices((("together", self.tr("One picture")), ("apart", self.tr("One each"))))
        self.log.set_label(self.tr("log"), self.tr("Heights on a logarithmic axis: also small ones are told apart"))
        self.plot.setAccessibleName(self.tr("Descents over the surface"))
        self.heights.setAccessibleName(self.tr("Height over the steps"))
