"""Logistic regression: a sigmoid unit's probability over the plane, its sum for one point, its loss, and the next step of its
descent in numbers. Of three classes it tells class 1 from the rest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.figures import measured
from engine.foundations.boards.perceptron.perceptron_numbers import SigmoidStep, probabilities, sigmoid_step, unit_sum
from engine.foundations.boards.perceptron.plane_networks import PlaneJudged
from engine.foundations.perceptrons import Perceptron
from engine.foundations.unit_functions import RealArray
from gui.labs.foundations.perceptron.parts_grid import TitledSection
from gui.labs.foundations.perceptron.plane_points import PlaneScene, scene_of
from gui.labs.foundations.perceptron.plane_view import DrawnPlane
from gui.labs.foundations.perceptron.state import PerceptronState
from gui.labs.foundations.perceptron.trained_page import ShownLosses, TrainedPage
from gui.labs.foundations.perceptron.training_course import SigmoidCourse
from gui.labs.foundations.perceptron.unit_drawing import DrawnUnit, UnitDrawing, sum_in_words
from gui.labs.foundations.topic_board import TopicFigure
from gui.labs.foundations.worked_lines import WorkedLines
from gui.widgets.figures.figure_table import FigureTable

LEVELS = np.array([0.1, 0.25, 0.75, 0.9])  # probabilities whose lines are drawn beside the boundary
LARGEST = 1000.0  # of a weight
NOTHING = 1e-14  # what is smaller is rounding, and is 0 wherever it is shown


class LogisticPage(TrainedPage):
    def __init__(self) -> None:
        super().__init__()
        self.unit, self.table, self.sum = UnitDrawing(), FigureTable(), WorkedLines(1, 420)
        self._course: SigmoidCourse | None = None
        self.now: SigmoidStep | None = None
        self.unit_part, self.step_part = TitledSection(), TitledSection()
        self.unit_part.body.addWidget(self.unit, 1)
        self.unit_part.body.addWidget(self.sum)
        self.step_part.body.addWidget(self.table)
        self.step_part.body.addStretch(1)
        self.grid.set_parts((self.plane_part, self.unit_part, self.step_part, self.losses_part))
        self.retranslate()

    def show_page(self, state: PerceptronState) -> None:
        self.state = state
        scene = scene_of(state)
        weights = state.sigmoid_weights
        truth = (scene.part.t == 1).astype(np.int64)
        now = self.now = sigmoid_step(weights, scene.part.x, truth, state.sigmoid_rate)
        p = probabilities(weights, scene.places)
        answered = (probabilities(weights, scene.part.x) >= 0.5).astype(np.int64)
        predicted = np.where(answered == truth, scene.part.t, answered)
        shares = np.stack([1 - p, p], axis=1)
        total = scene.places @ np.array(weights[:2]) + weights[2]
        scores = np.stack([-total, total], axis=1)
        two = scene._replace(classes=2) if scene.classes > 2 else scene
        self.show_plane(
            DrawnPlane(two, scores, shares, PlaneJudged(now.loss, predicted, now.accuracy), levels=_level_lines(weights))
        )
        self._draw_unit(scene)
        self._write_step(now)
        course = self._course_of(state, scene)
        steps = state.descent_steps
        self.show_losses(ShownLosses(np.arange(steps + 1, dtype=np.float64), course.losses(steps)))
        self.show_course(steps, course.reached)

    def _draw_unit(self, scene: PlaneScene) -> None:
        """The unit with the first point as its input."""
        w1, w2, b = self.state.sigmoid_weights
        x = tuple(scene.part.x[0].tolist()) if len(scene.part.x) else (0.0, 0.0)
        found = unit_sum(Perceptron((w1, w2), b), x)
        drawn = DrawnUnit(found.terms, found.total, float(probabilities((w1, w2, b), np.array(x))), "sigmoid")
        self.unit.show_unit(drawn)
        said = self.tr("First point: {sum}, σ(Σ) = {p}").format(sum=sum_in_words(drawn), p=measured(drawn.output))
        self.sum.show_lines([said])

    def _write_step(self, now: SigmoidStep) -> None:
        lines = (
            (self.tr("now"), now.weights),
            (self.tr("gradient"), _settled(now.slopes)),
            (self.tr("− rate × gradient"), _settled(now.step)),
            (self.tr("after the step"), _settled(now.weights + now.step)),
        )
        rows = [[name, *map(measured, values.tolist())] for name, values in lines]
        self.table.set_rows([["", "w₁", "w₂", "b"], *rows])

    def _course_of(self, state: PerceptronState, scene: PlaneScene) -> SigmoidCourse:
        began = (state.began.w1, state.began.w2, state.began.b)
        if self._course is None or not self._course.is_of(began, state.sigmoid_rate, scene.part):
            self._course = SigmoidCourse(began, state.sigmoid_rate, scene.part)
        return self._course

    def page_answers(self, state: PerceptronState) -> Sequence[TopicFigure]:
        assert self.now is not None
        length = float(np.hypot(*self.now.slopes[:2]))
        return (
            (self.tr("Loss"), measured(self.now.loss), self.tr("cross-entropy")),
            self.accuracy_figure(),
            (self.tr("Gradient"), measured(length), "|∂L/∂w|"),
            (self.tr("Parameters"), "3", "w₁, w₂, b"),
        )

    # --- the training

    @property
    def steps_done(self) -> int:
        return self.state.descent_steps

    def fields_at(self, step: int) -> dict[str, object]:
        weights = self._course_of(self.state, scene_of(self.state)).weights_at(step)
        limited = _settled(np.clip(weights, -LARGEST, LARGEST)).tolist()
        fields = dict(zip(("sigmoid_w1", "sigmoid_w2", "sigmoid_b"), limited, strict=True))
        return {**fields, "descent_steps": step}

    def retranslate(self) -> None:
        super().retranslate()
        self.plane_part.set_title(self.tr("Probability"))
        self.unit_part.set_title(self.tr("The unit"))
        self.step_part.set_title(self.tr("The next step"))
        if self.now is not None:
            self.show_page(self.state)


def _settled(values: RealArray) -> RealArray:
    settled: RealArray = np.where(np.abs(values) > NOTHING, values, 0.0)
    return settled


def _level_lines(weights: tuple[float, float, float]) -> RealArray:
    """The lines (levels, 3) on which the probability is one of LEVELS: those where the sum is ln p / (1 - p)."""
    w1, w2, b = weights
    found: RealArray = np.stack([np.full(len(LEVELS), w1), np.full(len(LEVELS), w2), b - np.log(LEVELS / (1 - LEVELS))], axis=1)
    return found
