"""A topic's picture on the board of over- and underfitting: one graph above, below it another one with a table beside. Points
that are learned from are dragged, added by a click and taken away by the right button.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.labs.foundations.capacity.capacity_shown import TopicShown, word
from gui.labs.foundations.capacity.state import FARTHEST, LEAST_POINTS, MOST_POINTS, CapacityState, OwnPoint, train_points
from gui.labs.foundations.topic_board import TopicFigure, TopicPage
from gui.plots.graphs.graph_parts import GraphPicture
from gui.plots.graphs.graph_plot import GraphPlot
from gui.widgets.figures.figure_table import FigureTable
from gui.widgets.labels import label, set_text
from gui.widgets.one_line import OneLine

TABLE_PX = 230


class TwoGraphs(TopicPage):
    """A topic fills in `shown_of`. `stepped` is `edited` for what is a step of its own and joins no other. `tools` stand at the
    right of the lower graph's title, `upper_tools` of the upper one's."""

    stepped = Signal(dict)

    def __init__(self) -> None:
        super().__init__()
        self._state = CapacityState()
        self._shown: TopicShown | None = None
        self.above, self.below = GraphPlot(), GraphPlot()
        self.table = FigureTable()
        self.again = QPushButton()
        self.again.setProperty("role", "link")
        self.again.clicked.connect(self._draw_again)
        self._upper_title, self._lower_title = OneLine("title"), OneLine("title")
        self.table.setMinimumWidth(TABLE_PX)  # the graph beside it stays as wide while its figures change
        self._said = label("muted", wraps=True)
        self.upper_tools, self.tools = QHBoxLayout(), QHBoxLayout()
        self.upper_tools.addWidget(self.again)
        for plot in (self.above, self.below):
            plot.setMinimumHeight(130)
            plot.takes_removal = True
            plot.handle_moved.connect(self._moved)
            plot.removed.connect(self._removed)
        self.above.clicked.connect(self.upper_clicked)
        self.below.clicked.connect(self.lower_clicked)
        self._lay_out()

    def _lay_out(self) -> None:
        self.column.addLayout(_heading(self._upper_title, self.upper_tools))
        self.column.addWidget(self.above, 6)
        self._lower_part = QWidget()
        below = QVBoxLayout(self._lower_part)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(6)
        below.addLayout(_heading(self._lower_title, self.tools))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.below, 1)
        self._beside = QVBoxLayout()
        self._beside.addWidget(self.table)
        self._beside.addWidget(self._said)
        self._beside.addStretch(1)
        row.addLayout(self._beside)
        below.addLayout(row, 1)
        self.column.addWidget(self._lower_part, 5)

    # --- what a topic fills in

    def shown_of(self, state: CapacityState) -> TopicShown:
        raise NotImplementedError

    @Slot(float, float)
    def upper_clicked(self, x: float, y: float) -> None:
        """A click beside all points of the upper graph."""

    @Slot(float, float)
    def lower_clicked(self, x: float, y: float) -> None:
        """The same of the lower one."""

    # --- what is shown

    @property
    def shown(self) -> TopicShown:
        """What is on the screen."""
        assert self._shown is not None
        return self._shown

    def show_page(self, state: CapacityState) -> None:
        self._state = state
        shown = self._shown = self.shown_of(state)
        self._upper_title.set_text(shown.upper_title)
        self.above.show_picture(shown.upper)
        self._lower_part.setVisible(shown.lower is not None)
        if shown.lower is not None:
            self._lower_title.set_text(shown.lower_title)
            self.below.show_picture(shown.lower)
        self.table.setVisible(bool(shown.table))
        self.table.set_rows(shown.table, shown.tips)
        self._said.setVisible(bool(shown.said))
        set_text(self._said, shown.said)
        self.again.setText(word("points.again"))
        self.again.setVisible(bool(state.points) and bool(shown.upper.handles or (shown.lower and shown.lower.handles)))
        for plot, picture in ((self.above, shown.upper), (self.below, shown.lower)):
            plot.setAccessibleName(shown.upper_title if plot is self.above else shown.lower_title)
            plot.setToolTip(word("points.hint") if picture is not None and picture.handles else "")

    def page_answers(self, state: CapacityState) -> Sequence[TopicFigure]:
        if self._shown is None or state != self._state:
            self.show_page(state)
        return [(title, value, note) for _, title, value, note in self.shown.answers]

    def show_again(self) -> None:
        """Something besides the state has come: draw anew."""
        self.show_page(self._state)
        self.answers_changed.emit()

    def until_then(self, waiting: TopicShown) -> TopicShown:
        """While something is computed, what was shown before stays on the screen, with the points as they are now."""
        before = self._shown
        if before is None or before.lower is None or not (before.upper.lines and before.lower.lines):
            return waiting
        return waiting._replace(
            upper=_with_points(before.upper, waiting.upper), lower=_with_points(before.lower, waiting.lower or GraphPicture())
        )

    # --- own points

    def _points(self) -> list[OwnPoint]:
        points = train_points(self._state)
        return list(zip(points.x.tolist(), points.y.tolist(), strict=True))

    @Slot(str, float, float)
    def _moved(self, key: str, x: float, y: float) -> None:
        points = self._points()
        points[int(key)] = (x, y)
        self.edited.emit(_kept(points))

    @Slot(float, float)
    def _removed(self, x: float, y: float) -> None:
        points = self._points()
        if len(points) > LEAST_POINTS:
            points.remove(min(points, key=lambda each: (each[0] - x) ** 2 + (each[1] - y) ** 2))
            self.stepped.emit(_kept(points))

    def add_point(self, x: float, y: float) -> None:
        """Where the user has clicked, as far as there may be one more."""
        points = self._points()
        if len(points) < MOST_POINTS:
            self.stepped.emit(_kept([*points, (x, y)]))

    @Slot()
    def _draw_again(self) -> None:
        self.stepped.emit({"points": ()})


def _with_points(before: GraphPicture, now: GraphPicture) -> GraphPicture:
    return replace(before, handles=now.handles, points=now.points) if now.handles else before


def _kept(points: list[OwnPoint]) -> dict[str, object]:
    """The points, brought inside."""
    return {"points": tuple((min(max(x, -1.0), 1.0), min(max(y, -FARTHEST), FARTHEST)) for x, y in points)}


def _heading(title: OneLine, tools: QHBoxLayout) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(title, 1)
    row.addLayout(tools)
    return row
