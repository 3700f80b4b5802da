"""Own points under a Gaussian: the density over each point, and the log likelihood over mean and deviation."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PySide6.QtWidgets import QHBoxLayout

from engine.figures import MINUS, fixed, measured
from engine.foundations.boards.losses.likelihoods import gaussian_fit, gaussian_surface, most_likely_gaussian
from gui.labs.foundations.losses.state import MOST_POINTS, LossesState
from gui.labs.foundations.topic_board import TopicFigure, TopicPage
from gui.plots.graphs.graph_parts import GraphField, GraphHandle, GraphLine, GraphMark, GraphPicture, GraphPoints
from gui.plots.graphs.graph_plot import GraphPlot
from gui.plots.numbers.ranges import Range
from gui.widgets.figures.figure_table import FigureTable
from gui.widgets.labels import label, set_text

CELLS = 61
REACHES = (5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0)  # of the axes: a handle at an edge does not move it on
STEPS = 181
BELOW = (0.5, 2.0, 4.5, 8.0, 12.5, 18.0)  # of the top, where contours are drawn
DEEPEST = 25.0  # below the top, where the colours end


@lru_cache(maxsize=32)
def _surface(points: tuple[float, ...], across: Range, up: Range) -> GraphField:
    """The log likelihood as a field over mean and deviation; the same object for the same points."""
    values = gaussian_surface(np.array(points), np.linspace(*across, CELLS), np.linspace(*up, CELLS))
    top = float(values.max())
    return GraphField(values, across, up, ends=(top - DEEPEST, top), levels=[top - each for each in reversed(BELOW)])


def _view(state: LossesState) -> tuple[Range, Range]:
    """What the axes show: they keep still while a point is dragged."""
    farthest = max(*(abs(each) for each in state.points), abs(state.mean))
    widest = max(state.deviation, most_likely_gaussian(np.array(state.points))[1])
    reach = next(each for each in REACHES if farthest <= each)
    return (-reach, reach), (0.1, next(each for each in REACHES if widest <= each))


class GaussianPage(TopicPage):
    def __init__(self) -> None:
        super().__init__()
        self.density, self.surface = GraphPlot(), GraphPlot()
        self.density.export_name, self.surface.export_name = "likelihood", "log-likelihood"
        self.density.takes_removal = True
        self.density.handle_moved.connect(self._moved)
        self.density.clicked.connect(self._added)
        self.density.removed.connect(self._removed)
        self.surface.handle_moved.connect(lambda _key, x, y: self._set(x, y))
        self.surface.clicked.connect(self._set)
        self.hint, self.terms = label("muted", wraps=True), label("worked", wraps=True)
        self.table = FigureTable()
        self._shown = LossesState()
        plots = QHBoxLayout()
        plots.setSpacing(8)
        plots.addWidget(self.density, 1)
        plots.addWidget(self.surface, 1)
        self.column.addWidget(self.hint)
        self.column.addLayout(plots, 1)
        self.column.addWidget(self.terms)
        self.column.addWidget(self.table)

    def _moved(self, key: str, x: float, _y: float) -> None:
        state = self._shown
        if key == "mean":
            self.edited.emit({"mean": round(x, 2)})
        elif key == "deviation":
            self.edited.emit({"deviation": max(round(abs(x - state.mean), 2), 0.05)})
        else:
            place = int(key)
            self.edited.emit({"points": (*state.points[:place], round(x, 2), *state.points[place + 1 :])})

    def _added(self, x: float, _y: float) -> None:
        if len(self._shown.points) < MOST_POINTS:
            self.edited.emit({"points": (*self._shown.points, round(x, 2))})

    def _removed(self, x: float, y: float) -> None:
        """A point that was taken away; the handles of the curve stay."""
        points = self._shown.points
        if y != 0 or len(points) == 1:
            return
        place = min(range(len(points)), key=lambda number: abs(points[number] - x))
        self.edited.emit({"points": (*points[:place], *points[place + 1 :])})

    def _set(self, mean: float, deviation: float) -> None:
        self.edited.emit({"mean": round(mean, 2), "deviation": max(round(deviation, 2), 0.05)})

    def show_page(self, state: LossesState) -> None:
        self._shown = state
        points, (across, up) = np.array(state.points), _view(state)
        fit = gaussian_fit(points, state.mean, state.deviation)
        best_mean, best_deviation = most_likely_gaussian(points)
        x = np.linspace(*across, STEPS)
        curve = gaussian_fit(x, state.mean, state.deviation).densities
        best = gaussian_fit(x, best_mean, best_deviation).densities
        stems_x = np.repeat(points, 3)
        stems_y = np.stack([np.zeros(len(points)), fit.densities, np.full(len(points), np.nan)], axis=1).ravel()
        peak, side = gaussian_fit(
            np.array([state.mean, state.mean + state.deviation]), state.mean, state.deviation
        ).densities.tolist()
        top = float(np.ceil(10 * max(curve.max(), best.max(), 0.3)) / 10) * 1.08
        self.density.show_picture(
            GraphPicture(
                lines=(
                    GraphLine(self.tr("most likely"), x, best, "muted", dashed=1, width=1.5),
                    GraphLine(self.tr("density"), x, curve, 0, width=2.5, filled_to=0.0),
                    GraphLine(self.tr("likelihood of each point"), stems_x, stems_y, 1, width=1.5, told=False),
                ),
                points=(GraphPoints("", points, fit.densities, 1, px=3.0),),
                handles=(
                    *(GraphHandle(str(k), f"x = {measured(each)}", each, 0.0, "x", 1) for k, each in enumerate(state.points)),
                    GraphHandle("mean", self.tr("mean"), state.mean, peak, "x", 0),
                    GraphHandle("deviation", self.tr("deviation"), state.mean + state.deviation, side, "x", 0),
                ),
                marks=(GraphMark("μ", state.mean),),
                x=across,
                y=(-0.06 * top, top),
                x_name="x",
                y_name="p(x)",
                tip=lambda at, _y: self._told(state, at),
            )
        )
        self.surface.show_picture(
            GraphPicture(
                field=_surface(state.points, across, up),
                points=(GraphPoints(self.tr("most likely"), [best_mean], [best_deviation], "window", "cross", 5.5),),
                handles=(GraphHandle("both", self.tr("mean and deviation"), state.mean, state.deviation, colour="accent"),),
                x=across,
                y=up,
                x_name=self.tr("mean μ"),
                y_name=self.tr("deviation σ"),
            )
        )
        set_text(
            self.hint, self.tr("Drag points, mean and deviation. A click adds a point, Delete or a right click removes one.")
        )
        said = self.tr("ln L = −Σ(x − μ)²/2σ² − n ln σ − n/2 ln 2π = {squares} {spread} {constant} = {total}")
        set_text(
            self.terms,
            said.format(
                squares=measured(-fit.squares),
                spread=self._added_text(-fit.spread),
                constant=self._added_text(-fit.constant),
                total=measured(fit.log_likelihood),
            ),
        )
        most = gaussian_fit(points, best_mean, best_deviation)
        self.table.set_rows(
            [
                ("", self.tr("mean μ"), self.tr("deviation σ"), "ln L", self.tr("−ln L per point")),
                self._row(self.tr("yours"), state.mean, state.deviation, fit.log_likelihood, len(points)),
                self._row(self.tr("most likely"), best_mean, best_deviation, most.log_likelihood, len(points)),
            ]
        )

    @staticmethod
    def _added_text(value: float) -> str:
        return f"{MINUS if value < 0 else '+'} {measured(abs(value))}"

    @staticmethod
    def _row(name: str, mean: float, deviation: float, found: float, points: int) -> tuple[str, ...]:
        return name, fixed(mean), fixed(deviation), fixed(found), fixed(-found / points)

    def _told(self, state: LossesState, x: float) -> str:
        points = np.array(state.points)
        near = int(np.abs(points - x).argmin())
        fit = gaussian_fit(points, state.mean, state.deviation)
        here = gaussian_fit(np.array([x]), state.mean, state.deviation).densities[0]
        said = self.tr("p({x}) = {density}\nnearest point {point}: p = {share}, ln p = {log}")
        return said.format(
            x=measured(x, 3),
            density=measured(float(here)),
            point=measured(state.points[near]),
            share=measured(float(fit.densities[near])),
            log=measured(float(fit.log_densities[near])),
        )

    def page_answers(self, state: LossesState) -> Sequence[TopicFigure]:
        points = np.array(state.points)
        fit = gaussian_fit(points, state.mean, state.deviation)
        mean, deviation = most_likely_gaussian(points)
        most = gaussian_fit(points, mean, deviation).log_likelihood
        at = self.tr("at μ = {mean}, σ = {deviation}").format(mean=measured(mean), deviation=measured(deviation))
        return (
            (self.tr("Log likelihood of {count} points").format(count=len(points)), fixed(fit.log_likelihood), ""),
            (self.tr("Largest"), fixed(most), at),
            (self.tr("Likelihood L"), measured(float(np.exp(fit.log_likelihood))), ""),
        )
