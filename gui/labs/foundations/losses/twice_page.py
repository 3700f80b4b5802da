"""A softmax that is taken twice: the loss stays above its floor, and hardly any gradient is left."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from engine.figures import fixed, measured
from engine.foundations.boards.losses.loss_floors import (
    once_slope,
    shares_by_lead,
    smoothed_loss,
    twice_loss,
    twice_slope,
)
from engine.foundations.single_losses import double_softmax_floor
from gui.labs.foundations.losses.smoothing_page import leads_shown
from gui.labs.foundations.losses.state import LossesState
from gui.labs.foundations.topic_board import TopicFigure, TopicPage
from gui.plots.graphs.graph_parts import GraphHandle, GraphLine, GraphMark, GraphPicture, GraphPoints, GraphText
from gui.plots.graphs.graph_plot import GraphPlot
from gui.widgets.figures.figure_table import FigureTable


class TwicePage(TopicPage):
    def __init__(self) -> None:
        super().__init__()
        self.losses, self.slopes = GraphPlot(), GraphPlot()
        self.losses.export_name, self.slopes.export_name = "softmax-twice", "softmax-twice-gradient"
        for plot in (self.losses, self.slopes):
            plot.handle_moved.connect(lambda _key, x, _y: self.edited.emit({"lead": round(x, 2)}))
            plot.clicked.connect(lambda x, _y: self.edited.emit({"lead": round(x, 2)}))
        self.table = FigureTable()
        self.column.addWidget(self.losses, 3)
        self.column.addWidget(self.slopes, 2)
        self.column.addWidget(self.table)

    def show_page(self, state: LossesState) -> None:
        classes, lead = state.classes, state.lead
        across, at = leads_shown(state), np.array(state.lead)
        leads = np.linspace(*across, 201)
        once, twice = smoothed_loss(leads, classes, 0.0), twice_loss(leads, classes)
        once_now, twice_now = float(smoothed_loss(at, classes, 0.0)), float(twice_loss(at, classes))
        floor = double_softmax_floor(classes)
        top = 1.05 * float(once[0])
        floor_name = self.tr("floor ln(1 + {others}/e) = {value}").format(others=classes - 1, value=fixed(floor))
        self.losses.show_picture(
            GraphPicture(
                lines=(
                    GraphLine(self.tr("softmax once"), leads, once, 0),
                    GraphLine(self.tr("softmax twice"), leads, twice, 1, width=2.5),
                ),
                points=(GraphPoints("", [lead], [once_now], 0),),
                handles=(GraphHandle("lead", self.tr("lead of the true class"), lead, twice_now, "x", 1),),
                marks=(GraphMark("", floor, "y", "warn"), GraphMark("", lead)),
                texts=(GraphText(floor_name, across[1], floor, "warn", "above"),),
                x=across,
                y=(-0.04 * top, top),
                x_name=self.tr("lead of the true class's score"),
                y_name=self.tr("loss"),
            )
        )
        once_pull, twice_pull = -once_slope(leads, classes), -twice_slope(leads, classes)
        self.slopes.show_picture(
            GraphPicture(
                lines=(
                    GraphLine(self.tr("softmax once"), leads, once_pull, 0),
                    GraphLine(self.tr("softmax twice"), leads, twice_pull, 1, width=2.5),
                ),
                points=(GraphPoints("", [lead], [-float(once_slope(at, classes))], 0),),
                handles=(
                    GraphHandle("lead", self.tr("lead of the true class"), lead, -float(twice_slope(at, classes)), "x", 1),
                ),
                marks=(GraphMark("", lead),),
                x=across,
                y=(-0.04, 1.08),
                x_name=self.tr("lead of the true class's score"),
                y_name=self.tr("pull of the gradient"),
                legend=False,
            )
        )
        own, other = (float(each) for each in shares_by_lead(at, classes))
        second = math.exp(-twice_now)
        self.table.set_rows(
            [
                ("", self.tr("score"), self.tr("softmax"), self.tr("softmax again"), self.tr("at best")),
                (self.tr("true class"), measured(lead), fixed(own), fixed(second), fixed(math.exp(-floor))),
                (
                    self.tr("each other"),
                    "0",
                    fixed(other),
                    fixed((1 - second) / (classes - 1)),
                    fixed((1 - math.exp(-floor)) / (classes - 1)),
                ),
                ("−ln p", "", fixed(once_now), fixed(twice_now), fixed(floor)),
            ]
        )

    def page_answers(self, state: LossesState) -> Sequence[TopicFigure]:
        at, classes = np.array(state.lead), state.classes
        once, twice = float(smoothed_loss(at, classes, 0.0)), float(twice_loss(at, classes))
        pulls = abs(float(once_slope(at, classes))), abs(float(twice_slope(at, classes)))
        return (
            (self.tr("Loss, softmax twice"), fixed(twice), self.tr("once: {value}").format(value=fixed(once))),
            (
                self.tr("Floor ln(1 + {others}/e)").format(others=classes - 1),
                fixed(double_softmax_floor(classes)),
                "",
            ),
            (self.tr("Gradient by the lead"), measured(pulls[1]), self.tr("once: {value}").format(value=measured(pulls[0]))),
        )
