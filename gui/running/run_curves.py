"""What a run has measured: its curves of loss and accuracy, and the name of the run that they are of, for the line over a lab's
results.

It is shown a history and knows nothing of workers. Called by the labs that train.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from engine.data.info import DatasetError
from engine.data.sources import describe
from engine.experiments.experiment import Experiment
from engine.experiments.mid_run import SettingChange
from engine.figures import fixed, full_count, in_digits
from engine.runs.change_words import change_texts
from engine.runs.history import History
from engine.runs.library.origin_text import origin_in_full, origin_text
from engine.runs.status import Status
from engine.runs.timeline.origin import RunOrigin
from engine.training.chance import loss_of_guessing, without_memory
from gui.plots.cursor import SharedCursor
from gui.plots.curve_card import CurveCard
from gui.plots.numbers.curve_data import CurveMark
from gui.shell.language import language, say
from gui.shell.theme import set_role
from gui.widgets.one_line import OneLine

GAP = 12
MOST_MARKS = 20  # of exploded steps


class RunCurves(QWidget):
    """`show_run` names the run, `show_kind` says what it measures, `take` takes over what is new in its history, which
    `parts` draw."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cursors = {"train": 0, "validation": 0}
        self._moment: int | None = None  # that is shown; None: now
        self._shown: tuple[str, bool, bool, bool, RunOrigin | None] | None = None  # what `show_run` was told
        self._kind: tuple[object, ...] = ()  # that is shown
        self._chance: tuple[float | None, int] = (None, 0)  # the loss of guessing, and the number of classes that it is ln of
        self._guessing = True  # of classes
        self._marked: tuple[History, float] | None = None  # of what the marks are, and the first rate
        self._first: float | None = None  # the loss before the first update, as it is written
        self.name = OneLine()
        self.again = QToolButton()  # opens the run that was left
        self.again.setProperty("role", "link")
        self.again.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.again.hide()
        self.name_line = QWidget()
        line = QHBoxLayout(self.name_line)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.name, 1)
        line.addWidget(self.again)
        self._cursor = SharedCursor(self)
        self.loss = CurveCard("value", log_offered=True, cursor=self._cursor)
        self.accuracy = CurveCard("rate", log_offered=False, cursor=self._cursor)
        for card in (self.loss, self.accuracy):
            card.add("train", 0)
            card.add("validation", 1, dashed=True, smoothed=False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(self.loss, 1)
        column.addWidget(self.accuracy, 1)

    # --- which run

    def show_run(
        self, name: str, *, differs: bool, left: bool = False, opening: bool = False, origin: RunOrigin | None = None
    ) -> None:
        """The run is called `name`; empty: none is shown. `differs`: the settings are another experiment's. `left`: one
        has been left, which `again` opens. `opening`: the last one is still being read. `origin`: the moment of another run
        that the shown one began at."""
        if (name, differs, left, opening, origin) == self._shown:
            return
        self._shown = name, differs, left, opening, origin
        self._write_name()

    def set_moment(self, step: int | None) -> None:
        """The curves' cursor stands after that many steps, and the name says so; None: now."""
        self._moment = step
        for card in (self.loss, self.accuracy):
            card.set_rest(step)
        self._write_name()

    def _write_name(self) -> None:
        name, differs, left, opening, origin = self._shown or ("", False, False, False, None)
        tip = name
        if origin is not None:
            tip += "\n" + self.tr("Continued from: {origin}").format(origin=origin_in_full(origin, language()))
        role = "small" if self._moment is None or not name else "small_accent"
        if self.name.property("role") != role:
            set_role(self.name, role)
        self.again.setText(self.tr("Open the run before"))
        self.again.setVisible(not name and left)
        if not name and opening:
            self.name.set_text(self.tr("Opening the last run..."))
        elif not name and left:
            self.name.set_text(self.tr("No run yet. The one before is kept."), self.tr("No run yet"))
        elif not name:
            self.name.set_text(self.tr("No run yet"))
        elif self._moment is not None:
            step = full_count(self._moment)
            short = self.tr("The past: iteration {step}").format(step=step)
            text = self.tr("Run: {name} · the past, as it was at iteration {step}").format(name=name, step=step)
            self.name.set_text(text, short, tip=tip)
        elif differs:
            short = self.tr("Run: {name}, with other settings").format(name=name)
            self.name.set_text(
                self.tr("Run: {name}, with other settings than those at the left").format(name=name), short, tip=tip
            )
        elif origin is not None:
            text = self.tr("Run: {name} · continued from: {origin}")
            text = text.format(name=name, origin=origin_text(origin, language()))
            brief = self.tr("Run: {name} · from iteration {step} of another").format(name=name, step=full_count(origin.step))
            self.name.set_text(text, brief, self.tr("Run: {name}").format(name=name), tip=tip)
        else:
            self.name.set_text(self.tr("Run: {name}").format(name=name), tip=tip)
        self.name.setAccessibleName(self.name.wording)

    def show_kind(self, experiment: Experiment, variance: float | None) -> None:
        """Titles and cards as the task of `experiment` asks; `variance` is that of the targets of a regression, where it is
        known."""
        kind = (experiment, variance, language())
        if kind == self._kind:
            return
        try:
            info = describe(experiment.data)
        except DatasetError:
            return
        self._kind = kind
        loss, guessing = experiment.training.loss or info.loss, info.task != "regression"
        names = {"train": self.tr("Training", "curve"), "validation": self.tr("Validation")}
        self.loss.set_title(self.tr("Loss ({name})").format(name=say("choices", loss)))
        self.loss.set_names(names, say("choices", loss))
        self.loss.export_name = f"{experiment.name} loss"
        self.accuracy.set_title(self.tr("Accuracy"))
        self.accuracy.set_names(names, self.tr("Accuracy"))
        self.accuracy.export_name = f"{experiment.name} accuracy"
        self.accuracy.setVisible(guessing)  # a regression has none
        chance = loss_of_guessing(info.outputs, loss) if guessing else variance
        blind = without_memory(info) if loss == "cross_entropy" else None
        self.loss.set_chance(chance if blind is None else blind.loss, of_mean=not guessing, without_memory=blind is not None)
        self._guessing = guessing
        self._chance = chance, info.outputs if guessing and loss == "cross_entropy" else 0
        self._write_first()
        guessed = 1 / info.outputs if guessing else None
        self.accuracy.set_chance(guessed if blind is None else blind.accuracy, without_memory=blind is not None)

    # --- what it has measured

    def forget(self) -> None:
        """Show no curves."""
        self._marked = None
        self._cursors = {"train": 0, "validation": 0}
        self._first = None
        self._write_first()
        for card in (self.loss, self.accuracy):
            card.set_marks(())
            card.clear()

    def set_length(self, steps: int, epochs: int) -> None:
        """How many iterations and epochs the whole run has; 0 where that is not known."""
        for card in (self.loss, self.accuracy):
            card.set_length(steps, epochs)
            card.read_out()

    def parts(self) -> tuple[Callable[[], None], ...]:
        """What draws them, a plot each."""
        return self.loss.draw, self.accuracy.draw

    def take(self, history: History, status: Status, first_rate: float) -> None:
        """Take over what the history has got since the last time. The run began with the learning rate `first_rate`."""
        for key, curve in (("train", history.train), ("validation", history.validation)):
            steps, losses, accuracies = curve.since(self._cursors[key])
            if key == "train" and self._cursors[key] == 0 and len(steps):
                self._first = float(losses[0]) if steps[0] == 1 else None
                self._write_first()
            self._cursors[key] += len(steps)
            self.loss.append(key, steps, losses)
            self.accuracy.append(key, steps, accuracies)
        self._marked = history, first_rate
        self._write_marks()
        for card in (self.loss, self.accuracy):
            card.data.note_time(status.step, status.seconds)

    def _write_marks(self) -> None:
        """In today's language; drawn with the next values."""
        if self._marked is not None:
            history, first_rate = self._marked
            marks = (*rate_marks(history, first_rate), *self._turned(history.changes), *self._left_out(history))
            for card in (self.loss, self.accuracy):
                card.set_marks(marks)

    def _write_first(self) -> None:
        """The first loss beside that of guessing: of small first weights it is about ln K."""
        first, (chance, classes) = self._first, self._chance
        if first is None or chance is None:
            self.loss.set_note()
            return
        guess = f"ln {full_count(classes)} = {fixed(chance, 3)}" if classes else fixed(chance, 3)
        said = (
            self.tr("First loss {loss}, guessing {guess}") if self._guessing else self.tr("First loss {loss}, the mean {guess}")
        )
        tip = self.tr(
            "Before the first update the network knows nothing: its loss should be about that of guessing. Far above it, the "
            "first weights are too large."
        )
        self.loss.set_note(said.format(loss=fixed(first, 3), guess=guess), tip=tip)

    def _left_out(self, history: History) -> tuple[CurveMark, ...]:
        """A mark where the gradient exploded, one for steps in a row, so that many of them hide no curve."""
        starts = [step for step, before in zip(history.left_out, [-1, *history.left_out], strict=False) if step != before + 1]
        return tuple(CurveMark(step, self.tr("exploded, step left out")) for step in starts[:MOST_MARKS])

    def _turned(self, changes: Sequence[SettingChange]) -> tuple[CurveMark, ...]:
        """Where other settings were changed, and from what to what; of several changes before one step, one mark."""
        marks: dict[tuple[int, str], tuple[Any, Any]] = {}
        for step, name, before, after in changes:
            marks[step, name] = marks.get((step, name), (before, after))[0], after
        found: list[CurveMark] = []
        for (step, name), (before, after) in marks.items():
            found += [CurveMark(step, text) for text in change_texts(name, before, after, language())]
        return tuple(found)

    # --- words

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._write_name()
            self._write_marks()


def rate_marks(history: History, first: float) -> tuple[CurveMark, ...]:
    """Where the learning rate of a run was changed, and from what to what; of several changes before one step, one mark."""
    marks: dict[int, tuple[float, float]] = {}
    before = first
    for step, lr in history.rates:
        marks[step] = (marks[step][0] if step in marks else before), lr
        before = lr
    return tuple(CurveMark(step, f"lr {in_digits(old)} → {in_digits(new)}") for step, (old, new) in marks.items() if old != new)
