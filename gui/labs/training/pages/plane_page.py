"""The page of the decision boundary: what the network answers everywhere in the plane of its two inputs, while it learns and at
every kept moment of its past.

It is offered for data of two inputs, and is the first page that they show. Shown in the upper group of the pages beside the
curves.
"""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from engine.data.info import DataInfo, DatasetError
from engine.data.sources import describe
from engine.experiments.experiment import Experiment
from engine.experiments.meaning import meaning_of
from engine.figures import fixed, full_count, in_decimals, percent
from engine.judging.decision_plane import DecisionPlane, PlanePoints, has_two_inputs, look_at_plane
from gui.labs.training.pages.plane_legend import PlaneLegend
from gui.labs.training.pages.roomy_page import RoomyPage
from gui.running.result_page import ModelQuestion
from gui.widgets.labels import label
from gui.widgets.page_stack import PageStack

if TYPE_CHECKING:
    from gui.plots.matrices.plane_plot import PlanePlot

NARROW_PX = 250  # a narrower page has no legend beside the plot
HEAD_PX = 30  # of the line above
MOST_NAMED = 3  # classes whose answers stand in the line


class PlanePage(RoomyPage):
    """`units_shown`: whether the lines of the first layer's units are drawn, by the user."""

    leads = True
    share_of_height = 3

    units_shown = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._question: ModelQuestion | None = None
        self._asked: Experiment | None = None
        self.plane: DecisionPlane | None = None
        self.note = label("muted", wraps=True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.place = QWidget()
        self._row = QHBoxLayout(self.place)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self.legend = PlaneLegend()
        self.units = QCheckBox()
        self.units.setChecked(True)
        self.beside = QWidget()
        beside = QVBoxLayout(self.beside)
        beside.setContentsMargins(0, 6, 0, 0)
        beside.addWidget(self.legend, 1)
        beside.addWidget(self.units)
        self._row.addWidget(self.beside)
        self.places = PageStack()
        self.places.addWidget(self.note)
        self.places.addWidget(self.place)
        self.column.addWidget(self.places, 1)
        self.units.clicked.connect(self._units_clicked)
        self.retranslate()

    @cached_property
    def plot(self) -> PlanePlot:
        """Made when the first answer comes: only then are the plots loaded."""
        from gui.plots.matrices.plane_plot import PlanePlot

        plot = PlanePlot()
        plot.setMinimumSize(120, 80)  # in the lowest window it gets 90
        plot.show_units(self.units.isChecked())
        plot.place_moved.connect(self._place_moved)
        self._row.insertWidget(0, plot, 1)
        self.place.setFocusProxy(plot)
        return plot

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 160)

    # --- what is asked

    def page_title(self) -> str:
        return self.tr("Decision boundary")

    def short_title(self) -> str:
        return self.tr("Boundary", "choice of pages")

    def suits(self, experiment: Experiment | None) -> bool:
        info = _described(experiment)
        return info is not None and has_two_inputs(info.input) and not info.tokens

    def show_run(self, experiment: Experiment | None) -> None:
        before, self._asked = self._asked, experiment
        if experiment is None or before is None or _of_network(before) != _of_network(experiment):
            self._question = None
            if experiment is not None and self.suits(experiment):
                self._question = partial(look_at_plane, meaning=meaning_of(experiment))
            self.plane = None
            self._show()
        self.question_changed.emit()

    def question(self) -> ModelQuestion | None:
        return None if self.rests() else self._question

    def show_answer(self, answer: Any) -> None:
        if answer is None:
            self.end_rests()
        self.plane = answer
        if answer is not None and answer.learning:
            self.rest_after(answer.seconds)
        self._show()

    # --- what is shown

    def show_units(self, shown: bool) -> None:
        """Draw the units' lines or not; nothing is emitted."""
        self.units.setChecked(shown)
        if "plot" in self.__dict__:
            self.plot.show_units(shown)
        self._show_legend()

    @Slot(bool)
    def _units_clicked(self, shown: bool) -> None:
        self.show_units(shown)
        self.units_shown.emit(shown)

    def _show(self) -> None:
        plane = self.plane
        if plane is None or not plane.is_finite:
            self.note.setText(
                self.none_yet(
                    self.tr("Once a run has begun, what its network answers in the plane of its two inputs is drawn here.")
                )
                if plane is None
                else self.tr("The model's answers are no longer finite numbers.")
            )
            self.places.setCurrentWidget(self.note)
            self.line.set_text("")
            return
        self.plot.set_plane(plane)
        self.places.setCurrentWidget(self.place)
        self.units.setVisible(plane.units is not None)
        self._show_legend()
        self._write_line()

    def _show_legend(self) -> None:
        plane = self.plane
        room = self.content.size()
        below = room.height() - HEAD_PX > room.width() * 1.1  # where it takes nothing from the square
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight)
        self.legend.set_below(below)
        self.beside.setVisible(below or room.width() >= NARROW_PX)
        if plane is None:
            return
        units = plane.units is not None and self.units.isChecked()
        if plane.task == "classification":
            self.legend.show_classes(plane.classes, units=units)
        else:
            from gui.plots.matrices.plane_plot import plane_ends

            self.legend.show_numbers(plane_ends(plane), units=units)

    @Slot(object)
    def _place_moved(self, place: tuple[int, int] | None) -> None:
        self._write_line()

    def _write_line(self) -> None:
        if self.plane is None:
            return
        place = self.plot.place
        self.line.set_text(*(self._standing(self.plane) if place is None else self._at(self.plane, *place)))

    def _standing(self, plane: DecisionPlane) -> tuple[str, ...]:
        """How well the points lie on their side, the longest wording first."""
        if plane.task != "classification":
            error = fixed(_mean_error(plane.validation))
            return (self.tr("Mean error of the validation points: {error}").format(error=error), error)
        of_validation, of_training = _right(plane.validation), _right(plane.training)
        long = self.tr("Validation {validation} right ({share}), training {training} ({trained})")
        short = self.tr("Validation {validation} right ({share})")
        values = {
            "validation": f"{full_count(of_validation)}/{full_count(len(plane.validation.places))}",
            "training": f"{full_count(of_training)}/{full_count(len(plane.training.places))}",
            "share": percent(of_validation / max(len(plane.validation.places), 1)),
            "trained": percent(of_training / max(len(plane.training.places), 1)),
        }
        return long.format(**values), short.format(**values), values["validation"]

    def _at(self, plane: DecisionPlane, row: int, column: int) -> tuple[str, ...]:
        """The place under the cursor: what is answered there, and which point lies there."""
        where = f"({_coordinate(plane.across[column])}, {_coordinate(plane.up[row])})"
        answers = plane.answers[row, column]
        if plane.task != "classification":
            said = fixed(float(answers[0]))
        else:
            order = np.argsort(-answers, kind="stable")[:MOST_NAMED].tolist()
            order = sorted(order) if len(answers) <= MOST_NAMED else order  # so that few classes keep their places
            is_values = plane.meaning == "values"
            shares = [in_decimals(float(answers[n]), 2) if is_values else percent(float(answers[n])) for n in order]
            said = ", ".join(f"{plane.classes[n]} {share}" for n, share in zip(order, shares, strict=True))
        text = f"{where}: {said}"
        near = self.plot.point_near()
        if near is None:
            return (text,)
        judged, number = near
        part = plane.validation if judged else plane.training
        truth = part.truth[number]
        name = plane.classes[int(truth)] if plane.task == "classification" else fixed(float(truth))
        told = self.tr("validation point, true {truth}") if judged else self.tr("training point, true {truth}")
        point = told.format(truth=name)
        return f"{text} · {point}", text

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._show_legend()

    def retranslate(self) -> None:
        super().retranslate()
        self.units.setText(self.tr("Unit lines"))
        self.units.setToolTip(
            self.tr(
                "A unit of the first layer divides the plane by a straight line: on one side w₁x₁ + w₂x₂ + b is above 0, on "
                "the other below. The boundary is bent out of these lines."
            )
        )
        self._show()


def _described(experiment: Experiment | None) -> DataInfo | None:
    if experiment is None:
        return None
    try:
        return describe(experiment.data)
    except DatasetError:
        return None


def _of_network(experiment: Experiment) -> tuple[object, ...]:
    """What decides what the answers mean."""
    return experiment.network, experiment.data, experiment.seed, experiment.training.loss


def _right(part: PlanePoints) -> int:
    return int(len(part.places) - part.wrong.sum())


def _mean_error(part: PlanePoints) -> float:
    """The mean distance from the truth."""
    return float(np.abs(part.predicted.astype(np.float64) - part.truth).mean()) if len(part.places) else 0.0


def _coordinate(value: float) -> str:
    return in_decimals(float(value), 2)
