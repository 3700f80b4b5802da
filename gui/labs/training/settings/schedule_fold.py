"""The learning rate's schedule: its kind, its numbers, its curve before anything runs, and where the run is on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.data.info import DataInfo
from engine.experiments.experiment import Experiment
from engine.experiments.schedules import SCHEDULES, AnySchedule, Course, Lasting, Plateau, ReduceLROnPlateau
from engine.fields import edited
from engine.figures import in_digits
from engine.runs.status import State, Status
from gui.labs.training.settings.fold import Fold
from gui.shell.language import say
from gui.widgets.forms.controls import ChoiceRow
from gui.widgets.forms.form import Form
from gui.widgets.labels import label, set_text

if TYPE_CHECKING:
    from gui.plots.rate_curve import RateCurve

NONE = "constant"
WORDS = "fields_schedule"
CURVE_PX = 132
MOST_POINTS = 600
MOST_EPOCHS = 5000  # after which nothing is seen of a plateau any more


class ScheduleFold(Fold):
    """One form for each kind of schedule, of which the chosen one's is seen. The plot is made when it is first looked at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("schedule", parent)
        self._experiment = Experiment()
        self._info: DataInfo | None = None
        self._status: Status | None = None
        self.kind = ChoiceRow()
        self.forms: dict[str, Form] = {}
        self.note = label("muted", wraps=True)
        self.now = label("muted", wraps=True)
        self.curve: RateCurve | None = None
        self._place = QWidget()
        self._place.setFixedHeight(CURVE_PX)
        self._inside_place = QVBoxLayout(self._place)
        self._inside_place.setContentsMargins(0, 0, 0, 0)
        self._forms = QVBoxLayout()
        for part in (self.kind, self._place, self.now):
            self.rows.addWidget(part)
        self.rows.addLayout(self._forms)
        self.rows.addWidget(self.note)
        self.kind.chosen.connect(self._kind_chosen)
        self.retranslate()

    @property
    def schedule(self) -> AnySchedule | None:
        return self._experiment.training.schedule

    def show_experiment(self, experiment: Experiment, opened: Experiment, info: DataInfo | None) -> None:
        self._experiment, self._info = experiment, info
        self._show()

    def show_run(self, status: Status | None) -> None:
        running = None if status is None or status.steps == 0 or status.state is State.PREPARING else status
        if running != self._status:
            self._status = running
            self._show_here()

    def opened(self) -> None:
        self._show()

    def _show(self) -> None:
        schedule = self.schedule
        name = NONE if schedule is None else type(schedule).__name__
        self.kind.set_value(name)
        self.tell(say("choices", name))
        if not self.is_open:
            return
        if schedule is not None:
            if name not in self.forms:
                form = self.forms[name] = Form(type(schedule), words=WORDS)
                self._forms.addWidget(form)
                form.edited.connect(self._schedule_edited)
            self.forms[name].show_value(schedule)
        for key, form in self.forms.items():
            form.setVisible(key == name)
        set_text(self.note, say(WORDS, f"{name}.about"))
        self._place.setVisible(schedule is not None)
        self._draw()
        self._show_here()

    # --- the curve

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.curve is None and self.is_open and self.schedule is not None:
            QTimer.singleShot(0, self, self._make_curve)

    @Slot()
    def _make_curve(self) -> None:
        if self.curve is not None:
            return
        from gui.plots.rate_curve import RateCurve  # pyqtgraph: after the first paint

        self.curve = RateCurve()
        self._inside_place.addWidget(self.curve)
        self._name_axes()
        self._draw()
        self._show_here()

    def _name_axes(self) -> None:
        if self.curve is not None:
            self.curve.set_axis_names(self.tr("Epochs"), "")
            self.curve.setAccessibleName(self.tr("Learning rate over the epochs"))

    def _draw(self) -> None:
        if self.curve is not None and self.schedule is not None and self.is_open:
            self.curve.set_rates(*rates_of(self._experiment, self._info))

    def _show_here(self) -> None:
        status = self._status
        here = None if status is None or not status.steps else status.step * status.epochs / status.steps
        if self.curve is not None:
            follows = not isinstance(self.schedule, ReduceLROnPlateau)  # whose curve is only what would be
            self.curve.set_here(here if follows else None)
        self.now.setVisible(self.schedule is not None)
        if self.schedule is not None and self.is_open:
            rate = rates_of(self._experiment, self._info)[1][0] if status is None else status.rate
            set_text(self.now, self.tr("Learning rate of the next iteration: {rate}").format(rate=in_digits(rate)))

    # --- what the user does

    def _kind_chosen(self, name: str) -> None:
        self._take(None if name == NONE else SCHEDULES[name]())

    def _schedule_edited(self, schedule: AnySchedule) -> None:
        before = self.schedule
        if isinstance(schedule, Lasting) and isinstance(before, Lasting) and schedule.epochs and before.epochs is None:
            schedule = edited(schedule, epochs=self._experiment.training.epochs)  # where it ends now, to go on from
        self._take(schedule)

    def _take(self, schedule: object) -> None:
        training = edited(self._experiment.training, schedule=schedule)
        self.edited.emit(edited(self._experiment, training=training))

    def heads(self) -> list[QWidget]:
        return [self.kind.head, *(head for form in self.forms.values() for head in form.heads())]

    def retranslate(self) -> None:
        self.set_title(self.tr("Schedule"), self.tr("How the learning rate changes while the run goes on."))
        self.kind.set_label(self.tr("Kind"), self.tr("The learning rate above is multiplied by what the schedule says."))
        self.kind.set_choices([(name, say("choices", name)) for name in (NONE, *SCHEDULES)])
        self._name_axes()
        self._show()


def rates_of(experiment: Experiment, info: DataInfo | None) -> tuple[list[float], list[float]]:
    """The learning rate after so many epochs, for all of a run. That of a plateau is as if the validation loss never became
    better than after the first epoch."""
    training = experiment.training
    schedule = training.schedule
    assert schedule is not None
    train = 1000 if info is None else info.train
    each = -(-train // min(training.batch_size, train))
    course = Course(each, each * training.epochs)
    if isinstance(schedule, ReduceLROnPlateau):
        return _unbettered(schedule, training.lr, training.epochs)
    steps = np.unique(np.linspace(0, course.steps, min(course.steps, MOST_POINTS) + 1).round()).astype(int).tolist()
    places, rates, before = list[float](), list[float](), 0.0
    for step in steps:
        rate = training.lr * schedule.factor(step if step < course.steps else step - 1, course)
        if places and schedule.IN_STEPS and rate != before:  # a step is upright
            places.append(step / each)
            rates.append(before)
        places.append(step / each)
        rates.append(rate)
        before = rate
    return places, rates


def _unbettered(schedule: ReduceLROnPlateau, lr: float, epochs: int) -> tuple[list[float], list[float]]:
    places, rates, plateau = [0.0], [lr], Plateau()
    for epoch in range(1, min(epochs, MOST_EPOCHS) + 1):
        plateau = schedule.seen(plateau, epoch, 1.0)
        rate = lr * schedule.factor(epoch, Course(1, epochs, plateau))
        places += [float(epoch), float(epoch)]
        rates += [rates[-1], rate]
    return [*places, float(epochs)], [*rates, rates[-1]]
