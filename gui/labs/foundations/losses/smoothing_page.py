"""Smoothed labels: the loss by how far the true class leads, and the floor that it cannot go below."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtWidgets import QHBoxLayout

from engine.figures import fixed, measured
from engine.foundations.boards.losses.loss_floors import best_lead, log_shares_by_lead, shares_by_lead, smoothed_loss
from engine.foundations.single_losses import smoothing_floor
from gui.labs.foundations.losses.state import LossesState
from gui.labs.foundations.topic_board import TopicFigure, TopicPage
from gui.plots.graphs.graph_parts import GraphHandle, GraphLine, GraphMark, GraphPicture, GraphText
from gui.plots.graphs.graph_plot import GraphPlot
from gui.plots.numbers.ranges import Range
from gui.widgets.figures.figure_table import FigureTable

LEADS: Range = (-5.0, 15.0)
SMOOTHINGS = np.linspace(0.0, 0.9, 91)


def leads_shown(state: LossesState) -> Range:
    """The axis of leads, further where the lead is."""
    return min(LEADS[0], math.floor(state.lead)), max(LEADS[1], math.ceil(state.lead))


class SmoothingPage(TopicPage):
    def __init__(self) -> None:
        super().__init__()
        self.by_lead, self.by_smoothing = GraphPlot(), GraphPlot()
        self.by_lead.export_name, self.by_smoothing.export_name = "label-smoothing", "label-smoothing-floor"
        self.by_lead.handle_moved.connect(lambda _key, x, _y: self.edited.emit({"lead": round(x, 2)}))
        self.by_lead.clicked.connect(lambda x, _y: self.edited.emit({"lead": round(x, 2)}))
        self.by_smoothing.handle_moved.connect(lambda _key, x, _y: self._smooth(x))
        self.by_smoothing.clicked.connect(lambda x, _y: self._smooth(x))
        self.table = FigureTable()
        plots = QHBoxLayout()
        plots.setSpacing(8)
        plots.addWidget(self.by_lead, 3)
        plots.addWidget(self.by_smoothing, 2)
        self.column.addLayout(plots, 1)
        self.column.addWidget(self.table)

    def _smooth(self, x: float) -> None:
        self.edited.emit({"smoothing": min(max(round(x, 2), 0.0), 0.9)})

    def show_page(self, state: LossesState) -> None:
        classes, smoothing, lead = state.classes, state.smoothing, state.lead
        across = leads_shown(state)
        leads = np.linspace(*across, 201)
        smoothed, plain = smoothed_loss(leads, classes, smoothing), smoothed_loss(leads, classes, 0.0)
        now = float(smoothed_loss(np.array(lead), classes, smoothing))
        floor, best = smoothing_floor(smoothing, classes), best_lead(classes, smoothing)
        floor_name = self.tr("floor {value}").format(value=fixed(floor))
        marks = [GraphMark("", floor, "y", "warn"), GraphMark("", lead)]
        if across[0] < best < across[1]:
            marks.append(GraphMark(self.tr("best lead {value}").format(value=measured(best, 3)), best, colour="ok"))
        top = max(float(smoothed[0]), float(plain[0]), now) * 1.05
        self.by_lead.show_picture(
            GraphPicture(
                lines=(
                    GraphLine(self.tr("cross-entropy"), leads, plain, "muted", dashed=1, width=1.5),
                    GraphLine(self.tr("with smoothed labels"), leads, smoothed, 0, width=2.5),
                ),
                handles=(GraphHandle("lead", self.tr("lead of the true class"), lead, now, "x", 0),),
                marks=marks,
                texts=(GraphText(floor_name, across[0], floor, "warn", "above"),),
                x=across,
                y=(-0.04 * top, top),
                x_name=self.tr("lead of the true class's score"),
                y_name=self.tr("loss"),
            )
        )
        floors = np.array([smoothing_floor(float(each), classes) for each in SMOOTHINGS])
        self.by_smoothing.show_picture(
            GraphPicture(
                lines=(GraphLine(self.tr("floor"), SMOOTHINGS, floors, 1),),
                handles=(GraphHandle("smoothing", "s", smoothing, floor, "x", 1),),
                marks=(GraphMark("", math.log(classes), "y"), GraphMark("", smoothing)),
                texts=(GraphText(f"ln {classes}", 0.45, math.log(classes), "muted", "above"),),
                x=(-0.02, 0.92),
                y=(-0.05, 1.12 * math.log(classes)),
                x_name=self.tr("smoothing s"),
                y_name=self.tr("least loss"),
                legend=False,
            )
        )
        own, other = (float(each) for each in shares_by_lead(np.array(lead), classes))
        log_own, log_other = (float(each) for each in log_shares_by_lead(np.array(lead), classes))
        rest = smoothing / classes
        target = 1 - smoothing + rest
        self.table.set_rows(
            [
                ("", self.tr("how many"), self.tr("target"), self.tr("answer p"), self.tr("−target · ln p, together")),
                (self.tr("true class"), "1", fixed(target), fixed(own), fixed(-target * log_own)),
                (
                    self.tr("each other"),
                    str(classes - 1),
                    fixed(rest),
                    fixed(other),
                    fixed(-(classes - 1) * rest * log_other + 0.0),
                ),
                ("Σ", str(classes), "1", "1", fixed(now)),
            ]
        )

    def page_answers(self, state: LossesState) -> Sequence[TopicFigure]:
        now = float(smoothed_loss(np.array(state.lead), state.classes, state.smoothing))
        plain = float(smoothed_loss(np.array(state.lead), state.classes, 0.0))
        best = best_lead(state.classes, state.smoothing)
        over = self.tr("at a lead of {value}").format(value=measured(best, 3))
        return (
            (self.tr("Loss"), fixed(now), self.tr("without smoothing: {value}").format(value=fixed(plain))),
            (self.tr("Floor"), fixed(smoothing_floor(state.smoothing, state.classes)), over),
            (self.tr("Above the floor"), fixed(max(now - smoothing_floor(state.smoothing, state.classes), 0.0)), ""),
        )
