"""A small network trained live on points of the plane: its boundary, every unit's answer over the plane, its losses.

The picture is that after the state's steps. They are computed in slices between two turns of the event loop; a training that is
nearly done is finished and shown even where something newer is asked for, so that the picture follows a slider.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QTimer

from engine.fields import edited
from engine.figures import full_count, measured
from engine.foundations.boards.perceptron.plane_networks import (
    PlaneAnswer,
    PlaneMoment,
    PlaneShape,
    answers_on,
    judged,
    steps_an_epoch,
)
from engine.foundations.unit_functions import RealArray, softmax
from gui.labs.foundations.perceptron.network_drawing import THUMB, DrawnNetwork, DrawnNode, NetworkDrawing
from gui.labs.foundations.perceptron.parts_grid import TitledSection
from gui.labs.foundations.perceptron.plane_points import SIDE, PlaneScene, scene_of
from gui.labs.foundations.perceptron.plane_view import DrawnPlane
from gui.labs.foundations.perceptron.state import PerceptronState
from gui.labs.foundations.perceptron.trained_page import ShownLosses, TrainedPage
from gui.labs.foundations.perceptron.training_course import TrainingCourse
from gui.labs.foundations.topic_board import TopicFigure
from gui.plots.matrices.plane_plot import class_colour
from gui.shell.theme import theme

SLICE_S = 0.004  # of computing, between two turns of the event loop: a slider's move waits for one that is under way
FINISHED_S = 0.4  # so long a training may be finished while another one is asked for
FIRST_PARTIAL_S, PARTIAL_S = 0.25, 0.15  # when a long one is shown before its end
FRAME_SHARE = 0.2  # of the time, at most, goes to showing one that is under way


class CourseKeeper:
    """The training that the pages of one board share."""

    def __init__(self) -> None:
        self.course: TrainingCourse | None = None


class NetworkPage(TrainedPage):
    def __init__(self) -> None:
        super().__init__()
        self.keeper = CourseKeeper()
        self._computed: PerceptronState | None = None  # what the course that is under way was asked for by
        self._drawn_of: tuple[object, ...] = ()  # what the page was last drawn from
        self._began = self._shown_at = self._frame_s = 0.0
        self._busy = self._drawn_now = False
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on_computing)
        self.network = NetworkDrawing()
        self.network.unit_pointed.connect(self._point_out)
        self.network_part = TitledSection()
        self.network_part.body.addWidget(self.network, 1)
        self.place_parts()
        self.retranslate()

    def place_parts(self) -> None:
        """Put the parts of the page into its grid."""
        self.grid.set_parts((self.plane_part, self.network_part, self.losses_part))

    # --- computing

    def show_page(self, state: PerceptronState) -> None:
        self.state = state
        if self._busy and self._computed is not None and self._computed != state:
            under_way = self._of(self._computed) is not self._of(state, make=False)
            if under_way and time.perf_counter() - self._began < FINISHED_S:
                return  # `_go_on_computing` takes the newest state when this one is done
        self._begin(state)

    def _of(self, state: PerceptronState, *, make: bool = True) -> TrainingCourse | None:
        """The course of a state: the one that there is, or a new one. Without `make` only the first."""
        scene = scene_of(state)
        asked = state.trained_shape(scene.classes), state.training, scene.part
        course = self.keeper.course
        if course is not None and course.is_of(*asked):
            return course
        if not make:
            return None
        self.keeper.course = TrainingCourse(*asked)
        return self.keeper.course

    def _begin(self, state: PerceptronState) -> None:
        self._computed, self._began, self._shown_at = state, time.perf_counter(), 0.0
        self._compute()

    def _compute(self) -> None:
        """One slice; shows what there is where it is the end, or where the end is far."""
        state = self._computed
        assert state is not None
        course = self._of(state)
        assert course is not None
        if self._drawn_now:  # the first turn after a picture: it has been painted
            self._frame_s, self._drawn_now = time.perf_counter() - self._shown_at, False
        done = course.go(state.steps, SLICE_S)
        now = time.perf_counter()
        self._busy = not done
        since = now - (self._shown_at or self._began)
        rest_s = max(PARTIAL_S, self._frame_s / FRAME_SHARE) if self._shown_at else FIRST_PARTIAL_S
        if done or since > rest_s:
            self._shown_at, self._drawn_now = now, True
            self._draw(state, course)
            if self._timer.isActive():
                self.answers_changed.emit()
        if done:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def _go_on_computing(self) -> None:
        self._compute()
        if not self._busy and self._computed != self.state:
            self._begin(self.state)
            self.answers_changed.emit()

    def page_busy(self) -> bool:
        return self._busy

    def page_left(self) -> None:
        super().page_left()
        self._timer.stop()
        self._busy, self._computed = False, None  # nothing goes on with it: the page that is shown has the course now

    def close_page(self, deadline_s: float) -> None:
        super().close_page(deadline_s)
        self._timer.stop()

    # --- drawing

    def _draw(self, state: PerceptronState, course: TrainingCourse) -> None:
        scene, moment = scene_of(state), course.now
        drawn_of = course, moment.step, course.reached, edited(state, pace=1, preset=""), theme().dark
        if drawn_of == self._drawn_of:
            return
        self._drawn_of = drawn_of
        shape = state.shape(scene.classes)
        answer = answers_on(shape, moment.weights, scene.places)
        with np.errstate(invalid="ignore"):
            shares = softmax(answer.scores)
        self.draw_plane(state, scene, shape, moment, answer, shares)
        self.network.show_network(drawn_network(moment, answer.hidden, shares))
        steps, losses = course.losses()
        self.show_losses(ShownLosses(steps, losses))
        an_epoch = steps_an_epoch(len(scene.part.x), state.batch)
        self.show_course(moment.step, course.reached, moment.step // an_epoch if an_epoch > 1 else None)

    def draw_plane(
        self,
        state: PerceptronState,
        scene: PlaneScene,
        shape: PlaneShape,
        moment: PlaneMoment,
        answer: PlaneAnswer,
        shares: RealArray,
    ) -> None:
        units = np.vstack(moment.weights[:2]).T if state.unit_lines and state.layers else None
        self.show_plane(DrawnPlane(scene, answer.scores, shares, judged(shape, moment.weights, scene.part), units))

    def _point_out(self, unit: tuple[int, int] | None) -> None:
        """Show where the unit of the first layer under the pointer turns."""
        course, line = self.keeper.course, None
        if unit is not None and unit[0] == 1 and course is not None:
            w1, w2 = course.now.weights[0][:, unit[1]].tolist()
            line = w1, w2, float(course.now.weights[1][unit[1]])
        self.plane.point_out(line)

    def page_answers(self, state: PerceptronState) -> Sequence[TopicFigure]:
        course = self.keeper.course
        scene = scene_of(state)
        reached = course.now.step if course is not None else 0
        note = self.tr("of {steps}").format(steps=full_count(state.steps))
        shape = state.shape(scene.classes)
        sizes = "-".join(str(size) for size in shape.sizes)
        return (
            (self.tr("Step"), full_count(reached), note),
            (self.tr("Loss"), measured(self.judged.loss), self.tr("cross-entropy")),
            self.accuracy_figure(),
            (self.tr("Parameters"), full_count(shape.parameters), sizes),
        )

    # --- the training

    @property
    def steps_done(self) -> int:
        return self.state.steps

    def fields_at(self, step: int) -> dict[str, object]:
        return {"steps": step}

    def retranslate(self) -> None:
        super().retranslate()
        self.plane_part.set_title(self.tr("The plane"))
        self.network_part.set_title(self.tr("Each unit over the plane"))
        self._drawn_of = ()
        if self._computed is not None:
            self._begin(self.state)


def drawn_network(moment: PlaneMoment, hidden: tuple[RealArray, ...], shares: RealArray) -> DrawnNetwork:
    """Every unit with what it answers over the plane, at every fourth place."""
    every = SIDE // THUMB
    ends = (np.arange(SIDE) + 0.5) / SIDE * 2 - 1
    across, up = np.meshgrid(ends[::every], ends[::every])
    columns: list[tuple[DrawnNode, ...]] = [(DrawnNode("x₁", field=across), DrawnNode("x₂", field=up))]
    for number, values in enumerate(hidden):
        small = values.reshape(SIDE, SIDE, -1)[::every, ::every]
        letter = "h" if len(hidden) == 1 else f"h{chr(0x2081 + number)},"
        columns.append(tuple(DrawnNode(f"{letter}{unit + 1}", field=small[..., unit]) for unit in range(small.shape[2])))
    small = shares.reshape(SIDE, SIDE, -1)[::every, ::every]
    columns.append(
        tuple(
            DrawnNode(f"y{number}", field=small[..., number], colour=class_colour(number)) for number in range(small.shape[2])
        )
    )
    return DrawnNetwork(tuple(columns), moment.weights[0::2], moment.weights[1::2])
