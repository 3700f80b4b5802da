"""MLP against CNN: the accuracy of two trained networks on shifted and turned pictures, as two curves in one plot.

Courses say that a CNN bears such pictures better than a fully connected network; here it is measured, on the runs that the user
has trained. Opened by the training lab, which trains what is missing.
"""

from __future__ import annotations

from pathlib import Path
from typing import cast

from PySide6.QtCore import QEvent, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QPen, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from engine.data.sources import describe
from engine.experiments.experiment import Experiment, preset, preset_names, read
from engine.figures import full_count, measured, percent
from engine.judging.moved_accuracy import MOVEMENTS, MovedCurve, Movement, sees_classes_of_pictures
from engine.runs.first_filters import has_convolution, trained_runs
from engine.runs.folder import EXPERIMENT
from engine.words import Phrase
from gui.bridge import Latest
from gui.labs.training.moved.moved_work import MovedAnswer, MovedRequest, MovedWork
from gui.plots.curve_card import CurveLegend
from gui.plots.look import curve_pen, pen_of
from gui.plots.rates import RateLine, RatePlot
from gui.shell.language import language, say
from gui.shell.theme import theme
from gui.widgets.forms.controls import ChoiceRow, Segmented, align
from gui.widgets.labels import label

PROGRESS_MS = 80
SIZE_PX = (720, 560)
CHANCE = "chance"


def is_cnn(experiment: Experiment) -> bool:
    """Whether it classifies pictures, with a convolution."""
    return sees_classes_of_pictures(experiment) and has_convolution(experiment)


def is_mlp(experiment: Experiment) -> bool:
    """Whether it classifies pictures, without one."""
    return sees_classes_of_pictures(experiment) and not has_convolution(experiment)


class MovedDialog(QDialog):
    """`train_asked`: the user wants this experiment to be trained; the dialog looks for its run when `refresh` is called."""

    train_asked = Signal(object)

    def __init__(self, runs_folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._root = runs_folder
        self._answer: MovedAnswer | None = None
        self._to_train: list[str] = []  # presets, the next one first
        self._may_train = True
        self.choices = {"cnn": ChoiceRow(), "mlp": ChoiceRow()}
        self.movement = Segmented([(name, "") for name in MOVEMENTS])
        self.movement.set_current("shift")
        self.legend = CurveLegend(_pen)
        self.plot = RatePlot()
        self.plot.export_name = "moved pictures"
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.said = label("muted", wraps=True)
        self.problem = label("warning", wraps=True)
        self.missing = label("muted", wraps=True)
        self.train, self.close_button = QPushButton(), QPushButton()
        self.train.setProperty("role", "primary")
        self._work = MovedWork(lambda: self.latest.superseded())
        self.latest: Latest[MovedRequest, MovedAnswer] = Latest(self._work, self, name="moved")
        self.latest.answered.connect(self._show_answer)
        self.latest.failed.connect(self._failed)
        self._watch = QTimer(self)
        self._watch.setInterval(PROGRESS_MS)
        self._watch.timeout.connect(self._show_progress)
        self._lay_out()
        for choice in self.choices.values():
            choice.chosen.connect(lambda _run: self._ask())
        self.movement.chosen.connect(lambda _name: self._ask())
        self.train.clicked.connect(self._train_missing)
        self.close_button.clicked.connect(self.close)
        self.resize(*SIZE_PX)
        self.retranslate()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        for choice in self.choices.values():
            column.addWidget(choice)
        offer = QHBoxLayout()
        offer.addWidget(self.missing, 1)
        offer.addWidget(self.train)
        column.addLayout(offer)
        top = QHBoxLayout()
        top.addWidget(self.movement)
        top.addSpacing(12)
        top.addWidget(self.legend, 1)
        column.addLayout(top)
        column.addWidget(self.plot, 1)
        column.addWidget(self.progress)
        column.addWidget(self.problem)
        ends = QHBoxLayout()
        ends.addWidget(self.said, 1)
        ends.addWidget(self.close_button)
        column.addLayout(ends)
        self.problem.hide()

    # --- which runs

    @Slot()
    def refresh(self) -> None:
        """List the runs as they are now. Where nothing is chosen, take the newest one with a convolution, and the newest one
        without."""
        runs = trained_runs(self._root, sees_classes_of_pictures, language())
        pairs = [(str(folder), title) for folder, title in runs]
        for name, offered in (("cnn", is_cnn), ("mlp", is_mlp)):
            choice, newest = self.choices[name], trained_runs(self._root, offered)
            before = choice.value
            choice.set_choices(pairs)
            if not before or before not in dict(pairs):
                choice.set_value(str(newest[0][0]) if newest else "")
                if not newest:
                    choice.box.setCurrentIndex(-1)
            choice.setEnabled(bool(pairs))
        self._show_missing()
        self._ask()

    def missing_presets(self) -> list[str]:
        """The presets that would give the networks that there are none of."""
        kinds = [kind for kind in (is_cnn, is_mlp) if not trained_runs(self._root, kind)]
        return [next(stem for stem in preset_names() if kind(preset(stem))) for kind in kinds]

    def _show_missing(self) -> None:
        missing = self.missing_presets()
        names = ", ".join(say("presets", stem) for stem in missing)
        self.missing.setText(
            self.tr("For this comparison a trained network is missing: {names}.").format(names=names) if missing else ""
        )
        self.train.setText(self.tr("Train: {names}").format(names=names))
        waits = bool(self._to_train)
        for part in (self.missing, self.train):
            part.setVisible(bool(missing))
        self.train.setEnabled(self._may_train and not waits)
        self.train.setToolTip("" if self._may_train else self.tr("Another run is under way."))

    def set_may_train(self, may: bool) -> None:
        """Whether the lab could begin a run now."""
        if may != self._may_train:
            self._may_train = may
            self._show_missing()

    @Slot()
    def _train_missing(self) -> None:
        self._to_train = self.missing_presets()
        self._train_next()

    def _train_next(self) -> None:
        if self._to_train:
            stem = self._to_train.pop(0)
            self.train_asked.emit(preset(stem))

    def run_ended(self, *, completed: bool) -> None:
        """A run of the lab's has ended: list it, and go on with what is still missing."""
        if not completed:
            self._to_train = []
        if self.isVisible():
            self.refresh()
        self._train_next()

    def give_up(self) -> None:
        """Train nothing of what is still missing: the user has ended the run."""
        self._to_train = []
        self._show_missing()

    # --- the curves

    @property
    def request(self) -> MovedRequest:
        """What is chosen."""
        folders = [Path(choice.value) if choice.value else None for choice in self.choices.values()]
        return MovedRequest((folders[0], folders[1]), cast(Movement, self.movement.current))

    @property
    def answer(self) -> MovedAnswer | None:
        """What is shown."""
        return self._answer

    @Slot()
    def _ask(self) -> None:
        if self.isVisible() and (self._answer is None or self._answer.request != self.request or self.latest.busy()):
            self.latest.ask(self.request)
            self._watch.start()
            self._show_progress()

    @Slot()
    def _show_progress(self) -> None:
        busy = self.latest.busy()
        self.progress.setValue(round(1000 * self._work.done) if busy else 0)
        if not busy:
            self._watch.stop()

    @Slot(object)
    def _show_answer(self, answer: MovedAnswer) -> None:
        self._answer = answer
        self._show()

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        if not isinstance(error, MemoryError | RuntimeError):
            raise error
        self.problem.setText(str(error))
        self.problem.show()

    def _show(self) -> None:
        answer = self._answer
        self._name_axes()
        if answer is None:
            return
        lines, entries = [], []
        for number, (name, curve) in enumerate(zip(self.choices, answer.curves, strict=True)):
            title = self._title(name)
            if curve is not None:
                lines.append(RateLine(title, curve.positions, curve.accuracy, number, dashed=number == 1))
                entries.append((str(number), title, percent(_unmoved(curve))))
        self.plot.set_lines(lines, unit="°" if answer.request.movement == "rotation" else "", chance=self._chance(answer))
        chance = self._chance(answer)
        extra = [] if chance is None else [(CHANCE, self.tr("Chance"), percent(chance))]
        self.legend.set_entries(entries, self.tr("unmoved") if entries else "", extra)
        problems = [phrase.say(language()) for phrase in answer.problems if isinstance(phrase, Phrase)]
        self.problem.setText("\n".join(problems))
        self.problem.setVisible(bool(problems))
        self.said.setText(self._sentence(answer))

    def _title(self, name: str) -> str:
        """The name of a chosen run, without its time."""
        return self.choices[name].box.currentText().rpartition(" · ")[0]

    def _chance(self, answer: MovedAnswer) -> float | None:
        """The accuracy of guessing."""
        folder = next((folder for folder in answer.request.runs if folder is not None), None)
        try:
            return None if folder is None else 1 / describe(read(folder / EXPERIMENT).data).outputs
        except ValueError:
            return None

    def _sentence(self, answer: MovedAnswer) -> str:
        """How it was measured, and what it came to, with today's numbers."""
        curves = [curve for curve in answer.curves if curve is not None]
        if not curves:
            return ""
        counts = ", ".join(dict.fromkeys(full_count(curve.samples) for curve in curves))
        if answer.request.movement == "shift":
            how = self.tr(
                "Measured on {count} validation samples: each moved by so many pixels to the left, right, up and down, with "
                "zeros coming in; the mean of the four."
            ).format(count=counts)
        else:
            how = self.tr(
                "Measured on {count} validation samples: each turned clockwise around its middle, values in between "
                "interpolated."
            ).format(count=counts)
        if len(curves) < 2:
            return how
        place = curves[0].positions[1] if answer.request.movement == "shift" else 30.0
        rates = [dict(zip(curve.positions, curve.accuracy, strict=True)).get(place) for curve in curves]
        if None in rates:
            return how
        told = self.tr("At {place}: {first} {first_rate}, {second} {second_rate}.")
        names = [self._title(name) for name in self.choices]
        where = "{place}°" if answer.request.movement == "rotation" else self.tr("{place} px")
        return (
            told.format(
                place=where.format(place=measured(place)),
                first=names[0],
                second=names[1],
                first_rate=percent(rates[0] or 0.0),
                second_rate=percent(rates[1] or 0.0),
            )
            + " "
            + how
        )

    def _name_axes(self) -> None:
        rotation = self.movement.current == "rotation"
        across = self.tr("Rotation, degrees clockwise") if rotation else self.tr("Shift, pixels")
        self.plot.set_axis_names(across, self.tr("Accuracy"))
        self.plot.setAccessibleName(self.tr("Accuracy on moved pictures"))

    # --- window

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self.refresh()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.latest.forget()
        self._watch.stop()
        super().closeEvent(event)

    def end(self, deadline_s: float) -> None:
        """End the thread, for good."""
        self.close()
        self.latest.close(deadline_s)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("MLP against CNN"))
        self.choices["cnn"].set_label(self.tr("First network"), self.tr("A trained run; the solid curve"))
        self.choices["mlp"].set_label(self.tr("Second network"), self.tr("A trained run; the dashed curve"))
        align([choice.head for choice in self.choices.values()])
        self.movement.set_choices([("shift", self.tr("Shift")), ("rotation", self.tr("Rotation"))])
        self.movement.setAccessibleName(self.tr("How the pictures are moved"))
        self.progress.setAccessibleName(self.tr("Progress of the measurement"))
        self.close_button.setText(self.tr("Close"))
        if self.isVisible():
            self.refresh()  # the runs' names
        else:
            self._show_missing()
        self._show()


def _pen(key: str) -> QPen:
    """The pen of a run's curve, or of guessing."""
    return pen_of(theme().muted, dashes=(1.0, 3.0)) if key == CHANCE else curve_pen(int(key), dashed=key == "1")


def _unmoved(curve: MovedCurve) -> float:
    """The accuracy on pictures as they are."""
    return curve.accuracy[curve.positions.index(0.0)]
