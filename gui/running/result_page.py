"""A page beside the curves: it asks the model of the shown run a question, and shows the answer.

A page knows neither workers nor moments: `question` is a pure function of (model, data), the lab has it computed with the model
that is looked at, and hands the answer back. A question that is dear rests after each answer of a learning model. Derived from
by every page of the labs that train.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtWidgets import QLabel, QWidget

from engine.experiments.experiment import Experiment
from engine.figures import full_count
from engine.runs.failures import problem_of
from engine.words import CodedError
from gui.shell.language import language, told
from gui.widgets.card import Card
from gui.widgets.labels import label

# (torch.nn.Module in evaluation mode, engine.data.datasets.Dataset) -> answer
ModelQuestion: TypeAlias = Callable[[Any, Any], Any]


class ResultPage(Card):
    """`question_changed`: ask anew. The page asks nothing while `question()` is None."""

    question_changed = Signal()

    share = 0.05  # of a run's time: what the page's question may take, at most
    leads = False  # of its group: where it is offered it is shown, until the user has chosen another one
    share_of_height = 2  # beside that of the other group's page
    free_s = 0.012  # what an answer may cost without a rest: a twentieth of the quarter of a second until the next one

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._trouble: Exception | None = None
        self._trouble_line: QLabel | None = None
        self._asked_after: int | None = None
        self._is_awaited = False
        self._rests: dict[str, QTimer] = {}  # by the name of the model that is asked

    def question(self) -> ModelQuestion | None:
        """What the model is asked while the page is on the screen. The answer must not share memory with the model."""
        return None

    def show_answer(self, answer: Any) -> None:
        """Show what `question` returned; None: there is no model, forget the answer before."""

    def next_moment(self, kept: Sequence[int]) -> int | None:
        """Of the steps whose weights are `kept`, the one that the page is to be told of next, while the run does not learn;
        None: it lacks none."""
        return None

    def show_moment(self, step: int, answer: Any) -> None:
        """What `question` returned of the kept moment after `step` steps, for which `next_moment` has asked."""

    def show_trouble(self, error: Exception | None) -> None:
        """Say why the question cannot be answered, instead of an answer; None: it can be."""
        if error is None and self._trouble is None:
            return
        if error is not None and self._trouble is None:
            self.show_answer(None)
        if error is not None:
            self.set_awaited(False)
        self._trouble = error
        if self._trouble_line is None:
            self._trouble_line = label("warning", wraps=True)
            self.body.insertWidget(0, self._trouble_line)
        self._write_trouble(self._trouble_line)

    def _write_trouble(self, line: QLabel) -> None:
        line.setVisible(self._trouble is not None)
        if self._trouble is not None:
            problem = problem_of(self._trouble)
            known = problem.code != "unexpected"  # of which the bare error says more in a narrow page
            if known:
                reason = problem.sentence(language())
            else:
                reason = told(self._trouble) if isinstance(self._trouble, CodedError) else str(problem.values["error"])
            line.setText(self.tr("This page cannot be computed. {reason}").format(reason=reason))
            line.setToolTip(line.text())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the window's language. A page adds its own words."""
        self.set_title(self.page_title())
        self._write_asked_after()
        if self._trouble_line is not None:
            self._write_trouble(self._trouble_line)

    def set_past(self, is_past: bool) -> None:
        """The answers that come are those of a moment of the past from now on, whose model is asked at once: that costs the run
        nothing. Or they are of now again."""
        if is_past:
            self.end_rests()

    def set_learning(self, is_learning: bool) -> None:
        """Whether the run is under way, so that a dear question costs it time. Called when that changes: at a pause and at the
        end, what was spared is asked at once."""
        if not is_learning:
            self.end_rests()

    def set_awaited(self, is_awaited: bool) -> None:
        """Whether a run that was kept is being opened, whose model answers once it has been read: a page that has nothing to
        show says so by `none_yet`."""
        if is_awaited != self._is_awaited:
            self._is_awaited = is_awaited
            self.retranslate()

    def none_yet(self, words: str) -> str:
        """Why the page is empty as long as no model has answered: `words`, where no run is being opened."""
        return self.tr("The last run is being opened...") if self._is_awaited else words

    @property
    def asked_after(self) -> int | None:
        """After how many steps the model was asked whose answer is shown, or comes now; None: there is none."""
        return self._asked_after

    def set_asked_after(self, step: int | None) -> None:
        """The answer that is shown next is of the model after `step` steps; None: there is none. Said in the header: a page
        that is dear is asked more rarely than the curves are drawn, so each page is of an iteration of its own."""
        self._asked_after = step
        self._write_asked_after()

    def _write_asked_after(self) -> None:
        if self._asked_after is None:
            self.set_aside()
            return
        number = full_count(self._asked_after)
        tip = self.tr("What is shown here was computed with the weights after iteration {step}.").format(step=number)
        self.set_aside(self.tr("Iteration {step}", "of what a page shows").format(step=number), number, "", tip=tip)

    # --- a dear question

    def rest_after(self, seconds: float, model: str = "") -> None:
        """A learning model has answered in `seconds`. Where that was dear, ask it nothing for a while, so that its run loses no
        more than `share` of its time. `model`: which one, where the page asks several."""
        if seconds > self.free_s:
            if model not in self._rests:
                self._rests[model] = QTimer(self, singleShot=True)
                self._rests[model].timeout.connect(self.question_changed)
            self._rests[model].start(round(1e3 * seconds * (1 / self.share - 1)))
            self.question_changed.emit()

    def rests(self, model: str = "") -> bool:
        """Whether that model is asked nothing for a while."""
        return model in self._rests and self._rests[model].isActive()

    def end_rests(self, *, ask: bool = True) -> None:
        """Ask again at once, or, without `ask`, when the page says so."""
        ended = [rest for rest in self._rests.values() if rest.isActive()]
        for rest in ended:
            rest.stop()
        if ended and ask:
            self.question_changed.emit()

    # --- which run, and what it is called

    def show_run(self, experiment: Experiment | None) -> None:
        """The shown run is of `experiment`, which has been checked; None: no run is shown. Called when it becomes another."""

    def suits(self, experiment: Experiment | None) -> bool:
        """Whether a run of `experiment` has something for this page, which is else not offered. None: no run is shown."""
        return True

    def close_page(self, deadline_s: float) -> None:
        """End what the page has begun in threads of its own, within `deadline_s` seconds."""

    def page_title(self) -> str:
        """The page's name, in the window's language."""
        raise NotImplementedError

    def short_title(self) -> str:
        """The same in one word, for the choice of pages in a narrow column."""
        return self.page_title()
