"""The curve of -ln y with its derivative: what the cross-entropy takes of the true class."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from engine.figures import fixed, measured
from gui.labs.foundations.losses.example_page import least_of
from gui.labs.foundations.losses.state import LossesState
from gui.labs.foundations.topic_board import TopicFigure, TopicPage
from gui.plots.graphs.graph_parts import GraphHandle, GraphLine, GraphMark, GraphPicture
from gui.plots.graphs.graph_plot import GraphPlot
from gui.widgets.figures.figure_table import FigureTable

SHARES = np.concatenate([np.geomspace(1e-8, 0.02, 60), np.linspace(0.022, 1.0, 120)])
HIGHEST = 7.0  # of the axis, higher where y is smaller
TOLD = (1.0, 0.5, 0.1, 0.01, 0.001, 0.0001)


class LogarithmPage(TopicPage):
    def __init__(self) -> None:
        super().__init__()
        self.values, self.slopes = GraphPlot(), GraphPlot()
        self.values.export_name, self.slopes.export_name = "minus-logarithm", "minus-logarithm-derivative"
        for plot in (self.values, self.slopes):
            plot.handle_moved.connect(lambda _key, x, _y: self._moved(x))
            plot.clicked.connect(lambda x, _y: self._moved(x))
        self.table = FigureTable()
        self.column.addWidget(self.values, 3)
        self.column.addWidget(self.slopes, 2)
        self.column.addWidget(self.table)

    def _moved(self, x: float) -> None:
        self.edited.emit({"share": min(max(round(x, 3), 0.001), 1.0)})

    def show_page(self, state: LossesState) -> None:
        least, y = least_of(state), state.share
        value, slope = _loss_at(y, least)
        of_y, by_y = _names(state)
        curve, slopes = -np.log(SHARES + least), -1 / (SHARES + least)
        top = max(HIGHEST, 1.15 * value)
        line = value + slope * (SHARES - y)
        self.values.show_picture(
            GraphPicture(
                lines=(
                    GraphLine(
                        self.tr("tangent"), SHARES, np.where((line >= -0.3) & (line <= top), line, np.nan), "muted", 1, 1.5
                    ),
                    GraphLine(of_y, SHARES, np.where(curve <= top, curve, np.nan), 1, width=2.5),
                ),
                handles=(GraphHandle("share", "y", y, value, moves="x", colour=1),),
                marks=(GraphMark("", y),),
                x=(-0.02, 1.02),
                y=(-0.3, top),
                x_name="y",
                y_name=of_y,
            )
        )
        bottom = max(60.0, min(-1.2 * slope, 1e8))
        self.slopes.show_picture(
            GraphPicture(
                lines=(GraphLine(by_y, SHARES, np.where(-slopes <= bottom, -slopes, np.nan), 0),),
                handles=(GraphHandle("share", "y", y, -slope, moves="x", colour=0),),
                marks=(GraphMark("", y),),
                x=(-0.02, 1.02),
                y=(0.8, bottom),
                log_y=True,
                x_name="y",
                y_name=self.tr("steepness {slope}").format(slope=by_y.removeprefix("−")),
                legend=False,
            )
        )
        told = [_loss_at(each, least) for each in TOLD]
        rows = [("y", *(measured(each) for each in TOLD)), (of_y, *(fixed(loss) for loss, _ in told))]
        rows.append((by_y, *(measured(slope) for _, slope in told)))
        self.table.set_rows(rows)

    def page_answers(self, state: LossesState) -> Sequence[TopicFigure]:
        value, slope = _loss_at(state.share, least_of(state))
        of_y, by_y = _names(state)
        most = self.tr("at most {value}, at y = 0").format(value=fixed(-math.log(1e-7))) if state.book_least else ""
        return (
            (of_y, fixed(value), most),
            (self.tr("Derivative {slope}").format(slope=by_y), measured(slope), ""),
            ("y", measured(state.share), self.tr("the share of the true class")),
        )


def _loss_at(y: float, least: float) -> tuple[float, float]:
    """The loss and its derivative."""
    return -math.log(y + least) + 0.0, -1 / (y + least)


def _names(state: LossesState) -> tuple[str, str]:
    """What they are called."""
    return ("−ln(y + 10⁻⁷)", "−1/(y + 10⁻⁷)") if state.book_least else ("−ln y", "−1/y")
